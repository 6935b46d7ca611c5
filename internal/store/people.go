package store

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/password"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Division is a division of the bureau (处室).
type Division struct {
	Code  proposal.DivisionID
	Name  Name
	Sort  int
	Phone string // that replies name, for whoever has none of their own; "": none

	ClosedOn    calendar.Date       // zero: it is at work
	TakenOverBy proposal.DivisionID // "": it had nothing to take over
}

// Person is somebody who works in the bureau.
type Person struct {
	proposal.Person
	Login        string
	Name         Name
	Phone        string
	Email        string   // "": none, or unknown
	DivisionName Name     // read only
	Display      *Display // read only: how they want pages drawn; nil if they never said
	Active       bool     // may log in and act
	PasswordMark string   // read only: another with every password, every change of their second factors and of who they are at the provider; "" if they have none of them
	HasPassword  bool     // read only
	AtProvider   bool     // read only: it is known who they are at the house's own provider of logins
	SecondFactor bool     // read only: they prove who they are by more than the password
	Proof        string   // of whoever is logged in: the proof of who they are that was made shortly before; "" for none
}

// AtWork are the divisions that are not closed.
func AtWork(divisions []Division) []Division {
	return slices.DeleteFunc(slices.Clone(divisions), func(d Division) bool { return !d.ClosedOn.IsZero() })
}

// UpsertDivision is [Edit.UpsertDivision] by itself, from the command line.
func (s *Store) UpsertDivision(ctx context.Context, d Division) error {
	return s.Edit(ctx, "", func(e *Edit) error { return e.UpsertDivision(ctx, d) })
}

// UpsertDivision makes or changes the division with that code.
func (e *Edit) UpsertDivision(ctx context.Context, d Division) error {
	_, err := e.tx.Exec(ctx, `
		insert into divisions (code, name, name_en, sort, phone) values ($1, $2, $3, $4, $5)
		on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, sort = excluded.sort, phone = excluded.phone`,
		d.Code, d.Name.ZH, d.Name.EN, d.Sort, d.Phone)
	return err
}

// Divisions lists the divisions in their order, the closed ones last.
func (s *Store) Divisions(ctx context.Context) ([]Division, error) {
	all, err := divisions(ctx, s.pool)
	return all, edge(err)
}

func divisions(ctx context.Context, in interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
},
) ([]Division, error) {
	rows, err := in.Query(ctx, `
		select code, name, name_en, sort, phone, closed_on, coalesce(taken_over_by, '') from divisions order by closed_on is not null, sort, code`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Division, err error) {
		return d, row.Scan(&d.Code, &d.Name.ZH, &d.Name.EN, &d.Sort, &d.Phone, &d.ClosedOn, &d.TakenOverBy)
	})
}

// UpsertPerson is [Edit.UpsertPerson] by itself, from the command line.
func (s *Store) UpsertPerson(ctx context.Context, p Person, plain string) (id proposal.PersonID, err error) {
	err = s.Edit(ctx, "", func(e *Edit) error {
		id, err = e.UpsertPerson(ctx, p, plain)
		return err
	})
	return id, err
}

// UpsertPerson makes or changes the person with that login and returns the id, which never changes. An empty id makes a
// new one; an empty password leaves the old, or makes an account that nobody can log in to; an empty address leaves the old.
func (e *Edit) UpsertPerson(ctx context.Context, p Person, plain string) (proposal.PersonID, error) {
	id, err := parseID(p.ID)
	switch {
	case p.ID == "":
		id = proposal.PersonID(uuid.Must(uuid.NewV7()).String())
	case err != nil:
		return "", invalid("id", proposal.FieldMalformed)
	}
	if parsed, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || parsed.Address != p.Email) {
		return "", invalid("email", proposal.FieldMalformed)
	}
	hash := ""
	if plain != "" {
		hash = password.Hash(plain)
	}
	err = e.tx.QueryRow(ctx, `
		insert into people (id, login, name, name_en, phone, division, roles, field, active, password_hash, email)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (login) do update set
			name = excluded.name, name_en = excluded.name_en, phone = excluded.phone, division = excluded.division,
			roles = excluded.roles, field = excluded.field, active = excluded.active,
			email = case when excluded.email = '' then people.email else excluded.email end,
			password_hash = case when excluded.password_hash = '' then people.password_hash else excluded.password_hash end
		returning id::text`,
		id, foldLogin(p.Login), p.Name.ZH, p.Name.EN, p.Phone, orNull(p.Division), notNil(p.Roles), notNil(p.Field),
		p.Active, hash, p.Email).Scan(&id)
	if err == nil && plain != "" {
		err = endTokens(ctx, e.tx, id, e.now)
	}
	return id, err
}

// endTokens revokes the tokens of somebody who has a new password: whoever had the old one may have made them.
func endTokens(ctx context.Context, tx pgx.Tx, person proposal.PersonID, now time.Time) error {
	_, err := tx.Exec(ctx, `update api_tokens set revoked_at = $2 where person = $1 and revoked_at is null`, person, now)
	return err
}

func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// DeputyAccount is the account under which deputies rate, by one-time link. Nobody can log in to it; it is in no list of people
// to choose from.
const DeputyAccount proposal.PersonID = "00000000-0000-4000-8000-00000000da1b"

// selectPeople is given the day as $1. Covers are for every case; those for one case come with it: Case.As.
const selectPeople = `
	select p.id::text, p.login, p.name, p.name_en, p.phone, p.email, coalesce(p.division, ''), coalesce(d.name, ''),
		coalesce(d.name_en, ''), p.roles, p.field, ` + tookOfP + `, p.active, ` + coversOn + `, s.display,
		case when p.password_hash = '' and f.ids is null and l.subject is null then '' else encode(sha256(convert_to(concat(p.password_hash, f.ids, l.issuer, l.subject), 'UTF8')), 'hex') end,
		p.password_hash <> '', l.subject is not null, f.ids is not null
	from people p left join divisions d on d.code = p.division left join people_settings s on s.person = p.id left join provider_logins l on l.person = p.id
	cross join lateral (select string_agg(id::text, ' ' order by id) as ids from second_factors where person = p.id and way <> 'recovery') f
	cross join (select null::uuid as case_id, $1::date as today) q `

func scanPerson(row pgx.CollectableRow) (p Person, err error) {
	err = row.Scan(&p.ID, &p.Login, &p.Name.ZH, &p.Name.EN, &p.Phone, &p.Email, &p.Division, &p.DivisionName.ZH,
		&p.DivisionName.EN, &p.Roles, &p.Field, &p.Took, &p.Active, &p.Covers, &p.Display, &p.PasswordMark, &p.HasPassword, &p.AtProvider, &p.SecondFactor)
	p.Person = p.Covering(p.Covers)
	return p, err
}

// people reads those whom more chooses; it is given the day as $1 and arg as $2.
func (s *Store) people(ctx context.Context, more string, arg any) ([]Person, error) {
	rows, err := s.pool.Query(ctx, selectPeople+more, calendar.DateOf(s.Now()), arg)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, scanPerson)
	return all, edge(err)
}

func (s *Store) person(ctx context.Context, where string, arg any) (Person, error) {
	rows, err := s.pool.Query(ctx, selectPeople+where, calendar.DateOf(s.Now()), arg)
	if err != nil {
		return Person{}, edge(err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanPerson)
	return p, edge(err)
}

// Person reads a person by id, active or not.
func (s *Store) Person(ctx context.Context, id proposal.PersonID) (Person, error) {
	id, err := parseID(id)
	if err != nil {
		return Person{}, err
	}
	return s.person(ctx, `where p.id = $2`, id)
}

// PersonByLogin reads a person by login, active or not. Upper and lower case are the same.
func (s *Store) PersonByLogin(ctx context.Context, login string) (Person, error) {
	return s.person(ctx, `where p.login = $2`, foldLogin(login))
}

// AccountUse is when an account was last used, and what works as long as it is open.
type AccountUse struct {
	LastLogin time.Time // zero: not in the last half year
	Covers    int       // that the person gave or was given, and that have not ended
	Link      *PasswordLink
}

// PasswordLink is a link that was made for somebody and that they have not used.
type PasswordLink struct {
	Until time.Time        // UTC
	To    string           // the address that it was made for; "" for one that an administrator hands over
	Mail  outbox.MailState // of its mail; "" for none, or none any more
}

// AccountUse reads it for a person.
func (s *Store) AccountUse(ctx context.Context, person proposal.PersonID) (u AccountUse, err error) {
	if person, err = parseID(person); err != nil {
		return u, err
	}
	err = s.pool.QueryRow(ctx, `
		select (select max(last_at) from browsers where person = $1),
			(select count(*) from proxies where $1 in (principal, proxy) and revoked_at is null and to_date >= $2)`,
		person, calendar.DateOf(s.Now())).Scan(instant{&u.LastLogin}, &u.Covers)
	if err != nil {
		return u, edge(err)
	}
	var link PasswordLink
	err = s.pool.QueryRow(ctx, `
		select l.expires_at, l.sent_to, coalesce(m.state, '') from password_links l
		left join mails m on m.link and m.person = l.person and m.made_at = l.made_at where l.person = $1 and l.expires_at > $2`,
		person, s.Now().UTC()).Scan(instant{&link.Until}, &link.To, &link.Mail)
	if err == nil {
		u.Link = &link
	}
	return u, edge(optional(err))
}

// People lists everybody who works in the bureau or the assembly: divisions in the office's order, names by 拼音.
func (s *Store) People(ctx context.Context) ([]Person, error) {
	return s.people(ctx, `where p.id <> $2 order by d.sort nulls first, p.name collate zh, p.login`, DeputyAccount)
}
