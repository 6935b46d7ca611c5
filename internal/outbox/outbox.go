// Package outbox holds the interfaces and messages about mails that are shared by internal/store, which keeps them, activities, which decide
// whether one goes out, and internal/mail, which takes it to a server. It decides nothing.
package outbox

import (
	"context"
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
	// EndMail writes down what became of a mail in the end, why, and what the server answered.
	EndMail(ctx context.Context, id string, as MailState, why, answer string) error
	// MailTries tells how often a mail was tried, and since when it waits.
	MailTries(ctx context.Context, id string) (tries int, since time.Time, err error)
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

// String keeps addresses and words out of logs.
func (m Message) String() string { return fmt.Sprintf("mail %s", m.ID) }
