package eseal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/eseal"
	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/testkit/sealservice"
)

var (
	now   = time.Now()
	about = printing.About{Title: "答复", Agency: "沈阳市民政局", SignedOn: calendar.Date{Year: 2026, Month: 4, Day: 22}, Signer: "周海涛", OrderedBy: "韩雪"}
	pdf   = []byte("%PDF-1.7 a reply")
)

func client(t *testing.T, url, key string) *eseal.Service {
	t.Helper()
	s, err := eseal.New(url, []byte(key+"\n"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSealsOnce(t *testing.T) {
	ref := sealservice.New(t)
	s := client(t, ref.URL, sealservice.Key)
	ref.Set(func(r *sealservice.Service) { r.Lose = true })
	if _, _, err := s.Seal(t.Context(), "1-1", about, pdf); err == nil {
		t.Fatal("an answer that was lost came")
	}
	sealed, stamp, err := s.Seal(t.Context(), "1-1", about, pdf)
	if err != nil || !bytes.HasSuffix(sealed, []byte(sealservice.Mark)) || stamp.Seal != "沈阳市民政局" || stamp.Certificate != "7c01" {
		t.Fatalf("%q, %+v, %v", sealed, stamp, err)
	}
	if n := ref.Seals(); n != 1 {
		t.Errorf("sealed %d times", n)
	}
	if _, _, err := s.Seal(t.Context(), "1-2", about, pdf); err != nil || ref.Seals() != 2 {
		t.Errorf("another file: %d, %v", ref.Seals(), err)
	}
}

// What the service has not signed is believed in nothing: neither a file nor a refusal.
func TestAnswersAreSigned(t *testing.T) {
	ref := sealservice.New(t)
	s := client(t, ref.URL, sealservice.Key)
	unsigned := func(b []byte, h http.Header) []byte { h.Del(eseal.SignHeader); return b }
	signed := func(a eseal.Answer) func([]byte, http.Header) []byte {
		return func(_ []byte, h http.Header) []byte {
			b, err := json.Marshal(a)
			if err != nil {
				t.Error(err)
			}
			h.Set(eseal.SignHeader, eseal.Sign([]byte(sealservice.Key), strconv.FormatInt(now.Unix(), 10), b))
			return b
		}
	}
	for name, cheat := range map[string]func([]byte, http.Header) []byte{
		"changed":          func(b []byte, _ http.Header) []byte { return bytes.Replace(b, []byte("7c01"), []byte("7c02"), 1) },
		"unsigned":         unsigned,
		"to another order": signed(eseal.Answer{Order: "2-1", PDF: pdf}),
		"no PDF":           signed(eseal.Answer{Order: "1-1", PDF: []byte("<html>")}),
	} {
		ref.Set(func(r *sealservice.Service) { r.Cheat = cheat })
		if _, _, err := s.Seal(t.Context(), "1-1", about, pdf); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	refused := (*printing.Refused)(nil)
	ref.Set(func(r *sealservice.Service) { r.Cheat, r.Refuse = unsigned, "证书已过期" })
	if _, _, err := s.Seal(t.Context(), "3-1", about, pdf); err == nil || errors.As(err, &refused) {
		t.Errorf("a refusal without signature: %v", err)
	}
	ref.Set(func(r *sealservice.Service) { r.Cheat = nil })
	if _, _, err := s.Seal(t.Context(), "3-1", about, pdf); !errors.As(err, &refused) || refused.Words != "证书已过期" {
		t.Errorf("refused: %v", err)
	}
	ref.Set(func(r *sealservice.Service) { r.Refuse = "" })
	before := ref.Seals()
	if _, _, err := client(t, ref.URL, strings.ToUpper(sealservice.Key)).Seal(t.Context(), "4-1", about, pdf); err == nil || ref.Seals() != before {
		t.Errorf("under another key: %v", err)
	}
	old, err := eseal.New(ref.URL, []byte(sealservice.Key), func() time.Time { return now.Add(-time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := old.Seal(t.Context(), "4-2", about, pdf); err == nil || ref.Seals() != before {
		t.Errorf("an hour old: %v", err)
	}
}

func TestServiceIsNamed(t *testing.T) {
	for _, address := range []string{"", "seal.example", "http://seal.example/seal", "ftp://seal.example"} {
		if _, err := eseal.New(address, []byte(sealservice.Key), time.Now); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	if _, err := eseal.New("https://seal.example/seal", []byte("short"), time.Now); err == nil {
		t.Error("a short key is taken")
	}
	if _, err := eseal.New("https://seal.example/seal", []byte(sealservice.Key), time.Now); err != nil {
		t.Error(err)
	}
}
