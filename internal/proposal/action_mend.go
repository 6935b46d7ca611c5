package proposal

import (
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// What mends a mistake: corrections of what the register says (R20), and ways back from what has ended or gone out (R23).

// Amendment corrects one fact of the register (更正登记). What it was stays in the record.
type Amendment struct {
	Fact   Fact   `json:"fact"`
	Value  string `json:"value,omitempty"` // as a form has it: a date as 2026-03-12, a list a line each, yes or no
	Reason string `json:"reason"`
	Source string `json:"source"`         // 依据: what shows that it is so
	Sure   bool   `json:"sure,omitempty"` // a day far from today is meant
}

// Reopening takes back the end of a case (恢复办理): closed, withdrawn or returned by mistake; or returned, and assigned to us again
// on another day.
type Reopening struct {
	Reason     string        `json:"reason"`
	Source     string        `json:"source"`
	AssignedOn calendar.Date `json:"assigned_on,omitzero"` // 重新交办之日; empty: it had never ended
	DueOn      calendar.Date `json:"due_on,omitzero"`      // 交办单载明的期限
	Sure       bool          `json:"sure,omitempty"`       // a day far from today is meant
}

// Voiding takes a reply that was numbered and not sent back (作废文号). The number stays on record as void and is given to nobody.
type Voiding struct {
	To     Stage  `json:"to"`
	Reason string `json:"reason"`
}

// ReplyCorrection says what is wrong with a reply that was sent: another takes its place (更正函).
type ReplyCorrection struct {
	Reason string `json:"reason"`
}

// RatingCorrection mends a rating that was entered wrongly. Whose rating it is does not change (R12).
type RatingCorrection struct {
	Feedback
	Reason string `json:"reason"`
}

// ContactCorrection says how an attempt to reach the deputy was that is recorded otherwise (更正联系记录). What was recorded stays in the
// record. The points and the wish are facts of the register: an Amendment corrects them.
type ContactCorrection struct {
	Talk       int            `json:"talk"` // the number of the event that recorded it
	Outcome    ContactOutcome `json:"outcome"`
	Mode       ContactMode    `json:"mode"`
	At         time.Time      `json:"at"` // when it was
	SpokeWith  string         `json:"spoke_with,omitempty"`
	CallBackAt time.Time      `json:"call_back_at,omitzero"`
	Words      string         `json:"words,omitempty"`
	Reason     string         `json:"reason"`
	Sure       bool           `json:"sure,omitempty"` // a next call far from today is meant
	MetBy      Rank           `json:"met_by,omitempty"`
}

// Talk is an attempt to reach the deputy as the record has it now, by the number of the event that recorded it.
type Talk struct {
	No         int
	Outcome    ContactOutcome
	Mode       ContactMode
	At         time.Time
	SpokeWith  string
	CallBackAt time.Time
	Words      string
	MetBy      Rank
}

func (a *Amendment) check() []FieldError {
	var c checker
	oneOf(&c, "fact", a.Fact, RegisterFacts)
	c.text("value", a.Value, false, MaxText)
	c.text("reason", a.Reason, true, MaxNote)
	c.text("source", a.Source, true, MaxNote)
	return c
}

// wrong is what is wrong with the value by itself, from what is wrong with the register that it would make.
func (a *Amendment) wrong(r *RegisterRow) []FieldError { return a.ofFact(r.check()) }

// ofFact are those of the errors that concern the fact: here they stand beside its value.
func (a *Amendment) ofFact(errors []FieldError) []FieldError {
	var wrong []FieldError
	for _, f := range errors {
		if name, _, _ := strings.Cut(f.Field, "."); name == string(a.Fact) {
			f.Field = "value"
			wrong = append(wrong, f)
		}
	}
	return wrong
}

func (r *Reopening) check() []FieldError {
	var c checker
	c.text("reason", r.Reason, true, MaxNote)
	c.text("source", r.Source, true, MaxNote)
	if !r.DueOn.IsZero() && r.DueOn.Before(r.AssignedOn) {
		c = append(c, FieldError{Field: "due_on", Code: DayBeforeStart, Date: r.AssignedOn})
	}
	if !r.DueOn.IsZero() && r.AssignedOn.IsZero() {
		c.add("assigned_on", FieldRequired)
	}
	return c
}

func (v *Voiding) check() []FieldError {
	var c checker
	oneOf(&c, "to", v.To, []Stage{Numbering, SignOff, Drafting})
	c.text("reason", v.Reason, true, MaxNote)
	return c
}

func (r *ReplyCorrection) check() []FieldError { return words("reason", r.Reason, true, MaxNote) }

func (r *RatingCorrection) check() []FieldError {
	return append(r.Feedback.check(), words("reason", r.Reason, true, MaxNote)...)
}

func (v *ContactCorrection) check() []FieldError {
	c := checker((&Consultation{Mode: v.Mode, At: v.At, Outcome: ContactNoAnswer, SpokeWith: v.SpokeWith, CallBackAt: v.CallBackAt, Words: v.Words, MetBy: v.MetBy}).check())
	oneOf(&c, "outcome", v.Outcome, append(slices.Clone(ContactOutcomes), NoContact))
	switch {
	case v.At.IsZero():
		c.add("at", FieldRequired)
	case v.Outcome == ContactCallBack && v.CallBackAt.IsZero():
		c.add("call_back_at", FieldRequired)
	}
	c.text("reason", v.Reason, true, MaxNote)
	return c
}

// MayCorrect lists the facts that the person may correct in this state: the pack says who, and until when.
func (p *Pack) MayCorrect(s State, by Person) []Fact {
	return slices.DeleteFunc(slices.Clone(RegisterFacts), func(f Fact) bool {
		rule := p.correction(f)
		over := rule.Until != "" && rule.Until.Before(s.Stage)
		switch { // what is under way rests on them
		case f == FactHandling:
			over = over || s.Stage != Registered || s.Round > 1 || s.ReturnRefused
		case f == FactPoints:
			over = over || s.Draft > 0
		case f == FactOurs:
			over = over || s.Draft > 0 || s.Handling != SplitHandling
		case f == FactDispatchedOn:
			over = over || s.DispatchedOn.IsZero() || s.Archive != nil
		case f.OfArchive():
			over = over || s.Archive == nil
		}
		return over || !slices.ContainsFunc(rule.By, by.Has)
	})
}
