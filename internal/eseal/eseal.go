// Package eseal has PDF files sealed by a service for electronic seals, by the protocol of docs/e-seal.md. It imports the messages of printing and nothing
// else of the house, and never decides what is sealed.
package eseal

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/printing"
)

// Service is the service of the bureau.
type Service struct {
	address string
	key     []byte
	client  http.Client
	now     func() time.Time
}

const (
	// patience is how long the service may take for a file.
	patience = 30 * time.Second
	// maxAnswer is the largest answer that is read: a sealed file of 30 MB.
	maxAnswer = 40 << 20
	// minKey is how long the shared key is at least, in bytes.
	minKey = 32
)

// New reads the address of a service, https://… (http:// on this machine only), and the key that both sides share.
func New(address string, key []byte, now func() time.Time) (*Service, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && net.ParseIP(u.Hostname()).IsLoopback()) {
		return nil, errors.New("the service for electronic seals must be named as https://host/path")
	}
	if key = bytes.TrimSpace(key); len(key) < minKey {
		return nil, fmt.Errorf("the key of the service for electronic seals must have %d characters or more", minKey)
	}
	s := &Service{address: address, key: key, now: now}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a reply goes nowhere else
	return s, nil
}

// Order is what is sent.
type Order struct {
	Order string         `json:"order"`
	About printing.About `json:"about"`
	PDF   []byte         `json:"pdf"` // base64 in JSON
}

// Answer is what comes back: a sealed file, or why there is none.
type Answer struct {
	Order   string         `json:"order"`
	Stamp   printing.Stamp `json:"stamp"`
	PDF     []byte         `json:"pdf,omitempty"`
	Refused string         `json:"refused,omitempty"`
}

// Headers of a request and of its answer.
const (
	TimeHeader = "Banli-Time"      // seconds since 1970, of a request
	SignHeader = "Banli-Signature" // Sign of its time and body; of an answer, of the request's time and its own body
)

// Sign is the signature of a message: HMAC-SHA256 with the shared key over the time, a line end and the body, in hexadecimal.
func Sign(key []byte, time string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(time + "\n"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Seal implements printing.Sealer.
func (s *Service) Seal(ctx context.Context, order string, about printing.About, pdf []byte) ([]byte, printing.Stamp, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := json.Marshal(Order{order, about, pdf})
	if err != nil {
		return nil, printing.Stamp{}, err
	}
	at := strconv.FormatInt(s.now().Unix(), 10)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		return nil, printing.Stamp{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(TimeHeader, at)
	request.Header.Set(SignHeader, Sign(s.key, at, body))
	response, err := s.client.Do(request)
	if err != nil {
		return nil, printing.Stamp{}, fmt.Errorf("eseal: %w", err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, printing.Stamp{}, fmt.Errorf("eseal: read the answer: %w", err)
	}
	return s.read(order, at, response, data)
}

// read takes an answer apart. Only one that the service has signed says anything, a refusal too: what stands between may answer as it likes.
func (s *Service) read(order, at string, response *http.Response, data []byte) ([]byte, printing.Stamp, error) {
	var answer Answer
	switch {
	case len(data) > maxAnswer:
		return nil, printing.Stamp{}, errors.New("eseal: the answer is too large")
	case !hmac.Equal([]byte(Sign(s.key, at, data)), []byte(response.Header.Get(SignHeader))):
		return nil, printing.Stamp{}, fmt.Errorf("eseal: status %d, and no signature of the service under it", response.StatusCode)
	case json.Unmarshal(data, &answer) != nil || answer.Order != order:
		return nil, printing.Stamp{}, errors.New("eseal: the answer is not to this order")
	case response.StatusCode == http.StatusUnprocessableEntity && strings.TrimSpace(answer.Refused) != "":
		return nil, printing.Stamp{}, &printing.Refused{Words: answer.Refused}
	case response.StatusCode != http.StatusOK:
		return nil, printing.Stamp{}, fmt.Errorf("eseal: status %d", response.StatusCode)
	case !bytes.HasPrefix(answer.PDF, []byte("%PDF-")):
		return nil, printing.Stamp{}, errors.New("eseal: the answer holds no PDF")
	}
	return answer.PDF, answer.Stamp, nil
}
