package proposal

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/banli/banli/internal/calendar"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What is true of every random way, under the number of its rule in domain §6.

// accepted holds what is true of every action that was accepted.
func (w *walk) accepted(a Action, f Facts, before, next State) {
	switch {
	case next.Seq != before.Seq+1:
		w.Fatalf("R19: %s took seq from %d to %d", a.Kind, before.Seq, next.Seq)
	case !slices.Contains(Stages, next.Stage):
		w.Fatalf("%s led to %q, which is not in the diagram", a.Kind, next.Stage)
	case a.Kind.BySystem() && (next.Stage != before.Stage || next.Last != before.Last):
		w.Fatalf("a %s moved the case from %q to %q, or counts as a person's act", a.Kind, before.Stage, next.Stage)
	}
	if row, ok := transition(a.Kind, before.Stage); ok {
		if !slices.Contains(row.To, next.Stage) {
			w.Fatalf("%s went from %q to %q, which the table does not have", a.Kind, before.Stage, next.Stage)
		}
	} else if row, _ := sideStep(a.Kind); next.Stage != before.Stage && !slices.Contains(row.Moves, next.Stage) {
		w.Fatalf("%s went from %q to %q, which the side table does not have", a.Kind, before.Stage, next.Stage)
	}
	if next.Stage.Ended() && !before.Stage.Ended() {
		w.ended = before
	}
	switch in := a.Input.(type) {
	case *Amendment:
		w.amended(in, next)
	case *Feedback:
		if w.rated == nil {
			w.rated = map[string]State{}
		}
		w.rated[cmp.Or(in.Ref, before.roundRef())] = before
	case *Registration:
		w.points, w.register = 2, RegisterRow{Registration: *in}
	case *Vacancy:
		w.vacant = true
	case *Regrouping: // its people move with it
		w.people = slices.Clone(w.people)
		for i := range w.people {
			if w.people[i].Division == in.From {
				w.people[i].Division = in.To
			}
		}
		w.vacant = true
	case *Reopening, *ReplyCorrection, *RatingCorrection:
		w.vacant = true
		w.signed = next.DraftSHA256
	case *Signature:
		w.signed = next.DraftSHA256
	case *Recalling: // of a send-back: the signature stands again, under the text that it was under
		w.signed = next.DraftSHA256
	}
	switch in := a.Input.(type) {
	case *Consultation:
		if in.Outcome == ContactReached {
			w.points = len(in.Points)
		}
		held := in.At
		if held.IsZero() {
			held = f.Now
		}
		w.talks = append(w.talks, Talk{len(w.talks) + 1, in.Outcome, in.Mode, held, in.SpokeWith, in.CallBackAt, in.Words, in.MetBy})
	case *ContactCorrection:
		w.talks = slices.Clone(w.talks)
		at := slices.IndexFunc(w.talks, func(t Talk) bool { return t.No == in.Talk })
		w.talks[at] = Talk{in.Talk, in.Outcome, in.Mode, in.At, in.SpokeWith, in.CallBackAt, in.Words, in.MetBy}
		if in.Outcome == NoContact {
			w.talks = slices.Delete(w.talks, at, at+1)
		}
	}
	if next.Consulted && !slices.ContainsFunc(w.talks, w.pack.Contact.reached) {
		w.Fatalf("R2: the deputy counts as consulted, and no talk is on record: %s", encoded(next))
	}
	w.whoWhenWhat(a, f, before, next)
	w.dueDates(a, f, before, next)
	w.gates(a, f, before, next)
	w.invariants(next)
	w.sideInvariants(next)
	w.tasksInvariants(next)
	var stored State
	if err := json.Unmarshal([]byte(encoded(next)), &stored); err != nil || !gocmp.Equal(stored, next, cmpopts.EquateEmpty()) {
		w.Fatalf("the state does not survive the record: %v\n%s", err, gocmp.Diff(next, stored))
	}
}

// amended holds R20: the register then says what was corrected, the state agrees with it, and a reply on its way is signed for what
// it says.
func (w *walk) amended(in *Amendment, next State) {
	w.register = next.Register(w.register)
	if !w.register.Correct(in.Fact, in.Value) {
		w.Fatalf("R20: %s corrected to %q, which cannot be read", in.Fact, in.Value)
	}
	if got := next.Register(w.register).Says(in.Fact); got != w.register.Says(in.Fact) {
		w.Fatalf("R20: %s corrected to %q, and the case says %q", in.Fact, in.Value, got)
	}
	if in.Fact == FactPoints {
		w.points = len(w.register.Points)
	}
	if unsent := next.Stage == Numbering || next.Stage == Dispatching; in.Fact.OnReply(next.Handling) && unsent {
		w.Fatalf("R6: %s was corrected under a signature: %s", in.Fact, encoded(next))
	}
	w.names = append([]string{w.register.LeadDeputy}, w.register.CoSigners...)
}

// whoWhenWhat holds R19: every act of a person stands in the state with its name and time, and no strand is lost.
func (w *walk) whoWhenWhat(a Action, f Facts, before, next State) {
	if !a.Kind.BySystem() {
		act := LastAct{Seq: next.Seq, Kind: a.Kind, By: a.By, At: f.Now.UTC()}
		kept := next.Last == act || slices.ContainsFunc(next.Strands, func(r Strand) bool { return r.Last == act })
		if !kept {
			w.Fatalf("R19: nothing tells that %s did %s: %s", a.By, a.Kind, encoded(next))
		}
	}
	for _, r := range before.Strands {
		gone := r.Kind == CountersignStrand || r.Kind == AddedReviewStrand // they go with the text that they were about
		if !gone && a.Kind != Recall && next.Strand(r.Kind, r.Ref) == nil {
			w.Fatalf("R19: %s lost the %s %s", a.Kind, r.Kind, r.Ref)
		}
	}
	if before.Secrecy && !next.Secrecy && a.Kind != Recall && a.Kind != Amend {
		w.Fatalf("R16: %s lifted the secrecy", a.Kind)
	}
}

// dueDates holds R8: the day by which the reply is due moves by what may move it, and by nothing else.
func (w *walk) dueDates(a Action, f Facts, before, next State) {
	was, is := before.ReplyDue(), next.ReplyDue()
	if was == nil || is == nil || was.Due() == is.Due() || next.Stage.Ended() {
		return
	}
	in, _ := a.Input.(*ExtensionVerdict)
	mended, _ := a.Input.(*Amendment)
	switch {
	case mended != nil && mended.Fact.restarts() && len(was.Shifts) == 0, a.Kind == Reopen, a.Kind == CorrectRating:
	case a.Kind == DecideExtension && in.Granted && is.Due() == in.Until && !in.Until.After(f.Pack.ExtensionCap(startOf(before), f.Calendar)):
	case a.Kind == Resume && is.Due().After(was.Due()) || a.Kind == Dispatch && before.OpenStrand(SuspensionStrand) != nil:
	case a.Kind == Recount && len(is.Shifts) == 0 && was.Span.Start == is.Span.Start:
	case a.Kind == RecordFeedback && next.Round == before.Round+1 && is.Kind == RehandlingClock:
	default:
		w.Fatalf("R8, R1: %s moved the due date of the reply from %s to %s", a.Kind, was.Due(), is.Due())
	}
}

func startOf(s State) calendar.Date {
	if start := s.ReplyDue().Span.Start; !start.IsZero() {
		return start
	}
	return s.AssignedOn
}

// gates holds what must be true at the moment of an action.
func (w *walk) gates(a Action, f Facts, before, next State) {
	as := f.Actor
	if a.For != "" {
		as, _ = f.Actor.As(a.For)
	}
	opinions := before.OpenStrand(OpinionStrand) != nil
	in, _ := a.Input.(*Feedback)
	if corrected, ok := a.Input.(*RatingCorrection); ok {
		in = &corrected.Feedback
	}
	beside, _ := a.Input.(*CoSignerRating)
	withdrawn, _ := a.Input.(*Withdrawal)
	for rule, broken := range map[string]bool{
		"R1: a return was asked after the window":           a.Kind == RequestReturn && before.Clock(ReturnClock).Due().Before(official(a, f)),
		"R5: signed while a co-opinion was open":            a.Kind == Sign && opinions,
		"R6: numbered without a signature":                  a.Kind == AssignNumber && before.Signer == "",
		"R7: signed by somebody else than the pack names":   a.Kind == Sign && !as.Has(f.Pack.SignerRole(before)),
		"R10: published though closed":                      a.Kind == Publish && before.Openness == ClosedReply,
		"R12: the bureau rated":                             (in != nil && in.Scan == "" || beside != nil && beside.Scan == "") && !f.Actor.outside(),
		"R13: a co-signer's rating moved the case":          beside != nil && (next.Stage != before.Stage || next.Round != before.Round || !gocmp.Equal(next.Strands, before.Strands)),
		"R13: a new round without dissatisfaction":          next.Round > max(1, before.Round) && (in == nil || in.Result != NotSatisfied),
		"R13: dissatisfied, and no new round":               a.Kind == RecordFeedback && in.Result == NotSatisfied && next.Round == before.Round && next.Stage != ReportingUp,
		"R16: published in spite of secrecy":                (a.Kind == Publish || a.Kind == CorrectPublication) && before.Secrecy,
		"R17: withdrawn by some of the proposers":           a.Kind == Withdraw && len(withdrawn.Agreed) < len(w.names),
		"R15: merging moved a case":                         (a.Kind == Merge || a.Kind == Unmerge) && (next.Stage != before.Stage || next.Number != before.Number),
		"a recall of another's step":                        a.Kind == Recall && before.Last.By != a.By && before.Last.By != a.For,
		"urged twice within the pack's days":                a.Kind == Urge && !before.UrgedOn.IsZero() && f.Today().Sub(before.UrgedOn) < f.Pack.Urge.DaysBetween,
		"R9: a bell is still to ring that lies in the past": a.Kind == Ring && next.ClockOf(a.Input.(*RungClock).Clock, a.Input.(*RungClock).Ref).Armed() && !next.ClockOf(a.Input.(*RungClock).Clock, a.Input.(*RungClock).Ref).RingsAt().After(f.Now),
	} {
		if broken {
			w.Fatalf("%s: %s by %s: %s", rule, a.Kind, a.By, encoded(before))
		}
	}
}

// invariants holds what is true of the main way of a case at rest.
func (w *walk) invariants(s State) {
	answers := s.Handling != ReadingOnly && s.Stage != Returned && s.Stage != Withdrawn
	past := func(stage Stage) bool { return answers && stage.Before(s.Stage) }
	ended := s.Stage == Withdrawn // whatever stood, stands
	if s.Signer == "" {
		w.signed = ""
	}
	missing := slices.ContainsFunc(w.pack.Chain(s), func(stage Stage) bool {
		return !slices.ContainsFunc(s.Passed, func(p PassedReview) bool { return p.Stage == stage })
	})
	for name, broken := range map[string]bool{
		"R6: the signed text changed":              s.Signer != "" && w.signed != s.DraftSHA256,
		"R6: signed at the wrong stage":            !ended && ((s.Signer != "") != past(SignOff) || s.SignedOn.IsZero() == past(SignOff)),
		"R6: numbered at the wrong stage":          !ended && (s.Number.Serial > 0) != past(Numbering),
		"R6: a version in review, wrong stage":     !ended && ((s.Draft > 0) != past(Drafting) || (s.DraftSHA256 != "") != past(Drafting)),
		"R7: not every review of the chain stands": past(OpennessReview) && s.Stage.Before(Answered) && missing,
		"R10: openness is not decided":             past(OpennessReview) && s.Handling != CoHandling && s.Openness == "",
		"R10: openness without its review":         s.Openness != "" && !slices.ContainsFunc(s.Passed, func(p PassedReview) bool { return p.Stage == OpennessReview }),
		"R16: open though secrecy was asked for":   s.Secrecy && s.Openness == OpenReply,
		"R2: in review without consultation":       past(Drafting) && s.Stage.Before(Answered) && s.Handling != CoHandling && !s.Consulted && !s.Waived,
		"the drafter reviewed":                     past(Drafting) && slices.Contains(s.reviewers(), s.Drafter),
		"drafter or reviewer signed":               s.Signer != "" && (s.Signer == s.Drafter || slices.Contains(s.reviewers(), s.Signer)),
		"sent, but the reply clock still runs":     past(Dispatching) && s.ReplyDue().Open(),
		"no leading division":                      past(Registered) && !onReturn(s.Stage) && s.Lead == "",
		"no handler":                               past(Accepting) && s.Stage.Before(Answered) && s.Handler == "" && !w.vacant,
		"closed without a date":                    s.Stage.Ended() == s.ClosedOn.IsZero(),
		"R13: more rounds than the pack allows":    s.Round > w.pack.Rehandling.Rounds,
	} {
		if broken {
			w.Fatalf("%s: %s", name, encoded(s))
		}
	}
}

// onReturn reports whether the stage is on the branch of a return.
func onReturn(s Stage) bool { return s == ReturnReview || s == ReturnDecision }

// sideInvariants holds what is true of what runs beside the main way.
func (w *walk) sideInvariants(s State) {
	standing := s.OpenStrand(SuspensionStrand) != nil
	for _, c := range s.Clocks {
		if r := s.Strand(strandOf[c.Kind], c.Ref); c.Open() && strandOf[c.Kind] != "" && (r == nil || r.Done()) {
			w.Fatalf("R9: the %s clock %s runs for what nobody waits for: %s", c.Kind, c.Ref, encoded(s))
		}
		if c.Open() && c.Kind != CommitmentClock && c.Kind != CallBackClock && !c.Silent && standing == c.Stopped.IsZero() {
			w.Fatalf("R8: suspended %v, and the %s clock %s stands since %s: %s", standing, c.Kind, c.Ref, c.Stopped, encoded(s))
		}
	}
	for i, r := range s.Strands {
		clock := map[StrandKind]map[StrandStatus]ClockKind{
			OpinionStrand:     {StrandAsked: OpinionClock, StrandWritten: OpinionClock},
			PublicationStrand: {StrandUnpublished: PublicationClock, StrandWithheld: ReexamineClock},
			FeedbackStrand:    {StrandAsked: FeedbackClock}, CommitmentStrand: {StrandPromised: CommitmentClock},
		}[r.Kind][r.Status]
		if clock != "" && (s.ClockOf(clock, r.Ref) == nil || !s.ClockOf(clock, r.Ref).Open()) {
			w.Fatalf("R11, R14: a %s %s that is %s has no clock: %s", r.Kind, r.Ref, r.Status, encoded(s))
		}
		if slices.ContainsFunc(s.Strands[:i], func(o Strand) bool { return o.Kind == r.Kind && o.Ref == r.Ref }) {
			w.Fatalf("two strands %s %s", r.Kind, r.Ref)
		}
		switch {
		case r.Kind == PublicationStrand && r.Status == StrandUnpublished && (s.Secrecy || s.Openness == ClosedReply):
			w.Fatalf("R16, R10: a reply that is closed waits for the publisher: %s", encoded(s))
		case s.Stage.Ended() && !r.Settled() && r.Kind != CommitmentStrand && r.Kind != PublicationStrand:
			w.Fatalf("the case is %s, and a %s is still %s", s.Stage, r.Kind, r.Status)
		case (s.Stage == Withdrawn || s.Stage == Returned) && !r.Done() && r.Kind != CommitmentStrand:
			w.Fatalf("R17: the case is %s, and a %s is still %s", s.Stage, r.Kind, r.Status)
		}
	}
}

// tasksInvariants hold that no case is stuck: somebody is asked, or a clock will ring; and whoever is asked may act.
func (w *walk) tasksInvariants(s State) {
	tasks := TasksOf(s, w.pack)
	armed := slices.ContainsFunc(s.Clocks, Clock.Armed)
	if len(tasks) == 0 && !armed && !s.Finished() {
		w.Fatalf("no task is open and no bell will ring: %s", encoded(s))
	}
	if s.Finished() && (len(tasks) > 0 || armed) {
		w.Fatalf("finished, and yet tasks %v, or a bell that will ring: %s", tasks, encoded(s))
	}
	for i, t := range tasks {
		if slices.ContainsFunc(tasks[:i], func(o Task) bool { return o.Key() == t.Key() }) {
			w.Fatalf("two tasks %v", t.Key())
		}
		by := Person{ID: "somebody", Roles: []Role{t.Role}, Division: t.Division, Field: []DivisionID{s.Lead}}
		if t.Person != "" {
			by.ID = t.Person
		}
		if !by.canDo(t, s, w.pack) {
			w.Fatalf("%s asks %s of %s %s, who may do nothing about it: %s", t.Ask, t.Ref, t.Role, t.Person, encoded(s))
		}
		if !slices.Contains(Asks(), t.Ask) {
			w.Fatalf("the task %s is not listed", t.Ask)
		}
	}
}
