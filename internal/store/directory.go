package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
)

// DirectoryFilter says which entries of a directory are read.
type DirectoryFilter struct {
	Kind    directory.Kind
	Query   string         // each of its words is in the name, the delegation, the post, or it is the term as it is said, 十六届
	Level   assembly.Level // "": of every assembly
	Term    int            // 0: of every term
	Offered bool           // only who may be chosen today
	From    int            // how many are passed over
	Limit   int            // 0: all
}

// DirectoryItem is an entry without how it is reached.
type DirectoryItem struct {
	directory.Entry
	HasPhone bool
}

const directoryRow = `id::text, kind, level, term, name, group_name, post, ended_on, end_note`

func scanDirectoryRow(e *directory.Entry) []any {
	return []any{&e.ID, &e.Kind, &e.Level, &e.Term, &e.Name, &e.Group, &e.Post, &e.EndedOn, &e.EndNote}
}

const directoryReach = `contact, phone, second, address, postcode, email`

func scanDirectoryReach(r *directory.Reach) []any {
	return []any{&r.Contact, &r.Phone, &r.Second, &r.Address, &r.Postcode, &r.Email}
}

// Directory lists entries without how they are reached: the newest term first, who is not offered any more last, then by name. total is how many there are
// with those that the limit leaves out.
func (s *Store) Directory(ctx context.Context, f DirectoryFilter) (items []DirectoryItem, total int, err error) {
	where, args := []string{`kind = $1`}, []any{f.Kind}
	and := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	for _, word := range strings.Fields(chinese.Fold(f.Query)) {
		if term := directory.ReadTerm(word); term > 0 && strings.HasSuffix(word, "届") {
			and(`term = $%d`, term)
			continue
		}
		and(`strpos(fold(concat_ws(E'\n', name, group_name, post)), fold($%d::text)) > 0`, word)
	}
	if f.Level != "" {
		and(`level = $%d`, f.Level)
	}
	if f.Term != 0 {
		and(`term = $%d`, f.Term)
	}
	today := calendar.DateOf(s.Now())
	if f.Offered {
		and(`(ended_on is null or ended_on > $%d)`, today)
	}
	args = append(args, today, f.From, orNull(f.Limit))
	n := len(args)
	rows, err := s.pool.Query(ctx, fmt.Sprintf(`
		select `+directoryRow+`, phone || second <> '', count(*) over () from directory_entries where `+strings.Join(where, " and ")+`
		order by coalesce(ended_on <= $%d, false), term desc, name, group_name, id offset $%d limit $%d`, n-2, n-1, n), args...)
	if err != nil {
		return nil, 0, edge(err)
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (i DirectoryItem, err error) {
		return i, row.Scan(append(scanDirectoryRow(&i.Entry), &i.HasPhone, &total)...)
	})
	if err == nil && len(items) == 0 && f.From > 0 { // no row past the end tells how many there are
		err = s.pool.QueryRow(ctx, `select count(*) from directory_entries where `+strings.Join(where, " and "), args[:n-3]...).Scan(&total)
	}
	return items, total, edge(err)
}

// DirectoryItem is one entry without how it is reached.
func (s *Store) DirectoryItem(ctx context.Context, id string) (i DirectoryItem, err error) {
	if id, err = parseID(id); err != nil {
		return i, err
	}
	err = s.pool.QueryRow(ctx, `select `+directoryRow+`, phone || second <> '' from directory_entries where id = $1`, id).
		Scan(append(scanDirectoryRow(&i.Entry), &i.HasPhone)...)
	return i, edge(err)
}

// LookUp is one entry with how it is reached, and tells of the look in the chain of what was changed of the bureau. by is empty for the command line.
func (s *Store) LookUp(ctx context.Context, by proposal.PersonID, id string) (entry directory.Entry, err error) {
	if id, err = parseID(id); err != nil {
		return entry, err
	}
	err = s.Edit(ctx, by, func(e *Edit) error {
		row := e.tx.QueryRow(ctx, `select `+directoryRow+`, `+directoryReach+` from directory_entries where id = $1`, id)
		if err := row.Scan(append(scanDirectoryRow(&entry), scanDirectoryReach(&entry.Reach)...)...); err != nil {
			return err
		}
		return e.tellLook(ctx, id, map[string]any{"kind": entry.Kind, "seen": true})
	})
	if err != nil {
		return directory.Entry{}, err // nobody sees what could not be written down
	}
	return entry, nil
}

// LookUpAll is a whole directory with how everybody is reached, as a file of it holds; the look is told.
func (s *Store) LookUpAll(ctx context.Context, by proposal.PersonID, kind directory.Kind) (entries []directory.Entry, err error) {
	err = s.Edit(ctx, by, func(e *Edit) error {
		if entries, err = e.Entries(ctx, kind); err != nil {
			return err
		}
		return e.tellLook(ctx, "", map[string]any{"kind": kind, "exported": len(entries)})
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

func (e *Edit) tellLook(ctx context.Context, id string, what map[string]any) error {
	_, err := e.tx.Exec(ctx, `select tell_staff('directory_look', $1, null, $2, $3)`, id, what, orNull(e.by))
	return err
}

// Entries is a whole directory with how everybody is reached, for whoever compares a list with it. Nobody may be shown it: see [Store.LookUpAll].
func (e *Edit) Entries(ctx context.Context, kind directory.Kind) ([]directory.Entry, error) {
	rows, err := e.tx.Query(ctx, `
		select `+directoryRow+`, `+directoryReach+` from directory_entries where kind = $1 order by term desc, level, group_name, name, id`, kind)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d directory.Entry, err error) {
		return d, row.Scan(append(scanDirectoryRow(&d), scanDirectoryReach(&d.Reach)...)...)
	})
}

// SaveEntry makes an entry of a directory, or changes the one with the id. It refuses wrong fields, and the name of somebody else of the same assembly,
// term and delegation.
func (e *Edit) SaveEntry(ctx context.Context, d directory.Entry) (id string, err error) {
	if wrong := d.Check(); len(wrong) > 0 {
		return "", &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	statement := `
		insert into directory_entries (id, kind, level, term, name, group_name, post, contact, phone, second, address, postcode, email, ended_on, end_note)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id::text`
	if d.ID == "" {
		d.ID = uuid.Must(uuid.NewV7()).String()
	} else {
		if d.ID, err = parseID(d.ID); err != nil {
			return "", err
		}
		statement = `
			update directory_entries set level = $3, term = $4, name = $5, group_name = $6, post = $7, contact = $8, phone = $9, second = $10,
				address = $11, postcode = $12, email = $13, ended_on = $14, end_note = $15
			where id = $1 and kind = $2 returning id::text`
	}
	err = e.tx.QueryRow(ctx, statement, d.ID, d.Kind, d.Level, d.Term, d.Name, d.Group, d.Post, d.Contact, d.Phone, d.Second, d.Address, d.Postcode, d.Email,
		orNull(d.EndedOn), d.EndNote).Scan(&id)
	return id, err
}

// SaveRows adds and changes entries as the rows of a list say that are right, all or none, and leaves the others.
func (e *Edit) SaveRows(ctx context.Context, rows []directory.Row) (added, changed int, err error) {
	for _, row := range rows {
		if len(row.Wrong) > 0 || row.Same() {
			continue
		}
		if _, err := e.SaveEntry(ctx, row.Entry); err != nil {
			return 0, 0, err
		}
		if row.New() {
			added++
		} else {
			changed++
		}
	}
	return added, changed, nil
}

// reachNow is how the directory says now that the lead deputy of a case is reached; the zero value where it does not know who that is.
func (l *lockedCase) reachNow(ctx context.Context) (directory.Reach, error) {
	var of directory.Entry
	var group string
	rows, err := l.conn.Query(ctx, `
		select `+directoryRow+`, `+directoryReach+`, of_case from (
			select d.*, coalesce(c.described ->> 'delegation', '') as of_case
			from cases c join directory_entries d on d.kind = $2 and d.level = c.level and d.term = c.term and d.name = c.lead_deputy
				and (d.ended_on is null or d.ended_on > $3)
			where c.id = $1) namesakes`, l.id, directory.OfBody(l.state.Body), calendar.DateOf(l.now()))
	if err != nil {
		return directory.Reach{}, err
	}
	namesakes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (directory.Entry, error) {
		return of, row.Scan(append(append(scanDirectoryRow(&of), scanDirectoryReach(&of.Reach)...), &group)...)
	})
	meant, _ := directory.Meant(namesakes, group)
	return meant.Reach, err
}
