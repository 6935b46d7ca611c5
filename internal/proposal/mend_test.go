package proposal

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Mistakes are mended: every fact of the register (R20), and every end and every reply (R23).

func mends(fact Fact, value string) *Amendment {
	return &Amendment{Fact: fact, Value: value, Reason: "录入有误", Source: "交办单原件"}
}

func withRegister(c *file) *file {
	c.facts.Register = RegisterRow{Registration: *registration()}
	return c
}

// Every fact is corrected at some stage, and the case then says what it was corrected to.
func TestR20EveryFactIsCorrected(t *testing.T) {
	for _, fact := range RegisterFacts {
		c := withRegister(at(t, Registered, func(r *Registration) {
			r.Secrecy, r.Money, r.KeySupervised = true, fact == FactMoney, fact == FactKey
			if fact == FactOurs {
				r.HandlingType, r.Ours = SplitHandling, []int{1}
			}
		}))
		switch {
		case fact == FactInternalDue:
			c = withRegister(at(t, Assigning))
		case fact == FactDispatchedOn:
			c = withRegister(at(t, Answered))
			c.on("2020-02-12")
		case fact.OfArchive():
			c = inFile(t)
		}
		c.facts.Register.Secrecy = c.Secrecy
		was := c.Register(c.facts.Register).Says(fact)
		i := slices.IndexFunc(valuesFor(fact), func(v string) bool { return v != was })
		if fact == FactAssignedOn {
			i = slices.Index(valuesFor(fact), "2020-02-04")
		}
		value := valuesFor(fact)[i]
		c.wrong("value", Unchanged, liaison, mends(fact, was))
		c.do(liaison, mends(fact, value))
		register := c.facts.Register
		if !register.Correct(fact, value) || c.Register(register).Says(fact) != register.Says(fact) {
			t.Errorf("%s corrected to %q, and the case says %q", fact, value, c.Register(register).Says(fact))
		}
	}
}

// inFile is a case that was over when it was entered.
func inFile(t *testing.T) *file {
	c := before(t)
	c.do(liaison, archived())
	c.facts.Register = RegisterRow{Registration: *archived()}
	return c
}

// What the file of a finished case says is corrected as the rest of the register is; the case then has the other division, number and days.
func TestR20TheFileOfAFinishedCaseIsCorrected(t *testing.T) {
	c := inFile(t)
	for fact, value := range map[Fact]string{
		FactLead: string(other), FactRepliedOn: "2019-05-09", FactReplyNumber: "沈民函〔2019〕88号", FactClosedOn: "2019-06-04", "rating": "basically", "signed_by": "何志强",
	} {
		c.do(liaison, mends(fact, value))
	}
	if c.Stage != Closed || c.Lead != other || c.DispatchedOn != day("2019-05-09") || c.Number.Serial != 88 || c.ClosedOn != day("2019-06-04") ||
		c.Archive.Rating != BasicallySatisfied || c.Archive.SignedBy != "何志强" || c.Archive.Result != "A" {
		t.Errorf("%+v, of the file %+v", c.State, c.Archive)
	}
	for _, wrong := range []struct {
		fact  Fact
		value string
		code  FieldCode
	}{
		{FactRepliedOn, "2019-06-05", AfterDone},
		{FactRepliedOn, "2019-02-01", DayBeforeStart},
		{FactClosedOn, "2019-05-01", DayBeforeStart},
		{FactClosedOn, "2020-02-11", DayInFuture},
		{FactLead, "tax", NotInBureau},
		{"rating", "good", UnknownValue},
		{FactReplyNumber, "沈民函〔2020〕900号", FarOff},
	} {
		c.wrong("value", wrong.code, liaison, mends(wrong.fact, wrong.value))
	}
	c.facts.SerialUsed = true
	c.wrong("value", SerialTaken, liaison, mends(FactReplyNumber, "沈民函〔2019〕89号"))
	c.do(liaison, mends(FactReplyNumber, "沈民函[2019]88号")) // its own, written otherwise
	c.wrong("value", AfterDone, liaison, mends(FactAssignedOn, "2019-05-10"))
	c = withRegister(at(t, Closed))
	c.wrong("fact", NotYoursToMend, liaison, mends("signed_by", "何志")) // it was signed here, by whom the record says
}

// A reply that was sent on another day than it is recorded met its deadlines on that day, and what is counted from it moves.
func TestR20TheDayOfDispatchIsCorrected(t *testing.T) {
	c := withRegister(at(t, Answered))
	c.on("2020-02-14")
	c.wrong("value", DayBeforeStart, liaison, mends(FactDispatchedOn, "2020-02-09"))
	c.wrong("value", DayInFuture, liaison, mends(FactDispatchedOn, "2020-02-15"))
	c.wrong("value", FieldRequired, liaison, mends(FactDispatchedOn, ""))
	was := c.due(FeedbackClock)
	c.do(liaison, mends(FactDispatchedOn, "2020-02-13"))
	if c.DispatchedOn != day("2020-02-13") || c.ReplyDue().Met != day("2020-02-13") || c.Clock(InternalClock).Met != day("2020-02-13") ||
		!was.Before(c.due(FeedbackClock)) || c.Clock(PublicationClock).Span.Start != day("2020-02-13") || c.Stage != Answered {
		t.Errorf("sent on %s: %+v", c.DispatchedOn, c.Clocks)
	}
	c.do(theDeputy, rating(Satisfied))
	c.on("2020-02-20")
	c.wrong("value", AfterDone, liaison, mends(FactDispatchedOn, "2020-02-17"))
	c = withRegister(at(t, Dispatching))
	c.wrong("fact", NotYoursToMend, liaison, mends(FactDispatchedOn, "2020-02-10"))
}

// Which points of a split case are ours can be corrected until a text that answers them is in review.
func TestR20WhatIsOursIsCorrected(t *testing.T) {
	split := func(r *Registration) { r.HandlingType, r.Ours = SplitHandling, []int{1} }
	c := withRegister(at(t, Drafting, split))
	c.wrong("value", FieldMalformed, liaison, mends(FactOurs, "第一点"))
	c.wrong("value", UnknownValue, liaison, mends(FactOurs, "3"))
	c.do(liaison, mends(FactOurs, "1、2"))
	if !slices.Equal(c.Ours, []int{1, 2}) {
		t.Errorf("ours are %v", c.Ours)
	}
	c = withRegister(at(t, DivisionReview, split))
	c.wrong("fact", NotYoursToMend, liaison, mends(FactOurs, "2"))
	c = withRegister(at(t, Drafting))
	c.wrong("fact", NotYoursToMend, liaison, mends(FactOurs, "2"))
}

// A corrected name is written as a registered one is: whatever dot stands between its parts.
func TestR20NamesAreFolded(t *testing.T) {
	var r RegisterRow
	r.Correct(FactLeadDeputy, " 买买提．吐尔逊\u200b ")
	r.Correct(FactCoSigners, "阿依古丽.木合塔尔\n王桂兰\u200b\n")
	if r.LeadDeputy != "买买提·吐尔逊" || !slices.Equal(r.CoSigners, []string{"阿依古丽·木合塔尔", "王桂兰"}) {
		t.Errorf("%q, %q", r.LeadDeputy, r.CoSigners)
	}
}

func TestR20WhoCorrectsAndUntilWhen(t *testing.T) {
	c := withRegister(at(t, Drafting))
	c.do(handler, mends(FactContact, "13900000000"))
	c.wrong("fact", NotYoursToMend, handler, mends(FactTitle, "关于社工的建议"))
	c.refused(Forbidden, reviewer, mends(FactContact, "13900000000"))
	c.do(handler, mends(FactPoints, "减负\n待遇"))
	c = withRegister(at(t, DivisionReview))
	c.wrong("fact", NotYoursToMend, handler, mends(FactPoints, "减负"))
	c.wrong("fact", NotYoursToMend, liaison, mends(FactHandling, "lead"))
	c = withRegister(at(t, Answered))
	c.wrong("fact", NotYoursToMend, liaison, mends(FactInternalDue, "2020-04-20"))
	for _, stage := range []Stage{Closed, Withdrawn, Returned} {
		c = withRegister(at(t, stage))
		c.do(liaison, mends(FactLeadDeputy, "倪琛缮"))
	}
	c.facts.Pack.Corrections = map[string]CorrectionRule{"lead_deputy": {By: []Role{DivisionHead}, Until: Drafting}}
	c.wrong("fact", NotYoursToMend, liaison, mends(FactLeadDeputy, "倪琛善"))
	c.do(liaison, mends(FactTitle, "关于社工的建议")) // of a pack that says nothing, the liaison's
	for _, field := range []string{"reason", "source"} {
		in := mends(FactTitle, "x")
		in.Reason, in.Source = map[string]string{"source": "x"}[field], map[string]string{"reason": "x"}[field]
		c.wrong(field, FieldRequired, liaison, in)
	}
	c.wrong("value", FieldRequired, liaison, mends(FactTitle, " "))
	c.wrong("value", FieldMalformed, liaison, mends(FactTerm, "十六"))
	c.wrong("value", UnknownValue, liaison, mends(FactBody, "party"))
}

// What is counted from the assignment is counted again; an extension stands.
func TestR20DeadlinesFollow(t *testing.T) {
	c := withRegister(at(t, Drafting))
	was := c.due(InternalClock)
	c.do(liaison, mends(FactAssignedOn, "2020-01-20"))
	if c.due(ReplyClock) != day("2020-04-20") || !c.due(InternalClock).Before(was) || c.Clock(FirstContactClock).Span.Start != day("2020-01-20") {
		t.Errorf("clocks %+v", c.Clocks)
	}
	c.wrong("value", AfterDone, liaison, mends(FactAssignedOn, "2020-02-11").on(c, "2020-02-12"))
	c.do(liaison, mends(FactDueOn, "2020-05-20"))
	if c.due(ReplyClock) != day("2020-05-20") {
		t.Errorf("due %s", c.due(ReplyClock))
	}
	c.wrong("value", DayInFuture, liaison, mends(FactAssignedOn, "2020-03-01"))
	c.wrong("value", FarOff, liaison, mends(FactAssignedOn, "1026-02-03"))
	sure := mends(FactAssignedOn, "2010-02-03")
	sure.Sure = true
	c.do(liaison, sure)
}

// on moves the clock on the wall before the input is tried.
func (a *Amendment) on(c *file, date string) *Amendment { c.on(date); return a }

// R6: what the reply says above its text is signed too. A text that names somebody else now is written again.
func TestR20AReplyOnItsWayIsSignedForWhatItSays(t *testing.T) {
	for stage, want := range map[Stage]Stage{DivisionReview: DivisionReview, SignOff: SignOff, Numbering: SignOff, Dispatching: SignOff, Answered: Answered, Closed: Closed} {
		c := withRegister(at(t, stage))
		c.do(liaison, mends(FactTitle, "关于社工减负的建议"))
		if c.Stage != want || (want == SignOff) != (c.Signer == "" && c.Draft > 0 && len(c.Passed) == 3) {
			t.Errorf("corrected in %s: %s, signed by %q", stage, c.Stage, c.Signer)
		}
		if stage == Dispatching && c.Number.Serial != 0 {
			t.Errorf("the number %s was given to a reply that is not signed", c.Number)
		}
	}
	c := withRegister(at(t, Numbering))
	c.facts.Register.LeadDeputy = "倪琛缮"
	c.facts.Draft.Body = "倪琛缮代表：\n" + c.facts.Draft.Body
	c.do(liaison, mends(FactLeadDeputy, "倪琛善"))
	if c.Stage != Drafting || c.Signer != "" || c.ReturnedFrom != Numbering {
		t.Errorf("a text with the wrong name: %s, signed by %q", c.Stage, c.Signer)
	}
}

// An opinion names the unit that leads: under another, it was not signed.
func TestR20AnOpinionIsSignedForWhomItGoesTo(t *testing.T) {
	for stage, want := range map[Stage]Stage{Drafting: Drafting, Numbering: SignOff, Dispatching: SignOff, Closing: Closing} {
		c := withRegister(at(t, stage, func(r *Registration) { r.HandlingType, r.LeadUnit = CoHandling, "市人社局" }))
		c.facts.Register.HandlingType, c.facts.Register.LeadUnit = CoHandling, "市人社局"
		c.facts.Actor = liaison
		seen, err := Foresee(c.State, act(liaison, mends(FactLeadUnit, "市教育局")), c.facts)
		if err != nil || seen.Unsigned != (want == SignOff) || (seen.Addressee == "市教育局：") != (stage != Closing) {
			t.Errorf("in %s foreseen %+v, %v", stage, seen, err)
		}
		c.do(liaison, mends(FactLeadUnit, "市教育局"))
		if c.Stage != want || want == SignOff && c.Signer != "" || stage == Dispatching && c.Number.Serial != 0 {
			t.Errorf("corrected in %s: %s, signed by %q, %s", stage, c.Stage, c.Signer, c.Number)
		}
	}
	c := withRegister(at(t, Dispatching))
	c.do(liaison, mends(FactLeadUnit, "市教育局")) // a reply names none
	if c.Stage != Dispatching {
		t.Errorf("%s", c.Stage)
	}
}

// More than a hundred bring a proposal together. One who leaves is left out; the reply that the others have, its receipt and their
// rating stay, and a withdrawal is theirs.
func TestR20OneOfManyCoSignersLeaves(t *testing.T) {
	var many []string
	for i := range 260 {
		many = append(many, fmt.Sprintf("王%c", 0x4e00+i))
	}
	stay := strings.Join(many[1:], "\n")
	for _, stage := range []Stage{Registered, Drafting, Dispatching, Answered, Closed} {
		c := withRegister(at(t, stage, func(r *Registration) { r.CoSigners = many }))
		c.facts.Register.CoSigners = many
		was := c.State
		c.do(liaison, mends(FactCoSigners, stay))
		if stage == Answered || stage == Closed {
			if !reflect.DeepEqual(was.Strands, c.Strands) || was.Number != c.Number || was.Stage != c.Stage || was.DispatchedOn != c.DispatchedOn {
				t.Errorf("%s: %+v", stage, c.State)
			}
			continue
		}
		c.facts.Proposers = append([]string{c.facts.Register.LeadDeputy}, many[1:]...)
		if c.Stage == Registered {
			c.refused(NotAllAgree, liaison, &Withdrawal{Letter: "撤回", Agreed: c.facts.Proposers[1:]})
			c.do(liaison, &Withdrawal{Letter: "撤回", Agreed: c.facts.Proposers})
		}
	}
}

func TestR23WhatEndedByMistakeIsReopened(t *testing.T) {
	c := at(t, Closed)
	c.refused(Forbidden, handler, &Reopening{Reason: "x", Source: "x"})
	c.do(liaison, &Reopening{Reason: "点错了", Source: "联络员"})
	if c.Stage != Closing || !c.ClosedOn.IsZero() {
		t.Errorf("%s, closed on %s", c.Stage, c.ClosedOn)
	}
	c.do(liaison, &ClosureNote{})

	c = withRegister(at(t, Drafting))
	c.do(handler, &OpinionRequest{Division: other, Question: "资金来源"})
	before := c.State
	c.do(liaison, &Withdrawal{Letter: "撤回申请", Agreed: c.facts.Proposers})
	in := &Reopening{Reason: "代表说没有撤", Source: "代表来电"}
	c.refused(NotUndoable, liaison, in) // nobody knows how it stood
	c.facts.Before = before
	c.wrong("assigned_on", NotForReturn, liaison, &Reopening{Reason: "x", Source: "x", AssignedOn: day("2020-02-10")})
	c.do(liaison, in)
	if c.Stage != Drafting || c.Handler != handler.ID || c.due(ReplyClock) != before.ReplyDue().Due() || !c.Clock(ReplyClock).Armed() || c.status(OpinionStrand, string(other)) != StrandAsked {
		t.Errorf("%s: %+v", c.Stage, c.State)
	}
	c.do(handler, &OpinionCancellation{StrandTarget: StrandTarget{string(other)}, Reason: "不再需要"})
	c.do(handler, c.submission())
}

func TestR23AReturnedCaseIsAssignedAgain(t *testing.T) {
	c := withRegister(at(t, Returned))
	c.on("2020-04-01")
	c.wrong("assigned_on", DayBeforeStart, liaison, &Reopening{Reason: "x", Source: "x", AssignedOn: day("2020-02-09")})
	c.do(liaison, &Reopening{Reason: "重新交办", Source: "交办函", AssignedOn: day("2020-03-30")})
	if c.Stage != Registered || c.due(ReplyClock) != day("2020-06-30") || !c.ClosedOn.IsZero() {
		t.Errorf("%s, due %s", c.Stage, c.due(ReplyClock))
	}
	c.do(liaison, returnRequest()) // within the window of the new assignment
}

func TestR23ANumberIsVoidedBeforeTheReplyIsSent(t *testing.T) {
	for _, to := range []Stage{Numbering, SignOff, Drafting} {
		c := at(t, Dispatching)
		c.do(liaison, &Voiding{To: to, Reason: "正文有误"})
		if c.Stage != to || c.Number.Serial != 0 || (to == Numbering) != (c.Signer != "") {
			t.Errorf("%s: number %s, signed by %q", c.Stage, c.Number, c.Signer)
		}
	}
	c := at(t, Answered)
	c.refused(NotInStage, liaison, &Voiding{To: Drafting, Reason: "x"})
}

func TestR23ASentReplyIsCorrectedByAnother(t *testing.T) {
	for _, stage := range []Stage{Answered, Closing, Closed} {
		c := at(t, stage)
		sent := c.Number
		c.refused(Forbidden, liaison, &ReplyCorrection{Reason: "数字有误"})
		c.do(head, &ReplyCorrection{Reason: "数字有误"})
		if c.Stage != Drafting || c.Corrects != sent || c.Number.Serial != 0 || c.Signer != "" {
			t.Fatalf("%s: corrects %s with %s", c.Stage, c.Corrects, c.Number)
		}
		if c.Handler == "" {
			c.do(head, &Reassignment{Handler: handler.ID, Reason: "续办"})
		}
		rated := stage != Answered
		for c.Stage != Answered && c.Stage != Closing {
			by, in := c.next()
			c.do(by, in)
		}
		if got := c.status(FeedbackStrand, "1"); rated != (got == StrandRated) {
			t.Errorf("%s: the rating is %s", stage, got)
		}
		c.do(publisher, &PublicationOrder{SHA256: c.DraftSHA256})
		if rated && c.Stage != Closing {
			t.Errorf("published again, and %s", c.Stage)
		}
	}
	c := at(t, Closing)
	c.DispatchedOn = calendar.Date{} // read only: nothing was sent
	c.refused(NotForThisKind, head, &ReplyCorrection{Reason: "x"})
}

// An attempt that is recorded otherwise than it was is corrected, and what rests on it follows: R2, the first contact, the call that was
// promised. What was recorded twice, or of another case, was no attempt.
func TestR2AWronglyRecordedTalkIsCorrected(t *testing.T) {
	held := day("2020-02-07").Start().Add(10 * time.Hour)
	talk := Talk{No: 5, Outcome: ContactReached, Mode: PhoneContact, At: held, SpokeWith: "倪琛善"}
	said := func(outcome ContactOutcome, at time.Time) *ContactCorrection {
		return &ContactCorrection{Talk: talk.No, Outcome: outcome, Mode: talk.Mode, At: at, SpokeWith: talk.SpokeWith, Reason: "记错了"}
	}
	for _, stage := range []Stage{Drafting, OfficeReview, Numbering, Dispatching} {
		c := at(t, stage)
		c.facts.Talks = []Talk{talk}
		c.Clock(FirstContactClock).Met = calendar.DateOf(held)
		c.wrong("outcome", Unchanged, handler, said(ContactReached, held.Add(20*time.Second)))
		c.wrong("at", DayBeforeStart, handler, said(ContactReached, day("2020-01-01").Start()))
		c.do(handler, said(ContactReached, held.AddDate(0, 0, -1)))
		if c.Stage != stage || !c.Consulted || c.Clock(FirstContactClock).Met != calendar.DateOf(held).AddDays(-1) {
			t.Errorf("another day: %s, %+v", c.Stage, c.Clock(FirstContactClock))
		}
		c.facts.Talks[0].At = held.AddDate(0, 0, -1)
		c.do(handler, said(ContactNoAnswer, held))
		if c.Stage != Consulting || c.Consulted || c.ReturnedFrom != stage || c.Number.Serial != 0 || c.Signer != "" || len(c.Passed) > 0 ||
			!c.Clock(FirstContactClock).Open() || !c.Clock(FirstContactClock).Armed() || c.Attempts != 1 {
			t.Errorf("nobody answered: %s from %q, consulted %v, attempts %d, number %s, %+v", c.Stage, c.ReturnedFrom, c.Consulted, c.Attempts, c.Number, c.Clock(FirstContactClock))
		}
		c.facts.Talks[0].Outcome = ContactNoAnswer
		c.do(handler, said(ContactReached, held)) // it was right after all
		if c.Stage != Drafting || !c.Consulted || c.Clock(FirstContactClock).Met != calendar.DateOf(held) {
			t.Errorf("reached after all: %s, %+v", c.Stage, c.Clock(FirstContactClock))
		}
	}

	c := at(t, Answered)
	c.facts.Talks = []Talk{talk}
	c.refused(Forbidden, reviewer, said(NoContact, held))
	c.do(handler, said(NoContact, held))
	if c.Stage != Answered || c.Consulted || c.Attempts != 0 || c.Clock(FirstContactClock).Open() {
		t.Errorf("sent without a talk: %s, %+v", c.Stage, c.State)
	}
	c.do(head, &ReplyCorrection{Reason: "没有联系代表"})
	if c.Stage != Consulting {
		t.Errorf("the corrected reply begins at %s", c.Stage)
	}

	c = at(t, Consulting)
	c.refused(NotForThisKind, handler, said(NoContact, held))
	call := c.facts.Now.Add(time.Hour)
	c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: call})
	c.facts.Talks = []Talk{{No: talk.No, Outcome: ContactCallBack, Mode: PhoneContact, At: c.facts.Now, CallBackAt: call}}
	in := said(ContactCallBack, c.facts.Now)
	c.wrong("call_back_at", FieldRequired, handler, in)
	in.CallBackAt = call.Add(time.Hour)
	c.do(handler, in)
	if !c.callBackAt().Equal(call.Add(time.Hour)) {
		t.Errorf("to be called at %s", c.callBackAt())
	}
	c.do(handler, said(NoContact, c.facts.Now))
	if c.Attempts != 0 || !c.callBackAt().IsZero() {
		t.Errorf("%d attempts, to be called at %s", c.Attempts, c.callBackAt())
	}
	c.wrong("talk", UnknownValue, handler, &ContactCorrection{Talk: 6, Outcome: NoContact, Mode: PhoneContact, At: held, Reason: "x"})
}

func TestR12ARatingEnteredWronglyIsCorrected(t *testing.T) {
	corrected := func(result Rating) *RatingCorrection {
		return &RatingCorrection{Feedback{StrandTarget: StrandTarget{"1"}, Source: FeedbackFromDeputy, Attitude: Satisfied, Result: result, Scan: goodScan}, "录错"}
	}
	c := at(t, Answered)
	c.facts.HasScan = true
	c.do(theDeputy, rating(Satisfied))
	noScan := corrected(NotSatisfied)
	noScan.Scan = ""
	c.refused(BureauRates, liaison, noScan)
	c.refused(Forbidden, handler, corrected(NotSatisfied))
	rated := c.State
	c.do(liaison, corrected(NotSatisfied))
	if c.Round != 2 || c.Stage != Assigning || c.status(FeedbackStrand, "1") != StrandDissatisfied {
		t.Fatalf("round %d, %s", c.Round, c.Stage)
	}
	// And the other way: the round that only the wrong one opened is given up, while no reply of it was sent.
	c.do(leaderInCharge, &Instruction{})
	c.do(head, &Acceptance{Handler: handler.ID})
	c.facts.Before = rated
	second := c.State
	c.do(liaison, corrected(Satisfied))
	if c.Round != 1 || c.Stage != Answered || c.status(FeedbackStrand, "1") != StrandRated || c.ReplyDue().Open() || c.Number != rated.Number {
		t.Errorf("round %d, %s, %+v", c.Round, c.Stage, c.Strands)
	}
	// An attempt of the round that is given up stays on record, and is one of the round before: what is said of it, and of that round's own talk, counts there.
	talk := Talk{No: 3, Outcome: ContactReached, Mode: PhoneContact, At: day("2020-02-07").Start()}
	again := Talk{No: 30, Outcome: ContactNoAnswer, Mode: PhoneContact, At: talk.At.Add(time.Hour)}
	c.State = second
	c.facts.Talks = []Talk{talk}
	c.do(handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer})
	c.facts.Talks = []Talk{talk, again}
	c.do(liaison, corrected(Satisfied))
	c.do(handler, &ContactCorrection{Talk: talk.No, Outcome: NoContact, Mode: PhoneContact, At: talk.At, Reason: "记错了"})
	if c.Consulted || c.Attempts != 1 {
		t.Errorf("nobody talked to the deputy: consulted %v, %d attempts", c.Consulted, c.Attempts)
	}
	c.State = second
	c.DispatchedOn = day("2020-03-01")
	c.refused(NotUndoable, liaison, corrected(Satisfied))

	c = at(t, ReportingUp)
	c.facts.HasScan = true
	c.do(liaison, corrected(BasicallySatisfied))
	if c.Stage != Answered || c.status(FeedbackStrand, "1") != StrandRated {
		t.Errorf("%s", c.Stage)
	}
}

func TestDaysFarFromTodayAreAskedAbout(t *testing.T) {
	for _, row := range []struct {
		assigned, due string
		late, asked   bool
	}{
		{"2019-02-01", "", false, false},
		{"2016-03-01", "", false, true},
		{"1026-02-03", "", false, true},
		{"2016-03-01", "", true, false},
		{"1026-02-03", "", true, true},
		{"2020-02-03", "2062-08-31", false, true},
		{"2020-02-03", "2020-08-31", false, false},
	} {
		c := at(t, Unregistered)
		r := registration()
		r.AssignedOn, r.Late = day(row.assigned), row.late
		if row.due != "" {
			r.DueOn = day(row.due)
		}
		if row.asked {
			c.refused(InvalidInput, liaison, r)
			r.Sure = true
		}
		c.do(liaison, r)
	}
}

func TestASerialFarFromTheLastIsAskedAbout(t *testing.T) {
	c := at(t, Numbering, late)
	if wrong := c.wrong("serial", FarOff, liaison, &NumberAssignment{Serial: 900}); wrong.Max != 12 {
		t.Errorf("the next is %d", wrong.Max)
	}
	c.do(liaison, &NumberAssignment{Serial: 900, Sure: true})
	c.do(liaison, &Voiding{To: Numbering, Reason: "多打了一个零"})
	c.do(liaison, &NumberAssignment{Serial: 9})
}
