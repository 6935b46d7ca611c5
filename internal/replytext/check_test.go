package replytext

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"gopkg.in/yaml.v3"
)

// case0392 is the register's entry of the real case, its date, and some cases that lay open beside it.
var (
	case0392 = RegisterEntry{
		Key:   assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"},
		Title: "关于缓解社工压力提高社工待遇稳定社工队伍的建议", Deputies: []string{"倪琛善", "李伟", "王建国"},
		Others: []string{"聂晶晶", "谷雨", "富佳慧"}, OtherNumbers: []string{"0446", "第1106号"}, Phone: "138 0400 1234 / 024-86501234",
	}
	replyDate = calendar.NewDate(2020, time.April, 22)
)

// says is a mark in short: code, words and the words wanted. Those that may stand end in "?".
func says(m Mark) string {
	s := string(m.Code) + " " + m.Text
	if m.Want != "" {
		s += " → " + m.Want
	}
	if m.Level == ReminderMark {
		s += " ?"
	}
	return s
}

// found are the marks but for what a letter prints of itself: these tests judge salutations, titles and dates by what they say.
func found(d Reply, e RegisterEntry, on calendar.Date) []Mark {
	return slices.DeleteFunc(Check(d, e, on), func(m Mark) bool { return m.Code == Repeated })
}

func marksOf(d Reply, e RegisterEntry, on calendar.Date) []string {
	var all []string
	for _, m := range found(d, e, on) {
		all = append(all, says(m))
	}
	return all
}

type textCase struct {
	text string
	want string // says of the one mark; "" for a text that is rightly left alone
}

func checkAll(t *testing.T, e RegisterEntry, cases []textCase) {
	t.Helper()
	for _, c := range cases {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		d := Reply{Body: c.text, Commitments: []Promise{{Text: "印发办法", DueOn: calendar.NewDate(2020, time.December, 31)}}}
		if got := marksOf(d, e, replyDate); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, want)
		}
		fixesMend(t, d, e)
	}
}

// fixesMend puts each fix in its place: there is one finding less, and no new one.
func fixesMend(t *testing.T, d Reply, e RegisterEntry) {
	t.Helper()
	marks := found(d, e, replyDate)
	for _, m := range marks {
		if m.Fix == "" {
			continue
		}
		paragraphs := Paragraphs(d.Body)
		text := []rune(paragraphs[m.Paragraph].Text)
		paragraphs[m.Paragraph].Text = string(text[:m.From]) + m.Fix + string(text[m.To:])
		mended := d
		mended.Body = ""
		for _, p := range paragraphs {
			mended.Body += p.Text + "\n"
		}
		if left := marksOf(mended, e, replyDate); len(left) != len(marks)-1 {
			t.Errorf("%s\nwith %q for %q becomes\n%s\nand still gives %q", d.Body, m.Fix, m.Text, mended.Body, left)
		}
	}
}

func TestNumbers(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"您提出的第0329号建议收悉，现答复如下：", "wrong_number 第0329号 → 第0392号"},
		{"您提出的0329号建议收悉，现答复如下：", "wrong_number 0329号 → 第0392号"},
		{"您在市人大十六届三次会议第０３２９号建议收悉。", "wrong_number 第０３２９号 → 第0392号"},
		{"您的建议（第329号）收悉。", "wrong_number 第329号 → 第0392号"},
		{"您的建议（第392号）收悉。", "wrong_number 第392号 → 第0392号 ?"},
		{"您的建议（第0446号）收悉。", "leftover 第0446号 → 第0392号"},
		{"经研究，第1106号建议所提事项已落实。", "leftover 第1106号 → 第0392号 ?"},
		{"经研究，第0777号建议所提事项已落实。", "wrong_number 第0777号 → 第0392号 ?"},

		{"您提出的第0392号建议收悉，现答复如下：", ""},
		{"您的建议（０３９２号）收悉。", ""},
		{"您去年提出的第0312号建议已办结。", ""},
		{"本件与第0312号建议合并办理，经与第0392号建议一并研究。", ""},
		{"根据《关于规范薪酬体系的通知》（沈民〔2018〕65号）和沈民函〔2020〕12号文件，", ""},
		{"依照国务院令第711号、主席令第51号、民政部公告第12号执行。", ""},
		{"延长地铁2号线，改造3号楼，地址为崇山东路26号，建议居民绕行第5号线。", ""},
		{"您4月16号建议我局增设站点，崇山路12号建议拆除。", ""},
		{"养老服务被列为市政府1号工程。", ""},
		{"第0392号建议的办理情况如下。", ""},
	})
	numbered := func(number string, between bool) RegisterEntry {
		return RegisterEntry{Key: assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: number, Intersession: between}}
	}
	checkAll(t, numbered("台40", false), []textCase{
		{"您提出的台40号建议收悉。", ""},
		{"您提出的台41号建议收悉。", ""}, // 台41 may be a house number: only 第 or a boundary makes it ours
		{"您提出的第40号建议收悉。", "wrong_number 第40号 → 台40号"},
	})
	checkAll(t, numbered("闭会期间第134号", true), []textCase{
		{"您提出的建议（闭会期间第134号）收悉。", ""},
		{"您提出的建议（闭会期间第143号）收悉。", "wrong_number 第143号 → 闭会期间第134号"},
	})
}

func TestSessions(t *testing.T) {
	want := " → 市人大十六届三次会议"
	checkAll(t, case0392, []textCase{
		{"您在市人大十六届二次会议上提出的建议收悉。", "wrong_session 十六届二次会议" + want},
		{"您在市人大第十五届第三次会议上提出的建议收悉。", "wrong_session 第十五届第三次会议" + want},
		{"您在市十六届人大四次会议上提出的建议收悉。", "wrong_session 十六届人大四次会议" + want},
		{"您在市第十六届人民代表大会第2次会议上提出的建议收悉。", "wrong_session 第十六届人民代表大会第2次会议" + want},
		{"您在市政协十六届三次会议上提出的建议收悉。", "wrong_session 十六届三次会议" + want},

		{"您在市人大十六届三次会议上提出的建议收悉。", ""},
		{"您在市第16届人大第3次会议上提出的建议收悉。", ""},
		{"市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复", ""},
		{"您在市人大十六届三次会议上提出的落实十三届全国人大二次会议精神的建议收悉。", ""},
		{"根据市人大常委会十六届二十次会议的审议意见，您提出的建议收悉。", ""},
		{"市委十三届八次全会作出部署，现答复如下：", ""},
		{"十三届全国人大三次会议通过的报告对社区工作提出了要求。", ""},
		{"党的十九届四中全会精神", ""},
	})
	between := case0392
	between.Key.Intersession = true
	checkAll(t, between, []textCase{{"您在市人大十六届二次会议闭会期间提出的建议收悉。", ""}})
}

func TestTitles(t *testing.T) {
	want := " → 关于缓解社工压力提高社工待遇稳定社工队伍的建议"
	checkAll(t, case0392, []textCase{
		{"您提出的关于缓解社工压力提高社工待遇的建议收悉。", "wrong_title 关于缓解社工压力提高社工待遇的建议" + want},
		{"您提出的《关于建立养老护理员职业津贴制度的建议》收悉。", "wrong_title 关于建立养老护理员职业津贴制度的建议" + want},
		{"市人大十六届三次会议关于缓解社工压力稳定社工队伍的建议（第0392号）的答复", "wrong_title 关于缓解社工压力稳定社工队伍的建议" + want},

		{"您提出的关于缓解社工压力、提高社工待遇，稳定社工队伍的建议收悉。", ""},
		{"您提出的“关于缓解社工压力提高社工待遇稳定社工队伍”的建议收悉。", ""},
		{"您提出的建议收悉。关于您的建议，现答复如下：", ""},
		{"关于您的建议，现答复如下：", ""},
		{"关于您提出的建立护理员津贴制度的建议，我局答复如下：", ""},
		{"按《关于做好建议办理工作的通知》，您提出的建议收悉。", ""},
		{"（一）关于提高社工待遇的建议", ""}, // headings repeat the deputy's points
		{"我局曾办理《关于发展养老服务的建议》。", ""},
	})
}

func TestNouns(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"您提出的提案收悉，现答复如下：", "wrong_noun 提案 → 建议"},
		{"您的提案（第0392号）已收悉。", "wrong_noun 提案 → 建议"},
		{"您提出的关于缓解社工压力提高社工待遇稳定社工队伍的提案，现答复如下：", "wrong_noun 提案 → 建议"},

		{"您提出的建议收悉，现答复如下：", ""},
		{"您提出的建议收悉。政协委员也有同样的提案。", ""},
		{"收到您的建议后，我局一并研究了有关提案，现答复如下：", ""},
	})
	cppcc := RegisterEntry{
		Key:   assembly.RegisterKey{Body: assembly.CPPCC, Level: assembly.DistrictLevel, Term: 13, Session: 4, Number: "28"},
		Title: "关于发展养老服务的提案", Deputies: []string{"张晓红"},
	}
	checkAll(t, cppcc, []textCase{
		{"您提出的建议收悉，现答复如下：", "wrong_noun 建议 → 提案"},
		{"张晓红代表：", "wrong_noun 代表 → 委员"},
		{"您提出的关于发展养老服务的提案（第28号）收悉，现就有关建议答复如下：", ""},
		{"关于您的建议1，我局已落实。", ""},
		{"张晓红委员：", ""},
		{"县政协十三届四次会议第28号提案收悉。", ""},
	})
}

func TestBrackets(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"我市印发了通知（本民发[2016]50号）。", "bracket [2016]50号 → 〔2016〕50号"},
		{"根据沈民发（2018）65号文件，", "bracket （2018）65号 → 〔2018〕65号"},
		{"根据沈民发(2018)65号文件，", "bracket (2018)65号 → 〔2018〕65号"},
		{"根据沈民发【2018】65号文件，", "bracket 【2018】65号 → 〔2018〕65号"},
		{"根据沈民发﹝2018﹞65号文件，", "bracket ﹝2018﹞65号 → 〔2018〕65号"}, // small form variants, U+FE5D
		{"根据沈民发〔2018]65号文件，", "bracket 〔2018]65号 → 〔2018〕65号"},
		{"根据沈民发〔2018 65号文件，", ""}, // too far from any form to be sure
		{"根据沈民发2018〕65号文件，", "bracket 2018〕65号 → 〔2018〕65号 ?"},
		{"根据沈民发2018-65号文件，", "bracket 2018-65号 → 〔2018〕65号 ?"},
		{"根据沈民发2018第65号文件，", "bracket 2018第65号 → 〔2018〕65号 ?"},

		{"根据沈民发〔2018〕65号文件，", ""},
		{"《社会救助暂行办法》（2014年国务院令第649号）", ""},
		{"土地证为沈国用（2015）第012号。", "bracket （2015）第012号 → 〔2015〕第012号 ?"},
		{"依据（2020）辽01民终123号判决，", ""},
		{"民政部公告2019年第3号", ""},
		{"印发2018年65号文件", ""},
		{"全年（2019）新增12个站点，热线2018-2019年", ""},
	})
}

func TestFractions(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"全年服务老年人23.8人次。", "fraction_of_person 23.8人次"},
		{"新增护理员1.5名。", "fraction_of_person 1.5名"},
		{"共有１２．５人受益。", "fraction_of_person １２．５人"},

		{"全年服务老年人23.8万人次，救助1.5万人。", ""},
		{"平均每个社区配备社区工作者8.5人。", ""},
		{"每千名老年人拥有护理员1.2名。", ""},
		{"补贴标准为1.5人民币每分钟。", ""},
		{"1.2名社工驻点服务", ""}, // item 1: two social workers
		{"措施如下：1.2名社工驻点；2.3名志愿者轮值。", ""},
		{"达到12.5张床位，面积3.5平方米，增长2.5倍。", ""},
		{"配备民警与居民之比例为0.5名", ""},
	})
}

func TestLeftovers(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"聂晶晶代表：", "leftover 聂晶晶 → 倪琛善"},
		{"我局与聂晶晶代表通了电话。", "leftover 聂晶晶 ?"},
		{"感谢聂晶晶对社区工作的关心。", "leftover 聂晶晶 ?"},
		{"感谢谷雨代表的关心。", "leftover 谷雨 ?"},
		{"在XX社区设立站点。", "leftover XX"},
		{"于20XX年完成。", "leftover XX"},
		{"投入资金××万元。", "leftover ××"},
		{"投入资金＿＿万元。", "leftover ＿＿"},
		{"投入资金____万元。", "leftover ____"},
		{"投入资金【待补】万元。", "leftover 【待补】"},
		{"投入资金（待核实）万元。", "leftover （待核实）"},
		{"（请补充具体数据）", "leftover （请补充具体数据）"},
		{"此处填写办理情况", "leftover 此处填写"},
		{"TODO 补充数据", "leftover TODO"},
		{"时间为2020年月日。", "leftover 2020年月日"},

		{"谷雨时节组织慰问。", ""}, // 谷雨 is a solar term too
		{"此处为居民活动广场，在此处设站。", ""},
		{"申请人材料不全的，请补充提供身份证明。", ""},
		{"床垫尺寸为2×2米，型号XL，XXL码。", ""},
		{"FOXX公司和maxx平台", ""},
		{"（补助标准为每人每月500元）", ""},
		{"（补充养老保险、待遇核定）", ""},
		{"出生年月日以身份证为准。", ""},
	})
}

func TestContacts(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"已拨打您的电话13804001234。", "contact_leak 13804001234"},
		{"已拨打您的电话138-0400-1234。", "contact_leak 138-0400-1234"},
		{"已拨打您的电话+86 138 0400 1234。", "contact_leak +86 138 0400 1234"},
		{"已拨打您的电话１３８０４００１２３４。", "contact_leak １３８０４００１２３４"},
		{"已拨打您的电话（024）86501234。", "contact_leak （024）86501234"},
		{"已拨打您的电话86501234 13900000000。", "contact_leak 86501234 13900000000"},
		{"已拨打您的电话138·0400·1234。", "contact_leak 138·0400·1234"},

		{"请致电024-23468813或12345。", ""},
		{"已拨打您的电话138****1234。", ""},
		{"资金8650.1234万元，编号1380400。", ""},
	})
	got := marksOf(Reply{ContactPhone: "024-86501234", ContactName: "张琼"}, case0392, replyDate)
	if want := []string{"contact_leak 024-86501234"}; !slices.Equal(got, want) {
		t.Errorf("the deputy's number as the bureau's contact: %q, want %q", got, want)
	}
}

func TestCommitments(t *testing.T) {
	d := Reply{Commitments: []Promise{
		{Text: "印发办法", DueOn: calendar.NewDate(2020, time.April, 21)},
		{Text: "完成改造", DueOn: replyDate},
		{Text: "没有日期"},
		{Text: "五年内建成", DueOn: calendar.NewDate(2025, time.December, 31)},
		{Text: "全部建成", DueOn: calendar.NewDate(2099, time.December, 31)},
	}}
	if got, want := marksOf(d, case0392, replyDate), []string{"commitment_past 印发办法", "commitment_far 全部建成 ?"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, c := range []textCase{
		{"我局将于今年年底前完成改造。", "commitment_undated 今年年底前完成 ?"},
		{"我局将在2020年底前出台办法。", "commitment_undated 2020年底前出台 ?"},
		{"10月底前投入使用。", "commitment_undated 10月底前投入使用 ?"},
		{"力争尽快完成全部改造。", "commitment_undated 力争尽快完成 ?"},
		{"承诺年内解决供暖问题，年底前完成验收。", "commitment_undated 年底前完成 ?"},

		{"2019年底前已完成改造。", ""},
		{"2019年底前全部完成。", ""},
		{"国务院要求各地2020年底前完成改造。", ""},
		{"《方案》提出力争实现全覆盖。", ""},
		{"力争完成率达到九成。", ""},
		{"确保老年人安全。", ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if got := marksOf(Reply{Body: c.text}, case0392, replyDate); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, want)
		}
	}
}

func TestEveryMarkCodeIsListed(t *testing.T) {
	d := Reply{
		Body: strings.Join([]string{
			"赵小明代表：",
			"您在市人大十六届二次会议上提出的关于养老的若干问题的建议（第0329号）、提案（第0446号）收悉。",
			"感谢倪琛山代表。根据沈民发[2018]65号文件办理。改造将于2020年3月完成。截至2015年底，服务23.8人次。",
			"电话13804001234，今年5月已完成，力争实现。",
			"截至2015年底，共有社区12个（依据沈民函〔2020〕03号。",
			"您的建议之收悉。",
			"|和平区|12",
			"沈阳市民政局",
			"2020年4月22日",
		}, "\n"),
	}
	seen := map[MarkCode]bool{CommitmentPast: true, CommitmentFar: true, UnsourcedFigure: true} // lists exclude commitment_undated, the last is told by Unsourced
	for _, m := range Check(d, case0392, replyDate) {
		seen[m.Code] = true
		if !slices.Contains(MarkCodes, m.Code) {
			t.Errorf("%s is not listed", m.Code)
		}
	}
	for _, code := range MarkCodes {
		if !seen[code] {
			t.Errorf("the text does not give %s", code)
		}
	}
}

func TestEmptyRegisterIsNotCompared(t *testing.T) {
	body := "赵小明代表：\n您在市人大十六届二次会议上提出的关于养老服务的建议（第0329号）收悉。\n电话13804001234。"
	if got := marksOf(Reply{Body: body}, RegisterEntry{}, replyDate); got != nil {
		t.Errorf("nothing is registered, and the text gives %q", got)
	}
}

// TestShenyangPage reads the one real reply as it was published. Read through by hand, it has one thing that these checks
// are about: 自今年5月起，全部实现 on 22 April. Its document numbers have 〔〕, its figures are whole, it promises nothing, and
// name, number, session and title are the register's. What else may be said against it (half-width punctuation, a telephone
// without its area code, a sentence that begins with 包括) is style, and left alone.
func TestShenyangPage(t *testing.T) {
	page, err := os.ReadFile("../../../shared/cases/shenyang-0392.txt")
	if err != nil {
		t.Skipf("the real page is not kept in this repository: %v", err)
	}
	text := string(page)
	start, end := strings.Index(text, "市人大十六届三次会议关于"), strings.Index(text, "版权所有")
	if start < 0 || end < start {
		t.Fatal("the page has no reply in it")
	}
	var printed []string // by the letter itself: as a draft, the page has them twice
	for _, m := range Check(Reply{Body: text[start:end]}, case0392, replyDate) {
		if m.Code == Repeated {
			printed = append(printed, m.Text)
		}
	}
	if want := []string{"倪琛善代表:", "承办处室:基层政权和社区建设处", "联系人:张琼", "联系电话:23468813", "沈阳市民政局", "2020年4月22日"}; !slices.Equal(printed[1:], want) {
		t.Errorf("printed twice: %q, want the title and %q", printed, want)
	}
	for _, body := range []string{text[start:end], text[strings.Index(text, "您提出的"):strings.Index(text, "承办处室")]} {
		got := marksOf(Reply{Body: body, ContactName: "张琼", ContactPhone: "23468813"}, case0392, replyDate)
		if want := []string{"future_as_past 自今年5月起,全部实现 → 自今年5月起,将全部实现"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// published is the sentence of the real reply that contradicts its date (domain §5).
const published = "市民政局等多个部门多次到社区实地走访调研，并反复沟通会商、积极调度推动，115项社区便民服务事项自今年5月起，全部实现“全市通办”。"

// TestShenyangCase reads the demonstration's reply in the same case, which says 将.
func TestShenyangCase(t *testing.T) {
	data, err := os.ReadFile("../demo/data/cases/00-shenyang-0392.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Title, Deputy string
		Promise       struct{ Text, On string }
		Reply         []struct{ Text string }
	}
	if err := yaml.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	c := cases[0]
	due, err := calendar.ParseDate(c.Promise.On)
	if err != nil {
		t.Fatal(err)
	}
	entry := case0392
	entry.Title, entry.Deputies = c.Title, []string{c.Deputy}
	lines := []string{entry.Key.SessionName() + c.Title + "（" + entry.Key.NumberName() + "）的答复", c.Deputy + "代表："}
	for _, p := range c.Reply {
		lines = append(lines, p.Text)
	}
	d := Reply{
		Body: strings.Join(lines, "\n"), ContactName: "张琼", ContactPhone: "23468813",
		Commitments: []Promise{{Text: c.Promise.Text, DueOn: due}},
	}
	if got := marksOf(d, entry, replyDate); got != nil {
		t.Errorf("the mended reply gives %q", got)
	}
	d.Body = strings.Join(slices.Insert(lines, 7, published), "\n")
	marks := found(d, entry, replyDate)
	if len(marks) != 1 || marks[0].Code != FutureAsPast || marks[0].Paragraph != 7 {
		t.Errorf("the published sentence gives %+v, want one future_as_past in paragraph 7", marks)
	}
}

func TestKeyOfMark(t *testing.T) {
	find := func(body string) Mark {
		t.Helper()
		marks := Check(Reply{Body: body}, case0392, replyDate)
		if len(marks) != 1 {
			t.Fatalf("%q gives %d marks, want one", body, len(marks))
		}
		return marks[0]
	}
	paragraph := "全年服务老年人23.8人次。"
	key := find(paragraph).Key()
	if len(key) != 16 {
		t.Errorf("key %q", key)
	}
	if moved := find("近年来，我市发展养老服务。\n\n" + paragraph); moved.Key() != key || moved.Paragraph != 1 {
		t.Errorf("a paragraph before it makes it another finding: %+v", moved)
	}
	if find("近年来，"+paragraph).Key() == key {
		t.Error("a finding in a changed paragraph keeps its acknowledgement")
	}
	data, err := json.Marshal(find(paragraph))
	if err != nil {
		t.Fatal(err)
	}
	var back Mark
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back.Key() != key {
		t.Error("a mark that was stored has another key")
	}
}

// The time of a check grows with the text and no faster: compare the two sizes.
func BenchmarkCheck(b *testing.B) {
	for _, characters := range []int{10_000, 100_000} {
		d := Reply{Body: "您提出的" + strings.Repeat("自今年5月起，全部实现", characters/11) + "收悉"}
		b.Run(fmt.Sprint(characters), func(b *testing.B) {
			for b.Loop() {
				Check(d, case0392, replyDate)
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		published, "倪琛善、李伟等3名代表：", "您提出的关于养老的建议（第0329号）收悉。", "根据沈民发[2018]65号，今年5月已完成，服务23.8人次。",
		"截至今年6月底，全市已有1.2名。\n王健国代表", "《关于《关于》的建议》收悉", "今年（2019年）XX__【待补】TODO", "13804001234 聂晶晶委员",
		"市人大十六届二次会议第0446号提案的答复", "1月31日前力争完成", "\xff今年5月\xfe已完成", "第０３９２号建议", "99月99日", "2020年2月31日已完成",
	} {
		f.Add(seed, "张琼", "024-23468813", "印发办法")
	}
	f.Fuzz(func(t *testing.T, body, name, phone, promise string) {
		d := Reply{Body: body, ContactName: name, ContactPhone: phone}
		if promise != "" {
			d.Commitments = []Promise{{Text: promise, DueOn: replyDate.AddDays(-1)}}
		}
		marks := Check(d, case0392, replyDate)
		if !reflect.DeepEqual(marks, Check(d, case0392, replyDate)) {
			t.Fatal("the same draft gives other marks")
		}
		paragraphs := Paragraphs(body)
		at := [2]int{}
		for _, m := range marks {
			if m.Field != "body" {
				if m.Paragraph != -1 || m.From != 0 || m.To != 0 {
					t.Fatalf("%+v has a place outside the body", m)
				}
				continue
			}
			if now := [2]int{m.Paragraph, m.From}; slices.Compare(now[:], at[:]) < 0 {
				t.Fatalf("%+v is out of order", m)
			} else {
				at = now
			}
			text := []rune(paragraphs[m.Paragraph].Text)
			if m.From < 0 || m.To < m.From || m.To > len(text) || string(text[m.From:m.To]) != string([]rune(m.Text)) {
				t.Fatalf("%+v is not at its place in %q", m, string(text))
			}
		}
		sameWithout(t, d, marks)
	})
}

// sameWithout checks that keys hold when an innocent paragraph is put behind the text.
func sameWithout(t *testing.T, d Reply, marks []Mark) {
	d.Body += "\n近年来，我市发展养老服务。"
	after := Check(d, case0392, replyDate)
	if len(after) != len(marks) {
		t.Fatalf("a paragraph behind makes %d marks of %d", len(after), len(marks))
	}
	for i, m := range marks {
		if m.Key() != after[i].Key() {
			t.Fatalf("a paragraph behind changes the key of %+v", m)
		}
	}
}
