package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// State is everything about a case that decides what may happen next. It is small and holds ids, dates and decisions
// only: no names, no texts.
type State struct {
	Stage         Stage                 `json:"stage"`
	Seq           int                   `json:"seq"`             // actions applied, bells included; 0 before registration
	Round         int                   `json:"round,omitempty"` // 0 and 1: the first; then one for each rehandling (R13)
	Pack          string                `json:"pack"`
	Body          assembly.Body         `json:"body,omitempty"`
	Level         assembly.Level        `json:"level,omitempty"`
	Proposer      assembly.ProposerKind `json:"proposer,omitempty"`
	Intersession  bool                  `json:"intersession,omitempty"`
	Handling      HandlingType          `json:"handling,omitempty"`
	Late          bool                  `json:"late,omitempty"`    // 补录
	Archive       *Archive              `json:"archive,omitempty"` // of a case that was over when it was entered
	AssignedOn    calendar.Date         `json:"assigned_on,omitzero"`
	KeySupervised bool                  `json:"key_supervised,omitempty"`
	Money         bool                  `json:"money,omitempty"`
	Leader        PersonID              `json:"leader,omitempty"` // who supervises a key case
	Secrecy       bool                  `json:"secrecy,omitempty"`
	Cleared       []PersonID            `json:"cleared,omitempty"` // who may read the deputy's name all the same
	ReturnRefused bool                  `json:"return_refused,omitempty"`
	Merged        string                `json:"merged,omitempty"` // id of the case that leads the group (并案)
	Lead          DivisionID            `json:"lead,omitempty"`
	CoHandling    []DivisionID          `json:"co_handling,omitempty"`
	CoHandled     bool                  `json:"co_handled,omitempty"` // Lead was a co-handling division before it led
	Handler       PersonID              `json:"handler,omitempty"`
	Ours          []int                 `json:"ours,omitempty"`     // of a split case: the points that are ours; empty: all
	Attempts      int                   `json:"attempts,omitempty"` // to reach the deputy, this round
	Talked        bool                  `json:"talked,omitempty"`   // an attempt is on record, of whatever round
	Consulted     bool                  `json:"consulted,omitempty"`
	Waived        bool                  `json:"waived,omitempty"`
	DraftTold     int                   `json:"draft_told,omitempty"`   // the newest version that the deputy did not agree to; 0: none
	Draft         int                   `json:"draft,omitempty"`        // the version in review or signed; 0 while drafting
	DraftSHA256   string                `json:"draft_sha256,omitempty"` // of that version
	Drafter       PersonID              `json:"drafter,omitempty"`
	Writers       []PersonID            `json:"writers,omitempty"`  // who else saved or edited that text: they neither review nor sign it
	Passed        []PassedReview        `json:"passed,omitempty"`   // reviews that stand, for that version
	Openness      Openness              `json:"openness,omitempty"` // decided for that version
	Signer        PersonID              `json:"signer,omitempty"`
	SignedOn      calendar.Date         `json:"signed_on,omitzero"`
	SignedLead    DivisionID            `json:"signed_lead,omitempty"` // which led when it was signed, and stands on the letter
	Number        DocumentNumber        `json:"number,omitzero"`
	Corrects      DocumentNumber        `json:"corrects,omitzero"` // the number of the reply of this round that was sent and found wrong
	DispatchedOn  calendar.Date         `json:"dispatched_on,omitzero"`
	PublishedOn   calendar.Date         `json:"published_on,omitzero"`
	ClosedOn      calendar.Date         `json:"closed_on,omitzero"` // also of a return and a withdrawal
	UrgedOn       calendar.Date         `json:"urged_on,omitzero"`
	Clocks        []Clock               `json:"clocks,omitempty"`
	Strands       []Strand              `json:"strands,omitempty"`       // what runs beside, in the order it began
	ReturnedFrom  Stage                 `json:"returned_from,omitempty"` // set while the case waits for what was sent back
	Last          LastAct               `json:"last,omitzero"`           // the last action of a person on the case itself
	Prior         *State                `json:"prior,omitempty"`         // before that action, while it may be recalled
}

// PassedReview is one review that stands.
type PassedReview struct {
	Stage Stage    `json:"stage"`
	By    PersonID `json:"by"`
}

// LastAct is what somebody did last: it tells the loser of a race who won.
type LastAct struct {
	Seq  int       `json:"seq"`
	Kind Kind      `json:"kind"`
	By   PersonID  `json:"by"`
	At   time.Time `json:"at"` // UTC
}

// lastOfficial is the latest official date that the case bears. What comes after it in the process cannot lie before it:
// no reply is sent before it was signed.
func (s State) lastOfficial() calendar.Date {
	return slices.MaxFunc([]calendar.Date{s.AssignedOn, s.SignedOn, s.DispatchedOn, s.PublishedOn}, calendar.Date.Compare)
}

func (s State) reviewers() []PersonID {
	var by []PersonID
	for _, p := range s.Passed {
		by = append(by, p.By)
	}
	for _, r := range s.Strands {
		if (r.Kind == CountersignStrand || r.Kind == AddedReviewStrand) && r.Status == StrandPassed {
			by = append(by, r.By)
		}
	}
	return by
}

// Facts are what Apply needs to know beyond the state. Whoever calls Apply loads them under the case's lock.
type Facts struct {
	Now        time.Time
	Calendar   *calendar.Calendar
	Bureau     Bureau
	Pack       *Pack
	Actor      Person
	Second     SecondFactor            // of the actor, when a reply is signed
	Claims     map[TaskKey]PersonID    // who has claimed which open task
	Staff      Staff                   // who may act today; for the kinds that use somebody up
	SavedBy    []PersonID              // who saved versions of the draft while it was being written, when one is submitted
	Divisions  []DivisionID            // those of the bureau that the input names
	Named      Person                  // the person that the input names
	Points     int                     // confirmed points of the case
	Proposers  []string                // lead deputy first, then co-signers
	Draft      Draft                   // the version that a Submission or DraftConsultation names, or that is in review
	Versions   int                     // how many versions of the draft there are, when one is named
	Entry      replytext.RegisterEntry // what the register says, for the checks of a text
	Units      map[string]string       // names of the outside units whose opinions were asked, by Ref
	NextSerial int                     // of the reply series in the year of the reply
	SerialUsed bool                    // the serial that a late registration brings is taken
	Case       string                  // id of the case itself
	OtherCase  string                  // the leading case of the group that a Merging names; empty: no such open case
	HasScan    bool                    // the attachment that a Feedback names exists
	HasRated   bool                    // the co-signer that the input names has rated the present round
	Register   RegisterRow             // what the register says, for what corrects it
	Talks      []Talk                  // every attempt to reach the deputy, in the order in which they were recorded
	Before     State                   // how the case stood before the step that is to be taken back; zero if that is not known
}

// Today is the day in Shanghai.
func (f Facts) Today() calendar.Date { return calendar.DateOf(f.Now) }

// Mentions are what Facts must be loaded for: the divisions, the person, the draft version that an input names.
type Mentions struct {
	Divisions []DivisionID
	Person    PersonID
	Draft     int
	InReview  bool           // the version in review is wanted
	Staff     bool           // everybody who may act is wanted
	Number    bool           // a document number is wanted
	Borne     DocumentNumber // a document number that the reply has borne for long
	Serial    int            // the serial that a late registration brings
	On        calendar.Date  // whose year the series belongs to, empty: today
	Case      string         // another case
	Scan      string         // an attachment, by its SHA-256
	CoSigner  string         // one who may have rated the present round
	Register  bool           // what the register says is wanted
	Talks     bool           // every attempt to reach the deputy is wanted
	Before    Undone         // how the case stood before a step
}

// Undone is the step that an action is to take back: the end of the case, the rating of a round, or the last regrouping.
type Undone struct {
	End     bool
	Rating  bool
	Ref     string // of the rating; "": the newest
	Regroup bool
}

// Mentions tells what the action names.
func (a Action) Mentions() Mentions {
	m := a.named()
	m.Staff = slices.Contains(usesUp, a.Kind)
	return m
}

func (a Action) named() Mentions {
	switch in := a.Input.(type) {
	case *Registration:
		if !in.Finished {
			return Mentions{}
		}
		borne, _ := ParseDocumentNumber(in.ReplyNumber)
		return Mentions{Divisions: []DivisionID{in.Lead}, Borne: borne}
	case *RoutingOpinion:
		return Mentions{Divisions: append([]DivisionID{in.Lead}, in.CoHandling...)}
	case *ReadingNote:
		return Mentions{Divisions: in.Divisions}
	case *DivisionRefusal:
		return Mentions{Divisions: []DivisionID{in.Suggested}}
	case *Rerouting:
		return Mentions{Divisions: []DivisionID{in.Lead}}
	case *OpinionRequest:
		return Mentions{Divisions: []DivisionID{in.Division}}
	case *Acceptance:
		return Mentions{Person: in.Handler}
	case *Reassignment:
		return Mentions{Person: in.Handler}
	case *AddedReviewer:
		return Mentions{Person: in.Person}
	case *Vacancy:
		return Mentions{Person: in.Person}
	case *Handover:
		return Mentions{Person: in.To}
	case *Regrouping:
		return Mentions{Divisions: []DivisionID{in.To}, Before: Undone{Regroup: in.Back}}
	case *Tightening:
		return Mentions{Person: in.Leader}
	case *Submission:
		return Mentions{Draft: in.Version}
	case *DraftConsultation:
		return Mentions{Draft: in.Version}
	case *ReviewPass:
		return mentionsEdited(in.Edited)
	case *SendingBack:
		return mentionsEdited(in.Edited)
	case *OpennessDecision, *DispatchNote, *Correction:
		return Mentions{InReview: true}
	case *NumberAssignment:
		return Mentions{Number: true, Serial: in.Serial, On: a.On}
	case *Merging:
		return Mentions{Case: in.With}
	case *Feedback:
		return Mentions{Scan: in.Scan}
	case *CoSignerRating:
		return Mentions{Scan: in.Scan, CoSigner: in.CoSigner}
	case *RatingCorrection:
		return Mentions{Scan: in.Scan, Register: true, Talks: true, Before: Undone{Rating: true, Ref: in.Ref}}
	case *Amendment:
		m := Mentions{InReview: true, Register: true}
		switch in.Fact {
		case FactLead:
			m.Divisions = []DivisionID{DivisionID(in.Value)}
		case FactReplyNumber:
			m.Borne, _ = ParseDocumentNumber(in.Value)
		}
		return m
	case *ContactCorrection:
		return Mentions{Talks: true}
	case *Reopening:
		return Mentions{Register: true, Talks: true, Before: Undone{End: true}}
	}
	return Mentions{}
}

// mentionsEdited names the version that another text is put in the place of.
func mentionsEdited(d *Draft) Mentions {
	if d == nil {
		return Mentions{}
	}
	return Mentions{Draft: d.Version}
}

// Apply is the one door through which a case changes: it returns the state after the action, or a *Refusal and the state
// unchanged. It is pure: the same arguments give the same answer.
func Apply(s State, a Action, f Facts) (State, error) {
	if err := a.Check(); err != nil {
		return s, err
	}
	to, refusal := s.way(a)
	if refusal == nil && !a.Kind.BySystem() {
		refusal = to.permit(s, a, f)
	}
	if refusal == nil {
		refusal = a.proved(f)
	}
	if refusal != nil {
		return s, refusal
	}
	if to.strand != nil {
		a.strand = to.strand.Ref
	}
	next := s.clone()
	stage, refusal := a.Input.apply(&next, a, f)
	if refusal != nil {
		return s, refusal
	}
	if !to.leadsTo(s, next, stage) {
		return s, wrongField("to", StageNotEarlier)
	}
	next.Stage, next.Seq = stage, s.Seq+1
	if refusal := leavesNobody(s, next, a, f); refusal != nil {
		return s, refusal
	}
	next.moved(s, to, a, f)
	next.warn(f)
	return next, nil
}

// way is the row of a table by which an action would go, and the strand that it is about.
type way struct {
	main   Transition
	side   SideStep
	strand *Strand // a copy, nil if there is none
}

// way finds the row for an action, and says where the case is if there is none.
func (s State) way(a Action) (way, *Refusal) {
	if row, ok := transition(a.Kind, s.Stage); ok {
		return way{main: row}, nil
	}
	row, ok := sideStep(a.Kind)
	if !ok || !row.fits(s) {
		return way{}, s.absent(a.Kind)
	}
	w := way{side: row}
	if row.From == nil {
		return w, nil
	}
	r := s.aimedAt(row, a.Input.(aimed).aim())
	if r == nil {
		return way{}, refuse(NotUnderWay)
	}
	if !slices.Contains(row.From, r.Status) {
		return way{}, &Refusal{Code: NotUnderWay, By: r.Last.By, At: r.Last.At, Did: r.Last.Kind, Status: r.Status, Stage: s.Stage}
	}
	strand := *r
	w.strand = &strand
	return w, nil
}

// aimedAt finds the strand that an action names. One that names none means the newest that the row fits, for kinds of which
// a case mostly has one.
func (s State) aimedAt(row SideStep, ref string) *Strand {
	if ref != "" {
		return s.Strand(row.Strand, ref)
	}
	var newest *Strand
	for i := range s.Strands {
		r := &s.Strands[i]
		if r.Kind == row.Strand && (newest == nil || slices.Contains(row.From, r.Status)) {
			newest = r
		}
	}
	return newest
}

func (w way) actors() Actors {
	if w.side.Kind != "" {
		return w.side.Who
	}
	return w.main.Who
}

// task is the task that the action does, by its key; false if it does none.
func (w way) task() (TaskKey, bool) {
	switch {
	case w.side.Kind == "":
		return TaskKey{Ask: AskOf(w.main.From)}, true
	case w.strand != nil && !slices.Contains(doingWithout, w.side.Kind):
		ask, ok := askOfStrand(*w.strand)
		return TaskKey{ask, w.strand.Ref}, ok
	}
	return TaskKey{}, false
}

// permit checks everything about the actor and the moment that does not depend on what the action says.
func (w way) permit(s State, a Action, f Facts) *Refusal {
	last := s.Last
	if w.strand != nil {
		last = w.strand.Last
	}
	switch {
	case a.BaseSeq < 0 || a.BaseSeq > s.Seq:
		return wrongField("base_seq", FieldMalformed)
	case a.BaseSeq > 0 && a.BaseSeq < last.Seq:
		return &Refusal{Code: StaleForm, By: last.By, At: last.At, Did: last.Kind, Stage: s.Stage}
	}
	as, by := f.Actor, []PersonID{a.By}
	if a.For != "" {
		principal, covered := f.Actor.As(a.For)
		if !covered {
			return &Refusal{Code: NotACover, By: a.For}
		}
		as, by = principal, append(by, a.For)
	}
	if refusal := w.actors().may(as, s, w.strand, f.Pack); refusal != nil {
		return refusal
	}
	if refusal := s.separates(a.Kind, w.strand, by); refusal != nil {
		return refusal
	}
	if refusal := s.allows(a.Kind, f.Pack); refusal != nil {
		return refusal
	}
	if key, does := w.task(); does && !as.outside() { // what the bureau shares out among its people binds nobody else
		if claimant := f.Claims[key]; claimant != "" && claimant != a.By && claimant != a.For {
			return &Refusal{Code: ClaimedByOther, By: claimant}
		}
	}
	return s.permitOn(a, f)
}

// permitOn checks the official date of a late registration.
func (s State) permitOn(a Action, f Facts) *Refusal {
	if a.On.IsZero() {
		return nil
	}
	late, since := s.Late, s.lastOfficial()
	if in, ok := a.Input.(*Registration); ok {
		late, since = in.Late, in.AssignedOn
	}
	switch {
	case !late && a.On != f.Today():
		return wrongField("on", LateRegistrationOnly)
	case a.On.After(f.Today()):
		return wrongField("on", DayInFuture)
	case a.On.Before(since):
		return &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "on", Code: DayBeforeStart, Date: since}}}
	}
	return nil
}

// leadsTo reports whether the row of the table has the way that the input chose.
func (w way) leadsTo(before, next State, to Stage) bool {
	if w.side.Kind == "" {
		return slices.Contains(w.main.To, to)
	}
	return to == before.Stage || slices.Contains(w.side.Moves, to)
}

// recallable are the steps that stay within the bureau and can be taken back while nobody has acted on them.
var recallable = []Kind{
	ProposeAssignment, RequestReturn, EndorseReturn, ApproveAssignment, Accept, Refuse, Waive, Submit, PassReview, DecideOpenness, SendBack, Sign,
}

// Recallable reports whether who took a step of the kind may take it back while nobody has acted on it.
func (k Kind) Recallable() bool { return slices.Contains(recallable, k) }

// moved notes who acted and on what, and sets the clock of the stage that the case came to.
func (s *State) moved(before State, w way, a Action, f Facts) {
	if s.Stage != before.Stage && a.Kind != Recall { // a recall brings the limit of its stage back too
		s.enter(f)
		if s.Stage != Consulting && s.Stage != Drafting { // whom the case is with now does not make that call
			s.callBack(time.Time{}, f)
		}
	}
	if a.Kind.BySystem() {
		return
	}
	act := LastAct{Seq: s.Seq, Kind: a.Kind, By: a.By, At: f.Now.UTC()}
	s.Prior = nil
	if w.side.Strand != "" {
		if r := s.Strand(w.side.Strand, s.aimOf(w, a)); r != nil {
			r.Last = act
		}
	}
	if w.side.Strand == "" || s.Stage != before.Stage {
		s.Last = act
	}
	if s.Stage != before.Stage && !slices.Contains([]Kind{SendBack, Refuse, ObjectToDraft, ObjectAsAdded, Recall, Amend, VoidNumber, CorrectContact}, a.Kind) {
		s.ReturnedFrom = ""
	}
	if a.Kind.Recallable() {
		prior := before.clone()
		prior.Prior = nil
		s.Prior = &prior
	}
}

// aimOf is the strand that an action is about, or that it began: the newest of its kind.
func (s *State) aimOf(w way, a Action) string {
	if w.strand != nil {
		return w.strand.Ref
	}
	if in, ok := a.Input.(*OpinionRequest); ok && in.Division != "" {
		return string(in.Division)
	}
	if in, ok := a.Input.(*AddedReviewer); ok {
		return string(in.Person)
	}
	all := s.StrandsOf(w.side.Strand)
	return all[len(all)-1].Ref
}

// enter sets the limit of the stage that the case came to, in place of that of the stage before.
func (s *State) enter(f Facts) {
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Kind == StageClock })
	if days := f.Pack.Stages[s.Stage]; days > 0 && !s.Late {
		s.set(StageClock, string(s.Stage), string(StageClock), f.Calendar.AddWorkdays(f.Today(), days), f)
	}
}

// absent says why there is no row for a kind: there is no case, or it is elsewhere.
func (s State) absent(kind Kind) *Refusal {
	if kind == Register {
		return s.acted(AlreadyRegistered)
	}
	if s.Stage == Unregistered {
		return refuse(NotFound)
	}
	return s.acted(NotInStage)
}

// acted makes a refusal that tells who acted last, when, and where the case is now.
func (s State) acted(code RefusalCode) *Refusal {
	return &Refusal{Code: code, By: s.Last.By, At: s.Last.At, Did: s.Last.Kind, Stage: s.Stage}
}

func (s State) clone() State {
	s.CoHandling = slices.Clone(s.CoHandling)
	s.Cleared = slices.Clone(s.Cleared)
	s.Ours = slices.Clone(s.Ours)
	s.Passed = slices.Clone(s.Passed)
	s.Writers = slices.Clone(s.Writers)
	s.Clocks = slices.Clone(s.Clocks)
	s.Strands = slices.Clone(s.Strands)
	for i := range s.Clocks {
		s.Clocks[i].Shifts = slices.Clone(s.Clocks[i].Shifts)
	}
	if s.Prior != nil {
		prior := s.Prior.clone()
		s.Prior = &prior
	}
	return s
}
