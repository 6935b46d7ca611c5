package proposal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
)

// FormKind is a form with a table, filled in for a case and printed.
type FormKind string

const (
	OpinionForm  FormKind = "opinion"  // 征询意见表, for one who signed
	CoverForm    FormKind = "cover"    // 交办单, the first sheet of the file
	ContentsForm FormKind = "contents" // 卷内目录, a line for each paper of the file
)

// FormKinds lists them.
var FormKinds = []FormKind{OpinionForm, CoverForm, ContentsForm}

// TableForm is how a place draws a form. A row with fewer cells than there are columns has a last one that is as wide as the rest; line ends
// in a cell leave room to write by hand.
type TableForm struct {
	Over   string     `yaml:"over"` // a line above the title
	Title  string     `yaml:"title"`
	Widths []int      `yaml:"widths"` // of the columns, in hundredths of the table
	Rows   [][]string `yaml:"rows"`
	Text   string     `yaml:"text"` // under the table, a paragraph a line
}

// FormParts are what the form may be built of.
func FormParts(kind FormKind) []string {
	return slices.Concat(TitleParts, paperParts, map[FormKind][]string{
		OpinionForm:  {"{document}", "{name}", "{until}"},
		CoverForm:    {"{document}", "{proposers}", "{delegation}", "{category}", "{lead}", "{co_handling}", "{handler}", "{opinion}", "{instruction}"},
		ContentsForm: filedParts,
	}[kind])
}

// filedParts are what the row of a paper may be built of. A row that has one of them is there once for each.
var filedParts = []string{"{no}", "{document}", "{author}", "{file}", "{on}"}

// FormFacts are what a form says of its case.
type FormFacts struct {
	PaperFacts
	Document    string // 发文字号
	Name        string // of whom the form is for
	Until       calendar.Date
	Proposers   string
	Delegation  string
	Category    string
	CoHandling  string // names of the divisions
	Handler     string
	Opinion     string // 拟办意见
	Instruction string // 批示
	Files       []FiledPaper
}

// FiledPaper is one paper of a file.
type FiledPaper struct {
	Document string // the number that it bears
	Author   string
	Name     string
	On       calendar.Date
}

// Form is one as it is printed.
type Form struct {
	Over, Title string
	Widths      []int
	Rows        [][]FormCell
	Text        string
}

// FormCell is a cell of a form: what every such form says there is a label.
type FormCell struct {
	Text  string
	Label bool
	Span  int // how many columns it is wide
	Width int // in hundredths of the table
}

// Form fills the form in; ok is false where the place has none.
func (p *Pack) Form(kind FormKind, f FormFacts) (form Form, ok bool) {
	of, ok := p.Forms[kind]
	parts := append(titleParts(f.Key, f.Title),
		"{agency}", p.Agency, "{assigned_on}", f.AssignedOn.Chinese(), "{due_on}", f.DueOn.Chinese(), "{lead}", f.Lead, "{name}", f.Name,
		"{until}", f.Until.Chinese(), "{proposers}", f.Proposers, "{delegation}", f.Delegation, "{category}", f.Category,
		"{co_handling}", f.CoHandling, "{handler}", f.Handler, "{opinion}", f.Opinion, "{instruction}", f.Instruction,
	)
	put := strings.NewReplacer(append(parts, "{document}", f.Document)...)
	form = Form{put.Replace(of.Over), put.Replace(of.Title), of.Widths, nil, put.Replace(of.Text)}
	for _, row := range of.Rows {
		if kind != ContentsForm || !slices.ContainsFunc(row, ofFiledPaper) {
			form.Rows = append(form.Rows, of.filled(row, put))
			continue
		}
		for i, file := range f.Files {
			on := ""
			if !file.On.IsZero() {
				on = fmt.Sprintf("%04d%02d%02d", file.On.Year, file.On.Month, file.On.Day)
			}
			form.Rows = append(form.Rows, of.filled(row, strings.NewReplacer(append(slices.Clone(parts),
				"{no}", strconv.Itoa(i+1), "{document}", file.Document, "{author}", file.Author, "{file}", file.Name, "{on}", on)...)))
		}
	}
	return form, ok
}

// ofFiledPaper reports whether a cell says something of a paper of the file.
func ofFiledPaper(cell string) bool {
	return slices.ContainsFunc(filedParts, func(part string) bool { return strings.Contains(cell, part) })
}

func (t TableForm) filled(row []string, put *strings.Replacer) []FormCell {
	var cells []FormCell
	for i, cell := range row {
		of := t.Widths[i : i+1]
		if i == len(row)-1 {
			of = t.Widths[i:]
		}
		width := 0
		for _, column := range of {
			width += column
		}
		cells = append(cells, FormCell{put.Replace(cell), strings.TrimSpace(cell) != "" && !strings.Contains(cell, "{"), len(of), width})
	}
	return cells
}
