package store

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Gate is one of the places that every reply goes through and few people open: a stage from the first review to the dispatch, or its
// publication, which follows.
type Gate string

// PublicationGate is no stage: the reply is published beside the main way.
const PublicationGate Gate = "publication"

// Gates lists them in the order in which a reply comes to them.
var Gates = []Gate{
	Gate(proposal.DivisionReview), Gate(proposal.OfficeReview), Gate(proposal.LegalReview), Gate(proposal.OpennessReview), Gate(proposal.SignOff),
	Gate(proposal.Numbering), Gate(proposal.Dispatching), PublicationGate,
}

// gateKinds are the actions that let a reply through. What is sent back has not gone through.
var gateKinds = []proposal.Kind{proposal.PassReview, proposal.DecideOpenness, proposal.Sign, proposal.AssignNumber, proposal.Dispatch}

// GateCases names the cases at a gate, so that a list can be of exactly these: those that wait there, or with a day behind a dot those
// that went through on it or later.
type GateCases string

// CasesAt are those that wait at the gate.
func CasesAt(g Gate) GateCases { return GateCases(g) }

// CasesThrough are those that went through it, once or more often, from that day on. What was recorded later counts by its official day.
func CasesThrough(g Gate, from calendar.Date) GateCases {
	return GateCases(string(g) + "." + from.String())
}

// Parts reads the name; false if it names no gate. The day is zero for those that wait.
func (f GateCases) Parts() (g Gate, from calendar.Date, ok bool) {
	name, day, through := strings.Cut(string(f), ".")
	g = Gate(name)
	return g, from, slices.Contains(Gates, g) && (!through || from.UnmarshalText([]byte(day)) == nil)
}

// atGate narrows a list to these cases.
func (q *caseQuery) atGate(f GateCases) {
	g, from, _ := f.Parts()
	switch {
	case from.IsZero() && g == PublicationGate:
		q.withStrand(strandOnlys[OnlyToPublish])
	case from.IsZero():
		q.where = append(q.where, q.stageIn([]proposal.Stage{proposal.Stage(g)}))
	default:
		kinds, at := gateKinds, ` and e.from_stage = `+q.arg(g)+`::text`
		if g == PublicationGate {
			kinds, at = []proposal.Kind{proposal.Publish}, ""
		}
		q.where = append(q.where, `c.id in (
			select e.case_id from events e where e.kind = any (`+q.arg(kinds)+`::text[]) and e.at >= `+q.arg(from.Start())+`::timestamptz
				and (e.on_date is null or e.on_date >= `+q.arg(from)+`::date)`+at+`)`)
	}
}
