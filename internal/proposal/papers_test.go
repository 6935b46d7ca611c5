package proposal

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
)

// A paper says what the action said and what the register says; words in braces that somebody wrote stay as they are.
func TestPaper(t *testing.T) {
	p := Pack{Agency: "沈阳市民政局", Papers: map[PaperKind]PaperForm{
		ReturnPaper: {
			Title: "关于申请退回{body}{term}{sitting}{number}{noun}的函", To: map[assembly.Body]string{assembly.NPC: "{body}常委会", assembly.CPPCC: "{body}"},
			Text: "{assigned_on}交{agency}的{title}（{number}），限{due_on}。{reason}。依据{legal_duty}，由{suggested}办。",
		},
		ExtensionPaper: {Text: "因{reason}，至{until}。"}, UrgePaper: {To: map[assembly.Body]string{assembly.NPC: "{lead}"}, Text: "{text}。"},
	}}
	f := PaperFacts{
		Key:   assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"},
		Title: "关于减负的几点建议", Lead: "基层处", AssignedOn: day("2026-03-02"), DueOn: day("2026-06-02"),
	}
	for _, c := range []struct {
		in   Input
		want Paper
	}{
		{
			&ReturnRequest{Reason: "不属我局{until}职责。", LegalDuty: "《条例》第三条；", Suggested: "市财政局"},
			Paper{"关于申请退回市人大十六届三次会议第0392号建议的函", "市人大常委会", "2026年3月2日交沈阳市民政局的关于减负的几点建议（第0392号），限2026年6月2日。不属我局{until}职责。依据《条例》第三条，由市财政局办。"},
		},
		{&ExtensionRequest{Reason: "要专题研究", Until: day("2026-08-31")}, Paper{"", "", "因要专题研究，至2026年8月31日。"}},
		{&UrgeNote{Text: "市长问起。"}, Paper{"", "基层处", "市长问起。"}},
	} {
		if got, ok := p.Paper(c.in, f); !ok || got != c.want {
			t.Errorf("%T: %+v", c.in, got)
		}
	}
	f.AssignedBy = "市政府办公室" // who handed the case in, where the register says so, is who is asked to take it back
	for in, to := range map[Input]string{&ReturnRequest{}: f.AssignedBy, &ExtensionRequest{}: f.AssignedBy, &UrgeNote{}: "基层处"} {
		if got, _ := p.Paper(in, f); got.To != to {
			t.Errorf("%T goes to %q", in, got.To)
		}
	}
	if _, ok := p.Paper(&DivisionRefusal{}, f); ok {
		t.Error("a refusal has a paper")
	}
	delete(p.Papers, UrgePaper)
	if _, ok := p.Paper(&UrgeNote{Text: "快"}, f); ok {
		t.Error("a paper that the place has not is worded")
	}
	for _, kind := range PaperKinds {
		if parts := strings.Join(PaperParts(kind), ""); !strings.Contains(parts, "{title}") || !strings.Contains(parts, "{due_on}") {
			t.Errorf("%s is built of %s", kind, parts)
		}
	}
}
