package store_test

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

const issuer = "https://id.example"

// arrives has somebody come in by the provider, who is in the groups; nil: the provider says nothing of groups.
func (w *world) arrives(t *testing.T, subject, username string, groups []string) (store.Person, store.LoginEvent) {
	t.Helper()
	p, what, err := w.EnterByProvider(t.Context(), identity.Provided{
		Issuer: issuer, Subject: subject, Username: username, Name: "新人", Groups: groups, Grouped: groups != nil,
	}, "192.0.2.1")
	check(t, err)
	return p, what
}

// expects says that whoever has the role comes in under the name.
func (w *world) expects(t *testing.T, role proposal.Role, username string) error {
	t.Helper()
	return w.Edit(t.Context(), w.ID(proposal.Admin), func(e *store.Edit) error { return e.ExpectAtProvider(t.Context(), w.ID(role), username) })
}

// takes says what the bureau takes from the provider.
func (w *world) takes(t *testing.T, login proposal.Login) {
	t.Helper()
	b, err := w.Store.Bureau(t.Context(), calendar.Date{})
	check(t, err)
	b.Login = login
	check(t, w.SaveBureau(t.Context(), w.ID(proposal.Admin), b))
}

// changed is what the newest changes tell of logins or of the provider, the newest first.
func (w *world) changed(t *testing.T, of store.ChangesOf, key string) (all []string) {
	t.Helper()
	changes, err := w.StaffChanges(t.Context(), of, "", 50)
	check(t, err)
	for _, c := range changes.Items {
		if v, ok := c.Now[key].(string); ok {
			all = append(all, v)
		}
	}
	return all
}

// A name that an administrator expects counts once; then it is the subject that says who comes, whatever they are called, and nobody else comes in under the name.
func TestWhoIsExpectedAtTheProvider(t *testing.T) {
	w := newWorld(t)
	check(t, w.expects(t, proposal.Handler, "zhangqiong"))
	refused(t, w.expects(t, proposal.Liaison, "zhangqiong"), proposal.InvalidInput) // expected of another
	check(t, w.expects(t, proposal.Handler, "zhang.qiong"))                         // mistyped before

	before, err := w.Person(t.Context(), w.ID(proposal.Handler))
	check(t, err)
	if _, what := w.arrives(t, "1", "zhangqiong", nil); what != store.NotThere {
		t.Errorf("under a name that is not expected any more: %s", what)
	}
	if p, what := w.arrives(t, "1", "zhang.qiong", nil); what != store.CameIn || p.ID != w.ID(proposal.Handler) {
		t.Errorf("who is expected: %s, %s", p.ID, what)
	} else if p.PasswordMark == before.PasswordMark || !p.AtProvider {
		t.Error("sessions of before go on with the link")
	}
	if p, what := w.arrives(t, "1", "zq", nil); what != store.CameIn || p.ID != w.ID(proposal.Handler) {
		t.Errorf("called otherwise: %s, %s", p.ID, what)
	}
	for _, name := range []string{"zhang.qiong", "zq", ""} {
		if _, what := w.arrives(t, "2", name, nil); what != store.NotThere {
			t.Errorf("another one called %q: %s", name, what)
		}
	}
	if !slices.Contains(w.changed(t, store.ChangesOfBureau, "did"), "linked") {
		t.Errorf("told: %q", w.changed(t, store.ChangesOfBureau, "did"))
	}
	// Somebody who has come in gets no other name, but the link can be taken away, and with it their sessions.
	refused(t, w.expects(t, proposal.Handler, "other"), proposal.NotFound)
	check(t, w.expects(t, proposal.Handler, ""))
	refused(t, w.expects(t, proposal.Handler, ""), proposal.NotFound)
	if p, err := w.Person(t.Context(), w.ID(proposal.Handler)); err != nil || p.AtProvider || p.PasswordMark != before.PasswordMark {
		t.Errorf("after the link was taken away: %+v, %v", p, err)
	}
	if _, what := w.arrives(t, "1", "zq", nil); what != store.NotThere {
		t.Errorf("after the link was taken away: %s", what)
	}

	// Who has left is not expected, and does not come in.
	check(t, w.expects(t, proposal.Publisher, "gone"))
	publisher := w.Bureau[proposal.Publisher]
	publisher.Active = false
	_, err = w.UpsertPerson(t.Context(), publisher, "")
	check(t, err)
	if _, what := w.arrives(t, "3", "gone", nil); what != store.NotThere {
		t.Errorf("who has left: %s", what)
	}
	check(t, w.expects(t, proposal.Liaison, "li"))
	w.arrives(t, "4", "li", nil)
	liaison := w.Bureau[proposal.Liaison]
	liaison.Active = false
	_, err = w.UpsertPerson(t.Context(), liaison, "")
	check(t, err)
	if p, what := w.arrives(t, "4", "li", nil); what != store.HasLeft || p.ID != w.ID(proposal.Liaison) {
		t.Errorf("who came in once and has left: %s, %s", p.ID, what)
	}
	if got := w.changed(t, store.ChangesOfLogins, "came"); got[0] != "left" {
		t.Errorf("told: %q", got)
	}
	w.holds(t)
}

// holds reports a chain of changes that does not hold.
func (w *world) holds(t *testing.T) {
	t.Helper()
	if _, broken, err := w.VerifyStaffChain(t.Context()); err != nil || broken != 0 {
		t.Errorf("the chain of changes breaks at %d, %v", broken, err)
	}
}

// Where the bureau says so, roles and division follow the groups of the provider at each login; what it does not say changes nothing.
func TestRolesFollowGroups(t *testing.T) {
	w := newWorld(t)
	w.takes(t, proposal.Login{Groups: []proposal.GroupRoles{
		{Group: "heads", Roles: []proposal.Role{proposal.DivisionHead}, Division: fixture.Other},
		{Group: "handlers", Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading},
		{Group: "auditors", Roles: []proposal.Role{proposal.Auditor}},
		{Group: "leaders", Roles: []proposal.Role{proposal.LeaderInCharge}},
	}})
	check(t, w.expects(t, proposal.Handler, "zhang"))
	now := func() store.Person {
		t.Helper()
		p, err := w.Person(t.Context(), w.ID(proposal.Handler))
		check(t, err)
		return p
	}
	for _, test := range []struct {
		name     string
		groups   []string
		what     store.LoginEvent
		roles    []proposal.Role
		division proposal.DivisionID
	}{
		{"as it was", []string{"handlers", "of others"}, store.CameIn, []proposal.Role{proposal.Handler}, fixture.Leading},
		{"not said", nil, store.NoGroups, []proposal.Role{proposal.Handler}, fixture.Leading},
		{"of two the first that the bureau has put names the division", []string{"handlers", "heads"}, store.CameIn, []proposal.Role{proposal.DivisionHead, proposal.Handler}, fixture.Other},
		{"no division named: it stays", []string{"auditors"}, store.CameIn, []proposal.Role{proposal.Auditor}, fixture.Other},
		{"a leader in charge of nothing", []string{"leaders"}, store.GroupsMisfit, []proposal.Role{proposal.Auditor}, fixture.Other},
	} {
		if _, what := w.arrives(t, "1", "zhang", test.groups); what != test.what {
			t.Errorf("%s: %s", test.name, what)
		}
		p := now()
		slices.Sort(p.Roles)
		slices.Sort(test.roles)
		if !slices.Equal(p.Roles, test.roles) || p.Division != test.division || !p.Active {
			t.Errorf("%s: %v in %s, active %v", test.name, p.Roles, p.Division, p.Active)
		}
	}
	// Who is in none any more is closed; being in one again does not open the account, an administrator does.
	if _, what := w.arrives(t, "1", "zhang", []string{"of others"}); what != store.OutOfGroups || now().Active {
		t.Errorf("in no group: %s, active %v", what, now().Active)
	}
	if _, what := w.arrives(t, "1", "zhang", []string{"handlers"}); what != store.HasLeft || now().Active {
		t.Errorf("in a group again: %s, active %v", what, now().Active)
	}
	// The last administrator is not let in, is told why, and stays one.
	check(t, w.expects(t, proposal.Admin, "root"))
	for _, groups := range [][]string{{}, {"auditors"}} {
		_, what := w.arrives(t, "2", "root", groups)
		p, err := w.Person(t.Context(), w.ID(proposal.Admin))
		if check(t, err); what != store.LastStays || !p.Active || !p.Has(proposal.Admin) {
			t.Errorf("the last administrator, in %q: %s, %+v", groups, what, p)
		}
	}
	if got := w.changed(t, store.ChangesOfBureau, "did"); !slices.Contains(got, "followed") || !slices.Contains(got, "closed") {
		t.Errorf("told: %q", got)
	}
	w.holds(t)
}

// An account is made of groups only where the bureau says so, and nobody gets one that is there.
func TestAccountsOfGroups(t *testing.T) {
	w := newWorld(t)
	groups := []proposal.GroupRoles{
		{Group: "handlers", Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading}, {Group: "nowhere", Roles: []proposal.Role{proposal.Handler}},
	}
	w.takes(t, proposal.Login{Groups: groups})
	if _, what := w.arrives(t, "1", "new", []string{"handlers"}); what != store.NotThere {
		t.Errorf("where none is made: %s", what)
	}
	w.takes(t, proposal.Login{Groups: groups, MakesAccounts: true})
	taken := w.Bureau[proposal.Liaison].Login
	for name, test := range map[string]struct {
		username string
		groups   []string
		what     store.LoginEvent
	}{
		"groups not said": {"new", nil, store.NoGroups}, "in no group": {"new", []string{"of others"}, store.NotThere},
		"called as somebody here": {taken, []string{"handlers"}, store.GroupsMisfit}, "called nothing": {"", []string{"handlers"}, store.GroupsMisfit},
		"a handler of no division": {"new", []string{"nowhere"}, store.GroupsMisfit},
	} {
		if p, what := w.arrives(t, "1", test.username, test.groups); what != test.what || p.ID != "" && p.Name.ZH != "" {
			t.Errorf("%s: %s as %+v", name, what, p)
		}
	}
	p, what := w.arrives(t, "1", "new", []string{"handlers"})
	if what != store.CameIn || p.Login != "new" || p.Name.ZH != "新人" || !p.Has(proposal.Handler) || p.Division != fixture.Leading || p.HasPassword {
		t.Fatalf("%s as %+v", what, p)
	}
	if again, what := w.arrives(t, "1", "new", []string{"handlers"}); what != store.CameIn || again.ID != p.ID {
		t.Errorf("the second time: %s as %s", what, again.ID)
	}
	changes, err := w.StaffChanges(t.Context(), store.ChangesOfBureau, "", 1)
	if check(t, err); changes.Items[0].Now["did"] != "made" || changes.Items[0].By.ZH != "新人" {
		t.Errorf("told: %+v", changes.Items[0])
	}
	// Two presses at once make one account.
	arrived := make(chan proposal.PersonID)
	for range 2 {
		go func() {
			p, _, err := w.EnterByProvider(t.Context(), identity.Provided{Issuer: issuer, Subject: "9", Username: "twice", Groups: []string{"handlers"}, Grouped: true}, "")
			if err != nil {
				t.Error(err)
			}
			arrived <- p.ID
		}()
	}
	if one, other := <-arrived, <-arrived; one == "" || one != other {
		t.Errorf("at once come %q and %q", one, other)
	}
	w.holds(t)
}

// A link that somebody makes themselves is to an account there that is nobody's, and of somebody who has none.
func TestLinkAtProvider(t *testing.T) {
	w := newWorld(t)
	link := func(role proposal.Role, subject string) bool {
		t.Helper()
		linked, err := w.LinkAtProvider(t.Context(), w.ID(role), identity.Provided{Issuer: issuer, Subject: subject, Username: "n" + subject})
		check(t, err)
		return linked
	}
	if !link(proposal.Handler, "1") || link(proposal.Liaison, "1") || link(proposal.Handler, "2") {
		t.Error("linked otherwise than once")
	}
	if who, err := w.PersonAtProvider(t.Context(), identity.Provided{Issuer: issuer, Subject: "1"}); err != nil || who != w.ID(proposal.Handler) {
		t.Errorf("1 is %s, %v", who, err)
	}
	if who, err := w.PersonAtProvider(t.Context(), identity.Provided{Issuer: "https://other.example", Subject: "1"}); err != nil || who != "" {
		t.Errorf("1 of another provider is %s, %v", who, err)
	}
}

// Strangers do not fill the record: of one name, from one address, a few are told. Of somebody here all are.
func TestStrangersAtTheProviderAreToldOfAFewTimes(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		check(t, w.TellAtProvider(t.Context(), "", store.NotConfirmed, "", "192.0.2.1"))
		check(t, w.TellAtProvider(t.Context(), w.ID(proposal.Handler), store.NotConfirmed, "", "192.0.2.1"))
	}
	check(t, w.TellAtProvider(t.Context(), "", store.NotThere, "new", "192.0.2.1"))
	if got := len(w.changed(t, store.ChangesOfLogins, "came")); got != 5+20+1 {
		t.Errorf("%d are told", got)
	}
	if l, err := w.Authenticate(t.Context(), w.Bureau[proposal.Handler].Login, fixture.Password, "192.0.2.1", ""); err != nil || l.Person == nil {
		t.Errorf("a password from the same address: %+v, %v", l, err)
	}
}

// Where the bureau says so, passwords let in administrators alone.
func TestPasswordsOfAdministratorsAlone(t *testing.T) {
	w := newWorld(t)
	w.takes(t, proposal.Login{NoPasswords: true})
	for role, in := range map[proposal.Role]bool{proposal.Admin: true, proposal.Handler: false} {
		l, err := w.Authenticate(t.Context(), w.Bureau[role].Login, fixture.Password, "", "")
		if check(t, err); (l.Person != nil) != in {
			t.Errorf("%s: let in %v", role, l.Person != nil)
		}
	}
}
