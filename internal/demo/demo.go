// Package demo loads the demonstration bureau: 沈阳市民政局 with its divisions and people, the case 0392 of 2020, and some
// seventy more at every stage of the process. Whatever happens to a case happens through the same updates as in earnest, by
// the person whose right it is; nothing is inserted. The texts are data; everything in them but the facts of case 0392 is invented.
//
// It imports the store, the workflows' client and the rules; only cmd/banli-standalone and tests may import it.
package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Load makes the demonstration bureau, or goes on where an earlier call was cut off; when all is there it costs two queries.
// Dates are reckoned from now. progress hears how many cases are done; it is called by one goroutine at a time, and not at
// all if there is nothing to do. A case in which somebody else has acted meanwhile is left to them.
func Load(ctx context.Context, s *store.Store, client *workflows.Client, now func() time.Time, progress func(done, total int)) error {
	l := &loader{store: s, client: client, progress: progress}
	// The bureau comes first: cases are registered under its rules. One that is there stays as an administrator may have changed it.
	if there, err := s.Bureau(ctx, calendar.Date{}); err != nil {
		return err
	} else if there.Name == "" {
		if err := s.SaveBureau(ctx, "", staff().Bureau); err != nil {
			return err
		}
	}
	cases, err := l.unfinished(ctx, now())
	if err != nil || len(cases) == 0 {
		return err
	}
	if l.people, err = staff().found(ctx, s); err != nil {
		return err
	}
	if err := l.shelve(ctx, calendar.DateOf(now())); err != nil {
		return err
	}
	if err := l.enter(ctx); err != nil {
		return err
	}
	return l.carryAll(ctx, cases)
}

// lanes is how many cases are carried at a time.
const lanes = 8

type loader struct {
	store  *store.Store
	client *workflows.Client
	people map[string]proposal.PersonID // by login

	mu          sync.Mutex
	progress    func(done, total int)
	done, total int
}

// way is a case and its steps.
type way struct {
	key    assembly.RegisterKey
	caseID string
	steps  []step
}

// actionNamespace makes an action's id a function of its case and its place on the way: sent again, it changes nothing.
var actionNamespace = uuid.MustParse("3c0a1f5e-6f5b-5b0e-9d55-0c1a7e2b9f64")

func (w way) actionID(step int) string {
	return uuid.NewSHA1(actionNamespace, fmt.Appendf(nil, "%s#%d", w.key, step)).String()
}

// unfinished lists the cases whose last step does not stand in the record.
func (l *loader) unfinished(ctx context.Context, now time.Time) ([]way, error) {
	ways := []way{}
	last := []string{}
	for _, c := range scripts() {
		w := way{key: c.key(), caseID: workflows.CaseID(c.key()), steps: c.plan(staff(), c.days(now))}
		ways = append(ways, w)
		last = append(last, w.actionID(len(w.steps)-1))
	}
	applied, err := l.store.Applied(ctx, last)
	l.done, l.total = len(applied), len(ways)
	return slices.DeleteFunc(ways, func(w way) bool {
		return slices.Contains(applied, w.actionID(len(w.steps)-1))
	}), err
}

// carryAll carries the cases side by side. Only the document numbers are given one after another, in the order of the
// replies' days, so that the series reads as in a real ledger; those cases start first, so none waits for one not begun.
func (l *loader) carryAll(ctx context.Context, cases []way) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(lanes)
	slices.SortStableFunc(cases, byReply)
	turn := make(chan struct{})
	close(turn)
	for _, w := range cases {
		before, done := turn, make(chan struct{})
		if _, numbered := w.numberedOn(); numbered {
			turn = done
		}
		group.Go(func() error {
			defer close(done)
			return l.carry(ctx, w, before)
		})
	}
	return group.Wait()
}

// numberedOn is the official date of the reply's number, none if it is today's; false if the case does not come that far.
func (w way) numberedOn() (on calendar.Date, ok bool) {
	i := slices.IndexFunc(w.steps, func(s step) bool { return s.kind == proposal.AssignNumber })
	if i < 0 {
		return on, false
	}
	return w.steps[i].on, true
}

// byReply orders by the day of the number: official dates, then today's replies, then cases without a number.
func byReply(a, b way) int {
	rank := func(w way) (int, calendar.Date) {
		on, numbered := w.numberedOn()
		switch {
		case !numbered:
			return 2, on
		case on.IsZero():
			return 1, on
		}
		return 0, on
	}
	one, on := rank(a)
	other, then := rank(b)
	return cmp.Or(cmp.Compare(one, other), on.Compare(then))
}

// carry takes a case through its steps. Those taken by an earlier call answer as they did then. Its reply gets its number
// when the one before it has come to its end.
func (l *loader) carry(ctx context.Context, w way, before <-chan struct{}) error {
	var at journey
	for i, s := range w.steps {
		if s.kind == proposal.AssignNumber {
			select {
			case <-before:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := l.patiently(ctx, func() error { return l.take(ctx, w, i, s, &at) })
		if takenOver(err) {
			break
		} else if err != nil {
			return fmt.Errorf("%s, step %d (%s by %s): %w", w.key, i+1, s.kind, s.by, err)
		}
	}
	if err := l.patiently(ctx, func() error { return l.remark(ctx, w) }); err != nil {
		return fmt.Errorf("%s: %w", w.key, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done++
	l.progress(l.done, l.total)
	return nil
}

// journey is what later steps need of earlier ones.
type journey struct {
	seq   int // of the case after the last step; whoever acts in between makes the next one stale
	draft store.SavedDraft
}

func (l *loader) take(ctx context.Context, w way, i int, s step, at *journey) (err error) {
	id, by := w.actionID(i), l.people[s.by]
	switch s.kind {
	case proposal.EventSaveDraft:
		at.draft, err = l.store.SaveDraft(ctx, w.caseID, by, id, at.draft.Version, *s.draft)
		return err
	case proposal.EventClaim:
		return l.store.ClaimTask(ctx, by, w.caseID, id, proposal.TaskKey{})
	}
	input := s.input
	switch in := input.(type) {
	case *proposal.Acceptance:
		input = &proposal.Acceptance{Handler: l.people[string(in.Handler)]}
	case *proposal.Submission:
		input = &proposal.Submission{Version: at.draft.Version, SHA256: at.draft.SHA256}
	case *proposal.Signature:
		input = &proposal.Signature{SHA256: at.draft.SHA256, Opinion: in.Opinion}
	case *proposal.PublicationOrder:
		input = &proposal.PublicationOrder{SHA256: at.draft.SHA256}
	}
	position, err := l.client.Act(ctx, w.caseID, proposal.Action{
		ID: id, Kind: s.kind, By: by, BaseSeq: at.seq, On: s.on, Input: input,
	})
	if err != nil {
		return err
	}
	at.seq = position.Seq
	if reads[s.kind] && at.draft.Version > 0 {
		_, err = l.store.SeeDraft(ctx, by, w.caseID, at.draft.Version)
	}
	return err
}

// patiently tries again while the engine or the database cannot be reached: at the start the worker may not be up yet.
func (l *loader) patiently(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if refusal := (*proposal.Refusal)(nil); !errors.As(err, &refusal) || refusal.Code != proposal.EngineUnavailable || try == 20 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// takenOver reports whether the step was refused because somebody has acted who is not on the script.
func takenOver(err error) bool {
	refusal := (*proposal.Refusal)(nil)
	return errors.As(err, &refusal) && slices.Contains([]proposal.RefusalCode{
		proposal.StaleForm, proposal.NotInStage, proposal.ClaimedByOther, proposal.AlreadyRegistered,
	}, refusal.Code)
}
