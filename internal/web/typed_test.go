package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
)

// keep sends what keep.js would send of a form.
func (b *browser) keep(form url.Values, name, caseID string) answer {
	b.t.Helper()
	return b.post("/typed", with(clone(form), url.Values{"keep.form": {name}, "keep.case": {caseID}, "keep.ref": {""}, "keep.age": {"1500"}}))
}

// What is typed into any form is there again, on another computer too, until it is sent or dropped; and nobody else sees it.
func TestTypedIsKept(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0601")
	id := strings.TrimPrefix(path, "/cases/")
	liaison := s.as(t, proposal.Liaison)
	to, form := liaison.get(path).form(t)
	typed := with(clone(form), url.Values{"lead": {"yanglao"}, "opinion": {"写到一半的拟办意见"}})
	liaison.keep(typed, "propose_assignment", id).says(t, http.StatusOK, "已存", `"kept": true`)
	liaison.keep(typed, "propose_assignment", id).says(t, http.StatusOK, `"kept": true`) // the page may be gone before it hears the answer, and send it again

	t.Run("restored", func(t *testing.T) {
		p := liaison.get(path)
		p.says(t, http.StatusOK, "还没送出", "不要了，重新写")
		if _, again := p.form(t); again.Get("opinion") != "写到一半的拟办意见" || again.Get("lead") != "yanglao" {
			t.Errorf("the form opens with %v", again)
		}
	})
	t.Run("nobody else's", func(t *testing.T) {
		if p := s.as(t, proposal.Supervisor).get(path); strings.Contains(p.body, "写到一半的拟办意见") {
			t.Error("the supervisor reads what the liaison is writing")
		}
	})
	t.Run("not shown on another form", func(t *testing.T) {
		p := liaison.get(path + "?do=request_return")
		p.says(t, http.StatusOK, "还没送出", "接着写")
		if _, other := p.form(t); other.Get("opinion") != "" {
			t.Error("the words went into another form")
		}
	})
	t.Run("discarded", func(t *testing.T) {
		liaison.post("/typed/drop?form=propose_assignment&case="+id, url.Values{})
		if _, again := liaison.get(path).form(t); again.Get("opinion") != "" {
			t.Errorf("dropped, and the form opens with %q", again.Get("opinion"))
		}
	})
	t.Run("gone once sent", func(t *testing.T) {
		liaison.keep(typed, "propose_assignment", id)
		liaison.post(to, typed).says(t, http.StatusOK)
		liaison.keep(with(clone(typed), url.Values{"opinion": {"迟到的字"}}), "propose_assignment", id).says(t, http.StatusOK, `"kept": false`)
		if list, err := s.Store.Typed(t.Context(), s.bureau.ID(proposal.Liaison), id); err != nil || len(list) > 0 {
			t.Errorf("still kept: %v, %v", list, err)
		}
	})
	t.Run("shown when the step is another's now", func(t *testing.T) {
		s.as(t, proposal.Liaison).keep(url.Values{"reason": {"这一步过去了的话"}}, "request_return", id)
		liaison.get(path).says(t, http.StatusOK, "还没送出", "这一步过去了的话", "轮不到你")
	})
	t.Run("a registration", func(t *testing.T) { typedRegistration(t, s) })
	t.Run("refused", func(t *testing.T) { typedRefused(t, s, id) })
}

func typedRegistration(t *testing.T, s *site) {
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	form = with(form, registrationForm("0602"))
	liaison.keep(form, "register", "").says(t, http.StatusOK, "已存")
	if _, again := liaison.get("/cases/new").form(t); again.Get("number") != "0602" || again.Get("text") != form.Get("text") {
		t.Errorf("the registration opens with %v", again)
	}
	liaison.post(path, form).says(t, http.StatusOK)
	if _, again := liaison.get("/cases/new").form(t); again.Get("number") != "" {
		t.Error("what was registered stands in the next registration")
	}
}

// Nothing is kept for whom, and of what, must not be.
func typedRefused(t *testing.T, s *site, id string) {
	handler := s.as(t, proposal.Handler)
	words := url.Values{"words": {"x"}, "password": {"secret"}, "sha256": {"abc"}}
	handler.keep(words, "contact", id).says(t, http.StatusNotFound) // a case that is not for these eyes
	handler.keep(words, "contact", uuid.NewString()).says(t, http.StatusNotFound)
	handler.post("/typed/drop?form=contact&case="+id, url.Values{}).says(t, http.StatusNotFound)
	handler.post("/typed/later?form=contact&case="+id, url.Values{}).says(t, http.StatusNotFound)
	liaison := s.as(t, proposal.Liaison)
	for _, form := range []string{"submit", "ring", "diary", ""} {
		liaison.keep(words, form, id).says(t, http.StatusNotFound)
	}
	liaison.keep(words, "urge", id).says(t, http.StatusOK)
	list, err := s.Store.Typed(t.Context(), s.bureau.ID(proposal.Liaison), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, kept := range list {
		if kept.Fields["password"] != nil || kept.Fields["sha256"] != nil || kept.Fields["action_id"] != nil {
			t.Errorf("kept of a form: %v", kept.Fields)
		}
	}
	s.browser(t).keep(words, "urge", id).says(t, http.StatusUnauthorized)
}

// What a person typed into one form in two windows is shown in both: one fills the form, the other stands beside it until it is dropped.
func TestTypedInTwoWindows(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0603")
	id := strings.TrimPrefix(path, "/cases/")
	liaison := s.as(t, proposal.Liaison)
	to, one := liaison.get(path).form(t)
	_, two := liaison.get(path).form(t)
	long := with(clone(one), url.Values{"lead": {"yanglao"}, "opinion": {"写得很长的一段拟办意见"}})
	liaison.keep(long, "propose_assignment", id).says(t, http.StatusOK)
	liaison.keep(with(clone(two), url.Values{"opinion": {"短的"}}), "propose_assignment", id).says(t, http.StatusOK, "两份都留着")
	p := liaison.get(path)
	p.says(t, http.StatusOK, "另一个窗口", "写得很长的一段拟办意见")
	_, drawn := p.form(t)
	if drawn.Get("opinion") != "短的" {
		t.Errorf("the form opens with %q", drawn.Get("opinion"))
	}
	liaison.keep(with(clone(drawn), url.Values{"opinion": {"短的，接着写"}}), "propose_assignment", id).says(t, http.StatusOK, "两份都留着")
	p = liaison.post(to, with(clone(drawn), url.Values{"lead": {""}, "opinion": {"短的，送出"}}))
	p.says(t, http.StatusUnprocessableEntity, "另一个窗口", "写得很长的一段拟办意见")
	_, drawn = p.form(t)
	liaison.post(to, with(clone(drawn), url.Values{"lead": {"yanglao"}, "opinion": {"短的，送出"}})).says(t, http.StatusOK)
	liaison.get(path).says(t, http.StatusOK, "写得很长的一段拟办意见")
	list, err := s.Store.Typed(t.Context(), s.bureau.ID(proposal.Liaison), id)
	if err != nil || len(list) != 1 {
		t.Fatalf("kept: %v, %v", list, err)
	}
	liaison.post("/typed/drop?form=propose_assignment&case="+id, url.Values{"kept_on": {list[0].As()}})
	if list, err = s.Store.Typed(t.Context(), s.bureau.ID(proposal.Liaison), id); err != nil || len(list) > 0 {
		t.Errorf("still kept: %v, %v", list, err)
	}
}
