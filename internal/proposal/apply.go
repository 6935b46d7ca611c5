package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// State is everything about a case that decides what may happen next. It is small and holds ids, dates and decisions
// only: no names, no texts.
type State struct {
	Stage         Stage          `json:"stage"`
	Seq           int            `json:"seq"` // actions applied, rings included; 0 before registration
	Pack          string         `json:"pack"`
	Late          bool           `json:"late,omitempty"` // 补录
	AssignedOn    calendar.Date  `json:"assigned_on,omitzero"`
	KeySupervised bool           `json:"key_supervised,omitempty"`
	Secrecy       bool           `json:"secrecy,omitempty"`
	Lead          DivisionID     `json:"lead,omitempty"`
	CoHandling    []DivisionID   `json:"co_handling,omitempty"`
	Handler       PersonID       `json:"handler,omitempty"`
	Attempts      int            `json:"attempts,omitempty"` // to reach the deputy, this round
	Consulted     bool           `json:"consulted,omitempty"`
	Waived        bool           `json:"waived,omitempty"`
	Draft         int            `json:"draft,omitempty"`        // the version in review or signed; 0 while drafting
	DraftSHA256   string         `json:"draft_sha256,omitempty"` // of that version
	Drafter       PersonID       `json:"drafter,omitempty"`
	Passed        []Pass         `json:"passed,omitempty"`   // reviews that stand, for that version
	Openness      Openness       `json:"openness,omitempty"` // decided for that version
	Signer        PersonID       `json:"signer,omitempty"`
	SignedOn      calendar.Date  `json:"signed_on,omitzero"`
	Number        DocumentNumber `json:"number,omitzero"`
	DispatchedOn  calendar.Date  `json:"dispatched_on,omitzero"`
	PublishedOn   calendar.Date  `json:"published_on,omitzero"`
	ClosedOn      calendar.Date  `json:"closed_on,omitzero"`
	Clocks        []Clock        `json:"clocks,omitempty"`
	ReturnedFrom  Stage          `json:"returned_from,omitempty"` // set while the case waits for what was sent back
	Last          LastAct        `json:"last,omitzero"`           // the last action of a person
}

// Pass is one review that stands.
type Pass struct {
	Stage Stage    `json:"stage"`
	By    PersonID `json:"by"`
}

// LastAct tells the loser of a race who won.
type LastAct struct {
	Seq  int       `json:"seq"`
	Kind Kind      `json:"kind"`
	By   PersonID  `json:"by"`
	At   time.Time `json:"at"` // UTC
}

// lastOfficial is the latest official date that the case bears. What comes after it in the process cannot lie before it:
// no letter is sent before it was signed.
func (s State) lastOfficial() calendar.Date {
	return slices.MaxFunc([]calendar.Date{s.AssignedOn, s.SignedOn, s.DispatchedOn, s.PublishedOn}, calendar.Date.Compare)
}

func (s State) reviewers() []PersonID {
	var by []PersonID
	for _, p := range s.Passed {
		by = append(by, p.By)
	}
	return by
}

// Facts are what Apply needs to know beyond the state. Whoever calls Apply loads them under the case's lock.
type Facts struct {
	Now        time.Time
	Calendar   *calendar.Calendar
	Pack       *Pack
	Actor      Person
	ClaimedBy  PersonID     // who has claimed the open task; empty if nobody
	Divisions  []DivisionID // those of the bureau that the input names
	Named      Person       // the person that the input names
	Points     int          // confirmed points of the case
	Draft      Draft        // the version that a Submission names
	NextSerial int          // of the reply series in the year of the letter
	SerialUsed bool         // the serial that a late registration brings is taken
}

// Today is the day in Shanghai.
func (f Facts) Today() calendar.Date { return calendar.DateOf(f.Now) }

// Mentions are what Facts must be loaded for: the divisions, the person, the draft version that an input names.
type Mentions struct {
	Divisions []DivisionID
	Person    PersonID
	Draft     int
	Number    bool          // a document number is wanted
	Serial    int           // the serial that a late registration brings
	On        calendar.Date // whose year the series belongs to, empty: today
}

// Mentions tells what the action names.
func (a Action) Mentions() Mentions {
	switch in := a.Input.(type) {
	case *RoutingOpinion:
		return Mentions{Divisions: append([]DivisionID{in.Lead}, in.CoHandling...)}
	case *DivisionRefusal:
		return Mentions{Divisions: []DivisionID{in.Suggested}}
	case *Acceptance:
		return Mentions{Person: in.Handler}
	case *Submission:
		return Mentions{Draft: in.Version}
	case *NumberAssignment:
		return Mentions{Number: true, Serial: in.Serial, On: a.On}
	}
	return Mentions{}
}

// Apply is the one door through which a case changes: it returns the state after the action, or a *Refusal and the state
// unchanged. It is pure: the same arguments give the same answer.
func Apply(s State, a Action, f Facts) (State, error) {
	if err := a.Check(); err != nil {
		return s, err
	}
	row, ok := transition(a.Kind, s.Stage)
	if !ok {
		return s, s.elsewhere(a.Kind)
	}
	if a.Kind != Ring {
		if refusal := permit(row, s, a, f); refusal != nil {
			return s, refusal
		}
	}
	next := s.clone()
	to, refusal := a.Input.apply(&next, a, f)
	if refusal != nil {
		return s, refusal
	}
	if !slices.Contains(row.To, to) {
		return s, wrongField("to", NotEarlier)
	}
	next.Stage = to
	next.Seq = s.Seq + 1
	if a.Kind != Ring {
		next.Last = LastAct{Seq: next.Seq, Kind: a.Kind, By: a.By, At: f.Now.UTC()}
		if to != s.Stage && a.Kind != SendBack && a.Kind != Refuse {
			next.ReturnedFrom = ""
		}
	}
	return next, nil
}

// permit checks everything about the actor and the moment that does not depend on what the action says.
func permit(row Transition, s State, a Action, f Facts) *Refusal {
	switch {
	case a.BaseSeq < 0 || a.BaseSeq > s.Seq:
		return wrongField("base_seq", Malformed)
	case a.BaseSeq > 0 && a.BaseSeq < s.Last.Seq:
		return s.acted(Stale)
	}
	if refusal := row.Who.may(f.Actor, s, f.Pack); refusal != nil {
		return refusal
	}
	if refusal := separate(a.Kind, a.By, s); refusal != nil {
		return refusal
	}
	if f.ClaimedBy != "" && f.ClaimedBy != a.By {
		return &Refusal{Code: ClaimedByOther, By: f.ClaimedBy}
	}
	if !a.On.IsZero() {
		late, since := s.Late, s.lastOfficial()
		if in, ok := a.Input.(*Registration); ok {
			late, since = in.Late, in.AssignedOn
		}
		switch {
		case !late && a.On != f.Today():
			return wrongField("on", LateOnly)
		case a.On.After(f.Today()):
			return wrongField("on", InFuture)
		case a.On.Before(since):
			return &Refusal{Code: Invalid, Fields: []FieldError{{Field: "on", Code: BeforeStart, Date: since}}}
		}
	}
	return nil
}

func (s State) elsewhere(kind Kind) *Refusal {
	if kind == Register {
		return s.acted(AlreadyRegistered)
	}
	if s.Stage == Unregistered {
		return refuse(NotFound)
	}
	return s.acted(NotInStage)
}

// acted makes a refusal that tells who acted last, when, and where the case is now.
func (s State) acted(code Code) *Refusal {
	return &Refusal{Code: code, By: s.Last.By, At: s.Last.At, Did: s.Last.Kind, Stage: s.Stage}
}

func (s State) clone() State {
	s.CoHandling = slices.Clone(s.CoHandling)
	s.Passed = slices.Clone(s.Passed)
	s.Clocks = slices.Clone(s.Clocks)
	return s
}

func (r *Registration) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if r.AssignedOn.After(f.Today()) {
		return "", wrongField("assigned_on", InFuture)
	}
	s.Pack = f.Pack.ID
	s.Late, s.AssignedOn = r.Late, r.AssignedOn
	s.KeySupervised, s.Secrecy = r.KeySupervised, r.Secrecy
	rule, span := string(ReplyClock), f.Pack.span(string(ReplyClock), r.AssignedOn, f.Calendar)
	if !r.DueOn.IsZero() {
		rule, span = RuleNamedDay, f.Calendar.On(r.DueOn)
	}
	s.set(ReplyClock, rule, span, f.Today())
	return Registered, nil
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
	legal := s.Clock(ReplyClock)
	reply := legal.Due()
	rule, due := string(InternalClock), f.Pack.InternalDue(reply, f.Calendar)
	if due.Before(s.AssignedOn) { // a day was named that leaves no room for one of our own
		rule, due = legal.Rule, reply
	}
	if !r.InternalDue.IsZero() && r.InternalDue != due {
		rule, due = RuleChosenDay, r.InternalDue
	}
	switch {
	case due.After(reply):
		c = append(c, FieldError{Field: "internal_due", Code: AfterLegal, Date: reply})
	case due.Before(s.AssignedOn):
		c = append(c, FieldError{Field: "internal_due", Code: BeforeStart, Date: s.AssignedOn})
	case rule == RuleChosenDay && due.Before(f.Today()) && !s.Late:
		c.add("internal_due", InPast)
	}
	if len(c) > 0 {
		return "", &Refusal{Code: Invalid, Fields: c}
	}
	s.Lead, s.CoHandling = r.Lead, slices.Clone(r.CoHandling)
	s.set(InternalClock, rule, f.Calendar.On(due), f.Today())
	return Assigning, nil
}

func (*Instruction) apply(*State, Action, Facts) (Stage, *Refusal) { return Accepting, nil }

func (in *Acceptance) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Named.ID != in.Handler || f.Named.Division != s.Lead || !f.Named.Has(Handler) {
		return "", wrongField("handler", NotInBureau)
	}
	if in.Handler == a.By {
		return "", wrongField("handler", ReviewsIt)
	}
	s.Handler = in.Handler
	return Consulting, nil
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
		return "", wrongField("at", InFuture)
	}
	if !v.At.IsZero() && calendar.DateOf(v.At).Before(s.AssignedOn) {
		return "", &Refusal{Code: Invalid, Fields: []FieldError{{Field: "at", Code: BeforeStart, Date: s.AssignedOn}}}
	}
	if v.Outcome == CallBack && v.CallBackAt.Before(f.Now) && !s.Late {
		return "", wrongField("call_back_at", InPast)
	}
	s.Attempts++
	if v.Outcome == Reached && slices.Contains(f.Pack.Contact.CountingModes, v.Mode) {
		s.Consulted = true
		return Drafting, nil
	}
	return Consulting, nil
}

func (*ConsultationWaiver) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if need := f.Pack.Contact.AttemptsBeforeWaive; s.Attempts < need {
		return "", &Refusal{Code: TooFewAttempts, Have: s.Attempts, Need: need}
	}
	s.Waived = true
	return Drafting, nil
}

func (in *Submission) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if f.Draft.Version != in.Version {
		return "", refuse(NotFound)
	}
	if f.Draft.SHA256() != in.SHA256 {
		return "", refuse(TextChanged)
	}
	if findings := CheckDraft(f.Draft, *s, f.Points, f.Pack); len(findings) > 0 {
		return "", &Refusal{Code: DraftIncomplete, Findings: findings}
	}
	s.Draft, s.DraftSHA256, s.Drafter = in.Version, in.SHA256, a.By
	return DivisionReview, nil
}

func (*ReviewPass) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.Passed = append(s.Passed, Pass{s.Stage, a.By})
	if s.Stage == DivisionReview {
		return OfficeReview, nil
	}
	return OpennessReview, nil
}

func (d *OpennessDecision) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if d.Openness == Open && s.Secrecy {
		return "", wrongField("openness", Blocked)
	}
	if _, ok := f.Pack.Ground(d.Ground); d.Openness == ClosedText && !ok {
		return "", wrongField("ground", UnknownValue)
	}
	s.Passed = append(s.Passed, Pass{s.Stage, a.By})
	s.Openness = d.Openness
	return SignOff, nil
}

func (r *Return) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	// Whether the case may go there, the table decides.
	s.ReturnedFrom = s.Stage
	// What was decided at the named stage and after it no longer stands.
	s.Passed = slices.DeleteFunc(s.Passed, func(p Pass) bool { return !p.Stage.Before(r.To) })
	if r.To.Before(SignOff) {
		s.Openness = ""
	}
	s.Signer, s.SignedOn = "", calendar.Date{}
	if r.To.Before(DivisionReview) {
		s.Draft, s.DraftSHA256 = 0, ""
	}
	if r.To.Before(Drafting) {
		s.Consulted, s.Waived, s.Attempts = false, false, 0
	}
	return r.To, nil
}

func (in *Signature) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if in.SHA256 != s.DraftSHA256 {
		return "", refuse(TextChanged)
	}
	s.Signer, s.SignedOn = a.By, official(a, f)
	return Numbering, nil
}

func (n *NumberAssignment) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	serial := f.NextSerial
	if n.Serial != 0 {
		switch {
		case f.SerialUsed:
			return "", wrongField("serial", SerialTaken)
		case n.Serial != f.NextSerial && !s.Late:
			return "", &Refusal{Code: Invalid, Fields: []FieldError{{Field: "serial", Code: SerialSkips, Max: f.NextSerial}}}
		}
		serial = n.Serial
	}
	s.Number = DocumentNumber{Series: f.Pack.Series, Year: official(a, f).Year, Serial: serial}
	return Dispatching, nil
}

func (*DispatchNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.DispatchedOn = official(a, f)
	s.meet(ReplyClock, s.DispatchedOn)
	s.meet(InternalClock, s.DispatchedOn)
	if s.Openness != Open {
		return Closing, nil
	}
	rule := string(PublicationClock)
	s.set(PublicationClock, rule, f.Pack.span(rule, s.DispatchedOn, f.Calendar), f.Today())
	return Publishing, nil
}

func (p *PublicationOrder) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	if p.SHA256 != s.DraftSHA256 {
		return "", refuse(TextChanged)
	}
	s.PublishedOn = official(a, f)
	s.meet(PublicationClock, s.PublishedOn)
	return Closing, nil
}

func (*ClosureNote) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	s.ClosedOn = official(a, f)
	return Closed, nil
}

func (r *RungClock) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	clock := s.Clock(r.Clock)
	if clock == nil || !clock.Armed() || f.Now.Before(clock.RingsAt()) {
		return "", refuse(NotDue)
	}
	clock.Rung = f.Now.UTC()
	return s.Stage, nil
}
