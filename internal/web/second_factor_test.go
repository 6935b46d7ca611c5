package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web/kit"
)

// codeOf is what the app of somebody with the secret shows so many half minutes from now.
func codeOf(t *testing.T, secret string, later int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(later)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Where the bureau asks a second factor of its signers, they set one up before they do anything else, log in with it, and are asked again when they sign:
// once for all that they sign within nine minutes.
func TestSecondFactor(t *testing.T) {
	s := newSite(t)
	role := proposal.LeaderInCharge
	ids := s.casesAt(t, proposal.SignOff, 700, 2)
	signer, before := s.as(t, role), s.browser(t)
	before.post("/login", url.Values{"account": {string(role)}, "password": {fixture.Password}}).says(t, http.StatusOK)
	admin := s.as(t, proposal.Admin)
	path, form := admin.get("/bureau").form(t)
	form["second_factor"] = []string{"nobody"}
	admin.post(path, form).says(t, http.StatusUnprocessableEntity)
	form["second_factor"] = []string{string(role)}
	admin.post(path, form).says(t, http.StatusOK)

	sign := "/cases/" + ids[0] + "/act/sign"
	signed := url.Values{"action_id": {uuid.Must(uuid.NewV7()).String()}, "sha256": {s.state(t, ids[0]).DraftSHA256}, "opinion": {"同意，尽快送达"}}
	if p := signer.get("/"); p.path != "/second-factor" {
		t.Errorf("who must set up a second factor comes to %s", p.path)
	}
	signer.post(sign, signed).says(t, http.StatusForbidden, "先登记二次验证", "同意，尽快送达")
	a := s.bureau.Action(proposal.Sign, role, &proposal.Signature{SHA256: s.state(t, ids[0]).DraftSHA256})
	if _, err := s.Cases.Act(t.Context(), ids[0], a); !kit.Refused(err, proposal.ProofNeeded) { // the web is not the only way in
		t.Errorf("signed without a proof: %v", err)
	}
	s.as(t, proposal.Liaison).get("/").says(t, http.StatusOK, "工作台") // of whom nothing is asked

	p := signer.post("/second-factor/app", nil)
	path, form = p.form(t)
	secret := strings.ReplaceAll(regexp.MustCompile(`(?:[A-Z2-7]{4} ){8}`).FindString(p.text()), " ", "")
	signer.post(path, with(form, url.Values{"app_code": {"12345"}})).says(t, http.StatusUnprocessableEntity, "口令不对", secret[:4]+" "+secret[4:8])
	s.as(t, proposal.Handler).post(path, url.Values{"sealed": form["sealed"], "app_code": {codeOf(t, secret, -1)}}).says(t, http.StatusNotFound) // another's secret
	p = signer.post(path, with(form, url.Values{"app_code": {codeOf(t, secret, -1)}}))
	p.says(t, http.StatusOK, "备用码", "只显示这一次")
	signer.get("/second-factor").says(t, http.StatusOK, "动态口令") // who has just proved who they are is not asked again
	codes := regexp.MustCompile(`[a-z2-7]{4}(?:-[a-z2-7]{4}){3}`).FindAllString(p.text(), -1)
	if len(codes) != 10 {
		t.Fatalf("recovery codes: %q", codes)
	}

	// Every session that was opened with the password alone is over, and comes to life with nothing less than both.
	if p := before.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("a session of before goes on at %s", p.path)
	}
	p = before.post("/login", url.Values{"account": {string(role)}, "password": {fixture.Password}})
	p.says(t, http.StatusOK, "再确认一次身份", "密码对了")
	if p := before.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("the password alone leads to %s", p.path)
	}
	before.post("/login/second", url.Values{"second_code": {""}}).says(t, http.StatusUnprocessableEntity, "请填动态口令")
	before.post("/login/second", url.Values{"second_code": {codes[0]}, "back": {"/signing"}}).says(t, http.StatusOK, "待审签")
	s.browser(t).post("/login/second", url.Values{"second_code": {codes[1]}}).says(t, http.StatusUnauthorized, "登录")

	// Who signs is asked; what was written waits.
	p = signer.post(sign, signed)
	p.says(t, http.StatusUnauthorized, "签发、会签前再确认一次身份", "同意，尽快送达")
	path, form = p.form(t)
	signer.post(path, with(form, url.Values{"second_code": {codeOf(t, secret, -1)}})).says(t, http.StatusUnprocessableEntity, "已经用过", "还可以试4次", "同意，尽快送达")
	signer.post(path, with(form, url.Values{"second_code": {codes[0]}})).says(t, http.StatusUnprocessableEntity, "还可以试3次")
	proved := with(form, url.Values{"second_code": {codeOf(t, secret, 0)}})
	signer.post(path, proved).says(t, http.StatusOK, "签发", "动态口令确认身份")
	signer.post(path, proved).says(t, http.StatusOK, "签发", "动态口令确认身份") // pressed twice: nobody looks at the code again
	path, form = signer.get("/signing").form(t)
	path, form = signer.get("/cases/"+ids[1]).formTo(t, "/read")
	signer.post(path, form)
	path, form = signer.get("/signing").form(t)
	signer.post(path, with(form, url.Values{"tick": {ids[1] + ".sign."}})).says(t, http.StatusOK, "办了1件", "已签发第1稿")
	for i, id := range ids {
		if got := s.proofOf(t, id); got != "totp" {
			t.Errorf("signature %d: the record says it was proved by %q", i, got)
		}
	}
	if report, err := s.Store.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("the chain: %+v, %v", report, err)
	}

	// An open session and the password are not enough to take the second factor away: a new password proves nothing more.
	s.provedLongAgo(t)
	signer.get("/second-factor").says(t, http.StatusUnauthorized, "再确认一次身份")
	const fresh = "一句只有本人知道的话"
	path, form = signer.get("/password").form(t)
	signer.post(path, with(form, url.Values{"old": {fixture.Password}, "password": {fresh}, "password_again": {fresh}})).says(t, http.StatusOK)
	signer.get("/second-factor").says(t, http.StatusUnauthorized, "再确认一次身份")
	signer.post("/second-factor/"+s.appOf(t, role)+"/remove", nil).says(t, http.StatusUnauthorized, "再确认一次身份")

	// Tries are few, wherever they come from.
	thief := s.browser(t)
	thief.post("/login", url.Values{"account": {string(role)}, "password": {fresh}}).says(t, http.StatusOK, "密码对了")
	for left := 4; left > 0; left-- {
		thief.post("/login/second", url.Values{"second_code": {"000000"}}).says(t, http.StatusUnprocessableEntity, "口令不对")
	}
	thief.post("/login/second", url.Values{"second_code": {"000000"}}).says(t, http.StatusTooManyRequests, "试得太多了")
	thief.post("/login/second", url.Values{"second_code": {codes[2]}}).says(t, http.StatusTooManyRequests, "试得太多了")

	// An administrator resets what is lost: told to the person and in the chain, and nothing opened before goes on.
	account := "/people/" + string(s.bureau.ID(role))
	s.as(t, proposal.Liaison).post(account+"/second-factor", nil).says(t, http.StatusForbidden)
	admin.get(account).says(t, http.StatusOK, "清除二次验证")
	admin.post(account+"/second-factor", nil).says(t, http.StatusOK, "已经通知本人")
	admin.post(account+"/second-factor", nil).says(t, http.StatusNotFound)
	if p := signer.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("after the reset a session goes on at %s", p.path)
	}
	signer.post("/login", url.Values{"account": {string(role)}, "password": {fresh}}).says(t, http.StatusOK, "本单位要求你登记二次验证")
	path, form = admin.get("/bureau").form(t)
	form.Del("second_factor")
	admin.post(path, form).says(t, http.StatusOK)
	signer.get("/notices").says(t, http.StatusOK, "清除了你的二次验证")
	p = s.as(t, proposal.Auditor).get("/changes")
	p.says(t, http.StatusOK, "二次验证", "管理员清除", "备用码", "用掉一个", "要用二次验证的角色")
	if strings.Contains(p.body, secret) {
		t.Error("a secret stands among the changes")
	}
	s.as(t, proposal.Auditor).get("/changes?logins").says(t, http.StatusOK, "二次验证不对", "二次验证试得太多")
	signer.get("/language?to=en&back=/second-factor").says(t, http.StatusOK, "Second factor", "Set up one-time codes", "No passkey can be added at this address")
}

// Whoever passes a reviewed reply on puts no name to it, and is not asked; with one reply to sign among those that are ticked, they are.
func TestAReviewAsksForNoProof(t *testing.T) {
	s := newSite(t)
	role := proposal.DivisionHead
	id, who := s.casesAt(t, proposal.DivisionReview, 720, 1)[0], s.bureau.ID(role)
	secret := identity.NewSecret()
	sealed, err := s.Store.SealSecret(who, secret)
	if err == nil {
		err = s.Store.Edit(t.Context(), who, func(e *store.Edit) error { return e.AddApp(t.Context(), who, sealed, 0) })
	}
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser(t)
	b.post("/login", url.Values{"account": {string(role)}, "password": {fixture.Password}}).says(t, http.StatusOK, "密码对了")
	b.post("/login/second", url.Values{"second_code": {codeOf(t, secret, 0)}}).says(t, http.StatusOK)
	s.provedLongAgo(t)
	path, form := b.get("/cases/"+id).formTo(t, "/read")
	b.post(path, form)
	path, form = b.get("/signing").form(t)
	review := id + ".pass_review."
	b.post(path, with(clone(form), url.Values{"tick": {review, id + ".sign."}})).says(t, http.StatusUnauthorized, "签发、会签前再确认一次身份")
	b.post(path, with(form, url.Values{"tick": {review}})).says(t, http.StatusOK, "办了1件")
}

// provedLongAgo makes it an hour since whoever has a session proved who they are.
func (s *site) provedLongAgo(t *testing.T) {
	t.Helper()
	kept := s.Store.SessionStore().(scs.IterableStore)
	all, err := kept.All()
	if err != nil {
		t.Fatal(err)
	}
	for key, data := range all {
		ends, values, err := scs.GobCodec{}.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		values["sure_at"] = time.Now().Add(-time.Hour).Unix()
		if data, err = (scs.GobCodec{}).Encode(ends, values); err == nil {
			err = s.Store.SessionStore().Commit(key, data, ends)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// appOf is the id of the app of whoever has the role.
func (s *site) appOf(t *testing.T, role proposal.Role) string {
	t.Helper()
	factors, err := s.Store.Factors(t.Context(), s.bureau.ID(role))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range factors {
		if f.Way == identity.App {
			return f.ID
		}
	}
	t.Fatal("no app")
	return ""
}

// proofOf is by what the signer of a case had proved who they are.
func (s *site) proofOf(t *testing.T, id string) string {
	t.Helper()
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Events {
		if e.Kind == string(proposal.Sign) {
			return e.Proof
		}
	}
	return ""
}

// state is how the case stands.
func (s *site) state(t *testing.T, id string) proposal.State {
	t.Helper()
	state, err := s.Store.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return state
}
