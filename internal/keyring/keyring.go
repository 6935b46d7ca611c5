// Package keyring encrypts secrets with keys that lie in a file outside the database, so that whoever has the database alone, or a backup of it, has none of
// them. It knows no database; the standard library is all it stands on.
package keyring

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Keys are the keys of a file. The first seals; every one opens what it sealed.
type Keys struct {
	by    map[string]cipher.AEAD
	first string
}

// ErrNoKey is the answer for what was sealed with a key that is not there.
var ErrNoKey = errors.New("keyring: the key that it was encrypted with is not in the file of keys")

const keyBytes = 32 // AES-256

// Open reads a file of keys, or makes one with a key in it.
func Open(path string) (*Keys, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("make the file of keys: %w", err)
		}
	}
	return Read(path)
}

// Read reads a file of keys. A line is an id, a blank and 32 bytes in base64. Who wants a new key puts its line before the others, as Add does, and leaves
// those as long as something stands that they sealed.
func Read(path string) (*Keys, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the file of keys: %w", err)
	}
	k, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// Add puts a new key before those of the file, which it makes if it is not there, and tells the key's id. Whoever reads the file meanwhile finds the one
// or the other, whole.
func Add(path string) (id string, err error) {
	before := []byte{}
	if _, err := Read(path); err == nil {
		if before, err = os.ReadFile(path); err != nil {
			return "", err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	id, line := newKey()
	return id, write(path, append(line, before...), os.Rename)
}

// create ends with one whole file when two programs start at once.
func create(path string) error {
	_, line := newKey()
	if err := write(path, line, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// newKey is a key and its line. The id is another in each file, so that a file in the place of a lost one is not taken for it.
func newKey() (id string, line []byte) {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails
	id = rand.Text()[:8]
	return id, []byte(id + " " + base64.StdEncoding.EncodeToString(key) + "\n")
}

// write makes the file under another name, which only its owner may read, and puts it in its place.
func write(path string, data []byte, put func(from, to string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return put(file.Name(), path)
}

func parse(data []byte) (*Keys, error) {
	k := &Keys{by: map[string]cipher.AEAD{}}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for no := 1; lines.Scan(); no++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		id, encoded, _ := strings.Cut(line, " ")
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || len(key) != keyBytes || id == "" || len(id) > 255 || k.by[id] != nil {
			return nil, fmt.Errorf("line %d is not an id of its own, a blank and %d bytes in base64", no, keyBytes)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if k.by[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
		k.first = cmp.Or(k.first, id)
	}
	if k.first == "" {
		return nil, errors.New("there is no key in it")
	}
	return k, lines.Err()
}

// First is the id of the key that seals.
func (k *Keys) First() string { return k.first }

// Seal encrypts a secret. What it is about is not kept with it, but has to be said again to open it: a sealed secret that is put in another's place opens
// nothing.
func (k *Keys) Seal(plain []byte, about string) []byte {
	sealed := append([]byte{byte(len(k.first))}, k.first...)
	return k.by[k.first].Seal(sealed, nil, plain, []byte(about))
}

// Open decrypts what Seal made, with whichever key that was. It fails with ErrNoKey, or if a bit of it was changed.
func (k *Keys) Open(sealed []byte, about string) ([]byte, error) {
	if len(sealed) == 0 || len(sealed) <= int(sealed[0]) {
		return nil, errors.New("keyring: it was not sealed")
	}
	id, rest := string(sealed[1:1+sealed[0]]), sealed[1+sealed[0]:]
	key := k.by[id]
	if key == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoKey, id)
	}
	return key.Open(nil, nil, rest, []byte(about))
}
