package activities

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/outbox"
)

// Writer puts a mail into words as things stand now.
type Writer interface {
	Write(ctx context.Context, id string) (outbox.Message, error)
}

// Mailer sends mails. A program that has no mail server has none of it but Outbox, and sends nothing.
type Mailer struct {
	Outbox   outbox.Outbox
	Writer   Writer
	Post     outbox.Post // nil: no mail server is set up
	Calendar func() *calendar.Calendar
	Now      func() time.Time
}

const (
	// mailsAtATime is how many mails one run of the workflow sends.
	mailsAtATime = 100
	// mailLife is how long a mail is tried. Its notice stays in the inbox.
	mailLife = 24 * time.Hour
)

// errNoPost is a worker without a mail server, beside others that have one.
var errNoPost = errors.New("this worker has no mail server: give all workers the same --smtp-url")

// CollectMail makes the mails that are due to be made, and returns the ids of those to be sent now.
func (m *Mailer) CollectMail(ctx context.Context) ([]string, error) {
	if m.Post == nil {
		return nil, errNoPost
	}
	if err := m.Outbox.MakeMails(ctx); err != nil {
		return nil, err
	}
	return m.Outbox.DueMails(ctx, mailsAtATime)
}

// MakeDigests makes the day's digests of those whose hour has come. Nobody gets one on a day off.
func (m *Mailer) MakeDigests(ctx context.Context) (made int, err error) {
	if m.Post == nil {
		return 0, errNoPost
	}
	now := m.Now()
	if !m.Calendar().IsWorkday(calendar.DateOf(now)) {
		return 0, nil
	}
	return m.Outbox.MakeDigests(ctx, calendar.DateOf(now), minuteOf(now))
}

// SendMail sends one mail, if it is still true and wanted, and returns what became of it. Before its text goes out that is
// written down: an attempt of which nobody knows how it ended is not repeated.
func (m *Mailer) SendMail(ctx context.Context, id string) (outbox.MailState, error) {
	if m.Post == nil {
		return "", errNoPost
	}
	message, err := m.Writer.Write(ctx, id)
	if err != nil {
		return "", err
	}
	if message.Dropped != "" {
		return outbox.MailDropped, m.Outbox.EndMail(ctx, id, outbox.MailDropped, message.Dropped, "")
	}
	if opens := m.opens(); message.Quiet && opens.After(m.Now()) {
		return outbox.MailWaiting, m.Outbox.DelayMail(ctx, id, opens, "")
	}
	line, err := m.Post.Connect(ctx)
	if err != nil {
		return m.again(ctx, id, &outbox.NotDelivered{Answer: err.Error()})
	}
	defer line.Close()
	if taken, err := m.Outbox.TryMail(ctx, id); err != nil || !taken {
		return "", err
	}
	err = line.Send(ctx, message)
	// What became of it is written down even if this worker is being stopped.
	ctx = context.WithoutCancel(ctx)
	refused := (*outbox.NotDelivered)(nil)
	switch {
	case err == nil:
		return outbox.MailSent, m.Outbox.EndMail(ctx, id, outbox.MailSent, "", "")
	case errors.As(err, &refused):
		return m.again(ctx, id, refused)
	}
	return outbox.MailUnsure, m.Outbox.EndMail(ctx, id, outbox.MailUnsure, "", err.Error())
}

// again lets a mail wait that did not go out, longer each time, or gives it up.
func (m *Mailer) again(ctx context.Context, id string, why *outbox.NotDelivered) (outbox.MailState, error) {
	tries, since, err := m.Outbox.MailTries(ctx, id)
	switch {
	case err != nil:
		return "", err
	case why.Permanent:
		return outbox.MailFailed, m.Outbox.EndMail(ctx, id, outbox.MailFailed, outbox.MailRefused, why.Answer)
	case m.Now().Sub(since) > mailLife:
		return outbox.MailFailed, m.Outbox.EndMail(ctx, id, outbox.MailFailed, outbox.MailExpired, why.Answer)
	}
	return outbox.MailWaiting, m.Outbox.DelayMail(ctx, id, m.Now().Add(pauseAfter(tries)), why.Answer)
}

// Working hours, in which quiet readers get their mails.
const (
	opensAt  = 8 * 60
	closesAt = 18 * 60
)

// opens is when working hours are next: now, while they are.
func (m *Mailer) opens() time.Time {
	now, days := m.Now(), m.Calendar()
	today := calendar.DateOf(now)
	for day := today; ; day = day.AddDays(1) {
		opens := day.Start().Add(opensAt * time.Minute)
		switch {
		case !days.IsWorkday(day):
		case day != today || now.Before(opens):
			return opens
		case minuteOf(now) < closesAt:
			return now
		}
	}
}

// minuteOf is the minute of the day in Shanghai.
func minuteOf(t time.Time) int {
	local := t.In(calendar.Shanghai)
	return local.Hour()*60 + local.Minute()
}
