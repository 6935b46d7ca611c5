package admin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
)

// RulePart is one part of a rule pack in words; its heading is rules.part.<Name>.
type RulePart struct {
	Name  string
	Lines []RuleLine
}

// RuleLine is one rule in words.
type RuleLine struct {
	Key   string // by which the same rule of two packs is found
	Label string
	Text  string // in the reader's language
	Said  string // in the words of the pack itself
}

func (l RuleLine) String() string { return strings.TrimSpace(l.Text + "\n" + l.Said) }

// rulesInWords is everything that a pack says, as it holds for the bureau.
func rulesInWords(w *locale.Words, p *proposal.Pack, bureau proposal.Bureau) []RulePart {
	own := ruleWords{w, p.Of(bureau)}
	parts := []RulePart{
		{"limits", own.limits()},
		{"route", own.route()},
		{"reminders", own.reminders()},
		{"stages", own.stages()},
		{"numbers", own.numbers()},
		{"reply", own.reply()},
		{"classes", own.classes()},
		{"grounds", own.grounds()},
		{"contact", own.contact()},
		{"other", own.other()},
		{"scoring", own.scoring()},
		{"corrections", own.corrections()},
		{"papers", own.papers()},
		{"forms", own.forms()},
	}
	for _, part := range parts {
		for i, l := range part.Lines {
			part.Lines[i].Label, part.Lines[i].Text = locale.Capital(l.Label), locale.Capital(l.Text)
		}
	}
	return parts
}

// RuleChange is one rule that two packs say differently; "" for one that says nothing of it.
type RuleChange struct{ Label, Was, Now string }

// ruleChanges are the lines that differ, in the order of the parts.
func ruleChanges(w *locale.Words, was, now []RulePart) (changes []RuleChange) {
	for i, part := range now {
		before := map[string]RuleLine{}
		for _, l := range was[i].Lines {
			before[l.Key] = l
		}
		add := func(label, was, now string) {
			if was != now {
				changes = append(changes, RuleChange{w.T("rules.part."+part.Name) + w.T("rules.colon") + label, was, now})
			}
		}
		for _, l := range part.Lines {
			add(l.Label, before[l.Key].String(), l.String())
			delete(before, l.Key)
		}
		for _, key := range slices.Sorted(maps.Keys(before)) {
			add(before[key].Label, before[key].String(), "")
		}
	}
	return changes
}

type ruleWords struct {
	*locale.Words
	p *proposal.Pack
}

func (r ruleWords) limits() (lines []RuleLine) {
	for _, key := range append(slices.Clone(proposal.LimitKeys), proposal.LimitReceipt) {
		limit, ok := r.p.Limits[key]
		if !ok {
			continue
		}
		said := []string{r.count(limit.LimitCount)}
		for _, v := range limit.Variants {
			said = append(said, r.T("rules.variant", "Cases", r.List(r.variant(v)), "Count", r.count(v.LimitCount)))
		}
		sources := []string{limit.Name}
		for _, claim := range limit.Sources {
			sources = append(sources, r.T("rules.source", "Day", r.FullDay(claim.From), "Text", claim.Text))
		}
		lines = append(lines, RuleLine{key, r.T("rules.limit." + key), r.join(said), strings.Join(sources, "\n")})
	}
	return lines
}

func (r ruleWords) join(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), r.T("rules.join"))
}

func (r ruleWords) count(c proposal.LimitCount) string {
	count, fixed := "", ""
	switch {
	case c.Months > 0:
		count = r.T("rules.count.months", "N", c.Months)
	case c.Days > 0:
		count = r.T("rules.count.days", "N", c.Days)
	case c.Workdays > 0:
		count = r.T("rules.count.workdays", "N", c.Workdays)
	case c.WorkdaysBefore > 0:
		count = r.T("rules.count.workdays_before", "N", c.WorkdaysBefore)
	}
	if day, err := calendar.ParseDate("2023-" + c.FixedDay); err == nil { // a day of every year
		fixed = r.T("date.day", "Day", day.Day, "Month", int(day.Month), "MonthName", day.Month.String()[:3])
	}
	switch {
	case count == "":
		return r.T("rules.count.fixed", "Day", fixed)
	case fixed == "":
		return count
	}
	return r.T("rules.count.both", "Count", count, "Day", fixed)
}

// variant says for which cases a limit has another length.
func (r ruleWords) variant(v proposal.LimitVariant) (cases []string) {
	if v.Body != "" {
		cases = append(cases, r.T("body."+string(v.Body)))
	}
	if v.Level != "" {
		cases = append(cases, r.T("level."+string(v.Level)))
	}
	if v.Proposer != "" {
		cases = append(cases, r.T("proposer."+string(v.Proposer)))
	}
	if v.Intersession != nil {
		cases = append(cases, r.T(fmt.Sprintf("rules.intersession.%t", *v.Intersession)))
	}
	return cases
}

// kindsOfCase are those that a pack may treat apart, each as a case of it. Any one condition is enough.
var kindsOfCase = []struct {
	name string
	proposal.State
}{
	{"npc", proposal.State{Body: assembly.NPC, Handling: proposal.SoleHandling}},
	{string(proposal.WhenCPPCC), proposal.State{Body: assembly.CPPCC, Handling: proposal.SoleHandling}},
	{string(proposal.WhenKey), proposal.State{Body: assembly.NPC, Handling: proposal.SoleHandling, KeySupervised: true}},
	{string(proposal.WhenMoney), proposal.State{Body: assembly.NPC, Handling: proposal.SoleHandling, Money: true}},
	{string(proposal.WhenSecondRound), proposal.State{Body: assembly.NPC, Handling: proposal.SoleHandling, Round: 2}},
	{"co_handle", proposal.State{Body: assembly.NPC, Handling: proposal.CoHandling}},
}

func (r ruleWords) route() (lines []RuleLine) {
	for _, kind := range kindsOfCase {
		lines = append(lines, RuleLine{Key: kind.name, Label: r.T("rules.kind." + kind.name), Text: r.way(r.p.Chain(kind.State), r.p.SignerRole(kind.State))})
	}
	return lines
}

// way is the reviews of a draft and who signs it.
func (r ruleWords) way(chain []proposal.Stage, signer proposal.Role) string {
	var steps []string
	for _, stage := range chain {
		steps = append(steps, r.T("stage."+string(stage)))
	}
	return strings.Join(append(steps, r.T("rules.signs", "Role", r.T("role."+string(signer)))), " → ")
}

func (r ruleWords) reminders() (lines []RuleLine) {
	for _, key := range append([]string{"default"}, texts(proposal.ClockKinds)...) {
		ladder, ok := r.p.Ladders[key]
		if !ok {
			continue
		}
		label := r.T("rules.all_others")
		if key != "default" {
			label = r.T("clock." + key)
		}
		lines = append(lines, RuleLine{Key: key, Label: label, Text: r.ladder(ladder)})
	}
	return lines
}

func (r ruleWords) ladder(l proposal.Ladder) string {
	var before, after []string
	for _, days := range l.Before {
		if days == 0 {
			before = append(before, r.T("rules.on_day"))
		} else {
			before = append(before, r.T("rules.days_before", "N", days))
		}
	}
	for _, step := range l.Escalate {
		after = append(after, r.T("rules.escalate", "N", step.After, "Role", r.T("role."+string(step.To))))
	}
	said := []string{r.T("rules.no_reminder")}
	if len(before) > 0 {
		said[0] = r.T("rules.reminds", "When", r.List(before))
	}
	said = append(said, r.List(after))
	if l.Repeat.Times > 0 {
		said = append(said, r.T("rules.repeat", "Every", l.Repeat.Every, "Times", l.Repeat.Times))
	}
	return r.join(said)
}

func (r ruleWords) stages() (lines []RuleLine) {
	for _, stage := range proposal.Stages {
		if days := r.p.Stages[stage]; days > 0 {
			lines = append(lines, RuleLine{Key: string(stage), Label: r.T("stage." + string(stage)), Text: r.T("rules.count.workdays", "N", days)})
		}
	}
	return lines
}

func (r ruleWords) numbers() []RuleLine {
	lines := []RuleLine{{Key: "agency", Label: r.T("rules.agency"), Said: r.p.Agency}}
	for _, s := range r.p.Series {
		var cases []string
		if s.Body != "" {
			cases = append(cases, r.T("body."+string(s.Body)))
		}
		if s.Handling != "" {
			cases = append(cases, r.T("handling."+string(s.Handling)))
		}
		lines = append(lines, RuleLine{
			fmt.Sprint(cases), cmp.Or(r.List(cases), r.T("rules.all_others")), r.T("given." + string(cmp.Or(s.Given, proposal.OurNumber))), s.Code,
		})
	}
	return lines
}

func (r ruleWords) reply() (lines []RuleLine) {
	for _, body := range assembly.Bodies {
		rules, of := r.p.Reply[body], r.T("body."+string(body))
		lines = append(lines, RuleLine{string(body) + ".reach", of, r.T("rules.reach." + string(rules.CoSigners)), ""})
		if len(rules.Copies) > 0 {
			lines = append(lines, RuleLine{string(body) + ".copies", r.T("rules.copies", "Body", of), "", strings.Join(rules.Copies, "、")})
		}
		form := string(cmp.Or(rules.Form, proposal.LetterForm))
		if rules.Signer {
			form += "_signed"
		}
		lines = append(lines, RuleLine{Key: string(body) + ".form", Label: r.T("rules.reply_form", "Body", of), Text: r.T("rules.reply_form." + form)},
			RuleLine{string(body) + ".title", r.T("rules.reply_title", "Body", of), "", cmp.Or(rules.Title, proposal.CommonTitle)},
			RuleLine{string(body) + ".opinion", r.T("rules.opinion_title", "Body", of), "", cmp.Or(rules.Opinion, proposal.CommonOpinionTitle)})
	}
	return lines
}

func (r ruleWords) classes() (lines []RuleLine) {
	for _, c := range r.p.Classes {
		var statuses []string
		for _, s := range c.Statuses {
			statuses = append(statuses, r.T("status."+string(s)))
		}
		said := []string{r.T("rules.statuses", "Statuses", r.List(statuses))}
		if c.Needs != proposal.NeedsNothing {
			said = append(said, r.T("rules.needs."+string(c.Needs)))
		}
		lines = append(lines, RuleLine{c.Code, c.Code, r.join(said), c.Name})
	}
	return lines
}

func (r ruleWords) grounds() (lines []RuleLine) {
	for i, g := range r.p.Grounds {
		lines = append(lines, RuleLine{g.Code, fmt.Sprint(i + 1), "", g.Name})
	}
	return lines
}

func (r ruleWords) contact() []RuleLine {
	var modes []string
	for _, m := range r.p.Contact.CountingModes {
		modes = append(modes, r.T("mode."+string(m)))
	}
	return []RuleLine{
		{Key: "modes", Label: r.T("rules.modes"), Text: r.List(modes)},
		{Key: "attempts", Label: r.T("rules.attempts"), Text: r.T("rules.times", "N", r.p.Contact.AttemptsBeforeWaive)},
	}
}

func (r ruleWords) other() []RuleLine {
	p, watch := r.p, proposal.WatchRules{Still: cmp.Or(r.p.Watch.Still, proposal.UsualWatch.Still), Promise: cmp.Or(r.p.Watch.Promise, proposal.UsualWatch.Promise), Brief: cmp.Or(r.p.Watch.Brief, proposal.UsualWatch.Brief)}
	cover := r.T("rules.unbounded")
	if p.Cover.MaxDays > 0 {
		cover = r.T("rules.count.days", "N", p.Cover.MaxDays)
	}
	draft := r.T("rules.no_warning")
	if p.Watch.Draft > 0 {
		draft = r.T("rules.per_cent", "N", p.Watch.Draft)
	}
	var lines []RuleLine
	for _, l := range [][2]string{
		{"extension", r.T("rules.count.months", "N", p.Extension.MaxMonths)},
		{"suspension", r.T(fmt.Sprintf("changes.%t", p.Suspension.Allowed))},
		{"rounds", r.T("rules.times", "N", p.Rehandling.Rounds)},
		{"countersign", r.T(fmt.Sprintf("changes.%t", p.CoHandling.Countersign))},
		{"urge", r.T("rules.count.days", "N", p.Urge.DaysBetween)},
		{"still", r.T("rules.count.workdays", "N", watch.Still)},
		{"promise", r.T("rules.count.days", "N", watch.Promise)},
		{"draft", draft},
		{"plan", r.T(fmt.Sprintf("changes.%t", p.Watch.Plan))},
		{"brief", r.T("brief." + string(watch.Brief))},
		{"cover", cover},
	} {
		lines = append(lines, RuleLine{Key: l[0], Label: r.T("rules.other." + l[0]), Text: l[1]})
	}
	return lines
}

func (r ruleWords) scoring() (lines []RuleLine) {
	for _, item := range r.p.Scoring {
		said := []string{r.T("scores.points", "N", item.Weight)}
		if item.Each > 0 {
			said = append(said, r.T("rules.scoring_each", "N", item.Each))
		}
		lines = append(lines, RuleLine{Key: string(item.Rate), Label: r.T("rate." + string(item.Rate)), Text: r.join(said)})
	}
	return lines
}

func (r ruleWords) corrections() (lines []RuleLine) {
	for _, fact := range append([]string{"default"}, texts(proposal.RegisterFacts)...) {
		rule, ok := r.p.Corrections[fact]
		if !ok {
			continue
		}
		label := r.T("rules.all_others")
		if fact != "default" {
			label = r.T("amend." + fact)
		}
		var roles []string
		for _, role := range rule.By {
			roles = append(roles, r.T("role."+string(role)))
		}
		said := []string{r.List(roles)}
		if rule.Until != "" {
			said = append(said, r.T("rules.until", "Stage", r.T("stage."+string(rule.Until))))
		}
		lines = append(lines, RuleLine{Key: fact, Label: label, Text: r.join(said)})
	}
	return lines
}

func (r ruleWords) papers() (lines []RuleLine) {
	for _, kind := range proposal.PaperKinds {
		if form, ok := r.p.Papers[kind]; ok {
			said := []string{form.Title}
			for _, body := range assembly.Bodies {
				said = append(said, r.T("rules.to", "Body", r.T("body."+string(body)), "To", form.To[body]))
			}
			lines = append(lines, RuleLine{string(kind), r.T("rules.paper." + string(kind)), "", strings.Join(append(said, strings.TrimSpace(form.Text)), "\n")})
		}
	}
	return lines
}

func (r ruleWords) forms() (lines []RuleLine) {
	for _, kind := range proposal.FormKinds {
		if form, ok := r.p.Forms[kind]; ok {
			said := []string{form.Over, form.Title, fmt.Sprint(form.Widths)}
			for _, row := range form.Rows {
				said = append(said, strings.ReplaceAll(strings.Join(row, " | "), "\n", "⏎"))
			}
			said = slices.DeleteFunc(append(said, strings.TrimSpace(form.Text)), func(s string) bool { return s == "" })
			lines = append(lines, RuleLine{string(kind), r.T("rules.form." + string(kind)), "", strings.Join(said, "\n")})
		}
	}
	return lines
}

func texts[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}
