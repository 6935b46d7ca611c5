package proposal

import (
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// RefusalCode says why an action was refused. Each code has one message per language in the catalogues, under "refusal.<code>".
type RefusalCode string

const (
	InvalidInput      RefusalCode = "invalid"            // one or more fields are wrong; see Fields
	NotFound          RefusalCode = "not_found"          // no such case, task or draft, or not for this person's eyes
	Forbidden         RefusalCode = "forbidden"          // the role may never do this
	NotInStage        RefusalCode = "not_in_stage"       // the case is elsewhere
	StaleForm         RefusalCode = "stale"              // someone acted since the form was drawn; By, At and Did tell
	SentOtherwise     RefusalCode = "sent_otherwise"     // something else was done under the action's id
	AlreadyRegistered RefusalCode = "already_registered" // the number is on the register; Case tells which
	ClaimedByOther    RefusalCode = "claimed_by_other"   // another person has taken the task; By tells
	OwnDraft          RefusalCode = "own_draft"          // the drafter may not review, sign or publish the reply
	OwnReview         RefusalCode = "own_review"         // a reviewer may not sign or publish the reply
	OwnSignature      RefusalCode = "own_signature"      // the signer may not publish the reply
	WrongSigner       RefusalCode = "wrong_signer"       // the rule pack names another signer (R7); Role tells
	OutsideField      RefusalCode = "outside_field"      // the division is not in the leader in charge's field
	TooFewAttempts    RefusalCode = "too_few_attempts"   // no waiver before N attempts (R2); Have and Need tell
	DraftIncomplete   RefusalCode = "draft_incomplete"   // R2, R3, R4; Findings tell
	TextChanged       RefusalCode = "text_changed"       // the text is not the one that was read or signed (R6)
	ClockNotDue       RefusalCode = "not_due"            // a clock that has not run out
	EngineUnavailable RefusalCode = "unavailable"        // no answer from engine or database: nobody knows whether it was done, and done twice it is not; Cause tells
	StepNotYours      RefusalCode = "not_yours"          // only one's own last step can be recalled, while nobody acted on it
	NotACover         RefusalCode = "not_a_cover"        // no dated proxy lets the person act for the other today
	NotForThisKind    RefusalCode = "not_for_this_kind"  // the handling type does not know the action
	NotInPack         RefusalCode = "not_in_pack"        // the rule pack does not allow it
	AlreadyUnderWay   RefusalCode = "already_under_way"  // there is one already
	NotUnderWay       RefusalCode = "not_under_way"      // there is none, or it is settled; Status tells
	ReturnDecided     RefusalCode = "return_decided"     // the assigning body has refused to take the case back, or the window is not for this round
	WindowClosed      RefusalCode = "window_closed"      // R1: after the return window; Due tells
	TooLateToExtend   RefusalCode = "too_late"           // an extension is asked before the due date; Due tells
	OpinionsOpen      RefusalCode = "opinions_open"      // R5: co-opinions are open; Refs tell
	ReviewsOpen       RefusalCode = "reviews_open"       // 会签, 加签: Refs tell
	NotOverdue        RefusalCode = "not_overdue"        // a co-opinion is waived, and silence noted, only after its limit; Due tells
	UrgedRecently     RefusalCode = "urged_recently"     // Due tells from when on
	BureauRates       RefusalCode = "bureau_rates"       // R12: no scan of what the deputy or the assembly wrote
	NotAllAgree       RefusalCode = "not_all_agree"      // R17: joint ones are withdrawn only if all agree
	NobodysByName     RefusalCode = "nobodys_by_name"    // in this stage the case has no handler who could be changed; Stage tells
	TaskAlreadyYours  RefusalCode = "already_yours"      // one has the task already
	TaskNotClaimed    RefusalCode = "not_claimed"        // nobody has claimed the task: there is nothing to put back
	NotYourTask       RefusalCode = "not_your_task"      // the case asks nothing of the person that somebody could do for them
	NotUndoable       RefusalCode = "not_undoable"       // what was done cannot be taken back
	NobodyLeft        RefusalCode = "nobody_left"        // R21: after the step nobody could do what Role has still to do
	SecondPerson      RefusalCode = "second_person"      // R22: somebody else must confirm it
	ProofNeeded       RefusalCode = "proof_needed"       // the signer has to prove again who they are
)

// RefusalCodes lists every code, so that a test can hold the catalogues complete.
var RefusalCodes = []RefusalCode{
	InvalidInput, NotFound, Forbidden, NotInStage, StaleForm, SentOtherwise, AlreadyRegistered, ClaimedByOther, OwnDraft, OwnReview, OwnSignature,
	WrongSigner, OutsideField, TooFewAttempts, DraftIncomplete, TextChanged, ClockNotDue, EngineUnavailable, StepNotYours, NotACover,
	NotForThisKind, NotInPack, AlreadyUnderWay, NotUnderWay, ReturnDecided, WindowClosed, TooLateToExtend, OpinionsOpen, ReviewsOpen, NotOverdue,
	UrgedRecently, BureauRates, NotAllAgree, NobodysByName, TaskAlreadyYours, TaskNotClaimed, NotYourTask, NotUndoable,
	NobodyLeft, SecondPerson, ProofNeeded,
}

// Cause says why there will be no answer until an administrator has acted; "" if it may come at the next try. Each has a message of its own, under
// "refusal.unavailable.<cause>".
type Cause string

const (
	DiskFull    Cause = "disk_full"    // of the database: nothing new can be written
	ReadOnly    Cause = "read_only"    // the database takes nothing: it is being maintained, or is a copy of another
	SchemaApart Cause = "schema_apart" // the database is not as this program expects it, or the program may not do what it has to
)

// Causes lists every cause.
var Causes = []Cause{DiskFull, ReadOnly, SchemaApart}

// Refusal is the one error that people are meant to read. Its words are made from the catalogues in the reader's
// language; Error is for logs.
type Refusal struct {
	Code     RefusalCode   `json:"code"`
	Cause    Cause         `json:"cause,omitempty"` // of EngineUnavailable
	Fields   []FieldError  `json:"fields,omitempty"`
	Findings []Finding     `json:"findings,omitempty"`
	By       PersonID      `json:"by,omitempty"`    // who acted first
	At       time.Time     `json:"at,omitzero"`     // when, UTC
	Did      Kind          `json:"did,omitempty"`   // what they did
	Stage    Stage         `json:"stage,omitempty"` // where the case is now
	Case     string        `json:"case,omitempty"`  // the case that already bears the number
	Role     Role          `json:"role,omitempty"`  // whose right it would be
	Have     int           `json:"have,omitempty"`
	Need     int           `json:"need,omitempty"`
	Due      calendar.Date `json:"due,omitzero"`     // the date that decides
	Refs     []string      `json:"refs,omitempty"`   // the strands that are in the way
	Status   StrandStatus  `json:"status,omitempty"` // where the strand stands
}

// Key is under which the catalogues have the words.
func (r *Refusal) Key() string {
	if r.Cause != "" {
		return "refusal." + string(r.Code) + "." + string(r.Cause)
	}
	return "refusal." + string(r.Code)
}

// FieldError is one wrong field of a form or message.
type FieldError struct {
	Field string        `json:"field"`         // the field's JSON name
	Code  FieldCode     `json:"code"`          // message key "field.<code>"
	Max   int           `json:"max,omitempty"` // the number that the words of the code speak of: a limit in characters or items, a line, how many cases
	Date  calendar.Date `json:"date,omitzero"` // the date the field is measured against
}

// FieldCode says what is wrong with a field.
type FieldCode string

const (
	FieldRequired        FieldCode = "required"
	FieldMalformed       FieldCode = "malformed"
	FieldTooLong         FieldCode = "too_long"
	UnknownValue         FieldCode = "unknown_value"
	UnknownField         FieldCode = "unknown_field"
	DayBeforeStart       FieldCode = "before_start"  // earlier than the date it counts from
	DayAfterLegal        FieldCode = "after_legal"   // later than the legal due date
	DayInFuture          FieldCode = "in_future"     // something that has happened cannot lie ahead
	DayInPast            FieldCode = "in_past"       // something to come cannot lie behind
	LateRegistrationOnly FieldCode = "late_only"     // an official date may be given for a late registration only
	NotInBureau          FieldCode = "not_in_bureau" // no such division, or the person does not work in it
	HandlerReviewsIt     FieldCode = "reviews_it"    // the division head who accepts a case reviews its draft, so cannot write it
	StageNotEarlier      FieldCode = "not_earlier"   // a case can be sent back to an earlier stage only
	SerialTaken          FieldCode = "serial_taken"
	NoSecondFactor       FieldCode = "no_second_factor" // nobody could get a second factor here
	NoSerialGiven        FieldCode = "no_serial_given"  // replies bear no number here
	SerialSkips          FieldCode = "serial_skips"     // the series has no gaps: Max tells the next free serial
	PublicationBlocked   FieldCode = "blocked"          // a secrecy request blocks publication (R16)
	DayAfterCap          FieldCode = "after_cap"        // later than any extension may go: Date tells
	CoSignerLeftOut      FieldCode = "left_out"         // a co-signer is not among the recipients
	WordsNotInText       FieldCode = "not_in_text"      // the words to be blacked out do not occur in the text
	ScanMissing          FieldCode = "no_scan"          // no such attachment
	CaseItself           FieldCode = "its_own_case"     // a case cannot be merged or linked with itself
	NameTaken            FieldCode = "taken"            // another thing of the person's has that name
	TooManyEntries       FieldCode = "too_many"         // Max tells how many there may be
	MentionedCannotSee   FieldCode = "cannot_see"       // somebody is mentioned who may not see the case
	CaseAlreadyLinked    FieldCode = "already_linked"
	PersonItself         FieldCode = "its_you"           // nobody stands in for themselves
	FarOff               FieldCode = "far_off"           // it lies far from Date, or from Max: whoever means it says so
	NoRules              FieldCode = "no_rules"          // no rule pack was valid on that day
	RulesBuiltIn         FieldCode = "rules_built_in"    // of rules that cannot be withdrawn: they come with the program
	RulesBegun           FieldCode = "rules_begun"       // their first day, Date, is over or is today
	RulesExtended        FieldCode = "rules_extended"    // others extend them
	RulesPinned          FieldCode = "rules_pinned"      // Max cases were registered under them
	RulesOfToday         FieldCode = "rules_of_today"    // today's cases would get others without them
	Unchanged            FieldCode = "unchanged"         // the register says so already
	AfterDone            FieldCode = "after_done"        // later than Date, on which something was done in the case
	NotYoursToMend       FieldCode = "not_yours_to_mend" // the rules let others correct it, or nobody any more
	NotForReturn         FieldCode = "not_for_return"    // only a case that was returned is assigned again
	FieldTooShort        FieldCode = "too_short"         // Max tells how many characters it needs
	NotTheSame           FieldCode = "not_the_same"      // typed again, it is something else
	Guessable            FieldCode = "guessable"         // a password that anybody would try
	LastAdministrator    FieldCode = "last_admin"        // nobody would be left who keeps the bureau
	MayNotCover          FieldCode = "may_not_cover"     // R22: nothing that the one may do goes over to the other
)

// FieldCodes lists every field code.
var FieldCodes = []FieldCode{
	FieldRequired, FieldMalformed, FieldTooLong, UnknownValue, UnknownField, DayBeforeStart, DayAfterLegal, DayInFuture, DayInPast, LateRegistrationOnly, NotInBureau,
	HandlerReviewsIt, StageNotEarlier, SerialTaken, NoSerialGiven, SerialSkips, PublicationBlocked, DayAfterCap, CoSignerLeftOut, WordsNotInText, ScanMissing, CaseItself, NameTaken,
	TooManyEntries, MentionedCannotSee, CaseAlreadyLinked, PersonItself, MayNotCover, FarOff, NoRules, Unchanged,
	AfterDone, NotYoursToMend, NotForReturn, FieldTooShort, NoSecondFactor, NotTheSame, Guessable, LastAdministrator,
	RulesBuiltIn, RulesBegun, RulesExtended, RulesPinned, RulesOfToday,
}

// Error is the refusal for logs, in English. No person is shown it.
func (r *Refusal) Error() string {
	parts := []string{"refused: " + string(r.Code)}
	for _, f := range r.Fields {
		parts = append(parts, f.Field+" "+string(f.Code))
	}
	for _, f := range r.Findings {
		part := string(f.Code)
		if f.Mark != nil { // what it says stays out of the log: it may be a telephone number
			part += " " + string(f.Mark.Code) + " " + string(f.Mark.Level)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func refuse(code RefusalCode) *Refusal { return &Refusal{Code: code} }

func wrongField(field string, code FieldCode) *Refusal {
	return &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: field, Code: code}}}
}
