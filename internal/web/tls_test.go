package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// certify writes a certificate for 127.0.0.1 and its key where the files are kept.
func certify(t *testing.T, files app.TLS, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"banli.example"},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	must(t, os.WriteFile(files.CertFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(files.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return pool
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The server speaks TLS by itself: by HTTP/2, with cookies that no other host of the domain may set, and goes on when its certificate is renewed.
func TestTLSByFile(t *testing.T) {
	folder := t.TempDir()
	files := app.TLS{CertFile: filepath.Join(folder, "cert.pem"), KeyFile: filepath.Join(folder, "key.pem")}
	known := certify(t, files, 1)
	database, bureau := fixture.Database(t)
	s := run(t, app.Config{
		Database: app.Database{URL: database}, Web: app.Web{Listen: "127.0.0.1:0", TLS: files}, Serve: true,
		Temporal: app.Temporal{Address: "127.0.0.1:1", Namespace: "none"}, Log: slog.New(slog.DiscardHandler),
	})
	s.bureau = bureau
	serial := func(b *browser, known *x509.CertPool) string {
		t.Helper()
		b.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: known, ServerName: "banli.example"}, ForceAttemptHTTP2: true}
		resp, err := b.Get(s.url + "/login")
		must(t, err)
		resp.Body.Close()
		if resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s, %v", resp.Proto, resp.Header)
		}
		return resp.TLS.PeerCertificates[0].SerialNumber.String()
	}
	b := s.browser(t)
	if got := serial(b, known); got != "1" {
		t.Errorf("certificate %s", got)
	}
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := b.post("/login", url.Values{"account": {string(proposal.Liaison)}, "password": {fixture.Password}})
	b.CheckRedirect = nil
	named := map[string]bool{}
	for _, set := range p.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(set)
		must(t, err)
		named[c.Name] = c.Secure && c.Path == "/" && c.Domain == ""
	}
	if !named["__Host-banli"] || !named["__Host-banli_browser"] {
		t.Errorf("cookies %v", p.header.Values("Set-Cookie"))
	}

	renewed := certify(t, files, 2)
	later := time.Now().Add(time.Minute) // whatever the clock of the disk counts by
	must(t, os.Chtimes(files.CertFile, later, later))
	if got := serial(b, renewed); got != "2" {
		t.Errorf("after the renewal, certificate %s", got)
	}
	must(t, os.WriteFile(files.KeyFile, []byte("half written"), 0o600))
	later = later.Add(time.Minute)
	must(t, os.Chtimes(files.KeyFile, later, later))
	if got := serial(b, renewed); got != "2" {
		t.Errorf("with a file that is being written, certificate %s", got)
	}
	if b.get("/").path != "/" {
		t.Error("the session did not outlive the renewal")
	}
}
