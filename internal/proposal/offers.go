package proposal

import "slices"

// transition finds the row for the kind in the stage.
func transition(kind Kind, from Stage) (Transition, bool) {
	if slices.Contains(bySystem, kind) && from != Unregistered {
		return Transition{Kind: kind, From: from, To: []Stage{from}}, true
	}
	i := slices.IndexFunc(Table, func(t Transition) bool { return t.Kind == kind && t.From == from })
	if i < 0 {
		return Transition{}, false
	}
	return Table[i], true
}

// sideStep finds the row for a kind that happens beside the main way.
func sideStep(kind Kind) (SideStep, bool) {
	i := slices.IndexFunc(SideTable, func(t SideStep) bool { return t.Kind == kind })
	if i < 0 {
		return SideStep{}, false
	}
	return SideTable[i], true
}

// fits reports whether the main way stands where the row allows it. Commitments are kept up after the end.
func (t SideStep) fits(s State) bool {
	switch {
	case s.Stage == Unregistered:
		return false
	case t.During != nil:
		return slices.Contains(t.During, s.Stage)
	default:
		return !s.Stage.Ended() || t.Strand == CommitmentStrand
	}
}

// may reports nil if the person may do what the row allows, in this state; else why not. r is the strand that the action is
// about, nil if there is none.
func (w Actors) may(p Person, s State, r *Strand, pack *Pack) *Refusal {
	if w.Scope == NamedOnly {
		if r == nil || r.Person != p.ID {
			return &Refusal{Code: Forbidden}
		}
		return nil
	}
	held := slices.DeleteFunc(slices.Clone(w.Roles), func(r Role) bool { return !p.Has(r) })
	if r != nil && r.Outside && w.Scope == OfUnit { // what an outside unit wrote is entered by the liaison
		if !p.Has(Liaison) {
			return &Refusal{Code: Forbidden, Role: Liaison}
		}
		return nil
	}
	if len(held) == 0 {
		return &Refusal{Code: Forbidden, Role: w.Roles[0]}
	}
	lead, handler := s.Lead, s.Handler
	if r != nil && r.Kind == CommitmentStrand { // whose promise it was keeps it, whoever has a later round
		lead, handler = r.Division, r.Person
	}
	ours := p.Division != "" && p.Division == lead
	if r != nil && r.Kind == CommitmentStrand && handler == "" && ours { // who made it is gone: any handler of the division keeps it
		handler = p.ID
	}
	inField := s.Lead == "" || slices.ContainsFunc(held, func(r Role) bool {
		switch r {
		case LeaderInCharge:
			return slices.Contains(p.Field, s.Lead)
		case DivisionHead:
			return ours
		}
		return true
	})
	switch w.Scope {
	case OfDivision:
		if !ours {
			return &Refusal{Code: Forbidden, Role: DivisionHead}
		}
	case OfCase, InTurn:
		turn, waits := taskOfStage(s, pack)
		if w.Scope == InTurn && waits && (turn.Person == p.ID || turn.MayClaim(p)) {
			return nil
		}
		if p.ID != handler && !(ours && slices.Contains(held, DivisionHead)) && !slices.Contains(held, Liaison) {
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
	case OfUnit:
		if r == nil || p.Division == "" || p.Division != r.Division {
			return &Refusal{Code: Forbidden, Role: DivisionHead}
		}
	case WasLast:
		if p.ID != s.Last.By || s.Prior == nil {
			return refuse(StepNotYours)
		}
	}
	return nil
}

// Offer is one thing that a person may do to a case now.
type Offer struct {
	Kind   Kind
	To     []Stage      // where it may take the main way
	Side   bool         // it happens beside the main way
	Ref    string       // of the strand that it is about; "" for none or a new one
	Status StrandStatus // where that strand stands
	For    PersonID     // whom the person would act for as a proxy (代理); "" for oneself
}

// Offers lists what the person may do to the case now: first on the main way, then beside it, in the order of the tables,
// and then what those whom the person covers for may do. The page offers only this; Apply decides on locked facts with the
// same rules.
func Offers(s State, p Person, pack *Pack) []Offer {
	offers := offersOf(s, p, p, pack)
	for _, principal := range p.Covers {
		for _, o := range offersOf(s, p, principal.Person(), pack) {
			o.For = principal.ID
			if !slices.ContainsFunc(offers, func(other Offer) bool { return other.Kind == o.Kind && other.Ref == o.Ref }) {
				offers = append(offers, o)
			}
		}
	}
	return offers
}

func offersOf(s State, actor, as Person, pack *Pack) []Offer {
	var offers []Offer
	both := []PersonID{actor.ID, as.ID}
	for _, t := range Table {
		if t.From == s.Stage && s.allows(t.Kind, pack) == nil && t.Who.may(as, s, nil, pack) == nil && s.separates(t.Kind, nil, both) == nil {
			offers = append(offers, Offer{Kind: t.Kind, To: t.To})
		}
	}
	for _, t := range SideTable {
		if !t.fits(s) || s.allows(t.Kind, pack) != nil {
			continue
		}
		for _, r := range t.strands(s) {
			if t.Who.may(as, s, r, pack) != nil || s.separates(t.Kind, r, both) != nil {
				continue
			}
			o := Offer{Kind: t.Kind, To: t.Moves, Side: true}
			if r != nil {
				o.Ref, o.Status = r.Ref, r.Status
			}
			offers = append(offers, o)
		}
	}
	return offers
}

// strands are those that the row may be about; one nil if it is about none, or begins one.
func (t SideStep) strands(s State) []*Strand {
	if t.From == nil {
		return []*Strand{nil}
	}
	var list []*Strand
	for _, r := range s.StrandsOf(t.Strand) {
		if slices.Contains(t.From, r.Status) {
			list = append(list, &r)
		}
	}
	return list
}

// separates holds the four-person rule (domain §3): drafter, reviewer, signer and publisher of one reply differ, and nobody
// evades it by acting for another.
func (s State) separates(kind Kind, r *Strand, by []PersonID) *Refusal {
	switch kind {
	case PassReview, DecideOpenness, Sign, Publish, CorrectPublication, CountersignDraft, PassAddedReview:
	default:
		return nil
	}
	signing := kind == Sign || kind == Publish || kind == CorrectPublication
	is := func(p PersonID) bool { return p != "" && slices.Contains(by, p) }
	switch {
	case is(s.Drafter) || is(s.Handler) || slices.ContainsFunc(s.Writers, is):
		return refuse(OwnDraft)
	case signing && slices.ContainsFunc(s.reviewers(), is):
		return refuse(OwnReview)
	case signing && kind != Sign && is(s.Signer):
		return refuse(OwnSignature)
	}
	return nil
}

// allows reports nil if the case is of a kind to which the action may happen at all.
func (s State) allows(kind Kind, pack *Pack) *Refusal {
	reading := s.Handling == ReadingOnly
	switch kind {
	case ProposeAssignment:
		if reading {
			return refuse(NotForThisKind)
		}
	case CirculateReading:
		if !reading {
			return refuse(NotForThisKind)
		}
	case RequestReturn:
		if s.ReturnRefused || s.Round > 1 {
			return refuse(ReturnDecided)
		}
	case Suspend:
		if !pack.Suspension.Allowed {
			return refuse(NotInPack)
		}
		if s.OpenStrand(SuspensionStrand) != nil {
			return refuse(AlreadyUnderWay)
		}
	case AskExtension:
		if s.OpenStrand(ExtensionStrand) != nil {
			return refuse(AlreadyUnderWay)
		}
	case ConsultOnDraft:
		if s.Handling == CoHandling {
			return refuse(NotForThisKind)
		}
	case RateAsCoSigner: // whoever gets the reply through the lead is asked through the lead
		if asked := s.Strand(FeedbackStrand, s.roundRef()); asked == nil || asked.Status == StrandCancelled || pack.Reply[s.Body].CoSigners != ReplyToEach {
			return refuse(NotForThisKind)
		}
	case CorrectReply:
		if s.DispatchedOn.IsZero() || s.Archive != nil { // what was sent then nobody has here: the case is reopened

			return refuse(NotForThisKind)
		}
	case CorrectContact:
		if !s.Talked && s.Attempts == 0 && !s.Consulted {
			return refuse(NotForThisKind)
		}
	case Merge:
		if s.Merged != "" {
			return refuse(AlreadyUnderWay)
		}
	case Unmerge:
		if s.Merged == "" {
			return refuse(NotUnderWay)
		}
	case AskSecrecy:
		if s.Secrecy {
			return refuse(AlreadyUnderWay)
		}
	}
	return nil
}
