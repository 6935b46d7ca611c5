package store

import (
	"regexp"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
)

// A search is one line, typed or pasted: words that must all be found, each wherever a case is known by it. fold, in the database,
// makes them and what they are looked for in alike.

var (
	numerals    = `([一二三四五六七八九十]+)`
	bodies      = `(人大|政协)?`
	saidSitting = regexp.MustCompile(`(?:\p{Han}*?[国省区市州盟县旗乡镇])??` + bodies + `第?` + numerals + `届` + bodies + `第?` + numerals + `次会议`)
	saidNumber  = regexp.MustCompile(`(?:闭会期间)?第\s*([0-9０-９A-Za-zＡ-Ｚａ-ｚ－-]+)\s*号`)
)

// text finds cases by what was typed: a part of the number, of the title, of the document number, of a deputy's name, or of the name
// of whoever handles the case or has it now; and by how pages and replies say sitting and number: 市人大十六届三次会议第0392号.
func (q *caseQuery) text(query string, viewer proposal.Person) {
	query = saidSitting.ReplaceAllStringFunc(query, func(said string) string {
		m := saidSitting.FindStringSubmatch(said)
		return q.sitting(m[1]+m[3], chinese.ReadNumeral(m[2]), chinese.ReadNumeral(m[4]), said)
	})
	query = saidNumber.ReplaceAllStringFunc(query, func(said string) string {
		key := assembly.RegisterKey{Number: said}.Canonical()
		q.where = append(q.where, `strpos(fold(c.number), fold(`+q.arg(key.Number)+`::text)) > 0`)
		if key.Intersession {
			q.where = append(q.where, `c.intersession`)
		}
		return " "
	})
	for _, word := range strings.Fields(query) {
		q.word(word, viewer)
	}
}

// sitting finds the cases of one sitting; what names none stays to be looked for as it is.
func (q *caseQuery) sitting(body string, term, session int, said string) (rest string) {
	if term == 0 || session == 0 {
		return said
	}
	q.where = append(q.where, `c.term = `+q.arg(term)+` and c.session = `+q.arg(session))
	switch body {
	case "人大":
		q.where = append(q.where, `c.body = `+q.arg(assembly.NPC))
	case "政协":
		q.where = append(q.where, `c.body = `+q.arg(assembly.CPPCC))
	}
	return " "
}

// word finds the cases that are known by a word.
func (q *caseQuery) word(word string, viewer proposal.Person) {
	folded := `fold(` + q.arg(word) + `::text)`
	number := q.arg(assembly.RegisterKey{Number: word}.Canonical().Number) + `::text` // 台40号 is 台40 on the register
	within := func(text string) string { return `strpos(fold(` + text + `), ` + folded + `) > 0` }
	// Finding a case by a name that one may not read would tell the name.
	q.where = append(q.where, `(strpos(c.found_by, `+folded+`) > 0 or strpos(fold(c.number), fold(`+number+`)) > 0
		or (`+within(`c.lead_deputy`)+` or exists (select from unnest(c.co_signers) name where `+within(`name`)+`)) and `+q.seesName(viewer)+`
		or exists (select from people p where (`+within(`p.name`)+` or `+within(`p.name_en`)+`) and (p.id = c.handler
			or p.id in (select assignee from tasks o where o.case_id = c.id and o.closed_at is null))))`)
}
