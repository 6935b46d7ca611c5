package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Typed is what a person has typed into a form and not sent yet. It is theirs alone: nobody else reads it.
type Typed struct {
	CaseID   string              // "" for a form of no case
	Form     string              // a proposal.Kind, or what another form is called
	Ref      string              // of the strand that the form is about
	ActionID string              // of the form as it was drawn; "" if it has none
	BaseSeq  int                 // State.Seq that the person saw
	Fields   map[string][]string // as the form names them
	SavedAt  time.Time           // when the person typed it, UTC
}

// typedDays is how long what was typed is kept.
const typedDays = 30

// wasSent says that the form with the action id was sent and done: as an act on a case, or as a bulk.
func wasSent(id string) string {
	return `exists (select from events where action_id = ` + id + `) or exists (select from bulks where id = ` + id + `)`
}

// KeepTyped keeps what was typed in place of what the person had typed into the same form before. It reports whether that is what is
// kept now: it is not if what is kept is newer and says something else, nor if the form was sent already.
func (s *Store) KeepTyped(ctx context.Context, person proposal.PersonID, t Typed) (kept bool, err error) {
	if t.CaseID != "" {
		if t.CaseID, err = parseID(t.CaseID); err != nil {
			return false, err
		}
	}
	if t.ActionID != "" {
		if t.ActionID, err = parseID(t.ActionID); err != nil {
			return false, invalid("action_id", proposal.FieldMalformed)
		}
	}
	var b pgx.Batch
	b.Queue(`delete from typed where saved_at < $1`, s.Now().UTC().AddDate(0, 0, -typedDays))
	b.Queue(`
		insert into typed as t (person, case_id, form, ref, action_id, base_seq, fields, saved_at)
		select $1, $2::uuid, $3, $4, $5::uuid, $6, $7, $8 where not (`+wasSent("$5::uuid")+`)
		on conflict (person, form, ref, coalesce(case_id, '00000000-0000-0000-0000-000000000000')) do update set
			action_id = excluded.action_id, base_seq = excluded.base_seq, fields = excluded.fields, saved_at = greatest(t.saved_at, excluded.saved_at)
		where t.saved_at < excluded.saved_at or t.fields = excluded.fields
		returning true`,
		person, orNull(t.CaseID), t.Form, t.Ref, orNull(t.ActionID), t.BaseSeq, t.Fields, t.SavedAt.UTC()).
		QueryRow(func(row pgx.Row) error { return optional(row.Scan(&kept)) })
	return kept, edge(s.pool.SendBatch(ctx, &b).Close())
}

// Typed is what the person has typed into forms of the case, "" for those of no case, and not sent, the newest first.
func (s *Store) Typed(ctx context.Context, person proposal.PersonID, caseID string) ([]Typed, error) {
	rows, err := s.pool.Query(ctx, `
		select coalesce(case_id::text, ''), form, ref, coalesce(action_id::text, ''), base_seq, fields, saved_at from typed t
		where person = $1 and case_id is not distinct from $2::uuid and saved_at >= $3
			and not (`+wasSent("t.action_id")+`)
		order by saved_at desc`, person, orNull(caseID), s.Now().UTC().AddDate(0, 0, -typedDays))
	if err != nil {
		return nil, edge(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Typed, err error) {
		return t, row.Scan(&t.CaseID, &t.Form, &t.Ref, &t.ActionID, &t.BaseSeq, &t.Fields, instant{&t.SavedAt})
	})
	return list, edge(err)
}

// ForgetTyped drops what the person typed into a form: it was sent, or is no longer wanted.
func (s *Store) ForgetTyped(ctx context.Context, person proposal.PersonID, caseID, form, ref string) error {
	_, err := s.pool.Exec(ctx, `
		delete from typed where person = $1 and case_id is not distinct from $2::uuid and form = $3 and ref = $4`,
		person, orNull(caseID), form, ref)
	return edge(err)
}
