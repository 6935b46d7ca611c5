package proposal

import (
	"time"

	"github.com/banli/banli/internal/calendar"
)

// ClockKind names a clock that runs on a case (domain §2).
type ClockKind string

const (
	ReplyClock       ClockKind = "reply"       // 法定期限: never reset by internal steps
	InternalClock    ClockKind = "internal"    // 内部期限: the bureau's own
	PublicationClock ClockKind = "publication" // 公开期限: from dispatch
)

// ClockKinds lists every clock.
var ClockKinds = []ClockKind{ReplyClock, InternalClock, PublicationClock}

// Clock is one deadline of a case. It can explain itself: Span holds the start, the days skipped and why; Rule names the
// limit in the case's rule pack, which holds its words and its source.
type Clock struct {
	Kind   ClockKind     `json:"kind"`
	Rule   string        `json:"rule"` // key of Pack.Limits, or RuleNamedDay, RuleChosenDay
	Span   calendar.Span `json:"span"`
	Met    calendar.Date `json:"met,omitzero"`     // the official day on which what it asks for was done
	Rung   time.Time     `json:"rung,omitzero"`    // when it ran out and was recorded, UTC
	Silent bool          `json:"silent,omitempty"` // 补录: it lay in the past when it was set; shown, not rung
}

// Rules that are not a limit of the pack: a day that somebody named.
const (
	RuleNamedDay  = "named_day"  // 交办单载明: the assigning body named the day
	RuleChosenDay = "chosen_day" // the liaison chose the internal due date
)

// Due is the last day on time.
func (c Clock) Due() calendar.Date { return c.Span.End }

// Open reports whether the clock still runs: what it asks for has not been done.
func (c Clock) Open() bool { return c.Met.IsZero() }

// Armed reports whether the clock is still to ring.
func (c Clock) Armed() bool { return c.Open() && c.Rung.IsZero() && !c.Silent }

// RingsAt is the first instant at which the clock is late: the end of the due day in Shanghai.
func (c Clock) RingsAt() time.Time { return c.Due().End() }

// Clock returns the state's clock of the kind, nil if it is not set.
func (s *State) Clock(kind ClockKind) *Clock {
	for i := range s.Clocks {
		if s.Clocks[i].Kind == kind {
			return &s.Clocks[i]
		}
	}
	return nil
}

// set starts or replaces the clock of the kind.
func (s *State) set(kind ClockKind, rule string, span calendar.Span, today calendar.Date) {
	clock := Clock{Kind: kind, Rule: rule, Span: span, Silent: s.Late && span.End.Before(today)}
	if old := s.Clock(kind); old != nil {
		*old = clock
		return
	}
	s.Clocks = append(s.Clocks, clock)
}

func (s *State) meet(kind ClockKind, on calendar.Date) {
	if c := s.Clock(kind); c != nil && c.Open() {
		c.Met = on
	}
}

// DueNow is the clock that the task list shows: the earliest that still runs; nil if none does.
func (s *State) DueNow() *Clock {
	var due *Clock
	for i := range s.Clocks {
		if c := &s.Clocks[i]; c.Open() && (due == nil || c.Due().Before(due.Due())) {
			due = c
		}
	}
	return due
}

// NextRing is the armed clock that rings first; nil if none is armed.
func (s *State) NextRing() *Clock {
	var next *Clock
	for i := range s.Clocks {
		if c := &s.Clocks[i]; c.Armed() && (next == nil || c.Due().Before(next.Due())) {
			next = c
		}
	}
	return next
}

// Overdue reports whether a clock that still runs has passed its due day.
func (s *State) Overdue(today calendar.Date) bool {
	due := s.DueNow()
	return due != nil && due.Due().Before(today)
}
