package replytext

import (
	"regexp"
	"slices"
)

var (
	enclosed = regexp.MustCompile(`^附件[:：]\s*`)
	numbered = regexp.MustCompile(`^[0-9]{1,2}[.．、]`)
)

// markEnclosures finds the list that ends a text: a paragraph that begins with 附件：, and the numbered ones after it, which are no headings.
func markEnclosures(paragraphs []Paragraph) {
	for i := len(paragraphs) - 1; i > 0; i-- {
		text := paragraphs[i].Text
		opens := enclosed.MatchString(text)
		if opens && (i+1 < len(paragraphs) || enclosed.FindString(text) != text) {
			for j := i; j < len(paragraphs); j++ {
				paragraphs[j] = Paragraph{Text: paragraphs[j].Text, Enclosure: true}
			}
			return
		}
		if opens || !numbered.MatchString(text) {
			return
		}
	}
}

// Enclosures takes the list of enclosures off the end of a reply.
func Enclosures(paragraphs []Paragraph) (body []Paragraph, names []string) {
	from := slices.IndexFunc(paragraphs, func(p Paragraph) bool { return p.Enclosure })
	if from < 0 {
		return paragraphs, nil
	}
	for _, p := range paragraphs[from:] {
		if name := enclosed.ReplaceAllString(p.Text, ""); name != "" {
			names = append(names, name)
		}
	}
	return paragraphs[:from], names
}
