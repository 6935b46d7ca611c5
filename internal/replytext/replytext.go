// Package replytext reads the text of a reply before it goes out. It splits it into paragraphs and headings, compares its names, numbers, sessions,
// titles and dates with the register ([Check], R18), and finds the figures in it. It also writes what is the same in every reply: whom it is
// addressed to, how it opens and how it closes.
//
// It knows nothing of stages, people and rule packs: what follows from a finding is decided in internal/proposal, which imports this package. It
// must never import that one, nor a clock, SQL or the web.
package replytext

import "github.com/banli/banli/internal/calendar"

// Reply is what a handler types: the text between addressee and signature, whom to ask about it, what it promises.
type Reply struct {
	Body         string // one paragraph a line; headings 一、 （一） 1. （1） open a paragraph
	ContactName  string
	ContactPhone string
	Commitments  []Promise
}

// Promise is a commitment made in the reply.
type Promise struct {
	Text  string        `json:"text"`
	DueOn calendar.Date `json:"due_on"`
}
