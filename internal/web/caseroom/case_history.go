package caseroom

import (
	"net/url"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// HistoryView is what happened to a case, newest first, narrowed to what the reader asked for.
type HistoryView struct {
	Path   string          // of the page
	Kept   []casefile.Line // what else the page's address says: name and value
	Kinds  []kit.Choice
	People []kit.Choice
	Query  string
	Rows   []casefile.PastEvent
	All    int // without the filter
	Day    string
	Today  string // the last day that may be asked for
	Narrow bool   // something is left out
}

// Names of the query that narrows a history.
const (
	queryKind = "past"
	queryWho  = "by"
	queryText = "said"
)

// newHistory narrows what happened to what the query asks for. Subjects and people are only offered if there is something of theirs.
func newHistory(w *locale.Words, f *casefile.File, past []casefile.PastEvent, q url.Values) *HistoryView {
	h := &HistoryView{Path: "/cases/" + f.CaseID, All: len(past), Query: strings.TrimSpace(q.Get(queryText)), Today: calendar.DateOf(f.Now).String()}
	h.Day = h.Today
	kind, who := q.Get(queryKind), q.Get(queryWho)
	counts, people := map[kinds.Subject]int{}, map[string]int{}
	for _, e := range past {
		counts[e.Group]++
		people[string(e.By)]++
		if (kind == "" || e.Group == kinds.Subject(kind)) && (who == "" || string(e.By) == who) && says(e, h.Query) {
			h.Rows = append(h.Rows, e)
		}
	}
	h.Narrow = len(h.Rows) < h.All
	for _, subject := range kinds.Subjects {
		if n := counts[subject]; n > 0 {
			name := string(subject)
			h.Kinds = append(h.Kinds, kit.Choice{Value: name, Name: w.T("past.count", "What", w.T("past."+name), "N", n), Ticked: name == kind})
		}
	}
	for _, e := range past { // in the order in which they acted last
		if n := people[string(e.By)]; n > 0 && e.By != "" {
			h.People = append(h.People, kit.Choice{Value: string(e.By), Name: w.Name(f.People[e.By]), Ticked: string(e.By) == who})
			people[string(e.By)] = 0
		}
	}
	for _, name := range []string{"do", kit.FieldRef, kit.FieldFor, "ask", "draft"} {
		if q.Has(name) {
			h.Kept = append(h.Kept, casefile.Line{Label: name, Text: q.Get(name)})
		}
	}
	return h
}

// says reports whether the text occurs in what is told of the event.
func says(e casefile.PastEvent, text string) bool {
	return text == "" || strings.Contains(strings.ToLower(strings.Join([]string{e.Who, e.What, e.Words, e.When}, "\n")), strings.ToLower(text))
}

// LinkedCase is another case that this one is linked with, as far as the reader may see it.
type LinkedCase struct {
	Path, Number, Subject, Kind, Stage string
	Unlink                             string // where ending the link is posted
	ActionID                           string
}

// linkedCases are the links that hold.
func linkedCases(w *locale.Words, f *casefile.File) []LinkedCase {
	var list []LinkedCase
	for _, l := range f.Links {
		if !l.EndedAt.IsZero() && !l.EndedAt.After(f.Now) {
			continue
		}
		list = append(list, LinkedCase{
			Path: "/cases/" + l.CaseID, Number: w.Number(l.Key), Subject: l.Subject, Kind: w.T("link_kind." + string(l.Kind)),
			Stage: w.T("stage." + string(l.Stage)), Unlink: "/cases/" + f.CaseID + "/links/" + l.CaseID + "/end", ActionID: kit.NewActionID(),
		})
	}
	return list
}
