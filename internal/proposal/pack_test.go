package proposal

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/banli/banli/internal/calendar"
)

func packFile(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("rules/shenyang.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestEmbeddedPacksAreValid(t *testing.T) {
	for _, id := range []string{"national-1", "shenyang-1", "shenyang-2"} {
		if pack, ok := Packs().ByID(id); !ok || pack.ID != id {
			t.Errorf("pack %s: %v", id, pack)
		}
	}
	for id, pack := range Packs() {
		for _, class := range []string{"A", "B", "C", "D"} {
			if _, ok := pack.Class(class); !ok {
				t.Errorf("%s has no class %s", id, class)
			}
		}
	}
}

func TestPackForTheDay(t *testing.T) {
	for on, want := range map[string]string{"2020-02-03": "shenyang-1", "2025-12-31": "shenyang-1", "2026-01-01": "shenyang-2", "1990-01-01": ""} {
		pack, ok := Packs().For("shenyang", day(on))
		if ok != (want != "") || ok && pack.ID != want {
			t.Errorf("on %s %+v, want %s", on, pack, want)
		}
	}
}

func TestExtendsMerges(t *testing.T) {
	p, base := Packs()["shenyang-2"], Packs()["national-1"]
	if p.Limits[LimitFirstContact].Workdays != 15 || base.Limits[LimitFirstContact].Workdays != 20 || p.Limits[LimitReply].Months != 3 {
		t.Errorf("limits %+v", p.Limits)
	}
	if p.SeriesOf(CPPCC) != "沈民提函" || p.SeriesOf(NPC) != "沈民函" || len(base.Series) != 1 {
		t.Errorf("series %+v, of the base %+v", p.Series, base.Series)
	}
	if base.Suspension.Allowed || base.Letter[CPPCC].CoSigners != EachOne || !slices.Equal(p.Review[2].When, base.Review[2].When) {
		t.Error("the heir changed its base, or lost the review chain")
	}
}

func TestPackErrorsNameLineAndField(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"id: shenyang-1", "id: ''", "id: required"},
		{"agency: 沈阳市民政局\n", "", "agency: required"},
		{"valid_from: \"1992-04-03\"\n", "", "valid_from: required"},
		{"valid_from: \"1992-04-03\"", "valid_from: soon", "valid_from: a day"},
		{"profile:", "profil:", "profil: unknown field"},
		{"profile: shenyang", "profile: shenyang\nextends: mars-1", "extends: there is no rule pack"},
		{"- { code: 沈民函 }", "- { body: cppcc, code: 沈民函 }", "series: no letter to a case of body npc"},
		{"months: 3", "months: three", "limits.reply.months: a whole number"},
		{"months: 3", "months: 0", "limits.reply: has no count"},
		{"months: 3", "months: -3", "limits.reply.months: from 1"},
		{"months: 3", "months: 7", "limits.reply.months: at most 6"},
		{"months: 3", "months: 3\n    workdays: 1", "limits.reply: has two counts"},
		{"months: 3", "months: 3\n    fixed_day: \"02-29\"", "limits.reply.fixed_day"},
		{"months: 3", "months: 3\n    variants: [{ months: 5 }]", "limits.reply.variants.0: a body"},
		{"months: 3", "months: 3\n    months: 4", "limits.reply.months: stands here twice"},
		{"  reply:", "  replay:", "limits.replay: unknown field"},
		{"workdays_before: 8", "workdays: 8", "limits.internal: is counted back"},
		{"workdays: 20", "workdays_before: 20", "limits.publication.workdays_before: only"},
		{`from: "2025-03-12"`, `since: "2025-03-12"`, "limits.reply.sources.0.since: unknown field"},
		{`from: "2025-03-12"`, `from: "2010-03-12"`, "limits.reply.sources.1.from: the newest"},
		{"acceptance: 2", "accepting: 2", "stage_limits.accepting: unknown field"},
		{"acceptance: 2", "closed: 2", "stage_limits.closed: nothing waits"},
		{"[30, 15, 7, 3, 0]", "[15, 30]", "reminders.default.before.1: reminders fall"},
		{"after: 3, to: deputy_head", "after: 1, to: deputy_head", "reminders.default.escalate.1.after: escalations rise"},
		{"after: 3, to: deputy_head", "after: 3, to: chief", `reminders.default.escalate.1.to: unknown value "chief"`},
		{"return: { before: [0] }", "return: { before: [0], repeat: { every: 1, times: 1 } }", "reminders.return.repeat: there is no"},
		{"return: { before", "returned: { before", "reminders.returned: unknown field"},
		{"days_between: 3", "days_between: 0", "urge.days_between: from 1"},
		{"  - { stage: division_review }\n", "", "review.0: the chain begins"},
		{"  - { stage: openness_review }\n", "", "review.2: the chain ends"},
		{"- { stage: openness_review }", "- { stage: openness_review, when: [key] }", "review.3.when: every draft"},
		{"when: [money, second_round] }", "when: [rain] }", `review.2.when.0: unknown value "rain"`},
		{"{ stage: office_review }", "{ stage: sign_off }", "review.1.stage: \"sign_off\" is no review"},
		{"max_months: 6", "max_months: 7", "extension.max_months: from 3 to 6"},
		{"allowed: false", "allowed: perhaps", "suspension.allowed: true or false"},
		{"rounds: 2", "rounds: 0", "rehandling.rounds: from 1"},
		{"npc: { co_signers: each", "npc: { co_signers: all", `letter.npc.co_signers: unknown value "all"`},
		{"attempts_before_waive: 3", "attempts_before_waive: 0", "contact.attempts_before_waive: from 1"},
		{"[phone, visit,", "[telex, visit,", `contact.counting_modes.0: unknown value "telex"`},
		{"ordinary: deputy_head", "ordinary: auditor", `signer.ordinary: "auditor" cannot sign`},
		{"statuses: [solved] }", "statuses: [done] }", `classes.0.statuses.0: unknown value "done"`},
		{"statuses: [solved] }", "statuses: solved }", "classes.0.statuses: a list"},
		{"needs: commitment", "needs: comitment", `classes.1.needs: unknown value`},
		{"code: B,", "code: A,", "classes.1.code: \"A\" is taken"},
		{"code: law_forbids", "code: state_secret", "grounds.1.code"},
	} {
		text := packFile(t)
		before, _, found := strings.Cut(text, test.old)
		if !found {
			t.Errorf("the pack does not contain %q", test.old)
			continue
		}
		line := strings.Count(before, "\n") + 1
		_, err := ParsePack([]byte(strings.Replace(text, test.old, test.new, 1)), nil)
		var wrong PackErrors
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q for %q: %v, want %q", test.new, test.old, err, test.want)
			continue
		}
		// What is missing is said where it should stand.
		i := slices.IndexFunc(wrong, func(e PackError) bool { return strings.Contains(e.Error(), test.want) })
		if got := wrong[i].Line; test.new != "" && !strings.Contains(test.want, "required") && (got < line-6 || got > line+4) {
			t.Errorf("%q for %q: line %d, want about %d", test.new, test.old, got, line)
		}
	}
}

func TestPackErrorsAllAtOnceByLine(t *testing.T) {
	text := strings.NewReplacer("months: 3", "months: 9", "rounds: 2", "rounds: 0", "id: shenyang-1", "id: ''").Replace(packFile(t))
	_, err := ParsePack([]byte(text), nil)
	var wrong PackErrors
	if !errors.As(err, &wrong) || len(wrong) != 3 || wrong[0].Line != 2 || wrong[1].Line != 14 || wrong[2].Path != "rehandling.rounds" {
		t.Errorf("errors\n%v", err)
	}
	for _, broken := range []string{"", "# nothing\n", "id: [", "a: 1\n---\nb: 2", "- a", "limits: &a [*a]"} {
		if _, err := ParsePack([]byte(broken), nil); !errors.As(err, new(PackErrors)) || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

func TestLoadPacks(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	heir := "id: %s\nextends: BASE\nname: 规则\nprofile: dalian\nvalid_from: \"DAY\"\n"
	named := func(id, base, day string) *fstest.MapFile {
		return file(strings.NewReplacer("%s", id, "BASE", base, "DAY", day).Replace(heir))
	}
	// The first file by name extends the second.
	packs, err := LoadPacks(fstest.MapFS{"a.yaml": named("d-2", "d-1", "2027-01-01"), "b.yaml": named("d-1", "national-1", "2020-01-01")})
	if pack, ok := packs.For("dalian", day("2027-05-01")); err != nil || !ok || pack.ID != "d-2" || pack.Agency != "本机关" {
		t.Errorf("loaded %+v, %v", pack, err)
	}
	if _, ok := Packs()["d-1"]; ok {
		t.Error("the packs of the program changed")
	}
	for want, files := range map[string]fstest.MapFS{
		"already":         {"a.yaml": named("shenyang-1", "national-1", "2020-01-01")},
		"a.yaml:2: ext":   {"a.yaml": named("d-1", "d-1", "2020-01-01")},
		"b.yaml: valid_f": {"a.yaml": named("d-1", "national-1", "2020-01-01"), "b.yaml": named("d-2", "national-1", "2020-01-01")},
	} {
		if _, err := LoadPacks(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestSourceByDate(t *testing.T) {
	for _, test := range []struct{ rule, on, want string }{
		{"reply", "2020-02-03", "《代表法》（2015年修正）第四十二条"},
		{"reply", "2025-03-11", "《代表法》（2015年修正）第四十二条"},
		{"reply", "2025-03-12", "《代表法》第五十一条"},
		{"reply", "2026-11-24", "《代表法》第五十一条"},
		{"reply", "2015-08-28", "《代表法》"},
		{"reply", "1990-01-01", ""},
		{"publication", "2019-05-15", "《政府信息公开条例》第二十六条"},
		{"publication", "2019-05-14", "《政府信息公开条例》（2007年）第十八条"},
		{RuleNamedDay, "2020-02-03", ""},
	} {
		if got := shenyang().Source(test.rule, day(test.on)); got != test.want {
			t.Errorf("source of %s on %s: %q, want %q", test.rule, test.on, got, test.want)
		}
	}
}

func TestWorkedExample(t *testing.T) {
	cal := calendar.National()
	span := shenyang().span("reply", State{}, day("2020-02-03"), cal)
	if span.Nominal != day("2020-05-03") || span.End != day("2020-05-06") {
		t.Errorf("reply due %s, moved from %s; want 2020-05-06, moved from 2020-05-03", span.End, span.Nominal)
	}
	if got := shenyang().InternalDue(State{}, span.End, cal); got != day("2020-04-22") {
		t.Errorf("internally due %s, want 2020-04-22", got)
	}
}

func TestDiffAndWhatIf(t *testing.T) {
	from := shenyang()
	if same := from.Diff(from); len(same) != 0 {
		t.Errorf("a pack differs from itself: %v", same)
	}
	text := strings.NewReplacer("id: shenyang-1", "id: x", "months: 3", "months: 2", "ordinary: deputy_head", "ordinary: bureau_head",
		"code: C,", "code: E,").Replace(packFile(t))
	to, err := ParsePack([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	diff := from.Diff(to)
	if !slices.Contains(diff, Difference{"limits.reply.months", "3", "2"}) || !slices.Contains(diff, Difference{"classes.E.code", "", "E"}) {
		t.Errorf("differences %v", diff)
	}
	cal, on := calendar.National(), day("2020-02-03")
	reply := from.span(LimitReply, State{}, on, cal)
	s := State{Stage: Drafting, AssignedOn: on, Clocks: []Clock{
		{Kind: ReplyClock, Rule: LimitReply, Span: reply},
		{Kind: InternalClock, Rule: LimitInternal, Span: cal.On(from.InternalDue(State{}, reply.End, cal))},
		{Kind: ReturnClock, Rule: LimitReturn, Span: from.span(LimitReturn, State{}, on, cal)},
	}}
	var got []string
	for _, c := range WhatIf(s, Draft{Class: "C"}, from, to, cal) {
		got = append(got, c.What+" "+c.From+" "+c.To)
	}
	want := []string{"reply 2020-05-06 2020-04-03", "internal 2020-04-22 2020-03-24", "signer deputy_head bureau_head", "class C "}
	if !slices.Equal(got, want) {
		t.Errorf("changes %q, want %q", got, want)
	}
	s.Clocks[0].Rule = RuleNamedDay
	s.Stage = Answered
	if left := WhatIf(s, Draft{Class: "C"}, from, to, cal); len(left) != 0 {
		t.Errorf("a named day and a signed reply changed: %v", left)
	}
}

// TestSchema keeps docs/rule-pack.schema.json, by which editors help whoever writes a pack, as the types are.
func TestSchema(t *testing.T) {
	schema := schemaOf(reflect.TypeFor[Pack](), "")
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
		t.Errorf("docs/rule-pack.schema.json is stale (%v); run go test ./internal/proposal -run TestSchema -update", err)
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

func FuzzParsePack(f *testing.F) {
	f.Add([]byte(packFile(f)))
	f.Add([]byte("id: x\nextends: national-1\nname: n\nprofile: x\nvalid_from: 2026-01-01\n"))
	f.Add([]byte("limits: &a [*a]"))
	f.Add([]byte("limits:\n  reply:\n    sources: [x, {from: y}]\n"))
	f.Add([]byte("classes: [{statuses: !!int 3}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pack, err := ParsePack(data, Packs())
		if (pack == nil) == (err == nil) {
			t.Fatalf("pack %v, error %v: want one of them", pack, err)
		}
		if err != nil {
			var wrong PackErrors
			if !errors.As(err, &wrong) || slices.ContainsFunc(wrong, func(e PackError) bool { return e.Line < 1 }) {
				t.Fatalf("%v: no line", err)
			}
			return
		}
		// What is accepted can be worked with.
		s := State{Body: NPC}
		span := pack.span(string(ReplyClock), s, day("2020-02-03"), calendar.National())
		if span.End.Before(day("2020-02-03")) || pack.InternalDue(s, span.End, calendar.National()).After(span.End) {
			t.Fatalf("limits %+v count backwards", pack.Limits)
		}
	})
}
