package store

import (
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// Page is one page of a list, in the list's order. Lists are read on from the last row, never by counting rows: a page costs
// the same wherever it is, and what happens in between neither skips nor repeats a row.
type Page[T any] struct {
	Items []T
	Next  string // give it as After to read on; "" at the end
}

// Page sizes. A page without a limit is as long as a screen shows.
const (
	pageSize    = 100
	maxPageSize = 500
)

func pageLimit(limit int) int {
	if limit <= 0 {
		return pageSize
	}
	return min(limit, maxPageSize)
}

// paged cuts the one row too many that was read to see whether there is more.
func paged[T any](items []T, limit int, after func(T) string) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit]
	return Page[T]{Items: items, Next: after(items[limit-1])}
}

// place is where a page begins: the two values by which a list is ordered, as Postgres reads them.
type place struct{ major, minor string }

func (p place) String() string { return p.major + "~" + p.minor }

// Where lists begin.
var (
	firstByDue  = place{"-infinity", "0"}
	firstOpen   = place{"-infinity", uuid.Nil.String()}
	firstByDate = place{"infinity", uuid.Max.String()} // newest first
)

// parsePlace reads Page.Next back. It comes through an address that anybody may edit.
func parsePlace(after string, first place, major, minor func(string) bool) (place, error) {
	if after == "" {
		return first, nil
	}
	at := strings.LastIndex(after, "~")
	if at < 0 || !major(after[:at]) || !minor(after[at+1:]) {
		return place{}, invalid("after", proposal.FieldMalformed)
	}
	return place{after[:at], after[at+1:]}, nil
}

func isDate(s string) bool {
	_, err := calendar.ParseDate(s)
	return err == nil || s == "infinity"
}

func isInstant(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

func isUUID(s string) bool {
	_, err := parseID(s)
	return err == nil
}

func isSerial(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

// dueOf is a due date as lists order by it: cases without a running clock come last.
func dueOf(d calendar.Date) string {
	if d.IsZero() {
		return "infinity"
	}
	return d.String()
}

// contains makes a LIKE pattern that finds the text anywhere.
func contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
