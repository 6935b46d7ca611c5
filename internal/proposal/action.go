package proposal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Kind names an action that moves a case.
type Kind string

const (
	Register          Kind = "register"           // 登记
	ProposeAssignment Kind = "propose_assignment" // 拟办
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
	Publish           Kind = "publish"            // 公开
	Close             Kind = "close"              // 办结归档
	Ring              Kind = "ring"               // a clock ran out; the system acts
)

// Action is one thing a person or a clock does to a case. It is saved to Postgres before the engine hears of it: the
// engine's histories carry its id, never its words.
type Action struct {
	ID      string        `json:"id"`             // UUID; the same id is applied once, for ever
	Kind    Kind          `json:"kind"`           //
	By      PersonID      `json:"by"`             // empty for Ring
	BaseSeq int           `json:"base_seq"`       // State.Seq that the actor saw; 0 = not said, only the stage is checked
	On      calendar.Date `json:"on,omitzero"`    // the official date, for late registrations (补录) only
	Input   Input         `json:"input,omitzero"` // the Input type of Kind
}

// Input is what an action says. Each kind has its own type; NewInput makes an empty one.
type Input interface {
	// check finds what is wrong with the input by itself, without the case.
	check() []FieldError
	// apply changes the state and names the stage the case goes to, or refuses.
	apply(s *State, a Action, f Facts) (Stage, *Refusal)
}

// NewInput returns a pointer to an empty input of the kind, to decode a form or message into; nil for an unknown kind.
func NewInput(k Kind) Input {
	switch k {
	case Register:
		return &Registration{}
	case ProposeAssignment:
		return &RoutingOpinion{}
	case ApproveAssignment:
		return &Instruction{}
	case Accept:
		return &Acceptance{}
	case Refuse:
		return &DivisionRefusal{}
	case Contact:
		return &Consultation{}
	case Waive:
		return &ConsultationWaiver{}
	case Submit:
		return &Submission{}
	case PassReview:
		return &ReviewPass{}
	case DecideOpenness:
		return &OpennessDecision{}
	case SendBack:
		return &Return{}
	case Sign:
		return &Signature{}
	case AssignNumber:
		return &NumberAssignment{}
	case Dispatch:
		return &DispatchNote{}
	case Publish:
		return &PublicationOrder{}
	case Close:
		return &ClosureNote{}
	case Ring:
		return &RungClock{}
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
	if a.Kind == Ring && a.By != "" {
		return refuse(Forbidden) // only clocks ring
	}
	if fields := a.Input.check(); len(fields) > 0 {
		return &Refusal{Code: Invalid, Fields: fields}
	}
	return nil
}

// Registration takes a proposal in (登记). It carries the fields of domain §4.
type Registration struct {
	Key
	Title         string        `json:"title"` // 案由, with or without its formula
	Category      string        `json:"category,omitempty"`
	LeadDeputy    string        `json:"lead_deputy"` // 领衔代表; for CPPCC the member, party, group or committee
	CoSigners     []string      `json:"co_signers,omitempty"`
	Delegation    string        `json:"delegation,omitempty"`     // 代表团 or 界别
	DeputyContact string        `json:"deputy_contact,omitempty"` // looks at it are logged
	Text          string        `json:"text"`                     // the original
	Points        []string      `json:"points,omitempty"`         // as read from the original; confirmed at the consultation
	AssignedOn    calendar.Date `json:"assigned_on"`              // 交办日期: the legal clock starts here
	DueOn         calendar.Date `json:"due_on,omitzero"`          // 交办单载明的期限, when the assigning body names a day
	HandlingType  HandlingType  `json:"handling_type"`
	KeySupervised bool          `json:"key_supervised,omitempty"` // 重点督办
	Secrecy       bool          `json:"secrecy,omitempty"`        // 要求保密: blocks publication (R16)
	Wish          Wish          `json:"wish,omitempty"`           // openness wish on the form
	SourceID      string        `json:"source_id,omitempty"`      // the source system's id
	Late          bool          `json:"late,omitempty"`           // 补录: an old case, official dates given, past clocks not rung
}

// PointTexts are the points as read from the original. A proposal that was not taken apart has one: what it is about.
func (r *Registration) PointTexts() []string {
	if len(r.Points) == 0 {
		return []string{Subject(r.Title)}
	}
	return r.Points
}

// HandlingType is how the units share a case (domain §1).
type HandlingType string

const (
	Alone    HandlingType = "alone"     // 独办
	Lead     HandlingType = "lead"      // 主办
	CoHandle HandlingType = "co_handle" // 会办
	Split    HandlingType = "split"     // 分办
)

// HandlingTypes lists every value.
var HandlingTypes = []HandlingType{Alone, Lead, CoHandle, Split}

// Wish is what the deputy said about publishing the reply.
type Wish string

const (
	NoWish    Wish = ""         // 没表态
	Agrees    Wish = "agrees"   // 同意公开
	Disagrees Wish = "disagree" // 不愿公开
)

// Wishes lists every value.
var Wishes = []Wish{Agrees, Disagrees, NoWish}

// RoutingOpinion is 拟办意见: which division leads, which co-handle, by when.
type RoutingOpinion struct {
	Lead        DivisionID    `json:"lead"`
	CoHandling  []DivisionID  `json:"co_handling,omitempty"`
	InternalDue calendar.Date `json:"internal_due,omitzero"` // empty: as the rule pack says
	Opinion     string        `json:"opinion,omitempty"`
}

// Instruction is 批示: the deputy head approves the assignment.
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

// Mode is how the deputy was spoken to.
type Mode string

const (
	Phone   Mode = "phone"   // 电话
	Visit   Mode = "visit"   // 走访
	Meeting Mode = "meeting" // 面商
	Forum   Mode = "forum"   // 座谈
	Video   Mode = "video"   // 视频
	Letter  Mode = "letter"  // 信函
)

// Modes lists every value.
var Modes = []Mode{Phone, Visit, Meeting, Forum, Video, Letter}

// ContactOutcome is how an attempt ended.
type ContactOutcome string

const (
	Reached  ContactOutcome = "reached"   // 已接通
	NoAnswer ContactOutcome = "no_answer" // 无人接听
	CallBack ContactOutcome = "call_back" // 约定回拨
)

// ContactOutcomes lists every value.
var ContactOutcomes = []ContactOutcome{Reached, NoAnswer, CallBack}

// Consultation is one attempt to reach the deputy (沟通). One that reached the deputy confirms the points.
type Consultation struct {
	Mode       Mode           `json:"mode"`
	At         time.Time      `json:"at,omitzero"` // when it was held; empty: now
	Outcome    ContactOutcome `json:"outcome"`
	SpokeWith  string         `json:"spoke_with,omitempty"`
	CallBackAt time.Time      `json:"call_back_at,omitzero"`
	Words      string         `json:"words,omitempty"`  // the deputy's words
	Points     []string       `json:"points,omitempty"` // the list of points as confirmed
	Wish       Wish           `json:"wish,omitempty"`
}

// ConsultationWaiver lets the drafting begin without the deputy having been reached (R2).
type ConsultationWaiver struct {
	Reason string `json:"reason"`
}

// Submission sends one saved version of the draft to review.
type Submission struct {
	Version int    `json:"version"`
	SHA256  string `json:"sha256"` // of that version, hexadecimal
}

// ReviewPass is a reviewer's approval.
type ReviewPass struct {
	Comment string `json:"comment,omitempty"`
}

// Openness is what may be published of a reply.
type Openness string

const (
	Open       Openness = "open"     // 主动公开
	ClosedText Openness = "not_open" // 不予公开
)

// Opennesses lists every value.
var Opennesses = []Openness{Open, ClosedText}

// OpennessDecision is the openness reviewer's (R10): open by default, closed only with a ground and a reason.
type OpennessDecision struct {
	Openness Openness `json:"openness"`
	Ground   string   `json:"ground,omitempty"` // the rule pack's code of a legal ground (条例 14–16)
	Reason   string   `json:"reason,omitempty"`
}

// Return sends the case back (退回) to a named earlier stage.
type Return struct {
	To     Stage  `json:"to"`
	Reason string `json:"reason"`
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

// DispatchMode is how the letter reached the deputy.
type DispatchMode string

const (
	InPerson DispatchMode = "in_person" // 面复
	Mail     DispatchMode = "mail"      // 邮寄
	Upload   DispatchMode = "upload"    // 系统上传
)

// DispatchModes lists every value.
var DispatchModes = []DispatchMode{InPerson, Mail, Upload}

// DispatchNote records the sending (送达).
type DispatchNote struct {
	Mode    DispatchMode `json:"mode"`
	Receipt string       `json:"receipt,omitempty"`
	Copies  []string     `json:"copies,omitempty"` // 抄送
}

// PublicationOrder puts the signed text on the public site (公开).
type PublicationOrder struct {
	SHA256 string `json:"sha256"`
}

// ClosureNote files the case (办结归档).
type ClosureNote struct {
	Note string `json:"note,omitempty"`
}

// RungClock says which clock ran out.
type RungClock struct {
	Clock ClockKind `json:"clock"`
}
