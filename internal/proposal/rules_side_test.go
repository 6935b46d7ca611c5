package proposal

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// The rules of domain §6 about what branches off the main way and what runs beside it, each under its number.

func returnRequest() *ReturnRequest {
	return &ReturnRequest{Reason: "不属本局职责", LegalDuty: "《社会保险法》第七条", Suggested: "市人社局"}
}

func TestR01ReturnOnlyWithinTheWindow(t *testing.T) {
	c := at(t, Registered)
	if got := c.due(ReturnClock); got != day("2020-02-10") {
		t.Fatalf("five working days after 2020-02-03 end on %s", got)
	}
	c.on("2020-02-11")
	if refusal := c.refused(WindowClosed, liaison, returnRequest()); refusal.Due != day("2020-02-10") {
		t.Errorf("told that the window closed on %s", refusal.Due)
	}
	c.on("2020-02-10")
	for _, field := range []string{"reason", "legal_duty", "suggested"} {
		in := returnRequest()
		reflect.ValueOf(in).Elem().FieldByNameFunc(func(name string) bool {
			f, _ := reflect.TypeFor[ReturnRequest]().FieldByName(name)
			return f.Tag.Get("json") == field
		}).SetString(" ")
		c.wrong(field, FieldRequired, liaison, in)
	}
	c.do(liaison, returnRequest())
	if c.Clock(ReturnClock).Open() {
		t.Error("the window still runs though the return was asked for")
	}
	c.refused(OutsideField, otherLeaderOf(c), &SendingBack{To: Registered, Reason: "是我们的"})
	c.do(leaderInCharge, &SendingBack{To: Registered, Reason: "再看看"})
	c.do(liaison, returnRequest())
	c.do(leaderInCharge, &Endorsement{})
	c.do(congress, &ReturnVerdict{Granted: true, Text: "同意退件"})
	if c.Stage != Returned || c.ClosedOn != day("2020-02-10") || c.NextRing() != nil || !c.Finished() {
		t.Errorf("returned, and not at an end: %+v", c.State)
	}
}

// otherLeaderOf gives the case a division that is not in the other leader in charge's field.
func otherLeaderOf(c *file) Person { c.Lead = leading; return otherLeader }

func TestR01ARefusedReturnKeepsTheDueDateAndIsAskedOnce(t *testing.T) {
	c := at(t, ReturnDecision)
	due := c.due(ReplyClock)
	c.on("2020-03-02")
	c.do(liaison, &ReturnVerdict{Text: "属你局职责"})
	if c.Stage != Registered || c.due(ReplyClock) != due || !c.Clock(ReplyClock).Open() {
		t.Errorf("stage %q, due %s; want registered, due %s as before", c.Stage, c.due(ReplyClock), due)
	}
	c.on("2020-02-10")
	c.refused(ReturnDecided, liaison, returnRequest())
}

func TestR01NoWayLeadsToAnotherBureau(t *testing.T) {
	c := at(t, Drafting)
	c.wrong("lead", NotInBureau, leaderInCharge, &Rerouting{Lead: "another_bureau", Reason: "转办"})
	c.wrong("lead", NotInBureau, leaderInCharge, &Rerouting{Lead: leading, Reason: "转办"})
	before := slices.Clone(c.Clocks)
	c.do(leaderInCharge, &Rerouting{Lead: other, Reason: "职责调整"})
	if c.Stage != Accepting || c.Lead != other || c.Handler != "" || c.due(ReplyClock) != before[0].Due() {
		t.Errorf("rerouted to %q in %q, due %s", c.Lead, c.Stage, c.due(ReplyClock))
	}
	c.do(otherHead, &Acceptance{Handler: otherHand.ID})
	if c.Stage != Drafting { // the deputy was spoken to already
		t.Errorf("stage %q, want drafting", c.Stage)
	}
}

// asked is a case in drafting with an opinion asked of the other division and one of an outside unit.
func asked(t *testing.T) *file {
	c := at(t, Drafting)
	c.do(handler, &OpinionRequest{Division: other, Question: "床位"})
	c.do(handler, &OpinionRequest{Unit: "市财政局", Question: "资金"})
	c.facts.Units = map[string]string{"u1": "市财政局"}
	return c
}

func TestR05NoSignatureWhileAnOpinionIsOpen(t *testing.T) {
	c := asked(t)
	for c.Stage != SignOff {
		c.do(c.next())
	}
	sign := &Signature{SHA256: c.DraftSHA256}
	if refusal := c.refused(OpinionsOpen, leaderInCharge, sign); !slices.Equal(refusal.Refs, []string{string(other), "u1"}) {
		t.Errorf("told of %v", refusal.Refs)
	}
	c.do(otherHand, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "无意见"})
	if c.status(OpinionStrand, string(other)) != StrandWritten {
		t.Fatal("what a handler writes needs the head's approval")
	}
	c.refused(Forbidden, head, &OpinionApproval{StrandTarget: StrandTarget{string(other)}})
	c.do(otherHead, &OpinionReturn{StrandTarget{string(other)}, "不具体"})
	c.do(otherHand, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "现有床位1200张"})
	c.refused(OpinionsOpen, leaderInCharge, sign)
	c.do(otherHead, &OpinionApproval{StrandTarget: StrandTarget{string(other)}})
	if clock := c.ClockOf(OpinionClock, string(other)); clock.Met != day("2020-02-10") {
		t.Errorf("given, and the clock is %+v", clock)
	}
	c.refused(Forbidden, handler, &WrittenOpinion{StrandTarget: StrandTarget{"u1"}, Text: "同意"})
	c.do(liaison, &WrittenOpinion{StrandTarget: StrandTarget{"u1"}, Text: "同意"})

	c.do(handler, &OpinionRedo{StrandTarget{string(other)}, "没有数字"})
	if got := c.ClockOf(OpinionClock, string(other)); got.Due() != day("2020-02-17") || !got.Open() || got.Rule != RuleRedo {
		t.Errorf("a redo is due %s by %q, want 2020-02-17", got.Due(), got.Rule)
	}
	c.refused(OpinionsOpen, leaderInCharge, sign)
	c.do(otherHead, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "1200张"})
	if r := c.Strand(OpinionStrand, string(other)); r.Status != StrandGiven || r.Redone != 1 || r.By != otherHead.ID {
		t.Errorf("what the head writes is given at once: %+v", r)
	}
	if refusal := c.refused(ReviewsOpen, leaderInCharge, sign); !slices.Equal(refusal.Refs, []string{string(other)}) {
		t.Errorf("told of %v", refusal.Refs)
	}
	c.do(otherHead, &Countersignature{})
	c.do(leaderInCharge, sign)
}

func TestR05OpinionIsWaivedOnlyWhenOverdue(t *testing.T) {
	c := asked(t)
	waiver := &OpinionWaiver{StrandTarget{"u1"}, "催而未复"}
	due := c.ClockOf(OpinionClock, "u1").Due()
	if due != day("2020-03-10") {
		t.Fatalf("one month after 2020-02-10 is %s", due)
	}
	c.on("2020-03-10")
	if refusal := c.refused(NotOverdue, head, waiver); refusal.Due != due {
		t.Errorf("told %s", refusal.Due)
	}
	c.on("2020-03-11")
	c.refused(Forbidden, handler, waiver)
	c.facts.Claims = map[TaskKey]PersonID{{AskForOutsideOpinion, "u1"}: colleague.ID}
	c.refused(ClaimedByOther, liaison, &WrittenOpinion{StrandTarget: StrandTarget{"u1"}, Text: "同意"})
	c.do(head, waiver) // whoever sits on it cannot keep it from being waived
	if c.status(OpinionStrand, "u1") != StrandWaived || c.ClockOf(OpinionClock, "u1") != nil {
		t.Errorf("waived: %s, clock %+v", c.status(OpinionStrand, "u1"), c.ClockOf(OpinionClock, "u1"))
	}
	c.refused(NotUnderWay, liaison, &WrittenOpinion{StrandTarget: StrandTarget{"u1"}, Text: "迟了"})
	c.do(handler, &OpinionCancellation{StrandTarget{string(other)}, "不再需要"})
	if c.status(OpinionStrand, string(other)) != StrandCancelled || c.ClockOf(OpinionClock, string(other)) != nil {
		t.Error("no longer needed, and its clock runs")
	}
	for c.Stage != SignOff {
		c.do(c.next())
	}
	c.do(otherHead, &Countersignature{})
	c.do(c.next())
}

func TestR05ReplyCitesOutsideUnitsAndAsksCoHandlers(t *testing.T) {
	c := asked(t)
	c.do(liaison, &WrittenOpinion{StrandTarget: StrandTarget{"u1"}, Text: "同意"})
	want := []Finding{{Code: OpinionNotCited, Unit: "市财政局"}}
	if got := c.refused(DraftIncomplete, handler, c.submission()).Findings; !reflect.DeepEqual(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
	c.facts.Draft.Body += "\n市财政局表示支持。"
	c.do(handler, c.submission())

	c = at(t, Registered)
	c.do(liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other}})
	for c.Stage != Drafting {
		c.do(c.next())
	}
	want = []Finding{{Code: OpinionNotAsked, Unit: string(other)}}
	if got := c.refused(DraftIncomplete, handler, c.submission()).Findings; !reflect.DeepEqual(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
}

func TestR05OpinionRequests(t *testing.T) {
	c := asked(t)
	c.refused(AlreadyUnderWay, handler, &OpinionRequest{Division: other, Question: "床位"})
	c.wrong("division", NotInBureau, handler, &OpinionRequest{Division: leading, Question: "床位"})
	c.wrong("division", NotInBureau, handler, &OpinionRequest{Division: "tax", Question: "床位"})
	c.wrong("division", FieldRequired, handler, &OpinionRequest{Question: "床位"})
	c.wrong("unit", FieldMalformed, handler, &OpinionRequest{Division: office, Unit: "市财政局", Question: "床位"})
	c.wrong("due_on", DayInPast, handler, &OpinionRequest{Division: office, Question: "床位", DueOn: day("2020-02-09")})
	if e := c.wrong("due_on", DayAfterLegal, handler, &OpinionRequest{Division: office, Question: "床位", DueOn: day("2020-05-07")}); e.Date != day("2020-05-06") {
		t.Errorf("measured against %s", e.Date)
	}
	c.do(handler, &OpinionRequest{Division: office, Question: "床位", DueOn: day("2020-05-06")})
	c.do(handler, &OpinionRequest{Unit: "市人社局", Question: "待遇"})
	if c.status(OpinionStrand, "u2") != StrandAsked || !slices.Equal(c.CoHandling, []DivisionID{other, office}) {
		t.Errorf("strands %+v, co-handling %v", c.Strands, c.CoHandling)
	}
	c.do(leaderInCharge, &Rerouting{Lead: other, Reason: "职责调整"}) // its own opinion is no longer one of another's
	if c.status(OpinionStrand, string(other)) != StrandCancelled || c.ClockOf(OpinionClock, string(other)) != nil || slices.Contains(c.CoHandling, other) {
		t.Errorf("the leading division still owes itself an opinion: %+v", c.Strands)
	}
	c.do(liaison, &WrittenOpinion{StrandTarget: StrandTarget{"u2"}, Text: "同意"}) // others write on meanwhile
	c.do(liaison, &Withdrawal{Letter: "撤回", Agreed: c.facts.Proposers})
	if c.status(OpinionStrand, "u1") != StrandCancelled || c.status(OpinionStrand, "u2") != StrandGiven || len(TasksOf(c.State, c.facts.Pack)) > 0 {
		t.Errorf("withdrawn, and still asked: %+v", c.Strands)
	}
}

func TestR07StricterApprovalInTheMiddleOfACase(t *testing.T) {
	stricter := &Tightening{Money: true, Reason: "涉及资金"}
	for _, stage := range []Stage{DivisionReview, OfficeReview, OpennessReview, SignOff, Numbering} {
		c := at(t, stage)
		c.do(supervisor, stricter)
		want := LegalReview
		if stage == DivisionReview || stage == OfficeReview {
			want = stage
		}
		if c.Stage != want || c.Signer != "" || !c.SignedOn.IsZero() {
			t.Errorf("made stricter in %s: now in %s, signed by %q; want %s, unsigned", stage, c.Stage, c.Signer, want)
		}
		for c.Stage != SignOff {
			c.do(c.next())
		}
		if refusal := c.refused(WrongSigner, leaderInCharge, &Signature{SHA256: c.DraftSHA256}); refusal.Role != BureauHead {
			t.Errorf("told %s", refusal.Role)
		}
		c.do(c.next())
	}

	c := at(t, Numbering)
	c.do(liaison, &Tightening{Key: true, Leader: bureauHead.ID, Reason: "列为重点"})
	if c.Stage != SignOff || c.Leader != bureauHead.ID || !c.KeySupervised {
		t.Errorf("a key case signed by the leader in charge is in %s", c.Stage)
	}
	c = at(t, Numbering, keySupervised)
	c.do(liaison, &Tightening{Key: true, Reason: "列为重点"})
	if c.Stage != Numbering || c.Signer == "" {
		t.Error("a signature that the stricter rules want as it is does not stand")
	}
	c = at(t, Drafting)
	c.wrong("leader", NotInBureau, supervisor, &Tightening{Key: true, Leader: head.ID, Reason: "x"})
	c.wrong("key", FieldRequired, supervisor, &Tightening{Reason: "x"})
	c.refused(OutsideField, otherLeader, stricter)
	c.do(supervisor, stricter)
	if c.Stage != Drafting || !c.Money {
		t.Error("a case in drafting goes on drafting")
	}
	at(t, Dispatching).refused(NotInStage, supervisor, stricter)
}

func TestR07SecondRoundIsSignedByTheBureauHead(t *testing.T) {
	c := again2(t)
	for c.Stage != SignOff {
		c.do(c.next())
	}
	c.refused(WrongSigner, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	if !slices.ContainsFunc(c.Passed, func(p PassedReview) bool { return p.Stage == LegalReview }) {
		t.Error("the second round went by the legal review")
	}
	for _, change := range []func(*Registration){money, keySupervised} {
		at(t, SignOff, change).refused(WrongSigner, leaderInCharge, &Signature{SHA256: goodDraft().SHA256()})
	}
}

func extension(until string) *ExtensionRequest {
	return &ExtensionRequest{Until: day(until), Reason: "需要调研"}
}

func TestR08ExtensionIsAskedBeforeTheDueDateAndCapped(t *testing.T) {
	c := at(t, Drafting)
	c.on("2020-05-06")
	if refusal := c.refused(TooLateToExtend, handler, extension("2020-06-30")); refusal.Due != day("2020-05-06") {
		t.Errorf("told %s", refusal.Due)
	}
	c.on("2020-05-05")
	if e := c.wrong("until", DayAfterCap, handler, extension("2020-08-04")); e.Date != day("2020-08-03") {
		t.Errorf("six months after 2020-02-03 end on %s", e.Date)
	}
	c.wrong("until", DayBeforeStart, handler, extension("2020-05-06"))
	c.refused(Forbidden, peer, extension("2020-06-30"))
	c.do(handler, extension("2020-08-03"))
	c.refused(AlreadyUnderWay, handler, extension("2020-06-30"))
	c.refused(NotUnderWay, congress, &ExtensionVerdict{Granted: true, Until: day("2020-06-30"), Text: "同意"})
	c.refused(OutsideField, otherLeader, &ExtensionEndorsement{})
	c.do(leaderInCharge, &ExtensionEndorsement{})
	c.wrong("until", DayAfterCap, congress, &ExtensionVerdict{Granted: true, Until: day("2020-08-04"), Text: "同意"})
	c.wrong("until", DayBeforeStart, congress, &ExtensionVerdict{Granted: true, Until: day("2020-05-06"), Text: "同意"})
	c.on("2020-05-20")
	c.do(congress, &ExtensionVerdict{Granted: true, Until: day("2020-06-30"), Text: "同意"})
	clock := c.Clock(ReplyClock)
	want := []ClockShift{{ShiftByExtension, "1", day("2020-06-30"), day("2020-05-20")}}
	if clock.Due() != day("2020-06-30") || !reflect.DeepEqual(clock.Shifts, want) || clock.Span.End != day("2020-05-06") {
		t.Errorf("the granted date, not the one asked, counts and explains itself: %+v", clock)
	}
	if got := c.due(InternalClock); got != day("2020-06-17") {
		t.Errorf("the bureau's own date is %s, eight working days before", got)
	}
	if task := taskFor(t, c, AskToTellExtension); task.Person != handler.ID {
		t.Errorf("the deputy is told by %+v", task)
	}
	c.do(handler, &ExtensionNotice{Mode: PhoneContact})
	if c.status(ExtensionStrand, "1") != StrandTold {
		t.Error("the deputy was told")
	}
	c.do(handler, extension("2020-07-31"))
	c.do(leaderInCharge, &ExtensionRefusal{Reason: "抓紧"})
	c.do(handler, extension("2020-07-31"))
	c.do(leaderInCharge, &ExtensionEndorsement{})
	c.do(liaison, &ExtensionVerdict{Text: "不同意"})
	if c.status(ExtensionStrand, "2") != StrandDeclined || c.status(ExtensionStrand, "3") != StrandDeclined || c.due(ReplyClock) != day("2020-06-30") {
		t.Errorf("declined, and due %s", c.due(ReplyClock))
	}
}

func taskFor(t *testing.T, c *file, ask Ask) Task {
	t.Helper()
	tasks := TasksOf(c.State, c.facts.Pack)
	i := slices.IndexFunc(tasks, func(t Task) bool { return t.Ask == ask })
	if i < 0 {
		t.Fatalf("no task %s among %v", ask, tasks)
	}
	return tasks[i]
}

func TestR08DispatchEndsAnExtensionThatIsStillAsked(t *testing.T) {
	c := at(t, Drafting)
	c.do(handler, extension("2020-06-30"))
	for c.Stage != Answered {
		c.do(c.next())
	}
	if c.status(ExtensionStrand, "1") != StrandCancelled {
		t.Error("more time is asked for a reply that is out")
	}
}

func TestR08SuspensionMovesWhatStoodStill(t *testing.T) {
	c := at(t, Drafting)
	c.facts.Pack.Suspension.Allowed = false
	c.refused(NotInPack, leaderInCharge, &SuspensionOrder{Reason: "等上级文件"})
	c.facts.Pack.Suspension.Allowed = true
	c.refused(OutsideField, otherLeader, &SuspensionOrder{Reason: "等上级文件"})
	c.do(leaderInCharge, &SuspensionOrder{Reason: "等上级文件"})
	c.refused(AlreadyUnderWay, leaderInCharge, &SuspensionOrder{Reason: "等上级文件"})
	if c.NextRing() != nil {
		t.Error("a bell would ring while the clocks stand still")
	}
	c.on("2020-02-12")
	c.do(handler, &OpinionRequest{Division: other, Question: "床位"})
	if clock := c.ClockOf(OpinionClock, string(other)); clock.Stopped != day("2020-02-12") {
		t.Errorf("a clock set meanwhile runs: %+v", clock)
	}
	c.on("2020-02-20")
	c.refused(OutsideField, otherLeader, &Resumption{Reason: "文件已到"})
	c.do(liaison, &Resumption{Reason: "文件已到"})
	for kind, want := range map[ClockKind]string{
		ReplyClock: "2020-05-18", InternalClock: "2020-05-06", // ten days on; 16 May is a Saturday, 2 May a holiday
		OpinionClock: "2020-03-20", // eight days on from 12 March
	} {
		if clock := c.Clock(kind); clock.Due() != day(want) || !clock.Stopped.IsZero() || clock.Shifts[0].Why != ShiftBySuspension {
			t.Errorf("%s: due %s, want %s; %+v", kind, clock.Due(), want, clock.Shifts)
		}
	}
	if c.NextRing() == nil || c.status(SuspensionStrand, "1") != StrandResumed {
		t.Error("no bell rings after the resumption")
	}

	c = at(t, Drafting)
	c.do(leaderInCharge, &SuspensionOrder{Reason: "等上级文件"})
	for c.Stage != Answered {
		c.do(c.next())
	}
	if c.status(SuspensionStrand, "1") != StrandResumed || !c.Clock(FeedbackClock).Armed() {
		t.Error("the reply is out, and the clocks still stand")
	}
}

func TestR08ProvisionalDeadlinesAreCountedAgain(t *testing.T) {
	c := at(t, Unregistered)
	c.facts.Calendar = years(t, 2019)
	recount := Action{ID: "r", Kind: Recount, Input: &Recounting{}}
	for c.Stage != Drafting {
		c.do(c.next())
	}
	c.do(handler, &OpinionRequest{Division: other, Question: "床位", DueOn: day("2020-03-31")})
	if c.due(ReplyClock) != day("2020-05-04") || !c.Clock(ReplyClock).Span.Provisional || c.due(InternalClock) != day("2020-04-22") {
		t.Fatalf("by weekends alone: %s, internally %s", c.due(ReplyClock), c.due(InternalClock))
	}
	c.refusedAction(ClockNotDue, Person{}, recount) // nothing new is known
	c.facts.Calendar = calendar.National()
	before := c.State
	c.doAction(Person{}, recount)
	if c.due(ReplyClock) != day("2020-05-06") || c.Clock(ReplyClock).Span.Provisional || c.due(InternalClock) != day("2020-04-22") {
		t.Errorf("counted again: %s, internally %s", c.due(ReplyClock), c.due(InternalClock))
	}
	if c.ClockOf(OpinionClock, string(other)).Due() != day("2020-03-31") || c.Last != before.Last {
		t.Error("a day that somebody chose moved, or the recount counts as a person's act")
	}
	if moved := Notices(before, c.State, recount, c.facts); len(moved) != 1 || moved[0].Kind != NoticeMoved || moved[0].Person != handler.ID {
		t.Errorf("told: %+v", moved)
	}
	c.refusedAction(ClockNotDue, Person{}, recount)

	c = at(t, Drafting) // an extension named a day: no calendar moves it
	c.do(handler, extension("2020-06-30"))
	c.do(leaderInCharge, &ExtensionEndorsement{})
	c.do(congress, &ExtensionVerdict{Granted: true, Until: day("2020-06-30"), Text: "同意"})
	c.facts.Calendar = years(t, 2019)
	c.refusedAction(ClockNotDue, Person{}, recount)
}

func TestR08RecountTakesARecallAway(t *testing.T) {
	c := at(t, Unregistered)
	c.facts.Calendar = years(t, 2019)
	for c.Stage != Assigning {
		c.do(c.next())
	}
	c.facts.Calendar = calendar.National()
	c.doAction(Person{}, Action{ID: "r", Kind: Recount, Input: &Recounting{}})
	c.refused(StepNotYours, liaison, &Recalling{}) // it would bring the old count back
}

// What is foretold of a clock is what rings: the same bells at the same times, for the same people.
func TestR09ForetoldBellsAreThoseThatRing(t *testing.T) {
	for _, stage := range []Stage{Accepting, Drafting, SignOff, Answered} {
		for _, clock := range at(t, stage).Clocks {
			c := at(t, stage)
			foretold := c.Foretell(clock, c.facts.Pack, c.facts.Calendar)
			if len(foretold) == 0 && clock.Armed() {
				t.Errorf("%s: nothing is foretold of the %s clock, which will ring", stage, clock.Kind)
			}
			for i, f := range foretold {
				if now := c.ClockOf(clock.Kind, clock.Ref); !now.Armed() || !now.RingsAt().Equal(f.At) {
					t.Fatalf("%s: bell %d of the %s clock rings at %s, foretold %s", stage, i, clock.Kind, now.RingsAt(), f.At)
				}
				if told := c.rings(f.At, clock.Kind, clock.Ref); len(told) != 1 || told[0] != f.Tells {
					t.Errorf("%s: bell %d of the %s clock tells %+v, foretold %+v", stage, i, clock.Kind, told, f.Tells)
				}
			}
			if left := c.ClockOf(clock.Kind, clock.Ref); left.Armed() {
				t.Errorf("%s: the %s clock rings once more at %s, which was not foretold", stage, clock.Kind, left.RingsAt())
			}
		}
	}
}

func TestR09LadderOfBells(t *testing.T) {
	c := at(t, Drafting)
	nine := func(date string) time.Time { return day(date).Start().Add(9 * time.Hour) }
	// Due Wednesday 2020-05-06. Seven days before is a Wednesday; three days before, the 3rd, is within the holiday that
	// began on Friday the 1st, so the bell comes on Thursday 30 April.
	for _, bell := range []struct {
		at   time.Time
		kind NoticeKind
		days int
		role Role
	}{
		{nine("2020-04-29"), NoticeRemind, 7, Handler},
		{nine("2020-04-30"), NoticeRemind, 3, Handler},
		{nine("2020-05-06"), NoticeRemind, 0, Handler},
		{day("2020-05-07").Start(), NoticeRanOut, 0, Handler},
		{nine("2020-05-07"), NoticeEscalate, 0, DivisionHead},
		{nine("2020-05-09"), NoticeEscalate, 0, LeaderInCharge}, // a Saturday that is worked
		{nine("2020-05-12"), NoticeEscalate, 0, LeaderInCharge}, // said again every second working day, twice
		{nine("2020-05-14"), NoticeEscalate, 0, LeaderInCharge},
	} {
		clock := c.Clock(ReplyClock)
		if !clock.Armed() || !clock.RingsAt().Equal(bell.at) {
			t.Fatalf("rings at %s, want %s", clock.RingsAt(), bell.at)
		}
		c.facts.Now = bell.at.Add(-time.Nanosecond)
		c.refusedAction(ClockNotDue, Person{}, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: ReplyClock}})
		notices := c.rings(bell.at, ReplyClock, "")
		if len(notices) != 1 || notices[0].Kind != bell.kind || notices[0].Days != bell.days || notices[0].Role != bell.role {
			t.Errorf("at %s told %+v, want %s %d to %s", bell.at, notices, bell.kind, bell.days, bell.role)
		}
		if notices[0].Division != leading {
			t.Errorf("at %s told those of %q", bell.at, notices[0].Division)
		}
		if ranOut := bell.kind != NoticeRemind; c.Clock(ReplyClock).Rung.IsZero() == ranOut {
			t.Errorf("at %s the clock has run out: %s", bell.at, c.Clock(ReplyClock).Rung)
		}
	}
	if c.Clock(ReplyClock).Armed() {
		t.Error("the ladder has no end")
	}
}

func TestR09BellsThatWereMissedRingAsOne(t *testing.T) {
	c := at(t, Drafting)
	told := c.rings(day("2020-05-06").Start().Add(12*time.Hour), ReplyClock, "")
	if len(told) != 1 || told[0].Kind != NoticeRemind || told[0].Days != 0 {
		t.Errorf("of three reminders only the last is true: %+v", told)
	}
	c = at(t, Drafting)
	told = c.rings(day("2020-05-09").Start().Add(12*time.Hour), ReplyClock, "")
	var kinds []NoticeKind
	for _, n := range told {
		kinds = append(kinds, n.Kind)
	}
	if !slices.Equal(kinds, []NoticeKind{NoticeRanOut, NoticeEscalate, NoticeEscalate}) || !c.Clock(ReplyClock).Rung.Equal(c.facts.Now) {
		t.Errorf("told %v, rung %s", kinds, c.Clock(ReplyClock).Rung)
	}
}

func TestR09ClockSetLateSkipsThePastReminders(t *testing.T) {
	c := at(t, Drafting)
	c.facts.Now = day("2020-04-28").Start()
	c.do(handler, &OpinionRequest{Division: other, Question: "床位", DueOn: day("2020-04-30")})
	clock := c.ClockOf(OpinionClock, string(other))
	if want := day("2020-04-30").Start().Add(9 * time.Hour); clock.Bells != 2 || !clock.RingsAt().Equal(want) {
		t.Errorf("next bell %s after %d, want %s after the two that passed", clock.RingsAt(), clock.Bells, want)
	}
	if notices := c.rings(clock.RingsAt(), OpinionClock, string(other)); notices[0].Division != other || notices[0].Role != Handler {
		t.Errorf("told %+v, want those whose opinion it is", notices)
	}
	// An extension winds the clock before the bells of the new date.
	c.do(handler, extension("2020-06-30"))
	c.rings(day("2020-05-06").End(), ReplyClock, "")
	c.do(leaderInCharge, &ExtensionEndorsement{})
	c.do(congress, &ExtensionVerdict{Granted: true, Until: day("2020-06-30"), Text: "同意"})
	if clock := c.Clock(ReplyClock); !clock.Rung.IsZero() || !clock.RingsAt().Equal(day("2020-06-23").Start().Add(9*time.Hour)) {
		t.Errorf("extended: %+v", clock)
	}
}

func TestR09StagesHaveLimits(t *testing.T) {
	c := at(t, DivisionReview)
	if clock := c.Clock(StageClock); clock.Ref != string(DivisionReview) || clock.Due() != day("2020-02-13") {
		t.Errorf("three working days after 2020-02-10: %+v", clock)
	}
	if task, _ := MainTask(c.State, c.facts.Pack); TaskDue(task, c.State) != day("2020-02-13") {
		t.Errorf("the review is due %s", TaskDue(task, c.State))
	}
	if told := c.rings(day("2020-02-13").End(), StageClock, string(DivisionReview)); told[0].Role != DivisionHead || told[0].Division != leading {
		t.Errorf("the limit of a stage is told to %+v", told)
	}
	c.do(head, &ReviewPass{})
	if clocks := slices.DeleteFunc(slices.Clone(c.Clocks), func(c Clock) bool { return c.Kind != StageClock }); len(clocks) != 1 || clocks[0].Ref != string(OfficeReview) {
		t.Errorf("clocks of stages: %+v", clocks)
	}
	c = at(t, DivisionReview, late)
	if c.Clock(StageClock) != nil {
		t.Error("an old case has limits for its stages")
	}
}

func TestR10PartlyOpenNeedsWordsThatStandInTheText(t *testing.T) {
	c := at(t, OpennessReview)
	partly := func(words ...string) *OpennessDecision {
		return &OpennessDecision{Openness: PartlyOpenReply, Ground: "third_party", Reason: "涉及第三方", Redactions: words}
	}
	c.wrong("redactions", FieldRequired, openness, partly())
	c.wrong("redactions.1", WordsNotInText, openness, partly("22项", "没有的话"))
	c.do(openness, partly("22项"))
	for c.Stage != Answered {
		c.do(c.next())
	}
	if c.status(PublicationStrand, "1") != StrandUnpublished || c.Openness != PartlyOpenReply {
		t.Error("a reply that is partly open is published, redacted")
	}
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.wrong("redactions.0", WordsNotInText, publisher, &Correction{Redactions: []string{"没有的话"}, Note: "更正"})
	c.refused(OwnSignature, leaderInCharge.with(Publisher), &Correction{Redactions: []string{"22项"}, Note: "更正"})
	c.do(publisher, &Takedown{Reason: "泄露电话"})
	c.on("2020-02-11")
	c.do(publisher, &Correction{Redactions: []string{"22项"}, Note: "更正"})
	if c.status(PublicationStrand, "1") != StrandPublished || c.PublishedOn != day("2020-02-11") {
		t.Error("a correction publishes anew")
	}
}

// withheld is an answered case whose reply is not published.
func withheld(t *testing.T) *file {
	c := at(t, OpennessReview)
	c.do(openness, &OpennessDecision{Openness: ClosedReply, Ground: "third_party", Reason: "涉及第三方"})
	for c.Stage != Answered {
		c.do(c.next())
	}
	return c
}

func TestR11WithheldIsReexaminedYearly(t *testing.T) {
	c := withheld(t)
	c.do(theDeputy, rating(Satisfied))
	c.do(liaison, &ClosureNote{})
	clock := c.ClockOf(ReexamineClock, "1")
	if c.Stage != Closed || clock == nil || clock.Due() != day("2021-02-10") || !clock.Armed() || c.Finished() {
		t.Fatalf("stage %s, clock %+v: want a clock that outlives the closure", c.Stage, clock)
	}
	if len(TasksOf(c.State, c.facts.Pack)) > 0 {
		t.Error("a year is long: it is nobody's task yet")
	}
	if told := c.rings(clock.RingsAt(), ReexamineClock, "1"); told[0].Role != OpennessReviewer {
		t.Errorf("told %+v", told)
	}
	taskFor(t, c, AskToReexamine)
	c.on("2021-02-09")
	c.wrong("ground", UnknownValue, openness, &Reexamination{Openness: ClosedReply, Ground: "whim", Reason: "不便"})
	c.do(openness, &Reexamination{Openness: ClosedReply, Ground: "third_party", Reason: "仍涉及第三方"})
	if got := c.ClockOf(ReexamineClock, "1").Due(); got != day("2022-02-09") {
		t.Errorf("looked at again by %s, want a year on", got)
	}
	c.on("2022-02-09")
	c.do(openness, &Reexamination{Openness: OpenReply, Reason: "理由消失"})
	if got := c.ClockOf(PublicationClock, "1"); got == nil || got.Due() != day("2022-03-09") || c.ClockOf(ReexamineClock, "1") != nil {
		t.Errorf("to be published by %+v", got)
	}
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	if !c.Finished() || c.Stage != Closed {
		t.Error("published, and the case is not finished")
	}
}

func TestR12RatingsNeverComeFromTheBureau(t *testing.T) {
	c := at(t, Answered)
	c.refused(BureauRates, liaison, rating(Satisfied))
	c.refused(BureauRates, liaison.with(Assembly), rating(Satisfied))
	c.refused(BureauRates, liaison.covering(congress), rating(Satisfied))
	covered := act(liaison.covering(congress), rating(Satisfied))
	covered.For = congress.ID
	c.refusedAction(BureauRates, liaison.covering(congress), covered)
	for _, p := range []Person{handler, head, leaderInCharge, bureauHead, supervisor, publisher} {
		c.refused(Forbidden, p, rating(Satisfied))
	}
	scanned := rating(BasicallySatisfied)
	scanned.Scan = "5ca9"
	c.wrong("scan", ScanMissing, liaison, scanned)
	c.wrong("source", UnknownValue, congress, rating(Satisfied))
	c.wrong("source", UnknownValue, theDeputy, &Feedback{Source: FeedbackFromAssembly, Attitude: Satisfied, Result: Satisfied})
	c.facts.Claims = map[TaskKey]PersonID{{AskToNoteSilence, "1"}: colleague.ID}
	c.do(theDeputy, rating(Satisfied)) // what the bureau shares out does not bind the deputy
	c.refused(NotUnderWay, theDeputy, rating(NotSatisfied))

	c = at(t, Answered)
	c.facts.HasScan = true
	c.do(liaison, scanned)
	c = at(t, Answered)
	c.do(congress, &Feedback{Source: FeedbackFromAssembly, Attitude: Satisfied, Result: Satisfied})
	if c.status(FeedbackStrand, "1") != StrandRated || c.Clock(FeedbackClock).Open() {
		t.Error("rated by the assembly")
	}
}

// Each who signed rates by a link, or on paper, once on a round. Only the lead moves the case.
func TestR12CoSignersRateBesideTheLead(t *testing.T) {
	says := func(who string, result Rating) *CoSignerRating {
		return &CoSignerRating{CoSigner: who, Source: FeedbackFromDeputy, Attitude: Satisfied, Result: result}
	}
	c := at(t, Dispatching)
	c.facts.Proposers = []string{"倪琛善", "王桂兰", "李文君"}
	c.refused(NotInStage, theDeputy, says("王桂兰", Satisfied))
	c = at(t, Answered)
	c.facts.Proposers = []string{"倪琛善", "王桂兰", "李文君"}
	for _, stranger := range []string{"倪琛善", "高天佑"} {
		c.wrong("co_signer", UnknownValue, theDeputy, says(stranger, Satisfied))
	}
	c.refused(BureauRates, liaison, says("王桂兰", Satisfied))
	c.refused(Forbidden, handler, says("王桂兰", Satisfied))
	other := says("王桂兰", Satisfied)
	other.Round = 2
	c.refused(NotUnderWay, theDeputy, other)

	c.do(theDeputy, says("王桂兰", NotSatisfied))
	if c.Stage != Answered || c.Round > 1 || c.status(FeedbackStrand, "1") != StrandAsked || !c.Clock(FeedbackClock).Open() {
		t.Errorf("a co-signer moved the case: %s, round %d", c.Stage, c.Round)
	}
	told := Notices(c.State, c.State, act(theDeputy, says("王桂兰", NotSatisfied)), c.facts)
	if len(told) != 1 || told[0].Kind != NoticeRated || told[0].Person != handler.ID {
		t.Errorf("told: %+v", told)
	}
	c.facts.HasRated, c.facts.HasScan = true, true
	c.refused(NotUnderWay, theDeputy, says("王桂兰", Satisfied))
	again := says("王桂兰", Satisfied)
	again.Scan = goodScan
	c.wrong("reason", FieldRequired, liaison, again)
	again.Reason = "录错"
	c.do(liaison, again)
	c.facts.HasRated = false
	c.do(theDeputy, rating(Satisfied))
	c.do(theDeputy, says("李文君", Satisfied)) // the lead's rating does not end theirs

	c = at(t, Answered)
	c.facts.Proposers = []string{"倪琛善", "王桂兰"}
	c.facts.Pack = rules()
	c.facts.Pack.Reply = maps.Clone(c.facts.Pack.Reply)
	way := c.facts.Pack.Reply[assembly.NPC]
	way.CoSigners = ReplyThroughLead
	c.facts.Pack.Reply[assembly.NPC] = way
	c.refused(NotForThisKind, theDeputy, says("王桂兰", Satisfied))
}

func TestR12SilenceIsNotedAfterTheLimitAndMayBeBroken(t *testing.T) {
	c := at(t, Answered)
	if got := c.due(FeedbackClock); got != day("2020-03-02") {
		t.Fatalf("fifteen working days after 2020-02-10: %s", got)
	}
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.on("2020-03-02")
	c.refused(NotOverdue, liaison, &SilenceNote{})
	if told := c.rings(c.facts.Now, FeedbackClock, "1"); told[0].Kind != NoticeRemind || told[0].Role != Liaison {
		t.Errorf("reminded: %+v", told)
	}
	if len(TasksOf(c.State, c.facts.Pack)) > 0 {
		t.Error("until the limit it is the deputy's turn")
	}
	c.rings(day("2020-03-02").End(), FeedbackClock, "1")
	taskFor(t, c, AskToNoteSilence)
	c.do(liaison, &SilenceNote{})
	if c.Stage != Closing || c.status(FeedbackStrand, "1") != StrandSilent {
		t.Errorf("stage %s", c.Stage)
	}
	c.do(liaison, &ClosureNote{})
	c.do(theDeputy, rating(NotSatisfied))
	if c.Stage != Assigning || c.Round != 2 || !c.ClosedOn.IsZero() {
		t.Errorf("a deputy who speaks up late is heard: stage %s round %d", c.Stage, c.Round)
	}
}

// again2 is a case in its second round, with all that a first round leaves behind.
func again2(t *testing.T) *file {
	c := at(t, Drafting)
	c.facts.Draft = change(both(classed("B", PointSolved, PointPlanned), promise("年内完成", "2020-12-31")))
	for c.Stage != Answered {
		c.do(c.next())
	}
	c.on("2020-02-20")
	c.do(theDeputy, rating(NotSatisfied))
	c.facts.Draft.Version = 2
	return c
}

func TestR13DissatisfactionOpensARoundWithItsOwnClock(t *testing.T) {
	c := again2(t)
	if c.Stage != Assigning || c.Round != 2 {
		t.Fatalf("stage %s round %d", c.Stage, c.Round)
	}
	if due := c.ReplyDue(); due.Kind != RehandlingClock || due.Ref != "2" || due.Due() != day("2020-03-20") || !due.Open() {
		t.Errorf("the second round is due %+v", due)
	}
	if got := c.due(InternalClock); got != day("2020-03-10") || !c.Clock(InternalClock).Open() {
		t.Errorf("internally due %s", got)
	}
	var fresh State
	for name, pair := range map[string][2]any{
		"consultation": {c.Consulted || c.Waived, false}, "attempts": {c.Attempts, 0}, "draft": {c.Draft, 0}, "hash": {c.DraftSHA256, ""},
		"drafter": {c.Drafter, PersonID("")}, "reviews": {len(c.Passed), 0}, "openness": {c.Openness, fresh.Openness},
		"signer": {c.Signer, PersonID("")}, "signed on": {c.SignedOn, fresh.SignedOn}, "number": {c.Number, fresh.Number},
		"dispatch": {c.DispatchedOn, fresh.DispatchedOn}, "publication": {c.PublishedOn, fresh.PublishedOn}, "told": {c.DraftTold, 0},
		"sent back": {c.ReturnedFrom, Stage("")}, "the first publication": {c.status(PublicationStrand, "1"), StrandCancelled},
		"the first rating": {c.status(FeedbackStrand, "1"), StrandDissatisfied}, "the promise": {c.status(CommitmentStrand, "1.1"), StrandPromised},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v in the second round, want %v", name, pair[0], pair[1])
		}
	}
	c.do(leaderInCharge, &Instruction{})
	c.do(head, &DivisionRefusal{Reason: "不属职责", Suggested: other})
	c.refused(ReturnDecided, liaison, returnRequest()) // the window was the first round's
	for c.Stage != Consulting {
		c.do(c.next())
	}
	for c.Stage != Answered {
		c.do(c.next())
	}
	if c.status(FeedbackStrand, "2") != StrandAsked || c.status(PublicationStrand, "2") != StrandUnpublished || c.Clock(RehandlingClock).Open() {
		t.Errorf("strands %+v", c.Strands)
	}
	c.refused(NotUnderWay, publisher, &PublicationOrder{StrandTarget: StrandTarget{"1"}, SHA256: c.DraftSHA256})
	c.do(theDeputy, rating(NotSatisfied))
	if c.Stage != ReportingUp || c.Round != 2 {
		t.Fatalf("after the last round: stage %s round %d, want up to the congress", c.Stage, c.Round)
	}
	c.do(liaison, &UpwardReport{To: "市人大", Text: "两次不满意"})
	c.do(liaison, &ClosureNote{})
	if c.Stage != Closed || c.status(PublicationStrand, "2") != StrandUnpublished {
		t.Errorf("stage %s, publication %s: the last reply is still to be published", c.Stage, c.status(PublicationStrand, "2"))
	}
	taskFor(t, c, AskToPublish)
}

func TestR13OnlyTheResultCounts(t *testing.T) {
	c := at(t, Answered)
	c.do(theDeputy, &Feedback{Source: FeedbackFromDeputy, Attitude: NotSatisfied, Result: BasicallySatisfied})
	if c.Stage != Answered || c.Round != 1 || c.status(FeedbackStrand, "1") != StrandRated {
		t.Errorf("stage %s round %d", c.Stage, c.Round)
	}
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	if c.Stage != Closing {
		t.Error("both are settled, and the case does not go on")
	}
}

func TestR14CommitmentsOutliveClosure(t *testing.T) {
	c := at(t, Drafting)
	c.facts.Draft = change(both(classed("B", PointSolved, PointPlanned), both(promise("年内完成", "2020-12-31"), both(promise("尽快", ""), promise("二期", "2021-06-30")))))
	for c.Stage != Closed {
		c.do(c.next())
	}
	if c.status(CommitmentStrand, "1.1") != StrandPromised || c.status(CommitmentStrand, "1.2") != "none" || c.status(CommitmentStrand, "1.3") != StrandPromised || c.Finished() {
		t.Fatalf("strands %+v", c.Strands)
	}
	clock := c.ClockOf(CommitmentClock, "1.1")
	if clock.Due() != day("2020-12-31") || !clock.Armed() || clock.Rule != RulePromised {
		t.Fatalf("clock %+v", clock)
	}
	if task := taskFor(t, c, AskToKeepPromise); task.Person != handler.ID || TaskDue(task, c.State) != day("2020-12-31") {
		t.Errorf("task %+v due %s", task, TaskDue(task, c.State))
	}
	c.rings(day("2020-12-31").End(), CommitmentClock, "1.1")
	c.on("2021-01-04")
	first := StrandTarget{"1.1"}
	c.do(handler, &Milestone{first, "已立项"})
	c.refused(Forbidden, handler, &CommitmentChange{StrandTarget: first, DueOn: day("2021-03-31"), Explanation: "规划调整"})
	c.wrong("due_on", DayInPast, head, &CommitmentChange{StrandTarget: first, DueOn: day("2021-01-04"), Explanation: "规划调整"})
	c.wrong("explanation", FieldRequired, head, &CommitmentChange{StrandTarget: first, DueOn: day("2021-03-31"), Explanation: ""})
	c.do(head, &CommitmentChange{StrandTarget: first, DueOn: day("2021-03-31"), Explanation: "规划调整"})
	clock = c.ClockOf(CommitmentClock, "1.1")
	if clock.Due() != day("2021-03-31") || clock.Shifts[0].Why != ShiftByChange || !clock.Rung.IsZero() || !clock.Armed() {
		t.Errorf("changed: %+v", clock)
	}
	c.refused(NotUnderWay, handler, &SecondReply{StrandTarget: first, Mode: DispatchByPost, Text: "已兑现"})
	c.do(handler, &Fulfilment{first, "已建成"})
	if c.ClockOf(CommitmentClock, "1.1").Open() || c.Finished() {
		t.Error("fulfilled: the clock is met, the second reply is owed")
	}
	taskFor(t, c, AskToReplyAgain)
	c.refused(Forbidden, otherHand, &SecondReply{StrandTarget: first, Mode: DispatchByPost, Text: "已兑现"})
	c.do(handler, &SecondReply{StrandTarget: first, Mode: DispatchByPost, Text: "已兑现"})
	second := StrandTarget{"1.3"}
	c.do(handler, &Fulfilment{second, "已建成"})
	c.do(head, &SecondReply{StrandTarget: second, Mode: DispatchByPost, Text: "已兑现"})
	if !c.Finished() || c.status(CommitmentStrand, "1.3") != StrandReplied {
		t.Error("all is kept and answered, and the case is not finished")
	}
}

// A later round may be another division's; the promise of the first stays with whoever made it.
func TestR14APromiseStaysWithWhoeverMadeIt(t *testing.T) {
	c := again2(t)
	c.do(leaderInCharge, &SendingBack{To: Registered, Reason: "换处室"})
	c.do(liaison, &RoutingOpinion{Lead: other})
	c.do(leaderInCharge, &Instruction{})
	c.do(otherHead, &Acceptance{Handler: otherHand.ID})
	c.refused(Forbidden, otherHand, &Fulfilment{StrandTarget{"1.1"}, "已建成"})
	c.refused(Forbidden, otherHead, &CommitmentChange{StrandTarget: StrandTarget{"1.1"}, DueOn: day("2021-03-31"), Explanation: "规划调整"})
	c.do(handler, &Fulfilment{StrandTarget{"1.1"}, "已建成"})
	c.do(head, &SecondReply{StrandTarget{"1.1"}, DispatchByPost, "已兑现"})
}

func TestR15MergedCasesAreAnsweredApart(t *testing.T) {
	c := at(t, Drafting)
	merge := &Merging{With: "leader", Reason: "同一事项"}
	c.wrong("with", UnknownValue, liaison, merge)
	c.facts.OtherCase = "this"
	c.wrong("with", CaseItself, liaison, merge)
	c.facts.OtherCase = "leader"
	c.refused(Forbidden, handler, merge)
	before := c.State
	c.do(liaison, merge)
	if c.Merged != "leader" || c.Stage != before.Stage || !reflect.DeepEqual(c.Clocks, before.Clocks) {
		t.Errorf("merged with %q: %+v", c.Merged, c.State)
	}
	c.refused(AlreadyUnderWay, liaison, merge)
	for c.Stage != Numbering {
		c.do(c.next())
	}
	c.do(liaison, &NumberAssignment{})
	c.do(liaison, &Unmerging{Reason: "事项不同"})
	c.refused(NotUnderWay, liaison, &Unmerging{Reason: "事项不同"})
	c.do(c.next())
	if c.Number.Serial != 12 || c.status(FeedbackStrand, "1") != StrandAsked || c.Merged != "" {
		t.Error("a merged case has its own number, reply and rating")
	}
	c.refused(NotInStage, liaison, merge)
}

func TestR15NoProposerIsLeftOut(t *testing.T) {
	c := at(t, Dispatching)
	c.facts.Proposers = []string{"倪琛善", "赵一"}
	c.wrong("recipients", CoSignerLeftOut, liaison, &DispatchNote{Mode: DispatchByPost, Recipients: []string{"倪琛善"}})
	c.Body = assembly.CPPCC // there the lead passes it on
	c.do(liaison, &DispatchNote{Mode: DispatchByPost, Recipients: []string{"倪琛善"}})
	c.wrong("recipient", UnknownValue, liaison, &Receipt{Recipient: "旁人", Receipt: "挂号"})
	c.do(liaison, &Receipt{Recipient: "赵一", Receipt: "挂号"})
}

func TestR16SecrecyInTheMiddleOfACase(t *testing.T) {
	request := &SecrecyRequest{Reason: "代表要求", Cleared: []PersonID{peer.ID}}
	c := at(t, SignOff)
	c.refused(Forbidden, peer, request)
	c.do(handler, request)
	c.refused(AlreadyUnderWay, handler, request)
	if c.Openness != ClosedReply || !slices.Equal(c.Cleared, []PersonID{peer.ID}) {
		t.Errorf("openness %s after the request", c.Openness)
	}
	for c.Stage != Answered {
		c.do(c.next())
	}
	if c.status(PublicationStrand, "1") != StrandWithheld {
		t.Error("the reply waits for the publisher")
	}
	c.wrong("openness", PublicationBlocked, openness, &Reexamination{Openness: OpenReply, Reason: "理由消失"})

	c = at(t, Answered)
	c.do(theDeputy, rating(Satisfied))
	c.do(liaison, request)
	if c.Stage != Closing || c.status(PublicationStrand, "1") != StrandWithheld || c.ClockOf(PublicationClock, "1") != nil || c.ClockOf(ReexamineClock, "1") == nil {
		t.Errorf("stage %s, publication %s", c.Stage, c.status(PublicationStrand, "1"))
	}
	c.refused(NotUnderWay, publisher, &PublicationOrder{SHA256: c.DraftSHA256})

	// What is on the web already is taken down, in a later round too.
	c = at(t, Answered)
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.do(theDeputy, rating(NotSatisfied))
	before, a := c.State, act(liaison, request)
	c.doAction(liaison, a)
	if told := Notices(before, c.State, a, c.facts); len(told) != 1 || told[0].Kind != NoticeTakeDown || told[0].Role != Publisher {
		t.Errorf("told %+v", told)
	}
	if c.status(PublicationStrand, "1") != StrandTakenDown {
		t.Error("still on the web")
	}
	c.refused(NotUnderWay, publisher, &Takedown{StrandTarget{"1"}, "代表要求"})
	c = at(t, Answered)
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.do(liaison, request)
	c.wrong("redactions", PublicationBlocked, publisher, &Correction{Redactions: []string{"22项"}, Note: "更正"})
	c.State.Strand(PublicationStrand, "1").Status = StrandUnpublished
	c.wrong("sha256", PublicationBlocked, publisher, &PublicationOrder{SHA256: c.DraftSHA256})
}

func TestR16NameIsMaskedForAllButThoseNamed(t *testing.T) {
	s := at(t, Drafting, secret, func(r *Registration) { r.Cleared = []PersonID{reviewer.ID} }).State
	for _, p := range []Person{liaison, head, handler, leaderInCharge, bureauHead, reviewer, peer.covering(handler)} {
		if !p.SeesName(s) {
			t.Errorf("%s does not read the name", p.ID)
		}
	}
	for _, p := range []Person{peer, otherHead, otherHand, openness, legal, otherLeader, publisher, supervisor, congress} {
		if p.SeesName(s) {
			t.Errorf("%s reads the name", p.ID)
		}
	}
	s.Secrecy = false
	if !peer.SeesName(s) {
		t.Error("nobody asked for secrecy, and the name is masked")
	}
	s = at(t, Registered, secret).State
	if (Person{ID: "x", Roles: []Role{DivisionHead}}).SeesName(s) {
		t.Error("who has no division is not of the lead one")
	}
}

func TestR17WithdrawalByAllEndsTheCaseFromAnyStage(t *testing.T) {
	for _, stage := range Stages {
		c := at(t, stage)
		c.facts.Proposers = []string{"倪琛善", "赵一"}
		letter := &Withdrawal{Letter: "撤回申请", Agreed: []string{"赵一", "倪琛善"}}
		if stage.Ended() {
			c.refused(NotInStage, liaison, letter)
			continue
		}
		c.refused(NotAllAgree, liaison, &Withdrawal{Letter: "撤回申请", Agreed: []string{"倪琛善"}})
		c.refused(Forbidden, leaderInCharge, letter)
		c.do(liaison, letter)
		if c.Stage != Withdrawn || !c.Finished() || c.ClosedOn != day("2020-02-10") || len(TasksOf(c.State, c.facts.Pack)) > 0 {
			t.Errorf("withdrawn in %s: %+v", stage, c.State)
		}
		if slices.ContainsFunc(c.Clocks, Clock.Open) {
			t.Errorf("withdrawn in %s, and clocks run on: %+v", stage, c.Clocks)
		}
	}
}

func TestR18FindingsBlockOrAreAcknowledgedByName(t *testing.T) {
	c := at(t, Drafting)
	c.facts.Entry = replytext.RegisterEntry{Key: registration().RegisterKey, Title: "关于缓解社工压力的建议", Deputies: []string{"倪琛善"}}
	submit := func(acks ...Acknowledgement) *Submission { in := c.submission(); in.Acks = acks; return in }
	c.facts.Draft.Body += "\n去年入户23.8人次。" // nobody may leave that as it is
	refusal := c.refused(DraftIncomplete, handler, submit())
	if len(refusal.Findings) != 1 || refusal.Findings[0].Code != TextMarked || refusal.Findings[0].Mark.Level != replytext.MandatoryMark {
		t.Fatalf("findings %+v", refusal.Findings)
	}
	key := refusal.Findings[0].Mark.Key()
	c.refused(DraftIncomplete, handler, submit(Acknowledgement{Finding: key, Reason: "统计口径"}))

	c.facts.Draft = change(func(d *Draft) { d.Body += "\n依据沈民函2020-12号。" }) // suspicious, may stand
	refusal = c.refused(DraftIncomplete, handler, submit())
	if len(refusal.Findings) != 1 || refusal.Findings[0].Mark.Level != replytext.ReminderMark {
		t.Fatalf("findings %+v", refusal.Findings)
	}
	key = refusal.Findings[0].Mark.Key()
	c.refused(DraftIncomplete, handler, submit(Acknowledgement{Finding: "another", Reason: "x"}))
	c.wrong("acks.0", FieldRequired, handler, submit(Acknowledgement{Finding: key, Reason: " "}))
	c.do(handler, submit(Acknowledgement{Finding: key, Reason: "原文如此"}))

	c = at(t, Drafting, late) // the reply of an old case was sent long ago
	c.facts.Draft.Body += "\n去年入户23.8人次。"
	c.do(handler, c.submission())
}

func TestR19WhoeverActedOnAStrandIsKept(t *testing.T) {
	c := asked(t)
	main := c.Last
	c.on("2020-02-12")
	c.do(otherHand, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "同意"})
	want := LastAct{Seq: c.Seq, Kind: WriteOpinion, By: otherHand.ID, At: c.facts.Now.UTC()}
	if got := c.Strand(OpinionStrand, string(other)).Last; got != want || c.Last != main {
		t.Errorf("strand %+v, main way %+v", got, c.Last)
	}
	if got := c.Strand(OpinionStrand, "u1").Last; got.Kind != AskOpinion || got.By != handler.ID {
		t.Errorf("who asked: %+v", got)
	}
	stale := act(otherHead, &OpinionApproval{StrandTarget: StrandTarget{string(other)}})
	stale.BaseSeq = c.Seq - 1
	if refusal := c.refusedAction(StaleForm, otherHead, stale); refusal.By != otherHand.ID || refusal.Did != WriteOpinion {
		t.Errorf("told %+v", refusal)
	}
	elsewhere := act(handler, &OpinionCancellation{StrandTarget{"u1"}, "不再需要"}) // another strand moved: that takes nothing away
	elsewhere.BaseSeq = c.Seq - 1
	c.doAction(handler, elsewhere)
	if refusal := c.refused(NotUnderWay, handler, &OpinionCancellation{StrandTarget{"u1"}, "不再需要"}); refusal.By != handler.ID || refusal.Status != StrandCancelled {
		t.Errorf("told %+v", refusal)
	}
}

func TestR02FirstContactHasALimit(t *testing.T) {
	c := at(t, Consulting)
	if got := c.due(FirstContactClock); got != day("2020-03-02") {
		t.Errorf("twenty working days after 2020-02-03 end on %s", got)
	}
	talk := reached()
	talk.At = day("2020-02-05").Start()
	c.do(handler, talk)
	if met := c.Clock(FirstContactClock).Met; met != day("2020-02-05") {
		t.Errorf("met on %s, want the day of the talk", met)
	}
	c = at(t, Consulting)
	for range 3 {
		c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer})
	}
	c.do(head, &ConsultationWaiver{Reason: "多次联系未果"})
	if c.Clock(FirstContactClock).Open() {
		t.Error("waived, and the clock still runs")
	}
}

func TestR08CapCountsFromTheAssignmentWhereADayWasNamed(t *testing.T) {
	c := at(t, Drafting, func(r *Registration) { r.DueOn = day("2020-06-30") })
	if e := c.wrong("until", DayAfterCap, handler, extension("2020-08-04")); e.Date != day("2020-08-03") {
		t.Errorf("six months after 2020-02-03 end on %s", e.Date)
	}
	c.do(handler, extension("2020-08-03"))
}

func TestR08SuspensionLeavesPromisesAlone(t *testing.T) {
	c := again2(t)
	for c.Stage != Drafting {
		c.do(c.next())
	}
	c.do(leaderInCharge, &SuspensionOrder{Reason: "等上级文件"})
	promised := c.ClockOf(CommitmentClock, "1.1")
	if !promised.Stopped.IsZero() || c.Clock(RehandlingClock).Stopped.IsZero() {
		t.Error("the promise stands still, or the rehandling does not")
	}
	c.on("2020-02-24")
	c.do(liaison, &Resumption{Reason: "文件已到"})
	if got := c.ClockOf(CommitmentClock, "1.1").Due(); got != day("2020-12-31") {
		t.Errorf("the promise is due %s", got)
	}
}

func TestR10AnEarlierRoundIsNotCorrected(t *testing.T) {
	c := at(t, Answered)
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.do(theDeputy, rating(NotSatisfied))
	for c.Stage != Answered {
		c.do(c.next())
	}
	c.refused(TextChanged, publisher, &Correction{StrandTarget: StrandTarget{"1"}, Redactions: []string{"22项"}, Note: "更正"}) // another text stands
}

func TestClosureEndsWhatIsOfTheCaseItself(t *testing.T) {
	c := at(t, Answered)
	c.facts.Pack.Stages = map[Stage]int{Closing: 2}
	for c.Stage != Closing {
		c.do(c.next())
	}
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	c.do(liaison, &ClosureNote{})
	if c.status(UrgeStrand, "1") != StrandCancelled || c.NextRing() != nil || len(TasksOf(c.State, c.facts.Pack)) > 0 {
		t.Errorf("closed, and still asked: %+v %+v", c.Strands, c.Clocks)
	}
}

func TestR05AskingAgainIsAnActOnThatOpinion(t *testing.T) {
	c := asked(t)
	c.do(handler, &OpinionCancellation{StrandTarget{string(other)}, "不再需要"})
	c.do(handler, &OpinionRequest{Division: other, Question: "还是需要"})
	if got := c.Strand(OpinionStrand, string(other)).Last; got.Kind != AskOpinion || got.Seq != c.Seq {
		t.Errorf("last act on it: %+v", got)
	}
	c = at(t, OfficeReview)
	c.do(reviewer, &AddedReviewer{Person: legal.ID, Reason: "涉及法规"})
	if got := c.Strand(AddedReviewStrand, string(legal.ID)).Last; got.Seq != c.Seq {
		t.Errorf("last act on it: %+v", got)
	}
}

func TestR08InternalDateIsCountedAgainWithTheLegalOne(t *testing.T) {
	c := at(t, Unregistered)
	limits := maps.Clone(c.facts.Pack.Limits)
	limit := limits[LimitInternal]
	limit.WorkdaysBefore = 3
	limits[LimitInternal] = limit
	c.facts.Pack.Limits, c.facts.Calendar = limits, years(t, 2019)
	for c.Stage != Drafting {
		c.do(c.next())
	}
	if got := c.due(InternalClock); got != day("2020-04-29") {
		t.Fatalf("by weekends alone: %s", got)
	}
	c.rings(day("2020-04-30").Start(), InternalClock, "")
	c.facts.Calendar = calendar.National()
	c.doAction(Person{}, Action{ID: "r", Kind: Recount, Input: &Recounting{}})
	if got := c.Clock(InternalClock); got.Due() != day("2020-04-28") || !got.Rung.IsZero() || !got.Armed() {
		t.Errorf("counted again: %+v, want 2020-04-28, wound anew", got)
	}
}

func TestR09EscalationFollowsTheDuty(t *testing.T) {
	c := asked(t)
	told := c.rings(day("2020-03-11").Start().Add(9*time.Hour), OpinionClock, string(other))
	if last := told[len(told)-1]; last.Kind != NoticeEscalate || last.Role != DivisionHead || last.Division != other {
		t.Errorf("told %+v, want the head of the division that owes the opinion", told)
	}
	c = at(t, Answered) // no stage task: whoever handled it
	before, a := c.State, act(supervisor, &UrgeNote{Text: "请抓紧"})
	c.doAction(supervisor, a)
	if told := Notices(before, c.State, a, c.facts); told[0].Person != handler.ID {
		t.Errorf("told %+v", told)
	}
	c = at(t, Registered, func(r *Registration) { r.HandlingType = ReadingOnly })
	if task, _ := MainTask(c.State, c.facts.Pack); !TaskDue(task, c.State).IsZero() {
		t.Error("no clock runs, and the task is due")
	}
}

func TestR13ShortRoundsLeaveNoRoomForADateOfTheBureaus(t *testing.T) {
	c := at(t, Answered)
	limits := maps.Clone(c.facts.Pack.Limits)
	limits[LimitRehandling] = Limit{LimitCount: LimitCount{Workdays: 5}}
	c.facts.Pack.Limits = limits
	c.do(theDeputy, rating(NotSatisfied))
	if clock := c.Clock(InternalClock); clock.Due() != day("2020-02-17") || clock.Rule != LimitRehandling || c.ReplyDue().Due() != clock.Due() {
		t.Errorf("internally due %s by %q", clock.Due(), clock.Rule)
	}
	if r := c.Strand(FeedbackStrand, "1"); r.By != theDeputy.ID {
		t.Errorf("rated by %q", r.By)
	}
}

// toSignFor is an office whose pack wants receipt within two working days, before a case is on its register.
func toSignFor(t *testing.T) *file {
	c := before(t)
	pack := *c.facts.Pack
	pack.Limits = maps.Clone(pack.Limits)
	pack.Limits[LimitReceipt] = Limit{Name: "自交办之日起2个工作日内签收", LimitCount: LimitCount{Workdays: 2}}
	pack.Ladders = maps.Clone(pack.Ladders)
	pack.Ladders[string(ReceiptClock)] = Ladder{Before: []int{1}}
	c.facts.Pack = &pack
	return c
}

// What was assigned is signed for where the pack says by when (签收): the liaison is asked, reminded, and told that it is late.
func TestReceiptIsSignedFor(t *testing.T) {
	c := toSignFor(t)
	pack := c.facts.Pack
	r := registration()
	r.AssignedOn = c.facts.Today()
	c.do(liaison, r)
	clock := c.Clock(ReceiptClock)
	if clock == nil || clock.Span.Start != r.AssignedOn || clock.Span.N != 2 || clock.Rule != LimitReceipt {
		t.Fatalf("the clock is %+v", clock)
	}
	task := taskFor(t, c, AskToSignFor)
	if task.Role != Liaison || TaskDue(task, c.State) != clock.Due() {
		t.Errorf("task %+v, due %s, want %s", task, TaskDue(task, c.State), clock.Due())
	}
	if next := c.NextRing(); next.Kind != ReceiptClock {
		t.Errorf("%s rings first", next.Kind)
	}
	bell := c.rings(clock.RingsAt(), ReceiptClock, "1")
	if len(bell) != 1 || bell[0].Kind != NoticeRemind || bell[0].Role != Liaison {
		t.Errorf("the bell tells %+v", bell)
	}
	c.wrong("signed_on", DayBeforeStart, liaison, &SigningFor{SignedOn: r.AssignedOn.AddDays(-1)})
	c.wrong("signed_on", DayInFuture, liaison, &SigningFor{SignedOn: c.facts.Today().AddDays(1)})
	c.refused(Forbidden, handler, &SigningFor{SignedOn: r.AssignedOn})
	c.do(liaison, &SigningFor{SignedOn: r.AssignedOn})
	if c.status(ReceiptStrand, "1") != StrandReceived || c.Clock(ReceiptClock).Met != r.AssignedOn || c.Stage != Registered {
		t.Errorf("%s, met %s, %s", c.status(ReceiptStrand, "1"), c.Clock(ReceiptClock).Met, c.Stage)
	}
	for _, other := range []struct {
		pack *Pack
		late bool
	}{{before(t).facts.Pack, false}, {pack, true}} {
		c := before(t)
		c.facts.Pack = other.pack
		r := registration()
		r.Late = other.late
		c.do(liaison, r)
		if len(c.StrandsOf(ReceiptStrand)) > 0 || c.Clock(ReceiptClock) != nil {
			t.Errorf("late %v: somebody is asked to sign for it", other.late)
		}
	}
}
