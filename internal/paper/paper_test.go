package paper

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestBreak(t *testing.T) {
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"一二三四五六", 8, "一二三四|五六"},
		{"一二三四，五六", 8, "一二三|四，五六"},    // no line begins with a comma
		{"一二三（四五）六", 8, "一二三|（四五）|六"}, // nor ends with a bracket
		{"共有5450元整", 6, "共有|5450元|整"}, // a number stays whole
		{"12345678901", 6, "123456|78901"},
		{"", 8, ""},
	} {
		if got := strings.Join(breakText(c.text, c.line, 0), "|"); got != c.want {
			t.Errorf("%s in %d: %s, want %s", c.text, c.line, got, c.want)
		}
	}
}

func TestTitleBreaksBySense(t *testing.T) {
	title := "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复"
	got := strings.Join(TitleLines(title), "|")
	if want := "市人大十六届三次会议|关于缓解社工压力提高社工待遇稳定社|工队伍的建议（第0392号）的答复"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever the reply: every word of it stands on the pages once and in order, no page is longer than a page, no line wider than a
// line, none begins with what may not begin it, and the signature never stands without text above it.
func TestLay(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("建议的答复，。、；：（）《》“”0123456789年月abc%")), 1, 300, -1)
	rapid.Check(t, func(t *rapid.T) {
		l := Reply{Title: text.Draw(t, "title"), Addressee: "倪琛善代表：", Agency: "沈阳市民政局"}
		l.Number = rapid.SampledFrom([]string{"", "沈民函〔2020〕12号"}).Draw(t, "number")
		l.Date = rapid.SampledFrom([]string{"", "2020年4月22日"}).Draw(t, "date")
		l.Copies = rapid.SampledFrom([]string{"", "抄送：市人大常委会人事代表选举委员会，市政府督查室。"}).Draw(t, "copies")
		for _, p := range rapid.SliceOfN(text, 1, 20).Draw(t, "paragraphs") {
			l.Paragraphs = append(l.Paragraphs, Paragraph{Text: p, Lead: len(string([]rune(p)[:utf8.RuneCountInString(p)/2]))})
		}
		if rapid.Bool().Draw(t, "a table") {
			at := rapid.IntRange(0, len(l.Paragraphs)).Draw(t, "where")
			cell := rapid.StringOfN(rapid.RuneFrom([]rune("社区数，（）0123456789.%")), 0, 60, -1)
			columns := rapid.IntRange(2, 4).Draw(t, "columns")
			for i, cells := range rapid.SliceOfN(rapid.SliceOfN(cell, columns, columns), 1, 40).Draw(t, "rows") {
				l.Paragraphs = slices.Insert(l.Paragraphs, at+i, Paragraph{Text: strings.Join(cells, ""), Cells: cells, Head: i == 0})
			}
		}
		l.Enclosures = rapid.SampledFrom([][]string{nil, {"清单"}, {"1. 社区工作事项清单和各区各年度待遇标准一览表以及有关文件", "2. 名单"}}).Draw(t, "enclosures")
		want, issued := l.Number, ""
		if l.Plain = rapid.Bool().Draw(t, "plain"); l.Plain {
			l.Signer = rapid.SampledFrom([]string{"", "周海涛"}).Draw(t, "signer")
			want = l.Agency + l.Number + l.SignedBy()
			if l.Date != "" {
				issued = l.Agency + l.IssuedOn()
			}
		}
		pages := Lay(l)
		want += l.Title + l.Addressee
		for _, p := range l.Paragraphs {
			want += p.Text
		}
		if l.Enclosures != nil {
			want += Enclosed + strings.Join(l.Enclosures, "")
		}
		want += l.Agency + l.Date + l.Copies + issued
		var said strings.Builder
		heads := false // the head of the table has been read
		for i, page := range pages {
			lines := heightOf(page.Lines)
			if i == 0 && !l.Plain {
				lines += headLines
			}
			if page.No != i+1 || lines > LinesAPage || lines == 0 {
				t.Fatalf("page %d has the number %d and %d lines", i+1, page.No, lines)
			}
			above := false
			for _, line := range page.Lines {
				if line.Style == Signature && !above {
					t.Fatalf("the signature stands alone on page %d", page.No)
				}
				above = above || line.Style == Text || line.Style == Addressee || line.Style == Enclosure || line.Style == Rows
				if line.Table != nil {
					said.WriteString(newRows(t, line.Table, heads))
					heads = true
				}
				said.WriteString(line.Lead + line.Rest)
				wide := 0
				for _, r := range line.Lead + line.Rest {
					wide += width(r)
				}
				if line.Style == Text && line.Indent {
					wide += 4
				}
				if (line.Style == Text || line.Style == Enclosure) && wide+line.In*2 > CharactersALine*2 {
					t.Fatalf("%q is %d half characters wide", line.Lead+line.Rest, wide)
				}
			}
		}
		if said.String() != want {
			t.Fatalf("the pages say %q, want %q", said.String(), want)
		}
	})
}

// newRows are the words of a table on a page, without the head that was there before.
func newRows(t *rapid.T, table *Table, heads bool) string {
	var said strings.Builder
	for i, row := range table.Rows {
		for c, cell := range row.Cells {
			for _, line := range cell {
				if widthOf(line) > table.room(c) {
					t.Fatalf("%q is wider than the %d half characters of its column", line, table.room(c))
				}
				if i > 0 || !row.Head || !heads {
					said.WriteString(line)
				}
			}
		}
	}
	return said.String()
}

// A table goes over to the next page between two rows, under its head again; the head does not end a page, and a row goes over with the signature.
func TestTableOverPages(t *testing.T) {
	l := Reply{Title: "答复", Agency: "沈阳市民政局"}
	for range 15 { // leaves room for a row
		l.Paragraphs = append(l.Paragraphs, Paragraph{Text: "一行。"})
	}
	l.Paragraphs = append(l.Paragraphs, Paragraph{Cells: []string{"区县", "社区数"}, Head: true})
	for range 30 {
		l.Paragraphs = append(l.Paragraphs, Paragraph{Cells: []string{"和平区", "12\n个"}})
	}
	var got []string
	for _, page := range Lay(l) {
		rows := ""
		for _, line := range page.Lines {
			if line.Table != nil {
				for _, row := range line.Table.Rows {
					rows += map[bool]string{true: "H", false: "r"}[row.Head]
				}
			}
		}
		got = append(got, rows)
	}
	if want := []string{"", "Hrrrrrrrrrr", "Hrrrrrrrrrr", "Hrrrrrrrrr", "Hr"}; !slices.Equal(got, want) {
		t.Errorf("rows on the pages: %q, want %q", got, want)
	}
}

// The head of a table goes with its only row, also where that goes over with the signature: wherever the table stands, no page ends with a head.
func TestHeadGoesOverWithTheSignature(t *testing.T) {
	over := 0
	for lines := range 40 {
		l := Reply{Title: "答复", Agency: "沈阳市民政局", Date: "2020年4月22日"}
		for range lines {
			l.Paragraphs = append(l.Paragraphs, Paragraph{Text: "一行。"})
		}
		l.Paragraphs = append(l.Paragraphs, Paragraph{Cells: []string{"区县", "社区数"}, Head: true}, Paragraph{Cells: []string{"和平区", "12"}})
		for _, page := range Lay(l) {
			signed := slices.ContainsFunc(page.Lines, func(line Line) bool { return line.Style == Signature })
			for i, line := range page.Lines {
				if line.Table == nil {
					continue
				}
				if rows := line.Table.Rows; rows[len(rows)-1].Head {
					t.Errorf("after %d lines the head of the table stands alone on page %d", lines, page.No)
				}
				if signed && i == 0 {
					over++
				}
			}
		}
	}
	if over == 0 {
		t.Error("no table went over with the signature")
	}
}

// A blank line within a cell takes a line, as it does in Word; an empty cell makes a row no higher.
func TestBlankLineInACell(t *testing.T) {
	rows := []Paragraph{{Cells: []string{"一\n\n\n二", "", "三"}}, {Cells: []string{"", "", ""}}}
	table, _ := TableFirst(rows)
	if got, want := table.Rows[0].Cells, [][]string{{"一", "", "", "二"}, nil, {"三"}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the lines are %q, want %q", got, want)
	}
	if table.Rows[0].Height != 3 || table.Rows[1].Height != 1 {
		t.Errorf("the rows are %d and %d lines high, want 3 and 1", table.Rows[0].Height, table.Rows[1].Height)
	}
}

// A row that is higher than a page is torn; nothing of it is lost.
func TestRowHigherThanAPage(t *testing.T) {
	long := strings.Repeat("社区工作者的待遇", 200)
	l := Reply{Title: "答复", Agency: "沈阳市民政局", Paragraphs: []Paragraph{
		{Cells: []string{"项目", "说明"}, Head: true}, {Cells: []string{"待遇", long}}, {Cells: []string{"其他", "无"}},
	}}
	said := ""
	for _, page := range Lay(l) {
		if height := heightOf(page.Lines); height > LinesAPage {
			t.Errorf("page %d is %d lines high", page.No, height)
		}
		for _, line := range page.Lines {
			if line.Table != nil {
				for _, row := range line.Table.Rows {
					said += strings.Join(row.Cells[1], "")
				}
			}
		}
	}
	if got := strings.ReplaceAll(said, "说明", ""); got != long+"无" {
		t.Errorf("%d characters of the cells stand on the pages, want %d", utf8.RuneCountInString(got), utf8.RuneCountInString(long)+1)
	}
}

func TestWidths(t *testing.T) {
	for _, c := range []struct{ wide, want []int }{
		{[]int{8, 8}, []int{4422, 4422}},
		{[]int{4, 8, 400}, []int{939, 1422, 6483}},
		{[]int{400, 400, 400}, []int{2948, 2948, 2948}},
	} {
		if got := widths(c.wide); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.wide, got, c.want)
		}
	}
	if got := widths(slices.Repeat([]int{40}, 30)); slices.Min(got) < 250 {
		t.Errorf("thirty columns: %v", got)
	}
}
