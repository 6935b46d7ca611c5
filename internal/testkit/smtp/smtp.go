// Package smtp gives tests a real mail server: Exim, delivering into a folder. Debian's Exim wants root to run a daemon: tests
// that need one are skipped for everybody else.
package smtp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Login and password that the server knows. It takes mails without, too.
const (
	Login    = "banli"
	Password = "geheim"
)

// Server is a running Exim. It refuses whoever is called nobody, for good.
type Server struct {
	t    testing.TB
	dir  string
	port string
	exim *exec.Cmd
}

// Start starts a server that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("Exim runs as a daemon for root only")
	}
	dir, err := os.MkdirTemp("", "banli-smtp-") // not the test's own folder: Exim's account has no way into it
	check(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{t: t, dir: dir, port: freePort(t)}
	s.certify()
	check(t, os.WriteFile(s.path("exim.conf"), []byte(strings.NewReplacer("DIR", dir, "PORT", s.port).Replace(config)), 0o644))
	account, err := user.Lookup("Debian-exim")
	check(t, err)
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	for _, folder := range []string{"", "spool", "log", "mail"} {
		check(t, os.MkdirAll(s.path(folder), 0o755))
		check(t, os.Chmod(s.path(folder), 0o755))
		check(t, os.Chown(s.path(folder), uid, gid))
	}
	check(t, os.Chown(s.path("key.pem"), uid, gid))
	s.Up()
	t.Cleanup(s.Down)
	return s
}

const config = `
exim_user = Debian-exim
exim_group = Debian-exim
primary_hostname = mail.banli.example
spool_directory = DIR/spool
log_file_path = DIR/log/%slog
pid_file_path = DIR/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = PORT
keep_environment =
host_lookup =
rfc1413_hosts =
tls_advertise_hosts = *
tls_certificate = DIR/cert.pem
tls_privatekey = DIR/key.pem
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  defer condition = ${if exists{DIR/busy}}
        message = try again later
  deny local_parts = nobody
       message = no such person
  accept
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  user = Debian-exim
  group = Debian-exim
  directory = DIR/mail
  maildir_format
  mode = 0644
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{` + Login + `}}{eq{$auth3}{` + Password + `}}}}
  server_set_id = $auth2
`

func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

// Address is host:port.
func (s *Server) Address() string { return "127.0.0.1:" + s.port }

// CA is the file of the CA that signed the server's certificate.
func (s *Server) CA() string { return s.path("cert.pem") }

// Up starts the server, and waits until it answers.
func (s *Server) Up() {
	s.t.Helper()
	s.exim = exec.Command("/usr/sbin/exim4", "-bdf", "-C", s.path("exim.conf"))
	check(s.t, s.exim.Start())
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", s.Address()); err == nil {
			c.Close()
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("Exim does not answer")
		}
	}
}

// Down stops the server.
func (s *Server) Down() {
	if s.exim == nil {
		return
	}
	_ = s.exim.Process.Kill()
	_ = s.exim.Wait()
	s.exim = nil
}

// Busy makes the server answer everybody to try again later, or no longer.
func (s *Server) Busy(busy bool) {
	s.t.Helper()
	if busy {
		check(s.t, os.WriteFile(s.path("busy"), nil, 0o644))
		return
	}
	check(s.t, os.Remove(s.path("busy")))
}

// Mails are those that have been delivered, in the order of their arrival, once there are n: fewer, and the test fails. It waits a
// little for one too many.
func (s *Server) Mails(n int) []string {
	s.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got := s.delivered()
		if len(got) >= n && n > 0 || time.Now().After(deadline) || n == 0 {
			time.Sleep(300 * time.Millisecond)
			if got = s.delivered(); len(got) != n {
				s.t.Fatalf("%d mails arrived, want %d", len(got), n)
			}
			return got
		}
	}
}

func (s *Server) delivered() []string {
	s.t.Helper()
	files, err := os.ReadDir(s.path("mail/new"))
	if !errors.Is(err, fs.ErrNotExist) { // Exim makes the folder with the first mail
		check(s.t, err)
	}
	// Not by name: a name has the microseconds of its second without leading zeros.
	arrived := func(file fs.DirEntry) time.Time {
		info, err := file.Info()
		check(s.t, err)
		return info.ModTime()
	}
	slices.SortFunc(files, func(a, b fs.DirEntry) int { return arrived(a).Compare(arrived(b)) })
	var mails []string
	for _, file := range files {
		data, err := os.ReadFile(s.path("mail/new/" + file.Name()))
		check(s.t, err)
		mails = append(mails, string(data))
	}
	return mails
}

// CutOff is an address that leads to the server and loses the connection the moment a mail is complete: the server has it, and
// whoever sent it never hears so.
func (s *Server) CutOff() string {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(s.t, err)
	s.t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go s.cut(client)
		}
	}()
	return listener.Addr().String()
}

func (s *Server) cut(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", s.Address())
	if err != nil {
		return
	}
	defer server.Close()
	go io.Copy(client, server)
	var tail []byte
	for buffer := make([]byte, 4096); ; {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		tail = append(tail, buffer[:n]...)
		if bytes.HasSuffix(tail, []byte("\r\n.\r\n")) {
			client.Close()
			_, _ = server.Write(buffer[:n])
			_, _ = io.Copy(io.Discard, io.LimitReader(server, 64)) // its answer, which nobody hears
			return
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// certify makes a certificate for loopback.
func (s *Server) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(s.t, err)
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	check(s.t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(s.t, err)
	for file, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		check(s.t, os.WriteFile(s.path(file), pem.EncodeToMemory(block), 0o644))
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(10000))
		check(t, err)
		port := fmt.Sprint(20000 + n.Int64()) // below the ports that clients are given
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return ""
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
