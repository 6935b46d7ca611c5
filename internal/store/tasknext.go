package store

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// NextTask is the task that the person should do next, claimed for them if nobody had it: of those in their hands, or in the
// hands of whom they cover for, the one that is due first; if there is none, the first that is free. When another is quicker with a free one,
// the next one is taken. leave is a row that the person comes from and does not mean; the zero value is none. It returns the row,
// nil if nothing is left.
func (s *Store) NextTask(ctx context.Context, person proposal.PersonID, leave CaseTask, claim bool) (*CaseRow, error) {
	for after := ""; ; {
		page, err := s.Tasks(ctx, person, TaskFilter{Box: Todo, Sort: ByDue, After: after})
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if c := &page.Items[i]; c.Task.Holder() != "" && (CaseTask{c.CaseID, c.Task.Rules().Key()}) != leave {
				return c, nil
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if !claim {
		return nil, nil
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
			if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code != proposal.Unavailable {
				continue // taken, done or moved on since the list was read
			}
			return c, err
		}
		if after = page.Next; after == "" {
			return nil, nil
		}
	}
}
