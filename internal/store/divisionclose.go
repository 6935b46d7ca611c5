package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// DivisionHolds is what a division still has: who works in it, and the cases in which something is its.
type DivisionHolds struct {
	People []proposal.PersonID
	Cases  []proposal.BulkItem
}

// Nothing reports that the division can be closed without another taking over.
func (h DivisionHolds) Nothing() bool { return len(h.People) == 0 && len(h.Cases) == 0 }

// DivisionHolds reads what a division has.
func (s *Store) DivisionHolds(ctx context.Context, code proposal.DivisionID) (h DivisionHolds, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		h, err = divisionHolds(ctx, tx, code)
		return err
	})
	return h, edge(err)
}

func divisionHolds(ctx context.Context, tx pgx.Tx, code proposal.DivisionID) (h DivisionHolds, err error) {
	rows, err := tx.Query(ctx, `select id::text from people where active and division = $1 order by login`, code)
	if err != nil {
		return h, err
	}
	if h.People, err = pgx.CollectRows(rows, pgx.RowTo[proposal.PersonID]); err != nil {
		return h, err
	}
	rows, err = tx.Query(ctx, `
		select id::text, seq, state from cases
		where open and (lead_division = $1 or state -> 'co_handling' ? $1) or state -> 'strands' @> jsonb_build_array(jsonb_build_object('division', $1::text))
		order by number, id`, code)
	if err != nil {
		return h, err
	}
	var item proposal.BulkItem
	var state proposal.State
	_, err = pgx.ForEachRow(rows, []any{&item.CaseID, &item.BaseSeq, &state}, func() error {
		if state.Holds(code) { // the rules tell
			item.No = len(h.Cases) + 1
			h.Cases = append(h.Cases, item)
		}
		state = proposal.State{}
		return nil
	})
	return h, err
}

// CloseDivision closes the division of a bulk, which another takes over: its people move with it, and a leader in charge of it is in charge of the other,
// where nobody else is. What it has in cases is for the bulk to move; it returns how many that are, and keeps no bulk if there are none. A division that is closed already and still has something is taken over once more.
func (e *Edit) CloseDivision(ctx context.Context, b proposal.Bulk) (cases int, err error) {
	from, to := b.Params.Division, b.Params.Lead
	if _, err := e.tx.Exec(ctx, `lock table divisions in share row exclusive mode`); err != nil {
		return 0, err
	}
	var known, able bool
	err = e.tx.QueryRow(ctx, `
		select exists (select from divisions where code = $1), exists (select from divisions where code = $2 and code <> $1 and closed_on is null)`, from, to).
		Scan(&known, &able)
	if err != nil {
		return 0, err
	}
	held, err := divisionHolds(ctx, e.tx, from)
	switch {
	case err != nil:
		return 0, err
	case !known:
		return 0, errNotFound
	case to == "" && !held.Nothing():
		return 0, invalid("into", proposal.FieldRequired)
	case to != "" && !able:
		return 0, invalid("into", proposal.NotInBureau)
	}
	_, err = e.tx.Exec(ctx, `
		update divisions set closed_on = coalesce(closed_on, $2), taken_over_by = $3 where code = $1`, from, calendar.DateOf(e.now), orNull(to))
	if err != nil || to == "" {
		return 0, err
	}
	if b.Params.Moved, err = e.move(ctx, `update people set division = $2 where active and division = $1 returning id::text`, from, to); err != nil {
		return 0, err
	}
	b.Params.InCharge, err = e.move(ctx, `
		update people set field = array_append(field, $2) where active and $1 = any (field)
			and not exists (select from people where active and 'leader_in_charge' = any (roles) and $2 = any (field))
		returning id::text`, from, to)
	if err != nil {
		return 0, err
	}
	if len(held.Cases) == 0 {
		return 0, nil
	}
	return len(held.Cases), createBulk(ctx, e.tx, b, held.Cases, e.now)
}

func (e *Edit) move(ctx context.Context, statement string, from, to proposal.DivisionID) ([]proposal.PersonID, error) {
	rows, err := e.tx.Query(ctx, statement, from, to)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[proposal.PersonID])
}

// ReopenDivision takes a closed division to work again. Who moved comes back by themselves or with the bulk that is taken back.
func (e *Edit) ReopenDivision(ctx context.Context, code proposal.DivisionID) error {
	tag, err := e.tx.Exec(ctx, `update divisions set closed_on = null, taken_over_by = null where code = $1`, code)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return err
}

// regroupBack brings the division back to which the items of the bulk go back, and who moved, where they still are.
func (b *lockedBulk) regroupBack(ctx context.Context) error {
	if _, err := b.tx.Exec(ctx, `select set_config('banli.by', $1, true)`, string(b.By)); err != nil {
		return err
	}
	if err := (&Edit{b.tx, b.By, b.now}).ReopenDivision(ctx, b.Params.Division); err != nil {
		return err
	}
	_, err := b.tx.Exec(ctx, `update people set division = $2 where division = $1 and id::text = any ($3)`, b.Params.Lead, b.Params.Division, b.Params.Moved)
	if err != nil {
		return err
	}
	_, err = b.tx.Exec(ctx, `update people set field = array_remove(field, $1) where id::text = any ($2)`, b.Params.Lead, b.Params.InCharge)
	return err
}
