package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Eleven who handed it in are written to, each in a letter of their own, and each receipt is theirs.
func TestElevenAreWrittenTo(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0398", calendar.DateOf(time.Now()).AddDays(-20))
	r.CoSigners = strings.Fields("王桂兰 李文君 赵雪梅 钱永福 孙立新 周海燕 吴国栋 郑秀英 冯建军 陈玉珍")
	names := append([]string{r.LeadDeputy}, r.CoSigners...)
	id := s.carry(t, r, proposal.Answered, draftText)
	b, path := s.as(t, proposal.Liaison), "/cases/"+id

	letters := unzip(t, []byte(b.get(path+"/reply.docx").body))
	if len(letters) != len(names) {
		t.Fatalf("%d letters", len(letters))
	}
	for i, name := range names {
		found := 0
		for file, letter := range letters {
			text, _, err := gongwen.Text([]byte(letter))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(file, fmt.Sprintf("%d %s代表 ", i+1, name)) {
				continue
			}
			found++
			for _, other := range names {
				if strings.Contains(text, other) != (other == name) {
					t.Errorf("%s: whether it names %s", file, other)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d letters to %s", found, name)
		}
	}

	for i, name := range names {
		to, form := b.get(path + "?do=record_receipt").form(t)
		b.post(to, with(form, url.Values{"recipient": {name}, "receipt": {fmt.Sprintf("挂号%02d", i)}})).says(t, http.StatusOK)
	}
	page := b.get(path)
	for i, name := range names {
		page.says(t, http.StatusOK, name, fmt.Sprintf("挂号%02d", i))
	}
	to, form := b.get(path + "?do=record_receipt").form(t)
	if p := b.post(to, with(form, url.Values{"recipient": {"高天佑"}, "receipt": {"挂号99"}})); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a receipt of a stranger: %d", p.status)
	}
}

// Eleven who handed it in are asked each by a link of their own, on a form of their own, and each rating is theirs. What a co-signer says
// neither opens a round nor counts in a figure.
func TestElevenRate(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0399", calendar.DateOf(time.Now()).AddDays(-20))
	r.CoSigners = strings.Fields("王桂兰 李文君 赵雪梅 钱永福 孙立新 周海燕 吴国栋 郑秀英 冯建军 陈玉珍")
	names := append([]string{r.LeadDeputy}, r.CoSigners...)
	id := s.carry(t, r, proposal.Answered, draftText)
	b, path := s.as(t, proposal.Liaison), "/cases/"+id

	to, form := b.get(path).formTo(t, "/deputy-link")
	if fmt.Sprint(form["for"]) != fmt.Sprint(names) {
		t.Fatalf("links are offered to %v", form["for"])
	}
	b.post(to, url.Values{"for": {"高天佑"}}).says(t, http.StatusUnprocessableEntity)
	made := b.post(to, form)
	made.says(t, http.StatusOK, names...)
	links := deputyAddress.FindAllStringSubmatch(made.text(), -1)
	if len(links) != len(names) || strings.Count(made.body, `class="opinion-paper"`) != len(names) {
		t.Fatalf("%d links on %s", len(links), made.text())
	}
	for i, name := range names {
		if i == 0 {
			continue // the lead speaks last
		}
		deputy := s.browser(t)
		page := deputy.get(links[i][1])
		page.says(t, http.StatusOK, name+"代表：", "您是附议人")
		to, form := page.form(t)
		result := proposal.Satisfied
		if i == 1 {
			result = proposal.NotSatisfied
		}
		form = with(form, url.Values{"attitude": {"satisfied"}, "result": {string(result)}, "words": {"我是" + name}, "co_signer": {names[2]}, "reason": {"改"}})
		if i > 1 { // what a form has no field for is refused: whose the rating is, the link says
			deputy.post(to, form).says(t, http.StatusUnprocessableEntity)
		}
		form.Del("co_signer")
		form.Del("reason")
		if thanks := deputy.post(to, form); thanks.status != http.StatusOK || strings.Contains(thanks.body, "重新办理") {
			t.Errorf("%s: %d %s", name, thanks.status, thanks.text())
		}
		deputy.get(links[i][1]).says(t, http.StatusOK, "已经评价过了")
	}
	state, err := s.Store.State(t.Context(), id)
	if err != nil || state.Stage != proposal.Answered || state.Round > 1 {
		t.Errorf("a co-signer moved the case to %s, round %d, %v", state.Stage, state.Round, err)
	}
	b.get(path).says(t, http.StatusOK, "等代表评价", "附议人王桂兰", "态度满意，结果不满意", "我是陈玉珍")
	s.as(t, proposal.Assembly).get(path).says(t, http.StatusOK, "附议人王桂兰评价：态度满意，结果不满意", "我是陈玉珍")
	s.as(t, proposal.Handler).get("/notices").says(t, http.StatusOK, "一位附议人评价了：态度满意，结果不满意。")

	deputy := s.browser(t)
	to, form = deputy.get(links[0][1]).form(t)
	deputy.post(to, with(form, rating(proposal.Satisfied, proposal.Satisfied))).says(t, http.StatusOK, "谢谢您")
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Feedback) != 1 || c.Feedback[0].Result != proposal.Satisfied || len(c.CoSignerRatings) != 10 {
		t.Errorf("feedback %+v, %+v, %v", c.Feedback, c.CoSignerRatings, err)
	}
	for i, r := range c.CoSignerRatings {
		if r.CoSigner != names[i+1] || r.Words != "我是"+r.CoSigner || r.By != store.DeputyAccount {
			t.Errorf("the rating of %s: %+v", names[i+1], r)
		}
	}
	if strings.Contains(b.get(path).body, "/deputy-link") {
		t.Error("links are offered though everybody has rated")
	}

	to, form = b.get(path + "?do=rate_as_co_signer").form(t)
	form = with(form, url.Values{"co_signer": {"王桂兰"}, "source": {"deputy"}, "attitude": {"satisfied"}, "result": {"satisfied"}})
	p := b.post(to, form)
	p.says(t, http.StatusForbidden, "评价只能由代表用链接做")
	corrected := s.as(t, proposal.Assembly)
	to, form = corrected.get(path + "?do=rate_as_co_signer").form(t)
	form = with(form, url.Values{"co_signer": {"王桂兰"}, "attitude": {"satisfied"}, "result": {"basically"}})
	p = corrected.post(to, form)
	p.says(t, http.StatusUnprocessableEntity, "请写明理由。")
	to, form = p.form(t)
	corrected.post(to, with(form, url.Values{"reason": {"本人来电更正"}})).says(t, http.StatusOK, "态度满意，结果基本满意", "本人来电更正")
	if report, err := s.Store.VerifyRows(t.Context()); err != nil || len(report) > 0 {
		t.Errorf("rows that no event made: %+v, %v", report, err)
	}
}

// A co-signer whose name is corrected is asked by a new link: the old one, which bears the old name, opens no form any more and rates nothing.
func TestCorrectedCoSignerHasANewLink(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0400", calendar.DateOf(time.Now()).AddDays(-20))
	id := s.carry(t, r, proposal.Answered, draftText)
	b, path := s.as(t, proposal.Liaison), "/cases/"+id
	link := func(name string) string {
		t.Helper()
		to, form := b.get(path).formTo(t, "/deputy-link")
		form["for"] = []string{name}
		found := deputyAddress.FindStringSubmatch(b.post(to, form).text())
		if found == nil {
			t.Fatalf("no link for %s", name)
		}
		return found[1]
	}
	old := link("王桂兰")
	to, form := s.browser(t).get(old).form(t)
	amended := s.bureau.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactCoSigners, Value: "王桂芝", Reason: "名字录错", Source: "原件"})
	if _, err := s.Cases.Act(t.Context(), id, amended); err != nil {
		t.Fatal(err)
	}
	deputy := s.browser(t)
	deputy.get(old).says(t, http.StatusOK, "这一件不再征询意见")
	deputy.post(to, with(form, rating(proposal.Satisfied, proposal.Satisfied))).says(t, http.StatusConflict, "这一件不再征询意见")
	deputy = s.browser(t)
	page := deputy.get(link("王桂芝"))
	page.says(t, http.StatusOK, "王桂芝代表：")
	to, form = page.form(t)
	deputy.post(to, with(form, rating(proposal.Satisfied, proposal.Satisfied))).says(t, http.StatusOK, "谢谢您")
	if c, err := s.Store.Case(t.Context(), id); err != nil || len(c.CoSignerRatings) != 1 || c.CoSignerRatings[0].CoSigner != "王桂芝" {
		t.Errorf("%+v, %v", c.CoSignerRatings, err)
	}
}
