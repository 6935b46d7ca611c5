package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"gopkg.in/yaml.v3"
)

//go:embed data
var files embed.FS

// Password is everybody's in the demonstration bureau.
const Password = "banli2026"

// Account is somebody whom a visitor may log in as.
type Account struct {
	Login string
	Name  string
	Title string // what the person does, in both languages
}

// Accounts lists one account for each role.
func Accounts() []Account {
	var accounts []Account
	for _, p := range staff().People {
		if p.Title != "" {
			accounts = append(accounts, Account{p.Login, p.Name, p.Title})
		}
	}
	return accounts
}

// bureau is who works where.
type bureau struct {
	Bureau    proposal.Bureau `yaml:"bureau"`
	Divisions []struct {
		Code proposal.DivisionID `yaml:"code"`
		Name string              `yaml:"zh"`
		EN   string              `yaml:"en"`
	} `yaml:"divisions"`
	People []person `yaml:"people"`
}

type person struct {
	Login    string                `yaml:"login"`
	Name     string                `yaml:"zh"`
	EN       string                `yaml:"en"`
	Division proposal.DivisionID   `yaml:"division"`
	Roles    []proposal.Role       `yaml:"roles"`
	Field    []proposal.DivisionID `yaml:"field"`
	Phone    string                `yaml:"phone"`
	Title    string                `yaml:"title"`
}

var staff = sync.OnceValue(func() bureau {
	var b bureau
	read("data/bureau.yaml", &b)
	return b
})

// read decodes one of the embedded files; a wrong one is a defect of the program.
func read(path string, into any) {
	data, err := files.ReadFile(path)
	if err == nil {
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		err = dec.Decode(into)
	}
	if err != nil {
		panic(fmt.Errorf("%s: %w", path, err))
	}
}

// found makes the divisions and people that are not there yet, and returns everybody's id by login. Who is there stays as
// an administrator may have changed them.
func (b bureau) found(ctx context.Context, s *store.Store) (map[string]proposal.PersonID, error) {
	divisions, err := s.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	for i, d := range b.Divisions {
		if slices.ContainsFunc(divisions, func(known store.Division) bool { return known.Code == d.Code }) {
			continue
		}
		division := store.Division{Code: d.Code, Name: store.Name{ZH: d.Name, EN: d.EN}, Sort: i}
		if err := s.UpsertDivision(ctx, division); err != nil {
			return nil, err
		}
	}
	people, err := s.People(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]proposal.PersonID{}
	for _, p := range people {
		ids[p.Login] = p.ID
	}
	for _, p := range b.People {
		if ids[p.Login] != "" {
			continue
		}
		ids[p.Login], err = s.UpsertPerson(ctx, store.Person{
			Person: proposal.Person{Roles: p.Roles, Division: p.Division, Field: p.Field},
			Login:  p.Login, Name: store.Name{ZH: p.Name, EN: p.EN}, Phone: p.Phone, Active: true,
			Email: p.Login + "@banli.example", // a domain that no mail leaves for
		}, Password)
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (b bureau) person(login string) person {
	return b.who(func(p person) bool { return p.Login == login })
}

// head is who heads the division.
func (b bureau) head(d proposal.DivisionID) person {
	return b.who(func(p person) bool { return p.Division == d && slices.Contains(p.Roles, proposal.DivisionHead) })
}

// leaderInCharge is the leader in whose field the division lies.
func (b bureau) leaderInCharge(d proposal.DivisionID) person {
	return b.who(func(p person) bool { return slices.Contains(p.Field, d) })
}

// holding is the first who holds the role.
func (b bureau) holding(r proposal.Role) person {
	return b.who(func(p person) bool { return slices.Contains(p.Roles, r) })
}

func (b bureau) who(fits func(person) bool) person {
	if i := slices.IndexFunc(b.People, fits); i >= 0 {
		return b.People[i]
	}
	panic("the demonstration bureau lacks somebody whom a case needs")
}

func (b bureau) divisionName(code proposal.DivisionID) string {
	for _, d := range b.Divisions {
		if d.Code == code {
			return d.Name
		}
	}
	panic("no division " + string(code))
}
