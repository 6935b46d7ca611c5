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
	Opinion     StrandKind = "opinion"      // 会办意见; Ref: the division's code, or u1, u2 … for an outside unit
	Countersign StrandKind = "countersign"  // 会签; Ref: the division's code
	AddedReview StrandKind = "added_review" // 加签; Ref: the reviewer's id
	Extension   StrandKind = "extension"    // 延期; Ref: 1, 2 …
	Suspension  StrandKind = "suspension"   // 中止; Ref: 1, 2 …
	Publication StrandKind = "publication"  // 公开; Ref: the round
	Response    StrandKind = "feedback"     // 征询意见; Ref: the round
	Commitment  StrandKind = "commitment"   // 承诺; Ref: round.number
	Urging      StrandKind = "urge"         // 催办; Ref: 1, 2 …
)

// StrandKinds lists every kind.
var StrandKinds = []StrandKind{Opinion, Countersign, AddedReview, Extension, Suspension, Publication, Response, Commitment, Urging}

// OwnWorkflow reports whether a strand of the kind is carried by a workflow of its own, which keeps its clock.
func (k StrandKind) OwnWorkflow() bool { return k == Opinion || k == Publication || k == Commitment }

// StrandStatus is where a strand stands.
type StrandStatus string

const (
	Asked        StrandStatus = "asked"        // waits for whoever is asked; a feedback: for the deputy
	Written      StrandStatus = "written"      // a co-opinion waits for its division head
	Given        StrandStatus = "given"        // a co-opinion that the lead division has
	Passed       StrandStatus = "passed"       // a countersigner's or an added reviewer's yes
	WaivedStatus StrandStatus = "waived"       // overdue and done without (R5)
	Cancelled    StrandStatus = "cancelled"    // no longer wanted
	Endorsed     StrandStatus = "endorsed"     // an extension that the deputy head supports; the assigning body decides
	Granted      StrandStatus = "granted"      // the deputy is still to be told
	Declined     StrandStatus = "declined"     // by the deputy head or by the assigning body
	Told         StrandStatus = "told"         // the deputy knows of the new date
	Running      StrandStatus = "running"      // the clocks stand still
	Resumed      StrandStatus = "resumed"      // the clocks run again
	Unpublished  StrandStatus = "unpublished"  // to be published
	Published    StrandStatus = "published"    //
	TakenDown    StrandStatus = "taken_down"   // after publication
	Withheld     StrandStatus = "withheld"     // not published, with a ground; re-examined yearly (R11)
	Rated        StrandStatus = "rated"        // 满意, 基本满意
	Dissatisfied StrandStatus = "dissatisfied" // 不满意 on the result (R13)
	Silent       StrandStatus = "silent"       // 未反馈: no rating after the limit
	Promised     StrandStatus = "promised"     // a commitment that is still to be kept
	Fulfilled    StrandStatus = "fulfilled"    // kept; the second reply is owed (R14)
	Replied      StrandStatus = "replied"      // 再次答复
	Answering    StrandStatus = "answered"     // an urge that was answered
)

// settled are the statuses in which a strand asks nothing of anybody.
var settled = []StrandStatus{
	Given, Passed, WaivedStatus, Cancelled, Declined, Told, Resumed, Published, TakenDown, Rated, Dissatisfied, Silent, Replied, Answering,
}

// Settled reports whether the strand asks nothing of anybody any more. A reply that is withheld is settled for the main
// way, and yet re-examined every year: see Done.
func (r Strand) Settled() bool { return slices.Contains(settled, r.Status) || r.Status == Withheld }

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
		r.Status = Cancelled
		s.drop(r.Kind, r.Ref)
	}
}

// Finished reports whether the case asks nothing of anybody and no clock of it will ever ring: its workflow may end.
func (s State) Finished() bool {
	return s.Stage.Ended() && !slices.ContainsFunc(s.Strands, func(r Strand) bool { return !r.Done() })
}
