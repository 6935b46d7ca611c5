package compare

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// marked writes a diff as people would: -gone- +added+.
func marked(d Diff) string {
	var lines []string
	for _, row := range d {
		var b strings.Builder
		for _, run := range row.Runs {
			b.WriteString(map[Op]string{Same: "", Gone: "-", Added: "+"}[run.Op])
			b.WriteString(run.Text)
			b.WriteString(map[Op]string{Same: "", Gone: "-", Added: "+"}[run.Op])
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"感谢您。", "感谢您。", "感谢您。"},
		{"联系电话：23468831", "联系电话：23468813", "联系电话：234688-31-+13+"},
		{
			"115项社区便民服务事项自今年5月起，全部实现“全市通办”", "115项社区便民服务事项将自今年5月起全部实现“全市通办”",
			"115项社区便民服务事项+将+自今年5月起-，-全部实现“全市通办”",
		},
		{
			"不同的岗位人员由不同的职能部门负责招录和管理。", "不同的岗位人员由不同的职能部门负责招录和管理，薪酬待遇标准由相关部门负责研究制定。",
			"不同的岗位人员由不同的职能部门负责招录和管理+，薪酬待遇标准由相关部门负责研究制定+。",
		},
		// A new paragraph in the middle leaves those around it beside their likes.
		{
			"一、减负\n台账减至22项。\n二、待遇", "一、减负\n台账减至22项。\n盖章证明减至22项。\n二、待遇",
			"一、减负\n台账减至22项。\n+盖章证明减至22项。+\n二、待遇",
		},
		{"一、减负\n旧的一段话，说的是别的事情。\n二、待遇", "一、减负\n二、待遇", "一、减负\n-旧的一段话，说的是别的事情。-\n二、待遇"},
		// Lines that share nothing are not laid over each other.
		{"将于年底办结", "已在三月完成", "-将于年底办结-\n+已在三月完成+"},
	} {
		if got := marked(Texts(c.old, c.new)); got != c.want {
			t.Errorf("%q → %q:\n got %s\nwant %s", c.old, c.new, got, c.want)
		}
	}
}

func TestCounts(t *testing.T) {
	d := Texts("甲乙丙丁戊\n联系电话：23468831", "甲乙新丙丁戊\n联系电话：23468813\n另附清单一份。")
	gone, added := d.Count()
	if gone != 1 || added != 3 || d.Places() != 3 {
		t.Errorf("taken out at %d places, put in at %d, changed at %d: %s", gone, added, d.Places(), marked(d))
	}
}

// text draws letters out of few characters, so that lines are alike by chance as often as not.
var text = rapid.Custom(func(t *rapid.T) string {
	line := rapid.StringOfN(rapid.RuneFrom([]rune("一二三，。的是将已5月ab😀")), 0, 30, -1)
	return strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "lines"), "\n")
})

// The two sides of a diff are the two texts, whatever they are.
func TestBothSidesAreTheTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := text.Draw(t, "old"), text.Draw(t, "new")
		holds(t, old, new)
	})
}

func holds(t interface{ Fatalf(string, ...any) }, old, new string) {
	d := Texts(old, new)
	var before, after []string
	for _, row := range d {
		if row.Old >= 0 {
			before = append(before, row.Before())
		}
		if row.New >= 0 {
			after = append(after, row.After())
		}
	}
	if was, became := strings.Join(before, "\n"), strings.Join(after, "\n"); was != old || became != new {
		t.Fatalf("%q → %q gives %q → %q\n%s", old, new, was, became, marked(d))
	}
	if (d.Places() == 0 && strings.Count(old, "\n") == strings.Count(new, "\n")) != (old == new) {
		t.Fatalf("%q → %q: %d places", old, new, d.Places())
	}
	a, b := 0, 0
	for _, row := range d {
		if row.Old >= 0 {
			if row.Old != a {
				t.Fatalf("line %d of the old text comes after line %d", row.Old, a)
			}
			a++
		}
		if row.New >= 0 {
			if row.New != b {
				t.Fatalf("line %d of the new text comes after line %d", row.New, b)
			}
			b++
		}
		for _, run := range row.Runs {
			if run.Text == "" || !utf8.ValidString(run.Text) {
				t.Fatalf("a run that is empty or no text: %q", run.Text)
			}
		}
	}
}

func FuzzTexts(f *testing.F) {
	f.Add("一、减负\n台账减至22项。", "一、减负\n台账减至21项。\n二、待遇")
	f.Add("", "\n\n")
	f.Fuzz(func(t *testing.T, old, new string) {
		if !utf8.ValidString(old) || !utf8.ValidString(new) || len(old)+len(new) > 20_000 {
			t.Skip()
		}
		holds(t, old, new)
	})
}

func TestFind(t *testing.T) {
	reply := []string{"一、减负", "台账由274项减至22项，盖章证明减至22项。", "二、待遇", "人均达到5450元/月。"}
	for _, c := range []struct {
		quote string
		was   Anchor
		want  Anchor
		ok    bool
	}{
		{"274项", Anchor{1, 3, 7}, Anchor{1, 3, 7}, true},
		{"22项", Anchor{1, 18, 21}, Anchor{1, 19, 22}, true}, // the nearer of two
		{"22项", Anchor{1, 0, 3}, Anchor{1, 9, 12}, true},
		{"5450元/月", Anchor{1, 4, 11}, Anchor{3, 4, 11}, true}, // moved to another paragraph
		{"115项", Anchor{1, 0, 4}, Anchor{1, 0, 4}, false},
		{"", Anchor{2, 0, 0}, Anchor{2, 0, 0}, true},
		{"", Anchor{9, 0, 0}, Anchor{9, 0, 0}, false},
		{"二、", Anchor{40, 0, 2}, Anchor{2, 0, 2}, true},
	} {
		if got, ok := Find(reply, c.quote, c.was); got != c.want || ok != c.ok {
			t.Errorf("%q at %v: %v %v, want %v %v", c.quote, c.was, got, ok, c.want, c.ok)
		}
	}
}
