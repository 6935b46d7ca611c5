package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/push"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/worker"
)

// Push says where to-dos are handed. Web server and workers are given the same.
type Push struct {
	URL string `name:"push-url" env:"BANLI_PUSH_URL" placeholder:"https://portal.example/todos" help:"Where to-dos are handed as signed HTTP requests (docs/push.md): the office's portal, or what stands before its messenger. Default: none are."`
	Key string `name:"push-key" env:"BANLI_PUSH_KEY" placeholder:"whsec_…" help:"Key of the signatures; needed with --push-url."`
}

// portal is where to-dos are handed; nil if none is set up.
func (p Push) portal(publicURL string) (*push.Portal, error) {
	if p.URL == "" {
		return nil, nil
	}
	if u, err := url.Parse(publicURL); err != nil || u.Host == "" {
		return nil, errors.New("--public-url must name the site's address, such as https://banli.example, when to-dos are handed to a portal")
	}
	return push.NewPortal(p.URL, p.Key)
}

// pusher hands to-dos to the portal; without one it refuses to.
func (a *App) pusher() (*activities.Pusher, error) {
	p := &activities.Pusher{Box: a.Store, Now: time.Now}
	if a.portal == nil {
		return p, nil
	}
	words, err := inbox.NewMailWriter(inbox.MailWriter{
		Store: a.Store, PublicURL: a.config.Mail.PublicURL, Calendar: a.calendar.Current, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	p.Writer, p.Portal = TodoWriter{words}, a.portal
	return p, nil
}

// TodoWriter lets activities have to-dos written by the web, which has the words.
type TodoWriter struct{ Words *inbox.MailWriter }

// WriteTodo implements activities.TodoWriter.
func (w TodoWriter) WriteTodo(ctx context.Context, id string) (outbox.Todo, error) {
	t, err := w.Words.WriteTodo(ctx, id)
	todo := outbox.Todo{
		ID: id + ".open", Event: outbox.TodoOpened, Todo: id, Account: t.Account,
		Title: t.Title, Text: t.Text, URL: t.URL, Light: string(t.Light), DueOn: t.DueOn, At: t.At, Dropped: t.Dropped,
	}
	if t.Closes {
		todo.ID, todo.Event = id+".close", outbox.TodoClosed
	}
	return todo, err
}

// schedulePush makes the schedule of to-dos, or takes it away where none are handed over.
func (a *App) schedulePush(ctx context.Context) error {
	if a.portal == nil {
		return worker.NoPush(ctx, a.temporal)
	}
	return worker.PushMinutely(ctx, a.temporal)
}
