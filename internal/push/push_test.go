package push_test

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/push"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web/inbox"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var secret = []byte("a key of thirty-two bytes, shown")

func key(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }

// portal is a receiver as docs/push.md asks for one: it checks the signature and the time, and takes each message once.
type portal struct {
	*httptest.Server
	now      func() time.Time
	next     func(http.ResponseWriter) // answers the next message, in the place of a yes
	requests int
	refused  []string
	taken    map[string]bool        // ids of messages
	todos    map[string]outbox.Todo // that are open, by id
	effects  int                    // how often something was opened or closed
}

func newPortal(t *testing.T, now func() time.Time) *portal {
	p := &portal{now: now, taken: map[string]bool{}, todos: map[string]outbox.Todo{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.requests++
	body, _ := io.ReadAll(r.Body)
	id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
	_, said, _ := strings.Cut(r.Header.Get("webhook-signature"), "v1,")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if !hmac.Equal([]byte(said), []byte(push.Sign(secret, id, at, body))) || err != nil || p.now().Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		p.refused = append(p.refused, id)
		http.Error(w, "signature", http.StatusUnauthorized)
		return
	}
	var todo outbox.Todo
	if err := json.Unmarshal(body, &todo); err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	if !p.taken[id] {
		p.taken[id] = true
		p.effects++
		if todo.Event == outbox.TodoClosed {
			delete(p.todos, todo.Todo)
		} else {
			p.todos[todo.Todo] = todo
		}
	}
	if next := p.next; next != nil {
		p.next = nil
		next(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// office is a bureau on a database of its own, at a time that the test moves, with a portal.
type office struct {
	*testing.T
	*store.Store
	fixture.Bureau
	*activities.Pusher
	*portal
	cases *activities.Cases
	now   time.Time
	taken int
}

// monday is ten in the morning of a working day.
var monday = time.Date(2026, 4, 20, 2, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	dsn, bureau := fixture.Database(t)
	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	o := &office{T: t, Store: s, Bureau: bureau, now: monday}
	s.Now = func() time.Time { return o.now }
	o.cases = &activities.Cases{Ledger: s, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: s.Now}
	words, err := inbox.NewMailWriter(inbox.MailWriter{Store: s, PublicURL: "https://banli.example/", Calendar: calendar.National, Now: s.Now})
	check(t, err)
	o.portal = newPortal(t, s.Now)
	o.Pusher = &activities.Pusher{Box: s, Writer: app.TodoWriter{Words: words}, Now: s.Now}
	o.by(key(secret))
	return o
}

// by hands to-dos over with another key.
func (o *office) by(key string) {
	o.Helper()
	p, err := push.NewPortal(o.URL, key)
	check(o.T, err)
	p.Now = o.Store.Now
	o.Pusher.Portal = p
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) do(id string, a proposal.Action) {
	o.Helper()
	check(o.T, o.SaveAction(o.Context(), id, a))
	outcome, err := o.cases.Record(o.Context(), ledger.Command{CaseID: id, ActionID: a.ID, Kind: a.Kind})
	check(o.T, err)
	if outcome.Refusal != nil {
		o.Fatalf("%s: %v", a.Kind, outcome.Refusal)
	}
}

// at carries a new case to the stage.
func (o *office) at(to proposal.Stage, with ...func(*proposal.Registration)) string {
	o.Helper()
	o.taken++
	r := fixture.Registration(fmt.Sprintf("%04d", o.taken), calendar.NewDate(2026, 3, 2))
	for _, change := range with {
		change(r)
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String()
	o.do(id, o.Register(r))
	for {
		state, err := o.State(o.Context(), id)
		check(o.T, err)
		if state.Stage == to {
			return id
		}
		o.do(id, o.Next(o.T, o.Store, id))
	}
}

// round does what the workflow does in one run, and tells where the to-dos then stand.
func (o *office) round() map[outbox.PushState]int {
	o.Helper()
	due, err := o.CollectPushes(o.Context())
	check(o.T, err)
	stand := map[outbox.PushState]int{}
	for _, id := range due {
		state, err := o.SendPush(o.Context(), id)
		check(o.T, err)
		stand[state]++
	}
	return stand
}

// of are the to-dos that the portal has for the account.
func (o *office) of(role proposal.Role) []outbox.Todo {
	return slices.DeleteFunc(slices.Collect(maps.Values(o.todos)), func(t outbox.Todo) bool { return t.Account != string(role) })
}

// What is asked of somebody stands on the portal until it is done, in the words of the notice.
func TestATodoIsOpenedAndClosed(t *testing.T) {
	o := newOffice(t)
	id := o.at(proposal.Consulting)
	if stand := o.round(); stand[outbox.PushOpen] == 0 || len(o.refused) > 0 {
		t.Fatalf("to-dos %v, refused %q", stand, o.refused)
	}
	todos := o.of(proposal.Handler)
	if len(todos) != 1 {
		t.Fatalf("the handler has %+v", todos)
	}
	todo := todos[0]
	if todo.Event != outbox.TodoOpened || !strings.Contains(todo.Title, "0001") || !strings.Contains(todo.Text, "联系代表") || todo.URL != "https://banli.example/cases/"+id || !todo.At.Equal(monday) {
		t.Errorf("told %+v", todo)
	}
	before := o.effects
	o.round()
	if o.effects != before {
		t.Error("a second round told something again")
	}
	for range 2 { // talked with, and submitted
		o.do(id, o.Next(t, o.Store, id))
	}
	o.round()
	o.round()
	if left := o.of(proposal.Handler); len(left) != 0 {
		t.Errorf("the handler has done it, and has %+v", left)
	}
}

// Whether the portal was away, or took a message and its answer was lost: the message comes again, and has its effect once.
func TestAMessageHasItsEffectOnce(t *testing.T) {
	o := newOffice(t)
	o.at(proposal.Consulting)
	o.round() // all that came before
	o.at(proposal.Consulting)
	had, requests := len(o.of(proposal.Handler)), o.requests
	o.next = func(w http.ResponseWriter) { // taken, and the line goes dead
		line, _, err := w.(http.Hijacker).Hijack()
		check(t, err)
		line.Close()
	}
	first := o.round()
	if first[outbox.PushOpening] != 1 {
		t.Fatalf("after a lost answer %v", first)
	}
	if again := o.round(); len(again) != 0 {
		t.Errorf("tried again at once: %v", again)
	}
	o.now = o.now.Add(time.Minute)
	o.next = func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }
	if away := o.round(); away[outbox.PushOpening] != 1 {
		t.Errorf("the portal is away: %v", away)
	}
	o.now = o.now.Add(2 * time.Minute)
	o.round()
	sent := 0
	for _, n := range first {
		sent += n
	}
	if got := o.requests - requests; got != sent+2 {
		t.Errorf("%d requests for %d messages, one of which came three times", got, sent)
	}
	if got := len(o.of(proposal.Handler)) - had; got != 1 {
		t.Errorf("the handler has %d to-dos more, want one", got)
	}
	queue, err := o.PushQueue(t.Context())
	if check(t, err); queue.Waiting != 0 || queue.Failed != 0 || queue.Open != len(o.todos) {
		t.Errorf("queue %+v, the portal has %d", queue, len(o.todos))
	}
}

// A portal that refuses a message, by its signature or for good, is not asked again; one that nobody reaches for a day is given up.
func TestWhatThePortalDoesNotTake(t *testing.T) {
	o := newOffice(t)
	o.by(key([]byte("another key of thirty-two bytes..")))
	o.at(proposal.Consulting)
	stand := o.round()
	if stand[outbox.PushFailed] == 0 || len(o.todos) != 0 || len(o.refused) != stand[outbox.PushFailed] {
		t.Fatalf("with another key %v, taken %d", stand, len(o.todos))
	}
	if again := o.round(); len(again) != 0 {
		t.Errorf("what was refused was tried again: %v", again)
	}
	o.by(key(secret))
	o.portal.Close()
	o.at(proposal.Consulting)
	if stand = o.round(); stand[outbox.PushOpening] == 0 {
		t.Fatalf("nobody answers: %v", stand)
	}
	o.now = o.now.Add(25 * time.Hour)
	if stand = o.round(); stand[outbox.PushFailed] == 0 || stand[outbox.PushOpening] != 0 {
		t.Errorf("nobody answered for a day: %v", stand)
	}
	if queue, err := o.PushQueue(t.Context()); err != nil || queue.Failed == 0 {
		t.Errorf("queue %+v, %v", queue, err)
	}
}

// Done before the portal was told, it is never told; of a secret case it is told the number alone; and nobody is told what a notice that asks
// for nothing says.
func TestWhatIsNotTold(t *testing.T) {
	o := newOffice(t)
	o.at(proposal.Drafting)
	if stand := o.round(); stand[outbox.PushDropped] != 0 {
		t.Errorf("made of what was over: %v", stand)
	}
	before := len(o.of(proposal.Handler))
	id := o.at(proposal.Consulting)
	if _, err := o.CollectPushes(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o.do(id, o.Next(t, o.Store, id))
	}
	if stand := o.round(); stand[outbox.PushDropped] == 0 || len(o.of(proposal.Handler)) != before {
		t.Errorf("done before it was told: %v, %d to-dos", stand, len(o.of(proposal.Handler)))
	}
	o.at(proposal.Consulting, func(r *proposal.Registration) { r.Secrecy = true })
	o.round()
	secret := 0
	for _, todo := range o.todos {
		if strings.Contains(todo.Title+todo.Text, "0003") {
			secret++
			if strings.Contains(todo.Title+todo.Text, "社工") {
				t.Errorf("of a secret case the portal is told %+v", todo)
			}
		}
	}
	if secret == 0 {
		t.Error("of the secret case nothing is told")
	}
}

func TestPortalsThatCannotBe(t *testing.T) {
	for _, wrong := range []struct{ address, key, says string }{
		{"portal", key(secret), "--push-url"},
		{"ftp://portal.example", key(secret), "--push-url"},
		{"https://portal.example", "", "--push-key"},
		{"https://portal.example", "whsec_c2hvcnQ=", "--push-key"},
		{"https://portal.example", base64.StdEncoding.EncodeToString(secret), "--push-key"},
	} {
		if _, err := push.NewPortal(wrong.address, wrong.key); err == nil || !strings.Contains(err.Error(), wrong.says) {
			t.Errorf("%q with key %q: %v", wrong.address, wrong.key, err)
		}
	}
}
