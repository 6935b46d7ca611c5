package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Column is a column of the task list that may be shown or left out. What the case is about and when it is due are always shown.
type Column string

const (
	NumberColumn   Column = "number"
	DeputyColumn   Column = "deputy"
	NextColumn     Column = "next"
	WhyColumn      Column = "why"
	DivisionColumn Column = "division"
	StageColumn    Column = "stage"
	HandlerColumn  Column = "handler"
	AssignedColumn Column = "assigned"
	TouchedColumn  Column = "touched"
)

// Columns lists every column in the order of the table, DefaultColumns those that it has before anybody chooses.
var (
	Columns        = []Column{NumberColumn, DeputyColumn, DivisionColumn, StageColumn, HandlerColumn, AssignedColumn, TouchedColumn, NextColumn, WhyColumn}
	DefaultColumns = []Column{NumberColumn, DeputyColumn, NextColumn, WhyColumn}
)

// DeskSettings are how a person's list is drawn when no view says otherwise.
type DeskSettings struct {
	Columns []Column
	Sort    Sort // "": each box in its own order
}

// DeskSettings reads the person's settings, or those of somebody who never chose.
func (s *Store) DeskSettings(ctx context.Context, person proposal.PersonID) (DeskSettings, error) {
	d := DeskSettings{Columns: DefaultColumns}
	err := optional(s.pool.QueryRow(ctx, `select columns, sort from desk_settings where person = $1`, person).Scan(&d.Columns, &d.Sort))
	return d, edge(err)
}

// SaveDeskSettings keeps how the person wants the list drawn. Refusals: InvalidInput.
func (s *Store) SaveDeskSettings(ctx context.Context, person proposal.PersonID, d DeskSettings) error {
	if err := checkColumns(d.Columns); err != nil {
		return err
	}
	if d.Sort != "" && !slices.Contains(Sorts, d.Sort) {
		return invalid("sort", proposal.UnknownValue)
	}
	_, err := s.pool.Exec(ctx, `
		insert into desk_settings (person, columns, sort) values ($1, $2, $3)
		on conflict (person) do update set columns = excluded.columns, sort = excluded.sort`, person, notNil(d.Columns), d.Sort)
	return edge(err)
}

func checkColumns(columns []Column) error {
	for _, c := range columns {
		if !slices.Contains(Columns, c) {
			return invalid("columns", proposal.UnknownValue)
		}
	}
	return nil
}

// View is a saved list (视图).
type View struct {
	ID        string
	Owner     proposal.PersonID
	OwnerName Name // read only
	Name      string
	Division  proposal.DivisionID // whose people share it; "" for the owner's own
	Filter    TaskFilter
	Columns   []Column
	MadeAt    time.Time // read only
}

// MaxViewName is how long the name of a view may be, in characters: the rail shows it on one line.
const MaxViewName = 20

// maxViews is how many views one person may keep. The rail counts each of them every time.
const maxViews = 30

const selectViews = `
	select v.id::text, v.owner::text, p.name, p.name_en, v.name, coalesce(v.division, ''), v.filter, v.columns, v.made_at
	from views v join people p on p.id = v.owner `

func scanView(row pgx.CollectableRow) (v View, err error) {
	return v, row.Scan(&v.ID, &v.Owner, &v.OwnerName.ZH, &v.OwnerName.EN, &v.Name, &v.Division, &v.Filter, &v.Columns, instant{&v.MadeAt})
}

// Views lists the person's own views and those that are shared in their division, the oldest first.
func (s *Store) Views(ctx context.Context, p proposal.Person) ([]View, error) {
	rows, err := s.pool.Query(ctx, selectViews+`where v.owner = $1 or v.division = any (with_taken_over($2)) order by v.made_at, v.id`, p.ID, orNull(p.Division))
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, scanView)
	return all, edge(err)
}

// View reads a view that the person may use; NotFound if it is neither theirs nor shared with them.
func (s *Store) View(ctx context.Context, p proposal.Person, id string) (View, error) {
	id, err := parseID(id)
	if err != nil {
		return View{}, err
	}
	rows, err := s.pool.Query(ctx, selectViews+`where v.id = $3 and (v.owner = $1 or v.division = any (with_taken_over($2)))`, p.ID, orNull(p.Division), id)
	if err != nil {
		return View{}, edge(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, scanView)
	return v, edge(err)
}

// SaveView makes a view of the person's, or changes its name, what it lists and with whom it is shared. The id is the caller's
// to make: the same view saved twice is one. Refusals: InvalidInput; Forbidden for the view of another, and for sharing with a division that
// one does not belong to.
func (s *Store) SaveView(ctx context.Context, by proposal.Person, v View) error {
	id, err := parseActionID(v.ID)
	if err != nil {
		return err
	}
	v.Name = strings.TrimSpace(v.Name)
	switch {
	case v.Name == "":
		return invalid("name", proposal.FieldRequired)
	case utf8.RuneCountInString(v.Name) > MaxViewName:
		return invalid("name", proposal.FieldTooLong)
	case v.Division != "" && v.Division != by.Division:
		return &proposal.Refusal{Code: proposal.Forbidden}
	}
	if err := errors.Join(v.Filter.check(), checkColumns(v.Columns)); err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `
		insert into views (id, owner, name, division, filter, columns, made_at)
		select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from views where owner = $2 and id <> $1) < $8
		on conflict (id) do update set name = excluded.name, division = excluded.division, filter = excluded.filter, columns = excluded.columns
		where views.owner = excluded.owner`,
		id, by.ID, v.Name, orNull(v.Division), v.Filter, notNil(v.Columns), s.Now().UTC(), maxViews)
	if violation := (*pgconn.PgError)(nil); errors.As(err, &violation) && violation.ConstraintName == "views_name" {
		return invalid("name", proposal.NameTaken)
	}
	if err == nil && tag.RowsAffected() == 0 {
		return s.whyNotSaved(ctx, by, id)
	}
	return edge(err)
}

func (s *Store) whyNotSaved(ctx context.Context, by proposal.Person, id string) error {
	var others bool
	if err := s.pool.QueryRow(ctx, `select exists (select from views where id = $1 and owner <> $2)`, id, by.ID).Scan(&others); err != nil {
		return edge(err)
	}
	if others {
		return &proposal.Refusal{Code: proposal.Forbidden}
	}
	return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "name", Code: proposal.TooManyEntries, Max: maxViews}}}
}

// MayRemoveView reports whether the person may take the view away: whoever made it, and the head of the division that shares it.
func MayRemoveView(by proposal.Person, v View) bool {
	return v.Owner == by.ID || v.Division != "" && v.Division == by.Division && by.Has(proposal.DivisionHead)
}

// RemoveView takes a view away; what is gone already stays so. Refusals: Forbidden with By, its owner.
func (s *Store) RemoveView(ctx context.Context, by proposal.Person, id string) error {
	v, err := s.View(ctx, by, id)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == proposal.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if !MayRemoveView(by, v) {
		return &proposal.Refusal{Code: proposal.Forbidden, By: v.Owner}
	}
	_, err = s.pool.Exec(ctx, `delete from views where id = $1`, v.ID)
	return edge(err)
}
