package gongwen

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/paper"
)

// form has what a form may have: a row that is wider than its columns, room to write, a code.
func form() paper.Form {
	f := paper.Form{
		Over: "市人大十六届三次会议", Title: "办理情况征询意见表", Widths: []int{16, 38, 16, 30},
		Rows: [][]paper.Cell{
			{{Text: "编号", Label: true, Span: 1, Width: 16}, {Text: "第0392号", Span: 1, Width: 38}, {Text: "发文字号", Label: true, Span: 1, Width: 16}, {Text: "沈民函〔2020〕12号", Span: 1, Width: 30}},
			{{Text: "标题", Label: true, Span: 1, Width: 16}, {Text: "关于<社工>&待遇的建议", Span: 3, Width: 84}},
			{{Text: "意见要求", Label: true, Span: 1, Width: 16}, {Text: "\n\n\n\n\n", Span: 3, Width: 84}},
		},
		Notes: []string{"请在方框里打勾，签名后寄回沈阳市民政局。", "也可以用手机扫码。"},
	}
	for y := range 29 {
		row := make([]bool, 29)
		for x := range row {
			row[x] = (x+y)%3 == 0
		}
		f.Code = append(f.Code, row)
	}
	return f
}

// TestFormIsPrinted: LibreOffice takes the form as one sheet with all its words and the code.
func TestFormIsPrinted(t *testing.T) {
	p := FindPrinter()
	if _, err := exec.LookPath("pdftotext"); p == nil || err != nil {
		t.Skip("LibreOffice or pdftotext is not on this machine")
	}
	bare := form()
	bare.Code = nil
	var files [][]byte
	for _, f := range []paper.Form{form(), bare} {
		data, err := FormDocx(f)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	printed, err := p.PDF(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	for i, pdf := range printed {
		path := filepath.Join(t.TempDir(), "form.pdf")
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
		if err != nil || strings.Count(string(text), "\f") != 1 {
			t.Errorf("%v, sheets: %d", err, strings.Count(string(text), "\f"))
		}
		for _, words := range []string{"办理情况征询意见表", "第0392号", "关于<社工>&待遇的建议", "签名后寄回"} {
			if !strings.Contains(strings.ReplaceAll(string(text), " ", ""), words) {
				t.Errorf("%q is not on\n%s", words, text)
			}
		}
		images, err := exec.Command("pdfimages", "-list", path).Output()
		if pictures := strings.Count(string(images), "image"); err != nil || (pictures > 0) != (i == 0) {
			t.Errorf("%d pictures, %v", pictures, err)
		}
	}
}
