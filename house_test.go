package banli_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/banli/banli/"

// rooms says which rooms of the house each room may import. A room's sub-packages follow its rule unless they have one of
// their own. Tests are free.
var rooms = map[string][]string{
	"cmd/banli":            slices.Concat([]string{"internal/app", "internal/keyring", "internal/setup", "internal/directory", "internal/sheet", "internal/web/locale", "internal/store", "internal/rulepack"}, rules),
	"cmd/banli-standalone": {"internal/app", "internal/standalone", "internal/store", "internal/demo"},

	"internal/setup":     slices.Concat([]string{"internal/store", "internal/rulepack", "internal/wording"}, rules),
	"internal/app":       slices.Concat([]string{"worker", "workflows", "activities", "internal/web", "internal/store", "internal/mail", "internal/push", "internal/outbox", "internal/rulepack", "internal/gongwen", "internal/eseal", "internal/heads", "internal/keyring", "internal/payload", "internal/oidc"}, rules),
	"internal/demo":      slices.Concat([]string{"workflows", "internal/directory", "internal/store", "internal/rulepack"}, rules),
	"internal/directory": rules,
	"internal/kinds":     append([]string{"internal/directory"}, rules...),
	// The web: what the rooms stand on, from below, then the rooms, which never import one another, then the routes.
	"internal/web/locale":      slices.Concat([]string{"internal/store", "internal/rulepack", "internal/wording"}, rules),
	"internal/web/static":      {},
	"internal/web/templates":   slices.Concat([]string{"internal/web/locale", "internal/web/static", "internal/store"}, rules),
	"internal/web/kit":         slices.Concat(underRooms[:3], webFloor, []string{"internal/oidc"}),
	"internal/web/casefile":    slices.Concat(underRooms[:4], webFloor),
	"internal/web/reply":       slices.Concat(underRooms[:5], webFloor),
	"internal/web/admin":       append([]string{"internal/setup", "internal/sheet", "internal/rulepack", "internal/wording"}, aRoom...),
	"internal/web/api":         append([]string{"internal/rulepack", "internal/wording"}, aRoom...),
	"internal/web/caseroom":    aRoom,
	"internal/web/desk":        aRoom,
	"internal/web/inbox":       aRoom,
	"internal/web/live":        aRoom,
	"internal/web/office":      aRoom,
	"internal/web/signing":     aRoom,
	"internal/web/site":        aRoom,
	"internal/web/supervision": append([]string{"internal/sheet", "internal/paper", "internal/gongwen"}, aRoom...),
	"internal/web/kittest":     append([]string{"internal/rulepack"}, aRoom...), // tests only
	"internal/web":             append([]string{"internal/oidc"}, webFloor...),
	"internal/store":           slices.Concat([]string{"internal/directory", "internal/ledger", "internal/outbox", "internal/printing", "internal/rulepack", "internal/wording", "internal/password", "internal/heads", "internal/identity"}, rules),
	"internal/mail":            {"internal/outbox"},
	"internal/push":            {"internal/outbox"},
	"internal/eseal":           {"internal/printing"},
	"internal/standalone":      {"internal/standalone"},

	"worker":     {"workflows"},
	"workflows":  slices.Concat([]string{"activities", "internal/ledger", "internal/outbox"}, rules),
	"activities": slices.Concat([]string{"internal/ledger", "internal/outbox", "internal/printing"}, rules),

	"internal/ledger":   rules,
	"internal/outbox":   {"internal/calendar"},
	"internal/printing": {"internal/calendar"},

	"internal/rulepack":  rules,
	"internal/proposal":  {"internal/replytext", "internal/assembly", "internal/chinese", "internal/calendar"},
	"internal/replytext": {"internal/assembly", "internal/chinese", "internal/calendar", "internal/tables"},
	"internal/assembly":  {"internal/chinese"},
	"internal/chinese":   {},
	"internal/calendar":  {},
	"internal/wording":   {},
	"internal/password":  {},
	"internal/heads":     {},
	"internal/identity":  {},
	"internal/keyring":   {},
	"internal/oidc":      {"internal/identity"},
	"internal/payload":   {"internal/keyring"},
	"internal/compare":   {},
	"internal/paper":     {},
	"internal/tables":    {},
	"internal/gongwen":   {"internal/paper", "internal/tables"},
	"internal/sheet":     {},

	"internal/testkit": {"internal", "workflows"}, // tests only
	"bench":            {"internal", "workflows", "activities", "worker"},
	"e2e":              {"internal", "workflows", "activities", "worker"},
}

// rules are the rules and what they stand on: whoever speaks of a case needs their words.
var rules = []string{"internal/proposal", "internal/replytext", "internal/assembly", "internal/chinese", "internal/calendar", "internal/tables"}

// webFloor is what every package of the web may see of the house.
var webFloor = slices.Concat([]string{"workflows", "internal/kinds", "internal/directory", "internal/store", "internal/compare", "internal/paper", "internal/gongwen", "internal/printing", "internal/identity"}, rules)

// underRooms are the packages on which the rooms of the web stand, each on those before it.
var underRooms = []string{
	"internal/web/locale", "internal/web/static", "internal/web/templates", "internal/web/kit", "internal/web/casefile", "internal/web/reply",
}

var aRoom = slices.Concat(underRooms, webFloor)

// outside says which modules only some rooms may know.
var outside = map[string][]string{
	"github.com/jackc/pgx":               {"internal/store", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"go.temporal.io/server":              {"internal/standalone", "internal/testkit", "bench", "e2e"},
	"github.com/temporalio":              {"internal/standalone"},
	"github.com/labstack/echo":           {"internal/standalone"}, // what the Temporal Web UI is made with
	"go.temporal.io/sdk":                 {"activities", "worker", "workflows", "internal/app", "internal/payload", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"net/http":                           {"internal/web", "internal/app", "internal/oidc", "internal/push", "internal/eseal", "cmd/banli", "internal/standalone", "internal/testkit", "bench", "e2e"},
	"github.com/nicksnyder":              {"internal/web/locale"},
	"github.com/alexedwards/scs":         {"internal/web/kit", "internal/store"},
	"github.com/pressly/goose":           {"internal/store"},
	"golang.org/x/crypto/argon2":         {"internal/password"},
	"github.com/pquerna/otp":             {"internal/identity"},
	"github.com/go-webauthn/webauthn":    {"internal/identity"},
	"github.com/coreos/go-oidc":          {"internal/oidc"},
	"golang.org/x/oauth2":                {"internal/oidc"},
	"github.com/zitadel/oidc":            {"internal/testkit"},
	"github.com/go-jose/go-jose":         {"internal/testkit"},
	"github.com/alecthomas/kong":         {"cmd"},
	"github.com/wneessen/go-mail":        {"internal/mail"},
	"github.com/mozillazg/go-pinyin":     {"internal/replytext"},
	"github.com/sergi/go-diff":           {"internal/compare"},
	"github.com/gabriel-vasile/mimetype": {"internal/web/kit"},
	"github.com/xuri/excelize":           {"internal/sheet"},
	"github.com/richardlehane/mscfb":     {"internal/gongwen"},
	"gopkg.in/yaml.v3":                   {"internal/rulepack", "internal/replytext", "internal/demo", "internal/setup", "internal/web/locale"},
	"pgregory.net/rapid":                 {},
	"github.com/google/go-cmp/cmp":       {},
}

// never says what a room must not reach, directly or through others: whoever reads or tests it need not know that either. Names with a dot are
// modules.
var never = map[string][]string{
	"internal/proposal": {"go.temporal.io", "github.com/jackc/pgx", "net/http", "internal/web"},
	"internal/ledger":   {"go.temporal.io", "github.com/jackc/pgx", "net/http", "internal/web"},
	"internal/outbox":   {"go.temporal.io", "github.com/jackc/pgx", "net/http", "internal/web"},
	"internal/store":    {"go.temporal.io", "activities", "workflows", "internal/web"},
	"internal/mail":     {"go.temporal.io", "github.com/jackc/pgx", "activities", "internal/web"},
	"internal/push":     {"go.temporal.io", "github.com/jackc/pgx", "activities", "internal/web"},
	"activities":        {"github.com/jackc/pgx", "internal/store", "internal/web", "internal/mail", "internal/push"},
	"workflows":         {"github.com/jackc/pgx", "internal/store", "internal/web", "internal/mail", "internal/push"},
	"worker":            {"github.com/jackc/pgx", "internal/store", "internal/web", "internal/mail", "internal/push"},
}

// TestHouseByWhatRoomsReach looks at everything that a room depends on.
func TestHouseByWhatRoomsReach(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		for room, forbidden := range never {
			for _, reached := range p.Deps {
				if within(path, room) && under(strings.TrimPrefix(reached, module), forbidden) {
					t.Errorf("%s must not reach %s", path, reached)
				}
			}
		}
	}
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

// TestRoomsOfTheWebStandApart: what two rooms share lies under both. It looks at everything that a room reaches.
func TestRoomsOfTheWebStandApart(t *testing.T) {
	isRoom := func(path string) bool {
		room, ok := strings.CutPrefix(path, module)
		return ok && within(room, "internal/web") && room != "internal/web" && !under(room, underRooms) && room != "internal/web/kittest"
	}
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		for _, reached := range p.Deps {
			if within(path, "internal/web") && path != "internal/web" && isRoom(reached) {
				t.Errorf("%s must not reach %s", path, reached)
			}
		}
	}
}

// large are the packages of many files, with the reason why they are one.
var large = map[string]string{
	"internal/store":           "one record, written in transactions that cross every table",
	"internal/proposal":        "the rules, which look at one another",
	"internal/web/kit":         "what every room stands on, and the login before them all",
	"internal/web/caseroom":    "case, draft and review draw the same page again when something is wrong",
	"internal/web/supervision": "the overview, the digests, the trials and the files are made of the same figures",
}

// TestLargePackagesAreAskedWhy: many files may be several subjects.
func TestLargePackagesAreAskedWhy(t *testing.T) {
	const many = 25
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		switch _, asked := large[path]; {
		case len(p.GoFiles) > many && !asked:
			t.Errorf("%s has %d files: should it be several packages? If not, say why in large", path, len(p.GoFiles))
		case len(p.GoFiles) <= many && asked:
			t.Errorf("%s has %d files: it needs no reason any more", path, len(p.GoFiles))
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string // everything it reaches
	GoFiles    []string // without tests
}

func packages(t *testing.T) []listed {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps,GoFiles", "./...").Output()
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
