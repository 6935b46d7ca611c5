package proposal

import "slices"

// What becomes of a case when somebody has left, moved to another division, or lost a role (R21).

// apply puts what the person had back where it belongs: the case with the head of its division, who names another handler; a
// promise with the division that made it; an added review with those who may add one. What they did stands.
func (v *Vacancy) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	changed := false
	handles := func(d DivisionID) bool { return f.Named.Has(Handler) && f.Named.Division == d }
	if s.Handler == v.Person && !s.Stage.Ended() && !handles(s.Lead) {
		s.Handler, changed = "", true
	}
	for i := range s.Strands {
		r := &s.Strands[i]
		if r.Person != v.Person || r.Settled() {
			continue
		}
		if r.Kind == AddedReviewStrand && (f.Named.ID == "" || f.Named.outside()) || r.Kind == CommitmentStrand && !handles(r.Division) {
			r.Person, changed = "", true
		}
	}
	if !changed && len(v.Released(*s, f)) == 0 {
		return "", refuse(ClockNotDue)
	}
	if changed {
		s.Prior = nil // it would bring them back
	}
	return s.Stage, nil
}

// Released are the tasks that the person had taken and may take no more.
func (v *Vacancy) Released(s State, f Facts) []Task {
	return slices.DeleteFunc(TasksOf(s, f.Pack), func(t Task) bool {
		return f.Claims[t.Key()] != v.Person || f.Named.ID != "" && f.Named.MayTake(t)
	})
}

// vacated tell those to whom something of the case has come back.
func (v *Vacancy) vacated(before, next State, f Facts) []Notice {
	var notices []Notice
	tell := func(t Task) {
		notices = append(notices, Notice{Kind: NoticeVacant, Ask: t.Ask, Ref: t.Ref, Role: t.Role, Division: t.Division})
	}
	if before.Handler != next.Handler {
		t := Task{Role: DivisionHead, Division: next.Lead} // while the reply is with its reviewers nothing is to be done yet
		if asked, ok := taskOfStage(next, f.Pack); ok && asked.Ask == AskForHandler {
			t = asked
		}
		tell(t)
	}
	for _, r := range next.Strands {
		if old := before.Strand(r.Kind, r.Ref); old != nil && old.Person != r.Person {
			t, _ := taskOfStrand(r, next, f.Pack)
			if t.Role == Handler { // any of them may take it up, and their head sees to it
				t.Role = DivisionHead
			}
			tell(t)
		}
	}
	for _, t := range v.Released(next, f) {
		tell(t)
	}
	return notices
}

func (*ReviewerWithdrawal) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(AddedReviewStrand, a.strand).Status = StrandCancelled
	return s.Stage, nil
}
