package store

import (
	"context"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// PublicReply is a published reply as it was on the day it was published: later changes to the case do not touch it.
type PublicReply struct {
	CaseID         string // also the last part of its address
	Title          string // 市人大十六届三次会议关于…的建议（第0392号）的答复
	Subject        string
	SessionName    string
	NumberName     string
	Noun           string // 建议 or 提案
	DocumentNumber string // 发文字号
	LeadDeputy     string
	CoSigners      []string
	Body           string // read with replytext.Paragraphs
	Agency         string // 机关全称, the signature
	Division       string // 承办处室
	ContactName    string
	ContactPhone   string
	SignedOn       calendar.Date
	PublishedOn    calendar.Date
	SHA256         string    // of the signed version
	PublishedAt    time.Time // true time, UTC
	Edition        int       // from 1; above it a correction, or the reply of a later round
	Note           string    // what a correction tells its readers
}

// onShow says that p is the newest edition of its case and was not taken down. An older one never comes back: it may hold what
// the newer was made to remove. Both look-ups are by primary key, so that a page of the list stays a range of its index.
const onShow = `
	not exists (select from publications n where n.case_id = p.case_id and n.edition > p.edition)
	and not exists (select from publication_takedowns t where t.case_id = p.case_id and t.edition = p.edition)`

// PublicItem is a line of the public list.
type PublicItem struct {
	CaseID      string
	Title       string
	Subject     string
	SessionName string
	NumberName  string
	LeadDeputy  string
	CoSigners   []string
	Division    string
	SignedOn    calendar.Date
	PublishedOn calendar.Date
}

// PublicFilter chooses a page of the public list. Empty fields do not filter.
type PublicFilter struct {
	Year  int    // of publication
	Query string // part of the title or a deputy's name
	After string
	Limit int // at most 500; 0: 100
}

// PublicList lists published replies, newest first.
func (s *Store) PublicList(ctx context.Context, f PublicFilter) (Page[PublicItem], error) {
	from, err := parsePlace(f.After, firstByDate, isDate, isUUID)
	if err != nil {
		return Page[PublicItem]{}, err
	}
	if f.Year < 0 || f.Year > 9999 {
		return Page[PublicItem]{}, invalid("year", proposal.FieldMalformed)
	}
	limit := pageLimit(f.Limit)
	where, args := `(published_on, case_id) < (@major::date, @minor::uuid) and `+onShow, pgx.NamedArgs{
		"major": from.major, "minor": from.minor, "limit": limit + 1,
	}
	if f.Year > 0 {
		where += ` and published_on between @first and @last`
		args["first"], args["last"] = calendar.NewDate(f.Year, 1, 1), calendar.NewDate(f.Year, 12, 31)
	}
	if text := strings.TrimSpace(f.Query); text != "" {
		where += ` and (title like @text or lead_deputy like @text or array_to_string(co_signers, ' ') like @text)`
		args["text"] = contains(text)
	}
	rows, err := s.pool.Query(ctx, `
		select case_id::text, title, subject, session_name, number_name, lead_deputy, co_signers, division, signed_on, published_on
		from publications p where `+where+` order by published_on desc, case_id desc limit @limit`, args)
	if err != nil {
		return Page[PublicItem]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PublicItem])
	return paged(items, limit, func(p PublicItem) string {
		return place{p.PublishedOn.String(), p.CaseID}.String()
	}), edge(err)
}

// PublicYear is a year that has published replies.
type PublicYear struct {
	Year    int
	Replies int
}

// PublicYears counts the published replies by year, newest first.
func (s *Store) PublicYears(ctx context.Context) ([]PublicYear, error) {
	rows, err := s.pool.Query(ctx, `
		select extract(year from published_on)::int as year, count(*)
		from publications p where `+onShow+` group by year order by year desc`)
	if err != nil {
		return nil, edge(err)
	}
	years, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PublicYear])
	return years, edge(err)
}

// PublicReply reads one published reply.
func (s *Store) PublicReply(ctx context.Context, id string) (PublicReply, error) {
	id, err := parseID(id)
	if err != nil {
		return PublicReply{}, err
	}
	rows, err := s.pool.Query(ctx, `
		select case_id::text, title, subject, session_name, number_name, noun, document_number, lead_deputy, co_signers, body,
			agency, division, contact_name, contact_phone, signed_on, published_on, sha256, published_at,
			edition, note
		from publications p where case_id = $1 and `+onShow, id)
	if err != nil {
		return PublicReply{}, edge(err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[PublicReply])
	p.PublishedAt = p.PublishedAt.UTC()
	return p, edge(err)
}

// PublicTakenDown reports whether a reply was published once and is not on show any more.
func (s *Store) PublicTakenDown(ctx context.Context, id string) (gone bool, err error) {
	if id, err = parseID(id); err != nil {
		return false, err
	}
	err = s.pool.QueryRow(ctx, `
		select exists (select from publications where case_id = $1) and not exists (select from publications p where case_id = $1 and `+onShow+`)`, id).
		Scan(&gone)
	return gone, edge(err)
}
