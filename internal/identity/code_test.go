package identity

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// A clock may be half a minute ahead or behind. The half minute is that of the code, not that of now, so that whoever keeps it takes a code once.
func TestStep(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	const now = 59_000_001
	at := time.Unix(now*period+7, 0)
	for off, taken := range map[int64]bool{-3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false} {
		code, err := totp.GenerateCode(secret, at.Add(time.Duration(off)*period*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{code, " " + code[:3] + " " + code[3:] + "\n"} {
			if step, ok := Step(secret, typed, at); ok != taken || ok && step != now+off {
				t.Errorf("the code of %d half minutes from now, typed %q: half minute %d, %v", off, typed, step-now, ok)
			}
		}
		if step, ok := Step(secret, code[:5], at); ok {
			t.Errorf("a code that is cut off is that of half minute %d", step)
		}
	}
	if _, ok := Step("no base32!", "", at); ok {
		t.Error("nothing typed is a code of a secret that is none")
	}
}

func TestFoldRecoveryCode(t *testing.T) {
	const code = "abcd-efgh-2345-wxyz"
	for typed, want := range map[string]string{
		code: code, "abcdefgh2345wxyz": code, " ABCD efgh 2345 WXYZ\n": code, "abcd—efgh–2345-wxyz": code, "a-b-c-d efgh2345wxyz": code,
		"": "", "-": "", "123456": "", "abcd-efgh-2345-wxy": "", "abcd-efgh-2345-wxyza": "", "abcd-efgh-2345": "",
	} {
		if got := FoldRecoveryCode(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
	seen := map[string]bool{}
	for _, made := range NewRecoveryCodes() {
		if FoldRecoveryCode(made) != made || seen[made] {
			t.Errorf("made: %q", made)
		}
		seen[made] = true
	}
	if len(seen) != recoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}
