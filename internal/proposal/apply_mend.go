package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// apply corrects a fact, and all that follows from it. A reply that is on its way says something else now: one whose text does
// not fit any more is written again, and a signature does not stand for what it was not under (R6). A reply that was sent stays
// what it is; what was wrong in it, a corrected reply says.
func (in *Amendment) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	by := f.Actor
	if a.For != "" {
		by, _ = f.Actor.As(a.For)
	}
	if !slices.Contains(f.Pack.MayCorrect(*s, by), in.Fact) {
		return "", wrongField("fact", NotYoursToMend)
	}
	f.Register = s.Register(f.Register)
	is := f.Register
	if !is.Correct(in.Fact, in.Value) {
		return "", wrongField("value", FieldMalformed)
	}
	if is.Says(in.Fact) == f.Register.Says(in.Fact) {
		return "", wrongField("value", Unchanged)
	}
	wrong := in.wrong(&is)
	if len(wrong) == 0 {
		wrong = in.against(&is, *s, f)
	}
	if len(wrong) > 0 {
		return "", &Refusal{Code: InvalidInput, Fields: wrong}
	}
	key := is.RegisterKey.Canonical()
	s.Body, s.Level, s.Intersession, s.Proposer, s.AssignedOn = key.Body, key.Level, key.Intersession, is.Proposer, is.AssignedOn
	if in.Fact.restarts() {
		s.restart(&is, f)
	}
	stage := s.Stage
	switch in.Fact {
	case FactInternalDue:
		s.set(InternalClock, "", RuleChosenDay, f.Calendar.On(is.InternalDue), f)
	case FactDispatchedOn:
		s.sentOn(is.DispatchedOn, f)
	case FactHandling:
		s.Handling = is.HandlingType
		s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Kind != ReceiptClock })
		s.startClocks(&is.Registration, f)
	case FactKey, FactMoney:
		if in.Value == yes && s.Draft > 0 { // whoever is to look at it more closely is asked by Tighten
			return "", wrongField("value", PublicationBlocked)
		}
		s.KeySupervised, s.Money = is.KeySupervised, is.Money
		if s.Draft > 0 && s.Stage.Before(Numbering) {
			stage = f.Pack.nextReview(*s)
		}
	case FactSecrecy:
		if is.Secrecy {
			return (&SecrecyRequest{Reason: in.Reason, Cleared: s.Cleared}).apply(s, a, f)
		}
		s.Secrecy = false
	case FactOurs:
		s.Ours = is.Ours
	}
	if s.Archive != nil {
		s.take(is.Archive)
	}
	if in.Fact.OnReply(s.Handling) && s.Draft > 0 && s.Stage.Before(Answered) {
		stage = s.readdress(&is, f)
	}
	return stage, nil
}

// Register is what the register says, with what the state knows better than its row.
func (s State) Register(r RegisterRow) RegisterRow {
	r.AssignedOn, r.HandlingType, r.KeySupervised, r.Money, r.Secrecy = s.AssignedOn, s.Handling, s.KeySupervised, s.Money, s.Secrecy
	r.CoSigners, r.Points, r.Ours = slices.Clone(r.CoSigners), slices.Clone(r.Points), slices.Clone(s.Ours)
	if s.Archive != nil {
		r.Archive = *s.Archive
	}
	r.DueOn, r.InternalDue, r.DispatchedOn = calendar.Date{}, calendar.Date{}, s.DispatchedOn
	if c := s.Clock(ReplyClock); c != nil && c.Rule == RuleNamedDay {
		r.DueOn = c.Span.End
	}
	if c := s.Clock(InternalClock); c != nil {
		r.InternalDue = c.Due()
	}
	return r
}

// against is what speaks against the corrected fact in the case as it stands.
func (in *Amendment) against(r *RegisterRow, s State, f Facts) []FieldError {
	if in.Fact.OfArchive() {
		return in.againstFile(r, s, f)
	}
	var c checker
	switch in.Fact {
	case FactAssignedOn:
		done := s.firstOfficial()
		switch {
		case r.AssignedOn.After(f.Today()):
			c.add("value", DayInFuture)
		case !done.IsZero() && r.AssignedOn.After(done):
			c = append(c, FieldError{Field: "value", Code: AfterDone, Date: done})
		case !in.Sure && f.far(r.AssignedOn, s.Late):
			c = append(c, FieldError{Field: "value", Code: FarOff, Date: f.Today()})
		}
	case FactDueOn:
		switch {
		case s.Clock(ReplyClock) == nil:
			c.add("value", PublicationBlocked)
		case !in.Sure && !r.DueOn.IsZero() && f.farAhead(r.DueOn, r.AssignedOn):
			c = append(c, FieldError{Field: "value", Code: FarOff, Date: r.AssignedOn})
		}
	case FactInternalDue:
		legal := s.ReplyDue()
		switch {
		case r.InternalDue.IsZero():
			c.add("value", FieldRequired)
		case legal != nil && r.InternalDue.After(legal.Due()):
			c = append(c, FieldError{Field: "value", Code: DayAfterLegal, Date: legal.Due()})
		case r.InternalDue.Before(s.AssignedOn):
			c = append(c, FieldError{Field: "value", Code: DayBeforeStart, Date: s.AssignedOn})
		case s.Clock(InternalClock) == nil:
			c.add("value", PublicationBlocked)
		}
	case FactDispatchedOn:
		switch done := s.firstAfterSending(); {
		case r.DispatchedOn.IsZero():
			c.add("value", FieldRequired)
		case r.DispatchedOn.After(f.Today()):
			c.add("value", DayInFuture)
		case r.DispatchedOn.Before(s.SignedOn):
			c = append(c, FieldError{Field: "value", Code: DayBeforeStart, Date: s.SignedOn})
		case !done.IsZero() && r.DispatchedOn.After(done):
			c = append(c, FieldError{Field: "value", Code: AfterDone, Date: done})
		}
	case FactPoints:
		if len(r.Points) == 0 || slices.ContainsFunc(s.Ours, func(n int) bool { return n > len(r.Points) }) {
			c.add("value", FieldRequired)
		}
	case FactOurs:
		if slices.ContainsFunc(r.Ours, func(n int) bool { return n > len(r.Points) }) {
			c.add("value", UnknownValue)
		}
	}
	return c
}

// againstFile is what speaks against a fact of a case that was over when it was entered.
func (in *Amendment) againstFile(r *RegisterRow, s State, f Facts) []FieldError {
	if in.Fact == FactRepliedOn && !r.ClosedOn.IsZero() && r.RepliedOn.After(r.ClosedOn) {
		return []FieldError{{Field: "value", Code: AfterDone, Date: r.ClosedOn}}
	}
	if number, _ := ParseDocumentNumber(r.ReplyNumber); number == s.Number { // written otherwise: it is its own
		f.SerialUsed = false
	}
	r.Sure = in.Sure
	return in.ofFact(r.wrongInFile(f))
}

// firstOfficial is the earliest official day on which something was done in the case; no date if nothing was.
func (s State) firstOfficial() calendar.Date {
	dates := []calendar.Date{s.SignedOn, s.DispatchedOn, s.PublishedOn, s.ClosedOn}
	for _, c := range s.Clocks {
		dates = append(dates, c.Met)
	}
	return earliest(dates)
}

// earliest leaves out what is no date.
func earliest(dates []calendar.Date) (first calendar.Date) {
	for _, d := range dates {
		if !d.IsZero() && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	return first
}

// firstAfterSending is the earliest day on which something was done with the reply of this round once it was out; no date if nothing was.
func (s State) firstAfterSending() calendar.Date {
	dates := []calendar.Date{s.PublishedOn, s.ClosedOn}
	if c := s.ClockOf(FeedbackClock, s.roundRef()); c != nil {
		dates = append(dates, c.Met)
	}
	return earliest(dates)
}

// sentOn puts another day in the place of that on which the reply of this round went out: what it met, it met on that day, and what is
// counted from it is counted again.
func (s *State) sentOn(on calendar.Date, f Facts) {
	was := s.DispatchedOn
	s.DispatchedOn = on
	for _, c := range []*Clock{s.ReplyDue(), s.Clock(InternalClock), s.Clock(FirstContactClock)} {
		if c != nil && c.Met == was {
			c.Met = on
		}
	}
	for i := range s.Clocks {
		c := &s.Clocks[i]
		follows := c.Kind == FeedbackClock || c.Kind == PublicationClock || c.Kind == ReexamineClock
		if !follows || c.Ref != s.roundRef() || c.Span.Start != was {
			continue
		}
		due := c.Due()
		c.Span = f.Pack.span(c.Rule, *s, on, f.Calendar)
		if c.Open() && c.Due() != due {
			c.wind(f)
		}
	}
}

// restart counts again what runs from the assignment. A day that an extension or a suspension gave stands; a clock that was met is
// shown with the day by which it would have been due.
func (s *State) restart(r *RegisterRow, f Facts) {
	rule := LimitReply
	if s.Handling == CoHandling {
		rule = LimitOpinion
	}
	for i := range s.Clocks {
		c := &s.Clocks[i]
		was := c.Due()
		switch c.Kind {
		case ReplyClock:
			if c.Rule, c.Span = rule, f.Pack.span(rule, *s, s.AssignedOn, f.Calendar); !r.DueOn.IsZero() {
				c.Rule, c.Span = RuleNamedDay, f.Calendar.On(r.DueOn)
			}
		case ReturnClock:
			c.Span = f.Pack.span(LimitReturn, *s, s.AssignedOn, f.Calendar)
		case ReceiptClock:
			c.Span = f.Pack.span(LimitReceipt, *s, s.AssignedOn, f.Calendar)
		case FirstContactClock:
			c.Span = f.Pack.span(LimitFirstContact, *s, s.AssignedOn, f.Calendar)
		case InternalClock:
			if c.Rule == LimitInternal && s.Round <= 1 {
				c.Span = f.Calendar.On(f.Pack.InternalDue(*s, s.ReplyDue().Due(), f.Calendar))
			}
		}
		if c.Open() && c.Due() != was {
			c.wind(f)
		}
	}
}

// readdress is where a reply goes that is to say another name, title or number above its text.
func (s *State) readdress(r *RegisterRow, f Facts) Stage {
	switch {
	case len(s.newlyFound(r, f)) > 0:
		s.ReturnedFrom = s.Stage
		s.void()
		s.sendBack(Drafting)
		return Drafting
	case s.Stage == Numbering || s.Stage == Dispatching:
		s.ReturnedFrom = s.Stage
		s.void()
		s.Signer, s.SignedOn = "", calendar.Date{}
		return SignOff
	}
	return s.Stage
}

// newlyFound is what must be mended in the text once the register says something else.
func (s *State) newlyFound(r *RegisterRow, f Facts) []Finding {
	found := func(r *RegisterRow) []Finding {
		f.Entry = r.Entry()
		return slices.DeleteFunc(ExamineDraft(f.Draft, *s, f), func(x Finding) bool { return x.Mark == nil || x.Mark.Level == replytext.ReminderMark || s.Late })
	}
	before := found(&f.Register)
	return slices.DeleteFunc(found(r), func(x Finding) bool {
		return slices.ContainsFunc(before, func(o Finding) bool { return o.Mark.Key() == x.Mark.Key() })
	})
}

// void takes the number from a reply that was not sent. The record keeps it.
func (s *State) void() { s.Number = DocumentNumber{} }

// Entry is what the register says, for the checks of a text.
func (r RegisterRow) Entry() replytext.RegisterEntry {
	phone := r.DeputyContact
	if r.SecondContact != "" {
		phone += " " + r.SecondContact
	}
	return replytext.RegisterEntry{Key: r.RegisterKey, Title: assembly.TitleAsAssigned(r.Title), Deputies: append([]string{r.LeadDeputy}, r.CoSigners...), Phone: phone}
}

// apply brings back what the end took away: the case stands where it stood, and its deadlines run as if it had never ended. One
// that was assigned to us again begins anew.
func (r *Reopening) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	switch {
	case !r.AssignedOn.IsZero() && s.Stage != Returned:
		return "", wrongField("assigned_on", NotForReturn)
	case !r.AssignedOn.IsZero():
		return r.again(s, f)
	case s.Archive != nil: // it was not over when it was entered: it is handled from the beginning
		s.Archive, s.Lead, s.Number = nil, "", DocumentNumber{}
		s.DispatchedOn, s.ClosedOn = calendar.Date{}, calendar.Date{}
		register := s.Register(f.Register)
		s.startClocks(&register.Registration, f)
		return Registered, nil
	case s.Stage == Closed:
		s.ClosedOn, s.Handler = calendar.Date{}, ""
		return Closing, nil
	case f.Before.Stage == Unregistered:
		return "", refuse(NotUndoable)
	}
	return s.back(f), nil
}

// again is another assignment of a case that the assigning body had taken back.
func (r *Reopening) again(s *State, f Facts) (Stage, *Refusal) {
	switch {
	case r.AssignedOn.After(f.Today()):
		return "", wrongField("assigned_on", DayInFuture)
	case r.AssignedOn.Before(s.ClosedOn):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "assigned_on", Code: DayBeforeStart, Date: s.ClosedOn}}}
	case !r.Sure && !r.DueOn.IsZero() && f.farAhead(r.DueOn, r.AssignedOn):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "due_on", Code: FarOff, Date: r.AssignedOn}}}
	}
	register := f.Register
	register.AssignedOn, register.DueOn = r.AssignedOn, r.DueOn
	s.AssignedOn, s.ClosedOn, s.ReturnRefused = r.AssignedOn, calendar.Date{}, false
	s.Lead, s.CoHandling, s.CoHandled, s.Handler, s.Clocks = "", nil, false, "", nil
	s.awaitReceipt(f)
	s.startClocks(&register.Registration, f)
	return Registered, nil
}

// back is the case as it stood before the step that f.Before precedes, with what has become of its promises and publications since.
// Bells that would have rung meanwhile say nothing that is still true.
func (s *State) back(f Facts) Stage {
	now := *s
	*s = f.Before.clone()
	s.Prior, s.Last, s.UrgedOn = nil, now.Last, now.UrgedOn
	for _, r := range now.Strands {
		switch {
		case r.Kind == CommitmentStrand:
			s.begin(r)
			s.takeOver(CommitmentClock, r.Ref, now)
		case r.Status == StrandReceived:
			s.begin(r)
			s.takeOver(ReceiptClock, r.Ref, now)
		case r.Status == StrandTakenDown:
			s.begin(r)
			s.takeOver(PublicationClock, r.Ref, now)
		case s.Strand(r.Kind, r.Ref) == nil && r.Done():
			s.begin(r)
		case s.Strand(r.Kind, r.Ref) == nil: // it was asked for what is taken back
			r.Status = StrandCancelled
			s.begin(r)
		}
	}
	s.Body, s.Level, s.Intersession, s.Proposer, s.KeySupervised, s.Money = now.Body, now.Level, now.Intersession, now.Proposer, now.KeySupervised, now.Money
	s.Consulted = s.Consulted && slices.ContainsFunc(f.Talks, f.Pack.Contact.reached) // the talk may have been corrected since
	s.Attempts = min(s.Attempts, len(f.Talks))
	s.takeOver(FirstContactClock, "", now)
	s.Leader, s.Merged, s.Cleared = now.Leader, now.Merged, slices.Clone(now.Cleared)
	if s.AssignedOn != now.AssignedOn {
		s.AssignedOn = now.AssignedOn
		register := now.Register(f.Register)
		s.restart(&register, f)
	}
	if now.Secrecy {
		s.keepSecret(f.Today(), f)
	}
	s.Secrecy = now.Secrecy
	for i := range s.Clocks {
		if c := &s.Clocks[i]; c.Armed() && c.Kind != CommitmentClock && c.RingsAt().Before(f.Now) {
			c.wind(f)
		}
	}
	s.callBack(time.Time{}, f)
	return s.Stage
}

// takeOver puts a clock as it stands in another state in the place of the own; where it was dropped there, it is dropped.
func (s *State) takeOver(kind ClockKind, ref string, from State) {
	s.Clocks = slices.DeleteFunc(s.Clocks, func(o Clock) bool { return o.Kind == kind && o.Ref == ref })
	if c := from.ClockOf(kind, ref); c != nil {
		s.Clocks = append(s.Clocks, *c)
	}
}

// apply takes the number from a reply that has not gone out: it is numbered again, signed again, or written again.
func (v *Voiding) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.ReturnedFrom = s.Stage
	s.void()
	if v.To != Numbering {
		s.sendBack(v.To)
	}
	return v.To, nil
}

// apply begins the reply that takes the place of one that was sent. The one that was sent, its number and its rating stand; what is
// published stays until the new one is; what was to be published of it is not, and who has not rated it is asked about the new one.
func (c *ReplyCorrection) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if s.Stage.Ended() {
		s.Handler = "" // who had it need not be there any more
	}
	s.Corrects = s.Number
	s.cancel(PublicationStrand, FeedbackStrand)
	s.sendBack(Drafting)
	s.Drafter, s.DraftTold = "", 0
	s.Number, s.DispatchedOn, s.PublishedOn, s.ClosedOn = DocumentNumber{}, calendar.Date{}, calendar.Date{}, calendar.Date{}
	s.ReturnedFrom = ""
	return s.draftOrTalk(), nil
}

// apply puts another rating in the place of the one that was entered. A round that only the wrong one opened is given up while no
// reply of it was sent; one that the right one asks for begins.
func (r *RatingCorrection) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	strand := s.Strand(FeedbackStrand, a.strand)
	was, current := strand.Status, a.strand == s.roundRef()
	if refusal := r.Feedback.admits(a, f); refusal != nil {
		return "", refusal
	}
	strand.By = a.By
	dissatisfied := r.Result == NotSatisfied
	switch {
	case !current && !dissatisfied && was == StrandDissatisfied: // the round that it opened
		if f.Before.Stage == Unregistered || !s.DispatchedOn.IsZero() || s.Corrects != (DocumentNumber{}) || f.Before.roundRef() != a.strand || s.Round != f.Before.Round+1 {
			return "", refuse(NotUndoable)
		}
		by, attempts := strand.By, s.Attempts
		s.back(f)
		s.Attempts = min(s.Attempts+attempts, len(f.Talks)) // the talks of a round that is none stay on record, and are of this one
		s.Talked = s.Talked || attempts > 0
		rated := s.Strand(FeedbackStrand, a.strand)
		rated.Status, rated.By = StrandRated, by
		s.meet(FeedbackClock, a.strand, official(a, f))
		return s.settle(), nil
	case !current && dissatisfied != (was == StrandDissatisfied):
		return "", refuse(NotUndoable)
	case current && dissatisfied && was == StrandRated:
		if s.Stage.Before(Answered) {
			return "", refuse(NotUndoable)
		}
		strand.Status = StrandDissatisfied
		return s.rehandle(a, f), nil
	case current && !dissatisfied && was == StrandDissatisfied:
		strand.Status = StrandRated
		if s.Stage == ReportingUp {
			s.Stage = Answered
			return s.settle(), nil
		}
	}
	return s.Stage, nil
}
