package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
)

// Division is a division of the bureau (处室).
type Division struct {
	Code proposal.DivisionID
	Name Name
	Sort int
}

// Person is somebody who works in the bureau.
type Person struct {
	proposal.Person
	Login        string
	Name         Name
	Phone        string
	DivisionName Name // read only
	Active       bool // may log in and act
}

// UpsertDivision makes or changes the division with that code.
func (s *Store) UpsertDivision(ctx context.Context, d Division) error { return errNotYet }

// Divisions lists the divisions in their order.
func (s *Store) Divisions(ctx context.Context) ([]Division, error) { return nil, errNotYet }

// UpsertPerson makes or changes the person with that login and returns the id, which never changes. An empty id makes a
// new one; an empty password leaves the old, or makes an account that nobody can log in to.
func (s *Store) UpsertPerson(ctx context.Context, p Person, password string) (proposal.PersonID, error) {
	return "", errNotYet
}

// Person reads a person by id, active or not.
func (s *Store) Person(ctx context.Context, id proposal.PersonID) (Person, error) {
	return Person{}, errNotYet
}

// PersonByLogin reads a person by login, active or not. Case does not matter.
func (s *Store) PersonByLogin(ctx context.Context, login string) (Person, error) {
	return Person{}, errNotYet
}

// People lists everybody, by division and name.
func (s *Store) People(ctx context.Context) ([]Person, error) { return nil, errNotYet }
