package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// What is changed of the bureau itself is told with who did it, and a change that is altered, taken out or cut off is found.
func TestStaffChain(t *testing.T) {
	w := newWorld(t)
	person, err := w.Person(t.Context(), w.ID(proposal.Handler))
	check(t, err)
	for _, phone := range []string{"1", "2", "3"} {
		person.Phone = phone
		check(t, w.Edit(t.Context(), w.ID(proposal.Admin), func(e *store.Edit) error {
			_, err := e.SavePerson(t.Context(), person)
			return err
		}))
	}
	changes, broken, err := w.VerifyStaffChain(t.Context())
	if check(t, err); changes < 4 || broken != 0 {
		t.Fatalf("%d changes, broken at %d", changes, broken)
	}
	page, err := w.StaffChanges(t.Context(), store.ChangesOfBureau, "", 1)
	all := page.Items
	if check(t, err); len(all) != 1 || all[0].By.ZH != w.Bureau[proposal.Admin].Name.ZH || all[0].Was["phone"] != "2" || all[0].Now["phone"] != "3" {
		t.Errorf("the newest change is %+v", all)
	}
	for _, forged := range []struct {
		statement string
		broken    int
	}{
		{`update staff_events set now = now || '{"phone": "9"}' where no = $1`, changes - 1},
		{`update staff_events set by = null where no = $1`, changes - 1},
		{`delete from staff_events where no = $1`, changes - 1},
		{`delete from staff_events where no >= $1`, changes - 1},
	} {
		tx, err := w.sql.Begin(t.Context())
		check(t, err)
		for _, statement := range []string{`alter table staff_events disable trigger staff_events_append_only`} {
			_, err = tx.Exec(t.Context(), statement)
			check(t, err)
		}
		_, err = tx.Exec(t.Context(), forged.statement, changes-1)
		check(t, err)
		check(t, tx.Commit(t.Context()))
		_, broken, err := w.VerifyStaffChain(t.Context())
		if check(t, err); broken != forged.broken {
			t.Errorf("%s: broken at %d, want %d", forged.statement, broken, forged.broken)
		}
	}
}

// A division has a place from 1 to 999; one that is made without a place is the last.
func TestPlaceOfADivision(t *testing.T) {
	w := newWorld(t)
	save := func(name string, place int) error {
		return w.Edit(t.Context(), "", func(e *store.Edit) error {
			return e.SaveDivision(t.Context(), store.Division{Name: store.Name{ZH: name}, Sort: place})
		})
	}
	for _, place := range []int{-1, 1000} {
		if r := refused(t, save("财务科", place), proposal.InvalidInput); len(r.Fields) != 1 || r.Fields[0].Field != "sort" {
			t.Errorf("at %d: %+v", place, r)
		}
	}
	check(t, save("财务科", 998))
	check(t, save("规划科", 0))
	divisions, err := w.Divisions(t.Context())
	if check(t, err); divisions[len(divisions)-1].Name.ZH != "规划科" || divisions[len(divisions)-1].Sort != 999 {
		t.Errorf("%+v", divisions)
	}
}

// Every login, failure and logout, every new password and token is told in the same chain; what was typed is not.
func TestLoginsAreTold(t *testing.T) {
	w := newWorld(t)
	ctx, handler := t.Context(), w.ID(proposal.Handler)
	before, _, err := w.VerifyStaffChain(ctx)
	check(t, err)
	try := func(login, plain string) {
		t.Helper()
		_, err := w.Authenticate(ctx, login, plain, "192.0.2.7", "")
		check(t, err)
	}
	for range 7 { // two more than are looked at
		try("handler", "wrong")
	}
	try("a secret in the wrong field", "x")
	check(t, w.TellLogin(ctx, handler, store.CameIn, "192.0.2.8"))
	check(t, w.TellLogin(ctx, handler, store.WentOut, "192.0.2.8"))
	logins, err := w.StaffChanges(ctx, store.ChangesOfLogins, "", 100)
	check(t, err)
	var told []string
	for _, c := range logins.Items {
		told = append(told, c.Subject+" "+c.By.ZH+" "+c.Now["came"].(string)+" "+c.Now["from"].(string))
	}
	name := w.Bureau[proposal.Handler].Name.ZH
	wrong := name + "  wrong 192.0.2.7"
	want := []string{
		name + " " + name + " out 192.0.2.8", name + " " + name + " in 192.0.2.8", "  wrong 192.0.2.7", name + "  rests 192.0.2.7", wrong, wrong, wrong, wrong,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}

	token, secret, err := w.CreateToken(ctx, handler, "数据交换", w.now.Add(time.Hour))
	check(t, err)
	_, err = w.PersonByToken(ctx, secret) // a use is no change
	check(t, err)
	check(t, w.RevokeToken(ctx, token.ID))
	check(t, w.Edit(ctx, handler, func(e *store.Edit) error { return e.ChangePassword(ctx, handler, "一句只有本人知道的话") }))
	changes, err := w.StaffChanges(ctx, store.ChangesOfBureau, "", 3)
	check(t, err)
	every, err := w.StaffChanges(ctx, store.ChangesOfBureau, "", 500)
	check(t, err)
	var paged []store.StaffChange
	for page := (store.Page[store.StaffChange]{Next: ""}); len(paged) == 0 || page.Next != ""; paged = append(paged, page.Items...) {
		page, err = w.StaffChanges(ctx, store.ChangesOfBureau, page.Next, 2)
		check(t, err)
	}
	if !reflect.DeepEqual(paged, every.Items) {
		t.Errorf("by pages %+v, at once %+v", paged, every.Items)
	}
	if newest := every.Items[0]; w.count(t, `select no from staff_head where no = $1 and hash = $2`, newest.No, newest.Hash) != int(newest.No) {
		t.Errorf("the newest change is not the head of the chain: %+v", newest)
	}
	_, err = w.StaffChanges(ctx, store.ChangesOfBureau, "x", 2)
	refused(t, err, proposal.InvalidInput)
	for i, want := range []struct{ about, by string }{{"password", name}, {"token", ""}, {"token", ""}} {
		if c := changes.Items[i]; c.About != want.about || c.Subject != name || c.By.ZH != want.by {
			t.Errorf("told %+v, want %+v", c, want)
		}
	}
	if n := w.count(t, `select count(*) from staff_events e where e::text like '%secret in%' or e::text like '%argon2%'`); n != 0 {
		t.Errorf("a secret stands among the changes %d times", n)
	}
	after, broken, err := w.VerifyStaffChain(ctx)
	if check(t, err); broken != 0 || after != before+len(want)+3 {
		t.Errorf("%d changes after %d, broken at %d", after, before, broken)
	}
}
