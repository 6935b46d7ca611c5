package kit

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

const sessionCookie = "banli"

// secretCookie is the name of a cookie that lets somebody in. Over TLS it tells the browser that no other host of the domain may set it.
func (s *Kit) secretCookie(name string) string {
	if s.SecureCookies {
		return "__Host-" + name
	}
	return name
}

// browserCookie is the secret by which the record knows who logged in last with a browser: whose the words are that a form brings
// when a session is over, and whose wrong passwords are not a stranger's.
const (
	browserCookie    = "banli_browser"
	browserCookieAge = 180 * 24 * time.Hour
)

// What a session holds: who is logged in and, for one page, what to tell them. The interface language is a cookie.
const (
	sessionPerson = "person"
	sessionFlash  = "flash"

	sessionPassword = "password" // the mark of the password that was given: a new one ends every session

	sessionSitting = "sitting" // what the last registration has in common with the next
)

func (s *Kit) newSessions(kept scs.Store) *scs.SessionManager {
	m := scs.New()
	m.Store = kept
	m.Lifetime, m.IdleTimeout = cmp.Or(s.SessionLifetime, 12*time.Hour), cmp.Or(s.SessionIdle, 2*time.Hour)
	m.HashTokenInStore = true
	m.Cookie.Name = s.secretCookie(sessionCookie)
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = s.SecureCookies
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.Log.ErrorContext(r.Context(), "session store", "err", err)
		if errors.Is(err, store.ErrSessionNotKept) {
			return // the answer is on its way: what was asked for was read or done, only the session is as it was before
		}
		refusal := &proposal.Refusal{Code: proposal.EngineUnavailable}
		errors.As(err, &refusal)
		s.fail(w, r, refusal)
	}
	return m
}

// BeginSession makes the session that of the person, with the password that they have now, under a new token. It proves nothing: when they last proved who
// they are stays as it was.
func (s *Kit) BeginSession(r *http.Request, who *store.Person) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionPerson, string(who.ID))
	s.sessions.Put(r.Context(), sessionPassword, who.PasswordMark)
	s.sessions.Put(r.Context(), sessionID, uuid.NewString())
	s.sessions.Put(r.Context(), sessionSince, s.Now().Unix())
	s.sessions.Put(r.Context(), sessionSeen, s.Now().Unix())
	s.sessions.Put(r.Context(), sessionFrom, From(r))
	s.sessions.Remove(r.Context(), sessionHalf)
	return nil
}

// browserOf is the secret of the browser; "" if it has none.
func (s *Kit) browserOf(r *http.Request) string {
	cookie, err := r.Cookie(s.secretCookie(browserCookie))
	if err != nil {
		return ""
	}
	return cookie.Value
}

type officerKey struct{}

// WithOfficer says who is logged in.
func WithOfficer(ctx context.Context, who *store.Person) context.Context {
	return context.WithValue(ctx, officerKey{}, who)
}

// OfficerOf is who is logged in; nil for nobody.
func OfficerOf(r *http.Request) *store.Person {
	who, _ := r.Context().Value(officerKey{}).(*store.Person)
	return who
}

// loadSession is the request's context with its session, which is neither kept alive nor saved.
func (s *Kit) loadSession(r *http.Request) (context.Context, error) {
	token := ""
	if cookie, err := r.Cookie(s.secretCookie(sessionCookie)); err == nil {
		token = cookie.Value
	}
	return s.sessions.Load(r.Context(), token)
}

// WithSession loads the session and, if somebody is logged in, the officer with today's roles: a right taken away holds
// from the next request on. A page that refreshes itself does not keep the session alive: nobody may be there.
func (s *Kit) WithSession(next http.Handler) http.Handler {
	inside := s.withPerson(next)
	kept := s.sessions.LoadAndSave(inside)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Refreshes(r) {
			kept.ServeHTTP(w, r)
			return
		}
		ctx, err := s.loadSession(r)
		if err != nil {
			s.sessions.ErrorFunc(w, r, err)
			return
		}
		inside.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *Kit) withPerson(next http.Handler) http.Handler {
	return s.sameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(withMark(r.Context(), s.news.Mark()))
		if id := s.sessions.GetString(r.Context(), sessionPerson); id != "" {
			who, err := s.store.Person(r.Context(), proposal.PersonID(id))
			if err != nil && !Refused(err, proposal.NotFound) {
				s.fail(w, r, err)
				return
			}
			if s.stands(r.Context(), who) {
				s.sessions.Put(r.Context(), sessionSeen, s.Now().Unix())
				if s.sure(r) {
					who.Proof = s.sessions.GetString(r.Context(), sessionProof)
				}
				r = r.WithContext(WithOfficer(r.Context(), &who))
			}
		}
		next.ServeHTTP(w, r)
	}))
}

// stands reports whether the session is still theirs: they may log in, and with the password that they gave then.
func (s *Kit) stands(ctx context.Context, who store.Person) bool {
	return who.Active && s.sessions.GetString(ctx, sessionPassword) == who.PasswordMark
}

type markKey struct{}

// withMark remembers up to which news the page that is about to be drawn has seen.
func withMark(ctx context.Context, mark string) context.Context {
	return context.WithValue(ctx, markKey{}, mark)
}

// SignedIn lets only officers through. Others are asked to log in and come back; a form they sent is kept.
func (s *Kit) SignedIn(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if who := OfficerOf(r); who != nil {
			if err := drawnFor(who, r.PostForm); err != nil {
				return err
			}
			r.Form.Del(FieldDrawnFor)
			if ok, err := s.enrolled(w, r, who); !ok {
				return err
			}
			return h(w, r)
		}
		if Refreshes(r) {
			w.WriteHeader(http.StatusUnauthorized) // the page that is open stays, and says so
			return nil
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return s.renderLogin(w, r, http.StatusUnauthorized, &LoginPage{Back: r.URL.Path, Kept: s.Keep(r), Lost: true})
		}
		login := "/login?back=" + EscapeQuery(r.URL.RequestURI())
		if r.Header.Get("HX-Request") != "" {
			w.Header().Set("HX-Redirect", login) // another page, not a change of this one
			w.WriteHeader(http.StatusUnauthorized)
			return nil
		}
		http.Redirect(w, r, login, http.StatusSeeOther)
		return nil
	}
}

// drawnFor refuses a form that was drawn for somebody else, whose session has ended in this browser since: nobody sends what
// another has typed.
func drawnFor(who *store.Person, form url.Values) error {
	if drawn := form.Get(FieldDrawnFor); drawn != "" && drawn != string(who.ID) {
		return errOthersForm
	}
	form.Del(FieldDrawnFor)
	return nil
}

// Flash tells the officer something on the next page.
func (s *Kit) Flash(r *http.Request, text string) { s.sessions.Put(r.Context(), sessionFlash, text) }

// takeFlash is safe on pages without a session too, such as the refusal of a cross-origin form.
func (s *Kit) takeFlash(r *http.Request) string {
	return s.sessions.PopString(r.Context(), sessionFlash)
}

// PersonInSession is who has the session of the request, without using it; nil for nobody.
func (s *Kit) PersonInSession(r *http.Request) (*store.Person, error) {
	ctx, err := s.loadSession(r)
	if err != nil {
		return nil, err
	}
	id := s.sessions.GetString(ctx, sessionPerson)
	if id == "" {
		return nil, nil
	}
	who, err := s.store.Person(ctx, proposal.PersonID(id))
	switch {
	case Refused(err, proposal.NotFound) || err == nil && !s.stands(ctx, who):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &who, nil
}

// sittingFields are what a morning's registrations have in common: they come from one sitting, with one letter.
var sittingFields = []string{"body", "level", "term", "session", "intersession", "assigned_on", "due_on"}

// RememberSitting keeps what a registration has in common with the next one of this session.
func (s *Kit) RememberSitting(r *http.Request, form url.Values) {
	sitting := url.Values{}
	for _, name := range sittingFields {
		if value := form.Get(name); value != "" {
			sitting.Set(name, value)
		}
	}
	s.sessions.Put(r.Context(), sessionSitting, sitting.Encode())
}

// LastSitting is what RememberSitting kept.
func (s *Kit) LastSitting(r *http.Request) url.Values {
	sitting, err := url.ParseQuery(s.sessions.GetString(r.Context(), sessionSitting))
	if err != nil {
		return nil // nobody but RememberSitting writes it
	}
	return sitting
}
