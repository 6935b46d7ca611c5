package paper

import (
	"slices"
	"strconv"
	"strings"
)

// Table is a table of a reply, as wide as the text and set in size 小四. What stands on a page of it is one too.
type Table struct {
	Widths  []int  // of the columns, in twentieths of a point
	Centred []bool // columns whose cells are all short
	Rows    []Row
}

// Row is one of a table. It is not torn over two pages unless it is higher than one.
type Row struct {
	Words  []string   // of the cells, as they were written
	Cells  [][]string // the same in lines
	Height int        // in lines of the page
	Head   bool       // says what stands in the columns, and stands again on each page
}

// Of a table, in twentieths of a point: its width, what a cell keeps free on both sides together, the height of a line in it and of one of the page, and what a
// row needs besides its lines.
const (
	TableWidth    = 8844
	CellMargins   = 216
	cellLine      = 340
	halfCharacter = 120
	Pitch         = 579
	rowRoom       = 100
)

// shortCell is how wide, in half characters, the cells of a centred column are at most.
const shortCell = 20

// TableFirst takes the table off with which paragraphs begin; nil if they begin with none.
func TableFirst(paragraphs []Paragraph) (*Table, []Paragraph) {
	n := 0
	for n < len(paragraphs) && paragraphs[n].Cells != nil && (n == 0 || !paragraphs[n].Head) {
		n++
	}
	if n == 0 {
		return nil, paragraphs
	}
	return newTable(paragraphs[:n]), paragraphs[n:]
}

func newTable(rows []Paragraph) *Table {
	wide := make([]int, len(rows[0].Cells)) // the longest line of each column, in half characters
	for _, row := range rows {
		for i, cell := range row.Cells {
			for line := range strings.SplitSeq(cell, "\n") {
				wide[i] = max(wide[i], widthOf(line), 2)
			}
		}
	}
	t := &Table{Widths: widths(wide), Centred: make([]bool, len(wide))}
	for i := range t.Centred {
		t.Centred[i] = wide[i] <= min(shortCell, t.room(i))
	}
	for _, row := range rows {
		r := Row{Words: row.Cells, Head: row.Head && len(rows) > 1}
		for i, cell := range row.Cells {
			var lines []string
			for line := range strings.SplitSeq(cell, "\n") {
				broken := breakText(line, t.room(i), 0)
				if broken == nil && cell != "" { // a blank line among others
					broken = []string{""}
				}
				lines = append(lines, broken...)
			}
			r.Cells = append(r.Cells, lines)
		}
		r.measure()
		t.Rows = append(t.Rows, r)
	}
	return t
}

// room is how many half characters a line of a column holds.
func (t *Table) room(column int) int {
	return max(2, (t.Widths[column]-CellMargins)/halfCharacter-spareInCell)
}

// Shares are the widths in parts of the whole, as pages want them.
func (t *Table) Shares() []string {
	var shares []string
	for _, width := range t.Widths {
		shares = append(shares, strconv.FormatFloat(float64(width)*100/TableWidth, 'f', 2, 64)+"%")
	}
	return shares
}

// measure makes a row as high as a number of lines of the page in which its own have room.
func (r *Row) measure() {
	lines := 1
	for _, cell := range r.Cells {
		lines = max(lines, len(cell))
	}
	r.Height = (lines*cellLine + rowRoom + Pitch - 1) / Pitch
}

// spareInCell is room in a column, in half characters: not every machine has the standard's fonts, and digits of others are wider.
const spareInCell = 2

// need is what a column of so many half characters takes.
func need(wide int) int { return (wide+spareInCell)*halfCharacter + CellMargins }

// widths shares the width out, in twentieths of a point: by the longest line of each column, of which long ones get less as long as there is not room for all.
func widths(wide []int) []int {
	most, sum := slices.Max(wide), 0
	for ; ; most-- {
		sum = 0
		for _, w := range wide {
			sum += need(min(w, most))
		}
		if sum <= TableWidth || most <= 2 {
			break
		}
	}
	shares := make([]int, len(wide))
	at, before := 0, 0
	for i, w := range wide {
		at += need(min(w, most))
		to := at * TableWidth / sum
		shares[i], before = to-before, to
	}
	return shares
}

func widthOf(text string) int {
	n := 0
	for _, r := range text {
		n += width(r)
	}
	return n
}

// lines are the rows, one each, so that a page can be turned between them.
func (t *Table) lines() []Line {
	var lines []Line
	for _, row := range t.Rows {
		for _, part := range row.parts(t.Highest()) {
			lines = append(lines, t.line(part))
		}
	}
	return lines
}

func (t *Table) line(row Row) Line {
	return Line{Style: Rows, Table: &Table{t.Widths, t.Centred, []Row{row}}, whole: t}
}

// Repeats reports whether the head stands again on each page: not if it takes half of it.
func (t *Table) Repeats() bool { return t.Rows[0].Head && t.Rows[0].Height < LinesAPage/2 }

// Highest is how high a row may be, in lines of the page, that is not torn: as a page that begins with the head has room for.
func (t *Table) Highest() int {
	if !t.Repeats() {
		return LinesAPage
	}
	return LinesAPage - t.Rows[0].Height
}

// parts tears a row that is higher than the room of a page.
func (r Row) parts(room int) []Row {
	if r.Height <= room {
		return []Row{r}
	}
	most := (room*Pitch - rowRoom) / cellLine
	var parts []Row
	for rest := r.Cells; slices.ContainsFunc(rest, func(lines []string) bool { return len(lines) > 0 }); {
		part, over := Row{Head: r.Head}, make([][]string, len(rest))
		for i, lines := range rest {
			cut := min(most, len(lines))
			part.Cells, over[i] = append(part.Cells, lines[:cut]), lines[cut:]
		}
		part.measure()
		parts, rest = append(parts, part), over
	}
	return parts
}

// height is how many lines of the page a line takes.
func (l Line) height() int {
	if l.Table == nil {
		return 1
	}
	height := 0
	for _, row := range l.Table.Rows {
		height += row.Height
	}
	return height
}

func heightOf(lines []Line) (height int) {
	for _, line := range lines {
		height += line.height()
	}
	return height
}

// keeps reports whether a line does not end a page, since the next one belongs under it: the head of a table.
func (l Line) keeps(next Line) bool {
	return l.whole != nil && l.whole == next.whole && l.Table.Rows[0].Head
}

// over are the lines that a page begins with if this one comes next: the head of its table again.
func (l Line) over() []Line {
	if l.whole == nil || l.Table.Rows[0].Head || !l.whole.Repeats() {
		return nil
	}
	return []Line{l.whole.line(l.whole.Rows[0])}
}

// joined makes one table of the rows of each that stand on a page.
func joined(page []Line) []Line {
	var lines []Line
	for _, line := range page {
		if last := len(lines) - 1; last >= 0 && line.whole != nil && lines[last].whole == line.whole {
			rows := lines[last].Table.Rows
			lines[last].Table = &Table{line.Table.Widths, line.Table.Centred, append(rows[:len(rows):len(rows)], line.Table.Rows...)}
			continue
		}
		lines = append(lines, line)
	}
	return lines
}
