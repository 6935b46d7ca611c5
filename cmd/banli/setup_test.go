package main

import (
	"context"
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
	wrong := store.Person{
		Person: proposal.Person{Division: "office", Roles: []proposal.Role{proposal.Handler}}, Login: "wang", Name: store.Name{ZH: "王芳"}, Active: true,
	}
	if err := checkPerson(t.Context(), record, wrong); err == nil || err.Error() != `there is no division "office": the bureau has none yet; make them with banli division set` {
		t.Error(err)
	}
	if err := record.UpsertDivision(t.Context(), store.Division{Code: "finance", Name: store.Name{ZH: "财务科"}}); err != nil {
		t.Fatal(err)
	}
	if err := checkPerson(t.Context(), record, wrong); err == nil || err.Error() != `there is no division "office"; there are: finance` {
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

// Divisions are added, changed and closed from the command line as on their page, and what is wrong is said in words.
func TestDivisionCommand(t *testing.T) {
	dsn := testkit.Database(t, store.Migrate)
	record, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	db := app.Database{URL: dsn}
	for _, name := range []string{"办公室", "财务科"} {
		if err := (&divisionSetCommand{Database: db, Name: name}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	phone := "23468803"
	if err := (&divisionSetCommand{Database: db, Code: "d2", Phone: &phone}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := (&divisionSetCommand{Database: db, Code: "d2", Name: "规划财务科"}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, err := record.Divisions(t.Context()); err != nil || all[1].Name.ZH != "规划财务科" || all[1].Phone != phone {
		t.Errorf("%+v, %v", all, err)
	}
	for _, login := range []string{"wang", "li"} {
		p := store.Person{Person: proposal.Person{Division: "d2", Roles: []proposal.Role{proposal.Handler}}, Login: login, Name: store.Name{ZH: "王芳"}, Active: true}
		if login == "li" {
			p.Roles = []proposal.Role{proposal.Admin}
		}
		if _, err := record.UpsertPerson(t.Context(), p, "four plain words"); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		c    interface{ Run(context.Context) error }
		want string
	}{
		{&divisionSetCommand{Database: db}, "--name: required"},
		{&divisionSetCommand{Database: db, Name: "办公室"}, "--name: taken by another"},
		{&divisionSetCommand{Database: db, Code: "d7"}, `there is no division "d7"; there are: d1, d2`},
		{&divisionCloseCommand{Database: db, Code: "d2", By: "wang"}, `"wang" is no administrator`},
		{&divisionCloseCommand{Database: db, Code: "d2", By: "li"}, "--into: required"},
		{&divisionCloseCommand{Database: db, Code: "d2", Into: "d2", By: "li"}, "--into: not one of the divisions that are at work"},
	} {
		if err := test.c.Run(t.Context()); err == nil || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	var out strings.Builder
	if err := (&divisionCloseCommand{Database: db, Code: "d2", Into: "d1", By: "li"}).run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if err := (&divisionListCommand{Database: db}).run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"d2 is closed; 0 open cases", "办公室", "规划财务科", "taken over by d1"} {
		if !strings.Contains(out.String(), words) {
			t.Errorf("%s lacks %q", out.String(), words)
		}
	}
	if p, err := record.PersonByLogin(t.Context(), "wang"); err != nil || p.Division != "d1" {
		t.Errorf("%s, %v", p.Division, err)
	}
	if err := checkPerson(t.Context(), record, store.Person{Person: proposal.Person{Division: "d2", Roles: []proposal.Role{"king"}}, Active: true}); err == nil ||
		err.Error() != "--login: required\n--name: required\n--roles: unknown value\n--division: unknown value" {
		t.Error(err)
	}
}
