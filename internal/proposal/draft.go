package proposal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/banli/banli/internal/replytext"
)

// Draft is one saved version of a reply: the text between addressee and signature, who to ask about it, and what it
// answers. Title, addressee, signature and date are not typed: they follow from the case.
type Draft struct {
	Version      int                 `json:"version"` // from 1; not part of the hash
	Body         string              `json:"body"`    // one paragraph a line; headings 一、 （一） 1. （1） open a paragraph
	ContactName  string              `json:"contact_name"`
	ContactPhone string              `json:"contact_phone"`
	Answers      []PointAnswer       `json:"answers"` // one for each confirmed point, in order
	Class        string              `json:"class"`   // result class of the rule pack
	Commitments  []replytext.Promise `json:"commitments,omitempty"`
	Openness     Openness            `json:"openness"`         // what the handler proposes
	Ground       string              `json:"ground,omitempty"` // for not publishing
	Reason       string              `json:"reason,omitempty"` // for not publishing
}

// PointAnswer says where and how far the reply answers one point (R3). People set it; nothing is guessed from headings.
type PointAnswer struct {
	Point    int         `json:"point"` // from 1
	Status   PointStatus `json:"status"`
	Sections []int       `json:"sections"`         // paragraphs that answer it: indexes into Paragraphs(Body)
	Reason   string      `json:"reason,omitempty"` // why it is not solved, where the class demands it
}

// PointStatus is how far a point is solved (R3).
type PointStatus string

const (
	PointSolved      PointStatus = "solved"       // 已解决
	PointUnderWay    PointStatus = "under_way"    // 正在解决
	PointPlanned     PointStatus = "planned"      // 列入计划
	PointNotFeasible PointStatus = "not_feasible" // 暂不可行
	PointNotOurs     PointStatus = "not_ours"     // 不属本部门
)

// PointStatuses lists every value.
var PointStatuses = []PointStatus{PointSolved, PointUnderWay, PointPlanned, PointNotFeasible, PointNotOurs}

// SHA256 is the hash that is reviewed, signed and published: of everything but the version number, in hexadecimal.
func (d Draft) SHA256() string {
	d.Version = 0
	data, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings, ints and dates always encode
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Check finds what is wrong with a draft as something to save: size and encoding only, so that unfinished work is kept.
func (d Draft) Check() error {
	var c checker
	c.text("body", d.Body, false, MaxText)
	c.text("contact_name", d.ContactName, false, MaxLine)
	c.text("contact_phone", d.ContactPhone, false, MaxLine)
	c.text("class", d.Class, false, MaxLine)
	c.text("openness", string(d.Openness), false, MaxLine)
	c.text("ground", d.Ground, false, MaxLine)
	c.text("reason", d.Reason, false, MaxNote)
	for _, a := range d.Answers {
		c.text("answers", string(a.Status), false, MaxLine)
		c.text("answers", a.Reason, false, MaxNote)
	}
	for _, p := range d.Commitments {
		c.text("commitments", p.Text, false, MaxNote)
	}
	if len(d.Answers) > MaxList || len(d.Commitments) > MaxList {
		c = append(c, FieldError{Field: "answers", Code: FieldTooLong, Max: MaxList})
	}
	if len(c) > 0 {
		return &Refusal{Code: InvalidInput, Fields: c}
	}
	return nil
}

// Finding is something that must be mended before a draft may be reviewed.
type Finding struct {
	Code  FindingCode     `json:"code"`            // message key "finding.<code>"
	Point int             `json:"point,omitempty"` // the point it is about, from 1
	Class string          `json:"class,omitempty"` // the result class it is about
	Unit  string          `json:"unit,omitempty"`  // the co-handling unit it is about
	Mark  *replytext.Mark `json:"mark,omitempty"`  // the place in the text that it is about (R18)
}

// FindingCode says what is missing.
type FindingCode string

const (
	NotConsulted       FindingCode = "not_consulted"        // R2
	BodyMissing        FindingCode = "no_body"              //
	ContactMissing     FindingCode = "no_contact"           // R18
	PointUnanswered    FindingCode = "point_unanswered"     // R3: no paragraph linked
	PointWithoutStatus FindingCode = "point_without_status" // R3
	ClassMissing       FindingCode = "no_class"             // R4
	ClassMismatch      FindingCode = "class_mismatch"       // R4: the class does not allow the point's status
	CommitmentMissing  FindingCode = "no_commitment"        // R4: B needs a dated commitment
	ReasonMissing      FindingCode = "no_reason"            // R4: C and D need a reason
	GroundMissing      FindingCode = "no_ground"            // R10: not to be published, but no legal ground and reason
	OpinionNotAsked    FindingCode = "opinion_not_asked"    // R5: a co-handling division was never asked
	OpinionNotCited    FindingCode = "opinion_not_cited"    // R5: the reply does not name a unit whose opinion it has
	DraftNotAgreed     FindingCode = "draft_not_agreed"     // 征求意见: the deputy did not agree to this very version
	TextMarked         FindingCode = "in_text"              // R18: see Mark
)

// FindingCodes lists every code.
var FindingCodes = []FindingCode{
	NotConsulted, BodyMissing, ContactMissing, PointUnanswered, PointWithoutStatus, ClassMissing, ClassMismatch, CommitmentMissing, ReasonMissing, GroundMissing,
	OpinionNotAsked, OpinionNotCited, DraftNotAgreed, TextMarked,
}

// ExamineDraft lists everything that is found in a draft before review: what CheckDraft finds, whether co-opinions were asked and
// are cited (R5), and what stands in the text against the register (R18). A mark that only reminds may be acknowledged.
func ExamineDraft(d Draft, s State, f Facts) []Finding {
	found := CheckDraft(d, s, f.Points, f.Pack)
	for _, division := range s.CoHandling {
		if s.Strand(OpinionStrand, string(division)) == nil && !s.Late {
			found = append(found, Finding{Code: OpinionNotAsked, Unit: string(division)})
		}
	}
	for _, r := range s.StrandsOf(OpinionStrand) {
		if name := f.Units[r.Ref]; r.Outside && r.Status == StrandGiven && !strings.Contains(d.Body, name) {
			found = append(found, Finding{Code: OpinionNotCited, Unit: name})
		}
	}
	if s.DraftTold != 0 && s.DraftTold == d.Version {
		found = append(found, Finding{Code: DraftNotAgreed})
	}
	on := f.Today()
	if s.Late { // the reply bears a date of its time, no earlier than what the case bears already
		on = s.lastOfficial()
	}
	for _, m := range replytext.Check(d.reply(), f.Entry, on) {
		found = append(found, Finding{Code: TextMarked, Mark: &m})
	}
	return found
}

// CheckDraft lists what keeps the draft from being reviewed (R2, R3, R4). The page shows it; Apply refuses by it.
func CheckDraft(d Draft, s State, points int, pack *Pack) []Finding {
	var found []Finding
	add := func(f Finding) { found = append(found, f) }
	if !s.Consulted && !s.Waived && s.Handling != CoHandling {
		add(Finding{Code: NotConsulted})
	}
	paragraphs := len(replytext.Paragraphs(d.Body))
	if paragraphs == 0 {
		add(Finding{Code: BodyMissing})
	}
	if strings.TrimSpace(d.ContactName) == "" || strings.TrimSpace(d.ContactPhone) == "" {
		add(Finding{Code: ContactMissing})
	}
	if s.Handling == CoHandling { // an opinion for the lead unit: the deputy's points are answered by its reply
		return found
	}
	ours := s.ours(points)
	for _, point := range ours {
		answer := d.answer(point)
		if !slices.ContainsFunc(answer.Sections, func(i int) bool { return 0 <= i && i < paragraphs }) {
			add(Finding{Code: PointUnanswered, Point: point})
		}
		if !slices.Contains(PointStatuses, answer.Status) {
			add(Finding{Code: PointWithoutStatus, Point: point})
		}
	}
	for _, f := range d.checkClass(ours, pack) {
		add(f)
	}
	if _, ok := pack.Ground(d.Ground); d.Openness != OpenReply && d.Openness != "" && (!ok || strings.TrimSpace(d.Reason) == "") {
		add(Finding{Code: GroundMissing})
	}
	return found
}

// reply is what of the draft the checks of its text read.
func (d Draft) reply() replytext.Reply {
	return replytext.Reply{Body: d.Body, ContactName: d.ContactName, ContactPhone: d.ContactPhone, Commitments: d.Commitments}
}

// ours are the points that the bureau answers: all, unless the case is split between units (分办).
func (s State) ours(points int) []int {
	var ours []int
	for point := 1; point <= points; point++ {
		if len(s.Ours) == 0 || s.Handling != SplitHandling || slices.Contains(s.Ours, point) {
			ours = append(ours, point)
		}
	}
	return ours
}

// checkClass holds R4: the class follows the statuses, and brings what it needs.
func (d Draft) checkClass(ours []int, pack *Pack) []Finding {
	class, ok := pack.Class(d.Class)
	if !ok {
		return []Finding{{Code: ClassMissing}}
	}
	var found []Finding
	allSolved := true
	for _, point := range ours {
		allSolved = allSolved && d.answer(point).Status == PointSolved
	}
	for _, point := range ours {
		answer := d.answer(point)
		if answer.Status == "" {
			continue
		}
		if !slices.Contains(class.Statuses, answer.Status) {
			found = append(found, Finding{Code: ClassMismatch, Point: point, Class: d.Class})
		}
		// A class for what is not solved, chosen although every point is, owes its reason too.
		if class.Needs == NeedsReason && (answer.Status != PointSolved || allSolved) && strings.TrimSpace(answer.Reason) == "" {
			found = append(found, Finding{Code: ReasonMissing, Point: point, Class: d.Class})
		}
	}
	dated := func(p replytext.Promise) bool { return strings.TrimSpace(p.Text) != "" && !p.DueOn.IsZero() }
	if class.Needs == NeedsCommitment && !slices.ContainsFunc(d.Commitments, dated) {
		found = append(found, Finding{Code: CommitmentMissing, Class: d.Class})
	}
	return found
}

func (d Draft) answer(point int) PointAnswer {
	for _, a := range d.Answers {
		if a.Point == point {
			return a
		}
	}
	return PointAnswer{Point: point}
}
