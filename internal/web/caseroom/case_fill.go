package caseroom

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// caseOf is what the rows of the kinds may ask of the case for the form of an offer.
func caseOf(f *casefile.File, o proposal.Offer, who *store.Person) kinds.Case {
	c := kinds.Case{
		State: f.State, Pack: f.Pack, Calendar: f.Days, Today: calendar.DateOf(f.Now), Offer: o, Actor: who.Person, Proposers: f.Proposers(),
		Last: func(kind proposal.Kind) proposal.Input {
			if e := f.LastEvent(kind); e != nil {
				return casefile.EventInput(*e)
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
func (s *Room) fillForm(w *locale.Words, form *CaseForm, f *casefile.File, o proposal.Offer, who *store.Person, fresh bool) {
	for _, field := range form.Row().Fields {
		if field.When != nil && !field.When(form.Case) {
			continue
		}
		form.Choices[field.Name] = f.Choices(w, field.Choices, o)
		if !fresh || form.kept.Has(field.Name) {
			continue
		}
		if field.Opens != nil {
			if value := field.Opens(form.Case); value != "" {
				form.Values.Set(field.Name, value)
			}
		}
		if field.Ticked != nil && form.Keep.At == "" { // kept ticks may all have been taken off
			form.Values[field.Name] = field.Ticked(form.Case)
		}
	}
	switch form.Row().Form {
	case kinds.CallForm:
		fillContact(f, w, form)
	case kinds.DraftForm:
		s.fillDraft(w, form, f, who, fresh)
	}
}

// fillContact adds what each outcome means, and the points as they are read out.
func fillContact(f *casefile.File, w *locale.Words, form *CaseForm) {
	for i, outcome := range form.Choices["outcome"] {
		form.Choices["outcome"][i].Note = w.T("outcome."+outcome.Value+".note", "N", f.State.Attempts+1)
	}
	texts := form.Values[fieldPoint]
	if len(texts) == 0 {
		texts = f.PointTexts()
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

func (s *Room) fillDraft(w *locale.Words, form *CaseForm, f *casefile.File, who *store.Person, fresh bool) {
	form.Choices["class"] = classChoices(f.Pack)
	form.Choices["openness"] = kit.Choices(w, "openness.", proposal.Opennesses)
	form.Choices["ground"] = casefile.GroundChoices(f.Pack)
	d := proposal.Draft{Openness: proposal.OpenReply, ContactName: who.Name.ZH, ContactPhone: cmp.Or(who.Phone, f.Phone)}
	if f.Draft != nil {
		d = f.Draft.Draft
		d.Version = f.Draft.Version
	}
	typed, rev := form.Values, f.Work.Rev
	switch mine := f.Work; {
	case !fresh:
		read, _ := reply.DraftFromForm(form.Values, d, len(f.Points))
		read.Version = d.Version
		d = read
	case mine.Rev > 0 && (mine.Loose || mine.Base == d.Version):
		d, typed = mine.Draft, reply.AckValues(mine.Acks)
		d.Version = mine.Base
		form.Values = reply.DraftValues(d)
	default:
		form.Values = reply.DraftValues(d)
	}
	opinion, points := f.HandlingType == proposal.CoHandling, f.PointTexts()
	if opinion {
		points = nil
	}
	form.Draft = reply.NewDraftForm(w, d, points, f.Pack)
	form.Draft.Opinion = opinion
	if !fresh { // as it stands in the browser: a finding tells where its words are there, whatever is indented
		form.Draft.Body = strings.ReplaceAll(typed.Get("body"), "\r\n", "\n")
	}
	form.Draft.CaseID, form.Draft.Rev = f.CaseID, rev
	form.Draft.Title, form.Draft.Addressee, form.Draft.Agency = f.Pack.ReplyTitle(f.Key, f.HandlingType, f.Title), f.Addressee(), f.Pack.Agency
	form.Draft.Outline = reply.Outline(s.WordsIn(locale.Chinese), f)
	form.Draft.State = reply.DraftStateOf(w, f)
	all := reply.Findings(w, f, f.Examine(d), typed, form.Draft.Body)
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
	form.After += reminders(f, w, d)
}

// reminders are what reviewers will ask about: comments that nobody settled, figures without a source. They keep nobody from sending
// the reply.
func reminders(f *casefile.File, w *locale.Words, d proposal.Draft) string {
	text := ""
	if n := len(f.OpenComments()); n > 0 {
		text += w.T("comment.remind", "N", n)
	}
	if n := len(replytext.Unsourced(d.Body, f.Sourced())); n > 0 {
		text += w.T("figure.remind", "N", n)
	}
	return text
}

func classChoices(pack *proposal.Pack) []kit.Choice {
	var list []kit.Choice
	for _, c := range pack.Classes {
		list = append(list, kit.Choice{Value: c.Code, Name: c.Code + " " + c.Name})
	}
	return list
}
