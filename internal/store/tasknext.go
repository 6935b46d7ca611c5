package store

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// NextTask is the task that the person should do next, claimed for them if nobody had it: of those in their hands, or in the
// hands of whom they cover for, the one that is due first; if there is none, the first that is free. When another is quicker with a free one,
// the next one is taken. leave is a row that the person comes from and does not mean: what is due after it comes first, and then what
// is due before it; the zero value is none. It returns the row, nil if nothing is left.
func (s *Store) NextTask(ctx context.Context, person proposal.PersonID, leave CaseTask, claim bool) (*CaseRow, error) {
	var first *CaseRow
	passed := leave == CaseTask{}
	for after := ""; ; {
		page, err := s.Tasks(ctx, person, TaskFilter{Box: Todo, Sort: ByDue, After: after})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			c := &page.Items[i]
			switch {
			case CaseTask{c.CaseID, c.Task.Rules().Key()} == leave:
				passed = true
			case c.Task.Holder() == "":
			case passed:
				return c, nil
			case first == nil:
				first = c
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if first != nil || !claim {
		return first, nil
	}
	return s.claimFirst(ctx, person, leave)
}

// claimFirst takes the first free task that nobody is quicker with.
func (s *Store) claimFirst(ctx context.Context, person proposal.PersonID, leave CaseTask) (*CaseRow, error) {
	for after := ""; ; {
		page, err := s.Tasks(ctx, person, TaskFilter{Box: Todo, Only: OnlyFree, Sort: ByDue, After: after})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			c := &page.Items[i]
			if (CaseTask{c.CaseID, c.Task.Rules().Key()}) == leave {
				continue
			}
			err := s.ClaimTask(ctx, person, c.CaseID, uuid.Must(uuid.NewV7()).String(), c.Task.Rules().Key())
			if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code != proposal.EngineUnavailable {
				continue // taken, done or moved on since the list was read
			}
			return c, err
		}
		if after = page.Next; after == "" {
			return nil, nil
		}
	}
}

// Place is where a row stands in a list, and which rows stand beside it; a zero row is none.
type Place struct {
	No, Of        int
	Before, After CaseTask
}

// PlaceOf finds a row in a list. The zero value: it is not in the list.
func (s *Store) PlaceOf(ctx context.Context, person proposal.PersonID, f TaskFilter, row CaseTask) (place Place, err error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return place, err
	}
	q.args["case"], q.args["ask"], q.args["ref"] = row.CaseID, row.Ask, row.Ref
	err = s.pool.QueryRow(ctx, `
		select n, total, coalesce(before[1], ''), coalesce(before[2], ''), coalesce(before[3], ''), coalesce(after[1], ''), coalesce(after[2], ''), coalesce(after[3], '')
		from (
			select k, row_number() over o as n, count(*) over () as total, lag(k) over o as before, lead(k) over o as after
			from (
				select l.*, array[l.case_id::text, coalesce(t.ask, ''), coalesce(t.ref, '')] as k
				from (`+q.sql+`) l left join tasks t on t.id = l.task) l
			window o as (`+q.inOrder()+`)) placed
		where k = array[@case, @ask, @ref]::text[]`, q.args).
		Scan(&place.No, &place.Of, &place.Before.CaseID, &place.Before.Ask, &place.Before.Ref, &place.After.CaseID, &place.After.Ask, &place.After.Ref)
	return place, edge(optional(err))
}
