package app

import (
	"context"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/internal/web/supervision"
	"github.com/banli/banli/worker"
)

// mailer sends mails; without a mail server it refuses to.
func (a *App) mailer() (*activities.Mailer, error) {
	m := &activities.Mailer{Outbox: a.Store, Calendar: a.calendar.Current, Now: time.Now}
	if a.mail == nil {
		return m, nil
	}
	mails, err := inbox.NewMailWriter(inbox.MailWriter{
		Store: a.Store, PublicURL: a.config.Mail.PublicURL, Calendar: a.calendar.Current, Now: time.Now,
		Brief: (&supervision.Figures{Store: a.Store, Days: func(context.Context) *calendar.Calendar { return a.calendar.Current() }, Now: time.Now}).Brief,
	})
	if err != nil {
		return nil, err
	}
	m.Writer, m.Post = Writer{mails}, a.mail
	return m, nil
}

// Writer lets activities have mails written by the web, which has the words.
type Writer struct{ Mails *inbox.MailWriter }

// Write implements activities.Writer.
func (w Writer) Write(ctx context.Context, id string) (outbox.Message, error) {
	l, err := w.Mails.Write(ctx, id)
	return outbox.Message{
		ID: id, To: l.To, Name: l.Name, Subject: l.Subject, Text: l.Text, HTML: l.HTML, Quiet: l.Quiet, Dropped: l.Dropped,
	}, err
}

// scheduleMail makes the schedules of mails, or takes them away where none are sent.
func (a *App) scheduleMail(ctx context.Context) error {
	if a.mail == nil {
		return worker.NoMail(ctx, a.temporal)
	}
	return worker.MailMinutely(ctx, a.temporal)
}
