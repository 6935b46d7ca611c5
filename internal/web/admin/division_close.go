package admin

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// divisionClosePage asks which division takes over what one that is closed has.
type divisionClosePage struct {
	kit.Frame
	Name   string
	Closed string   // when it was closed and who took over, in words; "" while it is at work
	Holds  []string // what it has, in words
	Reopen string   // where a closed one is taken to work again
	Form   *kit.Form
}

func (*divisionClosePage) Template() string { return "division_close.html" }

// division finds the division of the address.
func (s *Room) division(r *http.Request) (of store.Division, all []store.Division, err error) {
	if all, err = s.store.Divisions(r.Context()); err != nil {
		return of, nil, err
	}
	i := slices.IndexFunc(all, func(d store.Division) bool { return string(d.Code) == r.PathValue("division") })
	if i < 0 {
		return of, nil, kit.ErrNotFound
	}
	return all[i], all, nil
}

// DivisionCloseShow draws the page.
func (s *Room) DivisionCloseShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderDivisionClose(w, r, http.StatusOK, url.Values{}, nil)
}

// DivisionClose closes the division. Its people move at once, its cases one by one, in a bulk.
func (s *Room) DivisionClose(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	d, _, err := s.division(r)
	if err != nil {
		return err
	}
	b := proposal.Bulk{
		ID: r.PostForm.Get(kit.FieldActionID), Kind: proposal.BulkRegroup, By: who.ID,
		Params: proposal.BulkParams{Division: d.Code, Lead: proposal.DivisionID(r.PostForm.Get("into"))},
	}
	cases := 0
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		cases, err = e.CloseDivision(r.Context(), b)
		return err
	})
	if fields, ok := wrongFields(err); ok {
		return s.renderDivisionClose(w, r, http.StatusUnprocessableEntity, r.PostForm, fields)
	}
	if err != nil {
		return err
	}
	if cases == 0 {
		s.Flash(r, s.Words(r).T("flash.division_closed", "Name", s.Words(r).Name(d.Name)))
		http.Redirect(w, r, "/divisions", http.StatusSeeOther)
		return nil
	}
	if err := s.cases.StartBulk(r.Context(), b.ID); err != nil {
		s.Log.WarnContext(r.Context(), "a bulk waits for the engine", "bulk", b.ID, "err", err)
	}
	http.Redirect(w, r, "/bulk/"+b.ID, http.StatusSeeOther)
	return nil
}

// DivisionReopen takes a closed division to work again.
func (s *Room) DivisionReopen(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	d, _, err := s.division(r)
	if err != nil {
		return err
	}
	if err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.ReopenDivision(r.Context(), d.Code) }); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.division", "Name", s.Words(r).Name(d.Name)))
	http.Redirect(w, r, "/divisions", http.StatusSeeOther)
	return nil
}

func (s *Room) renderDivisionClose(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []proposal.FieldError) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	d, all, err := s.division(r)
	if err != nil {
		return err
	}
	holds, err := s.store.DivisionHolds(r.Context(), d.Code)
	if err != nil {
		return err
	}
	path := "/divisions/" + url.PathEscape(string(d.Code))
	p := &divisionClosePage{Name: words.Name(d.Name), Closed: closedWords(words, d, all)}
	p.Frame = kit.Frame{Title: words.T("division_close.title", "Name", p.Name), Section: "divisions"}
	if n := len(holds.People); n > 0 {
		p.Holds = append(p.Holds, words.T("division_close.people", "N", n))
	}
	if n := len(holds.Cases); n > 0 {
		p.Holds = append(p.Holds, words.T("division_close.cases", "N", n))
	}
	if p.Closed != "" {
		p.Reopen = path + "/reopen"
		if holds.Nothing() {
			return s.Render(w, r, status, p)
		}
	}
	p.Form = &kit.Form{
		Kind: "division_close", Path: path + "/close", ActionID: kit.NewActionID(), Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong),
		Choices: map[string][]kit.Choice{},
	}
	for _, other := range store.AtWork(all) {
		if other.Code != d.Code {
			p.Form.Choices["into"] = append(p.Form.Choices["into"], kit.Choice{Value: string(other.Code), Name: words.Name(other.Name)})
		}
	}
	return s.Render(w, r, status, p)
}
