// Package oidc is a provider of logins for tests: a real one, over HTTP on loopback, whose people log in without a word. What it signs can be made wrong.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// ClientID and Secret are who Banli is to the provider.
const (
	ClientID = "banli"
	Secret   = "the client's secret"
)

// Someone is somebody whom the provider knows.
type Someone struct {
	Subject, Username, Name, Email string
	Groups                         []string // nil: the provider says nothing of groups
	ACR                            string
	AMR                            []string
}

// Provider is a provider. Its fields may be set between two requests.
type Provider struct {
	*httptest.Server

	Site      string         // whose addresses people may be sent back to
	Here      *Someone       // who sits before the browser; nil: they turn back
	Proved    time.Time      // when they proved it; zero: now, each time
	Stale     bool           // the provider lets them in as of Proved although it was asked to let them prove it anew
	Says      map[string]any // claims of the token in place of its own; nil takes one away
	Algorithm string         // by which the token says that it is signed; "" is the truth
	Down      bool           // it answers with an error

	mu     sync.Mutex
	asked  map[string]*request
	codes  map[string]string
	people map[string]*Someone
	key    key
	whole  http.Handler
}

// New starts a provider, which ends with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{asked: map[string]*request{}, codes: map[string]string{}, people: map[string]*Someone{}}
	p.Rotate()
	p.Server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.Close)
	config := &op.Config{CodeMethodS256: true, AuthMethodPost: true, BackChannelLogoutSupported: true, SupportedScopes: []string{"openid", "profile", "email"}}
	rand.Read(config.CryptoKey[:])
	provider, err := op.NewProvider(config, &storage{of: p}, op.StaticIssuer(p.URL), op.WithAllowInsecure())
	if err != nil {
		t.Fatal(err)
	}
	p.whole = provider
	return p
}

// Rotate gives the provider another key; tokens that the old one signed are worth nothing.
func (p *Provider) Rotate() {
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	p.key = key{uuid.NewString(), made}
}

// answer is the provider with its ways of being wrong before it.
func (p *Provider) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.Down:
		http.Error(w, "down", http.StatusServiceUnavailable)
	case r.URL.Path == "/login":
		p.login(w, r)
	case r.URL.Path == "/oauth/token":
		said := httptest.NewRecorder()
		p.whole.ServeHTTP(said, r)
		if said.Code == http.StatusOK {
			p.twist(said)
		}
		for name, values := range said.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(said.Code)
		w.Write(said.Body.Bytes())
	default:
		p.whole.ServeHTTP(w, r)
	}
}

// login is the page of the provider on which whoever is there logs in.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	asked := p.asked[r.URL.Query().Get("id")]
	if asked == nil {
		http.Error(w, "nobody asked", http.StatusBadRequest)
		return
	}
	if p.Here == nil {
		back := url.Values{"error": {"access_denied"}, "state": {asked.State}}
		http.Redirect(w, r, asked.RedirectURI+"?"+back.Encode(), http.StatusFound)
		return
	}
	asked.who, asked.proved = p.Here, p.Proved
	if p.Proved.IsZero() || !p.Stale && slices.Contains(asked.Prompt, oidc.PromptLogin) {
		asked.proved = time.Now()
	}
	p.people[p.Here.Subject] = p.Here
	http.Redirect(w, r, "/authorize/callback?id="+asked.id, http.StatusFound)
}

// twist makes the token of an answer say what Says and Algorithm want.
func (p *Provider) twist(said *httptest.ResponseRecorder) {
	var tokens map[string]any
	if err := json.Unmarshal(said.Body.Bytes(), &tokens); err != nil {
		return
	}
	raw, _ := tokens["id_token"].(string)
	claims := map[string]any{}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		panic(err)
	}
	for name, value := range p.Says {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	tokens["id_token"] = p.sign(claims)
	body, err := json.Marshal(tokens)
	if err != nil {
		panic(err)
	}
	said.Body.Reset()
	said.Body.Write(body)
	said.Header().Del("Content-Length")
}

// sign makes a token of the claims.
func (p *Provider) sign(claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	if p.Algorithm == "none" {
		part := base64.RawURLEncoding.EncodeToString
		return part([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part(payload) + "."
	}
	with := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key.private, KeyID: p.key.id}}
	if p.Algorithm == "HS256" { // as if what anybody can read, or the client knows, were a secret of the provider
		with = jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: []byte(strings.Repeat(Secret, 2)), KeyID: p.key.id}}
	}
	signer, err := jose.NewSigner(with, nil)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	raw, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return raw
}

// LogoutToken is what the provider sends when a session of somebody ends there; says goes before its own claims.
func (p *Provider) LogoutToken(says map[string]any) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	claims := map[string]any{
		"iss": p.URL, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": uuid.NewString(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	for name, value := range says {
		claims[name] = value
	}
	return p.sign(claims)
}

// key is what the provider signs with.
type key struct {
	id      string
	private *rsa.PrivateKey
}

func (k key) ID() string                                  { return k.id }
func (k key) Key() any                                    { return k.private }
func (k key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

// public is its public half.
type public struct{ key }

func (k public) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k public) Use() string                        { return "sig" }
func (k public) Key() any                           { return &k.private.PublicKey }

// request is one way through the provider.
type request struct {
	*oidc.AuthRequest
	id     string
	who    *Someone
	proved time.Time
}

func (r *request) GetID() string                      { return r.id }
func (r *request) GetACR() string                     { return r.who.ACR }
func (r *request) GetAMR() []string                   { return r.who.AMR }
func (r *request) GetAudience() []string              { return []string{ClientID} }
func (r *request) GetAuthTime() time.Time             { return r.proved }
func (r *request) GetClientID() string                { return ClientID }
func (r *request) GetNonce() string                   { return r.Nonce }
func (r *request) GetRedirectURI() string             { return r.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType { return r.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.ResponseMode }
func (r *request) GetScopes() []string                { return r.Scopes }
func (r *request) GetState() string                   { return r.State }
func (r *request) GetSubject() string                 { return r.who.Subject }
func (r *request) Done() bool                         { return r.who != nil }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

var errUnknown = errors.New("unknown")

// storage is what the provider keeps. What nobody asks of it here is not there.
type storage struct {
	op.Storage
	of *Provider
}

func (s *storage) Health(context.Context) error { return nil }

func (s *storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	made := &request{AuthRequest: asked, id: uuid.NewString()}
	s.of.asked[made.id] = made
	return made, nil
}

func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	if found := s.of.asked[id]; found != nil {
		return found, nil
	}
	return nil, errUnknown
}

func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	return s.AuthRequestByID(ctx, s.of.codes[code])
}

func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.of.codes[code] = id
	return nil
}

func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	delete(s.of.asked, id)
	return nil
}

func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return uuid.NewString(), time.Now().Add(time.Minute), nil
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.of.key, nil }

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s *storage) KeySet(context.Context) ([]op.Key, error) { return []op.Key{public{s.of.key}}, nil }

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != ClientID {
		return nil, errUnknown
	}
	return &banli{s.of}, nil
}

func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != ClientID || secret != Secret {
		return errUnknown
	}
	return nil
}

func (s *storage) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, subject, _ string, _ []string) error {
	info.Subject = subject
	return nil
}

func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (s *storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	who := s.of.people[subject]
	if who == nil {
		return errUnknown
	}
	info.Subject, info.PreferredUsername, info.Name = who.Subject, who.Username, who.Name
	info.Email, info.EmailVerified = who.Email, who.Email != ""
	if who.Groups != nil {
		info.AppendClaims("groups", who.Groups)
	}
	return nil
}

func (s *storage) TerminateSession(context.Context, string, string) error { return nil }

// banli is Banli as the provider knows it.
type banli struct{ of *Provider }

func (b *banli) GetID() string                       { return ClientID }
func (b *banli) RedirectURIs() []string              { return []string{b.of.Site + "/login/provider/back"} }
func (b *banli) PostLogoutRedirectURIs() []string    { return []string{b.of.Site + "/login"} }
func (b *banli) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (b *banli) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (b *banli) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (b *banli) GrantTypes() []oidc.GrantType { return []oidc.GrantType{oidc.GrantTypeCode} }

func (b *banli) LoginURL(id string) string { return "/login?id=" + id }

func (b *banli) AccessTokenType() op.AccessTokenType                          { return op.AccessTokenTypeBearer }
func (b *banli) IDTokenLifetime() time.Duration                               { return time.Minute }
func (b *banli) DevMode() bool                                                { return false }
func (b *banli) IsScopeAllowed(string) bool                                   { return true }
func (b *banli) IDTokenUserinfoClaimsAssertion() bool                         { return false }
func (b *banli) ClockSkew() time.Duration                                     { return 0 }
func (b *banli) RestrictAdditionalIdTokenScopes() func([]string) []string     { return own }
func (b *banli) RestrictAdditionalAccessTokenScopes() func([]string) []string { return own }

func own(scopes []string) []string { return scopes }
