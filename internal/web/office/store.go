package office

import (
	"context"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	Calendar(ctx context.Context) (*calendar.Calendar, error)
	CalendarMoves(ctx context.Context, limit int) ([]store.CalendarMove, error)
	Case(ctx context.Context, id string) (*store.Case, error)
	CaseHeads(ctx context.Context, ids []string) (map[string]store.CaseHead, error)
	CaseIDFor(ctx context.Context, key assembly.RegisterKey, candidate func(n int) string) (string, error)
	ConfirmProxy(ctx context.Context, by proposal.Person, id string) error
	Divisions(ctx context.Context) ([]store.Division, error)
	LoadedYears(ctx context.Context) ([]store.LoadedYear, error)
	Paragraph(ctx context.Context, id string) (store.StandardParagraph, error)
	Paragraphs(ctx context.Context, f store.ParagraphFilter) ([]store.StandardParagraph, error)
	ParagraphsUsed(ctx context.Context, caseID string) ([]store.ParagraphUse, error)
	People(ctx context.Context) ([]store.Person, error)
	Proxies(ctx context.Context, person proposal.PersonID) ([]store.Proxy, error)
	RetireParagraph(ctx context.Context, by proposal.PersonID, line string, reason string) error
	RevokeProxy(ctx context.Context, by proposal.Person, id string) error
	SaveAttachment(ctx context.Context, by proposal.PersonID, caseID string, actionID string, info store.AttachmentInfo, data []byte) (store.AttachmentInfo, error)
	SaveParagraph(ctx context.Context, by proposal.PersonID, actionID string, p store.StandardParagraph) (store.StandardParagraph, error)
	SaveProxy(ctx context.Context, by proposal.Person, p store.Proxy) (id string, err error)
	SearchCases(ctx context.Context, viewer proposal.Person, f store.CaseFilter) (store.Page[store.CaseRow], error)
	Typed(ctx context.Context, person proposal.PersonID, caseID string) ([]store.Typed, error)
	UseParagraph(ctx context.Context, by proposal.Person, caseID string, edition string) (store.StandardParagraph, error)
}
