package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// TLS lets the web server speak TLS by itself. Without it the server speaks plain HTTP, for loopback or behind a proxy that speaks TLS.
type TLS struct {
	CertFile string `name:"tls-cert" env:"BANLI_TLS_CERT" type:"existingfile" placeholder:"FILE" help:"Certificate of the web server with its chain (PEM): it then speaks TLS and HTTP/2. A renewed file is taken up by the next connection."`
	KeyFile  string `name:"tls-key" env:"BANLI_TLS_KEY" type:"existingfile" placeholder:"FILE" help:"Key of the certificate (PEM)."`
}

// Validate refuses one file without the other.
func (t *TLS) Validate() error {
	if (t.CertFile == "") != (t.KeyFile == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	return nil
}

// config is nil without files. An error is one plain line.
func (t TLS) config(log *slog.Logger) (*tls.Config, error) {
	if t.CertFile == "" {
		return nil, nil
	}
	files := &certificate{TLS: t, log: log}
	if err := files.read(); err != nil {
		return nil, fmt.Errorf("read the certificate of the web server: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get}, nil
}

// certificate is read again when its files have changed: certificates are renewed every few weeks, and nobody restarts an office for it.
type certificate struct {
	TLS
	log *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	changed time.Time // when the files had changed, as they were read
}

func (c *certificate) read() error {
	changed, err := c.lastChange()
	if err != nil {
		return err
	}
	loaded, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return err
	}
	c.pair, c.changed = &loaded, changed
	return nil
}

func (c *certificate) lastChange() (last time.Time, err error) {
	for _, name := range []string{c.CertFile, c.KeyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return last, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}

// get goes on with the old certificate while the new files do not fit each other: one of them may be written at this moment.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed, err := c.lastChange()
	if err == nil && !changed.Equal(c.changed) {
		err = c.read()
	}
	if err != nil {
		c.log.Warn("the renewed certificate of the web server cannot be read; the old one goes on", "err", err)
	}
	return c.pair, nil
}
