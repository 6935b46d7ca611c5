package rulepack

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

func packFile(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("rules/shenyang.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func shenyang() *proposal.Pack { return BuiltIn()["shenyang-1"] }

// registered is a case of the key under the pack, assigned and registered on the day.
func registered(t *testing.T, pack *proposal.Pack, key assembly.RegisterKey, on calendar.Date) *proposal.State {
	t.Helper()
	key.Level, key.Term, key.Session, key.Number = assembly.CityLevel, 16, 3, "0392"
	s, err := proposal.Apply(proposal.State{}, proposal.Action{
		ID: "11111111-1111-4111-8111-111111111111", Kind: proposal.Register, By: "liaison",
		Input: &proposal.Registration{RegisterKey: key, Title: "关于发展养老服务的建议", LeadDeputy: "倪琛善", Text: "建议增设助餐点。", AssignedOn: on, HandlingType: proposal.SoleHandling},
	}, proposal.Facts{
		Now: on.Start(), Calendar: calendar.National(), Pack: pack,
		Actor: proposal.Person{ID: "liaison", Roles: []proposal.Role{proposal.Liaison}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestBuiltInPacksAreValid(t *testing.T) {
	for _, id := range []string{"national-1", "shenyang-1", "shenyang-2"} {
		if pack, ok := BuiltIn().ByID(id); !ok || pack.ID != id {
			t.Errorf("pack %s: %v", id, pack)
		}
	}
	for id, pack := range BuiltIn() {
		for _, class := range []string{"A", "B", "C", "D"} {
			if _, ok := pack.Class(class); !ok {
				t.Errorf("%s has no class %s", id, class)
			}
		}
	}
}

func TestPackForTheDay(t *testing.T) {
	for on, want := range map[string]string{"2020-02-03": "shenyang-1", "2026-12-31": "shenyang-1", "2027-01-01": "shenyang-2", "1990-01-01": ""} {
		pack, ok := BuiltIn().For("shenyang", day(on))
		if ok != (want != "") || ok && pack.ID != want {
			t.Errorf("on %s %v, want %s", on, pack, want)
		}
	}
}

func TestPackExtendsMerges(t *testing.T) {
	p, base := BuiltIn()["shenyang-2"], BuiltIn()["national-1"]
	if p.Limits[proposal.LimitFirstContact].Workdays != 15 || base.Limits[proposal.LimitFirstContact].Workdays != 20 || p.Limits[proposal.LimitReply].Months != 3 {
		t.Errorf("limits %+v", p.Limits)
	}
	if p.SeriesOf(assembly.CPPCC, proposal.SoleHandling).Code != "沈民提函" || p.SeriesOf(assembly.NPC, proposal.CoHandling).Code != "沈民函" || len(base.Series) != 0 {
		t.Errorf("series %+v, of the base %+v", p.Series, base.Series)
	}
	on := day("2027-03-01")
	for key, want := range map[assembly.RegisterKey]string{{Body: assembly.CPPCC}: "2027-08-02", {Body: assembly.CPPCC, Intersession: true}: "2027-06-01", {Body: assembly.NPC}: "2027-06-01"} {
		if got := registered(t, p, key, on).ReplyDue().Due(); got != day(want) {
			t.Errorf("body %s, intersession %t: due %s, want %s", key.Body, key.Intersession, got, want)
		}
	}
	if base.Suspension.Allowed || base.Reply[assembly.CPPCC].CoSigners != proposal.ReplyToEach || !slices.Equal(p.Review[2].When, base.Review[2].When) {
		t.Error("the heir changed its base, or lost the review chain")
	}
}

func TestPackErrorsNameLineAndField(t *testing.T) {
	for _, test := range []struct {
		old, new string
		line     int
		want     string
	}{
		{"id: shenyang-1", "id: ''", 2, "id: required"},
		{"valid_from: \"1992-04-03\"\n", "", 2, "valid_from: required"},
		{"valid_from: \"1992-04-03\"", "valid_from: soon", 5, "valid_from: a day"},
		{"profile:", "profil:", 4, "profil: unknown field"},
		{"profile: shenyang", "profile: shenyang\nextends: mars-1", 5, "extends: there is no rule pack"},
		{"- { code: 沈民函 }", "- { body: cppcc, code: 沈民函 }", 8, "series: no reply to a case of body npc"},
		{"months: 3", "months: three", 14, "limits.reply.months: a whole number"},
		{"months: 3", "months: 0", 12, "limits.reply: has no count"},
		{"months: 3", "months: -3", 14, "limits.reply.months: from 1"},
		{"months: 3", "months: 7", 14, "limits.reply.months: at most 6"},
		{"months: 3", "months: 3\n    workdays: 1", 12, "limits.reply: has two counts"},
		{"months: 3", "months: 3\n    fixed_day: \"02-29\"", 15, "limits.reply.fixed_day"},
		{"months: 3", "months: 3\n    variants: [{ months: 5 }]", 15, "limits.reply.variants.0: a body"},
		{"months: 3", "months: 3\n    months: 4", 15, "limits.reply.months: stands here twice"},
		{"- { code: 沈民函 }", "- { handling: co_handle, code: 沈民会函 }", 8, "series: no reply to a case of body npc, handled as alone, has a series"},
		{"- { code: 沈民函 }", "- { given: none, code: 沈民函 }", 9, "series.0.code: replies without a number have none"},
		{"- { code: 沈民函 }", "- { given: outside }", 9, "series.0.code: required"},
		{"- { code: 沈民函 }", "- { code: 沈民函 }\n  - { body: cppcc, code: 沈民提函 }", 10, "series.1: never counts"},
		{"- { code: 沈民函 }", "- { body: party, code: 沈民函 }", 9, `series.0.body: unknown value "party"; known: npc, cppcc`},
		{"months: 3", "months: 3\n    variants: [{ level: parish, months: 2 }]", 15, `limits.reply.variants.0.level: unknown value "parish"`},
		{"months: 3", "months: 3\n    variants: [{ body: cppcc, months: 2, workdays: 1 }]", 15, "limits.reply.variants.0: has two counts"},
		{"months: 3", "months: 3\n    variants: [{ body: cppcc, workdays_before: 2 }]", 15, "limits.reply.variants.0.workdays_before: only"},
		{"months: 3", "months: 3\n    variants: [{ body: cppcc }]", 15, "limits.reply.variants.0: has no count"},
		{"months: 3", "months: 3\n    variants: [{ body: cppcc, months: 2 }, { body: cppcc, level: city, months: 1 }]", 15, "limits.reply.variants.1: never counts"},
		{"months: 3", "months: 3\n    fixed_day: August", 15, "limits.reply.fixed_day: a day of every year"},
		{"name: 自交办之日起三个月内答复", "name: ''", 13, "limits.reply.name: required"},
		{"[30, 15, 7, 3, 0]", "[30, -1]", 80, "reminders.default.before.1: from 0"},
		{"after: 1, to: division_head", "to: division_head", 82, "reminders.default.escalate.0.after: from 1"},
		{"after: 1, to: division_head", "after: 1", 82, "reminders.default.escalate.0.to: required"},
		{"repeat: { every: 1, times: 20 }", "repeat: { every: 0, times: 20 }", 86, "reminders.default.repeat.every: from 1"},
		{"max_months: 6", "max_months: 2", 106, "extension.max_months: from 3 to 6"},
		{"  - { stage: office_review }\n  - { stage: legal_review, when: [money, second_round] }", "  - { stage: legal_review }\n  - { stage: office_review }", 102, "review.2.stage: out of order"},
		{"  reply:", "  replay:", 12, "limits.replay: unknown field"},
		{"workdays_before: 8", "workdays: 8", 19, "limits.internal: is counted back"},
		{"workdays: 20", "workdays_before: 20", 26, "limits.publication.workdays_before: only"},
		{`from: "2025-03-12"`, `since: "2025-03-12"`, 16, "limits.reply.sources.0.since: unknown field"},
		{`from: "2025-03-12"`, `from: "2010-03-12"`, 17, "limits.reply.sources.1.from: the newest"},
		{"acceptance: 2", "accepting: 2", 69, "stage_limits.accepting: unknown field"},
		{"acceptance: 2", "closed: 2", 69, "stage_limits.closed: unknown field"},
		{"[30, 15, 7, 3, 0]", "[15, 30]", 80, "reminders.default.before.1: reminders fall"},
		{"after: 3, to: leader_in_charge", "after: 1, to: leader_in_charge", 83, "reminders.default.escalate.1.after: escalations rise"},
		{"after: 3, to: leader_in_charge", "after: 3, to: chief", 83, `reminders.default.escalate.1.to: unknown value "chief"`},
		{"return: { before: [0] }", "return: { before: [0], repeat: { every: 1, times: 1 } }", 87, "reminders.return.repeat: there is no"},
		{"return: { before", "returned: { before", 87, "reminders.returned: unknown field"},
		{"days_between: 3", "days_between: 0", 94, "urge.days_between: from 1"},
		{"  - { stage: division_review }\n", "", 100, "review.0: the chain begins"},
		{"  - { stage: openness_review }\n", "", 102, "review.2: the chain ends"},
		{"- { stage: openness_review }", "- { stage: openness_review, when: [key] }", 103, "review.3.when: every draft"},
		{"when: [money, second_round] }", "when: [rain] }", 102, `review.2.when.0: unknown value "rain"`},
		{"{ stage: office_review }", "{ stage: sign_off }", 101, "review.1.stage: \"sign_off\" is no review"},
		{"max_months: 6", "max_months: 7", 106, "extension.max_months: from 3 to 6"},
		{"allowed: false", "allowed: perhaps", 109, "suspension.allowed: true or false"},
		{"rounds: 2", "rounds: 0", 112, "rehandling.rounds: from 1"},
		{"npc: { co_signers: each", "npc: { title: '{session}的答复', co_signers: each", 115, "reply.npc.title: {title} or {number} is wanted"},
		{"npc: { co_signers: each", "npc: { title: '关于{number}{nown}的答复', co_signers: each", 115, "reply.npc.title: there is no {nown}"},
		{"npc: { co_signers: each", "npc: { signer: true, co_signers: each", 115, "reply.npc.signer: stands in the plain form alone"},
		{"npc: { co_signers: each", "npc: { form: telegram, co_signers: each", 115, `reply.npc.form: unknown value "telegram"`},
		{"。因{reason}，", "。因{suggested}，", 169, "papers.extension.text: there is no {suggested}"},
		{"to: { npc: \"{lead}\", cppcc: \"{lead}\" }", "to: { npc: \"{lead}\" }", 174, "papers.urge.to.cppcc: required"},
		{"  urge:\n", "  urges:\n", 172, "papers.urges: unknown field"},
		{"[标题, \"{title}\"]", "[标题, \"{reason}\"]", 186, "forms.opinion.rows.1.1: there is no {reason}"},
		{"[标题, \"{title}\"]", "[一, 二, 三, 四, 五]", 186, "forms.opinion.rows.1: from 1 to 4 cells are wanted"},
		{"rate: met, weight: 20", "rate: met, weight: 30", 217, "scoring: the weights are 100 together, not 110"},
		{"rate: met,", "rate: in_time,", 219, `scoring.1.rate: "in_time" is taken`},
		{"rate: met,", "rate: kindness,", 219, `scoring.1.rate: unknown value "kindness"; known: answered`},
		{"rate: met, weight: 20", "rate: met, weight: 0", 219, "scoring.1.weight: from 1 to 100"},
		{"each: 5", "each: 31", 218, "scoring.0.each: from 0 to 30"},
		{"widths: [16, 34, 16, 34]", "widths: [16, 34, 16]", 183, "forms.opinion.widths: the columns are 100 together"},
		{"    title: 卷内目录\n", "", 209, "forms.contents.title: required"},
		{"npc: { co_signers: each", "npc: { co_signers: all", 115, `reply.npc.co_signers: unknown value "all"`},
		{"attempts_before_waive: 3", "attempts_before_waive: 0", 120, "contact.attempts_before_waive: from 1"},
		{"[phone, visit,", "[telex, visit,", 119, `contact.counting_modes.0: unknown value "telex"`},
		{"ordinary: leader_in_charge", "ordinary: auditor", 123, `signer.ordinary: "auditor" cannot sign`},
		{"statuses: [solved] }", "statuses: [done] }", 128, `classes.0.statuses.0: unknown value "done"`},
		{"statuses: [solved] }", "statuses: solved }", 128, "classes.0.statuses: a list"},
		{"needs: commitment", "needs: comitment", 129, `classes.1.needs: unknown value`},
		{"code: B,", "code: A,", 129, "classes.1.code: \"A\" is taken"},
		{"code: law_forbids", "code: state_secret", 135, "grounds.1.code"},
	} {
		text := packFile(t)
		if strings.Count(text, test.old) == 0 {
			t.Errorf("the pack does not contain %q", test.old)
			continue
		}
		text = strings.Replace(text, test.old, test.new, 1)
		_, err := Parse([]byte(text), nil)
		var wrong Errors
		named := func(e Error) bool { return e.Line == test.line && strings.HasPrefix(e.Error(), test.want) }
		if !errors.As(err, &wrong) || !slices.ContainsFunc(wrong, named) {
			t.Errorf("%q for %q:\n%v\nwant line %d: %s", test.new, test.old, err, test.line, test.want)
		}
	}
}

func TestPackErrorsAllAtOnceByLine(t *testing.T) {
	text := strings.NewReplacer("months: 3", "months: 9", "rounds: 2", "rounds: 0", "id: shenyang-1", "id: ''").Replace(packFile(t))
	_, err := Parse([]byte(text), nil)
	var wrong Errors
	if !errors.As(err, &wrong) || len(wrong) != 3 || wrong[0].Line != 2 || wrong[1].Line != 14 || wrong[2].Path != "rehandling.rounds" {
		t.Errorf("errors\n%v", err)
	}
	for _, broken := range []string{"", "# nothing\n", "id: [", "a: 1\n---\nb: 2", "- a", "limits: &a [*a]"} {
		if _, err := Parse([]byte(broken), nil); !errors.As(err, new(Errors)) || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

// heir is the file of a pack that says nothing of its own.
func heir(id, base, from string) string {
	return "id: " + id + "\nextends: " + base + "\nname: 规则\nprofile: dalian\nvalid_from: \"" + from + "\"\n"
}

func folder(files map[string]string) map[string][]byte {
	sources := map[string][]byte{}
	for name, text := range files {
		sources[name] = []byte(text)
	}
	return sources
}

func TestReadInWhateverOrder(t *testing.T) {
	packs, err := With(folder(map[string]string{
		"a.yaml": heir("d-3", "d-2", "2028-01-01"), "b.yaml": heir("d-2", "d-1", "2027-01-01") + "agency: 大连市民政局\n",
		"c.yaml":        heir("d-1", "national-1", "2020-01-01"),
		"shenyang.yaml": packFile(t), // the same as that of the program
	}))
	if pack, ok := packs.For("dalian", day("2028-05-01")); err != nil || !ok || pack.ID != "d-3" || pack.Agency != "大连市民政局" {
		t.Errorf("loaded %+v, %v", pack, err)
	}
	if pack, ok := packs.For("dalian", day("2026-05-01")); !ok || pack.Agency != "" {
		t.Errorf("loaded %+v", pack)
	}
	// Before the first of them began, what that one extends was in force.
	if pack, ok := packs.For("dalian", day("2019-12-31")); !ok || pack.ID != "national-1" {
		t.Errorf("before the first: %+v", pack)
	}
	if pack, ok := packs.For("dalian", day("1990-01-01")); ok {
		t.Errorf("before there were any: %+v", pack)
	}
	if _, ok := packs.For("jinzhou", day("2026-01-01")); ok {
		t.Error("there are rules of a profile that nobody wrote")
	}
	var profiles []string
	for _, pack := range packs.Profiles(day("2019-12-31")) {
		profiles = append(profiles, pack.Profile+" "+pack.ID)
	}
	if want := []string{"dalian d-1", "national national-1", "shenyang shenyang-1"}; !slices.Equal(profiles, want) {
		t.Errorf("profiles %q, want %q", profiles, want)
	}
	if _, ok := BuiltIn()["d-1"]; ok {
		t.Error("the packs of the program changed")
	}
}

func TestReadRefuses(t *testing.T) {
	sound := heir("d-1", "national-1", "2020-01-01")
	for _, test := range []struct {
		files map[string]string
		want  []string
	}{
		{map[string]string{"a.yaml": heir("shenyang-1", "national-1", "2020-01-01")}, []string{`a.yaml:1: id: there is another rule pack "shenyang-1"`}},
		{map[string]string{"a.yaml": sound, "b.yaml": heir("d-2", "national-1", "2020-01-01")}, []string{`b.yaml:5: valid_from: "d-1" of the same profile`}},
		{map[string]string{"a.yaml": heir("d-1", "mars-1", "2020-01-01")}, []string{`a.yaml:2: extends: there is no rule pack "mars-1"`}},
		{map[string]string{"a.yaml": heir("d-1", "d-1", "2020-01-01")}, []string{"a.yaml:2: extends: goes in a circle: a.yaml extends a.yaml"}},
		{
			map[string]string{"a.yaml": heir("d-1", "d-2", "2020-01-01"), "b.yaml": heir("d-2", "d-1", "2021-01-01"), "c.yaml": heir("d-3", "d-1", "2022-01-01")},
			[]string{
				"a.yaml:2: extends: goes in a circle: a.yaml extends b.yaml extends a.yaml", "b.yaml:2: extends: goes in a circle: b.yaml extends a.yaml extends b.yaml",
				`c.yaml:2: extends: "d-1" cannot be had: a.yaml is wrong`,
			},
		},
		{
			map[string]string{"a.yaml": sound + "rehandling: { rounds: 0 }\n", "b.yaml": heir("d-2", "d-1", "2021-01-01")},
			[]string{"a.yaml:6: rehandling.rounds: from 1", `b.yaml:2: extends: "d-1" cannot be had: a.yaml is wrong`},
		},
	} {
		_, err := With(folder(test.files))
		got := strings.Split(errText(err), "\n")
		if len(got) != len(test.want) {
			t.Errorf("%v\ngot  %q\nwant %q", test.files, got, test.want)
			continue
		}
		for i, want := range test.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%v\ngot  %q\nwant %q", test.files, got[i], want)
			}
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// changed is a pack as the bureau's, with other words in its file.
func changed(t testing.TB, words ...string) *proposal.Pack {
	t.Helper()
	words = append(words, "id: shenyang-1", "id: x")
	pack, err := Parse([]byte(strings.NewReplacer(words...).Replace(packFile(t))), nil)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestDiff(t *testing.T) {
	if same := Diff(shenyang(), changed(t, "name: 沈阳市民政局建议提案办理规则", "name: 新规则", "1992-04-03\"\nagency", "2027-01-01\"\nagency")); len(same) != 0 {
		t.Errorf("packs that differ by name only differ: %v", same)
	}
	got := Diff(shenyang(), changed(t, "- { code: 沈民函 }", "- { body: cppcc, code: 沈民提函 }\n  - { code: 沈民函 }", "months: 3", "fixed_day: \"08-31\"",
		"allowed: false", "allowed: true", "  - { stage: office_review }\n", "", "[5]", "[5, 0]", "code: C,", "code: E,", "numbering: 2\n", "numbering: 2\n  closure: 5\n"))
	var lines []string
	for _, d := range got {
		if !strings.HasPrefix(d.Path, "classes.") {
			lines = append(lines, d.Path+": "+d.From+" → "+d.To)
		}
	}
	want := []string{
		"series.cppcc.body:  → cppcc", "series.cppcc.code:  → 沈民提函", "limits.reply.months: 3 → ", "limits.reply.fixed_day:  → 08-31",
		"stage_limits.closure:  → 5", "reminders.feedback.before: [5] → [5 0]", "review.office_review.stage: office_review → ", "suspension.allowed: false → true",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("differences\n%q, want\n%q", lines, want)
	}
	if !slices.Contains(got, Difference{"classes.C.code", "C", ""}) || !slices.Contains(got, Difference{"classes.E.code", "", "E"}) {
		t.Errorf("differences of the classes: %v", got)
	}
}

var update = flag.Bool("update", false, "write docs/rule-pack.schema.json anew from the types")

// TestPackSchema keeps docs/rule-pack.schema.json, by which editors help whoever writes a pack, as the types are.
func TestPackSchema(t *testing.T) {
	schema := schemaOf(reflect.TypeFor[proposal.Pack](), "")
	schema["$schema"], schema["title"] = "https://json-schema.org/draft/2020-12/schema", "Banli rule pack"
	schema["required"] = []string{"id", "profile", "valid_from", "name"}
	want, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	const file = "../../docs/rule-pack.schema.json"
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != string(want) {
		t.Errorf("docs/rule-pack.schema.json is stale (%v); run go test ./internal/rulepack -run TestPackSchema -update", err)
	}
}

func schemaOf(t reflect.Type, path string) map[string]any {
	switch {
	case t == reflect.TypeFor[calendar.Date]():
		return map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	case packWords[t] != nil:
		return map[string]any{"enum": packWords[t]}
	case t.Kind() == reflect.Pointer:
		return schemaOf(t.Elem(), path)
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), path)}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	}
	properties := map[string]any{}
	if t.Kind() == reflect.Map {
		keys := packKeys[path]
		if keys == nil {
			keys = packWords[t.Key()]
		}
		for _, key := range keys {
			properties[key] = schemaOf(t.Elem(), join(path, key))
		}
	} else {
		for _, f := range packFields(t) {
			properties[f.key] = schemaOf(f.Type, join(path, f.key))
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(packFile(f)))
	f.Add([]byte("id: x\nextends: national-1\nname: n\nprofile: x\nvalid_from: 2026-01-01\n"))
	f.Add([]byte("limits: &a [*a]"))
	f.Add([]byte("limits:\n  reply:\n    sources: [x, {from: y}]\n"))
	f.Add([]byte("classes: [{statuses: !!int 3}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pack, err := Parse(data, BuiltIn())
		if (pack == nil) == (err == nil) {
			t.Fatalf("pack %v, error %v: want one of them", pack, err)
		}
		if err != nil {
			var wrong Errors
			if !errors.As(err, &wrong) || slices.ContainsFunc(wrong, func(e Error) bool { return e.Line < 1 }) {
				t.Fatalf("%v: no line", err)
			}
			return
		}
		// What is accepted can be worked with.
		on := day("2020-02-03")
		s := registered(t, pack, assembly.RegisterKey{Body: assembly.NPC}, on)
		if due := s.ReplyDue().Due(); due.Before(on) || pack.InternalDue(*s, due, calendar.National()).After(due) {
			t.Fatalf("limits %+v count backwards", pack.Limits)
		}
	})
}

// A pack that a bureau wrote before November 2026 calls leaders in charge deputy_head and the section of the reply letter.
func TestPackWithFormerWords(t *testing.T) {
	data, err := os.ReadFile("rules/shenyang.yaml")
	if err != nil {
		t.Fatal(err)
	}
	former := strings.NewReplacer("leader_in_charge", "deputy_head", "\nreply:\n", "\nletter:\n").Replace(string(data))
	if former == string(data) {
		t.Fatal("the pack has none of the words")
	}
	want, err := Parse(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse([]byte(former), nil); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the former words give %+v, %v", got, err)
	}
}
