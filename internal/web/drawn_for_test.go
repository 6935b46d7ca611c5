package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// A form that one officer left open, or that was kept when their session ended, is not sent by whoever logs in next in that browser;
// its words stay in it until its writer is back.
func TestNobodySendsWhatAnotherTyped(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0611")
	id := strings.TrimPrefix(path, "/cases/")
	b := s.browser(t)
	login := func(role proposal.Role, kept url.Values) answer {
		t.Helper()
		return b.post("/login", with(clone(kept), url.Values{"account": {string(role)}, "password": {fixture.Password}}))
	}
	login(proposal.Liaison, nil)
	to, form := b.get(path).form(t)
	if form.Get("drawn_for") != string(s.bureau.ID(proposal.Liaison)) {
		t.Fatalf("the form does not say for whom it was drawn: %v", form)
	}
	typed := with(clone(form), url.Values{"lead": {"yanglao"}, "opinion": {"联络员写的拟办意见"}})
	untouched := func(after string) {
		t.Helper()
		state, err := s.Store.State(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if state.Stage != proposal.Registered {
			t.Fatalf("%s: the case is in %s", after, state.Stage)
		}
	}
	b.post("/logout", nil)
	login(proposal.Supervisor, nil)
	b.post(to, typed).says(t, http.StatusConflict, "另一位用户打开", "联络员写的拟办意见")
	b.keep(typed, "propose_assignment", id).says(t, http.StatusConflict)
	note := url.Values{"action_id": {newID()}, "drawn_for": form["drawn_for"], "text": {"联络员写的便笺"}}
	b.post(path+"/notes", note).says(t, http.StatusConflict)
	untouched("a form sent in another's session")

	b.post("/logout", nil)
	lost := b.post(to, typed)
	lost.says(t, http.StatusUnauthorized, "没送出的字都在")
	kept := url.Values{"back": {to}}
	for name, values := range typed {
		kept["kept."+name] = values
	}
	p := login(proposal.Supervisor, kept)
	p.says(t, http.StatusConflict, "另一位用户写的", "联络员写的拟办意见")
	if b.get("/notices").path != "/login?back=%2Fnotices" {
		t.Error("logged in all the same")
	}
	untouched("a form kept across another's login")
	login(proposal.Liaison, kept).says(t, http.StatusOK, "接着送出", "联络员写的拟办意见")
	untouched("a form that its writer looks at")
	supervisors := map[string]string{"action_id": newID(), "drawn_for": string(s.bureau.ID(proposal.Supervisor))}
	s.as(t, proposal.Liaison).upload(path+"/attachments", supervisors, "a.txt", []byte("x")).says(t, http.StatusConflict, "另一位用户打开")
	b.post(to, typed).says(t, http.StatusOK)
	if state, err := s.Store.State(t.Context(), id); err != nil || state.Stage != proposal.Assigning {
		t.Errorf("its writer could not send it: %s, %v", state.Stage, err)
	}
}

// A form that does not say whose it was is its sender's who was the last to log in with the browser.
func TestKeptFormOfAnUnknownBrowser(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0612")
	kept := url.Values{"back": {path + "/act/urge"}, "kept.text": {"写了一半的催办"}, "account": {"supervisor"}, "password": {fixture.Password}}
	s.browser(t).post("/login", kept).says(t, http.StatusConflict, "另一位用户写的")
	b := s.browser(t)
	b.post("/login", url.Values{"account": {"supervisor"}, "password": {fixture.Password}})
	b.post("/logout", nil)
	b.post("/login", kept).says(t, http.StatusOK, "接着送出", "写了一半的催办")
}
