package supervision

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// WhatIfGate is a gate as it is and as it would be. Numbers of days are "" where nothing can be said.
type WhatIfGate struct {
	Name           string
	Waits          ListCount
	Before, After  string // working days to clear it
	Differs, Worse bool
}

// WhatIfOutlook is how things would stand on the day on which most falls due today.
type WhatIfOutlook struct {
	Need          string
	Left, Missing int
	Likely, Sure  string // still missing then; "" where nothing is foreseen
	Pace, End     string // replies a working day, and the day on which the last is sent at that pace; End is "" if that is years ahead
}

// supposedPace tells what would become of the gates and of the day on which most falls due. Whoever is away lets nothing through on those days, and
// who covers for them lets through no more than before; one more lets through as much as one of those did who opened the gate.
func (s *Room) supposedPace(
	ctx context.Context, w *locale.Words, p *whatIfPage, who *store.Person, found store.Supposed, asked supposition, divisions []store.Division,
) error {
	all, today, days := openFor(who), calendar.DateOf(s.Now()), s.Days(ctx)
	from := paceFrom(days, today)
	every := all
	every.Box = store.Every
	hands, err := s.store.Hands(ctx, who.ID, every, from)
	if err != nil {
		return err
	}
	then := days
	if asked.Days != nil {
		then = asked.Days
	}
	table, err := s.gates(ctx, w, nil, who, all)
	if err != nil {
		return err
	}
	var gates []supposedGate
	for i, at := range store.Gates {
		gates = append(gates, supposedGate{at: at, name: table.Gates[i].Name, waits: table.Gates[i].Waits, through: table.Gates[i].Through.N, hands: hands[at]})
	}
	drafting, err := s.draftingGates(ctx, w, who, all, asked, divisions, hands[store.DraftingGate])
	if err != nil {
		return err
	}
	counts, err := s.store.AnswerDays(ctx, who.ID, all, store.AnsweredRate, outlookYears(today))
	if err != nil {
		return err
	}
	peak := answers(counts).busiest(today)
	after := outlookOf(movedAnswers(counts, found.Cases), then, today, peak)
	besides := map[proposal.Role]int{}
	for _, g := range append(drafting, gates...) {
		line, one := g.supposed(asked, days, then, today)
		p.Gates = append(p.Gates, line)
		if role := g.opener(asked); role != "" && g.at != store.PublicationGate {
			besides[role] = max(besides[role], min(g.waits.N, int(one*float64(len(after.left)))))
		}
	}
	if peak.IsZero() {
		return nil
	}
	before := outlookOf(counts, days, today, peak)
	touched, err := s.store.AnswersThrough(ctx, who.ID, owedOf(all, store.PartOf, after.period), asked.Away, from)
	if err != nil {
		return err
	}
	p.Peak = w.Day(peak)
	p.Before = before.said(w, 0, before.like(nil, asked), days)
	p.After = after.said(w, sum(slices.Collect(maps.Values(besides))), after.like(answers(touched).pace(days, today), asked), then)
	return nil
}

// movedAnswers are the days on which cases are to be answered first, with those that would move where they would be.
func movedAnswers(counts []store.AnswerDays, cases []store.SupposedCase) []store.AnswerDays {
	counts = slices.Clone(counts)
	for _, c := range cases {
		if c.State.Handling == proposal.CoHandling {
			continue
		}
		for _, m := range c.Moved {
			at := slices.IndexFunc(counts, func(d store.AnswerDays) bool { return d.Due == m.From && d.On.IsZero() && d.N > 0 })
			if m.Kind == proposal.ReplyClock && at >= 0 {
				counts[at].N--
				counts = append(counts, store.AnswerDays{Due: m.To, N: 1})
			}
		}
	}
	return counts
}

// like are the days of the past that a day to come may be like: while somebody is away, without the replies in which they had a part.
func (o outlook) like(touched []int, asked supposition) func(calendar.Date) []int {
	without := slices.Clone(o.past)
	for i, n := range touched {
		without[i] = max(0, without[i]-n)
	}
	return func(day calendar.Date) []int {
		if asked.away(day) {
			return without
		}
		return o.past
	}
}

// said foresees what will be missing, with so many replies besides by the day on which most falls due, and until when all of it takes.
func (o outlook) said(w *locale.Words, besides int, like func(calendar.Date) []int, days *calendar.Calendar) *WhatIfOutlook {
	said := &WhatIfOutlook{Left: len(o.left), Missing: o.missing, Need: o.need()}
	if sum(o.past) < enough {
		return said
	}
	var left [][]int
	for _, day := range o.left {
		left = append(left, like(day))
	}
	likely, sure := foresee(left, o.missing)
	said.Likely, said.Sure = strconv.Itoa(max(0, o.missing-likely-besides)), strconv.Itoa(max(0, o.missing-sure-besides))
	pace, end := o.end(besides, like, days)
	said.Pace = oneDecimal(math.Round(10 * pace))
	if !end.IsZero() {
		said.End = w.Day(end)
	}
	return said
}

// end is how many replies a working day brings until the day on which most falls due, and the day on which the last of what is missing is sent at such a pace.
// Zero if that takes more than mostDays.
func (o outlook) end(besides int, like func(calendar.Date) []int, days *calendar.Calendar) (pace float64, end calendar.Date) {
	more := float64(besides) / float64(max(1, len(o.left)))
	replies := func(day calendar.Date) float64 {
		past := like(day)
		return float64(sum(past))/float64(len(past)) + more
	}
	for _, day := range o.left {
		pace += replies(day) / float64(len(o.left))
	}
	missing, end := float64(o.missing), o.today
	for n := 0; missing > 1e-9; {
		if end = end.AddDays(1); !days.IsWorkday(end) {
			continue
		}
		if n++; n > mostDays {
			return pace, calendar.Date{}
		}
		missing -= replies(end)
	}
	return pace, end
}

// supposedGate is a gate, and how many each let through.
type supposedGate struct {
	at       store.Gate
	name     string
	division proposal.DivisionID // of drafts
	waits    ListCount
	through  int
	hands    map[proposal.PersonID]int
}

// draftingGates are the divisions of whom a handler is away or would be there besides: drafts pass to review there.
func (s *Room) draftingGates(
	ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter, asked supposition, divisions []store.Division, hands map[proposal.PersonID]int,
) (gates []supposedGate, err error) {
	var filters []store.TaskFilter
	for _, d := range divisions {
		handles := func(id proposal.PersonID) bool {
			return asked.people[id].Division == d.Code && asked.people[id].Has(proposal.Handler)
		}
		if d.Code != asked.handlers && !slices.ContainsFunc(asked.Away, handles) {
			continue
		}
		g := supposedGate{at: store.DraftingGate, division: d.Code, name: w.T("what_if.drafts_of", "Division", w.Name(d.Name)), hands: map[proposal.PersonID]int{}}
		for id, n := range hands {
			if asked.people[id].Division == d.Code {
				g.hands[id], g.through = n, g.through+n
			}
		}
		f := all
		f.Division, f.Step = d.Code, proposal.StepDrafting
		filters, gates = append(filters, f), append(gates, g)
	}
	counts, err := s.store.CountTasks(ctx, who.ID, filters)
	for i, n := range counts {
		gates[i].waits = ListCount{n, casefile.ListPath(filters[i])}
	}
	return gates, err
}

// opener is the role of which there would be one more at the gate; "" for none.
func (g supposedGate) opener(asked supposition) proposal.Role {
	if g.at == store.DraftingGate && g.division == asked.handlers {
		return proposal.Handler
	}
	for _, more := range moreRoles {
		if slices.Contains(asked.roles, more.role) && slices.Contains(more.gates, g.at) {
			return more.role
		}
	}
	return ""
}

// supposed counts the working days until what waits there is through; one is what one more would let through a working day.
func (g supposedGate) supposed(asked supposition, days, then *calendar.Calendar, today calendar.Date) (line WhatIfGate, one float64) {
	line = WhatIfGate{Name: g.name, Waits: g.waits}
	all := sum(slices.Collect(maps.Values(g.hands)))
	if g.waits.N == 0 || g.through < enough || all == 0 {
		return line, 0
	}
	pace, gone := float64(g.through)/paceDays, 0
	for _, id := range asked.Away {
		gone += g.hands[id]
	}
	one = pace / float64(len(g.hands))
	cleared := func(days *calendar.Calendar, through func(calendar.Date) float64) (n int) {
		left := float64(g.waits.N)
		for d := today.AddDays(1); left > 1e-9 && n < mostDays; d = d.AddDays(1) {
			if days.IsWorkday(d) {
				left, n = left-through(d), n+1
			}
		}
		return n
	}
	before := cleared(days, func(calendar.Date) float64 { return pace })
	after := cleared(then, func(d calendar.Date) float64 {
		rate := pace
		if asked.away(d) {
			rate -= pace * float64(gone) / float64(all)
		}
		if g.opener(asked) != "" {
			rate += one
		}
		return rate
	})
	line.Before, line.After = strconv.Itoa(before), strconv.Itoa(after)
	line.Differs, line.Worse = before != after, after > before
	return line, one
}

// mostDays bounds the counting: two years are as good as never.
const mostDays = 500
