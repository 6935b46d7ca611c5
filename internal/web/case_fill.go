package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// fillForm adds the options of each kind's fields and, on a fresh form, what they open with.
func (s *Server) fillForm(w *words, form *CaseForm, f *caseFile, o proposal.Offer, who *store.Person, fresh bool) {
	set := func(name, value string) {
		if fresh && value != "" && !form.kept.Has(name) { // what was kept stands
			form.values.Set(name, value)
		}
	}
	switch o.Kind {
	case proposal.Contact:
		s.fillContact(w, form, f, set)
	case proposal.Submit:
		s.fillDraft(w, form, f, who, fresh)
	case proposal.SendBack:
		form.options["to"] = choices(w, "stage.", o.To)
		set("to", string(o.To[len(o.To)-1]))
		if slices.Contains(o.To, proposal.Drafting) {
			set("to", string(proposal.Drafting))
		}
	case proposal.Publish, proposal.PassReview, proposal.CountersignDraft, proposal.PassAddedReview:
		set("sha256", f.State.DraftSHA256)
	case proposal.ProposeAssignment:
		if e := f.lastEvent(proposal.Refuse); e != nil && f.State.ReturnedFrom == proposal.Accepting {
			set("lead", string(eventInput(*e).(*proposal.DivisionRefusal).Suggested))
		}
	case proposal.DecideOpenness:
		set("sha256", f.State.DraftSHA256)
		if f.Draft != nil {
			set("openness", string(f.Draft.Draft.Openness))
			set("ground", f.Draft.Draft.Ground)
			set("reason", f.Draft.Draft.Reason)
		}
	case proposal.Dispatch:
		set("mode", string(proposal.DispatchByPost))
		set("copies", strings.Join(f.Pack.Reply[f.State.Body].Copies, "\n"))
		if fresh && form.Keep.At == "" && f.Pack.Reply[f.State.Body].CoSigners == proposal.ReplyToEach {
			form.values["recipients"] = f.proposers()
		}
	case proposal.ConsultOnDraft:
		if f.Draft != nil {
			set("version", strconv.Itoa(f.Draft.Version))
		}
		set("mode", string(proposal.PhoneContact))
	case proposal.TellExtension:
		set("mode", string(proposal.PhoneContact))
	case proposal.RecordFeedback:
		set("source", string(proposal.FeedbackFromDeputy))
		if who.Has(proposal.Assembly) {
			set("source", string(proposal.FeedbackFromAssembly))
		}
	}
	form.Hint = s.formHint(w, f, o)
	f.fillChoices(w, form, o)
}

// formHint is what an empty field means, or what the rules say of the decision: a default due date, a limit, the next serial.
func (s *Server) formHint(w *words, f *caseFile, o proposal.Offer) string {
	cal, reply := f.days, f.State.ReplyDue()
	switch o.Kind {
	case proposal.ProposeAssignment:
		if reply != nil {
			return w.T("form.internal_due_hint", "Date", w.Date(f.Pack.InternalDue(f.State, reply.Due(), cal)))
		}
	case proposal.RequestReturn:
		if c := f.State.Clock(proposal.ReturnClock); c != nil {
			return w.T("form.return_hint", "Date", w.Date(c.Due()))
		}
	case proposal.Waive:
		return w.T("form.waive_hint", "N", f.State.Attempts, "Need", f.Pack.Contact.AttemptsBeforeWaive)
	case proposal.AssignNumber:
		return w.T("form.number_hint", "Series", f.Pack.SeriesOf(f.State.Body), "Year", calendar.DateOf(s.Now()).Year)
	case proposal.Publish:
		return w.T("form.publish_hint")
	case proposal.AskExtension, proposal.DecideExtension:
		if reply == nil {
			return ""
		}
		start := reply.Span.Start
		if start.IsZero() {
			start = f.State.AssignedOn
		}
		return w.T("form.until_hint", "Due", w.Date(reply.Due()), "Latest", w.Date(f.Pack.ExtensionCap(start, cal)))
	case proposal.Urge:
		return w.T("form.urge_hint", "N", f.Pack.Urge.DaysBetween)
	case proposal.RecordFeedback:
		return w.T("form.scan_hint")
	}
	return ""
}

// fillChoices adds the choices of each kind's fields.
func (f *caseFile) fillChoices(w *words, form *CaseForm, o proposal.Offer) {
	pick := func(name string, options []Choice) { form.options[name] = options }
	switch o.Kind {
	case proposal.ProposeAssignment:
		pick("lead", f.divisionChoices(w, ""))
		pick("co_handling", f.divisionChoices(w, ""))
	case proposal.CirculateReading:
		pick("divisions", f.divisionChoices(w, ""))
	case proposal.Accept:
		pick("handler", f.handlerChoices(w, ""))
	case proposal.Reassign:
		pick("handler", f.handlerChoices(w, f.State.Handler))
	case proposal.Refuse:
		pick("suggested", f.divisionChoices(w, f.State.Lead))
	case proposal.Reroute:
		pick("lead", f.divisionChoices(w, f.State.Lead))
	case proposal.AskOpinion:
		pick("division", f.divisionChoices(w, f.State.Lead))
		pick("points", f.pointChoices())
	case proposal.DecideOpenness:
		pick("openness", choices(w, "openness.", proposal.Opennesses))
		pick("ground", groundChoices(f.Pack))
	case proposal.Reexamine:
		pick("openness", choices(w, "openness.", []proposal.Openness{proposal.OpenReply, proposal.ClosedReply}))
		pick("ground", groundChoices(f.Pack))
	case proposal.Dispatch:
		pick("mode", choices(w, "dispatch.", proposal.DispatchModes))
		pick("recipients", plainChoices(f.proposers()))
	case proposal.ReplyAgain:
		pick("mode", choices(w, "dispatch.", proposal.DispatchModes))
	case proposal.ConsultOnDraft:
		pick("mode", choices(w, "mode.", proposal.ContactModes))
		pick("reaction", choices(w, "reaction.", proposal.Reactions))
		for _, d := range f.Drafts {
			form.options["version"] = append(form.options["version"],
				Choice{Value: strconv.Itoa(d.Version), Name: w.T("case.version", "Version", d.Version)})
		}
	case proposal.TellExtension:
		pick("mode", choices(w, "mode.", proposal.ContactModes))
	case proposal.AddReviewer:
		pick("person", f.reviewerChoices(w))
	case proposal.Tighten:
		pick("leader", f.leaderChoices(w))
	case proposal.RecordReceipt:
		pick("recipient", plainChoices(f.proposers()))
	case proposal.RecordFeedback:
		f.fillRating(w, form)
	case proposal.AskSecrecy:
		pick("cleared", f.peopleChoices(w))
	case proposal.Withdraw:
		pick("agreed", plainChoices(f.proposers()))
	}
}

func (f *caseFile) fillRating(w *words, form *CaseForm) {
	form.options["source"] = choices(w, "source.", proposal.FeedbackSources)
	form.options["attitude"] = choices(w, "rating.", proposal.Ratings)
	form.options["result"] = choices(w, "rating.", proposal.Ratings)
	for _, a := range f.Attachments {
		form.options["scan"] = append(form.options["scan"], Choice{Value: a.SHA256, Name: a.Name})
	}
}

func (s *Server) fillContact(w *words, form *CaseForm, f *caseFile, set func(name, value string)) {
	form.options["outcome"] = choices(w, "outcome.", proposal.ContactOutcomes)
	for i := range form.options["outcome"] {
		form.options["outcome"][i].Note = w.T("outcome."+form.options["outcome"][i].Value+".note", "N", f.State.Attempts+1)
	}
	form.options["mode"] = choices(w, "mode.", proposal.ContactModes)
	for _, wish := range proposal.OpennessWishes {
		form.options["wish"] = append(form.options["wish"], Choice{Value: string(wish), Name: w.T("wish." + wishKey(wish))})
	}
	if f.State.Handling == proposal.SplitHandling {
		form.options["ours"] = f.pointChoices()
	}
	set("mode", string(proposal.PhoneContact))
	set("spoke_with", f.LeadDeputy)
	texts := form.values[fieldPoint]
	if len(texts) == 0 {
		texts = f.pointTexts()
	}
	for i := range max(len(texts), len(f.Points)+2) {
		no := strconv.Itoa(i + 1)
		p := FormPoint{No: i + 1, Ticked: form.Has(fieldTick, no), At: form.Value(fieldTickAt + no)}
		if i < len(texts) {
			p.Text = texts[i]
		}
		if i < len(f.Points) {
			p.Was = f.Points[i].Text
		}
		p.Blank = p.Text == "" && p.Was == ""
		form.Points = append(form.Points, p)
	}
}

func (s *Server) fillDraft(w *words, form *CaseForm, f *caseFile, who *store.Person, fresh bool) {
	form.options["class"] = classChoices(f.Pack)
	form.options["openness"] = choices(w, "openness.", proposal.Opennesses)
	form.options["ground"] = groundChoices(f.Pack)
	d := proposal.Draft{Openness: proposal.OpenReply, ContactName: who.Name.ZH, ContactPhone: who.Phone}
	if f.Draft != nil {
		d = f.Draft.Draft
		d.Version = f.Draft.Version
	}
	typed, rev := form.values, f.work.Rev
	switch mine := f.work; {
	case !fresh:
		read, _ := draftFromForm(form.values, d, len(f.Points))
		read.Version = d.Version
		d = read
	case mine.Rev > 0 && (mine.Loose || mine.Base == d.Version):
		d, typed = mine.Draft, ackValues(mine.Acks)
		d.Version = mine.Base
		form.values = draftValues(d)
	default:
		form.values = draftValues(d)
	}
	form.Draft = newDraftForm(w, d, f.pointTexts(), f.Pack)
	form.Draft.CaseID, form.Draft.Rev = f.CaseID, rev
	form.Draft.Title, form.Draft.Addressee, form.Draft.Agency = f.Key.ReplyTitle(f.Subject), f.addressee(), f.Pack.Agency
	form.Draft.Outline = f.outline()
	form.Draft.State = draftState(w, f)
	all := findings(w, f, f.examine(d), typed, form.Draft.Body)
	for _, found := range all {
		if found.Key == "" || found.Reason == "" {
			form.Missing++
		}
		if found.From >= 0 {
			form.Findings = append(form.Findings, found)
		} else {
			form.Draft.Lacking = append(form.Draft.Lacking, found)
		}
	}
	for i := range form.Findings {
		form.Findings[i].No, form.Findings[i].Of = i+1, len(form.Findings)
	}
	form.After += f.reminders(w, d)
}

// reminders are what reviewers will ask about: comments that nobody settled, figures without a source. They keep nobody from sending
// the reply.
func (f *caseFile) reminders(w *words, d proposal.Draft) string {
	text := ""
	if n := len(f.OpenComments()); n > 0 {
		text += w.T("comment.remind", "N", n)
	}
	if n := len(proposal.Unsourced(d.Body, f.Sourced())); n > 0 {
		text += w.T("figure.remind", "N", n)
	}
	return text
}

func (f *caseFile) divisionChoices(w *words, without proposal.DivisionID) []Choice {
	var list []Choice
	for _, d := range f.order {
		if d.Code != without {
			list = append(list, Choice{Value: string(d.Code), Name: w.Name(d.Name)})
		}
	}
	return list
}

// choose lists the people who fit.
func (f *caseFile) choose(w *words, fits func(store.Person) bool) []Choice {
	var list []Choice
	for _, p := range f.people {
		if p.Active && fits(p) {
			list = append(list, Choice{Value: string(p.ID), Name: w.Name(p.Name), Note: w.Name(p.DivisionName)})
		}
	}
	return list
}

func (f *caseFile) handlerChoices(w *words, without proposal.PersonID) []Choice {
	return f.choose(w, func(p store.Person) bool {
		return p.Division == f.State.Lead && p.Has(proposal.Handler) && p.ID != without
	})
}

func (f *caseFile) reviewerChoices(w *words) []Choice {
	return f.choose(w, func(p store.Person) bool {
		return ofBureau(p) && p.ID != f.State.Handler && p.ID != f.State.Drafter
	})
}

func (f *caseFile) leaderChoices(w *words) []Choice {
	return f.choose(w, func(p store.Person) bool { return p.Has(proposal.LeaderInCharge) || p.Has(proposal.BureauHead) })
}

func (f *caseFile) peopleChoices(w *words) []Choice { return f.choose(w, ofBureau) }

// ofBureau: people of the assembly and deputies have accounts, but no work here.
func ofBureau(p store.Person) bool {
	return slices.ContainsFunc(p.Roles, func(r proposal.Role) bool { return r != proposal.Assembly && r != proposal.Deputy })
}

func (f *caseFile) pointChoices() []Choice {
	var list []Choice
	for _, p := range f.Points {
		list = append(list, Choice{Value: strconv.Itoa(p.No), Name: strconv.Itoa(p.No) + " " + p.Text})
	}
	return list
}

// proposers are the lead deputy and the co-signers.
func (f *caseFile) proposers() []string {
	if f.Masked {
		return nil
	}
	return append([]string{f.LeadDeputy}, f.CoSigners...)
}

func plainChoices(values []string) []Choice {
	var list []Choice
	for _, v := range values {
		list = append(list, Choice{Value: v, Name: v})
	}
	return list
}

func groundChoices(pack *proposal.Pack) []Choice {
	var list []Choice
	for _, g := range pack.Grounds {
		list = append(list, Choice{Value: g.Code, Name: g.Name})
	}
	return list
}

func classChoices(pack *proposal.Pack) []Choice {
	var list []Choice
	for _, c := range pack.Classes {
		list = append(list, Choice{Value: c.Code, Name: c.Code + " " + c.Name})
	}
	return list
}
