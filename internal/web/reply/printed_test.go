package reply

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// TestPrintedAsRegistered: whatever the title, the place, the number and who handed it in, the printed reply says them as they were
// registered, once and in their own spelling; and who types the number as it stands on paper finds the case.
func TestPrintedAsRegistered(t *testing.T) {
	locales, err := locale.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	places := map[assembly.Level]string{
		assembly.NationalLevel: "全国", assembly.ProvinceLevel: "省", assembly.AutonomousRegionLevel: "自治区", assembly.CityLevel: "市", assembly.PrefectureLevel: "州",
		assembly.LeagueLevel: "盟", assembly.DistrictLevel: "区", assembly.CountyLevel: "县", assembly.AutonomousCountyLevel: "自治县", assembly.BannerLevel: "旗",
		assembly.TownLevel: "镇", assembly.TownshipLevel: "乡",
	}
	numbers := []string{ // as typed, and as printed
		"0392|第0392号", "第1106号|第1106号", "L54|第L54号", "台40号|台40号", "B〔2017〕062号|B〔2017〕062号", "１３ |第13号",
		"第2038号（社会管理类181号）|第2038号（社会管理类181号）", "闭会期间第134号|闭会期间第134号",
	}
	ends := []string{"的建议", "的提案", "的几点建议", "的意见和建议", "的建议案", "的议案", "的建议（重点）", ""}
	proposers := []string{ // as registered, and as addressed by a congress and by a conference
		"倪琛善|倪琛善代表：|倪琛善委员：", "纪占斌等3名代表|纪占斌等3名代表：|", "李俊、王芳委员||李俊、王芳委员：", "阿不都·买买提|阿不都·买买提代表：|阿不都·买买提委员：",
		"百善镇代表团|百善镇代表团：|", "民盟和平市委员会||民盟和平市委员会：", "社会和法制委员会|社会和法制委员会：|社会和法制委员会：",
	}
	core := rapid.StringOfN(rapid.RuneFrom([]rune("社区养老服务待遇道路交通“”《》、建议提案")), 4, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		number := strings.Split(rapid.SampledFrom(numbers).Draw(t, "number"), "|")
		key := assembly.RegisterKey{
			Body: rapid.SampledFrom(assembly.Bodies).Draw(t, "body"), Level: rapid.SampledFrom(assembly.Levels).Draw(t, "level"),
			Term: rapid.IntRange(1, 99).Draw(t, "term"), Session: rapid.IntRange(1, 20).Draw(t, "session"), Number: number[0],
		}
		title := "关于" + core.Draw(t, "core") + rapid.SampledFrom(ends).Draw(t, "end")
		if rapid.Bool().Draw(t, "quoted") {
			title = "《" + title + "》"
		}
		var names, addressed []string
		for range rapid.IntRange(1, 11).Draw(t, "proposers") {
			who := strings.Split(rapid.SampledFrom(proposers).Draw(t, "proposer"), "|")
			line := who[1+slices.Index(assembly.Bodies, key.Body)]
			if line != "" {
				names, addressed = append(names, who[0]), append(addressed, line)
			}
		}
		if len(names) == 0 {
			return
		}
		f := &casefile.File{
			Case: &store.Case{CaseRow: store.CaseRow{
				Key: key.Canonical(), Title: assembly.TitleAsAssigned(title), LeadDeputy: names[0], CoSigners: names[1:], HandlingType: proposal.SoleHandling,
			}},
			Pack: &proposal.Pack{Agency: "和平市民政局", Reply: map[assembly.Body]proposal.ReplyRules{key.Body: {CoSigners: proposal.ReplyToEach}}},
		}
		if got := f.Addressees(); !slices.Equal(got, addressed) {
			t.Fatalf("addressed %q, want %q", got, addressed)
		}
		outline := replytext.OutlineOf(f.Key, "", f.Title, nil)
		for _, to := range f.Addressees() {
			letter := OnPaper(locales[locale.Chinese], f, store.SavedDraft{Draft: proposal.Draft{Body: outline.Opening + "\n" + outline.Thanks}}, to)
			data, err := gongwen.Docx(letter, nil)
			if err != nil {
				t.Fatal(err)
			}
			text := wordsOf(t, data)
			head := places[key.Level] + map[assembly.Body]string{assembly.NPC: "人大", assembly.CPPCC: "政协"}[key.Body] + f.Key.TermName() + f.Key.SittingName() + title + "（" + number[1] + "）的答复"
			if strings.Count(text, head) != 1 || strings.Count(text, to) != 1 {
				t.Fatalf("the letter says\n%s\nwant once %s and %s", text, head, to)
			}
		}
		printed := key
		printed.Number = number[1]
		if printed.String() != key.String() {
			t.Fatalf("%s as printed is %s, and was registered as %s", number[1], printed, key)
		}
		e := replytext.RegisterEntry{Key: f.Key, Title: f.Title, Deputies: names}
		for _, m := range replytext.Check(replytext.Reply{Body: outline.Opening + "\n" + outline.Thanks}, e, calendar.NewDate(2026, 4, 22)) {
			if m.Level == replytext.MandatoryMark {
				t.Fatalf("its own opening %q is stopped: %+v", outline.Opening, m)
			}
		}
	})
}

// An opinion goes to the unit that leads: no deputy, no result, no openness, no copies to the assembly.
func TestOpinionOnPaper(t *testing.T) {
	locales, err := locale.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	key := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.NationalLevel, Term: 14, Session: 4, Number: "3187"}.Canonical()
	f := &casefile.File{
		Case: &store.Case{
			CaseRow: store.CaseRow{Key: key, Title: "关于推行电子结婚证的建议", LeadDeputy: "倪琛善", HandlingType: proposal.CoHandling},
			State:   proposal.State{Body: key.Body, Draft: 1},
		},
		Pack: &proposal.Pack{
			Agency: "沈阳市民政局", Classes: []proposal.ResultClass{{Code: "C", Name: "暂不可行"}},
			Reply: map[assembly.Body]proposal.ReplyRules{key.Body: {CoSigners: proposal.ReplyToEach, Copies: []string{"市人大常委会代表工作机构"}}},
		},
	}
	f.LeadUnit = "省民政厅"
	draft := store.SavedDraft{DraftInfo: store.DraftInfo{Version: 1}, Draft: proposal.Draft{Body: "提出会办意见如下：", Class: "C", Openness: proposal.ClosedReply}}
	got := OnPaper(locales[locale.Chinese], f, draft, f.Addressees()[0])
	if got.Title != "关于全国人大十四届四次会议第3187号建议的会办意见" || got.Addressee != "省民政厅：" || got.Marks != nil || got.Copies != "" {
		t.Errorf("%+v", got)
	}
	f.HandlingType = proposal.SoleHandling
	if got := OnPaper(locales[locale.Chinese], f, draft, f.Addressees()[0]); len(got.Marks) != 2 || got.Copies == "" {
		t.Errorf("a reply: %+v", got)
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// wordsOf are the words of a letter's file.
func wordsOf(t *rapid.T, docx []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	var words struct {
		Text string `xml:",chardata"`
	}
	plain := tags.ReplaceAllString(string(data), "")
	if err := xml.Unmarshal([]byte("<w>"+plain+"</w>"), &words); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(words.Text), "")
}
