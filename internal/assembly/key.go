package assembly

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/banli/banli/internal/chinese"
)

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
	number := strings.Map(chinese.HalfWidth, chinese.WithoutBlanks(chinese.Fold(k.Number)))
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
func (k RegisterKey) TermName() string { return chinese.Numeral(k.Term) + "届" }

// SittingName is the session of the term: 三次会议.
func (k RegisterKey) SittingName() string { return chinese.Numeral(k.Session) + "次会议" }

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
