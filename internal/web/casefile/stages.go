package casefile

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
)

// StageMark is one station of the stage line: who did it and when, who is at it now, who is expected next.
type StageMark struct {
	Step     proposal.Step
	State    string // done, now, skipped or empty for what lies ahead
	Who      string
	When     string
	Returned bool // the case was sent back to this station and waits here
}

// Passage is an action that moved the case on, as far as the stage line tells it.
type Passage struct {
	From proposal.Stage
	Who  string
	At   time.Time
	On   calendar.Date // official date of a late registration
}

// StageLine draws the process of one case. The passages come in the order in which they happened; the last one out of a
// station names who finished it. Expected names the person or role that a station still waits for.
func StageLine(w *locale.Words, s proposal.State, passages []Passage, expected func(proposal.Step) string) []StageMark {
	marks := make([]StageMark, len(proposal.Steps))
	now := slices.Index(proposal.Steps, s.Stage.Step())
	for i, step := range proposal.Steps {
		marks[i].Step = step
		switch {
		case i < now || s.Stage.Ended():
			marks[i].State = "done"
		case i == now:
			marks[i].State = "now"
			marks[i].Returned = s.ReturnedFrom != ""
		}
		if marks[i].State != "done" {
			marks[i].Who = expected(step)
		}
	}
	for _, p := range passages {
		m := &marks[slices.Index(proposal.Steps, stationLeft(p.From))]
		if m.State != "done" {
			continue
		}
		m.Who, m.When = p.Who, w.Day(calendar.DateOf(p.At))
		if !p.On.IsZero() {
			m.When = w.Day(p.On)
		}
	}
	if s.Stage.Ended() && s.Stage != proposal.Closed {
		skipUnvisited(marks)
	}
	return marks
}

// skipUnvisited marks the stations that a case which was returned or withdrawn never finished.
func skipUnvisited(marks []StageMark) {
	for i := range marks {
		if marks[i].When == "" {
			marks[i].State = "skipped"
		}
	}
}

// LastStation counts the stations up to the last that the case finished.
func LastStation(marks []StageMark) int {
	for i, m := range slices.Backward(marks) {
		if m.State == "done" {
			return i + 1
		}
	}
	return 1
}

// stationLeft is the station that an action out of this stage finishes: registering finishes registration.
func stationLeft(from proposal.Stage) proposal.Step {
	if from == proposal.Unregistered {
		return proposal.StepRegistration
	}
	return from.Step()
}

// WithCoHandling sets the station that runs beside: now while an opinion is asked for, done when all are settled, skipped if
// none was asked and the case has passed it. A case that ended before its time passed no station after the last.
func WithCoHandling(marks []StageMark, s proposal.State) []StageMark {
	i := slices.Index(proposal.Steps, proposal.StepCoHandling)
	m := &marks[i]
	opinions := s.StrandsOf(proposal.OpinionStrand)
	open := slices.ContainsFunc(opinions, func(r proposal.Strand) bool { return !r.Settled() })
	switch {
	case open:
		m.State = "now"
	case len(opinions) > 0:
		m.State, m.Who = "done", ""
	case m.State == "done":
		m.State, m.Who = "skipped", ""
	}
	return marks
}
