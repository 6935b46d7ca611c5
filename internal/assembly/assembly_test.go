package assembly

import "testing"

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
	for _, typed := range []string{"第1106号", "1106号", "１１０６", "第１１０６号", "11 06", "1106\u3000", "1106\u200b", "11\u206006\ufe0f", " 1106\n"} {
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
