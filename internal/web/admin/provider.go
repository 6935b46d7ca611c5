package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// thereWords say as whom somebody came in by the provider; "" for who has not.
func thereWords(words *locale.Words, there *store.AtProvider) string {
	if there == nil || there.LinkedAt.IsZero() {
		return ""
	}
	said := words.T("person.there", "Username", there.Username, "When", words.Moment(there.LinkedAt))
	if !there.UsedAt.IsZero() {
		said += words.T("second.used", "When", words.Moment(there.UsedAt))
	}
	return said
}

// PersonAtProvider keeps as whom somebody is expected at the provider, or takes away whom they are there.
func (s *Room) PersonAtProvider(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	one, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	username := strings.TrimSpace(r.PostForm.Get("username"))
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.ExpectAtProvider(r.Context(), one.ID, username) })
	if fields, ok := wrongFields(err); ok {
		typed := typedOfPerson(one)
		typed.Set("username", username)
		return s.renderPerson(w, r, http.StatusUnprocessableEntity, typed, fields)
	}
	if kit.Refused(err, proposal.NotFound) { // pressed twice, or they have come in meanwhile: the page says how it is
		err = nil
	}
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.person", "Name", s.Words(r).Name(one.Name)))
	http.Redirect(w, r, "/people/"+string(one.ID), http.StatusSeeOther)
	return nil
}

// loginPage is what the bureau takes from the provider, to be changed.
type loginPage struct {
	kit.Frame
	Form      *kit.Form
	None      bool // there is no provider: nobody can say what to take from it
	Away      string
	MaxGroups int
}

func (*loginPage) Template() string { return "bureau_login.html" }

// loginFields are the fields of the page in their order.
var loginFields = []string{"login_name", "login_name_en", "no_passwords", "groups", "makes_accounts", "factors"}

// LoginRulesShow draws the page.
func (s *Room) LoginRulesShow(w http.ResponseWriter, r *http.Request) error {
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	words, login := s.Words(r), bureau.Login
	typed := url.Values{
		"login_name": {login.Name}, "login_name_en": {login.NameEN}, "groups": {groupLines(words, divisions, login.Groups)}, "factors": {strings.Join(login.Factors, " ")},
	}
	for field, ticked := range map[string]bool{"no_passwords": login.NoPasswords, "makes_accounts": login.MakesAccounts} {
		if ticked {
			typed.Set(field, "1")
		}
	}
	return s.renderLoginRules(w, r, http.StatusOK, typed, nil)
}

// LoginRulesSave keeps it. What is wrong is said beside the field.
func (s *Room) LoginRulesSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	if s.Provider == nil {
		return kit.ErrNotFound
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	form := r.PostForm
	text := func(field string) string { return strings.TrimSpace(form.Get(field)) }
	groups, line, code := groupsOf(s.vocabulary(divisions), form.Get("groups"))
	bureau.Login = proposal.Login{
		Name: text("login_name"), NameEN: text("login_name_en"), NoPasswords: form.Has("no_passwords"), Groups: groups, MakesAccounts: form.Has("makes_accounts"),
		Factors: strings.Fields(form.Get("factors")),
	}
	wrong := bureau.Check()
	if line > 0 {
		wrong = []proposal.FieldError{{Field: "groups", Code: code, Max: line}}
	}
	wrong = slices.DeleteFunc(wrong, func(f proposal.FieldError) bool { return !slices.Contains(loginFields, f.Field) })
	if len(wrong) > 0 {
		return s.renderLoginRules(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	if err := s.store.SaveBureau(r.Context(), who.ID, bureau); err != nil {
		return err
	}
	s.BureauChanged()
	s.Flash(r, s.Words(r).T("flash.login"))
	http.Redirect(w, r, "/bureau/login", http.StatusSeeOther)
	return nil
}

func (s *Room) renderLoginRules(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []proposal.FieldError) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	p := &loginPage{
		Frame: kit.Frame{Title: words.T("bureau.login_title"), Section: "bureau"}, None: s.Provider == nil, MaxGroups: proposal.MaxGroups,
		Form: &kit.Form{Kind: "setup", Path: "/bureau/login", Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong)},
	}
	if s.Provider != nil && !s.Provider.Away().IsZero() {
		p.Away = words.Moment(s.Provider.Away())
	}
	return s.Render(w, r, status, p)
}

// groupsOf reads what groups give, one a line: the group, a bar, roles, and perhaps a bar and a division. line is that of the first that says nothing, from 1,
// and code what is wrong with it; 0 if all do.
func groupsOf(v vocabulary, lines string) (groups []proposal.GroupRoles, line int, code proposal.FieldCode) {
	at := 0
	for said := range strings.Lines(lines) {
		at++
		if strings.TrimSpace(said) == "" {
			continue
		}
		parts := strings.Split(strings.ReplaceAll(said, "｜", "|"), "|")
		if len(parts) < 2 || len(parts) > 3 {
			return nil, at, proposal.FieldMalformed
		}
		g := proposal.GroupRoles{Group: strings.TrimSpace(parts[0])}
		for _, name := range several(parts[1]) {
			role, known := v.roles[name]
			if !known {
				return nil, at, proposal.UnknownValue
			}
			g.Roles = append(g.Roles, role)
		}
		if len(parts) == 3 && strings.TrimSpace(parts[2]) != "" {
			known := false
			if g.Division, known = v.divisions[strings.TrimSpace(parts[2])]; !known {
				return nil, at, proposal.NotInBureau
			}
		}
		groups = append(groups, g)
	}
	return groups, 0, ""
}

// groupLines is groupsOf the other way round.
func groupLines(words *locale.Words, divisions []store.Division, groups []proposal.GroupRoles) string {
	var lines []string
	for _, g := range groups {
		line := g.Group + " | " + roleWords(words, g.Roles)
		if i := slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == g.Division }); i >= 0 {
			line += " | " + words.Name(divisions[i].Name)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
