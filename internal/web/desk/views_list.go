package desk

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// viewsPage is where views are made, renamed, shared and removed.
type viewsPage struct {
	kit.Frame
	Form   *ViewForm // of a new one; nil unless a filter is to be saved
	Rows   []ViewForm
	Shares bool // the officer belongs to a division, and may share with it
}

func (*viewsPage) Template() string { return "views.html" }

// ViewForm is one view as it can be changed.
type ViewForm struct {
	ID, Name, Query, Path string
	Filters               string // in words
	Shared, Mine, Removes bool
	Owner                 string
	Error                 string // of the name
}

// ViewsList draws the page; ?save= and a filter opens the form for a new view.
func (s *Room) ViewsList(w http.ResponseWriter, r *http.Request) error {
	var form *ViewForm
	if query := r.URL.Query().Get("save"); query != "" {
		form = &ViewForm{ID: kit.NewActionID(), Query: query}
	}
	return s.renderViews(w, r, http.StatusOK, form)
}

// renderViews draws the page; typed is the form that is open, or one of the rows with what was wrong in it.
func (s *Room) renderViews(w http.ResponseWriter, r *http.Request, status int, typed *ViewForm) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	views, err := s.store.Views(r.Context(), who.Person)
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	p := &viewsPage{Frame: kit.Frame{Title: words.T("views.title"), Section: "tasks"}, Form: typed, Shares: who.Division != ""}
	for _, v := range views {
		row := ViewForm{
			ID: v.ID, Name: v.Name, Query: casefile.AnyListQuery(v.Filter).Encode(), Path: viewPath(v.ID, v.Filter), Filters: s.viewWords(words, v.Filter, divisions),
			Shared: v.Division != "", Mine: v.Owner == who.ID, Removes: store.MayRemoveView(who.Person, v), Owner: words.Name(v.OwnerName),
		}
		if typed != nil && typed.ID == v.ID {
			row.Name, row.Shared, row.Error, p.Form = typed.Name, typed.Shared, typed.Error, nil
		}
		p.Rows = append(p.Rows, row)
	}
	if p.Form != nil {
		query, _ := url.ParseQuery(p.Form.Query)
		p.Form.Filters = s.viewWords(words, casefile.ReadTaskFilter(query), divisions)
	}
	return s.Render(w, r, status, p)
}

// viewWords is what a view lists, in words.
func (s *Room) viewWords(w *locale.Words, f store.TaskFilter, divisions []store.Division) string {
	said := []string{w.T("box." + string(f.Box))}
	for _, chip := range s.taskChips(w, f, divisions, nil) {
		said = append(said, chip.Words)
	}
	if f.Sort != "" {
		said = append(said, w.T("sort."+string(f.Sort)))
	}
	return w.List(said)
}

// ViewSave makes a view, or changes its name and with whom it is shared.
func (s *Room) ViewSave(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	form := &ViewForm{ID: r.PostForm.Get("id"), Name: r.PostForm.Get("name"), Query: r.PostForm.Get("query"), Shared: r.PostForm.Get("share") != ""}
	query, err := url.ParseQuery(form.Query)
	if err != nil {
		return kit.ErrNotText
	}
	view := store.View{ID: form.ID, Name: form.Name, Filter: casefile.ReadTaskFilter(query)}
	if view.Columns, err = s.viewColumns(r, who, view.ID); err != nil {
		return err
	}
	if form.Shared {
		view.Division = who.Division
	}
	err = s.store.SaveView(r.Context(), who.Person, view)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && len(refusal.Fields) == 1 && refusal.Fields[0].Field == "name" {
		form.Error = kit.FieldWords(words, refusal.Fields)[0].Text
		return s.renderViews(w, r, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	s.Flash(r, words.T("flash.view_saved", "Name", view.Name))
	http.Redirect(w, r, viewPath(view.ID, view.Filter), http.StatusSeeOther)
	return nil
}

// viewColumns are those of a view that is changed, or the ones that the officer sees while making it.
func (s *Room) viewColumns(r *http.Request, who *store.Person, id string) ([]store.Column, error) {
	if v, err := s.store.View(r.Context(), who.Person, id); err == nil {
		return v.Columns, nil
	}
	settings, err := s.store.DeskSettings(r.Context(), who.ID)
	return settings.Columns, err
}

// ViewRemove removes a view.
func (s *Room) ViewRemove(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.RemoveView(r.Context(), kit.OfficerOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.view_removed"))
	http.Redirect(w, r, "/views", http.StatusSeeOther)
	return nil
}
