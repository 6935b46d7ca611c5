package proposal

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/google/uuid"
)

// Action is one thing a person or a clock does to a case. It is saved to Postgres before the engine hears of it: the
// engine's histories carry its id, never its words.
type Action struct {
	ID      string        `json:"id"`              // UUID; the same id is applied once, for ever
	Kind    Kind          `json:"kind"`            //
	By      PersonID      `json:"by"`              // empty for the system
	For     PersonID      `json:"for,omitempty"`   // whom By covers for (代理); empty: By acts for themselves
	BaseSeq int           `json:"base_seq"`        // State.Seq that the actor saw; 0 = not said, only the stage is checked
	On      calendar.Date `json:"on,omitzero"`     // the official date, for late registrations (补录) only
	Input   Input         `json:"input,omitzero"`  // the Input type of Kind
	Proof   string        `json:"proof,omitempty"` // UUID of the proof of who By is that was made last; only a signature needs one

	strand string // the strand that Input is about, once it was found
}

// Input is what an action says. Each kind has its own type; NewInput makes an empty one.
type Input interface {
	// check finds what is wrong with the input by itself, without the case.
	check() []FieldError
	// apply changes the state and names the stage the case goes to, or refuses.
	apply(s *State, a Action, f Facts) (Stage, *Refusal)
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
	if len(a.For) > MaxLine {
		return wrongField("for", UnknownValue)
	}
	if fields := a.Input.check(); len(fields) > 0 {
		return &Refusal{Code: InvalidInput, Fields: fields}
	}
	return nil
}

// systemVersion is the version of the UUIDs under which the system acts.
const systemVersion = 8

// SystemID is the id of something that the system does: the same wherever it is computed, so that what is retried is done once. Who can
// see a case can compute it too. It is therefore of a version that no id from outside may have: nobody else can take it first.
func SystemID(space uuid.UUID, name string) string {
	return uuid.NewHash(sha256.New(), space, []byte(name), systemVersion).String()
}

// IsSystemID reports whether only the system may use the id.
func IsSystemID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.Version() == systemVersion
}

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

// Rank is how high in the bureau somebody stands who talked to the deputy (面商人), as the yearly evaluation tells them apart.
type Rank string

const (
	BureauHeadRank   Rank = "bureau_head"   // 单位主要负责人
	LeaderRank       Rank = "leader"        // 局级领导
	DivisionHeadRank Rank = "division_head" // 处室负责人
	OfficerRank      Rank = "officer"       // 经办人
)

// Ranks lists every value.
var Ranks = []Rank{BureauHeadRank, LeaderRank, DivisionHeadRank, OfficerRank}

// ContactOutcome is how an attempt ended.
type ContactOutcome string

const (
	ContactReached  ContactOutcome = "reached"   // 已接通
	ContactNoAnswer ContactOutcome = "no_answer" // 无人接听
	ContactCallBack ContactOutcome = "call_back" // 约定回拨
)

// ContactOutcomes lists how an attempt may end.
var ContactOutcomes = []ContactOutcome{ContactReached, ContactNoAnswer, ContactCallBack}

// NoContact says of an attempt that was recorded that there was none: of another case, or recorded twice.
const NoContact ContactOutcome = "none" // 没有这次联系

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
	Sure       bool           `json:"sure,omitempty"`    // a next call far from today is meant
	MetBy      Rank           `json:"met_by,omitempty"`  // 面商人: who of the bureau talked to them; empty: not said
}

// Confirmed reports of each point whether the deputy said yes to it.
func (v *Consultation) Confirmed() []bool {
	confirmed := make([]bool, len(v.Points))
	for i := range confirmed {
		confirmed[i] = len(v.Checks) == 0 || !v.Checks[i].Unconfirmed
	}
	return confirmed
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

// ReadText names the text that a reviewer has read, by its hash; "" if that is not said. Reviewers may change words, so another text
// may be in review by now: whoever would pass it unread is refused with TextChanged.
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

// SendingBack sends the case back (退回) to a named earlier stage. Edited is as in ReviewPass. A signer sends changed words back to
// the openness review, which passed another text (R10); from there the reply returns to be signed as it is.
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

// NumberAssignment is 编号用印. The serial is the next of its series; a late registration brings its own, and so does a number that
// another office gives.
type NumberAssignment struct {
	Serial int    `json:"serial,omitempty"` // 0: the next, or none where replies bear no number
	Sure   bool   `json:"sure,omitempty"`   // a serial far from the last one is meant
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

// Vacancy names somebody who has left, moved or lost a role: whatever of the case is theirs is looked at again.
type Vacancy struct {
	Person PersonID `json:"person"`
}

// Handover gives one thing that somebody has to a colleague, as a rule before they leave (交接).
type Handover struct {
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
	Task TaskKey  `json:"task"` // AskForHandler: the case itself
	By   PersonID `json:"by"`   // the administrator who ordered it
}

// Regrouping takes what a division has of a case over to another. With Back it is taken back, as if it had not been.
type Regrouping struct {
	From DivisionID `json:"from"`
	To   DivisionID `json:"to"`
	By   PersonID   `json:"by,omitempty"` // the administrator who asked for it
	Back bool       `json:"back,omitempty"`
}
