package directory

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
)

// Words is a catalogue in one language.
type Words interface {
	T(key string, args ...any) string
}

// Row is a row of a list with the entry that it makes, or what is wrong with it.
type Row struct {
	No    int // in the file
	Entry Entry
	Was   Entry // what is known; the zero value for a new entry
	Cells map[string]string
	Wrong []proposal.FieldError
}

// New reports whether the row adds an entry.
func (r Row) New() bool { return r.Was.ID == "" }

// Same reports whether the row says what is known.
func (r Row) Same() bool { return r.Entry == r.Was }

// needed are the columns without which no entry can be told from another.
func (k Kind) needed() []string {
	if k.OfPeople() {
		return []string{"level", "term", "name"}
	}
	return []string{"name"}
}

// Head is the first row of a list of the kind.
func (k Kind) Head(w Words) []string {
	var head []string
	for _, field := range k.Fields() {
		head = append(head, w.T("form."+k.Words()+"."+field))
	}
	return head
}

// Line is the row of an entry.
func (e Entry) Line(w Words) []string {
	var line []string
	for _, field := range e.Kind.Fields() {
		value := e.Get(field)
		if field == "level" && value != "" {
			value = w.T("level." + value)
		}
		line = append(line, value)
	}
	return line
}

// columns are the fields by their labels in every language. Real lists head the group as one of the two that it may be.
func (k Kind) columns(languages []Words) map[string]string {
	columns := map[string]string{}
	for _, w := range languages {
		if k.OfPeople() {
			columns[w.T("directory.delegation")], columns[w.T("directory.sector")] = "group", "group"
		}
		for i, label := range k.Head(w) {
			columns[label] = k.Fields()[i]
		}
	}
	return columns
}

// levels are the levels by their names in every language and by their codes.
func levels(languages []Words) map[string]assembly.Level {
	levels := map[string]assembly.Level{}
	for _, level := range assembly.Levels {
		levels[string(level)] = level
		for _, w := range languages {
			levels[strings.ToLower(w.T("level."+string(level)))] = level
		}
	}
	return levels
}

// namesake is what those share whom only their group tells apart.
type namesake struct {
	level assembly.Level
	term  int
	name  string
}

func (e Entry) namesake() namesake { return namesake{e.Level, e.Term, e.Name} }

// Read reads a list of the kind. Its first row says which column is which, in any of the languages; a column that is not there leaves what is known. A
// name that is known in the same assembly and term is that entry, whatever delegation the row says; of two by one name the delegation tells which.
// missing are the columns without which nothing can be read.
func Read(kind Kind, cells [][]string, known []Entry, languages []Words) (rows []Row, missing []string) {
	at, columns := map[string]int{}, kind.columns(languages)
	if len(cells) > 0 {
		for i, label := range cells[0] {
			if field := columns[strings.TrimSpace(label)]; field != "" {
				at[field] = i
			}
		}
	}
	for _, field := range kind.needed() {
		if _, ok := at[field]; !ok {
			missing = append(missing, field)
		}
	}
	if len(missing) > 0 {
		return nil, missing
	}
	named, count := levels(languages), map[namesake]int{}
	for i, line := range cells[1:] {
		row := Row{No: i + 2, Entry: Entry{Kind: kind}, Cells: map[string]string{}}
		for field, k := range at {
			if row.Cells[field] = ""; k < len(line) { // a file keeps no empty cells at the end of a row
				row.Cells[field] = strings.TrimSpace(line[k])
			}
		}
		if strings.Join(line, "") == "" {
			continue
		}
		row.fill(named)
		count[row.Entry.namesake()]++
		rows = append(rows, row)
	}
	of := map[namesake][]Entry{}
	for _, e := range known {
		of[e.namesake()] = append(of[e.namesake()], e)
	}
	taken := map[string]bool{}
	for i := range rows {
		row := &rows[i]
		key := row.Entry.namesake()
		was, ok := recognised(row.Entry, of[key], count[key])
		switch {
		case !ok:
			row.Wrong = append(row.Wrong, proposal.FieldError{Field: "group", Code: proposal.FieldRequired})
		case was.ID != "":
			row.Was, row.Entry = was, was
			row.Wrong = nil
			row.fill(named)
		}
		for _, w := range row.Entry.Check() {
			if !slices.ContainsFunc(row.Wrong, func(said proposal.FieldError) bool { return said.Field == w.Field }) {
				row.Wrong = append(row.Wrong, w)
			}
		}
		once := was.ID + "\n" + row.Entry.Get("level") + "\n" + row.Entry.Get("term") + "\n" + row.Entry.Name + "\n" + row.Entry.Group
		if taken[once] && row.Entry.Name != "" {
			row.Wrong = append(row.Wrong, proposal.FieldError{Field: "name", Code: proposal.NameTaken})
		}
		taken[once] = true
	}
	return rows, nil
}

// fill puts what the row says in the place of what is known.
func (r *Row) fill(levels map[string]assembly.Level) {
	for _, field := range r.Entry.Kind.Fields() {
		cell, said := r.Cells[field]
		if !said {
			continue
		}
		if field == "level" {
			level, ok := levels[strings.ToLower(cell)]
			if !ok && cell != "" {
				r.Wrong = append(r.Wrong, proposal.FieldError{Field: field, Code: proposal.UnknownValue})
			}
			r.Entry.Level = level
			continue
		}
		if code := r.Entry.Set(field, cell); code != "" {
			r.Wrong = append(r.Wrong, proposal.FieldError{Field: field, Code: code})
		}
	}
}

// recognised is the known entry that a row is about, out of its namesakes; the zero value for somebody new. rows is how many of the list bear the name. It
// is false where nothing tells which is meant.
func recognised(e Entry, namesakes []Entry, rows int) (was Entry, ok bool) {
	if len(namesakes) == 1 && rows == 1 {
		return namesakes[0], true
	}
	for _, known := range namesakes {
		if known.Group == e.Group {
			return known, true
		}
	}
	return Entry{}, e.Group != "" || len(namesakes) == 0
}
