package caseroom

import (
	"context"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	AddNote(ctx context.Context, by proposal.PersonID, caseID string, actionID string, text string, mentions []proposal.PersonID) (no int, err error)
	AnswerComment(ctx context.Context, by proposal.PersonID, caseID string, actionID string, comment string, text string, settles bool) error
	Attachment(ctx context.Context, caseID string, id string, reader proposal.Person) (a store.AttachmentInfo, data []byte, err error)
	BulkCases(ctx context.Context, reader proposal.Person, ids []string) (map[string]store.BulkCase, error)
	CaseAt(ctx context.Context, id string, p proposal.Person, m store.Moment) (*store.PastCase, error)
	CaseByKey(ctx context.Context, k assembly.RegisterKey) (id string, err error)
	CaseHeads(ctx context.Context, ids []string) (map[string]store.CaseHead, error)
	CasesNumbered(ctx context.Context, p proposal.Person, number string) ([]store.CaseLink, error)
	ClaimTask(ctx context.Context, by proposal.PersonID, caseID string, actionID string, key proposal.TaskKey) error
	CountTasks(ctx context.Context, person proposal.PersonID, filters []store.TaskFilter) ([]int, error)
	CutWorks(ctx context.Context, caseID string, opener proposal.PersonID) (int, error)
	DeskSettings(ctx context.Context, person proposal.PersonID) (store.DeskSettings, error)
	Draft(ctx context.Context, caseID string, version int) (store.SavedDraft, error)
	DraftFacts(ctx context.Context, caseID string) (f proposal.Facts, err error)
	EarlierProposals(ctx context.Context, viewer proposal.Person, c *store.Case) ([]store.EarlierProposal, error)
	ForgetTyped(ctx context.Context, person proposal.PersonID, caseID string, form string, ref string, on []string) error
	Here(ctx context.Context, caseID string, by proposal.PersonID) ([]store.Presence, error)
	KeepTyped(ctx context.Context, person proposal.PersonID, t store.Typed) (kept bool, others int, err error)
	KeepWork(ctx context.Context, caseID string, by proposal.PersonID, t store.TypedDraft, cut bool) (store.KeptWork, error)
	LinkCases(ctx context.Context, by proposal.PersonID, caseID string, actionID string, other string, kind store.LinkKind) error
	MakeDeputyLink(ctx context.Context, by proposal.PersonID, caseID, coSigner, actionID string) (secret string, link store.DeputyLink, err error)
	OrderPrint(ctx context.Context, caseID string, docx [][]byte) (printing.Order, error)
	OrderSealed(ctx context.Context, by proposal.PersonID, caseID string, use store.SealUse) (printing.Order, error)
	PlaceOf(ctx context.Context, person proposal.PersonID, f store.TaskFilter, row store.CaseTask) (place store.Place, err error)
	PrintOrder(ctx context.Context, id string) (printing.Order, error)
	PromisedCalls(ctx context.Context, person proposal.PersonID, exceptCase string) ([]time.Time, error)
	ReadCaseNotices(ctx context.Context, person proposal.PersonID, caseID string) error
	ReadDraft(ctx context.Context, by proposal.PersonID, caseID string, version int) error
	ReadDrafts(ctx context.Context, by proposal.PersonID, versions map[string]int) (map[string]bool, error)
	ReleaseTask(ctx context.Context, by proposal.PersonID, caseID string, actionID string, key proposal.TaskKey) error
	SaveComment(ctx context.Context, by proposal.PersonID, caseID string, actionID string, c store.Comment) error
	SaveFigure(ctx context.Context, by proposal.PersonID, caseID string, actionID string, f store.Figure) error
	SaveTyped(ctx context.Context, caseID string, by proposal.PersonID, actionID string, t store.TypedDraft) (store.SavedDraft, error)
	Seal(ctx context.Context) (seal store.Seal, ok bool, err error)
	SeeDraft(ctx context.Context, by proposal.PersonID, caseID string, version int) (before store.Seen, err error)
	Staff(ctx context.Context) (proposal.Staff, error)
	UnlinkCases(ctx context.Context, by proposal.PersonID, caseID string, actionID string, other string) error
	Unwatch(ctx context.Context, person proposal.PersonID, caseID string) error
	ViewContact(ctx context.Context, caseID string, by proposal.PersonID) (contact store.DeputyContact, err error)
	Watch(ctx context.Context, person proposal.PersonID, caseID string) error
}
