package kinds

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
)

// mainRows are the kinds of the main way, in the order of the process.
var mainRows = []Row{
	registration,
	{
		Kind: proposal.ProposeAssignment,
		Fields: []Field{
			{Name: "lead", Control: Select, Choices: from(Divisions), Opens: suggested},
			{Name: "co_handling", Control: Ticks, Choices: from(Divisions)},
			{Name: "internal_due", Control: Day, Full: true, Hint: func(w Words, c Case) string {
				reply := c.State.ReplyDue()
				if reply == nil {
					return ""
				}
				return w.T("form.internal_due_hint", "Date", w.Date(c.Pack.InternalDue(c.State, reply.Due(), c.Calendar)))
			}},
			words("opinion"),
		},
		Tells: told(func(t Teller, in *proposal.RoutingOpinion) string {
			var co []string
			for _, d := range in.CoHandling {
				co = append(co, t.Division(d))
			}
			if len(co) == 0 {
				return t.T("event.proposed", "Lead", t.Division(in.Lead))
			}
			return t.T("event.proposed_with", "Lead", t.Division(in.Lead), "Co", t.List(co))
		}),
	},
	{
		Kind: proposal.CirculateReading,
		Fields: []Field{
			{Name: "divisions", Control: Ticks, Choices: from(Divisions)},
			remark("note"),
		},
	},
	{
		Kind: proposal.RequestReturn, Aside: true,
		Says: func(w Words, c Case) string {
			if limit := c.State.Clock(proposal.ReturnClock); limit != nil {
				return w.T("form.return_hint", "Date", w.Date(limit.Due()))
			}
			return ""
		},
		Fields: []Field{reason, words("legal_duty"), {Name: "suggested", Control: Text, Said: true}},
	},
	{Kind: proposal.EndorseReturn, On: []proposal.Kind{proposal.RequestReturn}, Fields: []Field{remark("text")}},
	{
		Kind: proposal.DecideReturn, On: []proposal.Kind{proposal.RequestReturn, proposal.EndorseReturn},
		Fields: []Field{{Name: "granted", Control: Tick}, words("text")},
		Back:   true,
		Tells: told(func(t Teller, in *proposal.ReturnVerdict) string {
			if in.Granted {
				return t.T("event.return.yes")
			}
			return t.T("event.return.no")
		}),
	},
	{Kind: proposal.ApproveAssignment, On: []proposal.Kind{proposal.ProposeAssignment, proposal.Refuse}, Fields: []Field{remark("text")}},
	{
		Kind: proposal.Accept, On: []proposal.Kind{proposal.ProposeAssignment, proposal.ApproveAssignment}, Fields: []Field{handler}, Verb: true,
		Tells: told(func(t Teller, in *proposal.Acceptance) string {
			return t.T("event.accepted", "Name", t.Person(in.Handler))
		}),
	},
	{
		Kind: proposal.Refuse, On: []proposal.Kind{proposal.ProposeAssignment, proposal.ApproveAssignment}, Aside: true, Back: true,
		Fields: []Field{{Name: "suggested", Control: Select, Choices: from(OtherDivisions)}, reason},
		Tells: told(func(t Teller, in *proposal.DivisionRefusal) string {
			return t.T("event.refused", "Division", t.Division(in.Suggested))
		}),
	},
	{
		Kind: proposal.Contact, Form: CallForm, Page: CallPage, Past: AboutContact,
		Fields: []Field{
			{Name: "points", Control: Elsewhere},
			{Name: "words", Control: Area, Said: true},
			{Name: "ours", Control: Ticks, Choices: from(Points), When: func(c Case) bool { return c.State.Handling == proposal.SplitHandling }},
			{Name: "mode", Control: Select, Choices: among("mode.", proposal.ContactModes), Opens: opens(proposal.PhoneContact)},
			{Name: "spoke_with", Control: Text, Opens: func(c Case) string { return strings.Join(c.Proposers[:min(1, len(c.Proposers))], "") }},
			metBy,
			{Name: "at", Control: Moment},
			{Name: "outcome", Control: Radios, Choices: among("outcome.", proposal.ContactOutcomes)},
			{Name: "wish", Control: Segments, Choices: among("wish.", proposal.OpennessWishes)},
			{Name: "call_back_at", Control: Elsewhere},
			sure,
			{Name: "seconds", Control: Carried},
			{Name: "checks", Control: Elsewhere},
		},
		Tells: told(func(t Teller, in *proposal.Consultation) string { return Consulted(t, in) }),
		Adds:  pointChanges,
	},
	{
		Kind: proposal.Waive, Aside: true, Past: AboutContact,
		Fields: []Field{{Name: "reason", Control: Area, Said: true, Hint: func(w Words, c Case) string {
			return w.T("form.waive_hint", "N", c.State.Attempts, "Need", c.Pack.Contact.AttemptsBeforeWaive)
		}}},
	},
	{
		Kind: proposal.Submit, Form: DraftForm, Page: DraftPage, Past: AboutDraft, Verb: true,
		Fields: []Field{{Name: "version", Control: Elsewhere}, {Name: "sha256", Control: Elsewhere}, {Name: "acks", Control: Elsewhere}},
		Tells:  told(func(t Teller, in *proposal.Submission) string { return t.T("event.submitted", "Version", in.Version) }),
	},
	{
		Kind: proposal.PassReview, Page: ReviewPage, Read: true, Decide: Together, Past: AboutDraft, Stages: true, Verb: true,
		Fields: []Field{readText, remark("comment"), edited},
	},
	{
		Kind: proposal.DecideOpenness, Names: "openness", Page: ReviewPage, Read: true, Decide: OneByOne, Past: AboutDraft,
		Fields: []Field{
			readText,
			{Name: "openness", Control: Radios, Choices: among("openness.", proposal.Opennesses), Opens: proposed(func(d proposal.Draft) string { return string(d.Openness) })},
			{Name: "ground", Control: Select, Choices: from(Grounds), Opens: proposed(func(d proposal.Draft) string { return d.Ground })},
			{Name: "reason", Control: Area, Said: true, Opens: proposed(func(d proposal.Draft) string { return d.Reason })},
			{Name: "redactions", Control: Area, Hint: one("form.redactions_hint")},
		},
		Tells: told(func(t Teller, in *proposal.OpennessDecision) string {
			return t.T("event.openness." + string(in.Openness))
		}),
	},
	{
		Kind: proposal.SendBack, Page: ReviewPage, Aside: true, Past: AboutDraft, Verb: true, Back: true,
		Fields: []Field{
			{Name: "to", Control: Radios, Choices: from(StagesTo), Opens: func(c Case) string {
				if to := c.Offer.To; len(to) > 0 && !slices.Contains(to, proposal.Drafting) {
					return string(to[len(to)-1])
				}
				return string(proposal.Drafting)
			}},
			reason,
			edited,
		},
		Tells: told(func(t Teller, in *proposal.SendingBack) string {
			return t.T("event.returned", "Stage", t.T("stage."+string(in.To)))
		}),
	},
	{
		Kind: proposal.Sign, Page: ReviewPage, Read: true, Decide: Together, Past: AboutDraft, Verb: true,
		Fields: []Field{readText, remark("opinion")},
	},
	{
		Kind: proposal.AssignNumber,
		Says: func(w Words, c Case) string {
			series := seriesOf(c)
			return w.T("form.number_hint."+string(series.Given), "Series", series.Code, "Year", c.Today.Year)
		},
		Fields: []Field{
			{
				Name: "serial", Control: Short,
				Hint: func(w Words, c Case) string {
					if seriesOf(c).Given == proposal.OutsideNumber {
						return w.T("form.serial_outside_hint")
					}
					return w.T("form.serial_hint")
				},
				When: func(c Case) bool {
					given := seriesOf(c).Given
					return given == proposal.OutsideNumber || given == proposal.OurNumber && c.State.Late
				},
			},
			sure,
			{Name: "seal", Control: Text, Hint: one("form.seal_hint")},
		},
		Tells: func(t Teller, a Act) string {
			if a.Newest && a.State.Number.Serial > 0 {
				return t.T("event.numbered", "Number", a.State.Number.String())
			}
			return a.What
		},
	},
	{
		Kind: proposal.VoidNumber, Aside: true, Back: true,
		Fields: []Field{{Name: "to", Control: Radios, Choices: from(StagesTo), Opens: opens(proposal.Numbering)}, reason},
		Tells: told(func(t Teller, in *proposal.Voiding) string {
			return t.T("event.returned", "Stage", t.T("stage."+string(in.To)))
		}),
	},
	{
		Kind: proposal.Dispatch, Verb: true,
		Fields: []Field{
			{Name: "mode", Control: Radios, Choices: among("dispatch.", proposal.DispatchModes), Opens: opens(proposal.DispatchByPost)},
			{Name: "receipt", Control: Text, Hint: one("form.receipt_hint"), Said: true},
			{Name: "recipients", Control: Ticks, Choices: from(Proposers), When: toProposers, Ticked: func(c Case) []string {
				if c.Pack.Reply[c.State.Body].CoSigners == proposal.ReplyToEach {
					return c.Proposers
				}
				return nil
			}},
			{Name: "copies", Control: Area, Hint: one("form.one_a_line"), Opens: func(c Case) string {
				if !toProposers(c) {
					return ""
				}
				return strings.Join(c.Pack.Reply[c.State.Body].Copies, "\n")
			}},
			{Name: "form", Control: Tick, When: toProposers},
		},
		Tells: told(func(t Teller, in *proposal.DispatchNote) string {
			return t.T("event.dispatched", "Mode", t.T("dispatch."+string(in.Mode)))
		}),
	},
	{Kind: proposal.ReportUp, Fields: []Field{{Name: "to", Control: Text}, words("text")}},
	{
		Kind: proposal.Close, Verb: true,
		Fields: []Field{remark("note"), {Name: "files", Control: Area, Hint: one("form.one_a_line")}},
	},
}

// systemRows are the kinds of clocks, calendars, people and divisions.
var systemRows = []Row{
	{
		Kind: proposal.Ring, Past: AboutTime,
		Tells: told(func(t Teller, in *proposal.RungClock) string {
			return t.T("event.rung", "Clock", t.T("clock."+string(in.Clock)))
		}),
	},
	{Kind: proposal.Recount, Past: AboutTime, Quiet: true},
	{Kind: proposal.Vacate},
	{
		Kind: proposal.Regroup,
		Tells: told(func(t Teller, in *proposal.Regrouping) string {
			from, to, by := t.Division(in.From), t.Division(in.To), t.Person(in.By)
			if in.Back {
				return t.T("event.regrouped_back", "From", from, "To", to, "By", by)
			}
			return t.T("event.regrouped", "From", from, "To", to, "By", by)
		}),
	},
	{
		Kind: proposal.HandOver,
		Tells: told(func(t Teller, in *proposal.Handover) string {
			return t.T("event.hand_over", "From", t.Person(in.From), "Name", t.Person(in.To), "By", t.Person(in.By))
		}),
	},
}

// suggested is the division that the one which did not take the case named in its place.
func suggested(c Case) string {
	if c.State.ReturnedFrom != proposal.Accepting {
		return ""
	}
	if refusal, ok := c.Last(proposal.Refuse).(*proposal.DivisionRefusal); ok {
		return string(refusal.Suggested)
	}
	return ""
}

// proposed is what the drafter proposed.
func proposed(of func(proposal.Draft) string) func(Case) string {
	return func(c Case) string {
		if c.Draft == nil {
			return ""
		}
		return of(*c.Draft)
	}
}

// toProposers reports whether what is sent is a reply to the proposers, and not an opinion to the unit that leads.
func toProposers(c Case) bool { return c.State.Handling != proposal.CoHandling }

func seriesOf(c Case) proposal.NumberSeries { return c.Pack.SeriesOf(c.State.Body, c.State.Handling) }

// Consulted tells of one attempt to reach the deputy.
func Consulted(w Words, in *proposal.Consultation) string {
	what := w.T("contact.done", "Mode", w.T("mode."+string(in.Mode)), "Outcome", w.T("outcome."+string(in.Outcome)))
	switch {
	case in.Outcome == proposal.ContactCallBack:
		what = w.T("contact.done_call_back", "Mode", w.T("mode."+string(in.Mode)), "Time", w.Moment(in.CallBackAt))
	case !in.CallBackAt.IsZero():
		what = w.T("contact.done_again", "What", what, "Time", w.Moment(in.CallBackAt))
	}
	if in.Seconds >= 60 {
		what = w.T("contact.done_minutes", "What", what, "N", in.Seconds/60)
	}
	return what
}

// pointChanges tells what a talk did to the points: which read otherwise before, which the deputy did not confirm.
func pointChanges(w Words, a Act) string {
	var lines []string
	for i, check := range a.Input.(*proposal.Consultation).Checks {
		if check.Was != "" {
			lines = append(lines, w.T("call.point_changed", "No", i+1, "Was", check.Was))
		}
		if check.Unconfirmed {
			lines = append(lines, w.T("call.point_unconfirmed", "No", i+1))
		}
	}
	return strings.Join(lines, "\n")
}
