package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// ClockKind names a clock that runs on a case (domain §2).
type ClockKind string

const (
	ReplyClock        ClockKind = "reply"         // 法定期限: never reset by internal steps
	InternalClock     ClockKind = "internal"      // 内部期限: the bureau's own
	ReturnClock       ClockKind = "return"        // 退件期限: a window, not a duty
	ReceiptClock      ClockKind = "receipt"       // 签收期限: where the pack has one
	FirstContactClock ClockKind = "first_contact" // 首次联系
	OpinionClock      ClockKind = "co_opinion"    // 会办期限, of one unit; Ref as its strand's
	StageClock        ClockKind = "stage"         // 环节期限; Ref: the stage
	PublicationClock  ClockKind = "publication"   // 公开期限: from dispatch
	ReexamineClock    ClockKind = "reexamine"     // 不予公开的每年复核
	FeedbackClock     ClockKind = "feedback"      // 代表反馈期限
	RehandlingClock   ClockKind = "rehandling"    // 重办期限: in place of the reply clock from the second round on
	CommitmentClock   ClockKind = "commitment"    // 承诺期限; Ref as its strand's
	CallBackClock     ClockKind = "call_back"     // 约定回拨: the next call to the deputy, at a time of day
	DraftClock        ClockKind = "draft"         // 过半送审: a draft in review by then; Ref: the round
	PlanClock         ClockKind = "plan"          // 倒排: the last day of the stage that leaves those after it their limits; Ref: the stage
)

// ClockKinds lists every clock.
var ClockKinds = []ClockKind{
	ReplyClock, InternalClock, ReturnClock, ReceiptClock, FirstContactClock, OpinionClock, StageClock, PublicationClock, ReexamineClock, FeedbackClock,
	RehandlingClock, CommitmentClock, CallBackClock, DraftClock, PlanClock,
}

// strandOf is the kind of strand whose deadline the clock is; "" for a clock of the case itself.
var strandOf = map[ClockKind]StrandKind{
	ReceiptClock: ReceiptStrand, OpinionClock: OpinionStrand, PublicationClock: PublicationStrand, ReexamineClock: PublicationStrand, FeedbackClock: FeedbackStrand, CommitmentClock: CommitmentStrand,
}

// Clock is one deadline of a case. It can explain itself: Span holds the start, the days skipped and why; Rule names the
// limit in the case's rule pack, which holds its words and its source; Shifts what moved it since.
type Clock struct {
	Kind    ClockKind     `json:"kind"`
	Ref     string        `json:"ref,omitempty"` // of the strand, or the stage
	Rule    string        `json:"rule"`          // key of Pack.Limits, or one of the Rule… days
	Span    calendar.Span `json:"span"`
	Shifts  []ClockShift  `json:"shifts,omitempty"`
	Stopped calendar.Date `json:"stopped,omitzero"` // the day from which it stands still (中止)
	Met     calendar.Date `json:"met,omitzero"`     // the official day on which what it asks for was done
	Rung    time.Time     `json:"rung,omitzero"`    // when it ran out and was recorded, UTC
	Silent  bool          `json:"silent,omitempty"` // 补录: it lay in the past when it was set; shown, not rung
	Bells   int           `json:"bells,omitempty"`  // how many bells of its ladder are behind it
	NextAt  time.Time     `json:"next_at,omitzero"` // when the next bell rings, UTC; zero: as the due date says, once
	At      time.Time     `json:"at,omitzero"`      // CallBackClock: the time of the call, UTC
}

// ClockShift moved a due date.
type ClockShift struct {
	Why ShiftReason   `json:"why"`
	Ref string        `json:"ref"` // of the extension or suspension
	To  calendar.Date `json:"to"`
	On  calendar.Date `json:"on"` // the day of the decision
}

// ShiftReason says why a due date moved.
type ShiftReason string

const (
	ShiftByExtension  ShiftReason = "extension"
	ShiftBySuspension ShiftReason = "suspension"
	ShiftByChange     ShiftReason = "change" // a commitment that the facts overtook
)

// Rules that are not a limit of the pack: a day that somebody named.
const (
	RuleNamedDay  = "named_day"  // 交办单载明: the assigning body named the day
	RuleChosenDay = "chosen_day" // somebody in the bureau chose it
	RulePromised  = "promised"   // the reply promised it
	RuleRedo      = "redo"       // a weak co-opinion is redone
)

// Due is the last day on time.
func (c Clock) Due() calendar.Date {
	if n := len(c.Shifts); n > 0 {
		return c.Shifts[n-1].To
	}
	return c.Span.End
}

// Open reports whether the clock still runs: what it asks for has not been done.
func (c Clock) Open() bool { return c.Met.IsZero() }

// Armed reports whether a bell of the clock is still to ring.
func (c Clock) Armed() bool {
	owed := c.Rung.IsZero() && c.Kind != ReturnClock && c.Kind != CallBackClock // a window that closes is nobody's delay, nor is a missed call
	return c.Open() && !c.Silent && c.Stopped.IsZero() && (!c.NextAt.IsZero() || owed)
}

// RingsAt is when the next bell rings. A clock without a ladder rings once, at the first instant at which it is late: the
// end of the due day in Shanghai.
func (c Clock) RingsAt() time.Time {
	if !c.NextAt.IsZero() {
		return c.NextAt
	}
	return c.Due().End()
}

// Clock returns the state's newest clock of the kind, nil if it is not set.
func (s *State) Clock(kind ClockKind) *Clock {
	for i := len(s.Clocks) - 1; i >= 0; i-- {
		if s.Clocks[i].Kind == kind {
			return &s.Clocks[i]
		}
	}
	return nil
}

// ClockOf returns the clock of the kind that belongs to a strand or stage, nil if it is not set.
func (s *State) ClockOf(kind ClockKind, ref string) *Clock {
	for i := range s.Clocks {
		if s.Clocks[i].Kind == kind && s.Clocks[i].Ref == ref {
			return &s.Clocks[i]
		}
	}
	return nil
}

// set starts or replaces the clock of the kind and ref.
func (s *State) set(kind ClockKind, ref, rule string, span calendar.Span, f Facts) {
	clock := Clock{Kind: kind, Ref: ref, Rule: rule, Span: span, Silent: s.Late && span.End.Before(f.Today())}
	if s.OpenStrand(SuspensionStrand) != nil && kind != CommitmentClock { // set while the clocks stand still, it stands too
		clock.Stopped = f.Today()
	}
	clock.wind(f)
	if old := s.ClockOf(kind, ref); old != nil {
		*old = clock
		return
	}
	s.Clocks = append(s.Clocks, clock)
}

// limit starts a clock whose span is a limit of the pack.
func (s *State) limit(kind ClockKind, ref, rule string, start calendar.Date, f Facts) {
	s.set(kind, ref, rule, f.Pack.span(rule, *s, start, f.Calendar), f)
}

// wind puts the clock before the first bell of its ladder that has not passed. Bells that would have rung before the clock
// was set, or before it was moved, say nothing that is still true; being late always is.
func (c *Clock) wind(f Facts) {
	c.Bells, c.NextAt, c.Rung = 0, time.Time{}, time.Time{}
	for {
		bell, ok := f.Pack.bell(*c, c.Bells, f.Calendar)
		if !ok {
			return
		}
		if bell.Kind != BellRemind || bell.At.After(f.Now) {
			c.NextAt = bell.At.UTC()
			return
		}
		c.Bells++
	}
}

// shift moves the due date and puts the clock before the bells of the new one.
func (c *Clock) shift(why ShiftReason, ref string, to calendar.Date, f Facts) {
	c.Shifts = append(c.Shifts, ClockShift{Why: why, Ref: ref, To: to, On: f.Today()})
	c.wind(f)
}

func (s *State) meet(kind ClockKind, ref string, on calendar.Date) {
	if c := s.ClockOf(kind, ref); c != nil && c.Open() {
		c.Met, c.Stopped = on, calendar.Date{}
	}
}

// callBack sets the clock of the next call to the deputy, in place of the one before; a zero time: no call is promised.
func (s *State) callBack(at time.Time, f Facts) {
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Kind == CallBackClock })
	if at.IsZero() {
		return
	}
	clock := Clock{
		Kind: CallBackClock, Rule: RuleChosenDay, Span: f.Calendar.On(calendar.DateOf(at)), At: at.UTC(),
		Silent: at.Before(f.Now),
	}
	clock.wind(f)
	s.Clocks = append(s.Clocks, clock)
}

// callBackAt is when the deputy is to be called again; zero if no call is promised.
func (s *State) callBackAt() time.Time {
	if c := s.Clock(CallBackClock); c != nil && c.Open() {
		return c.At
	}
	return time.Time{}
}

// drop takes the clocks of a strand away: what they asked for is no longer wanted.
func (s *State) drop(kind StrandKind, ref string) {
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return strandOf[c.Kind] == kind && c.Ref == ref && c.Open() })
}

// dueKinds are the clocks that lists show for a case. The window for a return is no duty, the limit of a stage belongs to
// its task, a co-opinion and a commitment have tasks of their own.
var dueKinds = []ClockKind{ReplyClock, InternalClock, FirstContactClock, PublicationClock, FeedbackClock, RehandlingClock}

// DueNow is the clock that the task list shows: the earliest that still runs; nil if none does.
func (s *State) DueNow() *Clock {
	var due *Clock
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if c.Open() && slices.Contains(dueKinds, c.Kind) && (due == nil || c.Due().Before(due.Due())) {
			due = c
		}
	}
	return due
}

// ReplyDue is the day by which the reply of this round must be sent.
func (s *State) ReplyDue() *Clock {
	if c := s.Clock(RehandlingClock); c != nil && s.Round > 1 {
		return c
	}
	return s.Clock(ReplyClock)
}

// NextRing is the armed clock of the case itself that rings first; nil if none is armed. Clocks of strands with a workflow
// of their own are left to it.
func (s *State) NextRing() *Clock {
	return s.nextRing(func(c Clock) bool { return !s.elsewhereRung(c) })
}

// NextRingOf is the armed clock of the strand that rings first; nil if none is armed.
func (s *State) NextRingOf(r Strand) *Clock {
	return s.nextRing(func(c Clock) bool { return strandOf[c.Kind] == r.Kind && c.Ref == r.Ref })
}

func (s *State) nextRing(of func(Clock) bool) *Clock {
	var next *Clock
	for i := range s.Clocks {
		if c := &s.Clocks[i]; c.Armed() && of(*c) && (next == nil || c.RingsAt().Before(next.RingsAt())) {
			next = c
		}
	}
	return next
}

// elsewhereRung: a strand's own workflow keeps this clock.
func (s *State) elsewhereRung(c Clock) bool {
	kind := strandOf[c.Kind]
	return kind.OwnWorkflow() && s.Strand(kind, c.Ref) != nil
}

// Overdue reports whether a clock that still runs has passed its due day.
func (s *State) Overdue(today calendar.Date) bool {
	due := s.DueNow()
	return due != nil && due.Due().Before(today)
}

// Bell is one step of a ladder: a reminder before the due day, the end of it, and what follows.
type Bell struct {
	Kind BellKind
	At   time.Time
	Days int  // BellRemind: calendar days before the due day
	To   Role // BellEscalate: who hears of it
}

// BellKind says what a bell means.
type BellKind string

const (
	BellRemind   BellKind = "remind"   // 提醒
	BellRanOut   BellKind = "ran_out"  // 逾期: the clock has run out
	BellEscalate BellKind = "escalate" // 升级
)

// bellHour is when reminders and escalations ring, on working days: 9:00 in Shanghai.
const bellHour = 9 * time.Hour

// bell is the i-th bell of the clock's ladder in the pack; false behind the last. A clock whose kind has no ladder has one
// bell, its end.
func (p *Pack) bell(c Clock, i int, cal *calendar.Calendar) (Bell, bool) {
	if c.Kind == CallBackClock { // one bell, at the time of the call; no ladder moves it
		return Bell{Kind: BellRemind, At: c.At}, i == 0
	}
	ladder := p.ladder(c.Kind)
	due := c.Due()
	if i < len(ladder.Before) {
		day := due.AddDays(-ladder.Before[i])
		for !cal.IsWorkday(day) {
			day = day.AddDays(-1)
		}
		return Bell{Kind: BellRemind, At: day.Start().Add(bellHour), Days: ladder.Before[i]}, true
	}
	if c.Kind == ReturnClock {
		return Bell{}, false
	}
	i -= len(ladder.Before)
	if i == 0 {
		return Bell{Kind: BellRanOut, At: due.End()}, true
	}
	i--
	after, to := 0, Role("")
	switch {
	case i < len(ladder.Escalate):
		after, to = ladder.Escalate[i].After, ladder.Escalate[i].To
	case len(ladder.Escalate) > 0 && i < len(ladder.Escalate)+ladder.Repeat.Times:
		last := ladder.Escalate[len(ladder.Escalate)-1]
		after, to = last.After+(i-len(ladder.Escalate)+1)*ladder.Repeat.Every, last.To
	default:
		return Bell{}, false
	}
	return Bell{Kind: BellEscalate, At: cal.AddWorkdays(due, after).End.Start().Add(bellHour), To: to}, true
}
