package proposal

import (
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/replytext"
)

func TestPointTexts(t *testing.T) {
	r := registration()
	if got := r.PointTexts(); len(got) != 2 {
		t.Errorf("points %q, want the two that were read from the original", got)
	}
	r.Points = nil
	if got := r.PointTexts(); len(got) != 1 || got[0] != assembly.BareSubject(r.Title) {
		t.Errorf("points %q, want what the proposal is about", got)
	}
}

func TestReplyTitle(t *testing.T) {
	k := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"}
	want := "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复"
	if got := new(Pack).ReplyTitle(k, SoleHandling, "关于缓解社工压力提高社工待遇稳定社工队伍的建议"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	k.Body, k.Number = assembly.CPPCC, "28"
	want = "市政协十六届三次会议关于发展养老服务的提案（第28号）的答复"
	if got := new(Pack).ReplyTitle(k, SoleHandling, "关于发展养老服务的提案"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The heads of real replies come in other orders (papers, titles).
func TestReplyTitlesInOtherOrders(t *testing.T) {
	for _, test := range []struct {
		form string
		key  assembly.RegisterKey
		want string
	}{
		{
			"对{term}{body}{sitting}{number}{noun}的答复",
			assembly.RegisterKey{Body: assembly.NPC, Level: assembly.NationalLevel, Term: 14, Session: 1, Number: "7947"},
			"对十四届全国人大一次会议第7947号建议的答复",
		},
		{
			"关于对{body}{term}{sitting}{number}{noun}的答复",
			assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.CityLevel, Term: 5, Session: 5, Number: "62"},
			"关于对市政协五届五次会议第62号提案的答复",
		},
		{"关于答复{body}{number}{noun}的函", assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.CountyLevel, Term: 5, Session: 5, Number: "28"}, "关于答复县政协第28号提案的函"},
	} {
		p := &Pack{Reply: map[assembly.Body]ReplyRules{test.key.Body: {Title: test.form}}}
		if got := p.ReplyTitle(test.key, SoleHandling, "关于加快养老服务发展的建议"); got != test.want {
			t.Errorf("%s: %q, want %q", test.form, got, test.want)
		}
	}
}

// An opinion is a paper of its own, with a title and a series of its own: 关于…第…号建议的会办意见.
func TestOpinionToTheLeadUnit(t *testing.T) {
	k := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"}
	p := &Pack{Series: []NumberSeries{{Handling: CoHandling, Code: "沈民会函"}, {Code: "沈民函"}}, Reply: map[assembly.Body]ReplyRules{}}
	if got, want := p.ReplyTitle(k, CoHandling, "关于缓解社工压力的建议"), "关于市人大十六届三次会议第0392号建议的会办意见"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for handling, want := range map[HandlingType]string{CoHandling: "沈民会函", SoleHandling: "沈民函", LeadHandling: "沈民函"} {
		if got := p.SeriesOf(assembly.NPC, handling); got.Code != want || got.Given != OurNumber {
			t.Errorf("%s: series %+v, want %s of ours", handling, got, want)
		}
	}
}

// The title is what the assigning body wrote: the reply quotes it, whatever formula it has or lacks.
func TestTitlesAreQuotedAsAssigned(t *testing.T) {
	npc := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"}
	cppcc := assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "L54"}
	for _, test := range []struct {
		key     assembly.RegisterKey
		title   string
		subject string
		opening string
	}{
		{npc, "关于加快养老服务发展的几点建议", "关于加快养老服务发展的几点建议", "关于加快养老服务发展的几点建议"},
		{npc, "关于加快养老服务发展的意见和建议", "关于加快养老服务发展的意见和建议", "关于加快养老服务发展的意见和建议"},
		{npc, "关于加快养老服务发展的意见", "关于加快养老服务发展的意见", "《关于加快养老服务发展的意见》（第0392号建议）"},
		{npc, "关于加快养老服务发展的建议案", "关于加快养老服务发展的建议案", "《关于加快养老服务发展的建议案》（第0392号建议）"},
		{npc, "关于加快养老服务发展的议案", "关于加快养老服务发展的议案", "《关于加快养老服务发展的议案》（第0392号建议）"},
		{npc, "关于加快养老服务发展的建议（重点）", "关于加快养老服务发展的建议（重点）", "《关于加快养老服务发展的建议（重点）》（第0392号建议）"},
		{npc, "《关于加快养老服务发展的建议》", "《关于加快养老服务发展的建议》", "《关于加快养老服务发展的建议》（第0392号建议）"},
		{cppcc, "关于加快养老服务发展的建议", "加快养老服务发展", "《关于加快养老服务发展的建议》（第L54号提案）"},
		{cppcc, "关于加快养老服务发展的提案", "加快养老服务发展", "关于加快养老服务发展的提案"},
	} {
		if got, want := new(Pack).ReplyTitle(test.key, SoleHandling, test.title), test.key.SessionName()+test.title+"（"+test.key.NumberName()+"）的答复"; got != want {
			t.Errorf("%q: %q, want %q", test.title, got, want)
		}
		if got := assembly.BareSubject(test.title); got != test.subject {
			t.Errorf("%q stands in lists as %q, want %q", test.title, got, test.subject)
		}
		o := replytext.OutlineOf(test.key, assembly.MemberProposer, test.title, nil)
		if want := "您提出的" + test.opening + "收悉，现答复如下："; o.Opening != want {
			t.Errorf("%q: %s, want %s", test.title, o.Opening, want)
		}
	}
}

func TestDocumentNumber(t *testing.T) {
	if got := (DocumentNumber{"沈民函", 2020, 12}).String(); got != "沈民函〔2020〕12号" {
		t.Errorf("%q", got)
	}
	if got := (DocumentNumber{}).String(); got != "" {
		t.Errorf("no number reads %q", got)
	}
}
