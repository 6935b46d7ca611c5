package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Twelve replies are numbered at once: 1 to 12, each once, though some of the transactions fail.
func TestNumbersWithoutGaps(t *testing.T) {
	w := newWorld(t)
	const replies = 12
	var ids []string
	for range replies {
		ids = append(ids, w.at(t, proposal.Numbering))
	}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			// Asking for a number out of turn is refused and must not use one up.
			o, err := w.send(t.Context(), id, w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{Serial: 99}))
			if err != nil || o.Refusal == nil {
				t.Error(err, "a skipping serial was issued")
			}
			o, err = w.send(t.Context(), id, w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{}))
			if err != nil || o.Refusal != nil {
				t.Error(err, o.Refusal)
			}
		})
	}
	wg.Wait()
	var serials []int
	for _, id := range ids {
		state, err := w.State(t.Context(), id)
		check(t, err)
		serials = append(serials, state.Number.Serial)
	}
	slices.Sort(serials)
	for i, serial := range serials {
		if serial != i+1 {
			t.Fatalf("serials %v", serials)
		}
	}
	if last := w.count(t, `select last from number_series where series = '沈民函' and year = 2026`); last != replies {
		t.Errorf("the counter stands at %d", last)
	}
}

// A late registration brings the number that its reply has borne for years; the series goes on above it.
func TestLateNumbers(t *testing.T) {
	w := newWorld(t)
	late := func(serial int) error {
		t.Helper()
		id, r := w.registration()
		r.Late, r.AssignedOn = true, calendar.NewDate(2020, 2, 3)
		w.do(t, id, w.Register(r))
		w.advance(t, id, proposal.SignOff)
		sign := w.Next(t, w.Store, id)
		sign.On = calendar.NewDate(2020, 4, 22)
		w.do(t, id, sign)
		a := w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{Serial: serial})
		a.On = sign.On
		o, err := w.send(t.Context(), id, a)
		check(t, err)
		if o.Refusal != nil {
			return o.Refusal
		}
		return nil
	}
	check(t, late(12))
	check(t, late(5)) // the ledger is moved in whatever order
	refused(t, late(12), proposal.InvalidInput)
	check(t, late(0)) // none given: the next
	var serials []int
	rows, err := w.sql.Query(t.Context(), `select serial from document_numbers where year = 2020 order by serial`)
	check(t, err)
	for rows.Next() {
		serials = append(serials, 0)
		check(t, rows.Scan(&serials[len(serials)-1]))
	}
	if !slices.Equal(serials, []int{5, 12, 13}) {
		t.Errorf("serials %v", serials)
	}
	id := w.at(t, proposal.Dispatching) // this year's series knows nothing of it
	if state, err := w.State(t.Context(), id); err != nil || state.Number.String() != "沈民函〔2026〕1号" {
		t.Errorf("number %s, %v", state.Number, err)
	}
}

// Where the document system gives the number, gaps are normal and a number is used once; where nobody gives one, a reply is sent,
// published and corrected without.
func TestNumbersFromElsewhere(t *testing.T) {
	w := newWorld(t)
	w.cases.Packs = rulepack.BuiltIn()
	numbered := func(by proposal.NumberSeries) (id string) {
		t.Helper()
		own := fixture.Body
		own.Profile, own.Series = "national", []proposal.NumberSeries{by}
		check(t, w.SaveBureau(t.Context(), "", own))
		return w.at(t, proposal.Numbering)
	}
	outside := proposal.NumberSeries{Code: "和政函", Given: proposal.OutsideNumber}
	for _, serial := range []int{3, 87, 12} {
		id := numbered(outside)
		w.do(t, id, w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{Serial: serial}))
		if n := w.read(t, id).State.Number; n.Series != "和政函" || n.Serial != serial {
			t.Errorf("number %s, given %d", n, serial)
		}
	}
	o, err := w.send(t.Context(), numbered(outside), w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{Serial: 87}))
	check(t, err)
	refused(t, o.Refusal, proposal.InvalidInput)

	id := numbered(proposal.NumberSeries{Given: proposal.WithoutNumber})
	w.advance(t, id, proposal.Closing)
	if p, err := w.PublicReply(t.Context(), id); err != nil || p.DocumentNumber != "" {
		t.Errorf("published with number %q, %v", p.DocumentNumber, err)
	}
	if n := w.count(t, `select count(*) from document_numbers where case_id = $1`, id); n != 0 {
		t.Errorf("%d numbers were used up", n)
	}
}

// The public page is the signed text on the day of publication; what changes later does not reach it.
func TestPublicReply(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Closing)
	p, err := w.PublicReply(ctx, id)
	check(t, err)
	c, err := w.Case(ctx, id)
	check(t, err)
	if p.Title != "市人大十六届三次会议关于缓解社工压力提高社工待遇的建议（第0001号）的答复" || p.NumberName != "第0001号" || p.Noun != "建议" ||
		p.DocumentNumber != "沈民函〔2026〕1号" || p.Agency != "沈阳市民政局" || p.Division != "基层政权和社区建设处" ||
		p.LeadDeputy != "倪琛善" || !slices.Equal(p.CoSigners, []string{"王桂兰"}) ||
		p.Body != c.Draft.Draft.Body || p.SHA256 != c.State.DraftSHA256 || p.ContactName != "张琼" || p.ContactPhone != "23468813" ||
		p.SignedOn != calendar.NewDate(2026, 4, 20) || p.PublishedOn != p.SignedOn || !p.PublishedAt.Equal(w.now.Truncate(time.Microsecond)) {
		t.Errorf("got %+v", p)
	}
	check(t, w.UpsertDivision(ctx, store.Division{Code: "jiceng", Name: store.Name{ZH: "改了名的处"}}))
	if again, err := w.PublicReply(ctx, id); err != nil || again.Division != p.Division {
		t.Errorf("division %q, %v", again.Division, err)
	}
	_, err = w.PublicReply(ctx, w.at(t, proposal.Answered))
	refused(t, err, proposal.NotFound)
	_, err = w.PublicReply(ctx, "nonsense")
	refused(t, err, proposal.NotFound)
}

func TestPublicList(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Closing)
	const n, size = 500, 37
	// As many copies under other numbers, in two years: only the list is looked at.
	_, err := w.sql.Exec(ctx, `set session_replication_role = replica`)
	check(t, err)
	_, err = w.sql.Exec(ctx, `
		insert into publications
		select (jsonb_populate_record(p, jsonb_build_object('case_id', gen_random_uuid(), 'number_name', '第' || i || '号',
			'lead_deputy', case i when 7 then '张三' else '李四' end,
			'published_on', date '2025-01-01' + i, 'signed_on', date '2025-01-01'))).*
		from publications p, generate_series(1, $2) i where case_id = $1`, id, n-1)
	check(t, err)
	list := func(f store.PublicFilter) []store.PublicItem {
		t.Helper()
		f.Limit = size
		return read(t, size, func(after string) (store.Page[store.PublicItem], error) {
			f.After = after
			return w.PublicList(ctx, f)
		}, func(p store.PublicItem) string { return p.CaseID },
			func(a, b store.PublicItem) bool { return !b.PublishedOn.After(a.PublishedOn) })
	}
	if got := len(list(store.PublicFilter{})); got != n {
		t.Errorf("%d replies, want %d", got, n)
	}
	years, err := w.PublicYears(ctx)
	check(t, err)
	sum := 0
	for _, y := range years {
		if got := len(list(store.PublicFilter{Year: y.Year})); got != y.Replies {
			t.Errorf("%d: %d replies, want %d", y.Year, got, y.Replies)
		}
		sum += y.Replies
	}
	if sum != n || years[0].Year != 2026 || years[1].Year != 2025 {
		t.Errorf("years %v", years)
	}
	for query, want := range map[string]int{"张三": 1, "王桂兰": n, "社工": n, "没有": 0, "%": 0} {
		if got := len(list(store.PublicFilter{Query: query})); got != want {
			t.Errorf("%q finds %d, want %d", query, got, want)
		}
	}
	for _, year := range []int{-1, 10_000} {
		_, err := w.PublicList(ctx, store.PublicFilter{Year: year})
		refused(t, err, proposal.InvalidInput)
	}
}

// An old case is entered as finished: its row has the days of its file, or none; its number is nobody else's.
func TestFinishedCaseIsEntered(t *testing.T) {
	w := newWorld(t)
	enter := func(number string, closed calendar.Date) (string, error) {
		t.Helper()
		id, r := w.registration()
		r.Late, r.AssignedOn = true, calendar.NewDate(2019, 2, 20)
		r.Archive = proposal.Archive{Finished: true, Lead: fixture.Leading, ReplyNumber: number, SignedBy: "何志", ClosedOn: closed}
		o, err := w.send(t.Context(), id, w.Register(r))
		check(t, err)
		if o.Refusal != nil {
			return id, o.Refusal
		}
		return id, nil
	}
	id, err := enter("沈民函〔2019〕87号", calendar.NewDate(2019, 6, 3))
	check(t, err)
	other, err := enter("", calendar.Date{})
	check(t, err)
	_, err = enter("沈民函〔2019〕87号", calendar.Date{})
	refused(t, err, proposal.InvalidInput)
	for _, id := range []string{id, other} {
		c := w.read(t, id)
		if c.Stage != proposal.Closed || !c.ReplyDue.IsZero() || !c.Due.IsZero() || c.Lead != fixture.Leading || c.State.Archive.SignedBy != "何志" || len(c.Tasks) > 0 {
			t.Errorf("%+v", c.CaseRow)
		}
	}
	if n := w.count(t, `select count(*) from document_numbers where case_id = $1 and serial = 87 and typed`, id); n != 1 {
		t.Errorf("%d numbers", n)
	}
	if n := w.count(t, `select count(*) from cases where id = any ($1::uuid[]) and finished and (closed_on = '2019-06-03') is not false`, []string{id, other}); n != 2 {
		t.Errorf("%d finished", n)
	}
	w.do(t, other, w.Action(proposal.Reopen, proposal.Liaison, &proposal.Reopening{Reason: "尚未办结", Source: "档案"}))
	if c := w.read(t, other); c.Stage != proposal.Registered || c.ReplyDue.IsZero() {
		t.Errorf("reopened in %s, due %s", c.Stage, c.ReplyDue)
	}
}
