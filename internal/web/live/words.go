package live

import (
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// newsItem is one thing that happened, as an open page is told of it.
type newsItem struct {
	Kind  store.NewsKind `json:"kind"`
	ID    string         `json:"id,omitempty"`    // of the case
	Seq   int            `json:"seq,omitempty"`   // of its latest event
	By    string         `json:"by,omitempty"`    // name of who did it
	What  string         `json:"what,omitempty"`  // who did what, as a sentence for the desk
	Moved string         `json:"moved,omitempty"` // the same, on the page of the case
	Desk  bool           `json:"desk,omitempty"`  // it is, or was, in one of the reader's boxes
	Own   bool           `json:"own,omitempty"`   // the reader did it, on another page
}

// Verbs are the acts that are no kind of action of a case and yet have words of their own, live.did.<kind>. Any other act without such
// words is told by the name of its event.
var Verbs = []string{proposal.EventClaim, proposal.EventRelease}

// unsaid are the acts that nobody is told of: a page shows them when it is next drawn.
var unsaid = []string{proposal.EventSaveDraft, proposal.EventViewContact}

// newsItem puts news into the reader's words.
func (s *Room) newsItem(w *locale.Words, n store.PersonalNews, who *store.Person) newsItem {
	item := newsItem{Kind: n.Kind, ID: n.ID, Desk: n.Desk}
	if n.Case == nil || n.Kind != store.CaseNews {
		return item
	}
	w = w.About(n.Case.Key.Body)
	item.Seq, item.Own = n.Event.No, n.Event.By == who.ID
	row := kinds.Of(proposal.Kind(n.Event.Kind))
	if row.Quiet || slices.Contains(unsaid, n.Event.Kind) {
		return item
	}
	if item.Own {
		item.Moved = w.T("live.own_here", "Time", w.Moment(n.Event.At), "Did", w.T("event."+n.Event.Kind))
		return item
	}
	item.By = w.Name(n.Event.Name)
	number, lands := w.Number(n.Case.Key), s.lands(w, n)
	switch did := w.T("event." + n.Event.Kind); {
	case n.Event.By == "":
		item.What = w.T("live.happened", "Number", number, "Did", did, "Lands", lands)
		item.Moved = w.T("live.happened_here", "Time", w.Moment(n.Event.At), "Did", did)
	case row.Verb || slices.Contains(Verbs, n.Event.Kind):
		did = w.T("live.did." + n.Event.Kind)
		item.What = w.T("live.did", "Who", item.By, "Did", did, "Number", number, "Lands", lands)
		item.Moved = w.T("live.did_here", "Who", item.By, "Time", w.Moment(n.Event.At), "Did", did)
	default:
		item.What = w.T("live.acted", "Who", item.By, "Did", did, "Number", number, "Lands", lands)
		item.Moved = w.T("live.acted_here", "Who", item.By, "Time", w.Moment(n.Event.At), "Did", did)
	}
	return item
}

// lands says what became of the case in the reader's todo box.
func (s *Room) lands(w *locale.Words, n store.PersonalNews) string {
	switch {
	case n.Gone:
		return w.T("live.gone")
	case n.Mine:
		today := calendar.DateOf(s.Now())
		sunday := today.AddDays((7 - int(today.Weekday())) % 7)
		return w.T("live.lands." + casefile.DueGroup(casefile.TaskDue(*n.Case), today, sunday))
	}
	return ""
}
