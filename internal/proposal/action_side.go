package proposal

import "github.com/banli/banli/internal/calendar"

// aimed is an input that is about one strand.
type aimed interface{ aim() string }

// StrandTarget names the strand that an action is about; each kind of action speaks of one kind of strand.
type StrandTarget struct {
	Ref string `json:"ref"`
}

func (t StrandTarget) aim() string { return t.Ref }

// ReadingNote says to whom a suggestion for reading went (参阅).
type ReadingNote struct {
	Divisions []DivisionID `json:"divisions"`
	Note      string       `json:"note,omitempty"`
}

// ReturnRequest asks the assigning body to take the case back (退件): whose duty it is, and by which law.
type ReturnRequest struct {
	Reason    string `json:"reason"`
	LegalDuty string `json:"legal_duty"` // the provision that makes it another unit's duty
	Suggested string `json:"suggested"`  // the unit that should have it
}

// Endorsement is the leader in charge's yes to a request.
type Endorsement struct {
	Text string `json:"text,omitempty"`
}

// ReturnVerdict is what the assigning body decided on a return.
type ReturnVerdict struct {
	Granted bool   `json:"granted,omitempty"`
	Text    string `json:"text"` // its words, or the number of its letter
}

// UpwardReport brings a case whose deputy stayed dissatisfied to the congress.
type UpwardReport struct {
	To   string `json:"to"`
	Text string `json:"text"`
}

// Rerouting hands the case to another division (转办). Clocks stay as they are.
type Rerouting struct {
	Lead   DivisionID `json:"lead"`
	Reason string     `json:"reason"`
}

// Reassignment hands the case to another handler of the division (改派).
type Reassignment struct {
	Handler PersonID `json:"handler"`
	Reason  string   `json:"reason"`
}

// Recalling takes back one's own last step (撤回).
type Recalling struct {
	Reason string `json:"reason,omitempty"`
}

// OpinionRequest asks a division of the bureau or an outside unit for its opinion (会办).
type OpinionRequest struct {
	Division DivisionID    `json:"division,omitempty"` // one of these two
	Unit     string        `json:"unit,omitempty"`
	Points   []int         `json:"points,omitempty"` // which points it is asked about; empty: all
	Question string        `json:"question"`
	DueOn    calendar.Date `json:"due_on,omitzero"` // empty: as the rule pack says
}

// WrittenOpinion is a unit's answer.
type WrittenOpinion struct {
	StrandTarget
	Text    string `json:"text"`
	Figures string `json:"figures,omitempty"` // figures, each with its source
	Contact string `json:"contact,omitempty"`
	Publish bool   `json:"publish,omitempty"` // it may be cited in public
}

// OpinionApproval is the co-handling division head's yes.
type OpinionApproval struct {
	StrandTarget
	Comment string `json:"comment,omitempty"`
}

// OpinionReturn sends an opinion back within the co-handling division.
type OpinionReturn struct {
	StrandTarget
	Reason string `json:"reason"`
}

// OpinionRedo sends an empty or contradictory opinion back to the unit, for a short redo.
type OpinionRedo struct {
	StrandTarget
	Reason string `json:"reason"`
}

// OpinionWaiver goes on without an overdue opinion (R5).
type OpinionWaiver struct {
	StrandTarget
	Reason string `json:"reason"`
}

// OpinionCancellation takes a request for an opinion back.
type OpinionCancellation struct {
	StrandTarget
	Reason string `json:"reason"`
}

// DraftConsultation is the deputy's reaction to a draft (征求意见).
type DraftConsultation struct {
	Version  int         `json:"version"`
	Mode     ContactMode `json:"mode"`
	Reaction Reaction    `json:"reaction"`
	Words    string      `json:"words,omitempty"`
}

// Reaction is what the deputy said of a draft.
type Reaction string

const (
	AgreesToDraft      Reaction = "agreed"
	DisagreesWithDraft Reaction = "not_agreed" // back to drafting
	NoWordOnDraft      Reaction = "no_word"
)

// Reactions lists every value.
var Reactions = []Reaction{AgreesToDraft, DisagreesWithDraft, NoWordOnDraft}

// Countersignature is a co-handling division's yes to the draft (会签).
type Countersignature struct {
	StrandTarget
	ReadText
	Comment string `json:"comment,omitempty"`
}

// CountersignObjection is its no: the draft goes back.
type CountersignObjection struct {
	StrandTarget
	Reason string `json:"reason"`
}

// AddedReviewer names one more person who must look at the draft (加签).
type AddedReviewer struct {
	Person PersonID `json:"person"`
	Reason string   `json:"reason"`
}

// ReviewerWithdrawal does without an added reviewer who has not answered (减签).
type ReviewerWithdrawal struct {
	StrandTarget
	Reason string `json:"reason"`
}

// AddedPass is the added reviewer's yes.
type AddedPass struct {
	StrandTarget
	ReadText
	Comment string `json:"comment,omitempty"`
}

// AddedObjection is the added reviewer's no: the draft goes back.
type AddedObjection struct {
	StrandTarget
	Reason string `json:"reason"`
}

// Tightening switches on a stricter approval in the middle of a case.
type Tightening struct {
	Key    bool     `json:"key,omitempty"`   // 列为重点督办
	Money  bool     `json:"money,omitempty"` // 涉及资金
	Leader PersonID `json:"leader,omitempty"`
	Reason string   `json:"reason"`
}

// ExtensionRequest asks for a later due date (延期).
type ExtensionRequest struct {
	Until  calendar.Date `json:"until"`
	Reason string        `json:"reason"`
}

// ExtensionEndorsement is the leader in charge's yes to asking.
type ExtensionEndorsement struct {
	StrandTarget
	Text string `json:"text,omitempty"`
}

// ExtensionRefusal is the leader in charge's no.
type ExtensionRefusal struct {
	StrandTarget
	Reason string `json:"reason"`
}

// ExtensionVerdict is what the assigning body decided; the date granted may differ from the one asked.
type ExtensionVerdict struct {
	StrandTarget
	Granted bool          `json:"granted,omitempty"`
	Until   calendar.Date `json:"until,omitzero"`
	Text    string        `json:"text"` // its words, or the number of its letter
}

// ExtensionNotice says how the deputy was told of the new date.
type ExtensionNotice struct {
	StrandTarget
	Mode  ContactMode `json:"mode"`
	Words string      `json:"words,omitempty"`
}

// SuspensionOrder stops the clocks (中止).
type SuspensionOrder struct {
	Reason string `json:"reason"`
}

// Resumption lets the clocks run again.
type Resumption struct {
	StrandTarget
	Reason string `json:"reason"`
}

// PublicationOrder puts the signed text on the public site (公开).
type PublicationOrder struct {
	StrandTarget
	SHA256 string `json:"sha256"`
}

// Correction publishes the signed text again with more of it blacked out (更正): what leaked goes, the rest stays what was
// signed.
type Correction struct {
	StrandTarget
	Redactions []string `json:"redactions"`
	Note       string   `json:"note"` // what readers are told
}

// Takedown takes a published reply off the public site (撤下).
type Takedown struct {
	StrandTarget
	Reason string `json:"reason"`
}

// Reexamination looks again, a year later, at a reply that was not published (R11).
type Reexamination struct {
	StrandTarget
	Openness Openness `json:"openness"`
	Ground   string   `json:"ground,omitempty"`
	Reason   string   `json:"reason"`
}

// Receipt says that one proposer has the reply.
type Receipt struct {
	Recipient string `json:"recipient"`
	Receipt   string `json:"receipt"`
}

// Feedback is the deputy's rating (征询意见). It comes from the deputy's own link, or from the assembly; the liaison only
// enters what stands on a scan (R12).
type Feedback struct {
	StrandTarget
	Source   FeedbackSource `json:"source"`
	Attitude Rating         `json:"attitude"` // 办理态度
	Result   Rating         `json:"result"`   // 办理结果
	Words    string         `json:"words,omitempty"`
	Scan     string         `json:"scan,omitempty"` // SHA-256 of the attachment
}

// CoSignerRating is what one who signed besides the lead says of the present reply (附议人评价). It is kept and shown; whether the round is
// settled, or another begins, the lead's rating alone decides. Said again, it corrects what was said, with a reason.
type CoSignerRating struct {
	CoSigner string         `json:"co_signer"`
	Round    int            `json:"round,omitempty"` // 0: the present one
	Source   FeedbackSource `json:"source"`
	Attitude Rating         `json:"attitude"`
	Result   Rating         `json:"result"`
	Words    string         `json:"words,omitempty"`
	Scan     string         `json:"scan,omitempty"`
	Reason   string         `json:"reason,omitempty"`
}

// feedback is the rating as if it were the lead's.
func (r *CoSignerRating) feedback() *Feedback {
	return &Feedback{Source: r.Source, Attitude: r.Attitude, Result: r.Result, Words: r.Words, Scan: r.Scan}
}

// FeedbackSource is who rated.
type FeedbackSource string

const (
	FeedbackFromDeputy   FeedbackSource = "deputy"
	FeedbackFromAssembly FeedbackSource = "assembly"
)

// FeedbackSources lists every value.
var FeedbackSources = []FeedbackSource{FeedbackFromDeputy, FeedbackFromAssembly}

// Rating is one answer on the feedback form.
type Rating string

const (
	Satisfied          Rating = "satisfied"    // 满意
	BasicallySatisfied Rating = "basically"    // 基本满意
	NotSatisfied       Rating = "dissatisfied" // 不满意
)

// Ratings lists every value.
var Ratings = []Rating{Satisfied, BasicallySatisfied, NotSatisfied}

// SilenceNote says that no rating came within the limit, after a reminder.
type SilenceNote struct {
	StrandTarget
	Note string `json:"note,omitempty"`
}

// Milestone is a step towards keeping a commitment.
type Milestone struct {
	StrandTarget
	Text string `json:"text"`
}

// CommitmentChange is a commitment overtaken by the facts: a written explanation to the deputy is owed.
type CommitmentChange struct {
	StrandTarget
	DueOn       calendar.Date `json:"due_on"`
	Explanation string        `json:"explanation"`    // as written to the deputy
	Sure        bool          `json:"sure,omitempty"` // a day far from today is meant
}

// Fulfilment says how a commitment was kept.
type Fulfilment struct {
	StrandTarget
	Result string `json:"result"`
}

// SecondReply tells the deputy that a commitment was kept (再次答复).
type SecondReply struct {
	StrandTarget
	Mode DispatchMode `json:"mode"`
	Text string       `json:"text"`
}

// UrgeNote hurries whoever has the case (催办).
type UrgeNote struct {
	Text string `json:"text"`
}

// SigningFor is the signature for what the assigning body has handed over (签收).
type SigningFor struct {
	StrandTarget
	SignedOn calendar.Date `json:"signed_on"`
	Text     string        `json:"text,omitempty"`
}

// UrgeAnswer says why it takes so long, and until when.
type UrgeAnswer struct {
	StrandTarget
	Text string `json:"text"`
}

// Merging puts the case into a group that is researched together (并案); every deputy is answered apart (R15).
type Merging struct {
	With   string `json:"with"` // id of the leading case
	Reason string `json:"reason"`
}

// Unmerging takes it out again.
type Unmerging struct {
	Reason string `json:"reason"`
}

// SecrecyRequest is the deputy's wish that the name stay unknown (R16).
type SecrecyRequest struct {
	Reason  string     `json:"reason"`
	Cleared []PersonID `json:"cleared,omitempty"` // who may read it besides those who must
}

// Withdrawal is the proposers taking the case back in writing (R17).
type Withdrawal struct {
	Letter string   `json:"letter"` // its date and words
	Agreed []string `json:"agreed"` // who signed it
}
