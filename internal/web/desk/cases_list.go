package desk

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// casesColumns are those of the bureau's list: where a case stands, and who has it.
var casesColumns = []store.Column{store.NumberColumn, store.DeputyColumn, store.DivisionColumn, store.StageColumn, store.WhyColumn}

// CasesList draws every case that the officer may see, open or, with ?all=, those that ended too. The figures of the overview open here.
func (s *Room) CasesList(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f := casefile.ReadCasesFilter(r.URL.Query())
	views, err := s.store.Views(r.Context(), who.Person)
	if err != nil {
		return err
	}
	key, name, _ := openView(words, r, views)
	if name == "" {
		name = words.T("box." + string(f.Box))
	}
	p := &tasksPage{
		Frame: kit.Frame{Title: name, Section: "cases"}, Box: f.Box, View: key, Text: f.Query, Columns: casesColumns,
		Query: casefile.AnyListQuery(f).Encode(), Bulk: bulkKinds(who, f.Box), Papers: who.Has(proposal.Liaison), Page: casefile.ListPage(f),
	}
	if kit.MayOverview(who) {
		p.Ledger = casefile.WithQuery("/cases.xlsx", casefile.ListQuery(f))
	}
	if err := s.fillTasks(r, p, f, who); err != nil {
		if kit.Refused(err, proposal.InvalidInput) {
			return kit.ErrNotFound // no page has such a link
		}
		return err
	}
	if p.Rail, err = s.taskRail(r.Context(), words, who, f, key, views); err != nil {
		return err
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}
