package web

import "net/http"

// keysPage lists every key, and turns the single letters off and on (WCAG 2.1.4).
type keysPage struct {
	Frame
	Groups []KeyGroup
}

func (*keysPage) template() string { return "keys.html" }

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

var keyGroups = []KeyGroup{
	{"list", []KeyLine{
		{[]string{"J", "K", "\u2193", "\u2191"}, "move"}, {[]string{"Enter"}, "open"}, {[]string{"X"}, "tick"}, {[]string{"Shift", "J"}, "extend"},
		{[]string{"N"}, "next"}, {[]string{"C"}, "claim"}, {[]string{"R"}, "release"}, {[]string{"T"}, "transfer"}, {[]string{"D"}, "delegate"},
		{[]string{"U"}, "urge"}, {[]string{"W"}, "watch"}, {[]string{"E"}, "explain"}, {[]string{"/"}, "search"},
	}},
	{"go", []KeyLine{
		{[]string{"G", "D"}, "todo"}, {[]string{"G", "Z"}, "active"}, {[]string{"G", "Y"}, "done"}, {[]string{"G", "G"}, "watched"}, {[]string{"?"}, "all"},
	}},
	{"case", []KeyLine{
		{[]string{"["}, "previous"}, {[]string{"]"}, "following"}, {[]string{"N"}, "next"}, {[]string{"F"}, "finding"}, {[]string{"1", "2", "3"}, "outcome"}, {[]string{"A"}, "point"},
		{[]string{"P"}, "pause"}, {[]string{"Ctrl", "Enter"}, "primary"}, {[]string{"Esc"}, "close"},
	}},
}

func (s *Server) keysShow(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, &keysPage{Frame: Frame{Title: s.words(r).T("keys.title"), Section: "tasks"}, Groups: keyGroups})
}
