package kit

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/banli/banli/internal/proposal"
)

// zipped is a container with the named parts in it, in that order.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range parts {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(part, "<%s>%s</%s>", name, strings.Repeat("字", 2000), name)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ole is as much of an old Office file as says what it is.
func ole(stream string) []byte {
	data := append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 6000)...)
	for _, unit := range utf16.Encode([]rune(stream)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return append(data, make([]byte, 100)...)
}

var (
	pdf = []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
	png = append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, 40)...)
	exe = append([]byte("MZ\x90\x00"), make([]byte, 600)...)
)

// TestFilesAreWhatTheirContentSays: the content decides, and the name must agree with it.
func TestFilesAreWhatTheirContentSays(t *testing.T) {
	gbk := []byte("\xb9\xab\xb8\xe6\r\n\xb5\xda\xb6\xfe\xd0\xd0\r\n")
	for _, c := range []struct {
		name  string
		data  []byte
		media string
		wrong proposal.FieldCode
	}{
		{"征询意见表.pdf", pdf, "application/pdf", ""},
		{"扫描.PDF", pdf, "application/pdf", ""},
		{"答复.docx", zipped(t, "customXml/item1.xml", "docProps/app.xml", "word/styles.xml", "word/document.xml"), mediaWord, ""},
		{"统计.xlsx", zipped(t, "_rels/.rels", "xl/workbook.xml"), mediaExcel, ""},
		{"公文.ofd", zipped(t, "Doc_0/Document.xml", "OFD.xml"), mediaOFD, ""},
		{"旧答复.doc", ole("WordDocument"), mediaDoc, ""},
		{"旧统计.xls", ole("Workbook"), mediaXLS, ""},
		{"照片.png", png, "image/png", ""},
		{"说明.txt", []byte("一、二、三\n四、五、六"), mediaText, ""},
		{"旧说明.txt", gbk, mediaText, ""},
		{"名单.csv", []byte("姓名,单位\n张琼,基层处\n"), mediaText, ""},
		{"网页.txt", []byte("<html><script>alert(1)</script></html>"), mediaText, ""},

		{"网页.html", []byte("<html><script>alert(1)</script></html>"), "", proposal.UnknownValue},
		{"图.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "", proposal.UnknownValue},
		{"程序.exe", exe, "", proposal.UnknownValue},
		{"程序.pdf", exe, "", proposal.UnknownValue},
		{"包.zip", zipped(t, "a.exe"), "", proposal.UnknownValue},
		{"包.docx", zipped(t, "a.exe"), "", proposal.UnknownValue},
		{"坏.docx", []byte("PK\x03\x04 and nothing more"), "", proposal.UnknownValue},
		{"演示.pptx", zipped(t, "ppt/presentation.xml"), "", proposal.UnknownValue},
		{"脚本.bat", []byte("del *.*"), "", proposal.UnknownValue},
		{"没有扩展名", pdf, "", proposal.UnknownValue},
		{"照片.pdf", png, "", proposal.FieldMalformed},
		{"答复.txt", pdf, "", proposal.FieldMalformed},
		{"空.pdf", nil, "", proposal.FieldRequired},
		{"", pdf, "", proposal.FieldRequired},
		{"大.pdf", append(bytes.Clone(pdf), make([]byte, maxAttachment)...), "", proposal.FieldTooLong},
		{strings.Repeat("长", 200) + ".pdf", pdf, "", proposal.FieldTooLong},
	} {
		u := Upload{Name: c.name, Data: c.data}
		err := u.check()
		var refusal *proposal.Refusal
		switch {
		case c.wrong == "" && (err != nil || u.Media != c.media):
			t.Errorf("%.40s: %q, %v, want %q", c.name, u.Media, err, c.media)
		case c.wrong != "" && (!errors.As(err, &refusal) || refusal.Fields[0].Code != c.wrong):
			t.Errorf("%.40s: %v, want %s", c.name, err, c.wrong)
		}
	}
}

func TestOnlyUploadsMayBeLarge(t *testing.T) {
	for target, want := range map[string]int64{
		"POST /cases/1/attachments": maxUpload, "POST /people/import": maxUpload, "POST /people/import/rows": maxBody, "POST /api/v1/cases/1/attachments": maxUpload, "GET /cases/1/attachments": maxBody,
		"POST /cases/1/draft": maxBody, "POST /cases/1/2/attachments": maxBody, "POST /public/cases/1/attachments": maxBody,
	} {
		method, path, _ := strings.Cut(target, " ")
		if got := bodyLimit(httptest.NewRequest(method, path, nil)); got != want {
			t.Errorf("%s: %d bytes, want %d", target, got, want)
		}
	}
}

func TestFileSizes(t *testing.T) {
	for size, want := range map[int]string{1: "1 B", 1023: "1023 B", 1536: "2 KB", 700_000: "684 KB", 1 << 20: "1.0 MB", 20 << 20: "20.0 MB"} {
		if got := FileSize(size); got != want {
			t.Errorf("%d: %q, want %q", size, got, want)
		}
	}
}
