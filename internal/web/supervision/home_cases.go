package supervision

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// homeCasesPage is the cases that a number on the administrator's home counts.
type homeCasesPage struct {
	kit.Frame
	Rows       []HomeCase
	Mend, Link string // where it is mended
}

func (*homeCasesPage) Template() string { return "home_cases.html" }

// HomeCase is a case. Administrators decide none, and read only those that they have another office in.
type HomeCase struct {
	Number, Stage string
	Path, Subject string // "" for a case that is not for this officer's eyes
}

func homeCasesPath(what, of string) string { return "/home/cases?" + url.Values{what: {of}}.Encode() }

// HomeCases draws the page.
func (s *Room) HomeCases(w http.ResponseWriter, r *http.Request) error {
	who, words, query := kit.OfficerOf(r), s.Words(r), r.URL.Query()
	if !who.Has(proposal.Admin) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	var ids []string
	p := &homeCasesPage{}
	switch role, division := query.Get("lacking"), proposal.DivisionID(query.Get("division")); {
	case slices.Contains(proposal.Roles, proposal.Role(role)):
		lacking, err := s.store.Lacking(r.Context())
		if err != nil {
			return err
		}
		ids = lacking[proposal.Role(role)]
		p.Title = words.T("home.lacking", "N", len(ids), "Role", words.T("role."+role))
		p.Mend, p.Link = "/people?"+url.Values{"q": {words.T("role." + role)}}.Encode(), words.T("home.lacking_mend", "Role", words.T("role."+role))
	case division != "":
		divisions, err := s.store.Divisions(r.Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == division && !d.ClosedOn.IsZero() })
		if i < 0 {
			return kit.ErrNotFound
		}
		holds, err := s.store.DivisionHolds(r.Context(), division)
		if err != nil {
			return err
		}
		for _, item := range holds.Cases {
			ids = append(ids, item.CaseID)
		}
		p.Title = words.T("home.closed_holds", "N", len(ids), "Name", words.Name(divisions[i].Name))
		p.Mend, p.Link = "/divisions/"+url.PathEscape(string(division))+"/close", words.T("home.closed_mend")
	default:
		left, err := s.store.LeftBehind(r.Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(left, func(b store.Behind) bool { return string(b.Person) == query.Get("left") })
		if i < 0 { // it has been seen to since
			return kit.ErrNotFound
		}
		ids = left[i].Cases
		p.Title = words.T("home.left", "N", len(ids), "Name", words.Name(left[i].Name))
		p.Mend, p.Link = coverPath(left[i].Person), words.T("board.cover")
	}
	p.Frame = kit.Frame{Title: p.Title, Section: "home"}
	heads, err := s.store.CaseHeads(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		head := heads[id]
		row := HomeCase{Number: words.Number(head.Key), Stage: words.About(head.Key.Body).T("stage." + string(head.State.Stage))}
		if who.Sees(head.State) {
			row.Path, row.Subject = "/cases/"+id, head.Subject
		}
		p.Rows = append(p.Rows, row)
	}
	return s.Render(w, r, http.StatusOK, p)
}
