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
	ActionID string              // of the form as it was drawn, in one window; "" if it has none
	On       []string            // what that form was drawn from, as Typed.As names it: these words stand in its place
	BaseSeq  int                 // State.Seq that the person saw
	Fields   map[string][]string // as the form names them
	SavedAt  time.Time           // when the person typed it, UTC
}

// As names what is kept, as long as nothing more is typed into it.
func (t Typed) As() string { return t.SavedAt.UTC().Format(time.RFC3339Nano) }

// typedDays is how long what was typed is kept.
const typedDays = 30

// wasSent says that the form with the action id was sent and done: as an act on a case, or as a bulk.
func wasSent(id string) string {
	return `exists (select from events where action_id = ` + id + `) or exists (select from bulks where id = ` + id + `)`
}

// KeepTyped keeps what was typed in place of what the person had typed into the same drawing of the form before, and of what that was
// drawn from; what they have typed into another drawing, in another window or on another computer, stays too. It reports whether that is
// what is kept now, which it is not if something newer is or if the form was sent already, and how many others there are.
func (s *Store) KeepTyped(ctx context.Context, person proposal.PersonID, t Typed) (kept bool, others int, err error) {
	if t.CaseID != "" {
		if t.CaseID, err = parseID(t.CaseID); err != nil {
			return false, 0, err
		}
	}
	if t.ActionID != "" {
		if t.ActionID, err = parseID(t.ActionID); err != nil {
			return false, 0, invalid("action_id", proposal.FieldMalformed)
		}
	}
	var b pgx.Batch
	b.Queue(`delete from typed where saved_at < $1`, s.Now().UTC().AddDate(0, 0, -typedDays))
	b.Queue(`
		insert into typed as t (person, case_id, form, ref, action_id, base_seq, fields, saved_at)
		select $1, $2::uuid, $3, $4, $5::uuid, $6, $7, $8 where not (`+wasSent("$5::uuid")+`)
		on conflict (person, form, ref, coalesce(case_id, '00000000-0000-0000-0000-000000000000'),
			coalesce(action_id, '00000000-0000-0000-0000-000000000000')) do update set
			base_seq = excluded.base_seq, fields = excluded.fields, saved_at = greatest(t.saved_at, excluded.saved_at)
		where t.saved_at < excluded.saved_at or t.fields = excluded.fields
		returning true`,
		person, orNull(t.CaseID), t.Form, t.Ref, orNull(t.ActionID), t.BaseSeq, t.Fields, t.SavedAt.UTC()).
		QueryRow(func(row pgx.Row) error { return optional(row.Scan(&kept)) })
	drawings, moments := drawnFrom(t.On)
	b.Queue(`
		delete from typed t using typed mine where mine.action_id is not distinct from $5::uuid and t.id <> mine.id
			and (t.action_id = any ($6::uuid[]) or t.saved_at = any ($7::timestamptz[]) or t.fields = mine.fields)
			and `+sameForm("t")+` and `+sameForm("mine"),
		person, orNull(t.CaseID), t.Form, t.Ref, orNull(t.ActionID), drawings, moments)
	b.Queue(`select count(*) from typed t where action_id is distinct from $5::uuid and `+sameForm("t")+` and not (`+wasSent("t.action_id")+`)`,
		person, orNull(t.CaseID), t.Form, t.Ref, orNull(t.ActionID)).
		QueryRow(func(row pgx.Row) error { return row.Scan(&others) })
	return kept, others, edge(s.pool.SendBatch(ctx, &b).Close())
}

// sameForm picks what the person $1 typed into the form $3 of the case $2, about $4.
func sameForm(t string) string {
	return t + `.person = $1 and ` + t + `.case_id is not distinct from $2::uuid and ` + t + `.form = $3 and ` + t + `.ref = $4`
}

// drawnFrom sorts what a form was drawn from: what was kept of another drawing, as it was then, or whatever that one kept last.
func drawnFrom(on []string) (drawings []string, moments []time.Time) {
	for _, from := range on {
		if at, err := time.Parse(time.RFC3339Nano, from); err == nil {
			moments = append(moments, at)
		} else if id, err := parseID(from); err == nil {
			drawings = append(drawings, id)
		}
	}
	return drawings, moments
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

// ForgetTyped drops what the person typed into a form, or what it was drawn from (see Typed.On): it was sent, or is no longer wanted.
// With nothing named it drops whatever they typed into any drawing of it.
func (s *Store) ForgetTyped(ctx context.Context, person proposal.PersonID, caseID, form, ref string, on []string) error {
	drawings, moments := drawnFrom(on)
	_, err := s.pool.Exec(ctx, `
		delete from typed t where `+sameForm("t")+` and ($5 or action_id = any ($6::uuid[]) or saved_at = any ($7::timestamptz[]))`,
		person, orNull(caseID), form, ref, len(on) == 0, drawings, moments)
	return edge(err)
}
