package desk

import (
	"net/http"
	"strconv"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// bulkPage is a bulk on its way: what became of each case, and what its maker may still order.
type bulkPage struct {
	kit.Frame
	BulkProgress
	Rows   []BulkRow
	Next   string // address of the next page of items
	Back   string // where it was ordered, or what it is about
	BackTo string // in words
}

func (*bulkPage) Template() string { return "bulk_show.html" }

// BulkProgress is a bulk in words and figures.
type BulkProgress struct {
	Path      string
	Kind      proposal.BulkKind
	Status    proposal.BulkStatus
	What      string // 正在把8件转给赵磊
	About     string // since when, and why
	Counts    []BulkCount
	Total     int
	Settled   int // items that are through, whatever became of them
	Good, Bad int // widths of the bar's two inks, of barWidth
	Queued    int
	Done      int // items that can be taken back
	Ended     bool
	Waiting   bool // nothing has begun for a while: the engine is away
}

// Counted writes how far it is: 4／8.
func (p BulkProgress) Counted() string {
	return strconv.Itoa(p.Settled) + "／" + strconv.Itoa(p.Total)
}

// May tells which orders the page offers.
func (p BulkProgress) May(order proposal.BulkOrder) bool {
	next, may := order.After(p.Kind, p.Status)
	switch {
	case !may || next == p.Status:
		return false
	case order == proposal.CancelBulk:
		return p.Queued > 0
	case order == proposal.UndoBulk:
		return p.Done > 0
	}
	return true
}

// BulkCount is one figure in words: 转了3件.
type BulkCount struct {
	Tone, Text string
}

const (
	barWidth     = 190
	bulkPerPage  = 100
	bulkPatience = 10 * time.Second
)

// BulkShow draws the page. ?after= a number goes on in a long list.
func (s *Room) BulkShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	v, err := s.store.Bulk(r.Context(), who.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	if err != nil || after < 0 {
		after = 0
	}
	items, err := s.store.BulkItems(r.Context(), who.Person, v.ID, after, bulkPerPage)
	if err != nil {
		return err
	}
	p := &bulkPage{BulkProgress: s.bulkProgress(words, v)}
	p.Frame = kit.Frame{Title: p.What, Section: "tasks"}
	switch v.Kind {
	case proposal.BulkHandOver:
		p.Section, p.Back, p.BackTo = "people", "/people/"+string(v.Params.Of), words.T("password.back")
	case proposal.BulkRegroup:
		p.Section, p.Back, p.BackTo = "divisions", "/divisions", words.T("divisions.title")
	default:
		list := casefile.LastList(r)
		p.Back, p.BackTo = list.String(), words.T("case.back", "List", casefile.ListName(words, list))
		if list.Path == kit.OverviewPath {
			p.Section = "overview"
		}
	}
	for _, item := range items {
		p.Rows = append(p.Rows, s.bulkItemRow(r, v, item))
	}
	if last := after + len(items); len(items) == bulkPerPage && last < v.Total() {
		p.Next = p.Path + "?after=" + strconv.Itoa(last)
	}
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) bulkProgress(w *locale.Words, v store.BulkView) BulkProgress {
	total, n := v.Total(), v.Counts
	p := BulkProgress{
		Path: "/bulk/" + v.ID, Kind: v.Kind, Status: v.Status, Total: total, Queued: n[proposal.ItemQueued], Done: n[proposal.ItemDone], Ended: v.Status.Ended(),
		Settled: total - n[proposal.ItemQueued] - n[proposal.ItemRunning],
	}
	p.What = w.T("bulk.is."+string(v.Status)+"."+string(v.Kind), "N", total, "Name", w.Name(v.ToName))
	p.About = w.T("bulk.begun", "When", w.Moment(v.MadeAt))
	if v.Params.Reason != "" {
		p.About = w.T("bulk.begun_why", "When", w.Moment(v.MadeAt), "Reason", v.Params.Reason)
	}
	for _, status := range []struct {
		proposal.ItemStatus
		tone string
	}{
		{proposal.ItemDone, "ok"},
		{proposal.ItemUndone, ""},
		{proposal.ItemRefused, "late"},
		{proposal.ItemUndoRefused, "late"},
		{proposal.ItemRunning, ""},
		{proposal.ItemQueued, ""},
		{proposal.ItemCancelled, ""},
	} {
		if k := n[status.ItemStatus]; k > 0 {
			p.Counts = append(p.Counts, BulkCount{status.tone, w.T(ofKind(w, "bulk.count."+string(status.ItemStatus), v.Kind), "N", k)})
		}
	}
	p.Good = barWidth * (n[proposal.ItemDone] + n[proposal.ItemUndone]) / max(total, 1)
	p.Bad = barWidth * (n[proposal.ItemRefused] + n[proposal.ItemUndoRefused]) / max(total, 1)
	p.Waiting = v.Status == proposal.BulkRunning && s.Now().Sub(v.ChangedAt) > bulkPatience
	return p
}

// bulkItemRow is one case with what became of it.
func (s *Room) bulkItemRow(r *http.Request, v store.BulkView, item store.BulkItemRow) BulkRow {
	words := s.Words(r)
	row := s.bulkRow(r, item.CaseRow)
	if item.Hidden {
		row = BulkRow{Number: row.Number, Subject: words.T(ofKind(words, "bulk.hidden", v.Kind))}
	}
	row.Tone = map[proposal.ItemStatus]string{
		proposal.ItemDone: "ok", proposal.ItemRefused: "late", proposal.ItemUndoRefused: "late", proposal.ItemRunning: "now",
	}[item.Status]
	key := string(item.Status)
	if item.Status == proposal.ItemDone && v.Status == proposal.BulkUndoing {
		key, row.Tone = "to_undo", ""
	}
	row.Outcome = words.T(ofKind(words, "bulk.item."+key, v.Kind), "Name", words.Name(v.ToName), "Prior", words.Name(item.Prior))
	if item.Refusal != nil {
		row.Why = s.bulkWhy(r, item.Refusal, item.CaseRow, v.Params.To)
	}
	return row
}

// ofKind is the key of a message that the kind has of its own, or else of the one for every kind.
func ofKind(w *locale.Words, key string, kind proposal.BulkKind) string {
	if own := key + "." + string(kind); w.Has(own) {
		return own
	}
	return key
}
