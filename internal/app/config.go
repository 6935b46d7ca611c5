package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/banli/banli/internal/eseal"
	"github.com/banli/banli/internal/mail"
	"github.com/banli/banli/internal/oidc"
	"github.com/banli/banli/internal/payload"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

// FlagGroups are the headings of the flags in the help of serve, worker and up: what they are, and why no page sets them.
var FlagGroups = map[string]string{
	"place":     "Where its parts are.\nFlags, since they are needed before the record is open, in which all else is kept.",
	"web":       "How the web server is reached.\nFlags, since they follow from machine and network: with a wrong one no page could be opened to set it right.",
	"sessions":  "How long one stays logged in.\nFlags, since whoever gets hold of an open session must not be able to make it longer.",
	"secrets":   "Keys.\nFlags, since a key that stands in the record protects nothing of it.",
	"mail":      "Mails.\nFlags, since the address of the mail server holds a password, which would be in each backup of the record.",
	"provider":  "Login by the house's own provider.\nFlags, since whoever can name the provider can be anybody: that is nothing for an account of the bureau.",
	"push":      "To-dos for the office's portal.\nFlags, since the key of the signatures would be in each backup of the record.",
	"seal":      "Electronic seals.\nFlags, since whoever can name the service can seal: that is nothing for an account of the bureau.",
	"heads":     "Signed heads of the record.\nFlags, since they are to show what somebody changes in it, administrators as well.",
	"retention": "How long traces are kept.\nFlags, since what is taken away does not come back: whoever works here must not be able to have traces of it removed.",
	"demo":      "The demonstration.\nFlags, since it is chosen before there is a bureau with pages.",
}

// Database says where Postgres is.
type Database struct {
	URL string `name:"database-url" env:"DATABASE_URL" required:"" placeholder:"postgres://…" help:"The Postgres database of Banli's record."`
}

// Temporal says where the engine is and who we are to it.
type Temporal struct {
	Address    string `name:"temporal-address" env:"TEMPORAL_ADDRESS" default:"127.0.0.1:7233" help:"host:port of the Temporal frontend."`
	Namespace  string `name:"temporal-namespace" env:"TEMPORAL_NAMESPACE" default:"banli" help:"Temporal namespace; it must exist."`
	TLS        bool   `name:"temporal-tls" env:"TEMPORAL_TLS" help:"Speak TLS to Temporal. Implied by a certificate or an API key."`
	CAFile     string `name:"temporal-tls-ca" env:"TEMPORAL_TLS_CA" type:"existingfile" help:"CA that signed Temporal's certificate; default: the system's."`
	CertFile   string `name:"temporal-tls-cert" env:"TEMPORAL_TLS_CERT" type:"existingfile" help:"Client certificate, for mutual TLS."`
	KeyFile    string `name:"temporal-tls-key" env:"TEMPORAL_TLS_KEY" type:"existingfile" help:"Key of the client certificate."`
	ServerName string `name:"temporal-tls-server-name" env:"TEMPORAL_TLS_SERVER_NAME" help:"Name to expect in Temporal's certificate."`
	APIKey     string `name:"temporal-api-key" env:"TEMPORAL_API_KEY" help:"API key, for a hosted Temporal."`
}

// EngineKeys says where the keys are with which payloads in the engine are encrypted. Every web server and every worker is given the same.
type EngineKeys struct {
	File string   `name:"engine-key" env:"BANLI_ENGINE_KEY" type:"path" placeholder:"FILE" help:"File of the keys with which what Temporal keeps of cases is encrypted; banli keys makes one. Default: it is not encrypted; it holds ids, codes and times."`
	Lost []string `name:"engine-key-lost" placeholder:"ID" help:"Key of which no copy is left: start without it. Cases whose workflows cannot be read are taken up from the record."`
}

// Web says how the web server is reached.
type Web struct {
	Listen         string         `name:"listen" env:"BANLI_LISTEN" default:"127.0.0.1:8080" help:"host:port of the web server."`
	SecureCookies  bool           `name:"secure-cookies" env:"BANLI_SECURE_COOKIES" help:"Send cookies over TLS only; set it behind a TLS proxy. Implied by --tls-cert."`
	TrustedProxies []netip.Prefix `name:"trusted-proxies" env:"BANLI_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Proxies before this server, as networks (10.0.0.5/32,10.1.0.0/16): their X-Forwarded-For says where a request came from, by which wrong passwords are counted. Default: none is believed."`
	TLS            TLS            `embed:""`
	TemporalUI     string         `name:"temporal-ui" env:"BANLI_TEMPORAL_UI" help:"Address of the Temporal Web UI, for links to it; default: no links."`
}

// Sessions says how long somebody stays logged in.
type Sessions struct {
	Idle     time.Duration `name:"session-idle" env:"BANLI_SESSION_IDLE" placeholder:"2h" help:"After so long without a press one has to log in again. Default: two hours."`
	Lifetime time.Duration `name:"session-lifetime" env:"BANLI_SESSION_LIFETIME" placeholder:"12h" help:"After so long one has to, whatever was pressed. Default: twelve hours."`
}

// Validate refuses limits within which nobody could work.
func (s *Sessions) Validate() error {
	for _, limit := range []time.Duration{s.Idle, s.Lifetime} {
		if limit != 0 && limit < time.Minute {
			return errors.New("--session-idle and --session-lifetime are a minute at least, such as 30m")
		}
	}
	return nil
}

// Secrets says where the keys are with which secrets in the database are encrypted. Every web server is given the same.
type Secrets struct {
	Keys string `name:"secrets-key" env:"BANLI_SECRETS_KEY" type:"path" placeholder:"FILE" help:"File of the keys, outside the database, with which secrets in it are encrypted. It is made if it is not there; whoever loses it sets up their one-time codes again. Default: there are no one-time codes."`
}

// Provider says which provider of logins people come in by (OpenID Connect). Every web server is given the same.
type Provider struct {
	Issuer     string   `name:"oidc-issuer" env:"BANLI_OIDC_ISSUER" placeholder:"https://…" help:"The house's own provider of logins, by which people come in: its address, as it calls itself. Default: passwords alone."`
	ClientID   string   `name:"oidc-client" env:"BANLI_OIDC_CLIENT" default:"banli" help:"Who this program is to the provider."`
	SecretFile string   `name:"oidc-secret" env:"BANLI_OIDC_SECRET" type:"existingfile" placeholder:"FILE" help:"File with the secret that the provider has given it; needed with --oidc-issuer."`
	Scopes     []string `name:"oidc-scopes" env:"BANLI_OIDC_SCOPES" default:"profile,email" help:"What it asks the provider for, besides openid."`
	Groups     string   `name:"oidc-groups" env:"BANLI_OIDC_GROUPS" default:"groups" help:"The claim that names somebody's groups."`
}

// provider is the provider; nil if none is set up.
func (p Provider) provider() (*oidc.Provider, error) {
	if p.Issuer == "" {
		return nil, nil
	}
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("--oidc-issuer must name the provider's address by https, such as https://id.example")
	}
	if p.SecretFile == "" {
		return nil, errors.New("--oidc-issuer needs --oidc-secret, a file with the secret that the provider has given this program")
	}
	secret, err := os.ReadFile(p.SecretFile)
	if err != nil {
		return nil, fmt.Errorf("read the secret of the provider of logins: %w", err)
	}
	return oidc.New(oidc.Config{Issuer: p.Issuer, ClientID: p.ClientID, Secret: strings.TrimSpace(string(secret)), Scopes: p.Scopes, Groups: p.Groups}, time.Now), nil
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Mail says how mails go out. Web server and workers are given the same.
type Mail struct {
	SMTPURL   string `name:"smtp-url" env:"BANLI_SMTP_URL" placeholder:"smtp://user:password@host:587" help:"Mail server for notices and digests: smtp:// speaks STARTTLS, smtps:// TLS from the start. Default: no mails are sent."`
	From      string `name:"mail-from" env:"BANLI_MAIL_FROM" placeholder:"NAME <name@domain>" help:"Sender of mails; needed with --smtp-url."`
	CAFile    string `name:"smtp-ca" env:"BANLI_SMTP_CA" type:"existingfile" help:"CA that signed the mail server's certificate; default: the system's."`
	PublicURL string `name:"public-url" env:"BANLI_PUBLIC_URL" placeholder:"https://…" help:"Address at which people reach the site, for the links in mails and those that are passed on; needed with --smtp-url."`
}

// server is the mail server; nil if none is set up.
func (m Mail) server() (*mail.Server, error) {
	if m.SMTPURL == "" {
		return nil, nil
	}
	if u, err := url.Parse(m.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("--public-url must name the site's address, such as https://banli.example, when mails are sent")
	}
	return mail.NewServer(m.SMTPURL, m.From, m.CAFile)
}

// Seal says which service puts electronic seals to replies. Web server and workers are given the same.
type Seal struct {
	URL     string `name:"seal-url" env:"BANLI_SEAL_URL" placeholder:"https://…" help:"Service that seals replies electronically (docs/e-seal.md). Default: the picture that an administrator has set."`
	KeyFile string `name:"seal-key" env:"BANLI_SEAL_KEY" type:"existingfile" help:"File with the key that is shared with the service; needed with --seal-url."`
}

// service is the service; nil if none is set up.
func (s Seal) service() (*eseal.Service, error) {
	if s.URL == "" {
		return nil, nil
	}
	if s.KeyFile == "" {
		return nil, errors.New("--seal-url needs --seal-key, a file with the key that is shared with the service")
	}
	key, err := os.ReadFile(s.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key of the service for electronic seals: %w", err)
	}
	return eseal.New(s.URL, key, time.Now)
}

// EnginePath is where Config.EngineUI is served.
const EnginePath = web.EnginePath

// CodecPath is where its codec is, if Config.Engine names keys.
const CodecPath = web.CodecPath

// SearchAttributes are what the engine's namespace needs to find cases by.
var SearchAttributes = workflows.SearchAttributes

// Config is the whole program. Serve and Work may both be set.
type Config struct {
	Database  Database
	Temporal  Temporal
	Web       Web
	Sessions  Sessions
	Provider  Provider
	Mail      Mail
	Push      Push
	Heads     Heads
	Secrets   Secrets
	Engine    EngineKeys
	Retention Retention // zero: what has done its work is kept
	Seal      Seal
	EngineUI  http.Handler // the engine's own Web UI, served under EnginePath in the place of links to Web.TemporalUI; nil: there is none
	Serve     bool         // run the web server
	Work      bool         // run a worker
	Log       *slog.Logger
}

// dial makes a client of the engine without connecting: pages can be read while the engine is away. codec encrypts what it is told; nil: nothing does.
func (t Temporal) dial(codec *payload.Codec, log *slog.Logger) (client.Client, error) {
	options := client.Options{
		HostPort:  t.Address,
		Namespace: t.Namespace,
		Logger:    temporallog.NewStructuredLogger(log),
	}
	if host, _, err := net.SplitHostPort(t.Address); err == nil && net.ParseIP(host).IsLoopback() {
		// On loopback gzip costs 8 % of the CPU of an action and saves nothing.
		options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	}
	if codec != nil {
		options.DataConverter, options.FailureConverter = codec.Converters()
	}
	if t.TLS || t.CAFile != "" || t.CertFile != "" || t.APIKey != "" {
		tlsConfig, err := t.tlsConfig()
		if err != nil {
			return nil, err
		}
		options.ConnectionOptions.TLS = tlsConfig
	}
	if t.APIKey != "" {
		options.Credentials = client.NewAPIKeyStaticCredentials(t.APIKey)
	}
	return client.NewLazyClient(options)
}

func (t Temporal) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{ServerName: t.ServerName, MinVersion: tls.VersionTLS12}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read Temporal's CA: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("no certificate in %s", t.CAFile)
		}
	}
	if (t.CertFile == "") != (t.KeyFile == "") {
		return nil, errors.New("--temporal-tls-cert and --temporal-tls-key go together")
	}
	if t.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the client certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{cert}
	}
	return config, nil
}
