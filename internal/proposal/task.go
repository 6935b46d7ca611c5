package proposal

import "slices"

// Task is what a stage asks of whom. Each stage of an open case asks one thing; the record opens and closes the task row in
// the transaction that moves the case.
type Task struct {
	Stage    Stage      `json:"stage"`
	Role     Role       `json:"role"`
	Division DivisionID `json:"division,omitempty"` // whose people the task is for; empty: the whole bureau's
	Person   PersonID   `json:"person,omitempty"`   // whose it is by name; empty: claimable by the role
}

// TaskOf is the task that a state asks for; false once the case is closed.
func TaskOf(s State, pack *Pack) (Task, bool) {
	t := Task{Stage: s.Stage}
	switch s.Stage {
	case Registered, Numbering, Dispatching, Closing:
		t.Role = Liaison
	case Assigning:
		t.Role, t.Division = DeputyHead, s.Lead
	case Accepting, DivisionReview:
		t.Role, t.Division = DivisionHead, s.Lead
	case Consulting, Drafting:
		t.Role, t.Division, t.Person = Handler, s.Lead, s.Handler
	case OfficeReview:
		t.Role = OfficeReviewer
	case OpennessReview:
		t.Role = OpennessReviewer
	case SignOff:
		t.Role, t.Division = pack.SignerRole(s), s.Lead
	case Publishing:
		t.Role = Publisher
	default:
		return Task{}, false
	}
	return t, true
}

// MayClaim reports whether the person may take the task: it is nobody's by name and the person holds the role, in the
// division or field it belongs to. The four-person rule is Apply's.
func (t Task) MayClaim(p Person) bool {
	if t.Person != "" || !p.Has(t.Role) {
		return false
	}
	switch t.Role {
	case DivisionHead, Handler:
		return p.Division == t.Division
	case DeputyHead:
		return slices.Contains(p.Field, t.Division)
	}
	return true
}

// MayRelease reports whether the person may put back a task that claimant took: the claimant, or the liaison, so that
// nobody's absence parks a case.
func MayRelease(p Person, claimant PersonID) bool {
	return p.ID == claimant || p.Has(Liaison)
}
