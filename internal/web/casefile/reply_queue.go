package casefile

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// ReplyTask is a reply that waits for the officer's decision: a signature, or a review.
type ReplyTask struct {
	Row   store.CaseRow
	State proposal.State
	Offer proposal.Offer
	Batch bool // it can be decided together with others: nothing has to be chosen
	Read  bool // the officer has read the version that it is about to its end
}

// longestQueue is how many replies one person is asked to decide at a time.
const longestQueue = 500

// ReplyQueue are the replies that wait for the officer, in the order of their due dates. The page of signatures lists them, and a case that
// was opened from there leads to its neighbours among them.
func (s *Files) ReplyQueue(ctx context.Context, who *store.Person) ([]ReplyTask, error) {
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
	var queue []ReplyTask
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
		queue[i].Read = read[queue[i].Row.CaseID]
	}
	return queue, err
}

// replyOf finds the action by which the officer may do the task of a row; false if it is no decision on a reply, or not theirs.
func replyOf(row store.CaseRow, state proposal.State, pack *proposal.Pack, who *store.Person) (ReplyTask, bool) {
	decision, ok := kinds.Deciding(row.Task.Ask)
	if !ok {
		return ReplyTask{}, false
	}
	offers := proposal.Offers(state, who.Person, pack)
	i := slices.IndexFunc(offers, func(o proposal.Offer) bool {
		return o.Kind == decision.Kind && (!o.Side || o.Ref == row.Task.Ref)
	})
	if i < 0 {
		return ReplyTask{}, false
	}
	return ReplyTask{Row: row, State: state, Offer: offers[i], Batch: decision.Decide == kinds.Together}, true
}

// Key names a reply among those of a form.
func (t ReplyTask) Key() string {
	return t.Row.CaseID + "." + string(t.Offer.Kind) + "." + t.Offer.Ref
}

// KindOf is by which kind of action the reply with the key is decided.
func KindOf(key string) proposal.Kind {
	_, rest, _ := strings.Cut(key, ".")
	kind, _, _ := strings.Cut(rest, ".")
	return proposal.Kind(kind)
}

// Path opens the case with the form of the decision.
func (t ReplyTask) Path() string {
	v := url.Values{"do": {string(t.Offer.Kind)}}
	if t.Offer.Ref != "" {
		v.Set(kit.FieldRef, t.Offer.Ref)
	}
	if t.Offer.For != "" {
		v.Set(kit.FieldFor, string(t.Offer.For))
	}
	return "/cases/" + t.Row.CaseID + "?" + v.Encode()
}
