package directory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
)

// languages are the catalogues, in the order of the site.
func languages(t testing.TB) (all []directory.Words) {
	t.Helper()
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range locale.Languages {
		all = append(all, locales[language])
	}
	return all
}

func known(id, name, group string) directory.Entry {
	return directory.Entry{ID: id, Kind: directory.Deputies, Level: assembly.CityLevel, Term: 16, Name: name, Group: group, Reach: directory.Reach{Phone: "1"}}
}

// A row updates whom it means: the one of the name in the assembly and term, and of two by one name the one of the delegation.
func TestRead(t *testing.T) {
	people := []directory.Entry{known("a", "倪琛善", "铁西团"), known("b", "王伟", "和平团"), known("c", "王伟", "沈河团"), known("d", "买买提·吐尔逊", "皇姑团")}
	for _, c := range []struct {
		what string
		rows []string // 层级、届、姓名、代表团
		want []string // the id, "new", or the field that is wrong with its code
	}{
		{"the one of the name", []string{"市、16、倪琛善、铁西团"}, []string{"a"}},
		{"who changed the delegation is still the same", []string{"市、第十六届、倪琛善、皇姑团"}, []string{"a"}},
		{"another term is another entry", []string{"市、17、倪琛善、铁西团"}, []string{"new"}},
		{"another assembly is another entry", []string{"区、16、倪琛善、铁西团"}, []string{"new"}},
		{"of twins the one of the delegation", []string{"市、16、王伟、沈河团"}, []string{"c"}},
		{"of twins nobody without one", []string{"市、16、王伟、"}, []string{"group required"}},
		{"a third by the name", []string{"市、16、王伟、大东团"}, []string{"new"}},
		{"a list with twins of one who is known", []string{"市、16、倪琛善、铁西团", "市、16、倪琛善、和平团"}, []string{"a", "new"}},
		{"one twice", []string{"市、16、倪琛善、铁西团", "市、16、倪琛善、铁西团"}, []string{"a", "name taken"}},
		{"somebody new twice", []string{"市、16、孙丽、", "市、16、孙丽、"}, []string{"new", "name taken"}},
		{"dots and blanks of a name", []string{"市、16、 买买提•吐尔逊　、"}, []string{"d"}},
		{"nothing of what must be there", []string{"、、、"}, nil},
		{"what cannot be read", []string{"城、十七次、李四、", "市、16、、和平团"}, []string{"level unknown_value, term malformed", "name required"}},
		{"in English", []string{"city、16、倪琛善、铁西团"}, []string{"a"}},
	} {
		cells := [][]string{{"级别", "届", "姓名", "代表团"}}
		for _, row := range c.rows {
			cells = append(cells, strings.Split(row, "、"))
		}
		rows, missing := directory.Read(directory.Deputies, cells, people, languages(t))
		var got []string
		for _, r := range rows {
			var said []string
			for _, w := range r.Wrong {
				said = append(said, w.Field+" "+string(w.Code))
			}
			switch {
			case len(said) > 0:
			case r.New():
				said = []string{"new"}
			default:
				said = []string{r.Was.ID}
			}
			got = append(got, strings.Join(said, ", "))
		}
		if !slices.Equal(got, c.want) || missing != nil {
			t.Errorf("%s: %q, want %q; %v", c.what, got, c.want, missing)
		}
	}
	_, missing := directory.Read(directory.Members, [][]string{{"姓名", "界别"}}, nil, languages(t))
	if !slices.Equal(missing, []string{"level", "term"}) {
		t.Errorf("missing %v", missing)
	}
	// An empty cell empties, also one at the end of a row, which a file does not keep.
	for _, line := range [][]string{{"倪琛善", "16", "市", ""}, {"倪琛善", "16", "市"}} {
		rows, _ := directory.Read(directory.Deputies, [][]string{{"姓名", "届", "级别", "电话"}, line}, people, languages(t))
		if len(rows) != 1 || rows[0].Was.ID != "a" || rows[0].Entry.Phone != "" || rows[0].Entry.Group != "铁西团" || rows[0].Same() {
			t.Errorf("of %q: %+v", line, rows)
		}
	}
	// What no column says stays.
	rows, _ := directory.Read(directory.Deputies, [][]string{{"姓名", "届", "级别", "单位及职务"}, {"倪琛善", "16", "市", "社工"}}, people, languages(t))
	if len(rows) != 1 || rows[0].Entry.Phone != "1" || rows[0].Entry.Group != "铁西团" || rows[0].Entry.Post != "社工" {
		t.Errorf("%+v", rows)
	}
}

// A list that was written is read as what it was made of, in each language.
func TestListIsReadAsItWasWritten(t *testing.T) {
	e := known("a", "倪琛善", "铁西团")
	e.Email, e.EndedOn, e.EndNote = "ni@city.example", calendar.NewDate(2026, 4, 2), "辞职"
	for _, of := range []directory.Entry{e, {ID: "u", Kind: directory.CoUnits, Name: "市财政局", Reach: directory.Reach{Contact: "钱科长", Phone: "024-1"}}} {
		for _, w := range languages(t) {
			rows, missing := directory.Read(of.Kind, [][]string{of.Kind.Head(w), of.Line(w)}, []directory.Entry{of}, languages(t))
			if len(rows) != 1 || missing != nil || !rows[0].Same() || len(rows[0].Wrong) > 0 {
				t.Errorf("%+v, %v", rows, missing)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*directory.Entry){
		"":                    func(*directory.Entry) {},
		"name required":       func(e *directory.Entry) { e.Name = "" },
		"name too_long":       func(e *directory.Entry) { e.Name = strings.Repeat("名", proposal.MaxLine+1) },
		"level unknown_value": func(e *directory.Entry) { e.Level = "world" },
		"term malformed":      func(e *directory.Entry) { e.Term = 100 },
		"term required":       func(e *directory.Entry) { e.Term = 0 },
		"postcode malformed":  func(e *directory.Entry) { e.Postcode = "11002" },
		"email malformed":     func(e *directory.Entry) { e.Email = "nobody" },
		"ended_on required":   func(e *directory.Entry) { e.EndNote = "辞职" },
		"kind unknown_value":  func(e *directory.Entry) { e.Kind = "friends" },
		"level unknown_field": func(e *directory.Entry) {
			*e = directory.Entry{Kind: directory.CoUnits, Name: "市财政局", Level: assembly.CityLevel}
		},
		"term unknown_field": func(e *directory.Entry) {
			*e = directory.Entry{Kind: directory.Assigners, Name: "市政府督查室", Term: 17}
		},
	} {
		e := known("", "倪琛善", "铁西团")
		change(&e)
		got := ""
		for _, w := range e.Check() {
			got += w.Field + " " + string(w.Code)
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMeant(t *testing.T) {
	one, two := known("a", "王伟", "和平团"), known("b", "王伟", "沈河团")
	for _, c := range []struct {
		among []directory.Entry
		group string
		want  string
	}{
		{nil, "", ""},
		{[]directory.Entry{one}, "", "a"},
		{[]directory.Entry{one}, "别的团", "a"},
		{[]directory.Entry{one, two}, "沈河团", "b"},
		{[]directory.Entry{one, two}, "", ""},
		{[]directory.Entry{one, two}, "别的团", ""},
	} {
		got, ok := directory.Meant(c.among, c.group)
		if got.ID != c.want || ok != (c.want != "") {
			t.Errorf("of %d, %q: %q, want %q", len(c.among), c.group, got.ID, c.want)
		}
	}
}

// Whatever a file holds, each row is right or says what is wrong, and what is right is read again as the same.
func FuzzRead(f *testing.F) {
	f.Add("姓名\t届\t级别\t代表团\n倪琛善\t16\t市\t铁西团\n王伟\t十六届\t市")
	f.Add("名称\t联系人\n市财政局\t钱科长")
	f.Add("")
	words := languages(f)
	f.Fuzz(func(t *testing.T, text string) {
		var cells [][]string
		for _, line := range strings.Split(text, "\n") {
			cells = append(cells, strings.Split(line, "\t"))
		}
		for _, kind := range directory.Kinds {
			e := known("a", "倪琛善", "铁西团")
			if e.Kind = kind; !kind.OfPeople() {
				e = directory.Entry{ID: "a", Kind: kind, Name: "市财政局"}
			}
			rows, _ := directory.Read(kind, cells, []directory.Entry{e}, words)
			for _, r := range rows {
				if len(r.Wrong) > 0 {
					continue
				}
				if wrong := r.Entry.Check(); wrong != nil {
					t.Errorf("%+v is taken as right: %v", r.Entry, wrong)
				}
				again, _ := directory.Read(kind, [][]string{kind.Head(words[0]), r.Entry.Line(words[0])}, nil, words)
				if len(again) != 1 {
					t.Fatalf("%+v is read as %d rows", r.Entry, len(again))
				}
				again[0].Entry.ID = r.Entry.ID
				if diff := cmp.Diff(r.Entry, again[0].Entry); diff != "" || len(again[0].Wrong) > 0 {
					t.Errorf("read again: %s %v", diff, again[0].Wrong)
				}
			}
		}
	})
}
