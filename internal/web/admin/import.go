package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// importPage takes a list from a file, and shows what would come of it before anything does.
type importPage struct {
	kit.Frame
	List, Back string // the page of what is imported, and the words that lead back there; its import, the rows and the empty list stand under it
	File, Hint string // what the file is
	After      string // what saving does
	Save       string // the button
	Error      string // of the file
	Read       bool   // there is a list
	Heads      []string
	Wrong      []ImportRow
	Good       []ImportRow // new or changed
	Same       int
	Cells      string // the list, as the form carries it on
}

func (*importPage) Template() string { return "import.html" }

// ImportRow is a row of the list with what it would make, or what is wrong with it.
type ImportRow struct {
	No    int // in the file
	Who   string
	Cells []string // under the heads of the page
	New   bool
	Wrong []ImportFault
}

// ImportFault is what is wrong with a cell.
type ImportFault struct{ Column, Cell, Text string }

func (p *importPage) add(row ImportRow, same bool) {
	switch {
	case len(row.Wrong) > 0:
		p.Wrong = append(p.Wrong, row)
	case same:
		p.Same++
	default:
		p.Good = append(p.Good, row)
	}
}

func (p *importPage) carry(cells [][]string) error {
	data, err := json.Marshal(cells)
	p.Cells = string(data)
	return err
}

// readSheet reads the file that was sent, or says in words what is wrong with it.
func readSheet(w http.ResponseWriter, r *http.Request, words *locale.Words) (cells [][]string, wrong string, err error) {
	u, err := kit.ReadUpload(w, r)
	if messages, ok := kit.UploadWords(words, err); err != nil && ok {
		return nil, messages[0].Text, nil
	} else if err != nil {
		return nil, "", err
	}
	cells, err = sheet.Read(u.Data)
	if errors.Is(err, sheet.ErrUnreadable) {
		return nil, words.T("import.unreadable", "Max", sheet.MaxRows), nil
	}
	return cells, "", err
}

// carriedCells are the cells of a list that was looked at.
func carriedCells(r *http.Request) (cells [][]string, err error) {
	if err := json.Unmarshal([]byte(r.PostForm.Get("cells")), &cells); err != nil || len(cells) > sheet.MaxRows {
		return nil, kit.ErrNotText
	}
	return cells, nil
}

// withoutRows says why there is nothing to be imported; "" if there is. The columns are fields of the form.
func withoutRows(words *locale.Words, form string, missing []string, rows int) string {
	var names []string
	for _, column := range missing {
		names = append(names, words.T("form."+form+"."+column))
	}
	switch {
	case len(names) > 0:
		return words.T("import.no_column", "Columns", words.List(names))
	case rows == 0:
		return words.T("import.empty")
	}
	return ""
}

func (s *Room) drawImport(w http.ResponseWriter, r *http.Request, status int, p *importPage) error {
	words := s.Words(r)
	p.Title = words.T("import.title")
	if p.Read {
		p.Title = words.T("import.heading", "N", strconv.Itoa(len(p.Good)+len(p.Wrong)+p.Same), "Good", len(p.Good), "Wrong", len(p.Wrong), "Same", p.Same)
	}
	return s.Render(w, r, status, p)
}
