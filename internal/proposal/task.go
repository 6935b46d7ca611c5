package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Ask is what a task asks for: what a stage waits for, or what a strand waits for. Its text is stored and is a catalogue
// key.
type Ask string

// Asks of strands. Those of stages bear the stage's name.
const (
	AskToSignFor          Ask = "sign_for"              // 签收
	AskForOpinion         Ask = "opinion"               // 写会办意见
	AskForOutsideOpinion  Ask = "outside_opinion"       // 录入外单位会办意见
	AskToApproveOpinion   Ask = "opinion_approval"      // 审会办意见
	AskToCountersign      Ask = "countersign"           // 会签
	AskForAddedReview     Ask = "added_review"          // 加签
	AskToReplaceReviewer  Ask = "reviewer_gone"         // 加签的人不在了：减签，或另请人
	AskForHandler         Ask = "handler"               // 经办人不在了：另定经办人
	AskToEndorseExtension Ask = "extension_endorsement" // 是否同意申请延期
	AskForExtension       Ask = "extension_decision"    // 报交办机关批延期
	AskToTellExtension    Ask = "extension_notice"      // 告知代表延期
	AskToPublish          Ask = "publish"               // 公开
	AskToReexamine        Ask = "reexamine"             // 复核不予公开
	AskToNoteSilence      Ask = "silence"               // 催代表反馈，或记未反馈
	AskToKeepPromise      Ask = "commitment"            // 兑现承诺
	AskToReplyAgain       Ask = "second_reply"          // 再次答复
	AskToAnswerUrge       Ask = "urge"                  // 答复催办
)

// AskOf is what the stage asks for.
func AskOf(s Stage) Ask { return Ask(s) }

// Asks lists every ask, those of stages first.
func Asks() []Ask {
	var asks []Ask
	for _, s := range Stages {
		if !s.Ended() && s != Answered {
			asks = append(asks, AskOf(s))
		}
	}
	return append(asks, AskToSignFor, AskForHandler, AskForOpinion, AskForOutsideOpinion, AskToApproveOpinion, AskToCountersign, AskForAddedReview, AskToReplaceReviewer,
		AskToEndorseExtension, AskForExtension, AskToTellExtension, AskToPublish, AskToReexamine, AskToNoteSilence, AskToKeepPromise,
		AskToReplyAgain, AskToAnswerUrge)
}

// Task is one thing that a case asks of somebody. The record opens and closes task rows in the transaction that moves the
// case.
type Task struct {
	Ask      Ask        `json:"ask"`
	Ref      string     `json:"ref,omitempty"` // of the strand
	Role     Role       `json:"role"`
	Division DivisionID `json:"division,omitempty"` // whose people the task is for; empty: the whole bureau's
	Person   PersonID   `json:"person,omitempty"`   // whose it is by name; empty: claimable by the role
}

// TaskKey names a task among those that a case has at a time.
type TaskKey struct {
	Ask Ask
	Ref string
}

// Key is the task's.
func (t Task) Key() TaskKey { return TaskKey{t.Ask, t.Ref} }

// TasksOf are the tasks that a state asks for: that of its stage first, then those of its strands.
func TasksOf(s State, pack *Pack) []Task {
	var tasks []Task
	if t, ok := taskOfStage(s, pack); ok {
		tasks = append(tasks, t)
	}
	for _, r := range s.Strands {
		if t, ok := taskOfStrand(r, s, pack); ok {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// MainTask is the task of the stage; false if the stage asks nobody in particular.
func MainTask(s State, pack *Pack) (Task, bool) { return taskOfStage(s, pack) }

func taskOfStage(s State, pack *Pack) (Task, bool) {
	t := Task{Ask: AskOf(s.Stage)}
	switch s.Stage {
	case Registered, ReturnDecision, Numbering, Dispatching, ReportingUp, Closing:
		t.Role = Liaison
	case ReturnReview, Assigning:
		t.Role, t.Division = LeaderInCharge, s.Lead
	case Accepting, DivisionReview:
		t.Role, t.Division = DivisionHead, s.Lead
	case Consulting, Drafting:
		t.Role, t.Division, t.Person = Handler, s.Lead, s.Handler
		if s.Handler == "" {
			t.Ask, t.Role = AskForHandler, DivisionHead
		}
	case OfficeReview:
		t.Role = OfficeReviewer
	case LegalReview:
		t.Role = LegalReviewer
	case OpennessReview:
		t.Role = OpennessReviewer
	case SignOff:
		t.Role, t.Division = pack.SignerRole(s), s.Lead
	default:
		return Task{}, false
	}
	return t, true
}

// askOfStrand is what a strand waits for; false if for nobody in the bureau.
func askOfStrand(r Strand) (Ask, bool) {
	if r.Kind == OpinionStrand && r.Outside && r.Status == StrandAsked {
		return AskForOutsideOpinion, true
	}
	if r.Kind == AddedReviewStrand && r.Person == "" && r.Status == StrandAsked {
		return AskToReplaceReviewer, true
	}
	ask, ok := map[StrandKind]map[StrandStatus]Ask{
		ReceiptStrand:     {StrandAsked: AskToSignFor},
		OpinionStrand:     {StrandAsked: AskForOpinion, StrandWritten: AskToApproveOpinion},
		CountersignStrand: {StrandAsked: AskToCountersign},
		AddedReviewStrand: {StrandAsked: AskForAddedReview},
		ExtensionStrand:   {StrandAsked: AskToEndorseExtension, StrandEndorsed: AskForExtension, StrandGranted: AskToTellExtension},
		PublicationStrand: {StrandUnpublished: AskToPublish, StrandWithheld: AskToReexamine},
		FeedbackStrand:    {StrandAsked: AskToNoteSilence},
		CommitmentStrand:  {StrandPromised: AskToKeepPromise, StrandFulfilled: AskToReplyAgain},
		UrgeStrand:        {StrandAsked: AskToAnswerUrge},
	}[r.Kind][r.Status]
	return ask, ok
}

func taskOfStrand(r Strand, s State, pack *Pack) (Task, bool) {
	ask, ok := askOfStrand(r)
	t := Task{Ask: ask, Ref: r.Ref, Division: r.Division}
	switch ask {
	case AskForOpinion:
		t.Role = Handler
	case AskToApproveOpinion, AskToCountersign:
		t.Role = DivisionHead
	case AskToSignFor, AskForOutsideOpinion, AskForExtension:
		t.Role, t.Division = Liaison, ""
	case AskForAddedReview:
		t.Role, t.Person = OfficeReviewer, r.Person
	case AskToReplaceReviewer:
		t.Role, t.Division = DivisionHead, s.Lead
	case AskToEndorseExtension:
		t.Role, t.Division = LeaderInCharge, s.Lead
	case AskToTellExtension:
		t = s.holders(t)
	case AskToAnswerUrge: // whoever the case waits for was urged, not whoever had it before
		if turn, waits := taskOfStage(s, pack); waits {
			t.Role, t.Division, t.Person = turn.Role, turn.Division, turn.Person
		} else {
			t = s.holders(t)
		}
	case AskToPublish:
		t.Role = Publisher
	case AskToReexamine: // a year is long: it is nobody's task before its first reminder
		t.Role, ok = OpennessReviewer, s.begun(ReexamineClock, r.Ref)
	case AskToNoteSilence: // until the limit has passed it is the deputy's turn
		c := s.ClockOf(FeedbackClock, r.Ref)
		t.Role, ok = Liaison, c != nil && (!c.Rung.IsZero() || c.Silent)
	case AskToKeepPromise, AskToReplyAgain:
		t.Role, t.Division, t.Person = Handler, r.Division, r.Person
	}
	return t, ok
}

// begun reports whether the first bell of a clock has rung.
func (s State) begun(kind ClockKind, ref string) bool {
	c := s.ClockOf(kind, ref)
	return c != nil && (c.Bells > 0 || !c.Rung.IsZero() || c.Silent)
}

// holders addresses a task to whose case it is now, who need not be whoever had it when the task arose.
func (s State) holders(t Task) Task {
	switch {
	case s.Handler != "":
		t.Role, t.Division, t.Person = Handler, s.Lead, s.Handler
	case s.Lead != "":
		t.Role, t.Division = DivisionHead, s.Lead
	default:
		t.Role = Liaison
	}
	return t
}

// TaskDue is the day by which a task should be done: the limit of its stage or the clock of its strand, or else the date
// that the case shows. No date: no clock runs.
func TaskDue(t Task, s State) calendar.Date {
	var due *Clock
	if t.Ref == "" {
		due = s.DueNow()
		if limit := s.ClockOf(StageClock, string(t.Ask)); limit != nil && (due == nil || limit.Due().Before(due.Due())) {
			due = limit
		}
		if call := s.Clock(CallBackClock); call != nil && (due == nil || call.Due().Before(due.Due())) {
			due = call
		}
	} else {
		due = s.DueNow()
		for i := range s.Clocks {
			c := &s.Clocks[i]
			if kind := strandOf[c.Kind]; kind != "" && c.Open() && c.Ref == t.Ref && strandAsks(kind, t.Ask) {
				due = c
			}
		}
	}
	if due == nil {
		return calendar.Date{}
	}
	return due.Due()
}

// TaskCallBack is when the deputy is to be called again by whoever has the task; zero if no call is promised.
func TaskCallBack(t Task, s State) time.Time {
	if t.Ref != "" {
		return time.Time{}
	}
	return s.callBackAt()
}

// strandAsks reports whether a strand of the kind may ask for it.
func strandAsks(kind StrandKind, ask Ask) bool {
	for _, status := range []StrandStatus{StrandAsked, StrandWritten, StrandUnpublished, StrandWithheld, StrandPromised, StrandFulfilled} {
		if a, ok := askOfStrand(Strand{Kind: kind, Status: status}); ok && a == ask {
			return true
		}
	}
	return kind == OpinionStrand && ask == AskForOutsideOpinion
}

// MayClaim reports whether the person may take the task: it is nobody's by name and the person holds the role, in the
// division or field it belongs to. The four-person rule is Apply's.
func (t Task) MayClaim(p Person) bool {
	if t.Person != "" || !p.Has(t.Role) {
		return false
	}
	switch t.Role {
	case DivisionHead, Handler:
		return p.Division == t.Division
	case LeaderInCharge:
		return t.Division == "" || slices.Contains(p.Field, t.Division)
	}
	return true
}

// MayTake reports whether the person may take the task, for themselves or for one of those whom they cover for.
func (p Person) MayTake(t Task) bool {
	return t.MayClaim(p) || slices.ContainsFunc(p.Covers, func(principal Principal) bool { return t.MayClaim(principal.Person()) })
}

// MayRelease reports whether the person may put back a task that claimant took: the claimant, or the liaison, so that
// nobody's absence parks a case.
func MayRelease(p Person, claimant PersonID) bool {
	return p.ID == claimant || p.Has(Liaison)
}
