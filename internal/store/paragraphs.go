package store

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// StandardParagraph is an edition of a paragraph that replies may be written with (常用段落).
type StandardParagraph struct {
	ID         string // of the edition
	Line       string // of the paragraph: the ID of its first edition
	Edition    int
	Topic      string
	Title      string
	Text       string
	Source     string
	Division   proposal.DivisionID // "" for the whole bureau's
	ValidUntil calendar.Date       // the last day on which it may be put into a reply
	By         proposal.PersonID
	ByName     Name
	At         time.Time
	Newer      int              // the newest edition, when this is not it; 0
	Retired    *ParagraphEnding // nil while it is in use
	Cases      int              // in how many cases any of its editions was used
}

// ParagraphEnding says that a paragraph is no longer to be used, and why.
type ParagraphEnding struct {
	Reason string
	By     proposal.PersonID
	ByName Name
	At     time.Time
}

// Usable reports whether it may be put into a reply on the day.
func (p StandardParagraph) Usable(on calendar.Date) bool {
	return p.Retired == nil && p.Newer == 0 && !on.After(p.ValidUntil)
}

// ParagraphFilter chooses paragraphs: the newest editions, those in use first.
type ParagraphFilter struct {
	Text     string // found in title, text, topic or source
	Topic    string
	Division proposal.DivisionID // its own and the whole bureau's; "": all
	Retired  bool                // those no longer in use too
}

const (
	paragraphColumns = `
		p.id::text, p.line::text, p.edition, p.topic, p.title, p.text, p.source, coalesce(p.division, ''), p.valid_until, p.by::text,
		w.name, w.name_en, p.at, (select nullif(max(edition), p.edition) from standard_paragraphs n where n.line = p.line),
		r.reason, r.by::text, rw.name, rw.name_en, r.at,
		(select count(distinct u.case_id) from paragraph_uses u join standard_paragraphs e on e.id = u.edition where e.line = p.line)`

	fromParagraphs = `
		from standard_paragraphs p
		join people w on w.id = p.by
		left join paragraph_retirements r on r.line = p.line
		left join people rw on rw.id = r.by`
)

func scanParagraph(row pgx.CollectableRow) (p StandardParagraph, err error) {
	var newer *int
	var reason, endedBy, name, nameEN *string
	var ended time.Time
	err = row.Scan(&p.ID, &p.Line, &p.Edition, &p.Topic, &p.Title, &p.Text, &p.Source, &p.Division, &p.ValidUntil, &p.By,
		&p.ByName.ZH, &p.ByName.EN, instant{&p.At}, &newer, &reason, &endedBy, &name, &nameEN, instant{&ended}, &p.Cases)
	if newer != nil {
		p.Newer = *newer
	}
	if reason != nil {
		p.Retired = &ParagraphEnding{*reason, proposal.PersonID(*endedBy), Name{*name, *nameEN}, ended}
	}
	return p, err
}

// Paragraphs lists the newest editions by topic and title.
func (s *Store) Paragraphs(ctx context.Context, f ParagraphFilter) ([]StandardParagraph, error) {
	rows, err := s.pool.Query(ctx, `select`+paragraphColumns+fromParagraphs+`
		where not exists (select from standard_paragraphs n where n.line = p.line and n.edition > p.edition)
			and ($1 = '' or p.title || ' ' || p.topic || ' ' || p.text || ' ' || p.source ilike $2)
			and ($3 = '' or p.topic = $3) and ($4 = '' or p.division is null or p.division = any (with_taken_over($4))) and ($5 or r.line is null)
		order by r.line is not null, p.topic, p.title, p.id`,
		f.Text, contains(f.Text), f.Topic, string(f.Division), f.Retired)
	if err != nil {
		return nil, edge(err)
	}
	list, err := pgx.CollectRows(rows, scanParagraph)
	return list, edge(err)
}

// Paragraph returns one edition.
func (s *Store) Paragraph(ctx context.Context, id string) (StandardParagraph, error) {
	id, err := parseID(id)
	if err != nil {
		return StandardParagraph{}, err
	}
	rows, err := s.pool.Query(ctx, `select`+paragraphColumns+fromParagraphs+` where p.id = $1`, id)
	if err != nil {
		return StandardParagraph{}, edge(err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanParagraph)
	return p, edge(err)
}

// ParagraphUse is an edition that was put into the reply of a case.
type ParagraphUse struct {
	StandardParagraph
	UsedBy proposal.PersonID
	UsedAt time.Time
}

// ParagraphsUsed lists what was put into the reply of a case.
func (s *Store) ParagraphsUsed(ctx context.Context, caseID string) ([]ParagraphUse, error) {
	id, err := parseID(caseID)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `select`+paragraphColumns+`, u.by::text, u.at`+fromParagraphs+`
		join paragraph_uses u on u.edition = p.id where u.case_id = $1 order by u.at, p.id`, id)
	if err != nil {
		return nil, edge(err)
	}
	uses, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u ParagraphUse, err error) {
		u.StandardParagraph, err = scanParagraph(&withMore{row, []any{&u.UsedBy, instant{&u.UsedAt}}})
		return u, err
	})
	return uses, edge(err)
}

// withMore scans what was selected after the columns of a scan.
type withMore struct {
	pgx.CollectableRow
	more []any
}

func (w *withMore) Scan(dest ...any) error { return w.CollectableRow.Scan(append(dest, w.more...)...) }

// SaveParagraph writes a paragraph, or the next edition of the paragraph p.Line; p.Edition is then the edition that it was written on
// top of. Repeating an action id changes nothing. Refusals: InvalidInput; NotFound for no such paragraph; StaleForm with By and At if somebody
// has written an edition since, or retired it.
func (s *Store) SaveParagraph(ctx context.Context, by proposal.PersonID, actionID string, p StandardParagraph) (StandardParagraph, error) {
	actionID, err := parseActionID(actionID)
	if err != nil {
		return p, err
	}
	if err := checkParagraph(p, calendar.DateOf(s.Now())); err != nil {
		return p, err
	}
	if done, err := s.Paragraph(ctx, actionID); err == nil {
		return done, nil
	}
	line, base := actionID, 0
	if p.Line != "" {
		newest, err := s.newestParagraph(ctx, p.Line)
		if err != nil {
			return p, err
		}
		if newest.Retired != nil {
			return p, &proposal.Refusal{Code: proposal.StaleForm, By: newest.Retired.By, At: newest.Retired.At}
		}
		if newest.Edition != p.Edition {
			return p, &proposal.Refusal{Code: proposal.StaleForm, By: newest.By, At: newest.At}
		}
		line, base = newest.Line, newest.Edition
	}
	_, err = s.pool.Exec(ctx, `
		insert into standard_paragraphs (id, line, edition, topic, title, text, source, division, valid_until, by, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
		actionID, line, base+1, p.Topic, p.Title, p.Text, p.Source, orNull(p.Division), p.ValidUntil, by, s.Now().UTC())
	if violation := (*pgconn.PgError)(nil); errors.As(err, &violation) && violation.ConstraintName == "standard_paragraphs_edition" {
		newest, err := s.newestParagraph(ctx, line)
		if err != nil {
			return p, err
		}
		return p, &proposal.Refusal{Code: proposal.StaleForm, By: newest.By, At: newest.At}
	}
	if err != nil {
		return p, edge(err)
	}
	return s.Paragraph(ctx, actionID)
}

func (s *Store) newestParagraph(ctx context.Context, line string) (StandardParagraph, error) {
	line, err := parseID(line)
	if err != nil {
		return StandardParagraph{}, err
	}
	rows, err := s.pool.Query(ctx, `select`+paragraphColumns+fromParagraphs+` where p.line = $1 order by p.edition desc limit 1`, line)
	if err != nil {
		return StandardParagraph{}, edge(err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, scanParagraph)
	return p, edge(err)
}

func checkParagraph(p StandardParagraph, today calendar.Date) error {
	var wrong []proposal.FieldError
	for _, f := range []struct {
		name, text string
		needed     bool
		max        int
	}{{"topic", p.Topic, true, proposal.MaxLine}, {"title", p.Title, true, proposal.MaxLine}, {"text", p.Text, true, proposal.MaxNote}, {"source", p.Source, false, proposal.MaxLine}} {
		switch {
		case f.needed && strings.TrimSpace(f.text) == "":
			wrong = append(wrong, proposal.FieldError{Field: f.name, Code: proposal.FieldRequired})
		case utf8.RuneCountInString(f.text) > f.max:
			wrong = append(wrong, proposal.FieldError{Field: f.name, Code: proposal.FieldTooLong, Max: f.max})
		}
	}
	switch {
	case p.ValidUntil.IsZero():
		wrong = append(wrong, proposal.FieldError{Field: "valid_until", Code: proposal.FieldRequired})
	case p.ValidUntil.Before(today):
		wrong = append(wrong, proposal.FieldError{Field: "valid_until", Code: proposal.DayInPast})
	}
	if len(wrong) > 0 {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return nil
}

// RetireParagraph takes a paragraph out of use; saying it again changes nothing. Refusals: InvalidInput, NotFound.
func (s *Store) RetireParagraph(ctx context.Context, by proposal.PersonID, line, reason string) error {
	if err := checkWords("reason", strings.TrimSpace(reason)); err != nil {
		return err
	}
	newest, err := s.newestParagraph(ctx, line)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `insert into paragraph_retirements (line, reason, by, at) values ($1, $2, $3, $4) on conflict do nothing`,
		newest.Line, strings.TrimSpace(reason), by, s.Now().UTC())
	return edge(err)
}

// UseParagraph notes that an edition was put into the reply of a case. One that is expired, replaced or retired is not used: it is
// returned and tells which. Refusals: NotFound for an unknown one, or for who may not see all of the case.
func (s *Store) UseParagraph(ctx context.Context, by proposal.Person, caseID, edition string) (StandardParagraph, error) {
	state, err := s.State(ctx, caseID)
	if err != nil {
		return StandardParagraph{}, err
	}
	if !by.SeesAll(state) {
		return StandardParagraph{}, errNotFound
	}
	p, err := s.Paragraph(ctx, edition)
	if err != nil || !p.Usable(calendar.DateOf(s.Now())) {
		return p, err
	}
	_, err = s.pool.Exec(ctx, `insert into paragraph_uses (case_id, edition, by, at) values ($1, $2, $3, $4) on conflict do nothing`,
		caseID, p.ID, by.ID, s.Now().UTC())
	return p, edge(err)
}
