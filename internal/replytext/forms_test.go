package replytext

import (
	"os"
	"slices"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"gopkg.in/yaml.v3"
)

// What an officer whom a false alarm stops would say of it: sixty texts that are right, and not one finding that must be mended.
func TestRightTextsAreNotStopped(t *testing.T) {
	data, err := os.ReadFile("testdata/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var texts []struct {
		Body                    assembly.Body
		Number, Title, On, Text string
		Deputies                []string
	}
	if err := yaml.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	if len(texts) < 60 {
		t.Errorf("%d texts", len(texts))
	}
	for _, c := range texts {
		on, err := calendar.ParseDate(c.On)
		if err != nil {
			t.Fatal(err)
		}
		e := RegisterEntry{
			Key:   assembly.RegisterKey{Body: c.Body, Level: assembly.CityLevel, Number: c.Number},
			Title: c.Title, Deputies: c.Deputies, Others: []string{"聂小晶", "谷雨"}, OtherNumbers: []string{"0446"}, Phone: "13804001234",
		}
		for _, m := range Check(Reply{Body: c.Text, ContactName: "张琼", ContactPhone: "23468813"}, e, on) {
			if m.Level == MandatoryMark {
				t.Errorf("%s: %s\n%s", c.Title, says(m), c.Text)
			}
		}
	}
}

var (
	caseL54 = RegisterEntry{
		Key:   assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.DistrictLevel, Term: 13, Session: 4, Number: "L54"},
		Title: "关于加快养老服务发展的建议", Deputies: []string{"张晓红"},
	}
	casePrison = RegisterEntry{Key: case0392.Key, Title: "关于整治监狱周边环境的建议", Deputies: []string{"刘钰华"}}
)

func TestTitlesQuotedAsAssigned(t *testing.T) {
	checkAll(t, caseL54, []textCase{
		{"您提出的《关于加快养老服务发展的建议》（第L54号提案）收悉，现答复如下：", ""},
		{"您提出的《关于加快养老服务发展的建议》已收悉。", ""},
		{"您提出的“关于加快养老服务发展的建议”,现答复如下：", ""},
		{"您提出的关于加快、养老服务发展的建议，现答复如下：", ""}, // punctuation varies
		{"您提出的建议收悉，现答复如下：", "wrong_noun 建议 → 提案"},
		{"您提出的《关于养老的若干建议》和有关建议收悉。", "wrong_noun 建议 → 提案"},
		{"您提出的《关于发展托育服务的建议》，我局已落实。", "wrong_title 关于发展托育服务的建议 → 关于加快养老服务发展的建议 ?"},
		{"您去年提出的《关于发展托育服务的建议》，我局已落实。", ""},
	})
}

func TestNamesBehindAnotherWord(t *testing.T) {
	checkAll(t, casePrison, []textCase{
		{"监狱刘玉华代表：", "homophone 刘玉华 → 刘钰华"},
		{"我局同监狱刘玉华代表通了电话。", "homophone 刘玉华 → 刘钰华 ?"},
		{"监狱刘钰华代表：", ""},
		{"我局同监狱刘钰华代表通了电话。", ""},
	})
}

func TestThanksAndAddress(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"感谢各位委员对社区工作的关心。", "wrong_noun 委员 → 代表"},
		{"感谢委员们一直以来对社区工作的支持。", "wrong_noun 委员 → 代表"},
		{"您这一提案很有见地。", "wrong_noun 提案 → 建议"},
		{"感谢各位代表对社区工作的关心。", ""},
		{"感谢委员会的支持，也感谢人大代表、政协委员的监督。", ""},
		{"您这一建议很有见地。", ""},
	})
	checkAll(t, caseL54, []textCase{
		{"感谢各位代表对养老工作的关心。", "wrong_noun 代表 → 委员"},
		{"您这一建议很有见地。", ""},
		{"您这一提案很有见地。", ""},
	})
}

func TestMoreLeftovers(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"领导签字：", "leftover 领导签字："},
		{"（签字）：", "leftover （签字）："},
		{"在某某社区设站。", "leftover 某某社区"},
		{"将于×年×月完成。", "leftover ×年×月"},
		{"投入资金？？万元。", "leftover ？？万元"},
		{"投入资金……万元。", "leftover ……万元"},

		{"居民张某某反映的问题已解决。", ""},
		{"由双方签字后生效，须有本人（签字）的申请。", ""},
		{"怎么办？居民问：“钱从哪里来？”万众一心。", ""},
		{"养老、托幼、助餐……万家灯火。", ""},
	})
}

func TestNumberForms(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"根据沈民发〔2020〕第3号文件，", "number_form 第3号 → 3号 ?"},
		{"根据沈民发〔2020〕03号文件，", "number_form 03号 → 3号 ?"},
		{"根据沈民发【2020】年12号文件，", "bracket 【2020】年12号 → 〔2020〕12号 ?"},
		{"根据沈民发〔2020〕3号文件，土地证为沈国用〔2015〕第012号。", ""},
	})
}

func TestUnpaired(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"在全市推行“全市通办，方便居民。", "unpaired “ ?"},
		{"印发《办法，方便居民。", "unpaired 《 ?"},
		{"推行“全市通办（试行）”，方便居民）。", "unpaired ） ?"},
		{"1）清理台账；2）减少证明：三）减少检查。", ""},
		{"推行“全市通办（试行)”和‘一窗受理’。", ""},
	})
}

func TestRows(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"|和平区|12", "broken_row |和平区|12 ?"},
		{"|只有一格|", "broken_row |只有一格| ?"},
		{"|区县|社区数|\n|和平区|\n|沈河区||", "broken_row |和平区| ?"},
		{"|区县|社区数|说明|\n|和平区|12|", "broken_row |和平区|12| ?"},
		{"|区县|社区数|\n|和平区|1,023.8|\n|沈河区||", ""},
		{"|区县|人次|\n|和平区|1,023.8人次|", "fraction_of_person 1,023.8人次"},
	})
}

func TestFormulas(t *testing.T) {
	checkAll(t, caseL54, []textCase{
		{"您提出的提案之收悉。", "formula 之收悉 → 收悉"},
		{"您的提案收悉收悉。", "formula 收悉收悉 → 收悉"},
		{"您的提案收息，", "formula 收息 → 收悉"},
		{"您的“养老服务提案”的提案，我局已办理。", "formula 提案”的提案 → 提案” ?"},
		{"您的提案已收悉。", ""},
		{"提案收集工作已完成，收系列意见5条。", ""},
	})
	of := caseL54
	of.Title = "关于落实“为民办实事提案”的提案"
	checkAll(t, of, []textCase{{"您提出的关于落实“为民办实事提案”的提案收悉。", ""}})
}

func TestThousands(t *testing.T) {
	checkAll(t, case0392, []textCase{{"全年服务1,023.8人次。", "fraction_of_person 1,023.8人次"}})
	var said []string
	for _, f := range Figures("全年服务1,023.8人次，发放12,500元。") {
		said = append(said, f.Text)
	}
	if want := []string{"1,023.8人次", "12,500元"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// What a letter prints of itself is not typed: a pasted letter would have it twice, and the public page too.
func TestPastedReply(t *testing.T) {
	body := "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复\n倪琛善代表：\n" +
		"您提出的建议收悉，现答复如下：\n2019年，我市清理台账。\n沈阳市发展和改革委员会\n承办情况：已解决。\n" +
		"承办处室：基层政权和社区建设处\n联系人：张琼\n联系电话：23468813\n沈阳市民政局\n2020年4月22日\n抄送：市人大常委会人事代表选举委员会。"
	var got []string
	for _, m := range Check(Reply{Body: body}, case0392, replyDate) {
		got = append(got, says(m))
	}
	want := []string{
		"repeated 市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复", "repeated 倪琛善代表：",
		"repeated 沈阳市发展和改革委员会 ?", "repeated 承办处室：基层政权和社区建设处", "repeated 联系人：张琼", "repeated 联系电话：23468813",
		"repeated 沈阳市民政局", "repeated 2020年4月22日", "repeated 抄送：市人大常委会人事代表选举委员会。",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, line := range []string{"二〇〇七年五月二十四日", "二○○七年五月二十四日"} {
		if got := Check(Reply{Body: "您提出的建议收悉。\n" + line}, case0392, replyDate); len(got) != 1 || got[0].Code != Repeated {
			t.Errorf("%s: %+v", line, got)
		}
	}
}
