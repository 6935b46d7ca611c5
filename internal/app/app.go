// Package app is the program as a value: New opens what it needs, Run serves until the context ends, Close lets go. Both
// mains are one call to it, and tests start the real thing. It wires the rooms of the house together; nothing but cmd
// and tests may import it.
package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/eseal"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/mail"
	"github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/payload"
	"github.com/banli/banli/internal/push"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"golang.org/x/sync/errgroup"
)

// App is the running program.
type App struct {
	Store *store.Store
	Cases *workflows.Client

	config   Config
	calendar *store.LiveCalendar
	temporal client.Client
	payloads *payload.Codec // nil: what the engine keeps is not encrypted
	listener net.Listener
	tls      *tls.Config    // nil: plain HTTP
	mail     *mail.Server   // nil: no mails are sent
	portal   *push.Portal   // nil: no to-dos are handed over
	seals    *eseal.Service // nil: no service seals replies
	provider *oidc.Provider // nil: people come in by password alone
}

// New opens the database and the port, so that what is wrong shows at once. It does not wait for the engine. Every error
// is one plain line.
func New(ctx context.Context, config Config) (*App, error) {
	a := &App{config: config}
	if config.Serve {
		listener, err := net.Listen("tcp", config.Web.Listen)
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("%s is taken by another program: stop it, or choose another address with --listen", config.Web.Listen)
		} else if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", config.Web.Listen, err)
		}
		a.listener = listener
	}
	var err error
	if a.tls, err = config.Web.TLS.config(config.Log); err != nil {
		a.Close()
		return nil, err
	}
	if a.Store, err = store.Open(ctx, config.Database.URL); err != nil {
		a.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if config.Log != nil {
		a.Store.Log = config.Log
	}
	if a.calendar, err = store.NewLiveCalendar(ctx, a.Store); err != nil {
		a.Close()
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	if config.Secrets.Keys != "" {
		keys, err := keyring.Open(config.Secrets.Keys)
		if err != nil {
			a.Close()
			return nil, err
		}
		a.Store.Secrets = keys
	}
	bureau, err := a.Store.Bureau(ctx, calendar.Date{})
	if err != nil {
		a.Close()
		return nil, fmt.Errorf("read the bureau: %w", err)
	}
	if _, ok := a.Store.Rules.For(bureau.Profile, calendar.DateOf(time.Now())); !ok && bureau.Profile != "" {
		a.Close()
		return nil, fmt.Errorf("the bureau follows the rules of profile %q, and no rule pack of it is valid today: put it in force with banli rules put", bureau.Profile)
	}
	if a.mail, err = config.Mail.server(); err != nil {
		a.Close()
		return nil, err
	}
	if a.portal, err = config.Push.portal(config.Mail.PublicURL); err != nil {
		a.Close()
		return nil, err
	}
	if a.seals, err = config.Seal.service(); err != nil {
		a.Close()
		return nil, err
	}
	if a.provider, err = config.Provider.provider(); err != nil {
		a.Close()
		return nil, err
	}
	if config.Engine.File != "" {
		if a.payloads, err = payload.Open(config.Engine.File); err != nil {
			a.Close()
			return nil, err
		}
	}
	if err := a.agreeOnKeys(ctx); err != nil {
		a.Close()
		return nil, err
	}
	if a.temporal, err = config.Temporal.dial(a.payloads, config.Log); err != nil {
		a.Close()
		return nil, err
	}
	a.Cases = &workflows.Client{Temporal: a.temporal, Actions: a.Store}
	return a, nil
}

// Close lets go of everything that New opened.
func (a *App) Close() {
	if a.listener != nil {
		a.listener.Close()
	}
	if a.temporal != nil {
		a.temporal.Close()
	}
	if a.Store != nil {
		a.Store.Close()
	}
}

// Site is the address of the web server, for whoever works on this machine.
func (a *App) Site() string {
	scheme := "http"
	if a.tls != nil {
		scheme = "https"
	}
	return scheme + "://" + a.listener.Addr().String()
}

// SetupAddress makes a one-time address behind which the bureau is set up, and tells until when it opens; "" if an administrator can log in. An
// address that was made before opens nothing any more.
func (a *App) SetupAddress(ctx context.Context) (address string, until time.Time, err error) {
	needs, err := a.Store.NeedsSetup(ctx)
	if err != nil || !needs {
		return "", until, err
	}
	code, until, err := a.Store.NewSetupCode(ctx)
	site := strings.TrimSuffix(cmp.Or(a.config.Mail.PublicURL, a.Site()), "/")
	return site + "/setup/" + code, until, err
}

// Run serves and works until the context ends, then finishes what is under way. It returns nil when it was asked to end.
func (a *App) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	// The worker goes on until the last request has its answer: an action that is under way needs it.
	working, rest := context.WithCancel(context.WithoutCancel(ctx))
	defer rest()
	group.Go(func() error { a.Store.Rules.Run(ctx); return nil })
	group.Go(func() error { a.Store.Wordings.Run(ctx); return nil })
	group.Go(func() error { return a.keepToKeys(ctx) })
	if a.config.Work {
		group.Go(func() error { return a.work(working) })
	} else {
		group.Go(func() error { a.calendar.Run(ctx, func() error { return nil }); return nil })
	}
	if a.config.Serve {
		group.Go(func() error { defer rest(); return a.serve(ctx) })
	} else {
		context.AfterFunc(ctx, rest)
	}
	return group.Wait()
}

func (a *App) work(ctx context.Context) error {
	days := a.calendar.Current
	mailer, err := a.mailer()
	if err != nil {
		return err
	}
	pusher, err := a.pusher()
	if err != nil {
		return err
	}
	cases := &activities.Cases{Ledger: a.Store, Calendar: days, Packs: a.Store.Rules, Now: time.Now}
	cases.Indexed = a.indexed(ctx)
	reconciler := &activities.Reconciler{Cases: a.Store, Engine: a.Cases, Ring: cases.Ring, Now: time.Now, Indexed: cases.Indexed}
	w := worker.New(a.temporal, cases, reconciler,
		&activities.Recalculator{Cases: a.Store, Calendar: days, Packs: a.Store.Rules, Act: a.Cases.ActAlone, Now: time.Now},
		&activities.Bulks{Record: a.Store, Act: a.Cases.Act}, mailer, pusher)
	if err := w.Start(); err != nil {
		return fmt.Errorf("reach Temporal at %s, namespace %s: %w", a.config.Temporal.Address, a.config.Temporal.Namespace, err)
	}
	defer w.Stop()
	stop, err := a.print()
	if err != nil {
		return err
	}
	defer stop()
	if err := worker.ReconcileHourly(ctx, a.temporal); err != nil && ctx.Err() == nil {
		return fmt.Errorf("schedule the hourly reconciliation: %w", err)
	}
	if err := a.scheduleMail(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("schedule the mails: %w", err)
	}
	if err := a.schedulePush(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("schedule the to-dos: %w", err)
	}
	if _, err := a.Cases.Reconcile(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("start the reconciliation: %w", err)
	}
	// Deadlines are counted again when a year arrives, and at the start: it may have arrived while no worker ran.
	recalculate := func() error {
		_, err := a.Cases.Recalculate(ctx)
		return err
	}
	if err := recalculate(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("start counting the deadlines: %w", err)
	}
	go a.carryBulks(ctx)
	go a.watch(ctx, reconciler)
	go a.passOn(ctx)
	if a.config.Retention != (Retention{}) {
		go a.sweep(ctx)
	}
	if a.config.Heads.File != "" {
		go a.signHeads(ctx)
	}
	a.calendar.Run(ctx, recalculate)
	return nil
}

// print takes orders for PDF files, if LibreOffice is installed here; stop has the one that is being made end.
func (a *App) print() (stop func(), err error) {
	press := gongwen.FindPrinter()
	if press == nil {
		return func() {}, nil
	}
	prints := &activities.Prints{Record: a.Store, Press: press}
	if a.seals != nil {
		prints.Sealer = a.seals
	}
	w := worker.NewPrinting(a.temporal, prints)
	return w.Stop, w.Start()
}

// indexed asks whether the engine can find cases by their numbers, and says so if it cannot.
func (a *App) indexed(ctx context.Context) bool {
	within, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	indexed, err := worker.Indexed(within, a.temporal, a.config.Temporal.Namespace)
	if !indexed && ctx.Err() == nil {
		a.config.Log.Warn("the engine does not find cases by number: its namespace lacks the search attributes CaseNumber, CaseStage, CaseDue (docs/runbook.md)", "err", err)
	}
	return indexed
}

// rounds does something again and again until the context ends. A round that fails, or panics, is told, and the next comes all the same: what looks after
// everybody's cases does not end the program that they work with, nor end itself unseen.
func (a *App) rounds(ctx context.Context, every time.Duration, failed string, round func(context.Context) error) {
	for {
		if err := unpanicked(ctx, round); err != nil && ctx.Err() == nil {
			a.config.Log.Error(failed, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// unpanicked makes an error of a panic.
func unpanicked(ctx context.Context, round func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return round(ctx)
}

// watch looks after cases whose workflows somebody terminated, reset or broke in the engine. Whatever it found, a reconciliation then tells that all
// is well again.
func (a *App) watch(ctx context.Context, reconciler *activities.Reconciler) {
	since := time.Now().Add(-time.Hour)
	a.rounds(ctx, watchRound, "workflows are not looked after", func(ctx context.Context) error {
		begun := time.Now()
		drift, err := reconciler.Watch(ctx, since)
		if err == nil && drift.Missing+drift.Behind > 0 {
			a.config.Log.Warn("workflows were interfered with in the engine; their cases are taken up from the record", "cases", drift.Missing+drift.Behind)
			_, err = a.Cases.Reconcile(ctx)
		}
		if err == nil {
			since = begun.Add(-watchRound)
		}
		return err
	})
}

// watchRound is how long a case may stand without a workflow.
const watchRound = 20 * time.Second

// carryBulks sees to it that every bulk that is not finished has a workflow: one that was saved while the engine was away, or whose
// workflow was lost, is taken up again.
func (a *App) carryBulks(ctx context.Context) {
	a.rounds(ctx, bulkRound, "bulks are not taken up", func(ctx context.Context) error {
		ids, err := a.Store.UnfinishedBulks(ctx)
		for _, id := range ids {
			err = errors.Join(err, a.Cases.StartBulk(ctx, id))
		}
		return err
	})
}

// bulkRound is how long a bulk may stand without a workflow.
const bulkRound = 30 * time.Second

// passOn sees to it that what somebody had goes back when they have left, moved, or lost a role or a cover (R21).
func (a *App) passOn(ctx context.Context) {
	people := &activities.People{Record: a.Store, Calendar: a.calendar.Current, Packs: a.Store.Rules, Act: a.Cases.ActAlone, Now: time.Now}
	a.rounds(ctx, peopleRound, "what people had who have gone is not passed on", people.PassOn)
}

// peopleRound is how long a case may wait for somebody who has gone.
const peopleRound = 5 * time.Second

func (a *App) serve(ctx context.Context) error {
	var codec http.Handler
	if a.payloads != nil {
		codec = converter.NewPayloadCodecHTTPHandler(a.payloads)
	}
	site, err := web.New(web.Config{
		Store:             a.Store,
		Cases:             a.Cases,
		Mail:              a.mail != nil,
		Push:              a.portal != nil,
		SealService:       a.seals != nil,
		SecureCookies:     a.config.Web.SecureCookies || a.tls != nil,
		PublicURL:         a.config.Mail.PublicURL,
		SessionIdle:       a.config.Sessions.Idle,
		SessionLifetime:   a.config.Sessions.Lifetime,
		TrustedProxies:    a.config.Web.TrustedProxies,
		Provider:          a.provider,
		TemporalUI:        a.config.Web.TemporalUI,
		EngineUI:          a.config.EngineUI,
		EngineCodec:       codec,
		TemporalNamespace: a.config.Temporal.Namespace,
		Log:               a.config.Log,
		Now:               time.Now,
	})
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           site.Handler(),
		TLSConfig:         a.tls,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	hearing, stop := context.WithCancel(ctx)
	defer stop()
	go site.HearNews(hearing)
	if a.provider != nil {
		go a.rounds(hearing, providerRound, "the provider of logins does not answer", a.provider.Check)
	}
	finished := make(chan error, 1)
	go func() {
		<-ctx.Done()
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRequests)
		defer cancel()
		finished <- server.Shutdown(finish)
	}()
	if a.tls != nil {
		err = server.ServeTLS(a.listener, "", "")
	} else {
		err = server.Serve(a.listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-finished; err != nil {
		a.config.Log.Warn("requests are cut off", "err", err)
	}
	return nil
}

// providerRound is how often the provider of logins is asked whether it is there.
const providerRound = 30 * time.Second

// lastRequests is how long a server that is told to stop waits for the requests under way: a little longer than an officer waits for an answer.
const lastRequests = 12 * time.Second
