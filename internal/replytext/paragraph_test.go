package replytext

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHeadings(t *testing.T) {
	for _, test := range []struct {
		text string
		rank int
	}{
		{"一、扎实推进社区减负", 1},
		{"十一、其他", 1},
		{"二十、其他", 1},
		{"一 、带空格", 1},
		{"（一）落实社区准入制度。", 2},
		{"(一)落实社区准入制度。", 2},
		{"（十二）其他", 2},
		{"( 一 ) 带空格", 2},
		{"1.落实", 3},
		{"1. 落实", 3},
		{"1．落实", 3},
		{"１．落实", 3},
		{"1、落实", 3},
		{"12.落实", 3},
		{"1.2020年，我市出台", 3}, // a heading that begins with a year
		{"1、2018年出台", 3},
		{"1.", 3},
		{"（1）落实", 4},
		{"(1)落实", 4},
		{"（１２）落实", 4},

		{"1.5亿元已经拨付", 0},
		{"３．５万人参加", 0},
		{"3.15消费者权益日", 0},
		{"12、13日连续召开会议", 0},
		{"2018、2019年连续两年", 0},
		{"2020.5.1起施行", 0},
		{"（2020）第5号文件", 0},
		{"115项社区便民服务事项", 0},
		{"一是落实责任", 0},
		{"（试行）办法", 0},
		{"第一、二处室", 0},
		{"5450元/月", 0},
		{"", 0},
	} {
		got := Paragraphs(test.text)
		if test.text == "" {
			if len(got) > 0 {
				t.Errorf("nothing gave %v", got)
			}
			continue
		}
		if len(got) != 1 || got[0].Rank != test.rank {
			t.Errorf("%q: %+v, want one paragraph of rank %d", test.text, got, test.rank)
		}
	}
}

func TestLeadOfHeading(t *testing.T) {
	for _, test := range []struct{ text, lead string }{
		{"一、扎实推进社区减负增效", "一、扎实推进社区减负增效"},
		{"（一）落实准入制度。进一步明确职责。", "（一）落实准入制度。"},
		{"（一）落实准入制度", "（一）落实准入制度"},
		{"我市采取多项举措。成效明显。", ""},
	} {
		p := Paragraphs(test.text)[0]
		if got := p.Text[:p.Lead]; got != test.lead {
			t.Errorf("%q opens with %q, want %q", test.text, got, test.lead)
		}
	}
}

func TestBlanksAreFolded(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"　　倪琛善代表：", "倪琛善代表："},
		{"联 系 人:张琼", "联系人:张琼"},
		{"社工职业定位;                     3.解决同工不同酬", "社工职业定位;3.解决同工不同酬"}, // as the Shenyang page has it
		{"2020 年 4 月 22 日", "2020年4月22日"},
		{"达到 5450 元/月", "达到5450元/月"},
		{"“全市通办” 提升效能", "“全市通办”提升效能"},
		{"提升 — 效能", "提升—效能"},
		{"按 GB/T 9704 排版", "按GB/T 9704排版"},
		{"Copyright (c)  2020", "Copyright (c) 2020"},
		{"Hello,  world", "Hello, world"},
		{"3. 解决", "3.解决"},
		{"A\u00a0B", "A B"},
		{"全角，  标点 。", "全角，标点。"},
		{"\ufeff一、标题", "一、标题"},
		{"零\u200b宽", "零宽"},
		{"\u200b", ""},
	} {
		var got string
		for _, p := range Paragraphs(test.in) {
			got += p.Text
		}
		if got != test.want {
			t.Errorf("%q gave %q, want %q", test.in, got, test.want)
		}
	}
}

func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r", "\n\n\n", "\v", "\u2028", "\u2029", "\n \t　\n"} {
		got := Paragraphs("一、减负" + end + "清理台账。")
		if len(got) != 2 || got[0].Text != "一、减负" || got[1].Text != "清理台账。" {
			t.Errorf("line end %q: %+v, want two paragraphs", end, got)
		}
	}
}

// The one real reply: its text as the page had it, between addressee and signature.
func TestShenyangReply(t *testing.T) {
	page, err := os.ReadFile("../../../shared/cases/shenyang-0392.txt")
	if err != nil {
		t.Skipf("the real page is not kept in this repository: %v", err)
	}
	text := string(page)
	start, end := strings.Index(text, "您提出的"), strings.Index(text, "承办处室")
	if start < 0 || end < start {
		t.Fatal("the page has no reply in it")
	}
	want := []struct {
		rank int
		head string
	}{
		{0, "您提出的关于缓解社工压力提高社工待遇稳定社工队伍的建议收悉,现答复如下:"},
		{0, "根据您的建议内容,结合前期电话沟通,您建议:1.落实基层减负,释放社工压力;2.增加社工待遇,确定社工职业定位;3.解决社工工资待遇同工不同酬的问题。"},
		{0, "为深入贯彻"},
		{1, "一、扎实推进社区减负增效"},
		{2, "(一)落实社区准入制度。进一步"},
		{2, "(二)“全市通办”提升社区服务效能。我市"},
		{2, "(三)创新社区运行服务模式。选取"},
		{1, "二、保障社区工作者薪酬待遇"},
		{0, "近年来,我市"},
		{1, "三、健全社区工作者管理机制"},
		{0, "为适应新时代"},
		{0, "感谢您对我市社区建设工作的重视和关心。"},
	}
	got := Paragraphs(text[start:end])
	if len(got) != len(want) {
		t.Fatalf("%d paragraphs, want %d", len(got), len(want))
	}
	for i, p := range got {
		if p.Rank != want[i].rank || !strings.HasPrefix(p.Text, want[i].head) {
			t.Errorf("paragraph %d: rank %d %q, want rank %d %q", i, p.Rank, p.Text, want[i].rank, want[i].head)
		}
		if lead := p.Text[:p.Lead]; p.Rank == 2 && !strings.HasPrefix(want[i].head, lead) {
			t.Errorf("paragraph %d opens with %q", i, lead)
		}
	}
}

func FuzzParagraphs(f *testing.F) {
	for _, seed := range []string{
		"您提出的建议收悉，现答复如下：\n一、减负\n已经落实。\n二、待遇\n正在研究。", "一、\n（一）。\n1.5亿元", "( 1 ) a , b", "\xff \xff", "1.\u30002020年", "\u2028\ufeff", "A “ B", "①  2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		paragraphs := Paragraphs(body)
		var lines []string
		for _, p := range paragraphs {
			switch {
			case strings.TrimSpace(p.Text) == "":
				t.Fatalf("%q: an empty paragraph", body)
			case p.Rank < 0 || p.Rank > 4:
				t.Fatalf("%q: rank %d", body, p.Rank)
			case (p.Rank == 0) != (p.Lead == 0):
				t.Fatalf("%q: rank %d with a lead of %d", body, p.Rank, p.Lead)
			case p.Lead > len(p.Text) || !utf8.ValidString(p.Text) || !utf8.ValidString(p.Text[:p.Lead]):
				t.Fatalf("%q: lead %d cuts %q", body, p.Lead, p.Text)
			}
			lines = append(lines, p.Text)
		}
		if again := Paragraphs(strings.Join(lines, "\n")); !reflect.DeepEqual(again, paragraphs) {
			t.Fatalf("%q: read again %+v gave %+v", body, paragraphs, again)
		}
	})
}

func TestEnclosures(t *testing.T) {
	for _, c := range []struct{ body, rest, names string }{
		{"正文。\n附件：清单", "正文。", "清单"},
		{"正文。\n附件：1. 清单\n2. 名单", "正文。", "1.清单|2.名单"},
		{"正文。\n附件：\n1.清单\n2.名单", "正文。", "1.清单|2.名单"},
		{"正文。\n附件: 清单", "正文。", "清单"},
		{"附件：清单", "附件：清单", ""},         // a reply is more than that
		{"正文。\n附件：", "正文。|附件：", ""},    // of nothing
		{"正文。\n1. 清单", "正文。|1.清单", ""}, // a list that is none of enclosures
		{"正文。\n附件：清单\n感谢。", "正文。|附件：清单|感谢。", ""},
	} {
		rest, names := Enclosures(Paragraphs(c.body))
		var texts []string
		for _, p := range rest {
			texts = append(texts, p.Text)
		}
		if strings.Join(texts, "|") != c.rest || strings.Join(names, "|") != c.names {
			t.Errorf("%q: %q, %q", c.body, texts, names)
		}
	}
	if p := Paragraphs("正文。\n附件：1. 清单\n2. 名单")[2]; p.Rank != 0 || !p.Enclosure {
		t.Errorf("the second enclosure is %+v: it is no heading", p)
	}
}

// Lines that follow each other are one table: its rows have equally many cells, the first is its head. Blanks are folded in cells as elsewhere.
func TestTables(t *testing.T) {
	got := Paragraphs("情况如下：\n　| 区 县 | New York | 说明 |\n|和平区|1,023.8|\n\n|沈河区||一是↵二是|\n完。\n|甲|乙|\n|一格|")
	want := []Paragraph{
		{Text: "情况如下："},
		{Text: "|区县|New York|说明|", Cells: []string{"区县", "New York", "说明"}, Head: true},
		{Text: "|和平区|1,023.8|", Cells: []string{"和平区", "1,023.8", ""}},
		{Text: "|沈河区||一是↵二是|", Cells: []string{"沈河区", "", "一是\n二是"}, Last: true},
		{Text: "完。"},
		{Text: "|甲|乙|", Cells: []string{"甲", "乙"}, Head: true, Last: true},
		{Text: "|一格|"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
