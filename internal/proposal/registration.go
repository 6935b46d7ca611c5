package proposal

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
)

// Registration takes a proposal in (登记). It carries the fields of domain §4.
type Registration struct {
	assembly.RegisterKey
	Title         string        `json:"title"`                    // 案由, with or without its formula
	LeadDeputy    string        `json:"lead_deputy"`              // 领衔代表; for CPPCC the member, party, group or committee
	CoSigners     []string      `json:"co_signers,omitempty"`     //
	DeputyContact string        `json:"deputy_contact,omitempty"` // looks at it are logged
	SecondContact string        `json:"second_contact,omitempty"` // another number, shown with the first
	Text          string        `json:"text"`                     // the original
	Points        []string      `json:"points,omitempty"`         // as read from the original; confirmed at the consultation
	AssignedOn    calendar.Date `json:"assigned_on"`              // 交办日期: the legal clock starts here
	DueOn         calendar.Date `json:"due_on,omitzero"`          // 交办单载明的期限, when the assigning body names a day
	HandlingType  HandlingType  `json:"handling_type"`            //
	Ours          []int         `json:"ours,omitempty"`           // of a split case: the points that are ours to answer; empty: all
	KeySupervised bool          `json:"key_supervised,omitempty"` // 重点督办
	Money         bool          `json:"money,omitempty"`          // 涉及资金
	Cleared       []PersonID    `json:"cleared,omitempty"`        // who may read the name in spite of a secrecy request
	Secrecy       bool          `json:"secrecy,omitempty"`        // 要求保密: blocks publication (R16)
	Wish          OpennessWish  `json:"wish,omitempty"`           // openness wish on the form
	Late          bool          `json:"late,omitempty"`           // 补录: an old case, official dates given, past clocks not rung
	Sure          bool          `json:"sure,omitempty"`           // days far from today are meant
	Described
	Archive
}

// Described is what of a registration no rule and no list asks about: the case keeps it and shows it, on its page and by the API, to
// whoever may see it.
type Described struct {
	Particulars
	Confidences
}

// Particulars are shown to everybody who sees the case.
type Particulars struct {
	Category   string                `json:"category,omitempty"`
	Proposer   assembly.ProposerKind `json:"proposer,omitempty"`    // empty: a deputy, or a member of the CPPCC
	Delegation string                `json:"delegation,omitempty"`  // 代表团 or 界别
	LeadUnit   string                `json:"lead_unit,omitempty"`   // 主办单位, where ours is the co-handling one
	MotionNo   string                `json:"motion_no,omitempty"`   // 议案转建议: the number of the motion
	AssignedBy string                `json:"assigned_by,omitempty"` // 交办单位: who handed the case to the bureau
}

// Confidences are shown to those who see the whole case and may know who the deputies are (R16).
type Confidences struct {
	ContactTime string `json:"contact_time,omitempty"` // 方便时间: when the deputy likes to be called
	SourceID    string `json:"source_id,omitempty"`    // the source system's id
}

// PointTexts are the points as read from the original. A proposal that was not taken apart has one: what it is about.
func (r *Registration) PointTexts() []string {
	if len(r.Points) == 0 {
		return []string{assembly.BareSubject(r.Title)}
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

// OpennessWish is what the deputy said about publishing the reply.
type OpennessWish string

const (
	NoOpennessWish OpennessWish = ""         // 没表态
	WishesOpen     OpennessWish = "agrees"   // 同意公开
	WishesClosed   OpennessWish = "disagree" // 不愿公开
)

// OpennessWishes lists every value.
var OpennessWishes = []OpennessWish{WishesOpen, WishesClosed, NoOpennessWish}

func (r *Registration) check() []FieldError {
	var c checker
	oneOf(&c, "body", r.Body, assembly.Bodies)
	oneOf(&c, "level", r.Level, assembly.Levels)
	if r.Term < 1 || r.Term > 99 {
		c.add("term", FieldMalformed)
	}
	if r.Session < 1 || r.Session > 99 {
		c.add("session", FieldMalformed)
	}
	c.text("number", r.Number, true, 40)
	if number := r.Canonical().Number; strings.ContainsRune(number, '/') || r.Number != "" && number == "" {
		c.add("number", FieldMalformed)
	}
	c.text("title", r.Title, true, MaxLine)
	c.text("category", r.Category, false, MaxLine)
	c.text("lead_deputy", r.LeadDeputy, true, MaxLine)
	c.list("co_signers", r.CoSigners, MaxProposers, MaxLine)
	c.text("delegation", r.Delegation, false, MaxLine)
	c.text("deputy_contact", r.DeputyContact, false, MaxLine)
	c.text("second_contact", r.SecondContact, false, MaxLine)
	c.text("contact_time", r.ContactTime, false, MaxLine)
	c.text("text", r.Text, true, MaxText)
	c.list("points", r.Points, MaxList, MaxNote)
	c.text("source_id", r.SourceID, false, MaxLine)
	oneOf(&c, "handling_type", r.HandlingType, HandlingTypes)
	oneOf(&c, "wish", r.Wish, OpennessWishes)
	oneOf(&c, "proposer", r.Proposer, append(slices.Clone(assembly.ProposerKinds), ""))
	c.text("lead_unit", r.LeadUnit, r.HandlingType == CoHandling, MaxLine)
	c.text("motion_no", r.MotionNo, false, MaxLine)
	c.text("assigned_by", r.AssignedBy, false, MaxLine)
	c.numbers("ours", r.Ours)
	r.checkArchive(&c)
	if len(r.Cleared) > MaxList {
		c = append(c, FieldError{Field: "cleared", Code: FieldTooLong, Max: MaxList})
	}
	if r.AssignedOn.IsZero() {
		c.add("assigned_on", FieldRequired)
	} else if !r.DueOn.IsZero() && r.DueOn.Before(r.AssignedOn) {
		c = append(c, FieldError{Field: "due_on", Code: DayBeforeStart, Date: r.AssignedOn})
	}
	return c
}
