package gongwen

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/tables"
)

// wrapped is a .docx file with nothing but a document.
func wrapped(t testing.TB, document string) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	if err := errors.Join(add(archive, "word/document.xml", document), archive.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

//go:embed testdata/libreoffice.docx
var libreOffice []byte

// What is written as .docx is read as it was, after LibreOffice has opened and written it too.
func TestTextOfDocx(t *testing.T) {
	for name, file := range map[string][]byte{"ours": docx(t, full()), "LibreOffice's": libreOffice} {
		t.Run(name, func(t *testing.T) { readsAsWritten(t, file) })
	}
}

func readsAsWritten(t *testing.T, file []byte) {
	l := full()
	text, counted, err := Text(file)
	if err != nil {
		t.Fatal(err)
	}
	if counted != 0 {
		t.Errorf("%d paragraphs have lost a number", counted)
	}
	want := []string{l.Number, l.Title, l.Addressee}
	for _, p := range l.Paragraphs {
		want = append(want, p.Text)
	}
	want = append(append(want, l.Ask...), l.Copies, l.Agency, l.Date)
	if diff := cmp.Diff(want, strings.Split(text, "\n")); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func tableXML(rows ...string) string {
	return `<w:tbl><w:tr>` + strings.Join(rows, `</w:tr><w:tr>`) + `</w:tr></w:tbl>`
}

func cellXML(words, properties string) string {
	return `<w:tc><w:tcPr>` + properties + `</w:tcPr><w:p><w:r><w:t>` + words + `</w:t></w:r></w:p></w:tc>`
}

func TestTextOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"runs of one paragraph", `<w:p><w:r><w:t>一、</w:t></w:r><w:r><w:t xml:space="preserve">减负 </w:t></w:r></w:p>`, "一、减负"},
		{"tracked changes", `<w:p><w:r><w:t>已</w:t></w:r><w:del><w:r><w:delText>经</w:delText></w:r></w:del><w:ins><w:r><w:t>于五月</w:t></w:r></w:ins><w:r><w:t>办结</w:t></w:r></w:p>`, "已于五月办结"},
		{"a line break", `<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>`, "一\n二"},
		{"a table", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>年</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>数</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`, "|年|数|"},
		{"cells that are joined", tableXML(cellXML("甲", `<w:gridSpan w:val="2"/>`)+cellXML("乙", ""), cellXML("一", `<w:vMerge w:val="restart"/>`)+cellXML("二", "")+cellXML("三", ""), cellXML("", `<w:vMerge/>`)+cellXML("四|五", "")+cellXML("", "")), "|甲||乙|\n|一|二|三|\n||四\\|五||"},
		{"rows that begin further in, or end early", tableXML(`<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>`+cellXML("甲", ""), cellXML("1", "")+cellXML("2", "")+cellXML("3", "")), "||甲||\n|1|2|3|"},
		{"a row that was deleted", tableXML(cellXML("甲", "")+cellXML("乙", ""), `<w:trPr><w:del w:id="1"/></w:trPr>`+cellXML("", "")+cellXML("", "")), "|甲|乙|"},
		{"paragraphs in a cell", tableXML(cellXML("甲", "") + cellXML("乙</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>丙</w:t><w:br/><w:t>丁", "")), "|甲|乙↵丙↵丁|"},
		{"a table in a cell", tableXML(cellXML("甲", "") + `<w:tc>` + tableXML(cellXML("乙", "")+cellXML("丙", "")) + `<w:p/></w:tc>`), "|甲|乙↵丙|"},
		{"one column", `<w:p><w:r><w:t>上</w:t></w:r></w:p>` + tableXML(cellXML("甲", ""), cellXML("", ""), cellXML("乙", "")) + `<w:p><w:r><w:t>下</w:t></w:r></w:p>`, "上\n甲\n乙\n下"},
		{"as many columns as Word has", tableXML(strings.Repeat(cellXML("甲", ""), 62) + cellXML("乙", "")), strings.Repeat("|甲", 62) + "|乙|"},
		{"more columns than Word has", tableXML(cellXML("甲", `<w:gridSpan w:val="63"/>`)+cellXML("乙", ""), cellXML("丙", "")), "甲\n乙\n丙"},
		{"a row that begins further in twice, and too late", tableXML(`<w:trPr><w:gridBefore w:val="1"/><w:gridBefore w:val="60"/></w:trPr>`+cellXML("甲", "")+`<w:gridBefore w:val="60"/>`+cellXML("乙", ""), cellXML("1", "")), "||甲|乙|\n|1|||"},
		{"how a cell was", tableXML(cellXML("甲", `<w:tcPrChange><w:tcPr><w:gridSpan w:val="2"/></w:tcPr></w:tcPrChange>`) + cellXML("乙", "")), "|甲|乙|"},
		{"how a row was", tableXML(`<w:trPr><w:trPrChange><w:trPr><w:gridBefore w:val="1"/></w:trPr></w:trPrChange></w:trPr>` + cellXML("甲", "") + cellXML("乙", "")), "|甲|乙|"},
		{"how a paragraph was", `<w:p><w:pPr><w:pPrChange><w:pPr><w:pStyle w:val="Title"/></w:pPr></w:pPrChange></w:pPr><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>`, "一\n二"},
		{"a field", `<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>1</w:t></w:r></w:p>`, "1"},
		{"a text box, twice", `<w:p><w:r><w:t>外</w:t><mc:AlternateContent><mc:Choice><w:p><w:r><w:t>内</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>内</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "内\n外"},
		{"nothing", ``, ""},
	} {
		got, _, err := Text(wrapped(t, `<w:document xmlns:w="w" xmlns:mc="mc"><w:body>`+c.document+`</w:body></w:document>`))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// A table of a reply is read as it was written, whatever stands in its cells.
func TestTableIsReadAsWritten(t *testing.T) {
	words := rapid.StringOfN(rapid.RuneFrom([]rune("社区，。|｜\\↵<&1,023.8%a")), 0, 12, -1)
	cells := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(slices.DeleteFunc(rapid.SliceOfN(words, 0, 3).Draw(t, "lines"), func(line string) bool { return line == "" }), "\n")
	})
	rapid.Check(t, func(r *rapid.T) {
		columns := rapid.IntRange(2, 6).Draw(r, "columns")
		l := paper.Reply{Title: "答复", Addressee: "倪琛善代表：", Agency: "沈阳市民政局", Paragraphs: []paper.Paragraph{{Text: "情况如下："}}}
		want := []string{"答复", "倪琛善代表：", "情况如下："}
		for i, row := range rapid.SliceOfN(rapid.SliceOfN(cells, columns, columns), 1, 8).Draw(r, "rows") {
			l.Paragraphs = append(l.Paragraphs, paper.Paragraph{Cells: row, Head: i == 0})
			want = append(want, tables.Row(row))
		}
		l.Paragraphs = append(l.Paragraphs, paper.Paragraph{Text: "感谢您的关心。"})
		text, _, err := Text(docx(t, l))
		if diff := cmp.Diff(append(want, "感谢您的关心。", "沈阳市民政局"), strings.Split(text, "\n")); err != nil || diff != "" {
			r.Fatalf("%v (-written +read):\n%s", err, diff)
		}
	})
}

// A number that the program counts is not in the text; that it is missing is known.
func TestTextCountsLostNumbers(t *testing.T) {
	const document = `<w:document xmlns:w="w"><w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>减负</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>待遇</w:t></w:r></w:p><w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:p></w:document>`
	if text, counted, err := Text(wrapped(t, document)); text != "减负\n待遇" || counted != 1 || err != nil {
		t.Errorf("%q, %d, %v", text, counted, err)
	}
}

// A file that is no letter, broken, or made to fill the memory, is refused.
func TestTextRefuses(t *testing.T) {
	bomb := wrapped(t, `<w:document xmlns:w="w"><w:p><w:r><w:t>`+strings.Repeat("字", 40<<20/3)+`</w:t></w:r></w:p></w:document>`)
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb is %d bytes large", len(bomb))
	}
	laughs := wrapped(t, `<!DOCTYPE d [<!ENTITY a "哈"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w"><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>`)
	whole := docx(t, full())
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"a bomb": {bomb, ErrTooLarge}, "entities": {laughs, ErrUnreadable}, "half a file": {whole[:len(whole)/2], ErrUnreadable}, "no zip": {[]byte("答复"), ErrUnreadable},
		"XML that ends early": {wrapped(t, `<w:document xmlns:w="w"><w:p>`), ErrUnreadable},
	} {
		if text, _, err := Text(c.file); !errors.Is(err, c.want) || text != "" {
			t.Errorf("%s: %.20q, %v; want %v", name, text, err, c.want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>一</w:t></w:r></w:p>`)
	f.Add(`<w:p><w:p></w:p><w:t>`)
	f.Add(`</w:p><w:del/><w:br/>`)
	f.Add(tableXML(cellXML("甲", `<w:gridSpan w:val="2"/>`) + cellXML("乙", "")))
	f.Add(`</w:tbl><w:tbl><w:tc></w:tr><w:p><w:tbl><w:tr><w:tc><w:gridSpan w:val="99999999"/><w:t>甲</w:t>`)
	f.Fuzz(func(t *testing.T, document string) {
		text, _, err := Text(wrapped(t, `<w:document xmlns:w="w">`+document+`</w:document>`))
		for _, line := range strings.Split(text, "\n") {
			if err == nil && text != "" && line == "" {
				t.Errorf("an empty line of %q", text)
			}
		}
	})
}

// A .doc file that LibreOffice wrote of a reply says what the .docx says.
func TestTextOfDoc(t *testing.T) {
	file, err := os.ReadFile("testdata/libreoffice.doc")
	if err != nil {
		t.Fatal(err)
	}
	got, err := DocText(file)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := Text(docx(t, full()))
	if err != nil {
		t.Fatal(err)
	}
	// LibreOffice takes the copies, in their frame, for a drawing; the title keeps its line ends.
	want = strings.Replace(want, full().Title, strings.Join(paper.TitleLines(full().Title), "\n"), 1)
	want = strings.Replace(want, full().Copies+"\n", "", 1)
	if got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	for cut := 0; cut < len(file); cut += 97 { // whatever is cut off or changed, it ends
		_, _ = DocText(file[:cut])
		broken := bytes.Clone(file)
		broken[cut] ^= 0xFF
		_, _ = DocText(broken)
	}
	if _, err := DocText(docx(t, full())); !errors.Is(err, ErrUnreadable) {
		t.Errorf("a .docx: %v", err)
	}
}

// The tables of a .doc file are read as those of a .docx: cells, those with several lines and those without words, and the paragraphs around them. Whatever
// is broken in the file, it ends.
func TestTablesOfDoc(t *testing.T) {
	file, err := os.ReadFile("testdata/libreoffice-table.doc")
	if err != nil {
		t.Fatal(err)
	}
	got, err := DocText(file)
	if err != nil {
		t.Fatal(err)
	}
	l := tabled(0)
	l.Copies = ""
	want, _, err := Text(docx(t, l))
	if err != nil {
		t.Fatal(err)
	}
	if want = strings.Replace(want, l.Title, strings.Join(paper.TitleLines(l.Title), "\n"), 1); got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	for at := range file { // as far as it is read
		if at%13 == 0 {
			broken := bytes.Clone(file)
			broken[at] ^= 0xFF
			_, _ = DocText(broken)
		}
	}
}

// A row of one cell in a table of several columns is a row of it; a table of one column is paragraphs. Under the text stands what each mark ends.
func TestRowsOfDoc(t *testing.T) {
	for _, c := range []struct{ raw, kinds, want string }{
		{"前\r区\a数\a\a合\a\a后\r", "..-c-ce-ce..", "前\n|区|数|\n|合||\n后"},
		{"区\a\a\a和\r平\a3\a\a", "-cce-c-c-ce", "|区||\n|和↵平|3|"},
		{"甲\a\a乙\a\a", "-ce-ce", "甲\n乙"},
		{strings.Repeat("甲\a", 64) + "\a乙\a\a", strings.Repeat("-c", 64) + "e-ce", strings.Repeat("甲\n", 64) + "乙"},
	} {
		kinds := map[byte]paragraphKind{'c': inCell, 'e': rowEnd}
		if got := docLines([]rune(c.raw), func(i int) paragraphKind { return kinds[c.kinds[i]] }); got != c.want {
			t.Errorf("%q reads %q, want %q", c.raw, got, c.want)
		}
	}
}

// The properties of a paragraph may end anywhere, also in the first of the two bytes that tell how long the definition of a table is.
func TestPropertiesThatEndEarly(t *testing.T) {
	for _, page := range [][]byte{
		{0, 0, 0, 4, 0, 0, 0x16, 0x24, 1, 0x08, 0xD6, 5},
		{0, 0, 0, 4, 0, 0, 0x16, 0x24, 1, 0x08, 0xD6, 0},
	} {
		if kind := kindAt(page, 2); kind != inCell {
			t.Errorf("% x: %d, want %d", page, kind, inCell)
		}
	}
}

// A piece of a text that lies outside the file is no text.
func TestPieceOutsideTheDoc(t *testing.T) {
	main := make([]byte, docHead)
	main[docLength] = 10
	clx := []byte{2, 16, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}
	if text, _, err := docCharacters(main, clx); !errors.Is(err, ErrUnreadable) {
		t.Errorf("%q, %v", string(text), err)
	}
}

// A text whose pieces are more than it says, or than the file holds, is none: a few bytes that each of them names would fill the memory.
func TestPiecesThatRepeat(t *testing.T) {
	long := binary.LittleEndian.AppendUint32(nil, docHead/2) // characters of a piece
	for name, length := range map[string]uint32{"more than it says": docHead / 2, "more than the file holds": 1 << 31} {
		main := make([]byte, docHead)
		binary.LittleEndian.PutUint32(main[docLength:], length)
		const pieces = 9 // from the first character to the last, and the way back, which is none
		plc := make([]byte, 4)
		for i := range pieces {
			if i%2 == 0 {
				plc = append(plc, long...)
			} else {
				plc = append(plc, 0, 0, 0, 0)
			}
		}
		plc = append(plc, make([]byte, 8*pieces)...)
		clx := append(binary.LittleEndian.AppendUint32([]byte{2}, uint32(len(plc))), plc...)
		if text, _, err := docCharacters(main, clx); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %d characters, %v", name, len(text), err)
		}
	}
}

// What fields say of themselves, pictures and marks of cells are not words.
func TestLinesOfDoc(t *testing.T) {
	for raw, want := range map[string]string{
		"一\r二\r":                       "一\n二",
		"第\x13 PAGE \x14" + "2\x15页\r": "第2页",
		"见\x13 HYPERLINK \x13 REF \x14x\x15 \x14附件\x15。\r": "见附件。",
		"无\x13 TC \x15。\r":       "无。",
		"项\a目\a\a":               "项\n目",
		"甲\t乙\x01\x1e丙\x0b丁\x0c": "甲 乙-丙\n丁",
		"\x15多余\x14":             "多余",
	} {
		if got := docLines([]rune(raw), func(int) paragraphKind { return inText }); got != want {
			t.Errorf("%q reads %q, want %q", raw, got, want)
		}
	}
}
