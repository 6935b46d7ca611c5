package store_test

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// editor is one window of one person.
type editor struct {
	w        *world
	id       string
	by       proposal.PersonID
	tab      string
	seq      int
	rev      int
	base     int
	kept     store.KeptWork
	lastSent store.TypedDraft
}

func (e *editor) typed(body string) store.TypedDraft {
	d := fixture.Draft(2)
	d.Body = body
	e.seq++
	e.lastSent = store.TypedDraft{Base: e.base, Rev: e.rev, Tab: e.tab, Seq: e.seq, Draft: d, Acks: map[string]string{"k": "理由"}}
	return e.lastSent
}

func (e *editor) send(t *testing.T, typed store.TypedDraft, cut bool) error {
	t.Helper()
	kept, err := e.w.KeepWork(t.Context(), e.id, e.by, typed, cut)
	if err == nil {
		e.kept, e.rev, e.base = kept, kept.Work.Rev, kept.Work.Base
	}
	return err
}

func (e *editor) types(t *testing.T, body string) {
	t.Helper()
	check(t, e.send(t, e.typed(body), false))
}

func (w *world) body(t *testing.T, id string, by proposal.PersonID) string {
	t.Helper()
	work, err := w.Work(t.Context(), id, by)
	check(t, err)
	return work.Draft.Body
}

func TestKeepWork(t *testing.T) {
	w := newWorld(t)
	me, id := w.ID(proposal.Handler), w.at(t, proposal.Drafting)
	events := w.count(t, `select count(*) from events where case_id = $1`, id)
	e := &editor{w: w, id: id, by: me, tab: "a"}
	e.types(t, "一、减负")
	e.types(t, "一、减负。")
	if got := w.body(t, id, me); got != "一、减负。" {
		t.Errorf("kept %q", got)
	}
	if n := w.count(t, `select count(*) from events where case_id = $1`, id); n != events {
		t.Errorf("an autosave writes %d events", n-events)
	}
	if !e.kept.Work.Loose || e.kept.Latest.Version != 0 {
		t.Errorf("%+v", e.kept)
	}

	// The answer was lost and the request comes again; an older one overtakes nothing.
	rev, again := e.rev, e.lastSent
	check(t, e.send(t, again, false))
	older := again
	older.Seq, older.Draft.Body = 1, "一、减负"
	check(t, e.send(t, older, false))
	if got := w.body(t, id, me); got != "一、减负。" || e.rev != rev {
		t.Errorf("after repeats: %q, revision %d, want %d", got, e.rev, rev)
	}

	// Asked for, a version is cut, once.
	check(t, e.send(t, e.typed("一、减负。二、待遇。"), true))
	if e.kept.Cut != 1 || e.kept.Work.Loose || e.base != 1 {
		t.Errorf("%+v", e.kept)
	}
	check(t, e.send(t, e.lastSent, true))
	check(t, e.send(t, e.typed("一、减负。二、待遇。"), true))
	if n := w.count(t, `select count(*) from drafts where case_id = $1`, id); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
	read, err := w.Draft(t.Context(), id, 1)
	check(t, err)
	if read.Draft.Body != "一、减负。二、待遇。" || read.SavedBy != me {
		t.Errorf("version %+v", read)
	}

	// Ten minutes after the first word that is in no version, one is cut unasked.
	e.types(t, "一、减负。二、待遇。三、")
	w.now = w.now.Add(9 * time.Minute)
	e.types(t, "一、减负。二、待遇。三、编制")
	if e.kept.Cut != 0 {
		t.Error("cut too early")
	}
	w.now = w.now.Add(time.Minute)
	e.types(t, "一、减负。二、待遇。三、编制。")
	if e.kept.Cut != 2 || e.base != 2 {
		t.Errorf("%+v", e.kept)
	}
	if report, err := w.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// Two windows of one person: the one that has not seen the other's words is told, and writes over nothing.
func TestKeepWorkInTwoWindows(t *testing.T) {
	w := newWorld(t)
	me, id := w.ID(proposal.Handler), w.at(t, proposal.Drafting)
	a, b := &editor{w: w, id: id, by: me, tab: "a"}, &editor{w: w, id: id, by: me, tab: "b"}
	a.types(t, "甲窗口")
	kept, err := w.KeepWork(t.Context(), id, me, b.typed("乙窗口"), false)
	check(t, err)
	if !kept.Behind || kept.Theirs.Version != 1 || w.body(t, id, me) != "甲窗口" {
		t.Errorf("told %+v, kept %q", kept, w.body(t, id, me))
	}
	b.rev, b.base = kept.Work.Rev, kept.Work.Base // b has been shown a's words, which a version holds now, and goes on
	b.types(t, "乙窗口")
	if kept, err = w.KeepWork(t.Context(), id, me, a.typed("甲窗口又写"), false); err != nil || !kept.Behind || kept.Theirs.Version != 2 {
		t.Errorf("%+v, %v", kept, err)
	}
	a.rev = 0
	a.types(t, "乙窗口") // the same words are no quarrel
	for version, body := range map[int]string{1: "甲窗口", 2: "乙窗口"} {
		if saved, err := w.Draft(t.Context(), id, version); err != nil || saved.Draft.Body != body {
			t.Errorf("version %d holds %q, %v", version, saved.Draft.Body, err)
		}
	}
}

// Two people: each has a working copy of their own; the second version waits for somebody to look.
func TestKeepWorkOfTwoPeople(t *testing.T) {
	w := newWorld(t)
	id, first := w.at(t, proposal.Drafting), w.ID(proposal.Handler)
	second := w.person(t, "second", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading})
	stranger := w.person(t, "third", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading})
	w.sql.Exec(t.Context(), `insert into proxies (id, principal, proxy, from_date, to_date, reason, made_by, made_at, confirmed_by, confirmed_at)
		values (gen_random_uuid(), $1, $2, '2026-04-01', '2026-05-01', '休假', $1, now(), $1, now())`, first, second)
	if n := w.count(t, `select count(*) from proxies`); n != 1 {
		t.Fatal("no cover")
	}
	a, b := &editor{w: w, id: id, by: first, tab: "a"}, &editor{w: w, id: id, by: second, tab: "b"}
	c := &editor{w: w, id: id, by: stranger, tab: "c"}
	refused(t, c.send(t, c.typed("x"), false), proposal.Forbidden)

	a.types(t, "张琼写的")
	if n, err := w.CutWorks(t.Context(), id, second); err != nil || n != 1 { // the second one opens the editor
		t.Fatalf("%d versions cut, %v", n, err)
	}
	if n, err := w.CutWorks(t.Context(), id, second); err != nil || n != 0 {
		t.Fatalf("%d versions cut again, %v", n, err)
	}
	a.types(t, "张琼写的，接着写")
	b.base = 1
	b.types(t, "张琼写的，赵磊补充")
	check(t, b.send(t, b.typed("张琼写的，赵磊补充"), true))
	if b.kept.Cut != 2 {
		t.Errorf("%+v", b.kept)
	}
	// The first one's words stay, and become no version over the second's unseen.
	check(t, a.send(t, a.typed("张琼写的，接着写。"), true))
	if a.kept.Cut != 0 || a.kept.Theirs.Version != 2 || a.kept.Theirs.SavedBy != second || w.body(t, id, first) != "张琼写的，接着写。" {
		t.Errorf("%+v, kept %q", a.kept, w.body(t, id, first))
	}
	_, err := w.SaveDraft(t.Context(), id, first, newID(), 1, fixture.Draft(2))
	refused(t, err, proposal.StaleForm)
	a.base = 2 // looked at, and goes on with these words
	check(t, a.send(t, a.typed("张琼写的，接着写。"), true))
	if a.kept.Cut != 3 {
		t.Errorf("%+v", a.kept)
	}
}

// Sending makes the version that is sent the working copy; words from another window are not hidden by it.
func TestWorkAfterSaving(t *testing.T) {
	w := newWorld(t)
	me, id := w.ID(proposal.Handler), w.at(t, proposal.Drafting)
	a := &editor{w: w, id: id, by: me, tab: "a"}
	a.types(t, "写了一半")
	sent := a.typed("写完了")
	saved, err := w.SaveTyped(t.Context(), id, me, newID(), sent)
	check(t, err)
	work, err := w.Work(t.Context(), id, me)
	check(t, err)
	if work.Loose || work.Base != saved.Version || work.Draft.Body != "写完了" {
		t.Errorf("%+v", work)
	}
	a.rev, a.base = work.Rev, work.Base
	a.types(t, "写完了，又改")
	_, err = w.SaveDraft(t.Context(), id, me, newID(), 1, fixture.Draft(2)) // a program, or a window without scripts
	check(t, err)
	if work, err := w.Work(t.Context(), id, me); err != nil || !work.Loose || work.Draft.Body != "写完了，又改" {
		t.Errorf("%+v, %v", work, err)
	}

	// The case moves on while somebody types: the words are kept, and it is said who moved it.
	w.do(t, id, w.Next(t, w.Store, id))
	a.types(t, "送出以后写的")
	if a.kept.Moved == nil || a.kept.Moved.By == "" || w.body(t, id, me) != "送出以后写的" {
		t.Errorf("%+v", a.kept)
	}
}

func TestHere(t *testing.T) {
	w := newWorld(t)
	id, a, b := w.at(t, proposal.Drafting), w.ID(proposal.Handler), w.ID(proposal.DivisionHead)
	start := w.now
	others, err := w.Here(t.Context(), id, a)
	check(t, err)
	if len(others) != 0 {
		t.Errorf("others %+v", others)
	}
	w.now = start.Add(40 * time.Second)
	others, err = w.Here(t.Context(), id, b)
	check(t, err)
	if len(others) != 1 || others[0].Person != a || others[0].Since.Sub(start).Abs() > time.Millisecond {
		t.Errorf("others %+v", others)
	}
	w.now = start.Add(2 * time.Minute) // a has gone without a word
	if others, err = w.Here(t.Context(), id, b); err != nil || len(others) != 0 {
		t.Errorf("others %+v, %v", others, err)
	}
	if _, err = w.Here(t.Context(), id, a); err != nil {
		t.Fatal(err)
	}
	if others, err = w.Here(t.Context(), id, b); err != nil || len(others) != 1 || others[0].Since.Before(w.now.Add(-time.Second)) {
		t.Errorf("who comes back is counted from then: %+v, %v", others, err)
	}
}
