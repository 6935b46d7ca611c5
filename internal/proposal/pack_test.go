package proposal

import (
	"os"
	"strings"
	"testing"

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
	if len(Packs()) == 0 || Packs()["shenyang-1"] == nil {
		t.Fatalf("packs %v, want the Shenyang one among them", Packs())
	}
	for id, pack := range Packs() {
		if pack.ID != id {
			t.Errorf("pack %q is kept under %q", pack.ID, id)
		}
		for _, class := range []string{"A", "B", "C", "D"} {
			if _, ok := pack.Class(class); !ok {
				t.Errorf("%s has no class %s", id, class)
			}
		}
	}
}

func TestParsePackErrorsNameLineOrField(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"id: shenyang-1", "id: ''", "id: required"},
		{"name: 沈阳市民政局建议提案办理规则", "name: ' '", "name: required"},
		{"agency: 沈阳市民政局\n", "", "agency: required"},
		{"series: 沈民函", "series: [a]", "line 5"},
		{"series: 沈民函", "serie: 沈民函", "line 5"},
		{"months: 3", "months: three", "line 10"},
		{"months: 3", "months: 0", "limits.reply"},
		{"months: 3", "months: -3", "limits.reply"},
		{"months: 3", "months: 3\n    workdays: 1\n    workdays_before: -1", "limits.reply"},
		{"months: 3", "months: 1000000000", "limits.reply"},
		{"  reply:", "  replay:", "limits.replay"},
		{"workdays_before: 8", "workdays: 8", "limits.internal"},
		{"workdays: 20", "workdays_before: 20", "limits.publication"},
		{`from: "2025-03-12"`, `from: "2025-13-12"`, "line 12"},
		{`from: "2025-03-12"`, `since: "2025-03-12"`, "line 12"},
		{`{ from: "2025-03-12", text:`, `{ text:`, "limits.reply: sources.0"},
		{`text: "《代表法》"`, `text: ""`, "limits.reply: sources.2"},
		{`from: "2025-03-12"`, `from: "2010-03-12"`, "limits.reply: sources.1"},
		{"attempts_before_waive: 3", "attempts_before_waive: 0", "contact.attempts_before_waive"},
		{"[phone, visit,", "[telex, visit,", `contact.counting_modes: unknown value "telex"`},
		{"counting_modes: [phone, visit, meeting, forum, video]", "counting_modes: []", "contact.counting_modes: required"},
		{"ordinary: deputy_head", "ordinary: chief", `signer.ordinary: unknown value "chief"`},
		{"key: bureau_head", "key: auditor", `signer.key: unknown value "auditor"`}, // a role, but nobody could sign
		{"statuses: [solved] }", "statuses: [done] }", `classes.0.statuses: unknown value "done"`},
		{"statuses: [solved] }", "statuses: [] }", "classes.0.statuses: required"},
		{"needs: commitment", "needs: comitment", `classes.1.needs: unknown value "comitment"`},
		{"code: B,", "code: A,", "classes.1"},
		{"code: law_forbids", "code: state_secret", "grounds.1"},
		{"code: law_forbids, name: 法律、行政法规禁止公开（条例第十四条）", "code: law_forbids", "grounds.1"},
	} {
		text := packFile(t)
		if !strings.Contains(text, test.old) {
			t.Errorf("the pack does not contain %q", test.old)
			continue
		}
		pack, err := ParsePack([]byte(strings.Replace(text, test.old, test.new, 1)))
		if err == nil || pack != nil {
			t.Errorf("%q for %q: accepted", test.new, test.old)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q for %q: %v, want %q named", test.new, test.old, err, test.want)
		}
	}
	if _, err := ParsePack(nil); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("an empty pack: %v", err)
	}
	for _, section := range []string{"classes:", "grounds:"} {
		text := packFile(t) + "\n" // the last section ends as the others do
		start := strings.Index(text, section)
		end := start + strings.Index(text[start:], "\n\n")
		if _, err := ParsePack([]byte(text[:start] + text[end:])); err == nil || !strings.HasPrefix(err.Error(), section) {
			t.Errorf("without %s %v", section, err)
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
	span := shenyang().span("reply", day("2020-02-03"), cal)
	if span.Nominal != day("2020-05-03") || span.End != day("2020-05-06") {
		t.Errorf("reply due %s, moved from %s; want 2020-05-06, moved from 2020-05-03", span.End, span.Nominal)
	}
	if got := shenyang().InternalDue(span.End, cal); got != day("2020-04-22") {
		t.Errorf("internally due %s, want 2020-04-22", got)
	}
}

func FuzzParsePack(f *testing.F) {
	f.Add([]byte(packFile(f)))
	f.Add([]byte("limits: &a [*a]"))
	f.Add([]byte("limits:\n  reply:\n    sources: [x, {from: y}]\n"))
	f.Add([]byte("classes: [{statuses: !!int 3}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pack, err := ParsePack(data)
		if (pack == nil) == (err == nil) {
			t.Fatalf("pack %v, error %v: want one of them", pack, err)
		}
		if err != nil {
			return
		}
		// What is accepted can be worked with.
		span := pack.span(string(ReplyClock), day("2020-02-03"), calendar.National())
		if span.End.Before(day("2020-02-03")) || pack.InternalDue(span.End, calendar.National()).After(span.End) {
			t.Fatalf("limits %+v count backwards", pack.Limits)
		}
	})
}
