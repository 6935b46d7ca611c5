package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/go-cmp/cmp"
)

func TestPeople(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	want := store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.LeaderInCharge, proposal.Supervisor}, Division: "jiceng", Field: []proposal.DivisionID{"jiceng", "yanglao"}},
		Login:  "liu", Name: store.Name{ZH: "刘永军", EN: "Liu Yongjun"}, Phone: "23468801", Active: true,
	}
	id, err := w.UpsertPerson(ctx, want, "")
	check(t, err)
	want.ID, want.DivisionName = id, store.Name{ZH: "基层政权和社区建设处", EN: "Community Division"}
	got, err := w.Person(ctx, id)
	check(t, err)
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	change := want
	change.ID, change.Login, change.Active, change.Division = "", " LIU ", false, ""
	again, err := w.UpsertPerson(ctx, change, "")
	check(t, err)
	byLogin, err := w.PersonByLogin(ctx, "Liu")
	check(t, err)
	if again != id || byLogin.ID != id || byLogin.Active || byLogin.Division != "" {
		t.Errorf("id %s, %+v", again, byLogin)
	}
	everybody, err := w.People(ctx)
	check(t, err)
	at := slices.IndexFunc(everybody, func(p store.Person) bool { return p.ID == id })
	if len(everybody) != len(w.Bureau)+1 || at < 0 || slices.ContainsFunc(everybody[:at], func(p store.Person) bool { return p.Division != "" }) { // of no division: first
		t.Errorf("%d people", len(everybody))
	}
	divisions, err := w.Divisions(ctx)
	check(t, err)
	if len(divisions) != 3 || divisions[0].Code != fixture.Office {
		t.Errorf("divisions %v", divisions)
	}
	_, err = w.Person(ctx, "nonsense")
	refused(t, err, proposal.NotFound)
	_, err = w.PersonByLogin(ctx, "nobody")
	refused(t, err, proposal.NotFound)
}

func TestAuthenticate(t *testing.T) {
	w := newWorld(t)
	ctx, login := t.Context(), string(proposal.Liaison)
	try := func(login, password, from string) store.Login {
		t.Helper()
		answer, err := w.Authenticate(ctx, login, password, from, "")
		check(t, err)
		return answer
	}
	if got := try(" LIAISON ", fixture.Password, "a"); got.Person == nil || got.Person.ID != w.ID(proposal.Liaison) {
		t.Errorf("got %+v", got)
	}
	for left := 4; left >= 0; left-- {
		got := try(login, "wrong", "a")
		if got.Person != nil || got.Left != left || got.Until.IsZero() != (left > 0) {
			t.Errorf("got %+v, want %d left", got, left)
		}
	}
	w.now = w.now.Add(14 * time.Minute)
	if got := try(login, fixture.Password, "a"); got.Person != nil || !got.Until.Equal(w.now.Add(time.Minute).Truncate(time.Microsecond)) {
		t.Errorf("it does not rest: %+v", got)
	}
	if got := try(login, fixture.Password, "b"); got.Person == nil {
		t.Error("a stranger locked the officer out")
	}
	w.now = w.now.Add(time.Minute)
	if got := try(login, fixture.Password, "a"); got.Person == nil {
		t.Errorf("it still rests: %+v", got)
	}
	if got := try(login, "wrong", "a"); got.Left != 4 {
		t.Errorf("got %+v, want a clean slate", got)
	}

	// Who does not exist, has no password or has left gets the same answers.
	noPassword := store.Person{Login: "nopassword", Name: store.Name{ZH: "无"}, Active: true}
	_, err := w.UpsertPerson(ctx, noPassword, "")
	check(t, err)
	gone := w.Bureau[proposal.Auditor]
	gone.Active = false
	_, err = w.UpsertPerson(ctx, gone, "")
	check(t, err)
	for _, login := range []string{"nobody", "nopassword", string(proposal.Auditor)} {
		for left := 4; left >= 0; left-- {
			if got := try(login, "", "a"); got.Person != nil || got.Left != left {
				t.Errorf("%s: got %+v", login, got)
			}
		}
		if got := try(login, fixture.Password, "a"); got.Person != nil || got.Until.IsZero() {
			t.Errorf("%s: got %+v", login, got)
		}
	}
	for _, login := range []string{"", "  ", "\xff", string(make([]byte, 201))} {
		if got := try(login, "x", "a"); got.Person != nil {
			t.Errorf("got %+v", got)
		}
	}
}

// Who tries passwords at the bureau's own address locks that address, for whatever logins, and nobody out of the browser that they
// have logged in with.
func TestStrangersAtTheSameAddress(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	try := func(login, password, browser string) store.Login {
		t.Helper()
		answer, err := w.Authenticate(ctx, login, password, "192.0.2.1", browser)
		check(t, err)
		return answer
	}
	liaison, handler := string(proposal.Liaison), string(proposal.Handler)
	browser, err := w.RememberBrowser(ctx, w.ID(proposal.Liaison), "made up")
	check(t, err)
	if browser == "" || browser == "made up" {
		t.Errorf("the browser chose its own secret: %q", browser)
	}
	for range 6 {
		try(liaison, "wrong", "")
	}
	if got := try(liaison, fixture.Password, ""); got.Person != nil {
		t.Error("the login does not rest where the tries came from")
	}
	if got := try(liaison, fixture.Password, browser); got.Person == nil || !got.Known {
		t.Errorf("a stranger at the same address locked the officer out: %+v", got)
	}
	for i := range 12 {
		for range 6 {
			try(fmt.Sprintf("nobody-%d", i), "wrong", "")
		}
	}
	if got := try(handler, fixture.Password, ""); got.Person != nil || got.Until.IsZero() {
		t.Errorf("one address may try any number of logins: %+v", got)
	}
	if got := try(handler, fixture.Password, browser); got.Person != nil {
		t.Error("another's browser is as good as one's own")
	}
	if got := try(liaison, fixture.Password, browser); got.Person == nil {
		t.Errorf("a stranger at the same address locked the officer out: %+v", got)
	}
	for left := 4; left >= 0; left-- {
		if got := try(liaison, "wrong", browser); got.Left != left {
			t.Errorf("%d tries left in the officer's browser, want %d", got.Left, left)
		}
	}
	again, err := w.RememberBrowser(ctx, w.ID(proposal.Handler), browser)
	check(t, err)
	if got := try(handler, fixture.Password, browser); again != browser || got.Person == nil || !got.Known {
		t.Errorf("the browser is not the next officer's: %+v", got)
	}
}

// Guesses made at the same time count like guesses made one after the other.
func TestThrottleUnderConcurrency(t *testing.T) {
	w := newWorld(t)
	answers := make([]store.Login, 12)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = w.Authenticate(t.Context(), "liaison", "wrong", "", ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	left := map[int]int{}
	for _, a := range answers {
		left[a.Left]++
	}
	if want := map[int]int{4: 1, 3: 1, 2: 1, 1: 1, 0: 8}; !cmp.Equal(left, want) {
		t.Errorf("tries left %v, want %v", left, want)
	}
}

func TestTokens(t *testing.T) {
	w := newWorld(t)
	ctx, me := t.Context(), w.ID(proposal.Supervisor)
	token, secret, err := w.CreateToken(ctx, me, "报表", w.now.Add(time.Hour))
	check(t, err)
	p, err := w.PersonByToken(ctx, secret)
	check(t, err)
	if p.ID != me || len(secret) < 30 {
		t.Errorf("got %+v for %q", p, secret)
	}
	if n := w.count(t, `select count(*) from api_tokens where sha256::text like '%' || $1 || '%' or name = $1`, secret); n != 0 {
		t.Error("the secret is kept")
	}
	if n := w.count(t, `select count(*) from api_tokens where id = $1 and last_used_at is not null and revoked_at is null`, token.ID); n != 1 {
		t.Error("it is not seen that the token is in use")
	}
	_, err = w.PersonByToken(ctx, secret+"x")
	refused(t, err, proposal.NotFound)

	_, short, err := w.CreateToken(ctx, me, "短期", w.now.Add(time.Minute))
	check(t, err)
	w.now = w.now.Add(time.Minute)
	_, err = w.PersonByToken(ctx, short)
	refused(t, err, proposal.NotFound)

	check(t, w.RevokeToken(ctx, token.ID))
	check(t, w.RevokeToken(ctx, token.ID))
	_, err = w.PersonByToken(ctx, secret)
	refused(t, err, proposal.NotFound)
	refused(t, w.RevokeToken(ctx, newID()), proposal.NotFound)

	_, secret, err = w.CreateToken(ctx, me, "x", w.now.Add(time.Hour))
	check(t, err)
	gone := w.Bureau[proposal.Supervisor]
	gone.Active = false
	_, err = w.UpsertPerson(ctx, gone, "")
	check(t, err)
	_, err = w.PersonByToken(ctx, secret)
	refused(t, err, proposal.NotFound)

	_, _, err = w.CreateToken(ctx, proposal.PersonID(newID()), "x", w.now.Add(time.Hour))
	refused(t, err, proposal.NotFound)
	_, _, err = w.CreateToken(ctx, me, "", w.now.Add(time.Hour))
	refused(t, err, proposal.InvalidInput)
	_, _, err = w.CreateToken(ctx, me, "x", w.now)
	refused(t, err, proposal.InvalidInput)
}

// Sessions survive a restart of the program; those that have run out are swept at the next login.
func TestSessionStore(t *testing.T) {
	w := newWorld(t)
	check(t, w.SessionStore().Commit("old", []byte("who"), w.now.Add(-time.Second)))
	check(t, w.SessionStore().Commit("token", []byte("who"), time.Now().Add(time.Hour)))
	_, err := w.Authenticate(t.Context(), "liaison", fixture.Password, "", "")
	check(t, err)
	if n := w.count(t, `select count(*) from sessions`); n != 1 {
		t.Errorf("%d sessions, want 1", n)
	}
	data, found, err := w.SessionStore().Find("token")
	if err != nil || !found || string(data) != "who" {
		t.Errorf("got %q, %v, %v", data, found, err)
	}
}
