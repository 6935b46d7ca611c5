package heads_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/heads"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHeads(t *testing.T) {
	folder := t.TempDir()
	f := heads.File{Path: filepath.Join(folder, "heads"), KeyPath: filepath.Join(folder, "keys", "heads.key")}
	day := time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC)
	always := func(time.Time) bool { return true }
	stands := func(r heads.Record) func() (heads.Record, error) {
		return func() (heads.Record, error) { return r, nil }
	}
	add := func(at time.Time, r heads.Record) {
		t.Helper()
		if added, err := f.Append(at, always, stands(r)); err != nil || !added {
			t.Fatalf("%v, %v", added, err)
		}
	}
	add(day, heads.Record{Cases: map[string]heads.Place{"a": {3, "a3"}, "b": {1, "b1"}}, Changes: heads.Place{No: 7, Hash: "c7"}})
	add(day.AddDate(0, 0, 1), heads.Record{Cases: map[string]heads.Place{"a": {3, "a3"}, "b": {2, "b2"}}, Changes: heads.Place{No: 7, Hash: "c7"}})
	whole, err := os.ReadFile(f.Path)
	check(t, err)
	check(t, os.WriteFile(f.Path, append(whole, strings.Repeat("cut off", 100)...), 0o600)) // the program was killed
	add(day.AddDate(0, 0, 2), heads.Record{Cases: map[string]heads.Place{"a": {3, "a3"}, "b": {2, "b2"}, "c": {1, "c1"}}, Changes: heads.Place{No: 8, Hash: "c8"}})

	public := func(path string) []byte {
		t.Helper()
		data, err := os.ReadFile(path)
		check(t, err)
		return data
	}
	key, err := heads.PublicKey(public(f.KeyPath + ".pub"))
	check(t, err)
	data, err := os.ReadFile(f.Path)
	check(t, err)
	all, err := heads.Read(data, key)
	check(t, err)
	var changed []map[string]heads.Place
	for _, h := range all {
		changed = append(changed, h.Cases)
	}
	if diff := cmp.Diff([]map[string]heads.Place{{"a": {3, "a3"}, "b": {1, "b1"}}, {"b": {2, "b2"}}, {"c": {1, "c1"}}}, changed); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if info, err := os.Stat(f.KeyPath); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is open to others: %v, %v", info, err)
	}
	if added, err := f.Append(day, func(last time.Time) bool { return !last.Equal(day.AddDate(0, 0, 2)) }, stands(heads.Record{})); err != nil || added {
		t.Errorf("a head that is not due: %v, %v", added, err)
	}

	if !bytes.HasSuffix(data, []byte("\n")) {
		t.Errorf("what was cut off is there still: %q", data)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	elsewhere := heads.File{Path: filepath.Join(folder, "elsewhere"), KeyPath: f.KeyPath}
	for n := range 2 {
		_, err := elsewhere.Append(day.AddDate(0, 0, n), always, stands(heads.Record{Changes: heads.Place{No: n, Hash: "e"}}))
		check(t, err)
	}
	others := bytes.SplitAfter(public(elsewhere.Path), []byte("\n"))
	for what, c := range map[string]struct {
		data []byte
		says string
	}{
		"a changed head":     {bytes.Replace(data, []byte(`"b2"`), []byte(`"bX"`), 1), "line 2 is not signed"},
		"a head taken out":   {bytes.Join([][]byte{lines[0], lines[2]}, nil), "line 2 does not follow"},
		"two heads in turn":  {bytes.Join([][]byte{lines[1], lines[0]}, nil), "line 1 does not follow"},
		"something else":     {[]byte("hello\n"), "line 1 is not signed"},
		"one of another":     {bytes.Join([][]byte{lines[0], others[1]}, nil), "line 2 does not follow"},
		"the first cut away": {bytes.Join(lines[1:], nil), "line 1 does not follow"},
	} {
		if _, err := heads.Read(c.data, key); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	other := heads.File{Path: f.Path, KeyPath: filepath.Join(folder, "other.key")}
	if _, err := other.Append(day, always, stands(heads.Record{})); err == nil {
		t.Error("another key goes on with the file")
	}
}
