package proposal

import "slices"

// Strand is something that runs beside the main way of a case: a co-opinion, an extension, a commitment. It has a state of
// its own and, mostly, a clock of its own. Like [State] it holds ids, dates and decisions only.
type Strand struct {
	Kind     StrandKind   `json:"kind"`
	Ref      string       `json:"ref"` // names it among those of its kind; see StrandKind
	Status   StrandStatus `json:"status"`
	Division DivisionID   `json:"division,omitempty"` // whose people act on it
	Outside  bool         `json:"outside,omitempty"`  // of a unit outside the bureau: the liaison enters what it wrote
	Person   PersonID     `json:"person,omitempty"`   // whose it is by name
	By       PersonID     `json:"by,omitempty"`       // who answered it
	Redone   int          `json:"redone,omitempty"`   // how often it was sent back as weak
	Last     LastAct      `json:"last,omitzero"`
}

// StrandKind names what runs beside the main way.
type StrandKind string

const (
	ReceiptStrand     StrandKind = "receipt"      // 签收, where the pack has a limit for it; Ref: 1, 2 …, an assignment each
	OpinionStrand     StrandKind = "opinion"      // 会办意见; Ref: the division's code, or u1, u2 … for an outside unit
	CountersignStrand StrandKind = "countersign"  // 会签; Ref: the division's code
	AddedReviewStrand StrandKind = "added_review" // 加签; Ref: the reviewer's id
	ExtensionStrand   StrandKind = "extension"    // 延期; Ref: 1, 2 …
	SuspensionStrand  StrandKind = "suspension"   // 中止; Ref: 1, 2 …
	PublicationStrand StrandKind = "publication"  // 公开; Ref: the round
	FeedbackStrand    StrandKind = "feedback"     // 征询意见; Ref: the round
	CommitmentStrand  StrandKind = "commitment"   // 承诺; Ref: round.number
	UrgeStrand        StrandKind = "urge"         // 催办; Ref: 1, 2 …
)

// StrandKinds lists every kind.
var StrandKinds = []StrandKind{ReceiptStrand, OpinionStrand, CountersignStrand, AddedReviewStrand, ExtensionStrand, SuspensionStrand, PublicationStrand, FeedbackStrand, CommitmentStrand, UrgeStrand}

// OwnWorkflow reports whether a strand of the kind is carried by a workflow of its own, which keeps its clock.
func (k StrandKind) OwnWorkflow() bool {
	return k == OpinionStrand || k == PublicationStrand || k == CommitmentStrand
}

// StrandStatus is where a strand stands.
type StrandStatus string

const (
	StrandAsked        StrandStatus = "asked"        // waits for whoever is asked; a feedback: for the deputy
	StrandWritten      StrandStatus = "written"      // a co-opinion waits for its division head
	StrandGiven        StrandStatus = "given"        // a co-opinion that the lead division has
	StrandPassed       StrandStatus = "passed"       // a countersigner's or an added reviewer's yes
	StrandWaived       StrandStatus = "waived"       // overdue and done without (R5)
	StrandCancelled    StrandStatus = "cancelled"    // no longer wanted
	StrandEndorsed     StrandStatus = "endorsed"     // an extension that the leader in charge supports; the assigning body decides
	StrandGranted      StrandStatus = "granted"      // the deputy is still to be told
	StrandDeclined     StrandStatus = "declined"     // by the leader in charge or by the assigning body
	StrandTold         StrandStatus = "told"         // the deputy knows of the new date
	StrandRunning      StrandStatus = "running"      // the clocks stand still
	StrandResumed      StrandStatus = "resumed"      // the clocks run again
	StrandUnpublished  StrandStatus = "unpublished"  // to be published
	StrandPublished    StrandStatus = "published"    //
	StrandTakenDown    StrandStatus = "taken_down"   // after publication
	StrandWithheld     StrandStatus = "withheld"     // not published, with a ground; re-examined yearly (R11)
	StrandRated        StrandStatus = "rated"        // 满意, 基本满意
	StrandDissatisfied StrandStatus = "dissatisfied" // 不满意 on the result (R13)
	StrandSilent       StrandStatus = "silent"       // 未反馈: no rating after the limit
	StrandPromised     StrandStatus = "promised"     // a commitment that is still to be kept
	StrandFulfilled    StrandStatus = "fulfilled"    // kept; the second reply is owed (R14)
	StrandReplied      StrandStatus = "replied"      // 再次答复
	StrandAnswered     StrandStatus = "answered"     // an urge that was answered
	StrandReceived     StrandStatus = "received"     // 已签收
)

// settled are the statuses in which a strand asks nothing of anybody.
var settled = []StrandStatus{
	StrandGiven, StrandPassed, StrandWaived, StrandCancelled, StrandDeclined, StrandTold, StrandResumed, StrandPublished, StrandTakenDown, StrandRated, StrandDissatisfied, StrandSilent, StrandReplied, StrandAnswered,
	StrandReceived,
}

// Settled reports whether the strand asks nothing of anybody any more. A reply that is withheld is settled for the main
// way, and yet re-examined every year: see Done.
func (r Strand) Settled() bool {
	return slices.Contains(settled, r.Status) || r.Status == StrandWithheld
}

// Done reports whether no clock of the strand will ever ring again.
func (r Strand) Done() bool { return slices.Contains(settled, r.Status) }

// Strand returns the state's strand, nil if there is none.
func (s *State) Strand(kind StrandKind, ref string) *Strand {
	for i := range s.Strands {
		if s.Strands[i].Kind == kind && s.Strands[i].Ref == ref {
			return &s.Strands[i]
		}
	}
	return nil
}

// StrandsOf lists the strands of a kind in the order they began.
func (s State) StrandsOf(kind StrandKind) []Strand {
	return slices.DeleteFunc(slices.Clone(s.Strands), func(r Strand) bool { return r.Kind != kind })
}

// OpenStrand is the newest strand of the kind that is not settled, nil if there is none.
func (s *State) OpenStrand(kind StrandKind) *Strand {
	for i := len(s.Strands) - 1; i >= 0; i-- {
		if s.Strands[i].Kind == kind && !s.Strands[i].Settled() {
			return &s.Strands[i]
		}
	}
	return nil
}

// begin starts a strand, or starts it anew.
func (s *State) begin(r Strand) *Strand {
	if old := s.Strand(r.Kind, r.Ref); old != nil {
		*old = r
		return old
	}
	s.Strands = append(s.Strands, r)
	return &s.Strands[len(s.Strands)-1]
}

// cancel ends what is open of the kinds, and its clocks.
func (s *State) cancel(kinds ...StrandKind) {
	for i := range s.Strands {
		r := &s.Strands[i]
		if !slices.Contains(kinds, r.Kind) || r.Done() {
			continue
		}
		r.Status = StrandCancelled
		s.drop(r.Kind, r.Ref)
	}
}

// Finished reports whether the case asks nothing of anybody and no clock of it will ever ring: its workflow may end.
func (s State) Finished() bool {
	return s.Stage.Ended() && !slices.ContainsFunc(s.Strands, func(r Strand) bool { return !r.Done() })
}
