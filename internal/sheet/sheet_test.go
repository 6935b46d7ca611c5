package sheet

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is written is read again, with the zeros of a telephone number and without what holds nothing.
func TestWrittenIsRead(t *testing.T) {
	data, err := Write(Table{"人员", [][]string{{"工号", "电话"}, {" wang ", "02400000000"}, {"", ""}, {"li"}, {""}}}, Table{"角色", [][]string{{"联络员"}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(data)
	if want := [][]string{{"工号", "电话"}, {"wang", "02400000000"}, {"", ""}, {"li"}}; err != nil || !cmp.Equal(got, want, cmp.Transformer("rows", shown)) {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
}

// shown drops the empty cells at the end of each row, which a file need not say.
func shown(rows [][]string) [][]string {
	var out [][]string
	for _, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		out = append(out, append([]string{}, row...))
	}
	return out
}

func TestUnreadable(t *testing.T) {
	for _, data := range []string{"", "PK", "%PDF-1.4", "工号,电话\n"} {
		if _, err := Read([]byte(data)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%q: %v", data, err)
		}
	}
	long := Table{Name: "人员"}
	for range MaxRows + 1 {
		long.Rows = append(long.Rows, []string{"x"})
	}
	data, err := Write(long)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(data); !errors.Is(err, ErrUnreadable) {
		t.Errorf("%d rows: %v", len(long.Rows), err)
	}
}
