package inbox

import (
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// briefSheet is the digest of somebody who supervises.
func (l *MailWriter) briefSheet(w *locale.Words, b casefile.Brief, weekly bool) sheet {
	s := sheet{Heading: b.Title, Link: sheetLink{w.T("brief.open"), l.PublicURL + "/digest"}}
	if weekly {
		s.Link.URL += "?weekly=1"
	}
	for _, part := range b.Parts {
		section := sheetSection{Title: part.Title, Says: part.Says}
		for _, line := range part.Lines {
			row := sheetRow{Words: line.Words, Note: line.Note, URL: l.PublicURL + line.Path}
			if line.N != "" {
				row.Words = w.T("brief.line", "Words", line.Words, "N", line.N)
			}
			section.Rows = append(section.Rows, row)
		}
		s.Sections = append(s.Sections, section)
	}
	return s
}
