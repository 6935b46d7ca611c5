package casefile

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/web/locale"
)

// The Monday of the pictures: all their counts were checked against the calendar of 2020.
var monday = time.Date(2020, 4, 20, 2, 31, 0, 0, time.UTC)

func chineseWords(t *testing.T) *locale.Words {
	t.Helper()
	locales, err := locale.Load(func() time.Time { return monday }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return locales[locale.Chinese]
}
