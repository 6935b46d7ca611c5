package replytext

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/tables"
)

var (
	slipOfReceipt = regexp.MustCompile(`(?:建议|提案|来信|来函)[》”"）)]*(之收悉|收悉{2,}|收收悉|已收已?收悉|收悉收悉|悉收|收[息析席系])(?:[，,。]|$)`)
	nounTwice     = regexp.MustCompile(`(建议|提案)[》”"]的(建议|提案)`)
)

// formulas finds slips in what opens a reply: 提案之收悉, and 提案”的提案 where one of the two says it.
func (r *reader) formulas() {
	for _, at := range slipOfReceipt.FindAllStringSubmatchIndex(r.text, -1) {
		r.mark(WrongFormula, MandatoryMark, at[2], at[3], "收悉")
	}
	for _, at := range nounTwice.FindAllStringSubmatchIndex(r.text, -1) {
		title, _ := r.namesCase()
		same := r.text[at[2]:at[3]] == r.text[at[4]:at[5]]
		if same && (at[0] < title[0] || at[1] > title[1]) {
			want := strings.TrimSuffix(r.text[at[0]:at[1]], "的"+r.text[at[4]:at[5]])
			r.mark(WrongFormula, ReminderMark, at[0], at[1], want)
		}
	}
}

var (
	numberWithFiller = regexp.MustCompile(`(?:^|[^用证权林许准注])〔[0-9]{4}〕(年?第?0*([1-9][0-9]{0,4})号)`)
	numberWithYear   = regexp.MustCompile(`\p{Han}([【\[（(〔]((?:19|20)[0-9]{2})[】\]）)〕]年第?0*([1-9][0-9]{0,4}号))`)
)

// documentNumbers finds 〔2026〕第3号 and 〔2020〕03号: a serial takes neither 第 nor zeros before it (GB/T 9704-2012, 7.2.5). A
// document is cited as its own first page has it, so it may stand. Certificates (沈国用〔2015〕第012号) are numbered otherwise.
func (r *reader) documentNumbers() {
	for _, at := range numberWithFiller.FindAllStringSubmatchIndex(r.text, -1) {
		if want := r.text[at[4]:at[5]] + "号"; r.text[at[2]:at[3]] != want {
			r.mark(NumberForm, ReminderMark, at[2], at[3], want)
		}
	}
	for _, at := range numberWithYear.FindAllStringSubmatchIndex(r.text, -1) {
		if !strings.HasPrefix(r.text[at[2]:at[3]], "〔") {
			r.mark(WrongBracket, ReminderMark, at[2], at[3], "〔"+r.text[at[4]:at[5]]+"〕"+r.text[at[6]:at[7]])
		}
	}
}

// pairs are the marks that come in twos; brackets of one kind may be typed in two ways. Those of a document number have a check of their own.
var pairs = []struct{ open, close string }{{"“", "”"}, {"‘", "’"}, {"《", "》"}, {"（(", "）)"}, {"【", "】"}}

var listMark = regexp.MustCompile(`(?:^|[：:；;，,。、])(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-z]|[①-⑳])$`)

// unpaired finds a quotation mark or bracket without its other half. A quotation may go on over paragraphs, so it only reminds.
func (r *reader) unpaired() {
	for _, p := range pairs {
		var open []int
		lone := -1
		for i, c := range r.text {
			switch {
			case strings.ContainsRune(p.open, c):
				open = append(open, i)
			case !strings.ContainsRune(p.close, c):
			case len(open) > 0:
				open = open[:len(open)-1]
			case lone < 0 && !(strings.ContainsRune("）)", c) && listMark.MatchString(r.before(i))): // 1） opens an item
				lone = i
			}
		}
		if lone < 0 && len(open) > 0 {
			lone = open[0]
		}
		if lone >= 0 {
			_, size := utf8.DecodeRuneInString(r.text[lone:])
			r.mark(Unpaired, ReminderMark, lone, lone+size, "")
		}
	}
}

// rows finds a line that begins as a row of a table does and is none, which would be printed with its bars, and a row with fewer cells than another of its table.
func (r *reader) rows() {
	if cells := tables.Cells(r.text); tables.IsRow(r.text) && (cells == nil || len(cells) < len(r.all[r.paragraph].Cells)) {
		r.mark(BrokenRow, ReminderMark, 0, len(r.text), "")
	}
}

var (
	thanked  = regexp.MustCompile(`(?:感谢|谢谢)(?:各位|诸位|尊敬的|广大)?(代表|委员)(?:们)?(?:一直以来|长期以来|多年来|始终)?(?:对|的(?:关心|支持|理解|关注|厚爱))`)
	yourCase = regexp.MustCompile(`您(?:的|所提的?|提出的)?(?:这一|这个|这件|这份|此|该)(提案)`)
)

// address finds thanks to 委员 in a reply to deputies and the reverse, and 您这一提案 in one to a deputy. 您这一建议 is said to
// members of a conference too: a proposal has suggestions in it.
func (r *reader) address() {
	right := map[assembly.Body]string{assembly.NPC: "代表", assembly.CPPCC: "委员"}[r.Key.Body]
	if right == "" {
		return
	}
	for _, at := range thanked.FindAllStringSubmatchIndex(r.text, -1) {
		if r.text[at[2]:at[3]] != right {
			r.mark(WrongNoun, MandatoryMark, at[2], at[3], right)
		}
	}
	if r.Key.Body == assembly.CPPCC {
		return
	}
	for _, at := range yourCase.FindAllStringSubmatchIndex(r.text, -1) {
		if at[1] > r.opening {
			r.mark(WrongNoun, MandatoryMark, at[2], at[3], r.Key.Noun())
		}
	}
}

var quotedTitle = regexp.MustCompile(`您(?:在[^，,。；;《》“”]{1,30})?(?:所?提出?)的[《“](关于[^《》“”]{4,80}的(?:建议|提案))[》”]`)

// quotedTitles finds another title than the register's, quoted as the deputy's behind the opening.
func (r *reader) quotedTitles() {
	own := wordsOnly(r.Title)
	if own == "" {
		return
	}
	for _, at := range quotedTitle.FindAllStringSubmatchIndex(r.text, -1) {
		around := r.before(at[2]) + r.after(at[3])
		if at[2] >= r.opening && wordsOnly(r.text[at[2]:at[3]]) != own && !otherOccasion.MatchString(around) {
			r.mark(WrongTitle, ReminderMark, at[2], at[3], r.Title)
		}
	}
}
