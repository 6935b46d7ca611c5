package store

import (
	"context"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// EarlierProposal is another proposal by the same lead deputy. Result is "" while it was not rated.
type EarlierProposal struct {
	AssignedOn calendar.Date
	Result     proposal.Rating // of the newest round
}

// earlierShown is how many of a deputy's earlier proposals are looked at: enough for some years.
const earlierShown = 50

// EarlierProposals are the other cases that the case's lead deputy handed in, the newest first, as far as the viewer may see
// them and knows whose they are.
func (s *Store) EarlierProposals(ctx context.Context, viewer proposal.Person, c *Case) ([]EarlierProposal, error) {
	if c.Masked {
		return nil, nil
	}
	q := &caseQuery{args: pgx.NamedArgs{"limit": earlierShown}}
	q.and(`c.lead_deputy = @deputy`, "deputy", c.LeadDeputy)
	q.and(`c.body = @body`, "body", c.Key.Body)
	q.and(`c.id <> @id::uuid`, "id", c.CaseID)
	q.where = append(q.where, q.seesName(viewer))
	q.visibleTo(viewer)
	rows, err := s.pool.Query(ctx, `
		select c.assigned_on, coalesce((select result from feedback where case_id = c.id order by round desc, event_no desc limit 1), '')
		from cases c where `+strings.Join(q.where, " and ")+` order by c.assigned_on desc, c.id limit @limit`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[EarlierProposal])
	return list, edge(err)
}

// PromisedCalls are the times at which the person is to call deputies of other cases, from today on, in their order.
func (s *Store) PromisedCalls(ctx context.Context, person proposal.PersonID, exceptCase string) ([]time.Time, error) {
	rows, err := s.pool.Query(ctx, `
		select call_back_at from tasks
		where closed_at is null and assignee = $1 and case_id <> $2::uuid and call_back_at >= $3
		order by call_back_at`, person, exceptCase, calendar.DateOf(s.Now()).Start().UTC())
	if err != nil {
		return nil, edge(err)
	}
	times, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	return times, edge(err)
}
