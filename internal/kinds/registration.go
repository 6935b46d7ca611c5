package kinds

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
)

// registration has the fields by which a proposal is taken in. Those marked as facts are shown on the page of the case, in this
// order.
var registration = Row{
	Kind: proposal.Register, Verb: true,
	Fields: slices.Concat(
		part("which",
			Field{Name: "body", Control: Segments, Choices: among("body.", assembly.Bodies), Opens: opens(assembly.NPC)},
			Field{Name: "level", Control: Select, Choices: among("level.", assembly.Levels)},
			Field{Name: "number", Control: Short},
			Field{Name: "term", Control: Short, Beside: true},
			Field{Name: "session", Control: Short, Beside: true},
			Field{Name: "intersession", Control: Tick},
			Field{Name: "assigned_on", Control: Day, Fact: true},
			Field{Name: "due_on", Control: Day, Hint: one("register.due_hint"), Beside: true},
			sure,
			Field{
				Name: "handling_type", Control: Segments, Choices: among("handling.", proposal.HandlingTypes), Opens: opens(proposal.SoleHandling),
				Fact: true,
			},
			Field{Name: "assigned_by", Control: Text, Hint: one("form.optional"), Fact: true, From: FromAssigners},
			Field{Name: "lead_unit", Control: Text, From: FromUnits, Reach: true, Hint: one("register.lead_unit_hint"), With: "handling_type=" + string(proposal.CoHandling), Fact: true},
			Field{Name: "ours", Control: Text, Hint: one("register.ours_hint"), With: "handling_type=" + string(proposal.SplitHandling), Fact: true},
			Field{Name: "motion_no", Control: Text, Hint: one("register.motion_hint"), Fact: true},
			Field{Name: "source_id", Control: Text, Hint: one("form.optional"), Beside: true, Fact: true},
		),
		part("what",
			Field{Name: "title", Control: Text, Hint: one("register.title_hint")},
			Field{Name: "text", Control: Long},
			Field{Name: "points", Control: Area, Hint: one("register.points_hint")},
			Field{Name: "category", Control: Text, Hint: one("form.optional"), Fact: true},
		),
		part("who",
			Field{Name: "lead_deputy", Control: Text, From: FromPeople, Reach: true},
			Field{Name: "delegation", Control: Text, Hint: one("form.optional"), Beside: true, Fact: true},
			Field{
				Name: "proposer", Control: Segments, Choices: among("proposer.", assembly.ProposerKinds), Opens: opens(assembly.MemberProposer),
				With: "body=" + string(assembly.CPPCC), Fact: true, Usual: string(assembly.MemberProposer),
			},
			Field{Name: "co_signers", Control: Area, Hint: one("form.one_a_line"), Fact: true, From: FromPeople},
			Field{Name: "deputy_contact", Control: Text, Hint: one("register.contact_hint")},
			Field{Name: "second_contact", Control: Text, Hint: one("register.second_contact_hint"), Beside: true},
			Field{Name: "contact_time", Control: Text, Hint: one("register.contact_time_hint"), Fact: true},
			Field{Name: "wish", Control: Segments, Choices: among("wish.", proposal.OpennessWishes), Fact: true},
			Field{Name: "key_supervised", Control: Tick, Fact: true},
			Field{Name: "money", Control: Tick, Hint: one("register.money_hint"), Fact: true},
			Field{Name: "secrecy", Control: Tick, Hint: one("register.secrecy_hint"), Fact: true},
			Field{Name: "cleared", Control: Ticks, Choices: from(Colleagues), With: "secrecy=1"},
			Field{Name: "late", Control: Tick, Hint: one("register.late_hint"), Fact: true},
			Field{Name: "finished", Control: Tick, Hint: one("register.finished_hint"), With: "late=1"},
			archived(Field{Name: "lead", Control: Select, Choices: from(Divisions)}),
			archived(Field{Name: "replied_on", Control: Day, Fact: true}),
			archived(Field{Name: "reply_number", Control: Text, Hint: one("register.reply_number_hint"), Fact: true}),
			archived(Field{Name: "signed_by", Control: Text, Fact: true}),
			archived(Field{Name: "handled_by", Control: Text, Fact: true}),
			archived(Field{Name: "result", Control: Text, Hint: one("register.result_hint"), Fact: true}),
			archived(Field{Name: "rating", Control: Segments, Choices: among("rating.", append(slices.Clone(proposal.Ratings), "")), Fact: true}),
			archived(Field{Name: "closed_on", Control: Day, Fact: true}),
			archived(Field{Name: "file_no", Control: Text, Fact: true}),
		),
	),
}

const ifFinished = "finished=1"

// archived is a field of a case that was over before it was entered.
func archived(f Field) Field {
	f.With = ifFinished
	return f
}

// OfArchive reports whether the field says what the file of a finished case does: what it does not say is shown as unknown.
func (f Field) OfArchive() bool { return f.With == ifFinished }

// part puts fields under a heading of the form.
func part(name string, fields ...Field) []Field {
	for i := range fields {
		fields[i].Part = name
	}
	return fields
}

// Correction is the field in which a fact of the register is corrected: the one in which it was registered, with yes and no in the
// place of a tick.
func Correction(fact proposal.Fact) Field {
	field, registered := registration.Field(string(fact))
	switch {
	case fact == proposal.FactInternalDue: // it comes later, and so does the day of the dispatch
		field, _ = Of(proposal.ProposeAssignment).Field(string(fact))
	case !registered:
		field.Control = Day
	}
	if field.Control == Tick {
		field.Control, field.Choices = Segments, among("amend.say.", []string{"yes", "no"})
	}
	field.Name, field.Beside, field.With, field.Usual, field.From = "value", false, "", "", ""
	return field
}

// Told is a fact as the register says it, in words; "" for nothing.
func Told(t Teller, fact proposal.Fact, says string) string {
	return Correction(fact).told(t, strings.Split(says, "\n"))
}
