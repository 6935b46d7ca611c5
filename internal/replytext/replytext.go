// Package replytext reads replies as an officer reads them before they go out. It takes a text apart into paragraphs and headings, compares
// its names, numbers, sessions, titles and dates with the register ([Check], R18), finds its figures, and says how a reply is addressed, how it
// opens and how it closes.
//
// It knows what the assembly calls the case (internal/assembly) and nothing of procedure: stages, people and rule packs are for
// internal/proposal, which decides what follows from a finding. It must never import that package, nor a clock, SQL or the web.
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
