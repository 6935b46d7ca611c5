package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// RulesLimit is a limit of a file that the form can change: one count, the same for every case.
type RulesLimit struct {
	Label, Unit string
	Count, Name kit.Field // of it in words
}

// RulesForm is the form for what changes most often. It writes into the file.
type RulesForm struct {
	*kit.Form
	Limits []RulesLimit
	Drawn  string // what it said when it was drawn
}

// ruleNumbers are the numbers of a pack that the form can change, by their paths; none may be less than 1.
var ruleNumbers = []struct {
	field, path string
	of          func(*proposal.Pack) *int
}{
	{"extension", "extension.max_months", func(p *proposal.Pack) *int { return &p.Extension.MaxMonths }},
	{"rounds", "rehandling.rounds", func(p *proposal.Pack) *int { return &p.Rehandling.Rounds }},
	{"urge", "urge.days_between", func(p *proposal.Pack) *int { return &p.Urge.DaysBetween }},
	{"attempts", "contact.attempts_before_waive", func(p *proposal.Pack) *int { return &p.Contact.AttemptsBeforeWaive }},
}

// ruleTicks are what a pack allows or asks for.
var ruleTicks = []struct {
	field, path string
	of          func(*proposal.Pack) *bool
}{
	{"suspension", "suspension.allowed", func(p *proposal.Pack) *bool { return &p.Suspension.Allowed }},
	{"countersign", "co_handling.countersign", func(p *proposal.Pack) *bool { return &p.CoHandling.Countersign }},
}

// ruleSigners are who signs.
var ruleSigners = []struct {
	field, path string
	of          func(*proposal.Pack) *proposal.Role
}{
	{"ordinary", "signer.ordinary", func(p *proposal.Pack) *proposal.Role { return &p.Signer.Ordinary }},
	{"strict", "signer.strict", func(p *proposal.Pack) *proposal.Role { return &p.Signer.Strict }},
}

// plainLimits are the limits of a pack that have one count, the same for every case.
func plainLimits(p *proposal.Pack) (keys []string) {
	for _, key := range append(slices.Clone(proposal.LimitKeys), proposal.LimitReceipt) {
		if limit, ok := p.Limits[key]; ok && len(limit.Variants) == 0 && limit.FixedDay == "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// countOf is the one count of a limit.
func countOf(c *proposal.LimitCount) *int {
	for _, n := range []*int{&c.Months, &c.Days, &c.Workdays} {
		if *n > 0 {
			return n
		}
	}
	return &c.WorkdaysBefore
}

// unitOf names the unit of a limit.
func unitOf(c proposal.LimitCount) string {
	switch {
	case c.Months > 0:
		return "months"
	case c.Days > 0:
		return "days"
	case c.Workdays > 0:
		return "workdays"
	}
	return "workdays_before"
}

// rulesForm draws the form of a pack, with what was typed into it.
func rulesForm(w *locale.Words, p *proposal.Pack, typed, drawn url.Values, wrong []kit.FieldMessage) *RulesForm {
	said := url.Values{}
	for field := range rulesTyped(p) {
		said.Set(field, strings.TrimSpace(drawn.Get(field)))
	}
	f := &RulesForm{Form: &kit.Form{Kind: "rules", Words: w, Values: typed, Wrong: wrong, Choices: map[string][]kit.Choice{}}, Drawn: said.Encode()}
	for _, signer := range ruleSigners {
		f.Choices[signer.field] = kit.Choices(w, "role.", []proposal.Role{proposal.LeaderInCharge, proposal.BureauHead})
	}
	for _, key := range plainLimits(p) {
		limit := p.Limits[key]
		l := RulesLimit{
			w.T("rules.limit." + key), w.T("rules.unit." + unitOf(limit.LimitCount)),
			kit.Field{Name: "count_" + key},
			kit.Field{Name: "name_" + key},
		}
		for _, field := range []*kit.Field{&l.Count, &l.Name} {
			field.Label, field.Value, field.Error = l.Label, f.Values.Get(field.Name), f.Error(field.Name)
		}
		f.Limits = append(f.Limits, l)
	}
	return f
}

// rulesTyped is what the form opens with.
func rulesTyped(p *proposal.Pack) url.Values {
	typed := url.Values{"name": {p.Name}, "valid_from": {p.ValidFrom.String()}, "before": {beforeText(p)}}
	for _, key := range plainLimits(p) {
		limit := p.Limits[key]
		typed.Set("count_"+key, strconv.Itoa(*countOf(&limit.LimitCount)))
		typed.Set("name_"+key, limit.Name)
	}
	for _, n := range ruleNumbers {
		typed.Set(n.field, strconv.Itoa(*n.of(p)))
	}
	for _, s := range ruleSigners {
		typed.Set(s.field, string(*s.of(p)))
	}
	for _, tick := range ruleTicks {
		typed.Set(tick.field, map[bool]string{true: "1"}[*tick.of(p)])
	}
	return typed
}

func beforeText(p *proposal.Pack) string {
	var days []string
	for _, n := range p.Ladders["default"].Before {
		days = append(days, strconv.Itoa(n))
	}
	return strings.Join(days, " ")
}

// filled writes into a sound file what was typed into the form since it was drawn, so that it never overwrites what was typed into the file. Whether that
// makes rules, the check of the file says.
func filled(w *locale.Words, source string, p *proposal.Pack, typed, drawn url.Values) (string, []kit.FieldMessage, error) {
	e := rulesEdit{w: w, typed: typed, drawn: drawn}
	from, err := calendar.ParseDate(typed.Get("valid_from"))
	if err != nil && e.changed("valid_from") {
		e.fail("valid_from", "rules_put.bad_day")
	}
	for _, field := range []string{"name", "valid_from"} {
		if e.changed(field) {
			e.says(field, strings.TrimSpace(typed.Get(field)))
		}
	}
	for _, key := range plainLimits(p) {
		e.limit(key, p.Limits[key], from)
	}
	for _, n := range ruleNumbers {
		if e.changed(n.field) {
			e.says(n.path, e.number(n.field))
		}
	}
	for _, s := range ruleSigners {
		if e.changed(s.field) {
			e.says(s.path, typed.Get(s.field))
		}
	}
	for _, tick := range ruleTicks {
		if e.changed(tick.field) {
			e.says(tick.path, typed.Get(tick.field) == "1")
		}
	}
	if e.changed("before") {
		ladder := p.Ladders["default"]
		ladder.Before = nil
		for _, word := range strings.FieldsFunc(typed.Get("before"), func(r rune) bool { return r < '0' || r > '9' }) {
			n, _ := strconv.Atoi(word)
			ladder.Before = append(ladder.Before, n)
		}
		e.says("reminders.default", ladder)
	}
	if len(e.wrong) > 0 || len(e.said) == 0 {
		return source, e.wrong, nil
	}
	text, err := rulepack.Rewritten(source, e.said...)
	return text, nil, err
}

// rulesEdit collects what a form says and what is wrong with it.
type rulesEdit struct {
	w            *locale.Words
	typed, drawn url.Values
	said         []rulepack.Said
	wrong        []kit.FieldMessage
}

func (e *rulesEdit) changed(field string) bool {
	return strings.TrimSpace(e.typed.Get(field)) != e.drawn.Get(field)
}

func (e *rulesEdit) says(path string, value any) {
	e.said = append(e.said, rulepack.Said{Path: path, Value: value})
}

// fail says what is wrong with a field, by its name.
func (e *rulesEdit) fail(field, key string) {
	label := "form.rules." + field
	if _, limit, ok := strings.Cut(field, "_"); ok && !e.w.Has(label) {
		label = "rules.limit." + limit
	}
	e.wrong = append(e.wrong, kit.FieldMessage{Field: field, Text: e.w.T(key, "Field", e.w.T(label))})
}

func (e *rulesEdit) number(field string) int {
	n, err := strconv.Atoi(strings.TrimSpace(e.typed.Get(field)))
	if err != nil || n < 1 {
		e.fail(field, "rules_put.bad_number")
	}
	return n
}

// limit takes another count and its words. The rules themselves are the source of the limit from their first day on.
func (e *rulesEdit) limit(key string, limit proposal.Limit, from calendar.Date) {
	count, name := "count_"+key, "name_"+key
	if !e.changed(count) && !e.changed(name) {
		return
	}
	if e.changed(count) && !e.changed(name) { // its words would say what no longer holds
		e.fail(name, "rules_put.name_too")
	}
	*countOf(&limit.LimitCount), limit.Name = e.number(count), strings.TrimSpace(e.typed.Get(name))
	if limit.Sources[0].From.Before(from) {
		limit.Sources = slices.Insert(slices.Clone(limit.Sources), 0, proposal.LawClaim{From: from, Text: strings.TrimSpace(e.typed.Get("name"))})
	}
	e.says("limits."+key, limit)
}
