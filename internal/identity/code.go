// Package identity checks by what somebody proves who they are beside their password: codes of an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn) and
// recovery codes. It alone knows the libraries for them. It keeps nothing, and knows neither the database nor a request.
package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Way is how somebody proves who they are.
type Way string

const (
	App      Way = "totp"     // 动态口令: a code of an authenticator app
	Passkey  Way = "passkey"  // 通行密钥
	Recovery Way = "recovery" // 备用码: a code from paper, which works once
	Provider Way = "provider" // 统一身份认证: the house's own provider of logins says so
)

const (
	period = 30 // seconds for which a code of an app is shown
	digits = 6
)

// NewSecret makes the secret that an authenticator app and we share, in base32.
func NewSecret() string {
	secret := make([]byte, 20)
	rand.Read(secret) // never fails
	return base32.StdEncoding.EncodeToString(secret)
}

// Address is what the app reads off the screen; issuer and account are what it shows beside the code.
func Address(secret, issuer, account string) string {
	name := strings.ReplaceAll(issuer, ":", " ")
	return "otpauth://totp/" + url.PathEscape(name+":"+account) + "?secret=" + secret + "&issuer=" + url.PathEscape(name)
}

// Step is the half minute, counted from 1970, of which the code is. A clock may be one of them late or early; false for a code of none of the three.
func Step(secret, code string, at time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, off := range []int64{0, -1, 1} {
		n := at.Unix()/period + off
		want, err := totp.GenerateCodeCustom(secret, time.Unix(n*period, 0), totp.ValidateOpts{Period: period, Digits: digits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return n, true
		}
	}
	return 0, false
}

// recoveryCodes are how many codes somebody gets on paper.
const recoveryCodes = 10

// NewRecoveryCodes makes codes of 80 bits each, in groups that are easy to copy.
func NewRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		t := strings.ToLower(rand.Text()[:16])
		codes[i] = t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:]
	}
	return codes
}

// FoldRecoveryCode is a code as it was made, however it was typed; "" for what can be none.
func FoldRecoveryCode(typed string) string {
	code := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '—' || r == '–' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(typed)))
	if len(code) != 16 {
		return ""
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
}
