package proposal

import (
	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// Foreseen is what would follow from a correction of the register, for whoever is about to make it.
type Foreseen struct {
	Moved     []MovedClock
	Stage     Stage          // where the case would go; "": it stays
	Unsigned  bool           // the signature would not stand
	Void      DocumentNumber // the number that would be void
	Found     []Finding      // what would have to be mended in the text
	Title     string         // what would stand above a reply that is not sent yet; "": what stands there now
	Addressee string         // the same
	Sent      bool           // a reply went out with what was wrong, and stays as it is
	Republish bool           // the public page would say it
	Overdue   bool           // the reply went out after the day by which it was due
	Named     bool           // the names of the deputies would not be kept from anybody any more
}

// MovedClock is a deadline that a correction would move. From is no date for one that it would set, To for one that it would end.
type MovedClock struct {
	Kind     ClockKind
	Ref      string
	From, To calendar.Date
	Over     bool // nothing met it, and its day has passed
}

// Foresee tells what would follow from a correction. It changes nothing; reason and source need not be given yet.
func Foresee(s State, a Action, f Facts) (Foreseen, error) {
	in := a.Input.(*Amendment)
	was := s.Register(f.Register)
	is := was
	next := s.clone()
	stage, refusal := in.apply(&next, a, f)
	if refusal != nil {
		return Foreseen{}, refusal
	}
	is.Correct(in.Fact, in.Value)
	v := Foreseen{
		Moved: movedClocks(s, next, f.Today()), Unsigned: s.Signer != "" && next.Signer == "" && s.Stage.Before(Answered),
		Republish: in.Fact.OnReply(s.Handling) && !next.Secrecy && s.published(), Named: s.Secrecy && !next.Secrecy,
	}
	if due := next.ReplyDue(); in.Fact == FactDispatchedOn && due != nil {
		v.Overdue = next.DispatchedOn.After(due.Due())
	}
	if stage != s.Stage {
		v.Stage = stage
	}
	if next.Number != s.Number {
		v.Void = s.Number
	}
	if !in.Fact.OnReply(s.Handling) || s.Handling == ReadingOnly {
		return v, nil
	}
	if !s.DispatchedOn.IsZero() {
		v.Sent = true
		return v, nil
	}
	if f.Draft.Body != "" {
		f.Register = was
		v.Found = s.newlyFound(&is, f)
	}
	if title := f.Pack.titleOf(is); title != f.Pack.titleOf(was) {
		v.Title = title
	}
	if addressee := f.Pack.addressed(is); addressee != f.Pack.addressed(was) {
		v.Addressee = addressee
	}
	return v, nil
}

func (p *Pack) titleOf(r RegisterRow) string {
	return p.ReplyTitle(r.RegisterKey.Canonical(), r.HandlingType, assembly.TitleAsAssigned(r.Title))
}

// addressed is to whom a reply is addressed; an opinion, to the unit that leads.
func (p *Pack) addressed(r RegisterRow) string {
	if r.HandlingType == CoHandling {
		return r.LeadUnit + "："
	}
	names := []string{r.LeadDeputy}
	if p.Reply[r.Body].CoSigners == ReplyToEach {
		names = append(names, r.CoSigners...)
	}
	return replytext.Addressees(r.Body, r.Proposer, names)
}

// movedClocks are the deadlines that are others in another state, those that only the one has among them.
func movedClocks(was, is State, today calendar.Date) []MovedClock {
	var moved []MovedClock
	over := func(c Clock) bool { return c.Open() && c.Due().Before(today) }
	for _, c := range was.Clocks {
		to := is.ClockOf(c.Kind, c.Ref)
		switch {
		case to == nil:
			moved = append(moved, MovedClock{Kind: c.Kind, Ref: c.Ref, From: c.Due()})
		case to.Due() != c.Due():
			moved = append(moved, MovedClock{c.Kind, c.Ref, c.Due(), to.Due(), over(*to)})
		}
	}
	for _, c := range is.Clocks {
		if was.ClockOf(c.Kind, c.Ref) == nil {
			moved = append(moved, MovedClock{Kind: c.Kind, Ref: c.Ref, To: c.Due(), Over: over(c)})
		}
	}
	return moved
}
