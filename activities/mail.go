package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Message is a mail as it goes out.
type Message struct {
	ID       string // of the mail; its Message-ID is made of it, so that whoever gets it twice can see so
	To, Name string // address and name of the reader
	Subject  string
	Text     string
	HTML     string
	Quiet    bool   // the reader wants mails in working hours only
	Dropped  string // why it must not go out any more; "" if it may, and then only is there anything else
}

// MailState is what has become of a mail. Its text is stored.
type MailState string

// States of a mail.
const (
	MailWaiting MailState = "waiting" // to be sent, or sent again
	MailTrying  MailState = "trying"  // its text may be going out at this moment
	MailSent    MailState = "sent"    // the server has it
	MailUnsure  MailState = "unsure"  // the server may have it: nobody sends it again (ADR 0015)
	MailFailed  MailState = "failed"  // it cannot be delivered
	MailDropped MailState = "dropped" // before it went out it had ceased to be true, or wanted
)

// MailExpired is why a mail failed that no server took for a day.
const MailExpired = "expired"

// MailRefused is why a mail failed that the server refused for good.
const MailRefused = "refused"

// Outbox keeps mails, in Postgres.
type Outbox interface {
	// MakeMails makes the mails of all notices that have had none made, each once.
	MakeMails(ctx context.Context) error
	// MakeDigests makes the digests of a day for everybody whose hour has come by the minute of the day, each once.
	MakeDigests(ctx context.Context, day calendar.Date, minute int) (made int, err error)
	// DueMails are the ids of mails that may go out now. One that was being tried by a worker that has died is unsure.
	DueMails(ctx context.Context, limit int) ([]string, error)
	// TryMail marks a waiting mail as going out; false if it does not wait any more.
	TryMail(ctx context.Context, id string) (bool, error)
	// DelayMail makes a mail that did not go out wait. Its tries are counted.
	DelayMail(ctx context.Context, id string, until time.Time, answer string) error
	EndMail(ctx context.Context, id string, as MailState, why, answer string) error
	// MailTries tells how often a mail was tried, and since when it waits.
	MailTries(ctx context.Context, id string) (tries int, since time.Time, err error)
}

// Writer puts a mail into words as things stand now.
type Writer interface {
	Write(ctx context.Context, id string) (Message, error)
}

// Post takes mails to a mail server.
type Post interface {
	// Connect opens a connection that is ready for a mail. Its error says that nothing went out.
	Connect(ctx context.Context) (PostLine, error)
}

// PostLine is a connection to a mail server.
type PostLine interface {
	// Send hands the mail over. A *NotDelivered says that the server does not have it; any other error leaves that open.
	Send(ctx context.Context, m Message) error
	Close() error
}

// NotDelivered says that the server did not take a mail.
type NotDelivered struct {
	Permanent bool
	Answer    string // the server's, for an administrator
}

// Error implements error.
func (e *NotDelivered) Error() string { return "not delivered: " + e.Answer }

// Mailer sends mails. A program that has no mail server has none of it but Outbox, and sends nothing.
type Mailer struct {
	Outbox   Outbox
	Writer   Writer
	Post     Post // nil: no mail server is set up
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
func (m *Mailer) SendMail(ctx context.Context, id string) (MailState, error) {
	if m.Post == nil {
		return "", errNoPost
	}
	message, err := m.Writer.Write(ctx, id)
	if err != nil {
		return "", err
	}
	if message.Dropped != "" {
		return MailDropped, m.Outbox.EndMail(ctx, id, MailDropped, message.Dropped, "")
	}
	if opens := m.opens(); message.Quiet && opens.After(m.Now()) {
		return MailWaiting, m.Outbox.DelayMail(ctx, id, opens, "")
	}
	line, err := m.Post.Connect(ctx)
	if err != nil {
		return m.again(ctx, id, &NotDelivered{Answer: err.Error()})
	}
	defer line.Close()
	if taken, err := m.Outbox.TryMail(ctx, id); err != nil || !taken {
		return "", err
	}
	err = line.Send(ctx, message)
	// What became of it is written down even if this worker is being stopped.
	ctx = context.WithoutCancel(ctx)
	refused := (*NotDelivered)(nil)
	switch {
	case err == nil:
		return MailSent, m.Outbox.EndMail(ctx, id, MailSent, "", "")
	case errors.As(err, &refused):
		return m.again(ctx, id, refused)
	}
	return MailUnsure, m.Outbox.EndMail(ctx, id, MailUnsure, "", err.Error())
}

// again lets a mail wait that did not go out, longer each time, or gives it up.
func (m *Mailer) again(ctx context.Context, id string, why *NotDelivered) (MailState, error) {
	tries, since, err := m.Outbox.MailTries(ctx, id)
	switch {
	case err != nil:
		return "", err
	case why.Permanent:
		return MailFailed, m.Outbox.EndMail(ctx, id, MailFailed, MailRefused, why.Answer)
	case m.Now().Sub(since) > mailLife:
		return MailFailed, m.Outbox.EndMail(ctx, id, MailFailed, MailExpired, why.Answer)
	}
	pause := min(time.Minute<<min(tries, 10), time.Hour)
	return MailWaiting, m.Outbox.DelayMail(ctx, id, m.Now().Add(pause), why.Answer)
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

var _ error = (*NotDelivered)(nil)

// String keeps addresses and words out of logs.
func (m Message) String() string { return fmt.Sprintf("mail %s", m.ID) }
