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

// Open reads a file of keys, or makes one with a key in it. A line is an id, a blank and 32 bytes in base64. Who wants a new key puts its line before the
// others, and leaves those as long as something stands that they sealed.
func Open(path string) (*Keys, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = create(path); err != nil {
			return nil, fmt.Errorf("make the file of keys: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("read the file of keys: %w", err)
	}
	k, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// create makes the file under another name first: two programs that start at once end with one of the two, whole.
func create(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails
	// The id is another in each file, so that a file in the place of a lost one is not taken for it.
	line := []byte(rand.Text()[:8] + " " + base64.StdEncoding.EncodeToString(key) + "\n")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(line)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
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
		return nil, ErrNoKey
	}
	return key.Open(nil, nil, rest, []byte(about))
}
