package store_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Migrations count on without gaps: a number that is missing, or there twice, is a file that was lost or taken by two at a time. 0008 and 0009 were
// never on the main branch, and a number that some database may have seen is not given again.
func TestMigrationsAreNumbered(t *testing.T) {
	files, err := os.ReadDir("migrations")
	check(t, err)
	want := 1
	for _, f := range files {
		number, _, _ := strings.Cut(f.Name(), "_")
		if want == 8 {
			want = 10
		}
		if got, err := strconv.Atoi(number); err != nil || got != want || len(number) != 4 {
			t.Errorf("%s stands where %04d is due", f.Name(), want)
		}
		want++
	}
}
