package kit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Login by the house's own provider (统一身份认证): people go there on an errand, and come back with what the provider says of them.

// What a session holds of it.
const (
	sessionErrand       = "errand."       // before the state: what somebody went to the provider for
	sessionThere        = "there"         // the subject as whom they came in by the provider; "" of who came in by password
	sessionThereSession = "there_session" // the provider's name for the session from which they came
	sessionUnlinked     = "unlinked"      // why nothing was linked, for the page that is drawn next
	sessionThereFactor  = "there_factor"  // they proved it there by what the bureau takes for a second factor
)

const (
	errandLasts = 15 * time.Minute // how long somebody may be at the provider
	maxErrands  = 5                // of one browser at once
)

// What somebody goes to the provider for, besides logging in.
const (
	errandProve = "prove" // to prove once more who they are
	errandLink  = "link"  // to have it known who they are there
)

// errand is what somebody went to the provider for, kept in their session under its state.
type errand struct {
	oidc.Asked
	For    string            // "": to log in
	Person proposal.PersonID // who is logged in; "" of who is about to
	Path   string            // where they go then, or where the form was sent
	Form   url.Values        // what they sent; nil for nothing
}

const (
	providerBack = "/login/provider/back" // where people come back from the provider
	// ProviderProvePath is from where they go there to prove once more who they are.
	ProviderProvePath = "/login/provider/prove"
)

// LeavePage sends somebody to the provider. A form that is answered by another site's address goes nowhere: browsers hold such an answer back.
type LeavePage struct {
	Frame
	Address, Provider string
}

func (*LeavePage) Template() string { return "leave.html" }

// LoggedOutPage says that one is logged out here, and where one logs out at the provider.
type LoggedOutPage struct {
	Frame
	Address, Provider string
}

func (*LoggedOutPage) Template() string { return "logged_out.html" }

// ProviderName is what the house's own provider of logins is called; "" if nobody comes in by one.
func (s *Kit) ProviderName(r *http.Request) string {
	if s.Provider == nil {
		return ""
	}
	login := s.bureauNow(r.Context()).Login
	return cmp.Or(s.Words(r).Name(store.Name{ZH: login.Name, EN: login.NameEN}), s.Words(r).T("login.provider_name"))
}

// ProviderLogin sends somebody to the provider to log in.
func (s *Kit) ProviderLogin(w http.ResponseWriter, r *http.Request) error {
	e := errand{Path: LocalPath(r.PostForm.Get("back"))}
	kept := s.keptFromLogin(r)
	if kept != nil {
		// It is kept in the record meanwhile: for nobody whose browser the record does not know.
		person, err := s.store.BrowserPerson(r.Context(), s.browserOf(r))
		if err != nil {
			return err
		}
		if person == "" {
			return s.renderLogin(w, r, http.StatusConflict, &LoginPage{Back: e.Path, Kept: kept, ProviderError: s.Words(r).T("login.provider_words")})
		}
		e.Form = kept.form()
	}
	return s.setOff(w, r, e)
}

// form is what was sent.
func (k *Kept) form() url.Values {
	form := url.Values{}
	for _, f := range k.Hidden {
		form.Add(f.Name, f.Value)
	}
	return form
}

// ProviderProve sends who is logged in to the provider to prove once more who they are. What they sent waits.
func (s *Kit) ProviderProve(w http.ResponseWriter, r *http.Request) error {
	e := errand{For: errandProve, Person: OfficerOf(r).ID, Path: LocalPath(r.URL.Query().Get("to"))}
	dropAnswer(r.PostForm)
	r.PostForm.Del(fieldPassword)
	if len(r.PostForm) > 0 {
		e.Form = r.PostForm
	}
	return s.setOff(w, r, e)
}

// ProviderLink sends who is logged in to the provider, so that it is known who they are there.
func (s *Kit) ProviderLink(w http.ResponseWriter, r *http.Request) error {
	return s.setOff(w, r, errand{For: errandLink, Person: OfficerOf(r).ID, Path: SecondFactorPath})
}

func (s *Kit) setOff(w http.ResponseWriter, r *http.Request, e errand) (err error) {
	if s.Provider == nil {
		return ErrNotFound
	}
	address := ""
	// Whoever is logged in proves it anew: somebody else may have gone to the provider from this desk before.
	address, e.Asked, err = s.Provider.Begin(s.Site(r)+providerBack, e.For != "")
	if err != nil {
		return s.notConfirmed(w, r, e, err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	s.forgetErrands(r)
	s.sessions.Put(r.Context(), sessionErrand+e.State, string(data))
	w.Header().Set("Refresh", "0; url="+address)
	return s.Render(w, r, http.StatusOK, &LeavePage{Frame: Frame{Title: s.Words(r).T("login.leaving", "Provider", s.ProviderName(r))}, Address: address, Provider: s.ProviderName(r)})
}

// forgetErrands makes room: of those from which nobody came back in time all go, and of the others the oldest.
func (s *Kit) forgetErrands(r *http.Request) {
	at := map[string]time.Time{}
	for _, key := range s.sessions.Keys(r.Context()) {
		if state, ok := strings.CutPrefix(key, sessionErrand); ok {
			if e, ok := s.errandOf(r, state); ok {
				at[key] = e.At
			} else {
				s.sessions.Remove(r.Context(), key)
			}
		}
	}
	byAge := slices.SortedFunc(maps.Keys(at), func(a, b string) int { return at[a].Compare(at[b]) })
	for len(byAge) >= maxErrands {
		s.sessions.Remove(r.Context(), byAge[0])
		byAge = byAge[1:]
	}
}

func (s *Kit) errandOf(r *http.Request, state string) (e errand, ok bool) {
	err := json.Unmarshal([]byte(s.sessions.GetString(r.Context(), sessionErrand+state)), &e)
	return e, err == nil && s.Now().Sub(e.At) <= errandLasts
}

// ProviderBack takes what the provider says of who comes back from it.
func (s *Kit) ProviderBack(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return ErrNotFound
	}
	query := r.URL.Query()
	e, ok := s.errandOf(r, query.Get("state"))
	s.sessions.Remove(r.Context(), sessionErrand+query.Get("state"))
	who := OfficerOf(r)
	switch {
	case !ok && who != nil: // the page was loaded again
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	case !ok:
		return s.renderLogin(w, r, http.StatusBadRequest, &LoginPage{Back: "/", ProviderError: s.Words(r).T("login.provider_lost")})
	case e.For != "" && who == nil:
		return s.renderLogin(w, r, http.StatusUnauthorized, &LoginPage{Back: e.Path, Kept: s.keptOf(r, e), Lost: true})
	case e.For != "" && who.ID != e.Person:
		return errOthersForm
	}
	there, err := s.Provider.End(r.Context(), e.Asked, query)
	switch {
	case err != nil:
		return s.notConfirmed(w, r, e, err)
	case e.For == errandProve:
		return s.provedThere(w, r, e, who, there)
	case e.For == errandLink:
		return s.linkedThere(w, r, e, who, there)
	}
	return s.enterFromThere(w, r, e, there)
}

// keptOf is the form that waited.
func (s *Kit) keptOf(r *http.Request, e errand) *Kept {
	if e.Form == nil {
		return nil
	}
	return s.KeepForm(s.Words(r), e.Path, e.Form)
}

// notConfirmed says why nobody was confirmed by the provider. That it did not answer is nobody's doing, and not told among the logins.
func (s *Kit) notConfirmed(w http.ResponseWriter, r *http.Request, e errand, err error) error {
	s.Log.WarnContext(r.Context(), "the provider confirmed nobody", "err", err)
	var refused *oidc.Refusal
	key, status := "login.provider_wrong", http.StatusForbidden
	if e.For != "" {
		key = "second.provider_wrong"
	}
	switch {
	case errors.Is(err, oidc.ErrAway):
		key, status = "login.provider_away", http.StatusServiceUnavailable
	case errors.As(err, &refused):
		key = "login.provider_refused"
	}
	if status == http.StatusForbidden {
		if err := s.store.TellAtProvider(r.Context(), e.Person, store.NotConfirmed, "", From(r)); err != nil {
			return err
		}
	}
	return s.backUnproved(w, r, e, status, s.Words(r).T(key, "Provider", s.ProviderName(r)))
}

// backUnproved goes back to the page from which they set off, which says what is wrong.
func (s *Kit) backUnproved(w http.ResponseWriter, r *http.Request, e errand, status int, wrong string) error {
	switch {
	case e.For == errandProve && (e.Form != nil || e.Path == SecondFactorPath):
		return s.renderProve(w, r, status, &ProvePage{Signs: e.Form != nil, Kept: s.keptOf(r, e), Path: e.Path}, wrong)
	case e.For != "": // from the page of second factors
		s.sessions.Put(r.Context(), sessionUnlinked, wrong)
		http.Redirect(w, r, SecondFactorPath, http.StatusSeeOther)
		return nil
	}
	return s.renderLogin(w, r, status, &LoginPage{Back: e.Path, Kept: s.keptOf(r, e), ProviderError: wrong})
}

// TakeUnlinked is why nothing was linked when they came back from the provider, in words; "" if they did not come, or it was.
func (s *Kit) TakeUnlinked(r *http.Request) string {
	return s.sessions.PopString(r.Context(), sessionUnlinked)
}

// enterFromThere lets in whoever the provider says it is.
func (s *Kit) enterFromThere(w http.ResponseWriter, r *http.Request, e errand, there identity.Provided) error {
	who, what, err := s.store.EnterByProvider(r.Context(), there, From(r))
	if err != nil {
		return err
	}
	if what != store.CameIn {
		return s.backUnproved(w, r, e, http.StatusForbidden,
			s.Words(r).T("login."+string(what), "Provider", s.ProviderName(r), "Username", cmp.Or(there.Username, there.Subject)))
	}
	kept := s.keptOf(r, e)
	if kept != nil {
		mine, err := s.mine(r, e.Form.Get(FieldDrawnFor), who.ID)
		if err != nil {
			return err
		}
		if !mine {
			return s.renderLogin(w, r, http.StatusConflict, &LoginPage{Back: e.Path, Kept: kept, Others: true})
		}
	}
	factor := s.bureauNow(r.Context()).Login.Stand(there.Factors)
	s.sessions.Put(r.Context(), sessionThere, there.Subject)
	s.sessions.Put(r.Context(), sessionThereSession, there.Session)
	s.sessions.Put(r.Context(), sessionThereFactor, factor)
	s.sessions.Remove(r.Context(), sessionProof)
	s.sessions.Remove(r.Context(), sessionSureAt)
	if !factor && who.SecondFactor {
		if err := s.awaitSecond(r, &who); err != nil {
			return err
		}
		return s.renderLoginSecond(w, r, http.StatusOK, &who, &LoginSecondPage{Back: e.Path, Kept: kept}, "")
	}
	if err := s.sureFromThere(r, &who, there, factor); err != nil {
		return err
	}
	return s.enter(w, r, &who, e.Path, kept)
}

// mine reports whether it was they who typed the form: it says for whom it was drawn, or, if it does not, they were the last in this browser.
func (s *Kit) mine(r *http.Request, drawn string, who proposal.PersonID) (bool, error) {
	if drawn != "" {
		return drawn == string(who), nil
	}
	last, err := s.store.BrowserPerson(r.Context(), s.browserOf(r))
	return last == who, err
}

// sureFromThere keeps when they proved at the provider who they are, which may be long ago: whoever wants them to be sure looks at that. Of a second factor it
// makes a proof.
func (s *Kit) sureFromThere(r *http.Request, who *store.Person, there identity.Provided, factor bool) (err error) {
	at := there.At
	if at.After(s.Now()) { // by a clock that is ahead
		at = s.Now()
	}
	if factor {
		if who.Proof, err = s.store.ProveByProvider(r.Context(), who.ID, at); err != nil {
			return err
		}
		s.sessions.Put(r.Context(), sessionProof, who.Proof)
	}
	s.sessions.Put(r.Context(), sessionSureAt, at.Unix())
	return nil
}

// provedThere goes on with what somebody wanted who was asked to prove once more who they are.
func (s *Kit) provedThere(w http.ResponseWriter, r *http.Request, e errand, who *store.Person, there identity.Provided) error {
	words := s.Words(r)
	person, err := s.store.PersonAtProvider(r.Context(), there)
	if err != nil {
		return err
	}
	factor := s.bureauNow(r.Context()).Login.Stand(there.Factors)
	wrong := ""
	switch {
	case person != who.ID:
		wrong = words.T("second.provider_other", "Provider", s.ProviderName(r))
	case !factor && (e.Form != nil || who.SecondFactor || e.Path != SecondFactorPath && s.MustEnrol(r, who)):
		wrong = words.T("second.provider_no_factor", "Provider", s.ProviderName(r))
	}
	if wrong != "" {
		if err := s.store.TellAtProvider(r.Context(), who.ID, store.NotConfirmed, there.Username, From(r)); err != nil {
			return err
		}
		return s.backUnproved(w, r, e, http.StatusForbidden, wrong)
	}
	if err := s.sureFromThere(r, who, there, factor); err != nil {
		return err
	}
	if factor {
		s.sessions.Put(r.Context(), sessionThereFactor, true)
	}
	if kept := s.keptOf(r, e); kept != nil {
		return s.Render(w, r, http.StatusOK, &KeptPage{Frame: Frame{Title: words.T("kept.proved_title")}, Kept: kept, Proved: true})
	}
	http.Redirect(w, r, e.Path, http.StatusSeeOther)
	return nil
}

// linkedThere keeps who somebody is at the provider. This session goes on, all others of theirs are over.
func (s *Kit) linkedThere(w http.ResponseWriter, r *http.Request, e errand, who *store.Person, there identity.Provided) error {
	words, name := s.Words(r), cmp.Or(there.Username, there.Subject)
	linked, err := s.store.LinkAtProvider(r.Context(), who.ID, there)
	if err != nil {
		return err
	}
	if !linked {
		return s.backUnproved(w, r, e, http.StatusConflict, words.T("second.provider_taken", "Username", name))
	}
	now, err := s.store.Person(r.Context(), who.ID)
	if err != nil {
		return err
	}
	if err := s.BeginSession(r, &now); err != nil {
		return err
	}
	s.Flash(r, words.T("second.flash_provider", "Provider", s.ProviderName(r), "Username", name))
	http.Redirect(w, r, SecondFactorPath, http.StatusSeeOther)
	return nil
}

// ProviderEnded ends the sessions of whom the provider says that they are gone: those that came from its session, or all that came from it.
func (s *Kit) ProviderEnded(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return ErrNotFound
	}
	w.Header().Set("Cache-Control", "no-store")
	subject, session, err := s.Provider.Ended(r.Context(), r.PostForm.Get("logout_token"))
	switch {
	case errors.Is(err, oidc.ErrAway):
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	case err != nil:
		s.Log.WarnContext(r.Context(), "nobody's sessions are ended", "err", err)
		w.WriteHeader(http.StatusBadRequest)
		return nil
	}
	type ended struct {
		key, from string
		person    proposal.PersonID
	}
	var all []ended
	err = s.sessions.Iterate(r.Context(), func(ctx context.Context) error {
		there := s.sessions.GetString(ctx, sessionThere)
		if there != "" && (subject == "" || there == subject) && (session == "" || s.sessions.GetString(ctx, sessionThereSession) == session) {
			all = append(all, ended{s.sessions.Token(ctx), s.sessions.GetString(ctx, sessionFrom), proposal.PersonID(s.sessions.GetString(ctx, sessionPerson))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, one := range all {
		// The manager would hash the key, which is a hash already.
		if err := s.sessions.Store.Delete(one.key); err != nil {
			return err
		}
		if err := s.store.TellAtProvider(r.Context(), one.person, store.EndedThere, "", one.from); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// mayPassword reports whether a password of theirs is taken.
func (s *Kit) mayPassword(ctx context.Context, who *store.Person) bool {
	return who.HasPassword && (who.Has(proposal.Admin) || !s.bureauNow(ctx).Login.NoPasswords)
}

// ProvesThere reports whether they can prove at the provider who they are, and with that what they are asked, while it answers.
func (s *Kit) ProvesThere(r *http.Request, who *store.Person, signs bool) bool {
	if s.Provider == nil || !who.AtProvider {
		return false
	}
	return len(s.bureauNow(r.Context()).Login.Factors) > 0 || !signs && !who.SecondFactor
}

// providerAway reports whether the provider does not answer.
func (s *Kit) providerAway() bool { return s.Provider != nil && !s.Provider.Away().IsZero() }

// sayProvider fills what the login page says of the provider.
func (s *Kit) sayProvider(r *http.Request, p *LoginPage) {
	p.Provider = s.ProviderName(r)
	p.ProviderAway = s.providerAway()
	p.NoPasswords = s.bureauNow(r.Context()).Login.NoPasswords
}
