// Package sealservice is a service for electronic seals as docs/e-seal.md asks for one, for tests: it writes a line at the end of a file where a real one
// would sign it.
package sealservice

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/eseal"
	"github.com/banli/banli/internal/printing"
)

// Key is what the service shares with whoever may have files sealed.
const Key = "a key that both sides share, 32 bytes and more"

// Mark stands at the end of a file that was sealed.
const Mark = "\n% sealed\n"

// latest is how far off the time of a request may be: one that somebody kept is not good for ever.
const latest = 5 * time.Minute

// Service seals an order once, and answers what it made whenever it is asked for the same.
type Service struct {
	URL string

	mu    sync.Mutex
	made  map[string][]byte // answers, by order
	seals int
	// Lose has the next answer lost on its way; Refuse is why nothing is sealed, "" for nothing; Cheat changes an answer after it was signed.
	Lose   bool
	Refuse string
	Cheat  func(answer []byte, head http.Header) []byte
}

// New starts a service, which ends with the test.
func New(t *testing.T) *Service {
	t.Helper()
	s := &Service{made: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Seals is how many files were sealed.
func (s *Service) Seals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seals
}

// Set changes how the service answers.
func (s *Service) Set(change func(*Service)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// ServeHTTP implements http.Handler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	at := r.Header.Get(eseal.TimeHeader)
	seconds, notTime := strconv.ParseInt(at, 10, 64)
	if err != nil || notTime != nil || time.Since(time.Unix(seconds, 0)).Abs() > latest || !hmac.Equal([]byte(eseal.Sign([]byte(Key), at, body)), []byte(r.Header.Get(eseal.SignHeader))) {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	var order eseal.Order
	if err := json.Unmarshal(body, &order); err != nil {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	status, answer := http.StatusOK, s.made[order.Order]
	switch {
	case answer != nil:
	case s.Refuse != "":
		status, answer = http.StatusUnprocessableEntity, encoded(eseal.Answer{Order: order.Order, Refused: s.Refuse})
	default:
		answer = encoded(eseal.Answer{
			Order: order.Order, PDF: append(bytes.Clone(order.PDF), Mark...),
			Stamp: printing.Stamp{Seal: order.About.Agency, Certificate: "7c01", At: time.Now().UTC()},
		})
		s.made[order.Order], s.seals = answer, s.seals+1
	}
	if s.Lose {
		s.Lose = false
		panic(http.ErrAbortHandler)
	}
	w.Header().Set(eseal.SignHeader, eseal.Sign([]byte(Key), at, answer))
	if s.Cheat != nil {
		answer = s.Cheat(bytes.Clone(answer), w.Header())
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

func encoded(a eseal.Answer) []byte {
	data, err := json.Marshal(a)
	if err != nil {
		panic(err) // it holds nothing that has no JSON
	}
	return data
}
