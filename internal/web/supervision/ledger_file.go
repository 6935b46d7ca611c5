package supervision

import (
	"net/http"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// ledgerColumn is a column of the office's ledger, and what a case has in it.
type ledgerColumn struct {
	head string // key of its words
	cell func(w *locale.Words, l store.LedgerLine, divisions []store.Division) string
}

// ledger is the ledger of the suggestions and that of the proposals (台账): the same columns, whose heads are said for each body.
var ledger = []ledgerColumn{
	{"ledger.number", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return w.Number(l.Key) }},
	{"ledger.session", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return w.Session(l.Key) }},
	{"fact.deputy", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if l.Masked {
			return store.MaskedName
		}
		return l.LeadDeputy
	}},
	{"ledger.co_signers", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string {
		return strings.Join(l.CoSigners, "、")
	}},
	{"fact.delegation", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string { return l.Described.Delegation }},
	{"ledger.title", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string { return l.Title }},
	{"ledger.category", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string { return l.Described.Category }},
	{"ledger.handling", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		return w.T("handling." + string(l.HandlingType))
	}},
	{"ledger.stage", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		return w.T("stage." + string(l.Stage))
	}},
	{"ledger.assigned_by", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string { return l.Described.AssignedBy }},
	{"ledger.lead", func(w *locale.Words, l store.LedgerLine, divisions []store.Division) string {
		if a := l.State.Archive; a != nil && l.Lead == "" && a.Lead != "" {
			return casefile.CutName(w, store.ByDivision, string(a.Lead), divisions)
		}
		return w.Name(l.LeadName)
	}},
	{"ledger.co_handling", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		var names []string
		for _, name := range l.CoNames {
			names = append(names, w.Name(name))
		}
		return strings.Join(names, "、")
	}},
	{"ledger.marks", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		var marks []string
		if l.Supervised {
			marks = append(marks, w.T("fact.key_supervised"))
		}
		if l.Late {
			marks = append(marks, w.T("fact.late"))
		}
		return strings.Join(marks, "、")
	}},
	{"ledger.assigned_on", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return w.FullDay(l.AssignedOn) }},
	{"ledger.due", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return w.FullDay(l.ReplyDue) }},
	{"ledger.answered_on", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if a := l.State.Archive; a != nil && l.Answered.IsZero() {
			return w.FullDay(a.RepliedOn)
		}
		return w.FullDay(l.Answered)
	}},
	{"ledger.document", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if a := l.State.Archive; a != nil && l.CaseRow.Number == "" {
			return a.ReplyNumber
		}
		return l.CaseRow.Number
	}},
	{"ledger.signer", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if a := l.State.Archive; a != nil && l.Signer.ZH == "" && l.Whole {
			return a.SignedBy
		}
		return w.Name(l.Signer)
	}},
	{"ledger.class", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if a := l.State.Archive; a != nil && l.Class == "" && l.Whole {
			return a.Result
		}
		return l.Class
	}},
	{"ledger.mode", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return said(w, "mode.", l.Mode) }},
	{"ledger.met_by", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string { return said(w, "rank.", l.MetBy) }},
	{"ledger.openness", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if !l.Whole {
			return ""
		}
		return said(w, "openness.", l.State.Openness)
	}},
	{"ledger.published_on", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		return w.FullDay(l.State.PublishedOn)
	}},
	{"ledger.attitude", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		return said(w, "rating.", l.Attitude)
	}},
	{"ledger.result", func(w *locale.Words, l store.LedgerLine, _ []store.Division) string {
		if a := l.State.Archive; a != nil && l.Result == "" && l.Whole {
			return said(w, "rating.", a.Rating)
		}
		return said(w, "rating.", l.Result)
	}},
	{"ledger.opinion", func(_ *locale.Words, l store.LedgerLine, _ []store.Division) string { return l.Opinion }},
}

// said is a value in words; "" for none.
func said[T ~string](w *locale.Words, prefix string, value T) string {
	if value == "" {
		return ""
	}
	return w.T(prefix + string(value))
}

// LedgerFile sends the cases of a list as the office's ledger (台账), an .xlsx file with one sheet for each body.
func (s *Room) LedgerFile(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	f := casefile.ReadCasesFilter(r.URL.Query())
	if f.Sort == "" {
		f.Sort = store.ByNumber
	}
	lines, err := s.store.LedgerLines(r.Context(), who.ID, f)
	if kit.Refused(err, proposal.InvalidInput) {
		return kit.ErrNotFound // no page has such a link
	}
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	var tables []sheet.Table
	for _, body := range assembly.Bodies {
		about := words.About(body)
		var head []string
		for _, c := range ledger {
			head = append(head, about.T(c.head))
		}
		table := sheet.Table{Name: words.T("body." + string(body)), Rows: [][]string{head}}
		for _, l := range lines {
			if l.Key.Body != body {
				continue
			}
			var row []string
			for _, c := range ledger {
				row = append(row, c.cell(about, l, divisions))
			}
			table.Rows = append(table.Rows, row)
		}
		if len(table.Rows) > 1 || len(lines) == 0 && len(tables) == 0 {
			tables = append(tables, table)
		}
	}
	data, err := sheet.Write(tables...)
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: words.T("ledger.file", "Day", words.FullDay(calendar.DateOf(s.Now()))) + ".xlsx", MediaType: sheet.MediaType}, data)
}
