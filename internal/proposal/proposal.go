// Package proposal holds the rules by which a bureau handles one proposal: a deputy's suggestion (人大代表建议) or a
// CPPCC proposal (政协提案). It has the nouns, the transition table, who may do what, the deadlines, the checks on a reply
// and what a rule pack means for a case. [Apply] is the one door through which a case changes.
//
// Everything else may import it. It imports the standard library, a YAML reader for the outlines of replies and internal/calendar;
// it must never import a clock, a context, SQL, Temporal or the web.
package proposal

import (
	"fmt"
	"regexp"
	"strings"
)

// Body is the assembly a proposal was handed in to.
type Body string

const (
	NPC   Body = "npc"   // 人民代表大会: the case is a suggestion (建议)
	CPPCC Body = "cppcc" // 人民政协: the case is a proposal (提案)
)

// Level is the kind of place whose assembly it is. Places of one rank bear different names, and each prints its own: a county's
// congress is 县人大, never 区人大.
type Level string

const (
	NationalLevel         Level = "national"          // 全国
	ProvinceLevel         Level = "province"          // 省
	AutonomousRegionLevel Level = "autonomous_region" // 自治区
	CityLevel             Level = "city"              // 市: a municipality, a prefecture-level or a county-level city
	PrefectureLevel       Level = "prefecture"        // 州
	LeagueLevel           Level = "league"            // 盟
	DistrictLevel         Level = "district"          // 区
	CountyLevel           Level = "county"            // 县
	AutonomousCountyLevel Level = "autonomous_county" // 自治县
	BannerLevel           Level = "banner"            // 旗
	TownLevel             Level = "town"              // 镇
	TownshipLevel         Level = "township"          // 乡
)

// Bodies and Levels list every value, in the order a form shows them.
var (
	Bodies = []Body{NPC, CPPCC}
	Levels = []Level{
		NationalLevel, ProvinceLevel, AutonomousRegionLevel, CityLevel, PrefectureLevel, LeagueLevel, DistrictLevel, CountyLevel,
		AutonomousCountyLevel, BannerLevel, TownLevel, TownshipLevel,
	}
)

// PersonID identifies a person of the bureau (a UUID). The zero value is the system itself, when a clock acts.
type PersonID string

// DivisionID identifies a division (处室) by its short code, e.g. "jiceng".
type DivisionID string

// RegisterKey is what makes a proposal unique: a number alone is not (domain §4).
type RegisterKey struct {
	Body         Body   `json:"body"`
	Level        Level  `json:"level"`
	Term         int    `json:"term"`         // 届, e.g. 16
	Session      int    `json:"session"`      // 次, e.g. 3
	Intersession bool   `json:"intersession"` // 闭会期间: handed in between two sessions
	Number       string `json:"number"`       // text: "0392", "台40"
}

// Canonical is the key with its number in one spelling, however it was typed or pasted: "第１１０６号 " is 1106, 闭会期间第134号 is
// 134 between two sessions, and 第2038号（社会管理类181号） is 2038(社会管理类181号).
func (k RegisterKey) Canonical() RegisterKey {
	number := strings.Map(halfWidth, blanks.ReplaceAllString(k.Number, ""))
	number, between := strings.CutPrefix(number, "闭会期间")
	k.Intersession = k.Intersession || between
	main, class := cutClass(number)
	k.Number = strings.TrimSuffix(strings.TrimPrefix(main, "第"), "号") + class
	return k
}

// cutClass parts a number from the class that some registers write after it in brackets, with a number of its own.
func cutClass(number string) (main, class string) {
	if at := strings.IndexByte(number, '('); at > 0 {
		return number[:at], number[at:]
	}
	return number, ""
}

// String is the key in one canonical line; equal keys give equal lines. Case ids are derived from it.
func (k RegisterKey) String() string {
	k = k.Canonical()
	sitting := "in"
	if k.Intersession {
		sitting = "between"
	}
	return fmt.Sprintf("%s/%s/%d/%d/%s/%s", k.Body, k.Level, k.Term, k.Session, sitting, k.Number)
}

var placeWords = map[Level]string{
	NationalLevel: "全国", ProvinceLevel: "省", AutonomousRegionLevel: "自治区", CityLevel: "市", PrefectureLevel: "州", LeagueLevel: "盟",
	DistrictLevel: "区", CountyLevel: "县", AutonomousCountyLevel: "自治县", BannerLevel: "旗", TownLevel: "镇", TownshipLevel: "乡",
}

// BodyName is the assembly as replies name it: 市人大, 全国政协.
func (k RegisterKey) BodyName() string {
	if k.Body == CPPCC {
		return placeWords[k.Level] + "政协"
	}
	return placeWords[k.Level] + "人大"
}

// SessionName is the sitting as replies name it: 市人大十六届三次会议.
func (k RegisterKey) SessionName() string {
	return k.BodyName() + k.TermName() + k.SittingName()
}

// TermName is the term of the assembly: 十六届.
func (k RegisterKey) TermName() string { return ChineseNumeral(k.Term) + "届" }

// SittingName is the session of the term: 三次会议.
func (k RegisterKey) SittingName() string { return ChineseNumeral(k.Session) + "次会议" }

// NumberName is the number as people say it, with one 第 and one 号: 第0392号, 第L54号, 台40号, 闭会期间第134号,
// 第2038号（社会管理类181号）. A number that begins with a word takes no 第.
func (k RegisterKey) NumberName() string {
	k = k.Canonical()
	main, class := cutClass(k.Number)
	name := main + "号"
	if plainNumber.MatchString(main) {
		name = "第" + name
	}
	if k.Intersession {
		name = "闭会期间" + name
	}
	return name + strings.NewReplacer("(", "（", ")", "）").Replace(class)
}

var plainNumber = regexp.MustCompile(`^[A-Za-z]{0,2}[0-9]+(?:-[0-9]+)?$`)

// Noun is what the case is called: 建议 for NPC, 提案 for CPPCC.
func (k RegisterKey) Noun() string {
	if k.Body == CPPCC {
		return "提案"
	}
	return "建议"
}

// TitleAsAssigned is a title as the assigning body wrote it, but for line breaks and blanks that came with a paste.
func TitleAsAssigned(title string) string { return foldBlanks(title) }

// BareSubject is the core of a title (案由) without the formula 关于…的建议, which lists drop because almost all share it. It is
// for lists only: a reply quotes the whole title.
func BareSubject(title string) string {
	title = foldBlanks(title)
	for _, tail := range []string{"的建议", "的提案"} {
		head, fits := strings.CutPrefix(title, "关于")
		core, fitsToo := strings.CutSuffix(head, tail)
		if fits && fitsToo && core != "" {
			return core
		}
	}
	return title
}

var digits = []rune("〇一二三四五六七八九")

// ChineseNumeral writes 1 to 99 as sessions are counted: 16 is 十六. Other numbers are written with digits.
func ChineseNumeral(n int) string {
	switch {
	case n < 1 || n > 99:
		return fmt.Sprint(n)
	case n < 10:
		return string(digits[n])
	}
	s := "十"
	if n >= 20 {
		s = string(digits[n/10]) + s
	}
	if n%10 > 0 {
		s += string(digits[n%10])
	}
	return s
}

// DocumentNumber is a 发文字号: 机关代字〔年〕序号号.
type DocumentNumber struct {
	Series string `json:"series"` // 机关代字, e.g. 沈民函
	Year   int    `json:"year"`
	Serial int    `json:"serial"` // from 1, no padding; 0 for a reply that bears no number, of which the year is known
}

// String writes the number as it stands on the reply: 沈民函〔2020〕12号; "" for one that bears none.
func (n DocumentNumber) String() string {
	if n.Serial == 0 {
		return ""
	}
	return fmt.Sprintf("%s〔%d〕%d号", n.Series, n.Year, n.Serial)
}
