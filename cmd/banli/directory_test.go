package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

// A table is imported whole or not at all, with each wrong row named; what is exported is imported again without a change.
func TestDirectoryByTheCommandLine(t *testing.T) {
	database := app.Database{URL: testkit.Database(t, store.Migrate)}
	table := func(rows ...[]string) []byte {
		t.Helper()
		data, err := sheet.Write(sheet.Table{Name: "名录", Rows: append([][]string{{"级别", "届", "姓名", "代表团", "电话"}}, rows...)})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	load := func(file []byte, check bool) (string, error) {
		var out strings.Builder
		err := (&directoryImportCommand{database, directory.Deputies, file, check}).run(t.Context(), &out)
		return out.String(), err
	}
	right := []string{"市", "17", "倪琛善", "铁西团", "139 0000 0392"}
	if _, err := load(table(right, []string{"城", "17", "李四"}), false); err == nil || err.Error() != `row 3, level "城": unknown value` {
		t.Error(err)
	}
	if _, err := load([]byte("no table"), false); err == nil || !strings.Contains(err.Error(), "no .xlsx table") {
		t.Error(err)
	}
	for _, step := range []struct {
		check bool
		want  string
	}{{true, "1 added, 0 changed, 0 as they were\n"}, {false, "1 added, 0 changed, 0 as they were\n"}, {false, "0 added, 0 changed, 1 as they were\n"}} {
		if out, err := load(table(right), step.check); err != nil || out != step.want {
			t.Errorf("%q, %v, want %q", out, err, step.want)
		}
	}
	var listed strings.Builder
	if err := (&directoryListCommand{database, directory.Deputies}).run(t.Context(), &listed); err != nil || !strings.Contains(listed.String(), "倪琛善  city  17  铁西团") || strings.Contains(listed.String(), "0392") {
		t.Errorf("%q, %v", listed.String(), err)
	}
	file := filepath.Join(t.TempDir(), "deputies.xlsx")
	if err := (&directoryExportCommand{database, directory.Deputies, file, "en"}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := load(data, false); err != nil || out != "0 added, 0 changed, 1 as they were\n" {
		t.Errorf("%q, %v", out, err)
	}
}
