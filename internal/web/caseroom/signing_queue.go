package caseroom

import (
	"context"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// replyTask is a reply that waits for the officer's decision.
type replyTask struct {
	row   store.CaseRow
	state proposal.State
	pack  *proposal.Pack
	offer proposal.Offer
	batch bool // it can be decided together with others: nothing has to be chosen
	read  bool // the officer has read the version that it is about to its end
}

// longestQueue is how many replies one person is asked to decide at a time.
const longestQueue = 500

// signingQueue are the replies that wait for the officer, in the order of their due dates.
func (s *Room) signingQueue(ctx context.Context, who *store.Person) ([]replyTask, error) {
	page, err := s.store.Tasks(ctx, who.ID, store.TaskFilter{Box: store.Todo, Limit: longestQueue})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, row := range page.Items {
		if row.Task == nil {
			continue
		}
		if _, decides := kinds.Deciding(row.Task.Ask); decides {
			ids = append(ids, row.CaseID)
		}
	}
	states, err := s.store.States(ctx, ids)
	if err != nil {
		return nil, err
	}
	var queue []replyTask
	versions := map[string]int{}
	for _, row := range page.Items {
		state, ok := states[row.CaseID]
		if pack, known := s.store.Pack(state.Pack); ok && known && row.Task != nil {
			if t, ok := replyOf(row, state, pack, who); ok {
				queue = append(queue, t)
				versions[row.CaseID] = state.Draft
			}
		}
	}
	read, err := s.store.ReadDrafts(ctx, who.ID, versions)
	for i := range queue {
		queue[i].read = read[queue[i].row.CaseID]
	}
	return queue, err
}

// replyOf finds the action by which the officer may do the task of a row; false if it is no decision on a reply, or not theirs.
func replyOf(row store.CaseRow, state proposal.State, pack *proposal.Pack, who *store.Person) (replyTask, bool) {
	decision, ok := kinds.Deciding(row.Task.Ask)
	if !ok {
		return replyTask{}, false
	}
	offers := proposal.Offers(state, who.Person, pack)
	i := slices.IndexFunc(offers, func(o proposal.Offer) bool {
		return o.Kind == decision.Kind && (!o.Side || o.Ref == row.Task.Ref)
	})
	if i < 0 {
		return replyTask{}, false
	}
	return replyTask{row: row, state: state, pack: pack, offer: offers[i], batch: decision.Decide == kinds.Together}, true
}

// key names a reply among those of a form.
func (t replyTask) key() string {
	return t.row.CaseID + "." + string(t.offer.Kind) + "." + t.offer.Ref
}

// path opens the reply with its form.
func (t replyTask) path() string { return taskPath(t.row.CaseID, t.offer) }

// due is the task's, in words.
func (t replyTask) due(w *locale.Words, cal *calendar.Calendar, today calendar.Date) *locale.Due {
	return w.DueOn(t.row.DueClock, t.row.Task.Due, cal, today)
}
