package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// drafting carries a case to where its reply is written.
func (s *site) drafting(t *testing.T, number string) (path string) {
	t.Helper()
	path = s.register(t, number)
	for _, st := range mainLine(string(s.bureau.ID(proposal.Handler))) {
		if state, err := s.Store.State(t.Context(), strings.TrimPrefix(path, "/cases/")); err != nil || state.Stage == proposal.Drafting {
			return path
		}
		s.press(t, path, st)
	}
	return path
}

func TestDraftIsKeptAndChecked(t *testing.T) {
	s := newSite(t)
	path := s.drafting(t, "0395")
	b := s.as(t, proposal.Handler)
	page := b.get(path)
	page.says(t, http.StatusOK, "用提纲开头", "还没有存过稿", "只有你在改", "倪琛善代表：", "编辑", "预览版面", "比较各稿")
	b.get(path+"?outline=1").says(t, http.StatusOK, "您提出的关于缓解社工压力提高社工待遇的建议收悉。建议提出：", "经认真研究，现答复如下：", "一、落实基层减负")
	for _, room := range []string{"/preview", "/compare"} {
		b.get(path+room).says(t, http.StatusOK, "还没有存过稿")
	}

	_, form := page.form(t)
	form = with(form, url.Values{
		"body": {"\u3000\u3000您提出的建议收悉，现答复如下：\r\n\u3000\u3000根据沈民发[2018]65号文件，全年服务23.8人次。"},
		"tab":  {"t1"}, "seq": {"1"}, "links_in": {"body"}, "link": {"1.1"}, "status.1": {"solved"},
	})
	kept := b.post(path+"/draft/check", form)
	kept.says(t, http.StatusOK, "第1稿", "已存", "1段", "改成“〔2018〕65号”", "把人数写成了小数", "没选结果类别")
	found := regexp.MustCompile(`data-from="(\d+)" data-to="(\d+)"`)
	for _, indent := range []string{"\u3000\u3000", ""} { // whatever of it is indented, a browser counts in the text as it was typed
		typed := indent + "您提出的建议收悉，现答复如下：\r\n\u3000\u3000根据沈民发[2018]65号文件，全年服务23.8人次。"
		at := found.FindStringSubmatch(b.post(path+"/draft/check", with(clone(form), url.Values{"body": {typed}})).body)
		if at == nil {
			t.Fatal("the finding has no place")
		}
		from, _ := strconv.Atoi(at[1])
		to, _ := strconv.Atoi(at[2])
		if words := string([]rune(strings.ReplaceAll(typed, "\r\n", "\n"))[from:to]); words != "[2018]65号" {
			t.Errorf("the finding stands beside %q", words)
		}
	}
	if n := strings.Count(kept.body, "data-kept"); n != 1 {
		t.Errorf("kept %d times", n)
	}
	// The page opens with the words, in another browser too, and no version was made of them.
	again := b.get(path)
	again.says(t, http.StatusOK, "全年服务23.8人次", "第1稿")
	if strings.Contains(again.text(), "各稿1") {
		t.Error("an autosave is a version")
	}

	// Another window that has not seen them writes over nothing, and shows both.
	other := with(clone(form), url.Values{"tab": {"t2"}, "rev": {"0"}, "body": {"另一个窗口写的。"}})
	behind := b.post(path+"/draft/check", other)
	behind.says(t, http.StatusOK, "你在另一个窗口也写过", "用我写的，接着写", "用第1稿，接着写")
	if strings.Contains(behind.body, "data-kept") {
		t.Error("words were written over")
	}
	_, fresh := again.form(t)
	taken := b.post(path+"/draft/take", with(clone(other), url.Values{"take": {"1"}, "action_id": fresh["action_id"]}))
	taken.says(t, http.StatusOK, "全年服务23.8人次", "你写的字在第2稿")

	// Without scripts: the whole form, saved as a version.
	_, plain := b.get(path).form(t)
	saved := b.post(path+"/draft", with(plain, url.Values{"body": {"您提出的建议收悉。\n一、减负\n已经办好。"}}))
	saved.says(t, http.StatusOK, "第4稿已存")

	// Too much, and not theirs to write.
	long := with(clone(form), url.Values{"seq": {"9"}, "body": {strings.Repeat("长", 200_000)}})
	b.post(path+"/draft/check", long).says(t, http.StatusUnprocessableEntity, "字")
	b.post(path+"/draft/check", with(clone(form), url.Values{"body": {strings.Repeat("长", 800_000)}})).says(t, http.StatusRequestEntityTooLarge)
	others := clone(form)
	others.Del("drawn_for") // theirs would say whose it is, and be refused for that
	for _, role := range []proposal.Role{proposal.DivisionHead, proposal.Liaison, proposal.Supervisor} {
		for _, to := range []string{"/draft/check", "/draft/here", "/draft/take"} {
			if p := s.as(t, role).post(path+to, clone(others)); p.status != http.StatusForbidden {
				t.Errorf("%s as %s: %d", to, role, p.status)
			}
		}
	}
	b.post(path+"/draft/here", url.Values{}).says(t, http.StatusOK, "只有你在改")
}
