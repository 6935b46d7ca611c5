package store

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Proxy lets one person act for another for some days (代理).
type Proxy struct {
	ID            string
	Principal     proposal.PersonID // who is away
	PrincipalName Name              // read only
	Proxy         proposal.PersonID // who acts for them
	ProxyName     Name              // read only
	CaseID        string            // "": every case
	From, To      calendar.Date     // both days included
	Reason        string
	MadeBy        proposal.PersonID
	MadeAt        time.Time
	ConfirmedBy   proposal.PersonID // "" while it waits for the principal or a second keeper
	ConfirmedAt   time.Time         // zero: it is not in force
	RevokedAt     time.Time         // zero if it stands
}

// SaveProxy makes a proxy; an empty id makes a new one, and one that was used before answers that proxy. One that the principal
// makes is in force; one that a keeper of the list makes waits for ConfirmProxy. The principal may have left. Refusals: InvalidInput;
// Forbidden unless by the principal or a keeper.
func (s *Store) SaveProxy(ctx context.Context, by proposal.Person, p Proxy) (id string, err error) {
	if err := s.checkProxy(ctx, &p); err != nil {
		return "", err
	}
	if refusal := by.MayArrangeCover(p.Principal, p.Proxy); refusal != nil {
		return "", refusal
	}
	if by.ID == p.Principal {
		p.ConfirmedBy, p.ConfirmedAt = by.ID, s.Now().UTC()
	}
	// Who is told: the one who is to cover, once it is in force; before, whoever may confirm it.
	tag, err := s.pool.Exec(ctx, `
		with made as (
			insert into proxies (id, principal, proxy, case_id, from_date, to_date, reason, made_by, made_at, confirmed_by, confirmed_at)
			select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
			where $4::uuid is null or exists (select from cases where id = $4)
			on conflict (id) do nothing returning id, principal, proxy, made_by, confirmed_at)
		insert into notices (kind, clock, ref, days, role, person, by, at)
		select 'cover', '', made.id::text, 0, '', p.id, made.made_by, $9 from made
		join people p on p.active and case when made.confirmed_at is not null then p.id = made.proxy
			else p.id = made.principal or p.roles && '{liaison,admin}' and p.id not in (made.made_by, made.proxy) end`,
		p.ID, p.Principal, p.Proxy, orNull(p.CaseID), p.From, p.To, p.Reason, by.ID, s.Now().UTC(), orNull(p.ConfirmedBy), orNull(p.ConfirmedAt))
	if err != nil || tag.RowsAffected() > 0 {
		return p.ID, edge(err)
	}
	var same bool
	err = s.pool.QueryRow(ctx, `
		select principal = $2 and proxy = $3 and made_by = $4 from proxies where id = $1`, p.ID, p.Principal, p.Proxy, by.ID).Scan(&same)
	if err := optional(err); err != nil {
		return "", edge(err)
	}
	if !same {
		return "", invalid("proxy", proposal.NotInBureau)
	}
	return p.ID, nil
}

// ConfirmProxy puts a proxy into force that a keeper of the list made. Confirming twice is harmless. Refusals: NotFound; Forbidden;
// SecondPerson to whoever made it or is to cover.
func (s *Store) ConfirmProxy(ctx context.Context, by proposal.Person, id string) error {
	id, err := parseID(id)
	if err != nil {
		return err
	}
	var principal, proxy, madeBy proposal.PersonID
	err = s.pool.QueryRow(ctx, `select principal::text, proxy::text, made_by::text from proxies where id = $1 and revoked_at is null`, id).
		Scan(&principal, &proxy, &madeBy)
	if err != nil {
		return edge(err)
	}
	if refusal := by.MayConfirmCover(principal, proxy, madeBy); refusal != nil {
		return refusal
	}
	_, err = s.pool.Exec(ctx, `
		with confirmed as (
			update proxies set confirmed_at = $2, confirmed_by = $3 where id = $1 and confirmed_at is null returning id, proxy),
		over as (
			update notices set over = 'done' where kind = 'cover' and ref = $1::text and exists (select from confirmed))
		insert into notices (kind, clock, ref, days, role, person, by, at)
		select 'cover', '', id::text, 0, '', proxy, $3, $2 from confirmed`, id, s.Now().UTC(), by.ID)
	return edge(err)
}

// checkProxy looks at the proxy by itself, and at whether the one may cover for the other at all.
func (s *Store) checkProxy(ctx context.Context, p *Proxy) (err error) {
	if p.ID == "" {
		p.ID = uuid.Must(uuid.NewV7()).String()
	}
	if p.ID, err = parseActionID(p.ID); err != nil {
		return err
	}
	if p.Principal, err = parseID(p.Principal); err != nil {
		return invalid("principal", proposal.NotInBureau)
	}
	if p.Proxy, err = parseID(p.Proxy); err != nil || p.Proxy == p.Principal {
		return invalid("proxy", proposal.NotInBureau)
	}
	if p.CaseID != "" {
		if p.CaseID, err = parseID(p.CaseID); err != nil {
			return invalid("case_id", proposal.UnknownValue)
		}
	}
	switch {
	case p.From.IsZero():
		return invalid("from", proposal.FieldRequired)
	case p.To.Before(p.From):
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "to", Code: proposal.DayBeforeStart, Date: p.From}}}
	case p.To.Before(calendar.DateOf(s.Now())):
		return invalid("to", proposal.DayInPast)
	case strings.TrimSpace(p.Reason) == "":
		return invalid("reason", proposal.FieldRequired)
	case utf8.RuneCountInString(p.Reason) > proposal.MaxNote:
		return invalid("reason", proposal.FieldTooLong)
	}
	bureau, err := s.Bureau(ctx, calendar.Date{})
	if err != nil {
		return err
	}
	today := calendar.DateOf(s.Now())
	if latest := calendar.NewDate(today.Year+1, today.Month, today.Day); p.From.After(latest) { // ours: nobody knows so early who will be away
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "from", Code: proposal.DayAfterCap, Date: latest}}}
	}
	if pack, ok := s.PackFor(bureau.Profile, today); ok && pack.Cover.MaxDays > 0 && p.To.Sub(p.From) >= pack.Cover.MaxDays {
		latest := p.From.AddDays(pack.Cover.MaxDays - 1)
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "to", Code: proposal.DayAfterCap, Date: latest}}}
	}
	away, err := s.Person(ctx, p.Principal)
	if err != nil || away.ID == DeputyAccount { // the deputy's own account stands in for nobody, and nobody for it
		return invalid("principal", proposal.NotInBureau)
	}
	cover, err := s.Person(ctx, p.Proxy)
	if err != nil || !cover.Active || cover.ID == DeputyAccount {
		return invalid("proxy", proposal.NotInBureau)
	}
	principal := proposal.Principal{ID: away.ID, Roles: away.Roles, Division: away.Division, Field: away.Field}
	if len(principal.Passes(cover.Person)) == 0 {
		return invalid("proxy", proposal.MayNotCover)
	}
	return nil
}

// RevokeProxy ends a proxy now. Revoking twice is harmless. What was done under it stands.
func (s *Store) RevokeProxy(ctx context.Context, by proposal.Person, id string) error {
	id, err := parseID(id)
	if err != nil {
		return err
	}
	var principal proposal.PersonID
	if err := s.pool.QueryRow(ctx, `select principal::text from proxies where id = $1`, id).Scan(&principal); err != nil {
		return edge(err)
	}
	if refusal := by.MayArrangeCover(principal, ""); refusal != nil {
		return refusal
	}
	_, err = s.pool.Exec(ctx, `update proxies set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null`,
		id, s.Now().UTC(), by.ID)
	return edge(err)
}

// Proxies lists the proxies of a person, given and held, the latest first; "" for those of everybody.
func (s *Store) Proxies(ctx context.Context, person proposal.PersonID) ([]Proxy, error) {
	if person != "" {
		parsed, err := parseID(person)
		if err != nil {
			return nil, err
		}
		person = parsed
	}
	rows, err := s.pool.Query(ctx, `
		select x.id::text, x.principal::text, a.name, a.name_en, x.proxy::text, b.name, b.name_en, coalesce(x.case_id::text, ''),
			x.from_date, x.to_date, x.reason, x.made_by::text, x.made_at, coalesce(x.confirmed_by::text, ''), x.confirmed_at, x.revoked_at
		from proxies x join people a on a.id = x.principal join people b on b.id = x.proxy
		where $1::uuid is null or $1 in (x.principal, x.proxy) order by x.from_date desc, x.id desc limit $2`, orNull(person), maxPageSize)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Proxy, err error) {
		return p, row.Scan(&p.ID, &p.Principal, &p.PrincipalName.ZH, &p.PrincipalName.EN, &p.Proxy, &p.ProxyName.ZH, &p.ProxyName.EN,
			&p.CaseID, &p.From, &p.To, &p.Reason, &p.MadeBy, instant{&p.MadeAt}, &p.ConfirmedBy, instant{&p.ConfirmedAt}, instant{&p.RevokedAt})
	})
	return all, edge(err)
}
