package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// caller speaks to the JSON API with one person's token.
type caller struct {
	site, token string
}

var tokenLine = regexp.MustCompile(`(?m)^token\s+(\S+)$`)

// caller makes a person with the banli command, and a token for them.
func (p *program) caller(t *testing.T, login string, flags ...string) (caller, proposal.PersonID) {
	t.Helper()
	id := strings.TrimSpace(p.banli(t, "\n", append([]string{"user", login}, flags...)...))
	match := tokenLine.FindStringSubmatch(p.banli(t, "", "token", login, "--name", "e2e"))
	if match == nil {
		t.Fatal("banli token printed no token")
	}
	return caller{p.site, match[1]}, proposal.PersonID(id)
}

// ask sends a request and decodes the answer, which must be of the 200s.
func (c caller) ask(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if status, said := c.send(t, method, path, encoded); status/100 != 2 {
		t.Fatalf("%s %s answers %d:\n%s\nto\n%s", method, path, status, said, encoded)
	} else if answer != nil {
		if err := json.Unmarshal(said, answer); err != nil {
			t.Fatalf("%s %s answers what is no JSON: %v\n%s", method, path, err, said)
		}
	}
}

func (c caller) send(t *testing.T, method, path string, body []byte) (status int, answer []byte) {
	t.Helper()
	if method == http.MethodGet {
		body = nil
	}
	request, err := http.NewRequestWithContext(t.Context(), method, c.site+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(fmt.Errorf("%s %s: %w", method, path, err))
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}
