package store

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// queueMending asks for what a correction rests on: what the register says, and how the case stood before what is taken back.
func (l *lockedCase) queueMending(b *pgx.Batch, m proposal.Mentions, facts *proposal.Facts) {
	if m.Register {
		r := &facts.Register
		b.Queue(`
			select body, level, term, session, intersession, number, title, described, lead_deputy, co_signers, deputy_contact,
				second_contact, original_text, wish,
				array(select text from points where case_id = cases.id order by no)
			from cases where id = $1`, l.id).QueryRow(func(row pgx.Row) error {
			return optional(row.Scan(&r.Body, &r.Level, &r.Term, &r.Session, &r.Intersession, &r.Number, &r.Title, &r.Described,
				&r.LeadDeputy, &r.CoSigners, &r.DeputyContact, &r.SecondContact, &r.Text, &r.Wish, &r.Points))
		})
	}
	if m.Talks {
		b.Queue(`select event_no, outcome, mode, held_at, spoke_with, call_back_at, words, met_by from talks where case_id = $1 order by event_no`, l.id).
			Query(func(rows pgx.Rows) (err error) {
				facts.Talks, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t proposal.Talk, err error) {
					return t, row.Scan(&t.No, &t.Outcome, &t.Mode, instant{&t.At}, &t.SpokeWith, instant{&t.CallBackAt}, &t.Words, &t.MetBy)
				})
				return err
			})
	}
	before := `select state from case_states where case_id = $1 and event_no < (`
	after := `) order by event_no desc limit 1`
	scan := func(row pgx.Row) error { return optional(row.Scan(&facts.Before)) }
	switch {
	case m.Before.End:
		b.Queue(before+`
			select max(no) from events where case_id = $1 and to_stage in ('returned', 'withdrawn', 'closed') and from_stage <> to_stage`+after,
			l.id).QueryRow(scan)
	case m.Before.Regroup:
		b.Queue(before+`
			select max(no) from events where case_id = $1 and kind = 'regroup' and input ->> 'back' is null`+after, l.id).QueryRow(scan)
	case m.Before.Rating:
		b.Queue(before+`
			select max(event_no) from feedback where case_id = $1 and ($2 = '' or round::text = $2)`+after, l.id, m.Before.Ref).QueryRow(scan)
	}
}

// amend writes the corrected fact, what it was, and the public page anew if it says it.
func (l *lockedCase) amend(in *proposal.Amendment, next proposal.State, f proposal.Facts, e proposal.Event) {
	was := l.state.Register(f.Register)
	is := was
	is.Correct(in.Fact, in.Value)
	l.write.Queue(`
		insert into amendments (case_id, event_no, fact, was, value, reason, source, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		l.id, e.No, in.Fact, was.Says(in.Fact), is.Says(in.Fact), in.Reason, in.Source, e.By, e.At)
	key := is.RegisterKey.Canonical()
	l.key = key
	l.write.Queue(`
		update cases set body = @body, level = @level, term = @term, session = @session, intersession = @intersession, number = @number,
			title = @title, subject = @subject, described = @described, lead_deputy = @lead_deputy, co_signers = @co_signers,
			deputy_contact = @deputy_contact, second_contact = @second_contact, original_text = @text, handling_type = @handling_type,
			wish = @wish, assigned_on = @assigned_on
		where id = @id`, pgx.NamedArgs{
		"id": l.id, "body": key.Body, "level": key.Level, "term": key.Term, "session": key.Session, "intersession": key.Intersession,
		"number": key.Number, "title": assembly.TitleAsAssigned(is.Title), "subject": assembly.BareSubject(is.Title), "described": is.Described, "lead_deputy": is.LeadDeputy,
		"co_signers": notNil(is.CoSigners), "deputy_contact": is.DeputyContact, "second_contact": is.SecondContact, "text": is.Text,
		"handling_type": next.Handling, "wish": is.Wish, "assigned_on": next.AssignedOn,
	})
	if in.Fact == proposal.FactPoints {
		l.write.Queue(`
			with old as (delete from points where case_id = $1 returning text, confirmed)
			insert into points (case_id, no, text, confirmed)
			select $1, no, p.text, coalesce((select bool_or(confirmed) from old where old.text = p.text), false)
			from unnest($2::text[]) with ordinality as p (text, no)`, l.id, is.Points)
	}
	l.numbered(next, e)
	if p := l.page(next, f); p != nil {
		args := p.args(l.id, e)
		args["was"] = p.Was
		l.write.Queue(republish, args)
	}
}

// correctContact keeps how an attempt to reach the deputy was. The points are confirmed if it reached the deputy after all, and are not if
// nobody did.
func (l *lockedCase) correctContact(in *proposal.ContactCorrection, next proposal.State, e proposal.Event) {
	l.write.Queue(`
		insert into contact_corrections (case_id, event_no, talk, outcome, mode, held_at, spoke_with, call_back_at, words, reason, by, at, met_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		l.id, e.No, in.Talk, in.Outcome, in.Mode, in.At.UTC(), in.SpokeWith, orNull(in.CallBackAt), in.Words, in.Reason, e.By, e.At, in.MetBy)
	if next.Consulted != l.state.Consulted {
		l.write.Queue(`update points set confirmed = $2 where case_id = $1`, l.id, next.Consulted)
	}
}

// republish puts the public page of a reply in the place of the one before, with what the register says now. Nothing is put there
// that is not, or no longer, public; a name that takes the place of one that was blacked out is blacked out.
const republish = `
	insert into publications (case_id, edition, round, version, sha256, title, subject, session_name, number_name, noun,
		document_number, lead_deputy, co_signers, body, redactions, note, agency, division, contact_name, contact_phone, signed_on,
		published_on, published_at)
	select p.case_id, p.edition + 1, p.round, p.version, p.sha256, black_out(@title, r.words), black_out(@subject, r.words),
		@session_name, @number_name, @noun, p.document_number, black_out(@lead_deputy, r.words),
		array(select black_out(name, r.words) from unnest(@co_signers::text[]) name), black_out(p.body, r.words), r.words,
		black_out(p.note, r.words), p.agency, p.division, p.contact_name, p.contact_phone, p.signed_on, p.published_on, @published_at
	from publications p
	cross join lateral (
		select p.redactions || array(
			select name from unnest(@lead_deputy::text || @co_signers::text[]) name
			where name <> all (@was::text[]) and exists (select from unnest(@was::text[]) old where black_out(old, p.redactions) <> old)) as words) r
	where p.case_id = @id and p.edition = (select max(edition) from publications where case_id = @id)
		and not exists (select from publication_takedowns t where t.case_id = p.case_id and t.edition = p.edition)`

// void keeps the number that a reply had and never bore: it was not sent, or the file of a finished case says another.
func (l *lockedCase) void(next proposal.State, e proposal.Event) {
	n := l.state.Number
	if n.Serial == 0 || next.Number == n || l.state.Archive == nil && !l.state.DispatchedOn.IsZero() {
		return
	}
	l.write.Queue(`
		insert into voided_numbers (series, year, serial, case_id, event_no, by, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		n.Series, n.Year, n.Serial, l.id, e.No, e.By, e.At)
}

// CaseIDFor is the id of the case that bears the key, or the first of the candidates that no other case has: a case whose number
// was corrected keeps the id that its old number gave it.
func (s *Store) CaseIDFor(ctx context.Context, key assembly.RegisterKey, candidate func(n int) string) (string, error) {
	id, err := s.CaseByKey(ctx, key)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, errNotFound) {
		return "", err
	}
	for n := 0; ; n++ {
		id := candidate(n)
		var taken bool
		if err := s.pool.QueryRow(ctx, `select exists (select from cases where id = $1)`, id).Scan(&taken); err != nil {
			return "", edge(err)
		}
		if !taken {
			return id, nil
		}
		// It may have been registered under this very key since the key was looked for.
		if id, err := s.CaseByKey(ctx, key); !errors.Is(err, errNotFound) {
			return id, err
		}
	}
}
