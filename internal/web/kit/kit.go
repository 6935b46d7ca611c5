// Package kit is what every room of the site stands on: who is there (session, login), how a page is drawn, how a form is read
// and drawn again with what is wrong in it, how an error is answered, and the guards around every request.
//
// Rooms and package casefile import it. It must never import a room, nor know of a case: what it shows of its own is the login
// page, the error page and what is kept of a form that came when the session was gone.
package kit

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/templates"
)

// Config is what every room needs to know of the site.
type Config struct {
	Engine        string // address of the Temporal Web UI, without a slash at its end; "" if there is none to go to
	Namespace     string // where in it the workflows are
	SecureCookies bool   // send cookies over TLS only
	PublicURL     string // of the site as people reach it, for the links that are passed on; "": as the browser that asks knows it
	// A session ends when nobody has used it for SessionIdle (0: two hours), and after SessionLifetime (0: twelve) whatever was done.
	SessionIdle, SessionLifetime time.Duration
	// TrustedProxies are those whose word for where a request came from is taken.
	TrustedProxies []netip.Prefix
	Provider       *oidc.Provider                // by which people come in; nil: by password alone
	Ready          func(context.Context) error   // whether an action would be taken now
	OwnWords       func(lang, key string) string // the bureau's, in the place of the catalogue's
	Log            *slog.Logger
	Now            func() time.Time
}

// Kit is shared by all rooms; each embeds it. Make one with New.
type Kit struct {
	Config
	store    Store
	news     News
	book     dayBook
	bureau   atomic.Pointer[proposal.Bureau] // as it was last read
	sessions *scs.SessionManager
	locales  map[string]*locale.Words
	pages    *templates.Set
	failures map[string]FailurePage // by the beginning of the address
}

// News knows how far the news of what others do has come.
type News interface {
	Mark() string
}

// New prepares a kit. It fails only if a catalogue or template in the binary is broken.
func New(cfg Config, store Store, sessions scs.Store, news News) (*Kit, error) {
	locales, err := locale.Load(cfg.Now, cfg.OwnWords)
	if err != nil {
		return nil, err
	}
	pages, err := templates.Parse()
	if err != nil {
		return nil, err
	}
	s := &Kit{Config: cfg, store: store, news: news, locales: locales, pages: pages, failures: map[string]FailurePage{}}
	s.sessions = s.newSessions(sessions)
	return s, nil
}

// Site is the address before a link that is passed on to somebody. What the administrator of the server said goes before what a request says of
// itself.
func (s *Kit) Site(r *http.Request) string {
	switch {
	case s.PublicURL != "":
		return strings.TrimSuffix(s.PublicURL, "/")
	case s.SecureCookies || r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Around puts the guards that every request passes before the site: its origin, the log, compression, headers, and the limits of what is read.
func (s *Kit) Around(site http.Handler) http.Handler {
	return s.throughProxies(s.observe(compressed(s.secureHeaders(s.readable(site)))))
}
