package demo_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"google.golang.org/protobuf/encoding/protojson"
)

func TestMain(m *testing.M) { engine.Main(m) }

// running is a bureau's database with a worker on it.
type running struct {
	*store.Store
	client *workflows.Client
}

func start(t *testing.T) running {
	t.Helper()
	s, err := store.Open(t.Context(), testkit.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c, err := client.Dial(client.Options{
		HostPort: engine.Address(t), Namespace: engine.Namespace,
		Logger: temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	cases := &workflows.Client{Temporal: c, Actions: s}
	w := worker.New(c,
		&activities.Cases{Ledger: s, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: time.Now},
		&activities.Reconciler{Cases: s, Engine: cases, Now: time.Now}, &activities.Bulks{Record: s, Act: cases.Act})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return running{s, cases}
}

// load loads the bureau and gives up once stop cases are done; 0: it does not.
func (r running) load(t *testing.T, stop int) (done, total int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := time.Now()
	err := demo.Load(ctx, r.Store, r.client, time.Now, func(d, of int) {
		if done, total = d, of; stop > 0 && d >= stop {
			cancel()
		}
	})
	if err != nil && !(stop > 0 && ctx.Err() != nil) {
		t.Fatalf("%d of %d cases: %v", done, total, err)
	}
	t.Logf("%d of %d cases after %v", done, total, time.Since(begun).Round(time.Millisecond))
	return done, total
}

// bureau is everything in the register, read by its head.
func (r running) bureau(t *testing.T) []*store.Case {
	t.Helper()
	head, err := r.PersonByLogin(t.Context(), "chenguodong")
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.SearchCases(t.Context(), head.Person, store.CaseFilter{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	var all []*store.Case
	for _, row := range page.Items {
		c, err := r.Case(t.Context(), row.CaseID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// TestLoad loads the bureau in two pieces, as if the program had been killed in between, then once more. Between the pieces
// somebody registers by hand what a case not yet begun would register.
func TestLoad(t *testing.T) {
	r := start(t)
	r.load(t, 20)
	visited := r.visit(t)
	done, total := r.load(t, 0)
	if done != total || total < 60 {
		t.Errorf("%d of %d cases are done", done, total)
	}
	cases := r.bureau(t)
	if len(cases) != total {
		t.Errorf("%d cases on the register, want %d", len(cases), total)
	}
	r.load(t, 0)
	if again := r.bureau(t); acts(again) != acts(cases) {
		t.Errorf("%d acts, after one more load %d", acts(cases), acts(again))
	}
	if c, err := r.Case(t.Context(), visited); err != nil || acts([]*store.Case{c}) != 1 {
		t.Errorf("the visitor's case was not left alone: %+v, %v", c, err)
	}

	t.Run("every stage is occupied", func(t *testing.T) { everyStage(t, cases) })
	t.Run("everybody keeps to their part", func(t *testing.T) { fourPeople(t, cases) })
	t.Run("the replies stand in order", func(t *testing.T) { replies(t, cases) })
	t.Run("0392", func(t *testing.T) { shenyang(t, r) })
	t.Run("chains", func(t *testing.T) {
		report, err := r.VerifyChain(t.Context(), nil)
		if err != nil || len(report.Breaks) > 0 || report.Cases != total {
			t.Errorf("%+v, %v", report, err)
		}
		if breaks, err := r.VerifyRows(t.Context()); err != nil || len(breaks) > 0 {
			t.Errorf("%d rows are not as the events say: %v, %v", len(breaks), breaks[:min(len(breaks), 5)], err)
		}
	})
	t.Run("overdue cases have rung", func(t *testing.T) { rung(t, r) })
	t.Run("histories hold no words", func(t *testing.T) { histories(t, r, cases) })
	t.Run("every account can log in", func(t *testing.T) { accounts(t, r) })
}

// histories holds that what the engine keeps is ids, codes and times, and the number by which a case is found there: no name, no text, no telephone, of no case, and not of a draft that
// was refused for what stands in it. The engine's database is backed up, shown and deleted by other rules than the record.
func histories(t *testing.T, r running, cases []*store.Case) {
	i := slices.IndexFunc(cases, func(c *store.Case) bool { return c.State.Stage == proposal.Drafting })
	drafting := cases[i]
	draft := proposal.Draft{Body: "您提出的建议收悉。请联系13900000392。某某区（待补）。", ContactName: "张琼", ContactPhone: "23468813"}
	saved, err := r.SaveDraft(t.Context(), drafting.CaseID, drafting.State.Handler, uuid.NewString(), len(drafting.Drafts), draft)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.client.Act(t.Context(), drafting.CaseID, proposal.Action{
		ID: uuid.NewString(), Kind: proposal.Submit, By: drafting.State.Handler, BaseSeq: drafting.State.Seq,
		Input: &proposal.Submission{Version: saved.Version, SHA256: draft.SHA256()},
	})
	refusal := (*proposal.Refusal)(nil)
	if !errors.As(err, &refusal) || refusal.Code != proposal.DraftIncomplete || len(refusal.Findings) == 0 {
		t.Fatalf("the draft was not refused with its findings: %v", err)
	}
	words := regexp.MustCompile(`\p{Han}+|\b1[3-9][0-9]{9}\b|23468813`)
	events := 0
	for _, c := range cases {
		history := r.client.Temporal.GetWorkflowHistory(t.Context(), workflows.WorkflowID(c.CaseID), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for history.HasNext() {
			event, err := history.Next()
			if notFound := (*serviceerror.NotFound)(nil); errors.As(err, &notFound) {
				break // ended long ago
			}
			if err != nil {
				t.Fatal(err)
			}
			events++
			told, err := protojson.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range append(words.FindAllString(string(told), -1), payloads(t, told, words)...) {
				if strings.HasPrefix(c.Key.Number, found) { // 台40
					continue
				}
				t.Errorf("%s: event %d, %s, holds %s", c.Key, event.EventId, event.EventType, found)
			}
		}
	}
	if events < 10*len(cases) {
		t.Errorf("%d events of %d cases were read", events, len(cases))
	}
}

// payloads finds the words inside the payloads of an event, which JSON carries in base64.
func payloads(t *testing.T, event []byte, words *regexp.Regexp) (found []string) {
	for _, data := range regexp.MustCompile(`"data":\s*"([^"]*)"`).FindAllSubmatch(event, -1) {
		plain, err := base64.StdEncoding.DecodeString(string(data[1]))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, words.FindAllString(string(plain), -1)...)
	}
	return found
}

// visit registers the suggestion that stands last in the data, as a visitor might.
func (r running) visit(t *testing.T) (caseID string) {
	t.Helper()
	liaison, err := r.PersonByLogin(t.Context(), "hanxue")
	if err != nil {
		t.Fatal(err)
	}
	registration := &proposal.Registration{
		RegisterKey: assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 17, Session: 5, Number: "0908"},
		Title:       "关于完善残疾人两项补贴的建议", LeadDeputy: "伏晓梅", Text: "缩短审核时间。",
		AssignedOn: calendar.DateOf(time.Now()), HandlingType: proposal.SoleHandling,
	}
	caseID = workflows.CaseID(registration.RegisterKey)
	_, err = r.client.Act(t.Context(), caseID, proposal.Action{
		ID: uuid.Must(uuid.NewV7()).String(), Kind: proposal.Register, By: liaison.ID, Input: registration,
	})
	if err != nil {
		t.Fatal(err)
	}
	return caseID
}

// acts counts what people did; clocks ring when they ring.
func acts(cases []*store.Case) (n int) {
	for _, c := range cases {
		for _, e := range c.Events {
			if e.Kind != string(proposal.Ring) {
				n++
			}
		}
	}
	return n
}

func everyStage(t *testing.T, cases []*store.Case) {
	count := map[proposal.Stage]int{}
	for _, c := range cases {
		count[c.Stage]++
	}
	for _, stage := range proposal.Stages {
		if count[stage] == 0 {
			t.Errorf("no case waits in %s", stage)
		}
	}
	t.Log(count)
}

func fourPeople(t *testing.T, cases []*store.Case) {
	published := 0
	for _, c := range cases {
		s := c.State
		people := []proposal.PersonID{s.Drafter, s.Signer}
		for _, pass := range s.Passed {
			people = append(people, pass.By)
		}
		publishers := map[proposal.PersonID]bool{} // one may publish the replies of two rounds
		for _, e := range c.Events {
			if e.Kind == string(proposal.Publish) {
				publishers[e.By] = true
				published++
			}
		}
		people = slices.AppendSeq(people, maps.Keys(publishers))
		people = slices.DeleteFunc(people, func(id proposal.PersonID) bool { return id == "" })
		if slices.Sort(people); len(slices.Compact(slices.Clone(people))) != len(people) {
			t.Errorf("%s: one person did two of drafting, reviewing, signing, publishing", c.Key)
		}
	}
	if published < 8 {
		t.Errorf("%d replies are published", published)
	}
}

func replies(t *testing.T, cases []*store.Case) {
	type series struct{ year, serial int }
	signed := map[series]calendar.Date{}
	earlier := 0 // replies of earlier rounds, whose numbers the state no longer has
	for _, c := range cases {
		earlier += max(1, c.State.Round) - 1
		if n := c.State.Number; n.Serial > 0 {
			signed[series{n.Year, n.Serial}] = c.State.SignedOn
		}
	}
	for s, on := range signed {
		before, ok := signed[series{s.year, s.serial - 1}]
		switch {
		case s.year == 2020 || s.serial == 1:
		case !ok:
			if earlier--; earlier < 0 {
				t.Errorf("the series of %d has a gap below %d", s.year, s.serial)
			}
		case on.Before(before):
			t.Errorf("reply %d of %d was signed before the one below it", s.serial, s.year)
		}
	}
}

func shenyang(t *testing.T, r running) {
	id, err := r.CaseByKey(t.Context(), assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := r.PublicReply(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ name, got, want string }{
		{"title", reply.Title, "市人大十六届三次会议关于缓解社工压力提高社工待遇稳定社工队伍的建议（第0392号）的答复"},
		{"document number", reply.DocumentNumber, "沈民函〔2020〕12号"},
		{"deputy", reply.LeadDeputy, "倪琛善"},
		{"signature", reply.Agency, "沈阳市民政局"},
		{"division", reply.Division, "基层政权和社区建设处"},
		{"contact", reply.ContactName + reply.ContactPhone, "张琼23468813"},
		{"date", reply.SignedOn.String(), "2020-04-22"},
		{"published on", reply.PublishedOn.String(), "2020-04-22"},
	} {
		if want.got != want.want {
			t.Errorf("%s is %q, want %q", want.name, want.got, want.want)
		}
	}
	var heads []string
	for _, p := range replytext.Paragraphs(reply.Body) {
		if p.Rank > 0 {
			heads = append(heads, string([]rune(p.Text)[:3]))
		}
	}
	if want := []string{"一、减", "（一）", "（二）", "（三）", "二、提", "三、明"}; !slices.Equal(heads, want) {
		t.Errorf("headings %q, want %q", heads, want)
	}
	state, err := r.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, clock := range state.Clocks {
		if !clock.Rung.IsZero() {
			t.Errorf("the clock %s of 2020 has rung", clock.Kind)
		}
	}
}

// rung waits for the clocks of the overdue cases: they ring by themselves, each a moment after its case was registered.
func rung(t *testing.T, r running) {
	today := calendar.DateOf(time.Now())
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		overdue, silent := 0, 0
		for _, c := range r.bureau(t) {
			if c.State.Overdue(today) && !c.Late {
				overdue++
				if c.Rung.IsZero() {
					silent++
				}
			}
		}
		if silent == 0 && overdue >= 4 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d cases are overdue, %d of them have not rung", overdue, silent)
		}
	}
}

func accounts(t *testing.T, r running) {
	roles := map[proposal.Role]bool{}
	for _, account := range demo.Accounts() {
		p, err := r.PersonByLogin(t.Context(), account.Login)
		if err != nil || p.Name.ZH != account.Name || !p.Active {
			t.Errorf("%s: %+v, %v", account.Login, p, err)
		}
		for _, role := range p.Roles {
			roles[role] = true
		}
	}
	for _, role := range proposal.Roles {
		if !roles[role] {
			t.Errorf("nobody can log in as %s", role)
		}
	}
}
