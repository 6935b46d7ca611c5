package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

var (
	tortureFaults = flag.Int("torture", shortTorture, "how many faults TestTorture makes, half of them to processes and half to lines")
	tortureSeed   = flag.Uint64("torture-seed", 3, "what TestTorture draws from: the same seed gives the same faults, pauses, doubled and late requests")
)

// shortTorture is how many faults there are unless more are asked for: each of processes, and as many of lines. More fill the disk, too.
var shortTorture = 2 * len(faults)

// fault is something that happens to a program while people work. What lasts lasts as long as it is told to.
type fault struct {
	name string
	do   func(r *rack, lasts time.Duration)
}

// faults are those of processes.
var faults = []fault{
	{"the machine's program is killed, with engine, database, a worker and a web server", func(r *rack, _ time.Duration) { r.killMachine() }},
	{"the database is killed", func(r *rack, _ time.Duration) { r.killPostgres() }},
	{"the other worker is killed", func(r *rack, _ time.Duration) { r.worker.kill9(r.t); r.beginWorker() }},
	{"the other web server is killed", func(r *rack, _ time.Duration) { r.server.kill9(r.t); r.beginServer() }},
	{"the machine's program stands still", func(r *rack, lasts time.Duration) { standStill(lasts, r.machine.pid) }},
	{"the database stands still", func(r *rack, lasts time.Duration) { standStill(lasts, r.postgres()...) }},
}

const inJSON = "application/json"

// rack is a system that is tortured: the standalone program, and a worker and a web server of their own beside it.
type rack struct {
	t       *testing.T
	draw    *rand.Rand
	bureau  fixture.Bureau
	data    string
	at      ports // of the machine
	machine *program
	worker  *program
	server  *program
	lines   [2]line // between the two beside it and its database and its engine
	through string  // how the two reach the database
	sites   [2]string
	disk    *smallDisk // of the machine; nil if it is never full
	record  *store.Store
	tokens  map[proposal.PersonID]string
	web     http.Client

	stop chan struct{} // closed when nobody begins anything new
	done atomic.Int64  // actions that were acknowledged
	open chan unsure   // answers 503
	made int           // faults
}

// unsure is an answer that it is not known whether an action was done.
type unsure struct {
	action string
	at     time.Time
}

// TestTorture has officers carry cases on, each case two of them who do not know of each other, some of their requests sent twice and again later, while
// what they work with is killed and paused. Then every action that was acknowledged stands in the record once and in its order, every answer is one
// that the rules give, and everything beside the record agrees with it.
func TestTorture(t *testing.T) {
	r := newRack(t)
	var officers sync.WaitGroup
	cases := make([][]*tortured, 6)
	for i := range cases {
		var present atomic.Pointer[tortured]
		officers.Go(func() { cases[i] = r.work(i, &present) })
		officers.Go(func() { r.meddle(i, &present) })
	}
	ofProcesses, ofLines := faults, lineFaults()
	if r.disk != nil {
		ofProcesses = slices.Concat(faults, diskFaults)
	}
	for i := 0; r.made < *tortureFaults && !t.Failed(); i++ {
		time.Sleep(time.Duration(100+r.draw.IntN(400)) * time.Millisecond)
		r.suffer(r.drawn(ofProcesses, i), r.drawn(ofLines, i))
	}
	close(r.stop)
	officers.Wait()
	r.judge(slices.Concat(cases...))
}

// drawn is the fault of a round. Each comes before any comes again.
func (r *rack) drawn(of []fault, round int) fault {
	if round%len(of) == 0 {
		r.draw.Shuffle(len(of), func(a, b int) { of[a], of[b] = of[b], of[a] })
	}
	return of[round%len(of)]
}

// suffer makes faults at the same time.
func (r *rack) suffer(all ...fault) {
	var over sync.WaitGroup
	before := r.done.Load()
	for _, f := range all {
		r.made++
		r.t.Logf("%3d %s; %d actions before it", r.made, f.name, before)
		lasts := time.Duration(500+r.draw.IntN(1500)) * time.Millisecond
		over.Go(func() { f.do(r, lasts) })
	}
	over.Wait()
	r.keepRunning()
}

func newRack(t *testing.T) *rack {
	t.Helper()
	folder, disk := t.TempDir(), (*smallDisk)(nil)
	if *tortureFaults > shortTorture {
		if small, ok := newSmallDisk(t); ok {
			folder, disk = small.folder, small
		}
	}
	r := &rack{
		t: t, draw: rand.New(rand.NewPCG(*tortureSeed, 0)), data: filepath.Join(folder, "data"), disk: disk, at: freePorts(t), stop: make(chan struct{}), open: make(chan unsure, 1<<20),
		tokens: map[proposal.PersonID]string{}, web: http.Client{Timeout: 20 * time.Second},
	}
	r.machine = up(t, r.data, r.at, "--no-demo")
	r.record = r.machine.store(t)
	r.lines[0], r.through = newDatabaseLine(t, r.machine.database)
	r.lines[1] = newLine(t, "the engine", fmt.Sprintf("127.0.0.1:%d", r.at.temporal))
	r.bureau = fixture.New(t, r.record)
	for _, p := range r.bureau {
		_, secret, err := r.record.CreateToken(t.Context(), p.ID, "torture", time.Now().Add(24*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		r.tokens[p.ID] = secret
	}
	r.sites = [2]string{r.machine.site, fmt.Sprintf("http://127.0.0.1:%d", freePorts(t).web)}
	r.beginWorker()
	r.beginServer()
	return r
}

// beside starts a banli command that reaches the machine's engine and database through the lines.
func (r *rack) beside(args ...string) *program {
	cmd := exec.Command(binary("banli"), args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+r.through, "TEMPORAL_ADDRESS="+r.lines[1].proxy.Listen)
	return begin(r.t, cmd)
}

func (r *rack) beginWorker() { r.worker = r.beside("worker") }

func (r *rack) beginServer() {
	r.server = r.beside("serve", "--listen", strings.TrimPrefix(r.sites[1], "http://"))
}

// killMachine is a power cut of everything but the worker and the web server beside it, which must go on when the rest is back.
func (r *rack) killMachine() {
	r.machine.kill9(r.t)
	r.raise()
}

// killPostgres takes the database away. The machine's program starts it again, or ends if that happened too often: then whoever keeps it running starts it.
func (r *rack) killPostgres() {
	returns := func() int { return strings.Count(r.machine.said.String(), "Postgres is back.") }
	before := returns()
	for _, pid := range r.postgres() {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	for begun := time.Now(); returns() == before; time.Sleep(20 * time.Millisecond) {
		select {
		case <-r.machine.ended:
			r.raise()
			return
		default:
		}
		if time.Since(begun) > patience {
			r.t.Fatal("Postgres is not back")
		}
	}
}

func (r *rack) raise() { r.machine = up(r.t, r.data, r.at, "--no-demo") }

// keepRunning starts the worker and the web server beside the machine again if they have given up, as whoever keeps services running does.
func (r *rack) keepRunning() {
	for _, other := range []struct {
		run   *program
		begin func()
	}{{r.worker, r.beginWorker}, {r.server, r.beginServer}} {
		select {
		case <-other.run.ended:
			r.t.Logf("    %s", other.run.said)
			other.begin()
		default:
		}
	}
}

// postgres is the process that leads the database.
func (r *rack) postgres() (pids []int) {
	for pid, command := range r.machine.family(r.t) {
		if program, _, _ := strings.Cut(command, " "); filepath.Base(program) == "postgres" {
			pids = append(pids, pid)
		}
	}
	return pids
}

func standStill(lasts time.Duration, pids ...int) {
	for _, pid := range pids {
		syscall.Kill(pid, syscall.SIGSTOP)
	}
	time.Sleep(lasts)
	for _, pid := range pids {
		syscall.Kill(pid, syscall.SIGCONT)
	}
}

// work registers cases and carries each to its end, until it is told to stop. present is the one at hand.
func (r *rack) work(officer int, present *atomic.Pointer[tortured]) (cases []*tortured) {
	draw := rand.New(rand.NewPCG(*tortureSeed, uint64(officer+1)))
	var late sync.WaitGroup
	defer late.Wait()
	for n := 1; ; n++ {
		registration := fixture.Registration(fmt.Sprintf("%04d", officer*1000+n), calendar.DateOf(time.Now()))
		c := &tortured{id: workflows.CaseID(registration.RegisterKey), registration: registration}
		cases = append(cases, c)
		present.Store(c)
		for action := r.bureau.Register(registration); ; {
			if !r.insist(draw, &late, c, action) {
				return cases
			}
			select {
			case <-r.stop:
				return cases
			default:
			}
			next, open := r.next(c.id)
			if !open {
				break
			}
			action = next
		}
	}
}

// meddle acts on the case at hand of an officer, without asking: with the same next step as the officer, or with what takes back the last.
func (r *rack) meddle(officer int, present *atomic.Pointer[tortured]) {
	draw := rand.New(rand.NewPCG(*tortureSeed, uint64(officer+101)))
	var late sync.WaitGroup
	defer late.Wait()
	pause := func(upTo int) { time.Sleep(time.Duration(draw.IntN(upTo)) * time.Millisecond) }
	for {
		select {
		case <-r.stop:
			return
		default:
		}
		pause(600)
		c := present.Load()
		if c == nil {
			continue
		}
		if draw.IntN(3) == 0 {
			r.look(c, r.sites[draw.IntN(2)])
			continue
		}
		if action, ok := r.crossing(draw, c); ok {
			pause(300)
			r.insist(draw, &late, c, action)
		}
	}
}

// crossing is something that crosses what the officer of the case is about to do.
func (r *rack) crossing(draw *rand.Rand, c *tortured) (action proposal.Action, ok bool) {
	state, err := r.record.State(r.t.Context(), c.id)
	if err != nil || state.Stage == proposal.Closed {
		return action, false
	}
	if draw.IntN(3) > 0 {
		action, ok = r.next(c.id)
	} else {
		var offers []proposal.Action
		for _, p := range r.bureau {
			for _, o := range proposal.Offers(state, p.Person, rulepack.BuiltIn()[state.Pack]) {
				a := proposal.Action{ID: uuid.Must(uuid.NewV7()).String(), Kind: o.Kind, By: p.ID}
				switch o.Kind {
				case proposal.SendBack:
					a.Input = &proposal.SendingBack{To: o.To[draw.IntN(len(o.To))], Reason: "请再核实。"}
				case proposal.Recall:
					a.Input = &proposal.Recalling{}
				case proposal.Urge:
					a.Input = &proposal.UrgeNote{Text: "请抓紧办理。"}
				default:
					continue
				}
				offers = append(offers, a)
			}
		}
		if len(offers) == 0 {
			return action, false
		}
		action, ok = offers[draw.IntN(len(offers))], true
	}
	if draw.IntN(2) == 0 {
		action.BaseSeq = state.Seq
	}
	return action, ok
}

// next is what carries the case on; open is false if nothing does. It asks until the record answers.
func (r *rack) next(id string) (action proposal.Action, open bool) {
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(50 * time.Millisecond) {
		state, err := r.record.State(r.t.Context(), id)
		if err != nil {
			continue
		}
		if state.Stage == proposal.Closed {
			return action, false
		}
		answered := make(chan proposal.Action, 1)
		go func() {
			defer close(answered)
			answered <- r.bureau.Next(quiet{r.t}, r.record, id)
		}()
		if action, ok := <-answered; ok {
			return action, true
		}
	}
	r.t.Errorf("%s: the record does not answer, or no action leads on", id)
	return action, false
}

// insist sends an action until it is answered, as somebody does who is told that it is not known whether it was done. Some requests go out
// twice at once, and some again later.
func (r *rack) insist(draw *rand.Rand, late *sync.WaitGroup, c *tortured, action proposal.Action) (answered bool) {
	again := func(wait time.Duration, site string) {
		late.Go(func() {
			time.Sleep(wait)
			r.act(c, action, site)
		})
	}
	if draw.IntN(3) == 0 {
		again(0, r.sites[draw.IntN(2)])
	}
	if draw.IntN(3) == 0 {
		again(time.Duration(draw.IntN(3000))*time.Millisecond, r.sites[draw.IntN(2)])
	}
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(100 * time.Millisecond) {
		if a := r.act(c, action, r.sites[draw.IntN(2)]); !a.unknown {
			if a.refused == "" {
				r.done.Add(1)
			}
			return true
		}
	}
	r.t.Errorf("%s: %s is not answered within %s", c.id, action.Kind, patience)
	return false
}

// act sends an action once.
func (r *rack) act(c *tortured, action proposal.Action, site string) (a answer) {
	path, body := r.request(c.id, action)
	begun := time.Now()
	status, said := r.send(http.MethodPost, site+path, action.By, inJSON, body)
	switch err := json.Unmarshal(said, &a.at); status / 100 {
	case 2:
		if err != nil {
			r.t.Errorf("%s: %s: %s", c.id, said, err)
		}
	case 4:
		a.refused = refusalOf(r.t, c, said)
	default:
		a.unknown = true
		if status != 0 {
			r.open <- unsure{action.ID, time.Now()}
		}
	}
	c.note(begun, request{action}, a)
	return a
}

func refusalOf(t *testing.T, c *tortured, said []byte) proposal.RefusalCode {
	code := refusalCode(said)
	if !slices.Contains(proposal.RefusalCodes, code) {
		t.Errorf("%s: refused with %s", c.id, said)
	}
	return code
}

// refusalCode is "" in what is no refusal.
func refusalCode(said []byte) proposal.RefusalCode {
	var refusal struct{ Code proposal.RefusalCode }
	_ = json.Unmarshal(said, &refusal)
	return refusal.Code
}

// look asks once where the case stands.
func (r *rack) look(c *tortured, site string) {
	var a answer
	begun := time.Now()
	switch status, said := r.send(http.MethodGet, site+"/api/v1/cases/"+c.id, r.bureau.ID(proposal.Liaison), inJSON, nil); status {
	case http.StatusOK:
		var shown struct{ State place }
		if err := json.Unmarshal(said, &shown); err != nil {
			r.t.Errorf("%s: %s: %s", c.id, said, err)
		}
		a.at = shown.State
	case http.StatusNotFound: // it is not registered: it stands nowhere
	default:
		a.unknown = true
	}
	c.note(begun, request{}, a)
}

// send returns the status of the answer, 0 if there was none.
func (r *rack) send(method, address string, by proposal.PersonID, mediaType string, body []byte) (status int, said []byte) {
	request, err := http.NewRequestWithContext(context.WithoutCancel(r.t.Context()), method, address, bytes.NewReader(body))
	if err != nil {
		r.t.Error(err)
		return 0, nil
	}
	request.Header.Set("Content-Type", mediaType)
	request.Header.Set("Authorization", "Bearer "+r.tokens[by])
	response, err := r.web.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	if said, err = io.ReadAll(response.Body); err != nil {
		return 0, nil
	}
	return response.StatusCode, said
}

func (r *rack) request(id string, action proposal.Action) (path string, body []byte) {
	said, path := map[string]any{"id": action.ID, "input": action.Input}, "/api/v1/cases"
	if action.Kind != proposal.Register {
		said["kind"], said["base_seq"], path = action.Kind, action.BaseSeq, path+"/"+id+"/actions"
	}
	body, err := json.Marshal(said)
	if err != nil {
		panic(err) // the rules' own inputs
	}
	return path, body
}

// judge holds the record against what was acknowledged, every answer against the rules, and everything else against the record.
func (r *rack) judge(cases []*tortured) {
	t, actions, lost, twice, unordered := r.t, 0, 0, 0, 0
	conn, err := pgx.Connect(t.Context(), r.machine.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	explained := "linearizable"
	for _, c := range cases {
		recorded := r.recorded(conn, c)
		acknowledged := c.acknowledged()
		actions += len(acknowledged)
		at := map[string]int{}
		for i, id := range recorded {
			if at[id] > 0 {
				twice++
			}
			at[id] = i + 1
		}
		for id, o := range acknowledged {
			if at[id] == 0 {
				lost++
				t.Errorf("%s has lost %s\n%s", c.id, id, c.told())
			}
			for earlier, e := range acknowledged {
				if e.Return < o.Call && at[earlier] > at[id] {
					unordered++
					t.Errorf("%s has %s before %s\n%s", c.id, id, earlier, c.told())
				}
			}
		}
		state := stateOf(t, r.record, c.id)
		c.note(time.Now(), request{}, answer{at: place{state.Stage, state.Seq}, done: recorded})
		if result := linearizable(r.bureau, c); result != porcupine.Ok {
			explained = "NOT LINEARIZABLE"
			t.Errorf("%s: the answers are not such as the rules give in any order (%s):\n%srecorded %v", c.id, result, c.told(), recorded)
		}
	}
	drift := r.drift(cases)
	r.tellUnsure(conn)
	r.tasksAgree(conn, cases)
	numbersAgree(t, conn)
	if r.disk != nil {
		r.filesAgree(conn)
	}
	chain := "holds"
	if report := r.machine.banli(t, "", "verify"); !strings.Contains(report, "every hash holds") {
		chain = "is broken"
		t.Error(report)
	}
	line := fmt.Sprintf("torture: %d faults, %d actions, %d lost, %d twice, %d out of order, %s, drift %d, chain %s, seed %d\n",
		r.made, actions, lost, twice, unordered, explained, drift, chain, *tortureSeed)
	if err := os.MkdirAll("out", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("out", "torture.txt"), []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Log(line)
}

// recorded are the actions of people that the record has of a case, in their order.
func (r *rack) recorded(conn *pgx.Conn, c *tortured) (done []string) {
	rows, err := conn.Query(r.t.Context(), `select action_id::text, kind from events where case_id = $1 order by no`, c.id)
	if err != nil {
		r.t.Fatal(err)
	}
	var id, kind string
	if _, err := pgx.ForEachRow(rows, []any{&id, &kind}, func() error {
		if proposal.NewInput(proposal.Kind(kind)) != nil {
			done = append(done, id)
		}
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
	return done
}

// tellUnsure tells what had become of the actions of which the answer was that it is not known.
func (r *rack) tellUnsure(conn *pgx.Conn) {
	close(r.open)
	answers, stood, later := 0, 0, 0
	for u := range r.open {
		var at time.Time
		err := conn.QueryRow(r.t.Context(), `select at from events where action_id = $1`, u.action).Scan(&at)
		switch answers++; {
		case err != nil && !errors.Is(err, pgx.ErrNoRows):
			r.t.Fatal(err)
		case err == nil && at.Before(u.at):
			stood++
		case err == nil:
			later++
		}
	}
	r.t.Logf("%d answers that it is not known: %d of actions that already stood in the record, %d of actions that were done later", answers, stood, later)
}

// drift reconciles until nothing is apart any more, at most twice: the first may be the one that mends. Then every workflow knows of the next bell.
func (r *rack) drift(cases []*tortured) (apart int) {
	t, engine := r.t, r.machine.cases(r.t, r.at)
	for range 2 {
		run, err := engine.Reconcile(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Get(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	drift, ok, err := r.record.LastDrift(t.Context())
	if err != nil || !ok {
		t.Fatal(err)
	}
	if apart = drift.Apart(); apart > 0 {
		t.Errorf("drift %+v", drift)
	}
	for _, c := range cases {
		state := stateOf(t, r.record, c.id)
		if state.Finished() {
			continue
		}
		want := ledger.PositionOf(state)
		if p, running, err := engine.Position(t.Context(), c.id); err != nil || !running || p.Seq != want.Seq || !p.RingAt.Equal(want.RingAt) {
			t.Errorf("%s: its workflow stands at %+v, running %v, %v; the row at %+v", c.id, p, running, err, want)
		}
	}
	return apart
}

// tasksAgree holds the open tasks against those that the state of each case asks for.
func (r *rack) tasksAgree(conn *pgx.Conn, cases []*tortured) {
	for _, c := range cases {
		state := stateOf(r.t, r.record, c.id)
		var want []string
		for _, task := range proposal.TasksOf(state, rulepack.BuiltIn()[state.Pack]) {
			want = append(want, fmt.Sprint(task.Ask, " ", task.Ref, " ", task.Role))
		}
		rows, err := conn.Query(r.t.Context(), `select ask || ' ' || ref || ' ' || role from tasks where case_id = $1 and closed_at is null`, c.id)
		if err != nil {
			r.t.Fatal(err)
		}
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			r.t.Fatal(err)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			r.t.Errorf("%s asks for %q and the open tasks are %q", c.id, want, got)
		}
	}
}

// numbersAgree: document numbers run from 1 without a gap, and each stands in the event that gave it.
func numbersAgree(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	var given, last, told int
	if err := conn.QueryRow(t.Context(), `select count(*), coalesce(max(serial), 0) from document_numbers`).Scan(&given, &last); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), `select count(*) from events where kind = $1`, proposal.AssignNumber).Scan(&told); err != nil {
		t.Fatal(err)
	}
	if given != last || given != told {
		t.Errorf("%d numbers up to %d, given by %d events", given, last, told)
	}
}
