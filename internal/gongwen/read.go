package gongwen

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// What is wrong with a file that is not read.
var (
	ErrUnreadable = errors.New("gongwen: no .docx file, or a broken one")
	ErrTooLarge   = errors.New("gongwen: the text of the file is too large")
)

// maxPart is how much of a file's text is unpacked, in bytes: some fifty times the longest reply with all that Word writes around it. What
// is packed into a few kilobytes may be gigabytes.
const maxPart = 16 << 20

// Text is what stands in a .docx file, a paragraph a line. What somebody deleted while changes were tracked is left out, what they
// added stands there; so do the cells of tables. Headers and footers are not in it, nor are numbers that the program counts itself:
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
// another way for older programs.
var notRead = map[string]bool{"del": true, "moveFrom": true, "instrText": true, "Fallback": true}

// paragraphs are those of a document that are not blank. A paragraph may stand in another, in a text box.
func paragraphs(d *xml.Decoder) (lines []string, counted int, err error) {
	var open []*reading
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
		case xml.EndElement:
			switch last := len(open) - 1; {
			case last < 0:
			case e.Name.Local == "t":
				open[last].inText = false
			case e.Name.Local == "p":
				for line := range strings.Lines(open[last].words.String()) {
					if line = strings.TrimSpace(line); line != "" {
						lines = append(lines, line)
					}
				}
				if open[last].counted && strings.TrimSpace(open[last].words.String()) != "" {
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

// reading is a paragraph that is being read.
type reading struct {
	words                  strings.Builder
	inText, title, counted bool
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
