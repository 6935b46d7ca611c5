package proposal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Event is one line of a case's record (R19): who, when, on which version, what, why. Events are only ever added, and each
// carries the hash of the one before, so that a change to any of them shows.
type Event struct {
	CaseID   string          `json:"case_id"`
	No       int             `json:"no"`        // from 1 within the case, without gaps
	ActionID string          `json:"action_id"` // UUID
	Kind     string          `json:"kind"`      // a Kind, or one of the EventKinds that do not move the case
	By       PersonID        `json:"by"`
	For      PersonID        `json:"for,omitempty"` // whom By acted for (代理)
	At       time.Time       `json:"at"`            // true time of the act, UTC, microseconds
	On       string          `json:"on"`            // official date, for late registrations
	From     Stage           `json:"from"`
	To       Stage           `json:"to"`
	Input    json.RawMessage `json:"input"`           // what the action said
	Proof    string          `json:"proof,omitempty"` // of a signature: by what second factor the signer had just proved who they are
}

// Kinds of event that do not move a case.
const (
	EventClaim       = "claim"        // 认领
	EventRelease     = "release"      // 放回
	EventSaveDraft   = "save_draft"   // a new version of the draft
	EventViewContact = "view_contact" // someone looked at the deputy's contact data
	EventAttach      = "attach"       // a file was added
	EventSeal        = "seal"         // 用印: a signed reply was printed under the seal
	EventDeputyLink  = "deputy_link"  // a one-time link was made for the deputy
	EventNote        = "note"         // 备注: a colleague wrote a note
	EventLink        = "link"         // 关联: the case was linked with another
	EventUnlink      = "unlink"       // 取消关联

	EventComment       = "comment"        // somebody said something about a passage of the draft
	EventAnswerComment = "answer_comment" // somebody answered it
	EventSettleComment = "settle_comment" // it is settled, and why
	EventFigure        = "figure"         // where a figure of the draft comes from

	EventInterrupted = "interrupted" // the case's workflow was ended or reset in the engine; it was taken up again from the record
	EventStuck       = "stuck"       // the case's workflow did not get on; one was started from the record in its place
)

// Hash chains the event to the one before it (prev is "" for the first). The input must be in the compact form that
// encoding/json writes.
func (e Event) Hash(prev string) string {
	e.At = e.At.UTC().Truncate(time.Microsecond)
	data, err := json.Marshal(struct {
		Prev string `json:"prev"`
		Event
	}{prev, e})
	if err != nil {
		panic(err) // the input was encoded before
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
