package proposal

import (
	"strings"
	"testing"
)

func TestSessionName(t *testing.T) {
	for _, test := range []struct {
		key  RegisterKey
		want string
	}{
		{RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3}, "市人大十六届三次会议"},
		{RegisterKey{Body: NPC, Level: NationalLevel, Term: 14, Session: 2}, "全国人大十四届二次会议"},
		{RegisterKey{Body: CPPCC, Level: ProvinceLevel, Term: 13, Session: 10}, "省政协十三届十次会议"},
		{RegisterKey{Body: CPPCC, Level: DistrictLevel, Term: 9, Session: 1}, "区政协九届一次会议"},
		{RegisterKey{Body: NPC, Level: CountyLevel, Term: 9, Session: 1}, "县人大九届一次会议"},
		{RegisterKey{Body: NPC, Level: AutonomousRegionLevel, Term: 14, Session: 2}, "自治区人大十四届二次会议"},
		{RegisterKey{Body: CPPCC, Level: PrefectureLevel, Term: 12, Session: 4}, "州政协十二届四次会议"},
		{RegisterKey{Body: NPC, Level: BannerLevel, Term: 17, Session: 3}, "旗人大十七届三次会议"},
		{RegisterKey{Body: NPC, Level: TownLevel, Term: 19, Session: 5}, "镇人大十九届五次会议"},
	} {
		if got := test.key.SessionName(); got != test.want {
			t.Errorf("%v: %q, want %q", test.key, got, test.want)
		}
	}
}

func TestNumberName(t *testing.T) {
	for _, test := range []struct {
		number       string
		intersession bool
		want         string
	}{
		{"0392", false, "第0392号"},
		{"1106", false, "第1106号"},
		{"第1106号", false, "第1106号"},
		{"31号", false, "第31号"},
		{"１１０６", false, "第1106号"},
		{"闭会期间第134号", false, "闭会期间第134号"},
		{"台40", false, "台40号"},
		{"134", true, "闭会期间第134号"},
		{"闭会期间第134号", true, "闭会期间第134号"},
		{"0392 ", false, "第0392号"},
		{"\u3000第 0392 号\n", false, "第0392号"},
		{"第2038号（社会管理类181号）", false, "第2038号（社会管理类181号）"},
		{"2038号(社会管理类181号)", false, "第2038号（社会管理类181号）"},
		{"闭会期间第2038号（社会管理类181号）", false, "闭会期间第2038号（社会管理类181号）"},
		{"L54", false, "第L54号"},
		{"第L54号", false, "第L54号"},
		{"B〔2017〕062号", false, "B〔2017〕062号"},
		{"台40号", false, "台40号"},
	} {
		if got := (RegisterKey{Number: test.number, Intersession: test.intersession}).NumberName(); got != test.want {
			t.Errorf("%q: %q, want %q", test.number, got, test.want)
		}
	}
}

func TestOneKeyHoweverTheNumberIsTyped(t *testing.T) {
	key := RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3, Number: "1106"}
	for _, typed := range []string{"第1106号", "1106号", "１１０６", "第１１０６号", "11 06", "1106\u3000", "1106\u200b", " 1106\n"} {
		same := key
		same.Number = typed
		if same.String() != key.String() {
			t.Errorf("%q is another key: %s", typed, same)
		}
	}
	between := key
	between.Number, between.Intersession = "134", true
	key.Number = "闭会期间第134号"
	if key.String() != between.String() {
		t.Errorf("%s, want %s", key, between)
	}
	key.Number = "01106"
	if key.String() == between.String() {
		t.Error("leading zeros are part of a number")
	}
}

func TestPointTexts(t *testing.T) {
	r := registration()
	if got := r.PointTexts(); len(got) != 2 {
		t.Errorf("points %q, want the two that were read from the original", got)
	}
	r.Points = nil
	if got := r.PointTexts(); len(got) != 1 || got[0] != BareSubject(r.Title) {
		t.Errorf("points %q, want what the proposal is about", got)
	}
}

func TestReplyTitle(t *testing.T) {
	k := RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3, Number: "0392"}
	want := "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复"
	if got := new(Pack).ReplyTitle(k, SoleHandling, "关于缓解社工压力提高社工待遇稳定社工队伍的建议"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	k.Body, k.Number = CPPCC, "28"
	want = "市政协十六届三次会议关于发展养老服务的提案（第28号）的答复"
	if got := new(Pack).ReplyTitle(k, SoleHandling, "关于发展养老服务的提案"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The heads of real replies come in other orders (papers, titles).
func TestReplyTitlesInOtherOrders(t *testing.T) {
	for _, test := range []struct {
		form string
		key  RegisterKey
		want string
	}{
		{
			"对{term}{body}{sitting}{number}{noun}的答复", RegisterKey{Body: NPC, Level: NationalLevel, Term: 14, Session: 1, Number: "7947"},
			"对十四届全国人大一次会议第7947号建议的答复",
		},
		{
			"关于对{body}{term}{sitting}{number}{noun}的答复", RegisterKey{Body: CPPCC, Level: CityLevel, Term: 5, Session: 5, Number: "62"},
			"关于对市政协五届五次会议第62号提案的答复",
		},
		{"关于答复{body}{number}{noun}的函", RegisterKey{Body: CPPCC, Level: CountyLevel, Term: 5, Session: 5, Number: "28"}, "关于答复县政协第28号提案的函"},
	} {
		p := &Pack{Reply: map[Body]ReplyRules{test.key.Body: {Title: test.form}}}
		if got := p.ReplyTitle(test.key, SoleHandling, "关于加快养老服务发展的建议"); got != test.want {
			t.Errorf("%s: %q, want %q", test.form, got, test.want)
		}
	}
}

// An opinion is a paper of its own, with a title and a series of its own: 关于…第…号建议的会办意见.
func TestOpinionToTheLeadUnit(t *testing.T) {
	k := RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3, Number: "0392"}
	p := &Pack{Series: []NumberSeries{{Handling: CoHandling, Code: "沈民会函"}, {Code: "沈民函"}}, Reply: map[Body]ReplyRules{}}
	if got, want := p.ReplyTitle(k, CoHandling, "关于缓解社工压力的建议"), "关于市人大十六届三次会议第0392号建议的会办意见"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for handling, want := range map[HandlingType]string{CoHandling: "沈民会函", SoleHandling: "沈民函", LeadHandling: "沈民函"} {
		if got := p.SeriesOf(NPC, handling); got.Code != want || got.Given != OurNumber {
			t.Errorf("%s: series %+v, want %s of ours", handling, got, want)
		}
	}
}

func TestSubject(t *testing.T) {
	for _, test := range []struct{ title, want string }{
		{"关于缓解社工压力的建议", "缓解社工压力"},
		{"关于发展养老服务的提案", "发展养老服务"},
		{" 关于缓解\n社工　压力的建议 ", "缓解社工压力"},
		{"关于推广 GB/T 9704 的建议", "推广GB/T 9704"},
		{"关于缓解社工压力", "关于缓解社工压力"},
		{"缓解社工压力的建议", "缓解社工压力的建议"},
		{"缓解社工压力", "缓解社工压力"},
		{"关于采纳代表的建议的建议", "采纳代表的建议"},
		{"关于的建议", "关于的建议"}, // an empty subject would leave an empty row in every list
	} {
		if got := BareSubject(test.title); got != test.want {
			t.Errorf("%q: %q, want %q", test.title, got, test.want)
		}
	}
}

// The title is what the assigning body wrote: the reply quotes it, whatever formula it has or lacks.
func TestTitlesAreQuotedAsAssigned(t *testing.T) {
	npc := RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3, Number: "0392"}
	cppcc := RegisterKey{Body: CPPCC, Level: CityLevel, Term: 16, Session: 3, Number: "L54"}
	for _, test := range []struct {
		key     RegisterKey
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
		if got := BareSubject(test.title); got != test.subject {
			t.Errorf("%q stands in lists as %q, want %q", test.title, got, test.subject)
		}
		o := OutlineOf(test.key, SoleHandling, MemberProposer, test.title, nil)
		if want := "您提出的" + test.opening + "收悉，现答复如下："; o.Opening != want {
			t.Errorf("%q: %s, want %s", test.title, o.Opening, want)
		}
	}
}

func TestAddressee(t *testing.T) {
	for _, test := range []struct {
		body     Body
		proposer ProposerKind
		name     string
		want     string
	}{
		{NPC, "", "倪琛善", "倪琛善代表："},
		{NPC, "", "纪占斌等3名代表", "纪占斌等3名代表："},
		{NPC, "", "百善镇代表团", "百善镇代表团："},
		{NPC, "", "社会和法制委员会", "社会和法制委员会："},
		{NPC, "", "阿不都热合曼", "阿不都热合曼代表："},
		{CPPCC, "", "李明", "李明委员："},
		{CPPCC, "", "李俊、王芳委员", "李俊、王芳委员："},
		{CPPCC, "", "阿不都热合曼·买买提", "阿不都热合曼·买买提委员："},
		{CPPCC, "", "民盟沈阳市委员会", "民盟沈阳市委员会："},
		{CPPCC, "", "台盟沈阳市委", "台盟沈阳市委："},
		{CPPCC, "", "九三学社", "九三学社："},
		{CPPCC, "", "工商联界", "工商联界："},
		{CPPCC, GroupProposer, "第三小学联络站", "第三小学联络站："},
		{CPPCC, MemberProposer, "王团委", "王团委委员："}, // the register knows better than the name's end
	} {
		if got := Addressee(test.body, test.proposer, test.name); got != test.want {
			t.Errorf("%s %q %q: %q, want %q", test.body, test.proposer, test.name, got, test.want)
		}
	}
}

func TestAddressees(t *testing.T) {
	for _, test := range []struct {
		body     Body
		proposer ProposerKind
		names    []string
		want     string
	}{
		{NPC, "", []string{"倪琛善", "王桂兰", "李伟"}, "倪琛善、王桂兰、李伟代表："},
		{CPPCC, "", []string{"李明", "民盟沈阳市委员会", "王芳"}, "李明委员、民盟沈阳市委员会、王芳委员："},
		{CPPCC, PartyProposer, []string{"民建", "王芳"}, "民建、王芳委员："},
		{CPPCC, MemberProposer, []string{"李明", "工商联界"}, "李明委员、工商联界："},
	} {
		if got := Addressees(test.body, test.proposer, test.names); got != test.want {
			t.Errorf("%s %q %q: %q, want %q", test.body, test.proposer, test.names, got, test.want)
		}
	}
}

func TestChineseNumeral(t *testing.T) {
	digits := strings.Split("一二三四五六七八九", "")
	n := 0
	for _, tens := range []string{"", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"} {
		for _, unit := range append([]string{""}, digits...) {
			if n > 0 && ChineseNumeral(n) != tens+unit {
				t.Errorf("%d: %q, want %q", n, ChineseNumeral(n), tens+unit)
			}
			n++
		}
	}
	for n, want := range map[int]string{
		0: "0", 100: "100", -1: "-1",
	} {
		if got := ChineseNumeral(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
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

func TestKeysDifferInEveryPart(t *testing.T) {
	base := RegisterKey{Body: NPC, Level: CityLevel, Term: 16, Session: 3, Number: "0392"}
	seen := map[string]bool{base.String(): true}
	for _, k := range []RegisterKey{
		{CPPCC, CityLevel, 16, 3, false, "0392"},
		{NPC, ProvinceLevel, 16, 3, false, "0392"},
		{NPC, CityLevel, 17, 3, false, "0392"},
		{NPC, CityLevel, 16, 4, false, "0392"},
		{NPC, CityLevel, 16, 3, true, "0392"},
		{NPC, CityLevel, 16, 3, false, "392"},
	} {
		if seen[k.String()] {
			t.Errorf("%v reads like another key", k)
		}
		seen[k.String()] = true
	}
}
