package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Digest is a day as its reader finds it in the morning (每日汇总). Nothing that is done is in it.
type Digest struct {
	Day     calendar.Date
	Overdue []CaseRow // 已逾期
	Today   []CaseRow // 今天到期
	Week    []CaseRow // 本周到期, after today
	New     []CaseRow // 新到的 since the last digest, of those that are in none of the above
	Notices []Notice  // 别的消息: what the reader wants in the digest, unread
	Waiting []CaseRow // 等别人的
}

// Empty reports whether there is nothing to write about. That others are at work is no news by itself.
func (d Digest) Empty() bool {
	return len(d.Overdue)+len(d.Today)+len(d.Week)+len(d.New)+len(d.Notices) == 0
}

// digest gathers a reader's day.
func (s *Store) digest(ctx context.Context, l Mail, day calendar.Date, made time.Time) (Digest, error) {
	d := Digest{Day: day}
	last, err := s.lastDigest(ctx, l.Person.ID, day, made)
	if err != nil {
		return d, err
	}
	todo, err := s.Tasks(ctx, l.Person.ID, TaskFilter{Box: Todo, Limit: maxPageSize})
	if err != nil {
		return d, err
	}
	sunday := day.AddDays((7 - int(day.Weekday())) % 7)
	for _, row := range todo.Items {
		switch due := row.Task.Due; {
		case !due.IsZero() && due.Before(day):
			d.Overdue = append(d.Overdue, row)
		case due == day:
			d.Today = append(d.Today, row)
		case !due.IsZero() && !due.After(sunday):
			d.Week = append(d.Week, row)
		case row.Task.OpenedAt.After(last):
			d.New = append(d.New, row)
		}
	}
	if d.Notices, err = s.digestNotices(ctx, l, last); err != nil {
		return d, err
	}
	waiting, err := s.Tasks(ctx, l.Person.ID, TaskFilter{Box: Active, Limit: maxPageSize})
	d.Waiting = waiting.Items
	return d, err
}

// lastDigest is when the digest before was made; without one, a day ago.
func (s *Store) lastDigest(ctx context.Context, person proposal.PersonID, day calendar.Date, made time.Time) (last time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select max(made_at) from mails where person = $1 and day < $2 and not brief`, person, day).Scan(instant{&last})
	if last.IsZero() {
		last = made.AddDate(0, 0, -1)
	}
	return last, edge(err)
}

// digestNotices are the unread notices that came since and that the reader wants in the digest.
func (s *Store) digestNotices(ctx context.Context, l Mail, since time.Time) ([]Notice, error) {
	page, err := s.Notices(ctx, l.Person.ID, NoticeFilter{Unread: true, Limit: maxPageSize})
	var wanted []Notice
	for _, n := range page.Items {
		if n.At.After(since) && l.Settings.Channel(n.Kind) == ByDigest {
			wanted = append(wanted, n)
		}
	}
	return wanted, err
}
