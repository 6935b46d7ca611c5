package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// TaskReason is what a row of the desk can say about why it is there, beyond the row itself. Zero fields: it never happened.
type TaskReason struct {
	Given     Act       // by whom the handler was named
	Back      Act       // by whom the case was sent back to where it is, else last
	BackWords string    // why, in their words
	Backs     int       // how often this reply was sent back, as OnlyBackAgain counts
	Unreached int       // attempts to reach the deputy since a talk last came about
	CallBack  time.Time // when the deputy asked to be called, if that is what came of the last attempt
	Draft     int       // newest version of the reply
	DraftAt   time.Time
	Urged     Act    // by whom it was urged last; zero once that is answered
	UrgeWords string // what they said
	Assigned  Act    // by whom the leader in charge's instruction was given
}

// Act is who did something and when. On is the official date of what was registered late.
type Act struct {
	Name Name
	At   time.Time
	On   calendar.Date
}

// Day is the official date if there is one, else the day in Shanghai on which it was done.
func (a Act) Day() calendar.Date {
	if !a.On.IsZero() || a.At.IsZero() {
		return a.On
	}
	return calendar.DateOf(a.At)
}

// reasonKinds are the acts that rows speak of.
var reasonKinds = []proposal.Kind{proposal.Accept, proposal.Reassign, proposal.Urge, proposal.ApproveAssignment}

// TaskReasons reads the reasons for the cases of a page. Names that the reader of a row may not know are masked.
func (s *Store) TaskReasons(ctx context.Context, rows []CaseRow) (map[string]*TaskReason, error) {
	reasons := map[string]*TaskReason{}
	masked := map[string][]string{}
	urged := map[string]bool{}
	var ids []string
	for _, c := range rows {
		if reasons[c.CaseID] == nil {
			reasons[c.CaseID], ids = &TaskReason{}, append(ids, c.CaseID)
		}
		if c.Masked {
			masked[c.CaseID] = c.proposers
		}
		urged[c.CaseID] = c.Urged()
	}
	if len(ids) == 0 {
		return reasons, nil
	}
	var b pgx.Batch
	b.Queue(`
		select distinct on (e.case_id, e.kind) e.case_id::text, e.kind, coalesce(p.name, ''), coalesce(p.name_en, ''), e.at, e.on_date,
			case when e.kind = 'urge' then e.input else 'null' end
		from events e left join people p on p.id = e.by where e.case_id = any ($1::uuid[]) and e.kind = any ($2)
		order by e.case_id, e.kind, e.no desc`, ids, reasonKinds).
		Query(func(rows pgx.Rows) error { return scanActs(rows, reasons) })
	queueBacks(&b, ids, reasons)
	b.Queue(`
		select k.case_id::text, count(*), (array_agg(k.call_back_at order by k.event_no desc))[1], (array_agg(k.outcome order by k.event_no desc))[1]
		from talks k
		where k.case_id = any ($1::uuid[]) and not exists (
			select from talks r where r.case_id = k.case_id and r.outcome = 'reached' and r.event_no >= k.event_no)
		group by k.case_id`, ids).
		Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var id, outcome string
				var n int
				var at time.Time
				if err := rows.Scan(&id, &n, instant{&at}, &outcome); err != nil {
					return err
				}
				reasons[id].Unreached = n
				if outcome == string(proposal.ContactCallBack) {
					reasons[id].CallBack = at
				}
			}
			return rows.Err()
		})
	b.Queue(`select distinct on (case_id) case_id::text, version, saved_at from drafts where case_id = any ($1::uuid[]) order by case_id, version desc`, ids).
		Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var id string
				var d TaskReason
				if err := rows.Scan(&id, &d.Draft, instant{&d.DraftAt}); err != nil {
					return err
				}
				reasons[id].Draft, reasons[id].DraftAt = d.Draft, d.DraftAt
			}
			return rows.Err()
		})
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, edge(err)
	}
	for id, r := range reasons {
		if !urged[id] {
			r.Urged, r.UrgeWords = Act{}, ""
		}
	}
	for id, names := range masked {
		hide := masker(names)
		reasons[id].BackWords, reasons[id].UrgeWords = hide(reasons[id].BackWords), hide(reasons[id].UrgeWords)
	}
	return reasons, nil
}

// queueBacks asks who sent the cases back to where they are, and how often each was.
func queueBacks(b *pgx.Batch, ids []string, reasons map[string]*TaskReason) {
	b.Queue(`
		select distinct on (e.case_id) e.case_id::text, coalesce(p.name, ''), coalesce(p.name_en, ''), e.at, e.on_date, coalesce(e.input ->> 'reason', '')
		from events e join cases c on c.id = e.case_id left join people p on p.id = e.by
		where e.case_id = any ($1::uuid[]) and (e.kind = 'send_back' or e.from_stage = c.returned_from and e.to_stage = c.stage)
		order by e.case_id, (e.from_stage = c.returned_from and e.to_stage = c.stage) is true desc, e.no desc`, ids).
		Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var id, words string
				var act Act
				if err := rows.Scan(&id, &act.Name.ZH, &act.Name.EN, instant{&act.At}, &act.On, &words); err != nil {
					return err
				}
				reasons[id].Back, reasons[id].BackWords = act, words
			}
			return rows.Err()
		})
	b.Queue(`select c.id::text, `+backs+` from cases c where c.id = any ($1::uuid[])`, ids).
		Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var id string
				var n int
				if err := rows.Scan(&id, &n); err != nil {
					return err
				}
				reasons[id].Backs = n
			}
			return rows.Err()
		})
}

func scanActs(rows pgx.Rows, reasons map[string]*TaskReason) error {
	for rows.Next() {
		var id string
		var kind proposal.Kind
		var act Act
		var input json.RawMessage
		if err := rows.Scan(&id, &kind, &act.Name.ZH, &act.Name.EN, instant{&act.At}, &act.On, &input); err != nil {
			return err
		}
		r := reasons[id]
		switch kind {
		case proposal.Accept, proposal.Reassign:
			if act.At.After(r.Given.At) {
				r.Given = act
			}
		case proposal.ApproveAssignment:
			r.Assigned = act
		case proposal.Urge:
			var said struct{ Text string }
			if err := json.Unmarshal(input, &said); err != nil {
				return err
			}
			r.Urged, r.UrgeWords = act, said.Text
		}
	}
	return rows.Err()
}

// DayDone is what a person did on one day: what the empty desk says.
type DayDone struct{ Acts, Late int }

// DoneToday counts the cases that the person acted on today, and how many of those are late now.
func (s *Store) DoneToday(ctx context.Context, person proposal.PersonID) (d DayDone, err error) {
	today := calendar.DateOf(s.Now())
	err = s.pool.QueryRow(ctx, `
		select count(*), count(*) filter (where c.open and c.due < $3::date)
		from case_actors a join cases c on c.id = a.case_id where a.person = $1 and a.acted_at >= $2`,
		person, today.Start(), today).Scan(&d.Acts, &d.Late)
	return d, edge(err)
}
