package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// A person chooses how they are told and how pages are drawn, and finds it in another browser.
func TestSettings(t *testing.T) {
	s := newSite(t)
	handler := s.as(t, proposal.Handler)
	p := handler.get("/settings")
	p.says(t, http.StatusOK, "设置", "还没有登记你的邮箱", "还没有设邮件服务器", "有件到你名下", "08:30")
	if strings.Contains(p.body, `name="kind.urge" value="off"`) || !strings.Contains(p.body, `name="kind.watched" value="off"`) {
		t.Error("what asks to act can be turned off, or what does not cannot")
	}
	path, form := p.form(t)
	form.Set("kind.assigned", "digest")
	form.Set("kind.urge", "off") // nobody offers that
	form.Set("quiet", "1")
	form.Set("language", "en")
	form.Set("theme", "dark")
	form.Set("keys", "off")
	for _, wrong := range []string{"", "8点", "25:00", "08:20"} {
		form.Set("digest_at", wrong)
		p := handler.post(path, form)
		p.says(t, http.StatusUnprocessableEntity, "分钟是00、15、30或45")
		if _, kept := p.form(t); kept.Get("digest_at") != wrong || kept.Get("kind.assigned") != "digest" || kept.Get("theme") != "dark" || kept.Get("quiet") != "1" {
			t.Errorf("%q: what was typed is gone: %v", wrong, kept)
		}
	}
	form.Set("digest_at", "09:45")
	handler.post(path, form).says(t, http.StatusOK, "设置存下了", "09:45", `data-theme="dark"`, `data-keys="off"`)
	chosen, err := s.Store.Settings(t.Context(), s.bureau.ID(proposal.Handler))
	if err != nil || chosen.Channel(proposal.NoticeAssigned) != store.ByDigest || chosen.Channel(proposal.NoticeUrge) != store.ByMail ||
		chosen.DigestAt != 9*60+45 || !chosen.Quiet || chosen.Language != "en" || !chosen.Digest {
		t.Errorf("kept %+v, %v", chosen, err)
	}

	elsewhere := s.browser(t)
	elsewhere.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}).
		says(t, http.StatusOK, `data-theme="dark"`, `data-keys="off"`)
	elsewhere.get("/display?text=large&theme=&back=/notices").says(t, http.StatusOK, `data-text="large"`, `data-theme=""`)
	handler.get("/notices").says(t, http.StatusOK, `data-text="large"`, `data-theme=""`, `data-keys="off"`)
	s.as(t, proposal.Liaison).get("/notices").says(t, http.StatusOK, `data-text=""`)

	handler.get("/language?to=en&back=/settings").says(t, http.StatusOK, "How I am notified", "Daily digest", "Save settings", "No address is entered")
}
