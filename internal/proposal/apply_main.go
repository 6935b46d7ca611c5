package proposal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// What each action of the main way does to a case.

func (r *Registration) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch {
	case r.AssignedOn.After(f.Today()):
		return "", wrongField("assigned_on", DayInFuture)
	case !r.Sure && f.far(r.AssignedOn, r.Late):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "assigned_on", Code: FarOff, Date: f.Today()}}}
	case !r.Sure && !r.DueOn.IsZero() && f.farAhead(r.DueOn, r.AssignedOn):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "due_on", Code: FarOff, Date: r.AssignedOn}}}
	}
	s.Pack, s.Round = f.Pack.ID, 1
	s.Body, s.Level, s.Intersession, s.Handling = r.Body, r.Level, r.RegisterKey.Canonical().Intersession, r.HandlingType
	s.Proposer = r.Proposer
	s.Late, s.AssignedOn = r.Late, r.AssignedOn
	s.KeySupervised, s.Money, s.Secrecy, s.Cleared = r.KeySupervised, r.Money, r.Secrecy, slices.Clone(r.Cleared)
	s.Ours = slices.Clone(r.Ours)
	if r.Finished {
		return r.enter(s, f)
	}
	s.awaitReceipt(f)
	s.startClocks(r, f)
	return Registered, nil
}

// far reports whether a day in the past is so long ago that it is asked about: cases are assigned within a year, and old ones that
// are entered later within the memory of those who enter them.
func (f Facts) far(day calendar.Date, late bool) bool {
	years := 1
	if late {
		years = 30
	}
	return day.Before(calendar.Date{Year: f.Today().Year - years, Month: f.Today().Month, Day: 1})
}

// farAhead reports whether a day lies so far behind another that it is asked about: nothing is given longer than a few years.
func (f Facts) farAhead(day, from calendar.Date) bool {
	return day.After(calendar.Date{Year: from.Year + 2, Month: from.Month, Day: 28})
}

// startClocks sets what runs from the assignment: nothing for a suggestion that is only to be read, or for a case that was over when it was entered.
func (s *State) startClocks(r *Registration, f Facts) {
	if s.Handling == ReadingOnly || s.Archive != nil {
		return
	}
	rule := LimitReply
	if s.Handling == CoHandling { // what we owe is an opinion, to the lead unit
		rule = LimitOpinion
	}
	if r.DueOn.IsZero() {
		s.limit(ReplyClock, "", rule, r.AssignedOn, f)
	} else {
		s.set(ReplyClock, "", RuleNamedDay, f.Calendar.On(r.DueOn), f)
	}
	s.limit(ReturnClock, "", LimitReturn, r.AssignedOn, f)
	if s.Handling != CoHandling {
		s.limit(FirstContactClock, "", LimitFirstContact, r.AssignedOn, f)
	}
}

func (r *RoutingOpinion) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	var c checker
	if !slices.Contains(f.Divisions, r.Lead) {
		c.add("lead", NotInBureau)
	}
	for _, d := range r.CoHandling {
		if !slices.Contains(f.Divisions, d) {
			c.add("co_handling", NotInBureau)
		}
	}
	legal := s.ReplyDue()
	reply := legal.Due()
	rule, due := LimitInternal, f.Pack.InternalDue(*s, reply, f.Calendar)
	if due.Before(s.AssignedOn) { // a day was named that leaves no room for one of our own
		rule, due = legal.Rule, reply
	}
	if !r.InternalDue.IsZero() && r.InternalDue != due {
		rule, due = RuleChosenDay, r.InternalDue
	}
	switch {
	case due.After(reply):
		c = append(c, FieldError{Field: "internal_due", Code: DayAfterLegal, Date: reply})
	case due.Before(s.AssignedOn):
		c = append(c, FieldError{Field: "internal_due", Code: DayBeforeStart, Date: s.AssignedOn})
	case rule == RuleChosenDay && due.Before(f.Today()) && !s.Late:
		c.add("internal_due", DayInPast)
	}
	if len(c) > 0 {
		return "", &Refusal{Code: InvalidInput, Fields: c}
	}
	s.Lead, s.CoHandling, s.CoHandled = r.Lead, slices.Clone(r.CoHandling), false
	s.set(InternalClock, "", rule, f.Calendar.On(due), f)
	return Assigning, nil
}

func (n *ReadingNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	for _, d := range n.Divisions {
		if !slices.Contains(f.Divisions, d) {
			return "", wrongField("divisions", NotInBureau)
		}
	}
	s.CoHandling = slices.Clone(n.Divisions)
	return Closing, nil
}

func (r *ReturnRequest) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	window := s.Clock(ReturnClock)
	if window == nil || window.Due().Before(official(a, f)) {
		refusal := refuse(WindowClosed)
		if window != nil {
			refusal.Due = window.Due()
		}
		return "", refusal
	}
	s.meet(ReturnClock, "", official(a, f))
	return ReturnReview, nil
}

func (*Endorsement) apply(*State, Action, Facts) (Stage, *Refusal) { return ReturnDecision, nil }

// A refused return is handled on the original due date (R1): no clock is touched.
func (v *ReturnVerdict) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if !v.Granted {
		s.ReturnRefused = true
		return Registered, nil
	}
	return s.end(Returned, official(a, f)), nil
}

// end takes the case off the main way: what was asked of others is asked no more, and no clock runs on but those of
// commitments, which outlive it.
func (s *State) end(stage Stage, on calendar.Date) Stage {
	s.ClosedOn = on
	for _, kind := range StrandKinds {
		if kind != CommitmentStrand {
			s.cancel(kind)
		}
	}
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Open() && c.Kind != CommitmentClock })
	return stage
}

func (*Instruction) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.meet(ReturnClock, "", official(a, f))
	return Accepting, nil
}

func (in *Acceptance) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Named.ID != in.Handler || f.Named.Division != s.Lead || !f.Named.Has(Handler) {
		return "", wrongField("handler", NotInBureau)
	}
	if in.Handler == a.By || in.Handler == a.For {
		return "", wrongField("handler", HandlerReviewsIt)
	}
	s.Handler = in.Handler
	return s.draftOrTalk(), nil
}

// draftOrTalk is where a reply is begun: the deputy is talked to first, unless that was done or waived (R2). An opinion is none to the
// deputy.
func (s *State) draftOrTalk() Stage {
	if s.Handling == CoHandling || s.Consulted || s.Waived {
		return Drafting
	}
	return Consulting
}

func (r *DivisionRefusal) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if r.Suggested == s.Lead || !slices.Contains(f.Divisions, r.Suggested) {
		return "", wrongField("suggested", NotInBureau)
	}
	s.ReturnedFrom = s.Stage
	return Registered, nil
}

func (v *Consultation) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if v.At.After(f.Now) {
		return "", wrongField("at", DayInFuture)
	}
	if !v.At.IsZero() && calendar.DateOf(v.At).Before(s.AssignedOn) {
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "at", Code: DayBeforeStart, Date: s.AssignedOn}}}
	}
	if !v.CallBackAt.IsZero() && v.CallBackAt.Before(f.Now) && !s.Late {
		return "", wrongField("call_back_at", DayInPast)
	}
	if !v.Sure && !v.CallBackAt.IsZero() && f.farAhead(calendar.DateOf(v.CallBackAt), f.Today()) {
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "call_back_at", Code: FarOff, Date: f.Today()}}}
	}
	s.Attempts++
	s.Talked = true
	s.callBack(v.CallBackAt, f)
	if !f.Pack.Contact.reaches(v.Outcome, v.Mode) {
		return Consulting, nil
	}
	s.Consulted = true
	if len(v.Ours) > 0 {
		s.Ours = slices.Clone(v.Ours)
	}
	held := official(a, f)
	if !v.At.IsZero() {
		held = calendar.DateOf(v.At)
	}
	s.meet(FirstContactClock, "", held)
	return Drafting, nil
}

func (*ConsultationWaiver) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if need := f.Pack.Contact.AttemptsBeforeWaive; s.Attempts < need {
		return "", &Refusal{Code: TooFewAttempts, Have: s.Attempts, Need: need}
	}
	s.Waived = true
	s.meet(FirstContactClock, "", official(a, f))
	return Drafting, nil
}

func (in *Submission) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Draft.Version != in.Version {
		return "", refuse(NotFound)
	}
	if f.Draft.SHA256() != in.SHA256 {
		return "", refuse(TextChanged)
	}
	findings := slices.DeleteFunc(ExamineDraft(f.Draft, *s, f), func(found Finding) bool {
		return found.Mark != nil && (found.Mark.Level == replytext.ReminderMark || s.Late) && in.acknowledges(*found.Mark, s.Late)
	})
	if len(findings) > 0 {
		return "", &Refusal{Code: DraftIncomplete, Findings: findings}
	}
	s.Draft, s.DraftSHA256, s.Drafter = in.Version, in.SHA256, a.By
	s.Writers = slices.DeleteFunc(slices.Clone(f.SavedBy), func(p PersonID) bool { return p == a.By })
	return f.Pack.nextReview(*s), nil
}

// acknowledges reports whether somebody took responsibility for leaving the words as they are. A reply of an old case was
// sent long ago: it is entered as it is.
func (in *Submission) acknowledges(m replytext.Mark, late bool) bool {
	return late || slices.ContainsFunc(in.Acks, func(a Acknowledgement) bool { return a.Finding == m.Key() })
}

func (in *ReviewPass) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if refusal := in.ReadText.is(s); refusal != nil {
		return "", refusal
	}
	if refusal := s.replaceText(in.Edited, a, f); refusal != nil {
		return "", refusal
	}
	s.Passed = append(s.Passed, PassedReview{s.Stage, a.By})
	if s.Stage == DivisionReview && f.Pack.CoHandling.Countersign {
		for _, d := range s.CoHandling {
			if old := s.Strand(CountersignStrand, string(d)); old == nil || old.Status != StrandPassed {
				s.begin(Strand{Kind: CountersignStrand, Ref: string(d), Status: StrandAsked, Division: d})
			}
		}
	}
	return f.Pack.nextReview(*s), nil
}

func (d *OpennessDecision) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if refusal := d.ReadText.is(s); refusal != nil {
		return "", refusal
	}
	if d.Openness != ClosedReply && s.Secrecy {
		return "", wrongField("openness", PublicationBlocked)
	}
	if _, ok := f.Pack.Ground(d.Ground); d.Openness != OpenReply && !ok {
		return "", wrongField("ground", UnknownValue)
	}
	if i := slices.IndexFunc(d.Redactions, func(words string) bool { return !strings.Contains(f.Draft.Body, words) }); i >= 0 {
		return "", wrongField(fmt.Sprintf("redactions.%d", i), WordsNotInText)
	}
	s.Passed = append(s.Passed, PassedReview{s.Stage, a.By})
	s.Openness = d.Openness
	return SignOff, nil
}

func (r *SendingBack) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	// Whether the case may go there, the table decides.
	s.ReturnedFrom = s.Stage
	if s.Stage == ReturnReview {
		return r.To, nil
	}
	s.sendBack(r.To)
	if r.Edited != nil && !slices.Contains(underReview, r.To) { // there is no version in review there
		return "", wrongField("edited", StageNotEarlier)
	}
	return r.To, s.replaceText(r.Edited, a, f)
}

// replaceText puts another text in the place of the one in review (approve with edits). Whose reply it is does not change; but
// whoever edited it neither reviews it again nor signs it, like the drafter (R22). Reviews and countersignatures of those before
// stand; who would change what they passed sends it back to them. What must be mended before a review (R2–R5, R18) must be mended
// here too; reminders are the reviewer's own judgement.
func (s *State) replaceText(d *Draft, a Action, f Facts) *Refusal {
	switch {
	case d == nil:
		return nil
	case d.Version != s.Draft || f.Draft.SHA256() != s.DraftSHA256:
		return refuse(TextChanged)
	case d.SHA256() == s.DraftSHA256:
		return nil
	}
	text := *d
	findings := slices.DeleteFunc(ExamineDraft(text, *s, f), func(found Finding) bool {
		return found.Code == DraftNotAgreed || found.Mark != nil && (found.Mark.Level == replytext.ReminderMark || s.Late)
	})
	if len(findings) > 0 {
		return &Refusal{Code: DraftIncomplete, Findings: findings}
	}
	s.Draft, s.DraftSHA256 = f.Versions+1, text.SHA256()
	for _, by := range []PersonID{a.By, a.For} {
		if by != "" && !slices.Contains(s.Writers, by) {
			s.Writers = append(s.Writers, by)
		}
	}
	return nil
}

// sendBack takes away what was decided at the named stage and after it: it no longer stands.
func (s *State) sendBack(to Stage) {
	s.Passed = slices.DeleteFunc(s.Passed, func(p PassedReview) bool { return !p.Stage.Before(to) })
	if to.Before(SignOff) {
		s.Openness = ""
	}
	s.Signer, s.SignedOn = "", calendar.Date{}
	if to.Before(DivisionReview) { // another text is to come: nobody has looked at that one
		s.Draft, s.DraftSHA256, s.Writers = 0, "", nil
		s.Strands = slices.DeleteFunc(s.Strands, func(r Strand) bool { return r.Kind == CountersignStrand || r.Kind == AddedReviewStrand })
	}
	if to.Before(Drafting) {
		s.Consulted, s.Waived, s.Attempts = false, false, 0
	}
}

func (in *Signature) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if in.SHA256 != s.DraftSHA256 {
		return "", refuse(TextChanged)
	}
	if refusal := s.Unsettled(); refusal != nil {
		return "", refusal
	}
	s.Signer, s.SignedOn, s.SignedLead = a.By, official(a, f), s.Lead
	return Numbering, nil
}

// Unsettled is why the reply cannot be signed yet: somebody's opinion or agreement is awaited; nil if nobody's is. R5.
func (s *State) Unsettled() *Refusal {
	if open := s.open(OpinionStrand); len(open) > 0 {
		return &Refusal{Code: OpinionsOpen, Refs: open}
	}
	if open := append(s.open(CountersignStrand), s.open(AddedReviewStrand)...); len(open) > 0 {
		return &Refusal{Code: ReviewsOpen, Refs: open}
	}
	return nil
}

// open lists the strands of the kind that are not settled.
func (s *State) open(kind StrandKind) []string {
	var refs []string
	for _, r := range s.Strands {
		if r.Kind == kind && !r.Settled() {
			refs = append(refs, r.Ref)
		}
	}
	return refs
}

// farSerial is how far ahead of the next serial one is asked about: the series would go on from there.
const farSerial = 20

func (n *NumberAssignment) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	series := f.Pack.SeriesOf(s.Body, s.Handling)
	if series.Given == WithoutNumber {
		if n.Serial != 0 {
			return "", wrongField("serial", NoSerialGiven)
		}
		s.Number = DocumentNumber{Year: official(a, f).Year}
		return Dispatching, nil
	}
	serial, refusal := n.serial(series, s.Late, f)
	if refusal != nil {
		return "", refusal
	}
	s.Number = DocumentNumber{Series: series.Code, Year: official(a, f).Year, Serial: serial}
	return Dispatching, nil
}

// serial is the one that the reply gets: the next of our series, what another office gave, or what a late case has had for long.
func (n *NumberAssignment) serial(series NumberSeries, late bool, f Facts) (int, *Refusal) {
	outside := series.Given == OutsideNumber
	switch {
	case n.Serial == 0 && outside:
		return 0, wrongField("serial", FieldRequired)
	case n.Serial == 0:
		return f.NextSerial, nil
	case f.SerialUsed:
		return 0, wrongField("serial", SerialTaken)
	case outside:
		return n.Serial, nil
	case n.Serial != f.NextSerial && !late:
		return 0, &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "serial", Code: SerialSkips, Max: f.NextSerial}}}
	case n.Serial >= f.NextSerial+farSerial && !n.Sure:
		return 0, &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "serial", Code: FarOff, Max: f.NextSerial}}}
	}
	return n.Serial, nil
}

func (n *DispatchNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if len(n.Recipients) > 0 && s.Handling != CoHandling && f.Pack.Reply[s.Body].CoSigners == ReplyToEach {
		for _, name := range f.Proposers {
			if !slices.Contains(n.Recipients, name) {
				return "", wrongField("recipients", CoSignerLeftOut)
			}
		}
	}
	s.DispatchedOn = official(a, f)
	if standing := s.OpenStrand(SuspensionStrand); standing != nil { // the reply is out: nothing is waited for any more
		s.resume(standing.Ref, s.DispatchedOn, f)
	}
	if asked := s.OpenStrand(ExtensionStrand); asked != nil && asked.Status != StrandGranted { // nor is more time
		s.cancel(ExtensionStrand)
	}
	for _, c := range []*Clock{s.ReplyDue(), s.Clock(InternalClock), s.Clock(FirstContactClock)} {
		if c != nil {
			s.meet(c.Kind, c.Ref, s.DispatchedOn)
		}
	}
	if s.Handling == CoHandling {
		return Closing, nil
	}
	s.startFollowUp(f)
	s.Stage = Answered
	return s.settle(), nil // of a corrected reply nothing may be left to wait for
}

// startFollowUp begins what runs side by side once the reply is out: its publication, the deputy's rating, and each
// commitment that it makes.
func (s *State) startFollowUp(f Facts) {
	round := s.roundRef()
	if rated := s.Strand(FeedbackStrand, round); rated == nil || rated.Status == StrandCancelled { // who has rated the round is not asked again
		s.begin(Strand{Kind: FeedbackStrand, Ref: round, Status: StrandAsked})
		s.limit(FeedbackClock, round, LimitFeedback, s.DispatchedOn, f)
	}
	if s.Openness == ClosedReply {
		s.withhold(round, s.DispatchedOn, f)
	} else {
		s.begin(Strand{Kind: PublicationStrand, Ref: round, Status: StrandUnpublished})
		s.limit(PublicationClock, round, LimitPublication, s.DispatchedOn, f)
	}
	before := *s
	for i := range s.Strands {
		r := &s.Strands[i]
		if r.Kind == CommitmentStrand && strings.HasPrefix(r.Ref, round+".") && r.Status == StrandPromised { // the corrected reply promises in its place
			r.Status = StrandCancelled
			s.drop(CommitmentStrand, r.Ref)
		}
	}
	for i, promise := range f.Draft.Commitments {
		if promise.DueOn.IsZero() {
			continue
		}
		ref := before.PromiseRef(i)
		s.begin(Strand{Kind: CommitmentStrand, Ref: ref, Status: StrandPromised, Division: s.Lead, Person: s.Handler})
		s.set(CommitmentClock, ref, RulePromised, f.Calendar.On(promise.DueOn), f)
	}
}

// PromiseRef names the i-th promise of the reply that is about to go out, behind those of a reply that it corrects.
func (s State) PromiseRef(i int) string {
	last := 0
	for _, r := range s.StrandsOf(CommitmentStrand) {
		if round, n, _ := strings.Cut(r.Ref, "."); round == s.roundRef() {
			no, _ := strconv.Atoi(n)
			last = max(last, no)
		}
	}
	return fmt.Sprintf("%s.%d", s.roundRef(), last+i+1)
}

// withhold keeps a reply off the public site until it is looked at again (R11).
func (s *State) withhold(ref string, from calendar.Date, f Facts) {
	s.begin(Strand{Kind: PublicationStrand, Ref: ref, Status: StrandWithheld})
	s.limit(ReexamineClock, ref, LimitReexamine, from, f)
}

// roundRef names the round among strands.
func (s *State) roundRef() string { return fmt.Sprint(max(1, s.Round)) }

func (*UpwardReport) apply(s *State, a Action, f Facts) (Stage, *Refusal) { return Closing, nil }

func (*ClosureNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.ClosedOn = official(a, f)
	s.cancel(ReceiptStrand, UrgeStrand, ExtensionStrand)
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Open() && strandOf[c.Kind] == "" })
	return Closed, nil
}
