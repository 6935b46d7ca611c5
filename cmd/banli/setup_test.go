package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

// Whoever names a division that is not there is told so in words, and what there is.
func TestUserOfAnUnknownDivision(t *testing.T) {
	record, err := store.Open(t.Context(), testkit.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	office := proposal.DivisionID("office")
	wrong := userCommand{Login: "wang", Division: &office, Field: []proposal.DivisionID{"office"}}
	if err := wrong.checkDivisions(t.Context(), record); err == nil || err.Error() != `there is no division "office": the bureau has none yet; make them with banli setup` {
		t.Error(err)
	}
	if err := record.UpsertDivision(t.Context(), store.Division{Code: "finance", Name: store.Name{ZH: "财务科"}}); err != nil {
		t.Fatal(err)
	}
	if err := wrong.checkDivisions(t.Context(), record); err == nil || err.Error() != `there is no division "office"; there are: finance` {
		t.Error(err)
	}
}

// What is not said of a person again stays: a new telephone takes nobody's division, and brings nobody back who has left.
func TestUserChangesWhatIsSaid(t *testing.T) {
	record, err := store.Open(t.Context(), testkit.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if err := record.UpsertDivision(t.Context(), store.Division{Code: "finance", Name: store.Name{ZH: "财务科"}}); err != nil {
		t.Fatal(err)
	}
	change := func(line ...string) (store.Person, error) {
		t.Helper()
		var c userCommand
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"--database-url", "postgres:", "wang"}, line...)); err != nil {
			t.Fatal(err)
		}
		p, err := c.person(t.Context(), record)
		if err != nil {
			return p, err
		}
		if _, err := record.UpsertPerson(t.Context(), p, ""); err != nil {
			t.Fatal(err)
		}
		return record.PersonByLogin(t.Context(), "wang")
	}
	if _, err := change("--name", "王芳"); err == nil || err.Error() != `there is nobody with the login "wang": a new person needs --name and --roles` {
		t.Error(err)
	}
	was, err := change("--name", "王芳", "--roles", "handler,leader_in_charge", "--division", "finance", "--field", "finance", "--phone", "1", "--email", "wang@banli.example", "--inactive")
	if err != nil || was.Active {
		t.Fatalf("%+v, %v", was, err)
	}
	now, err := change("--phone", "2")
	was.Phone = "2"
	if err != nil || !reflect.DeepEqual(now, was) {
		t.Errorf("%+v, %v; want %+v", now, err, was)
	}
	if now, err = change("--no-inactive"); err != nil || !now.Active {
		t.Errorf("%+v, %v", now, err)
	}
}

// A wrong file changes nothing, and a right one makes a bureau that the export writes.
func TestSetup(t *testing.T) {
	database := app.Database{URL: testkit.Database(t, store.Migrate)}
	const right = "bureau: { name: 和平区民政局, short: 民政局, level: district, place: 和平区, profile: national, series: [{ code: 和民函 }] }\n" +
		"divisions:\n  - { code: office, name: 办公室 }\npeople:\n  - { login: wang, name: 王芳, division: office, roles: [liaison] }\n"
	export := setupCommand{Database: database, Export: true}
	if err := export.run(t.Context(), new(strings.Builder)); err == nil {
		t.Error("an empty database was exported")
	}
	file := write(t, "bureau.yaml", strings.Replace(right, "division: office", "division: finance", 1))
	var said strings.Builder
	if err := (&setupCommand{Database: database, File: file}).run(t.Context(), &said); err == nil || !strings.Contains(said.String(), "bureau.yaml:5: people.0.division: there is no division") {
		t.Errorf("%v, %s", err, &said)
	}
	if err := export.run(t.Context(), new(strings.Builder)); err == nil {
		t.Error("a wrong file made a bureau")
	}
	if err := (&setupCommand{Database: database, File: write(t, "bureau.yaml", right)}).run(t.Context(), &said); err != nil {
		t.Fatal(err)
	}
	says(t, printed(t, func(out *strings.Builder) error { return export.run(t.Context(), out) }), "name: 和平区民政局", "login: wang")
}
