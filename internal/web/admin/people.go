package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// peoplePage lists everybody with an account.
type peoplePage struct {
	kit.Frame
	Text    string // what is looked for
	Rows    []PersonRow
	Waiting bool // only those of whom nobody can log in as yet
}

func (*peoplePage) Template() string { return "people.html" }

// PersonRow is somebody as the list shows them.
type PersonRow struct {
	Path, Login, Name, Division, Roles, Phone string
	State                                     string // left, or without a password; "" for neither
}

// personPage is somebody's account, or a new one.
type personPage struct {
	kit.Frame
	New   bool
	Link  string // where a link to choose a password is made; "" for who has left and for whom there is no account yet
	Email string // the address that the link can go to by mail; "": by hand alone
	Made  string // what became of the link that was made, in words; "" if there is none that opens
	State string
	Held  []string // what they have in hand, in words
	Hand  string   // where it is handed over; "" if there is nothing to hand over
	Use   string   // when they logged in, and what else works as long as the account is open

	Factors string // where their second factor is reset; "" if they have none, or for the administrator who looks

	Provider string // the house's own provider of logins; "" if there is none
	There    string // who they are there, in words; "" if they have not come in by it
	AtThere  string // where that is changed; "" for who has left and for whom there is no account yet

	Sessions []SessionRow // that stand, each of which can be ended by itself
	Tokens   []TokenRow   // of the API, each of which can be ended by itself
	Form     *kit.Form
}

// TokenRow is a token of the API that is in force, and where it is ended.
type TokenRow struct{ Says, Name, Path string }

func (*personPage) Template() string { return "person.html" }

// keeper is the administrator who asks; a refusal for anybody else.
func keeper(r *http.Request) (*store.Person, error) {
	who := kit.OfficerOf(r)
	if !who.Has(proposal.Admin) {
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	return who, nil
}

// PeopleList draws the list, of those whose name, login or telephone has the words in it.
func (s *Room) PeopleList(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	waiting, err := s.store.WithoutPassword(r.Context())
	if err != nil {
		return err
	}
	p := &peoplePage{Frame: kit.Frame{Title: words.T("people.title"), Section: "people"}, Text: strings.TrimSpace(r.URL.Query().Get("q"))}
	p.Waiting = r.URL.Query().Get("account") == "no_password"
	for _, one := range people {
		if p.Waiting && !slices.Contains(waiting, one.ID) {
			continue
		}
		row := PersonRow{
			Path: "/people/" + string(one.ID), Login: one.Login, Name: words.Name(one.Name), Division: words.Name(one.DivisionName), Phone: one.Phone,
			Roles: roleWords(words, one.Roles), State: accountState(words, one, waiting),
		}
		said := strings.ToLower(strings.Join([]string{one.Name.ZH, one.Name.EN, row.Login, row.Phone, row.Division, row.Roles, row.State}, " "))
		if strings.Contains(said, strings.ToLower(p.Text)) {
			p.Rows = append(p.Rows, row)
		}
	}
	return s.Render(w, r, http.StatusOK, p)
}

func roleWords(w *locale.Words, roles []proposal.Role) string {
	var names []string
	for _, role := range roles {
		names = append(names, w.T("role."+string(role)))
	}
	return w.List(names)
}

// accountState says of an account what its administrator wants to know first.
func accountState(w *locale.Words, p store.Person, waiting []proposal.PersonID) string {
	switch {
	case !p.Active:
		return w.T("people.left")
	case slices.Contains(waiting, p.ID):
		return w.T("people.no_password")
	}
	return ""
}

// PersonShow draws an account, or the form for a new one.
func (s *Room) PersonShow(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	typed := url.Values{"active": {"1"}}
	if r.PathValue("person") != "" {
		one, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
		if err != nil {
			return err
		}
		typed = typedOfPerson(one)
	}
	return s.renderPerson(w, r, http.StatusOK, typed, nil)
}

func typedOfPerson(p store.Person) url.Values {
	typed := url.Values{
		"login": {p.Login}, "name": {p.Name.ZH}, "name_en": {p.Name.EN}, "phone": {p.Phone}, "email": {p.Email}, "division": {string(p.Division)},
	}
	for _, role := range p.Roles {
		typed.Add("roles", string(role))
	}
	for _, division := range p.Field {
		typed.Add("field", string(division))
	}
	if p.Active {
		typed.Set("active", "1")
	}
	return typed
}

// PersonSave keeps an account. What is wrong is said beside the field.
func (s *Room) PersonSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	form := r.PostForm
	text := func(field string) string { return strings.TrimSpace(form.Get(field)) }
	p := store.Person{
		Person: proposal.Person{ID: proposal.PersonID(r.PathValue("person")), Division: proposal.DivisionID(form.Get("division"))},
		Login:  text("login"), Name: store.Name{ZH: text("name"), EN: text("name_en")}, Phone: text("phone"), Email: text("email"),
		Active: r.PathValue("person") == "" || form.Get("active") != "",
	}
	for _, role := range form["roles"] {
		p.Roles = append(p.Roles, proposal.Role(role))
	}
	for _, division := range form["field"] {
		p.Field = append(p.Field, proposal.DivisionID(division))
	}
	id := p.ID
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		id, err = e.SavePerson(r.Context(), p)
		return err
	})
	if fields, ok := wrongFields(err); ok {
		return s.renderPerson(w, r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.person", "Name", s.Words(r).Name(p.Name)))
	http.Redirect(w, r, "/people/"+string(id), http.StatusSeeOther)
	return nil
}

func (s *Room) renderPerson(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []proposal.FieldError) error {
	words := s.Words(r)
	p := &personPage{Frame: kit.Frame{Title: words.T("people.new"), Section: "people"}, New: r.PathValue("person") == ""}
	path := "/people/new"
	if !p.New {
		one, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
		if err != nil {
			return err
		}
		waiting, err := s.store.WithoutPassword(r.Context())
		if err != nil {
			return err
		}
		path = "/people/" + string(one.ID)
		p.Title, p.State = words.Name(one.Name), accountState(words, one, waiting)
		if one.Active {
			p.Link = path + "/link"
			if s.mail {
				p.Email = one.Email
			}
		}
		if one.SecondFactor && one.ID != kit.OfficerOf(r).ID {
			p.Factors = path + "/second-factor"
		}
		if p.Provider = s.ProviderName(r); p.Provider != "" && one.Active {
			there, err := s.store.AtProvider(r.Context(), one.ID)
			if err != nil {
				return err
			}
			p.AtThere, p.There = path+"/provider", thereWords(words, there)
			if there != nil && !typed.Has("username") {
				typed.Set("username", there.Username)
			}
		}
		if err := s.heldBy(r, one, p); err != nil {
			return err
		}
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	var units, fields []kit.Choice
	for _, d := range divisions {
		choice := kit.Choice{Value: string(d.Code), Name: words.Name(d.Name)}
		if d.ClosedOn.IsZero() || typed.Get("division") == choice.Value && typed.Get("active") == "" {
			units = append(units, choice)
		}
		if d.ClosedOn.IsZero() || slices.Contains(typed["field"], choice.Value) {
			fields = append(fields, choice)
		}
	}
	p.Form = &kit.Form{
		Kind: "person", Path: path, Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong),
		Choices: map[string][]kit.Choice{"division": units, "field": fields, "roles": kit.Choices(words, "role.", proposal.Roles)},
	}
	return s.Render(w, r, status, p)
}
