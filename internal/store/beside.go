package store

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Opinion is one co-opinion (会办意见) as it stands: what was asked, and the latest that was written. Its status is that of its
// strand.
type Opinion struct {
	Ref      string
	Round    int
	Unit     string // name of an outside unit; "" for a division of the bureau, whose code is Ref
	Question string
	Points   []int // which points it is asked about; empty: all
	Text     string
	Figures  string
	Contact  string
	Publish  bool
	Steps    []OpinionStep // everything that was done about it, in order
}

// OpinionStep is one act on a co-opinion.
type OpinionStep struct {
	Kind             proposal.Kind
	Text             string // as written then, with what came along
	Figures, Contact string
	Publish          bool
	Reason           string // of sending back, waiving, cancelling; comment of approving
	By               proposal.PersonID
	At               time.Time
}

// OpennessDecision is what the openness reviewer decided on a version.
type OpennessDecision struct {
	Version    int
	Openness   proposal.Openness
	Ground     string
	Reason     string
	Redactions []string
	By         proposal.PersonID
	At         time.Time
}

// Rating is what a proposer said of one round.
type Rating struct {
	CoSigner string // "": the lead
	Round    int
	Source   proposal.FeedbackSource
	Attitude proposal.Rating
	Result   proposal.Rating
	Words    string
	Scan     string // SHA-256 of an attachment
	By       proposal.PersonID
	At       time.Time
}

// Commitment is what a reply promised. By when it is due now, its clock says; where it stands, its strand.
type Commitment struct {
	Ref   string
	Text  string
	DueOn calendar.Date // as promised
}

// PublicationInfo is an edition of what the public reads, without its text.
type PublicationInfo struct {
	Edition     int
	Round       int
	Version     int
	PublishedOn calendar.Date
	PublishedAt time.Time
	Redactions  []string
	Note        string
	TakenDownAt time.Time // zero if it was not
	Reason      string    // of taking it down
}

// GroupMember is another case of a group that is researched together (并案). Who its deputies are is told there, to those who
// may know.
type GroupMember struct {
	CaseID  string
	Key     assembly.RegisterKey
	Subject string
	Stage   proposal.Stage
	Leads   bool

	state proposal.State // who may not see it is not told of it
}

// queueBeside asks for what ran beside the main way.
func (c *Case) queueBeside(b *pgx.Batch, id string) {
	c.queueOpinions(b, id)
	b.Queue(`
		select version, openness, ground, reason, redactions, by::text, at from openness_decisions where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Decisions, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d OpennessDecision, err error) {
				return d, row.Scan(&d.Version, &d.Openness, &d.Ground, &d.Reason, &d.Redactions, &d.By, instant{&d.At})
			})
			return err
		})
	b.Queue(`select distinct on (round) round, source, attitude, result, words, scan, by::text, at from feedback where case_id = $1
		order by round, event_no desc`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Feedback, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Rating, err error) {
				return r, row.Scan(&r.Round, &r.Source, &r.Attitude, &r.Result, &r.Words, &r.Scan, &r.By, instant{&r.At})
			})
			return err
		})
	b.Queue(`
		select co_signer, round, source, attitude, result, words, scan, by::text, at from co_signer_ratings where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.CoSignerRatings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Rating, err error) {
				return r, row.Scan(&r.CoSigner, &r.Round, &r.Source, &r.Attitude, &r.Result, &r.Words, &r.Scan, &r.By, instant{&r.At})
			})
			return err
		})
	b.Queue(`select ref, text, due_on from commitments where case_id = $1 order by event_no, length(ref), ref`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Commitments, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Commitment])
			return err
		})
	b.Queue(`
		select o.id::text, o.body, o.level, o.term, o.session, o.intersession, o.number, o.subject, o.stage, o.id = g.lead, o.state
		from (select coalesce(merged_with, id) as lead from cases where id = $1) g
		join cases o on o.id = g.lead or o.merged_with = g.lead
		where o.id <> $1 order by o.id <> g.lead, o.assigned_on, o.id`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Group, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m GroupMember, err error) {
				k := &m.Key
				return m, row.Scan(&m.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &m.Subject, &m.Stage, &m.Leads, &m.state)
			})
			return err
		})
}

// RatedBeside are the ratings of a round by its co-signers, of each the newest.
func (c *Case) RatedBeside(round int) []Rating {
	var list []Rating
	for _, r := range c.CoSignerRatings {
		if r.Round != round {
			continue
		}
		if i := slices.IndexFunc(list, func(o Rating) bool { return o.CoSigner == r.CoSigner }); i >= 0 {
			list[i] = r
			continue
		}
		list = append(list, r)
	}
	return list
}

// AskedBeside are the co-signers who have yet to rate the present round.
func (c *Case) AskedBeside() []string {
	return slices.DeleteFunc(slices.Clone(c.CoSigners), func(name string) bool {
		return slices.ContainsFunc(c.RatedBeside(max(1, c.State.Round)), func(r Rating) bool { return r.CoSigner == name })
	})
}

func (c *Case) queueOpinions(b *pgx.Batch, id string) {
	b.Queue(`
		select ref, round, kind, unit, question, points, text, figures, contact, may_publish, reason, by::text, at
		from opinions where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) error {
			at := map[string]int{} // index of a ref's opinion
			var o Opinion
			var step OpinionStep
			_, err := pgx.ForEachRow(rows, []any{
				&o.Ref, &o.Round, &step.Kind, &o.Unit, &o.Question, &o.Points, &o.Text, &o.Figures, &o.Contact, &o.Publish, &step.Reason,
				&step.By,
				instant{&step.At},
			}, func() error {
				step.Text, step.Figures, step.Contact, step.Publish = o.Text, o.Figures, o.Contact, o.Publish
				i, known := at[o.Ref]
				switch {
				case !known || step.Kind == proposal.AskOpinion:
					i = len(c.Opinions)
					at[o.Ref] = i
					c.Opinions = append(c.Opinions, o)
				case step.Kind == proposal.WriteOpinion:
					old := &c.Opinions[i]
					old.Text, old.Figures, old.Contact, old.Publish = o.Text, o.Figures, o.Contact, o.Publish
				}
				c.Opinions[i].Steps = append(c.Opinions[i].Steps, step)
				o.Points = nil
				return nil
			})
			return err
		})
}

// queueFiles asks for what was attached and what was published.
func (c *Case) queueFiles(b *pgx.Batch, id string) {
	b.Queue(`select `+attachmentInfo+` from attachments where case_id = $1 order by uploaded_at, id`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Attachments, err = pgx.CollectRows(rows, scanAttachment)
			return err
		})
	b.Queue(`
		select p.edition, p.round, p.version, p.published_on, p.published_at, p.redactions, p.note, t.at, coalesce(t.reason, '')
		from publications p left join publication_takedowns t on t.case_id = p.case_id and t.edition = p.edition
		where p.case_id = $1 order by p.edition desc`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Publications, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p PublicationInfo, err error) {
				return p, row.Scan(&p.Edition, &p.Round, &p.Version, &p.PublishedOn, instant{&p.PublishedAt}, &p.Redactions, &p.Note,
					instant{&p.TakenDownAt}, &p.Reason)
			})
			return err
		})
}

func (c *Case) queueCovers(b *pgx.Batch, id string, today calendar.Date) {
	b.Queue(`
		select x.proxy::text, m.id::text, m.roles, coalesce(m.division, ''), m.field, `+tookOfM+`
		from proxies x join people m on m.id = x.principal
		where x.case_id = $1 and x.confirmed_at is not null and x.revoked_at is null and $2 between x.from_date and x.to_date order by m.login`, id, today).
		Query(func(rows pgx.Rows) (err error) {
			c.Covers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Cover, err error) {
				p := &v.Principal
				return v, row.Scan(&v.Proxy, &p.ID, &p.Roles, &p.Division, &p.Field, &p.Took)
			})
			return err
		})
}
