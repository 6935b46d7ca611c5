package api

import (
	"cmp"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// PersonRow is somebody with an account, as the administrators see them.
type PersonRow struct {
	ID       proposal.PersonID     `json:"id"`
	Login    string                `json:"login"`
	Name     string                `json:"name"`
	NameEN   string                `json:"name_en,omitempty"`
	Phone    string                `json:"phone,omitempty"`
	Email    string                `json:"email,omitempty"`
	Division proposal.DivisionID   `json:"division,omitempty"`
	Roles    []proposal.Role       `json:"roles"`
	Field    []proposal.DivisionID `json:"field"`  // the divisions that a leader in charge answers for
	Active   bool                  `json:"active"` // false: they have left
}

// PeopleList is everybody with an account.
type PeopleList struct {
	Items []PersonRow `json:"items"`
}

// NewPerson adds an account, or changes the one with the login: what it does not say stays as it is, and "" empties. Nobody can log in before a link for a
// password was used.
type NewPerson struct {
	Login    string                `json:"login"`
	Name     string                `json:"name,omitempty"`
	NameEN   *string               `json:"name_en,omitempty"`
	Phone    *string               `json:"phone,omitempty"`
	Email    *string               `json:"email,omitempty"`
	Division *proposal.DivisionID  `json:"division,omitempty"`
	Roles    []proposal.Role       `json:"roles,omitempty"`
	Field    []proposal.DivisionID `json:"field,omitempty"`
	Active   *bool                 `json:"active,omitempty"`
}

// PasswordLink is the address behind which somebody chooses a password, once.
type PasswordLink struct {
	Address string    `json:"address"`
	Until   time.Time `json:"until"`
}

func (s *Room) peopleList(call *Call, _ nothing) (PeopleList, error) {
	list := PeopleList{Items: []PersonRow{}}
	if err := administers(call); err != nil {
		return list, err
	}
	all, err := s.store.People(call.Context())
	for _, p := range all {
		list.Items = append(list.Items, personRow(p))
	}
	return list, err
}

func personRow(p store.Person) PersonRow {
	return PersonRow{
		p.ID, p.Login, p.Name.ZH, p.Name.EN, p.Phone, p.Email, p.Division, append([]proposal.Role{}, p.Roles...), append([]proposal.DivisionID{}, p.Field...), p.Active,
	}
}

func (s *Room) personSave(call *Call, in NewPerson) (row PersonRow, err error) {
	if err := administers(call); err != nil {
		return row, err
	}
	p, err := s.store.PersonByLogin(call.Context(), in.Login)
	if kit.Refused(err, proposal.NotFound) {
		p, err = store.Person{Login: in.Login, Active: true}, nil
	}
	if err != nil {
		return row, err
	}
	p.Name = store.Name{ZH: cmp.Or(in.Name, p.Name.ZH), EN: saidOr(in.NameEN, p.Name.EN)}
	p.Phone, p.Email, p.Division = saidOr(in.Phone, p.Phone), saidOr(in.Email, p.Email), saidOr(in.Division, p.Division)
	if in.Roles != nil {
		p.Roles = in.Roles
	}
	if in.Field != nil {
		p.Field = in.Field
	}
	if in.Active != nil {
		p.Active = *in.Active
	}
	err = s.store.Edit(call.Context(), call.who.ID, func(e *store.Edit) (err error) {
		p.ID, err = e.SavePerson(call.Context(), p)
		return err
	})
	if err != nil {
		return row, err
	}
	p, err = s.store.Person(call.Context(), p.ID)
	return personRow(p), err
}

// saidOr is what is said, also that there is nothing; what was, where nothing is said.
func saidOr[T ~string](said *T, was T) T {
	if said != nil {
		return *said
	}
	return was
}

func (s *Room) passwordLinkCreate(call *Call, _ nothing) (link PasswordLink, err error) {
	if err := administers(call); err != nil {
		return link, err
	}
	err = s.store.Edit(call.Context(), call.who.ID, func(e *store.Edit) error {
		secret, until, err := e.NewPasswordLink(call.Context(), proposal.PersonID(call.PathValue("id")))
		link = PasswordLink{s.Site(call.Request) + "/password/" + secret, until}
		return err
	})
	return link, err
}
