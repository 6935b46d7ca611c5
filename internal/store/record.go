package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// KeepFindings implements ledger.LockedCase. WithCase sends what it queues with the commit.
func (l *lockedCase) KeepFindings(findings []proposal.Finding) error {
	if len(findings) > 0 {
		l.write.Queue(`update actions set findings = $2 where id = $1`, l.action.ID, findings)
	}
	return nil
}

// Save implements ledger.LockedCase. It queues everything that an action changes; WithCase sends it with the commit.
func (l *lockedCase) Save(_ context.Context, next proposal.State, f proposal.Facts, o ledger.Outcome) error {
	outcome, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode outcome: %w", err)
	}
	event, err := l.event(string(l.action.Kind), l.action.By, l.action.ID, l.action.Input, f.Now)
	if err != nil {
		return err
	}
	// How the case stands after the event is kept, for whoever asks later how it stood. The state before it, kept for a recall, has a row of its own.
	stands := next
	stands.Prior = nil
	state, err := json.Marshal(stands)
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if err := l.tellWhatIsKept(next, state, f, &event); err != nil {
		return err
	}
	event.For, event.On, event.From, event.To = l.action.For, l.action.On.String(), l.state.Stage, next.Stage
	event.Proof = l.action.ProvedBy(f)
	hash := event.Hash(l.head)

	row, err := l.moved(next, event, hash)
	if err != nil {
		return err
	}
	if registration, ok := l.action.Input.(*proposal.Registration); ok {
		l.register(registration, row, f.Now)
	} else {
		l.write.Queue(moveCase, row)
	}
	l.queueEvent(event, hash, outcome)
	l.void(next, event)
	l.write.Queue(`insert into case_states (case_id, event_no, at, state) values ($1, $2, $3, $4)`, l.id, event.No, event.At, state)
	if err := l.details(next, f, event); err != nil {
		return err
	}
	l.moveTasks(next, f)
	l.notify(next, f, event)
	l.acts(next, event)
	l.write.Queue(forgetFacts, []string{l.id})
	l.write.Queue(keepFacts, []string{l.id})
	return nil
}

// acts notes who acted, and in which of the boxes those who acted before find the case now: a dissatisfied deputy opens it again.
func (l *lockedCase) acts(next proposal.State, e proposal.Event) {
	if l.action.By != "" {
		l.write.Queue(`
			insert into case_actors (person, case_id, acted_at, closed) values ($1, $2, $3, $4)
			on conflict (person, case_id) do update set acted_at = excluded.acted_at`,
			l.action.By, l.id, e.At, next.Stage.Ended())
	}
	if next.Stage.Ended() != l.state.Stage.Ended() {
		l.write.Queue(`update case_actors set closed = $2 where case_id = $1 and closed <> $2`, l.id, next.Stage.Ended())
	}
}

// event makes the next event of the case, which leaves it where it is.
func (l *lockedCase) event(kind string, by proposal.PersonID, actionID string, input any, at time.Time) (proposal.Event, error) {
	data, err := json.Marshal(input)
	if err != nil {
		return proposal.Event{}, fmt.Errorf("encode input: %w", err)
	}
	return proposal.Event{
		CaseID: l.id, No: l.events + 1, ActionID: actionID, Kind: kind, By: by,
		At:   at.UTC().Truncate(time.Microsecond), // as Postgres keeps it
		From: l.state.Stage, To: l.state.Stage, Input: data,
	}, nil
}

func (l *lockedCase) queueEvent(e proposal.Event, hash string, outcome []byte) {
	l.write.Queue(`
		insert into events (case_id, no, action_id, kind, by, acted_for, at, on_date, from_stage, to_stage, input, outcome, hash, proof)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.id, e.No, e.ActionID, e.Kind, orNull(e.By), orNull(e.For), e.At, orNull(e.On), e.From, e.To, []byte(e.Input), outcome, hash, e.Proof)
}

// appendEvent adds an event that does not move the case: its state keeps its sequence number.
func (l *lockedCase) appendEvent(e proposal.Event, outcome any) error {
	data, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("encode outcome: %w", err)
	}
	hash := e.Hash(l.head)
	l.queueEvent(e, hash, data)
	l.write.Queue(`update cases set event_count = $2, head = $3 where id = $1`, l.id, e.No, hash)
	return nil
}

// moveCase leaves the due dates of a clock that was taken away: a case that was withdrawn still tells by when it was owed.
const moveCase = `
	update cases set
		state = @state, stage = @stage, seq = @seq, round = @round, finished = @finished, lead_division = @lead_division,
		co_handling = @co_handling, handler = @handler, key_supervised = @key_supervised, money = @money, secrecy = @secrecy,
		cleared = @cleared, merged_with = @merged_with, reply_due = coalesce(@reply_due, reply_due),
		internal_due = coalesce(@internal_due, internal_due),
		due = coalesce(@due::date, 'infinity'), due_clock = @due_clock, rung_at = @rung_at, returned_from = @returned_from,
		last_by = @last_by, last_at = @last_at, last_kind = @last_kind, document_number = @document_number, closed_on = @closed_on,
		event_count = @event_count, head = @head
	where id = @id`

const insertCase = `
	insert into cases (id, body, level, term, session, intersession, number, title, subject, described, lead_deputy, co_signers,
		deputy_contact, second_contact, original_text, handling_type, key_supervised, money, secrecy, cleared, wish, late, assigned_on, registered_at, state, stage, seq, reply_due, due, due_clock, rung_at, last_by, last_at, last_kind,
		finished, lead_division, document_number, closed_on, event_count, head)
	values (@id, @body, @level, @term, @session, @intersession, @number, @title, @subject, @described, @lead_deputy, @co_signers,
		@deputy_contact, @second_contact, @original_text, @handling_type, @key_supervised, @money, @secrecy, @cleared, @wish, @late, @assigned_on, @registered_at, @state, @stage, @seq, @reply_due, coalesce(@due::date, 'infinity'),
		@due_clock, @rung_at, @last_by, @last_at, @last_kind, @finished, @lead_division, @document_number, @closed_on, @event_count, @head)`

// moved are the columns that an action may change.
func (l *lockedCase) moved(next proposal.State, e proposal.Event, hash string) (pgx.NamedArgs, error) {
	state, err := json.Marshal(next)
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	row := stateColumns(next)
	maps.Copy(row, pgx.NamedArgs{"id": l.id, "state": state, "event_count": e.No, "head": hash})
	return row, nil
}

// stateColumns are the columns of a case that follow from how it stands.
func stateColumns(next proposal.State) pgx.NamedArgs {
	row := pgx.NamedArgs{
		"stage": next.Stage, "seq": next.Seq, "round": max(1, next.Round), "finished": next.Finished(),
		"key_supervised": next.KeySupervised, "money": next.Money, "secrecy": next.Secrecy, "cleared": notNil(next.Cleared),
		"merged_with":   orNull(next.Merged),
		"lead_division": orNull(next.Lead), "co_handling": notNil(next.CoHandling), "handler": orNull(next.Handler),
		"reply_due": nil, "internal_due": nil, "due": nil, "due_clock": nil, "rung_at": nil,
		"returned_from": orNull(next.ReturnedFrom),
		"last_by":       orNull(next.Last.By), "last_at": next.Last.At, "last_kind": next.Last.Kind,
		"document_number": next.Number.String(), "closed_on": orNull(next.ClosedOn),
	}
	if c := next.ReplyDue(); c != nil {
		row["reply_due"] = c.Due()
	}
	if c := next.Clock(proposal.InternalClock); c != nil {
		row["internal_due"] = c.Due()
	}
	if c := next.DueNow(); c != nil {
		row["due"], row["due_clock"], row["rung_at"] = c.Due(), c.Kind, orNull(c.Rung)
	}
	return row
}

// register makes the case row, and the points as they were read from the original.
func (l *lockedCase) register(r *proposal.Registration, row pgx.NamedArgs, now time.Time) {
	key := r.RegisterKey.Canonical()
	registered := pgx.NamedArgs{
		"body": key.Body, "level": key.Level, "term": key.Term, "session": key.Session, "intersession": key.Intersession,
		"number": key.Number, "title": assembly.TitleAsAssigned(r.Title), "subject": assembly.BareSubject(r.Title), "described": r.Described, "lead_deputy": chinese.FoldName(r.LeadDeputy),
		"co_signers": foldNames(r.CoSigners), "deputy_contact": r.DeputyContact, "second_contact": r.SecondContact,
		"original_text": r.Text, "handling_type": r.HandlingType, "wish": r.Wish, "late": r.Late, "assigned_on": r.AssignedOn, "registered_at": now.UTC(),
	}
	maps.Copy(row, registered)
	l.write.Queue(insertCase, row)
	points := r.PointTexts()
	l.queuePoints(points, make([]bool, len(points)))
}

func foldNames(names []string) []string {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = chinese.FoldName(name)
	}
	return folded
}

func (l *lockedCase) queuePoints(points []string, confirmed []bool) {
	l.write.Queue(`
		insert into points (case_id, no, text, confirmed)
		select $1, no, text, confirmed from unnest($2::text[], $3::boolean[]) with ordinality as p (text, confirmed, no)`, l.id, points, confirmed)
}

// givenNumber is the document number that an action gave the reply, as its event tells it.
type givenNumber struct {
	proposal.DocumentNumber
	Round int  `json:"round"`
	Typed bool `json:"typed"` // somebody gave it, so that it may leave gaps
}

// given is the number that the action gives; nil for none.
func (l *lockedCase) given(next proposal.State) *givenNumber {
	if next.Number == l.state.Number || next.Number.Serial == 0 {
		return nil
	}
	n := &givenNumber{next.Number, max(1, next.Round), true}
	switch l.action.Input.(type) {
	case *proposal.NumberAssignment:
		n.Typed = next.Late || l.series.Given == proposal.OutsideNumber
	case *proposal.Registration, *proposal.Amendment:
	default:
		return nil // what it takes up again was given before
	}
	return n
}

// tellWhatIsKept has the event say what its action leaves in rows and does not say itself: how the case stands after it, the number that it gave, what a
// corrected fact was, and what a public page says.
func (l *lockedCase) tellWhatIsKept(next proposal.State, stands []byte, f proposal.Facts, e *proposal.Event) error {
	hash, err := stateHash(stands)
	if err != nil {
		return err
	}
	k := kept{State: hash, Given: l.given(next), Page: l.page(next, f)}
	if next.Prior != nil {
		k.Prior = next.Prior.Seq
	}
	if in, ok := l.action.Input.(*proposal.Amendment); ok {
		was := l.state.Register(f.Register).Says(in.Fact)
		k.Was = &was
	}
	told, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("encode what is kept: %w", err)
	}
	head := strings.TrimSuffix(string(e.Input), "}")
	if head != "{" {
		head += ","
	}
	e.Input = json.RawMessage(head + keptKey + string(told) + "}")
	return nil
}

// kept is what an event tells at its end besides what was said: under its hash, so that the rows are held that were made of it.
type kept struct {
	State string       `json:"state,omitempty"` // hash of how the case stood after it, without what a recall would take it back to
	Prior int          `json:"prior,omitempty"` // after how many actions it stood as a recall would have it again; 0: there is nothing to recall
	Given *givenNumber `json:"given,omitempty"`
	Was   *string      `json:"was,omitempty"` // of a corrected fact, as a form shows it
	Page  *publicPage  `json:"page,omitempty"`
}

// publicPage is what a public page says above and below the text of a reply, before anything is blacked out.
type publicPage struct {
	Title       string   `json:"title"`
	Subject     string   `json:"subject"`
	SessionName string   `json:"session_name"`
	NumberName  string   `json:"number_name"`
	Noun        string   `json:"noun"`
	LeadDeputy  string   `json:"lead_deputy"`
	CoSigners   []string `json:"co_signers"`

	// Where the register was corrected the page keeps these, and hides names as it hid those that stood there.
	Was   []string     `json:"was,omitempty"`
	Reply *publicReply `json:"reply,omitempty"`
}

// publicReply is what a public page says of the reply itself.
type publicReply struct {
	Version        int                 `json:"version"`
	SHA256         string              `json:"sha256"`
	Round          int                 `json:"round"`
	DocumentNumber string              `json:"document_number"`
	Agency         string              `json:"agency"`
	Division       proposal.DivisionID `json:"division"` // the page says its name
	SignedOn       calendar.Date       `json:"signed_on"`
	PublishedOn    calendar.Date       `json:"published_on"`
}

// page is what the public page says that the action makes; nil for none.
func (l *lockedCase) page(next proposal.State, f proposal.Facts) *publicPage {
	var p publicPage
	key, title := l.key, l.title
	switch in := l.action.Input.(type) {
	case *proposal.PublicationOrder, *proposal.Correction:
		p.LeadDeputy, p.CoSigners = l.proposers[0], l.proposers[1:]
		p.Reply = &publicReply{
			next.Draft, next.DraftSHA256, max(1, next.Round), next.Number.String(), f.Pack.Agency, next.LetterLead(), next.SignedOn, next.PublishedOn,
		}
	case *proposal.Amendment:
		if !in.Fact.OnReply(next.Handling) || next.Secrecy {
			return nil
		}
		is := l.state.Register(f.Register)
		p.Was = append([]string{is.LeadDeputy}, is.CoSigners...)
		is.Correct(in.Fact, in.Value)
		key, title = is.RegisterKey.Canonical(), assembly.TitleAsAssigned(is.Title)
		p.LeadDeputy, p.CoSigners = is.LeadDeputy, notNil(is.CoSigners)
	default:
		return nil
	}
	p.Title, p.Subject = f.Pack.ReplyTitle(key, next.Handling, title), assembly.BareSubject(title)
	p.SessionName, p.NumberName, p.Noun = key.SessionName(), key.NumberName(), key.Noun()
	return &p
}

// keptKey leads it in. No text holds these characters: the quotes of a text have a backslash before them.
const keptKey = `"kept":`

// saidBy is what the action said whose event has the input, without what else the event tells.
func saidBy(event string) string {
	said, _, more := strings.Cut(event, keptKey)
	if !more {
		return event
	}
	return strings.TrimSuffix(said, ",") + "}"
}

// numbered keeps the document number of the reply.
func (l *lockedCase) numbered(next proposal.State, e proposal.Event) {
	n := l.given(next)
	if n == nil {
		return
	}
	l.write.Queue(`
		insert into document_numbers (series, year, serial, case_id, round, typed, issued_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		n.Series, n.Year, n.Serial, l.id, n.Round, n.Typed, e.At)
}

// details writes what an action leaves besides the case row and its event.
func (l *lockedCase) details(next proposal.State, f proposal.Facts, e proposal.Event) error {
	switch in := l.action.Input.(type) {
	case *proposal.Consultation:
		l.consulted(in, e)
	case *proposal.NumberAssignment:
		if l.series.Given == proposal.WithoutNumber {
			return nil
		}
		// The year's end may pass between Facts and here; the engine then tries again, on the right counter.
		if next.Number.Year != l.serialYear {
			return fmt.Errorf("number of %d asked for, counter of %d locked", next.Number.Year, l.serialYear)
		}
		l.numbered(next, e)
	case *proposal.Registration:
		if next.Number.Serial > 0 {
			l.numbered(next, e)
		}
	case *proposal.ReviewPass:
		return l.edited(next, in.Edited, e)
	case *proposal.SendingBack:
		return l.edited(next, in.Edited, e)
	case *proposal.OpennessDecision:
		l.decideOpenness(next, e, in.Openness, in.Ground, in.Reason, in.Redactions)
	case *proposal.Reexamination:
		l.decideOpenness(next, e, in.Openness, in.Ground, in.Reason, nil)
	case *proposal.DispatchNote:
		l.promise(next, f, e)
	case *proposal.PublicationOrder:
		l.publish(l.page(next, f), e, nil, "")
	case *proposal.Correction:
		l.publish(l.page(next, f), e, in.Redactions, in.Note)
	case *proposal.Takedown:
		l.takeDown(in.Reason, e)
	case *proposal.SecrecyRequest:
		l.takeDown(in.Reason, e)
	case *proposal.Feedback:
		l.rated(in, next, e)
	case *proposal.CoSignerRating:
		l.ratedBeside(in, next, e)
	case *proposal.RatingCorrection:
		l.rated(&in.Feedback, next, e)
	case *proposal.Amendment:
		l.amend(in, next, f, e)
	case *proposal.ContactCorrection:
		l.correctContact(in, next, e)
	case *proposal.Recounting:
		l.recounted(next, e)
	case *proposal.Vacancy:
		l.release(in.Released(next, f))
	case *proposal.Handover:
		if in.Claimed(f) {
			l.write.Queue(`
				update tasks set claimed_by = $4, claimed_at = $5 where case_id = $1 and ask = $2 and ref = $3 and closed_at is null`,
				l.id, in.Task.Ask, in.Task.Ref, in.To, e.At)
		}
	default:
		l.opinion(next, e)
	}
	return nil
}

// edited keeps the text that was put in the place of the one in review, as the version that the rules gave it.
func (l *lockedCase) edited(next proposal.State, d *proposal.Draft, e proposal.Event) error {
	if d == nil || next.Draft == l.state.Draft {
		return nil
	}
	text := *d
	text.Version = next.Draft
	return l.insertDraft(SavedDraft{DraftInfo{next.Draft, next.DraftSHA256, e.By, e.At}, text})
}

// decideOpenness keeps what the openness reviewer decided, for the version that was looked at.
func (l *lockedCase) decideOpenness(next proposal.State, e proposal.Event, o proposal.Openness, ground, reason string, redactions []string) {
	if o != proposal.PartlyOpenReply {
		redactions = nil
	}
	l.write.Queue(`
		insert into openness_decisions (case_id, event_no, version, openness, ground, reason, redactions, by, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		l.id, e.No, next.Draft, o, ground, reason, notNil(redactions), e.By, e.At)
}

// promise keeps the commitments of the reply that went out, one for each strand that the rules began.
func (l *lockedCase) promise(next proposal.State, f proposal.Facts, e proposal.Event) {
	for i, p := range f.Draft.Commitments {
		ref := l.state.PromiseRef(i)
		if next.Strand(proposal.CommitmentStrand, ref) == nil {
			continue
		}
		l.write.Queue(`insert into commitments (case_id, ref, event_no, text, due_on) values ($1, $2, $3, $4, $5)`,
			l.id, ref, e.No, p.Text, p.DueOn)
	}
}

func (l *lockedCase) publish(p *publicPage, e proposal.Event, more []string, note string) {
	args := p.args(l.id, e)
	maps.Copy(args, pgx.NamedArgs{
		"version": p.Reply.Version, "sha256": p.Reply.SHA256, "round": p.Reply.Round, "more": notNil(more), "note": note,
		"document_number": p.Reply.DocumentNumber, "agency": p.Reply.Agency, "signed_on": p.Reply.SignedOn, "published_on": p.Reply.PublishedOn,
		"division": p.Reply.Division, "named_by": p.Reply.SignedOn.End(),
	})
	l.write.Queue(publish, args)
}

// args are what both ways to make a page take from it.
func (p *publicPage) args(caseID string, e proposal.Event) pgx.NamedArgs {
	return pgx.NamedArgs{
		"id": caseID, "published_at": e.At, "title": p.Title, "subject": p.Subject, "session_name": p.SessionName, "number_name": p.NumberName,
		"noun": p.Noun, "lead_deputy": p.LeadDeputy, "co_signers": p.CoSigners,
	}
}

// publish takes the snapshot, with everything blacked out that was ever blacked out of this version: by its openness review, by
// an earlier correction, by this one. A draft that is not there leaves its columns null, which the table refuses.
const publish = `
	insert into publications (case_id, edition, round, version, sha256, title, subject, session_name, number_name, noun,
		document_number, lead_deputy, co_signers, body, redactions, note, agency, division, contact_name, contact_phone, signed_on,
		published_on, published_at)
	select c.id, (select coalesce(max(edition), 0) + 1 from publications where case_id = c.id), @round, @version, @sha256,
		black_out(@title, r.words), black_out(@subject, r.words), @session_name, @number_name, @noun, @document_number,
		black_out(@lead_deputy, r.words), array(select black_out(name, r.words) from unnest(@co_signers::text[]) name),
		black_out(d.body, r.words), r.words, black_out(@note, r.words), @agency, coalesce((
			select e.now ->> 'name' from staff_events e where e.about = 'division' and e.subject = @division
			order by e.at < @named_by desc, case when e.at < @named_by then e.id else -e.id end desc limit 1), ''),
		black_out(d.contact_name, r.words), black_out(d.contact_phone, r.words),
		@signed_on, @published_on, @published_at
	from cases c
	left join drafts d on d.case_id = c.id and d.version = @version and d.sha256 = @sha256
	cross join lateral (
		select coalesce(array_agg(distinct word), '{}') as words from (
			select unnest(@more::text[]) as word
			union all
			select unnest(redactions) from publications where case_id = c.id and version = @version
			union all
			(select unnest(redactions) from openness_decisions
			where case_id = c.id and event_no = (
				select max(event_no) from openness_decisions where case_id = c.id and version = @version))) w) r
	where c.id = @id`

// takeDown takes the newest edition off the public page, if it is there.
func (l *lockedCase) takeDown(reason string, e proposal.Event) {
	l.write.Queue(`
		insert into publication_takedowns (case_id, edition, event_no, reason, by, at)
		select p.case_id, p.edition, $2, $3, $4, $5 from publications p where p.case_id = $1 and `+onShow, l.id, e.No, reason, e.By, e.At)
}

// rated keeps the deputy's rating; the link that it came by has done its work.
func (l *lockedCase) rated(b *proposal.Feedback, next proposal.State, e proposal.Event) {
	i := slices.IndexFunc(next.Strands, func(r proposal.Strand) bool {
		return r.Kind == proposal.FeedbackStrand && r.Last.Seq == next.Seq
	})
	round := next.Strands[i].Ref
	l.write.Queue(`
		insert into feedback (case_id, event_no, round, source, attitude, result, words, scan, by, at)
		values ($1, $2, $3::text::smallint, $4, $5, $6, $7, $8, $9, $10)`,
		l.id, e.No, round, b.Source, b.Attitude, b.Result, b.Words, b.Scan, e.By, e.At)
	l.write.Queue(`
		update deputy_links set used_at = $3 where case_id = $1 and round = $2::text::smallint and co_signer = '' and used_at is null`, l.id, round, e.At)
}

// ratedBeside keeps a co-signer's rating; the links that it may have come by have done their work.
func (l *lockedCase) ratedBeside(r *proposal.CoSignerRating, next proposal.State, e proposal.Event) {
	round := max(1, next.Round)
	l.write.Queue(`
		insert into co_signer_ratings (case_id, event_no, round, co_signer, source, attitude, result, words, scan, reason, by, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.id, e.No, round, r.CoSigner, r.Source, r.Attitude, r.Result, r.Words, r.Scan, r.Reason, e.By, e.At)
	l.write.Queue(`
		update deputy_links set used_at = $4 where case_id = $1 and round = $2 and co_signer = $3 and used_at is null`, l.id, round, r.CoSigner, e.At)
}

// opinion keeps a step of a co-opinion, if the action was one: the strand that it was about bears its number.
func (l *lockedCase) opinion(next proposal.State, e proposal.Event) {
	i := slices.IndexFunc(next.Strands, func(r proposal.Strand) bool {
		return r.Kind == proposal.OpinionStrand && r.Last.Seq == next.Seq
	})
	if i < 0 {
		return
	}
	var unit, question, text, figures, contact, reason string
	var points []int
	publish := false
	switch in := l.action.Input.(type) {
	case *proposal.OpinionRequest:
		unit, question, points = in.Unit, in.Question, in.Points
	case *proposal.WrittenOpinion:
		text, figures, contact, publish = in.Text, in.Figures, in.Contact, in.Publish
	case *proposal.OpinionApproval:
		reason = in.Comment
	case *proposal.OpinionReturn:
		reason = in.Reason
	case *proposal.OpinionRedo:
		reason = in.Reason
	case *proposal.OpinionWaiver:
		reason = in.Reason
	case *proposal.OpinionCancellation:
		reason = in.Reason
	}
	l.write.Queue(`
		insert into opinions (case_id, event_no, ref, kind, round, unit, question, points, text, figures, contact, may_publish, reason,
			by, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		l.id, e.No, next.Strands[i].Ref, e.Kind, max(1, next.Round), unit, question, notNil(points), text, figures, contact, publish,
		reason, e.By, e.At)
}

// recounted writes down which deadlines a year's calendar has moved.
func (l *lockedCase) recounted(next proposal.State, e proposal.Event) {
	for _, c := range next.Clocks {
		old := l.state.ClockOf(c.Kind, c.Ref)
		if old == nil || old.Due() == c.Due() {
			continue
		}
		l.write.Queue(`
			insert into calendar_moves (year, case_id, clock, ref, from_due, to_due, at) values ($1, $2, $3, $4, $5, $6, $7)`,
			c.Due().Year, l.id, c.Kind, c.Ref, old.Due(), c.Due(), e.At)
	}
}

// release puts back the tasks that somebody had taken.
func (l *lockedCase) release(tasks []proposal.Task) {
	for _, t := range tasks {
		l.write.Queue(`
			update tasks set claimed_by = null, claimed_at = null where case_id = $1 and ask = $2 and ref = $3 and closed_at is null`,
			l.id, t.Ask, t.Ref)
	}
}

// consulted keeps an attempt to reach the deputy. One that did confirms the points and tells the deputy's wish.
func (l *lockedCase) consulted(v *proposal.Consultation, e proposal.Event) {
	held := v.At.UTC()
	if v.At.IsZero() {
		held = e.At
	}
	l.write.Queue(`
		insert into consultations (case_id, event_no, mode, held_at, outcome, spoke_with, call_back_at, words, points, wish, by, seconds, checks, met_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.id, e.No, v.Mode, held, v.Outcome, v.SpokeWith, orNull(v.CallBackAt), v.Words, notNil(v.Points), v.Wish, e.By, v.Seconds, notNil(v.Checks), v.MetBy)
	if v.Outcome == proposal.ContactReached {
		l.write.Queue(`delete from points where case_id = $1`, l.id)
		l.queuePoints(v.Points, v.Confirmed())
		l.write.Queue(`update cases set wish = $2 where id = $1`, l.id, v.Wish)
	}
}

// moveTasks closes the tasks that were done and opens those that the new state asks for. A task that is still the same stays,
// with its claim.
func (l *lockedCase) moveTasks(next proposal.State, f proposal.Facts) {
	want := proposal.TasksOf(next, f.Pack)
	for _, t := range l.tasks {
		i := slices.Index(want, t.Rules())
		if i < 0 {
			l.write.Queue(`update tasks set closed_at = $2 where id = $1`, t.ID, f.Now.UTC())
			continue
		}
		due, call := proposal.TaskDue(want[i], next), proposal.TaskCallBack(want[i], next)
		if due != t.Due || !call.Equal(t.CallBackAt) {
			l.write.Queue(`update tasks set due = coalesce($2::date, 'infinity'), call_back_at = $3 where id = $1`, t.ID, orNull(due), orNull(call))
		}
		want = slices.Delete(want, i, i+1)
	}
	for _, t := range want {
		l.write.Queue(`
			insert into tasks (case_id, ask, ref, role, division, person, due, call_back_at, opened_at)
			values ($1, $2, $3, $4, $5, $6, coalesce($7::date, 'infinity'), $8, $9)`,
			l.id, t.Ask, t.Ref, t.Role, orNull(t.Division), orNull(t.Person), orNull(proposal.TaskDue(t, next)),
			orNull(proposal.TaskCallBack(t, next)), f.Now.UTC())
	}
}

// alreadyRegistered names the case that bears the number that a registration brought, or that key was corrected to.
func (s *Store) alreadyRegistered(ctx context.Context, key assembly.RegisterKey, a proposal.Action, cause error) error {
	switch in := a.Input.(type) {
	case *proposal.Registration:
		key = in.RegisterKey
	case *proposal.Amendment:
		r := proposal.RegisterRow{Registration: proposal.Registration{RegisterKey: key}}
		r.Correct(in.Fact, in.Value)
		key = r.RegisterKey
	default:
		return cause
	}
	id, err := s.CaseByKey(ctx, key)
	if err != nil {
		return errors.Join(err, cause)
	}
	state, err := s.State(ctx, id)
	if err != nil {
		return errors.Join(err, cause)
	}
	return &proposal.Refusal{
		Code: proposal.AlreadyRegistered, Case: id, By: state.Last.By, At: state.Last.At, Did: state.Last.Kind, Stage: state.Stage,
	}
}

// notNil makes a missing list an empty one: lists are never NULL.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
