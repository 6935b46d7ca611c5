package web

import (
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// asked is what the rows of the kinds may ask of the case for the form of an offer.
func (f *caseFile) asked(o proposal.Offer, who *store.Person) kinds.Case {
	c := kinds.Case{
		State: f.State, Pack: f.Pack, Calendar: f.days, Today: calendar.DateOf(f.now), Offer: o, Actor: who.Person, Proposers: f.proposers(),
		Last: func(kind proposal.Kind) proposal.Input {
			if e := f.lastEvent(kind); e != nil {
				return eventInput(*e)
			}
			return nil
		},
	}
	if f.Draft != nil {
		d := f.Draft.Draft
		d.Version = f.Draft.Version
		c.Draft = &d
	}
	return c
}

// fillForm adds the choices of the fields and, on a fresh form, what they open with. What was kept stands.
func (s *Server) fillForm(w *words, form *CaseForm, f *caseFile, o proposal.Offer, who *store.Person, fresh bool) {
	for _, field := range form.row().Fields {
		if field.When != nil && !field.When(form.about) {
			continue
		}
		form.options[field.Name] = f.choices(w, field.Choices, o)
		if !fresh || form.kept.Has(field.Name) {
			continue
		}
		if field.Opens != nil {
			if value := field.Opens(form.about); value != "" {
				form.values.Set(field.Name, value)
			}
		}
		if field.Ticked != nil && form.Keep.At == "" { // kept ticks may all have been taken off
			form.values[field.Name] = field.Ticked(form.about)
		}
	}
	switch form.row().Form {
	case kinds.CallForm:
		f.fillContact(w, form)
	case kinds.DraftForm:
		s.fillDraft(w, form, f, who, fresh)
	}
}

// choices are what a field is chosen from.
func (f *caseFile) choices(w *words, c kinds.Choices, o proposal.Offer) []Choice {
	switch c.Source {
	case kinds.Divisions:
		return f.divisionChoices(w, "")
	case kinds.OtherDivisions:
		return f.divisionChoices(w, f.State.Lead)
	case kinds.Handlers:
		return f.handlerChoices(w, "")
	case kinds.OtherHandlers:
		return f.handlerChoices(w, f.State.Handler)
	case kinds.Reviewers:
		return f.reviewerChoices(w)
	case kinds.Leaders:
		return f.leaderChoices(w)
	case kinds.Colleagues:
		return f.peopleChoices(w)
	case kinds.Points:
		return f.pointChoices()
	case kinds.Proposers:
		return plainChoices(f.proposers())
	case kinds.Grounds:
		return groundChoices(f.Pack)
	case kinds.Versions:
		return f.versionChoices(w)
	case kinds.Scans:
		return f.scanChoices()
	case kinds.StagesTo:
		return choices(w, "stage.", o.To)
	}
	var options []Choice
	for _, value := range c.Values {
		options = append(options, Choice{Value: value, Name: w.T(c.Key(value))})
	}
	return options
}

func (f *caseFile) versionChoices(w *words) []Choice {
	var list []Choice
	for _, d := range f.Drafts {
		list = append(list, Choice{Value: strconv.Itoa(d.Version), Name: w.T("case.version", "Version", d.Version)})
	}
	return list
}

func (f *caseFile) scanChoices() []Choice {
	var list []Choice
	for _, a := range f.Attachments {
		list = append(list, Choice{Value: a.SHA256, Name: a.Name})
	}
	return list
}

// fillContact adds what each outcome means, and the points as they are read out.
func (f *caseFile) fillContact(w *words, form *CaseForm) {
	for i, outcome := range form.options["outcome"] {
		form.options["outcome"][i].Note = w.T("outcome."+outcome.Value+".note", "N", f.State.Attempts+1)
	}
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
