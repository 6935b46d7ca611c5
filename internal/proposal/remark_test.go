package proposal

import "testing"

func TestMayComment(t *testing.T) {
	s := State{Stage: OfficeReview, Lead: "jiceng", Handler: "h", CoHandling: []DivisionID{"yanglao"}}
	for _, c := range []struct {
		p    Person
		want bool
	}{
		{Person{ID: "h", Roles: []Role{Handler}, Division: "jiceng"}, true},
		{Person{ID: "x", Roles: []Role{Handler}, Division: "ertong"}, false},
		{Person{ID: "y", Roles: []Role{DivisionHead}, Division: "yanglao"}, true},
		{Person{ID: "o", Roles: []Role{OfficeReviewer}}, true},
		{Person{ID: "s", Roles: []Role{Supervisor}}, false},
		{Person{ID: "p", Roles: []Role{Publisher}}, false},
		{Person{ID: "d", Roles: []Role{LeaderInCharge}, Field: []DivisionID{"jiceng"}}, true},
		{Person{ID: "c", Roles: []Role{Supervisor}, Covers: []Principal{{ID: "o", Roles: []Role{OfficeReviewer}}}}, true},
	} {
		if got := c.p.MayComment(s); got != c.want {
			t.Errorf("%s may comment: %v", c.p.ID, got)
		}
		signed := s
		signed.Stage = Numbering
		if c.p.MayComment(signed) {
			t.Errorf("%s may comment on a signed reply", c.p.ID)
		}
	}
	if p := (Person{ID: "o"}); !p.MaySettle(s, "o") || p.MaySettle(s, "z") || !(Person{ID: "h"}).MaySettle(s, "z") {
		t.Error("a comment is settled by who made it or who writes the reply")
	}
}
