package proposal

import "testing"

// The seal comes under a reply that is signed and numbered, by the liaison or who stands in for her.
func TestWhoSeals(t *testing.T) {
	standIn := Person{ID: "p-stand-in", Roles: []Role{Handler}, Covers: []Principal{{ID: liaison.ID, Roles: liaison.Roles}}}
	for stage, may := range map[Stage]bool{
		Drafting: false, SignOff: false, Numbering: false, Dispatching: true, Answered: true, Closing: true, Closed: true,
	} {
		c := at(t, stage)
		as, refusal := liaison.Seals(c.State)
		if (refusal == nil) != may || as != "" || !may && refusal.Code != NotInStage {
			t.Errorf("in %s: for %q, %v", stage, as, refusal)
		}
		if as, refusal := standIn.Seals(c.State); (refusal == nil) != may || may && as != liaison.ID {
			t.Errorf("in %s: the stand-in for %q, %v", stage, as, refusal)
		}
		for _, p := range []Person{handler, leaderInCharge} {
			if _, refusal := p.Seals(c.State); refusal == nil || may && refusal.Code != Forbidden {
				t.Errorf("in %s %s seals: %v", stage, p.ID, refusal)
			}
		}
	}
	taken := at(t, Dispatching).State
	taken.Stage = Withdrawn
	if _, refusal := liaison.Seals(taken); refusal == nil {
		t.Error("a reply to what was withdrawn")
	}
}
