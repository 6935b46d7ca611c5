package keyring_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/keyring"
)

// A key is made once and changed by a line before it: what the old one sealed still opens, until its line is taken out.
func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in", "keys")
	open := func() *keyring.Keys {
		t.Helper()
		k, err := keyring.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	sealed := open().Seal([]byte("JBSWY3DPEHPK3PXP"), "person 1")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file of keys: %v, %v", info.Mode(), err)
	}
	if bytes.Contains(sealed, []byte("JBSWY3DP")) {
		t.Error("it is not encrypted")
	}
	if plain, err := open().Open(sealed, "person 1"); err != nil || string(plain) != "JBSWY3DPEHPK3PXP" {
		t.Errorf("opened: %q, %v", plain, err)
	}
	if _, err := open().Open(sealed, "person 2"); err == nil {
		t.Error("another's secret opens")
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := open().Open(changed, "person 1"); err == nil {
			t.Errorf("with byte %d changed it opens", i)
		}
	}

	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	added, err := keyring.Add(path)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := open().Open(sealed, "person 1"); err != nil || string(plain) != "JBSWY3DPEHPK3PXP" || open().First() != added {
		t.Errorf("with the key that was added: %q, %v; %q seals, want %q", plain, err, open().First(), added)
	}
	fresh := "2026 " + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)) + "\n"
	write(t, path, fresh+string(old))
	if plain, err := open().Open(sealed, "person 1"); err != nil || string(plain) != "JBSWY3DPEHPK3PXP" {
		t.Errorf("with a new key before its own: %q, %v", plain, err)
	}
	newer := open().Seal([]byte("x"), "")
	write(t, path, fresh)
	if _, err := open().Open(newer, ""); err != nil {
		t.Errorf("what the new key sealed: %v", err)
	}
	if _, err := open().Open(sealed, "person 1"); !errors.Is(err, keyring.ErrNoKey) {
		t.Errorf("without its key: %v", err)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	lost := open().Seal([]byte("x"), "")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := open().Open(lost, ""); !errors.Is(err, keyring.ErrNoKey) {
		t.Errorf("with another file in the place of the lost one: %v", err)
	}

	for _, wrong := range []string{"", "\n\n", "1 short", "1", fresh + fresh, strings.TrimPrefix(fresh, "2026 ")} {
		write(t, path, wrong)
		if _, err := keyring.Open(path); err == nil {
			t.Errorf("a file that says %q is taken for one of keys", wrong)
		}
		if _, err := keyring.Add(path); err == nil {
			t.Errorf("a key is put before what is in a file that says %q", wrong)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
