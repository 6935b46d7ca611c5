package store

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

var _ outbox.Outbox = (*Store)(nil)

const (
	// freshNotice is how old a notice may be for a mail to be made of it: a mail server that was set up today sends nothing of
	// last month.
	freshNotice = 24 * time.Hour
	// tryLimit is how long the handing over of a mail may take; whoever has it in hand for longer is dead.
	tryLimit = 10 * time.Minute
)

// MakeMails implements outbox.Outbox. It is one statement: the notices it has locked get their mails and are marked, or
// neither.
func (s *Store) MakeMails(ctx context.Context) error {
	for {
		tag, err := s.pool.Exec(ctx, makeMails, pgx.NamedArgs{
			"now": s.Now().UTC(), "since": s.Now().Add(-freshNotice).UTC(), "today": calendar.DateOf(s.Now()), "usual": usual,
		})
		if err != nil || tag.RowsAffected() == 0 {
			return edge(err)
		}
	}
}

const makeMails = `
	with fresh as (
		select id, case_id, kind, role, pool, person, by, at, over from notices
		where posted_at is null order by id limit 200 for update skip locked
	), ` + readersOfFresh + `, made as (
		insert into mails (id, person, notice, made_at, due_at)
		select gen_random_uuid(), p.id, n.id, @now, @now
		from covered a join fresh n on n.id = a.id join people p on p.id = a.person and p.active
		left join people_settings c on c.person = p.id
		where p.email <> '' and n.by is distinct from p.id and n.at > @since and n.over = ''
			and coalesce(c.channels ->> n.kind, @usual::jsonb ->> n.kind) = 'mail'
		on conflict do nothing
	)
	update notices set posted_at = @now where id in (select id from fresh)`

// readersOfFresh are two more tables of a query that has the table fresh of notices: in the second, covered, each notice with each who is told
// of it, and with whoever covers for them today.
const readersOfFresh = `told as (
		select n.id, p.id as person from fresh n join people p on p.active and (
			n.person = p.id or n.person is null and n.role = any (p.roles) and case
				when n.role = 'leader_in_charge' then n.pool = '' or n.pool = any (p.field)
				when n.role in ('division_head', 'handler') then n.pool = coalesce(p.division, '')
				else true end)
	), covered as (
		select id, person from told
		union
		select t.id, x.proxy from told t join fresh n on n.id = t.id join proxies x on x.principal = t.person
		where x.confirmed_at is not null and x.revoked_at is null and @today::date between x.from_date and x.to_date and (x.case_id is null or x.case_id = n.case_id)
	)`

// MakeDigests implements outbox.Outbox: those of people's own tasks, and those of who supervises. Who missed the hour by half a day gets none: the
// next morning has the next.
func (s *Store) MakeDigests(ctx context.Context, day calendar.Date, minute int) (made int, err error) {
	briefed, err := s.briefed(ctx, day)
	if err != nil {
		return 0, err
	}
	tag, err := s.pool.Exec(ctx, `
		insert into mails (id, person, day, brief, made_at, due_at)
		select gen_random_uuid(), p.id, $1, w.brief, $2, $2
		from people p left join people_settings c on c.person = p.id cross join (values (false), (true)) w (brief)
		where p.active and p.email <> '' and p.id <> $4 and coalesce(c.digest_at, $5) between $3::integer - 720 and $3::integer
			and case when w.brief then p.roles && $6::text[] and coalesce(c.brief, '') = any ($7::text[]) else coalesce(c.digest, true) end
		on conflict do nothing`, day, s.Now().UTC(), minute, DeputyAccount, DigestAt, Overseers, notNil(briefed))
	return int(tag.RowsAffected()), edge(err)
}

// DueMails implements outbox.Outbox.
func (s *Store) DueMails(ctx context.Context, limit int) ([]string, error) {
	now := s.Now().UTC()
	if _, err := s.pool.Exec(ctx, `
		update mails set state = 'unsure', ended_at = $1 where state = 'trying' and tried_at < $2`, now, now.Add(-tryLimit)); err != nil {
		return nil, edge(err)
	}
	rows, err := s.pool.Query(ctx, `
		select id::text from mails where state = 'waiting' and due_at <= $1 order by due_at, made_at limit $2`, now, limit)
	if err != nil {
		return nil, edge(err)
	}
	due, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return due, edge(err)
}

// TryMail implements outbox.Outbox.
func (s *Store) TryMail(ctx context.Context, id string) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		update mails set state = 'trying', tried_at = $2 where id = $1 and state = 'waiting'`, id, s.Now().UTC())
	return tag.RowsAffected() == 1, edge(err)
}

// DelayMail implements outbox.Outbox.
func (s *Store) DelayMail(ctx context.Context, id string, until time.Time, answer string) error {
	_, err := s.pool.Exec(ctx, `
		update mails set state = 'waiting', tries = tries + 1, due_at = $2, answer = $3 where id = $1 and state in ('waiting', 'trying')`,
		id, until.UTC(), answer)
	return edge(err)
}

// EndMail implements outbox.Outbox.
func (s *Store) EndMail(ctx context.Context, id string, as outbox.MailState, why, answer string) error {
	_, err := s.pool.Exec(ctx, `
		update mails set state = $2, why = $3, answer = $4, ended_at = $5 where id = $1 and state in ('waiting', 'trying')`,
		id, as, why, answer, s.Now().UTC())
	return edge(err)
}

// MailTries implements outbox.Outbox.
func (s *Store) MailTries(ctx context.Context, id string) (tries int, since time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select tries, made_at from mails where id = $1`, id).Scan(&tries, instant{&since})
	return tries, since, edge(err)
}

// Mail is a mail as it would be written now.
type Mail struct {
	Person   Person
	Settings Settings
	Notice   *Notice // what it tells of, or else
	Digest   *Digest // the day's, or else
	Brief    *Brief  // of who supervises
	Link     *MailedLink
	Dropped  string // why it must not go out; then there is nothing else
}

// MailedLink is a link behind which the reader of a mail chooses a password.
type MailedLink struct {
	Secret string
	Until  time.Time // UTC
}

// Why a mail does not go out. The texts are stored.
const (
	dropGone   = "gone"   // the reader has left, has no address, or is not the one to tell any more
	dropOff    = "off"    // the reader does not want it by mail any more
	dropDone   = "done"   // what the notice asks for is done
	dropRead   = "read"   // it was read in the inbox
	dropHidden = "hidden" // the reader may not open the case any more
	dropLate   = "late"   // a digest of another day
	dropLink   = "link"   // a link that another has followed, that was used or has run out, or of somebody whose address has changed
	DropEmpty  = "empty"  // a digest of nothing; that of who supervises is empty once it is put into words
)

// Mail looks at a mail with the eyes of now: what is done, read or no longer the reader's is not sent.
func (s *Store) Mail(ctx context.Context, id string) (l Mail, err error) {
	var person proposal.PersonID
	var notice *int64
	var day calendar.Date
	var brief, link bool
	var made time.Time
	err = s.pool.QueryRow(ctx, `select person::text, notice, day, brief, link, made_at from mails where id = $1`, id).
		Scan(&person, &notice, &day, &brief, &link, instant{&made})
	if err != nil {
		return l, edge(err)
	}
	if l.Person, err = s.Person(ctx, person); err != nil {
		return l, err
	}
	if l.Settings, err = s.Settings(ctx, person); err != nil {
		return l, err
	}
	switch {
	case !l.Person.Active || l.Person.Email == "":
		l.Dropped = dropGone
	case notice != nil:
		l.Notice, l.Dropped, err = s.mailNotice(ctx, l, *notice)
	case link:
		l.Link, l.Dropped, err = s.mailedLink(ctx, id)
	case day != calendar.DateOf(s.Now()):
		l.Dropped = dropLate
	case brief:
		err = s.mailBrief(ctx, &l, day)
	case !l.Settings.Digest:
		l.Dropped = dropOff
	default:
		var d Digest
		if d, err = s.digest(ctx, l, day, made); d.Empty() {
			l.Dropped = DropEmpty
		}
		l.Digest = &d
	}
	return l, err
}

// mailedLink makes the secret of a link that is about to go out, or says why it must not. A mail that waited is written anew, with another secret; one
// whose text may be going out keeps the one that it has, and nobody sends it again.
func (s *Store) mailedLink(ctx context.Context, id string) (*MailedLink, string, error) {
	link := MailedLink{Secret: rand.Text()}
	waits := false
	err := s.pool.QueryRow(ctx, `
		with made as (
			update password_links l set sha256 = $2 from mails m join people p on p.id = m.person
			where m.id = $1 and m.state = 'waiting' and l.person = m.person and l.made_at = m.made_at and l.sent_to = p.email and l.expires_at > $3
			returning l.expires_at
		)
		select state = 'waiting', (select expires_at from made) from mails where id = $1`, id, secretHash(link.Secret), s.Now().UTC()).
		Scan(&waits, instant{&link.Until})
	if err != nil {
		return nil, "", edge(err)
	}
	if waits && link.Until.IsZero() {
		return nil, dropLink, nil
	}
	return &link, "", nil
}

// mailBrief says which digest of who supervises a mail is, if they still want it.
func (s *Store) mailBrief(ctx context.Context, l *Mail, day calendar.Date) error {
	usual, first, err := s.briefDay(ctx, day)
	if err != nil {
		return err
	}
	weekly, comes := briefing(l.Settings.Brief, usual, first)
	if !comes || !l.Person.Oversees() {
		l.Dropped = dropOff
		return nil
	}
	brief, err := s.BriefOf(ctx, l.Person.ID, day, weekly)
	l.Brief = &brief
	return err
}

// mailNotice is the notice of a mail, or why it is not to be sent.
func (s *Store) mailNotice(ctx context.Context, l Mail, id int64) (*Notice, string, error) {
	n, mine, err := s.noticeFor(ctx, l.Person, id)
	switch {
	case err != nil:
		return nil, "", err
	case !mine:
		return nil, dropGone, nil
	case n.Hidden:
		return nil, dropHidden, nil
	case n.Over != "":
		return nil, dropDone, nil
	case n.Read:
		return nil, dropRead, nil
	case l.Settings.Channel(n.Kind) != ByMail:
		return nil, dropOff, nil
	}
	return &n, "", nil
}

// noticeFor is a notice as somebody is told of it; mine is false if they are not any more.
func (s *Store) noticeFor(ctx context.Context, reader Person, id int64) (n Notice, mine bool, err error) {
	_, args, err := s.noticeArgs(ctx, reader.ID, newest, 1)
	if err != nil {
		return n, false, err
	}
	args["id"] = id
	rows, err := s.pool.Query(ctx, `
		select `+noticeRow+`, exists (select from notice_reads r where r.notice = n.id and r.person = @person),
			`+mineOfNotice+` or exists (
				select from proxies x where x.proxy = @person and x.principal = n.person and x.case_id = n.case_id
					and x.confirmed_at is not null and x.revoked_at is null and @today::date between x.from_date and x.to_date)`+
		fromNotices+` where n.id = @id`, args)
	if err != nil {
		return n, false, edge(err)
	}
	n, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (Notice, error) {
		var read bool
		n, err := scanNotice(row, reader.Person, &read, &mine)
		n.Read = read
		return n, err
	})
	return n, mine, edge(err)
}

// UndeliveredMail is a mail that did not arrive, or of which nobody knows.
type UndeliveredMail struct {
	Person proposal.PersonID
	Name   Name
	Email  string
	At     time.Time
	State  outbox.MailState
	Why    string
	Answer string // the server's
}

// What may have become of a mail that did not arrive, for the pages, which do not know package outbox.
const (
	MailUnsure  = outbox.MailUnsure
	MailExpired = outbox.MailExpired
)

// MailQueue is how the mails do.
type MailQueue struct {
	Waiting int       // to be sent
	Again   int       // of them, those that the server did not take at first
	Since   time.Time // when the oldest of them was made; zero if none waits
	Sent    int       // today
	Failed  int       // in the last week, for good or so that nobody knows
}

// MailQueue counts the mails.
func (s *Store) MailQueue(ctx context.Context) (q MailQueue, err error) {
	err = s.pool.QueryRow(ctx, `
		select w.waiting, w.again, w.since,
			(select count(*) from mails where state = 'sent' and ended_at >= $1),
			(select count(*) from mails where state in ('failed', 'unsure') and ended_at > $2)
		from (
			select count(*) as waiting, count(*) filter (where tries > 0) as again, min(made_at) as since
			from mails where state in ('waiting', 'trying')) w`,
		calendar.DateOf(s.Now()).Start().UTC(), s.Now().Add(-troubleWindow).UTC()).
		Scan(&q.Waiting, &q.Again, instant{&q.Since}, &q.Sent, &q.Failed)
	return q, edge(err)
}

// troubleWindow is how long mails that did not arrive are shown.
const troubleWindow = 7 * 24 * time.Hour

// Undelivered lists the mails of the last week that did not arrive, the newest first: those of a person, or "" for everybody's.
func (s *Store) Undelivered(ctx context.Context, person proposal.PersonID) ([]UndeliveredMail, error) {
	rows, err := s.pool.Query(ctx, `
		select p.id::text, p.name, p.name_en, p.email, m.ended_at, m.state, m.why, m.answer from mails m join people p on p.id = m.person
		where m.state in ('failed', 'unsure') and m.ended_at > $2 and ($1::uuid is null or m.person = $1)
		order by m.ended_at desc limit $3`, orNull(person), s.Now().Add(-troubleWindow).UTC(), maxPageSize)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u UndeliveredMail, err error) {
		return u, row.Scan(&u.Person, &u.Name.ZH, &u.Name.EN, &u.Email, instant{&u.At}, &u.State, &u.Why, &u.Answer)
	})
	return all, edge(err)
}
