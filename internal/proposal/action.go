package proposal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Kind names an action that moves a case.
type Kind string

// Kinds of the main way.
const (
	Register          Kind = "register"           // 登记
	ProposeAssignment Kind = "propose_assignment" // 拟办
	CirculateReading  Kind = "circulate_reading"  // 参阅件传阅
	RequestReturn     Kind = "request_return"     // 申请退件
	EndorseReturn     Kind = "endorse_return"     // 同意申请退件
	DecideReturn      Kind = "decide_return"      // 交办机关的退件决定
	ApproveAssignment Kind = "approve_assignment" // 批示
	Accept            Kind = "accept"             // 处室接收并确定经办人
	Refuse            Kind = "refuse"             // 处室不接收
	Contact           Kind = "contact"            // 一次沟通
	Waive             Kind = "waive"              // 准予不经沟通起草
	Submit            Kind = "submit"             // 送审
	PassReview        Kind = "pass_review"        // 审核通过
	DecideOpenness    Kind = "decide_openness"    // 公开审查通过
	SendBack          Kind = "send_back"          // 退回
	Sign              Kind = "sign"               // 签发
	AssignNumber      Kind = "assign_number"      // 编号用印
	Dispatch          Kind = "dispatch"           // 送达
	ReportUp          Kind = "report_up"          // 上报
	Close             Kind = "close"              // 办结归档
)

// Kinds beside the main way.
const (
	Reroute            Kind = "reroute"             // 转办: another division
	Reassign           Kind = "reassign"            // 改派: another handler
	Recall             Kind = "recall"              // 撤回自己的上一步
	AskOpinion         Kind = "ask_opinion"         // 请会办
	WriteOpinion       Kind = "write_opinion"       // 写会办意见
	ApproveOpinion     Kind = "approve_opinion"     // 会办处室负责人同意
	SendBackOpinion    Kind = "send_back_opinion"   // 会办处室负责人退回
	RedoOpinion        Kind = "redo_opinion"        // 意见空泛，请重提
	WaiveOpinion       Kind = "waive_opinion"       // 逾期，不再等候
	CancelOpinion      Kind = "cancel_opinion"      // 不再需要
	ConsultOnDraft     Kind = "consult_on_draft"    // 征求意见
	CountersignDraft   Kind = "countersign"         // 会签
	ObjectToDraft      Kind = "object_to_draft"     // 会签不同意
	AddReviewer        Kind = "add_reviewer"        // 加签
	PassAddedReview    Kind = "pass_added_review"   // 加签同意
	ObjectAsAdded      Kind = "object_as_added"     // 加签不同意
	Tighten            Kind = "tighten"             // 改按重点件、涉及资金件审批
	AskExtension       Kind = "ask_extension"       // 申请延期
	EndorseExtension   Kind = "endorse_extension"   // 同意申请延期
	DeclineExtension   Kind = "decline_extension"   // 不同意申请延期
	DecideExtension    Kind = "decide_extension"    // 交办机关的延期决定
	TellExtension      Kind = "tell_extension"      // 告知代表
	Suspend            Kind = "suspend"             // 中止
	Resume             Kind = "resume"              // 恢复
	Publish            Kind = "publish"             // 公开
	CorrectPublication Kind = "correct_publication" // 更正
	TakeDown           Kind = "take_down"           // 撤下
	Reexamine          Kind = "reexamine"           // 不予公开的复核
	RecordReceipt      Kind = "record_receipt"      // 回执
	RecordFeedback     Kind = "record_feedback"     // 代表反馈
	NoteSilence        Kind = "note_silence"        // 未反馈
	ReportMilestone    Kind = "report_milestone"    // 承诺进展
	ChangeCommitment   Kind = "change_commitment"   // 承诺调整
	FulfilCommitment   Kind = "fulfil_commitment"   // 承诺兑现
	ReplyAgain         Kind = "reply_again"         // 再次答复
	Urge               Kind = "urge"                // 催办
	AnswerUrge         Kind = "answer_urge"         // 答复催办
	Merge              Kind = "merge"               // 并案
	Unmerge            Kind = "unmerge"             // 取消并案
	AskSecrecy         Kind = "ask_secrecy"         // 要求保密
	Withdraw           Kind = "withdraw"            // 撤案
)

// Kinds of the system.
const (
	Ring    Kind = "ring"    // a bell of a clock rang
	Recount Kind = "recount" // a year's calendar arrived or changed: provisional deadlines are counted again
)

// Action is one thing a person or a clock does to a case. It is saved to Postgres before the engine hears of it: the
// engine's histories carry its id, never its words.
type Action struct {
	ID      string        `json:"id"`             // UUID; the same id is applied once, for ever
	Kind    Kind          `json:"kind"`           //
	By      PersonID      `json:"by"`             // empty for the system
	For     PersonID      `json:"for,omitempty"`  // whom By covers for (代理); empty: By acts for themselves
	BaseSeq int           `json:"base_seq"`       // State.Seq that the actor saw; 0 = not said, only the stage is checked
	On      calendar.Date `json:"on,omitzero"`    // the official date, for late registrations (补录) only
	Input   Input         `json:"input,omitzero"` // the Input type of Kind

	strand string // the strand that Input is about, once it was found
}

// Input is what an action says. Each kind has its own type; NewInput makes an empty one.
type Input interface {
	// check finds what is wrong with the input by itself, without the case.
	check() []FieldError
	// apply changes the state and names the stage the case goes to, or refuses.
	apply(s *State, a Action, f Facts) (Stage, *Refusal)
}

// inputs makes an empty input of each kind.
var inputs = map[Kind]func() Input{
	Register:          func() Input { return &Registration{} },
	ProposeAssignment: func() Input { return &RoutingOpinion{} },
	CirculateReading:  func() Input { return &ReadingNote{} },
	RequestReturn:     func() Input { return &ReturnRequest{} },
	EndorseReturn:     func() Input { return &Endorsement{} },
	DecideReturn:      func() Input { return &ReturnVerdict{} },
	ApproveAssignment: func() Input { return &Instruction{} },
	Accept:            func() Input { return &Acceptance{} },
	Refuse:            func() Input { return &DivisionRefusal{} },
	Contact:           func() Input { return &Consultation{} },
	Waive:             func() Input { return &ConsultationWaiver{} },
	Submit:            func() Input { return &Submission{} },
	PassReview:        func() Input { return &ReviewPass{} },
	DecideOpenness:    func() Input { return &OpennessDecision{} },
	SendBack:          func() Input { return &SendingBack{} },
	Sign:              func() Input { return &Signature{} },
	AssignNumber:      func() Input { return &NumberAssignment{} },
	Dispatch:          func() Input { return &DispatchNote{} },
	ReportUp:          func() Input { return &UpwardReport{} },
	Close:             func() Input { return &ClosureNote{} },

	Reroute:            func() Input { return &Rerouting{} },
	Reassign:           func() Input { return &Reassignment{} },
	Recall:             func() Input { return &Recalling{} },
	AskOpinion:         func() Input { return &OpinionRequest{} },
	WriteOpinion:       func() Input { return &WrittenOpinion{} },
	ApproveOpinion:     func() Input { return &OpinionApproval{} },
	SendBackOpinion:    func() Input { return &OpinionReturn{} },
	RedoOpinion:        func() Input { return &OpinionRedo{} },
	WaiveOpinion:       func() Input { return &OpinionWaiver{} },
	CancelOpinion:      func() Input { return &OpinionCancellation{} },
	ConsultOnDraft:     func() Input { return &DraftConsultation{} },
	CountersignDraft:   func() Input { return &Countersignature{} },
	ObjectToDraft:      func() Input { return &CountersignObjection{} },
	AddReviewer:        func() Input { return &AddedReviewer{} },
	PassAddedReview:    func() Input { return &AddedPass{} },
	ObjectAsAdded:      func() Input { return &AddedObjection{} },
	Tighten:            func() Input { return &Tightening{} },
	AskExtension:       func() Input { return &ExtensionRequest{} },
	EndorseExtension:   func() Input { return &ExtensionEndorsement{} },
	DeclineExtension:   func() Input { return &ExtensionRefusal{} },
	DecideExtension:    func() Input { return &ExtensionVerdict{} },
	TellExtension:      func() Input { return &ExtensionNotice{} },
	Suspend:            func() Input { return &SuspensionOrder{} },
	Resume:             func() Input { return &Resumption{} },
	Publish:            func() Input { return &PublicationOrder{} },
	CorrectPublication: func() Input { return &Correction{} },
	TakeDown:           func() Input { return &Takedown{} },
	Reexamine:          func() Input { return &Reexamination{} },
	RecordReceipt:      func() Input { return &Receipt{} },
	RecordFeedback:     func() Input { return &Feedback{} },
	NoteSilence:        func() Input { return &SilenceNote{} },
	ReportMilestone:    func() Input { return &Milestone{} },
	ChangeCommitment:   func() Input { return &CommitmentChange{} },
	FulfilCommitment:   func() Input { return &Fulfilment{} },
	ReplyAgain:         func() Input { return &SecondReply{} },
	Urge:               func() Input { return &UrgeNote{} },
	AnswerUrge:         func() Input { return &UrgeAnswer{} },
	Merge:              func() Input { return &Merging{} },
	Unmerge:            func() Input { return &Unmerging{} },
	AskSecrecy:         func() Input { return &SecrecyRequest{} },
	Withdraw:           func() Input { return &Withdrawal{} },

	Ring:    func() Input { return &RungClock{} },
	Recount: func() Input { return &Recounting{} },
}

// Kinds lists every kind: those of the main way, those beside it, those of the system.
func Kinds() []Kind {
	var kinds []Kind
	add := func(k Kind) {
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	for _, row := range Table {
		add(row.Kind)
	}
	for _, row := range SideTable {
		add(row.Kind)
	}
	return append(kinds, bySystem...)
}

// BySystem reports whether only clocks and calendars do it.
func (k Kind) BySystem() bool { return slices.Contains(bySystem, k) }

// NewInput returns a pointer to an empty input of the kind, to decode a form or message into; nil for an unknown kind.
func NewInput(k Kind) Input {
	if empty, ok := inputs[k]; ok {
		return empty()
	}
	return nil
}

// UnmarshalJSON decodes the input into the type that the kind asks for.
func (a *Action) UnmarshalJSON(data []byte) error {
	type plain Action
	raw := struct {
		*plain
		Input json.RawMessage `json:"input"`
	}{plain: (*plain)(a)}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if a.Input = NewInput(a.Kind); a.Input == nil {
		return fmt.Errorf("unknown action kind %q", a.Kind)
	}
	if len(raw.Input) == 0 {
		return nil
	}
	return json.Unmarshal(raw.Input, a.Input)
}

// Check finds what is wrong with the action by itself: shape and size, not whether the case allows it.
func (a Action) Check() error {
	// The table is asked about Kind and the input decides the stage: they must speak of the same thing.
	if a.Input == nil || reflect.TypeOf(a.Input) != reflect.TypeOf(NewInput(a.Kind)) {
		return wrongField("kind", UnknownValue)
	}
	if a.Kind.BySystem() && a.By != "" {
		return refuse(Forbidden)
	}
	if fields := a.Input.check(); len(fields) > 0 {
		return &Refusal{Code: InvalidInput, Fields: fields}
	}
	return nil
}

// Registration takes a proposal in (登记). It carries the fields of domain §4.
type Registration struct {
	RegisterKey
	Title         string        `json:"title"` // 案由, with or without its formula
	Category      string        `json:"category,omitempty"`
	LeadDeputy    string        `json:"lead_deputy"`        // 领衔代表; for CPPCC the member, party, group or committee
	Proposer      ProposerKind  `json:"proposer,omitempty"` // empty: a deputy, or a member of the CPPCC
	CoSigners     []string      `json:"co_signers,omitempty"`
	Delegation    string        `json:"delegation,omitempty"`     // 代表团 or 界别
	DeputyContact string        `json:"deputy_contact,omitempty"` // looks at it are logged
	SecondContact string        `json:"second_contact,omitempty"` // another number, shown with the first
	ContactTime   string        `json:"contact_time,omitempty"`   // 方便时间: when the deputy likes to be called
	Text          string        `json:"text"`                     // the original
	Points        []string      `json:"points,omitempty"`         // as read from the original; confirmed at the consultation
	AssignedOn    calendar.Date `json:"assigned_on"`              // 交办日期: the legal clock starts here
	DueOn         calendar.Date `json:"due_on,omitzero"`          // 交办单载明的期限, when the assigning body names a day
	HandlingType  HandlingType  `json:"handling_type"`
	LeadUnit      string        `json:"lead_unit,omitempty"`      // 主办单位, where ours is the co-handling one
	Ours          []int         `json:"ours,omitempty"`           // of a split case: the points that are ours to answer; empty: all
	KeySupervised bool          `json:"key_supervised,omitempty"` // 重点督办
	Money         bool          `json:"money,omitempty"`          // 涉及资金
	Cleared       []PersonID    `json:"cleared,omitempty"`        // who may read the name in spite of a secrecy request
	MotionNo      string        `json:"motion_no,omitempty"`      // 议案转建议: the number of the motion
	Secrecy       bool          `json:"secrecy,omitempty"`        // 要求保密: blocks publication (R16)
	Wish          OpennessWish  `json:"wish,omitempty"`           // openness wish on the form
	SourceID      string        `json:"source_id,omitempty"`      // the source system's id
	Late          bool          `json:"late,omitempty"`           // 补录: an old case, official dates given, past clocks not rung
}

// PointTexts are the points as read from the original. A proposal that was not taken apart has one: what it is about.
func (r *Registration) PointTexts() []string {
	if len(r.Points) == 0 {
		return []string{BareSubject(r.Title)}
	}
	return r.Points
}

// HandlingType is how the units share a case (domain §1).
type HandlingType string

const (
	SoleHandling  HandlingType = "alone"     // 独办
	LeadHandling  HandlingType = "lead"      // 主办
	CoHandling    HandlingType = "co_handle" // 会办: our bureau owes the lead unit an opinion
	SplitHandling HandlingType = "split"     // 分办: each unit answers its part
	ReadingOnly   HandlingType = "reading"   // 参阅: no reply is owed
)

// HandlingTypes lists every value.
var HandlingTypes = []HandlingType{SoleHandling, LeadHandling, CoHandling, SplitHandling, ReadingOnly}

// ProposerKind is who handed the proposal in.
type ProposerKind string

const (
	MemberProposer    ProposerKind = "member"    // 代表、委员
	PartyProposer     ProposerKind = "party"     // 党派
	GroupProposer     ProposerKind = "group"     // 界别、小组、人民团体
	CommitteeProposer ProposerKind = "committee" // 专门委员会
)

// ProposerKinds lists every value.
var ProposerKinds = []ProposerKind{MemberProposer, PartyProposer, GroupProposer, CommitteeProposer}

// OpennessWish is what the deputy said about publishing the reply.
type OpennessWish string

const (
	NoOpennessWish OpennessWish = ""         // 没表态
	WishesOpen     OpennessWish = "agrees"   // 同意公开
	WishesClosed   OpennessWish = "disagree" // 不愿公开
)

// OpennessWishes lists every value.
var OpennessWishes = []OpennessWish{WishesOpen, WishesClosed, NoOpennessWish}

// RoutingOpinion is 拟办意见: which division leads, which co-handle, by when.
type RoutingOpinion struct {
	Lead        DivisionID    `json:"lead"`
	CoHandling  []DivisionID  `json:"co_handling,omitempty"`
	InternalDue calendar.Date `json:"internal_due,omitzero"` // empty: as the rule pack says
	Opinion     string        `json:"opinion,omitempty"`
}

// Instruction is 批示: the leader in charge approves the assignment.
type Instruction struct {
	Text string `json:"text,omitempty"`
}

// Acceptance names the handler.
type Acceptance struct {
	Handler PersonID `json:"handler"`
}

// DivisionRefusal is a division saying the case is not its own.
type DivisionRefusal struct {
	Reason    string     `json:"reason"`
	Suggested DivisionID `json:"suggested"` // who should lead instead
}

// ContactMode is how the deputy was spoken to.
type ContactMode string

const (
	PhoneContact   ContactMode = "phone"   // 电话
	VisitContact   ContactMode = "visit"   // 走访
	MeetingContact ContactMode = "meeting" // 面商
	ForumContact   ContactMode = "forum"   // 座谈
	VideoContact   ContactMode = "video"   // 视频
	LetterContact  ContactMode = "letter"  // 信函
)

// ContactModes lists every value.
var ContactModes = []ContactMode{PhoneContact, VisitContact, MeetingContact, ForumContact, VideoContact, LetterContact}

// ContactOutcome is how an attempt ended.
type ContactOutcome string

const (
	ContactReached  ContactOutcome = "reached"   // 已接通
	ContactNoAnswer ContactOutcome = "no_answer" // 无人接听
	ContactCallBack ContactOutcome = "call_back" // 约定回拨
)

// ContactOutcomes lists every value.
var ContactOutcomes = []ContactOutcome{ContactReached, ContactNoAnswer, ContactCallBack}

// Consultation is one attempt to reach the deputy (沟通). One that reached the deputy confirms the points.
type Consultation struct {
	Mode       ContactMode    `json:"mode"`
	At         time.Time      `json:"at,omitzero"` // when it was held; empty: now
	Outcome    ContactOutcome `json:"outcome"`
	SpokeWith  string         `json:"spoke_with,omitempty"`
	CallBackAt time.Time      `json:"call_back_at,omitzero"` // the next call: asked for by the deputy, or chosen by the officer
	Words      string         `json:"words,omitempty"`       // the deputy's words
	Points     []string       `json:"points,omitempty"`      // the list of points as confirmed
	Wish       OpennessWish   `json:"wish,omitempty"`
	Ours       []int          `json:"ours,omitempty"`    // of a split case: which points are ours; empty: as before
	Seconds    int            `json:"seconds,omitempty"` // how long the talk took; 0: nobody counted
	Checks     []PointCheck   `json:"checks,omitempty"`  // one for each of Points; none: the deputy confirmed them all as they stand
}

// PointCheck is how a point of the list fared while it was read out to the deputy.
type PointCheck struct {
	Was         string    `json:"was,omitempty"`         // how it read before the officer changed it; empty: unchanged, or new
	At          time.Time `json:"at,omitzero"`           // when it was ticked; zero: nobody's clock ran
	Unconfirmed bool      `json:"unconfirmed,omitempty"` // it stays in the list, but the deputy did not say yes to it
}

// ConsultationWaiver lets the drafting begin without the deputy having been reached (R2).
type ConsultationWaiver struct {
	Reason string `json:"reason"`
}

// Submission sends one saved version of the draft to review.
type Submission struct {
	Version int               `json:"version"`
	SHA256  string            `json:"sha256"` // of that version, hexadecimal
	Acks    []Acknowledgement `json:"acks,omitempty"`
}

// Acknowledgement takes responsibility for a finding that was left as it is (不改，写明理由).
type Acknowledgement struct {
	Finding string `json:"finding"` // Mark.Key
	Reason  string `json:"reason"`
}

// ReadText names the text that a reviewer has read, by its hash; "" for not said. Since reviewers may change words, another text may
// have come into review since: who passes a reply unseen is told.
type ReadText struct {
	SHA256 string `json:"sha256,omitempty"`
}

func (r ReadText) is(s *State) *Refusal {
	if r.SHA256 != "" && r.SHA256 != s.DraftSHA256 {
		return refuse(TextChanged)
	}
	return nil
}

// ReviewPass is a reviewer's approval. Edited is the text that the reviewer passes in place of the one in review, whose version it
// bears; it becomes a version of its own, and exactly that goes on.
type ReviewPass struct {
	ReadText
	Comment string `json:"comment,omitempty"`
	Edited  *Draft `json:"edited,omitempty"`
}

// Openness is what may be published of a reply.
type Openness string

const (
	OpenReply       Openness = "open"        // 主动公开
	PartlyOpenReply Openness = "partly_open" // 部分公开: a redacted version
	ClosedReply     Openness = "not_open"    // 不予公开
)

// Opennesses lists every value.
var Opennesses = []Openness{OpenReply, PartlyOpenReply, ClosedReply}

// OpennessDecision is the openness reviewer's (R10): open by default, closed only with a ground and a reason.
type OpennessDecision struct {
	ReadText
	Openness Openness `json:"openness"`
	Ground   string   `json:"ground,omitempty"` // the rule pack's code of a legal ground (条例 14–16)
	Reason   string   `json:"reason,omitempty"`
	// Redactions are the words that are blacked out in the public version; for PartlyOpen at least one. What is blacked out
	// is itself not public.
	Redactions []string `json:"redactions,omitempty"`
}

// SendingBack sends the case back (退回) to a named earlier stage. Edited is as in ReviewPass, for who would sign with other words: what the
// openness reviewer passed was another text (R10), so it goes there once more, and comes back to be signed as it is.
type SendingBack struct {
	To     Stage  `json:"to"`
	Reason string `json:"reason"`
	Edited *Draft `json:"edited,omitempty"`
}

// Signature signs exactly one text (签发).
type Signature struct {
	SHA256  string `json:"sha256"`
	Opinion string `json:"opinion,omitempty"`
}

// NumberAssignment is 编号用印. The serial is the next of its series; only a late registration brings its own.
type NumberAssignment struct {
	Serial int    `json:"serial,omitempty"` // 0: the next
	Seal   string `json:"seal,omitempty"`   // seal record: who sealed, how many copies
}

// DispatchMode is how the reply reached the deputy.
type DispatchMode string

const (
	DispatchInPerson DispatchMode = "in_person" // 面复
	DispatchByPost   DispatchMode = "mail"      // 邮寄
	DispatchByUpload DispatchMode = "upload"    // 系统上传
)

// DispatchModes lists every value.
var DispatchModes = []DispatchMode{DispatchInPerson, DispatchByPost, DispatchByUpload}

// DispatchNote records the sending (送达).
type DispatchNote struct {
	Mode    DispatchMode `json:"mode"`
	Receipt string       `json:"receipt,omitempty"`
	Copies  []string     `json:"copies,omitempty"` // 抄送
	// Recipients are those of the proposers to whom a reply went; empty: to all of them. Where the pack wants a reply to
	// each, nobody may be left out.
	Recipients []string `json:"recipients,omitempty"`
	Form       bool     `json:"form,omitempty"` // the feedback form was enclosed
}

// ClosureNote files the case (办结归档).
type ClosureNote struct {
	Note  string   `json:"note,omitempty"`
	Files []string `json:"files,omitempty"` // 归档目录
}

// RungClock says which clock's bell rang.
type RungClock struct {
	Clock ClockKind `json:"clock"`
	Ref   string    `json:"ref,omitempty"`
}

// Recounting says that deadlines which a missing calendar left provisional are to be counted again.
type Recounting struct{}
