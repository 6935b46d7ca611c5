// Package password turns a password into an argon2id string in the usual $argon2id$v=19$… form and checks one against it.
// It knows no users, no database and no web: whoever keeps the string decides what a match means.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost follows RFC 9106's second recommended option scaled to a two-core machine: 19 MiB and two passes, about 25 ms.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltLen   = 16
	keyLen    = 32
)

// places bounds how many passwords are worked on at once: each takes 19 MiB and a core, and a hundred logins in one second must not
// take the machine from everybody else. The others wait, which takes no longer than sharing the cores would.
var places = make(chan struct{}, 2)

func derive(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	places <- struct{}{}
	defer func() { <-places }()
	return argon2.IDKey(password, salt, time, memory, threads, length)
}

// ErrMalformed is returned by Matches for a stored string that Hash cannot have written.
var ErrMalformed = errors.New("password: malformed argon2id string")

// Hash returns the argon2id string of a password with a fresh salt.
func Hash(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails: crypto/rand aborts the program instead
	key := derive([]byte(password), salt, passes, memoryKiB, lanes, keyLen)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// Matches reports whether password is the one that hash was made from, in time that does not depend on where they differ.
func Matches(hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, ErrMalformed
	}
	var version, memory, time, threads int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, ErrMalformed
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return false, ErrMalformed
	}
	if memory < 8 || memory > 1<<20 || time < 1 || time > 64 || threads < 1 || threads > 64 {
		return false, ErrMalformed
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, ErrMalformed
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false, ErrMalformed
	}
	got := derive([]byte(password), salt, uint32(time), uint32(memory), uint8(threads), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
