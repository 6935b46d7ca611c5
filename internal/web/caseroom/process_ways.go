package caseroom

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// ProcessWay is one strand as it is drawn below the stations: it leaves the line at one of them, and returns to the one that it holds up.
type ProcessWay struct {
	Kind, Name, Status, Who string
	Due                     *locale.Due
	Late                    bool
	Gate                    string // what waits for it, in words; "" if nothing does
	From                    int    // the station, from 0, under which its words stand
	Done, Ahead             string // lines as SVG paths: as far as it is gone, and the rest
	At                      int    // x of the end of the first; 0 if it is settled
	Through                 []int  // x of the lines of those below it
}

// The drawing is so wide and each track so high, whatever the page makes of it; a line bends within bend.
const (
	waysWidth  = 1000
	trackHigh  = 24
	trackLine  = 16
	bend       = 14
	waysBeside = 60 // of a strand that holds nothing up
)

// gateOf is the station that an open strand of the kind holds up: nobody signs before all were heard (R5), and nothing is closed before it
// is public and rated.
var gateOf = map[proposal.StrandKind]proposal.Step{
	proposal.OpinionStrand: proposal.StepSignOff, proposal.CountersignStrand: proposal.StepSignOff, proposal.AddedReviewStrand: proposal.StepSignOff,
	proposal.PublicationStrand: proposal.StepClosure, proposal.FeedbackStrand: proposal.StepClosure,
}

// leavesAt is the station at which strands of the kind leave the main way; the others leave it wherever the case stands.
var leavesAt = map[proposal.StrandKind]proposal.Step{
	proposal.ReceiptStrand: proposal.StepAssignment, proposal.OpinionStrand: proposal.StepConsultation, proposal.CountersignStrand: proposal.StepReview,
	proposal.AddedReviewStrand: proposal.StepReview, proposal.PublicationStrand: proposal.StepDispatch, proposal.FeedbackStrand: proposal.StepDispatch,
	proposal.CommitmentStrand: proposal.StepDispatch,
}

// passing are the kinds that are of no interest once they are settled.
var passing = []proposal.StrandKind{proposal.ReceiptStrand, proposal.ExtensionStrand, proposal.SuspensionStrand, proposal.UrgeStrand}

// processWays draws the strands: those that are open, and those that were part of the way.
func (s *Room) processWays(w *locale.Words, f *casefile.File) (ways []ProcessWay) {
	stations := slices.DeleteFunc(slices.Clone(proposal.Steps), func(step proposal.Step) bool { return step == proposal.StepCoHandling })
	x := func(step proposal.Step) int { return slices.Index(stations, step) * waysWidth / len(stations) }
	now := x(f.State.Stage.Step())
	if f.State.Stage.Ended() {
		now = waysWidth - bend
	}
	type line struct{ from, to int }
	var lines []line
	for _, section := range s.StrandSections(w, f) {
		kind := proposal.StrandKind(section.Name)
		for i, r := range f.State.StrandsOf(kind) {
			ofRound := kind == proposal.PublicationStrand || kind == proposal.FeedbackStrand
			if r.Settled() && (slices.Contains(passing, kind) || ofRound && r.Ref != strconv.Itoa(max(1, f.State.Round))) {
				continue
			}
			told := section.Lines[i]
			way := ProcessWay{Kind: w.T("strand." + section.Name), Name: told.Name, Status: told.Status, Who: told.Who}
			step, ok := leavesAt[kind]
			if !ok {
				step = f.StageAt(r.Last.At).Step()
			}
			way.From = slices.Index(stations, step)
			l := line{from: x(step)}
			if gate, gated := gateOf[kind]; gated {
				l.to = x(gate)
			}
			if !r.Settled() {
				way.Due = told.Due
				way.Late = told.Due != nil && told.Due.Tone == "overdue"
				if l.to > 0 {
					way.Gate = w.T("process.gate." + string(gateOf[kind]))
				} else if kind == proposal.CommitmentStrand {
					way.Gate = w.T("process.outlives")
				}
			}
			way.draw(l.from, l.to, now, r.Settled())
			ways, lines = append(ways, way), append(lines, l)
		}
	}
	for i := range ways {
		for _, l := range lines[i+1:] {
			ways[i].Through = append(ways[i].Through, l.from)
			if l.to > 0 {
				ways[i].Through = append(ways[i].Through, l.to)
			}
		}
	}
	return ways
}

// draw lays the line: down from the main way, along it, and up to the station that it holds up, if there is one.
func (p *ProcessWay) draw(from, to, now int, settled bool) {
	end := max(from+2*waysBeside, min(now+waysBeside, waysWidth))
	up := ""
	if to > 0 {
		end = to - bend
		up = fmt.Sprintf(" C%d,%d %d,%d %d,0", to, trackLine, to, trackLine, to)
	}
	down := fmt.Sprintf("M%d,0 C%d,%d %d,%d %d,%d ", from, from, trackLine, from, trackLine, from+bend, trackLine)
	if settled {
		p.Done = fmt.Sprintf("%sH%d%s", down, end, up)
		return
	}
	p.At = min(max(now, from+2*bend), end-bend)
	p.Done = fmt.Sprintf("%sH%d", down, p.At)
	p.Ahead = fmt.Sprintf("M%d,%d H%d%s", p.At, trackLine, end, up)
}
