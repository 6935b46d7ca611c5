package caseroom

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// CallView is what the page of a telephone call shows beside the form: whom to call and what happened before.
type CallView struct {
	Phones   []PhoneView // after a logged look
	Newer    *PhoneView  // what the directory has by now; nil for the same
	LookedAt string
	Facts    []casefile.Line // best time, delegation, who signed too, earlier proposals
	No       int             // of this attempt
	Need     int             // attempts after which the division head may let the handler write instead
	Waive    string          // where that is done; "" for who may not, or not yet
	Head     string          // who may do it
	Now      int64           // the server's clock, in milliseconds: those of browsers are wrong
	Due      string          // of the drafting that follows
	Calls    string          // how many calls I have promised on which day, as JSON
	Promised string          // the same, in words
}

// PhoneView is one number: as it is read, and as a telephone dials it.
type PhoneView struct{ Number, Tel string }

// Fields of the call's form that are not the input's: they are put together into it.
const (
	fieldTick      = "tick"     // number of a point that the deputy said yes to
	fieldTickAt    = "tick_at." // when, by number, in milliseconds
	fieldPoint     = "point"    // texts, in their order
	fieldStarted   = "started"  // when the call began, in milliseconds; the page counts from it
	fieldCallDay   = "call_back_day"
	fieldCallClock = "call_back_clock"
	fieldCallBack  = "call_back_at"
)

// readCall makes the consultation of a call's form. Nothing is confirmed by a call that reached nobody.
func readCall(form url.Values, known []string, in *proposal.Consultation) []proposal.FieldError {
	read := url.Values{}
	for name, values := range form {
		own := strings.HasPrefix(name, fieldTickAt) || slices.Contains([]string{fieldTick, fieldPoint, fieldStarted, fieldCallDay, fieldCallClock}, name)
		if !own {
			read[name] = values
		}
	}
	if day, clock := form.Get(fieldCallDay), form.Get(fieldCallClock); day != "" || clock != "" {
		read.Set(fieldCallBack, day+"T"+clock)
	}
	wrong := kit.DecodeForm(read, in)
	if in.Outcome == proposal.ContactReached && form.Has(fieldPoint) {
		in.Points, in.Checks = readPoints(form, known)
	}
	return wrong
}

// readPoints are the lines of the form. A line without a tick stays in the list as one that the deputy did not confirm; one
// that was added during the call counts without a tick: the officer typed it because the deputy said it. An emptied line goes.
func readPoints(form url.Values, known []string) (points []string, checks []proposal.PointCheck) {
	plain := true
	for i, text := range form[fieldPoint] {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		check, no := proposal.PointCheck{}, strconv.Itoa(i+1)
		if i < len(known) {
			check.Unconfirmed = !slices.Contains(form[fieldTick], no)
			if text != known[i] {
				check.Was = known[i]
			}
		}
		if ms, err := strconv.ParseInt(form.Get(fieldTickAt+no), 10, 64); err == nil && !check.Unconfirmed {
			check.At = time.UnixMilli(ms).UTC()
		}
		plain = plain && check == proposal.PointCheck{}
		points, checks = append(points, text), append(checks, check)
	}
	if plain {
		return points, nil
	}
	return points, checks
}

// addCall fills the page of a call; other pages stay as they are.
func (s *Room) addCall(r *http.Request, p *casePage, f *casefile.File) error {
	if p.Form == nil || p.Form.Kind != proposal.Contact {
		return nil
	}
	w, who := s.Words(r), kit.OfficerOf(r)
	c := &CallView{No: f.State.Attempts + 1, Need: f.Pack.Contact.AttemptsBeforeWaive, Now: s.Now().UnixMilli()}
	if number := p.Deputy.Now; number != "" {
		c.Newer = &PhoneView{number, telOf(number)}
	}
	for _, number := range []string{p.Deputy.Contact, p.Deputy.Second} {
		if number != "" {
			c.Phones = append(c.Phones, PhoneView{number, telOf(number)})
			c.LookedAt = w.Clock(s.Now())
		}
	}
	head := proposal.Task{Role: proposal.DivisionHead, Division: f.State.Lead}
	c.Head = f.HolderSaid(w, head)
	for _, o := range p.Others {
		if o.Kind == proposal.Waive && f.State.Attempts >= c.Need {
			c.Waive = o.Path
		}
	}
	if internal := f.State.Clock(proposal.InternalClock); internal != nil {
		c.Due = w.Day(internal.Due())
	}
	before, err := s.store.EarlierProposals(r.Context(), who.Person, f.Case)
	if err != nil {
		return err
	}
	c.Facts = casefile.WithText([]casefile.Line{
		{Label: w.T("call.best_time"), Text: f.ContactTime},
		{Label: w.T("fact.delegation"), Text: f.Delegation},
		{Label: w.T("fact.co_signers"), Text: s.coSigners(w, f)},
		{Label: w.T("call.earlier"), Text: earlier(w, before)},
	})
	promised, err := s.store.PromisedCalls(r.Context(), who.ID, f.CaseID)
	if err != nil {
		return err
	}
	c.Calls, c.Promised = promisedCalls(w, promised)
	p.Call = c
	return nil
}

func (s *Room) coSigners(w *locale.Words, f *casefile.File) string {
	if len(f.CoSigners) == 0 {
		return w.T("call.nobody")
	}
	return w.List(f.CoSigners)
}

// telOf is a number as a telephone dials it; "" for what is no number, such as an address.
func telOf(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if len(digits) < 5 || len(digits) > 16 {
		return ""
	}
	return digits
}

// earlier tells of the deputy's earlier proposals, by year: how many, and how they were rated.
func earlier(w *locale.Words, list []store.EarlierProposal) string {
	var lines []string
	for start := 0; start < len(list); {
		end, year := start, list[start].AssignedOn.Year
		rated := map[proposal.Rating]int{}
		for ; end < len(list) && list[end].AssignedOn.Year == year; end++ {
			rated[list[end].Result]++
		}
		var ratings []string
		for _, rating := range proposal.Ratings {
			if n := rated[rating]; n > 0 {
				ratings = append(ratings, w.T("call.rated", "N", n, "Rating", w.T("rating."+string(rating))))
			}
		}
		lines = append(lines, w.T("call.earlier_year", "Year", year, "N", end-start, "Ratings", w.List(ratings)))
		start = end
	}
	if len(lines) == 0 {
		return w.T("call.nothing")
	}
	return strings.Join(lines, "\n")
}

// promisedCalls counts calls by day.
func promisedCalls(w *locale.Words, times []time.Time) (asJSON, inWords string) {
	counts, days := map[string]int{}, []calendar.Date{}
	for _, at := range times {
		day := calendar.DateOf(at)
		if counts[day.String()]++; !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	var list []string
	for _, day := range days {
		list = append(list, w.T("call.promised_day", "Date", w.Day(day), "N", counts[day.String()]))
	}
	data, err := json.Marshal(counts)
	if err != nil {
		return "{}", "" // counts are words and numbers: it does not happen
	}
	return string(data), w.List(list)
}
