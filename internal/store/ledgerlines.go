package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// LedgerLine is a case as the office's ledger (台账) has it: what was registered, how it was answered, and what the deputy says of it.
type LedgerLine struct {
	CaseRow
	State     proposal.State
	Described proposal.Particulars
	CoNames   []Name               // 会办处室
	Mode      proposal.ContactMode // in which the deputy was reached last; "" if they were not
	MetBy     proposal.Rank        // of the bureau, who talked to them then; "" if nobody wrote it down
	Class     string               // of the reply that was sent last; "" if none was
	Signer    Name
	Attitude  proposal.Rating // as rated last; "" if nobody rated
	Result    proposal.Rating
	Opinion   string // what the deputy wrote with it
	Answered  calendar.Date
	// Whole: the reader sees more of the case than that it is there. If not, what was said of the reply is left out.
	Whole bool
}

// LedgerLines are the cases of a list, all of them, in its order.
func (s *Store) LedgerLines(ctx context.Context, person proposal.PersonID, f TaskFilter) ([]LedgerLine, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		with l as (`+q.sql+`)
		select `+caseRow+`, c.state, c.described,
			(select json_agg(json_build_object('ZH', o.name, 'EN', o.name_en) order by o.sort, o.code) from divisions o where o.code = any (c.co_handling)),
			coalesce(f.mode, ''), coalesce(f.met_by, ''), coalesce(f.class, ''), coalesce(p.name, ''), coalesce(p.name_en, ''),
			coalesce(r.attitude, ''), coalesce(r.result, ''), coalesce(r.words, ''), c.answered_on
		from l join cases c on c.id = l.case_id join case_facts f on f.case_id = c.id `+caseNames+`
		left join people p on p.id = (c.state ->> 'signer')::uuid
		left join lateral (select * from feedback r where r.case_id = c.id order by r.round desc, r.event_no desc limit 1) r on true `+q.inOrder(), q.args)
	if err != nil {
		return nil, edge(err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l LedgerLine, err error) {
		l.CaseRow, err = scanCaseRowAnd(row, &l.State, &l.Described, &l.CoNames, &l.Mode, &l.MetBy, &l.Class, &l.Signer.ZH, &l.Signer.EN,
			&l.Attitude, &l.Result, &l.Opinion, &l.Answered)
		l.showTo(q.reader)
		if l.Whole = q.reader.SeesAll(l.State); !l.Whole {
			l.Mode, l.MetBy, l.Class, l.Signer, l.Attitude, l.Result, l.Opinion = "", "", "", Name{}, "", "", ""
		}
		if l.Masked {
			hide := masker(l.proposers)
			l.Opinion = hide(l.Opinion)
			proposal.ChangeTexts(&l.Described, hide)
		}
		return l, err
	})
	return lines, edge(err)
}
