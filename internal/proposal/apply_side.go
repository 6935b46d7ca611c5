package proposal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// What each action beside the main way does to a case. Those that are about a strand find it under Action.strand.

func (r *Rerouting) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if r.Lead == s.Lead || !slices.Contains(f.Divisions, r.Lead) {
		return "", wrongField("lead", NotInBureau)
	}
	if s.CoHandled { // it led for a while, and goes back to what it was
		s.CoHandling = append(s.CoHandling, s.Lead)
	}
	s.CoHandled = slices.Contains(s.CoHandling, r.Lead)
	s.Lead, s.Handler = r.Lead, ""
	s.CoHandling = slices.DeleteFunc(s.CoHandling, func(d DivisionID) bool { return d == r.Lead })
	if own := s.Strand(OpinionStrand, string(r.Lead)); own != nil && !own.Settled() {
		own.Status = StrandCancelled
		s.drop(OpinionStrand, own.Ref)
	}
	return Accepting, nil
}

func (r *Reassignment) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Named.ID != r.Handler || f.Named.Division != s.Lead || !f.Named.Has(Handler) || r.Handler == s.Handler {
		return "", wrongField("handler", NotInBureau)
	}
	if r.Handler == a.By || r.Handler == a.For || s.reviewedBy(r.Handler) {
		return "", wrongField("handler", HandlerReviewsIt)
	}
	s.Handler = r.Handler
	return s.Stage, nil
}

// A recall brings back the state before one's own last step. Bells that rang meanwhile have rung.
func (*Recalling) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if claimant := f.Claims[TaskKey{Ask: AskOf(s.Stage)}]; claimant != "" && claimant != a.By {
		return "", &Refusal{Code: ClaimedByOther, By: claimant}
	}
	*s = s.Prior.withBellsOf(*s)
	return s.Stage, nil
}

// withBellsOf is an earlier state in which the bells have rung that rang since.
func (s State) withBellsOf(now State) State {
	s = s.clone()
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if rang := now.ClockOf(c.Kind, c.Ref); rang != nil && rang.Due() == c.Due() {
			c.Bells, c.NextAt, c.Rung = rang.Bells, rang.NextAt, rang.Rung
		}
	}
	return s
}

func (r *OpinionRequest) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	asked := Strand{Kind: OpinionStrand, Status: StrandAsked, Division: r.Division, Ref: string(r.Division)}
	switch {
	case r.Division == "":
		asked.Outside, asked.Ref = true, fmt.Sprintf("u%d", s.outsideUnits()+1)
	case r.Division == s.Lead || !slices.Contains(f.Divisions, r.Division):
		return "", wrongField("division", NotInBureau)
	}
	if old := s.Strand(OpinionStrand, asked.Ref); old != nil && !old.Settled() {
		return "", &Refusal{Code: AlreadyUnderWay, By: old.Last.By, At: old.Last.At}
	}
	switch reply := s.ReplyDue(); {
	case r.DueOn.IsZero():
		s.limit(OpinionClock, asked.Ref, LimitOpinion, official(a, f), f)
	case r.DueOn.Before(f.Today()) && !s.Late:
		return "", wrongField("due_on", DayInPast)
	case reply != nil && r.DueOn.After(reply.Due()):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "due_on", Code: DayAfterLegal, Date: reply.Due()}}}
	default:
		s.set(OpinionClock, asked.Ref, RuleChosenDay, f.Calendar.On(r.DueOn), f)
	}
	s.begin(asked)
	if r.Division != "" && !slices.Contains(s.CoHandling, r.Division) {
		s.CoHandling = append(s.CoHandling, r.Division)
	}
	return s.Stage, nil
}

func (s *State) outsideUnits() int {
	n := 0
	for _, r := range s.Strands {
		if r.Kind == OpinionStrand && r.Outside {
			n++
		}
	}
	return n
}

// What the head of a division writes needs nobody's approval, and what an outside unit wrote has its own.
func (*WrittenOpinion) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(OpinionStrand, a.strand)
	r.By, r.Status = a.By, StrandWritten
	if r.Outside || f.Actor.Has(DivisionHead) && f.Actor.Division == r.Division {
		s.give(r, a, f)
	}
	return s.Stage, nil
}

// give hands an opinion to the lead division: its clock is met.
func (s *State) give(r *Strand, a Action, f Facts) {
	r.Status = StrandGiven
	s.meet(OpinionClock, r.Ref, official(a, f))
}

func (*OpinionApproval) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.give(s.Strand(OpinionStrand, a.strand), a, f)
	return s.Stage, nil
}

func (*OpinionReturn) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(OpinionStrand, a.strand).Status = StrandAsked
	return s.Stage, nil
}

func (*OpinionRedo) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(OpinionStrand, a.strand)
	r.Status, r.Redone = StrandAsked, r.Redone+1
	s.limit(OpinionClock, r.Ref, RuleRedo, official(a, f), f)
	return s.Stage, nil
}

func (*OpinionWaiver) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	c := s.ClockOf(OpinionClock, a.strand)
	if !c.Due().Before(official(a, f)) {
		return "", &Refusal{Code: NotOverdue, Due: c.Due()}
	}
	s.Strand(OpinionStrand, a.strand).Status = StrandWaived
	s.drop(OpinionStrand, a.strand)
	return s.Stage, nil
}

func (*OpinionCancellation) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(OpinionStrand, a.strand).Status = StrandCancelled
	s.drop(OpinionStrand, a.strand)
	return s.Stage, nil
}

func (d *DraftConsultation) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Draft.Version != d.Version {
		return "", refuse(NotFound)
	}
	switch {
	case d.Reaction == DisagreesWithDraft:
		s.DraftTold = d.Version
	case d.Reaction == AgreesToDraft && d.Version == s.DraftTold: // the deputy came round
		s.DraftTold = 0
	}
	s.callBack(time.Time{}, f) // this was the call
	return s.Stage, nil
}

func (in *Countersignature) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(CountersignStrand, a.strand)
	r.Status, r.By = StrandPassed, a.By
	return s.Stage, in.ReadText.is(s)
}

func (*CountersignObjection) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.ReturnedFrom = s.Stage
	s.sendBack(Drafting)
	return Drafting, nil
}

func (r *AddedReviewer) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Named.ID != r.Person || f.Named.outside() {
		return "", wrongField("person", NotInBureau)
	}
	if r.Person == s.Handler || r.Person == s.Drafter || slices.Contains(s.reviewers(), r.Person) {
		return "", wrongField("person", HandlerReviewsIt)
	}
	if old := s.Strand(AddedReviewStrand, string(r.Person)); old != nil && old.Status != StrandCancelled {
		return "", &Refusal{Code: AlreadyUnderWay, By: old.Last.By, At: old.Last.At}
	}
	s.begin(Strand{Kind: AddedReviewStrand, Ref: string(r.Person), Status: StrandAsked, Person: r.Person})
	return s.Stage, nil
}

func (in *AddedPass) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(AddedReviewStrand, a.strand)
	r.Status, r.By = StrandPassed, a.By
	return s.Stage, in.ReadText.is(s)
}

func (*AddedObjection) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.ReturnedFrom = s.Stage
	s.sendBack(Drafting)
	return Drafting, nil
}

// A case that becomes stricter goes back to the first review that it now needs and has not passed. A signature by somebody
// who is no longer the signer does not stand.
func (t *Tightening) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if t.Leader != "" && (f.Named.ID != t.Leader || !f.Named.Has(LeaderInCharge) && !f.Named.Has(BureauHead)) {
		return "", wrongField("leader", NotInBureau)
	}
	signer := f.Pack.SignerRole(*s)
	s.KeySupervised, s.Money = s.KeySupervised || t.Key, s.Money || t.Money
	if t.Leader != "" {
		s.Leader = t.Leader
	}
	if s.Draft == 0 {
		return s.Stage, nil
	}
	next := f.Pack.nextReview(*s)
	if next == SignOff && s.Stage == Numbering && f.Pack.SignerRole(*s) == signer {
		return s.Stage, nil
	}
	s.Signer, s.SignedOn = "", calendar.Date{}
	return next, nil
}

func (e *ExtensionRequest) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	c := s.ReplyDue()
	if !official(a, f).Before(c.Due()) {
		return "", &Refusal{Code: TooLateToExtend, Due: c.Due()}
	}
	if refusal := s.extensible(e.Until, f); refusal != nil {
		return "", refusal
	}
	n := len(s.StrandsOf(ExtensionStrand)) + 1
	s.begin(Strand{Kind: ExtensionStrand, Ref: fmt.Sprint(n), Status: StrandAsked, Division: s.Lead})
	return s.Stage, nil
}

// extensible holds a later due date to what an extension may give: later than today's, and not behind the cap.
func (s *State) extensible(until calendar.Date, f Facts) *Refusal {
	c := s.ReplyDue()
	start := c.Span.Start
	if start.IsZero() {
		start = s.AssignedOn
	}
	latest := f.Pack.ExtensionCap(start, f.Calendar)
	switch {
	case !until.After(c.Due()):
		return &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "until", Code: DayBeforeStart, Date: c.Due()}}}
	case until.After(latest):
		return &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "until", Code: DayAfterCap, Date: latest}}}
	}
	return nil
}

func (*ExtensionEndorsement) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(ExtensionStrand, a.strand).Status = StrandEndorsed
	return s.Stage, nil
}

func (*ExtensionRefusal) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(ExtensionStrand, a.strand).Status = StrandDeclined
	return s.Stage, nil
}

func (v *ExtensionVerdict) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(ExtensionStrand, a.strand)
	if !v.Granted {
		r.Status = StrandDeclined
		return s.Stage, nil
	}
	if refusal := s.extensible(v.Until, f); refusal != nil {
		return "", refusal
	}
	r.Status = StrandGranted
	s.ReplyDue().shift(ShiftByExtension, r.Ref, v.Until, f)
	if c := s.Clock(InternalClock); c != nil && c.Open() {
		c.shift(ShiftByExtension, r.Ref, f.Pack.InternalDue(*s, v.Until, f.Calendar), f)
	}
	return s.Stage, nil
}

func (*ExtensionNotice) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(ExtensionStrand, a.strand).Status = StrandTold
	return s.Stage, nil
}

func (*SuspensionOrder) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	n := len(s.StrandsOf(SuspensionStrand)) + 1
	s.begin(Strand{Kind: SuspensionStrand, Ref: fmt.Sprint(n), Status: StrandRunning})
	for i := range s.Clocks {
		if c := &s.Clocks[i]; c.Open() && c.Kind != CommitmentClock && c.Kind != CallBackClock { // what was promised stands
			c.Stopped = official(a, f)
		}
	}
	return s.Stage, nil
}

// The days that a clock stood still come after its due date.
func (r *Resumption) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.resume(a.strand, official(a, f), f)
	return s.Stage, nil
}

func (s *State) resume(ref string, on calendar.Date, f Facts) {
	s.Strand(SuspensionStrand, ref).Status = StrandResumed
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if c.Stopped.IsZero() {
			continue
		}
		stood := on.Sub(c.Stopped)
		c.Stopped = calendar.Date{}
		if stood > 0 && c.Open() {
			c.shift(ShiftBySuspension, ref, f.Calendar.AddWorkdays(c.Due().AddDays(stood), 0).End, f)
		}
	}
}

func (p *PublicationOrder) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if p.SHA256 != s.DraftSHA256 || a.strand != s.roundRef() {
		return "", refuse(TextChanged)
	}
	if s.Secrecy {
		return "", wrongField("sha256", PublicationBlocked)
	}
	s.Strand(PublicationStrand, a.strand).Status = StrandPublished
	s.PublishedOn = official(a, f)
	s.meet(PublicationClock, a.strand, s.PublishedOn)
	return s.settle(), nil
}

// settle is where the main way goes once publication and feedback of this round are settled.
func (s *State) settle() Stage {
	if s.Stage != Answered {
		return s.Stage
	}
	for _, kind := range []StrandKind{PublicationStrand, FeedbackStrand} {
		if r := s.Strand(kind, s.roundRef()); r != nil && !r.Settled() {
			return Answered
		}
	}
	return Closing
}

func (n *Correction) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if a.strand != s.roundRef() {
		return "", refuse(TextChanged)
	}
	if i := slices.IndexFunc(n.Redactions, func(words string) bool { return !strings.Contains(f.Draft.Body, words) }); i >= 0 {
		return "", wrongField(fmt.Sprintf("redactions.%d", i), WordsNotInText)
	}
	if s.Secrecy {
		return "", wrongField("redactions", PublicationBlocked)
	}
	s.Strand(PublicationStrand, a.strand).Status = StrandPublished
	s.PublishedOn = official(a, f)
	return s.Stage, nil
}

func (*Takedown) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(PublicationStrand, a.strand).Status = StrandTakenDown
	return s.Stage, nil
}

func (r *Reexamination) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	on := official(a, f)
	if r.Openness == OpenReply {
		if s.Secrecy {
			return "", wrongField("openness", PublicationBlocked)
		}
		if a.strand != s.roundRef() {
			return "", refuse(TextChanged)
		}
		s.Openness = OpenReply
		s.Strand(PublicationStrand, a.strand).Status = StrandUnpublished
		s.drop(PublicationStrand, a.strand)
		s.limit(PublicationClock, a.strand, LimitPublication, on, f)
		return s.Stage, nil
	}
	if _, ok := f.Pack.Ground(r.Ground); !ok {
		return "", wrongField("ground", UnknownValue)
	}
	s.withhold(a.strand, on, f)
	return s.Stage, nil
}

func (r *Receipt) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if !slices.Contains(f.Proposers, r.Recipient) {
		return "", wrongField("recipient", UnknownValue)
	}
	return s.Stage, nil
}

// admits refuses a rating that the bureau itself would give (R12).
func (b *Feedback) admits(a Action, f Facts) *Refusal {
	switch rates := f.Actor.outside() && a.For == ""; { // whoever has a role in the bureau too, is of the bureau
	case rates && f.Actor.Has(Deputy):
		if b.Source != FeedbackFromDeputy {
			return wrongField("source", UnknownValue)
		}
	case rates && f.Actor.Has(Assembly):
		if b.Source != FeedbackFromAssembly {
			return wrongField("source", UnknownValue)
		}
	case b.Scan == "":
		return refuse(BureauRates)
	}
	if b.Scan != "" && !f.HasScan {
		return wrongField("scan", ScanMissing)
	}
	return nil
}

func (b *Feedback) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if refusal := b.admits(a, f); refusal != nil {
		return "", refusal
	}
	r := s.Strand(FeedbackStrand, a.strand)
	r.By = a.By
	s.meet(FeedbackClock, a.strand, official(a, f))
	if b.Result != NotSatisfied || a.strand != s.roundRef() {
		r.Status = StrandRated
		return s.settle(), nil
	}
	r.Status = StrandDissatisfied
	return s.rehandle(a, f), nil
}

func (r *CoSignerRating) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if refusal := r.feedback().admits(a, f); refusal != nil {
		return "", refusal
	}
	switch {
	case r.Round != 0 && r.Round != max(1, s.Round):
		return "", refuse(NotUnderWay)
	case slices.Index(f.Proposers, r.CoSigner) < 1: // the first is the lead
		return "", wrongField("co_signer", UnknownValue)
	case f.HasRated && f.Actor.Has(Deputy): // a link rates once; what is wrong, the assembly or the liaison corrects
		return "", &Refusal{Code: NotUnderWay, Status: StrandRated}
	case f.HasRated && r.Reason == "":
		return "", wrongField("reason", FieldRequired)
	}
	return s.Stage, nil
}

// rehandle opens the next round (R13): led by a leader, with a due date of its own. After the last round that the pack allows
// the case goes up to the congress.
func (s *State) rehandle(a Action, f Facts) Stage {
	if s.Stage.Ended() {
		s.Handler = "" // who had it need not be there any more
	}
	s.ClosedOn = calendar.Date{}
	if max(1, s.Round) >= f.Pack.Rehandling.Rounds {
		return ReportingUp
	}
	s.cancel(PublicationStrand) // the new reply takes the place of the one that was not published yet
	s.Round = max(1, s.Round) + 1
	s.ReturnedFrom = ""
	s.sendBack(Registered)
	s.Handler, s.Drafter, s.DraftTold = "", "", 0 // the division names a handler again
	s.Number, s.Corrects, s.DispatchedOn, s.PublishedOn = DocumentNumber{}, DocumentNumber{}, calendar.Date{}, calendar.Date{}
	s.limit(RehandlingClock, s.roundRef(), LimitRehandling, official(a, f), f)
	due := s.ReplyDue().Due()
	if internal := f.Pack.InternalDue(*s, due, f.Calendar); internal.After(f.Today()) {
		s.set(InternalClock, "", LimitInternal, f.Calendar.On(internal), f)
	} else {
		s.set(InternalClock, "", LimitRehandling, f.Calendar.On(due), f)
	}
	return Assigning
}

func (*SilenceNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	c := s.ClockOf(FeedbackClock, a.strand)
	if c != nil && !c.Due().Before(official(a, f)) {
		return "", &Refusal{Code: NotOverdue, Due: c.Due()}
	}
	s.Strand(FeedbackStrand, a.strand).Status = StrandSilent
	s.meet(FeedbackClock, a.strand, official(a, f))
	return s.settle(), nil
}

func (*Milestone) apply(s *State, a Action, f Facts) (Stage, *Refusal) { return s.Stage, nil }

func (n *CommitmentChange) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch {
	case !n.DueOn.After(f.Today()):
		return "", wrongField("due_on", DayInPast)
	case !n.Sure && f.farAhead(n.DueOn, f.Today()):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "due_on", Code: FarOff, Date: f.Today()}}}
	}
	s.ClockOf(CommitmentClock, a.strand).shift(ShiftByChange, a.strand, n.DueOn, f)
	return s.Stage, nil
}

func (*Fulfilment) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(CommitmentStrand, a.strand).Status = StrandFulfilled
	s.meet(CommitmentClock, a.strand, official(a, f))
	return s.Stage, nil
}

func (*SecondReply) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Strand(CommitmentStrand, a.strand).Status = StrandReplied
	return s.Stage, nil
}

// awaitReceipt asks the bureau to sign for what was assigned to it, where the pack says by when. An old case was received long ago.
func (s *State) awaitReceipt(f Facts) {
	if _, asked := f.Pack.Limits[LimitReceipt]; !asked || s.Late {
		return
	}
	ref := fmt.Sprint(len(s.StrandsOf(ReceiptStrand)) + 1)
	s.begin(Strand{Kind: ReceiptStrand, Ref: ref, Status: StrandAsked})
	s.limit(ReceiptClock, ref, LimitReceipt, s.AssignedOn, f)
}

func (n *SigningFor) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch {
	case n.SignedOn.After(f.Today()):
		return "", wrongField("signed_on", DayInFuture)
	case n.SignedOn.Before(s.AssignedOn):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "signed_on", Code: DayBeforeStart, Date: s.AssignedOn}}}
	}
	r := s.Strand(ReceiptStrand, a.strand)
	r.Status, r.By = StrandReceived, a.By
	s.meet(ReceiptClock, a.strand, n.SignedOn)
	return s.Stage, nil
}

func (*UrgeNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if next := s.UrgedOn.AddDays(f.Pack.Urge.DaysBetween); !s.UrgedOn.IsZero() && f.Today().Before(next) {
		return "", &Refusal{Code: UrgedRecently, Due: next}
	}
	s.UrgedOn = f.Today()
	n := len(s.StrandsOf(UrgeStrand)) + 1
	s.begin(Strand{Kind: UrgeStrand, Ref: fmt.Sprint(n), Status: StrandAsked, Division: s.Lead, Person: s.Handler})
	return s.Stage, nil
}

func (*UrgeAnswer) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	r := s.Strand(UrgeStrand, a.strand)
	r.Status, r.By = StrandAnswered, a.By
	return s.Stage, nil
}

func (m *Merging) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch f.OtherCase {
	case "":
		return "", wrongField("with", UnknownValue)
	case f.Case:
		return "", wrongField("with", CaseItself)
	}
	s.Merged = f.OtherCase
	return s.Stage, nil
}

func (*Unmerging) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Merged = ""
	return s.Stage, nil
}

// A secrecy request blocks publication from now on (R16), whatever was decided before.
func (r *SecrecyRequest) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Cleared = slices.Clone(r.Cleared)
	s.keepSecret(official(a, f), f)
	return s.settle(), nil
}

func (s *State) keepSecret(on calendar.Date, f Facts) {
	s.Secrecy = true
	if s.Openness != "" {
		s.Openness = ClosedReply
	}
	if p := s.Strand(PublicationStrand, s.roundRef()); p != nil && p.Status == StrandUnpublished {
		s.drop(PublicationStrand, p.Ref)
		s.withhold(p.Ref, on, f)
	}
	for i := range s.Strands { // what the public reads bears the name
		if p := &s.Strands[i]; p.Kind == PublicationStrand && p.Status == StrandPublished {
			p.Status = StrandTakenDown
		}
	}
}

func (w *Withdrawal) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	for _, name := range f.Proposers {
		if !slices.Contains(w.Agreed, name) {
			return "", refuse(NotAllAgree)
		}
	}
	return s.end(Withdrawn, official(a, f)), nil
}

func (r *RungClock) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	clock := s.ClockOf(r.Clock, r.Ref)
	if clock == nil || !clock.Armed() || f.Now.Before(clock.RingsAt()) {
		return "", refuse(ClockNotDue)
	}
	clock.NextAt = time.Time{}
	for {
		bell, ok := f.Pack.bell(*clock, clock.Bells, f.Calendar)
		if !ok {
			break
		}
		if bell.At.After(f.Now) {
			clock.NextAt = bell.At.UTC()
			break
		}
		if bell.Kind == BellRanOut {
			clock.Rung = f.Now.UTC()
		}
		clock.Bells++
	}
	return s.Stage, nil
}

// A deadline that is still running is counted again by the calendar of today; one that an extension or a suspension has
// moved stays where they put it.
func (*Recounting) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	changed := false
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if !c.Open() || len(c.Shifts) > 0 {
			continue
		}
		span := s.recount(*c, f)
		if span.End == c.Span.End && span.Provisional == c.Span.Provisional {
			continue
		}
		changed = true
		moved := span.End != c.Span.End
		c.Span = span
		if moved {
			c.wind(f)
		}
	}
	if !changed {
		return "", refuse(ClockNotDue)
	}
	s.Prior = nil // it was counted by the calendar of yesterday
	return s.Stage, nil
}

func (s *State) recount(c Clock, f Facts) calendar.Span {
	switch {
	case c.Kind == StageClock:
		return f.Calendar.AddWorkdays(c.Span.Start, c.Span.N)
	case c.Rule == LimitInternal:
		return f.Calendar.On(f.Pack.InternalDue(*s, s.ReplyDue().Due(), f.Calendar))
	case c.Span.Unit == calendar.Fixed:
		return c.Span
	}
	return f.Pack.span(c.Rule, *s, c.Span.Start, f.Calendar)
}
