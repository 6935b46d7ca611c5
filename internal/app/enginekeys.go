package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// A program that cannot read what another hands to the engine fails every workflow that it is given. So none starts that lacks a key in use, and a new key is
// announced first, so that programs at work can refuse it.
const (
	keyRound   = time.Second  // how often a program at work looks at the keys
	keyRefused = 3 * keyRound // how long a new key waits for refusals
)

// agreeOnKeys fails where this program could not read what others encrypt, or one at work what this would.
func (a *App) agreeOnKeys(ctx context.Context) error {
	forgotten := int64(0)
	if lost := a.config.Engine.Lost; len(lost) > 0 {
		var err error
		if forgotten, err = a.Store.ForgetEngineKeys(ctx, lost); err != nil {
			return err
		}
	}
	used, err := a.lookAtKeys(ctx)
	if err != nil {
		return err
	}
	if !used {
		if err := a.Store.AnnounceEngineKey(ctx, a.payloads.First(), a.payloads.Probe()); err != nil {
			return err
		}
	} else if forgotten == 0 {
		return nil
	}
	select {
	case <-time.After(keyRefused):
	case <-ctx.Done():
		return ctx.Err()
	}
	if used, err = a.lookAtKeys(ctx); err != nil || used {
		return err
	}
	refusedBy, err := a.Store.UseEngineKey(ctx, a.payloads.First())
	if err == nil && refusedBy != "" {
		err = fmt.Errorf("%s is at work and lacks the key %s, with which this program would encrypt what Temporal keeps: put %s on every machine, stop all programs, then start them with it", refusedBy, a.payloads.First(), a.config.Engine.File)
	}
	return err
}

// lookAtKeys fails if a key is in use that this program lacks, and refuses those announced. It tells whether its own is in use; without one it is.
func (a *App) lookAtKeys(ctx context.Context) (used bool, err error) {
	keys, err := a.Store.EngineKeys(ctx)
	if err != nil {
		return false, err
	}
	used = a.payloads == nil
	for _, k := range keys {
		switch {
		case a.payloads != nil && a.payloads.Reads(k.Probe):
			used = used || k.InUse && k.ID == a.payloads.First()
		case !k.InUse:
			host, _ := os.Hostname()
			if err := a.Store.RefuseEngineKey(ctx, k.ID, fmt.Sprintf("process %d on %s", os.Getpid(), host)); err != nil {
				return false, err
			}
		default:
			return false, lacksKey{k.ID, a.config.Engine.File}
		}
	}
	return used, nil
}

// keepToKeys looks again and again, until the context ends or another program encrypts with a key that this one lacks. That the record does not answer is
// no reason to end: nothing is done meanwhile.
func (a *App) keepToKeys(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(keyRound):
		}
		used, err := a.lookAtKeys(ctx)
		switch {
		case errors.As(err, new(lacksKey)):
			return err
		case err != nil || used:
		case a.Store.AnnounceEngineKey(ctx, a.payloads.First(), a.payloads.Probe()) == nil: // somebody said that it is lost
			a.Store.UseEngineKey(ctx, a.payloads.First())
		}
	}
}

// lacksKey is that other programs encrypt with a key that is not in the file; "" if this program was given none.
type lacksKey struct{ id, file string }

func (e lacksKey) Error() string {
	has := "this program was started without --engine-key"
	if e.file != "" {
		has = e.file + " lacks it"
	}
	return fmt.Sprintf("what Temporal keeps is encrypted with the key %s, and %s: give every program the same file of keys. Only if no copy of that key is left, start once with --engine-key-lost %s: cases are then taken up from the record", e.id, has, e.id)
}
