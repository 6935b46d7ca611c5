// Package push hands to-dos to the office's portal, or to what stands before a messenger such as 企业微信, 钉钉 or 浙政钉, by signed HTTP requests
// in the form of the Standard Webhooks specification (docs/push.md). It imports the messages of outbox; it must never import the store or the
// web, and never decide whether a to-do is handed over.
package push

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/outbox"
)

// Portal is where to-dos are handed, and the key by which it knows who hands them.
type Portal struct {
	address string
	key     []byte
	client  http.Client
	Now     func() time.Time // of the signature
}

const (
	// patience is how long the portal may take for a message.
	patience = 10 * time.Second
	// keyPrefix marks a key, as the specification has it.
	keyPrefix = "whsec_"
	// shortestKey is how many bytes a key has at least, as the specification has it.
	shortestKey = 24
	// answerLength is as much of an answer as is kept for an administrator.
	answerLength = 200
)

// NewPortal reads an address and a key, whsec_ and at least 24 bytes in base64.
func NewPortal(address, key string) (*Portal, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("--push-url must be an address such as https://portal.example/todos")
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, keyPrefix))
	if !strings.HasPrefix(key, keyPrefix) || err != nil || len(secret) < shortestKey {
		return nil, errors.New(`--push-key must read whsec_ and 24 bytes or more in base64: echo "whsec_$(openssl rand -base64 32)"`)
	}
	return &Portal{address: address, key: secret, Now: time.Now, client: http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // what is signed goes where it was meant to
	}}, nil
}

// Hand implements outbox.Portal.
func (p *Portal) Hand(ctx context.Context, t outbox.Todo) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	at := strconv.FormatInt(p.Now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Webhook-Id", t.ID)
	request.Header.Set("Webhook-Timestamp", at)
	request.Header.Set("Webhook-Signature", "v1,"+Sign(p.key, t.ID, at, body))
	answer, err := p.client.Do(request)
	if err != nil {
		return &outbox.NotDelivered{Answer: err.Error()}
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 == 2 {
		return nil
	}
	said, _ := io.ReadAll(io.LimitReader(answer.Body, answerLength)) // of an answer that breaks off, what came
	return &outbox.NotDelivered{
		Permanent: answer.StatusCode < 500 && !slices.Contains(later, answer.StatusCode),
		Answer:    fmt.Sprintf("%s %s", answer.Status, strings.ToValidUTF8(string(said), "")),
	}
}

// later are the answers below 500 after which the same message may be handed again.
var later = []int{http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests}

// Sign is the signature of a message by a key: HMAC-SHA256 over its id, the time in seconds and its body, in base64.
func Sign(key []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
