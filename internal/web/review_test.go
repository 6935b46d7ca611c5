package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// replyAt carries a new case with the usual reply to the stage.
func (s *site) replyAt(t *testing.T, number string, to proposal.Stage) string {
	t.Helper()
	return s.carry(t, fixture.Registration(number, calendar.DateOf(time.Now()).AddDays(-20)), to, draftText)
}

func TestReviewRoom(t *testing.T) {
	s := newSite(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *site)
	}{
		{"what changed since the last look", changedSince},
		{"comments", commentsRoom},
		{"figures", figuresRoom},
		{"pass with edits", passWithEdits},
		{"a signer's edits", signersEdits},
		{"preview", previewRoom},
		{"a table", tableRoom},
		{"an opinion", opinionRoom},
		{"letters as files", letterFiles},
		{"signing many", signingMany},
		{"not signed yet", notSignedYet},
		{"a text that changed under the list", signingChanged},
		{"standard paragraphs", paragraphsRoom},
		{"secrecy", reviewSecrecy},
		{"who may not", reviewStrangers},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, s) })
	}
}

// resubmit sends a case back to its handler, who adds a line, and takes it to the stage again.
func (s *site) resubmit(t *testing.T, id, body string, to proposal.Stage) {
	t.Helper()
	act := func(a proposal.Action) {
		t.Helper()
		if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
			t.Fatalf("%s: %v", a.Kind, err)
		}
	}
	act(s.bureau.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.Drafting, Reason: "数字请核。"}))
	d := fixture.Draft(2)
	d.Body = body
	saved, err := s.Store.SaveDraft(t.Context(), id, s.bureau.ID(proposal.Handler), uuid.NewString(), 1, d)
	if err != nil {
		t.Fatal(err)
	}
	act(s.bureau.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
	for {
		state, err := s.Store.State(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if state.Stage == to {
			return
		}
		act(s.bureau.Next(t, s.Store, id))
	}
}

func changedSince(t *testing.T, s *site) {
	id := s.replyAt(t, "1601", proposal.OfficeReview)
	b := s.as(t, proposal.OfficeReviewer)
	b.get("/cases/"+id).says(t, http.StatusOK, "你第一次看这件，是第1稿。", "274项", "没有出处", "看版面", "通过，送公开审查", "退回…")
	if alone := b.get("/cases/" + id + "/compare"); !strings.Contains(alone.text(), "只有第1稿，还没有别的稿可比") || strings.Contains(alone.body, "274项") {
		t.Errorf("a single version is compared:\n%s", alone.text())
	}
	s.resubmit(t, id, strings.Replace(draftText, "274项", "275项", 1), proposal.OfficeReview)
	p := b.get("/cases/" + id)
	p.says(t, http.StatusOK, "看过第1稿，之后改了1处", "删去1处，插入1处", "一（一）", "甲handler改")
	if same := b.get("/cases/" + id + "/compare?a=1&b=1"); strings.Contains(same.body, "274项") {
		t.Error("a version beside itself is shown twice")
	}
	if !strings.Contains(p.body, "<del><span class=\"visually-hidden\">删去：</span>4</del><ins><span class=\"visually-hidden\">插入：</span>5</ins>项") {
		t.Errorf("the change is not marked:\n%s", p.text())
	}
	c := b.get("/cases/" + id + "/compare?a=2&b=1")
	c.says(t, http.StatusOK, "比较各稿", "第1稿", "第2稿", "删去1处，插入1处")
	b.get("/cases/"+id+"/compare?a=1&b=1").says(t, http.StatusOK, "一字不差")
	b.get("/cases/"+id+"/compare?a=1&b=99").says(t, http.StatusNotFound)
	b.get("/language?to=en")
	b.get("/cases/"+id).says(t, http.StatusOK, "You saw version 1", "Compare versions")
	b.get("/cases/"+id+"/compare").says(t, http.StatusOK, "Deleted at 1, inserted at 1")
	b.get("/language?to=zh")
}

// formTo reads the form that is sent to an address ending so.
func (a answer) formTo(t *testing.T, ends string) (path string, values url.Values) {
	t.Helper()
	values = url.Values{}
	walk(a.doc, func(n *html.Node) {
		if n.Data == "form" && path == "" && strings.HasSuffix(attr(n, "action"), ends) {
			path = attr(n, "action")
			walk(n, func(field *html.Node) { collectField(field, values) })
		}
	})
	if path == "" {
		t.Fatalf("no form to %s on %s:\n%s", ends, a.path, a.text())
	}
	return path, values
}

func commentsRoom(t *testing.T, s *site) {
	id := s.replyAt(t, "1602", proposal.OfficeReview)
	b := s.as(t, proposal.OfficeReviewer)
	path, form := b.get("/cases/"+id).formTo(t, "/comments")
	b.post(path, with(clone(form), url.Values{"text": {" "}, "paragraph": {"2"}})).says(t, http.StatusUnprocessableEntity, "加批注", "这里要填")
	form = with(form, url.Values{"text": {"请注明出处。"}, "paragraph": {"2"}, "from": {"11"}, "quote": {"274项"}})
	for range 2 {
		b.post(path, form).says(t, http.StatusOK, "批注 还有1条没了结", "请注明出处。", "274项", "甲office_reviewer的批注")
	}
	// The handler answers in the same place, and settles with words.
	s.resubmit(t, id, strings.Replace(draftText, "台账由274项减至22项", "台账大幅减少", 1), proposal.OfficeReview)
	p := b.get("/cases/" + id)
	p.says(t, http.StatusOK, "原文已改", "第1稿")
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	answerPath := "/comments/" + c.Comments[0].ID
	h := s.as(t, proposal.Handler)
	draft := s.replyAt(t, "1609", proposal.OfficeReview)
	if err := s.Store.SaveComment(t.Context(), s.bureau.ID(proposal.OfficeReviewer), draft, uuid.NewString(), store.Comment{Version: 1, Text: "请核。"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cases.Act(t.Context(), draft, s.bureau.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.Drafting, Reason: "再改"})); err != nil {
		t.Fatal(err)
	}
	h.get("/cases/"+draft).says(t, http.StatusOK, "还有1条批注没了结。", "3个数字没有出处。", "请核。")
	path, form = h.get("/cases/"+id).formTo(t, answerPath)
	h.post(path, with(clone(form), url.Values{"text": {"已改写。"}})).says(t, http.StatusOK, "已改写。", "还有1条没了结")
	d := s.as(t, proposal.DivisionHead)
	path, form = d.get("/cases/"+id).formTo(t, answerPath)
	d.post(path, with(form, url.Values{"text": {"好。"}, "settle": {"1"}})).says(t, http.StatusForbidden)
	path, form = b.get("/cases/"+id).formTo(t, answerPath)
	b.post(path, with(clone(form), url.Values{"text": {""}, "settle": {"1"}})).says(t, http.StatusUnprocessableEntity, "这里要填")
	b.post(path, with(clone(form), url.Values{"text": {"可以了。"}, "settle": {"1"}})).says(t, http.StatusOK, "没有要了结的批注", "已了结1条", "可以了。")
	b.post(path, with(form, url.Values{"action_id": {uuid.NewString()}, "text": {"再说一句。"}})).says(t, http.StatusConflict, "没有再记", "再说一句。")
}

func figuresRoom(t *testing.T, s *site) {
	id := s.replyAt(t, "1603", proposal.OfficeReview)
	b := s.as(t, proposal.OfficeReviewer)
	path, form := b.get("/cases/"+id).formTo(t, "/figures")
	b.post(path, with(clone(form), url.Values{"words": {"274项减至22项"}, "source": {""}, "url": {"x"}})).
		says(t, http.StatusUnprocessableEntity, "这里要填", `value="274项减至22项"`)
	b.post(path, with(form, url.Values{"words": {"274项减至22项"}, "source": {"清单通知"}})).says(t, http.StatusOK, "数字出处 1个待补", "清单通知", "5450元/月")
}

func passWithEdits(t *testing.T, s *site) {
	id := s.replyAt(t, "1604", proposal.OfficeReview)
	b := s.as(t, proposal.OfficeReviewer)
	b.get("/cases/"+id).says(t, http.StatusOK, "改几个字再通过…")
	path, form := b.get("/cases/" + id + "/edit").form(t)
	if form.Get("body") != draftText {
		t.Fatalf("the form opens with %q", form.Get("body"))
	}
	form.Set("body", strings.Replace(draftText, "收悉，现答复", "收悉，现作如下答复", 1))
	b.post("/cases/"+id+"/edit", form).says(t, http.StatusOK, "我改的", "插入1处", "现作如下答复")
	empty := with(clone(form), url.Values{"body": {""}, "action_id": {uuid.NewString()}})
	b.post(path, empty).says(t, http.StatusUnprocessableEntity, "必须改", "照改后的通过")
	for range 2 { // pressed twice
		b.post(path, form).says(t, http.StatusOK, "记下了")
	}
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c.State.Stage != proposal.OpennessReview || c.State.Draft != 2 || c.Draft.Draft.Body != form.Get("body") || c.State.DraftSHA256 != c.Draft.SHA256 ||
		c.State.Drafter != s.bureau.ID(proposal.Handler) || len(c.Drafts) != 2 {
		t.Errorf("%s, version %d: %q", c.State.Stage, c.State.Draft, c.Draft.Draft.Body)
	}
	if a := c.Draft.Draft.Answers; len(a) != 2 || len(a[0].Sections) != 1 || a[0].Sections[0] != 1 {
		t.Errorf("what answers which point was lost: %+v", a)
	}
	s.as(t, proposal.Handler).get("/cases/"+id+"/edit").says(t, http.StatusForbidden)
	if report, err := s.Store.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

func signersEdits(t *testing.T, s *site) {
	id := s.replyAt(t, "1605", proposal.SignOff)
	b := s.as(t, proposal.LeaderInCharge)
	p := b.get("/cases/" + id)
	p.says(t, http.StatusOK, "签发第1稿")
	if strings.Contains(p.body, "改几个字再签") {
		t.Error("the only signer is offered what the rules refuse")
	}
	b.get("/cases/"+id+"/edit").says(t, http.StatusConflict, "这样做，后面就没有人能办了") // who edits does not sign
	second := proposal.Role("second_leader")
	if _, err := s.Store.UpsertPerson(t.Context(), store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.LeaderInCharge}, Division: fixture.Office, Field: []proposal.DivisionID{fixture.Leading}},
		Login:  string(second), Name: store.Name{ZH: "乙leader"}, Active: true,
	}, fixture.Password); err != nil {
		t.Fatal(err)
	}
	b.get("/cases/"+id).says(t, http.StatusOK, "改几个字再签…")
	path, form := b.get("/cases/" + id + "/edit").form(t)
	form.Set("body", strings.Replace(draftText, "感谢您对社区工作的关心", "感谢您关心社区工作", 1))
	b.post(path, form).says(t, http.StatusOK, "记下了")
	state, err := s.Store.State(t.Context(), id)
	if err != nil || state.Stage != proposal.OpennessReview || state.Draft != 2 {
		t.Fatalf("%v: %s, version %d", err, state.Stage, state.Draft)
	}
	s.press(t, "/cases/"+id, step{proposal.OpennessReviewer, "", nil, ""})
	if p := b.get("/cases/" + id); strings.Contains(p.body, "签发第2稿") {
		t.Error("who edited the reply is offered to sign it")
	}
	s.as(t, second).get("/cases/"+id).says(t, http.StatusOK, "签发第2稿")
	s.press(t, "/cases/"+id, step{second, "", nil, ""}).says(t, http.StatusOK, "记下了")
}

func previewRoom(t *testing.T, s *site) {
	id := s.replyAt(t, "1606", proposal.Dispatching)
	b := s.as(t, proposal.Liaison)
	p := b.get("/cases/" + id + "/preview")
	p.says(t, http.StatusOK, "沈民函〔", "倪琛善代表：", "沈阳市民政局", "抄送：", "办理结果：", "23468813", "王桂兰代表：", "全部2封")
	// One letter for each who handed it in, each with its own addressee.
	second := b.get("/cases/" + id + "/preview?to=2")
	if second.says(t, http.StatusOK, "王桂兰代表："); len(second.elements("main", "section"))*2 != len(p.elements("main", "section")) {
		t.Errorf("%d pages for the second addressee, %d for both", len(second.elements("main", "section")), len(p.elements("main", "section")))
	}
	s.replyAt(t, "1607", proposal.Drafting)
	b.get("/cases/"+workflows.CaseID(fixture.Registration("1607", calendar.Date{}).RegisterKey)+"/preview").says(t, http.StatusOK, "还没有存过稿") // nothing is written
}

// A table is one for whoever reviews, signs and prints, and words in a cell are commented on.
func tableRoom(t *testing.T, s *site) {
	id := s.carry(t, fixture.Registration("1671", calendar.DateOf(time.Now()).AddDays(-20)), proposal.OfficeReview, replyText)
	b := s.as(t, proposal.OfficeReviewer)
	p := b.get("/cases/" + id)
	if got := p.elements("reply-text", "td"); !slices.Equal(got, []string{"|社区准入目录", "|1,023.8|", "|证明|函", "|一\n二|"}) { // the bars are not seen
		t.Errorf("cells in the review: %q", got)
	}
	path, form := p.formTo(t, "/comments")
	b.post(path, with(form, url.Values{"text": {"请核。"}, "paragraph": {"8"}, "from": {"8"}, "quote": {"1,023.8"}})).says(t, http.StatusOK, "请核。")
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Comments) != 1 || c.Comments[0].Quote != "1,023.8" {
		t.Errorf("the comment on a cell: %+v, %v", c.Comments, err)
	}
	preview := b.get("/cases/" + id + "/preview?to=1")
	if got := preview.elements("main", "td"); !slices.Equal(got, []string{"社区准入目录", "1,023.8", "证明|函", "一二"}) {
		t.Errorf("cells on paper: %q", got)
	}
	if got := preview.elements("main", "th"); !slices.Equal(got, []string{"事项", "数量"}) {
		t.Errorf("the head on paper: %q", got)
	}
}

// An opinion for the unit that leads is written without what that unit's reply says: result, promises, openness, which paragraph answers what.
func opinionRoom(t *testing.T, s *site) {
	r := fixture.Registration("1672", calendar.DateOf(time.Now()).AddDays(-20))
	r.HandlingType, r.LeadUnit = proposal.CoHandling, "省民政厅"
	id := s.carry(t, r, proposal.Drafting, draftText)
	b := s.as(t, proposal.Handler)
	p := b.get("/cases/" + id)
	p.says(t, http.StatusOK, "省民政厅：", "的会办意见", "联系方式")
	for _, field := range []string{"class", "openness", "promise.0", "status.1", "link"} {
		if strings.Contains(p.body, `name="`+field+`"`) {
			t.Errorf("the editor of an opinion asks for %s", field)
		}
	}
	path, form := p.formTo(t, "/act/submit")
	b.post(path, with(form, url.Values{"body": {"贵单位主办的建议，经研究，提出会办意见如下：\n同意。"}, "contact_name": {"金可"}, "contact_phone": {"23468813"}}))
	if state, err := s.Store.State(t.Context(), id); err != nil || state.Stage == proposal.Drafting {
		t.Errorf("it is %s: %v", state.Stage, err)
	}
}

// What the preview shows is fetched as .docx: all letters in one zip, or the one to an addressee.
func letterFiles(t *testing.T, s *site) {
	id := s.replyAt(t, "1608", proposal.Dispatching)
	b := s.as(t, proposal.Liaison)
	files := b.get("/cases/" + id + "/preview").links("/cases/" + id + "/reply.docx")
	if len(files) != 1 {
		t.Fatalf("%d links to the letters", len(files))
	}
	all := b.get(files[0])
	letters := unzip(t, []byte(all.body))
	if name := sentName(t, all); len(letters) != 2 || !strings.HasPrefix(name, "沈民函〔") || !strings.HasSuffix(name, "的答复.zip") {
		t.Errorf("%d letters in %s", len(letters), name)
	}
	one := b.get("/cases/" + id + "/reply.docx?to=2")
	if name := sentName(t, one); !strings.HasSuffix(name, "的答复.docx") {
		t.Errorf("a letter is called %s", name)
	}
	if text := unzip(t, []byte(one.body))["word/document.xml"]; !strings.Contains(text, "王桂兰代表：") || strings.Contains(text, "倪琛善代表：<") {
		t.Errorf("the second letter:\n%s", text)
	}
	for name, letter := range letters {
		if to := unzip(t, []byte(letter))["word/document.xml"]; strings.HasPrefix(name, "1 倪琛善代表 沈民函〔") != strings.Contains(to, ">倪琛善代表：<") {
			t.Errorf("%s:\n%s", name, to)
		}
	}
	if links := b.get("/cases/" + id).links("/cases/" + id + "/reply.docx"); len(links) != 1 {
		t.Errorf("%d links to the letters on the case", len(links))
	}
	if preview := "/cases/" + id + "/preview"; !pressed && gongwen.FindPrinter() == nil {
		p, file := b.get(preview), "/cases/"+id+"/reply.pdf"
		p.says(t, http.StatusOK, "没有装了LibreOffice的服务器", "打印公文")
		if links := p.links(file); len(links) > 0 || b.get(file).status != http.StatusNotFound {
			t.Error("PDF is offered without LibreOffice")
		}
	}
}

func unzip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[file.Name] = string(content)
	}
	return files
}

// sentName is what a file that was sent is to be called.
func sentName(t *testing.T, a answer) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(a.header.Get("Content-Disposition"))
	if err != nil {
		t.Fatalf("%d: %v", a.status, err)
	}
	return params["filename"]
}

// notSignedYet says before the press that somebody's agreement is awaited.
func notSignedYet(t *testing.T, s *site) {
	id := s.replyAt(t, "1610", proposal.SignOff)
	b := s.as(t, proposal.LeaderInCharge)
	if p := b.get("/cases/" + id); strings.Contains(p.text(), "现在还签不了") {
		t.Error("nobody is waited for")
	}
	add := s.bureau.Action(proposal.AddReviewer, proposal.LeaderInCharge, &proposal.AddedReviewer{Person: s.bureau.ID(proposal.LegalReviewer), Reason: "请再核。"})
	if _, err := s.Cases.Act(t.Context(), id, add); err != nil {
		t.Fatal(err)
	}
	b.get("/cases/"+id).says(t, http.StatusOK, "现在还签不了：会签或加签还没完。还在等：")
}

func signingMany(t *testing.T, s *site) {
	one, two, three := s.replyAt(t, "1611", proposal.SignOff), s.replyAt(t, "1612", proposal.SignOff), s.replyAt(t, "1613", proposal.SignOff)
	b := s.as(t, proposal.LeaderInCharge)
	key := func(id string) string { return id + ".sign." }
	path, form := b.get("/signing").form(t)

	b.post(path, clone(form)).says(t, http.StatusUnprocessableEntity, "还没勾选")
	p := b.post(path, with(clone(form), url.Values{"tick": {key(one)}}))
	p.says(t, http.StatusUnprocessableEntity, "第1611号还没看完，什么都没签", "/cases/"+one)
	b.get("/cases/"+one).says(t, http.StatusOK, "返回待审签", "看完全文")
	for list, back := range map[string]string{"/cases": "返回案件", "/?box=active": "返回在办", "/signing": "返回待审签"} {
		b.get(list)
		b.get("/cases/"+one).says(t, http.StatusOK, back)
	}
	p = b.post(path, with(clone(form), url.Values{"tick": {key(one)}}))
	p.says(t, http.StatusUnprocessableEntity, "第1611号还没看完，什么都没签") // opened is not read
	to, unread := b.get("/cases/" + one).form(t)
	unread.Del("sha256")
	b.post(to, unread).says(t, http.StatusUnprocessableEntity, "先看到答复的末尾，勾上看完了。")
	p = b.get("/cases/" + one)
	for _, next := range []string{two, three, ""} {
		to, form := p.formTo(t, "/read")
		if p = b.post(to, form); next != "" && !strings.HasPrefix(p.path, "/cases/"+next) || next == "" && p.path != "/signing" {
			t.Errorf("after a reply comes %s, want %s", p.path, next)
		}
	}
	path, form = b.get("/signing").form(t)
	// Somebody signs the third in another window before the press.
	s.press(t, "/cases/"+three, step{proposal.LeaderInCharge, "", nil, ""}).says(t, http.StatusOK, "记下了")
	ticked := with(form, url.Values{"tick": {key(one), key(two), key(three)}})
	p = b.post(path, ticked)
	p.says(t, http.StatusOK, "办了2件", "已签发第1稿")
	b.post(path, ticked).says(t, http.StatusOK, "办了2件") // pressed twice
	for _, id := range []string{one, two, three} {
		c, err := s.Store.Case(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		signed := 0
		for _, e := range c.Events {
			if e.Kind == string(proposal.Sign) {
				signed++
			}
		}
		if signed != 1 || c.State.Stage != proposal.Numbering {
			t.Errorf("%s: signed %d times, in %s", id, signed, c.State.Stage)
		}
	}
}

// Between the look and the press the text changed: it is not signed, and the row says so.
func signingChanged(t *testing.T, s *site) {
	id := s.replyAt(t, "1621", proposal.SignOff)
	b := s.as(t, proposal.LeaderInCharge)
	b.get("/cases/" + id)
	path, form := b.get("/signing").form(t)
	if _, err := s.Cases.Act(t.Context(), id, s.bureau.Action(proposal.SendBack, proposal.LeaderInCharge, &proposal.SendingBack{To: proposal.OfficeReview, Reason: "再看"})); err != nil {
		t.Fatal(err)
	}
	s.resubmit(t, id, draftText+"\n另附清单。", proposal.SignOff)
	p := b.post(path, with(form, url.Values{"tick": {id + ".sign."}}))
	p.says(t, http.StatusOK, "你看过以后正文改了，没有签。现在是第2稿")
	if state, err := s.Store.State(t.Context(), id); err != nil || state.Stage != proposal.SignOff {
		t.Errorf("%v, %s", err, state.Stage)
	}
	b.get("/language?to=en")
	b.get("/signing").says(t, http.StatusOK, "version 2 not read yet", "Sign and pass the ticked ones")
	b.get("/language?to=zh")
}

func paragraphsRoom(t *testing.T, s *site) {
	h := s.as(t, proposal.Handler)
	path, form := h.get("/paragraphs").form(t)
	until := calendar.DateOf(time.Now()).AddDays(20).String()
	fill := url.Values{"topic": {"社区减负"}, "title": {"准入清单"}, "text": {"我市建立社区工作准入制度。"}, "source": {"清单通知"}, "division": {"jiceng"}, "valid_until": {until}}
	h.post(path, with(clone(form), url.Values{"topic": {"社区减负"}, "text": {"写了一半"}, "valid_until": {"2020-01-01"}})).
		says(t, http.StatusUnprocessableEntity, "写了一半", "这里要填")
	h.post(path, with(form, fill)).says(t, http.StatusOK, "“准入清单”存好了", "有效到", "第1版")
	h.get("/paragraphs?q=准入").says(t, http.StatusOK, "准入清单")
	h.get("/paragraphs?q=没有这个").says(t, http.StatusOK, "没有这样的段落")

	id := s.replyAt(t, "1631", proposal.Drafting)
	list, err := s.Store.Paragraphs(t.Context(), store.ParagraphFilter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	use := "/cases/" + id + "/paragraphs/" + list[0].ID
	h.post(use, url.Values{}).says(t, http.StatusOK, "已记下用了“准入清单”", "我市建立社区工作准入制度。", "这件用过的")

	edit := "/paragraphs/" + list[0].ID
	path, form = h.get(edit).form(t)
	h.post(path, with(clone(form), url.Values{"text": {"我市建立社区工作准入制度，每年核定。"}})).says(t, http.StatusOK, "存好了", "第2版", "用在1件")
	h.post(path, with(form, url.Values{"action_id": {uuid.NewString()}, "text": {"我的另一种写法"}})).says(t, http.StatusConflict, "已经改过这段", "我的另一种写法")
	h.post(use, url.Values{}).says(t, http.StatusUnprocessableEntity, "没有插入“准入清单”", "已有第2版")
	now, err := s.Store.Paragraphs(t.Context(), store.ParagraphFilter{})
	if err != nil {
		t.Fatal(err)
	}
	retire, form := h.get("/paragraphs/"+now[0].ID).formTo(t, "/retire")
	h.post(retire, url.Values{"reason": {""}}).says(t, http.StatusUnprocessableEntity, "这里要填")
	h.post(retire, with(form, url.Values{"reason": {"政策已变"}})).says(t, http.StatusOK, "停用了")
	h.get("/paragraphs?retired=1").says(t, http.StatusOK, "政策已变")
	s.as(t, proposal.Supervisor).get("/paragraphs").says(t, http.StatusForbidden)
	if other := s.as(t, fixture.OtherHandler); other.get(edit).status != http.StatusNotFound {
		t.Error("another division opens the paragraph")
	}
}

// Who may not know the deputy does not learn the name from an older version, a comparison, the pages or a comment.
func reviewSecrecy(t *testing.T, s *site) {
	id := s.carry(t, fixture.Registration("1641", calendar.DateOf(time.Now()).AddDays(-20)), proposal.OfficeReview,
		strings.Replace(draftText, "您提出的", "倪琛善代表：您提出的", 1))
	s.resubmit(t, id, strings.Replace(draftText, "您提出的", "倪琛善代表，您提出的", 1), proposal.OfficeReview)
	b := s.as(t, proposal.OfficeReviewer)
	path, form := b.get("/cases/"+id).formTo(t, "/comments")
	b.post(path, with(form, url.Values{"text": {"倪琛善代表要的是数字。"}})).says(t, http.StatusOK)
	if _, err := s.Cases.Act(t.Context(), id, s.bureau.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "代表要求"})); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"", "?draft=1", "/compare?a=1&b=2", "/preview", "/preview?version=1", "/edit"} {
		if p := b.get("/cases/" + id + page); strings.Contains(p.body, "倪琛善") {
			t.Errorf("%s names the deputy", page)
		}
	}
	if letter := unzip(t, []byte(b.get("/cases/"+id+"/reply.docx").body))["word/document.xml"]; letter == "" || strings.Contains(letter, "倪琛善") {
		t.Errorf("the letter names the deputy:\n%s", letter)
	}
	list := b.get("/cases?q=1641")
	if list.says(t, http.StatusOK, "第1641号"); strings.Contains(list.body, "倪琛善") {
		t.Error("the list names the deputy")
	}
}

func reviewStrangers(t *testing.T, s *site) {
	id := s.replyAt(t, "1651", proposal.OfficeReview)
	for _, page := range []string{"/compare", "/preview", "/reply.docx", "/reply.pdf", "/edit", "/paragraphs"} {
		for _, role := range []proposal.Role{fixture.OtherHandler, proposal.Publisher, proposal.Admin} {
			if p := s.as(t, role).get("/cases/" + id + page); p.status != http.StatusNotFound {
				t.Errorf("%s as %s: %d", page, role, p.status)
			}
		}
	}
	for _, form := range []string{"/comments", "/comments/" + uuid.NewString(), "/figures", "/edit", "/paragraphs/" + uuid.NewString()} {
		p := s.as(t, fixture.OtherHandler).post("/cases/"+id+form, url.Values{"text": {"x"}, "action_id": {uuid.NewString()}})
		if p.status != http.StatusNotFound {
			t.Errorf("POST %s: %d", form, p.status)
		}
		s.browser(t).post("/cases/"+id+form, url.Values{"text": {"写了一半"}}).says(t, http.StatusUnauthorized, "写了一半")
	}
}
