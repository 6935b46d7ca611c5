package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/banli/banli/internal/app"
	provider "github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/testkit/oidc"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/internal/web/locale"
)

// house is a site whose people come in by the house's own provider.
type house struct {
	*site
	at    *oidc.Provider
	words *locale.Words
}

func newHouse(t *testing.T) *house {
	t.Helper()
	at := oidc.New(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(oidc.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSiteWith(t, app.Provider{Issuer: at.URL, ClientID: oidc.ClientID, SecretFile: secret, Scopes: []string{"profile"}, Groups: "groups"})
	at.Site = s.url
	words, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{s, at, words[locale.Chinese]}
	s.browser(t).awaits("/login", h.says("login.provider"))
	return h
}

// says are words of the catalogue.
func (h *house) says(key string, args ...any) string {
	return h.words.T(key, append(args, "Provider", h.words.T("login.provider_name"))...)
}

// setsOff is the address at the provider to which the page sends the browser.
func setsOff(t *testing.T, p answer) string {
	t.Helper()
	_, address, ok := strings.Cut(p.header.Get("Refresh"), "url=")
	if !ok {
		t.Fatalf("%s sends nobody to the provider (%d):\n%.600s", p.path, p.status, p.text())
	}
	return address
}

// goes has the browser go to an address wherever it is.
func (b *browser) goes(address string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

// comes has somebody come in by the provider, who goes back to where they were.
func (h *house) comes(b *browser, who oidc.Someone, back string) answer {
	b.t.Helper()
	h.at.Here = &who
	return b.goes(setsOff(b.t, b.post("/login/provider", url.Values{"back": {back}})))
}

// backFrom is the address with which the provider sends the browser back, which has not gone there yet.
func (b *browser) backFrom(address string) string {
	b.t.Helper()
	back := ""
	waits := &browser{b.t, b.site, &http.Client{Jar: b.Jar, Transport: b.Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), b.site.url) {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}}}
	waits.goes(address)
	if back == "" {
		b.t.Fatal("the provider sends nobody back")
	}
	return back
}

// in reports a browser that is not logged in as it should be.
func (b *browser) in(want bool) {
	b.t.Helper()
	if p := b.get("/notices"); strings.HasPrefix(p.path, "/login") == want {
		b.t.Errorf("logged in: %v", !want)
	}
}

// expects has an administrator say under which name whoever has the role comes in.
func (h *house) expects(t *testing.T, role proposal.Role, username string) {
	t.Helper()
	h.as(t, proposal.Admin).post("/people/"+string(h.bureau.ID(role))+"/provider", url.Values{"username": {username}}).says(t, http.StatusOK)
}

// takes has an administrator say what the bureau takes from the provider.
func (h *house) takes(t *testing.T, form url.Values) {
	t.Helper()
	h.as(t, proposal.Admin).post("/bureau/login", form).says(t, http.StatusOK, h.says("flash.login"))
}

// holds reports a chain that does not hold.
func (h *house) holds(t *testing.T) {
	t.Helper()
	if report, err := h.Store.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("the chain: %+v, %v", report, err)
	}
	if _, broken, err := h.Store.VerifyStaffChain(t.Context()); err != nil || broken != 0 {
		t.Errorf("the chain of changes breaks at %d, %v", broken, err)
	}
}

// tells reports words that are missing among the logins, or among the changes.
func (h *house) tells(t *testing.T, page string, keys ...string) {
	t.Helper()
	var words []string
	for _, key := range keys {
		words = append(words, h.says(key))
	}
	h.as(t, proposal.Auditor).get(page).says(t, http.StatusOK, words...)
}

func (h *house) session(b *browser) string {
	at, err := url.Parse(h.url)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(at) {
		if c.Name == "banli" {
			return c.Value
		}
	}
	return ""
}

// People come in by the house's own provider: whom an administrator expects, nobody else, and each by their own browser.
func TestLoginByTheProvider(t *testing.T) {
	h := newHouse(t)
	zhang := oidc.Someone{Subject: "1", Username: "zhang"}
	b := h.browser(t)
	h.comes(b, zhang, "/").says(t, http.StatusForbidden, h.says("login.no_account", "Username", "zhang"))
	b.in(false)
	for _, role := range []proposal.Role{proposal.Handler, proposal.Liaison, proposal.Supervisor} { // only an administrator says who is expected
		h.as(t, role).post("/people/"+string(h.bureau.ID(role))+"/provider", url.Values{"username": {"zhang"}}).says(t, http.StatusForbidden)
		h.as(t, role).get("/bureau/login").says(t, http.StatusForbidden)
		h.as(t, role).post("/bureau/login", url.Values{"no_passwords": {"1"}}).says(t, http.StatusForbidden)
	}
	h.expects(t, proposal.Handler, "zhang")
	h.as(t, proposal.Admin).post("/people/"+string(h.bureau.ID(proposal.Liaison))+"/provider", url.Values{"username": {"zhang"}}).
		says(t, http.StatusUnprocessableEntity, h.says("field.taken.username"))

	before := h.session(b)
	p := h.comes(b, zhang, "/notices?all")
	if p.says(t, http.StatusOK); p.path != "/notices?all" {
		t.Errorf("comes to %s", p.path)
	}
	if after := h.session(b); after == before || after == "" {
		t.Error("a session has the token that it had before the login")
	}
	b.in(true)
	if p := h.comes(h.browser(t), zhang, "//elsewhere.example"); p.path != "/" {
		t.Errorf("sent elsewhere: %s", p.path)
	}

	// An answer belongs to the browser that asked, and is good once.
	thief, victim := h.browser(t), h.browser(t)
	back := thief.backFrom(setsOff(t, thief.post("/login/provider", nil)))
	victim.goes(back).says(t, http.StatusBadRequest, h.says("login.provider_lost"))
	victim.in(false)
	if p := thief.goes(back); p.path != "/" {
		t.Errorf("comes to %s (%d)", p.path, p.status)
	}
	if p := thief.goes(back); p.status != http.StatusOK || p.path != "/" { // loaded again
		t.Errorf("loaded again: %d at %s", p.status, p.path)
	}
	thief.post("/logout", nil)
	thief.goes(back).says(t, http.StatusBadRequest, h.says("login.provider_lost"))
	other := h.browser(t)
	r, err := http.NewRequest(http.MethodPost, h.url+"/login/provider", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://elsewhere.example")
	other.do(r).says(t, http.StatusForbidden) // another site sends nobody off

	// Who turns back, or of whom the provider says what cannot be, is told so; a provider that fails is nobody's doing.
	h.at.Here = nil
	other.goes(setsOff(t, other.post("/login/provider", nil))).says(t, http.StatusForbidden, h.says("login.provider_refused"))
	h.at.Says = map[string]any{"nonce": "another"}
	h.comes(other, zhang, "/").says(t, http.StatusForbidden, h.says("login.provider_wrong"))
	h.at.Says = nil
	back = other.backFrom(setsOff(t, other.post("/login/provider", nil)))
	h.at.Down = true
	other.goes(back).says(t, http.StatusServiceUnavailable, h.says("login.provider_away"))
	h.at.Down = false
	other.in(false)

	// Who logs out is told that the provider still knows them.
	p = b.post("/logout", nil)
	p.says(t, http.StatusOK, h.says("logout.title"), h.at.URL+"/end_session")
	b.in(false)
	password := h.browser(t)
	password.post("/login", url.Values{"account": {string(proposal.Publisher)}, "password": {fixture.Password}})
	if p := password.post("/logout", nil); p.path != "/login" {
		t.Errorf("who came in by password comes to %s", p.path)
	}

	// Whose session ends at the provider is out: those of that session, or all of the person.
	ended := func(says map[string]any) int {
		t.Helper()
		resp, err := http.PostForm(h.url+"/login/provider/ended", url.Values{"logout_token": {h.at.LogoutToken(says)}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	sessions := map[string]*browser{"one": h.browser(t), "two": h.browser(t)}
	for name, b := range sessions {
		h.at.Says = map[string]any{"sid": name}
		h.comes(b, zhang, "/")
	}
	h.at.Says = nil
	if status := ended(map[string]any{"sub": "1", "nonce": "n"}); status != http.StatusBadRequest {
		t.Errorf("a token that lets in: %d", status)
	}
	if status := ended(map[string]any{"sub": "2", "sid": "one"}); status != http.StatusOK {
		t.Errorf("of another: %d", status)
	}
	sessions["one"].in(true)
	ended(map[string]any{"sub": "1", "sid": "one"})
	sessions["one"].in(false)
	sessions["two"].in(true)
	ended(map[string]any{"sub": "1"})
	sessions["two"].in(false)
	h.as(t, proposal.Handler)

	// An account that is closed, and a link that is taken away, let nobody in, and end what is open.
	open := h.browser(t)
	h.comes(open, zhang, "/")
	h.as(t, proposal.Admin).get("/people/"+string(h.bureau.ID(proposal.Handler))).says(t, http.StatusOK, "zhang", h.says("person.there_end"))
	h.expects(t, proposal.Handler, "")
	open.in(false)
	h.comes(open, zhang, "/").says(t, http.StatusForbidden, h.says("login.no_account", "Username", "zhang"))

	h.tells(t, "/changes?logins", "changes.came.no_account", "changes.came.not_confirmed", "changes.came.ended_there", "changes.came.in", "second.way.provider")
	h.tells(t, "/changes", "changes.provider.expected", "changes.provider.linked", "changes.provider.removed")
	open.get("/language?to=en&back=/login").says(t, http.StatusOK, "single sign-on")
	h.holds(t)
	h.withoutAnAnswer(t)
}

// unanswered is the same site with a provider that was not there when it started.
func (h *house) unanswered(t *testing.T) *site {
	t.Helper()
	at := provider.New(provider.Config{Issuer: "http://127.0.0.1:1"}, time.Now)
	if at.Check(t.Context()) == nil {
		t.Fatal("something answers there")
	}
	alone, err := web.New(web.Config{Store: h.Store, Cases: h.Cases, Provider: at, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(alone.Handler())
	t.Cleanup(server.Close)
	return &site{App: h.App, url: server.URL}
}

// withoutAnAnswer holds that the login page says so, nobody is sent there, and passwords go on.
func (h *house) withoutAnAnswer(t *testing.T) {
	b := h.unanswered(t).browser(t)
	b.get("/login").says(t, http.StatusOK, h.says("login.provider_silent"))
	if strings.Contains(b.get("/login").body, `action="/login/provider"`) {
		t.Error("people are sent to a provider that does not answer")
	}
	p := b.post("/login/provider", nil)
	p.says(t, http.StatusServiceUnavailable, h.says("login.provider_silent"))
	if strings.Contains(p.body, h.says("login.provider_away")) {
		t.Error("that the provider does not answer is said twice")
	}
	b.post("/login/provider/ended", url.Values{"logout_token": {"x"}}).says(t, http.StatusServiceUnavailable)
	b.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}})
	b.in(true)
}

// What the bureau takes from the provider is set on a page: roles follow groups, and passwords are for administrators alone.
func TestWhatTheBureauTakesFromTheProvider(t *testing.T) {
	h := newHouse(t)
	admin := h.as(t, proposal.Admin)
	admin.get("/bureau").says(t, http.StatusOK, "/bureau/login")
	handler := h.words.T("role.handler")
	for line, wrong := range map[string]string{
		"g":                          "field.malformed.groups",
		"g | 国王":                     "field.unknown_value.groups",
		"g | " + handler + " | 没有的处": "field.not_in_bureau.groups",
	} {
		p := admin.post("/bureau/login", url.Values{"groups": {"a | " + handler + "\n" + line}, "login_name": {"市统一认证"}})
		p.says(t, http.StatusUnprocessableEntity, h.says(wrong, "Max", 2), line, "市统一认证")
	}
	admin.post("/bureau/login", url.Values{"makes_accounts": {"1"}}).says(t, http.StatusUnprocessableEntity, h.says("field.required.groups"))
	h.takes(t, url.Values{"groups": {"workers | " + handler + " | 基层政权和社区建设处"}, "makes_accounts": {"1"}, "login_name": {"市统一认证"}})
	p := admin.get("/bureau/login")
	path, form := p.form(t)
	if path != "/bureau/login" || form.Get("groups") != "workers | "+handler+" | 基层政权和社区建设处" || form.Get("makes_accounts") != "1" || form.Has("no_passwords") {
		t.Errorf("kept: %v", form)
	}
	path, form = admin.get("/bureau").form(t) // another page of the bureau leaves it as it is
	admin.post(path, form).says(t, http.StatusOK)

	b := h.browser(t)
	b.get("/login").says(t, http.StatusOK, "市统一认证")
	lin := oidc.Someone{Subject: "7", Username: "lin", Name: "林新", Groups: []string{"workers"}}
	if p := h.comes(b, lin, "/"); p.path != "/" {
		t.Errorf("who is new comes to %s: %.300s", p.path, p.text())
	}
	b.get("/password").says(t, http.StatusOK, "林新")
	lin.Groups = nil
	h.comes(h.browser(t), lin, "/").says(t, http.StatusForbidden, h.words.T("login.no_groups", "Provider", "市统一认证", "Username", "lin"))
	b.in(true)
	lin.Groups = []string{"others"}
	h.comes(h.browser(t), lin, "/").says(t, http.StatusForbidden, h.words.T("login.out_of_groups", "Provider", "市统一认证", "Username", "lin"))
	b.in(false)
	lin.Groups = []string{"workers"}
	h.comes(b, lin, "/").says(t, http.StatusForbidden, h.says("login.left"))

	h.as(t, proposal.Auditor) // while passwords let everybody in
	_, form = admin.get("/bureau/login").form(t)
	form.Set("no_passwords", "1")
	h.takes(t, form)
	b.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}).says(t, http.StatusUnprocessableEntity)
	b.post("/login", url.Values{"account": {string(proposal.Admin)}, "password": {fixture.Password}})
	b.in(true)
	h.tells(t, "/changes?logins", "changes.came.no_groups", "changes.came.out_of_groups", "changes.came.left")
	h.tells(t, "/changes", "changes.provider.made", "changes.provider.closed", "changes.part.login_groups", "changes.part.login_no_passwords")
	h.holds(t)
}

// proveThere is where the button of the page leads that proves at the provider who one is.
func proveThere(t *testing.T, p answer) string {
	t.Helper()
	to := ""
	walk(p.doc, func(n *html.Node) {
		if n.Data == "button" && strings.HasPrefix(attr(n, "formaction"), "/login/provider/prove") {
			to = attr(n, "formaction")
		}
	})
	if to == "" {
		t.Fatalf("nothing is proved at the provider on %s:\n%.900s", p.path, p.text())
	}
	return to
}

// Where the bureau asks a second factor, what the provider says counts as one if the bureau has said so; who signs proves it there anew, and the record names it.
func TestSecondFactorAtTheProvider(t *testing.T) {
	h := newHouse(t)
	role := proposal.LeaderInCharge
	ids := h.casesAt(t, proposal.SignOff, 740, 2)
	h.expects(t, role, "leader")
	admin := h.as(t, proposal.Admin)
	path, form := admin.get("/bureau").form(t)
	form["second_factor"] = []string{string(role)}
	admin.post(path, form).says(t, http.StatusOK)
	leader := oidc.Someone{Subject: "5", Username: "leader", AMR: []string{"pwd", "otp"}}

	b := h.browser(t)
	if p := h.comes(b, leader, "/"); p.path != "/second-factor" { // the bureau has not said that it takes the provider's
		t.Errorf("comes to %s", p.path)
	} else if strings.Contains(p.text(), h.words.T("second.provider_stands", "Provider", h.words.T("login.provider_name"))) {
		t.Error("it is told that the provider's would do")
	}
	h.takes(t, url.Values{"factors": {"otp"}})
	leader.AMR = []string{"pwd"}
	if p := h.comes(b, leader, "/"); p.path != "/second-factor" {
		t.Errorf("with a password alone comes to %s", p.path)
	} else {
		p.says(t, http.StatusOK, h.words.T("second.provider_stands", "Provider", h.words.T("login.provider_name")))
		// From that page they go there and come back with a second factor, or are told that they brought none.
		path, _ := p.formTo(t, "/login/provider/prove?to=/")
		b.goes(setsOff(t, b.post(path, nil))).says(t, http.StatusOK, h.says("second.provider_no_factor"), h.says("second.provider_enter"))
		other := h.browser(t)
		h.comes(other, leader, "/")
		h.at.Here = &oidc.Someone{Subject: "5", Username: "leader", AMR: []string{"pwd", "otp"}}
		if p := other.goes(setsOff(t, other.post(path, nil))); p.path != "/" {
			t.Errorf("with a second factor comes to %s", p.path)
		}
	}
	// Whoever came in there long ago, by less, proves it from the page that asks for it.
	h.provedLongAgo(t)
	p := b.get("/second-factor")
	p.says(t, http.StatusUnauthorized)
	leader.AMR = []string{"pwd", "otp"}
	h.at.Here = &leader
	b.goes(setsOff(t, b.post(proveThere(t, p), nil))).says(t, http.StatusOK)
	if p := b.get("/notices"); p.path != "/notices" {
		t.Errorf("after the proof comes to %s", p.path)
	}

	sign := "/cases/" + ids[0] + "/act/sign"
	signed := url.Values{"action_id": {uuid.Must(uuid.NewV7()).String()}, "sha256": {h.state(t, ids[0]).DraftSHA256}, "opinion": {"同意，尽快送达"}}
	h.provedLongAgo(t)
	p = b.post(sign, signed)
	p.says(t, http.StatusUnauthorized, "同意，尽快送达")
	prove, asks := proveThere(t, p), func() string {
		t.Helper()
		_, form := p.form(t)
		return setsOff(t, b.post(proveThere(t, p), form))
	}
	if to, err := url.QueryUnescape(prove); err != nil || !strings.HasSuffix(to, "?to="+sign) {
		t.Errorf("the proof leads to %s", prove)
	}
	// Nothing less than they themselves, now, by a second factor.
	h.at.Proved, h.at.Stale = time.Now().Add(-time.Hour), true
	b.goes(asks()).says(t, http.StatusForbidden, h.says("second.provider_wrong"), "同意，尽快送达")
	h.at.Proved, h.at.Stale = time.Time{}, false
	h.at.Here = &oidc.Someone{Subject: "6", Username: "other", AMR: []string{"otp"}}
	b.goes(asks()).says(t, http.StatusForbidden, h.says("second.provider_other"), "同意，尽快送达")
	h.at.Here = &oidc.Someone{Subject: "5", Username: "leader", AMR: []string{"pwd"}}
	b.goes(asks()).says(t, http.StatusForbidden, h.says("second.provider_no_factor"), "同意，尽快送达")
	if got := h.state(t, ids[0]).Stage; got != proposal.SignOff {
		t.Fatalf("signed without a proof: %s", got)
	}
	h.at.Here = &leader
	p = b.goes(asks())
	p.says(t, http.StatusOK, h.says("kept.proved_title"), "同意，尽快送达")
	path, form = p.formTo(t, sign)
	b.post(path, form).says(t, http.StatusOK)
	if got := h.proofOf(t, ids[0]); got != "provider" {
		t.Errorf("the record says it was proved by %q", got)
	}
	h.tells(t, "/changes?logins", "changes.came.not_confirmed")

	// While the provider does not answer, whoever signs is told that, and not to log out; what they sent can be sent again.
	h.provedLongAgo(t)
	sign = "/cases/" + ids[1] + "/act/sign"
	signed = url.Values{"action_id": {uuid.Must(uuid.NewV7()).String()}, "sha256": {h.state(t, ids[1]).DraftSHA256}, "opinion": {"同意"}}
	p = (&browser{t, h.unanswered(t), b.Client}).post(sign, signed)
	p.says(t, http.StatusUnauthorized, h.says("login.provider_silent"), h.says("second.again"))
	if strings.Contains(p.body, h.says("second.no_way")) {
		t.Error("who signs while the provider is away is told to log out")
	}
	p.formTo(t, sign)

	// A login with a second factor there, this minute, is a proof; of one that was an hour ago none is made.
	fresh := h.browser(t)
	h.at.Proved = time.Now().Add(-time.Hour)
	if p := h.comes(fresh, leader, "/notices"); p.path != "/notices" {
		t.Errorf("comes to %s", p.path)
	}
	signed.Del("opinion")
	fresh.post(sign, signed).says(t, http.StatusUnauthorized)
	h.at.Proved = time.Time{}
	h.comes(fresh, leader, "/")
	fresh.post(sign, signed).says(t, http.StatusOK)
	if got := h.proofOf(t, ids[1]); got != "provider" {
		t.Errorf("the record says it was proved by %q", got)
	}
	h.holds(t)
}

// Whoever is logged in links their account there themselves, after they have proved who they are on both sides.
func TestLinkingAnAccountAtTheProvider(t *testing.T) {
	h := newHouse(t)
	b, other := h.as(t, proposal.Handler), h.browser(t)
	other.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}})
	h.provedLongAgo(t)
	b.post("/second-factor/provider", nil).says(t, http.StatusUnauthorized)
	path, form := b.get("/second-factor").form(t)
	b.post(path, with(form, url.Values{"password": {fixture.Password}})).says(t, http.StatusOK)
	h.at.Here, h.at.Proved, h.at.Stale = &oidc.Someone{Subject: "1", Username: "zhang"}, time.Now().Add(-time.Hour), true
	b.goes(setsOff(t, b.post("/second-factor/provider", nil))).says(t, http.StatusOK, h.says("second.provider_wrong")) // not proved anew
	h.at.Proved, h.at.Stale = time.Time{}, false
	b.goes(setsOff(t, b.post("/second-factor/provider", nil))).says(t, http.StatusOK, h.says("second.flash_provider", "Username", "zhang"))
	b.in(true)
	other.in(false) // what was open before is over
	h.comes(other, *h.at.Here, "/")
	other.in(true)

	thief := h.browser(t)
	thief.post("/login", url.Values{"account": {string(proposal.Publisher)}, "password": {fixture.Password}})
	thief.goes(setsOff(t, thief.post("/second-factor/provider", nil))).says(t, http.StatusOK, h.says("second.provider_taken", "Username", "zhang"))
	h.tells(t, "/changes", "changes.provider.linked")

	// What one set off for, another does not bring home who has logged in at the same desk meanwhile.
	h.at.Here = &oidc.Someone{Subject: "9", Username: "else"}
	back := other.backFrom(setsOff(t, other.post("/second-factor/provider", nil)))
	other.post("/login", url.Values{"account": {string(proposal.Publisher)}, "password": {fixture.Password}})
	other.goes(back).says(t, http.StatusConflict, h.says("refusal.others_form.title"))
	h.holds(t)
}
