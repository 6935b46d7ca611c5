// Package web is everything people see in a browser, and the JSON API. It only wires: which address leads to which room, and what
// each room is given. The rooms are the packages beside it, with what they stand on: locale, static and templates, then kit, then
// casefile and reply. They read through internal/store, act through the typed calls of workflows, and take their rules from
// internal/proposal: a page offers what the rules allow, and the engine decides.
//
// internal/app imports it; nothing else does. Nothing under it may import pgx, an activity or the worker, decide a rule itself, or
// show anybody the text of a Go error; and no room imports another.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/admin"
	"github.com/banli/banli/internal/web/api"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/caseroom"
	"github.com/banli/banli/internal/web/desk"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/live"
	"github.com/banli/banli/internal/web/office"
	"github.com/banli/banli/internal/web/signing"
	"github.com/banli/banli/internal/web/site"
	"github.com/banli/banli/internal/web/supervision"
	"github.com/banli/banli/workflows"
)

// Config is what the web needs to run. Every field is required unless it says otherwise.
type Config struct {
	Store             *store.Store
	Cases             *workflows.Client
	Mail              bool           // mails are sent: a mail server is set up
	Push              bool           // to-dos are handed to a portal
	SealService       bool           // a service seals replies electronically
	SecureCookies     bool           // send cookies over TLS only; off for plain HTTP on loopback
	PublicURL         string         // of the site as people reach it, for the links that are passed on; empty: as the browser that asks knows it
	SessionIdle       time.Duration  // after which a session ends that nobody uses; 0: two hours
	SessionLifetime   time.Duration  // after which it ends whatever is done; 0: twelve hours
	TrustedProxies    []netip.Prefix // their X-Forwarded-For tells where requests came from; nil for none
	Provider          *oidc.Provider // the house's own provider of logins; nil: people come in by password alone
	TemporalUI        string         // address of a Temporal Web UI of one's own, for links to it; empty for no links
	EngineUI          http.Handler   // the engine's Web UI, to be served under EnginePath instead; nil for none
	EngineCodec       http.Handler   // decodes what the engine keeps, for its Web UI; nil if that is not encrypted
	TemporalNamespace string         // where the workflows are, for the same links
	Log               *slog.Logger
	Now               func() time.Time
}

// Server serves the whole site. Make one with New.
type Server struct {
	*kit.Kit
	admin       *admin.Room
	api         *api.Room
	caseroom    *caseroom.Room
	desk        *desk.Room
	inbox       *inbox.Room
	live        *live.Room
	office      *office.Room
	signing     *signing.Room
	site        *site.Room
	supervision *supervision.Room

	engineOrigin string // of a Temporal Web UI that is elsewhere; "" for none
}

const (
	// EnginePath is where the engine's Web UI is served to whoever looks after it.
	EnginePath = "/engine"
	// CodecPath is where that UI, or another, has what the engine keeps decoded: under it stands /decode.
	CodecPath = EnginePath + "/codec"
)

// New prepares a server; it opens no port. It fails only if a catalogue or template in the binary is broken.
func New(cfg Config) (*Server, error) {
	engine := strings.TrimSuffix(cfg.TemporalUI, "/")
	if cfg.EngineUI != nil {
		engine = EnginePath
	}
	origin := ""
	if ui, err := url.Parse(engine); err != nil {
		return nil, fmt.Errorf("read the address of the Temporal Web UI: %w", err)
	} else if ui.Host != "" {
		origin = ui.Scheme + "://" + ui.Host
	}
	news := store.NewLiveNews(cfg.Store)
	news.Log = cfg.Log
	k, err := kit.New(kit.Config{Ready: cfg.Cases.Ready, Engine: engine, Namespace: cfg.TemporalNamespace, SecureCookies: cfg.SecureCookies, PublicURL: cfg.PublicURL, SessionIdle: cfg.SessionIdle, SessionLifetime: cfg.SessionLifetime, TrustedProxies: cfg.TrustedProxies, Provider: cfg.Provider, OwnWords: cfg.Store.Wordings.Own, Log: cfg.Log, Now: cfg.Now}, cfg.Store, cfg.Store.SessionStore(), news)
	if err != nil {
		return nil, err
	}
	files := casefile.New(k, cfg.Store)
	over := supervision.New(files, cfg.Store, cfg.Cases, cfg.EngineUI, cfg.EngineCodec, cfg.Mail, cfg.Push)
	s := &Server{
		Kit:          k,
		admin:        admin.New(k, cfg.Store, cfg.Cases, cfg.SealService, cfg.Mail),
		api:          api.New(files, cfg.Store, cfg.Cases, over.Brief),
		caseroom:     caseroom.New(files, cfg.Store, cfg.Cases, cfg.SealService),
		desk:         desk.New(files, cfg.Store, cfg.Cases),
		inbox:        inbox.New(k, cfg.Store, cfg.Mail),
		live:         live.New(k, news),
		office:       office.New(files, cfg.Store, cfg.Cases),
		signing:      signing.New(files, cfg.Store, cfg.Cases),
		site:         site.New(k, cfg.Store, cfg.Cases),
		engineOrigin: origin,
		supervision:  over,
	}
	k.FailUnder("/api/", s.api.AnswerFailure)
	k.FailUnder("/public/", s.site.RenderError)
	k.FailUnder("/deputy/", s.site.RenderError)
	return s, nil
}

// Handler is the site as one handler.
func (s *Server) Handler() http.Handler { return s.Around(s.routes()) }

// HearNews passes on to open pages what others do, until the context ends. Run it once.
func (s *Server) HearNews(ctx context.Context) { s.live.HearNews(ctx) }
