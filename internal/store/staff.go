package store

import (
	"context"
	"sync"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// selectRules reads people as the rules see them, for the case q.case_id on the day q.today.
const selectRules = `
	select p.id::text, p.roles, coalesce(p.division, ''), p.field, ` + coversOn + `
	from people p cross join (select $1::uuid as case_id, $2::date as today) q `

func scanRules(row pgx.Row) (p proposal.Person, err error) {
	var principals []proposal.Principal
	err = row.Scan(&p.ID, &p.Roles, &p.Division, &p.Field, &principals)
	return p.Covering(principals), err
}

func collectRules(rows pgx.Rows) ([]proposal.Person, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (proposal.Person, error) { return scanRules(row) })
}

// Staff are those who may act today, with those whom they cover for in every case.
func (s *Store) Staff(ctx context.Context) (proposal.Staff, error) {
	return s.staffOn(ctx, calendar.DateOf(s.Now()))
}

// staffOn are the people of today with the covers of the day.
func (s *Store) staffOn(ctx context.Context, day calendar.Date) (proposal.Staff, error) {
	rows, err := s.pool.Query(ctx, selectRules+`where p.active and p.id <> $3 order by p.id`, nil, day, DeputyAccount)
	if err != nil {
		return nil, edge(err)
	}
	staff, err := collectRules(rows)
	return staff, edge(err)
}

// needStaff are the kinds of action for which everybody who may act is read with the lock, so that it costs no round trip.
var needStaff = sync.OnceValue(func() []string {
	return mentioning(func(m proposal.Mentions) bool { return m.Staff })
})

// mentioning are the kinds that name something, whatever their input says.
func mentioning(what func(proposal.Mentions) bool) []string {
	var kinds []string
	for _, k := range proposal.Kinds() {
		if what((proposal.Action{Kind: k, Input: proposal.NewInput(k)}).Mentions()) {
			kinds = append(kinds, string(k))
		}
	}
	return kinds
}

// queueStaff asks for the staff if the action needs it.
func (l *lockedCase) queueStaff(b *pgx.Batch, actionID string) {
	b.Queue(selectRules+`where p.active and p.id <> $3 and exists (select from actions where id = $4 and kind = any ($5))`,
		l.id, calendar.DateOf(l.now()), DeputyAccount, actionID, needStaff()).
		Query(func(rows pgx.Rows) (err error) {
			l.staff, err = collectRules(rows)
			return err
		})
}

// leavesSomebody refuses that somebody else than the handler writes the draft, if nobody would be left who could review or sign it.
func (l *lockedCase) leavesSomebody(ctx context.Context) error {
	pack, ok := l.packs(l.state.Pack)
	if !ok || l.actor.ID == l.state.Handler {
		return nil
	}
	rows, err := l.conn.Query(ctx, selectRules+`where p.active and p.id <> $3`, l.id, calendar.DateOf(l.now()), DeputyAccount)
	if err != nil {
		return err
	}
	staff, err := collectRules(rows)
	if err != nil {
		return err
	}
	if refusal := proposal.Staff(staff).LeftBy(l.state, l.actor.ID, pack); refusal != nil {
		return refusal
	}
	return nil
}

// Held is what somebody has in hand: the cases that they handle, what they have claimed, the promises that they keep and the reviews that
// they were asked for by name.
func (s *Store) Held(ctx context.Context, person proposal.PersonID) ([]proposal.BulkItem, error) {
	person, err := parseID(person)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select row_number() over (order by c.number, h.case_id, h.ask, h.ref), h.case_id::text, h.ask, h.ref, c.seq
		from (
			select id as case_id, $2 as ask, '' as ref from cases where open and handler = $1
			union all
			select case_id, ask, ref from tasks where closed_at is null and (claimed_by = $1 or person = $1 and ask = any ($3))
		) h join cases c on c.id = h.case_id order by 1`,
		person, proposal.AskForHandler, []proposal.Ask{proposal.AskToKeepPromise, proposal.AskToReplyAgain, proposal.AskForAddedReview})
	if err != nil {
		return nil, edge(err)
	}
	held, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i proposal.BulkItem, err error) {
		return i, row.Scan(&i.No, &i.CaseID, &i.Key.Ask, &i.Key.Ref, &i.BaseSeq)
	})
	return held, edge(err)
}

var _ ledger.PeopleRecord = (*Store)(nil)

// Gone implements ledger.PeopleRecord. The rules tell which of it is so.
func (s *Store) Gone(ctx context.Context) ([]ledger.Gone, error) {
	rows, err := s.pool.Query(ctx, `
		select g.case_id::text, g.person::text, p.active, p.roles, coalesce(p.division, ''), p.field, `+coversOn+`, c.state,
			coalesce((select json_agg(json_build_object('Ask', t.ask, 'Ref', t.ref)) from tasks t
				where t.case_id = g.case_id and t.closed_at is null and t.claimed_by = g.person), '[]')
		from (
			select c.id as case_id, c.handler as person from cases c join people p on p.id = c.handler
			where c.open and (not p.active or not 'handler' = any (p.roles) or p.division is distinct from c.lead_division)
			union
			select t.case_id, p.id from tasks t join people p on p.id = coalesce(t.person, t.claimed_by)
			where t.closed_at is null and (not p.active or not t.role = any (p.roles)
				or t.division is distinct from p.division and t.role in ('handler', 'division_head')
				or t.role = 'leader_in_charge' and not coalesce(t.division, '') = any (p.field))
		) g
		join cases c on c.id = g.case_id and not exists ( -- whose people moved with their division, and which is about to follow them
			select from bulk_items i join bulks b on b.id = i.bulk
			where i.case_id = c.id and b.kind = 'regroup' and (i.status in ('queued', 'running') or i.status = 'done' and b.status = 'undoing'))
		join people p on p.id = g.person
		cross join lateral (select g.case_id as case_id, $1::date as today) q`, calendar.DateOf(s.Now()))
	if err != nil {
		return nil, edge(err)
	}
	gone, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (g ledger.Gone, err error) {
		var active bool
		var principals []proposal.Principal
		var claims []proposal.TaskKey
		p := &g.Today
		err = row.Scan(&g.CaseID, &g.Person, &active, &p.Roles, &p.Division, &p.Field, &principals, &g.State, &claims)
		if p.ID = g.Person; active {
			*p = p.Covering(principals)
		} else {
			*p = proposal.Person{}
		}
		g.Claims = map[proposal.TaskKey]proposal.PersonID{}
		for _, key := range claims {
			g.Claims[key] = g.Person
		}
		return g, err
	})
	return gone, edge(err)
}
