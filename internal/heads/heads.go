// Package heads keeps signed heads of the record in a file outside the database. Whoever owns the database can make every chain of hashes in it anew; they
// cannot sign what it said on a day that is over. A head names the last event of each case that went on since the head before, and of the chain of
// what was changed of the bureau itself; each is chained to the one before by its hash and signed with Ed25519. The package knows no database.
package heads

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Place is where a chain stood.
type Place struct {
	No   int    `json:"no"`
	Hash string `json:"hash"`
}

// Record is where all chains of the record stand at one moment.
type Record struct {
	Cases   map[string]Place
	Changes Place // of the bureau itself
}

// Head is a line of the file.
type Head struct {
	No      int              `json:"no"` // from 1
	At      time.Time        `json:"at"`
	Prev    string           `json:"prev"`  // SHA-256 of the line before, in hexadecimal; "" for the first
	Cases   map[string]Place `json:"cases"` // those that do not stand where the heads before say
	Changes Place            `json:"changes"`
}

// Read takes the heads of a file apart. An error names the first line that is not what the key signed, or does not follow the one before. A last line
// without its end was being written when the program was killed: it was never a head.
func Read(data []byte, public ed25519.PublicKey) ([]Head, error) {
	var all []Head
	prev := ""
	for line := range bytes.Lines(data) {
		whole, ended := bytes.CutSuffix(line, []byte("\n"))
		if !ended {
			break
		}
		n := len(all) + 1
		encoded, text, _ := bytes.Cut(whole, []byte(" "))
		signature, err := base64.StdEncoding.DecodeString(string(encoded))
		if err != nil || !ed25519.Verify(public, text, signature) {
			return all, fmt.Errorf("line %d is not signed with this key", n)
		}
		var h Head
		if err := json.Unmarshal(text, &h); err != nil || h.No != n || h.Prev != prev {
			return all, fmt.Errorf("line %d does not follow the one before it", n)
		}
		all, prev = append(all, h), hash(whole)
	}
	return all, nil
}

func hash(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// next is the line of the head that follows those of data.
func next(data []byte, key ed25519.PrivateKey, at time.Time, now Record) ([]byte, error) {
	all, err := Read(data, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	h := Head{No: len(all) + 1, At: at.UTC(), Cases: map[string]Place{}, Changes: now.Changes}
	if lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")); len(all) > 0 {
		h.Prev = hash(lines[len(lines)-1])
	}
	said := map[string]Place{}
	for _, before := range all {
		for id, place := range before.Cases {
			said[id] = place
		}
	}
	for id, place := range now.Cases {
		if said[id] != place {
			h.Cases[id] = place
		}
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, text))
	return fmt.Appendf(nil, "%s %s\n", signature, text), nil
}

// File is a file of heads and the key that signs them.
type File struct{ Path, KeyPath string }

// Append adds a head if due says that the last one is too old; it is told the zero time where there is none. Several programs may do so at once.
func (f File) Append(at time.Time, due func(last time.Time) bool, record func() (Record, error)) (added bool, err error) {
	file, err := os.OpenFile(f.Path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	defer file.Close() // and lets the lock go
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return false, err
	}
	key, err := f.key()
	if err != nil {
		return false, err
	}
	data, err := os.ReadFile(f.Path)
	if err != nil {
		return false, err
	}
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	all, err := Read(data, key.Public().(ed25519.PublicKey))
	if err != nil {
		return false, fmt.Errorf("%s: %w", f.Path, err)
	}
	last := time.Time{}
	if len(all) > 0 {
		last = all[len(all)-1].At
	}
	if !due(last) {
		return false, nil
	}
	now, err := record()
	if err != nil {
		return false, err
	}
	line, err := next(data, key, at, now)
	if err != nil {
		return false, err
	}
	if err := file.Truncate(int64(len(data))); err != nil {
		return false, err
	}
	_, err = file.WriteAt(line, int64(len(data)))
	return err == nil, errors.Join(err, file.Sync())
}

// key reads the key, or makes one with its public half beside it.
func (f File) key() (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(f.KeyPath)
	if errors.Is(err, fs.ErrNotExist) {
		return f.makeKey()
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", f.KeyPath)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s holds no Ed25519 key", f.KeyPath)
	}
	return key, nil
}

func (f File) makeKey() (ed25519.PrivateKey, error) {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	shown, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(f.KeyPath), 0o700); err != nil {
		return nil, err
	}
	return key, errors.Join(
		os.WriteFile(f.KeyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600),
		os.WriteFile(f.KeyPath+".pub", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: shown}), 0o644))
}

// PublicKey reads the public half of a key (PEM).
func PublicKey(data []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("there is no public key in it")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	public, ok := parsed.(ed25519.PublicKey)
	if err != nil || !ok {
		return nil, errors.New("there is no Ed25519 key in it")
	}
	return public, nil
}

// Fingerprint names a public key: SHA-256 of its PKIX form, in hexadecimal.
func Fingerprint(public ed25519.PublicKey) (string, error) {
	shown, err := x509.MarshalPKIXPublicKey(public)
	return hash(shown), err
}
