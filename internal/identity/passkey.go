package identity

import (
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkeys are the ceremonies of WebAuthn for one address of the site: a key that was made for one opens no other.
type Passkeys struct{ at *webauthn.WebAuthn }

// ErrNoPasskeys is the answer for an address at which no browser makes or uses passkeys.
var ErrNoPasskeys = errors.New("identity: browsers know passkeys only at a name, by https or at localhost")

// NewPasskeys prepares the ceremonies at the site's address, such as https://banli.example; browsers show the name. ErrNoPasskeys for an address at which
// browsers refuse them: one by plain http, unless it is localhost, and an IP address.
func NewPasskeys(site, name string) (*Passkeys, error) {
	u, err := url.Parse(site)
	if err != nil {
		return nil, ErrNoPasskeys
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "" || u.Scheme != "https" && host != "localhost" {
		return nil, ErrNoPasskeys
	}
	at, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred, ResidentKey: protocol.ResidentKeyRequirementDiscouraged},
	})
	if err != nil {
		return nil, err
	}
	return &Passkeys{at}, nil
}

// Holder is whose passkeys they are.
type Holder struct {
	ID          string // of the person
	Login, Name string
	Keys        []json.RawMessage // what MakeEnd returned, or UseEnd last
}

// holder is a Holder as the library looks at one.
type holder struct {
	Holder
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.ID) }
func (h holder) WebAuthnName() string                       { return h.Login }
func (h holder) WebAuthnDisplayName() string                { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func (h Holder) read() (holder, error) {
	of := holder{Holder: h, keys: make([]webauthn.Credential, len(h.Keys))}
	for i, key := range h.Keys {
		if err := json.Unmarshal(key, &of.keys[i]); err != nil {
			return of, err
		}
	}
	return of, nil
}

// MakeBegin begins the making of a key: what the browser is asked, and what has to be kept meanwhile.
func (p *Passkeys) MakeBegin(who Holder) (ask, kept string, err error) {
	of, err := who.read()
	if err != nil {
		return "", "", err
	}
	asked, session, err := p.at.BeginRegistration(of, webauthn.WithExclusions(webauthn.Credentials(of.keys).CredentialDescriptors()))
	if err != nil {
		return "", "", err
	}
	return both(asked.Response, session)
}

// MakeEnd is the key that the browser answered with, to be kept, and its id. An error: it is not an answer to what was asked.
func (p *Passkeys) MakeEnd(who Holder, kept, answer string) (id []byte, key json.RawMessage, err error) {
	of, session, err := who.resume(kept)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return nil, nil, err
	}
	made, err := p.at.CreateCredential(of, session, parsed)
	if err != nil {
		return nil, nil, err
	}
	key, err = json.Marshal(made)
	return made.ID, key, err
}

// UseBegin begins the use of one of the keys.
func (p *Passkeys) UseBegin(who Holder) (ask, kept string, err error) {
	of, err := who.read()
	if err != nil {
		return "", "", err
	}
	asked, session, err := p.at.BeginLogin(of)
	if err != nil {
		return "", "", err
	}
	return both(asked.Response, session)
}

// errCloned is a key that counted its uses backwards: there are two of it.
var errCloned = errors.New("identity: the passkey has a copy")

// UseEnd is the key that was used, as it is to be kept from now on, and its id. An error: nobody proved anything.
func (p *Passkeys) UseEnd(who Holder, kept, answer string) (id []byte, key json.RawMessage, err error) {
	of, session, err := who.resume(kept)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return nil, nil, err
	}
	used, err := p.at.ValidateLogin(of, session, parsed)
	if err != nil {
		return nil, nil, err
	}
	if used.Authenticator.CloneWarning {
		return nil, nil, errCloned
	}
	key, err = json.Marshal(used)
	return used.ID, key, err
}

func (h Holder) resume(kept string) (of holder, session webauthn.SessionData, err error) {
	if err := json.Unmarshal([]byte(kept), &session); err != nil {
		return of, session, errors.New("identity: nothing was asked")
	}
	of, err = h.read()
	return of, session, err
}

func both(asked, session any) (ask, kept string, err error) {
	a, err := json.Marshal(asked)
	if err != nil {
		return "", "", err
	}
	k, err := json.Marshal(session)
	return string(a), string(k), err
}
