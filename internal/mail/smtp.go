// Package mail takes mails to an SMTP server. It imports the interfaces of outbox and the mail library, which nothing else
// knows; it must never import the store or the web, and never decide whether a mail is sent.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/banli/banli/internal/outbox"
	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Server is an SMTP server and who writes from it.
type Server struct {
	host    string
	from    netmail.Address
	domain  string // of Message-IDs
	options []gomail.Option
}

// patience is how long a server may take for the whole of a mail.
const patience = 30 * time.Second

// NewServer reads an address: smtp://user:password@host:587 speaks STARTTLS, smtps://…:465 TLS from the start. A server on
// loopback may do without; an address with ?tls=none is spoken to in clear. caFile names the CA that signed the
// server's certificate; "" for the system's.
func NewServer(address, from, caFile string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The address holds a password: it is not repeated.
		return nil, errors.New("the mail server's address must read smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("the sender of mails must read name@domain, or Name <name@domain>")
	}
	s := &Server{host: u.Hostname(), from: *sender, domain: domainOf(sender.Address)}
	config, err := tlsConfig(s.host, caFile)
	if err != nil {
		return nil, err
	}
	s.options = append(s.options, gomail.WithTLSConfig(config), gomail.WithTimeout(patience), gomail.WithoutNoop())
	port := 587
	switch {
	case u.Scheme == "smtps":
		port, s.options = 465, append(s.options, gomail.WithSSL())
	case u.Query().Get("tls") == "none":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	case loopback(s.host):
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the mail server's port is no number")
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[i+1:]
		}
	}
	return address
}

func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

func tlsConfig(host, caFile string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("read the mail server's CA: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", caFile)
	}
	return config, nil
}

// Connect implements outbox.Post: the greeting, TLS and the login are behind it.
func (s *Server) Connect(ctx context.Context) (outbox.PostLine, error) {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return nil, fmt.Errorf("prepare the connection to the mail server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach the mail server: %w", err)
	}
	return &line{s, client, connection}, nil
}

type line struct {
	server     *Server
	client     *gomail.Client
	connection *smtp.Client
}

// Close says goodbye.
func (l *line) Close() error { return l.client.CloseWithSMTPClient(l.connection) }

// Send implements outbox.PostLine.
func (l *line) Send(_ context.Context, m outbox.Message) error {
	mail := gomail.NewMsg()
	mail.SetMessageIDWithValue(m.ID + "@" + l.server.domain)
	mail.SetDate()
	mail.SetGenHeader("Auto-Submitted", "auto-generated") // nobody's absence answers it
	mail.Subject(m.Subject)
	mail.SetBodyString(gomail.TypeTextPlain, m.Text)
	mail.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	if err := mail.FromFormat(l.server.from.Name, l.server.from.Address); err != nil {
		return &outbox.NotDelivered{Permanent: true, Answer: err.Error()}
	}
	if err := mail.AddToFormat(m.Name, m.To); err != nil {
		return &outbox.NotDelivered{Permanent: true, Answer: err.Error()}
	}
	err := l.client.SendWithSMTPClient(l.connection, mail)
	if err == nil || mail.IsDelivered() {
		return nil // the server has taken the mail: what fails afterwards changes nothing
	}
	failed := (*gomail.SendError)(nil)
	if !errors.As(err, &failed) {
		return err
	}
	code := failed.ErrorCode()
	if failed.Reason == gomail.ErrSMTPDataClose && code == 0 {
		return err // the whole mail was out, and no answer came
	}
	return &outbox.NotDelivered{Permanent: code >= 500 && code < 600, Answer: fmt.Sprintf("%s (%d)", failed.Reason, code)}
}
