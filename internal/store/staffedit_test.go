package store_test

import (
	"testing"

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
	all, err := w.StaffChanges(t.Context(), 1)
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
