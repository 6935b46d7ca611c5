package locale

import (
	"testing"
	"time"
)

// The Monday of the pictures: all their counts were checked against the calendar of 2020.
var monday = time.Date(2020, 4, 20, 2, 31, 0, 0, time.UTC)

func chineseWords(t *testing.T) *Words {
	t.Helper()
	locales, err := Load(func() time.Time { return monday })
	if err != nil {
		t.Fatal(err)
	}
	return locales[Chinese]
}
