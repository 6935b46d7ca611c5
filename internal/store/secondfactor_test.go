package store_test

import (
	"bytes"
	"encoding/hex"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Whoever reads the database finds no secret of an app and no recovery code in it, and a code is taken once, whoever presses twice at the same time.
func TestSecretsAreSealed(t *testing.T) {
	w := newWorld(t)
	ctx, who := t.Context(), w.ID(proposal.BureauHead)
	if _, err := w.SealSecret(who, "x"); err == nil {
		t.Error("a secret is kept without a file of keys")
	}
	keys, err := keyring.Open(filepath.Join(t.TempDir(), "keys"))
	check(t, err)
	w.Secrets = keys
	secret := identity.NewSecret()
	sealed, err := w.SealSecret(who, secret)
	check(t, err)
	var codes []string
	check(t, w.Edit(ctx, who, func(e *store.Edit) (err error) {
		check(t, e.AddApp(ctx, who, sealed, 0))
		codes, err = e.RenewRecoveryCodes(ctx, who)
		return err
	}))
	var dump []byte
	check(t, w.sql.QueryRow(ctx, `select string_agg(f::text, E'\n')::bytea from second_factors f`).Scan(&dump))
	for _, plain := range append(codes, secret) {
		if bytes.Contains(dump, []byte(plain)) || bytes.Contains(dump, []byte(hex.EncodeToString([]byte(plain)))) {
			t.Errorf("%q stands in the database", plain)
		}
	}

	person, err := w.Person(ctx, who)
	check(t, err)
	if !person.SecondFactor {
		t.Error("who has an app has no second factor")
	}
	code, err := totp.GenerateCode(secret, w.Now())
	check(t, err)
	proved := make(chan string)
	for range 2 {
		go func() {
			answer, err := w.ProveByCode(ctx, person, code, "")
			if err != nil {
				t.Error(err)
			}
			proved <- answer.Proof
		}()
	}
	if one, other := <-proved, <-proved; (one == "") == (other == "") {
		t.Errorf("one code pressed twice makes the proofs %q and %q", one, other)
	}
}

// Whoever's app was sealed with a key that is lost is told that the code is wrong, as often as they try, and comes in with a recovery code. The log says why.
func TestALostFileOfKeys(t *testing.T) {
	w := newWorld(t)
	ctx, who := t.Context(), w.ID(proposal.BureauHead)
	var log strings.Builder
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	remade := func() {
		t.Helper()
		keys, err := keyring.Open(filepath.Join(t.TempDir(), "keys"))
		check(t, err)
		w.Secrets = keys
	}
	remade()
	secret := identity.NewSecret()
	sealed, err := w.SealSecret(who, secret)
	check(t, err)
	var codes []string
	check(t, w.Edit(ctx, who, func(e *store.Edit) (err error) {
		check(t, e.AddApp(ctx, who, sealed, 0))
		codes, err = e.RenewRecoveryCodes(ctx, who)
		return err
	}))
	person, err := w.Person(ctx, who)
	check(t, err)
	code, err := totp.GenerateCode(secret, w.Now())
	check(t, err)
	remade()
	for range 7 {
		answer, err := w.ProveByCode(ctx, person, code, "")
		if err != nil || answer != (store.Proved{Left: 5}) {
			t.Fatalf("%+v, %v", answer, err)
		}
	}
	if !strings.Contains(log.String(), "is not in the file of keys") || strings.Contains(log.String(), secret) {
		t.Errorf("the log says %q", log.String())
	}
	w.Secrets = nil
	if answer, err := w.ProveByCode(ctx, person, code, ""); err != nil || answer != (store.Proved{Left: 5}) {
		t.Errorf("without a file of keys: %+v, %v", answer, err)
	}
	if answer, err := w.ProveByCode(ctx, person, codes[0], ""); err != nil || answer.Proof == "" {
		t.Errorf("a recovery code: %+v, %v", answer, err)
	}
}

// A signature names a proof of the signer's own that is ten minutes old at most when it is sent.
func TestSignaturesNameAFreshProof(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.SignOff)
	sign := w.Next(t, w.Store, id)
	b, err := w.Store.Bureau(ctx, calendar.Date{})
	check(t, err)
	b.SecondFactor = []proposal.Role{proposal.BureauHead, proposal.LeaderInCharge}
	check(t, w.SaveBureau(ctx, "", b))
	now := w.Now()
	proof := func(of proposal.PersonID, age time.Duration) (id string) {
		t.Helper()
		check(t, w.sql.QueryRow(ctx, `insert into proofs (id, person, way, at) values (gen_random_uuid(), $1, 'passkey', $2) returning id::text`, of, now.Add(-age)).Scan(&id))
		return id
	}
	for name, named := range map[string]string{
		"none": "", "no id": "x", "another's": proof(w.ID(proposal.Liaison), time.Minute), "an old one": proof(sign.By, 11*time.Minute), "one to come": proof(sign.By, -time.Hour),
	} {
		a := sign
		a.Proof = named
		o, err := w.send(ctx, id, a)
		if err != nil || o.Refusal == nil || o.Refusal.Code != proposal.ProofNeeded {
			t.Errorf("%s: %+v, %v", name, o.Refusal, err)
		}
	}
	sign.Proof = proof(sign.By, 9*time.Minute)
	w.do(t, id, sign)
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("the chain: %+v, %v", report, err)
	}
	_, err = w.sql.Exec(ctx, `alter table events disable trigger all; update events set proof = '' where kind = 'sign'`)
	check(t, err)
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) == 0 {
		t.Errorf("with the proof taken out of the event: %+v, %v", report, err)
	}
}
