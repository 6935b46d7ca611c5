package proposal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
)

// Limits: of texts in characters, of lists in entries. The longest published suggestion seen has about 9,000 characters.
const (
	MaxLine      = 200     // a title, a name, a receipt
	MaxNote      = 5_000   // an opinion, a reason, the deputy's words
	MaxText      = 100_000 // the original, a draft
	MaxList      = 100     // points, copies
	MaxProposers = 3_000   // as many as the largest congress has deputies: any of them may sign
)

// checker gathers field errors.
type checker []FieldError

func (c *checker) add(field string, code FieldCode) {
	*c = append(*c, FieldError{Field: field, Code: code})
}

func (c *checker) text(field, value string, required bool, max int) {
	switch {
	case required && strings.TrimSpace(value) == "":
		c.add(field, FieldRequired)
	case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		c.add(field, FieldMalformed)
	case utf8.RuneCountInString(value) > max:
		*c = append(*c, FieldError{Field: field, Code: FieldTooLong, Max: max})
	}
}

func (c *checker) list(field string, values []string, most, max int) {
	if len(values) > most {
		*c = append(*c, FieldError{Field: field, Code: FieldTooLong, Max: most})
		return
	}
	for i, v := range values {
		c.text(fmt.Sprintf("%s.%d", field, i), v, true, max)
	}
}

// instant checks a moment, which may be none.
func (c *checker) instant(field string, t time.Time) {
	if !t.IsZero() && !calendar.Holds(t) {
		c.add(field, FieldMalformed)
	}
}

func oneOf[T comparable](c *checker, field string, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		c.add(field, UnknownValue)
	}
}

func (r *RoutingOpinion) check() []FieldError {
	var c checker
	c.text("lead", string(r.Lead), true, MaxLine)
	if len(r.CoHandling) > MaxList {
		c = append(c, FieldError{Field: "co_handling", Code: FieldTooLong, Max: MaxList})
		return c
	}
	for i, d := range r.CoHandling {
		if d == r.Lead || slices.Contains(r.CoHandling[:i], d) {
			c.add("co_handling", FieldMalformed)
			break
		}
		c.text("co_handling", string(d), true, MaxLine)
	}
	c.text("opinion", r.Opinion, false, MaxNote)
	return c
}

func (i *Instruction) check() []FieldError {
	var c checker
	c.text("text", i.Text, false, MaxNote)
	return c
}

func (a *Acceptance) check() []FieldError {
	var c checker
	c.text("handler", string(a.Handler), true, MaxLine)
	return c
}

func (r *DivisionRefusal) check() []FieldError {
	var c checker
	c.text("reason", r.Reason, true, MaxNote)
	c.text("suggested", string(r.Suggested), true, MaxLine)
	return c
}

func (v *Consultation) check() []FieldError {
	var c checker
	oneOf(&c, "mode", v.Mode, ContactModes)
	oneOf(&c, "outcome", v.Outcome, ContactOutcomes)
	oneOf(&c, "wish", v.Wish, OpennessWishes)
	oneOf(&c, "met_by", v.MetBy, append(slices.Clone(Ranks), ""))
	c.text("spoke_with", v.SpokeWith, false, MaxLine)
	c.text("words", v.Words, false, MaxNote)
	c.list("points", v.Points, MaxList, MaxNote)
	c.numbers("ours", v.Ours)
	if v.Outcome == ContactReached && (len(v.Points) == 0 || v.confirms() == 0) {
		c.add("points", FieldRequired)
	}
	if len(v.Checks) > 0 && len(v.Checks) != len(v.Points) {
		c.add("checks", FieldMalformed)
	}
	for _, check := range v.Checks {
		c.text("checks", check.Was, false, MaxNote)
		c.instant("checks", check.At)
	}
	c.instant("at", v.At)
	c.instant("call_back_at", v.CallBackAt)
	if v.Seconds < 0 || v.Seconds > 24*60*60 {
		c.add("seconds", FieldMalformed)
	}
	if v.Outcome == ContactCallBack && v.CallBackAt.IsZero() {
		c.add("call_back_at", FieldRequired)
	}
	return c
}

// confirms is how many points the deputy said yes to.
func (v *Consultation) confirms() int {
	n := len(v.Points)
	for _, check := range v.Checks {
		if check.Unconfirmed {
			n--
		}
	}
	return n
}

func (w *ConsultationWaiver) check() []FieldError {
	var c checker
	c.text("reason", w.Reason, true, MaxNote)
	return c
}

func (s *Submission) check() []FieldError {
	var c checker
	if s.Version < 1 {
		c.add("version", FieldRequired)
	}
	c.text("sha256", s.SHA256, true, 64)
	c.acks(s.Acks)
	return c
}

func (p *ReviewPass) check() []FieldError {
	var c checker
	c.text("sha256", p.SHA256, false, 64)
	c.text("comment", p.Comment, false, MaxNote)
	return append(c, checkEdited(p.Edited)...)
}

// checkEdited looks at another text by itself; no text is none.
func checkEdited(d *Draft) []FieldError {
	if d == nil {
		return nil
	}
	var wrong *Refusal
	if errors.As(d.Check(), &wrong) {
		return wrong.Fields
	}
	if d.Openness != "" && !slices.Contains(Opennesses, d.Openness) {
		return []FieldError{{Field: "openness", Code: UnknownValue}}
	}
	return nil
}

func (d *OpennessDecision) check() []FieldError {
	var c checker
	c.text("sha256", d.SHA256, false, 64)
	oneOf(&c, "openness", d.Openness, Opennesses)
	c.text("ground", d.Ground, d.Openness != OpenReply, MaxLine)
	c.text("reason", d.Reason, d.Openness != OpenReply, MaxNote)
	c.list("redactions", d.Redactions, MaxList, MaxNote)
	if d.Openness == PartlyOpenReply && len(d.Redactions) == 0 {
		c.add("redactions", FieldRequired)
	}
	return c
}

func (r *SendingBack) check() []FieldError {
	var c checker
	c.text("to", string(r.To), true, MaxLine)
	c.text("reason", r.Reason, true, MaxNote)
	return append(c, checkEdited(r.Edited)...)
}

func (s *Signature) check() []FieldError {
	var c checker
	c.text("sha256", s.SHA256, true, 64)
	c.text("opinion", s.Opinion, false, MaxNote)
	return c
}

func (n *NumberAssignment) check() []FieldError {
	var c checker
	if n.Serial < 0 {
		c.add("serial", FieldMalformed)
	}
	c.text("seal", n.Seal, false, MaxLine)
	return c
}

func (d *DispatchNote) check() []FieldError {
	var c checker
	oneOf(&c, "mode", d.Mode, DispatchModes)
	c.text("receipt", d.Receipt, false, MaxLine)
	c.list("copies", d.Copies, MaxList, MaxLine)
	c.list("recipients", d.Recipients, MaxProposers, MaxLine)
	return c
}

func (n *ClosureNote) check() []FieldError {
	var c checker
	c.text("note", n.Note, false, MaxNote)
	c.list("files", n.Files, MaxList, MaxLine)
	return c
}

func (r *RungClock) check() []FieldError {
	var c checker
	oneOf(&c, "clock", r.Clock, ClockKinds)
	return c
}

// official is the date an action bears: the one given with a late registration, else today.
func official(a Action, f Facts) calendar.Date {
	if a.On.IsZero() {
		return f.Today()
	}
	return a.On
}
