package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/banli/banli/internal/calendar"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/store"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"
)

const (
	// rounds is how often a load visits each variant. It is even, because the order turns round each time: so every
	// variant comes after every other equally often, and what one leaves behind does not always fall on the same next.
	rounds = 4
	// settling is how long the engine has to finish what it does after it has answered, before the meter is read.
	settling = 300 * time.Millisecond
)

// bench is what all measurements share.
type bench struct {
	record   *store.Store
	temporal client.Client
	meter    *meter
	variants []variant
	crews    []crew
	born     int // proposals so far
}

// result is what one variant did under one load.
type result struct {
	lives  []*life
	used   usage // by the actions, drafts apart
	saving usage // by saving the actions of a presaved variant beforehand
}

// load sends the actions from..to-1 of each life, in order. do carries out one and takes the time from when it was due.
type load func(lives []*life, from, to int, do func(l *life, step int, due time.Time) error) error

// closedLoop is so many callers who each carry one life after another: the next action is sent when the last was answered.
func closedLoop(callers int) load {
	return func(lives []*life, from, to int, do func(*life, int, time.Time) error) error {
		var group errgroup.Group
		for caller := range callers {
			group.Go(func() error {
				for i := caller; i < len(lives); i += callers {
					for step := from; step < to; step++ {
						if err := do(lives[i], step, time.Now()); err != nil {
							return err
						}
					}
				}
				return nil
			})
		}
		return group.Wait()
	}
}

// openLoop sends so many actions per second, evenly, whether or not the earlier ones were answered. One that must wait for
// the last action of its own life waits on its own time: a stall is not omitted. Lives are staggered, so that every kind of
// action comes as often as every other at any time but the ends, where some turns stay empty.
func openLoop(rate float64) load {
	return func(lives []*life, from, to int, do func(*life, int, time.Time) error) error {
		var group errgroup.Group
		begun := time.Now()
		for i, l := range lives {
			group.Go(func() error {
				for step := from; step < to; step++ {
					turn := (i+step-from)*(to-from) + step - from
					due := begun.Add(time.Duration(float64(turn) / rate * float64(time.Second)))
					time.Sleep(time.Until(due))
					if err := do(l, step, due); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return group.Wait()
	}
}

// drive lets every variant carry so many proposals under the load, in turns. Where half of the rounds take more than half
// of the time that it has, they must do.
func (b *bench) drive(ctx context.Context, name string, load load, proposals int, budget time.Duration) ([]result, error) {
	results := make([]result, len(b.variants))
	begun := time.Now()
	for round := range rounds {
		if round == rounds/2 && time.Since(begun) > budget/2 {
			say(name + ": this machine is slow or busy; half of the rounds must do")
			break
		}
		say(fmt.Sprintf("%s: round %d of %d …", name, round+1, rounds))
		share := proposals*(round+1)/rounds - proposals*round/rounds
		for turn := range b.variants {
			if round%2 == 1 {
				turn = len(b.variants) - 1 - turn
			}
			if err := b.visit(ctx, b.variants[turn], load, share, &results[turn]); err != nil {
				return nil, fmt.Errorf("%s: %w", b.variants[turn].name, err)
			}
		}
	}
	return results, nil
}

// visit carries some proposals through their ten actions. It stops the meter half-way, to save the drafts.
func (b *bench) visit(ctx context.Context, v variant, load load, proposals int, r *result) error {
	lives := b.bear(proposals)
	if v.presaved {
		used, err := b.metered(ctx, func() error { return b.presave(ctx, lives) })
		if err != nil {
			return err
		}
		r.saving.add(used)
	}
	do := func(l *life, step int, due time.Time) error {
		saving, err := v.act(ctx, l.caseID, l.actions[step])
		l.calls[step] = call{time.Since(due), saving}
		if err != nil {
			return fmt.Errorf("%s: %w", l.actions[step].Kind, err)
		}
		return nil
	}
	for _, part := range []struct{ from, to int }{{0, draftAt}, {draftAt, actions}} {
		if part.from == draftAt {
			for _, l := range lives {
				if err := l.write(ctx, b.record); err != nil {
					return fmt.Errorf("save a draft: %w", err)
				}
			}
		}
		used, err := b.metered(ctx, func() error { return load(lives, part.from, part.to, do) })
		if err != nil {
			return err
		}
		r.used.add(used)
	}
	for _, l := range lives {
		if err := l.lived(ctx, b.record); err != nil {
			return err
		}
	}
	r.lives = append(r.lives, lives...)
	return nil
}

// metered measures what work takes, and what it leaves to be done soon after.
func (b *bench) metered(ctx context.Context, work func() error) (usage, error) {
	runtime.GC() // the garbage of before is not this one's
	before, err := b.meter.read(ctx)
	if err != nil {
		return usage{}, err
	}
	begun := time.Now()
	if err := work(); err != nil {
		return usage{}, err
	}
	wall := time.Since(begun)
	time.Sleep(settling)
	after, err := b.meter.read(ctx)
	used := after.since(before)
	used.wall = wall
	return used, err
}

// bear makes new proposals.
func (b *bench) bear(proposals int) []*life {
	lives := make([]*life, proposals)
	today := calendar.DateOf(time.Now())
	for i := range lives {
		b.born++
		key := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: fmt.Sprintf("%06d", b.born)}
		lives[i] = born(b.crews[b.born%len(b.crews)], key, today)
	}
	return lives
}

// presave keeps all actions of the lives, a few at a time.
func (b *bench) presave(ctx context.Context, lives []*life) error {
	return closedLoop(4)(lives, 0, actions, func(l *life, step int, _ time.Time) error {
		return b.record.SaveAction(ctx, l.caseID, l.actions[step])
	})
}
