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
// added stands there; so do the cells of tables. Numbers that the program counts itself, headers and footers are not in it.
func Text(file []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return "", ErrUnreadable
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		return "", ErrUnreadable
	}
	defer part.Close()
	limited := &io.LimitedReader{R: part, N: maxPart}
	lines, err := paragraphs(xml.NewDecoder(limited))
	switch {
	case limited.N == 0:
		return "", ErrTooLarge
	case err != nil:
		return "", ErrUnreadable
	}
	return strings.Join(lines, "\n"), nil
}

// notRead are elements whose text is not on the paper: what was deleted or moved away, the instructions of fields, what is drawn in
// another way for older programs.
var notRead = map[string]bool{"del": true, "moveFrom": true, "instrText": true, "Fallback": true}

// paragraphs are those of a document that are not blank. A paragraph may stand in another, in a text box.
func paragraphs(d *xml.Decoder) (lines []string, err error) {
	var open []*reading
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if notRead[e.Name.Local] {
				if err := d.Skip(); err != nil {
					return nil, err
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
	words         strings.Builder
	inText, title bool
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
	case "pStyle":
		for _, a := range e.Attr {
			r.title = r.title || a.Name.Local == "val" && a.Value == "Title"
		}
	}
}
