package password_test

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/password"
)

func TestHashMatchesItsOwnPasswordOnly(t *testing.T) {
	hash := password.Hash("办理2020")
	for _, c := range []struct {
		try  string
		want bool
	}{{"办理2020", true}, {"办理2021", false}, {"", false}} {
		got, err := password.Matches(hash, c.try)
		if err != nil || got != c.want {
			t.Errorf("Matches(%q) = %v, %v, want %v", c.try, got, err, c.want)
		}
	}
	if first, second := password.Hash("a"), password.Hash("a"); first == second {
		t.Error("two hashes of one password are equal: no salt")
	}
}

func TestMalformedStringsAreRefused(t *testing.T) {
	good := password.Hash("x")
	for _, hash := range []string{"", "x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "m=19456", "m=99999999", 1), good[:len(good)-1] + "!"} {
		if ok, err := password.Matches(hash, "x"); ok || err == nil {
			t.Errorf("Matches(%q) = %v, %v, want an error", hash, ok, err)
		}
	}
}
