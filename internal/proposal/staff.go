package proposal

import "slices"

// Staff are the people of the bureau who may act today, each with those whom they cover for. Who has left is not among them, and
// may be covered for all the same.
type Staff []Person

// Stuck reports that a case has no way on today (R21): a task of it that nobody of the staff can do, or neither a task nor a clock
// that will ring.
func (staff Staff) Stuck(s State, pack *Pack) bool {
	armed := slices.ContainsFunc(s.Clocks, Clock.Armed)
	return len(staff.Unmanned(s, pack)) > 0 || len(TasksOf(s, pack)) == 0 && !armed && !s.Finished()
}

// Unmanned are the tasks of a case that nobody of the staff can do today.
func (staff Staff) Unmanned(s State, pack *Pack) []Task {
	return slices.DeleteFunc(TasksOf(s, pack), func(t Task) bool {
		// Whoever is asked is looked at first: mostly one of them can.
		asked := func(p Person) bool { return (p.ID == t.Person || p.MayTake(t)) && p.canDo(t, s, pack) }
		return slices.ContainsFunc(staff, asked) || slices.ContainsFunc(staff, func(p Person) bool { return p.canDo(t, s, pack) })
	})
}

func (p Person) canDo(t Task, s State, pack *Pack) bool {
	return slices.ContainsFunc(Offers(s, p, pack), func(o Offer) bool { return o.does(t, s) })
}

// does reports whether taking the offer does what the task asks for. To send the case back, or to do without an answer, does not.
func (o Offer) does(t Task, s State) bool {
	switch {
	case t.Ask == AskForHandler:
		return o.Kind == Reassign
	case !o.Side:
		return t.Ask == AskOf(s.Stage) && o.Kind != SendBack && o.Kind != Refuse
	case o.Ref != t.Ref || slices.Contains(doingWithout, o.Kind) && t.Ask != AskToReplaceReviewer:
		return false
	}
	row, _ := sideStep(o.Kind)
	r := s.Strand(row.Strand, o.Ref)
	if r == nil {
		return false
	}
	ask, ok := askOfStrand(*r)
	return ok && ask == t.Ask
}

// doingWithout are the kinds that end the waiting for an answer.
var doingWithout = []Kind{WaiveOpinion, CancelOpinion, WithdrawReviewer}

// usesUp are the steps after which somebody may do one thing less in the case: write, review, sign and publish are four people's.
var usesUp = []Kind{
	Accept, Reassign, Submit, PassReview, DecideOpenness, SendBack, Sign, CountersignDraft, AddReviewer, PassAddedReview, HandOver,
}

// leavesNobody refuses a step after which a later one has nobody left who could do it. What was so before is not the step's doing.
func leavesNobody(before, next State, a Action, f Facts) *Refusal {
	in, back := a.Input.(*SendingBack)
	if !slices.Contains(usesUp, a.Kind) || back && in.Edited == nil {
		return nil
	}
	if a.Kind == PassAddedReview { // who was asked may still be done without
		before.Strands = slices.DeleteFunc(slices.Clone(before.Strands), func(r Strand) bool { return r.Kind == AddedReviewStrand && r.Ref == a.strand })
	}
	return newlyMissing(f.Staff.Missing(before, f.Pack), f.Staff.Missing(next, f.Pack))
}

// LeftBy refuses a writer of the reply if then nobody would be left to review, sign or publish it, which its writers may not
// (R21). It returns nil if there is somebody.
func (staff Staff) LeftBy(s State, writer PersonID, pack *Pack) *Refusal {
	with := s
	with.Writers = append(slices.Clone(s.Writers), writer)
	return newlyMissing(staff.Missing(s, pack), staff.Missing(with, pack))
}

func newlyMissing(was, is []Role) *Refusal {
	for _, role := range is {
		if !slices.Contains(was, role) {
			return &Refusal{Code: NobodyLeft, Role: role}
		}
	}
	return nil
}

// Missing are the roles for which nobody is left, of those that the reply has still to pass: reviewers, a signer and a publisher,
// all different, none of whom wrote it.
func (staff Staff) Missing(s State, pack *Pack) []Role {
	if s.Lead == "" || s.Handling == ReadingOnly || s.Stage.Ended() || s.Stage.Before(Accepting) {
		return nil
	}
	var missing []Role
	authors := append(slices.Clone(s.Writers), s.Drafter, s.Handler)
	var reviews []part
	for _, step := range s.reviewsAhead(pack) {
		if step.hands = staff.hands(step, s, pack, authors); len(step.hands) == 0 {
			missing = append(missing, step.who.Roles[0])
			continue
		}
		reviews = append(reviews, step)
	}
	taken := append(authors, s.reviewers()...)
	for _, r := range s.StrandsOf(AddedReviewStrand) {
		if r.Status == StrandAsked {
			taken = append(taken, r.Person)
		}
	}
	// One who takes every part that is to come and one for each review, all apart.
	apart := func(chosen ...hand) bool {
		return !slices.ContainsFunc(reviews, func(step part) bool {
			return !slices.ContainsFunc(step.hands, func(h hand) bool { return !slices.ContainsFunc(chosen, h.shares) })
		})
	}
	signers := []hand{{s.Signer}}
	if s.Signer == "" {
		signers = slices.DeleteFunc(staff.hands(part{who: bySigner}, s, pack, taken), func(h hand) bool { return !apart(h) })
		if len(signers) == 0 {
			missing = append(missing, pack.SignerRole(s))
			signers = []hand{nil}
		}
	}
	if s.Handling == CoHandling || s.Secrecy || s.Openness == ClosedReply || !s.PublishedOn.IsZero() {
		return missing
	}
	publishers := staff.hands(part{who: byPublisher}, s, pack, taken)
	able := slices.ContainsFunc(publishers, func(p hand) bool {
		return slices.ContainsFunc(signers, func(signer hand) bool { return !p.shares(signer) && apart(signer, p) })
	})
	if !able {
		missing = append(missing, Publisher)
	}
	return missing
}

// part is one thing that somebody has still to do to the reply.
type part struct {
	who    Actors
	strand *Strand
	hands  []hand
}

// hand is somebody who could do it: one person, or one who covers and the one covered for, since neither may do another part.
type hand []PersonID

func (h hand) shares(other hand) bool {
	return slices.ContainsFunc(h, func(id PersonID) bool { return id != "" && slices.Contains(other, id) })
}

// hands are all who could do the part and are none of those who may not.
func (staff Staff) hands(step part, s State, pack *Pack, not []PersonID) []hand {
	var able []hand
	add := func(as Person, h hand) {
		if step.who.may(as, s, step.strand, pack) == nil && !h.shares(not) {
			able = append(able, h)
		}
	}
	for _, p := range staff {
		add(p, hand{p.ID})
		for _, principal := range p.Covers {
			add(principal.Person(), hand{p.ID, principal.ID})
		}
	}
	return able
}

// reviewsAhead are the reviews that the reply has still to pass. Who was added by name is asked for nobody else.
func (s State) reviewsAhead(pack *Pack) []part {
	if !s.Stage.Before(Numbering) {
		return nil
	}
	var ahead []part
	passed := func(stage Stage) bool {
		return slices.ContainsFunc(s.Passed, func(p PassedReview) bool { return p.Stage == stage })
	}
	for _, stage := range pack.Chain(s) {
		if passed(stage) {
			continue
		}
		for _, row := range Table {
			if row.From == stage && row.Kind != SendBack {
				ahead = append(ahead, part{who: row.Who})
			}
		}
	}
	for _, r := range s.StrandsOf(CountersignStrand) {
		if r.Status == StrandAsked {
			ahead = append(ahead, part{who: byUnitHead, strand: &r})
		}
	}
	if pack.CoHandling.Countersign && !passed(DivisionReview) {
		for _, d := range s.CoHandling {
			ahead = append(ahead, part{who: byUnitHead, strand: &Strand{Kind: CountersignStrand, Division: d}})
		}
	}
	return ahead
}
