// Package workflows carries cases through the process. [Proposal] is the process itself: who reads it top to bottom has
// read how a bureau answers a proposal. Workflow code is deterministic and knows only ids, positions and clocks; what an
// action means is decided in internal/proposal, inside an activity. The package may import activities (method names and
// messages) and the rules; it must never import pgx, the store or the web.
package workflows

import (
	"fmt"

	"github.com/banli/banli/internal/ledger"

	"github.com/banli/banli/internal/assembly"
	"github.com/google/uuid"
)

// TaskQueue is the queue of all of Banli's workers.
const TaskQueue = "banli"

// Registered are all workflows by name. The names stand in histories: never rename one.
var Registered = map[string]any{
	"Proposal": Proposal, "CoHandling": CoHandling, "Publication": Publication, "Commitment": Commitment,
	"Reconcile": Reconcile, "Recalculate": Recalculate, "Bulk": Bulk, "Mail": Mail, "Digest": Digest, "Print": Print, "Push": Push,
}

// Names of updates, signals and queries. They stand in histories: never rename one.
const (
	ActUpdate     = "act"      // apply one saved action: ledger.Command → ledger.Outcome
	OrderUpdate   = "order"    // pause, resume, cancel, undo a bulk: ledger.BulkOrder → ledger.BulkOutcome
	AdoptUpdate   = "adopt"    // take over the position of the case's row: ledger.Position
	RowSignal     = "row"      // a strand's workflow has moved the row: RowMoved
	StrandSignal  = "strand"   // the case's workflow tells a strand's what has changed: StrandChange
	AskSignal     = "ask"      // somebody asks for a round of a workflow of which there is one
	PositionQuery = "position" // where the workflow believes to stand: ledger.Position, of a strand ledger.StrandPosition
)

// Ids of the workflows of which there is one.
const (
	ReconcileID         = "reconcile"
	ReconcileScheduleID = "reconcile-nightly" // hourly now: the name is from before
	RecalculateID       = "recalculate"
	MailID              = "mail"
	MailScheduleID      = "mail-minutely"
	DigestID            = "digest"
	DigestScheduleID    = "digest-quarterly"
	PushID              = "push"
	PushScheduleID      = "push-minutely"
)

// caseNamespace makes a case's id a function of its natural key, so that intake is idempotent in the engine and in Postgres.
var caseNamespace = uuid.MustParse("0b7f7c55-5d3d-5a0e-8f6e-9f6a4a1f2d10")

// CaseID is the id of the case with the key: a UUID, the same wherever it is computed.
func CaseID(key assembly.RegisterKey) string {
	return uuid.NewSHA1(caseNamespace, []byte(key.String())).String()
}

// CaseIDs are the ids that a new case with the key may have, in their order: the second and those after it where the number of
// another case was corrected, which keeps the id that its old number gave it.
func CaseIDs(key assembly.RegisterKey) func(n int) string {
	return func(n int) string {
		if n == 0 {
			return CaseID(key)
		}
		return uuid.NewSHA1(caseNamespace, fmt.Appendf(nil, "%s#%d", key, n)).String()
	}
}

// WorkflowID is the id of the workflow that carries the case.
func WorkflowID(caseID string) string { return "proposal-" + caseID }

// BulkWorkflowID is the id of the workflow that carries the bulk.
func BulkWorkflowID(bulkID string) string { return "bulk-" + bulkID }

// StrandWorkflowID is the id of the workflow that carries a strand of the case.
func StrandWorkflowID(caseID string, r ledger.StrandPosition) string {
	return string(r.Kind) + "-" + caseID + "-" + r.Ref
}

// StrandInput starts or continues the workflow of a strand.
type StrandInput struct {
	CaseID string                `json:"case_id"`
	Seq    int                   `json:"seq"` // of the case, when At was true
	At     ledger.StrandPosition `json:"at"`
}

// StrandChange is where a strand now stands.
type StrandChange struct {
	Seq  int                   `json:"seq"`
	At   ledger.StrandPosition `json:"at"`
	Done bool                  `json:"done,omitempty"`
}

// RowMoved is where the row of a case now stands, and which strand moved it and so knows.
type RowMoved struct {
	Row ledger.Position       `json:"row"`
	By  ledger.StrandPosition `json:"by"`
}

// ProposalInput starts or continues the workflow of a case. Position is zero before registration.
type ProposalInput struct {
	CaseID   string          `json:"case_id"`
	Position ledger.Position `json:"position"`
}
