package replytext

import (
	"regexp"
	"slices"
	"strings"

	"github.com/banli/banli/internal/tables"
)

// WholeReply is a reply that was written elsewhere, from its title to its signature, taken apart: what the printed page adds by itself stands
// apart from the body.
type WholeReply struct {
	Head, End                 []string // left out of the body, in order
	Body                      string
	ContactName, ContactPhone string // of the end; "" if it does not say
}

// longestHead is how many lines may stand before the salutation: marks, agency, number, a title in several lines.
const longestHead = 12

var (
	numberLine  = regexp.MustCompile(`^\p{Han}{1,20}[〔\[［(（【][0-9０-９]{4}[〕\]］)）】](?:第)?[0-9０-９]{1,6}号$`)
	marksLine   = regexp.MustCompile(`^[（(【]?(?:办理结果|答复类别|类别|公开属性|是否公开|签发人|是否同意公开)[）)】]?[：:].{1,30}$|^[ABCDＡＢＣＤ]类?$|^(?:主动公开|依申请公开|不予公开)$`)
	toGroup     = regexp.MustCompile(`^\p{Han}{2,30}(?:委|会|团|社|联)[：:]$`)
	emptyPage   = regexp.MustCompile(`^[（(]此页无正文.*[）)]$`)
	contactLine = regexp.MustCompile(`^[（(]?(?:联系人|经办人)(?:及(?:联系)?电话)?[：:]\s*(\p{Han}{2,4})`)
	phoneLine   = regexp.MustCompile(`(?:电话[：:]|^[（(]?联系人[^0-9]{1,12})\s*([0-9０-９][-－0-9０-９ ]{6,19}[0-9０-９])`)
	begun       = regexp.MustCompile(`。|收悉|(?:答复|函复|回复)如下[：:]?$`)
)

// TakeApart finds the head and the end of a reply that was written elsewhere. A line that it is not sure of stays in the body, where the checks of a reply ask
// about it; a line that they must find repeated does not. Tables whose cells are parted by tabs become rows.
func TakeApart(text string) WholeReply {
	var all []string
	for _, p := range Paragraphs(tables.FromTabs(text)) {
		all = append(all, p.Text)
	}
	from := headOf(all)
	whole := WholeReply{Head: all[:from:from], End: []string{}}
	var body []string
	for i, rest := from, all[from:]; i < len(all); i++ {
		switch line := i - from; {
		case repeatsHead(rest, line):
			whole.Head = append(whole.Head, all[i])
		case repeatsEnd(rest, line):
			whole.End = append(whole.End, all[i])
		default:
			body = append(body, all[i])
		}
	}
	whole.Body = strings.Join(body, "\n")
	for _, line := range whole.End {
		if name := contactLine.FindStringSubmatch(line); name != nil && whole.ContactName == "" {
			whole.ContactName = name[1]
		}
		if phone := phoneLine.FindStringSubmatch(line); phone != nil && whole.ContactPhone == "" {
			whole.ContactPhone = strings.TrimSpace(phone[1])
		}
	}
	return whole
}

// headOf counts the lines of the head: down to the salutation, unless the body begins before it; without one, what is surely of
// a head.
func headOf(lines []string) int {
	for i, line := range lines[:min(longestHead, len(lines))] {
		if begun.MatchString(line) || paragraph(line).Rank > 0 {
			break
		}
		if greeting.MatchString(line) || toGroup.MatchString(line) {
			return i + 1
		}
	}
	n := 0
	for n < min(longestHead, len(lines)) && (numberLine.MatchString(lines[n]) || marksLine.MatchString(lines[n]) || agencyLine.MatchString(lines[n]) || replyTitle.MatchString(lines[n])) {
		n++
	}
	return n
}

func repeatsHead(lines []string, at int) bool {
	return at < nearHead && paragraph(lines[at]).Rank == 0 && (greeting.MatchString(lines[at]) || replyTitle.MatchString(lines[at]))
}

func repeatsEnd(lines []string, at int) bool {
	if len(lines)-at > nearEnd {
		return false
	}
	words := wordsIn(lines[at])
	from := words
	if at+1 < len(lines) {
		from = slices.Concat(words, wordsIn(lines[at+1]))
	}
	for i, word := range words {
		signs := agencyLine.MatchString(word) && (i+1 == len(from) || dateLine.MatchString(from[i+1]))
		if !signs && !dateLine.MatchString(word) && !printedLine.MatchString(word) && !emptyPage.MatchString(word) {
			return false
		}
	}
	return true
}

// wordsIn are what stands in a line: the cells of a row, which are set side by side without lines as a signature and its date are. One without words is no
// more than itself.
func wordsIn(line string) []string {
	cells := slices.DeleteFunc(tables.Cells(line), func(cell string) bool { return cell == "" })
	if len(cells) == 0 {
		return []string{line}
	}
	return cells
}
