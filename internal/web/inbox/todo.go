package inbox

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Todo is a notice that asks for something, in the words of a portal. What it says of a secret case is its number.
type Todo struct {
	Account     string
	Title, Text string
	URL         string
	Light       proposal.Light
	DueOn       calendar.Date
	At          time.Time // when it was asked, UTC
	Closes      bool      // it is done: nothing but the account is told
	Dropped     bool      // it is no longer true
}

// WriteTodo writes the to-do as things stand now.
func (l *MailWriter) WriteTodo(ctx context.Context, id string) (Todo, error) {
	of, err := l.Store.Push(ctx, id)
	if err != nil || of.Dropped || of.Closes {
		return Todo{Account: of.Person.Login, Closes: of.Closes, Dropped: of.Dropped}, err
	}
	subject, s := l.noticeSheet(l.locales[of.Language], of.Notice)
	todo := Todo{Account: of.Person.Login, Title: subject, Text: s.Heading, URL: s.Link.URL, Light: of.Notice.Light(), At: of.Notice.At.UTC()}
	if c := of.Notice.State.ClockOf(of.Notice.Clock, of.Notice.Ref); c != nil && c.Open() {
		todo.DueOn = c.Due()
	}
	return todo, nil
}
