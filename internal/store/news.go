package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// NewsKind is what kind of thing changed. Besides those below, a table may tell of kinds of its own through tell_news or
// tell_of_case of migration 0012: they belong to a case, or else to the person whom they name.
type NewsKind string

const (
	CaseNews   NewsKind = "case"   // a case was moved, claimed, released, written
	NoticeNews NewsKind = "notice" // a notice was written or read
	MissedNews NewsKind = "missed" // something may have happened that nobody will tell: look again
	LostNews   NewsKind = "lost"   // from now on nothing is told, until MissedNews
)

// News is something that happened, as Postgres told it. What a person may know of it: For.
type News struct {
	Kind   NewsKind            `json:"kind"`
	ID     string              `json:"id"`     // of the case, or of what the kind is about
	Person proposal.PersonID   `json:"person"` // whom it is for; "" for everybody who may see the case
	Role   proposal.Role       `json:"role"`   // with Pool, whom a notice is for that names nobody
	Pool   proposal.DivisionID `json:"pool"`

	about *newsCase
	mark  string
}

// Mark is as LiveNews.Mark, right after this.
func (n *News) Mark() string { return n.mark }

// newsCase is the case that news is about, as it stood when the news was read. Everybody's news share it: it is not changed.
type newsCase struct {
	row    CaseRow
	state  proposal.State
	covers []Cover
	event  NewsEvent
	actors []proposal.PersonID
	done   []newsTask // tasks that were closed just now
}

type newsTask struct {
	Role     proposal.Role       `json:"role"`
	Pool     proposal.DivisionID `json:"pool"`
	Assignee proposal.PersonID   `json:"assignee"`
}

// NewsEvent is the latest thing that happened to a case, by a person if there is one.
type NewsEvent struct {
	No   int
	Kind string // as Event.Kind
	By   proposal.PersonID
	Name Name // of By; empty for the system
	At   time.Time
}

// PersonalNews is what one person may know of News.
type PersonalNews struct {
	Kind NewsKind
	ID   string // of the case; "" if the person may not see it
	// Desk: it is in one of the person's boxes, or was until now.
	Desk  bool
	Case  *CaseRow // nil unless the person may see the case; masked for them
	Mine  bool     // Case.Task is in the person's todo box
	Gone  bool     // a task of theirs was done, and none is left
	Event NewsEvent
}

// For is what the person may know of the news; false if nothing. A case that left the person's eyes by what happened still left
// a box of theirs: they learn that their desk changed, and no more.
func (n *News) For(p proposal.Person) (PersonalNews, bool) {
	mine := PersonalNews{Kind: n.Kind}
	roles, divisions := pools(p)
	inPool := func(role proposal.Role, pool proposal.DivisionID) bool {
		for i := range roles {
			if roles[i] == role && divisions[i] == pool {
				return true
			}
		}
		return false
	}
	isHand := func(id proposal.PersonID) bool { return id != "" && (id == p.ID || covers(p, id)) }
	c := n.about
	switch {
	case n.Kind == MissedNews || n.Kind == LostNews:
		return mine, true
	case n.Person != "":
		mine.ID, mine.Desk = n.ID, true
		return mine, isHand(n.Person)
	case n.Kind == NoticeNews:
		mine.Desk = true
		return mine, inPool(n.Role, n.Pool)
	case c == nil:
		return mine, false
	}
	for _, cover := range c.covers {
		if cover.Proxy == p.ID && !covers(p, cover.Principal.ID) {
			p = p.Covering(append(slices.Clone(p.Covers), cover.Principal))
			roles, divisions = pools(p)
		}
	}
	holds := func(assignee proposal.PersonID, role proposal.Role, pool proposal.DivisionID) bool {
		return isHand(assignee) || assignee == "" && inPool(role, pool)
	}
	held := slices.ContainsFunc(c.done, func(t newsTask) bool { return holds(t.Assignee, t.Role, t.Pool) })
	i := slices.IndexFunc(c.row.Tasks, func(t Task) bool { return holds(t.Holder(), t.Role, poolOf(t)) })
	// Claimed by a colleague: it left the heap that the person takes from.
	taken := slices.ContainsFunc(c.row.Tasks, func(t Task) bool { return t.ClaimedBy != "" && inPool(t.Role, poolOf(t)) })
	mine.Desk = i >= 0 || held || taken || slices.Contains(c.actors, p.ID)
	all := p.SeesAll(c.state)
	if !p.Sees(c.state) || n.Kind != CaseNews && !all {
		return mine, mine.Desk && n.Kind == CaseNews
	}
	row := c.row
	row.showTo(p)
	if i >= 0 {
		row.Task = &row.Tasks[i]
	}
	mine.ID, mine.Case, mine.Event, mine.Mine, mine.Gone = n.ID, &row, c.event, i >= 0, i < 0 && (held || taken)
	return mine, true
}

// poolOf is the generated column of tasks.
func poolOf(t Task) proposal.DivisionID {
	switch t.Role {
	case proposal.DivisionHead, proposal.Handler, proposal.LeaderInCharge:
		return t.Division
	}
	return ""
}

// LiveNews empties the queue of migration 0012 into a notification of Postgres, and passes what it hears from there on to whoever
// reads. One is enough for a process, however many pages are open.
type LiveNews struct {
	// Log hears when the database cannot be heard. NewLiveNews sets the default logger; set another before Run.
	Log *slog.Logger

	store *Store
	run   string // names this one, since its numbers mean nothing to another

	mu      sync.Mutex
	number  int64 // of the news so far
	ended   bool
	readers []*NewsReader // oldest first
}

const (
	newsChannel = "banli_news"
	// emptyEvery is how often the queue of migration 0012 is looked at while somebody reads, and emptyIdle while nobody does.
	emptyEvery = 150 * time.Millisecond
	emptyIdle  = 30 * time.Second
	// gatherFor is how long news waits for more, so that a burst is read in one query and a case told once.
	gatherFor = 40 * time.Millisecond
	// newsBuffer is how much news waits for a slow reader before it is told that it missed some.
	newsBuffer = 64
	// readersEach is how many pages of one person are told; the oldest is let go.
	readersEach = 8
)

// NewLiveNews makes one that hears nothing until Run.
func NewLiveNews(s *Store) *LiveNews {
	return &LiveNews{Log: slog.Default(), store: s, run: uuid.NewString()[:8]}
}

// NewsReader is told all News, in order; what of it may be shown, its owner asks with For.
type NewsReader struct {
	// News is closed when the reader is let go: by Leave, for a newer one of the same person, or when LiveNews ends.
	News <-chan *News

	person  proposal.PersonID
	news    chan *News
	missed  bool
	crowded bool
	live    *LiveNews
}

// Mark names the moment between the news so far and that to come: whoever drew a page after one mark and reads from a later one
// may have missed something.
func (l *LiveNews) Mark() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mark()
}

func (l *LiveNews) mark() string { return fmt.Sprintf("%s.%d", l.run, l.number) }

// Read begins a reader for a person, from the mark on.
func (l *LiveNews) Read(person proposal.PersonID) (reader *NewsReader, mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := make(chan *News, newsBuffer)
	r := &NewsReader{News: news, news: news, person: person, live: l}
	if l.ended {
		close(news)
		return r, l.mark()
	}
	var theirs []*NewsReader
	for _, other := range l.readers {
		if other.person == person {
			theirs = append(theirs, other)
		}
	}
	for len(theirs) >= readersEach {
		theirs[0].crowded = true
		l.drop(theirs[0])
		theirs = theirs[1:]
	}
	l.readers = append(l.readers, r)
	return r, l.mark()
}

// Crowded reports whether the reader was let go for a newer one of the same person.
func (r *NewsReader) Crowded() bool {
	r.live.mu.Lock()
	defer r.live.mu.Unlock()
	return r.crowded
}

// Leave lets the reader go. Leaving twice is harmless.
func (r *NewsReader) Leave() {
	r.live.mu.Lock()
	defer r.live.mu.Unlock()
	r.live.drop(r)
}

func (l *LiveNews) drop(r *NewsReader) {
	if i := slices.Index(l.readers, r); i >= 0 {
		l.readers = slices.Delete(l.readers, i, i+1)
		close(r.news)
	}
}

// tell passes news on. A reader whose buffer is full is told, when there is room again, that it missed some.
func (l *LiveNews) tell(all ...*News) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range all {
		l.number++
		n.mark = l.mark()
		for _, r := range l.readers {
			r.tell(n)
		}
	}
}

func (r *NewsReader) tell(n *News) {
	if r.missed {
		n = &News{Kind: MissedNews, mark: n.mark}
	}
	select {
	case r.news <- n:
		r.missed = false
	default:
		r.missed = true
	}
}

// Run hears news until the context ends, and then lets every reader go. Run it once.
func (l *LiveNews) Run(ctx context.Context) {
	defer l.end()
	heard := make(chan *News, 1024)
	go l.pass(ctx, heard)
	go l.empty(ctx)
	again := false
	l.store.listen(ctx, listener{
		channel: newsChannel,
		quiet:   time.Minute,
		began: func(context.Context) error {
			if again {
				l.tell(&News{Kind: MissedNews})
			}
			again = true
			return nil
		},
		said: func(ctx context.Context, payload string) error {
			n := new(News)
			if err := json.Unmarshal([]byte(payload), n); err != nil {
				l.Log.Error("news that nobody understands", "payload", payload, "err", err)
				n = &News{Kind: MissedNews}
			}
			select {
			case heard <- n:
			case <-ctx.Done():
			}
			return nil
		},
		silent: func(context.Context) error { return nil },
		lost: func(err error) {
			again = true
			l.Log.Warn("open pages are not told of changes until the database answers", "err", err)
			l.tell(&News{Kind: LostNews})
		},
	})
}

// empty passes on what stands in the queue, until the context ends.
func (l *LiveNews) empty(ctx context.Context) {
	failing, idle := false, time.Now()
	for ticks := time.NewTicker(emptyEvery); ; {
		select {
		case <-ctx.Done():
			ticks.Stop()
			return
		case <-ticks.C:
		}
		if !l.reading() && time.Since(idle) < emptyIdle {
			continue
		}
		idle = time.Now()
		switch err := l.store.emptyNews(ctx); {
		case err == nil && failing:
			failing = false
			l.tell(&News{Kind: MissedNews})
		case err != nil && !failing && ctx.Err() == nil:
			failing = true
			l.Log.Warn("open pages are not told of changes", "err", err)
			l.tell(&News{Kind: LostNews})
		}
	}
}

// emptyNews passes what stands in the queue on to every process. Two at a time take each row once. An empty queue costs one
// read.
func (s *Store) emptyNews(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	var waits bool
	if err := s.pool.QueryRow(within, `select exists (select from news_queue)`).Scan(&waits); err != nil || !waits {
		return edge(err)
	}
	return edge(pgx.BeginFunc(within, s.pool, func(tx pgx.Tx) error {
		// Nothing here is worth waiting for the disk, and whoever notifies keeps others waiting meanwhile.
		if _, err := tx.Exec(within, `set local synchronous_commit = off`); err != nil {
			return err
		}
		_, err := tx.Exec(within, `
			with told as (delete from news_queue returning payload)
			select pg_notify('`+newsChannel+`', payload) from (select distinct payload from told) once`)
		return err
	}))
}

func (l *LiveNews) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	for len(l.readers) > 0 {
		l.drop(l.readers[0])
	}
}

func (l *LiveNews) reading() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.readers) > 0
}

// pass reads what the news is about, once for everybody, and passes it on.
func (l *LiveNews) pass(ctx context.Context, heard <-chan *News) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-heard:
			batch := gather(ctx, n, heard)
			if !l.reading() {
				batch = []*News{{Kind: MissedNews}} // for whoever begins to read meanwhile
			} else if err := l.store.describe(ctx, batch); err != nil {
				l.Log.Warn("news is passed on without saying what happened", "err", err)
				batch = []*News{{Kind: MissedNews}}
			}
			l.tell(batch...)
		}
	}
}

// gather takes what else is said right after; what is said twice is kept once.
func gather(ctx context.Context, first *News, heard <-chan *News) []*News {
	batch := []*News{first}
	enough := time.After(gatherFor)
	for {
		select {
		case n := <-heard:
			if !slices.ContainsFunc(batch, func(b *News) bool { return *b == *n }) {
				batch = append(batch, n)
			}
		case <-enough:
			return batch
		case <-ctx.Done():
			return batch
		}
	}
}

const (
	// justClosed is how long before the latest event a task may have been closed to count as closed by it: two events may be
	// told as one.
	justClosed = `interval '5 seconds'`
	// together is how long before the latest event that of a person is told in its place: a clock that rings, or a deadline
	// that is counted again, follows from what somebody did.
	together = `interval '2 seconds'`
)

const describeCases = `
	select ` + caseRow + `, c.state, e.no, e.kind, coalesce(e.by::text, ''), coalesce(b.name, ''), coalesce(b.name_en, ''), e.at,
		(select array_agg(a.person::text) from case_actors a where a.case_id = c.id),
		(select json_agg(json_build_object('role', t.role, 'pool', t.pool, 'assignee', coalesce(t.assignee::text, '')))
			from tasks t where t.case_id = c.id and t.closed_at >= e.at - ` + justClosed + `),
		(select json_agg(json_build_object('Proxy', x.proxy, 'Principal', json_build_object('id', m.id, 'roles', m.roles,
				'division', coalesce(m.division, ''), 'field', m.field, 'took', ` + tookOfM + `)))
			from proxies x join people m on m.id = x.principal
			where x.case_id = c.id and x.confirmed_at is not null and x.revoked_at is null and @today::date between x.from_date and x.to_date)` + fromCases + `
	cross join lateral (
		select e.* from events l join events e on e.case_id = l.case_id
		where l.case_id = c.id and l.no = c.event_count
			and (e.no = l.no or e.no > l.no - 5 and e.by is not null and e.at > l.at - ` + together + `)
		order by e.by is null, e.no desc limit 1) e
	left join people b on b.id = e.by
	where c.id = any(@ids::uuid[])`

// describe reads the cases that the news are about.
func (s *Store) describe(ctx context.Context, batch []*News) error {
	var ids []string
	for _, n := range batch {
		if n.Person == "" && n.ID != "" {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	rows, err := s.pool.Query(within, describeCases, pgx.NamedArgs{"ids": ids, "today": calendar.DateOf(s.Now())})
	if err != nil {
		return edge(err)
	}
	cases, err := pgx.CollectRows(rows, scanNewsCase)
	if err != nil {
		return edge(err)
	}
	for _, n := range batch {
		for _, c := range cases {
			if c.row.CaseID == n.ID {
				n.about = c
			}
		}
	}
	return nil
}

func scanNewsCase(row pgx.CollectableRow) (*newsCase, error) {
	c := new(newsCase)
	e := &c.event
	var err error
	c.row, err = scanCaseRowAnd(row, &c.state, &e.No, &e.Kind, &e.By, &e.Name.ZH, &e.Name.EN, instant{&e.At}, &c.actors, &c.done, &c.covers)
	return c, err
}
