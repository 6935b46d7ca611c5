package proposal

import (
	"cmp"
	"slices"
)

// What becomes of a case when a division is closed and another takes over what it had (处室撤并).

// Holds reports whether a division has something to do with what is still open of a case.
func (s State) Holds(d DivisionID) bool {
	return !s.Stage.Ended() && (s.Lead == d || slices.Contains(s.CoHandling, d)) ||
		slices.ContainsFunc(s.Strands, func(r Strand) bool { return r.Division == d && !r.Settled() })
}

// LetterLead is the lead division that the reply names: once it is signed, the one of that day.
func (s State) LetterLead() DivisionID {
	if s.SignedOn.IsZero() {
		return s.Lead
	}
	return cmp.Or(s.SignedLead, s.Lead) // signed before it was kept
}

// apply puts one division in the place of another, wherever that has something to do. Whose the case is by name stays so: who moves with
// the division goes on with it.
func (r *Regrouping) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch {
	case r.Back && f.Before.Stage == s.Stage && f.Before.Last.Seq == s.Last.Seq:
		*s = f.Before.withBellsOf(*s)
		return s.Stage, nil
	case r.Back:
		return "", refuse(NotUndoable)
	case r.From == r.To || !slices.Contains(f.Divisions, r.To):
		return "", wrongField("to", NotInBureau)
	case !s.Holds(r.From):
		return "", s.acted(NotInStage)
	}
	if !s.Stage.Ended() {
		if s.Lead == r.From {
			s.Lead, s.CoHandled = r.To, s.CoHandled || slices.Contains(s.CoHandling, r.To)
		}
		var with []DivisionID
		for _, d := range s.CoHandling {
			if d == r.From {
				d = r.To
			}
			if d != s.Lead && !slices.Contains(with, d) {
				with = append(with, d)
			}
		}
		s.CoHandling = with
	}
	for i := range s.Strands {
		strand := &s.Strands[i]
		if strand.Settled() {
			continue
		}
		if strand.Division == r.From {
			strand.Division = r.To
		}
		if strand.Division == s.Lead && (strand.Kind == OpinionStrand || strand.Kind == CountersignStrand) { // nobody asks themselves
			strand.Status = StrandCancelled
			s.drop(strand.Kind, strand.Ref)
		}
	}
	s.Prior = nil // it would bring the closed division back
	return s.Stage, nil
}
