package oidc

import (
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	provider "github.com/banli/banli/internal/testkit/oidc"
)

const site = "http://banli.test"

// through goes to the provider, logs in there, and is the query with which the browser is sent back.
func through(t *testing.T, at *provider.Provider, address string) url.Values {
	t.Helper()
	at.Site = site
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), site) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	answer, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if back == nil {
		t.Fatalf("the provider answers %s", answer.Status)
	}
	return back.Query()
}

func newProvider(t *testing.T) (*Provider, *provider.Provider) {
	t.Helper()
	at := provider.New(t)
	at.Here = &provider.Someone{
		Subject: "248289761001", Username: "zhangqiong", Name: "张琼", Email: "zhangqiong@bureau.example", Groups: []string{"banli-handlers"}, ACR: "urn:two", AMR: []string{"pwd", "otp"},
	}
	p := New(Config{Issuer: at.URL, ClientID: provider.ClientID, Secret: provider.Secret, Scopes: []string{"profile", "email"}, Groups: "groups"}, time.Now)
	if err := p.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p, at
}

func begin(t *testing.T, p *Provider, anew bool) (address string, asked Asked) {
	t.Helper()
	address, asked, err := p.Begin(site+"/login/provider/back", anew)
	if err != nil {
		t.Fatal(err)
	}
	return address, asked
}

func TestWhoComesIn(t *testing.T) {
	p, at := newProvider(t)
	address, asked := begin(t, p, false)
	query := through(t, at, address)
	who, err := p.End(t.Context(), asked, query)
	if err != nil {
		t.Fatal(err)
	}
	if who.Issuer != at.URL || who.Subject != "248289761001" || who.Username != "zhangqiong" || who.Name != "张琼" || who.Email != "zhangqiong@bureau.example" ||
		!slices.Equal(who.Groups, []string{"banli-handlers"}) || !who.Grouped || !slices.Equal(who.Factors, []string{"urn:two", "pwd", "otp"}) || time.Since(who.At) > time.Minute {
		t.Errorf("who came: %+v", who)
	}
	if _, err := p.End(t.Context(), asked, query); err == nil {
		t.Error("a code was taken twice")
	}
	// An address that the provider has not seen to be theirs is not told, nor is a claim that is not there an empty list of groups.
	at.Here = &provider.Someone{Subject: "2", Username: "li\x00 si\n"}
	address, asked = begin(t, p, false)
	if who, err = p.End(t.Context(), asked, through(t, at, address)); err != nil || who.Email != "" || who.Grouped || who.Username != "li si" {
		t.Errorf("who came: %+v, %v", who, err)
	}
}

// What is not an answer to what was asked lets nobody in.
func TestWrongAnswers(t *testing.T) {
	now := time.Now()
	for name, test := range map[string]struct {
		says      map[string]any
		algorithm string
		asked     func(*Asked)
		query     url.Values
		anew      bool
		proved    time.Duration
		right     bool
	}{
		"as it should be":                {right: true},
		"another nonce":                  {says: map[string]any{"nonce": "another"}},
		"no nonce":                       {says: map[string]any{"nonce": nil}},
		"the state of another browser":   {query: url.Values{"state": {"another"}}},
		"the verifier of another":        {asked: func(a *Asked) { a.Verifier = strings.Repeat("x", 43) }},
		"run out":                        {says: map[string]any{"exp": now.Add(-2 * time.Minute).Unix()}},
		"run out by a clock that is off": {says: map[string]any{"exp": now.Add(-30 * time.Second).Unix()}, right: true},
		"of the future":                  {says: map[string]any{"iat": now.Add(2 * time.Minute).Unix()}},
		"of a clock that is ahead":       {says: map[string]any{"iat": now.Add(30 * time.Second).Unix()}, right: true},
		"for another program":            {says: map[string]any{"aud": "other"}},
		"for several programs":           {says: map[string]any{"aud": []string{"other", provider.ClientID}, "azp": nil}},
		"made for another program":       {says: map[string]any{"aud": []string{"other", provider.ClientID}, "azp": "other"}},
		"of another provider":            {says: map[string]any{"iss": "https://other.example"}},
		"sent back by another provider":  {query: url.Values{"iss": {"https://other.example"}}},
		"not signed":                     {algorithm: "none"},
		"signed with what we know":       {algorithm: "HS256"},
		"of nobody":                      {says: map[string]any{"sub": ""}},
		"told of another":                {says: map[string]any{"sub": "another"}},
		"proved anew":                    {anew: true, right: true},
		"proved an hour ago":             {proved: -time.Hour, right: true},
		"not proved anew":                {anew: true, proved: -time.Hour},
		"not said when":                  {anew: true, says: map[string]any{"auth_time": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			p, at := newProvider(t)
			at.Says, at.Algorithm = test.says, test.algorithm
			if test.proved != 0 {
				at.Proved, at.Stale = now.Add(test.proved), true
			}
			address, asked := begin(t, p, test.anew)
			query := through(t, at, address)
			for key, values := range test.query {
				query[key] = values
			}
			if test.asked != nil {
				test.asked(&asked)
			}
			who, err := p.End(t.Context(), asked, query)
			if (err == nil) != test.right {
				t.Errorf("who came: %+v, %v", who, err)
			}
			if !test.right && (who.Username != "" || errors.Is(err, ErrAway)) {
				t.Errorf("who came: %+v, %v", who, err)
			}
		})
	}
}

// A provider that changes its keys, turns somebody away or does not answer.
func TestKeysAnswersAndSilence(t *testing.T) {
	p, at := newProvider(t)
	come := func() error {
		address, asked := begin(t, p, false)
		_, err := p.End(t.Context(), asked, through(t, at, address))
		return err
	}
	if err := come(); err != nil {
		t.Fatal(err)
	}
	at.Rotate()
	if err := come(); err != nil {
		t.Errorf("after a change of keys: %v", err)
	}
	here := at.Here
	at.Here = nil
	var refused *Refusal
	if err := come(); !errors.As(err, &refused) || refused.Code != "access_denied" {
		t.Errorf("who turns back: %v", err)
	}
	at.Here = here
	address, asked := begin(t, p, false)
	query := through(t, at, address)
	at.Down = true
	if _, err := p.End(t.Context(), asked, query); !errors.Is(err, ErrAway) {
		t.Errorf("a provider that fails: %v", err)
	}
	if err := p.Check(t.Context()); err == nil || p.Away().IsZero() {
		t.Errorf("a provider that fails: %v, away since %v", err, p.Away())
	}
	at.Down = false
	if err := p.Check(t.Context()); err != nil || !p.Away().IsZero() {
		t.Errorf("a provider that answers again: %v, away since %v", err, p.Away())
	}
	at.Close()
	if _, err := p.End(t.Context(), asked, query); !errors.Is(err, ErrAway) {
		t.Errorf("a provider that is not there: %v", err)
	}

	never := New(Config{Issuer: "http://127.0.0.1:1"}, time.Now)
	if err := never.Check(t.Context()); err == nil || never.Away().IsZero() {
		t.Errorf("nothing listens there: %v", err)
	}
	if _, _, err := never.Begin(site, false); !errors.Is(err, ErrAway) {
		t.Errorf("nothing listens there: %v", err)
	}
	if p := New(Config{Issuer: at.URL + "/other"}, time.Now); p.Check(t.Context()) == nil {
		t.Error("a provider of another name was taken")
	}
}

// What a provider sends that somebody is gone.
func TestEnded(t *testing.T) {
	p, at := newProvider(t)
	subject, session, err := p.Ended(t.Context(), at.LogoutToken(map[string]any{"sub": "1", "sid": "s"}))
	if err != nil || subject != "1" || session != "s" {
		t.Errorf("%q, %q, %v", subject, session, err)
	}
	for name, says := range map[string]map[string]any{
		"a token that lets in": {"sub": "1", "nonce": "n"}, "of nobody": {}, "for another": {"sub": "1", "aud": "other"}, "of another": {"sub": "1", "iss": "https://other.example"},
		"of before": {"sub": "1", "exp": time.Now().Add(-time.Hour).Unix()}, "about something else": {"sub": "1", "events": map[string]any{}},
	} {
		if subject, _, err := p.Ended(t.Context(), at.LogoutToken(says)); err == nil {
			t.Errorf("%s ends the sessions of %q", name, subject)
		}
	}
	at.Algorithm = "none"
	if _, _, err := p.Ended(t.Context(), at.LogoutToken(map[string]any{"sub": "1"})); err == nil {
		t.Error("a token that nobody signed ends a session")
	}
	if address := p.Logout(site + "/login"); !strings.HasPrefix(address, at.URL+"/") || !strings.Contains(address, "client_id=banli") {
		t.Errorf("the logout is at %q", address)
	}
}
