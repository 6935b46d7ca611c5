package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/store"
)

// HistoryView is what happened to a case, newest first, narrowed to what the reader asked for.
type HistoryView struct {
	Path   string // of the page
	Kept   []Line // what else the page's address says: name and value
	Kinds  []Choice
	People []Choice
	Query  string
	Rows   []PastEvent
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
func newHistory(w *words, f *caseFile, past []PastEvent, q url.Values) *HistoryView {
	h := &HistoryView{Path: "/cases/" + f.CaseID, All: len(past), Query: strings.TrimSpace(q.Get(queryText)), Today: calendar.DateOf(f.now).String()}
	h.Day = h.Today
	kind, who := q.Get(queryKind), q.Get(queryWho)
	counts, people := map[kinds.Subject]int{}, map[string]int{}
	for _, e := range past {
		counts[e.Group]++
		people[string(e.By)]++
		if (kind == "" || e.Group == kinds.Subject(kind)) && (who == "" || string(e.By) == who) && e.says(h.Query) {
			h.Rows = append(h.Rows, e)
		}
	}
	h.Narrow = len(h.Rows) < h.All
	for _, subject := range kinds.Subjects {
		if n := counts[subject]; n > 0 {
			name := string(subject)
			h.Kinds = append(h.Kinds, Choice{Value: name, Name: w.T("past.count", "What", w.T("past."+name), "N", n), Ticked: name == kind})
		}
	}
	for _, e := range past { // in the order in which they acted last
		if n := people[string(e.By)]; n > 0 && e.By != "" {
			h.People = append(h.People, Choice{Value: string(e.By), Name: w.Name(f.People[e.By]), Ticked: string(e.By) == who})
			people[string(e.By)] = 0
		}
	}
	for _, name := range []string{"do", fieldRef, fieldFor, "ask", "draft"} {
		if q.Has(name) {
			h.Kept = append(h.Kept, Line{name, q.Get(name)})
		}
	}
	return h
}

// says reports whether the text occurs in what is told of the event.
func (e PastEvent) says(text string) bool {
	return text == "" || strings.Contains(strings.ToLower(strings.Join([]string{e.Who, e.What, e.Words, e.When}, "\n")), strings.ToLower(text))
}

// LinkedCase is another case that this one is linked with, as far as the reader may see it.
type LinkedCase struct {
	Path, Number, Subject, Kind, Stage string
	Unlink                             string // where ending the link is posted
	ActionID                           string
}

// linkedCases are the links that hold.
func linkedCases(w *words, f *caseFile) []LinkedCase {
	var list []LinkedCase
	for _, l := range f.Links {
		if !l.EndedAt.IsZero() && !l.EndedAt.After(f.now) {
			continue
		}
		list = append(list, LinkedCase{
			Path: "/cases/" + l.CaseID, Number: w.number(l.Key), Subject: l.Subject, Kind: w.T("link_kind." + string(l.Kind)),
			Stage: w.T("stage." + string(l.Stage)), Unlink: "/cases/" + f.CaseID + "/links/" + l.CaseID + "/end", ActionID: newActionID(),
		})
	}
	return list
}

// linkWords tells of a link, with the other case if the reader may see it.
func linkWords(w *words, f *caseFile, e store.Event) string {
	with := e.LinkedWith()
	i := slices.IndexFunc(f.Links, func(l store.CaseLink) bool { return l.CaseID == with })
	if with == "" || i < 0 {
		return ""
	}
	return w.T("strand.case", "Number", w.number(f.Links[i].Key), "Subject", f.Links[i].Subject)
}
