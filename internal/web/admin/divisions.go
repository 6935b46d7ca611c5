package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// divisionsPage lists the divisions in their order, with the form of one of them or of a new one.
type divisionsPage struct {
	kit.Frame
	Rows   []DivisionRow
	AtWork int    // of them, those that are not closed
	Code   string // of the one that is changed; "" for a new one
	End    string // where it is closed
	Form   *kit.Form
}

func (*divisionsPage) Template() string { return "divisions.html" }

// DivisionRow is a division with who works in it.
type DivisionRow struct {
	Path, Name, Heads string
	Handlers          int
	Here              bool
	Closed            string // when it was closed and who took over; "" while it is at work
}

// DivisionsList draws the page.
func (s *Room) DivisionsList(w http.ResponseWriter, r *http.Request) error {
	return s.renderDivisions(w, r, http.StatusOK, r.URL.Query().Get("code"), nil, nil)
}

// DivisionSave makes or changes a division.
func (s *Room) DivisionSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	form := r.PostForm
	d := store.Division{
		Code: proposal.DivisionID(form.Get("code")), Name: store.Name{ZH: strings.TrimSpace(form.Get("name")), EN: strings.TrimSpace(form.Get("name_en"))},
		Phone: strings.TrimSpace(form.Get("phone")),
	}
	if sort := form.Get("sort"); sort != "" {
		if d.Sort, err = strconv.Atoi(sort); err != nil || d.Sort == 0 {
			return s.renderDivisions(w, r, http.StatusUnprocessableEntity, string(d.Code), form, []proposal.FieldError{{Field: "sort", Code: proposal.FieldMalformed}})
		}
	}
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.SaveDivision(r.Context(), d) })
	if fields, ok := wrongFields(err); ok {
		return s.renderDivisions(w, r, http.StatusUnprocessableEntity, string(d.Code), form, fields)
	}
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.division", "Name", s.Words(r).Name(d.Name)))
	http.Redirect(w, r, "/divisions", http.StatusSeeOther)
	return nil
}

func (s *Room) renderDivisions(w http.ResponseWriter, r *http.Request, status int, code string, typed url.Values, wrong []proposal.FieldError) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	p := &divisionsPage{Frame: kit.Frame{Title: words.T("divisions.title"), Section: "divisions"}}
	for _, d := range divisions {
		if !d.ClosedOn.IsZero() {
			p.Rows = append(p.Rows, DivisionRow{Path: closePath(d), Name: words.Name(d.Name), Closed: closedWords(words, d, divisions)})
			continue
		}
		p.AtWork++
		row := DivisionRow{Path: "/divisions?code=" + url.QueryEscape(string(d.Code)), Name: words.Name(d.Name), Here: string(d.Code) == code}
		var heads []string
		for _, one := range people {
			if !one.Active || one.Division != d.Code {
				continue
			}
			if slices.Contains(one.Roles, proposal.DivisionHead) {
				heads = append(heads, words.Name(one.Name))
			}
			if slices.Contains(one.Roles, proposal.Handler) {
				row.Handlers++
			}
		}
		row.Heads = words.List(heads)
		p.Rows = append(p.Rows, row)
		if row.Here {
			p.Code, p.End = code, closePath(d)
			if typed == nil {
				typed = url.Values{"name": {d.Name.ZH}, "name_en": {d.Name.EN}, "sort": {strconv.Itoa(d.Sort)}, "phone": {d.Phone}}
			}
		}
	}
	p.Form = &kit.Form{Kind: "division", Path: "/divisions", Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong)}
	return s.Render(w, r, status, p)
}

func closePath(d store.Division) string {
	return "/divisions/" + url.PathEscape(string(d.Code)) + "/close"
}

// closedWords say when a division was closed and which took over; "" while it is at work.
func closedWords(w *locale.Words, d store.Division, all []store.Division) string {
	if d.ClosedOn.IsZero() {
		return ""
	}
	i := slices.IndexFunc(all, func(other store.Division) bool { return other.Code == d.TakenOverBy })
	if i < 0 {
		return w.T("divisions.closed", "Day", w.FullDay(d.ClosedOn))
	}
	return w.T("divisions.merged", "Day", w.FullDay(d.ClosedOn), "Name", w.Name(all[i].Name))
}
