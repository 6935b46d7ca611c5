// Package tables writes and reads the rows of a table as lines of a text: cells between bars, as in |区县|社区数|, a row a line. The text of a reply has no other
// form of a table (ADR 0019).
//
// Everybody may import it. It imports the standard library only.
package tables

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	bar    = "|"
	bars   = "|｜" // which of them is written depends on the input method
	inCell = "↵"  // a new line within a cell, as word processors show it
	escape = `\`
)

var escaped = strings.NewReplacer(escape, escape+escape, "|", escape+"|", "｜", escape+"｜", inCell, escape+inCell, "\n", inCell)

// Row writes the cells of a row as a line. A cell may have several lines, parted by \n; no other line ends may stand in it.
func Row(cells []string) string {
	var line strings.Builder
	line.WriteString(bar)
	for _, cell := range cells {
		line.WriteString(escaped.Replace(strings.TrimSpace(cell)) + bar)
	}
	return line.String()
}

// IsRow reports whether a line looks like a row: it begins with a bar.
func IsRow(line string) bool { return strings.IndexAny(strings.TrimSpace(line), bars) == 0 }

// Cells reads a line; nil if it is no row. A row begins and ends with a bar, and has two cells at least.
func Cells(line string) []string {
	if !IsRow(line) {
		return nil
	}
	line = strings.TrimSpace(line)
	_, first := utf8.DecodeRuneInString(line)
	var cells []string
	var cell strings.Builder
	open, escapes := false, false // whether anything stands behind the last bar
	for _, r := range line[first:] {
		special := strings.ContainsRune(escape+bars+inCell, r)
		if escapes && !special {
			cell.WriteString(escape)
		}
		open = true
		switch {
		case escapes || !special:
			cell.WriteRune(r)
			escapes = false
		case string(r) == escape:
			escapes = true
		case string(r) == inCell:
			cell.WriteByte('\n')
		default:
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
			open = false
		}
	}
	if open || len(cells) < 2 {
		return nil
	}
	return cells
}

var (
	// listed is what opens the lines of a list, whose number or dot a word processor parts from the words by a tab.
	listed = regexp.MustCompile(`^[\s\p{Zs}]*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]{1,2}[.．、)）]|[①-⑳•·●○■□◆–—-])\t[^\t]*$`)
	// ruled is the line that Markdown puts under the head of a table.
	ruled = regexp.MustCompile(`^[\s\p{Zs}]*\|(?:[\s\p{Zs}]*:?-{3,}:?[\s\p{Zs}]*\|)+[\s\p{Zs}]*$`)
)

// FromTabs writes the tables in a pasted text as rows: two lines at least that follow each other and whose cells are parted by tabs, as spreadsheets and word
// processors give them away. A cell of several lines stands in quotation marks there. The line under the head of a table in Markdown is left out.
// The editor does the same when something is pasted into it.
func FromTabs(text string) string {
	lines := slices.DeleteFunc(strings.Split(unquoted(strings.ReplaceAll(text, "\r\n", "\n")), "\n"), ruled.MatchString)
	for from := 0; from < len(lines); {
		to := from
		list := true
		for to < len(lines) && (inner(lines[to]) || to > from && strings.Contains(lines[to], "\t") && strings.Count(lines[to], "\t") == strings.Count(lines[to-1], "\t")) {
			list = list && listed.MatchString(lines[to])
			to++
		}
		if to-from > 1 && !list {
			for i := from; i < to; i++ {
				lines[i] = rowOf(lines[i])
			}
		}
		from = max(to, from+1)
	}
	return strings.Join(lines, "\n")
}

// inner reports whether a line has a tab between words.
func inner(line string) bool { return strings.Contains(strings.TrimSpace(line), "\t") }

// rowOf writes a line of cells that are parted by tabs. What was one cell of several lines has \v between them.
func rowOf(line string) string {
	cells := strings.Split(line, "\t")
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(strings.TrimSpace(cell), "\v", "\n")
	}
	return Row(cells)
}

// quoted is a cell of several lines, with what stands before and after it.
var quoted = regexp.MustCompile(`(^|[\t\n])"((?:[^"\t]|"")*\n(?:[^"\t]|"")*)"($|[\t\n])`)

// unquoted puts \v in place of the line ends within cells. A quotation of several paragraphs has no tab beside it.
func unquoted(text string) string {
	for from := 0; from < len(text); {
		at := quoted.FindStringSubmatchIndex(text[from:])
		if at == nil {
			break
		}
		for i := range at {
			at[i] += from
		}
		if text[at[2]:at[3]] != "\t" && text[at[6]:at[7]] != "\t" {
			from = at[6]
			continue
		}
		cell := strings.ReplaceAll(strings.ReplaceAll(text[at[4]:at[5]], `""`, `"`), "\n", "\v")
		text = text[:at[3]] + cell + text[at[6]:]
		from = at[3] + len(cell)
	}
	return text
}
