package activities

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/internal/outbox"
)

// TodoWriter puts a to-do into words as things stand now.
type TodoWriter interface {
	WriteTodo(ctx context.Context, id string) (outbox.Todo, error)
}

// Pusher hands to-dos to the office's portal. A program that has no portal has none of it but Box, and hands over nothing.
type Pusher struct {
	Box    outbox.PushBox
	Writer TodoWriter
	Portal outbox.Portal // nil: no portal is set up
	Now    func() time.Time
}

const (
	// pushesAtATime is how many to-dos one run of the workflow hands over.
	pushesAtATime = 200
	// pushLife is how long a message is tried.
	pushLife = 24 * time.Hour
)

// errNoPortal is a worker without a portal, beside others that have one.
var errNoPortal = errors.New("this worker has no portal: give all workers the same --push-url")

// CollectPushes makes the to-dos that are due to be made, and returns the ids of those of which the portal is to be told now.
func (p *Pusher) CollectPushes(ctx context.Context) ([]string, error) {
	if p.Portal == nil {
		return nil, errNoPortal
	}
	if err := p.Box.MakePushes(ctx); err != nil {
		return nil, err
	}
	return p.Box.DuePushes(ctx, pushesAtATime)
}

// SendPush tells the portal of one to-do, that it is open or that it is closed, and returns where it then stands. An attempt of which nobody
// knows how it ended is repeated: the portal knows the message by its id.
func (p *Pusher) SendPush(ctx context.Context, id string) (outbox.PushState, error) {
	if p.Portal == nil {
		return "", errNoPortal
	}
	state, tries, since, err := p.Box.PushTries(ctx, id)
	if err != nil || state != outbox.PushOpening && state != outbox.PushClosing {
		return state, err
	}
	todo, err := p.Writer.WriteTodo(ctx, id)
	if err != nil {
		return "", err
	}
	if todo.Dropped {
		return outbox.PushDropped, p.Box.MovePush(ctx, id, state, outbox.PushDropped, "")
	}
	err = p.Portal.Hand(ctx, todo)
	// What became of it is written down even if this worker is being stopped.
	ctx = context.WithoutCancel(ctx)
	refused := (*outbox.NotDelivered)(nil)
	switch {
	case err == nil:
		next := outbox.PushOpen
		if state == outbox.PushClosing {
			next = outbox.PushClosed
		}
		return next, p.Box.MovePush(ctx, id, state, next, "")
	case errors.As(err, &refused) && refused.Permanent, p.Now().Sub(since) > pushLife:
		return outbox.PushFailed, p.Box.MovePush(ctx, id, state, outbox.PushFailed, err.Error())
	}
	return state, p.Box.DelayPush(ctx, id, p.Now().Add(pauseAfter(tries)), err.Error())
}

// pauseAfter is how long something waits that was not taken: longer each time, an hour at most.
func pauseAfter(tries int) time.Duration { return min(time.Minute<<min(tries, 10), time.Hour) }
