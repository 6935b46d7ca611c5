package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/mail"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/testkit/smtp"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/internal/web/supervision"
	"github.com/google/uuid"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// office is a bureau whose people have addresses, on a database of its own, at a time that the test moves, with a real mail server.
type office struct {
	*testing.T
	*store.Store
	fixture.Bureau
	*activities.Mailer
	cases *activities.Cases
	post  *smtp.Server
	now   time.Time
	taken int
}

// monday is ten in the morning of a working day.
var monday = time.Date(2026, 4, 20, 2, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	post := smtp.Start(t)
	dsn, bureau := fixture.Database(t)
	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	o := &office{T: t, Store: s, Bureau: bureau, post: post, now: monday}
	s.Now = func() time.Time { return o.now }
	o.cases = &activities.Cases{Ledger: s, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: s.Now}
	o.address(proposal.Handler, "handler@banli.example")
	mails, err := inbox.NewMailWriter(inbox.MailWriter{Store: s, PublicURL: "https://banli.example/", Calendar: calendar.National, Now: s.Now, Brief: (&supervision.Figures{
		Store: s, Days: func(context.Context) *calendar.Calendar { return calendar.National() }, Now: s.Now,
	}).Brief})
	check(t, err)
	o.Mailer = &activities.Mailer{Outbox: s, Writer: app.Writer{Mails: mails}, Calendar: calendar.National, Now: s.Now}
	o.through("smtp://" + smtp.Login + ":" + smtp.Password + "@" + post.Address())
	return o
}

// through sends by another address of the server.
func (o *office) through(address string) {
	o.Helper()
	server, err := mail.NewServer(address, "办理 <banli@banli.example>", o.post.CA())
	check(o.T, err)
	o.Post = server
}

func (o *office) address(role proposal.Role, email string) {
	o.Helper()
	p := o.Bureau[role]
	p.Email = email
	_, err := o.UpsertPerson(o.Context(), p, "")
	check(o.T, err)
}

func (o *office) choose(role proposal.Role, change func(*store.Settings)) {
	o.Helper()
	c, err := o.Settings(o.Context(), o.ID(role))
	check(o.T, err)
	if c.Channels == nil {
		c.Channels = map[proposal.NoticeKind]store.Channel{}
	}
	change(&c)
	check(o.T, o.SaveSettings(o.Context(), o.ID(role), c))
}

func (o *office) do(id string, a proposal.Action) {
	o.Helper()
	check(o.T, o.SaveAction(o.Context(), id, a))
	outcome, err := o.cases.Record(o.Context(), ledger.Command{CaseID: id, ActionID: a.ID, Kind: a.Kind})
	check(o.T, err)
	if outcome.Refusal != nil {
		o.Fatalf("%s: %v", a.Kind, outcome.Refusal)
	}
}

// at makes a case that stands in the stage.
func (o *office) at(to proposal.Stage, with ...func(*proposal.Registration)) string {
	o.Helper()
	o.taken++
	r := fixture.Registration(fmt.Sprintf("%04d", o.taken), calendar.NewDate(2026, 3, 2))
	for _, change := range with {
		change(r)
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String()
	o.do(id, o.Register(r))
	o.advance(id, to)
	return id
}

func (o *office) advance(id string, to proposal.Stage) {
	o.Helper()
	for {
		state, err := o.State(o.Context(), id)
		check(o.T, err)
		if state.Stage == to {
			return
		}
		o.do(id, o.Next(o.T, o.Store, id))
	}
}

// run is a run of the workflow: it collects and sends, and returns what became of each mail.
func (o *office) run() (ends []outbox.MailState) {
	o.Helper()
	due, err := o.CollectMail(o.Context())
	check(o.T, err)
	for _, id := range due {
		end, err := o.SendMail(o.Context(), id)
		check(o.T, err)
		ends = append(ends, end)
	}
	return ends
}

func (o *office) ends(want ...outbox.MailState) {
	o.Helper()
	if got := o.run(); !slices.Equal(got, want) {
		o.Fatalf("mails ended %v, want %v", got, want)
	}
}

// received is a mail as a mail program reads it.
type received struct {
	id, to, subject, text, html string
}

func (o *office) read(raw string) (l received) {
	o.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	check(o.T, err)
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		o.Fatal(err)
	}
	from, err := m.Header.AddressList("From")
	check(o.T, err)
	if from[0].Name != "办理" {
		o.Errorf("from %v", from)
	}
	to, err := m.Header.AddressList("To")
	check(o.T, err)
	l.to, l.id = to[0].Address, m.Header.Get("Message-ID")
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	check(o.T, err)
	if kind != "multipart/alternative" {
		o.Fatalf("a mail of %s", kind)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return l
		}
		check(o.T, err)
		if part.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			o.Fatalf("encoded as %s", part.Header.Get("Content-Transfer-Encoding"))
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		check(o.T, err)
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.html = string(body)
		} else {
			l.text = string(body)
		}
	}
}

func (o *office) says(text string, want ...string) {
	o.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			o.Errorf("no %q in:\n%s", w, text)
		}
	}
}

// A notice becomes one mail that any mail program reads, and no second one, whatever runs again.
func TestAMailArrivesOnce(t *testing.T) {
	o := newOffice(t)
	id := o.at(proposal.Consulting)
	o.ends(outbox.MailSent)
	for range 3 {
		o.ends()
	}
	l := o.read(o.post.Mails(1)[0])
	o.says(l.subject, "有件到你名下：第0001号 缓解社工压力提高社工待遇")
	o.says(l.text, "甲division_head接收，联系代表归你办。", "https://banli.example/cases/"+id, "https://banli.example/settings", "个工作日")
	o.says(l.html, `<a href="https://banli.example/cases/`+id+`">`, "联系代表归你办")
	if l.to != "handler@banli.example" || !strings.HasSuffix(l.id, "@banli.example>") {
		t.Errorf("to %s, id %s", l.to, l.id)
	}
	// Who has no address, and who acted, gets none; what waits for hours is not told again by another kind.
	o.advance(id, proposal.Drafting)
	o.do(id, o.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}))
	o.ends(outbox.MailSent)
	o.post.Mails(2)
}

// Before a mail goes out it is looked at again.
func TestWhatIsOverIsNotSent(t *testing.T) {
	o := newOffice(t)
	ctx, handler := t.Context(), o.ID(proposal.Handler)
	dropped := func(why string, id string, change func(id string)) {
		t.Helper()
		due, err := o.CollectMail(ctx)
		check(t, err)
		if len(due) != 1 {
			t.Fatalf("%s: %d mails due", why, len(due))
		}
		change(id)
		if end, err := o.SendMail(ctx, due[0]); err != nil || end != outbox.MailDropped {
			t.Errorf("%s: %s, %v", why, end, err)
		}
	}
	dropped("done", o.at(proposal.Consulting), func(id string) { o.advance(id, proposal.Drafting) })
	dropped("read", o.at(proposal.Consulting), func(id string) { check(t, o.ReadCaseNotices(ctx, handler, id)) })
	dropped("another's", o.at(proposal.Consulting), func(id string) {
		o.do(id, o.Action(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: fixture.Other, Reason: "属养老服务。"}))
	})
	dropped("unwanted", o.at(proposal.Consulting), func(string) {
		o.choose(proposal.Handler, func(c *store.Settings) { c.Channels[proposal.NoticeAssigned] = store.ByInbox })
	})
	o.at(proposal.Consulting)
	o.ends() // the kind was unsubscribed
	o.choose(proposal.Handler, func(c *store.Settings) { c.Channels[proposal.NoticeAssigned] = store.ByMail })
	dropped("gone", o.at(proposal.Consulting), func(string) {
		p := o.Bureau[proposal.Handler]
		p.Active = false
		_, err := o.UpsertPerson(ctx, p, "")
		check(t, err)
	})
	o.post.Mails(0)
}

// dies is an outbox whose worker is killed before it can write down how a mail ended.
type dies struct{ *store.Store }

func (dies) EndMail(context.Context, string, outbox.MailState, string, string) error {
	return errors.New("killed")
}

// Killed between sending and writing it down, a worker leaves a mail that nobody sends again; it is shown as of an unknown end.
func TestKilledAfterSending(t *testing.T) {
	o := newOffice(t)
	o.at(proposal.Consulting)
	due, err := o.CollectMail(t.Context())
	check(t, err)
	o.Outbox = dies{o.Store}
	if _, err := o.SendMail(t.Context(), due[0]); err == nil {
		t.Fatal("it was not killed")
	}
	o.Outbox = o.Store
	if end, err := o.SendMail(t.Context(), due[0]); err != nil || end != "" { // as the engine tries again
		t.Errorf("a second try: %q, %v", end, err)
	}
	for range 4 {
		o.ends()
		o.now = o.now.Add(5 * time.Minute)
	}
	o.post.Mails(1)
	o.undelivered(outbox.MailUnsure, "")
	if n, err := o.UnreadNotices(t.Context(), o.ID(proposal.Handler)); err != nil || n != 1 {
		t.Errorf("%d unread in the inbox, %v", n, err)
	}
}

// The server has the mail, and the connection is lost before its answer.
func TestCutOffAtTheEnd(t *testing.T) {
	o := newOffice(t)
	o.through("smtp://" + o.post.CutOff() + "?tls=none")
	o.at(proposal.Consulting)
	o.ends(outbox.MailUnsure)
	o.through("smtp://" + o.post.Address())
	o.now = o.now.Add(time.Hour)
	o.ends()
	o.post.Mails(1)
	o.undelivered(outbox.MailUnsure, "")
}

// The link behind which somebody chooses a password goes out at any hour, once, and only as long as it opens; its secret stands in the mail alone.
func TestAPasswordLinkByMail(t *testing.T) {
	o := newOffice(t)
	ctx, handler := t.Context(), o.ID(proposal.Handler)
	made := func(person proposal.PersonID) (to string, err error) {
		o.now = o.now.Add(time.Second)
		err = o.Edit(ctx, o.ID(proposal.Admin), func(e *store.Edit) (err error) {
			to, _, err = e.MailPasswordLink(ctx, person)
			return err
		})
		return to, err
	}
	opens := func(n int) {
		t.Helper()
		mails := o.post.Mails(n)
		l := o.read(mails[n-1])
		_, address, found := strings.Cut(l.text, "https://banli.example/password/")
		if p, err := o.PersonByPasswordLink(ctx, strings.Fields(address)[0]); !found || err != nil || p.ID != handler {
			t.Errorf("the link of mail %d opens for %q: %v", n, p.Login, err)
		}
	}
	o.choose(proposal.Handler, func(c *store.Settings) { c.Quiet = true })
	o.now = monday.Add(12 * time.Hour) // ten in the evening
	for range 2 {
		if to, err := made(handler); err != nil || to != "handler@banli.example" {
			t.Fatalf("to %q, %v", to, err)
		}
	}
	o.ends(outbox.MailDropped, outbox.MailSent) // the first no longer opens
	o.ends()
	l := o.read(o.post.Mails(1)[0])
	o.says(l.subject, "请设置登录密码")
	o.says(l.text, "登录时的工号是handler。", "4月27日")
	if l.to != "handler@banli.example" || strings.Contains(l.text, "/settings") || strings.Contains(l.html, "/settings") {
		t.Errorf("to %s:\n%s", l.to, l.text)
	}
	opens(1)
	if use, err := o.AccountUse(ctx, handler); err != nil || use.Link == nil || use.Link.Mail != outbox.MailSent || use.Link.To != l.to {
		t.Errorf("it is told as %+v, %v", use.Link, err)
	}
	told, err := o.StaffChanges(ctx, store.ChangesOfBureau, "", 1)
	if err != nil || told.Items[0].About != "password" || told.Items[0].Now["sent_to"] != l.to {
		t.Errorf("recorded as %+v, %v", told, err)
	}

	// One that waits for the server opens when it has come.
	o.post.Down()
	_, err = made(handler)
	check(t, err)
	o.ends(outbox.MailWaiting)
	o.post.Up()
	o.now = o.now.Add(2 * time.Minute)
	o.ends(outbox.MailSent)
	opens(2)

	// One whose end nobody knows is not written again: whoever has it can use it.
	_, err = made(handler)
	check(t, err)
	due, err := o.CollectMail(ctx)
	check(t, err)
	o.Outbox = dies{o.Store}
	if _, err := o.SendMail(ctx, due[0]); err == nil {
		t.Fatal("it was not killed")
	}
	o.Outbox = o.Store
	if end, err := o.SendMail(ctx, due[0]); err != nil || end != "" {
		t.Errorf("a second try: %q, %v", end, err)
	}
	opens(3)

	// Nobody else gets it: not whoever has the address now, nor one who has none.
	_, err = made(handler)
	check(t, err)
	o.address(proposal.Handler, "another@banli.example")
	o.ends(outbox.MailDropped)
	if _, err := made(o.ID(proposal.Liaison)); err == nil {
		t.Error("a link was made for who has no address")
	}
	o.post.Mails(3)
}

func (o *office) undelivered(state outbox.MailState, why string) {
	o.Helper()
	all, err := o.Undelivered(o.Context(), o.ID(proposal.Handler))
	check(o.T, err)
	if len(all) != 1 || all[0].State != state || all[0].Why != why {
		o.Errorf("undelivered %+v, want %s %s", all, state, why)
	}
}

// A server that is down, or busy, gets the mail when it is there again, once. One that stays away is given up after a day.
func TestTheServerIsAway(t *testing.T) {
	o := newOffice(t)
	o.post.Down()
	o.at(proposal.Consulting)
	o.ends(outbox.MailWaiting)
	o.ends() // not before a minute has passed
	o.post.Up()
	o.post.Busy(true)
	o.now = o.now.Add(2 * time.Minute)
	o.ends(outbox.MailWaiting)
	o.post.Busy(false)
	o.now = o.now.Add(5 * time.Minute)
	o.ends(outbox.MailSent)
	o.ends()
	o.post.Mails(1)

	o.post.Down()
	o.at(proposal.Consulting)
	o.ends(outbox.MailWaiting)
	o.now = o.now.Add(25 * time.Hour)
	o.ends(outbox.MailFailed)
	o.undelivered(outbox.MailFailed, outbox.MailExpired)
}

func TestAnAddressThatNobodyHas(t *testing.T) {
	o := newOffice(t)
	o.address(proposal.Handler, "nobody@banli.example")
	o.at(proposal.Consulting)
	o.ends(outbox.MailFailed)
	o.now = o.now.Add(time.Hour)
	o.ends()
	o.undelivered(outbox.MailFailed, outbox.MailRefused)
	o.post.Mails(0)
}

// Of a case whose deputy asked for secrecy a mail has the number and the way to it.
func TestSecretCases(t *testing.T) {
	o := newOffice(t)
	o.address(proposal.LegalReviewer, "legal@banli.example")
	id := o.at(proposal.OfficeReview, func(r *proposal.Registration) { r.Secrecy = true })
	o.run()
	o.do(id, o.Action(proposal.AddReviewer, proposal.OfficeReviewer, &proposal.AddedReviewer{Person: o.ID(proposal.LegalReviewer), Reason: "请看倪琛善代表的件。"}))
	o.run()
	for _, raw := range o.post.Mails(1) {
		l := o.read(raw)
		o.says(l.text, "第0001号", "https://banli.example/cases/"+id)
		for _, secret := range []string{"倪琛善", "社工", "请看"} {
			if strings.Contains(l.subject+l.text+l.html, secret) {
				t.Errorf("a mail says %q:\n%s", secret, l.text)
			}
		}
	}
	o.choose(proposal.LegalReviewer, func(c *store.Settings) { c.Language = "en" })
	o.now = monday.Add(23 * time.Hour)
	if made, err := o.Mailer.MakeDigests(t.Context()); err != nil || made != 2 {
		t.Fatalf("%d digests, %v", made, err)
	}
	o.run()
	for _, raw := range o.post.Mails(2)[1:] {
		if l := o.read(raw); strings.Contains(l.text, "社工") || !strings.Contains(l.subject, "Daily digest") {
			t.Errorf("the digest says:\n%s\n%s", l.subject, l.text)
		}
	}
}

// One digest a working day at the reader's hour, of what is to be done; none of what is done, and none of nothing.
func TestDigest(t *testing.T) {
	o := newOffice(t)
	made := func(want int) {
		t.Helper()
		if got, err := o.Mailer.MakeDigests(t.Context()); err != nil || got != want {
			t.Fatalf("%d digests made at %s, want %d (%v)", got, o.now, want, err)
		}
	}
	o.choose(proposal.Handler, func(c *store.Settings) {
		c.DigestAt = 9*60 + 15
		for _, kind := range proposal.NoticeKinds {
			c.Channels[kind] = store.ByDigest
		}
	})
	id := o.at(proposal.Drafting)
	done := o.at(proposal.DivisionReview)
	o.do(id, o.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}))
	day := monday.Add(24 * time.Hour).Truncate(24 * time.Hour) // 08:00 in Shanghai
	o.now = day.Add(time.Hour)
	made(0)
	o.now = day.Add(75 * time.Minute)
	made(1)
	made(0)
	o.ends(outbox.MailSent)
	again := *o.Mailer // a worker that starts anew
	o.Mailer = &again
	o.now = day.Add(3 * time.Hour)
	made(0)
	o.ends()
	l := o.read(o.post.Mails(1)[0])
	o.says(l.subject, "每日汇总 4月21日")
	o.says(l.text, "起草答复", "催办", "https://banli.example/cases/"+id, "等别人的1件", "第0001号")
	if strings.Contains(strings.Split(l.text, "等别人的")[0], done) {
		t.Errorf("what was sent on is still to be done:\n%s", l.text)
	}
	o.now = day.AddDate(0, 0, 11).Add(2 * time.Hour) // 2 May: a holiday
	made(0)

	// Nothing to do: nothing is sent, and the day is settled all the same.
	o.advance(id, proposal.DivisionReview)
	check(t, o.ReadCaseNotices(t.Context(), o.ID(proposal.Handler), id))
	check(t, o.ReadCaseNotices(t.Context(), o.ID(proposal.Handler), done))
	o.now = day.AddDate(0, 0, 1).Add(2 * time.Hour)
	made(1)
	o.ends(outbox.MailDropped)
	o.post.Mails(1)
	o.choose(proposal.Handler, func(c *store.Settings) { c.Digest = false })
	o.now = day.AddDate(0, 0, 2).Add(2 * time.Hour)
	made(0)
}

// Who supervises is sent once a working day how the cases stand that they answer for: on the first of a week with the week's figures, on another day
// unless there is nothing to say, and as the person chose.
func TestBriefs(t *testing.T) {
	o := newOffice(t)
	o.choose(proposal.Handler, func(c *store.Settings) { c.Digest = false })
	o.address(proposal.Supervisor, "supervisor@banli.example")
	chooses := func(brief proposal.Briefing) {
		t.Helper()
		o.choose(proposal.Supervisor, func(c *store.Settings) { c.Digest, c.Brief = false, brief })
	}
	chooses("")
	sent := 0
	brief := func(day calendar.Date, want ...outbox.MailState) (l received) {
		t.Helper()
		o.now = day.Start().Add(9 * time.Hour)
		made, err := o.Mailer.MakeDigests(t.Context())
		check(t, err)
		if made != len(want) {
			t.Fatalf("%d digests made on %s, want %d", made, day, len(want))
		}
		o.ends(want...)
		again := *o.Mailer // a worker that starts anew
		o.Mailer, o.now = &again, o.now.Add(time.Hour)
		if made, err := o.Mailer.MakeDigests(t.Context()); err != nil || made != 0 {
			t.Fatalf("%d digests made again on %s, %v", made, day, err)
		}
		o.ends()
		if slices.Equal(want, []outbox.MailState{outbox.MailSent}) {
			sent++
			return o.read(o.post.Mails(sent)[sent-1])
		}
		return l
	}
	// No case at all: nothing is sent but what comes every week.
	brief(calendar.NewDate(2026, 4, 21), outbox.MailDropped)
	l := brief(calendar.NewDate(2026, 4, 27), outbox.MailSent)
	o.says(l.subject, "督办周报 4月27日", "逾期0件", "今天要定0件")
	o.says(l.text, "上周（4月20日至4月26日）", "新收 0件 前一周0件", "没有变化", "https://banli.example/digest?weekly=1")
	if strings.Contains(l.text, "上月") {
		t.Errorf("no month is over:\n%s", l.text)
	}

	o.now = calendar.NewDate(2026, 4, 28).Start().Add(10 * time.Hour)
	open := o.at(proposal.Drafting)
	o.at(proposal.Drafting, func(r *proposal.Registration) { r.Secrecy = true })
	l = brief(calendar.NewDate(2026, 4, 29), outbox.MailSent)
	o.says(l.subject, "督办日报 4月29日")
	o.says(l.text, "4月27日 09:00以来", "新收 2件", "https://banli.example/cases?all=1&only=came&since=2026-04-27T01%3A00%3A00Z")
	if strings.Contains(l.text, "上周") {
		t.Errorf("a daily digest has the week's figures:\n%s", l.text)
	}
	l = brief(calendar.NewDate(2026, 5, 6), outbox.MailSent) // after the May holidays: Wednesday is the first working day of its week
	o.says(l.subject, "督办周报 5月6日")
	o.says(l.text, "上周（4月27日至5月3日）", "新收 2件 前一周0件", "上月的统计和报告", "https://banli.example/statistics?by=division&from=2026-04-01&one=answered&to=2026-04-30")

	l = brief(calendar.NewDate(2026, 6, 3), outbox.MailSent)
	o.says(l.text, "新逾期 2件", "第0001号 ", "https://banli.example/cases/"+open, "第0002号")
	if n := strings.Count(l.text, "缓解社工"); n != 1 {
		t.Errorf("the titles of %d cases are told, want that of one: the other is to be kept secret\n%s", n, l.text)
	}
	l = brief(calendar.NewDate(2026, 6, 4), outbox.MailSent)
	o.says(l.text, "没有变化", "已逾期 2件")

	chooses(proposal.BriefWeekly)
	brief(calendar.NewDate(2026, 6, 5))
	brief(calendar.NewDate(2026, 6, 8), outbox.MailSent)
	chooses(proposal.BriefDaily)
	o.says(brief(calendar.NewDate(2026, 6, 15), outbox.MailSent).subject, "督办日报 6月15日")
	chooses(proposal.BriefOff)
	brief(calendar.NewDate(2026, 6, 22))
}

// Who wants mails in working hours only gets them when work begins.
func TestQuietHours(t *testing.T) {
	o := newOffice(t)
	o.choose(proposal.Handler, func(c *store.Settings) { c.Quiet = true })
	o.now = time.Date(2026, 4, 30, 12, 0, 0, 0, time.UTC) // 20:00 before the May holidays
	o.at(proposal.Consulting)
	o.ends(outbox.MailWaiting)
	o.now = o.now.Add(14 * time.Hour)
	o.ends()
	o.now = calendar.NewDate(2026, 5, 6).Start().Add(8 * time.Hour)
	o.ends(outbox.MailSent)
	o.post.Mails(1)
}

// A mail server that is set up today sends nothing of last week.
func TestOldNoticesMakeNoMails(t *testing.T) {
	o := newOffice(t)
	o.at(proposal.Consulting)
	o.now = o.now.Add(25 * time.Hour)
	o.ends()
	if got, err := (&activities.Mailer{Outbox: o.Store}).CollectMail(t.Context()); err == nil {
		t.Errorf("without a mail server: %v", got)
	}
}

func TestServersThatCannotBe(t *testing.T) {
	for _, c := range []struct{ address, from string }{
		{"http://a.example", "a@b.example"}, {"smtp://", "a@b.example"}, {"smtp://a.example", "nobody"}, {"smtp://u:secret@a.example:x", "a@b.example"},
	} {
		_, err := mail.NewServer(c.address, c.from, "")
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", c.address, err)
		}
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
