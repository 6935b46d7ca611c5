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
	RevokedAt     time.Time // zero if it stands
}

// SaveProxy makes a proxy; an empty id makes a new one, and one that was used before answers that proxy. Refusals: Invalid;
// Forbidden unless by the principal, the liaison or an administrator.
func (s *Store) SaveProxy(ctx context.Context, by proposal.Person, p Proxy) (id string, err error) {
	if err := s.checkProxy(&p); err != nil {
		return "", err
	}
	if !mayProxy(by, p.Principal) {
		return "", &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	// The deputy's own account stands in for nobody, and nobody for it.
	tag, err := s.pool.Exec(ctx, `
		insert into proxies (id, principal, proxy, case_id, from_date, to_date, reason, made_by, made_at)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9
		where (select count(*) from people where id in ($2, $3) and active and id <> $10) = 2
			and ($4::uuid is null or exists (select from cases where id = $4))
		on conflict (id) do nothing`,
		p.ID, p.Principal, p.Proxy, orNull(p.CaseID), p.From, p.To, p.Reason, by.ID, s.Now().UTC(), DeputyAccount)
	if err != nil || tag.RowsAffected() == 1 {
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

func (s *Store) checkProxy(p *Proxy) (err error) {
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
	return nil
}

func mayProxy(by proposal.Person, principal proposal.PersonID) bool {
	return by.ID == principal || by.Has(proposal.Liaison) || by.Has(proposal.Admin)
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
	if !mayProxy(by, principal) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
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
			x.from_date, x.to_date, x.reason, x.made_by::text, x.made_at, x.revoked_at
		from proxies x join people a on a.id = x.principal join people b on b.id = x.proxy
		where $1::uuid is null or $1 in (x.principal, x.proxy) order by x.from_date desc, x.id desc limit $2`, orNull(person), maxPageSize)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Proxy, err error) {
		return p, row.Scan(&p.ID, &p.Principal, &p.PrincipalName.ZH, &p.PrincipalName.EN, &p.Proxy, &p.ProxyName.ZH, &p.ProxyName.EN,
			&p.CaseID, &p.From, &p.To, &p.Reason, &p.MadeBy, instant{&p.MadeAt}, instant{&p.RevokedAt})
	})
	return all, edge(err)
}
