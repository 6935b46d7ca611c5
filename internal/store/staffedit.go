package store

import (
	"context"
	"crypto/rand"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/password"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SavePerson makes a person, or changes the one with the id, all but the password. Who is no leader in charge has no field. It refuses wrong fields, a login
// that somebody else has, and a change after which no administrator could log in.
func (e *Edit) SavePerson(ctx context.Context, p Person) (proposal.PersonID, error) {
	isNew := p.ID == ""
	if isNew {
		p.ID = proposal.PersonID(uuid.Must(uuid.NewV7()).String())
	}
	return e.savePerson(ctx, p, isNew)
}

func (e *Edit) savePerson(ctx context.Context, p Person, isNew bool) (proposal.PersonID, error) {
	if !p.Has(proposal.LeaderInCharge) {
		p.Field = nil
	}
	if err := e.checkPerson(ctx, p); err != nil {
		return "", err
	}
	statement := `
		insert into people (id, login, name, name_en, phone, email, division, roles, field, active) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		returning id::text`
	if !isNew {
		var err error
		if p.ID, err = parseID(p.ID); err != nil || p.ID == DeputyAccount {
			return "", errNotFound
		}
		statement = `
			update people set login = $2, name = $3, name_en = $4, phone = $5, email = $6, division = $7, roles = $8, field = $9, active = $10
			where id = $1 returning id::text`
	}
	err := e.tx.QueryRow(ctx, statement, p.ID, foldLogin(p.Login), p.Name.ZH, p.Name.EN, p.Phone, p.Email, orNull(p.Division), notNil(p.Roles),
		notNil(p.Field), p.Active).Scan(&p.ID)
	if err != nil {
		return "", err
	}
	needs := false
	// The trigger that tells of the change holds staff_head, so that two who each take the other's role away come one after the other.
	if err := e.tx.QueryRow(ctx, needsSetup).Scan(&needs); err != nil {
		return "", err
	}
	if needs {
		return "", invalid("roles", proposal.LastAdministrator)
	}
	return p.ID, nil
}

func (e *Edit) checkPerson(ctx context.Context, p Person) error {
	divisions, err := divisions(ctx, e.tx)
	if wrong := WrongWithPerson(p, divisions); err == nil && len(wrong) > 0 {
		err = &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return err
}

// WrongWithPerson is what is wrong with an account by itself, in a bureau of these divisions. Nobody who is there works in a closed one; a leader stays in
// charge of it for what it did.
func WrongWithPerson(p Person, divisions []Division) []proposal.FieldError {
	var wrong []proposal.FieldError
	add := func(field string, code proposal.FieldCode) {
		wrong = append(wrong, proposal.FieldError{Field: field, Code: code, Max: proposal.MaxLine})
	}
	for _, f := range []struct {
		name, value string
		required    bool
	}{{"login", p.Login, true}, {"name", p.Name.ZH, true}, {"name_en", p.Name.EN, false}, {"phone", p.Phone, false}, {"email", p.Email, false}} {
		switch {
		case f.required && strings.TrimSpace(f.value) == "":
			add(f.name, proposal.FieldRequired)
		case utf8.RuneCountInString(f.value) > proposal.MaxLine:
			add(f.name, proposal.FieldTooLong)
		}
	}
	if parsed, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || parsed.Address != p.Email) {
		add("email", proposal.FieldMalformed)
	}
	if len(p.Roles) == 0 {
		add("roles", proposal.FieldRequired)
	}
	if slices.ContainsFunc(p.Roles, func(r proposal.Role) bool { return !slices.Contains(proposal.Roles, r) }) {
		add("roles", proposal.UnknownValue)
	}
	among := func(of []Division, code proposal.DivisionID) bool {
		return slices.ContainsFunc(of, func(d Division) bool { return d.Code == code })
	}
	if slices.ContainsFunc(p.Field, func(code proposal.DivisionID) bool { return !among(divisions, code) }) {
		add("field", proposal.UnknownValue)
	}
	if slices.Contains(p.Roles, proposal.LeaderInCharge) && len(p.Field) == 0 {
		add("field", proposal.FieldRequired)
	}
	if p.Active {
		divisions = AtWork(divisions)
	}
	if p.Division == "" && (slices.Contains(p.Roles, proposal.Handler) || slices.Contains(p.Roles, proposal.DivisionHead)) || p.Division != "" && !among(divisions, p.Division) {
		add("division", proposal.UnknownValue)
	}
	return wrong
}

// maxDivisionPlace bounds the place of a division in the order.
const maxDivisionPlace = 999

// SaveDivision changes the division with the code, or, without one, makes a division and gives it a code, and without a place the last. It refuses a wrong
// name, one that another division has, and a place that is none.
func (e *Edit) SaveDivision(ctx context.Context, d Division) error {
	for field, text := range map[string]string{"name": d.Name.ZH, "name_en": d.Name.EN, "phone": d.Phone} {
		switch {
		case field == "name" && strings.TrimSpace(text) == "":
			return invalid(field, proposal.FieldRequired)
		case utf8.RuneCountInString(text) > proposal.MaxLine:
			return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: proposal.FieldTooLong, Max: proposal.MaxLine}}}
		}
	}
	if d.Sort < 0 || d.Sort > maxDivisionPlace {
		return invalid("sort", proposal.FieldMalformed)
	}
	// Two that are made at once must get two codes.
	if _, err := e.tx.Exec(ctx, `lock table divisions in share row exclusive mode`); err != nil {
		return err
	}
	taken := false
	if err := e.tx.QueryRow(ctx, `select exists (select from divisions where name = $1 and code <> $2 and closed_on is null)`, d.Name.ZH, d.Code).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return invalid("name", proposal.NameTaken)
	}
	if d.Code == "" {
		_, err := e.tx.Exec(ctx, `
			insert into divisions (code, name, name_en, sort, phone)
			select 'd' || 1 + coalesce(max(substring(code from '^d([0-9]{1,9})$')::integer), 0), $1, $2, case when $3 > 0 then $3 else 1 + coalesce(max(sort), 0) end, $4
			from divisions`, d.Name.ZH, d.Name.EN, d.Sort, d.Phone)
		return err
	}
	tag, err := e.tx.Exec(ctx, `update divisions set name = $2, name_en = $3, sort = $4, phone = $5 where code = $1`,
		d.Code, d.Name.ZH, d.Name.EN, d.Sort, d.Phone)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return err
}

// passwordLinkLasts is how long a link opens, which may have to reach somebody on paper.
const passwordLinkLasts = 7 * 24 * time.Hour

// NewPasswordLink makes the secret of a link behind which somebody chooses a password. An earlier one opens nothing any more.
func (e *Edit) NewPasswordLink(ctx context.Context, person proposal.PersonID) (secret string, until time.Time, err error) {
	return e.passwordLink(ctx, person, "")
}

// MailPasswordLink does the same with a link that goes to the person's address by mail: its secret is made when the mail is written (see mailedLink),
// so that it is kept nowhere. It refuses somebody who has no address.
func (e *Edit) MailPasswordLink(ctx context.Context, person proposal.PersonID) (to string, until time.Time, err error) {
	if person, err = parseID(person); err != nil {
		return "", until, err
	}
	if err := e.tx.QueryRow(ctx, `select email from people where id = $1`, person).Scan(&to); err != nil {
		return "", until, err
	}
	if to == "" {
		return "", until, invalid("email", proposal.FieldRequired)
	}
	if _, until, err = e.passwordLink(ctx, person, to); err != nil {
		return "", until, err
	}
	_, err = e.tx.Exec(ctx, `insert into mails (id, person, link, made_at, due_at) values (gen_random_uuid(), $1, true, $2, $2)`, person, e.now)
	return to, until, err
}

func (e *Edit) passwordLink(ctx context.Context, person proposal.PersonID, to string) (secret string, until time.Time, err error) {
	if person, err = parseID(person); err != nil {
		return "", until, err
	}
	secret, until = rand.Text(), e.now.Add(passwordLinkLasts)
	tag, err := e.tx.Exec(ctx, `
		insert into password_links (person, sha256, made_by, made_at, expires_at, sent_to)
		select id, $2, $3, $4, $5, $7 from people where id = $1 and active and id <> $6
		on conflict (person) do update set sha256 = excluded.sha256, made_by = excluded.made_by, made_at = excluded.made_at, expires_at = excluded.expires_at,
			sent_to = excluded.sent_to`,
		person, secretHash(secret), e.by, e.now, until, DeputyAccount, to)
	if err == nil && tag.RowsAffected() == 0 {
		err = errNotFound
	}
	return secret, until, err
}

// PersonByPasswordLink is whose link it is; NotFound for one that is unknown, used or has run out, and for who has left.
func (s *Store) PersonByPasswordLink(ctx context.Context, secret string) (Person, error) {
	var id proposal.PersonID
	err := s.pool.QueryRow(ctx, `
		select p.id::text from password_links l join people p on p.id = l.person where p.active and l.sha256 = $1 and l.expires_at > $2`,
		secretHash(secret), s.Now().UTC()).Scan(&id)
	if err != nil {
		return Person{}, edge(err)
	}
	return s.Person(ctx, id)
}

// UsePasswordLink gives the person of the link a password. The link opens nothing any more, and their sessions and tokens are over.
func (s *Store) UsePasswordLink(ctx context.Context, secret, plain string) error {
	return s.Edit(ctx, "", func(e *Edit) error {
		var person proposal.PersonID
		err := e.tx.QueryRow(ctx, `delete from password_links where sha256 = $1 and expires_at > $2 returning person::text`, secretHash(secret), e.now).Scan(&person)
		if err != nil {
			return err
		}
		// It is they who choose it.
		if _, err := e.tx.Exec(ctx, `select set_config('banli.by', $1, true)`, string(person)); err != nil {
			return err
		}
		return e.ChangePassword(ctx, person, plain)
	})
}

// ChangePassword gives somebody the password that they have chosen. Their tokens are over, and so are the sessions that were opened with the old one.
func (e *Edit) ChangePassword(ctx context.Context, person proposal.PersonID, plain string) error {
	tag, err := e.tx.Exec(ctx, `update people set password_hash = $2 where id = $1 and active`, person, password.Hash(plain))
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return err
	}
	return endTokens(ctx, e.tx, person, e.now)
}

// WithoutPassword are the people of whom nobody can log in as yet.
func (s *Store) WithoutPassword(ctx context.Context) ([]proposal.PersonID, error) {
	rows, err := s.pool.Query(ctx, `
		select id::text from people p where active and password_hash = '' and id <> $1 and not exists (select from provider_logins where person = p.id)`, DeputyAccount)
	if err != nil {
		return nil, edge(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[proposal.PersonID])
	return ids, edge(err)
}

// StaffChange is a change of the bureau itself.
type StaffChange struct {
	No      int64  // in the chain of all changes, whatever part they are of; 0 for one of before there was a chain
	Hash    string // of the change and all before it, SHA-256 in hexadecimal; "" where No is 0
	About   string // what keep_staff_event and tell_staff are given; its words are changes.<About>
	Subject string // what it is called now; "" of the bureau itself
	By      Name   // "" from the command line
	At      time.Time
	Was     map[string]any // nil: it was new
	Now     map[string]any

	id int64 // in the order of changes, those of before the chain too
}

// ChangesOf parts what is told of the bureau itself by what somebody looks for in it. There are so many logins, and so many entries in a directory, that
// nobody would find anything else.
type ChangesOf string

const (
	ChangesOfBureau    ChangesOf = ""          // all but the others
	ChangesOfLogins    ChangesOf = "logins"    //
	ChangesOfDirectory ChangesOf = "directory" // and the looks at it
)

// StaffChanges lists the changes of one part, the newest first. after is Page.Next of the page before, "" for the first.
func (s *Store) StaffChanges(ctx context.Context, of ChangesOf, after string, limit int) (page Page[StaffChange], err error) {
	before := newest
	if after != "" {
		if before, err = strconv.ParseInt(after, 10, 64); err != nil {
			return page, invalid("after", proposal.FieldMalformed)
		}
	}
	limit = pageLimit(limit)
	rows, err := s.pool.Query(ctx, `
		select e.id, coalesce(e.no, 0), coalesce(e.hash, ''), e.about, coalesce(p.name, d.name, y.name, c.name || ' → ' || x.name, ''), coalesce(b.name, ''), coalesce(b.name_en, ''), e.at, e.was, e.now
		from staff_events e
		left join people b on b.id = e.by
		left join people p on e.about in ('person', 'password', 'login', 'provider') and p.id::text = e.subject or e.about in ('token', 'factor') and p.id::text = e.now ->> 'person'
		left join divisions d on e.about = 'division' and d.code = e.subject
		left join directory_entries y on e.about in ('directory', 'directory_look') and y.id::text = e.subject
		left join people c on e.about = 'cover' and c.id::text = e.now ->> 'principal'
		left join people x on e.about = 'cover' and x.id::text = e.now ->> 'proxy'
		where case e.about when 'login' then 'logins' when 'directory' then 'directory' when 'directory_look' then 'directory' else '' end = $1 and e.id < $2
		order by e.id desc limit $3`, of, before, limit+1)
	if err != nil {
		return page, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c StaffChange, err error) {
		return c, row.Scan(&c.id, &c.No, &c.Hash, &c.About, &c.Subject, &c.By.ZH, &c.By.EN, instant{&c.At}, &c.Was, &c.Now)
	})
	return paged(all, limit, func(c StaffChange) string { return strconv.FormatInt(c.id, 10) }), edge(err)
}
