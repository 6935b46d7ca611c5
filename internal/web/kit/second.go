package kit

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// The second factor: after the password at login, again when a reply is signed, and before anything is changed by which one proves who one is.

// What a session holds of it.
const (
	sessionHalf   = "half"    // whose password was right, while the second factor is still awaited
	sessionHalfAt = "half_at" // when it was
	sessionSureAt = "sure_at" // when they last proved who they are, by whatever they have
	sessionProof  = "proof"   // id of the proof that it made; "" of a password
	sessionAsked  = "asked"   // what has to be kept while a browser asks its owner for a passkey
)

const (
	halfLasts = 10 * time.Minute // how long the second factor is awaited
	// sureFor is a little less than a signature allows: it may wait for others that are signed with the same press.
	sureFor = proposal.ProofLasts - time.Minute
)

// The fields that answer.
const (
	fieldCode     = "second_code"
	fieldPasskey  = "second_passkey"
	fieldPassword = "password"
)

// Second is what somebody is asked who is to prove who they are.
type Second struct {
	Password bool   // the password, of who has nothing else
	Provider string // what the provider is called at which they can prove it; "" if they cannot
	Silent   bool   // it does not answer just now
	App      bool   // a code of their app, or else a recovery code
	Code     bool   // a code of either kind
	Passkey  string // what their browser is asked; "" if they have none, or none for this address
	Away     bool   // they have passkeys, which no browser uses at this address
	Error    string
}

// ProvePage asks who is logged in to prove who they are, and then goes on with what they wanted.
type ProvePage struct {
	Frame
	Second Second
	Signs  bool  // it is for a signature
	Kept   *Kept // what they sent
	Path   string
}

func (*ProvePage) Template() string { return "prove.html" }

// LoginSecondPage asks for the second factor after the password, or after the provider.
type LoginSecondPage struct {
	Frame
	Second   Second
	Name     string
	Provider string // what the provider is called that has confirmed who they are; "" if their password did
	Back     string
	Kept     *Kept
}

func (*LoginSecondPage) Template() string { return "login_second.html" }

// Passkeys are the ceremonies at the address by which the request came.
func (s *Kit) Passkeys(r *http.Request) (*identity.Passkeys, error) {
	return identity.NewPasskeys(s.Site(r), s.bureauNow(r.Context()).Short)
}

// HolderOf is the person as the ceremonies know them.
func HolderOf(w *locale.Words, who *store.Person, factors []store.Factor) identity.Holder {
	h := identity.Holder{ID: string(who.ID), Login: who.Login, Name: w.Name(who.Name)}
	for _, f := range factors {
		if f.Way == identity.Passkey {
			h.Keys = append(h.Keys, f.Passkey)
		}
	}
	return h
}

// KeepAsked keeps what a ceremony needs at its end.
func (s *Kit) KeepAsked(r *http.Request, kept string) {
	s.sessions.Put(r.Context(), sessionAsked, kept)
}

// TakeAsked is what KeepAsked kept; it can be taken once.
func (s *Kit) TakeAsked(r *http.Request) string {
	return s.sessions.PopString(r.Context(), sessionAsked)
}

// askSecond is what the person is asked.
func (s *Kit) askSecond(r *http.Request, who *store.Person, wrong string) (Second, error) {
	factors, err := s.store.Factors(r.Context(), who.ID)
	if err != nil {
		return Second{}, err
	}
	second := Second{Password: !who.SecondFactor && s.mayPassword(r.Context(), who), Error: wrong}
	for _, f := range factors {
		second.App = second.App || f.Way == identity.App
		second.Code = second.Code || f.Way != identity.Passkey
	}
	holder := HolderOf(s.Words(r), who, factors)
	if len(holder.Keys) == 0 {
		return second, nil
	}
	passkeys, err := s.Passkeys(r)
	if errors.Is(err, identity.ErrNoPasskeys) {
		second.Away = true
		return second, nil
	} else if err != nil {
		return second, err
	}
	ask, kept, err := passkeys.UseBegin(holder)
	if err == nil {
		second.Passkey = ask
		s.KeepAsked(r, kept)
	}
	return second, err
}

// answered takes the answer that came with the request, and takes it out of the form. wrong is what is wrong with it, in words, "" for nothing; status is that
// of the page which says so.
func (s *Kit) answered(r *http.Request, who *store.Person) (wrong string, status int, err error) {
	words, form := s.Words(r), r.PostForm
	code, passkey, password := form.Get(fieldCode), form.Get(fieldPasskey), form.Get(fieldPassword)
	dropAnswer(form)
	proof := ""
	switch {
	case !who.SecondFactor:
		login, err := s.Authenticate(r, who.Login, password)
		switch {
		case err != nil:
			return "", 0, err
		case !login.Until.IsZero() && login.Person == nil:
			return s.RestingWords(words, login), http.StatusTooManyRequests, nil
		case login.Person == nil:
			return words.T("password.old_wrong", "N", login.Left), http.StatusUnprocessableEntity, nil
		}
	case passkey != "":
		if proof, err = s.provedByPasskey(r, who, passkey); err != nil {
			return "", 0, err
		} else if proof == "" {
			return words.T("second.passkey_wrong"), http.StatusUnprocessableEntity, nil
		}
	case strings.TrimSpace(code) == "":
		return words.T("second.code_missing"), http.StatusUnprocessableEntity, nil
	default:
		answer, err := s.store.ProveByCode(r.Context(), *who, code, From(r))
		switch {
		case err != nil:
			return "", 0, err
		case answer.Proof == "" && !answer.Until.IsZero():
			return words.T("second.resting", "N", int(answer.Until.Sub(s.Now()).Minutes())+1), http.StatusTooManyRequests, nil
		case answer.Proof == "":
			return words.T("second.code_wrong", "N", answer.Left), http.StatusUnprocessableEntity, nil
		}
		proof = answer.Proof
	}
	s.sessions.Put(r.Context(), sessionProof, proof)
	s.sessions.Put(r.Context(), sessionSureAt, s.Now().Unix())
	who.Proof = proof
	return "", 0, nil
}

// dropAnswer takes codes and answers of passkeys out of the form: no page carries one.
func dropAnswer(form url.Values) {
	form.Del(fieldCode)
	form.Del(fieldPasskey)
}

// provedByPasskey is the proof that the browser's answer makes; "" if it makes none.
func (s *Kit) provedByPasskey(r *http.Request, who *store.Person, answer string) (proof string, err error) {
	factors, err := s.store.Factors(r.Context(), who.ID)
	if err != nil {
		return "", err
	}
	passkeys, err := s.Passkeys(r)
	var id []byte
	var key json.RawMessage
	if err == nil {
		id, key, err = passkeys.UseEnd(HolderOf(s.Words(r), who, factors), s.TakeAsked(r), answer)
	}
	if err != nil {
		s.Log.InfoContext(r.Context(), "a passkey was not taken", "person", who.ID, "err", err)
		return "", s.store.TellLogin(r.Context(), who.ID, store.NotProved, From(r))
	}
	return s.store.ProveByPasskey(r.Context(), who.ID, id, key)
}

// sure reports whether they proved who they are shortly ago.
func (s *Kit) sure(r *http.Request) bool {
	return s.Now().Sub(time.Unix(s.sessions.GetInt64(r.Context(), sessionSureAt), 0)) <= sureFor
}

// awaitSecond keeps whose password was right, until the second factor comes.
func (s *Kit) awaitSecond(r *http.Request, who *store.Person) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Remove(r.Context(), sessionPerson) // whoever it was has not given this password
	s.sessions.Put(r.Context(), sessionHalf, string(who.ID))
	s.sessions.Put(r.Context(), sessionHalfAt, s.Now().Unix())
	s.sessions.Put(r.Context(), sessionPassword, who.PasswordMark)
	return nil
}

// half is whose second factor is awaited; nil for nobody, or not any more.
func (s *Kit) half(r *http.Request) (*store.Person, error) {
	id := s.sessions.GetString(r.Context(), sessionHalf)
	if id == "" || s.Now().Sub(time.Unix(s.sessions.GetInt64(r.Context(), sessionHalfAt), 0)) > halfLasts {
		return nil, nil
	}
	who, err := s.store.Person(r.Context(), proposal.PersonID(id))
	if Refused(err, proposal.NotFound) || err == nil && !s.stands(r.Context(), who) {
		return nil, nil
	}
	return &who, err
}

func (s *Kit) renderLoginSecond(w http.ResponseWriter, r *http.Request, status int, who *store.Person, p *LoginSecondPage, wrong string) (err error) {
	p.Title, p.Name = s.Words(r).T("second.title"), s.Words(r).Name(who.Name)
	if s.sessions.GetString(r.Context(), sessionThere) != "" {
		p.Provider = s.ProviderName(r)
	}
	if p.Second, err = s.askSecond(r, who, wrong); err != nil {
		return err
	}
	return s.Render(w, r, status, p)
}

// LoginSecond takes the second factor and lets them in.
func (s *Kit) LoginSecond(w http.ResponseWriter, r *http.Request) error {
	p := &LoginSecondPage{Back: LocalPath(r.PostForm.Get("back")), Kept: s.keptFromLogin(r)}
	who, err := s.half(r)
	if err != nil {
		return err
	}
	if who == nil {
		return s.renderLogin(w, r, http.StatusUnauthorized, &LoginPage{Back: p.Back, Kept: p.Kept, Lost: true})
	}
	wrong, status, err := s.answered(r, who)
	switch {
	case err != nil:
		return err
	case wrong != "":
		return s.renderLoginSecond(w, r, status, who, p, wrong)
	}
	return s.enter(w, r, who, p.Back, p.Kept)
}

// MustEnrol reports whether the bureau asks a second factor of the person, who has none and proved none at the provider. What it asks is known as of the last page that was drawn.
func (s *Kit) MustEnrol(r *http.Request, who *store.Person) bool {
	return !who.SecondFactor && !s.sessions.GetBool(r.Context(), sessionThereFactor) && s.asksFactor(r, who)
}

// asksFactor reports whether the bureau asks a second factor of the person.
func (s *Kit) asksFactor(r *http.Request, who *store.Person) bool {
	bureau := s.bureau.Load()
	if bureau == nil {
		now := s.bureauNow(r.Context())
		bureau = &now
	}
	return bureau.AsksSecondFactor(who.Roles)
}

// SecondFactorPath is where one chooses a second factor.
const SecondFactorPath = "/second-factor"

// errNoSecond is a request of somebody who has to choose a second factor first.
var errNoSecond = &BadRequest{http.StatusForbidden, "refusal.no_second", "the bureau asks a second factor of the person, who has none"}

// enrolled lets whoever must choose a second factor do that, or prove one at the provider, and nothing else.
func (s *Kit) enrolled(w http.ResponseWriter, r *http.Request, who *store.Person) (ok bool, err error) {
	if strings.HasPrefix(r.URL.Path, SecondFactorPath) || r.URL.Path == ProviderProvePath || !s.MustEnrol(r, who) {
		return true, nil
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false, errNoSecond
	}
	http.Redirect(w, r, SecondFactorPath, http.StatusSeeOther)
	return false, nil
}

// Proved asks who signs to prove once more who they are, unless they did so shortly ago. What they sent waits on the page that asks, and comes back with the
// answer. Who has no second factor and needs none passes.
func (s *Kit) Proved(signs func(*http.Request) bool, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who := OfficerOf(r)
		if !signs(r) || !who.SecondFactor && !s.asksFactor(r, who) {
			return h(w, r)
		}
		wrong, status := "", http.StatusUnauthorized
		if who.Proof == "" && (r.PostForm.Has(fieldCode) || r.PostForm.Has(fieldPasskey)) {
			var err error
			if wrong, status, err = s.answered(r, who); err != nil {
				return err
			}
		}
		dropAnswer(r.PostForm) // who is sure enough needs none, such as a press that came twice
		if wrong == "" && who.Proof != "" {
			return h(w, r)
		}
		return s.renderProve(w, r, status, &ProvePage{Signs: true, Kept: s.KeepForm(s.Words(r), r.URL.Path, r.PostForm), Path: r.URL.Path}, wrong)
	}
}

// Sure asks who is there to prove who they are before they see or change by what they do so. The page that asks posts to path.
func (s *Kit) Sure(path string, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if s.sure(r) {
			return h(w, r)
		}
		return s.renderProve(w, r, http.StatusUnauthorized, &ProvePage{Path: path}, "")
	}
}

// ProveSubmit takes the answer to what Sure asks, and goes back to the page.
func (s *Kit) ProveSubmit(w http.ResponseWriter, r *http.Request) error {
	wrong, status, err := s.answered(r, OfficerOf(r))
	switch {
	case err != nil:
		return err
	case wrong != "":
		return s.renderProve(w, r, status, &ProvePage{Path: r.URL.Path}, wrong)
	}
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return nil
}

func (s *Kit) renderProve(w http.ResponseWriter, r *http.Request, status int, p *ProvePage, wrong string) (err error) {
	p.Title = s.Words(r).T("second.title")
	who := OfficerOf(r)
	if p.Second, err = s.askSecond(r, who, wrong); err != nil {
		return err
	}
	p.Second.Password = p.Second.Password && !p.Signs // it proves too little
	if s.ProvesThere(r, who, p.Signs) {
		p.Second.Provider, p.Second.Silent = s.ProviderName(r), s.providerAway()
	}
	return s.Render(w, r, status, p)
}
