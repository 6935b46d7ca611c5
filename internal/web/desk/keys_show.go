package desk

import (
	"net/http"

	"github.com/banli/banli/internal/web/kit"
)

// keysPage lists every key, and turns the single letters off and on (WCAG 2.1.4).
type keysPage struct {
	kit.Frame
	Groups []KeyGroup
}

func (*keysPage) Template() string { return "keys.html" }

// KeyGroup is the keys of one kind of page; its heading is the message keys.group.<Name>.
type KeyGroup struct {
	Name string
	Keys []KeyLine
}

// KeyLine is one key; what it does is the message keys.<Does>.
type KeyLine struct {
	Press []string
	Does  string
}

// KeyGroups are all keys, by the page on which they work.
var KeyGroups = []KeyGroup{
	{"list", []KeyLine{
		{[]string{"J", "K", "\u2193", "\u2191"}, "move"},
		{[]string{"Enter"}, "open"},
		{[]string{"X"}, "tick"},
		{[]string{"Shift", "J"}, "extend"},
		{[]string{"N"}, "next"},
		{[]string{"C"}, "claim"},
		{[]string{"R"}, "release"},
		{[]string{"T"}, "transfer"},
		{[]string{"D"}, "delegate"},
		{[]string{"U"}, "urge"},
		{[]string{"W"}, "watch"},
		{[]string{"E"}, "explain"},
		{[]string{"/"}, "search"},
	}},
	{"go", []KeyLine{
		{[]string{"G", "D"}, "todo"}, {[]string{"G", "Z"}, "active"}, {[]string{"G", "Y"}, "done"}, {[]string{"G", "G"}, "watched"}, {[]string{"?"}, "all"},
	}},
	{"case", []KeyLine{
		{[]string{"["}, "previous"},
		{[]string{"]"}, "following"},
		{[]string{"N"}, "next"},
		{[]string{"F"}, "finding"},
		{[]string{"1", "2", "3"}, "outcome"},
		{[]string{"A"}, "point"},
		{[]string{"P"}, "pause"},
		{[]string{"Ctrl", "Enter"}, "primary"},
		{[]string{"Esc"}, "close"},
	}},
}

// KeysShow draws the page of keys.
func (s *Room) KeysShow(w http.ResponseWriter, r *http.Request) error {
	return s.Render(w, r, http.StatusOK, &keysPage{Frame: kit.Frame{Title: s.Words(r).T("keys.title"), Section: "tasks"}, Groups: KeyGroups})
}
