package store

import (
	"context"
	"encoding/json"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Outgoing is a document number, with what went out under it.
type Outgoing struct {
	CaseRow
	State        proposal.State
	Under        proposal.DocumentNumber
	LeadUnit     string // to which an opinion goes
	Voided       bool
	SignerName   Name
	SignedOn     calendar.Date
	Mode         proposal.DispatchMode // "": it has not gone out, or nobody knows how it went
	Recipients   []string              // none: nobody was named
	DispatchedOn calendar.Date
	Receipts     []proposal.Receipt
}

// outgoing finds the numbers of a year. What was signed, sent and received under one stands in the events around it: before it, and between it
// and the next number of the case. What was registered when it was over has no such events, and its state tells.
const outgoing = `
	select ` + caseRow + `, c.state, coalesce(c.described ->> 'lead_unit', ''), n.series, n.year, n.serial,
		exists (select from voided_numbers v where (v.series, v.year, v.serial, v.case_id) = (n.series, n.year, n.serial, n.case_id) and v.at >= n.issued_at),
		coalesce(p.name, ''), coalesce(p.name_en, ''),
		coalesce(s.day, (c.state ->> 'signed_on')::date), d.note, coalesce(case when o.next = 'infinity' then (c.state ->> 'dispatched_on')::date end, d.day),
		(select jsonb_agg(r.input::jsonb order by r.no) from events r
			where r.case_id = n.case_id and r.kind = 'record_receipt' and r.no > d.no and r.at < o.next)
	from document_numbers n join cases c on c.id = n.case_id ` + caseNames + `
	cross join lateral (select coalesce(min(issued_at), 'infinity') as next from document_numbers
		where case_id = n.case_id and issued_at > n.issued_at) o
	left join lateral (select e.by, coalesce(e.on_date, (e.at at time zone 'Asia/Shanghai')::date) as day from events e
		where e.case_id = n.case_id and e.kind = 'sign' and e.at <= n.issued_at order by e.no desc limit 1) s on true
	left join people p on p.id = s.by
	left join lateral (select e.no, e.input::jsonb as note, coalesce(e.on_date, (e.at at time zone 'Asia/Shanghai')::date) as day from events e
		where e.case_id = n.case_id and e.kind = 'dispatch' and e.at >= n.issued_at and e.at < o.next order by e.no limit 1) d on true
	where n.year = $1
	order by n.series, n.serial`

// OutgoingOf lists the numbers of a year by their series, of the cases that the viewer sees.
func (s *Store) OutgoingOf(ctx context.Context, viewer proposal.Person, year int) ([]Outgoing, error) {
	rows, err := s.pool.Query(ctx, outgoing, year)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, scanOutgoing)
	if err != nil {
		return nil, edge(err)
	}
	var seen []Outgoing
	for _, o := range all {
		if !viewer.SeesAll(o.State) {
			continue
		}
		if o.showTo(viewer); o.Masked {
			for i := range o.Recipients {
				o.Recipients[i] = MaskedName
			}
			o.Receipts = nil
		}
		seen = append(seen, o)
	}
	return seen, nil
}

func scanOutgoing(row pgx.CollectableRow) (o Outgoing, err error) {
	var note, receipts json.RawMessage
	o.CaseRow, err = scanCaseRowAnd(row, &o.State, &o.LeadUnit, &o.Under.Series, &o.Under.Year, &o.Under.Serial, &o.Voided, &o.SignerName.ZH, &o.SignerName.EN,
		&o.SignedOn, &note, &o.DispatchedOn, &receipts)
	if err != nil || note == nil {
		return o, err
	}
	var sent proposal.DispatchNote
	if err := json.Unmarshal(note, &sent); err != nil {
		return o, err
	}
	o.Mode, o.Recipients = sent.Mode, sent.Recipients
	if sent.Receipt != "" {
		o.Receipts = append(o.Receipts, proposal.Receipt{Receipt: sent.Receipt})
	}
	if receipts != nil {
		var more []proposal.Receipt
		err = json.Unmarshal(receipts, &more)
		o.Receipts = append(o.Receipts, more...)
	}
	return o, err
}

// OutgoingYears lists the years that have document numbers, newest first.
func (s *Store) OutgoingYears(ctx context.Context) ([]int, error) {
	rows, err := s.pool.Query(ctx, `select distinct year from document_numbers order by year desc`)
	if err != nil {
		return nil, edge(err)
	}
	years, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return years, edge(err)
}
