package outbox

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Todo is a message to the office's portal: that somebody is asked for something, or no longer is.
type Todo struct {
	ID      string        `json:"-"`     // of the message: the portal takes each once
	Event   TodoEvent     `json:"event"` //
	Todo    string        `json:"todo"`  // of what is opened and closed; the same in both messages
	Account string        `json:"account"`
	Title   string        `json:"title,omitempty"`
	Text    string        `json:"text,omitempty"`
	URL     string        `json:"url,omitempty"`
	Light   string        `json:"light,omitempty"` // yellow, red; none: it warns of nothing
	DueOn   calendar.Date `json:"due_on,omitzero"` // in Shanghai
	At      time.Time     `json:"at,omitzero"`     // when it was asked, UTC
	Dropped bool          `json:"-"`               // it is no longer true: it does not go out
}

// TodoEvent says what a message tells.
type TodoEvent string

// Events of to-dos.
const (
	TodoOpened TodoEvent = "todo.opened"
	TodoClosed TodoEvent = "todo.closed"
)

// PushState is what has become of a to-do. Its text is stored.
type PushState string

// States of a to-do.
const (
	PushOpening PushState = "opening" // the portal is still to be told
	PushOpen    PushState = "open"    // the portal has it
	PushClosing PushState = "closing" // it is done, and the portal is still to be told
	PushClosed  PushState = "closed"
	PushDropped PushState = "dropped" // it had ceased to be true before the portal was told
	PushFailed  PushState = "failed"  // the portal refuses it, or no portal answered for a day
)

// PushBox keeps to-dos, in Postgres.
type PushBox interface {
	// MakePushes makes a to-do of each notice that asks for something and each reader of it, once, and marks for closing those that are over.
	MakePushes(ctx context.Context) error
	// DuePushes are the ids of the to-dos of which the portal may be told now.
	DuePushes(ctx context.Context, limit int) ([]string, error)
	// DelayPush lets a message wait that the portal did not take. Its tries are counted.
	DelayPush(ctx context.Context, id string, until time.Time, answer string) error
	// MovePush writes down that the to-do came from one state to the next; nothing if it is not there any more.
	MovePush(ctx context.Context, id string, from, to PushState, answer string) error
	// PushTries tells where a to-do is, how often its message was tried, and since when it waits.
	PushTries(ctx context.Context, id string) (state PushState, tries int, since time.Time, err error)
}

// Portal takes to-dos.
type Portal interface {
	// Hand gives the portal a message. A *NotDelivered that is permanent says that it will never take it; after any other error the same
	// message may be handed again.
	Hand(ctx context.Context, t Todo) error
}
