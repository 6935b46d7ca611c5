package supervision

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/workflows"
)

// casesPage lists every case that the officer may see, filtered. The figures of the overview open here.
type casesPage struct {
	kit.Frame
	Query     caseQuery
	Steps     []kit.Choice
	Divisions []kit.Choice
	Holder    string // in words; empty unless filtered by it
	Rows      []CaseLine
	Engine    bool
	Filtered  bool
	First     string // address of the first page, unless this is it
	Next      string
}

func (*casesPage) Template() string { return "cases.html" }

// caseQuery is what a list of cases was asked for. Without anything it lists the open cases by due date.
type caseQuery struct {
	Text     string
	Step     proposal.Step
	Division proposal.DivisionID
	Holder   proposal.PersonID
	Overdue  bool
	All      bool // closed ones too, newest assignment first
}

func readCaseQuery(v url.Values) caseQuery {
	return caseQuery{
		Text: strings.TrimSpace(v.Get("q")), Step: proposal.Step(v.Get("step")), Division: proposal.DivisionID(v.Get("division")),
		Holder: proposal.PersonID(v.Get("holder")), Overdue: v.Get("overdue") != "", All: v.Get("all") != "",
	}
}

// casesPath is the address of a list.
func casesPath(q caseQuery) string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	set("step", string(q.Step))
	set("division", string(q.Division))
	set("holder", string(q.Holder))
	if q.Overdue {
		set("overdue", "1")
	}
	if q.All {
		set("all", "1")
	}
	if len(v) == 0 {
		return "/cases"
	}
	return "/cases?" + v.Encode()
}

// CaseLine is a case in a list of the bureau's cases.
type CaseLine struct {
	casefile.TaskRow
	Holder string
	Engine string // its workflow in the Temporal Web UI; empty without one
}

const casesPerPage = 100

// CasesList draws the list.
func (s *Room) CasesList(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	q := readCaseQuery(r.URL.Query())
	p := &casesPage{
		Frame: kit.Frame{Title: words.T("cases.title"), Section: "cases"}, Query: q, Filtered: q != caseQuery{}, Engine: s.EngineFor(who) != "",
		Steps: kit.Choices(words, "step.", overviewSteps),
	}
	filter := store.CaseFilter{
		Query: q.Text, Stages: stagesOf(q.Step), Division: q.Division, Holder: q.Holder,
		Open: !q.All || q.Overdue, After: r.URL.Query().Get("after"), Limit: casesPerPage,
	}
	if q.Step != "" && filter.Stages == nil {
		return kit.ErrNotFound
	}
	if q.Overdue {
		filter.DueBy = calendar.DateOf(s.Now()).AddDays(-1)
	}
	list, err := s.store.SearchCases(r.Context(), who.Person, filter)
	if err != nil {
		return err
	}
	for _, c := range list.Items {
		p.Rows = append(p.Rows, s.caseLine(r.Context(), words, c, who))
	}
	if filter.After != "" {
		p.First = casesPath(q)
	}
	if list.Next != "" {
		v := r.URL.Query()
		v.Set("after", list.Next)
		p.Next = "/cases?" + v.Encode()
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	for _, d := range divisions {
		p.Divisions = append(p.Divisions, kit.Choice{Value: string(d.Code), Name: words.Name(d.Name)})
	}
	p.Divisions = append(p.Divisions, kit.Choice{Value: string(store.NoDivision), Name: words.T("overview.unassigned")})
	if q.Holder != "" {
		p.Holder = s.PersonName(r, q.Holder)
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// stagesOf are the stages of open cases that stand at a station; nil for no station or an unknown one.
func stagesOf(step proposal.Step) []proposal.Stage {
	if step == "" {
		return nil
	}
	var stages []proposal.Stage
	for _, stage := range proposal.Stages {
		if stage.Step() == step {
			stages = append(stages, stage)
		}
	}
	return stages
}

func (s *Room) caseLine(ctx context.Context, w *locale.Words, c store.CaseRow, who *store.Person) CaseLine {
	line := CaseLine{TaskRow: s.TaskRow(ctx, w, c, who, casefile.RowDetail{}), Engine: s.engineLink(who, c.CaseID)}
	switch t := c.Task; {
	case t == nil:
	case t.ClaimedBy != "":
		line.Holder = w.Name(t.ClaimedName)
	case t.Person != "":
		line.Holder = w.T("role." + string(t.Role))
		if t.Person == c.Handler {
			line.Holder = w.Name(c.HandlerName)
		}
	default:
		line.Holder = w.T("role." + string(t.Role))
	}
	return line
}

// engineLink is the page of a case's workflow in the Temporal Web UI; "" if there is none for this officer.
func (s *Room) engineLink(who *store.Person, caseID string) string {
	at := s.EngineFor(who)
	if at == "" {
		return ""
	}
	return at + "/namespaces/" + url.PathEscape(s.namespace) +
		"/workflows/" + url.PathEscape(workflows.WorkflowID(caseID))
}
