package setup

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/wording"
	"github.com/google/go-cmp/cmp"
)

const rules = `rules:
  - |
    id: own-1
    profile: own
    extends: national-1
    name: 和平区民政局建议提案办理规则
    valid_from: "2027-01-01"
    rehandling: { rounds: 3 }
`

const file = `bureau:
  name: 和平区民政局
  name_en: Heping Civil Affairs Bureau
  short: 区民政局
  short_en: ""
  level: district
  place: 和平区
  phone: "23468800"
  assemblies:
    npc: 和平区人大
    cppcc: 政协和平区委员会
  series:
    - { body: cppcc, code: 和民提函 }
    - { code: 和民函 }
  profile: national
  demonstration: false
divisions:
  - { code: office, name: 办公室, name_en: General Office }
  - { code: yanglao, name: 养老服务科, phone: "23468803" }
people:
  - { login: wang, name: 王芳, division: office, roles: [liaison, admin], phone: "23468801" }
  - { login: li, name: 李强, roles: [leader_in_charge], field: [office, yanglao], email: li@bureau.example }
  - { login: zhao, name: 赵敏, division: yanglao, roles: [handler], left: true }
words:
  zh:
    notice.urge: "{谁}请你快办。"
`

var today = calendar.NewDate(2026, 11, 29)

func parse(text string) (File, error) { return Parse([]byte(text), rulepack.BuiltIn(), today) }

func TestErrorsNameTheLine(t *testing.T) {
	if _, err := parse(file); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		old, new string
		line     int
		want     string
	}{
		{"name: 和平区民政局", "name: ''", 2, "bureau.name: required"},
		{"level: district", "level: parish", 6, "bureau.level: one of"},
		{"profile: national", "profile: mars", 15, `bureau.profile: there is no rule pack of profile "mars"`},
		{"    - { code: 和民函 }\n", "", 12, "bureau.series: required"},
		{"short: 区民政局", "shrot: 区民政局", 4, "field shrot not found"},
		{"  profile: national\n", "  profile: national\n  site:\n    links:\n    - { name: 市政府, url: 'https://www.example.gov.cn' }\n    - { name: 省政府, url: 'javascript:alert(1)' }\n", 19, "bureau.site.links.1: a name and an address"},
		{"  profile: national\n", "  profile: national\n  login:\n    groups:\n    - { group: a, roles: [handler], division: office }\n    - { group: b, roles: [king] }\n", 19, "bureau.login.groups.1: the name of a group and its roles"},
		{"  profile: national\n", "  profile: national\n  login:\n    groups:\n    - { group: a, roles: [handler], division: finance }\n", 18, `bureau.login.groups.0.division: there is no division "finance"`},
		{"code: yanglao", "code: office", 19, `divisions.1.code: "office" is taken`},
		{"division: office, roles", "division: finance, roles", 21, `people.0.division: there is no division "finance"`},
		{"field: [office, yanglao]", "field: [office, jiceng]", 22, `people.1.field.1: there is no division "jiceng"`},
		{"roles: [liaison, admin]", "roles: [liaison, king]", 21, `people.0.roles.1: unknown role "king"`},
		{"roles: [handler]", "roles: []", 23, "people.2.roles: required"},
		{"login: zhao", "login: WANG", 23, `people.2.login: "WANG" is taken`},
		{"{谁}请你快办。", "{谁}{谁人}请你快办。", 26, "words.zh.notice.urge: does not know the place {谁人}"},
		{"notice.urge", "login.title", 26, "words.zh.login.title: there is no such text"},
		{"li@bureau.example", "nobody", 22, `people.1.email: "nobody" is no mail address`},
		{"divisions:\n", "divisions: [\n", 17, ""},
	} {
		_, err := parse(strings.Replace(file, test.old, test.new, 1))
		var wrong Error
		if !errors.As(err, &wrong) || !slices.ContainsFunc(wrong, func(w Wrong) bool {
			return (w.Line == test.line || test.want == "") && strings.HasPrefix(w.Text, test.want)
		}) {
			t.Errorf("%q for %q:\n%v\nwant line %d: %s", test.new, test.old, err, test.line, test.want)
		}
	}
	// What is wrong with rules in it is said at their own line; a bureau may follow rules that the file brings.
	ours := rules + strings.Replace(file, "profile: national", "profile: own", 1)
	if _, err := parse(ours); err != nil {
		t.Error(err)
	}
	_, err := parse(strings.Replace(ours, "rounds: 3", "rounds: 0", 1))
	if want := "line 8: rules.0: rehandling.rounds: from 1 to 366 is wanted"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	for _, text := range []string{"", "null", "- a", "bureau: 3"} {
		if _, err := parse(text); !errors.As(err, new(Error)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A bureau is made from its file, and again; what it writes makes its copy.
func TestRoundTrip(t *testing.T) {
	open := func() *store.Store {
		t.Helper()
		s, err := store.Open(t.Context(), testkit.Database(t, store.Migrate))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	want, err := parse(rules + strings.Replace(file, "profile: national", "profile: own\n  login: { name: 市统一认证, no_passwords: true, groups: [{ group: g, roles: [handler], division: office }], factors: [mfa] }", 1))
	if err != nil {
		t.Fatal(err)
	}
	first, second := open(), open()
	written := func(s *store.Store, f File) string {
		t.Helper()
		for range 2 {
			if err := s.Edit(t.Context(), "", func(e *store.Edit) error { return f.Apply(t.Context(), e) }); err != nil {
				t.Fatal(err)
			}
		}
		exported, err := Export(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := exported.Write(&text); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	text := written(first, want)
	got, err := parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	byLogin := func(a, b Person) int { return strings.Compare(a.Login, b.Login) }
	for _, people := range [][]Person{want.People, got.People} {
		slices.SortFunc(people, byLogin)
		for i := range people {
			if len(people[i].Field) == 0 {
				people[i].Field = nil
			}
		}
	}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if copied := written(second, got); copied != text {
		t.Error(cmp.Diff(text, copied))
	}
	// Rules that were withdrawn are not copied.
	later := "id: own-2\nprofile: own\nextends: own-1\nname: 来年的办理规则\nvalid_from: \"2090-01-01\"\n"
	if _, err := first.PutRules(t.Context(), "", later); err != nil {
		t.Fatal(err)
	}
	if err := first.WithdrawRules(t.Context(), "", "own-2"); err != nil {
		t.Fatal(err)
	}
	if again := written(first, got); again != text {
		t.Error(cmp.Diff(text, again))
	}
}

// docs/bureau.schema.json, by which editors help, has the keys of the types.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile("../../docs/bureau.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Properties map[string]node `json:"properties"`
		Items      *node           `json:"items"`
		Required   []string        `json:"required"`
		Enum       []string        `json:"enum"`
		Patterns   map[string]node `json:"patternProperties"`
		Others     json.RawMessage `json:"additionalProperties"`
		MaxLength  int             `json:"maxLength"`
	}
	var schema node
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var compare func(path string, n node, of reflect.Type)
	compare = func(path string, n node, of reflect.Type) {
		if of.Kind() == reflect.Slice {
			compare(path, *n.Items, of.Elem())
			return
		}
		if of.Kind() != reflect.Struct {
			return
		}
		keys := 0
		for i := range of.NumField() {
			key, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
			if key == "-" {
				continue
			}
			keys++
			child, ok := n.Properties[key]
			if !ok {
				t.Errorf("the schema lacks %s.%s", path, key)
				continue
			}
			compare(path+"."+key, child, of.Field(i).Type)
		}
		if len(n.Properties) != keys {
			t.Errorf("%s has %d keys in the schema, %d in the type", path, len(n.Properties), keys)
		}
	}
	compare("", schema, reflect.TypeFor[File]())
	var levels, roles []string
	for _, l := range assembly.Levels {
		levels = append(levels, string(l))
	}
	for _, r := range proposal.Roles {
		roles = append(roles, string(r))
	}
	if got := schema.Properties["bureau"].Properties["level"].Enum; !cmp.Equal(got, levels) {
		t.Error(cmp.Diff(levels, got))
	}
	if got := schema.Properties["people"].Items.Properties["roles"].Items.Enum; !cmp.Equal(got, roles) {
		t.Error(cmp.Diff(roles, got))
	}
	for _, g := range wording.Groups {
		for _, text := range g.Texts {
			for _, lang := range text.Languages() {
				words := schema.Properties["words"].Properties[lang]
				var of node
				if err := json.Unmarshal(words.Others, &of); err != nil {
					t.Fatal(err)
				}
				for pattern, n := range words.Patterns {
					if regexp.MustCompile(pattern).MatchString(text.Key) {
						of = n
					}
				}
				if of.MaxLength != text.Max() {
					t.Errorf("%s in %s has at most %d characters in the schema, want %d", text.Key, lang, of.MaxLength, text.Max())
				}
			}
		}
	}
}
