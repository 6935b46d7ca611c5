package caseroom

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

const fieldTalk = "talk"

// addTalk fills the form of a correction with the attempt that it is about: the one that was asked for, else the newest. Other forms
// stay as they are.
func (s *Room) addTalk(r *http.Request, p *casePage, f *casefile.File) {
	form := p.Form
	if form == nil || form.Kind != proposal.CorrectContact || len(f.Consultations) == 0 {
		return
	}
	asked, _ := strconv.Atoi(r.URL.Query().Get(fieldTalk))
	if typed, err := strconv.Atoi(form.Value(fieldTalk)); err == nil && asked == 0 {
		asked = typed
	}
	at := slices.IndexFunc(f.Consultations, func(a store.ContactAttempt) bool { return a.No == asked })
	if at < 0 {
		at = len(f.Consultations) - 1
	}
	talk, listed := f.Consultations[at], p.Attempts[at]
	form.About = s.Words(r).T("contact.nth", "N", listed.No) + " " + listed.When + " " + listed.What
	if form.Value(fieldTalk) == strconv.Itoa(talk.No) { // what was typed stands
		return
	}
	for field, value := range map[string]string{
		fieldTalk: strconv.Itoa(talk.No), "outcome": string(talk.Outcome), "mode": string(talk.Mode), "at": formMoment(talk.At),
		"spoke_with": talk.SpokeWith, "call_back_at": formMoment(talk.CallBackAt), "words": talk.Words, "met_by": string(talk.MetBy),
	} {
		form.Values.Set(field, value)
	}
	form.lacks = lacksOf(form, f, kit.OfficerOf(r))
}

// mendTalks adds to each attempt where it is corrected, for whoever may.
func mendTalks(attempts []casefile.PastEvent, f *casefile.File, who *store.Person) {
	for _, o := range f.Offers(who) {
		if o.Kind != proposal.CorrectContact {
			continue
		}
		for i, c := range f.Consultations {
			v := url.Values{"do": {string(o.Kind)}, fieldTalk: {strconv.Itoa(c.No)}}
			if o.For != "" {
				v.Set(kit.FieldFor, string(o.For))
			}
			attempts[i].Mend = "?" + v.Encode() + "#act"
		}
	}
}

// formMoment is a moment as a form has it, in Shanghai; "" for none.
func formMoment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(calendar.Shanghai).Format(kinds.BrowserTime)
}
