package proposal

import (
	"encoding/json"
	"testing"

	"github.com/banli/banli/internal/calendar"
)

func TestPackSourceByDate(t *testing.T) {
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

func TestPackWorkedExample(t *testing.T) {
	cal := calendar.National()
	span := shenyang().span("reply", State{}, day("2020-02-03"), cal)
	if span.Nominal != day("2020-05-03") || span.End != day("2020-05-06") {
		t.Errorf("reply due %s, moved from %s; want 2020-05-06, moved from 2020-05-03", span.End, span.Nominal)
	}
	if got := shenyang().InternalDue(State{}, span.End, cal); got != day("2020-04-22") {
		t.Errorf("internally due %s, want 2020-04-22", got)
	}
}

// Refusals are stored as they were given, and so are what the engine's histories hold.
func TestFormerRole(t *testing.T) {
	var r Refusal
	if err := json.Unmarshal([]byte(`{"code":"wrong_signer","role":"deputy_head"}`), &r); err != nil || r.Role != LeaderInCharge {
		t.Errorf("the former word is read as %q, %v", r.Role, err)
	}
}
