package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

const (
	pageLooks  = 15 // how often each page is asked for
	pageHands  = 8  // who record cases at a time
	supervisor = "supervisor"
	password   = "a password of the benchmark"
)

// pages are what who supervises opens in the morning, and the desk of a liaison.
var pages = []string{"/overview", "/statistics", "/statistics/table", "/cases", "/cases?overdue=1", "/"}

// lastYear waits until it is read how long cases were at each station, which is done once a day beside the pages.
const lastYear = "/overview.xlsx"

// measurePages fills the record with so many cases, a third answered, the others at every stage from registration to signature, assigned over the
// last four months, and prints how long the server takes for each page. The cases have no workflows: pages are read from the record.
func measurePages(ctx context.Context, record *store.Store, url string, cases, finished int, log *slog.Logger) error {
	crews, err := hire(ctx, record)
	if err != nil {
		return err
	}
	if _, err := record.UpsertPerson(ctx, store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.Supervisor, proposal.Liaison}}, Login: supervisor, Name: store.Name{ZH: "王岚"}, Active: true,
	}, password); err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(pageHands)
	begun := time.Now()
	for i := range cases {
		if i%1000 == 0 {
			say(fmt.Sprintf("%d of %d cases, %s", i, cases, time.Since(begun).Round(time.Second)))
		}
		group.Go(func() error { return enter(ctx, record, crews[i%len(crews)], i) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if finished > 0 {
		if err := finish(ctx, record, url, crews, finished); err != nil {
			return err
		}
	}
	site, err := web.New(web.Config{Store: record, Cases: &workflows.Client{Actions: record}, Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	return lookAt(ctx, server.URL, cases, finished)
}

// enter records the i-th case as far as its number says.
func enter(ctx context.Context, record *store.Store, c crew, i int) error {
	key := assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 1 + i/9999, Number: fmt.Sprintf("%04d", 1+i%9999)}
	l := born(c, key, calendar.DateOf(time.Now()).AddDays(-i%120))
	acts := l.actions[:1+i%actions]
	if i%3 == 0 {
		acts = slices.Concat(l.actions[:], l.sent(c))
	}
	for step, a := range acts {
		if err := l.step(ctx, record, step, a); err != nil {
			return err
		}
	}
	return nil
}

// sent are the actions by which the reply leaves the house.
func (l *life) sent(c crew) []proposal.Action {
	return []proposal.Action{
		{Kind: proposal.AssignNumber, By: c.liaison, Input: &proposal.NumberAssignment{}},
		{Kind: proposal.Dispatch, By: c.liaison, Input: &proposal.DispatchNote{Mode: proposal.DispatchByPost}},
	}
}

// step records one action at the time of the record.
func (l *life) step(ctx context.Context, record *store.Store, step int, a proposal.Action) error {
	if step == draftAt {
		if err := l.write(ctx, record); err != nil {
			return err
		}
	}
	if a.ID == "" {
		a.ID = uuid.NewString()
	}
	if err := record.SaveAction(ctx, l.caseID, a); err != nil {
		return err
	}
	cases := &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: record.Now}
	if err := failure(cases.Record(ctx, ledger.Command{CaseID: l.caseID, ActionID: a.ID, Kind: a.Kind})); err != nil {
		return fmt.Errorf("%s: %w", a.Kind, err)
	}
	return nil
}

// lookAt opens the pages as the supervisor, and prints.
func lookAt(ctx context.Context, site string, cases, finished int) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar}
	get := func(method, path, body string) (time.Duration, error) {
		r, err := http.NewRequestWithContext(ctx, method, site+path, strings.NewReader(body))
		if err != nil {
			return 0, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", site)
		begun := time.Now()
		answer, err := browser.Do(r)
		if err != nil {
			return 0, err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return 0, errors.New(path + ": " + answer.Status)
		}
		return time.Since(begun), nil
	}
	if _, err := get(http.MethodPost, "/login", url.Values{"account": {supervisor}, "password": {password}}.Encode()); err != nil {
		return err
	}
	begun := time.Now()
	if _, err := get(http.MethodGet, lastYear, ""); err != nil {
		return err
	}
	say("last year, " + time.Since(begun).Round(100*time.Millisecond).String())
	fmt.Printf("Pages at %d open and %d finished cases, server and its database on this machine, %d looks each\n%24s  %7s  %7s\n", cases, finished, pageLooks, "", "p50 ms", "max ms")
	for _, page := range pages {
		var took []time.Duration
		for range pageLooks {
			d, err := get(http.MethodGet, page, "")
			if err != nil {
				return err
			}
			took = append(took, d)
		}
		slices.Sort(took)
		ms := func(d time.Duration) string { return strconv.FormatFloat(d.Seconds()*1000, 'f', 1, 64) }
		fmt.Printf("%24s  %7s  %7s\n", page, ms(took[pageLooks/2]), ms(took[pageLooks-1]))
	}
	return nil
}
