package proposal

import "slices"

// Transition is one row of the table of the main way: who may do what in which stage, and where the case may go from there.
type Transition struct {
	Kind Kind
	From Stage
	To   []Stage // every stage the action may lead to; the input decides which
	Who  Actors
}

// SideStep is one row of the table of what happens beside the main way: an action on a [Strand], or one that belongs to no
// stage in particular.
type SideStep struct {
	Kind   Kind
	During []Stage        // where the main way may stand; nil: anywhere before the end
	Strand StrandKind     // "": it concerns the case itself
	From   []StrandStatus // nil: it begins a strand
	To     []StrandStatus
	Moves  []Stage // where it may take the main way; nil: it leaves it
	Who    Actors
}

// Actors says who may do an action. The zero value is the system.
type Actors struct {
	Roles []Role // any of these
	Scope Scope
}

// Scope narrows a role to the people of this case.
type Scope string

const (
	AnyHolder  Scope = ""            // whoever holds the role
	InCharge   Scope = "in_charge"   // a leader in charge whose field the lead division is in, a head of that division; any other role always
	OfDivision Scope = "of_division" // people of the lead division
	OfCase     Scope = "of_case"     // the handler of the case; a division head of the lead division may stand in
	InTurn     Scope = "in_turn"     // whoever the stage waits for; besides them, as OfCase
	HandlerOf  Scope = "handler_of"  // the handler of the case only
	SignerOf   Scope = "signer_of"   // whom the rule pack names (R7), in charge of the lead division
	OfUnit     Scope = "of_unit"     // people of the strand's division
	NamedOnly  Scope = "named_only"  // the person whom the strand names, whatever the role
	WasLast    Scope = "was_last"    // whoever acted last on the main way
)

var (
	byLiaison   = Actors{[]Role{Liaison}, AnyHolder}
	byLeaders   = Actors{[]Role{LeaderInCharge, BureauHead}, InCharge}
	byHead      = Actors{[]Role{DivisionHead}, OfDivision}
	byHandler   = Actors{[]Role{Handler, DivisionHead}, OfCase}
	bySigner    = Actors{[]Role{LeaderInCharge, BureauHead}, SignerOf}
	byUnit      = Actors{[]Role{Handler, DivisionHead}, OfUnit}
	byUnitHead  = Actors{[]Role{DivisionHead}, OfUnit}
	byAssigning = Actors{[]Role{Liaison, Assembly}, AnyHolder} // the assigning body itself, or the liaison who holds its letter
	byTurn      = Actors{[]Role{Liaison, Handler, DivisionHead, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, InTurn}
	byWatchers  = Actors{[]Role{Supervisor, Liaison, LeaderInCharge, BureauHead}, InCharge}
)

// Table is the main way as data: what may follow what. The workflow says what happens at each step.
var Table = []Transition{
	{Register, Unregistered, []Stage{Registered}, byLiaison},

	{ProposeAssignment, Registered, []Stage{Assigning}, byLiaison},
	{CirculateReading, Registered, []Stage{Closing}, byLiaison},
	{RequestReturn, Registered, []Stage{ReturnReview}, byLiaison},
	{EndorseReturn, ReturnReview, []Stage{ReturnDecision}, byLeaders},
	{SendBack, ReturnReview, []Stage{Registered}, byLeaders},
	{DecideReturn, ReturnDecision, []Stage{Returned, Registered}, byAssigning},
	{ApproveAssignment, Assigning, []Stage{Accepting}, byLeaders},
	{SendBack, Assigning, []Stage{Registered}, byLeaders},
	{Accept, Accepting, []Stage{Consulting, Drafting}, byHead},
	{Refuse, Accepting, []Stage{Registered}, byHead},

	{Contact, Consulting, []Stage{Consulting, Drafting}, byHandler},
	{Waive, Consulting, []Stage{Drafting}, byHead},

	{Submit, Drafting, []Stage{DivisionReview}, Actors{[]Role{Handler}, HandlerOf}},

	{PassReview, DivisionReview, []Stage{OfficeReview, LegalReview, OpennessReview, SignOff}, byHead},
	{SendBack, DivisionReview, []Stage{Consulting, Drafting}, byHead},
	{PassReview, OfficeReview, []Stage{LegalReview, OpennessReview, SignOff}, Actors{[]Role{OfficeReviewer}, AnyHolder}},
	{SendBack, OfficeReview, []Stage{Consulting, Drafting, DivisionReview}, Actors{[]Role{OfficeReviewer}, AnyHolder}},
	{PassReview, LegalReview, []Stage{OpennessReview, SignOff}, Actors{[]Role{LegalReviewer}, AnyHolder}},
	{SendBack, LegalReview, []Stage{Consulting, Drafting, DivisionReview, OfficeReview}, Actors{[]Role{LegalReviewer}, AnyHolder}},
	{DecideOpenness, OpennessReview, []Stage{SignOff}, Actors{[]Role{OpennessReviewer}, AnyHolder}},
	{SendBack, OpennessReview, []Stage{Drafting, DivisionReview, OfficeReview, LegalReview}, Actors{[]Role{OpennessReviewer}, AnyHolder}},

	{Sign, SignOff, []Stage{Numbering}, bySigner},
	{SendBack, SignOff, []Stage{Consulting, Drafting, DivisionReview, OfficeReview, LegalReview, OpennessReview}, bySigner},

	{AssignNumber, Numbering, []Stage{Dispatching}, byLiaison},
	{SendBack, Numbering, []Stage{Drafting, SignOff}, byLiaison},
	{Dispatch, Dispatching, []Stage{Answered, Closing}, byLiaison},
	{ReportUp, ReportingUp, []Stage{Closing}, byLiaison},
	{Close, Closing, []Stage{Closed}, byLiaison},
}

var (
	beforeReview  = []Stage{Accepting, Consulting, Drafting}
	underReview   = []Stage{DivisionReview, OfficeReview, LegalReview, OpennessReview, SignOff}
	beforeSending = append([]Stage{Registered, Assigning, Accepting, Consulting, Drafting}, append(slices.Clone(underReview), Numbering, Dispatching)...)
	handling      = append([]Stage{Consulting, Drafting}, underReview...)
	afterSending  = []Stage{Answered, ReportingUp, Closing, Closed}
)

// SideTable is what may happen beside the main way.
var SideTable = []SideStep{
	// Hands: 转办, 改派, 撤回.
	{Kind: Reroute, During: beforeReview, Moves: []Stage{Accepting}, Who: byLeaders},
	{Kind: Reassign, During: handling, Who: byHead},
	{Kind: Recall, Who: Actors{[]Role{Liaison, DivisionHead, Handler, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, WasLast}, Moves: Stages},

	// 会办: asked, written by the unit's people, approved by its head, and given to the lead division; a weak one is redone.
	{Kind: AskOpinion, During: []Stage{Consulting, Drafting}, Strand: OpinionStrand, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: WriteOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandWritten, StrandGiven}, Who: byUnit},
	{Kind: ApproveOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandWritten}, To: []StrandStatus{StrandGiven}, Who: byUnitHead},
	{Kind: SendBackOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandWritten}, To: []StrandStatus{StrandAsked}, Who: byUnitHead},
	{Kind: RedoOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandGiven}, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: WaiveOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandAsked, StrandWritten}, To: []StrandStatus{StrandWaived}, Who: byHead},
	{Kind: CancelOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandAsked, StrandWritten}, To: []StrandStatus{StrandCancelled}, Who: byHandler},

	// 征求意见: the deputy reads the draft.
	{Kind: ConsultOnDraft, During: []Stage{Drafting}, Who: byHandler},

	// 会签, 加签, and a stricter chain in the middle of a case.
	{Kind: CountersignDraft, During: underReview, Strand: CountersignStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandPassed}, Who: byUnitHead},
	{Kind: ObjectToDraft, During: underReview, Strand: CountersignStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandCancelled}, Moves: []Stage{Drafting}, Who: byUnitHead},
	{Kind: AddReviewer, During: underReview, Strand: AddedReviewStrand, To: []StrandStatus{StrandAsked}, Who: Actors{[]Role{DivisionHead, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, InCharge}},
	{Kind: PassAddedReview, During: underReview, Strand: AddedReviewStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandPassed}, Who: Actors{Scope: NamedOnly}},
	{Kind: ObjectAsAdded, During: underReview, Strand: AddedReviewStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandCancelled}, Moves: []Stage{Drafting}, Who: Actors{Scope: NamedOnly}},
	{Kind: Tighten, During: beforeSending[:len(beforeSending)-1], Moves: append(slices.Clone(underReview), Numbering), Who: byWatchers},

	// 延期: asked by the division, supported by the leader in charge, granted by the assigning body, told to the deputy.
	{Kind: AskExtension, During: append(slices.Clone(handling), Accepting), Strand: ExtensionStrand, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: EndorseExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandEndorsed}, Who: byLeaders},
	{Kind: DeclineExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandDeclined}, Who: byLeaders},
	{Kind: DecideExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandEndorsed}, To: []StrandStatus{StrandGranted, StrandDeclined}, Who: byAssigning},
	{Kind: TellExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandGranted}, To: []StrandStatus{StrandTold}, Who: byHandler},

	// 中止, where the pack allows it.
	{Kind: Suspend, During: handling, Strand: SuspensionStrand, To: []StrandStatus{StrandRunning}, Who: byLeaders},
	{Kind: Resume, Strand: SuspensionStrand, From: []StrandStatus{StrandRunning}, To: []StrandStatus{StrandResumed}, Who: Actors{[]Role{Liaison, LeaderInCharge, BureauHead}, InCharge}},

	// 公开 and what may follow it.
	{Kind: Publish, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandUnpublished}, To: []StrandStatus{StrandPublished}, Moves: []Stage{Closing}, Who: Actors{[]Role{Publisher}, AnyHolder}},
	{Kind: CorrectPublication, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandPublished, StrandTakenDown}, To: []StrandStatus{StrandPublished}, Who: Actors{[]Role{Publisher}, AnyHolder}},
	{Kind: TakeDown, During: Stages, Strand: PublicationStrand, From: []StrandStatus{StrandPublished}, To: []StrandStatus{StrandTakenDown}, Who: Actors{[]Role{Publisher}, AnyHolder}},
	{Kind: Reexamine, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandWithheld}, To: []StrandStatus{StrandUnpublished, StrandWithheld}, Who: Actors{[]Role{OpennessReviewer}, AnyHolder}},

	// 送达回执, 征询意见: the rating is the deputy's, brought by a one-time link or on a scan (R12).
	{Kind: RecordReceipt, During: afterSending, Who: byLiaison},
	{Kind: RecordFeedback, During: afterSending, Strand: FeedbackStrand, From: []StrandStatus{StrandAsked, StrandSilent}, To: []StrandStatus{StrandRated, StrandDissatisfied}, Moves: []Stage{Closing, Assigning, ReportingUp}, Who: Actors{[]Role{Deputy, Assembly, Liaison}, AnyHolder}},
	{Kind: NoteSilence, During: []Stage{Answered}, Strand: FeedbackStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandSilent}, Moves: []Stage{Closing}, Who: byLiaison},

	// 承诺: kept up for years, closed case or not (R14).
	{Kind: ReportMilestone, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandPromised}, Who: byHandler},
	{Kind: ChangeCommitment, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandPromised}, Who: byHead},
	{Kind: FulfilCommitment, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandFulfilled}, Who: byHandler},
	{Kind: ReplyAgain, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandFulfilled}, To: []StrandStatus{StrandReplied}, Who: byHandler},

	// 催办, 督办.
	{Kind: Urge, Strand: UrgeStrand, To: []StrandStatus{StrandAsked}, Who: byWatchers},
	{Kind: AnswerUrge, Strand: UrgeStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandAnswered}, Who: byTurn},

	// 并案, 保密, 撤案.
	{Kind: Merge, During: beforeSending, Who: byLiaison},
	{Kind: Unmerge, During: beforeSending, Who: byLiaison},
	{Kind: AskSecrecy, Moves: []Stage{Closing}, Who: Actors{[]Role{Liaison, Handler, DivisionHead}, OfCase}},
	{Kind: Withdraw, Moves: []Stage{Withdrawn}, Who: byLiaison},
}

// bySystem are the actions of clocks and calendars: they may come in any stage of a registered case and leave it there.
var bySystem = []Kind{Ring, Recount}

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
	case is(s.Drafter) || is(s.Handler):
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
