package app

import (
	"context"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/worker"
)

// mailer sends letters; without a mail server it refuses to.
func (a *App) mailer() (*activities.Mailer, error) {
	m := &activities.Mailer{Outbox: a.Store, Calendar: a.calendar.Current, Now: time.Now}
	if a.mail == nil {
		return m, nil
	}
	letters, err := web.NewLetters(web.Letters{
		Store: a.Store, PublicURL: a.config.Mail.PublicURL, Calendar: a.calendar.Current, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	m.Writer, m.Post = Writer{letters}, a.mail
	return m, nil
}

// Writer lets activities have letters written by the web, which has the words.
type Writer struct{ Letters *web.Letters }

// Write implements activities.Writer.
func (w Writer) Write(ctx context.Context, id string) (activities.Message, error) {
	l, err := w.Letters.Write(ctx, id)
	return activities.Message{
		ID: id, To: l.To, Name: l.Name, Subject: l.Subject, Text: l.Text, HTML: l.HTML, Quiet: l.Quiet, Dropped: l.Dropped,
	}, err
}

// scheduleMail makes the schedules of letters, or takes them away where none are sent.
func (a *App) scheduleMail(ctx context.Context) error {
	if a.mail == nil {
		return worker.NoMail(ctx, a.temporal)
	}
	return worker.MailMinutely(ctx, a.temporal)
}
