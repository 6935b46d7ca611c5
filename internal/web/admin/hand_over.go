package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// handOverPage asks who takes over what somebody has in hand.
type handOverPage struct {
	kit.Frame
	Name  string
	N     int
	Held  []string
	Stays bool // of it, there are added reviews, which nobody can take over
	Back  string
	Form  *kit.Form
}

func (*handOverPage) Template() string { return "hand_over.html" }

// heldBy says on somebody's page what they have in hand, and when they were last here.
func (s *Room) heldBy(r *http.Request, one store.Person, p *personPage) error {
	words := s.Words(r)
	held, err := s.store.Held(r.Context(), one.ID)
	if err != nil {
		return err
	}
	p.Held = heldWords(words, held)
	if one.Active && len(goesOver(held)) > 0 {
		p.Hand = "/people/" + string(one.ID) + "/hand-over"
	}
	use, err := s.store.AccountUse(r.Context(), one.ID)
	if err != nil {
		return err
	}
	login := words.T("people.not_logged_in")
	if !use.LastLogin.IsZero() {
		login = words.T("people.logged_in", "When", words.Moment(use.LastLogin))
	}
	p.Use = words.T("people.use", "Login", login, "Covers", use.Covers)
	if link := use.Link; link != nil {
		p.Made = words.T("password.made."+cmp.Or(string(link.Mail), "handed"), "Email", link.To, "Until", words.Moment(link.Until))
	}
	if p.Sessions, err = s.sessionRows(r, one, "/people/"+url.PathEscape(string(one.ID))); err != nil {
		return err
	}
	tokens, err := s.store.Tokens(r.Context(), one.ID)
	for _, t := range tokens {
		used := words.T("people.token_unused")
		if !t.UsedAt.IsZero() {
			used = words.T("people.token_used", "When", words.Moment(t.UsedAt))
		}
		p.Tokens = append(p.Tokens, TokenRow{
			Says: words.T("people.token", "Name", t.Name, "Until", words.Day(calendar.DateOf(t.ExpiresAt)), "Used", used), Name: t.Name,
			Path: "/people/" + string(one.ID) + "/tokens/" + t.ID + "/revoke",
		})
	}
	return err
}

// heldWords says how much there is of each thing, cases first.
func heldWords(w *locale.Words, held []proposal.BulkItem) []string {
	counts := map[proposal.Ask]int{}
	for _, item := range held {
		counts[item.Key.Ask]++
	}
	var lines []string
	if n := counts[proposal.AskForHandler]; n > 0 {
		lines = append(lines, w.T("people.held_cases", "N", n))
	}
	for _, ask := range proposal.Asks() {
		if n := counts[ask]; n > 0 && ask != proposal.AskForHandler {
			lines = append(lines, w.T("people.held_task", "Task", w.T("task."+string(ask)), "N", n))
		}
	}
	return lines
}

// HandOverShow draws the page.
func (s *Room) HandOverShow(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	return s.renderHandOver(w, r, http.StatusOK, url.Values{}, nil)
}

// HandOver begins the handing over, as a bulk. What cannot go over stays where it is, and the page of the bulk says why.
func (s *Room) HandOver(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	from, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	held, err := s.store.Held(r.Context(), from.ID)
	if err != nil {
		return err
	}
	if held = goesOver(held); len(held) == 0 { // pressed twice, or they did it themselves meanwhile
		http.Redirect(w, r, "/people/"+string(from.ID), http.StatusSeeOther)
		return nil
	}
	b := proposal.Bulk{
		ID: r.PostForm.Get(kit.FieldActionID), Kind: proposal.BulkHandOver, By: who.ID,
		Params: proposal.BulkParams{To: proposal.PersonID(r.PostForm.Get("to")), Of: from.ID},
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	err = b.Check(calendar.DateOf(s.Now()))
	if err == nil && !slices.ContainsFunc(people, func(p store.Person) bool { return p.ID == b.Params.To && takesOver(p, from) }) {
		err = kit.InvalidFields([]proposal.FieldError{{Field: "to", Code: proposal.NotInBureau}})
	}
	if err == nil {
		err = s.store.CreateBulk(r.Context(), b, held)
	}
	if fields, ok := wrongFields(err); ok {
		return s.renderHandOver(w, r, http.StatusUnprocessableEntity, r.PostForm, fields)
	}
	if err != nil {
		return err
	}
	if err := s.cases.StartBulk(r.Context(), b.ID); err != nil {
		s.Log.WarnContext(r.Context(), "a bulk waits for the engine", "bulk", b.ID, "err", err)
	}
	http.Redirect(w, r, "/bulk/"+b.ID, http.StatusSeeOther)
	return nil
}

// goesOver are those of the things in somebody's hands that a colleague can take over.
func goesOver(held []proposal.BulkItem) []proposal.BulkItem {
	return slices.DeleteFunc(slices.Clone(held), func(i proposal.BulkItem) bool { return !i.Key.HandsOver() })
}

// takesOver: somebody who has a role of theirs, in the same division if it is a role of divisions.
func takesOver(p, from store.Person) bool {
	return p.Active && p.ID != from.ID && slices.ContainsFunc(from.Roles, func(role proposal.Role) bool {
		ofDivision := role == proposal.Handler || role == proposal.DivisionHead
		return p.Has(role) && (!ofDivision || p.Division == from.Division)
	})
}

func (s *Room) renderHandOver(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []proposal.FieldError) error {
	words := s.Words(r)
	from, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	all, err := s.store.Held(r.Context(), from.ID)
	if err != nil {
		return err
	}
	goes := goesOver(all)
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	loads, _, err := s.store.HandlerLoads(r.Context())
	if err != nil {
		return err
	}
	p := &handOverPage{
		Name: words.Name(from.Name), N: len(goes), Held: heldWords(words, goes), Stays: len(all) > len(goes), Back: "/people/" + string(from.ID),
	}
	p.Frame = kit.Frame{Title: words.T("people.held_none"), Section: "people"}
	if p.N > 0 {
		p.Title = words.T("bulk.new.hand_over", "Name", p.Name, "N", p.N)
	}
	p.Form = &kit.Form{
		Kind: "hand_over", Path: p.Back + "/hand-over", ActionID: kit.NewActionID(), Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong),
		Choices: map[string][]kit.Choice{},
	}
	for _, one := range people {
		if takesOver(one, from) {
			name := words.Name(one.Name)
			p.Form.Choices["to"] = append(p.Form.Choices["to"], kit.Choice{
				Value: string(one.ID), Name: words.T("bulk.person", "Name", name, "N", loads[one.ID].Open), Note: name,
			})
		}
	}
	return s.Render(w, r, status, p)
}
