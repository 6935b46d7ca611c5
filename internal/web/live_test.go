package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// liveEvent is a server-sent event.
type liveEvent struct {
	id, event, data string
	Missed          bool
	Items           []struct {
		Kind, ID, By, What, Moved string
		Seq                       int
		Desk, Own                 bool
	}
}

// live opens the stream of a browser. What it brings comes until it ends.
func (b *browser) live(query string) <-chan liveEvent {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.site.url+"/live"+query, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("stream: %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	events := make(chan liveEvent, 100)
	go func() {
		defer close(events)
		defer resp.Body.Close()
		var e liveEvent
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.event = value
			case "data":
				e.data = value
				_ = json.Unmarshal([]byte(value), &e)
			case "":
				events <- e
				e = liveEvent{}
			}
		}
	}()
	return events
}

// hears is the next event.
func hears(t *testing.T, events <-chan liveEvent) liveEvent {
	t.Helper()
	select {
	case e, open := <-events:
		if !open {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(patience):
		t.Fatal("nothing comes")
	}
	return liveEvent{}
}

func hearsNothing(t *testing.T, events <-chan liveEvent, who string) {
	t.Helper()
	select {
	case e := <-events:
		t.Errorf("%s hears %s %s", who, e.event, e.data)
	case <-time.After(300 * time.Millisecond):
	}
}

func ends(t *testing.T, events <-chan liveEvent) {
	t.Helper()
	limit := time.After(patience)
	for {
		select {
		case _, open := <-events:
			if !open {
				return
			}
		case <-limit:
			t.Fatal("the stream goes on")
		}
	}
}

func TestLiveStream(t *testing.T) {
	s := newSite(t)
	// The mark of a page says up to which news it has seen.
	liaison := s.as(t, proposal.Liaison)
	to, form := liaison.get("/cases/new").form(t)
	today := url.Values{"assigned_on": {calendar.DateOf(time.Now()).String()}} // no clock of its rings
	path := liaison.post(to, with(with(form, registrationForm("0701")), today)).path
	id := strings.TrimPrefix(path, "/cases/")
	markOf := func(p answer) string {
		_, after, _ := strings.Cut(p.body, `data-mark="`)
		mark, _, _ := strings.Cut(after, `"`)
		return mark
	}
	mark := markOf(liaison.get("/"))
	events := liaison.live("?since=" + url.QueryEscape(mark))
	if hello := hears(t, events); hello.event != "hello" || hello.id != mark || hello.Missed {
		t.Errorf("after %s: %+v", mark, hello)
	}
	if hello := hears(t, liaison.live("?since=other.1")); !hello.Missed {
		t.Error("nothing was missed since another time")
	}
	stranger, deputy, supervisor := s.as(t, fixture.OtherHandler).live(""), s.as(t, proposal.LeaderInCharge).live(""), s.as(t, proposal.Supervisor).live("")
	for _, e := range []<-chan liveEvent{stranger, deputy, supervisor} {
		hears(t, e)
	}

	s.press(t, path, step{who: proposal.Liaison, fill: url.Values{"lead": {"jiceng"}, "opinion": {"请基层处主办。"}}})
	for name, e := range map[string]<-chan liveEvent{"leader in charge": deputy, "supervisor": supervisor, "liaison": events} {
		news := hears(t, e)
		for len(news.Items) == 1 && news.Items[0].Seq == 1 { // news of the registration may come late
			news = hears(t, e)
		}
		if news.event != "news" || news.id == "" || len(news.Items) != 1 {
			t.Fatalf("%s: %s %s", name, news.event, news.data)
		}
		item := news.Items[0]
		if item.Kind != "case" || item.ID != id || item.Seq != 2 {
			t.Errorf("%s is told %+v", name, item)
		}
		switch name {
		case "leader in charge": // it landed in the box of whoever is to approve it
			if !item.Desk || item.By != "甲liaison" || item.What != "甲liaison刚办了第0701号：拟办，已排进以后" {
				t.Errorf("%s is told %+v", name, item)
			}
		case "supervisor":
			if item.Desk || item.What != "甲liaison刚办了第0701号：拟办" || !strings.HasSuffix(item.Moved, "办了这件：拟办") {
				t.Errorf("%s is told %+v", name, item)
			}
		case "liaison":
			if !item.Own || item.What != "" || !strings.HasPrefix(item.Moved, "你 ") {
				t.Errorf("%s is told %+v", name, item)
			}
		}
	}
	hearsNothing(t, stranger, "a stranger")

	// A burst comes as one message a second.
	start, messages := time.Now(), 0
	for range 3 {
		s.press(t, path, step{who: proposal.LeaderInCharge, do: proposal.SendBack, fill: url.Values{"reason": {"请再想。"}}})
		s.press(t, path, step{who: proposal.Liaison, fill: url.Values{"lead": {"jiceng"}}})
	}
	for last := 0; last < 8; messages++ {
		last = hears(t, supervisor).Items[0].Seq
	}
	if took := time.Since(start); messages > 2+int(took/time.Second) {
		t.Errorf("%d messages in %s", messages, took)
	}
	hearsNothing(t, stranger, "a stranger")

	t.Run("a page that refreshes itself", func(t *testing.T) { refreshing(t, s) })
	t.Run("a session that ended", func(t *testing.T) { sessionEnded(t, s, path) })
	t.Run("beats and the end of a session", func(t *testing.T) { beats(t, s) })
}

// refreshing takes nothing from the page that an officer opens next, and does not count as work.
func refreshing(t *testing.T, s *site) {
	b := s.as(t, proposal.Supervisor)
	r, err := http.NewRequest(http.MethodGet, s.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Banli-Live", "1")
	p := b.do(r)
	p.says(t, http.StatusOK, "已是最新")
	if strings.Contains(p.body, "<style") || !strings.Contains(b.get("/").body, "<style") {
		t.Error("styles go with a page of its own, and not with one that comes into an open page")
	}
	if p.header.Get("Set-Cookie") != "" {
		t.Error("a refresh keeps the session alive")
	}
	if b.get("/").header.Get("Set-Cookie") == "" {
		t.Error("a visit does not")
	}
}

// sessionEnded: what htmx asks for becomes a full load of the login page, or brings the login page with every word kept.
func sessionEnded(t *testing.T, s *site, path string) {
	nobody := s.browser(t)
	ask := func(method, address, header string, form url.Values) answer {
		r, err := http.NewRequest(method, s.url+address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(header, "true")
		r.Header.Set("Origin", s.url)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return nobody.do(r)
	}
	if p := ask(http.MethodGet, path+"?do=urge", "HX-Request", nil); p.status != http.StatusUnauthorized ||
		p.header.Get("HX-Redirect") != "/login?back="+url.QueryEscape(path+"?do=urge") {
		t.Errorf("%d, %q", p.status, p.header.Get("HX-Redirect"))
	}
	if p := ask(http.MethodGet, path, "X-Banli-Live", nil); p.status != http.StatusUnauthorized || p.body != "" {
		t.Errorf("%d, %q", p.status, p.body)
	}
	p := ask(http.MethodPost, path+"/act/urge", "HX-Request", url.Values{"text": {"写了一半的催办"}})
	p.says(t, http.StatusUnauthorized, "没送出的字都在", `hx-boost="false"`, "写了一半的催办")
	resp, err := nobody.Get(s.url + "/live")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("the stream answers %d to nobody", resp.StatusCode)
	}
}

// beats come while nothing happens; they stop for whoever logged out or was switched off.
func beats(t *testing.T, s *site) {
	var streams []<-chan liveEvent
	for _, role := range []proposal.Role{proposal.Handler, proposal.Auditor, proposal.Admin} {
		streams = append(streams, s.as(t, role).live(""))
		hears(t, streams[len(streams)-1])
	}
	s.as(t, proposal.Auditor).post("/logout", nil)
	off := s.bureau[proposal.Admin]
	off.Active = false
	if _, err := s.Store.UpsertPerson(t.Context(), off, ""); err != nil {
		t.Fatal(err)
	}
	if e := hears(t, streams[0]); e.event != "beat" {
		t.Errorf("%s %s", e.event, e.data)
	}
	ends(t, streams[1])
	ends(t, streams[2])
}

// The program ends although pages are open, and their streams with it.
func TestLiveStreamEndsWithTheProgram(t *testing.T) {
	database, bureau := fixture.Database(t)
	a, err := app.New(t.Context(), app.Config{
		Database: app.Database{URL: database}, Web: app.Web{Listen: "127.0.0.1:0"}, Serve: true,
		Temporal: app.Temporal{Address: "127.0.0.1:1", Namespace: uuid.NewString()}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	s := &site{App: a, url: a.Site(), bureau: bureau, logged: map[proposal.Role]*browser{}}
	events := s.as(t, proposal.Liaison).live("")
	hears(t, events)
	stop()
	ends(t, events)
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second): // requests under way are given 12
		t.Error("the program waits for its readers")
	}
}
