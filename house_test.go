package banli_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/banli/banli/"

// rooms says which rooms of the house each room may import. A room's sub-packages follow its rule unless they have one of
// their own. Tests are free.
var rooms = map[string][]string{
	"cmd/banli":            {"internal/app", "internal/store", "internal/proposal", "internal/calendar"},
	"cmd/banli-standalone": {"internal/app", "internal/standalone", "internal/store", "internal/demo"},

	"internal/app":        {"worker", "workflows", "activities", "internal/web", "internal/store", "internal/mail", "internal/calendar", "internal/proposal"},
	"internal/demo":       {"workflows", "internal/store", "internal/proposal", "internal/calendar"},
	"internal/kinds":      {"internal/proposal", "internal/calendar"},
	"internal/web":        {"workflows", "internal/kinds", "internal/store", "internal/proposal", "internal/calendar", "internal/compare", "internal/paper"},
	"internal/store":      {"activities", "internal/proposal", "internal/calendar", "internal/password"},
	"internal/mail":       {"activities"},
	"internal/standalone": {"internal/standalone"},

	"worker":     {"workflows", "activities"},
	"workflows":  {"activities", "internal/proposal", "internal/calendar"},
	"activities": {"internal/proposal", "internal/calendar"},

	"internal/proposal": {"internal/calendar"},
	"internal/calendar": {},
	"internal/password": {},
	"internal/compare":  {},
	"internal/paper":    {},

	"internal/testkit": {"internal"}, // tests only
	"bench":            {"internal", "workflows", "activities", "worker"},
	"e2e":              {"internal", "workflows", "activities", "worker"},
}

// outside says which modules only some rooms may know.
var outside = map[string][]string{
	"github.com/jackc/pgx":               {"internal/store", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"go.temporal.io/server":              {"internal/standalone", "internal/testkit", "bench", "e2e"},
	"github.com/temporalio":              {"internal/standalone"},
	"go.temporal.io/sdk":                 {"activities", "worker", "workflows", "internal/app", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"net/http":                           {"internal/web", "internal/app", "cmd/banli", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"github.com/nicksnyder":              {"internal/web"},
	"github.com/alexedwards/scs":         {"internal/web", "internal/store"},
	"github.com/pressly/goose":           {"internal/store"},
	"golang.org/x/crypto/argon2":         {"internal/password"},
	"github.com/alecthomas/kong":         {"cmd"},
	"github.com/wneessen/go-mail":        {"internal/mail"},
	"github.com/mozillazg/go-pinyin":     {"internal/proposal"},
	"github.com/sergi/go-diff":           {"internal/compare"},
	"github.com/gabriel-vasile/mimetype": {"internal/web"},
	"gopkg.in/yaml.v3":                   {"internal/proposal", "internal/demo", "internal/web"},
	"pgregory.net/rapid":                 {},
	"github.com/google/go-cmp/cmp":       {},
}

// TestHouse holds the direction of imports (docs/architecture.md).
func TestHouse(t *testing.T) {
	for _, p := range packages(t) {
		path, inside := strings.CutPrefix(p.ImportPath, module)
		if !inside {
			continue // this test
		}
		room, ok := roomOf(path)
		if !ok {
			t.Errorf("%s is in no room: give it a place in rooms", path)
			continue
		}
		for _, imported := range p.Imports {
			if other, ours := strings.CutPrefix(imported, module); ours {
				if !within(other, room) && !under(other, rooms[room]) {
					t.Errorf("%s must not import %s", path, other)
				}
				continue
			}
			for name, allowed := range outside {
				if within(imported, name) && !under(path, allowed) {
					t.Errorf("%s must not know %s", path, name)
				}
			}
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// roomOf is the room with the longest name that the path lies in.
func roomOf(path string) (room string, ok bool) {
	for name := range rooms {
		if within(path, name) && len(name) > len(room) {
			room, ok = name, true
		}
	}
	return room, ok
}

func under(path string, roots []string) bool {
	for _, root := range roots {
		if within(path, root) {
			return true
		}
	}
	return false
}

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }
