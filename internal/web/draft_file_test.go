package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/banli/banli/internal/proposal"
)

const (
	letterHead = "沈阳市民政局\n沈民函〔2026〕12号\n市人大十六届三次会议关于缓解社工压力提高社工待遇的建议（第0396号）的答复\n倪琛善代表：\n"
	letterEnd  = "\n联系人：金可\n联系电话：024-23468813\n沈阳市民政局\n2026年4月22日\n抄送：市政府督查室。"
)

// A reply that was written outside is read in as the next version, without what the paper prints of itself; what was typed is kept.
func TestDraftIsReadFromAFile(t *testing.T) {
	s := newSite(t)
	path := s.drafting(t, "0396")
	b := s.as(t, proposal.Handler)
	version := func() string {
		said, _, _ := strings.Cut(b.get(path).part("draft-state"), "，") // then the time
		return said
	}
	newest := func() proposal.Draft {
		t.Helper()
		c, err := s.Store.Case(t.Context(), strings.TrimPrefix(path, "/cases/"))
		if err != nil || c.Draft == nil {
			t.Fatal("no version: ", err)
		}
		return c.Draft.Draft
	}
	_, form := b.get(path).form(t)
	b.post(path+"/draft/check", with(form, url.Values{"body": {"您提出的建议收悉。"}, "tab": {"t1"}, "seq": {"1"}})).says(t, http.StatusOK, "已存")

	file := path + "/draft/file"
	send := func(name string, data []byte) answer {
		t.Helper()
		return b.upload(file, map[string]string{"action_id": newID()}, name, data)
	}
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"答复.pdf", scan, "这里只读.docx、.doc、.wps和.txt"}, {"答复.txt", []byte("倪琛善代表：\n"), "文件里没有正文"}, {"", nil, "请选"},
	} {
		send(c.name, c.data).says(t, http.StatusUnprocessableEntity, c.says, "您提出的建议收悉。", "读入，存为新稿")
	}
	s.as(t, proposal.OfficeReviewer).upload(file, map[string]string{"action_id": newID()}, "答复.txt", []byte(draftText)).says(t, http.StatusForbidden)

	whole, err := simplifiedchinese.GB18030.NewEncoder().String(strings.ReplaceAll(letterHead+draftText+letterEnd, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	send("答复.txt", []byte(whole)).says(t, http.StatusOK, "存为第2稿", "这些由公文自己印，没进正文", "沈民函〔2026〕12号", "倪琛善代表：", "联系人：金可")
	if d := newest(); d.Body != draftText || d.ContactName != "金可" || d.ContactPhone != "024-23468813" {
		t.Errorf("read as %+v", d)
	}

	_, form = b.get(path).form(t)
	b.post(path+"/draft", with(form, url.Values{"link": {"1.1"}, "status.1": {"solved"}}))
	printed := b.get(path + "/reply.docx?to=1")
	before := version()
	send("答复.docx", []byte(printed.body)).says(t, http.StatusOK)
	if now := version(); now != before || newest().Body != draftText {
		t.Errorf("what was printed is read as another text: %s, was %s: %q", now, before, newest().Body)
	}
	office, err := os.ReadFile("../gongwen/testdata/libreoffice.docx")
	if err != nil {
		t.Fatal(err)
	}
	send("改.docx", office).says(t, http.StatusOK, "存为第4稿", "第3稿", "插入：", "删去：")
	for _, repeated := range []string{"倪琛善代表：", "抄送："} {
		if strings.Contains(newest().Body, repeated) {
			t.Errorf("%q is in the text", repeated)
		}
	}
	var numbered bytes.Buffer
	archive := zip.NewWriter(&numbered)
	part, err := archive.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, `<w:document xmlns:w="w"><w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>已减负。</w:t></w:r></w:p></w:document>`)
	archive.Close()
	send("改.docx", numbered.Bytes()).says(t, http.StatusOK, "存为第5稿", "1段的编号是文字处理软件自动编的")
	old, err := os.ReadFile("../gongwen/testdata/libreoffice.doc")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"改.doc", "改.wps"} {
		send(name, old).says(t, http.StatusOK, "自动编的号读不进来", "这些由公文自己印，没进正文")
		if body := newest().Body; !strings.HasPrefix(body, "您提出的《关于缓解") || strings.Contains(body, "倪琛善代表：") || strings.Contains(body, "2020年4月22日") {
			t.Errorf("%s reads as %s", name, body)
		}
	}
	table := "情况如下：\n|区县|社区数|\n|和平区|1,023.8|\n|沈河区||\n附件：1.清单\n2.名单"
	send("答复.txt", []byte("倪琛善代表：\n情况如下：\n区县\t社区数\n和平区\t1,023.8\n沈河区\t\n附件：1.清单\n2.名单")).says(t, http.StatusOK)
	if body := newest().Body; body != table {
		t.Errorf("a table whose cells are parted by tabs reads as %q", body)
	}
	printed = b.get(path + "/reply.docx?to=1")
	send("答复.docx", []byte(printed.body)).says(t, http.StatusOK)
	if body := newest().Body; body != table {
		t.Errorf("the table that was printed reads as %q", body)
	}
	if got := b.get(path+"/preview").elements("main", "th"); !slices.Equal(got, []string{"区县", "社区数"}) {
		t.Errorf("the head of the table on paper: %q", got)
	}
	broken := bytes.Replace(office, []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1)
	send("改.docx", broken).says(t, http.StatusUnprocessableEntity)
}

// A whole letter that was pasted is taken apart by one press, without scripts too.
func TestPastedLetterIsTakenApart(t *testing.T) {
	s := newSite(t)
	path := s.drafting(t, "0396")
	b := s.as(t, proposal.Handler)
	_, form := b.get(path).form(t)
	p := b.post(path+"/draft/check", with(clone(form), url.Values{"body": {letterHead + draftText + letterEnd}, "tab": {"t1"}, "seq": {"1"}}))
	p.says(t, http.StatusOK, "把公文自己会印的行都拿掉", path+"/draft/apart")
	p = b.post(path+"/draft/apart", with(form, url.Values{"body": {letterHead + draftText + letterEnd}, "apart": {"1"}}))
	p.says(t, http.StatusOK, "存为第2稿", "抄送：市政府督查室。")
	p = b.get(path)
	if _, form = p.form(t); strings.ReplaceAll(form.Get("body"), "\u3000\u3000", "") != draftText || form.Get("contact_name") != "金可" {
		t.Errorf("the editor holds %q, contact %q", form.Get("body"), form.Get("contact_name"))
	}
	if strings.Contains(p.body, "/draft/apart") {
		t.Error("lines are still repeated")
	}
}
