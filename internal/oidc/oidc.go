// Package oidc lets people come in by the house's own provider of logins (统一身份认证), by OpenID Connect: the way there and back, and what has to be true
// of what comes back. It alone knows the libraries for it. It keeps nothing, and knows neither the record nor a page.
package oidc

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/banli/banli/internal/identity"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config says which provider it is, and who we are to it.
type Config struct {
	Issuer           string // as the provider calls itself
	ClientID, Secret string
	Scopes           []string // besides openid
	Groups           string   // the claim that names a person's groups
}

// Provider is the provider. Make one with New, and have Check called again and again.
type Provider struct {
	config Config
	now    func() time.Time
	known  atomic.Pointer[known]
	away   atomic.Pointer[time.Time] // since when it has not answered; nil as long as it does
}

// known is what the provider says of itself.
type known struct {
	at         *oidc.Provider
	EndSession string `json:"end_session_endpoint"`
	NamesBack  bool   `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

const (
	// skew is by how much the provider's clock may be ahead of ours or behind.
	skew = time.Minute
	// answers is how long the provider is waited for.
	answers = 10 * time.Second
)

var client = &http.Client{Timeout: answers}

// New prepares a provider; it asks it nothing yet.
func New(config Config, now func() time.Time) *Provider {
	p := &Provider{config: config, now: now}
	never := now()
	p.away.Store(&never)
	return p
}

// Check asks the provider what it says of itself. As long as it has not answered once nobody can come in by it.
func (p *Provider) Check(ctx context.Context) error {
	err := p.ask(ctx)
	if err == nil {
		p.away.Store(nil)
	} else if p.away.Load() == nil {
		now := p.now()
		p.away.Store(&now)
	}
	return err
}

func (p *Provider) ask(ctx context.Context) error {
	at, err := oidc.NewProvider(oidc.ClientContext(ctx, client), p.config.Issuer)
	if err != nil {
		return err
	}
	says := &known{at: at}
	if err := at.Claims(says); err != nil {
		return err
	}
	p.known.Store(says)
	return nil
}

// Away is since when the provider has not answered; zero if it did when it was asked last.
func (p *Provider) Away() time.Time {
	if since := p.away.Load(); since != nil {
		return *since
	}
	return time.Time{}
}

// Asked is what has to be kept, bound to the browser, until somebody comes back from the provider.
type Asked struct {
	State, Nonce, Verifier string
	Redirect               string // our address to which they come back
	Anew                   bool   // they were to prove once more who they are
	At                     time.Time
}

// ErrAway is the answer while the provider does not answer.
var ErrAway = errors.New("oidc: the provider does not answer")

// Begin is the address at the provider to which somebody goes, and what has to be kept until they come back to redirect. With anew they are to prove there
// who they are even if they did so before.
func (p *Provider) Begin(redirect string, anew bool) (address string, asked Asked, err error) {
	at := p.known.Load()
	if at == nil {
		return "", asked, ErrAway
	}
	asked = Asked{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Redirect: redirect, Anew: anew, At: p.now()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(asked.Nonce), oauth2.S256ChallengeOption(asked.Verifier)}
	if anew {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.oauth(at, redirect).AuthCodeURL(asked.State, options...), asked, nil
}

func (p *Provider) oauth(at *known, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.Secret, Endpoint: at.at.Endpoint(), RedirectURL: redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...),
	}
}

// verifier takes what the provider has signed for us. A token may have run out by a clock that is as late as skew allows.
func (p *Provider) verifier(at *known) *oidc.IDTokenVerifier {
	return at.at.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: func() time.Time { return p.now().Add(-skew) }})
}

// Refusal is an error that the provider names, such as access_denied.
type Refusal struct{ Code string }

func (r *Refusal) Error() string { return "oidc: the provider answers " + r.Code }

// End is who came back with the query of our address. Any error but ErrAway and a Refusal means that the answer is not one to what was asked.
func (p *Provider) End(ctx context.Context, asked Asked, query url.Values) (identity.Provided, error) {
	at := p.known.Load()
	switch from := query.Get("iss"); {
	case at == nil:
		return identity.Provided{}, ErrAway
	case subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(asked.State)) != 1 || asked.State == "":
		return identity.Provided{}, errors.New("oidc: the answer is to another question")
	case from != "" && from != p.config.Issuer, from == "" && at.NamesBack:
		return identity.Provided{}, fmt.Errorf("oidc: the answer comes from %q", from)
	case query.Get("error") != "":
		return identity.Provided{}, &Refusal{oneLine(query.Get("error"))}
	}
	ctx = oidc.ClientContext(ctx, client)
	tokens, err := p.oauth(at, asked.Redirect).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(asked.Verifier))
	if err != nil {
		return identity.Provided{}, away(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.verifier(at).Verify(ctx, raw)
	if err != nil {
		return identity.Provided{}, err
	}
	person, claims, err := p.read(asked, token)
	if err != nil {
		return identity.Provided{}, err
	}
	if at.at.UserInfoEndpoint() != "" {
		info, err := at.at.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err != nil {
			return identity.Provided{}, away(err)
		}
		if info.Subject != token.Subject {
			return identity.Provided{}, errors.New("oidc: what is told of the person is told of another")
		}
		var more map[string]any
		if err := info.Claims(&more); err != nil {
			return identity.Provided{}, err
		}
		for name, value := range more {
			if _, said := claims[name]; !said {
				claims[name] = value
			}
		}
	}
	p.describe(&person, claims)
	return person, nil
}

// away makes ErrAway of what no answer came to: what the provider refused is no such thing.
func away(err error) error {
	var refused *oauth2.RetrieveError
	var unreached *url.Error
	if !errors.As(err, &refused) && errors.As(err, &unreached) || refused != nil && refused.Response.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return err
}

// read takes from the token what nothing else may say, and holds it against what was asked.
func (p *Provider) read(asked Asked, token *oidc.IDToken) (identity.Provided, map[string]any, error) {
	var said struct {
		Party    string          `json:"azp"`
		Session  string          `json:"sid"`
		ACR      string          `json:"acr"`
		AMR      json.RawMessage `json:"amr"`
		AuthTime float64         `json:"auth_time"`
	}
	claims := map[string]any{}
	if err := errors.Join(token.Claims(&said), token.Claims(&claims)); err != nil {
		return identity.Provided{}, nil, err
	}
	person := identity.Provided{Issuer: token.Issuer, Subject: token.Subject, Session: said.Session}
	if said.AuthTime != 0 {
		person.At = time.Unix(int64(said.AuthTime), 0).UTC()
	}
	switch now := p.now(); {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(asked.Nonce)) != 1:
		return person, nil, errors.New("oidc: the token has the nonce of another question")
	case said.Party != "" && said.Party != p.config.ClientID, said.Party == "" && len(token.Audience) > 1:
		return person, nil, fmt.Errorf("oidc: the token was made for %q", cmp.Or(said.Party, strings.Join(token.Audience, " ")))
	case token.IssuedAt.After(now.Add(skew)) || person.At.After(now.Add(skew)):
		return person, nil, errors.New("oidc: the token is of the future")
	case asked.Anew && person.At.Before(asked.At.Add(-skew)):
		return person, nil, errors.New("oidc: nobody proved anew who they are")
	case token.Subject == "" || len(token.Subject) > 255 || oneLine(token.Subject) != token.Subject: // OpenID Connect Core, 2
		return person, nil, errors.New("oidc: the token has no subject")
	}
	if said.ACR != "" {
		person.Factors = append(person.Factors, said.ACR)
	}
	person.Factors = append(person.Factors, texts(decoded(said.AMR))...)
	return person, claims, nil
}

// describe takes what the provider says of the person besides.
func (p *Provider) describe(person *identity.Provided, claims map[string]any) {
	text := func(name string) string {
		value, _ := claims[name].(string)
		return oneLine(value)
	}
	person.Username, person.Name = text("preferred_username"), text("name")
	if verified, _ := claims["email_verified"].(bool); verified {
		person.Email = text("email")
	}
	groups, said := claims[p.config.Groups]
	person.Groups, person.Grouped = texts(groups), said
}

func decoded(raw json.RawMessage) (value any) {
	json.Unmarshal(raw, &value) // what is no JSON is no claim either
	return value
}

// texts are the texts of a claim that holds one or several.
func texts(claim any) []string {
	switch v := claim.(type) {
	case string:
		return []string{oneLine(v)}
	case []any:
		var all []string
		for _, one := range v {
			if text, ok := one.(string); ok {
				all = append(all, oneLine(text))
			}
		}
		return all
	}
	return nil
}

// oneLine is a text without what no name has in it, at most 200 characters of it.
func oneLine(text string) string {
	kept := slices.DeleteFunc([]rune(strings.ToValidUTF8(text, "")), unicode.IsControl)
	return strings.TrimSpace(string(kept[:min(len(kept), 200)]))
}

// Logout is the address at the provider where one logs out there too, and then comes to back; "" if the provider has none.
func (p *Provider) Logout(back string) string {
	at := p.known.Load()
	if at == nil || at.EndSession == "" {
		return ""
	}
	u, err := url.Parse(at.EndSession)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Set("client_id", p.config.ClientID)
	query.Set("post_logout_redirect_uri", back)
	u.RawQuery = query.Encode()
	return u.String()
}

// Ended is which of its sessions the provider has ended, or whose, by a logout token of its (back-channel logout). Either may be "".
func (p *Provider) Ended(ctx context.Context, raw string) (subject, session string, err error) {
	at := p.known.Load()
	if at == nil {
		return "", "", ErrAway
	}
	token, err := p.verifier(at).VerifyLogout(ctx, raw)
	if err != nil {
		return "", "", err
	}
	return token.Subject, token.SessionID, nil
}
