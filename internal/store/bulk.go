package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

var _ ledger.BulkRecord = (*Store)(nil)

// CreateBulk keeps a bulk and its items. Sending it twice is one bulk; an id that is somebody else's is InvalidInput.
func (s *Store) CreateBulk(ctx context.Context, b proposal.Bulk, items []proposal.BulkItem) error {
	return edge(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return createBulk(ctx, tx, b, items, s.Now().UTC()) }))
}

func createBulk(ctx context.Context, tx pgx.Tx, b proposal.Bulk, items []proposal.BulkItem, now time.Time) error {
	if err := b.Check(calendar.DateOf(now)); err != nil {
		return err
	}
	switch {
	case len(items) == 0:
		return invalid("task", proposal.FieldRequired)
	case len(items) > proposal.MaxBulk:
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "task", Code: proposal.FieldTooLong, Max: proposal.MaxBulk}}}
	}
	id, err := parseActionID(b.ID)
	if err != nil {
		return err
	}
	if b.Params.To != "" {
		if b.Params.To, err = parseID(b.Params.To); err != nil {
			return invalid("to", proposal.NotInBureau)
		}
	}
	made, err := tx.Exec(ctx, `
		insert into bulks (id, kind, by, params, made_at, status, changed_at) values ($1, $2, $3, $4, $5, 'running', $5)
		on conflict (id) do nothing`, id, b.Kind, b.By, b.Params, now)
	if err != nil {
		return err
	}
	if made.RowsAffected() == 0 {
		var same bool
		err := tx.QueryRow(ctx, `select by = $2 and kind = $3 from bulks where id = $1`, id, b.By, b.Kind).Scan(&same)
		if err == nil && !same {
			return invalid("action_id", proposal.FieldMalformed)
		}
		return err
	}
	no := 0
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"bulk_items"},
		[]string{"bulk", "no", "case_id", "ask", "ref", "base_seq", "acting_for", "status"},
		pgx.CopyFromSlice(len(items), func(i int) ([]any, error) {
			no++
			item := items[i]
			return []any{id, no, item.CaseID, string(item.Key.Ask), item.Key.Ref, item.BaseSeq, orNull(string(item.For)), string(proposal.ItemQueued)}, nil
		}))
	return err
}

// lockedBulk is a bulk inside a transaction that holds its lock.
type lockedBulk struct {
	tx pgx.Tx
	proposal.Bulk
	status     proposal.BulkStatus
	undoReason string
	now        time.Time
}

func (s *Store) lockBulk(ctx context.Context, id string, fn func(*lockedBulk) error) error {
	id, err := parseID(id)
	if err != nil {
		return err
	}
	return edge(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		b := lockedBulk{tx: tx, now: s.Now().UTC()}
		err := tx.QueryRow(ctx, `select id::text, kind, by::text, params, status, undo_reason from bulks where id = $1 for update`, id).
			Scan(&b.ID, &b.Kind, &b.By, &b.Params, &b.status, &b.undoReason)
		if err != nil {
			return err
		}
		return fn(&b)
	}))
}

// to takes the bulk to the status, which may be the one that it has, and counts the change. Whoever looks at it is told by a trigger.
func (b *lockedBulk) to(ctx context.Context, status proposal.BulkStatus) error {
	_, err := b.tx.Exec(ctx, `update bulks set version = version + 1, status = $2, changed_at = $3 where id = $1`, b.ID, status, b.now)
	return err
}

// end takes the bulk to its last status and tells its maker. One case alone was watched till its end.
func (b *lockedBulk) end(ctx context.Context, status proposal.BulkStatus) error {
	_, err := b.tx.Exec(ctx, `
		insert into notices (kind, clock, ref, days, role, person, at)
		select $2, '', $1::text, 0, '', $3::uuid, $4::timestamptz where (select count(*) from bulk_items where bulk = ($1::text)::uuid) > 1`,
		b.ID, proposal.NoticeBulk, b.By, b.now)
	if err != nil {
		return err
	}
	return b.to(ctx, status)
}

// BulkState implements ledger.BulkRecord.
func (s *Store) BulkState(ctx context.Context, id string) (at ledger.BulkState, err error) {
	if id, err = parseID(id); err != nil {
		return at, err
	}
	err = s.pool.QueryRow(ctx, `
		select status, version, (select count(*) from bulk_items where bulk = $1 and (status in ('queued', 'running')
			or status = 'done' and bulks.status = 'undoing'))
		from bulks where id = $1`, id).Scan(&at.Status, &at.Version, &at.Left)
	return at, edge(err)
}

// OrderBulk implements ledger.BulkRecord. An item that is just being done is finished.
func (s *Store) OrderBulk(ctx context.Context, o ledger.BulkOrder) (ledger.BulkState, error) {
	err := s.lockBulk(ctx, o.BulkID, func(b *lockedBulk) error {
		next, may := o.Order.After(b.Kind, b.status)
		switch {
		case b.By != o.By:
			return errNotFound
		case !may && o.Order == proposal.UndoBulk:
			return &proposal.Refusal{Code: proposal.NotUndoable}
		case !may:
			return &proposal.Refusal{Code: proposal.NotUnderWay}
		case next == b.status:
			return nil
		}
		if next == proposal.BulkCancelled || next == proposal.BulkUndoing {
			_, err := b.tx.Exec(ctx, `update bulk_items set status = 'cancelled', at = $2 where bulk = $1 and status = 'queued'`, b.ID, b.now)
			if err != nil {
				return err
			}
		}
		if next == proposal.BulkUndoing {
			if _, err := b.tx.Exec(ctx, `update bulks set undo_reason = $2 where id = $1`, b.ID, o.Reason); err != nil {
				return err
			}
			if b.Kind == proposal.BulkRegroup {
				if err := b.regroupBack(ctx); err != nil {
					return err
				}
			}
		}
		return b.to(ctx, next)
	})
	if err != nil {
		return ledger.BulkState{}, err
	}
	return s.BulkState(ctx, o.BulkID)
}

// TakeItem implements ledger.BulkRecord. What was left in the middle is finished whatever was ordered since: it may have been
// applied. When nothing is left the bulk is done.
func (s *Store) TakeItem(ctx context.Context, bulkID string) (w ledger.BulkWork, ok bool, err error) {
	err = s.lockBulk(ctx, bulkID, func(b *lockedBulk) error {
		w.Bulk = b.Bulk
		var status proposal.ItemStatus
		// Whose the case or the task is now is what taking it back goes back to.
		err := b.tx.QueryRow(ctx, selectItem+`
			where i.bulk = $1 and (i.status = 'running' or i.status = 'queued' and $2 = 'running') order by i.status = 'queued', i.no limit 1`,
			b.ID, b.status).Scan(append(into(&w.Item), &status)...)
		switch {
		case errors.Is(err, pgx.ErrNoRows) && b.status == proposal.BulkRunning:
			return b.end(ctx, proposal.BulkDone)
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		ok = true
		if status == proposal.ItemRunning {
			return nil
		}
		_, err = b.tx.Exec(ctx, `update bulk_items set status = 'running', prior = $3, at = $4 where bulk = $1 and no = $2`,
			b.ID, w.Item.No, orNull(w.Item.Prior), b.now)
		if err != nil {
			return err
		}
		return b.to(ctx, b.status)
	})
	return w, ok, err
}

// TakeDone implements ledger.BulkRecord. What was done last is taken back first.
func (s *Store) TakeDone(ctx context.Context, bulkID string) (w ledger.BulkWork, ok bool, err error) {
	err = s.lockBulk(ctx, bulkID, func(b *lockedBulk) error {
		if b.status != proposal.BulkUndoing {
			return nil
		}
		w.Bulk, w.UndoReason = b.Bulk, b.undoReason
		err := b.tx.QueryRow(ctx, selectItem+`where i.bulk = $1 and i.status = 'done' order by i.no desc limit 1`, b.ID).
			Scan(append(into(&w.Item), new(proposal.ItemStatus))...)
		if errors.Is(err, pgx.ErrNoRows) {
			return b.end(ctx, proposal.BulkUndone)
		}
		ok = err == nil
		return err
	})
	return w, ok, err
}

const selectItem = `
	select i.no, i.case_id::text, i.ask, i.ref, i.base_seq, coalesce(i.acting_for::text, ''), i.done_seq, coalesce(case
		when i.status <> 'queued' then i.prior
		when b.kind = 'release' then (
			select claimed_by from tasks t where t.case_id = i.case_id and t.ask = i.ask and t.ref = i.ref and t.closed_at is null)
		else c.handler end::text, ''), i.status
	from bulk_items i join bulks b on b.id = i.bulk join cases c on c.id = i.case_id `

func into(item *proposal.BulkItem) []any {
	return []any{&item.No, &item.CaseID, &item.Key.Ask, &item.Key.Ref, &item.BaseSeq, &item.For, &item.DoneSeq, &item.Prior}
}

// SettleItem implements ledger.BulkRecord.
func (s *Store) SettleItem(ctx context.Context, bulkID string, no int, r ledger.ItemResult) error {
	var refusal any
	if r.Refusal != nil {
		data, err := json.Marshal(r.Refusal)
		if err != nil {
			return err
		}
		refusal = data
	}
	return s.lockBulk(ctx, bulkID, func(b *lockedBulk) error {
		_, err := b.tx.Exec(ctx, `
			update bulk_items set status = $3, refusal = $4, done_seq = greatest(done_seq, $5), at = $6 where bulk = $1 and no = $2`,
			b.ID, no, r.Status, refusal, r.DoneSeq, b.now)
		if err != nil {
			return err
		}
		return b.to(ctx, b.status)
	})
}

// DoPlain implements ledger.BulkRecord.
func (s *Store) DoPlain(ctx context.Context, b proposal.Bulk, item proposal.BulkItem) error {
	id := b.ActionID(item)
	switch b.Kind {
	case proposal.BulkClaim:
		if err := s.ClaimTask(ctx, b.By, item.CaseID, id, item.Key); err != nil {
			return err
		}
		return s.wasApplied(ctx, id, proposal.TaskAlreadyYours)
	case proposal.BulkRelease:
		if err := s.ReleaseTask(ctx, b.By, item.CaseID, id, item.Key); err != nil {
			return err
		}
		return s.wasApplied(ctx, id, proposal.TaskNotClaimed)
	}
	by, err := s.Person(ctx, b.By)
	if err != nil {
		return err
	}
	if err := s.delegable(ctx, b, item, by.Person); err != nil {
		return err
	}
	_, err = s.SaveProxy(ctx, by.Person, Proxy{
		ID: id, Principal: b.By, Proxy: b.Params.To, CaseID: item.CaseID, From: b.Params.From, To: b.Params.Until, Reason: b.Params.Reason,
	})
	return err
}

// delegable looks at the case as it is now: the rules decide, as they did on the page.
func (s *Store) delegable(ctx context.Context, b proposal.Bulk, item proposal.BulkItem, by proposal.Person) error {
	cases, err := s.BulkCases(ctx, by, []string{item.CaseID})
	if err != nil {
		return err
	}
	c, ok := cases[item.CaseID]
	if !ok {
		return errNotFound
	}
	pack, ok := s.Rules.ByID(c.State.Pack)
	if !ok {
		return fmt.Errorf("rule pack %q is not loaded", c.State.Pack)
	}
	if _, refusal := b.Examine(c.State, item, proposal.Facts{Now: s.Now(), Actor: by, Claims: c.Claims, Pack: pack}); refusal != nil {
		return refusal
	}
	return nil
}

// wasApplied tells a change from what was so already, which must not be taken back.
func (s *Store) wasApplied(ctx context.Context, actionID string, otherwise proposal.RefusalCode) error {
	applied, err := s.Applied(ctx, []string{actionID})
	if err == nil && len(applied) == 0 {
		return &proposal.Refusal{Code: otherwise}
	}
	return err
}

// UndoPlain implements ledger.BulkRecord.
func (s *Store) UndoPlain(ctx context.Context, b proposal.Bulk, item proposal.BulkItem) error {
	id := b.UndoID(item)
	switch b.Kind {
	case proposal.BulkClaim:
		if err := s.stillClaimed(ctx, b, item); err != nil {
			return err
		}
		return s.ReleaseTask(ctx, b.By, item.CaseID, id, item.Key)
	case proposal.BulkRelease:
		if item.Prior != b.By { // the liaison put back what somebody else had claimed: only they can take it again
			return &proposal.Refusal{Code: proposal.StepNotYours}
		}
		return s.ClaimTask(ctx, b.By, item.CaseID, id, item.Key)
	}
	by, err := s.Person(ctx, b.By)
	if err != nil {
		return err
	}
	return s.RevokeProxy(ctx, by.Person, b.ActionID(item))
}

// stillClaimed refuses to put back what has been done since, or what somebody else has claimed since, which a liaison could. It lets
// through what is free: that is where it goes back to.
func (s *Store) stillClaimed(ctx context.Context, b proposal.Bulk, item proposal.BulkItem) error {
	refusal := proposal.Refusal{Code: proposal.ClaimedByOther}
	err := s.pool.QueryRow(ctx, `
		select coalesce(claimed_by::text, ''), claimed_at from tasks where case_id = $1 and ask = $2 and ref = $3 and closed_at is null`,
		item.CaseID, item.Key.Ask, item.Key.Ref).Scan(&refusal.By, instant{&refusal.At})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		if err := s.Untouched(ctx, item.CaseID, b.ActionID(item)); err != nil {
			return err
		}
		return &proposal.Refusal{Code: proposal.NotInStage}
	case err != nil:
		return edge(err)
	case refusal.By == "" || refusal.By == b.By:
		return nil
	}
	return &refusal
}

// Untouched implements ledger.BulkRecord. A look at contact data is no act.
func (s *Store) Untouched(ctx context.Context, caseID, actionID string) error {
	refusal := proposal.Refusal{Code: proposal.StaleForm}
	err := s.pool.QueryRow(ctx, `
		select e.by::text, e.at, e.kind, e.to_stage from events e
		where e.case_id = $1 and e.no > (select no from events where action_id = $2) and e.by is not null and e.kind <> $3
		order by e.no limit 1`, caseID, actionID, proposal.EventViewContact).
		Scan(&refusal.By, instant{&refusal.At}, &refusal.Did, &refusal.Stage)
	if err := optional(err); err != nil {
		return edge(err)
	}
	if refusal.By == "" {
		return nil
	}
	return &refusal
}

// UnfinishedBulks are the ids of the bulks that the engine must be carrying.
func (s *Store) UnfinishedBulks(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select id::text from bulks where status in ('running', 'paused', 'undoing')`)
	if err != nil {
		return nil, edge(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, edge(err)
}
