package replytext

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"github.com/banli/banli/internal/assembly"
)

// spokenName is a name with the sounds of its characters.
type spokenName struct {
	name   string
	runes  []rune
	sounds [][]string // every reading of each character, without tones
}

func spoken(name string) spokenName {
	s := spokenName{name: name, runes: []rune(name)}
	for _, r := range s.runes {
		s.sounds = append(s.sounds, sounds(r))
	}
	return s
}

// sounds lists the readings of a character without tones, all of them: which one a name uses only its bearer knows.
func sounds(r rune) []string {
	return pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal, Heteronym: true})
}

// dots stand in transcribed names. They are taken for one: the register and the reply rarely use the same.
const dots = "·•・‧"

func same(a, b rune) bool {
	return a == b || strings.ContainsRune(dots, a) && strings.ContainsRune(dots, b)
}

// differs counts the characters in which other differs from the name, and says whether each of those sounds alike. The
// two must be equally long.
func (s spokenName) differs(other []rune) (characters int, alike bool) {
	alike = true
	for i, r := range other {
		if !same(r, s.runes[i]) {
			characters++
			alike = alike && slices.ContainsFunc(sounds(r), func(sound string) bool { return slices.Contains(s.sounds[i], sound) })
		}
	}
	return characters, alike
}

var (
	salutationLine = regexp.MustCompile(`^(?:尊敬的)?([\p{Han}·•・‧、，, 0-9]{2,120}?)(代表|委员)(?:同志|先生|女士)?[：:]`)
	andOthers      = regexp.MustCompile(`等[0-9一二三四五六七八九十两几多]*[名位人]?$`)
	nobody         = regexp.MustCompile(`^(?:.*(?:各位|诸位|全体|有关|相关|人大|政协|尊敬的|领衔|附议|联名|与会).*|[该本贵].*|.*[位名])$`)
	nameGap        = regexp.MustCompile(`(?:代表|委员)?[、，, ]+`)
)

// salutation compares whom the reply addresses, before or as it opens: 倪琛善代表：
func (r *reader) salutation() {
	at := salutationLine.FindStringSubmatchIndex(r.text)
	if at == nil || len(r.names) == 0 || r.paragraph >= 3 || r.opened && r.opening == 0 {
		return
	}
	names, role := r.text[at[2]:at[3]], r.text[at[4]:at[5]]
	if right := (map[assembly.Body]string{assembly.NPC: "代表", assembly.CPPCC: "委员"})[r.Key.Body]; role != right && slices.Contains(r.Deputies, names) {
		r.mark(WrongNoun, MandatoryMark, at[4], at[5], right)
	}
	if others := andOthers.FindStringIndex(names); others != nil {
		names = names[:others[0]]
	}
	from := 0
	for _, gap := range append(nameGap.FindAllStringIndex(names, -1), []int{len(names), len(names)}) {
		r.addressed(at[2]+from, at[2]+gap[0])
		from = gap[1]
	}
}

// addressed judges one name of a salutation.
func (r *reader) addressed(from, to int) {
	name := r.text[from:to]
	length := utf8.RuneCountInString(name)
	if length < 2 || slices.Contains(r.Deputies, name) || nobody.MatchString(name) {
		return
	}
	for _, s := range r.names { // 监狱刘玉华代表: what the person is stands before the name
		if len(s.runes) < usual || len(s.runes) >= length {
			continue
		}
		said := lastRunes(name, len(s.runes))
		if n, alike := s.differs([]rune(said)); n == 0 {
			return
		} else if n == 1 && alike {
			r.markName(HomophoneName, MandatoryMark, to-len(said), to, s.name)
			return
		}
	}
	if length > longest && !strings.ContainsAny(name, dots) {
		if and := strings.IndexAny(name, "和及与"); and > 0 { // in a shorter name 和 belongs to it: 李和平
			r.addressed(from, from+and)
			r.addressed(from+and+len("和"), to)
		}
		return
	}
	if slices.Contains(r.Others, name) {
		r.markName(LeftoverText, MandatoryMark, from, to, r.Deputies[0])
		return
	}
	near, code, fewest := r.Deputies[0], WrongName, length
	for _, s := range r.names {
		if len(s.runes) != length {
			continue
		}
		n, alike := s.differs([]rune(name))
		if n == 0 {
			return
		}
		if n < fewest || alike && code != HomophoneName {
			near, fewest = s.name, n
			if code = WrongName; alike {
				code = HomophoneName
			}
		}
	}
	first, _ := utf8.DecodeRuneInString(name)
	likely := code == HomophoneName || fewest < length || slices.Contains(surnames, first)
	r.markName(code, level(likely), from, to, near)
}

var (
	roleSaid   = regexp.MustCompile(`代表|委员`)
	spokenOf   = regexp.MustCompile(`^(?:您|一行|提出|反映|所提|关心|建议(?:我|：|:|，|的)|(?:的|所)(?:意见|建议|提案)|进行了?(?:沟通|面商|座谈)|通了?电话|沟通|面商|座谈|参加|表示)`)
	wordBefore = regexp.MustCompile(`(?:^|[^\p{Han}·•・‧]|人大|政协|代表|委员|领衔|附议|感谢|根据|结合|按照|走访|联系|邀请|请|与|和|向|同|对|由)$`)
	notGiven   = regexp.MustCompile(`[办村镇乡县市区省院所站处科们方位名户员者局厂司队组团体的等界届民工商企各每两多]|人大|政协|单位|项目|学校|高校|社区|街道|青年|妇女|学生|家长|群众|居民|党员|干部|业主|基层|行业|专家`)
	surnames   = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗凤花俞任袁柳鲍史唐费薛雷贺倪汤滕殷罗毕郝邬安常乐于傅卞齐康伍余元卜顾孟黄穆萧肖尹姚邵汪祁毛狄米贝戴谈宋茅庞熊纪舒屈祝董梁杜阮蓝闵季贾江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应丁宣邓单洪包左石崔龚程裴陆荣翁甄曲封芮储靳段焦侯宁仇栾甘祖武符刘景詹龙叶黎白赖卓乔闻翟谭申冉桑桂牛边燕尚温庄晏柴瞿阎慕连习艾向古易廖终耿满匡文寇广欧沃蔚隆师巩聂敖冷辛阚简饶曾沙丰关查游竺权岳帅缑亢况闫佟富佘")
)

const (
	usual   = 3 // characters of a name; shorter ones are too often part of other words
	longest = 4 // unless it has a dot (·)
)

// deputies compares names in the running text that are followed by 代表 or 委员. Most words there are no names
// (居民代表), so only likeness to a deputy of this case counts for sure.
func (r *reader) deputies() {
	head := salutationLine.FindStringIndex(r.text)
	for _, at := range roleSaid.FindAllStringIndex(r.text, -1) {
		if head != nil && at[0] < head[1] || len(r.names) == 0 {
			continue
		}
		before := r.before(at[0])
		if slices.ContainsFunc(r.Deputies, func(name string) bool { return strings.HasSuffix(before, name) }) {
			continue
		}
		if r.misnamed(before, at[0]) {
			continue
		}
		name := lastRunes(before, usual)
		given := []rune(name)
		if len(given) != usual || r.known(name) || !slices.Contains(surnames, given[0]) || notGiven.MatchString(name) {
			continue
		}
		if wordBefore.MatchString(strings.TrimSuffix(before, name)) && spokenOf.MatchString(r.after(at[1])) {
			r.markName(WrongName, ReminderMark, at[0]-len(name), at[0], r.Deputies[0])
		}
	}
}

// misnamed marks a deputy's name before text[at] that has one other character, or several of the same sound. It reports
// whether the words there are settled.
func (r *reader) misnamed(before string, at int) bool {
	for _, s := range r.names {
		said := lastRunes(before, len(s.runes))
		if utf8.RuneCountInString(said) != len(s.runes) || len(s.runes) < 2 || r.known(said) {
			continue
		}
		if strings.ContainsFunc(said, func(c rune) bool { return !unicode.Is(unicode.Han, c) && !strings.ContainsRune(dots, c) }) {
			continue
		}
		n, alike := s.differs([]rune(said))
		bounded := wordBefore.MatchString(strings.TrimSuffix(before, said))
		long := len(s.runes) >= usual
		switch {
		case n == 0:
			return true
		case alike && bounded && (long || n == 1):
			r.markName(HomophoneName, level(long), at-len(said), at, s.name)
			return true
		case n == 1 && long && bounded:
			r.markName(WrongName, ReminderMark, at-len(said), at, s.name)
			return true
		case alike && n == 1 && long: // 监狱刘玉华代表
			r.markName(HomophoneName, ReminderMark, at-len(said), at, s.name)
			return true
		}
	}
	return false
}

// markName notes a name once, whichever check comes first.
func (r *reader) markName(code MarkCode, level MarkLevel, from, to int, want string) {
	r.named[from] = true
	r.mark(code, level, from, to, want)
}

// known names belong to somebody else, and rightly so: other deputies have their own check.
func (r *reader) known(name string) bool {
	return name == r.contact || slices.Contains(r.Others, name)
}

func lastRunes(s string, n int) string {
	from := len(s)
	for ; n > 0 && from > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:from])
		from -= size
	}
	return s[from:]
}

// homophones finds a deputy's name that is written with one other character of the same sound, with or without 代表, where
// a word begins: 管理建设 has no 李建设 in it.
func (r *reader) homophones() {
	var runes []rune
	for _, s := range r.names {
		if len(s.runes) < usual {
			continue
		}
		if runes == nil {
			runes = []rune(r.text)
		}
		for i, at := 0, 0; i+len(s.runes) <= len(runes); i++ {
			said := runes[i : i+len(s.runes)]
			if s.oneDiffers(said) {
				if _, alike := s.differs(said); alike {
					r.misspelt(s, at, string(said))
				}
			}
			at += utf8.RuneLen(runes[i])
		}
	}
}

// oneDiffers is the cheap half of differs: it asks for no sounds.
func (s spokenName) oneDiffers(said []rune) bool {
	n := 0
	for i, r := range said {
		if !same(r, s.runes[i]) {
			n++
		}
		if n > 1 {
			return false
		}
	}
	return n == 1
}

// misspelt marks a name unless it is somebody else's or has been marked where it is addressed.
func (r *reader) misspelt(s spokenName, at int, said string) {
	if !r.named[at] && !r.known(said) && !slices.Contains(r.Deputies, said) && wordBefore.MatchString(r.before(at)) {
		r.markName(HomophoneName, ReminderMark, at, at+len(said), s.name)
	}
}

// otherDeputies finds the lead deputies of other cases: the usual trace of a copied reply. Merged cases may name them.
func (r *reader) otherDeputies() {
	for _, name := range r.Others {
		if utf8.RuneCountInString(name) < 2 || name == r.contact || slices.Contains(r.Deputies, name) {
			continue
		}
		for from := 0; ; {
			at := strings.Index(r.text[from:], name)
			if at < 0 {
				break
			}
			at += from
			from = at + len(name)
			addressed := strings.HasPrefix(r.text[from:], "代表") || strings.HasPrefix(r.text[from:], "委员")
			// 谷雨 and 高明 are words too: only the title after them makes them names.
			if !addressed && utf8.RuneCountInString(name) < usual || r.named[at] {
				continue
			}
			r.markName(LeftoverText, level(addressed && at < r.opening), at, from, "")
		}
	}
}
