package proposal

import (
	"errors"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"gopkg.in/yaml.v3"
)

// The bureau: one person for every part in a case, and a second one where a rule speaks of "another".
const (
	office  DivisionID = "office"
	leading DivisionID = "jiceng"
	other   DivisionID = "yanglao"
)

var (
	liaison        = Person{ID: "liaison", Roles: []Role{Liaison}, Division: office}
	colleague      = Person{ID: "colleague", Roles: []Role{Liaison}, Division: office}
	head           = Person{ID: "head", Roles: []Role{DivisionHead}, Division: leading}
	otherHead      = Person{ID: "other_head", Roles: []Role{DivisionHead}, Division: other}
	handler        = Person{ID: "handler", Roles: []Role{Handler}, Division: leading}
	peer           = Person{ID: "peer", Roles: []Role{Handler}, Division: leading}
	reviewer       = Person{ID: "reviewer", Roles: []Role{OfficeReviewer}, Division: office}
	openness       = Person{ID: "openness", Roles: []Role{OpennessReviewer}, Division: office}
	leaderInCharge = Person{ID: "leader_in_charge", Roles: []Role{LeaderInCharge}, Field: []DivisionID{leading, other}}
	otherLeader    = Person{ID: "other_leader", Roles: []Role{LeaderInCharge}, Field: []DivisionID{office}}
	secondLeader   = Person{ID: "second_leader", Roles: []Role{LeaderInCharge}, Field: []DivisionID{leading, other}}
	bureauHead     = Person{ID: "bureau_head", Roles: []Role{BureauHead}}
	publisher      = Person{ID: "publisher", Roles: []Role{Publisher}, Division: office}
	supervisor     = Person{ID: "supervisor", Roles: []Role{Supervisor}}
	otherHand      = Person{ID: "other_handler", Roles: []Role{Handler}, Division: other}
	legal          = Person{ID: "legal", Roles: []Role{LegalReviewer}, Division: office}
	congress       = Person{ID: "congress", Roles: []Role{Assembly}}
	theDeputy      = Person{ID: "deputy", Roles: []Role{Deputy}}
)

// crowd is everybody who tries something: the bureau, and people whom a small bureau gives several roles.
var crowd = []Person{
	liaison, colleague, head, otherHead, handler, peer, reviewer, openness, leaderInCharge, otherLeader, bureauHead, publisher, supervisor,
	otherHand, legal, congress, theDeputy,
	{ID: "head_who_handles", Roles: []Role{DivisionHead, Handler}, Division: leading},
	{ID: "office_head", Roles: []Role{Handler, DivisionHead}, Division: office},
	{ID: "office_handler", Roles: []Role{Handler}, Division: office},
	{ID: "office_of_one", Roles: []Role{Liaison, OfficeReviewer, LegalReviewer, OpennessReviewer, Publisher}, Division: office},
	{ID: "leader_of_all", Roles: []Role{LeaderInCharge, BureauHead, Publisher, OfficeReviewer}, Field: []DivisionID{leading}},
	{ID: "everything", Roles: Roles, Division: leading, Field: []DivisionID{leading}},
	{ID: "stand_in", Roles: []Role{Handler}, Division: leading, Covers: []Principal{principal(head), principal(handler)}},
	{ID: "leader_stand_in", Roles: []Role{LeaderInCharge}, Field: []DivisionID{office}, Covers: []Principal{principal(leaderInCharge), principal(otherHead)}},
	secondLeader,
	{},
}

// principal is the person as somebody whom another covers for.
func principal(p Person) Principal {
	return Principal{ID: p.ID, Roles: p.Roles, Division: p.Division, Field: p.Field}
}

// covering gives a person somebody to cover for.
func (p Person) covering(principals ...Person) Person {
	for _, other := range principals {
		p.Covers = append(slices.Clone(p.Covers), principal(other))
	}
	return p
}

// personOf is who bears the id; nobody if no one does.
func personOf(id PersonID) Person {
	i := slices.IndexFunc(crowd, func(p Person) bool { return p.ID == id })
	if i < 0 || id == "" {
		return Person{}
	}
	return crowd[i]
}

// with gives a person further roles, as small bureaus do.
func (p Person) with(roles ...Role) Person {
	p.Roles = append(slices.Clone(p.Roles), roles...)
	return p
}

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

const shenyangFile = "../rulepack/rules/shenyang.yaml"

var shenyang = sync.OnceValue(func() *Pack {
	data, err := os.ReadFile(shenyangFile)
	if err != nil {
		panic(err)
	}
	pack, err := unchecked(data)
	if err != nil {
		panic(err)
	}
	return pack
})

// unchecked reads a pack that extends no other. Package rulepack checks them, and stands on this one.
func unchecked(data []byte) (*Pack, error) {
	pack := &Pack{}
	return pack, yaml.Unmarshal(data, pack)
}

// rules is the pack of the bureau under test. It says here whatever the tests count on, and is the caller's own to change.
func rules() *Pack {
	p := *shenyang()
	p.Stages = map[Stage]int{Accepting: 2, DivisionReview: 3, OfficeReview: 3, SignOff: 3}
	p.Ladders = map[string]Ladder{
		"default": {Before: []int{7, 3, 0}, Escalate: []Escalation{{1, DivisionHead}, {3, LeaderInCharge}}, Repeat: BellRepeat{Every: 2, Times: 2}},
		"return":  {Before: []int{0}}, "stage": {Before: []int{0}, Escalate: []Escalation{{1, Supervisor}}}, "feedback": {Before: []int{5}},
	}
	p.Watch.Draft, p.Watch.Plan = 0, false
	p.Urge.DaysBetween, p.CoHandling.Countersign, p.Suspension.Allowed = 3, true, true
	p.Extension.MaxMonths, p.Rehandling.Rounds = 6, 2
	p.Review = []ReviewStep{
		{Stage: DivisionReview}, {Stage: OfficeReview}, {Stage: LegalReview, When: []Condition{WhenMoney, WhenSecondRound}}, {Stage: OpennessReview},
	}
	p.Signer = SignerRules{Ordinary: LeaderInCharge, Strict: BureauHead, When: []Condition{WhenKey, WhenMoney, WhenSecondRound}}
	p.Contact = ContactRules{CountingModes: []ContactMode{PhoneContact, VisitContact, MeetingContact, ForumContact, VideoContact}, AttemptsBeforeWaive: 3}
	p.Reply = map[assembly.Body]ReplyRules{assembly.NPC: {CoSigners: ReplyToEach}, assembly.CPPCC: {CoSigners: ReplyThroughLead}}
	return &p
}

// file is one case under test, with what the record would keep beside its state.
type file struct {
	t testing.TB
	State
	facts Facts // for the next action; Actor and Named are filled in by try
}

// at carries a fresh case to the stage by the ordinary way. It was assigned on Monday 2020-02-03 and all is done a week later.
func at(t testing.TB, stage Stage, change ...func(*Registration)) *file {
	t.Helper()
	c := &file{t: t, facts: Facts{
		Now: day("2020-02-10").Start().Add(9 * time.Hour).In(calendar.Shanghai), Calendar: calendar.National(), Pack: rules(),
		Divisions: []DivisionID{office, leading, other}, Points: 2, Draft: goodDraft(), NextSerial: 12,
		Proposers: []string{"倪琛善"}, Case: "this",
	}}
	if stage == ReportingUp {
		c.facts.Pack.Rehandling.Rounds = 1
	}
	for c.Stage != stage {
		by, in := c.towards(stage)
		if r, ok := in.(*Registration); ok {
			r.Money = r.Money || stage == LegalReview
			for _, f := range change {
				f(r)
			}
		}
		c.do(by, in)
	}
	return c
}

// registration is complete: two points, assigned on 2020-02-03.
func registration() *Registration {
	return &Registration{
		RegisterKey: assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"},
		Title:       "关于缓解社工压力的建议", LeadDeputy: "倪琛善", Text: "社工任务重、待遇低。",
		Points: []string{"减负", "提高待遇"}, AssignedOn: day("2020-02-03"), HandlingType: SoleHandling,
	}
}

// goodDraft passes every check for a case of two points.
func goodDraft() Draft {
	return Draft{
		Version: 1, Body: "现答复如下：\n一、减轻负担\n台账减至22项。\n二、提高待遇\n人均5450元/月。",
		ContactName: "张琼", ContactPhone: "23468813", Class: "A", Openness: OpenReply,
		Answers: []PointAnswer{{Point: 1, Status: PointSolved, Sections: []int{1, 2}}, {Point: 2, Status: PointSolved, Sections: []int{3, 4}}},
	}
}

// reached is the talk that confirms two points.
func reached() *Consultation {
	return &Consultation{Mode: PhoneContact, Outcome: ContactReached, SpokeWith: "倪琛善", Points: []string{"减负", "提高待遇"}}
}

// towards is who carries the case one stage on to the one wanted, if that lies off the ordinary way, and how.
func (c *file) towards(stage Stage) (Person, Input) {
	off := stage == ReturnReview || stage == ReturnDecision || stage == Returned
	switch {
	case c.Stage == Registered && stage == Withdrawn:
		return liaison, &Withdrawal{Letter: "撤回申请", Agreed: c.facts.Proposers}
	case c.Stage == Registered && off:
		return liaison, &ReturnRequest{Reason: "不属本局职责", LegalDuty: "《社会保险法》第七条", Suggested: "市人社局"}
	case c.Stage == ReturnReview:
		return leaderInCharge, &Endorsement{}
	case c.Stage == ReturnDecision:
		return liaison, &ReturnVerdict{Granted: true, Text: "同意"}
	case c.Stage == Answered && stage == ReportingUp:
		return theDeputy, &Feedback{Source: FeedbackFromDeputy, Attitude: Satisfied, Result: NotSatisfied}
	}
	return c.next()
}

// next is who carries the case one stage on, and how.
func (c *file) next() (Person, Input) {
	switch c.Stage {
	case Unregistered:
		return liaison, registration()
	case Registered:
		return liaison, &RoutingOpinion{Lead: leading}
	case Assigning:
		return leaderInCharge, &Instruction{}
	case Accepting:
		return head, &Acceptance{Handler: handler.ID}
	case Consulting:
		return handler, reached()
	case Drafting:
		return handler, c.submission()
	case DivisionReview:
		return head, &ReviewPass{}
	case OfficeReview:
		return reviewer, &ReviewPass{}
	case LegalReview:
		return legal, &ReviewPass{}
	case OpennessReview:
		if c.Secrecy {
			return openness, &OpennessDecision{Openness: ClosedReply, Ground: "third_party", Reason: "代表要求保密"}
		}
		return openness, &OpennessDecision{Openness: OpenReply}
	case SignOff:
		if c.facts.Pack.SignerRole(c.State) == BureauHead {
			return bureauHead, &Signature{SHA256: c.DraftSHA256}
		}
		return leaderInCharge, &Signature{SHA256: c.DraftSHA256}
	case Numbering:
		return liaison, &NumberAssignment{}
	case Dispatching:
		return liaison, &DispatchNote{Mode: DispatchByPost}
	case Answered:
		if p := c.OpenStrand(PublicationStrand); p != nil {
			return publisher, &PublicationOrder{SHA256: c.DraftSHA256}
		}
		return theDeputy, rating(Satisfied)
	case ReportingUp:
		return liaison, &UpwardReport{To: "市人大常委会", Text: "两次办理代表均不满意"}
	case Closing:
		return liaison, &ClosureNote{}
	}
	c.t.Fatalf("no way on from stage %q", c.Stage)
	return Person{}, nil
}

func (c *file) submission() *Submission {
	return &Submission{Version: c.facts.Draft.Version, SHA256: c.facts.Draft.SHA256()}
}

// rating is what the deputy says of the result on the link.
func rating(result Rating) *Feedback {
	return &Feedback{Source: FeedbackFromDeputy, Attitude: Satisfied, Result: result}
}

// kindOf is the kind that the input belongs to.
func kindOf(in Input) Kind {
	for _, k := range Kinds() {
		if reflect.TypeOf(NewInput(k)) == reflect.TypeOf(in) {
			return k
		}
	}
	return ""
}

// act is the action of the person with the input.
func act(by Person, in Input) Action { return Action{ID: "a", Kind: kindOf(in), By: by.ID, Input: in} }

// try applies an action without keeping the result.
func (c *file) try(by Person, a Action) (State, error) {
	f := c.facts
	f.Actor = by
	if f.Named.ID == "" {
		f.Named = personOf(a.Mentions().Person)
	}
	if f.Staff == nil {
		f.Staff = crowd
	}
	return Apply(c.State, a, f)
}

// do applies an input that must be accepted.
func (c *file) do(by Person, in Input) {
	c.t.Helper()
	c.doAction(by, act(by, in))
}

func (c *file) doAction(by Person, a Action) {
	c.t.Helper()
	next, err := c.try(by, a)
	if err != nil {
		c.t.Fatalf("%s by %s in stage %q: %v", a.Kind, by.ID, c.Stage, err)
	}
	c.State = next
	if in, ok := a.Input.(*Consultation); ok {
		c.facts.Talks = append(c.facts.Talks, Talk{No: next.Seq, Outcome: in.Outcome, Mode: in.Mode, At: c.facts.Now})
	}
}

// refused applies an input that must be refused with the code, and returns the refusal.
func (c *file) refused(code RefusalCode, by Person, in Input) *Refusal {
	c.t.Helper()
	return c.refusedAction(code, by, act(by, in))
}

func (c *file) refusedAction(code RefusalCode, by Person, a Action) *Refusal {
	c.t.Helper()
	next, err := c.try(by, a)
	refusal := (*Refusal)(nil)
	if !errors.As(err, &refusal) {
		c.t.Fatalf("%s by %s in stage %q was accepted, want refusal %s", a.Kind, by.ID, c.Stage, code)
	}
	if refusal.Code != code {
		c.t.Fatalf("%s by %s in stage %q: refused with %v, want %s", a.Kind, by.ID, c.Stage, refusal, code)
	}
	if !reflect.DeepEqual(next, c.State) {
		c.t.Fatalf("%s by %s was refused and changed the state", a.Kind, by.ID)
	}
	return refusal
}

// rings lets the bell of a clock ring at the instant, and returns who is told.
func (c *file) rings(at time.Time, kind ClockKind, ref string) []Notice {
	c.t.Helper()
	c.facts.Now = at
	before, a := c.State, Action{ID: "r", Kind: Ring, Input: &RungClock{Clock: kind, Ref: ref}}
	c.doAction(Person{}, a)
	return Notices(before, c.State, a, c.facts)
}

// on moves the clock on the wall to nine in the morning of a day.
func (c *file) on(date string) { c.facts.Now = day(date).Start().Add(9 * time.Hour) }

// status is where a strand of the case stands.
func (c *file) status(kind StrandKind, ref string) StrandStatus {
	if r := c.Strand(kind, ref); r != nil {
		return r.Status
	}
	return "none"
}

// wrong applies an input that must be refused because of one field.
func (c *file) wrong(field string, code FieldCode, by Person, in Input) FieldError {
	c.t.Helper()
	return c.wrongAction(field, code, by, act(by, in))
}

func (c *file) wrongAction(field string, code FieldCode, by Person, a Action) FieldError {
	c.t.Helper()
	refusal := c.refusedAction(InvalidInput, by, a)
	i := slices.IndexFunc(refusal.Fields, func(f FieldError) bool { return f.Field == field && f.Code == code })
	if i < 0 {
		c.t.Fatalf("%s: wrong fields %+v, want %s %s", a.Kind, refusal.Fields, field, code)
	}
	return refusal.Fields[i]
}

// due is the day that the clock of the case falls due.
func (c *file) due(kind ClockKind) calendar.Date {
	c.t.Helper()
	clock := c.Clock(kind)
	if clock == nil {
		c.t.Fatalf("no %s clock is set", kind)
	}
	return clock.Due()
}

func late(r *Registration)          { r.Late = true }
func keySupervised(r *Registration) { r.KeySupervised = true }
func secret(r *Registration)        { r.Secrecy = true }
func money(r *Registration)         { r.Money = true }
