package reply

import (
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// TestPublishedReplies: the head, the addressee, the number and the end lines of replies that bureaus have published are printed as they published them,
// character for character. The titles are ours, in the same form.
func TestPublishedReplies(t *testing.T) {
	locales, err := locale.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	const npc, cppcc = assembly.NPC, assembly.CPPCC
	for _, c := range []struct {
		agency        string
		body          assembly.Body
		level         assembly.Level
		term, session int
		number, title string
		deputies      string // the lead first
		rules         proposal.ReplyRules
		document      proposal.DocumentNumber
		on            calendar.Date
		head, to      string // as printed; of the first addressee
		under         string // 发文字号
	}{
		{
			"沈阳市民政局", npc, assembly.CityLevel, 16, 3, "0392", "关于减负的建议", "倪琛善",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2020},
			calendar.NewDate(2020, 4, 22),
			"市人大十六届三次会议关于减负的建议（第0392号）的答复", "倪琛善代表：", "",
		},
		{
			"本溪市民政局", npc, assembly.CityLevel, 16, 1, "1106", "关于养老的建议", "聂晶晶",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2018},
			calendar.NewDate(2018, 7, 20),
			"市人大十六届一次会议关于养老的建议（第1106号）的答复", "聂晶晶代表：", "",
		},
		{
			"沙河市交通运输局", npc, assembly.CityLevel, 9, 3, "31", "关于修路的建议", "纪占斌等3名代表",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Series: "建议字", Year: 2023, Serial: 8},
			calendar.NewDate(2023, 7, 18),
			"市人大九届三次会议关于修路的建议（第31号）的答复", "纪占斌等3名代表：", "建议字〔2023〕8号",
		},
		{
			"城口县民政局", npc, assembly.CountyLevel, 18, 3, "14", "关于养老的几点建议", "冯建",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2023},
			calendar.NewDate(2023, 6, 30),
			"县人大十八届三次会议关于养老的几点建议（第14号）的答复", "冯建代表：", "",
		},
		{
			"紫阳县民政局", cppcc, assembly.CountyLevel, 13, 4, "28", "关于养老的提案", "李俊、王芳委员",
			proposal.ReplyRules{Title: "关于答复{body}{term}{sitting}{number}{noun}的函"},
			proposal.DocumentNumber{Year: 2025},
			calendar.NewDate(2025, 9, 19),
			"关于答复县政协十三届四次会议第28号提案的函", "李俊、王芳委员：", "",
		},
		{
			"银川市交通运输局", npc, assembly.CityLevel, 15, 1, "40", "关于公交的建议", "马越 丁宁 哈文",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2017},
			calendar.NewDate(2017, 8, 21),
			"市人大十五届一次会议关于公交的建议（第40号）的答复", "马越代表：", "",
		},
		{
			"赤水市交通局", npc, assembly.CityLevel, 5, 1, "94", "《关于修桥的建议》", "袁方",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2007},
			calendar.NewDate(2007, 5, 24),
			"市人大五届一次会议《关于修桥的建议》（第94号）的答复", "袁方代表：", "",
		},
		{
			"安宁市交通运输局", npc, assembly.CityLevel, 6, 2, "28", "关于公交的建议案", "段红",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2018},
			calendar.NewDate(2018, 12, 17),
			"市人大六届二次会议关于公交的建议案（第28号）的答复", "段红代表：", "",
		},
		{
			"汉阳区教育局", npc, assembly.DistrictLevel, 16, 1, "7", "关于入学的意见和建议", "江岚 彭勃",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2023},
			calendar.NewDate(2023, 6, 6),
			"区人大十六届一次会议关于入学的意见和建议（第7号）的答复", "江岚代表：", "",
		},
		{
			"新郑市新建路街道办事处", cppcc, assembly.CityLevel, 5, 5, "62", "关于停车的提案", "高峰",
			proposal.ReplyRules{Title: "关于对{body}{term}{sitting}{number}{noun}的答复"},
			proposal.DocumentNumber{Year: 2021},
			calendar.NewDate(2021, 7, 12),
			"关于对市政协五届五次会议第62号提案的答复", "高峰委员：", "",
		},
		{
			"牟定县民政局", cppcc, assembly.CountyLevel, 9, 6, "048", "关于养老的建议", "普丽",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2021},
			calendar.NewDate(2021, 6, 29),
			"县政协九届六次会议关于养老的建议（第048号）的答复", "普丽委员：", "",
		},
		{
			"南华县水务局", npc, assembly.CountyLevel, 18, 2, "87", "关于饮水的议案", "罗成 一 二 三 四 五 六 七 八 九 十",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2023},
			calendar.NewDate(2023, 10, 7),
			"县人大十八届二次会议关于饮水的议案（第87号）的答复", "罗成代表：", "",
		},
		{
			"大洼区卫生健康局", cppcc, assembly.CityLevel, 9, 1, "158", "关于托育的提案", "民盟盘锦市委员会",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Year: 2022},
			calendar.NewDate(2022, 10, 31),
			"市政协九届一次会议关于托育的提案（第158号）的答复", "民盟盘锦市委员会：", "",
		},
		{
			"四川省林业和草原局", npc, assembly.ProvinceLevel, 13, 3, "33", "关于护林的建议", "何平",
			proposal.ReplyRules{},
			proposal.DocumentNumber{Series: "川林建函", Year: 2020, Serial: 740},
			calendar.NewDate(2020, 6, 30),
			"省人大十三届三次会议关于护林的建议（第33号）的答复", "何平代表：", "川林建函〔2020〕740号",
		},
		{
			"民政部", npc, assembly.NationalLevel, 14, 1, "7947", "关于养老的建议", "赵治海等6名代表",
			proposal.ReplyRules{Title: "对{term}{body}{sitting}{number}{noun}的答复"},
			proposal.DocumentNumber{Year: 2023},
			calendar.NewDate(2023, 8, 3),
			"对十四届全国人大一次会议第7947号建议的答复", "赵治海等6名代表：", "",
		},
	} {
		c.rules.CoSigners, c.rules.Copies = proposal.ReplyToEach, []string{"市政府督查室"}
		deputies := strings.Fields(c.deputies)
		f := &casefile.File{
			Case: &store.Case{
				CaseRow: store.CaseRow{
					Key:   assembly.RegisterKey{Body: c.body, Level: c.level, Term: c.term, Session: c.session, Number: c.number}.Canonical(),
					Title: assembly.TitleAsAssigned(c.title), LeadDeputy: deputies[0], CoSigners: deputies[1:], HandlingType: proposal.SoleHandling,
				},
				State: proposal.State{Body: c.body, Draft: 1, SignedOn: c.on, Number: c.document},
			},
			Pack: &proposal.Pack{Agency: c.agency, Reply: map[assembly.Body]proposal.ReplyRules{c.body: c.rules}},
		}
		addressees := f.Addressees()
		if len(addressees) != len(deputies) || addressees[0] != c.to {
			t.Errorf("%s: to %q", c.agency, addressees)
			continue
		}
		file, err := gongwen.Docx(OnPaper(locales[locale.Chinese], f, store.SavedDraft{DraftInfo: store.DraftInfo{Version: 1}, Draft: proposal.Draft{Body: "您提出的建议收悉。"}}, c.to), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _, err := gongwen.Text(file)
		lines := strings.Split(text, "\n")
		want := []string{c.head, c.to, "您提出的建议收悉。"}
		if c.under != "" {
			want = slices.Insert(want, 0, c.under)
		}
		if err != nil || len(lines) < len(want) || !slices.Equal(lines[:len(want)], want) {
			t.Errorf("%s begins\n%s\nwant\n%s", c.agency, text, strings.Join(want, "\n"))
		}
		if end := []string{"抄送：市政府督查室。", c.agency, c.on.Chinese()}; !slices.Equal(lines[len(lines)-3:], end) {
			t.Errorf("%s ends %q, want %q", c.agency, lines[len(lines)-3:], end)
		}
	}
}
