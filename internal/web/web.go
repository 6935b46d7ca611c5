// Package web is everything people see in a browser: the officers' desk, the supervisor's overview, the public site and
// the JSON API. It reads through internal/store, acts through the typed calls of workflows, and takes its rules from
// internal/proposal: a page offers what the rules allow, and the engine decides.
//
// internal/app imports it; nothing else does. It must never import pgx, an activity or the worker, never decide a rule
// itself, and never show anybody the text of a Go error.
package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/klauspost/compress/gzhttp"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
)

// Config is what the web needs to run. Every field is required unless it says otherwise.
type Config struct {
	Bureau            string // the bureau's full name, as the pages and replies say it
	Store             *store.Store
	Cases             *workflows.Client
	Mail              bool   // mails are sent: a mail server is set up
	SecureCookies     bool   // send cookies over TLS only; off for plain HTTP on loopback
	TemporalUI        string // address of the Temporal Web UI, for the overview's links; empty for no links
	TemporalNamespace string // where the workflows are, for the same links
	Log               *slog.Logger
	Now               func() time.Time
}

// Server serves the whole site. Make one with New.
type Server struct {
	Config
	book     dayBook
	sessions *scs.SessionManager
	locales  map[string]*words
	pages    *renderer
	news     *store.LiveNews
	failures map[string]failurePage // by the beginning of the address
}

// New prepares a server; it opens no port. It fails only if a catalogue or template in the binary is broken.
func New(cfg Config) (*Server, error) {
	locales, err := loadLocales(cfg.Now)
	if err != nil {
		return nil, err
	}
	pages, err := newRenderer(locales)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: cfg, locales: locales, pages: pages, news: store.NewLiveNews(cfg.Store), failures: map[string]failurePage{}}
	s.news.Log = cfg.Log
	s.sessions = s.newSessions(cfg.Store.SessionStore())
	s.failUnder("/api/", s.answerFailure)
	s.failUnder("/public/", s.renderPublicError)
	s.failUnder("/deputy/", s.renderPublicError)
	return s, nil
}

// Handler is the site as one handler.
func (s *Server) Handler() http.Handler {
	return s.observe(compressed(secureHeaders(s.readable(s.routes()))))
}

// compressed sends text compressed to whoever can read it so. A page holds no secret of the site beside words that a reader chose,
// so its length tells nothing (BREACH). Streams and files stay as they are.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"text/html", "text/css", "text/javascript", "application/json"}))
	if err != nil {
		panic(err) // only for options that do not fit
	}
	return wrap(next)
}
