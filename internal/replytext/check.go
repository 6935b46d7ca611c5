package replytext

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
)

// MarkLevel says what is owed to a mark: mending, or a person's judgement.
type MarkLevel string

const (
	// MandatoryMark: the text contradicts the register or the calendar, and nobody can acknowledge that.
	MandatoryMark MarkLevel = "must"
	// ReminderMark: the words are suspicious. They may stand if somebody says so, by name and with a reason.
	ReminderMark MarkLevel = "remind"
)

// Mark is one finding in the text of a reply (R18).
type Mark struct {
	Code      MarkCode  `json:"code"` // message key "mark.<code>"
	Level     MarkLevel `json:"level"`
	Field     string    `json:"field"`          // "body", "contact_name", "contact_phone", "commitments"
	Paragraph int       `json:"paragraph"`      // index into Paragraphs(Body); -1 outside the body
	From      int       `json:"from"`           // rune offsets in the paragraph's Text; outside the body both are 0
	To        int       `json:"to"`             // exclusive
	Text      string    `json:"text,omitempty"` // the words found; may be a deputy's phone number (contact_leak)
	Want      string    `json:"want,omitempty"` // the words of the register, or those suggested; empty where only a person knows
	Fix       string    `json:"fix,omitempty"`  // what to write in place of Text so that the finding is gone; empty where only a person knows
	Digest    string    `json:"digest"`         // of the whole paragraph or field, for Key
}

// Key identifies a finding on a text, to acknowledge it by: 16 hexadecimal digits. It holds while paragraphs come and go
// around it, and falls with any change to the paragraph itself or to what the register wants there, since either may undo
// the reason that was given. The same words found twice in one paragraph share a key.
func (m Mark) Key() string {
	return digest(string(m.Code), m.Field, m.Text, m.Want, m.Digest)
}

// digest is a short hash of some texts. Each is preceded by its length, so that no two lists run into each other.
func digest(texts ...string) string {
	var all []byte
	for _, text := range texts {
		all = strconv.AppendInt(all, int64(len(text)), 10)
		all = append(all, ':')
		all = append(all, text...)
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:8])
}

// MarkCode says what is wrong with the words.
type MarkCode string

const (
	WrongName         MarkCode = "wrong_name"         // addressed, but no deputy of this case
	HomophoneName     MarkCode = "homophone"          // a deputy's name in other characters of the same sound
	WrongNumber       MarkCode = "wrong_number"       // another number than the case has
	WrongSession      MarkCode = "wrong_session"      // another 届 or 次, or another assembly
	WrongTitle        MarkCode = "wrong_title"        // 关于…的建议 differs from the register's
	WrongNoun         MarkCode = "wrong_noun"         // 提案 or 委员 for assembly.NPC, 建议 or 代表 for assembly.CPPCC
	WrongBracket      MarkCode = "bracket"            // 沈民发[2018]65号 instead of 〔2018〕
	FutureAsPast      MarkCode = "future_as_past"     // a day after the reply's, said as done
	PastAsFuture      MarkCode = "past_as_future"     // a day before the reply's, said as to come
	StaleYear         MarkCode = "stale_year"         // old figures; 今年（2019年） in a reply of 2020
	FractionOfPerson  MarkCode = "fraction_of_person" // 23.8人次
	LeftoverText      MarkCode = "leftover"           // another case's name or number, a place left to fill in
	ContactLeak       MarkCode = "contact_leak"       // the deputy's own phone number
	CommitmentPast    MarkCode = "commitment_past"    // promised for a day before the reply's
	CommitmentFar     MarkCode = "commitment_far"     // promised for a day years after the reply's
	CommitmentUndated MarkCode = "commitment_undated" // the body promises, the draft lists no commitment
	Repeated          MarkCode = "repeated"           // a pasted salutation, title, contact, signature, date: the page prints its own
	NumberForm        MarkCode = "number_form"        // 〔2020〕第3号, 〔2020〕03号
	Unpaired          MarkCode = "unpaired"           // a quotation mark or bracket without its other half
	WrongFormula      MarkCode = "formula"            // 提案之收悉; 提案”的提案
	BrokenRow         MarkCode = "broken_row"         // a row of a table that does not end, or has fewer cells than others
	UnsourcedFigure   MarkCode = "unsourced_figure"   // a figure, and nobody has said where it comes from: see Unsourced
)

// MarkCodes lists every code.
var MarkCodes = []MarkCode{
	WrongName, HomophoneName, WrongNumber, WrongSession, WrongTitle, WrongNoun, WrongBracket, FutureAsPast, PastAsFuture,
	StaleYear, FractionOfPerson, LeftoverText, ContactLeak, CommitmentPast, CommitmentFar, CommitmentUndated,
	Repeated, NumberForm, Unpaired, WrongFormula, BrokenRow, UnsourcedFigure,
}

// RegisterEntry is what the register says of the case. What it does not say (zero values) is not checked.
type RegisterEntry struct {
	Key          assembly.RegisterKey
	Title        string   // as assigned
	Deputies     []string // lead deputy first, then co-signers
	Others       []string // lead deputies of the bureau's other open cases
	OtherNumbers []string // numbers of those cases
	Phone        string   // the deputy's own numbers in any writing; they must be in no reply
}

// Check compares the words of a reply with the register and with the date that the reply will bear (R18). It returns
// the marks in document order: body, contact, commitments. It takes time in proportion to the text.
func Check(d Reply, e RegisterEntry, on calendar.Date) []Mark {
	r := newReader(d, e, on)
	r.all = Paragraphs(d.Body)
	for i, p := range r.all {
		r.read("body", i, p.Text, inBody, inAnyField)
	}
	r.read("contact_name", -1, d.ContactName, inAnyField)
	r.read("contact_phone", -1, d.ContactPhone, inAnyField)
	for _, promise := range d.Commitments {
		r.read("commitments", -1, promise.Text, inAnyField)
		mark := Mark{Field: "commitments", Paragraph: -1, Text: promise.Text, Digest: digest(promise.Text, promise.DueOn.String())}
		switch {
		case promise.DueOn.IsZero():
			continue
		case promise.DueOn.Before(on):
			mark.Code, mark.Level = CommitmentPast, MandatoryMark
		case promise.DueOn.Year > on.Year+farYears:
			mark.Code, mark.Level = CommitmentFar, ReminderMark
		default:
			continue
		}
		r.marks = append(r.marks, mark)
	}
	return r.marks
}

// farYears are how many years after the reply a commitment is due at the latest without being asked about.
const farYears = 5

var (
	inBody = []func(*reader){
		(*reader).salutation, (*reader).deputies, (*reader).homophones, (*reader).otherDeputies, (*reader).numbers,
		(*reader).session, (*reader).title, (*reader).noun, (*reader).dates, (*reader).years, (*reader).promises,
		(*reader).pasted, (*reader).formulas, (*reader).documentNumbers, (*reader).unpaired, (*reader).rows, (*reader).address, (*reader).quotedTitles,
	}
	inAnyField = []func(*reader){(*reader).brackets, (*reader).fractions, (*reader).placeholders, (*reader).contacts}
)

// reader goes through a reply passage by passage.
type reader struct {
	RegisterEntry
	on        calendar.Date
	contact   string       // the bureau's own contact: no slip, whatever it sounds like
	promised  bool         // the reply comes with a list of commitments
	names     []spokenName // the deputies'
	phones    []string
	all       []Paragraph
	opened    bool // the opening sentence (…收悉) has been read
	marks     []Mark
	field     string
	paragraph int
	text      string
	opening   int          // how much of text, in bytes, opens the reply: the only place that must be about this case
	named     map[int]bool // where, in bytes, marked names of this passage begin
}

func newReader(d Reply, e RegisterEntry, on calendar.Date) *reader {
	r := &reader{
		RegisterEntry: e, on: on, contact: chinese.FoldBlanks(d.ContactName), promised: len(d.Commitments) > 0, named: map[int]bool{},
	}
	for _, number := range append(strings.Fields(e.Phone), e.Phone) {
		r.phones = append(r.phones, phoneNumbers(number)...)
	}
	r.Title = assembly.TitleAsAssigned(e.Title)
	r.Deputies = slices.Clone(e.Deputies)
	for i, name := range r.Deputies {
		r.Deputies[i] = chinese.FoldBlanks(name)
		r.names = append(r.names, spoken(r.Deputies[i]))
	}
	return r
}

// read puts one passage through some checks and brings what they found into order.
func (r *reader) read(field string, paragraph int, text string, checks ...[]func(*reader)) {
	r.field, r.paragraph, r.text, r.opening = field, paragraph, text, 0
	if len(r.named) > 0 {
		r.named = map[int]bool{}
	}
	first := len(r.marks)
	if field == "body" {
		r.opening = r.findOpening()
	}
	for _, check := range slices.Concat(checks...) {
		check(r)
	}
	found := r.marks[first:]
	slices.SortStableFunc(found, func(a, b Mark) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	if len(found) == 0 {
		return
	}
	sum, at, runes := digest(text), 0, 0
	for i := range found {
		m := &found[i]
		m.Digest = sum
		if field != "body" {
			m.From, m.To, m.Fix = 0, 0, ""
			continue
		}
		runes += utf8.RuneCountInString(text[at:m.From])
		at = m.From
		m.From, m.To = runes, runes+utf8.RuneCountInString(m.Text)
	}
}

// mark notes text[from:to], in bytes; read turns them into runes. What is wanted there is what mends it.
func (r *reader) mark(code MarkCode, level MarkLevel, from, to int, want string) {
	r.markMended(code, level, from, to, want, want)
}

// markMended is mark where the words wanted are not simply those to write: fix is.
func (r *reader) markMended(code MarkCode, level MarkLevel, from, to int, want, fix string) {
	r.marks = append(r.marks, Mark{
		Code: code, Level: level, Field: r.field, Paragraph: r.paragraph, From: from, To: to, Text: r.text[from:to], Want: want, Fix: fix,
	})
}

// lookAround is how far checks look around words, in bytes: some 40 characters. Without a limit a text of one sentence would
// take quadratic time.
const lookAround = 120

// before is what precedes text[at], back to the end of the last sentence but not beyond the limit.
func (r *reader) before(at int) string {
	from := max(0, at-lookAround)
	for from < at && !utf8.RuneStart(r.text[from]) {
		from++
	}
	s := r.text[from:at]
	if end := strings.LastIndexAny(s, sentenceEnds); end >= 0 {
		_, size := utf8.DecodeRuneInString(s[end:])
		return s[end+size:]
	}
	return s
}

// after is what follows, to the end of the sentence but not beyond the limit.
func (r *reader) after(at int) string {
	to := min(len(r.text), at+lookAround)
	for to < len(r.text) && !utf8.RuneStart(r.text[to]) {
		to--
	}
	s := r.text[at:to]
	if end := strings.IndexAny(s, sentenceEnds); end >= 0 {
		return s[:end]
	}
	return s
}

const sentenceEnds = "。；;！!？?"

var (
	received  = regexp.MustCompile(`收悉|答复如下`)
	titleLine = regexp.MustCompile(`届.*会议.*(?:建议|提案).*的答复(?:函|意见)?$`)
)

// findOpening measures the part of a passage that names the case: a line that repeats the reply's title, or the first
// sentence up to 收悉. Elsewhere a reply may well speak of other sessions, numbers and titles.
func (r *reader) findOpening() int {
	if r.paragraph < 3 && titleLine.MatchString(r.text) {
		return len(r.text)
	}
	if at := received.FindStringIndex(r.text); at != nil && !r.opened {
		r.opened = true
		return at[1]
	}
	return 0
}

var (
	numberSaid    = regexp.MustCompile(`第?([0-9０-９]{1,5})号`)
	numberOfCase  = regexp.MustCompile(`^[）)》”]?(?:人大|政协)?(?:代表|委员)?(?:建议|提案)`)
	numberEnds    = regexp.MustCompile(`^(?:[）)，,。；;：:》”]|(?:的)?(?:建议|提案)|已?收悉|$)`)
	afterCase     = regexp.MustCompile(`(?:(?:建议|提案)[》”"]?[（(](?:编号|案号|建议|提案)?[：:]?(?:闭会期间)?|会议(?:闭会期间)?[（(]?)$`)
	beforeNumber  = regexp.MustCompile(`(?:^|[^\p{Han}0-9０-９〕\])）】］]|[的出议间于对将与和就及该本办])$`)
	otherOccasion = regexp.MustCompile(`去年|前年|往年|此前|以往|曾|[0-9]年|并案|合并|一并|参照`)
)

// numbers finds 第1106号建议, 建议（第1106号）, 三次会议第1106号. A number alone may be a decree, a house or a document: it is left.
func (r *reader) numbers() {
	own := r.Key.Canonical().Number
	if own == "" {
		return
	}
	for _, at := range numberSaid.FindAllStringSubmatchIndex(r.text, -1) {
		before, after := r.before(at[0]), r.after(at[1])
		ofCase := numberOfCase.MatchString(after) && (at[2] > at[0] || beforeNumber.MatchString(before))
		if !ofCase && (!afterCase.MatchString(before) || !numberEnds.MatchString(after)) {
			continue
		}
		said := strings.Map(chinese.HalfWidth, r.text[at[2]:at[3]])
		prefix := strings.TrimSuffix(own, said) // 台 of 台40
		if prefix != own && strings.HasSuffix(before, prefix) {
			continue
		}
		name := r.Key.NumberName()
		fix := name
		if r.Key.Intersession && strings.HasSuffix(before, "闭会期间") {
			fix = strings.TrimPrefix(name, "闭会期间")
		}
		opens := at[1] <= r.opening // what opens a reply must be about its case, what comes later may be about another
		switch {
		case slices.ContainsFunc(r.OtherNumbers, func(n string) bool { return (assembly.RegisterKey{Number: n}).Canonical().Number == said }):
			r.markMended(LeftoverText, level(opens), at[0], at[1], name, fix)
		case strings.TrimLeft(said, "0") == strings.TrimLeft(own, "0"): // zeros are part of a number, but nobody is misled
			if opens {
				r.markMended(WrongNumber, ReminderMark, at[0], at[1], name, fix)
			}
		case opens || !otherOccasion.MatchString(before) && !otherOccasion.MatchString(after):
			r.markMended(WrongNumber, level(opens), at[0], at[1], name, fix)
		}
	}
}

// level keeps MandatoryMark for what is surely wrong: an officer whom a false alarm stops loses trust in all alarms.
func level(sure bool) MarkLevel {
	if sure {
		return MandatoryMark
	}
	return ReminderMark
}

const numeral = `([一二三四五六七八九十]{1,3}|[0-9０-９]{1,2})`

var (
	sessionSaid  = regexp.MustCompile(`第?` + numeral + `届([^届次，。；]{0,12}?)第?` + numeral + `次(?:全体)?会议`)
	assemblySaid = regexp.MustCompile(`人大|人民代表大会|政协|政治协商`)
)

// session compares 届 and 次 in the opening, unless one of several sessions named there is the right one.
func (r *reader) session() {
	if r.Key.Term == 0 || r.opening == 0 {
		return
	}
	var wrong [][]int
	for _, at := range sessionSaid.FindAllStringSubmatchIndex(r.text[:r.opening], -1) {
		where := r.before(at[0]) + r.text[at[4]:at[5]]
		if !assemblySaid.MatchString(where) || strings.Contains(where, "常委") || strings.Contains(where, "常务") {
			continue
		}
		term, session := readNumeral(r.text[at[2]:at[3]]), readNumeral(r.text[at[6]:at[7]])
		cppcc := strings.Contains(where, "政协") || strings.Contains(where, "政治协商")
		npc := strings.Contains(where, "人大") || strings.Contains(where, "人民代表大会")
		sameBody := cppcc == npc || cppcc == (r.Key.Body == assembly.CPPCC)
		// Between two sessions bureaus count the one before or the one to come.
		if sameBody && term == r.Key.Term && (session == r.Key.Session || r.Key.Intersession) {
			return
		}
		wrong = append(wrong, at)
	}
	for _, at := range wrong {
		r.markMended(WrongSession, MandatoryMark, at[0], at[1], r.Key.SessionName(), r.rightSession(at))
	}
}

// rightSession writes 届 and 次 of the register into what was said, and leaves the assembly that stands before it or between them.
// An assembly that is wrong itself takes a person.
func (r *reader) rightSession(at []int) string {
	said := r.before(at[0]) + r.text[at[4]:at[5]]
	cppcc := strings.Contains(said, "政协") || strings.Contains(said, "政治协商")
	if cppcc != (r.Key.Body == assembly.CPPCC) {
		return ""
	}
	return chinese.Numeral(r.Key.Term) + "届" + r.text[at[4]:at[5]] + chinese.Numeral(r.Key.Session) + "次会议"
}

// readNumeral reads 16, １６ and 十六; what chinese.Numeral does not write is 0.
func readNumeral(s string) int {
	if n, err := strconv.Atoi(strings.Map(chinese.HalfWidth, s)); err == nil {
		return n
	}
	return chinese.ReadNumeral(s)
}

// title compares 关于…的建议 in the opening with the register, by letters and digits alone: punctuation varies.
func (r *reader) title() {
	opening := r.text[:r.opening]
	title, said := wordsOnly(r.Title), wordsOnly(opening)
	if title == "" || opening == "" || strings.Contains(said, title) {
		return
	}
	// Which noun the formula 关于…的建议 ends in is the check of the noun's.
	if _, rest, found := strings.Cut(said, "关于"+wordsOnly(assembly.BareSubject(r.Title))); found && startsWithNoun.MatchString(rest) {
		return
	}
	from := ownTitle(opening)
	if from < 0 {
		return
	}
	to := max(strings.LastIndex(opening, "的建议"), strings.LastIndex(opening, "的提案"))
	if to < 0 || utf8.RuneCountInString(opening[from:max(from, to)]) < shortestTitle {
		return
	}
	r.mark(WrongTitle, MandatoryMark, from, to+len("的建议"), r.Title)
}

// shortestTitle is what can be a title, in characters: 关于您的建议 is none.
const shortestTitle = 6

var (
	caseNoun       = regexp.MustCompile(`(?:建议|提案|议案)$`)
	startsWithNoun = regexp.MustCompile(`^的?(?:建议|提案|议案)`)
	bookTitle      = regexp.MustCompile(`《[^》]*》`)
)

// ownTitle finds the first 关于 that is neither in the title of some notice or plan nor before 您; -1 if there is none.
func ownTitle(opening string) int {
	books := bookTitle.FindAllStringIndex(opening, -1)
	for from := 0; ; {
		at := strings.Index(opening[from:], "关于")
		if at < 0 {
			return -1
		}
		at += from
		from = at + len("关于")
		for len(books) > 0 && books[0][1] <= at {
			books = books[1:]
		}
		inBook := len(books) > 0 && books[0][0] < at
		if strings.HasPrefix(opening[from:], "您") {
			continue
		}
		if !inBook || caseNoun.MatchString(strings.TrimSuffix(opening[books[0][0]:books[0][1]], "》")) {
			return at
		}
	}
}

// wordsOnly drops all but letters and digits, and full-width forms.
func wordsOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r = chinese.HalfWidth(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

var nounReceived = regexp.MustCompile(`(建议|提案)[》”"]?(?:[（(][^（()）]{1,20}[）)])?[》”"]?(?:已|均已)?收悉`)

// noun finds 提案 where an NPC suggestion is answered, and the reverse.
func (r *reader) noun() {
	opening := r.text[:r.opening]
	right, wrong := r.Key.Noun(), "提案"
	if right == wrong {
		wrong = "建议"
	}
	if from, to := findWords(opening, r.Title); from >= 0 { // quoted as assigned, whatever it ends in
		opening = opening[:from] + strings.Repeat(" ", to-from) + opening[to:]
	}
	if at := nounReceived.FindStringSubmatchIndex(opening); at != nil {
		if opening[at[2]:at[3]] == wrong {
			r.mark(WrongNoun, level(!strings.Contains(opening, right)), at[2], at[3], right)
		}
		return
	}
	if at := strings.Index(opening, "的"+wrong); at >= 0 && !strings.Contains(opening, right) {
		at += len("的")
		r.mark(WrongNoun, MandatoryMark, at, at+len(wrong), right)
	}
}

var (
	documentNumber = regexp.MustCompile(
		`\p{Han}([\[\](){}<>【】（）［］｛｝〖〗「」〈〉﹝﹞〔〕])([0-9０-９]{4})([\[\](){}<>【】（）［］｛｝〖〗「」〈〉﹝﹞〔〕])(第?[0-9０-９]{1,5}号)`)
	halfDocumentNumber = regexp.MustCompile(
		`\p{Han}((?:[\[(【（［〔﹝]((?:19|20)[0-9]{2})[-—]?|((?:19|20)[0-9]{2})[\])】）］〕﹞])(第?[0-9]{1,5}号))`)
	plainDocumentNumber = regexp.MustCompile(`\p{Han}[发函字办规](((?:19|20)[0-9]{2})(?:[-—–]第?| 第?|第)([0-9]{1,5}号))`)
)

// brackets finds document numbers without 〔〕 (GB/T 9704-2012).
func (r *reader) brackets() {
	for _, at := range documentNumber.FindAllStringSubmatchIndex(r.text, -1) {
		if r.text[at[2]:at[3]] != "〔" || r.text[at[6]:at[7]] != "〕" {
			certificate := strings.HasPrefix(r.text[at[8]:at[9]], "第") // 沈国用（2015）第012号 is no document
			r.mark(WrongBracket, level(!certificate), at[2], at[1], "〔"+r.text[at[4]:at[5]]+"〕"+r.text[at[8]:at[9]])
		}
	}
	for _, at := range halfDocumentNumber.FindAllStringSubmatchIndex(r.text, -1) {
		year := max(at[4], at[6])
		r.mark(WrongBracket, ReminderMark, at[2], at[3], "〔"+r.text[year:year+4]+"〕"+r.text[at[8]:at[9]])
	}
	for _, at := range plainDocumentNumber.FindAllStringSubmatchIndex(r.text, -1) {
		r.mark(WrongBracket, ReminderMark, at[2], at[3], "〔"+r.text[at[4]:at[5]]+"〕"+r.text[at[6]:at[7]])
	}
}

var (
	fraction   = regexp.MustCompile(`[0-9０-９]+(?:,[0-9]{3})*[.．][0-9０-９]+(?:人次|人|名|位)`)
	notPersons = regexp.MustCompile(`^(?:民币|[天月年日工均份行/／·额次置移数]|[人名位]?以[上下])`)
	ofAverage  = regexp.MustCompile(`平均|均|每|比例|比|率|相当于|折合|配备标准|不低于|不少于|至少`)
	listItem   = regexp.MustCompile(`(?:^|[：:；;。])$`)
)

// fractions finds 23.8人次. Averages and ratios may be fractions, and 1.2名 at the head of a list is item 1 with 2 people.
func (r *reader) fractions() {
	for _, at := range fraction.FindAllStringIndex(r.text, -1) {
		before, head := r.before(at[0]), ""
		if at[0] > 0 {
			_, size := utf8.DecodeLastRuneInString(r.text[:at[0]])
			head = r.text[at[0]-size : at[0]]
		}
		if !notPersons.MatchString(r.after(at[1])) && !ofAverage.MatchString(before) && !listItem.MatchString(head) {
			r.mark(FractionOfPerson, MandatoryMark, at[0], at[1], "")
		}
	}
}

var placeholder = regexp.MustCompile(
	`[×✕╳]{1,4}年[×✕╳0-9]{1,2}月(?:[×✕╳0-9]{1,2}日)?|[×✕╳]{2,}|[_＿]{2,}|[0-9]{4}年月日` +
		`|[？?]{2,}(?:[万亿]元?|元|人|个|户|名|年|月|日|%)|(?:…+|\.{3,})(?:[万亿]元|万人|平方米|个百分点|%)` +
		`|(?:领导|局长|主任)签字[：:]|[（(]签字[）)][：:]|[（(]签字[）)]$` +
		`|某某(?:社区|街道|县|区|市|镇|乡|村|局|单位|部门|公司|企业|项目|路|小区|学校|年|月)` +
		`|[【\[（(［〔](?:此处)?(?:待(?:补充|补|填写|填|核实|核对|核|查|完善|确认)[^】\])）］〕]{0,4}|请(?:补充|填写)[^】\])）］〕]{0,10})[】\])）］〕]` +
		`|【[^】]{0,10}[待补填][^】]{0,10}】` +
		`|此处(?:待|请|需|应)?(?:填写|填|插入|补充|添加|省略|留白)|请补充(?:完整|具体|数据|内容|说明|完善)` +
		`|(?:[XxＸｘ]{2,}|\b(?:TODO|TBD|FIXME)\b)`)

// placeholders finds what a template or a colleague left to be filled in.
func (r *reader) placeholders() {
	for _, at := range placeholder.FindAllStringIndex(r.text, -1) {
		before, _ := utf8.DecodeLastRuneInString(r.text[:at[0]])
		after, _ := utf8.DecodeRuneInString(r.text[at[1]:])
		letters := strings.ContainsAny(r.text[at[0]:at[1]], "XxＸｘ")
		if letters && (latin(before) || latin(after)) { // a word, not a blank: Foxx
			continue
		}
		r.mark(LeftoverText, MandatoryMark, at[0], at[1], "")
	}
}

func latin(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

var phoneSaid = regexp.MustCompile(`[+＋]?[(（]?[0-9０-９](?:[-－—– ()（）·•\p{Cf}]{0,2}[0-9０-９]){6,}`)

// contacts finds the deputy's own phone number, however it is grouped (R10).
func (r *reader) contacts() {
	if len(r.phones) == 0 {
		return
	}
	for _, at := range phoneSaid.FindAllStringIndex(r.text, -1) {
		said := phoneNumbers(r.text[at[0]:at[1]])
		// Two numbers with a blank between them are read as one.
		if slices.ContainsFunc(r.phones, func(own string) bool { return strings.Contains(said[0], own) }) {
			r.mark(ContactLeak, MandatoryMark, at[0], at[1], "")
		}
	}
}

var areaCode = regexp.MustCompile(`^(?:0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})$`)

// phoneNumbers lists the numbers in a text without country and area codes, which people write or leave out.
func phoneNumbers(s string) []string {
	var numbers []string
	for _, said := range phoneSaid.FindAllString(s, -1) {
		n := strings.Map(func(r rune) rune {
			if r = chinese.HalfWidth(r); '0' <= r && r <= '9' {
				return r
			}
			return -1
		}, said)
		if mobile, abroad := strings.CutPrefix(n, "86"); abroad && len(mobile) == len("13800001234") {
			n = mobile
		}
		if local := areaCode.FindStringSubmatch(n); local != nil {
			n = local[1]
		}
		numbers = append(numbers, n)
	}
	return numbers
}
