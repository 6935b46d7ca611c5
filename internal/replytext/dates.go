package replytext

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
)

// saidDate is a date in a text: 今年5月, 2018年底, 明年, 下半年.
type saidDate struct {
	from, to    int // bytes
	first, last calendar.Date
}

const aYear = `今年|本年|明年|后年|去年|前年|(?:19|20)[0-9]{2}年`

var dateSaid = regexp.MustCompile(
	`(` + aYear + `)?(?:(1[0-2]|0?[1-9])月(?:份|([初底末]|上旬|中旬|下旬)|([12][0-9]|3[01]|0?[1-9])[日号])?` +
		`|(年[底末]|上半年|下半年|第?[一二三四1-4]季度))` +
		`|(` + aYear + `)([底末])?|(下个?月)`)

// datesIn reads the dates of a passage in order. A month without a year belongs to the year last named; where none was,
// only a person knows which year is meant, and the date is left out.
func (r *reader) datesIn() []saidDate {
	var dates []saidDate
	year := 0
	for _, at := range dateSaid.FindAllStringSubmatchIndex(r.text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return r.text[at[2*i]:at[2*i+1]]
		}
		if partOfFigure(r.text[:at[0]]) {
			continue
		}
		d := saidDate{from: at[0], to: at[1]}
		of := year
		switch named := group(1) + group(6); {
		case group(8) != "": // 下个月
			d.first = calendar.NewDate(r.on.Year, r.on.Month+1, 1)
			d.last = calendar.NewDate(r.on.Year, r.on.Month+2, 0)
			dates = append(dates, d)
			continue
		case named != "":
			of = r.yearOf(named)
			if year = of; year > r.on.Year {
				year = 0 // 到2025年…: the months that follow are not of that year
			}
		case year == 0:
			continue
		}
		d.first, d.last = period(of, group(2), group(3), group(4), group(5)+group(7))
		dates = append(dates, d)
	}
	return dates
}

// partOfFigure: 12020年, 3.5月 and 每年5月 are no dates.
func partOfFigure(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return '0' <= last && last <= '9' || last == '.' || strings.HasSuffix(before, "每年") || last == '第'
}

// yearOf reads 今年 by the date of the reply, which is when the deputy reads it.
func (r *reader) yearOf(said string) int {
	if away, ok := map[string]int{"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2}[said]; ok {
		return r.on.Year + away
	}
	year, err := strconv.Atoi(strings.TrimSuffix(said, "年"))
	if err != nil {
		panic(err) // the pattern has four digits here
	}
	return year
}

// period is the stretch that the parts of a date name.
func period(year int, month, third, day, part string) (first, last calendar.Date) {
	from, to := time.January, time.December
	if m, err := strconv.Atoi(month); err == nil {
		from, to = time.Month(m), time.Month(m)
	}
	switch {
	case strings.HasSuffix(part, "底") || strings.HasSuffix(part, "末"):
		from = time.December
	case part == "上半年":
		to = time.June
	case part == "下半年":
		from = time.July
	case strings.HasSuffix(part, "季度"):
		quarter := strings.IndexAny("一二三四", strings.TrimPrefix(part, "第")) / len("一")
		if q := strings.IndexAny("1234", part); q >= 0 {
			quarter = q
		}
		from = time.Month(quarter*3 + 1)
		to = from + 2
	}
	first, last = calendar.NewDate(year, from, 1), calendar.NewDate(year, to+1, 0)
	if d, err := strconv.Atoi(day); err == nil {
		first = calendar.NewDate(year, from, d)
		last = first
	}
	switch third {
	case "初", "上旬":
		last = calendar.NewDate(year, from, 10)
	case "中旬":
		first, last = calendar.NewDate(year, from, 11), calendar.NewDate(year, from, 20)
	case "底", "末", "下旬":
		first = calendar.NewDate(year, from, 21)
	}
	return first, last
}

const (
	deed = `(?:完成|实现|建成|达到|出台|印发|制定|投入使用|解决|启动|覆盖|开通|建立|办结)`
	// outcome has no 施行: laws do say 自…起正式施行 beforehand.
	outcome    = `(?:完成|实现|建成|覆盖|解决|达标|达到|到位|开通|启用|竣工|投入使用)`
	beforeDone = `^(?:[^，,。的《》]{0,15}[，,][^，,。《》]{0,12}?|[^，,。的《》]{0,12}?)`
)

var (
	// doneAfter is what makes a future date a slip: 已完成, 完成了, or 全部实现 without 将. 已列入 and 已安排 are said of plans.
	doneAfter = regexp.MustCompile(beforeDone + `((?:已经|业已|现已|已)[^，,。；的《]{0,6}?` + outcome + `了?` +
		`|(?:全部|全面|均|基本|顺利|如期|提前)` + outcome + `了?|` + outcome + `了)`)
	// countedBy is what makes a future 截至今年6月底 one: no figures can be had yet.
	countedBy = regexp.MustCompile(beforeDone + `(已经|现已|已)`)
	// planned words make a future date right. 将 for 把 hides some slips: better than a false alarm.
	planned     = regexp.MustCompile(`将|拟|计划|规划|预计|预期|力争|争取|确保|目标|有望|届时|要求|部署|安排|规定|明确|必须|应当|应于|方案|意见|提出|决定|按照|根据|之前|以前|[年月日底末]前|如果|需要|可以`)
	inBook      = regexp.MustCompile(`《[^》]*$`)
	ranged      = regexp.MustCompile(`[-—–~～至到、]$`)
	upTo        = regexp.MustCompile(`截[至止]到?$`)
	notYet      = regexp.MustCompile(`^(?:[-—–~～至到、]|[之以]?[前内]|的)`)
	alone       = regexp.MustCompile(`^(?:[，,起已我全均]|基本)`)
	attributive = regexp.MustCompile(`^[^，,。；]{0,6}的`)
	doneWord    = regexp.MustCompile(`^(?:已经|业已|现已|已)|了$`)
	fromWord    = regexp.MustCompile(`(?:自从|从|自|于|在|截至|截止到?)$`)
)

// dates finds what is said as done on a day after the reply's (自今年5月起，全部实现 in a reply of 22 April), and as to come
// on a day before it.
func (r *reader) dates() {
	for _, d := range r.datesIn() {
		before, after := r.before(d.from), r.after(d.to)
		if inBook.MatchString(before) {
			continue
		}
		if d.first.After(r.on) {
			r.saidAsDone(d, before, after)
		}
		r.saidAsToCome(d, before, after)
	}
}

func (r *reader) saidAsDone(d saidDate, before, after string) {
	if planned.MatchString(before) || ranged.MatchString(before) && !upTo.MatchString(before) || notYet.MatchString(after) {
		return
	}
	pattern := doneAfter
	if upTo.MatchString(before) {
		pattern = countedBy
	}
	if strings.HasSuffix(r.text[:d.to], "年") && !alone.MatchString(after) { // 2022年冬奥会 is a name
		return
	}
	at := pattern.FindStringSubmatchIndex(after)
	if at == nil || planned.MatchString(after[:at[2]]) || attributive.MatchString(after[at[3]:]) {
		return
	}
	from := d.from - len(fromWord.FindString(before))
	act := doneWord.ReplaceAllString(after[at[2]:at[3]], "")
	// 已 and 了 say that it has happened, and so does 自今年5月起. 一期今年6月全部完成 may be a plan in few words.
	sure := doneWord.MatchString(after[at[2]:at[3]]) || strings.HasPrefix(after, "起") && d.first.Year == r.on.Year
	r.mark(FutureAsPast, level(sure), from, d.to+at[3], r.text[from:d.to]+after[:at[2]]+"将"+act)
}

var (
	toCome     = regexp.MustCompile(`(?:将|拟|拟定|计划|预计|力争|争取)于$|(?:预计|力争|争取|将)在$|定于$`)
	toComeBy   = regexp.MustCompile(`(?:力争|争取|确保|计划|预计)$`)
	byThen     = regexp.MustCompile(`^[底末]?[之以]?前`)
	toldBefore = regexp.MustCompile(`原|曾|当时|此前|当年|提出|明确|要求|通知|公告|规定|决定|方案`)
	asBasis    = regexp.MustCompile(`^[^，,。；]{0,10}(?:基础上|的)`)
)

func (r *reader) saidAsToCome(d saidDate, before, after string) {
	words := toCome.FindString(before)
	if words == "" && byThen.MatchString(after) {
		words = toComeBy.FindString(before)
	}
	if words == "" || !d.last.Before(r.on) || toldBefore.MatchString(before) || asBasis.MatchString(after) {
		return
	}
	r.mark(PastAsFuture, ReminderMark, d.from-len(words), d.to, "")
}

var (
	yearTwice = regexp.MustCompile(`(今年|去年|前年|明年)(?:[（(]((?:19|20)[0-9]{2})年?[）)]|((?:19|20)[0-9]{2})年)`)
	anyYear   = regexp.MustCompile(`((?:19|20)[0-9]{2})年|[今去]年`)
)

// years finds 今年（2019年） in a reply of another year, and figures as of a day more than two years back.
func (r *reader) years() {
	for _, at := range yearTwice.FindAllStringSubmatchIndex(r.text, -1) {
		said := max(at[4], at[6])
		if year := r.yearOf(r.text[at[2]:at[3]]); strconv.Itoa(year) != r.text[said:said+4] {
			r.markMended(StaleYear, ReminderMark, at[0], at[1], strconv.Itoa(year)+"年", "") // the word may be wrong, or the year
		}
	}
	newest := 0
	for _, said := range anyYear.FindAllString(r.text, -1) {
		newest = max(newest, r.yearOf(said))
	}
	stale := calendar.NewDate(r.on.Year-2, r.on.Month, r.on.Day)
	for _, d := range r.datesIn() {
		// Beside a newer year the old one is a comparison.
		as := upTo.FindString(r.before(d.from))
		if as != "" && d.last.Before(stale) && newest <= d.last.Year {
			r.mark(StaleYear, ReminderMark, d.from-len(as), d.to, "")
		}
	}
}

var (
	promiseBy  = regexp.MustCompile(`(?:(?:` + aYear + `)[底末]|(?:` + aYear + `)?(?:年[底末]|上半年|[0-9]{1,2}月(?:[0-9]{1,2}[日号]|[底末])?))[之以]?前[^，,。；;！？已了《]{0,12}?` + deed)
	promiseTo  = regexp.MustCompile(`(?:力争|争取|承诺|保证)[^，,。；;！？已了《]{0,20}?` + deed)
	byOthers   = regexp.MustCompile(`要求|通知|规定|方案|规划|《|国务院|原|曾|当时`)
	doneByThen = regexp.MustCompile(`^[^，,。；]{0,3}[了的]|^[^，,。；]{0,8}率`)
)

// promises finds the first words of a paragraph that promise something, where the draft lists no commitment to keep (R14).
func (r *reader) promises() {
	if r.promised {
		return
	}
	past := map[int]bool{}
	for _, d := range r.datesIn() {
		past[d.from] = d.last.Before(r.on)
	}
	for _, pattern := range []*regexp.Regexp{promiseBy, promiseTo} {
		for _, at := range pattern.FindAllStringIndex(r.text, -1) {
			if past[at[0]] || byOthers.MatchString(r.before(at[0])) || doneByThen.MatchString(r.after(at[1])) {
				continue
			}
			r.mark(CommitmentUndated, ReminderMark, at[0], at[1], "")
			return
		}
	}
}
