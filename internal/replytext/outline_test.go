package replytext

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
)

// An outline is a reply of its case already: it says nothing that the checks of the text would object to, and its headings are
// headings.
func TestOutline(t *testing.T) {
	points := []string{"落实基层减负，释放社工压力；", "增加社工待遇", "解决同工不同酬"}
	for _, c := range []struct {
		key      assembly.RegisterKey
		proposer assembly.ProposerKind
		title    string
		opening  string
	}{
		{case0392.Key, "", case0392.Title, "您提出的关于缓解社工压力提高社工待遇稳定社工队伍的建议收悉。建议提出：一是落实基层减负，释放社工压力；二是增加社工待遇；三是解决同工不同酬。经认真研究，现答复如下："},
		{case0392.Key, assembly.MemberProposer, "关于缓解社工压力提高社工待遇稳定社工队伍的建议", "您提出的关于缓解社工压力提高社工待遇稳定社工队伍的建议收悉。建议提出：一是落实基层减负，释放社工压力；二是增加社工待遇；三是解决同工不同酬。经认真研究，现答复如下："},
		{assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "21"}, assembly.MemberProposer, "关于发展养老服务的提案", "您提出的关于发展养老服务的提案收悉。提案提出：一是落实基层减负，释放社工压力；二是增加社工待遇；三是解决同工不同酬。经认真研究，现答复如下："},
		{assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "21"}, assembly.PartyProposer, "关于发展养老服务的提案", "贵单位提出的关于发展养老服务的提案收悉。提案提出：一是落实基层减负，释放社工压力；二是增加社工待遇；三是解决同工不同酬。经认真研究，现答复如下："},
	} {
		o := OutlineOf(c.key, c.proposer, c.title, points)
		if o.Opening != c.opening || o.Thanks == "" {
			t.Errorf("%+v", o)
		}
		paragraphs := Paragraphs(textOf(o))
		if len(paragraphs) != 5 || paragraphs[1].Text != "一、落实基层减负，释放社工压力" || paragraphs[1].Rank != 1 || paragraphs[3].Rank != 1 {
			t.Errorf("%+v", paragraphs)
		}
		marks := Check(Reply{Body: textOf(o)}, RegisterEntry{Key: c.key, Title: c.title, Deputies: []string{"倪琛善"}}, calendar.NewDate(2020, 4, 22))
		if len(marks) > 0 {
			t.Errorf("the outline gives %+v", marks)
		}
	}
	for _, c := range []struct {
		points  []string
		opening string
	}{
		{nil, "您提出的关于发展养老服务的建议收悉，现答复如下："},
		{[]string{"增设服务网点。"}, "您提出的关于发展养老服务的建议收悉。建议提出：增设服务网点。经认真研究，现答复如下："},
	} {
		if o := OutlineOf(assembly.RegisterKey{Body: assembly.NPC}, "", "关于发展养老服务的建议", c.points); o.Opening != c.opening {
			t.Errorf("points %q: %s", c.points, o.Opening)
		}
	}
	o := OpinionOutline(case0392.Key, case0392.Title, nil)
	if want := "贵单位主办的" + case0392.Title + "，经研究，提出会办意见如下："; textOf(o) != want {
		t.Errorf("an opinion opens with %s, want %s", textOf(o), want)
	}
	for _, body := range assembly.Bodies {
		if o := outlines()[string(body)]; o.Opening == "" || o.OpeningBody == "" || o.Thanks == "" || o.ThanksBody == "" {
			t.Errorf("%s: %+v", body, o)
		}
	}
}

// textOf is an outline as the text of a draft, where the bureau has no skeleton of its own.
func textOf(o Outline) string {
	return strings.TrimSpace(strings.Join(append(append([]string{o.Opening}, o.Headings...), o.Thanks), "\n"))
}
