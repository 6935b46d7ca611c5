package proposal

import (
	"slices"
	"testing"
	"time"
)

// Recall, proxies, transfers, countersigning, urging: what has no number in domain §6.

func TestRecallTakesBackOnesOwnLastStep(t *testing.T) {
	// Where each recallable step is taken; those of the way on are next's.
	before := map[Kind]Stage{
		ProposeAssignment: Registered, RequestReturn: Registered, EndorseReturn: ReturnReview, ApproveAssignment: Assigning, Accept: Accepting,
		Refuse: Accepting, Waive: Consulting, Submit: Drafting, PassReview: OfficeReview, DecideOpenness: OpennessReview, SendBack: SignOff,
		Sign: SignOff,
	}
	for _, kind := range recallable {
		c := at(t, before[kind])
		by, in := c.next0(kind)
		for kind == Waive && c.Attempts < 3 {
			c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer})
		}
		was := c.State
		c.do(by, in)
		c.refused(StepNotYours, supervisor.with(Liaison, LeaderInCharge), &Recalling{})
		task, ok := MainTask(c.State, c.facts.Pack)
		if !ok {
			t.Fatalf("after %s nobody is asked", kind)
		}
		c.facts.Claims = map[TaskKey]PersonID{task.Key(): colleague.ID}
		c.refused(ClaimedByOther, by, &Recalling{})
		c.facts.Claims = nil
		form := act(by, &Recalling{Reason: "点错了"})
		form.BaseSeq = c.Seq
		c.doAction(by, form)
		want := was
		want.Seq, want.Last, want.Prior = was.Seq+2, LastAct{Seq: was.Seq + 2, Kind: Recall, By: by.ID, At: c.facts.Now.UTC()}, nil
		if encoded(c.State) != encoded(want) {
			t.Errorf("%s recalled:\n%s\nwant\n%s", kind, encoded(c.State), encoded(want))
		}
		c.refused(StepNotYours, by, &Recalling{}) // a recall is not recalled
		c.do(by, in)
	}
	for _, stage := range []Stage{Answered, Closing, Closed} {
		c := at(t, stage)
		if slices.ContainsFunc(Offers(c.State, liaison, c.facts.Pack), func(o Offer) bool { return o.Kind == Recall }) {
			t.Errorf("what has left the bureau can be recalled in %s", stage)
		}
	}
}

// next0 is the recallable step of the kind.
func (c *file) next0(kind Kind) (Person, Input) {
	switch kind {
	case RequestReturn, EndorseReturn:
		return c.towards(Returned)
	case Refuse:
		return head, &DivisionRefusal{Reason: "不属职责", Suggested: other}
	case Waive:
		return head, &ConsultationWaiver{Reason: "多次联系未果"}
	case SendBack:
		return leaderInCharge, &SendingBack{To: Drafting, Reason: "再改"}
	}
	return c.next()
}

func TestRecallIsOverWhenAnybodyActed(t *testing.T) {
	c := at(t, DivisionReview)
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	c.refused(StepNotYours, handler, &Recalling{})

	c = at(t, DivisionReview)
	c.do(head, &ReviewPass{})
	c.refused(StepNotYours, handler, &Recalling{})
	c.do(head, &Recalling{})
	c.refused(StepNotYours, handler, &Recalling{}) // nor is the step before
}

func TestRecallKeepsBellsAndWhatWasSentBack(t *testing.T) {
	c := at(t, DivisionReview)
	c.do(head, &SendingBack{To: Drafting, Reason: "再改"})
	c.do(handler, c.submission())
	c.on("2020-04-29") // two bells of the internal clock and one of the reply ring meanwhile
	c.rings(c.facts.Now, InternalClock, "")
	c.rings(c.facts.Now, ReplyClock, "")
	bells := c.Clock(InternalClock).Bells
	c.do(handler, &Recalling{})
	if c.ReturnedFrom != DivisionReview {
		t.Errorf("returned from %q, want as before the step", c.ReturnedFrom)
	}
	if clock := c.Clock(InternalClock); clock.Bells != bells || clock.Rung.IsZero() || c.Clock(ReplyClock).Bells != 1 {
		t.Errorf("bells that rang have rung: %+v", clock)
	}

	c = at(t, DivisionReview) // a stage that comes back keeps the limit that it had
	limit := c.Clock(StageClock).Due()
	c.do(head, &ReviewPass{})
	c.on("2020-02-13")
	c.do(head, &Recalling{})
	if got := c.Clock(StageClock); got.Ref != string(DivisionReview) || got.Due() != limit {
		t.Errorf("limit of the stage: %+v, want %s", got, limit)
	}
}

func TestProxyActsForWhoeverIsAway(t *testing.T) {
	c := at(t, DivisionReview)
	standIn := otherHead.covering(head)
	a := act(standIn, &ReviewPass{})
	c.refused(Forbidden, standIn, &ReviewPass{}) // in one's own name the other division is not one's own
	a.For = leaderInCharge.ID
	if refusal := c.refusedAction(NotACover, standIn, a); refusal.By != leaderInCharge.ID {
		t.Errorf("told %q", refusal.By)
	}
	a.For = head.ID
	offered := slices.ContainsFunc(Offers(c.State, standIn, c.facts.Pack), func(o Offer) bool { return o.Kind == PassReview && o.For == head.ID })
	if !offered || !standIn.SeesAll(c.State) {
		t.Error("the page does not offer what the proxy may do")
	}
	c.doAction(standIn, a)
	if c.Passed[0].By != standIn.ID {
		t.Errorf("passed by %q, want whoever did it", c.Passed[0].By)
	}
}

func TestNobodyEvadesTheFourPersonRuleByActingForAnother(t *testing.T) {
	forOther := func(by, other Person, in Input) (Person, Action) {
		a := act(by.covering(other), in)
		a.For = other.ID
		return by.covering(other), a
	}
	c := at(t, DivisionReview)
	by, a := forOther(handler, head, &ReviewPass{})
	c.refusedAction(OwnDraft, by, a)
	if slices.ContainsFunc(Offers(c.State, by, c.facts.Pack), func(o Offer) bool { return o.Kind == PassReview }) {
		t.Error("the drafter is offered the review for the head")
	}
	c = at(t, SignOff)
	by, a = forOther(reviewer, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	c.refusedAction(OwnReview, by, a)
	by, a = forOther(supervisor, reviewer.with(LeaderInCharge, BureauHead), &Signature{SHA256: c.DraftSHA256}) // nor through one who reviewed
	by.Covers[0].Field = []DivisionID{leading}
	c.refusedAction(OwnReview, by, a)
	c = at(t, Answered)
	by, a = forOther(leaderInCharge, publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	c.refusedAction(OwnSignature, by, a)

	c = at(t, Accepting)
	by, a = forOther(peer, head, &Acceptance{Handler: peer.ID})
	c.wrongAction("handler", HandlerReviewsIt, by, a)
	by, a = forOther(otherHead, head, &Acceptance{Handler: head.ID})
	c.facts.Named = head.with(Handler)
	c.wrongAction("handler", HandlerReviewsIt, by, a)
}

func TestThePrincipalOfAPrincipalGivesNothing(t *testing.T) {
	middle := otherHead.covering(head)
	by := otherHand.covering(middle)
	a := act(by, &ReviewPass{})
	a.For = head.ID
	c := at(t, DivisionReview)
	c.refusedAction(NotACover, by, a)
	if p, ok := by.As(middle.ID); !ok || len(p.Covers) > 0 {
		t.Errorf("rights go over twice: %+v", p)
	}
	a.For = middle.ID
	c.refusedAction(Forbidden, by, a)
}

func TestReassignment(t *testing.T) {
	c := at(t, Drafting)
	in := func(p Person) *Reassignment { return &Reassignment{Handler: p.ID, Reason: "休假"} }
	c.wrong("handler", NotInBureau, head, in(handler)) // has it already
	c.wrong("handler", NotInBureau, head, in(otherHand))
	c.wrong("handler", NotInBureau, head, in(head))
	c.facts.Named = head.with(Handler)
	c.wrong("handler", HandlerReviewsIt, c.facts.Named, in(head))
	c.facts.Named = Person{}
	c.refused(Forbidden, otherHead, in(peer))
	c.refused(Forbidden, handler, in(peer))
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	clocks := c.due(ReplyClock)
	c.do(head, in(peer))
	if c.Handler != peer.ID || c.Stage != Drafting || c.due(ReplyClock) != clocks {
		t.Errorf("handler %q in %s", c.Handler, c.Stage)
	}
	if task := taskFor(t, c, AskToAnswerUrge); task.Person != peer.ID {
		t.Errorf("the urge is answered by %+v, want whoever has the case now", task)
	}
	c.refused(Forbidden, handler, c.submission())
	c.refused(Forbidden, handler, &UrgeAnswer{Text: "下周"})
	c.do(peer, &UrgeAnswer{Text: "下周"})
	c.do(peer, c.submission())
	c.refused(OwnDraft, peer.with(DivisionHead), &ReviewPass{})

	c = at(t, OfficeReview) // who reviewed it, or is to, does not write it
	c.facts.Named = Person{ID: head.ID, Roles: []Role{Handler}, Division: leading}
	c.wrong("handler", HandlerReviewsIt, head.with(), &Reassignment{Handler: head.ID, Reason: "x"})
	c.facts.Named = Person{}
	c.do(reviewer, &AddedReviewer{Person: peer.ID, Reason: "涉及法规"})
	c.wrong("handler", HandlerReviewsIt, head, in(peer))
}

// countersigned is a case in office review that the other division is to countersign.
func countersigned(t *testing.T) *file {
	c := at(t, Registered)
	c.do(liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other}})
	for c.Stage != Drafting {
		c.do(c.next())
	}
	c.do(handler, &OpinionRequest{Division: other, Question: "床位"})
	c.do(otherHead, &WrittenOpinion{Text: "同意"})
	c.do(c.next())
	c.do(c.next())
	return c
}

func TestCountersigningGatesTheSignature(t *testing.T) {
	c := countersigned(t)
	if c.Stage != OfficeReview || c.status(CountersignStrand, string(other)) != StrandAsked {
		t.Fatalf("stage %s, countersigning %s", c.Stage, c.status(CountersignStrand, string(other)))
	}
	for c.Stage != SignOff {
		c.do(c.next())
	}
	c.refused(ReviewsOpen, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	c.refused(Forbidden, otherHand, &Countersignature{})
	c.refused(Forbidden, head, &Countersignature{})
	c.do(otherHead, &Countersignature{})
	c.refused(OwnReview, otherHead.with(LeaderInCharge).inField(leading), &Signature{SHA256: c.DraftSHA256})
	c.do(leaderInCharge, &SendingBack{To: DivisionReview, Reason: "再看"})
	c.do(head, &ReviewPass{})
	if c.status(CountersignStrand, string(other)) != StrandPassed {
		t.Error("the text is the same: the countersignature stands")
	}

	c = countersigned(t)
	c.wrong("reason", FieldRequired, otherHead, &CountersignObjection{})
	c.do(otherHead, &CountersignObjection{Reason: "数字有误"})
	if c.Stage != Drafting || c.ReturnedFrom != OfficeReview || c.Draft != 0 || len(c.Passed) > 0 || c.status(CountersignStrand, string(other)) != "none" {
		t.Errorf("objected: %+v", c.State)
	}
	c.do(handler, c.submission())
	c.do(head, &ReviewPass{})
	if c.status(CountersignStrand, string(other)) != StrandAsked {
		t.Error("another text is not asked about anew")
	}

	c = countersigned(t)
	c.facts.Pack.CoHandling.Countersign = false
	c.do(reviewer, &SendingBack{To: Drafting, Reason: "再改"})
	c.do(handler, c.submission())
	c.do(head, &ReviewPass{})
	if c.status(CountersignStrand, string(other)) != "none" {
		t.Error("the pack wants no countersigning")
	}
}

func (p Person) inField(divisions ...DivisionID) Person { p.Field = divisions; return p }

func TestAddedReviewGatesTheSignature(t *testing.T) {
	c := at(t, OfficeReview)
	add := func(p PersonID) *AddedReviewer { return &AddedReviewer{Person: p, Reason: "涉及法规"} }
	c.wrong("person", NotInBureau, reviewer, add("nobody"))
	c.wrong("person", NotInBureau, reviewer, add(congress.ID))
	c.wrong("person", NotInBureau, reviewer, add(theDeputy.ID))
	c.wrong("person", HandlerReviewsIt, reviewer, add(handler.ID))
	c.wrong("person", HandlerReviewsIt, reviewer, add(head.ID)) // passed it already
	c.refused(OutsideField, otherHead, add(legal.ID))
	c.do(reviewer, add(legal.ID))
	c.refused(AlreadyUnderWay, reviewer, add(legal.ID))
	if task := taskFor(t, c, AskForAddedReview); task.Person != legal.ID || !legal.Sees(c.State) {
		t.Errorf("task %+v", task)
	}
	for c.Stage != SignOff {
		c.do(c.next())
	}
	c.refused(ReviewsOpen, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	c.refused(Forbidden, reviewer, &AddedPass{})
	c.do(legal, &AddedPass{})
	c.refused(OwnReview, legal.with(LeaderInCharge).inField(leading), &Signature{SHA256: c.DraftSHA256})
	c.do(leaderInCharge, &Signature{SHA256: c.DraftSHA256})

	c = at(t, OfficeReview)
	c.do(reviewer, add(otherHead.ID))
	c.do(otherHead, &AddedObjection{Reason: "不妥"})
	if c.Stage != Drafting || c.ReturnedFrom != OfficeReview || c.status(AddedReviewStrand, string(otherHead.ID)) != "none" {
		t.Errorf("objected: %+v", c.State)
	}
}

func TestDraftThatTheDeputyDidNotAgreeToIsNotSubmitted(t *testing.T) {
	c := at(t, Drafting)
	on := func(version int, reaction Reaction) *DraftConsultation {
		return &DraftConsultation{Version: version, Mode: PhoneContact, Reaction: reaction, Words: "措施太虚"}
	}
	c.refused(NotFound, handler, on(2, AgreesToDraft))
	c.wrong("words", FieldRequired, handler, &DraftConsultation{Version: 1, Mode: PhoneContact, Reaction: DisagreesWithDraft})
	c.do(handler, on(1, DisagreesWithDraft))
	refused := func() {
		t.Helper()
		if got := c.refused(DraftIncomplete, handler, c.submission()).Findings; len(got) != 1 || got[0].Code != DraftNotAgreed {
			t.Errorf("findings %+v", got)
		}
	}
	refused()
	c.do(handler, on(1, NoWordOnDraft)) // silence is not a change of mind
	refused()
	c.facts.Draft.Version = 2
	c.do(handler, on(2, AgreesToDraft)) // to another version
	c.facts.Draft.Version = 1
	refused()
	c.do(handler, on(1, AgreesToDraft))
	c.do(handler, c.submission())

	c = at(t, Drafting)
	c.do(handler, on(1, DisagreesWithDraft))
	c.facts.Draft = change(func(d *Draft) { d.Version, d.Body = 2, d.Body+"\n年内落实。" })
	c.do(handler, c.submission())
	at(t, Drafting, func(r *Registration) { r.HandlingType, r.LeadUnit = CoHandling, "市人社局" }).refused(NotForThisKind, handler, on(1, AgreesToDraft))
}

func TestForReadingOnly(t *testing.T) {
	c := at(t, Registered, func(r *Registration) { r.HandlingType = ReadingOnly })
	if len(c.Clocks) > 0 {
		t.Errorf("no reply is owed, and clocks run: %+v", c.Clocks)
	}
	c.refused(NotForThisKind, liaison, &RoutingOpinion{Lead: leading})
	c.refused(WindowClosed, liaison, returnRequest())
	c.wrong("divisions", NotInBureau, liaison, &ReadingNote{Divisions: []DivisionID{"tax"}})
	c.do(liaison, &ReadingNote{Divisions: []DivisionID{leading}})
	if c.Stage != Closing || !head.Sees(c.State) {
		t.Errorf("stage %s", c.Stage)
	}
	c.do(liaison, &ClosureNote{})
	if !c.Finished() {
		t.Error("read and filed, and not finished")
	}
	at(t, Registered).refused(NotForThisKind, liaison, &ReadingNote{Divisions: []DivisionID{leading}})
}

func TestSplitCaseAnswersItsOwnPointsOnly(t *testing.T) {
	c := at(t, Drafting, func(r *Registration) { r.HandlingType, r.Ours = SplitHandling, []int{2} })
	c.facts.Draft = change(func(d *Draft) { d.Answers = d.Answers[1:] })
	c.do(handler, c.submission())

	c = at(t, Consulting, func(r *Registration) { r.HandlingType = SplitHandling })
	talk := reached()
	talk.Ours = []int{1, 1}
	c.wrong("ours", FieldMalformed, handler, talk)
	talk.Ours = []int{1}
	c.do(handler, talk)
	c.facts.Draft = change(func(d *Draft) { d.Answers = d.Answers[1:] })
	if got := c.refused(DraftIncomplete, handler, c.submission()).Findings; got[0].Point != 1 || len(got) != 2 {
		t.Errorf("findings %+v", got)
	}
	c.facts.Draft = change(func(d *Draft) { d.Answers = d.Answers[:1] })
	talk.Ours[0] = 2 // the state keeps what was confirmed
	c.do(handler, c.submission())
}

func TestCoHandledCaseOwesAnOpinion(t *testing.T) {
	c := at(t, Accepting, func(r *Registration) { r.HandlingType, r.LeadUnit = CoHandling, "市人社局" })
	if c.due(ReplyClock) != day("2020-03-03") || c.Clock(FirstContactClock) != nil {
		t.Errorf("an opinion is due a month after the assignment, not %s", c.due(ReplyClock))
	}
	c.do(c.next())
	if c.Stage != Drafting {
		t.Fatalf("the deputy is the lead unit's to speak to, and the case is in %s", c.Stage)
	}
	c.facts.Draft = Draft{Version: 1, Body: "我局意见如下。", ContactName: "张琼", ContactPhone: "23468813"}
	for c.Stage != Closing {
		if c.Stage == OpennessReview {
			t.Fatal("an opinion is not published")
		}
		c.do(c.next())
	}
	if len(c.Strands) > 0 || c.Clock(ReplyClock).Open() {
		t.Errorf("strands %+v", c.Strands)
	}
	wrong := registration()
	wrong.HandlingType = CoHandling
	at(t, Unregistered).wrong("lead_unit", FieldRequired, liaison, wrong)
}

func TestUrgingIsThrottled(t *testing.T) {
	c := at(t, Drafting)
	urge := &UrgeNote{Text: "请抓紧"}
	for _, p := range []Person{handler, head, publisher, congress} {
		c.refused(Forbidden, p, urge)
	}
	c.refused(OutsideField, otherLeader, urge)
	before, a := c.State, act(supervisor, urge)
	c.doAction(supervisor, a)
	if told := Notices(before, c.State, a, c.facts); len(told) != 1 || told[0].Kind != NoticeUrge || told[0].Person != handler.ID {
		t.Errorf("told %+v", told)
	}
	c.on("2020-02-12")
	if refusal := c.refused(UrgedRecently, liaison, urge); refusal.Due != day("2020-02-13") {
		t.Errorf("told to wait until %s", refusal.Due)
	}
	c.on("2020-02-13")
	c.do(liaison, urge)
	c.do(head, &UrgeAnswer{StrandTarget{"1"}, "下周"})
	c.do(handler, &UrgeAnswer{Text: "下周"})
	if c.status(UrgeStrand, "1") != StrandAnswered || c.status(UrgeStrand, "2") != StrandAnswered || c.Stage != Drafting {
		t.Errorf("strands %+v", c.Strands)
	}
	for _, want := range []struct {
		stage Stage
		role  Role
	}{{Registered, Liaison}, {Accepting, DivisionHead}, {OfficeReview, OfficeReviewer}, {SignOff, LeaderInCharge}, {Numbering, Liaison}, {Answered, Handler}} {
		c := at(t, want.stage)
		c.do(supervisor, urge)
		if task := taskFor(t, c, AskToAnswerUrge); task.Role != want.role {
			t.Errorf("urged in %s: answered by %s, want %s", want.stage, task.Role, want.role)
		}
	}
}

func TestAnUrgeReachesWhoeverHoldsTheCase(t *testing.T) {
	c := at(t, Numbering)
	c.facts.Claims = map[TaskKey]PersonID{{Ask: AskOf(Numbering)}: liaison.ID}
	before, a := c.State, act(supervisor, &UrgeNote{Text: "请抓紧"})
	c.doAction(supervisor, a)
	if told := Notices(before, c.State, a, c.facts); len(told) != 1 || told[0].Person != liaison.ID || told[0].Role != Liaison {
		t.Errorf("told %+v, want the liaison who claimed it", told)
	}
	c.do(liaison, &UrgeAnswer{Text: "明天发出"})

	c = at(t, OfficeReview)
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	c.refused(Forbidden, legal, &UrgeAnswer{Text: "下周"})
	c.do(reviewer, &ReviewPass{})
	if task := taskFor(t, c, AskToAnswerUrge); !task.MayClaim(openness) && !task.MayClaim(legal) {
		t.Errorf("the case is in %s and %+v is asked to answer", c.Stage, task)
	}

	c = at(t, OfficeReview)
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	c.do(reviewer, &UrgeAnswer{Text: "今天核完"})
}

func TestStrandTasksAreClaimedByThoseWhoseTheyAre(t *testing.T) {
	c := asked(t)
	task := taskFor(t, c, AskForOpinion)
	if !task.MayClaim(otherHand) || task.MayClaim(handler) || TaskDue(task, c.State) != day("2020-03-10") {
		t.Errorf("task %+v due %s", task, TaskDue(task, c.State))
	}
	if task := taskFor(t, c, AskForOutsideOpinion); !task.MayClaim(liaison) || task.MayClaim(otherHand) {
		t.Errorf("task %+v", task)
	}
	c.facts.Claims = map[TaskKey]PersonID{task.Key(): "another"}
	if refusal := c.refused(ClaimedByOther, otherHand, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "同意"}); refusal.By != "another" {
		t.Errorf("told %q", refusal.By)
	}
	c.facts.Claims = map[TaskKey]PersonID{{AskForOpinion, "u1"}: "another"} // of another strand
	c.do(otherHand, &WrittenOpinion{StrandTarget: StrandTarget{string(other)}, Text: "同意"})
	// The clock of an opinion rings until it is given, and past the last bell the task still shows its date.
	for c.ClockOf(OpinionClock, string(other)).Armed() {
		c.rings(c.ClockOf(OpinionClock, string(other)).RingsAt(), OpinionClock, string(other))
	}
	if got := TaskDue(taskFor(t, c, AskToApproveOpinion), c.State); got != day("2020-03-10") {
		t.Errorf("due %s", got)
	}
}

func TestAssemblyOpensWhatItDecidesOn(t *testing.T) {
	if !congress.Sees(at(t, ReturnDecision).State) || congress.Sees(at(t, ReturnReview).State) {
		t.Error("the assembly sees a return while it is to decide on it")
	}
	c := at(t, Drafting)
	c.do(handler, extension("2020-06-30"))
	if congress.Sees(c.State) {
		t.Error("before the leader supports it an extension is the bureau's own")
	}
	c.do(leaderInCharge, &ExtensionEndorsement{})
	if !congress.Sees(c.State) || congress.SeesAll(c.State) {
		t.Error("the assembly sees an extension while it is to decide on it")
	}
}

func TestNoticesOfStrandsGoToTheirOwn(t *testing.T) {
	c := at(t, Answered)
	// The publisher, the deputy's silence and an urge all bear the number 1.
	c.do(supervisor, &UrgeNote{Text: "请抓紧"})
	clock := c.ClockOf(PublicationClock, "1")
	if told := c.rings(clock.RingsAt(), PublicationClock, "1"); told[0].Role != Publisher {
		t.Errorf("told %+v", told)
	}
	c.facts.Now = c.facts.Now.Add(time.Hour)
	if told := c.rings(day("2020-03-02").Start().Add(9*time.Hour), FeedbackClock, "1"); told[0].Role != Liaison {
		t.Errorf("told %+v", told)
	}
}
