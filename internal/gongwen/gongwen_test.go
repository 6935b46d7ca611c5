package gongwen

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/paper"
)

var update = flag.Bool("update", false, "write testdata anew")

// full has everything that may stand on a letter, and fills the first page with lines of 28 characters.
func full() paper.Reply {
	l := paper.Reply{
		Marks: []string{"办理结果：B", "公开属性：主动公开"}, Number: "沈民函〔2020〕12号",
		Title:     "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复",
		Addressee: "倪琛善代表：", Ask: []string{"承办处室：社会救助处", "联系人：金可", "联系电话：024-00000000"},
		Agency: "沈阳市民政局", Date: "2020年4月22日", Copies: "抄送：市人大常委会人事代表选举委员会，市政府督查室。",
	}
	l.Paragraphs = []paper.Paragraph{
		{Text: "您提出的《关于缓解社工压力提高社工待遇稳定社工队伍的建议》（第0392号）收悉，现答复如下："},
		{Rank: 1, Lead: len("一、关于减负"), Text: "一、关于减负"},
		{Rank: 2, Lead: len("（一）清单。"), Text: "（一）清单。社区<事项> & “清单”已经公布。"},
	}
	for range 7 {
		l.Paragraphs = append(l.Paragraphs, paper.Paragraph{Text: strings.Repeat("社区工作者的待遇逐步提高", 14)})
	}
	return l
}

func docx(t *testing.T, l paper.Reply) []byte {
	t.Helper()
	data, err := Docx(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// plain has everything that may stand on a reply in the plain form.
func plain() paper.Reply {
	l := full()
	l.Plain, l.Signer = true, "周海涛"
	l.Enclosures = []string{"1. 社区工作事项清单和各区各年度待遇标准一览表", "2. 名单"}
	return l
}

// tabled has a table in its text that goes over two pages, with a long cell, an empty one and one of two lines.
func tabled(rows int) paper.Reply {
	l := full()
	table := []paper.Paragraph{
		{Cells: []string{"序号", "事项", "说明", "完成"}, Head: true},
		{Cells: []string{"1", "社区<事项>", strings.Repeat("社区工作者的待遇逐步提高，", 12), ""}},
		{Cells: []string{"2", "清单|目录", "分两步：\n公布、核减", "2020年\n5月"}},
	}
	for i := range rows {
		table = append(table, paper.Paragraph{Cells: []string{strconv.Itoa(i + 3), "事项", "每月1,023.8元", "2020年"}})
	}
	l.Paragraphs = append(append(l.Paragraphs[:3], table...), paper.Paragraph{Text: "感谢您对民政工作的关心。"})
	return l
}

// A row is torn, in the file as on the pages, when it is higher than a page that begins with the head of its table has room for.
func TestRowThatIsTorn(t *testing.T) {
	for lines, whole := range map[int]bool{30: true, 36: false, 60: false} {
		l := full()
		l.Paragraphs = []paper.Paragraph{{Cells: []string{"项目", "说明"}, Head: true}, {Cells: []string{"待遇", strings.Repeat("一\n", lines-1) + "一"}}}
		parts := 0
		for _, page := range paper.Lay(l) {
			for _, line := range page.Lines {
				if line.Table != nil {
					parts += len(slices.DeleteFunc(slices.Clone(line.Table.Rows), func(row paper.Row) bool { return row.Head }))
				}
			}
		}
		if parts == 1 != whole {
			t.Errorf("a row of %d lines is laid in %d parts", lines, parts)
		}
		document := document(l, 0)
		if kept := strings.Count(document, "<w:cantSplit/>"); kept == 2 != whole {
			t.Errorf("a row of %d lines: %d rows are kept whole in the file", lines, kept)
		}
	}
}

// TestDocxAsWritten holds what is written for a reply to testdata; -update writes that anew.
func TestDocxAsWritten(t *testing.T) {
	sealed, err := Docx(paper.Reply{Title: "答复", Agency: "沈阳市民政局", Date: "2020年4月22日"}, &Seal{[]byte("\x89PNG"), 42})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"": docx(t, full()), "plain-": docx(t, plain()), "sealed-": sealed, "table-": docx(t, tabled(0))} {
		asWritten(t, name, data)
	}
}

func asWritten(t *testing.T, name string, data []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		if !file.Modified.Equal(made) {
			t.Errorf("%s is of %s: the same letter would be another file later", file.Name, file.Modified)
		}
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if path.Ext(file.Name) == ".png" {
			continue
		}
		for read := xml.NewDecoder(bytes.NewReader(part)); ; {
			if _, err := read.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file.Name, err)
			}
		}
		if file.Name != "word/document.xml" && (file.Name != "word/header.xml" || name == "sealed-") {
			continue
		}
		golden := filepath.Join("testdata", name+filepath.Base(file.Name))
		if *update {
			if err := os.WriteFile(golden, part, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(part)); diff != "" {
			t.Errorf("%s of %q (-want +got):\n%s", file.Name, name, diff)
		}
	}
}

// TestDocxOnPaper lets LibreOffice print letters: 28 characters to a line, 22 lines to a page, and as many pages as the preview has.
func TestDocxOnPaper(t *testing.T) {
	for _, program := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not on this machine: .ci/install leaves it out, since LibreOffice is 86 MB to fetch", program)
		}
	}
	all := []paper.Reply{full(), plain(), tabled(30)}
	for _, more := range []int{5, 8, 9, 23} { // 8 fill the second page to its last line, 9 carry the signature over
		l := full()
		l.Paragraphs, l.Ask = l.Paragraphs[:5], l.Ask[:2]
		for range more {
			l.Paragraphs = append(l.Paragraphs, paper.Paragraph{Text: "一行。"})
		}
		all = append(all, l)
	}
	printed := printed(t, all)
	for i, l := range all {
		if want := len(paper.Lay(l)); len(printed[i]) != want {
			t.Errorf("letter %d: %d pages, want %d:\n%s", i, len(printed[i]), want, strings.Join(printed[i], "\n----\n"))
		}
	}
	for _, page := range printed[2][:3] {
		if n := strings.Count(strings.Join(lines(page), ""), "序号事项说明完成"); n != 1 {
			t.Errorf("the head of the table stands %d times on a page:\n%s", n, page)
		}
	}
	pages := printed[0]
	second := lines(pages[1])
	if number := second[len(second)-1]; number != "—2—" {
		t.Errorf("the second page ends in %q", number)
	}
	if len(second) != paper.LinesAPage+1 {
		t.Errorf("%d lines on the second page, want %d and the page's number:\n%s", len(second), paper.LinesAPage, pages[1])
	}
	full := 0
	for _, line := range second {
		if n := len([]rune(line)); n == paper.CharactersALine {
			full++
		} else if n > paper.CharactersALine {
			t.Errorf("%d characters in a line: %s", n, line)
		}
	}
	if full < 15 {
		t.Errorf("%d lines of %d characters:\n%s", full, paper.CharactersALine, pages[1])
	}
	if last := lines(pages[len(pages)-1]); !strings.HasPrefix(last[len(last)-2], "抄送") {
		t.Errorf("the copies do not end the last page:\n%s", pages[len(pages)-1])
	}
	if first := strings.Join(lines(printed[1][0]), ""); !strings.HasPrefix(first, "办理结果：B公开属性：主动公开沈阳市民政局沈民函〔2020〕12号签发人：周海涛市人大") || !strings.HasSuffix(first, "—1—") {
		t.Errorf("the first page of the plain form:\n%s", printed[1][0])
	}
	if last := lines(printed[1][len(printed[1])-1]); last[len(last)-2] != "沈阳市民政局2020年4月22日印发" || !strings.HasPrefix(last[len(last)-3], "抄送：") {
		t.Errorf("the plain form ends:\n%s", strings.Join(last, "\n"))
	}
	if strings.Contains(pages[0], "—1—") || !strings.HasPrefix(strings.Join(lines(pages[0]), ""), "办理结果：B公开属性：主动公开沈阳市民政局沈民函〔2020〕12号") {
		t.Errorf("the first page:\n%s", pages[0])
	}
}

// printed is what stands on each page of each letter, as LibreOffice prints it.
func printed(t *testing.T, all []paper.Reply) [][]string {
	t.Helper()
	dir := t.TempDir()
	convert := exec.Command("soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir)
	for i, l := range all {
		file := filepath.Join(dir, strconv.Itoa(i)+".docx")
		if err := os.WriteFile(file, docx(t, l), 0o644); err != nil {
			t.Fatal(err)
		}
		convert.Args = append(convert.Args, file)
	}
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var printed [][]string
	for i := range all {
		text, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, strconv.Itoa(i)+".pdf"), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		printed = append(printed, strings.Split(strings.TrimSuffix(string(text), "\f"), "\f"))
	}
	return printed
}

func lines(page string) []string {
	var all []string
	for line := range strings.Lines(page) {
		if line = strings.Join(strings.Fields(line), ""); line != "" {
			all = append(all, line)
		}
	}
	return all
}
