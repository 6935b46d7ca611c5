package record

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/mail"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/testkit/smtp"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

// Mails on a real engine and a real mail server: the schedules can be made twice and taken away, a run sends what is due, and
// its history holds ids alone.
func TestMails(t *testing.T) {
	ctx := t.Context()
	post := smtp.Start(t)
	database, people := fixture.Database(t)
	record, err := store.Open(ctx, database)
	must(t, err)
	t.Cleanup(record.Close)
	c, err := client.Dial(client.Options{
		HostPort: engine.Address(t), Namespace: engine.Namespace, Identity: "recorder",
		Logger: temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	must(t, err)
	t.Cleanup(c.Close)
	b := bureau{
		Bureau: people, store: record,
		ledger: &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: time.Now},
		cases:  &workflows.Client{Temporal: c, Actions: record},
	}
	handler := b.Bureau[proposal.Handler]
	handler.Email = "handler@banli.example"
	_, err = record.UpsertPerson(ctx, handler, "")
	must(t, err)
	server, err := mail.NewServer("smtp://"+post.Address(), "banli@banli.example", post.CA())
	must(t, err)
	mails, err := inbox.NewMailWriter(inbox.MailWriter{Store: record, PublicURL: "https://banli.example", Calendar: calendar.National, Now: time.Now})
	must(t, err)
	w := worker.New(c, b.ledger, &activities.Reconciler{Cases: record, Engine: b.cases, Ring: b.ledger.Ring, Now: time.Now},
		&activities.Mailer{Outbox: record, Writer: app.Writer{Mails: mails}, Post: server, Calendar: calendar.National, Now: time.Now})
	must(t, w.Start())
	t.Cleanup(w.Stop)

	must(t, worker.MailMinutely(ctx, c))
	must(t, worker.MailMinutely(ctx, c))
	must(t, worker.NoMail(ctx, c))
	must(t, worker.NoMail(ctx, c))

	r := fixture.Registration("0971", calendar.DateOf(time.Now()).AddDays(-3))
	walk := walk{bureau: b, t: t, registration: r, id: workflows.CaseID(r.RegisterKey)}
	walk.register()
	walk.to(proposal.Consulting)
	for _, wanted := range []workflows.MailRun{{Sent: 1}, {}} {
		run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "mail-recorded", TaskQueue: workflows.TaskQueue}, workflows.Mail)
		must(t, err)
		var got workflows.MailRun
		must(t, run.Get(ctx, &got))
		if got != wanted {
			t.Errorf("a run sent %+v, want %+v", got, wanted)
		}
		if wanted.Sent > 0 {
			b.keep(t, run.GetID(), "letters_sent.json")
		}
	}
	post.Mails(1)
	run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "digest-recorded", TaskQueue: workflows.TaskQueue}, workflows.Digest)
	must(t, err)
	must(t, run.Get(ctx, nil))
	b.keep(t, run.GetID(), "digests_made.json")
}

// keep saves a history if histories are recorded, and looks at what it holds in any case.
func (b bureau) keep(t *testing.T, workflowID, name string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if kept := filepath.Join(histories, name); *record {
		if _, err := os.Stat(kept); err != nil {
			file = kept
		}
	}
	b.save(t, workflowID, file)
	data, err := os.ReadFile(file)
	must(t, err)
	for _, secret := range []string{"banli.example", "handler", "社工", "倪琛善"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("the history of %s holds %q", name, secret)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
