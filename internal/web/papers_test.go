package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// What is asked of the assembly, and an urge, goes out on paper too, worded by the rules that the case follows.
func TestPapersOfACase(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0397", calendar.DateOf(time.Now()))
	id := s.carry(t, r, proposal.Registered, draftText)
	for _, a := range []proposal.Action{
		s.bureau.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "市长问起。"}),
		s.bureau.Action(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{Reason: "不属我局{until}职责。", LegalDuty: "《条例》第三条", Suggested: "市财政局"}),
	} {
		if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
			t.Fatal(err)
		}
	}
	b, path := s.as(t, proposal.Liaison), "/cases/"+id
	page := b.get(path)
	page.says(t, http.StatusOK, "关于申请退回市人大十六届三次会议第0397号建议的函", "关于市人大十六届三次会议第0397号建议的催办通知")
	links := page.links(path + "/papers/")
	if len(links) != 2 {
		t.Fatalf("links %v", links)
	}
	sent := b.get(links[0])
	text, _, err := gongwen.Text([]byte(sent.body))
	if err != nil || sentName(t, sent) != "关于申请退回市人大十六届三次会议第0397号建议的函.docx" {
		t.Fatalf("%s: %v", sentName(t, sent), err)
	}
	for _, line := range []string{"市人大常委会代表工作机构：", "经研究，不属我局{until}职责。", "依据：《条例》第三条。该件建议由市财政局办理", "沈阳市民政局"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in it:\n%s", line, text)
		}
	}
	b.get(path+"/papers/1").says(t, http.StatusNotFound) // the registration
	s.as(t, fixture.OtherHandler).get(links[0]).says(t, http.StatusNotFound)
}

// The file of a case has its first sheet, a list of what it holds, and the forms on which each who signed is asked: as the rules of the place
// draw them.
func TestFormsOfACase(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0396", calendar.DateOf(time.Now()).AddDays(-3))
	id := s.carry(t, r, proposal.Answered, draftText)
	b, path := s.as(t, proposal.Liaison), "/cases/"+id
	page := b.get(path)
	page.says(t, http.StatusOK, "交办单", "卷内目录", "征询意见表（.docx）")
	says := func(data string, lines ...string) {
		t.Helper()
		text, _, err := gongwen.Text([]byte(data))
		for _, line := range lines {
			if err != nil || !strings.Contains(text, line) {
				t.Errorf("%q is not in it, %v:\n%s", line, err, text)
			}
		}
	}
	cover := b.get(path + "/forms/cover")
	says(cover.body, "第0396号", r.Title, "倪琛善、王桂兰", "拟办意见", "沈民函〔")
	if name := sentName(t, cover); name != "第0396号 交办单.docx" {
		t.Error(name)
	}
	says(b.get(path+"/forms/contents").body, "责任者", r.Title, "的答复（倪琛善代表）", "的答复（王桂兰代表）", "沈民函〔")

	to, form := page.formTo(t, "/deputy-link")
	sheets := unzip(t, []byte(b.post(to, with(form, url.Values{"as": {"docx"}})).body))
	if len(sheets) != 2 {
		t.Fatalf("%d forms", len(sheets))
	}
	for name, who := range map[string]string{"1 倪琛善 办理情况征询意见表.docx": "倪琛善", "2 王桂兰 办理情况征询意见表.docx": "王桂兰"} {
		says(sheets[name], "市人大十六届三次会议", who, r.Title, "□满意　　□基本满意　　□不满意", "签名后寄回沈阳市民政局")
		if code := unzip(t, []byte(sheets[name]))["word/media/picture.png"]; !strings.HasPrefix(code, "\x89PNG") {
			t.Errorf("%s has no code", name)
		}
	}
	b.get(path+"/forms/opinion").says(t, http.StatusNotFound) // it wants a link
	for _, role := range []proposal.Role{proposal.Publisher, proposal.Assembly} {
		s.as(t, role).get(path+"/forms/cover").says(t, http.StatusNotFound)
	}
}

// The liaison prints the signed replies of many cases in one run, or takes them as one zip; what is not signed is left out, and said.
func TestRepliesOfManyCases(t *testing.T) {
	s := newSite(t)
	one, two := s.replyAt(t, "1731", proposal.Dispatching), s.replyAt(t, "1732", proposal.Numbering)
	draft := s.replyAt(t, "1733", proposal.OfficeReview)
	b := s.as(t, proposal.Liaison)
	b.get("/").says(t, http.StatusOK, "打印答复")
	ticked := url.Values{"task": {one + "~dispatch~", two + "~number~", draft + "~review~", newID() + "~x~"}, "back": {"/?box=todo"}}
	page := b.post("/replies", ticked)
	page.says(t, http.StatusOK, "4封答复，共", "还没有签发、不在里面的：", "第1733号", "倪琛善代表：", "王桂兰代表：", "一次打印")
	if n := strings.Count(page.body, `class="line addressee`); n != 4 {
		t.Errorf("%d replies", n)
	}
	to, form := page.formTo(t, "/replies.zip")
	files := unzip(t, []byte(b.post(to, form).body))
	folders := map[string]int{}
	for name, data := range files {
		folder, file, _ := strings.Cut(name, "/")
		folders[folder]++
		if !strings.HasSuffix(file, "的答复.docx") || unzip(t, []byte(data))["word/document.xml"] == "" {
			t.Errorf("%s", name)
		}
	}
	if len(files) != 4 || len(folders) != 2 {
		t.Errorf("%d files in %v", len(files), folders)
	}
	s.as(t, fixture.OtherHandler).post("/replies", ticked).says(t, http.StatusOK, "勾上的件都还没有签发的答复")
	s.as(t, fixture.OtherHandler).post("/replies.zip", ticked).says(t, http.StatusNotFound)
}
