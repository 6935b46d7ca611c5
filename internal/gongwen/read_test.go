package gongwen

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/paper"
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

func TestTextOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, document, want string }{
		{"runs of one paragraph", `<w:p><w:r><w:t>一、</w:t></w:r><w:r><w:t xml:space="preserve">减负 </w:t></w:r></w:p>`, "一、减负"},
		{"tracked changes", `<w:p><w:r><w:t>已</w:t></w:r><w:del><w:r><w:delText>经</w:delText></w:r></w:del><w:ins><w:r><w:t>于五月</w:t></w:r></w:ins><w:r><w:t>办结</w:t></w:r></w:p>`, "已于五月办结"},
		{"a line break", `<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>`, "一\n二"},
		{"a table", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>年</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>数</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`, "年\n数"},
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
		if got := docLines([]rune(raw)); got != want {
			t.Errorf("%q reads %q, want %q", raw, got, want)
		}
	}
}
