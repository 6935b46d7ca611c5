package admin

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/web/locale"
)

func locales(t *testing.T) map[string]*locale.Words {
	t.Helper()
	all, err := locale.Load(func() time.Time { return time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever a pack says, the page says in words: two packs that differ in anything but their names differ on it.
func TestEveryRuleIsInWords(t *testing.T) {
	words := locales(t)[locale.Chinese]
	bureau := proposal.Bureau{Name: "和平区民政局", Series: []proposal.NumberSeries{{Code: "和民函"}}}
	source, _ := rulepack.BuiltInSource("national-1")
	source += "series:\n  - { body: cppcc, handling: alone, code: 和民提, given: outside }\n  - { code: 和民函 }\nagency: 和平区政府\nscoring: [{ rate: in_time, weight: 60, each: 5 }, { rate: met, weight: 40 }]\n"
	source = strings.NewReplacer(
		"    months: 3\n", "    months: 3\n    fixed_day: \"08-31\"\n    variants: [{ body: cppcc, level: city, proposer: party, intersession: false, days: 150 }]\n",
		"npc: { co_signers: each,", "npc: { co_signers: each, form: plain, signer: true, title: '关于{title}的答复', opinion_title: '关于{number}的意见',",
	).Replace(source)
	parsed := func() *proposal.Pack { // anew each time: what extends another shares its lists
		pack, err := rulepack.Parse([]byte(source), nil)
		if err != nil {
			t.Fatal(err)
		}
		return pack
	}
	was, n := rulesInWords(words, parsed(), bureau), 0
	for ; ; n++ {
		other, at := parsed(), n
		path := change(reflect.ValueOf(other).Elem(), &at, "")
		if path == "" {
			break
		}
		if slices.Contains([]string{".ID", ".Profile", ".Extends", ".Name", ".ValidFrom"}, path) {
			continue
		}
		if changes := ruleChanges(words, was, rulesInWords(words, other, bureau)); len(changes) == 0 {
			t.Errorf("nothing is said of %s", path)
		}
	}
	if n < 200 {
		t.Errorf("only %d things were changed", n)
	}
}

// change makes the n-th thing that a value says another, and names it; "" if it says less.
func change(v reflect.Value, n *int, path string) string {
	switch {
	case v.Type() == reflect.TypeFor[calendar.Date]():
		if *n--; *n < 0 {
			v.Set(reflect.ValueOf(v.Interface().(calendar.Date).AddDays(1)))
			return path
		}
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			return change(v.Elem(), n, path)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if at := change(v.Field(i), n, path+"."+v.Type().Field(i).Name); at != "" {
				return at
			}
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			if at := change(v.Index(i), n, path+".…"); at != "" {
				return at
			}
		}
	case v.Kind() == reflect.Map:
		keys := slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(key))
			if at := change(item, n, path+"."+key.String()); at != "" {
				v.SetMapIndex(key, item)
				return at
			}
		}
	case v.IsZero() && v.Kind() != reflect.Bool: // it says nothing
	default:
		if *n--; *n < 0 {
			switch v.Kind() {
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Int:
				v.SetInt(v.Int() + 1)
			default:
				v.SetString("other " + v.String())
			}
			return path
		}
	}
	return ""
}

// Every fault of a file has words in both languages, which take what it names.
func TestEveryFaultHasWords(t *testing.T) {
	for lang, w := range locales(t) {
		for _, code := range rulepack.Faults() {
			if !w.Has("rules.fault." + code) {
				t.Errorf("%s has no words for %s", lang, code)
			}
		}
		_, err := rulepack.Parse([]byte("id: x\nextends: national-1\nname: x\nprofile: x\nvalid_from: 2027-01-01\nrehandling: { rounds: 400 }\nsigner: { ordinary: auditor, strict: bureau_head }\nseries: [{ body: npc, code: x }]\n"), rulepack.BuiltIn())
		wrong, ok := err.(rulepack.Errors)
		if !ok || len(wrong) != 3 {
			t.Fatalf("%v", err)
		}
		said := map[string]string{}
		for _, e := range wrong {
			said[e.Path] = w.RulesFault(e)
		}
		want := map[string]map[string]string{
			locale.Chinese: {"rehandling.rounds": "要写1到366的数。", "signer.ordinary": "“auditor”不能签发；能签发的是：leader_in_charge, bureau_head", "series": "政协提案、独办的件没有机关代字可用。"},
			locale.English: {"rehandling.rounds": "Enter a number from 1 to 366.", "signer.ordinary": "“auditor” cannot sign; these can: leader_in_charge, bureau_head", "series": "No reply to a case of " + w.T("body.cppcc") + ", handled as " + w.T("handling.alone") + ", has a number prefix."},
		}[lang]
		if !maps.Equal(said, want) {
			t.Errorf("%s: %q, want %q", lang, said, want)
		}
	}
}
