package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// What is told of logins by the house's own provider (统一身份认证), besides that somebody came in.
const (
	NotThere     LoginEvent = "no_account"    // the provider knows them, and nobody here is they
	HasLeft      LoginEvent = "left"          // they are somebody who may not log in any more
	NoGroups     LoginEvent = "no_groups"     // the provider said nothing of groups, which their roles follow
	OutOfGroups  LoginEvent = "out_of_groups" // none of their groups gives a role any more: the account is closed
	LastStays    LoginEvent = "last_admin"    // by their groups no administrator who can log in would be left: nothing is changed
	GroupsMisfit LoginEvent = "groups_misfit" // what their groups give is no account that can be, such as a handler's without a division
	NotConfirmed LoginEvent = "not_confirmed" // the provider turned them away, or what came back was no answer to what was asked
	EndedThere   LoginEvent = "ended_there"   // the provider ended the session from which they had come in
)

// AtProvider is who somebody is at the provider.
type AtProvider struct {
	Username string
	LinkedAt time.Time // UTC; zero: they are expected there under that name and have not come in yet
	UsedAt   time.Time // UTC; zero: never
}

// AtProvider reads it for a person; nil if nothing is known.
func (s *Store) AtProvider(ctx context.Context, person proposal.PersonID) (*AtProvider, error) {
	var a AtProvider
	err := s.pool.QueryRow(ctx, `select username, linked_at, used_at from provider_logins where person = $1`, person).
		Scan(&a.Username, instant{&a.LinkedAt}, instant{&a.UsedAt})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &a, edge(err)
}

// BrowserPerson is who logged in last with the browser; "" for nobody.
func (s *Store) BrowserPerson(ctx context.Context, browser string) (person proposal.PersonID, err error) {
	err = s.pool.QueryRow(ctx, `select person::text from browsers where sha256 = $1`, secretHash(browser)).Scan(&person)
	return person, edge(optional(err))
}

// TellAtProvider keeps what became of a login by the provider, with the name by which it calls them. person is "" for whom nobody here is; of them it keeps
// from one address, and of one name, five in a quarter of an hour: strangers do not fill the record.
func (s *Store) TellAtProvider(ctx context.Context, person proposal.PersonID, what LoginEvent, username, from string) error {
	by := person
	if what != CameIn {
		by = ""
	}
	if person == "" {
		if made, _, err := s.takeTry(ctx, noLogin, "provider "+from+" "+username); err != nil || made > loginTries {
			return edge(err)
		}
	}
	_, err := s.pool.Exec(ctx, `
		select tell_staff('login', $1, null, jsonb_strip_nulls(jsonb_build_object('came', $2::text, 'way', 'provider', 'username', nullif($3::text, ''), 'from', $4::text)), $5)`,
		person, what, username, from, orNull(by))
	return edge(err)
}

// ExpectAtProvider keeps under which name the provider will say that the person has come, as an administrator knows it. "" takes away whatever is known of them
// there, and with it their sessions. It refuses another name for somebody who has come in, and one that is expected of somebody else.
func (e *Edit) ExpectAtProvider(ctx context.Context, person proposal.PersonID, username string) error {
	person, err := parseID(person)
	if err != nil || person == DeputyAccount {
		return errNotFound
	}
	if username == "" {
		err := e.tx.QueryRow(ctx, `delete from provider_logins where person = $1 returning username`, person).Scan(&username)
		if err != nil {
			return err
		}
		return e.tellProvider(ctx, person, "removed", username)
	}
	if len([]rune(username)) > proposal.MaxLine {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "username", Code: proposal.FieldTooLong, Max: proposal.MaxLine}}}
	}
	tag, err := e.tx.Exec(ctx, `
		insert into provider_logins (person, username) select id, $2 from people where id = $1
		on conflict (person) do update set username = excluded.username where provider_logins.subject is null`, person, username)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return e.tellProvider(ctx, person, "expected", username)
}

// LinkAtProvider keeps that the person, who is logged in here, is this one there; false if that one is somebody else here, or the person somebody else there.
func (s *Store) LinkAtProvider(ctx context.Context, person proposal.PersonID, who identity.Provided) (linked bool, err error) {
	name := cmp.Or(who.Username, who.Subject)
	err = s.Edit(ctx, person, func(e *Edit) error {
		if _, err := e.lockAtProvider(ctx, who); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		tag, err := e.tx.Exec(ctx, `
			insert into provider_logins (person, username, issuer, subject, linked_at) values ($1, $2, $3, $4, $5)
			on conflict (person) do update set username = excluded.username, issuer = excluded.issuer, subject = excluded.subject, linked_at = excluded.linked_at
				where provider_logins.subject is null`, person, name, who.Issuer, who.Subject, e.now)
		if linked = err == nil && tag.RowsAffected() == 1; !linked {
			return err
		}
		return e.tellProvider(ctx, person, "linked", name)
	})
	return linked, err
}

func (e *Edit) tellProvider(ctx context.Context, person proposal.PersonID, did, username string) error {
	_, err := e.tx.Exec(ctx, `select tell_staff('provider', $1, null, jsonb_build_object('person', $1::text, 'did', $2::text, 'username', $3::text), $4)`,
		person, did, username, orNull(e.by))
	return err
}

// lockAtProvider is who here is this one there, while nobody else comes in as they; pgx.ErrNoRows for nobody.
func (e *Edit) lockAtProvider(ctx context.Context, who identity.Provided) (person proposal.PersonID, err error) {
	if _, err := e.tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 60))`, who.Issuer+" "+who.Subject); err != nil {
		return "", err
	}
	err = e.tx.QueryRow(ctx, `select person::text from provider_logins where issuer = $1 and subject = $2`, who.Issuer, who.Subject).Scan(&person)
	return person, err
}

// PersonAtProvider is who here is this one there; "" for nobody.
func (s *Store) PersonAtProvider(ctx context.Context, who identity.Provided) (person proposal.PersonID, err error) {
	err = s.pool.QueryRow(ctx, `select person::text from provider_logins where issuer = $1 and subject = $2`, who.Issuer, who.Subject).Scan(&person)
	return person, edge(optional(err))
}

// EnterByProvider is whoever comes in by the provider. Known is who once came in as this one there; the first time it is whom an administrator expects under that
// name. Where roles follow groups, they do so now: who is in none any more is let in no more and their account is closed, so that what they had goes back; an
// account that is wanted again an administrator opens. Anything but CameIn says why nobody is let in, and is told; person is then whom it was about, if anybody.
func (s *Store) EnterByProvider(ctx context.Context, who identity.Provided, from string) (person Person, what LoginEvent, err error) {
	bureau, err := s.Bureau(ctx, calendar.Date{})
	if err != nil {
		return Person{}, "", err
	}
	var id proposal.PersonID
	err = s.Edit(ctx, "", func(e *Edit) (err error) {
		id, what, err = e.arrive(ctx, who, bureau.Login)
		return err
	})
	var refusal *proposal.Refusal
	switch {
	case errors.As(err, &refusal) && slices.ContainsFunc(refusal.Fields, func(f proposal.FieldError) bool { return f.Code == proposal.LastAdministrator }):
		what, err = LastStays, nil
	case errors.As(err, &refusal) && refusal.Code == proposal.InvalidInput:
		s.Log.WarnContext(ctx, "what the groups of somebody give is no account", "username", who.Username, "groups", who.Groups, "err", err)
		what, err = GroupsMisfit, nil
	case err != nil:
		return Person{}, "", err
	}
	if what != CameIn {
		return Person{Person: proposal.Person{ID: id}}, what, s.TellAtProvider(ctx, id, what, cmp.Or(who.Username, who.Subject), from)
	}
	person, err = s.Person(ctx, id)
	return person, what, err
}

func (e *Edit) arrive(ctx context.Context, who identity.Provided, login proposal.Login) (proposal.PersonID, LoginEvent, error) {
	id, err := e.lockAtProvider(ctx, who)
	if errors.Is(err, pgx.ErrNoRows) {
		err = e.tx.QueryRow(ctx, `
			update provider_logins l set issuer = $2, subject = $3, linked_at = $4 from people p
			where p.id = l.person and p.active and l.subject is null and l.username = $1 returning l.person::text`, who.Username, who.Issuer, who.Subject, e.now).Scan(&id)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return e.arriveNew(ctx, who, login)
		case err == nil:
			err = e.actAs(ctx, id)
		}
		if err == nil {
			err = e.tellProvider(ctx, id, "linked", who.Username)
		}
	}
	if err != nil {
		return id, "", err
	}
	p := Person{Person: proposal.Person{ID: id}}
	err = e.tx.QueryRow(ctx, `
		select login, name, name_en, phone, email, coalesce(division, ''), roles, field, active from people where id = $1 for update`, id).
		Scan(&p.Login, &p.Name.ZH, &p.Name.EN, &p.Phone, &p.Email, &p.Division, &p.Roles, &p.Field, &p.Active)
	if err != nil {
		return id, "", err
	}
	if !p.Active {
		return id, HasLeft, nil
	}
	if len(login.Groups) > 0 {
		if what, err := e.followGroups(ctx, p, who, login); err != nil || what != CameIn {
			return id, what, err
		}
	}
	_, err = e.tx.Exec(ctx, `update provider_logins set used_at = $2, username = coalesce(nullif($3, ''), username) where person = $1`, id, e.now, who.Username)
	return id, CameIn, err
}

// actAs has what follows told as done by the person: it is their coming that did it.
func (e *Edit) actAs(ctx context.Context, person proposal.PersonID) error {
	e.by = person
	_, err := e.tx.Exec(ctx, `select set_config('banli.by', $1, true)`, string(person))
	return err
}

// arriveNew makes an account for somebody whose groups give one, where the bureau says so. Nobody gets one that was there before, whatever the provider calls them.
func (e *Edit) arriveNew(ctx context.Context, who identity.Provided, login proposal.Login) (proposal.PersonID, LoginEvent, error) {
	roles, division := login.Of(who.Groups)
	switch {
	case !login.MakesAccounts:
		return "", NotThere, nil
	case !who.Grouped:
		return "", NoGroups, nil
	case len(roles) == 0:
		return "", NotThere, nil
	}
	p := Person{
		Person: proposal.Person{ID: proposal.PersonID(uuid.Must(uuid.NewV7()).String()), Roles: roles, Division: division},
		Login:  who.Username, Name: Name{ZH: cmp.Or(who.Name, who.Username)}, Email: who.Email, Active: true,
	}
	if err := e.actAs(ctx, p.ID); err != nil {
		return "", "", err
	}
	if _, err := e.savePerson(ctx, p, true); err != nil {
		return "", "", err
	}
	_, err := e.tx.Exec(ctx, `insert into provider_logins (person, username, issuer, subject, linked_at, used_at) values ($1, $2, $3, $4, $5, $5)`,
		p.ID, who.Username, who.Issuer, who.Subject, e.now)
	if err == nil {
		err = e.tellProvider(ctx, p.ID, "made", who.Username)
	}
	return p.ID, CameIn, err
}

// followGroups gives the person the roles and the division of their groups. A division that no group names stays, and so does a leader's field.
func (e *Edit) followGroups(ctx context.Context, p Person, who identity.Provided, login proposal.Login) (LoginEvent, error) {
	if !who.Grouped {
		return NoGroups, nil
	}
	if err := e.actAs(ctx, p.ID); err != nil {
		return "", err
	}
	roles, division := login.Of(who.Groups)
	if len(roles) == 0 {
		return OutOfGroups, e.closeAccount(ctx, p.ID, who)
	}
	same := !slices.ContainsFunc(proposal.Roles, func(r proposal.Role) bool { return slices.Contains(roles, r) != slices.Contains(p.Roles, r) })
	if division = cmp.Or(division, p.Division); same && division == p.Division {
		return CameIn, nil
	}
	p.Roles, p.Division = roles, division
	if _, err := e.SavePerson(ctx, p); err != nil {
		return "", err
	}
	return CameIn, e.tellProvider(ctx, p.ID, "followed", cmp.Or(who.Username, who.Subject))
}

func (e *Edit) closeAccount(ctx context.Context, person proposal.PersonID, who identity.Provided) error {
	if _, err := e.tx.Exec(ctx, `update people set active = false where id = $1`, person); err != nil {
		return err
	}
	needs := false
	if err := e.tx.QueryRow(ctx, needsSetup).Scan(&needs); err != nil {
		return err
	}
	if needs {
		return invalid("roles", proposal.LastAdministrator)
	}
	return e.tellProvider(ctx, person, "closed", cmp.Or(who.Username, who.Subject))
}

// ProveByProvider keeps that the person proved at the provider, at that moment, by more than a password who they are.
func (s *Store) ProveByProvider(ctx context.Context, person proposal.PersonID, at time.Time) (proof string, err error) {
	return s.prove(ctx, person, identity.Provider, at)
}
