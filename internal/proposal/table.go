package proposal

import "slices"

// Transition is one row of the table: who may do what in which stage, and where the case may go from there.
type Transition struct {
	Kind Kind
	From Stage
	To   []Stage // every stage the action may lead to; the input decides which
	Who  Actors
}

// Actors says who may do an action. The zero value is the system.
type Actors struct {
	Roles []Role // any of these
	Scope Scope
}

// Scope narrows a role to the people of this case.
type Scope string

const (
	Anyone     Scope = ""            // whoever holds the role
	InCharge   Scope = "in_charge"   // a deputy head whose field the lead division is in; the bureau head always
	OfDivision Scope = "of_division" // people of the lead division
	OfCase     Scope = "of_case"     // the handler of the case; a division head of the lead division may stand in
	HandlerOf  Scope = "handler_of"  // the handler of the case only
	SignerOf   Scope = "signer_of"   // whom the rule pack names (R7), in charge of the lead division
)

// Table is the process as data: what may follow what. The workflow says what happens at each step.
var Table = []Transition{
	{Register, Unregistered, []Stage{Registered}, Actors{[]Role{Liaison}, Anyone}},

	{ProposeAssignment, Registered, []Stage{Assigning}, Actors{[]Role{Liaison}, Anyone}},
	{ApproveAssignment, Assigning, []Stage{Accepting}, Actors{[]Role{DeputyHead, BureauHead}, InCharge}},
	{SendBack, Assigning, []Stage{Registered}, Actors{[]Role{DeputyHead, BureauHead}, InCharge}},
	{Accept, Accepting, []Stage{Consulting}, Actors{[]Role{DivisionHead}, OfDivision}},
	{Refuse, Accepting, []Stage{Registered}, Actors{[]Role{DivisionHead}, OfDivision}},

	{Contact, Consulting, []Stage{Consulting, Drafting}, Actors{[]Role{Handler, DivisionHead}, OfCase}},
	{Waive, Consulting, []Stage{Drafting}, Actors{[]Role{DivisionHead}, OfDivision}},

	{Submit, Drafting, []Stage{DivisionReview}, Actors{[]Role{Handler}, HandlerOf}},

	{PassReview, DivisionReview, []Stage{OfficeReview}, Actors{[]Role{DivisionHead}, OfDivision}},
	{SendBack, DivisionReview, []Stage{Consulting, Drafting}, Actors{[]Role{DivisionHead}, OfDivision}},
	{PassReview, OfficeReview, []Stage{OpennessReview}, Actors{[]Role{OfficeReviewer}, Anyone}},
	{SendBack, OfficeReview, []Stage{Consulting, Drafting, DivisionReview}, Actors{[]Role{OfficeReviewer}, Anyone}},
	{DecideOpenness, OpennessReview, []Stage{SignOff}, Actors{[]Role{OpennessReviewer}, Anyone}},
	{SendBack, OpennessReview, []Stage{Drafting, DivisionReview, OfficeReview}, Actors{[]Role{OpennessReviewer}, Anyone}},

	{Sign, SignOff, []Stage{Numbering}, Actors{[]Role{DeputyHead, BureauHead}, SignerOf}},
	{SendBack, SignOff, []Stage{Consulting, Drafting, DivisionReview, OfficeReview, OpennessReview}, Actors{[]Role{DeputyHead, BureauHead}, SignerOf}},

	{AssignNumber, Numbering, []Stage{Dispatching}, Actors{[]Role{Liaison}, Anyone}},
	{SendBack, Numbering, []Stage{Drafting, SignOff}, Actors{[]Role{Liaison}, Anyone}},
	{Dispatch, Dispatching, []Stage{Publishing, Closing}, Actors{[]Role{Liaison}, Anyone}},
	{Publish, Publishing, []Stage{Closing}, Actors{[]Role{Publisher}, Anyone}},
	{Close, Closing, []Stage{Closed}, Actors{[]Role{Liaison}, Anyone}},
}

// transition finds the row for the kind in the stage. A clock may ring in every stage of an open case and leaves the
// case where it is.
func transition(kind Kind, from Stage) (Transition, bool) {
	if kind == Ring && from != Unregistered && from != Closed {
		return Transition{Kind: Ring, From: from, To: []Stage{from}}, true
	}
	i := slices.IndexFunc(Table, func(t Transition) bool { return t.Kind == kind && t.From == from })
	if i < 0 {
		return Transition{}, false
	}
	return Table[i], true
}

// may reports nil if the person may do what the row allows, in this state; else why not.
func (w Actors) may(p Person, s State, pack *Pack) *Refusal {
	held := slices.DeleteFunc(slices.Clone(w.Roles), func(r Role) bool { return !p.Has(r) })
	if len(held) == 0 {
		return &Refusal{Code: Forbidden, Role: w.Roles[0]}
	}
	ours := p.Division != "" && p.Division == s.Lead
	inField := slices.Contains(held, BureauHead) || slices.Contains(p.Field, s.Lead)
	switch w.Scope {
	case OfDivision:
		if !ours {
			return &Refusal{Code: Forbidden, Role: DivisionHead}
		}
	case OfCase:
		if p.ID != s.Handler && !(ours && slices.Contains(held, DivisionHead)) {
			return &Refusal{Code: Forbidden, Role: Handler}
		}
	case HandlerOf:
		if p.ID != s.Handler {
			return &Refusal{Code: Forbidden, Role: Handler}
		}
	case InCharge:
		if !inField {
			return refuse(OutsideField)
		}
	case SignerOf:
		if signer := pack.SignerRole(s); !slices.Contains(held, signer) {
			return &Refusal{Code: WrongSigner, Role: signer}
		}
		if !inField {
			return refuse(OutsideField)
		}
	}
	return nil
}

// Offers lists what the person may do to the case now, in the order of the table. The page offers only this; Apply
// decides on locked facts with the same rules.
func Offers(s State, p Person, pack *Pack) []Transition {
	var offers []Transition
	for _, t := range Table {
		if t.From == s.Stage && t.Who.may(p, s, pack) == nil && separate(t.Kind, p.ID, s) == nil {
			offers = append(offers, t)
		}
	}
	return offers
}

// separate holds the four-person rule (domain §3): drafter, reviewer, signer and publisher of one reply differ.
func separate(kind Kind, by PersonID, s State) *Refusal {
	switch kind {
	case PassReview, DecideOpenness, Sign, Publish:
	default:
		return nil
	}
	signing := kind == Sign || kind == Publish
	switch {
	case by == s.Drafter || by == s.Handler:
		return refuse(OwnDraft)
	case signing && slices.Contains(s.reviewers(), by):
		return refuse(OwnReview)
	case kind == Publish && by == s.Signer:
		return refuse(OwnSignature)
	}
	return nil
}
