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

// HandsOver reports whether what is somebody's by the key may go to somebody else. An added review is asked for by name: whoever asked
// for it asks anew.
func (k TaskKey) HandsOver() bool { return k.Ask != AskForAddedReview }

// apply gives what the person has to whoever takes over, if the rules let them have it.
func (h *Handover) apply(s *State, _ Action, f Facts) (Stage, *Refusal) {
	if refusal := h.give(s, f); refusal != nil {
		return "", refusal
	}
	return s.Stage, nil
}

func (h *Handover) give(s *State, f Facts) *Refusal {
	takes := func(d DivisionID) bool { return f.Named.ID == h.To && f.Named.Has(Handler) && f.Named.Division == d }
	switch promise := s.Strand(CommitmentStrand, h.Task.Ref); {
	case h.Task == TaskKey{Ask: AskForHandler}:
		switch {
		case s.Handler != h.From || s.Stage.Ended():
			return s.acted(NotInStage)
		case !takes(s.Lead):
			return wrongField("to", NotInBureau)
		case s.reviewedBy(h.To):
			return wrongField("to", HandlerReviewsIt)
		}
		s.Handler = h.To
	case promise != nil && (h.Task.Ask == AskToKeepPromise || h.Task.Ask == AskToReplyAgain):
		switch {
		case promise.Person != h.From || promise.Settled():
			return s.acted(NotInStage)
		case !takes(promise.Division):
			return wrongField("to", NotInBureau)
		}
		promise.Person = h.To
	default:
		t, open := findTask(*s, h.Task, f.Pack)
		switch {
		case !open || f.Claims[h.Task] != h.From:
			return s.acted(NotInStage)
		case f.Named.ID != h.To || !f.Named.MayTake(t):
			return wrongField("to", NotInBureau)
		}
		return nil
	}
	s.Prior = nil // it would bring them back
	return nil
}

// Claimed reports whether what goes over is a task that the person had claimed.
func (h *Handover) Claimed(f Facts) bool { return f.Claims[h.Task] == h.From }

// told is whoever takes over.
func (h *Handover) told() []Notice {
	n := Notice{Kind: NoticeVacant, Ask: h.Task.Ask, Ref: h.Task.Ref, Person: h.To}
	if h.Task.Ask == AskForHandler { // the case goes over, whatever it waits for
		n.Ask = ""
	}
	return []Notice{n}
}

// reviewedBy reports whether the person has reviewed the reply, or was asked to by name.
func (s State) reviewedBy(p PersonID) bool {
	asked := s.Strand(AddedReviewStrand, string(p))
	return asked != nil && asked.Status != StrandCancelled || slices.Contains(s.reviewers(), p)
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
