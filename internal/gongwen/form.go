package gongwen

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/banli/banli/internal/paper"
)

// FormDocx is the file of a form. It has neither the agency's head nor page numbers.
func FormDocx(f paper.Form) ([]byte, error) {
	picture, err := codePicture(f.Code)
	if err != nil {
		return nil, err
	}
	return packed(opening+`<w:hdr`+space+`><w:p/></w:hdr>`+"\n", formDocument(f), picture)
}

func formDocument(f paper.Form) string {
	var b strings.Builder
	b.WriteString(opening + `<w:document` + space + pictureSpace + `><w:body>` + "\n")
	if f.Over != "" {
		paragraph(&b, "Over", run("", f.Over))
	}
	paragraph(&b, "Title", run("", f.Title))
	paragraph(&b, "Blank")
	table(&b, f.Widths, f.Rows)
	paragraph(&b, "Cell")
	if f.Code == nil {
		for _, note := range f.Notes {
			paragraph(&b, "Cell", run("", note))
		}
	} else {
		columns(&b, f)
		paragraph(&b, "Cell") // a document does not end with a table
	}
	b.WriteString(formSection + `</w:body></w:document>` + "\n")
	return b.String()
}

const formSection = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1588" w:right="1474" w:bottom="1134" w:left="1588" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>`

func table(b *strings.Builder, widths []int, rows [][]paper.Cell) {
	lined(b, inPoints(widths), "")
	for _, row := range rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="680" w:hRule="atLeast"/></w:trPr>`)
		for _, cell := range row {
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/><w:vAlign w:val="center"/></w:tcPr>`, cell.Width*paper.TableWidth/100, cell.Span)
			style := "Cell"
			if cell.Label {
				style = "Label"
			}
			for line := range strings.SplitSeq(cell.Text, "\n") {
				paragraph(b, style, run("", line))
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>` + "\n")
	}
	b.WriteString(`</w:tbl>` + "\n")
}

// lined begins a table with lines round its cells, as wide as the text; more are further properties.
func lined(b *strings.Builder, widths []int, more string) {
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, paper.TableWidth)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="6" w:space="0" w:color="000000"/>`)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/>` + more + `</w:tblPr>`)
	grid(b, widths)
}

// cellMargins are those of a cell at either side.
var cellMargins = fmt.Sprintf(`<w:tblCellMar><w:left w:w="%d" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar>`, paper.CellMargins/2)

// rule is how thick the lines of a table are, in twentieths of a point.
const rule = 15

// replyTable is a table in a reply: its rows are not torn, and its head stands again on each page.
func replyTable(b *strings.Builder, t *paper.Table) {
	lined(b, t.Widths, cellMargins)
	for i, row := range t.Rows {
		lines := rule // under the row
		if i == 0 {
			lines += rule
		}
		b.WriteString(`<w:tr><w:trPr>`)
		if row.Height <= t.Highest() {
			b.WriteString(`<w:cantSplit/>`)
		}
		fmt.Fprintf(b, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, min(row.Height, t.Highest())*paper.Pitch-lines)
		if row.Head && t.Repeats() {
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for i, cell := range row.Words {
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, t.Widths[i])
			style := "TableText"
			switch {
			case row.Head:
				style = "TableHead"
			case t.Centred[i]:
				style = "TableShort"
			}
			for line := range strings.SplitSeq(cell, "\n") {
				paragraph(b, style, run("", line))
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>` + "\n")
	}
	b.WriteString(`</w:tbl>` + "\n")
}

func grid(b *strings.Builder, widths []int) {
	b.WriteString(`<w:tblGrid>`)
	for _, width := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, width)
	}
	b.WriteString(`</w:tblGrid>` + "\n")
}

// inPoints are hundredths of the width of a table in twentieths of a point.
func inPoints(widths []int) (points []int) {
	for _, width := range widths {
		points = append(points, width*paper.TableWidth/100)
	}
	return points
}

// columns put the notes beside the code, without lines.
func columns(b *strings.Builder, f paper.Form) {
	widths := inPoints([]int{25, 75})
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>`, paper.TableWidth)
	grid(b, widths)
	fmt.Fprintf(b, `<w:tr><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, widths[0])
	paragraph(b, "Picture", `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">`+picture(codeSide, "")+`</wp:inline></w:drawing></w:r>`)
	fmt.Fprintf(b, `</w:tc><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, widths[1])
	for _, note := range f.Notes {
		paragraph(b, "Cell", run("", note))
	}
	b.WriteString(`</w:tc></w:tr></w:tbl>` + "\n")
}

// codeSide is the side of a code: 34 mm, in the unit of pictures.
const codeSide = 34 * 36000

const pictureSpace = ` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"`

// picture is the picture of the file, as high as wide; wrap says how text goes round it, "" in a line of text.
func picture(side int, wrap string) string {
	return fmt.Sprintf(`<wp:extent cx="%d" cy="%[1]d"/>%s<wp:docPr id="1" name="picture"/>`+
		`<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="picture"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="picture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[1]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>`+
		`</a:graphicData></a:graphic>`, side, wrap)
}

// codePicture draws a code large enough that no printer blurs it; nil for none.
func codePicture(code [][]bool) ([]byte, error) {
	if code == nil {
		return nil, nil
	}
	const dot = 8
	side := len(code) * dot
	drawn := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			shade := color.Gray{255}
			if code[y/dot][x/dot] {
				shade.Y = 0
			}
			drawn.SetGray(x, y, shade)
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, drawn)
	return b.Bytes(), err
}
