package casefile

import "github.com/banli/banli/internal/store"

// Brief is a digest for somebody who supervises, in words (督办日报、督办周报): the room that puts it together draws it as a page, and the inbox
// mails it.
type Brief struct {
	Title, Subject string
	Empty          bool // of the daily one: nothing changed, nothing is late or near, and nothing is to be decided
	Parts          []BriefPart
}

// BriefPart is a few sentences, and figures with the lists that they open.
type BriefPart struct {
	Title string
	Says  []string
	Lines []BriefLine
}

// BriefLine is a figure, a case, or what else there is to read.
type BriefLine struct {
	Words string
	N     string // Count in words; "" if it is no figure
	Count int
	List  store.TaskFilter // whose length Count is
	Case  bool
	Note  string
	Path  string
	Late  bool
}
