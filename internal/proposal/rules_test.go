package proposal

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// The rules of domain §6, each under its number, then those that have none.

func TestR01RefusingDivisionKeepsTheOriginalDueDate(t *testing.T) {
	c := at(t, Accepting)
	due := c.due(ReplyClock)
	c.wrong("suggested", NotInBureau, head, &DivisionRefusal{Reason: "不属职责", Suggested: leading})
	c.wrong("suggested", NotInBureau, head, &DivisionRefusal{Reason: "不属职责", Suggested: "another_bureau"})
	c.wrong("reason", FieldRequired, head, &DivisionRefusal{Reason: "  ", Suggested: other})
	c.facts.Now = c.facts.Now.AddDate(0, 1, 0)
	c.do(head, &DivisionRefusal{Reason: "不属职责", Suggested: other})
	if c.Stage != Registered || c.ReturnedFrom != Accepting {
		t.Errorf("stage %q returned from %q, want back with the liaison", c.Stage, c.ReturnedFrom)
	}
	c.do(liaison, &RoutingOpinion{Lead: other})
	if got := c.due(ReplyClock); got != due {
		t.Errorf("the reply is due %s after a second routing, want %s as before", got, due)
	}
	if c.ReturnedFrom != "" {
		t.Errorf("still returned from %q after it went on", c.ReturnedFrom)
	}
}

func TestR02NoDraftWithoutConsultation(t *testing.T) {
	for _, attempt := range []struct {
		name string
		in   *Consultation
		want Stage
	}{
		{"no answer", &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer}, Consulting},
		{"call back", &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: day("2020-03-01").Start()}, Consulting},
		{"a letter reaches but is no talk", &Consultation{Mode: LetterContact, Outcome: ContactReached, Points: []string{"减负"}}, Consulting},
		{"telephone", reached(), Drafting},
		{"visit", &Consultation{Mode: VisitContact, Outcome: ContactReached, Points: []string{"减负"}}, Drafting},
	} {
		t.Run(attempt.name, func(t *testing.T) {
			c := at(t, Consulting)
			c.refused(NotInStage, handler, c.submission())
			c.do(handler, attempt.in)
			if c.Stage != attempt.want || c.Consulted != (attempt.want == Drafting) {
				t.Errorf("stage %q consulted %v, want %q", c.Stage, c.Consulted, attempt.want)
			}
		})
	}

	// Even a case that stands in drafting by some other way is held at the door to review.
	c := at(t, Drafting)
	c.Consulted = false
	refusal := c.refused(DraftIncomplete, handler, c.submission())
	if want := []Finding{{Code: NotConsulted}}; !reflect.DeepEqual(refusal.Findings, want) {
		t.Errorf("findings %v, want %v", refusal.Findings, want)
	}
}

func TestR02WaiverOnlyAfterNAttempts(t *testing.T) {
	c := at(t, Consulting)
	waiver := &ConsultationWaiver{Reason: "多次联系未果"}
	for attempt := range 3 {
		refusal := c.refused(TooFewAttempts, head, waiver)
		if refusal.Have != attempt || refusal.Need != 3 {
			t.Errorf("have %d need %d, want %d and 3", refusal.Have, refusal.Need, attempt)
		}
		c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer})
	}
	c.refused(Forbidden, handler, waiver)
	c.refused(Forbidden, otherHead, waiver)
	c.wrong("reason", FieldRequired, head, &ConsultationWaiver{})
	c.do(head, waiver)
	if c.Stage != Drafting || !c.Waived {
		t.Errorf("stage %q waived %v, want drafting under a waiver", c.Stage, c.Waived)
	}
	c.do(handler, c.submission())
}

func TestR02ConsultationIsOwedAnewAfterSendBack(t *testing.T) {
	c := at(t, DivisionReview)
	c.do(head, &SendingBack{To: Consulting, Reason: "要点不清"})
	if c.Consulted || c.Attempts != 0 {
		t.Errorf("consulted %v after %d attempts, want a new round", c.Consulted, c.Attempts)
	}
	c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer})
	if c.ReturnedFrom != DivisionReview {
		t.Error("a call that nobody answered ended the wait for what was sent back")
	}
	c.do(handler, reached())
	if c.ReturnedFrom != "" {
		t.Error("still marked as returned after it went on")
	}
}

func TestR03PointsAreConfirmedAtTheConsultation(t *testing.T) {
	c := at(t, Consulting)
	c.wrong("points", FieldRequired, handler, &Consultation{Mode: PhoneContact, Outcome: ContactReached})
	c.wrong("points.1", FieldRequired, handler, &Consultation{Mode: PhoneContact, Outcome: ContactReached, Points: []string{"减负", " "}})
}

// change is a draft that differs from the good one.
func change(f func(*Draft)) Draft {
	d := goodDraft()
	f(&d)
	return d
}

// classed is a draft of a class whose points have the statuses.
func classed(class string, statuses ...PointStatus) func(*Draft) {
	return func(d *Draft) {
		d.Class = class
		for i, s := range statuses {
			d.Answers[i].Status = s
		}
	}
}

func both(fs ...func(*Draft)) func(*Draft) {
	return func(d *Draft) {
		for _, f := range fs {
			f(d)
		}
	}
}

func promise(text, due string) func(*Draft) {
	return func(d *Draft) {
		p := replytext.Promise{Text: text}
		if due != "" {
			p.DueOn = day(due)
		}
		d.Commitments = append(d.Commitments, p)
	}
}

func reason(point int, text string) func(*Draft) {
	return func(d *Draft) { d.Answers[point-1].Reason = text }
}

// testDraft hands a changed draft in and wants exactly these findings.
func testDraft(t *testing.T, f func(*Draft), want ...Finding) {
	t.Helper()
	c := at(t, Drafting)
	c.facts.Draft = change(f)
	if len(want) == 0 {
		c.do(handler, c.submission())
		return
	}
	if got := c.refused(DraftIncomplete, handler, c.submission()).Findings; !reflect.DeepEqual(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
}

func TestR03EveryPointHasSectionAndStatus(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func(*Draft)
		want []Finding
	}{
		{"good", func(*Draft) {}, nil},
		{"no section", func(d *Draft) { d.Answers[1].Sections = nil }, []Finding{{Code: PointUnanswered, Point: 2}}},
		{"section past the end", func(d *Draft) { d.Answers[1].Sections = []int{5} }, []Finding{{Code: PointUnanswered, Point: 2}}},
		{"section before the start", func(d *Draft) { d.Answers[0].Sections = []int{-1} }, []Finding{{Code: PointUnanswered, Point: 1}}},
		{"no status", func(d *Draft) { d.Answers[0].Status = "" }, []Finding{{Code: PointWithoutStatus, Point: 1}}},
		{
			"unknown status", func(d *Draft) { d.Answers[0].Status = "done" },
			[]Finding{{Code: PointWithoutStatus, Point: 1}, {Code: ClassMismatch, Point: 1, Class: "A"}},
		},
		{
			"answer left out", func(d *Draft) { d.Answers = d.Answers[:1] },
			[]Finding{{Code: PointUnanswered, Point: 2}, {Code: PointWithoutStatus, Point: 2}},
		},
		{
			"no text at all", func(d *Draft) { d.Body = " \n\u3000\n" },
			[]Finding{{Code: BodyMissing}, {Code: PointUnanswered, Point: 1}, {Code: PointUnanswered, Point: 2}},
		},
		{"no contact", func(d *Draft) { d.ContactPhone = " " }, []Finding{{Code: ContactMissing}}},
	} {
		t.Run(test.name, func(t *testing.T) { testDraft(t, test.f, test.want...) })
	}
}

func TestR04ClassFollowsStatuses(t *testing.T) {
	dated := promise("年内完成试点", "2020-12-31")
	for _, test := range []struct {
		name string
		f    func(*Draft)
		want []Finding
	}{
		{"no class", classed(""), []Finding{{Code: ClassMissing}}},
		{"unknown class", classed("E"), []Finding{{Code: ClassMissing}}},
		{"A with a point under way", classed("A", PointSolved, PointUnderWay), []Finding{{Code: ClassMismatch, Point: 2, Class: "A"}}},
		{"B without commitment", classed("B", PointSolved, PointPlanned), []Finding{{Code: CommitmentMissing, Class: "B"}}},
		{"B with an undated commitment", both(classed("B", PointSolved, PointPlanned), promise("尽快完成", "")), []Finding{{Code: CommitmentMissing, Class: "B"}}},
		{"B with an empty commitment", both(classed("B", PointSolved, PointPlanned), promise(" ", "2020-12-31")), []Finding{{Code: CommitmentMissing, Class: "B"}}},
		{"B with a dated commitment", both(classed("B", PointSolved, PointPlanned), dated), nil},
		{"B with a point that is not feasible", both(classed("B", PointSolved, PointNotFeasible), dated), []Finding{{Code: ClassMismatch, Point: 2, Class: "B"}}},
		{"C without reason", classed("C", PointSolved, PointNotFeasible), []Finding{{Code: ReasonMissing, Point: 2, Class: "C"}}},
		{"C with a blank reason", both(classed("C", PointSolved, PointNotFeasible), reason(2, "\t")), []Finding{{Code: ReasonMissing, Point: 2, Class: "C"}}},
		{"C with a reason", both(classed("C", PointSolved, PointNotFeasible), reason(2, "缺少条件")), nil},
		{"C though all is solved", both(classed("C", PointSolved, PointSolved), reason(1, "先行先试")), []Finding{{Code: ReasonMissing, Point: 2, Class: "C"}}},
		{"D with a solved point", both(classed("D", PointSolved, PointNotOurs), reason(2, "属省级事权")), []Finding{{Code: ClassMismatch, Point: 1, Class: "D"}}},
		{"D with reasons", both(classed("D", PointNotFeasible, PointNotOurs), reason(1, "缺少条件"), reason(2, "属省级事权")), nil},
	} {
		t.Run(test.name, func(t *testing.T) { testDraft(t, test.f, test.want...) })
	}
}

func TestR06NumberOnlyAfterSignOff(t *testing.T) {
	for _, stage := range Stages {
		if stage == Numbering {
			continue
		}
		c := at(t, stage)
		c.refused(NotInStage, liaison, &NumberAssignment{})
	}
	c := at(t, Numbering)
	c.do(liaison, &NumberAssignment{})
	if got, want := c.Number.String(), "沈民函〔2020〕12号"; got != want {
		t.Errorf("number %q, want %q", got, want)
	}
}

func TestR06SeriesIsGapless(t *testing.T) {
	c := at(t, Numbering)
	if e := c.wrong("serial", SerialSkips, liaison, &NumberAssignment{Serial: 14}); e.Max != 12 {
		t.Errorf("told %d as the next free serial, want 12", e.Max)
	}
	c.wrong("serial", FieldMalformed, liaison, &NumberAssignment{Serial: -1})
	c.facts.SerialUsed = true
	c.wrong("serial", SerialTaken, liaison, &NumberAssignment{Serial: 12})
	c.facts.SerialUsed = false
	c.do(liaison, &NumberAssignment{Serial: 12})
}

// In most offices the number comes from the office-automation system, whose series has gaps for us; in some a reply bears none.
func TestR06WhoGivesTheNumber(t *testing.T) {
	given := func(c *file, by NumberGiver) *file {
		pack := *c.facts.Pack
		pack.Series = []NumberSeries{{Given: by}}
		if by != WithoutNumber {
			pack.Series[0].Code = "沈政函"
		}
		c.facts.Pack = &pack
		return c
	}
	c := given(at(t, Numbering), OutsideNumber)
	c.wrong("serial", FieldRequired, liaison, &NumberAssignment{})
	c.facts.SerialUsed = true
	c.wrong("serial", SerialTaken, liaison, &NumberAssignment{Serial: 87})
	c.facts.SerialUsed = false
	c.do(liaison, &NumberAssignment{Serial: 87})
	if got, want := c.Number.String(), "沈政函〔2020〕87号"; got != want {
		t.Errorf("number %q, want %q", got, want)
	}

	c = given(at(t, Numbering), WithoutNumber)
	c.wrong("serial", NoSerialGiven, liaison, &NumberAssignment{Serial: 1})
	c.do(liaison, &NumberAssignment{})
	if c.Stage != Dispatching || c.Number.String() != "" {
		t.Errorf("in %s with number %q, want to be sent without one", c.Stage, c.Number)
	}
	c.do(liaison, &DispatchNote{Mode: DispatchByPost})
	c.do(head, &ReplyCorrection{Reason: "数字有误"})
	if assembly := (Person{Roles: []Role{Assembly}}); !assembly.Sees(c.State) {
		t.Error("while a reply without a number is corrected, the assembly does not see the case that it has had a reply to")
	}
}

func TestR06TextCannotChangeAfterItWasRead(t *testing.T) {
	otherText := change(func(d *Draft) { d.Body += "。" }).SHA256()
	c := at(t, Drafting)
	c.refused(TextChanged, handler, &Submission{Version: 1, SHA256: otherText})
	c.refused(NotFound, handler, &Submission{Version: 2, SHA256: goodDraft().SHA256()})

	c = at(t, SignOff)
	c.refused(TextChanged, leaderInCharge, &Signature{SHA256: otherText})

	c = at(t, Answered)
	c.refused(TextChanged, publisher, &PublicationOrder{SHA256: otherText})
}

func TestR06ChangedTextVoidsSignature(t *testing.T) {
	c := at(t, Numbering)
	c.do(liaison, &SendingBack{To: Drafting, Reason: "日期写错"})
	if c.Signer != "" || !c.SignedOn.IsZero() || c.Draft != 0 || c.DraftSHA256 != "" || c.Openness != "" || len(c.Passed) > 0 {
		t.Errorf("signature, version or reviews outlived the return to drafting: %+v", c.State)
	}
	c.facts.Draft = change(func(d *Draft) { d.Version, d.Body = 2, d.Body+"\n感谢您的关心。" })
	for c.Stage != Numbering {
		c.do(c.next())
	}
	if c.DraftSHA256 != c.facts.Draft.SHA256() || c.Signer != leaderInCharge.ID {
		t.Error("the second version was not signed")
	}
}

func TestDraftHashCoversEverythingButTheVersion(t *testing.T) {
	base := goodDraft()
	if change(func(d *Draft) { d.Version = 9 }).SHA256() != base.SHA256() {
		t.Error("the version number is part of the hash")
	}
	for name, f := range map[string]func(*Draft){
		"body": func(d *Draft) { d.Body += " " }, "contact": func(d *Draft) { d.ContactName = "李" },
		"phone": func(d *Draft) { d.ContactPhone = "1" }, "answers": func(d *Draft) { d.Answers[0].Sections = []int{1} },
		"class": func(d *Draft) { d.Class = "B" }, "commitments": promise("x", "2020-12-31"),
		"openness": func(d *Draft) { d.Openness = ClosedReply }, "ground": func(d *Draft) { d.Ground = "security" },
		"reason": func(d *Draft) { d.Reason = "x" },
	} {
		if change(f).SHA256() == base.SHA256() {
			t.Errorf("a change of the %s leaves the hash as it was", name)
		}
	}
}

func TestR07SignerFollowsRulePack(t *testing.T) {
	c := at(t, SignOff)
	sign := &Signature{SHA256: c.DraftSHA256}
	if refusal := c.refused(WrongSigner, bureauHead, sign); refusal.Role != LeaderInCharge {
		t.Errorf("told %q to sign, want the leader in charge", refusal.Role)
	}
	c.refused(OutsideField, otherLeader, sign)
	c.refused(Forbidden, head, sign)
	c.do(leaderInCharge, sign)

	c = at(t, SignOff, keySupervised)
	if refusal := c.refused(WrongSigner, leaderInCharge, sign); refusal.Role != BureauHead {
		t.Errorf("told %q to sign a key case, want the bureau head", refusal.Role)
	}
	c.refused(WrongSigner, otherLeader, &SendingBack{To: Drafting, Reason: "重写"})
	c.do(bureauHead, sign)
	if c.Signer != bureauHead.ID || c.SignedOn != day("2020-02-10") {
		t.Errorf("signed by %q on %s", c.Signer, c.SignedOn)
	}
}

func TestR08DueDateIsAFunctionOfAssignment(t *testing.T) {
	for _, test := range []struct{ assigned, named, reply, internal string }{
		{"2020-02-03", "", "2020-05-06", "2020-04-22"},           // the worked example: Labour Day moves it
		{"2019-11-30", "", "2020-03-02", "2020-02-19"},           // no 30 February; the 29th is a Saturday
		{"2020-01-15", "", "2020-04-15", "2020-04-02"},           // Qingming lies between
		{"2020-02-03", "2020-08-31", "2020-08-31", "2020-08-19"}, // a day that the assigning body named
		{"2020-02-03", "2020-05-02", "2020-05-02", "2020-04-22"}, // named days do not move
		{"2020-02-03", "2020-02-12", "2020-02-12", "2020-02-12"}, // a named day that leaves no room for one of our own
	} {
		c := at(t, Assigning, func(r *Registration) {
			r.AssignedOn = day(test.assigned)
			if test.named != "" {
				r.DueOn = day(test.named)
			}
		})
		if got := c.due(ReplyClock); got != day(test.reply) {
			t.Errorf("assigned %s, named %q: reply due %s, want %s", test.assigned, test.named, got, test.reply)
		}
		if got := c.due(InternalClock); got != day(test.internal) {
			t.Errorf("assigned %s, named %q: internally due %s, want %s", test.assigned, test.named, got, test.internal)
		}
		if rule := c.Clock(ReplyClock).Rule; (rule == RuleNamedDay) != (test.named != "") {
			t.Errorf("assigned %s, named %q: the clock gives its rule as %q", test.assigned, test.named, rule)
		}
	}
}

func TestR08AssignmentDateIsInThePast(t *testing.T) {
	c := at(t, Unregistered)
	tomorrow := registration()
	tomorrow.AssignedOn = day("2020-02-11")
	c.wrong("assigned_on", DayInFuture, liaison, tomorrow)
	backwards := registration()
	backwards.DueOn = day("2020-02-02")
	c.wrong("due_on", DayBeforeStart, liaison, backwards)
	missing := registration()
	missing.AssignedOn = calendar.Date{}
	c.wrong("assigned_on", FieldRequired, liaison, missing)
}

func TestR08InternalDueDateLiesBetweenAssignmentAndLegalOne(t *testing.T) {
	c := at(t, Registered)
	routed := func(due string) *RoutingOpinion { return &RoutingOpinion{Lead: leading, InternalDue: day(due)} }
	if e := c.wrong("internal_due", DayAfterLegal, liaison, routed("2020-05-07")); e.Date != day("2020-05-06") {
		t.Errorf("measured against %s, want the legal date", e.Date)
	}
	c.wrong("internal_due", DayBeforeStart, liaison, routed("2020-02-02"))
	c.wrong("internal_due", DayInPast, liaison, routed("2020-02-09"))
	c.do(liaison, routed("2020-05-06"))
	if clock := c.Clock(InternalClock); clock.Rule != RuleChosenDay || clock.Due() != day("2020-05-06") {
		t.Errorf("internal clock %+v", clock)
	}
}

func TestR09AClockRingsOnceWhenItIsDue(t *testing.T) {
	c := at(t, Unregistered)
	c.facts.Pack.Ladders = nil // then a clock has one bell, its end
	for c.Stage != Drafting {
		c.do(c.next())
	}
	ring := Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: InternalClock}}
	endOfDay := day("2020-04-22").End()
	c.facts.Now = endOfDay.Add(-time.Nanosecond)
	c.refusedAction(ClockNotDue, Person{}, ring)
	c.facts.Now = endOfDay
	before := c.State
	c.doAction(Person{}, ring)
	if c.Stage != Drafting || c.Last != before.Last || !c.Clock(InternalClock).Rung.Equal(endOfDay) {
		t.Errorf("a ring moved the case or counted as a person's act: %+v", c.State)
	}
	if before.Clock(InternalClock).Rung.Equal(endOfDay) {
		t.Error("the ring reached into the earlier state")
	}
	c.refusedAction(ClockNotDue, Person{}, ring)
	c.refusedAction(Forbidden, liaison, Action{ID: "r", Kind: Ring, By: liaison.ID, Input: &RungClock{Clock: ReplyClock}})
	c.wrongAction("clock", UnknownValue, Person{}, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: "lunch"}})

	// A met clock rings no more.
	c = at(t, Closing)
	c.facts.Now = day("2021-01-01").Start()
	for _, kind := range ClockKinds {
		c.refusedAction(ClockNotDue, Person{}, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: kind}})
	}
	c = at(t, Closed)
	c.refusedAction(ClockNotDue, Person{}, ring)
}

func TestR10OpennessIsDecidedOnThatVersion(t *testing.T) {
	c := at(t, OpennessReview)
	c.wrong("openness", UnknownValue, openness, &OpennessDecision{})
	c.wrong("ground", FieldRequired, openness, &OpennessDecision{Openness: ClosedReply, Reason: "涉及第三方"})
	c.wrong("reason", FieldRequired, openness, &OpennessDecision{Openness: ClosedReply, Ground: "third_party"})
	c.wrong("ground", UnknownValue, openness, &OpennessDecision{Openness: ClosedReply, Ground: "embarrassing", Reason: "不便"})
	c.do(openness, &OpennessDecision{Openness: ClosedReply, Ground: "third_party", Reason: "涉及第三方"})
	for c.Stage != Closing {
		c.do(c.next())
	}
	if c.status(PublicationStrand, "1") != StrandWithheld || c.Clock(PublicationClock) != nil {
		t.Error("a publication clock runs on a reply that is not to be published")
	}

	for _, to := range []Stage{Consulting, Drafting, DivisionReview, OfficeReview, OpennessReview} {
		c := at(t, SignOff)
		c.do(leaderInCharge, &SendingBack{To: to, Reason: "再审"})
		if c.Openness != "" {
			t.Errorf("sent back to %s, the decision on openness still stands", to)
		}
	}
}

func TestR10ClosedProposalOfTheHandlerNeedsAGround(t *testing.T) {
	closed := func(d *Draft) { d.Openness = ClosedReply }
	grounded := func(d *Draft) { d.Ground, d.Reason = "security", "涉及公共安全" }
	testDraft(t, closed, Finding{Code: GroundMissing})
	testDraft(t, both(closed, func(d *Draft) { d.Ground, d.Reason = "whim", "不便" }), Finding{Code: GroundMissing})
	testDraft(t, both(closed, func(d *Draft) { d.Ground = "security" }), Finding{Code: GroundMissing})
	testDraft(t, both(closed, grounded))
}

func TestR11PublicationIsDueTwentyWorkdaysAfterDispatch(t *testing.T) {
	c := at(t, Answered)
	if got, want := c.due(PublicationClock), day("2020-03-09"); got != want {
		t.Errorf("dispatched 2020-02-10, publication due %s, want %s", got, want)
	}
	if met := c.Clock(ReplyClock).Met; met != day("2020-02-10") || c.Clock(InternalClock).Met != met {
		t.Error("dispatch did not stop the reply clocks")
	}
	c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
	if c.Clock(PublicationClock).Open() || c.status(PublicationStrand, "1") != StrandPublished || c.PublishedOn != day("2020-02-10") {
		t.Error("the publication clock still runs after publication")
	}
}

func TestR16SecrecyBlocksPublication(t *testing.T) {
	c := at(t, OpennessReview, secret)
	c.wrong("openness", PublicationBlocked, openness, &OpennessDecision{Openness: OpenReply})
	c.do(openness, &OpennessDecision{Openness: ClosedReply, Ground: "third_party", Reason: "代表要求保密"})
}

func TestR19ChainHashCoversEveryField(t *testing.T) {
	event := Event{
		CaseID: "c", No: 1, ActionID: "a", Kind: "sign", By: "p", At: time.Date(2020, 4, 22, 1, 2, 3, 4000, time.UTC),
		On: "2020-04-22", From: SignOff, To: Numbering, Input: []byte(`{"sha256":"00"}`),
	}
	sum := event.Hash("")
	if event.Hash("x") == sum {
		t.Error("the hash does not cover the event before")
	}
	for i := range reflect.TypeFor[Event]().NumField() {
		changed := event
		field := reflect.ValueOf(&changed).Elem().Field(i)
		switch v := field.Addr().Interface().(type) {
		case *int:
			*v++
		case *time.Time:
			*v = v.Add(time.Microsecond)
		default:
			if field.Kind() == reflect.String {
				field.SetString(field.String() + "x")
			} else {
				field.SetBytes([]byte(`{"sha256":"01"}`))
			}
		}
		if changed.Hash("") == sum {
			t.Errorf("a change of %s leaves the hash as it was", reflect.TypeFor[Event]().Field(i).Name)
		}
	}

	// What Postgres hands back hashes the same: microseconds, another zone.
	stored := event
	stored.At = event.At.Add(999 * time.Nanosecond).In(time.FixedZone("", 8*3600))
	if stored.Hash("") != sum {
		t.Error("nanoseconds or the zone of the time are part of the hash")
	}
	// The chain must be verifiable for years: this value may never change.
	const known = "65b3392af888651a562401766d243699a9d0a617030350f414272f232d6e2def"
	if sum != known {
		t.Errorf("hash %s, want %s: old chains no longer verify", sum, known)
	}
}

func TestR19LastActOfAPersonIsKept(t *testing.T) {
	c := at(t, Drafting)
	want := LastAct{Seq: 5, Kind: Contact, By: handler.ID, At: c.facts.Now.UTC()}
	if c.Seq != 5 || c.Last != want {
		t.Errorf("seq %d last %+v, want %+v", c.Seq, c.Last, want)
	}
}

// Drafter, reviewer, signer and publisher of one reply are four different people (domain §3), whatever roles one person has.
func TestFourPersonSeparation(t *testing.T) {
	all := []Role{Liaison, DivisionHead, Handler, OfficeReviewer, OpennessReviewer, LeaderInCharge, BureauHead, Publisher}
	everything := func(p Person) Person {
		p = p.with(all...)
		p.Division, p.Field = leading, []DivisionID{leading}
		return p
	}
	passes := map[Stage]bool{DivisionReview: true, OfficeReview: true, OpennessReview: true, SignOff: true, Answered: true}
	for _, stage := range Stages {
		for _, test := range []struct {
			person Person
			code   RefusalCode
			from   Stage // from this stage on the person is barred
			except []Stage
		}{
			{handler, OwnDraft, DivisionReview, nil},
			{head, OwnReview, SignOff, nil},
			{reviewer, OwnReview, SignOff, nil},
			{openness, OwnReview, SignOff, nil},
			{leaderInCharge, OwnSignature, Answered, nil},
		} {
			if !passes[stage] {
				continue
			}
			c := at(t, stage)
			_, in := c.next()
			by := everything(test.person)
			offered := slices.ContainsFunc(Offers(c.State, by, c.facts.Pack), func(o Offer) bool { return o.Kind == kindOf(in) })
			if stage.Before(test.from) {
				c.do(by, in)
			} else {
				c.refused(test.code, by, in)
			}
			if offered != stage.Before(test.from) {
				t.Errorf("%s to %s in stage %s: offered %v", kindOf(in), by.ID, stage, offered)
			}
		}
	}
}

func TestHandlerMayNotReviewBeforeAnythingIsDrafted(t *testing.T) {
	c := at(t, DivisionReview)
	c.Drafter = peer.ID // someone else wrote this version; the case is still the handler's
	by := handler.with(DivisionHead)
	c.refused(OwnDraft, by, &ReviewPass{})
}

func TestRolesStayInTheirDivisionAndField(t *testing.T) {
	for _, test := range []struct {
		stage Stage
		by    Person
		code  RefusalCode
	}{
		{Unregistered, head, Forbidden},
		{Registered, handler, Forbidden},
		{Assigning, otherLeader, OutsideField},
		{Assigning, liaison, Forbidden},
		{Accepting, otherHead, Forbidden},
		{Accepting, handler, Forbidden},
		{Consulting, peer, Forbidden},
		{Consulting, otherHead, Forbidden},
		{Drafting, peer, Forbidden},
		{Drafting, head, Forbidden},
		{DivisionReview, otherHead, Forbidden},
		{OfficeReview, head, Forbidden},
		{OpennessReview, reviewer, Forbidden},
		{SignOff, otherLeader, OutsideField},
		{Numbering, leaderInCharge, Forbidden},
		{Dispatching, publisher, Forbidden},
		{Answered, liaison, Forbidden},
		{Closing, supervisor, Forbidden},
	} {
		c := at(t, test.stage)
		_, in := c.next()
		c.refused(test.code, test.by, in)
	}
	at(t, Assigning).do(bureauHead, &Instruction{})
	at(t, Consulting).do(head, reached()) // the division head may stand in for an absent handler
}

func TestHandlerIsOfTheLeadDivision(t *testing.T) {
	c := at(t, Accepting)
	c.wrong("handler", NotInBureau, head, &Acceptance{Handler: "nobody"})
	for _, wrong := range []Person{otherHead.with(Handler), head, {ID: "roving", Roles: []Role{Handler}}} {
		c.facts.Named = wrong
		c.wrong("handler", NotInBureau, head, &Acceptance{Handler: wrong.ID})
	}
	c.facts.Named = peer
	c.wrong("handler", NotInBureau, head, &Acceptance{Handler: handler.ID})
	both := head.with(Handler)
	c.facts.Named = both
	c.wrong("handler", HandlerReviewsIt, both, &Acceptance{Handler: head.ID})
	c.facts.Named = Person{}
	c.do(head, &Acceptance{Handler: peer.ID})
	if c.Handler != peer.ID {
		t.Errorf("handler %q, want peer", c.Handler)
	}
}

func TestRoutingNamesDivisionsOfTheBureauOnceEach(t *testing.T) {
	c := at(t, Registered)
	c.wrong("lead", FieldRequired, liaison, &RoutingOpinion{})
	c.wrong("lead", NotInBureau, liaison, &RoutingOpinion{Lead: "tax"})
	c.wrong("co_handling", NotInBureau, liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{"tax"}})
	c.wrong("co_handling", FieldMalformed, liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other, leading}})
	c.wrong("co_handling", FieldMalformed, liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other, other}})
	c.wrong("co_handling", FieldTooLong, liaison, &RoutingOpinion{Lead: leading, CoHandling: make([]DivisionID, MaxList+1)})
	in := &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other}}
	c.do(liaison, in)
	in.CoHandling[0] = office
	if c.CoHandling[0] != other {
		t.Error("the state shares memory with the input")
	}
}

func TestSendBackTargets(t *testing.T) {
	for _, row := range Table {
		if row.Kind != SendBack {
			continue
		}
		by := map[Stage]Person{
			ReturnReview: leaderInCharge, Assigning: leaderInCharge, DivisionReview: head, OfficeReview: reviewer, LegalReview: legal, OpennessReview: openness,
			SignOff: leaderInCharge, Numbering: liaison,
		}[row.From]
		for _, to := range append([]Stage{"", "nowhere"}, Stages...) {
			c := at(t, row.From)
			in := &SendingBack{To: to, Reason: "再办"}
			if to == "" {
				c.wrong("to", FieldRequired, by, in)
				continue
			}
			if !slices.Contains(row.To, to) {
				c.wrong("to", StageNotEarlier, by, in)
				continue
			}
			c.wrong("reason", FieldRequired, by, &SendingBack{To: to})
			c.do(by, in)
			if c.Stage != to || c.ReturnedFrom != row.From {
				t.Errorf("sent back from %s to %s: stage %q returned from %q", row.From, to, c.Stage, c.ReturnedFrom)
			}
			if slices.ContainsFunc(c.Passed, func(p PassedReview) bool { return !p.Stage.Before(to) }) {
				t.Errorf("sent back to %s, its review or a later one still stands: %v", to, c.Passed)
			}
			if standing := to == SignOff; (c.Openness != "") != standing {
				t.Errorf("sent back to %s, openness %q", to, c.Openness)
			}
			for c.Stage != Closed { // no way back is a dead end
				c.do(c.next())
			}
		}
	}
}

func TestSendBackKeepsEarlierReviews(t *testing.T) {
	c := at(t, SignOff)
	c.do(leaderInCharge, &SendingBack{To: OfficeReview, Reason: "再核"})
	if want := []PassedReview{{DivisionReview, head.ID}}; !reflect.DeepEqual(c.Passed, want) {
		t.Errorf("passed %v, want %v", c.Passed, want)
	}
}

func TestStaleFormIsToldWhoActed(t *testing.T) {
	c := at(t, OfficeReview)
	stale := act(reviewer, &ReviewPass{})
	stale.BaseSeq = c.Seq - 1
	refusal := c.refusedAction(StaleForm, reviewer, stale)
	if refusal.By != head.ID || refusal.Did != PassReview || !refusal.At.Equal(c.facts.Now) || refusal.Stage != OfficeReview {
		t.Errorf("refusal %+v does not tell who won", refusal)
	}
	fresh := stale
	for _, unseen := range []int{-1, c.Seq + 1} {
		fresh.BaseSeq = unseen
		c.wrongAction("base_seq", FieldMalformed, reviewer, fresh)
	}
	fresh.BaseSeq = c.Seq
	c.doAction(reviewer, fresh)
	refusal = c.refusedAction(NotInStage, reviewer, fresh)
	if refusal.By != reviewer.ID || refusal.Stage != OpennessReview {
		t.Errorf("refusal %+v does not tell where the case is", refusal)
	}
}

// A clock that rings while a form lies open takes nothing away from it.
func TestBaseSeqCountsPersonsOnly(t *testing.T) {
	c := at(t, OfficeReview)
	form := act(reviewer, &ReviewPass{})
	form.BaseSeq = c.Seq
	c.facts.Now = day("2020-04-23").Start()
	c.doAction(Person{}, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: InternalClock}})
	c.doAction(reviewer, form)

	unsaid := act(openness, &OpennessDecision{Openness: OpenReply})
	unsaid.BaseSeq = 0
	c.doAction(openness, unsaid)
}

func TestClaimedByOther(t *testing.T) {
	c := at(t, Numbering)
	c.facts.Claims = map[TaskKey]PersonID{{Ask: AskOf(Numbering)}: colleague.ID}
	if refusal := c.refused(ClaimedByOther, liaison, &NumberAssignment{}); refusal.By != colleague.ID {
		t.Errorf("told that %q has it, want the colleague", refusal.By)
	}
	c.do(colleague, &NumberAssignment{})
}

func TestClaiming(t *testing.T) {
	for _, test := range []struct {
		name  string
		stage Stage
		by    Person
		want  bool
	}{
		{"liaison", Registered, colleague, true},
		{"without the role", Registered, head, false},
		{"leader in charge", Assigning, leaderInCharge, true},
		{"leader in charge of another field", Assigning, otherLeader, false},
		{"head of the division", Accepting, head, true},
		{"head of another division", Accepting, otherHead, false},
		{"it is the handler's by name", Drafting, handler, false},
		{"it is another handler's by name", Drafting, peer, false},
		{"office reviewer", OfficeReview, reviewer, true},
	} {
		c := at(t, test.stage)
		task, ok := MainTask(c.State, c.facts.Pack)
		if got := ok && task.MayClaim(test.by); got != test.want {
			t.Errorf("%s: may claim %v, want %v", test.name, got, test.want)
		}
	}
	if !MayRelease(colleague, colleague.ID) || !MayRelease(liaison, colleague.ID) || MayRelease(head, colleague.ID) {
		t.Error("a task is released by its claimant or the liaison, by nobody else")
	}
}

func TestOfficialDatesAreForLateRegistrations(t *testing.T) {
	on := func(by Person, in Input, date string) Action {
		a := act(by, in)
		a.On = day(date)
		return a
	}
	c := at(t, Unregistered)
	c.wrongAction("on", LateRegistrationOnly, liaison, on(liaison, registration(), "2020-02-05"))
	old := registration()
	old.Late = true
	c.wrongAction("on", DayInFuture, liaison, on(liaison, old, "2020-02-11"))
	c.wrongAction("on", DayBeforeStart, liaison, on(liaison, old, "2020-02-02"))
	c.doAction(liaison, on(liaison, old, "2020-02-05"))

	c = at(t, SignOff)
	sign := &Signature{SHA256: c.DraftSHA256}
	c.wrongAction("on", LateRegistrationOnly, leaderInCharge, on(leaderInCharge, sign, "2020-02-09"))
	c.doAction(leaderInCharge, on(leaderInCharge, sign, "2020-02-10")) // today is no lie

	c = at(t, SignOff, late)
	c.wrongAction("on", DayBeforeStart, leaderInCharge, on(leaderInCharge, sign, "2020-02-02"))
	c.doAction(leaderInCharge, on(leaderInCharge, sign, "2020-02-06"))
	c.doAction(liaison, on(liaison, &NumberAssignment{}, "2020-02-06"))
	send := &DispatchNote{Mode: DispatchByPost}
	if refusal := c.refusedAction(InvalidInput, liaison, on(liaison, send, "2020-02-05")); refusal.Fields[0].Date != day("2020-02-06") {
		t.Errorf("a reply sent before it was signed: %+v", refusal.Fields)
	}
	c.doAction(liaison, on(liaison, send, "2020-02-07"))
	c.doAction(publisher, on(publisher, &PublicationOrder{SHA256: c.DraftSHA256}, "2020-02-07"))
	c.doAction(theDeputy, on(theDeputy, rating(Satisfied), "2020-02-08"))
	c.doAction(liaison, on(liaison, &ClosureNote{}, "2020-02-08"))
	if c.SignedOn != day("2020-02-06") || c.DispatchedOn != day("2020-02-07") || c.PublishedOn != day("2020-02-07") || c.ClosedOn != day("2020-02-08") {
		t.Errorf("official dates %s %s %s %s", c.SignedOn, c.DispatchedOn, c.PublishedOn, c.ClosedOn)
	}
	if !c.Last.At.Equal(c.facts.Now) {
		t.Error("the event's own time is not the true one")
	}
}

func TestLateRegistrationShowsOldClocksAndDoesNotRingThem(t *testing.T) {
	register := func(t *testing.T, now string, isLate bool) *file {
		c := at(t, Unregistered)
		c.facts.Now = day(now).Start()
		r := registration()
		r.Late, r.Sure = isLate, true
		c.do(liaison, r)
		c.do(liaison, &RoutingOpinion{Lead: leading})
		return c
	}
	c := register(t, "2026-11-24", true)
	if c.NextRing() != nil || c.DueNow() == nil || c.due(ReplyClock) != day("2020-05-06") {
		t.Errorf("clocks %+v: want them shown and silent", c.Clocks)
	}
	c.refusedAction(ClockNotDue, Person{}, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: ReplyClock}})

	c = register(t, "2026-11-24", false)
	if c.NextRing() == nil || !c.Overdue(day("2026-11-24")) {
		t.Error("an ordinary case registered too late must ring at once")
	}
	c = register(t, "2020-05-06", true)
	if next := c.NextRing(); next == nil || next.Kind != ReplyClock {
		t.Error("a late registration whose last day is today must still ring")
	}

	// The reply of an old case bears its own year and number.
	c = at(t, Numbering, late)
	c.facts.Now = day("2026-11-24").Start()
	number := act(liaison, &NumberAssignment{Serial: 7})
	number.On = day("2020-04-22")
	c.doAction(liaison, number)
	if got, want := c.Number.String(), "沈民函〔2020〕7号"; got != want {
		t.Errorf("number %q, want %q", got, want)
	}
	c.refused(NotInStage, liaison, &NumberAssignment{Serial: 7})
}

func TestConsultationTimes(t *testing.T) {
	c := at(t, Consulting)
	talk := func(at time.Time) *Consultation {
		v := reached()
		v.At = at
		return v
	}
	c.wrong("at", DayInFuture, handler, talk(c.facts.Now.Add(time.Minute)))
	c.wrong("at", DayBeforeStart, handler, talk(day("2020-02-02").End().Add(-time.Second)))
	c.wrong("call_back_at", FieldRequired, handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack})
	c.wrong("call_back_at", DayInPast, handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: c.facts.Now.Add(-time.Minute)})
	c.do(handler, talk(day("2020-02-03").Start()))

	c = at(t, Consulting, late)
	c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: day("2020-02-04").Start()})
}

func TestOneRegistrationPerCase(t *testing.T) {
	c := at(t, Drafting)
	c.refused(AlreadyRegistered, liaison, registration())
	c = at(t, Unregistered)
	c.refused(NotFound, liaison, &ClosureNote{})
}

func TestRegistrationFields(t *testing.T) {
	for _, test := range []struct {
		field string
		code  FieldCode
		f     func(*Registration)
	}{
		{"body", UnknownValue, func(r *Registration) { r.Body = "un" }},
		{"level", UnknownValue, func(r *Registration) { r.Level = "village" }},
		{"term", FieldMalformed, func(r *Registration) { r.Term = 0 }},
		{"session", FieldMalformed, func(r *Registration) { r.Session = 100 }},
		{"number", FieldRequired, func(r *Registration) { r.Number = "" }},
		{"number", FieldMalformed, func(r *Registration) { r.Number = "03/92" }},
		{"number", FieldMalformed, func(r *Registration) { r.Number = "第号" }},
		{"number", FieldTooLong, func(r *Registration) { r.Number = strings.Repeat("1", 41) }},
		{"title", FieldRequired, func(r *Registration) { r.Title = " \n" }},
		{"title", FieldMalformed, func(r *Registration) { r.Title = "关于\xff的建议" }},
		{"title", FieldMalformed, func(r *Registration) { r.Title = "关于\x00的建议" }},
		{"lead_deputy", FieldRequired, func(r *Registration) { r.LeadDeputy = "" }},
		{"text", FieldRequired, func(r *Registration) { r.Text = "" }},
		{"co_signers", FieldTooLong, func(r *Registration) { r.CoSigners = make([]string, MaxProposers+1) }},
		{"co_signers.1", FieldRequired, func(r *Registration) { r.CoSigners = []string{"王", ""} }},
		{"points.0", FieldRequired, func(r *Registration) { r.Points = []string{""} }},
		{"handling_type", UnknownValue, func(r *Registration) { r.HandlingType = "" }},
		{"wish", UnknownValue, func(r *Registration) { r.Wish = "maybe" }},
	} {
		c := at(t, Unregistered)
		r := registration()
		test.f(r)
		c.wrong(test.field, test.code, liaison, r)
	}
}

func TestInputBelongsToItsKind(t *testing.T) {
	c := at(t, Consulting)
	// A waiver under the name of a contact would let the handler waive.
	c.wrongAction("kind", UnknownValue, handler, Action{ID: "a", Kind: Contact, By: handler.ID, Input: &ConsultationWaiver{Reason: "x"}})
	c.wrongAction("kind", UnknownValue, Person{}, Action{ID: "a", Kind: Ring, Input: reached()})
	c.wrongAction("kind", UnknownValue, handler, Action{ID: "a", Kind: Contact, By: handler.ID})
	c.wrongAction("kind", UnknownValue, handler, Action{ID: "a", Kind: "praise", By: handler.ID, Input: reached()})
}

func TestUnfinishedDraftMayBeSavedIfItFits(t *testing.T) {
	long := strings.Repeat("字", MaxText+1)
	for _, test := range []struct {
		name string
		f    func(*Draft)
		ok   bool
	}{
		{"empty", func(d *Draft) { *d = Draft{} }, true},
		{"good", func(*Draft) {}, true},
		{"long body", func(d *Draft) { d.Body = long }, false},
		{"broken UTF-8 in the body", func(d *Draft) { d.Body = "\xff" }, false},
		{"NUL in the class", func(d *Draft) { d.Class = "A\x00" }, false},
		{"NUL in the ground", func(d *Draft) { d.Ground = "\x00" }, false},
		{"NUL in the openness", func(d *Draft) { d.Openness = "\x00" }, false},
		{"broken status", func(d *Draft) { d.Answers[0].Status = "\xff" }, false},
		{"long reason", func(d *Draft) { d.Answers[0].Reason = long }, false},
		{"long commitment", promise(long, ""), false},
		{"too many answers", func(d *Draft) { d.Answers = make([]PointAnswer, MaxList+1) }, false},
	} {
		if err := change(test.f).Check(); (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestSees(t *testing.T) {
	co := Person{ID: "co", Roles: []Role{Handler}, Division: other}
	auditor := Person{ID: "auditor", Roles: []Role{Auditor}}
	admin := Person{ID: "admin", Roles: []Role{Admin}}
	open := at(t, Drafting).State
	open.CoHandling = []DivisionID{other}
	for _, test := range []struct {
		name string
		p    Person
		s    State
		want bool
	}{
		{"liaison", liaison, open, true},
		{"own division", peer, open, true},
		{"co-handling division", co, open, true},
		{"another division", otherHead, at(t, Drafting).State, false},
		{"leader in charge", leaderInCharge, open, true},
		{"leader in charge of another field", otherLeader, open, false},
		{"before any division leads", Person{ID: "x", Roles: []Role{Handler}}, at(t, Registered).State, false},
		{"publisher before publication", publisher, open, false},
		{"publisher at publication", publisher, at(t, Answered).State, true},
		{"publisher after publication", publisher, at(t, Closed).State, true},
		{"auditor while open", auditor, open, false},
		{"auditor when closed", auditor, at(t, Closed).State, true},
		{"administrator", admin, open, false},
	} {
		if got := test.p.Sees(test.s); got != test.want {
			t.Errorf("%s: sees %v, want %v", test.name, got, test.want)
		}
	}
}
