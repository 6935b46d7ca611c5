package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// replyText has every kind of paragraph: plain, headings of each rank, one that goes on and one that stands alone, a table, enclosures.
const replyText = `您提出的关于缓解社工压力提高社工待遇的建议收悉，现答复如下：
一、扎实推进社区减负增效
（一）落实社区准入制度。台账由274项减至22项，盖章证明由81项减至22项。
（二）创新服务模式
1.选取4个社区作为首批试点。
二、保障社区工作者薪酬待遇
人均薪酬待遇达到5450元/月。
|事项|数量|
|社区准入目录|1,023.8|
|证明\|函|一↵二|
感谢您对我市社区建设工作的重视和关心。
附件：1. 清单
2. 名单`

// carry registers a proposal and takes it to a stage by the engine. The reply's text is body.
func (s *site) carry(t *testing.T, r *proposal.Registration, to proposal.Stage, body string) (caseID string) {
	t.Helper()
	id := workflows.CaseID(r.RegisterKey)
	act := func(a proposal.Action) {
		t.Helper()
		if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
			t.Fatalf("%s: %v", a.Kind, err)
		}
	}
	act(s.bureau.Register(r))
	for {
		state, err := s.Store.State(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if state.Stage == to {
			return id
		}
		if state.Stage != proposal.Drafting {
			act(s.bureau.Next(t, s.Store, id))
			continue
		}
		d := fixture.Draft(2)
		d.Body = body
		saved, err := s.Store.SaveDraft(t.Context(), id, s.bureau.ID(proposal.Handler), uuid.NewString(), 0, d)
		if err != nil {
			t.Fatal(err)
		}
		act(s.bureau.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
	}
}

// elements are the texts of the elements with the name, inside the element with the id.
func (a answer) elements(id, name string) []string {
	var texts []string
	walk(a.doc, func(root *html.Node) {
		if attr(root, "id") == id {
			walk(root, func(n *html.Node) {
				if n.Data == name {
					texts = append(texts, bare(n))
				}
			})
		}
	})
	return texts
}

// bare is the text of an element with nothing put between its parts.
func bare(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(bare(c))
	}
	return b.String()
}

func TestPublicReplyIsWhatWasSigned(t *testing.T) {
	s := newSite(t)
	b := s.browser(t)
	b.get("/public/").says(t, http.StatusOK, "还没有公开的答复")
	r := fixture.Registration("0701", calendar.DateOf(time.Now()).AddDays(-3))
	id := s.carry(t, r, proposal.Answered, replyText)
	b.get("/public/"+id).says(t, http.StatusNotFound, "没有公开")
	if _, err := s.Cases.Act(t.Context(), id, s.bureau.Next(t, s.Store, id)); err != nil {
		t.Fatal(err)
	}

	p := b.get("/public/" + id)
	today := calendar.DateOf(time.Now())
	p.says(t, http.StatusOK, "倪琛善、王桂兰代表：", "联系人：", "张琼", "联系电话：", "23468813", "沈阳市民政局", "基层政权和社区建设处",
		`<time datetime="`+today.String()+`">`, "第0701号")
	if got, want := p.elements("main", "h1"), rulepack.BuiltIn()["shenyang-1"].ReplyTitle(r.RegisterKey, r.HandlingType, r.Title); len(got) != 1 || got[0] != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if got := p.elements("reply-text", "h2"); len(got) != 2 || got[0] != "一、扎实推进社区减负增效" || got[1] != "二、保障社区工作者薪酬待遇" {
		t.Errorf("headings %q", got)
	}
	if got := p.elements("reply-text", "h3"); len(got) != 2 || got[0] != "（一）落实社区准入制度。" || got[1] != "（二）创新服务模式" {
		t.Errorf("sub-headings %q", got)
	}
	if got := p.elements("reply-text", "th"); !slices.Equal(got, []string{"事项", "数量"}) {
		t.Errorf("the head of the table %q", got)
	}
	if got := p.elements("reply-text", "td"); !slices.Equal(got, []string{"社区准入目录", "1,023.8", "证明|函", "一\n二"}) {
		t.Errorf("cells %q", got)
	}
	if n := strings.Count(p.body, `<p class="enclosure">`); n != 2 {
		t.Errorf("%d enclosures", n)
	}
	// Word for word: the reply's text without its blanks is the signed body's, in its place.
	var reply string
	walk(p.doc, func(n *html.Node) {
		if attr(n, "id") == "reply-text" {
			reply = strings.Join(strings.Fields(bare(n)), "")
		}
	})
	want := "倪琛善、王桂兰代表：" + strings.NewReplacer("\n", "", `\|`, "|", "|", "", "↵", "", " ", "").Replace(replyText) + "承办处室：基层政权和社区建设处联系人：张琼联系电话：23468813沈阳市民政局"
	if !strings.HasPrefix(reply, want) {
		t.Errorf("the reply reads\n%s\nsigned was\n%s", reply, want)
	}
	if len(p.header["Set-Cookie"]) > 0 {
		t.Errorf("a public page sets a cookie: %v", p.header["Set-Cookie"])
	}
}

func TestPublicListFindsAndReadsOn(t *testing.T) {
	s := newSite(t)
	b := s.browser(t)
	for _, number := range []string{"0711", "0712", "0713"} {
		r := fixture.Registration(number, calendar.DateOf(time.Now()).AddDays(-3))
		if number == "0713" {
			r.Body, r.Title, r.LeadDeputy, r.CoSigners = assembly.CPPCC, "关于方便台胞办理婚姻登记的提案", "台盟沈阳市委", nil
		}
		s.carry(t, r, proposal.Closed, plainReply)
	}
	year := calendar.DateOf(time.Now()).Year
	p := b.get("/public/")
	p.says(t, http.StatusOK, "公开3件", "关于缓解社工压力提高社工待遇的建议的答复", "关于方便台胞办理婚姻登记的提案的答复", "倪琛善等2人提出")
	if strings.Contains(p.body, "（第0711号）") {
		t.Error("the list says the number twice")
	}
	b.get("/public/?q="+url.QueryEscape("台胞")).says(t, http.StatusOK, "第0713号", "全部年份")
	b.get("/public/?q=0712").says(t, http.StatusOK, "第0712号")
	b.get("/public/?q=%25").says(t, http.StatusOK, "没有查到")
	b.get("/public/?year=1999").says(t, http.StatusOK, "还没有公开")
	for _, bad := range []string{"?year=x", "?after=x", "?year=99999", "nothing", uuid.NewString()} {
		p := b.get("/public/" + bad)
		if p.status != http.StatusNotFound && p.status != http.StatusUnprocessableEntity {
			t.Errorf("/public/%s: %d", bad, p.status)
		}
		p.says(t, p.status, "没有这一页", "看答复目录")
	}
	if year < 2020 {
		t.Fatal("the clock of this machine is wrong")
	}
}

func TestPublicPagesKeepChoicesAndTags(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0721", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Closed, plainReply)
	b := s.browser(t)
	first := b.get("/public/" + id)
	tag := first.header.Get("ETag")
	again, err := http.NewRequest(http.MethodGet, s.url+"/public/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", tag)
	if p := b.do(again); tag == "" || p.status != http.StatusNotModified || p.body != "" {
		t.Errorf("tag %q: %d with %d bytes", tag, p.status, len(p.body))
	}
	p := b.get("/display?text=larger&back=/public/" + id)
	if p.path != "/public/"+id || !strings.Contains(p.body, `data-text="larger"`) {
		t.Errorf("larger text ends at %s", p.path)
	}
	if p.header.Get("ETag") == tag {
		t.Error("another size has the same tag")
	}
	p = b.get("/language?to=en&back=/public/" + id)
	p.says(t, http.StatusOK, "Submitted by", "联系人：") // the reply stays as it was signed
	if strings.Contains(p.body, "发文字号") {
		t.Error("the English page has Chinese labels")
	}
}

// plainReply says nothing that the register could contradict: it fits proposals of either body.
const plainReply = "您的来件收悉，现答复如下：\n一、减轻负担\n清理台账。\n二、提高待遇\n落实薪酬。"
