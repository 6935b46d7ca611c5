package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
)

// liveNews hears until the test ends.
func (w *world) liveNews(t *testing.T) (live *store.LiveNews, stop func()) {
	t.Helper()
	live = store.NewLiveNews(w.Store)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		live.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	w.listening(t)
	// What went before is not told: it was passed on when what is told after it is heard. Without a reader that takes half a minute.
	reader, _ := live.Read(w.ID(proposal.Liaison))
	defer reader.Leave()
	_, err := w.sql.Exec(t.Context(), `select tell_news('begun', gen_random_uuid(), $1)`, w.ID(proposal.Liaison))
	check(t, err)
	next(t, reader, "begun")
	return live, stop
}

// next is what a reader is told next, of one kind or of any. An action may write notices besides what it is about.
func next(t *testing.T, r *store.NewsReader, kind store.NewsKind) *store.News {
	t.Helper()
	for limit := time.After(patience); ; {
		select {
		case n, open := <-r.News:
			if !open {
				t.Fatal("the reader was let go")
			}
			if n.Kind == kind || kind == "" {
				return n
			}
		case <-limit:
			t.Fatalf("no news of %s is told", kind)
		}
	}
}

// settle hears whatever else is told.
func settle(r *store.NewsReader) {
	for {
		select {
		case <-r.News:
		case <-time.After(400 * time.Millisecond):
			return
		}
	}
}

// silent fails the test if the reader is told anything.
func silent(t *testing.T, r *store.NewsReader, what string) {
	t.Helper()
	select {
	case n := <-r.News:
		t.Errorf("%s is told: %+v", what, n)
	case <-time.After(300 * time.Millisecond):
	}
}

// Every way to change what a page shows is told, by whichever code it comes.
func TestNewsOfEveryChange(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.OfficeReview)
	drafting := w.at(t, proposal.Drafting)
	live, _ := w.liveNews(t)
	liaison := w.Bureau[proposal.Liaison].Person
	reader, mark := live.Read(liaison.ID)
	reviewer, handler := w.ID(proposal.OfficeReviewer), w.ID(proposal.Handler)
	draft := fixture.Draft(2)

	for _, c := range []struct {
		kind string
		by   proposal.PersonID
		do   func()
	}{
		{proposal.EventClaim, reviewer, func() { check(t, w.ClaimTask(ctx, reviewer, id, newID(), proposal.TaskKey{})) }},
		{proposal.EventRelease, reviewer, func() { check(t, w.ReleaseTask(ctx, reviewer, id, newID(), proposal.TaskKey{})) }},
		{string(proposal.PassReview), reviewer, func() { w.do(t, id, w.Next(t, w.Store, id)) }},
		{proposal.EventSaveDraft, handler, func() {
			_, err := w.SaveDraft(ctx, drafting, handler, newID(), 0, draft)
			check(t, err)
		}},
		{string(proposal.Register), liaison.ID, func() { w.register(t) }},
	} {
		c.do()
		n := next(t, reader, store.CaseNews)
		told, ok := n.For(liaison)
		if !ok || n.Kind != store.CaseNews || told.ID != n.ID || told.Event.Kind != c.kind || told.Event.By != c.by || told.Event.Name.ZH == "" {
			t.Errorf("%s: told %+v, %v", c.kind, told, ok)
		}
	}
	if live.Mark() == mark {
		t.Error("the mark did not move")
	}

	settle(reader)
	// An urge writes a notice besides; reading it is told to the reader's other pages alone.
	w.do(t, drafting, w.Action(proposal.Urge, proposal.Liaison, &proposal.UrgeNote{Text: "请抓紧。"}))
	told := map[store.NewsKind]*store.News{}
	for len(told) < 2 {
		n := next(t, reader, "")
		told[n.Kind] = n
	}
	for _, kind := range []store.NewsKind{store.CaseNews, store.NoticeNews} {
		if told[kind] == nil {
			t.Fatalf("no news of %s is told", kind)
		}
		_, theirs := told[kind].For(w.Bureau[proposal.Handler].Person)
		_, others := told[kind].For(w.Bureau[fixture.OtherHandler].Person)
		if !theirs || others {
			t.Errorf("%s: the handler is told %v, a stranger %v", kind, theirs, others)
		}
	}
	settle(reader)
	check(t, w.ReadNotices(ctx, handler, 1<<40))
	n := next(t, reader, store.NoticeNews)
	_, theirs := n.For(w.Bureau[proposal.Handler].Person)
	if _, others := n.For(liaison); !theirs || others {
		t.Errorf("reading: %+v", n)
	}
	settle(reader)

	// What did not happen is not told.
	tx, err := w.sql.Begin(ctx)
	check(t, err)
	_, err = tx.Exec(ctx, `update cases set rung_at = now() where id = $1`, id)
	check(t, err)
	check(t, tx.Rollback(ctx))
	silent(t, reader, "what was rolled back")
	refused(t, w.ClaimTask(ctx, handler, id, newID(), proposal.TaskKey{}), proposal.Forbidden)
	silent(t, reader, "a refusal")
	_, err = w.sql.Exec(ctx, `update tasks set due = due + 1 where case_id = $1 and closed_at is null`, id)
	check(t, err)
	if n := next(t, reader, store.CaseNews); n.ID != id {
		t.Errorf("past the store: %+v", n)
	}
	_, err = w.sql.Exec(ctx, `select tell_news('bulk', gen_random_uuid(), $1)`, handler)
	check(t, err)
	n = next(t, reader, "bulk")
	_, theirs = n.For(w.Bureau[proposal.Handler].Person)
	if _, others := n.For(liaison); !theirs || others {
		t.Errorf("bulk: %+v", n)
	}
}

// News tells nobody of a case that they may not see, nor a name that they may not read.
func TestNewsKeepsSecrets(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	id, r := w.registration()
	r.Secrecy = true
	w.do(t, id, w.Register(r))
	live, _ := w.liveNews(t)
	reader, _ := live.Read(w.ID(proposal.Liaison))
	for _, to := range []proposal.Stage{proposal.Assigning, proposal.Accepting, proposal.Consulting} {
		w.advance(t, id, to)
		n := next(t, reader, store.CaseNews)
		settle(reader)
		for role, p := range w.Bureau {
			state, err := w.State(t.Context(), id)
			check(t, err)
			told, ok := n.For(p.Person)
			if sees := p.Sees(state); sees != (told.Case != nil) || sees && (told.Case.LeadDeputy != "") != p.SeesName(state) {
				t.Errorf("%s: %s sees it %v, is told %+v", to, role, sees, told)
			}
			if told.Case == nil && (told.ID != "" || told.Event != (store.NewsEvent{}) || ok && !told.Desk) {
				t.Errorf("%s: %s is told %+v", to, role, told)
			}
		}
	}
	_, err := w.sql.Exec(t.Context(), `select tell_news('notes', $1)`, id)
	check(t, err)
	n := next(t, reader, "notes")
	if _, ok := n.For(w.Bureau[fixture.OtherHandler].Person); ok {
		t.Error("a stranger is told of notes")
	}
	if told, ok := n.For(w.Bureau[proposal.Handler].Person); !ok || told.Kind != "notes" || told.ID != id {
		t.Errorf("the handler is told %+v, %v", told, ok)
	}
}

// Whose box a case is in, and whose it just left.
func TestNewsKnowsTheDesk(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	id := w.at(t, proposal.Accepting)
	live, _ := w.liveNews(t)
	reader, _ := live.Read(w.ID(proposal.Liaison))
	head := w.Bureau[proposal.DivisionHead].Person
	other := w.Bureau[fixture.OtherHead].Person
	w.do(t, id, w.Action(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: fixture.Other, Reason: "职责在养老服务处"}))
	n := next(t, reader, store.CaseNews)
	if told, ok := n.For(other); !ok || !told.Desk || !told.Mine || told.Gone || told.Case.Task.Ask != proposal.AskOf(proposal.Accepting) {
		t.Errorf("the new division is told %+v, %v", told, ok)
	}
	if told, ok := n.For(head); !ok || !told.Desk || told.ID != "" || told.Case != nil {
		t.Errorf("the old division is told %+v, %v", told, ok)
	}
	if told, ok := n.For(w.Bureau[proposal.Supervisor].Person); !ok || told.Desk || told.ID != id {
		t.Errorf("who only sees it is told %+v, %v", told, ok)
	}
}

// After an outage everybody looks again; before, they know that they are told nothing.
func TestNewsSurvivesAnOutage(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	id := w.at(t, proposal.OfficeReview)
	live, _ := w.liveNews(t)
	reader, _ := live.Read(w.ID(proposal.Liaison))
	admin := testkit.Postgres(t)
	var database string
	check(t, w.sql.QueryRow(t.Context(), `select current_database()`).Scan(&database))
	check(t, admin.Exec(t.Context(), `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '`+database+`' and query ilike 'listen%'`))
	next(t, reader, store.LostNews)
	check(t, w.ClaimTask(t.Context(), w.ID(proposal.OfficeReviewer), id, newID(), proposal.TaskKey{}))
	next(t, reader, store.MissedNews)
	check(t, w.ReleaseTask(t.Context(), w.ID(proposal.OfficeReviewer), id, newID(), proposal.TaskKey{}))
	next(t, reader, store.CaseNews)
}

// A slow reader is told that it missed something, a ninth page of one person takes the place of the first, and the end of
// the program lets everybody go.
func TestNewsReaders(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	live, stop := w.liveNews(t)
	slow, _ := live.Read(w.ID(proposal.Liaison))
	quick, _ := live.Read(w.ID(proposal.Handler))
	// One that was heard tells that those before it were passed on.
	for range 80 {
		_, err := w.sql.Exec(t.Context(), `select tell_news('bulk', gen_random_uuid(), $1)`, w.ID(proposal.Handler))
		check(t, err)
		next(t, quick, "bulk")
	}
	for range 64 {
		next(t, slow, "bulk")
	}
	_, err := w.sql.Exec(t.Context(), `select tell_news('bulk', gen_random_uuid(), $1)`, w.ID(proposal.Handler))
	check(t, err)
	next(t, slow, store.MissedNews)

	var pages []*store.NewsReader
	for range 9 {
		r, _ := live.Read(w.ID(proposal.Supervisor))
		pages = append(pages, r)
	}
	if _, open := <-pages[0].News; open {
		t.Error("nine pages of one person")
	}
	pages[1].Leave()
	pages[1].Leave()
	stop()
	for _, r := range pages[2:] {
		if _, open := <-r.News; open {
			t.Error("a reader outlives the program")
		}
	}
	late, _ := live.Read(w.ID(proposal.Supervisor))
	if _, open := <-late.News; open {
		t.Error("somebody reads after the end")
	}
}
