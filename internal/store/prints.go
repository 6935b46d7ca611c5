package store

import (
	"context"
	"strings"
	"time"

	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// printSpace holds the ids of orders.
var printSpace = uuid.MustParse("5d0e6f6b-0b5c-4a5e-9a54-2f0c1f7d8e31")

// unsealedKept is how long what was printed without a seal is kept: whoever asks for the same meanwhile gets it at once.
const unsealedKept = 24 * time.Hour

// OrderPrint keeps files that are to be printed without a seal, and returns the order. Of the same files there is one order.
func (s *Store) OrderPrint(ctx context.Context, caseID string, docx [][]byte) (printing.Order, error) {
	o := printing.Order{ID: printID(caseID, printing.Unsealed, docx), Seal: printing.Unsealed, Docx: docx}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from prints where seal = 'none' and ordered_at < $1 and id <> $2`, s.Now().UTC().Add(-unsealedKept), o.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertPrint, o.ID, caseID, s.Now().UTC(), o.Seal, o.About, o.Docx)
		return err
	})
	if err != nil {
		return o, edge(err)
	}
	return s.PrintOrder(ctx, o.ID)
}

const insertPrint = `
	insert into prints (id, case_id, ordered_at, seal, about, docx) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`

// printID is a function of what is printed.
func printID(caseID string, seal printing.Sealing, docx [][]byte) string {
	return proposal.SystemID(printSpace, strings.Join(append(hashes(docx), string(seal), caseID), " "))
}

func hashes(files [][]byte) (all []string) {
	for _, file := range files {
		all = append(all, hashOf(file))
	}
	return all
}

// SealUse is a use of the seal.
type SealUse struct {
	Version int              // of the reply
	Seal    printing.Sealing // ByPicture or ByService
	About   printing.About
	// Files makes the files that are printed; picture is nil for a service.
	Files func(seal Seal, picture []byte) ([][]byte, error)
}

// SealUsed is what the chain of a case tells of a use of the seal.
type SealUsed struct {
	Print   string           `json:"print"` // the order
	Version int              `json:"version"`
	Seal    printing.Sealing `json:"seal"`
	Name    string           `json:"name,omitempty"`   // of the picture
	Stamp   string           `json:"stamp,omitempty"`  // SHA-256 of the picture
	SHA256  []string         `json:"sha256"`           // of the files that bear it
	Number  string           `json:"number,omitempty"` // 发文字号
}

// OrderSealed keeps files that are to be printed under the bureau's seal, and tells of it in the chain of the case before anything is made, each time
// that somebody asks. The same files are printed, and sealed by a service, once. Refusals: those of [proposal.Person.Seals]; TextChanged for another
// version than the one that was signed; NotFound where no seal is in use.
func (s *Store) OrderSealed(ctx context.Context, by proposal.PersonID, caseID string, use SealUse) (printing.Order, error) {
	o, actionID := printing.Order{}, uuid.Must(uuid.NewV7()).String()
	err := s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		as, refusal := l.actor.Seals(l.state)
		switch {
		case refusal != nil:
			return refusal
		case use.Version != l.state.Draft:
			return &proposal.Refusal{Code: proposal.TextChanged}
		}
		var seal Seal
		var picture []byte
		if use.Seal == printing.ByPicture {
			var err error
			if seal, picture, err = sealInUse(ctx, l.conn); err != nil {
				return err
			}
		}
		docx, err := use.Files(seal, picture)
		if err != nil {
			return err
		}
		o.ID = printID(l.id, use.Seal, docx)
		e, err := l.event(proposal.EventSeal, l.actor.ID, actionID, SealUsed{
			o.ID, use.Version, use.Seal, seal.Name, seal.SHA256, hashes(docx), l.state.Number.String(),
		}, s.Now())
		if err != nil {
			return err
		}
		e.For = as
		l.write.Queue(insertPrint, o.ID, l.id, e.At, use.Seal, use.About, docx)
		return l.appendEvent(e, nothing{})
	})
	if err != nil {
		return o, err
	}
	return s.PrintOrder(ctx, o.ID)
}

// PrintOrder implements printing.Record.
func (s *Store) PrintOrder(ctx context.Context, id string) (o printing.Order, err error) {
	err = s.pool.QueryRow(ctx, `select id::text, seal, about, docx, pdf, sealed, refused from prints where id = $1`, id).
		Scan(&o.ID, &o.Seal, &o.About, &o.Docx, &o.PDF, &o.Sealed, &o.Refused)
	return o, edge(err)
}

// KeepPDF implements printing.Record.
func (s *Store) KeepPDF(ctx context.Context, id string, files [][]byte) error {
	_, err := s.pool.Exec(ctx, `update prints set pdf = $2 where id = $1 and pdf is null`, id, files)
	return edge(err)
}

// KeepSealed implements printing.Record.
func (s *Store) KeepSealed(ctx context.Context, id string, files [][]byte, stamps []printing.Stamp) error {
	_, err := s.pool.Exec(ctx, `update prints set sealed = $2, stamps = $3, refused = '' where id = $1 and sealed is null`, id, files, stamps)
	return edge(err)
}

// KeepRefusal implements printing.Record.
func (s *Store) KeepRefusal(ctx context.Context, id, words string) error {
	_, err := s.pool.Exec(ctx, `update prints set refused = $2 where id = $1`, id, words)
	return edge(err)
}
