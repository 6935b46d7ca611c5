package replytext

import "regexp"

var (
	enclosed = regexp.MustCompile(`^附件[:：]\s*(.+)$`)
	numbered = regexp.MustCompile(`^[0-9]{1,2}[.．、]\s*`)
)

// Enclosures takes the list of enclosures (附件说明) off the end of a reply: a paragraph that begins with 附件：, and the numbered ones after it.
func Enclosures(paragraphs []Paragraph) (body []Paragraph, names []string) {
	for i := len(paragraphs) - 1; i > 0; i-- {
		text := paragraphs[i].Text
		if list := enclosed.FindStringSubmatch(text); list != nil {
			return paragraphs[:i], append([]string{list[1]}, names...)
		}
		if !numbered.MatchString(text) {
			break
		}
		names = append([]string{text}, names...)
	}
	return paragraphs, nil
}
