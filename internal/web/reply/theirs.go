package reply

import "github.com/banli/banli/internal/compare"

// TheirsView is a version that came in between, told apart from the words on the form. Neither is lost whatever is pressed.
type TheirsView struct {
	Words   string // who saved it and when
	Version int
	Top     int // the newest version: the words on the form would be written on top of it
	Rows    []DiffLine
}

// DiffLine is a paragraph that differs.
type DiffLine struct{ Runs []compare.Run }
