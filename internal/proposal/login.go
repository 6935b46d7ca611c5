package proposal

import (
	"slices"
	"strings"
)

// Login says what the bureau takes from the house's own provider of logins (统一身份认证), if people come in by one (ours; ADR 0021).
type Login struct {
	Name          string       `json:"name,omitempty" yaml:"name,omitempty"`                     // as the login page calls the provider; "" for the usual word
	NameEN        string       `json:"name_en,omitempty" yaml:"name_en,omitempty"`               //
	NoPasswords   bool         `json:"no_passwords,omitempty" yaml:"no_passwords,omitempty"`     // passwords let in administrators alone
	Groups        []GroupRoles `json:"groups,omitempty" yaml:"groups,omitempty"`                 // if there are any, roles follow them at each login
	MakesAccounts bool         `json:"makes_accounts,omitempty" yaml:"makes_accounts,omitempty"` // who is in one of them and has no account gets one
	Factors       []string     `json:"factors,omitempty" yaml:"factors,flow,omitempty"`          // values of acr or amr that stand for a second factor
}

// GroupRoles is what the members of a group of the provider's are in the bureau.
type GroupRoles struct {
	Group    string     `json:"group" yaml:"group"`
	Roles    []Role     `json:"roles" yaml:"roles,flow"`
	Division DivisionID `json:"division,omitempty" yaml:"division,omitempty"` // in which they work; "": the account says it
}

// MaxGroups is how many groups may be given roles.
const MaxGroups = 200

// Of is what the groups make of somebody who is in them: all roles of all of them, and the division of the first, as the bureau has put them, that names one.
// No roles: none of the groups gives any.
func (l Login) Of(groups []string) (roles []Role, division DivisionID) {
	for _, g := range l.Groups {
		if !slices.Contains(groups, g.Group) {
			continue
		}
		roles = append(roles, g.Roles...)
		if division == "" {
			division = g.Division
		}
	}
	given := slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !slices.Contains(roles, r) })
	return given, division
}

// Stand reports whether one of the values stands for a second factor.
func (l Login) Stand(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(l.Factors, v) })
}

// check finds what is wrong with it. Whether the divisions exist only the record knows.
func (l Login) check(c *checker) {
	c.text("login_name", l.Name, false, MaxLine)
	c.text("login_name_en", l.NameEN, false, MaxLine)
	line := func(text string) bool {
		return strings.TrimSpace(text) == text && text != "" && len([]rune(text)) <= MaxLine && !strings.ContainsAny(text, "\n\x00")
	}
	wrong := func(g GroupRoles) bool {
		return !line(g.Group) || len(g.Roles) == 0 || slices.ContainsFunc(g.Roles, func(r Role) bool { return !slices.Contains(Roles, r) })
	}
	switch i := slices.IndexFunc(l.Groups, wrong); {
	case len(l.Groups) > MaxGroups:
		*c = append(*c, FieldError{Field: "groups", Code: TooManyEntries, Max: MaxGroups})
	case i >= 0:
		*c = append(*c, FieldError{Field: "groups", Code: FieldMalformed, Max: i + 1}) // which of them
	case l.MakesAccounts && len(l.Groups) == 0:
		c.add("groups", FieldRequired)
	}
	if slices.ContainsFunc(l.Factors, func(f string) bool { return !line(f) }) || len(l.Factors) > MaxGroups {
		c.add("factors", FieldMalformed)
	}
}
