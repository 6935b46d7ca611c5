package gongwen

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/tables"
)

// What is wrong with a file that is not read.
var (
	ErrUnreadable = errors.New("gongwen: no .docx file, or a broken one")
	ErrTooLarge   = errors.New("gongwen: the text of the file is too large")
)

// maxPart is how much of a file's text is unpacked, in bytes: some fifty times the longest reply with all that Word writes around it. What
// is packed into a few kilobytes may be gigabytes.
const maxPart = 16 << 20

// Text is what stands in a .docx file, a paragraph a line, and a row of a table a line too (internal/tables): cells that are joined are the first of them and
// empty ones, a table within a cell becomes lines of it, and one of a single column, or of more than a table of Word has, is no table but paragraphs. What somebody deleted while changes were
// tracked is left out, what they added stands there. Headers and footers are not in it, nor are numbers that the program counts itself:
// counted is how many paragraphs have lost one.
func Text(file []byte) (text string, counted int, err error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return "", 0, ErrUnreadable
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		return "", 0, ErrUnreadable
	}
	defer part.Close()
	limited := &io.LimitedReader{R: part, N: maxPart}
	lines, counted, err := paragraphs(xml.NewDecoder(limited))
	switch {
	case limited.N == 0:
		return "", 0, ErrTooLarge
	case err != nil:
		return "", 0, ErrUnreadable
	}
	return strings.Join(lines, "\n"), counted, nil
}

// notRead are elements whose text is not on the paper: what was deleted or moved away, the instructions of fields, what is drawn in
// another way for older programs, and how a cell, a row or a paragraph was set before a tracked change.
var notRead = map[string]bool{
	"del": true, "moveFrom": true, "instrText": true, "Fallback": true, "tcPrChange": true, "trPrChange": true, "pPrChange": true,
}

// paragraphs are those of a document that are not blank. A paragraph may stand in another, in a text box, and a table in a cell of another.
func paragraphs(d *xml.Decoder) (lines []string, counted int, err error) {
	var open []*reading
	var t tableIn
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, counted, nil
		}
		if err != nil {
			return nil, 0, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "del" {
				t.deleted()
			}
			if notRead[e.Name.Local] {
				if err := d.Skip(); err != nil {
					return nil, 0, err
				}
				continue
			}
			if e.Name.Local == "p" {
				open = append(open, &reading{})
			} else if len(open) > 0 {
				open[len(open)-1].begin(e)
			}
			t.begin(e)
		case xml.EndElement:
			lines = append(lines, t.end(e)...)
			switch last := len(open) - 1; {
			case last < 0:
			case e.Name.Local == "t":
				open[last].inText = false
			case e.Name.Local == "p":
				read := notBlank(open[last].words.String())
				if !t.take(read) {
					lines = append(lines, read...)
				}
				if open[last].counted && len(read) > 0 {
					counted++
				}
				open = open[:last]
			}
		case xml.CharData:
			if last := len(open) - 1; last >= 0 && open[last].inText {
				open[last].words.Write(e)
			}
		}
	}
}

// tableIn is a table that is being read, or none.
type tableIn struct {
	depth      int // of tables in tables
	rows       [][]cellIn
	properties bool // of a row are being read
	gone       bool // the row was deleted
}

// cellIn is one of a row: its lines, and how many columns it takes. One that goes on from the row above has no words of its own.
type cellIn struct {
	lines []string
	span  int
}

func (t *tableIn) begin(e xml.StartElement) {
	last := len(t.rows) - 1
	switch {
	case e.Name.Local == "tbl":
		t.depth++
	case t.depth != 1:
	case e.Name.Local == "tr":
		t.rows, t.gone = append(t.rows, nil), false
	case last < 0:
	case e.Name.Local == "trPr":
		t.properties = true
	case e.Name.Local == "tc":
		t.rows[last] = append(t.rows[last], cellIn{span: 1})
	case e.Name.Local == "gridBefore" && len(t.rows[last]) == 0: // the row begins further in
		t.rows[last] = append(t.rows[last], cellIn{span: spanOf(e)})
	case e.Name.Local == "gridSpan" && len(t.rows[last]) > 0:
		t.rows[last][len(t.rows[last])-1].span = spanOf(e)
	}
}

// mostColumns is how many columns a table of Word has at most.
const mostColumns = 63

func spanOf(e xml.StartElement) int {
	for _, a := range e.Attr {
		if n, err := strconv.Atoi(a.Value); a.Name.Local == "val" && err == nil {
			return min(max(n, 1), mostColumns)
		}
	}
	return 1
}

// deleted says that the row whose properties are being read was deleted.
func (t *tableIn) deleted() { t.gone = t.gone || t.depth == 1 && t.properties }

// take puts the lines of a paragraph into the cell that is being read, if there is one.
func (t *tableIn) take(lines []string) bool {
	last := len(t.rows) - 1
	if t.depth == 0 || last < 0 || len(t.rows[last]) == 0 {
		return false
	}
	c := &t.rows[last][len(t.rows[last])-1]
	c.lines = append(c.lines, lines...)
	return true
}

// end are the lines of a table that ends.
func (t *tableIn) end(e xml.EndElement) (lines []string) {
	switch {
	case t.depth == 1 && e.Name.Local == "trPr":
		t.properties = false
	case t.depth == 1 && e.Name.Local == "tr" && t.gone && len(t.rows) > 0:
		t.rows = t.rows[:len(t.rows)-1]
	case e.Name.Local == "tbl" && t.depth > 0:
		if t.depth--; t.depth == 0 {
			lines, t.rows = linesOf(t.rows), nil
		}
	}
	return lines
}

// linesOf are those of a table. Only one that Word could have made is filled up to its widest row: a row may say that it is as wide as it likes.
func linesOf(rows [][]cellIn) (lines []string) {
	columns := 0
	for _, row := range rows {
		wide := 0
		for _, c := range row {
			wide += c.span
		}
		columns = max(columns, wide)
	}
	for _, row := range rows {
		if columns == 1 || columns > mostColumns {
			for _, c := range row {
				lines = append(lines, c.lines...)
			}
			continue
		}
		var cells []string
		for _, c := range row {
			cells = append(append(cells, strings.Join(c.lines, "\n")), make([]string, c.span-1)...)
		}
		lines = append(lines, tables.Row(append(cells, make([]string, columns-len(cells))...)))
	}
	return lines
}

// reading is a paragraph that is being read.
type reading struct {
	words                  strings.Builder
	inText, title, counted bool
}

// notBlank are the lines of a text that are not blank.
func notBlank(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (r *reading) begin(e xml.StartElement) {
	switch e.Name.Local {
	case "t":
		r.inText = true
	case "tab":
		r.words.WriteByte(' ')
	case "noBreakHyphen":
		r.words.WriteByte('-')
	case "br", "cr":
		if !r.title { // a title is broken where it looks well
			r.words.WriteByte('\n')
		}
	case "numId":
		for _, a := range e.Attr {
			r.counted = r.counted || a.Name.Local == "val" && a.Value != "0" // 0 takes the number of the style away
		}
	case "pStyle":
		for _, a := range e.Attr {
			r.title = r.title || a.Name.Local == "val" && a.Value == "Title"
		}
	}
}
