package proposal

import "slices"

// Who may cover for whom (代理, R22). What goes over is decided role by role: a signer's right goes to another leader only, nothing
// goes over between the bureau and the assembly, and whoever watches, audits or administers takes no part in a case.

// coveredBy are the roles of which a cover must hold one, by the role that is covered.
var coveredBy = map[Role][]Role{
	Liaison:          {Liaison, OfficeReviewer, LegalReviewer, OpennessReviewer, Handler, DivisionHead},
	Handler:          {Handler, DivisionHead},
	DivisionHead:     {DivisionHead, Handler, LeaderInCharge, BureauHead},
	OfficeReviewer:   {OfficeReviewer, LegalReviewer, OpennessReviewer, Liaison, DivisionHead},
	LegalReviewer:    {LegalReviewer, OfficeReviewer, OpennessReviewer, DivisionHead},
	OpennessReviewer: {OpennessReviewer, OfficeReviewer, LegalReviewer, DivisionHead},
	LeaderInCharge:   {LeaderInCharge, BureauHead},
	BureauHead:       {BureauHead, LeaderInCharge},
	Publisher:        {Publisher, Liaison, OfficeReviewer, Handler, DivisionHead},
	Supervisor:       {Supervisor},
	Auditor:          {Auditor},
	Admin:            {Admin},
	Assembly:         {Assembly},
}

// Passes are the roles that go over when the other covers for this one; none: the other may not cover.
func (p Principal) Passes(to Person) []Role {
	if p.ID == to.ID || p.Person().outside() != to.outside() {
		return nil
	}
	takes := to.TakesOver()
	return slices.DeleteFunc(slices.Clone(p.Roles), func(r Role) bool { return !slices.Contains(takes, r) })
}

// TakesOver are the roles that go over to the person from whomever they cover for.
func (p Person) TakesOver() []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !slices.ContainsFunc(coveredBy[r], p.Has) })
}

// Covering is the person with those of the principals whom they may cover for, each with what goes over.
func (p Person) Covering(principals []Principal) Person {
	p.Covers = nil
	for _, principal := range principals {
		if principal.Roles = principal.Passes(p); len(principal.Roles) > 0 {
			p.Covers = append(p.Covers, principal)
		}
	}
	return p
}

// keeps reports whether the person keeps the list of who covers for whom.
func (p Person) keeps() bool { return p.Has(Liaison) || p.Has(Admin) }

// MayArrangeCover returns nil if the person may enter who covers for the principal: the principal, or a keeper of the list, but
// nobody for themselves.
func (p Person) MayArrangeCover(principal, cover PersonID) *Refusal {
	switch {
	case p.ID != principal && !p.keeps():
		return &Refusal{Code: Forbidden, Role: Liaison}
	case p.ID == cover:
		return wrongField("proxy", PersonItself)
	}
	return nil
}

// MayConfirmCover returns nil if the person may put a cover that another entered into force: the one who is covered, or a keeper
// who neither entered it nor is the cover.
func (p Person) MayConfirmCover(principal, cover, enteredBy PersonID) *Refusal {
	switch {
	case p.ID == principal:
		return nil
	case !p.keeps():
		return &Refusal{Code: Forbidden, Role: Liaison}
	case p.ID == enteredBy || p.ID == cover:
		return refuse(SecondPerson)
	}
	return nil
}
