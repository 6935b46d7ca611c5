package proposal

import "slices"

// MayComment reports whether the person may say something about the draft, in words of their own beside it: whoever sees all of
// the case and writes, reviews, countersigns or signs replies, while the reply is not signed. Who watches or files does not
// write into a review.
func (p Person) MayComment(s State) bool {
	if s.Stage != Drafting && !slices.Contains(underReview, s.Stage) || !p.SeesAll(s) {
		return false
	}
	writes := func(r Role) bool {
		return slices.Contains([]Role{DivisionHead, Handler, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, r)
	}
	named := func(r Strand) bool { return r.Kind == AddedReviewStrand && r.Person == p.ID }
	return slices.ContainsFunc(p.Roles, writes) || slices.ContainsFunc(s.Strands, named) ||
		slices.ContainsFunc(p.Covers, func(c Principal) bool { return c.Person().MayComment(s) })
}

// MaySettle reports whether the person may settle a comment: who made it, or who writes the reply.
func (p Person) MaySettle(s State, author PersonID) bool {
	_, covers := p.As(s.Handler)
	return p.ID == author || p.ID == s.Handler || covers
}
