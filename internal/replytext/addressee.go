package replytext

import (
	"regexp"
	"strings"

	"github.com/banli/banli/internal/assembly"
)

// Addressee is the line that opens a reply: 倪琛善代表：, 李明委员：. Who is addressed already (纪占斌等3名代表, 李俊、王芳委员) is so
// as written; a party, group, committee or delegation by its name alone. Where the register does not say what the proposer is,
// the end of the name does.
func Addressee(body assembly.Body, proposer assembly.ProposerKind, name string) string {
	return Addressees(body, proposer, []string{name})
}

// Addressees addresses all who handed a case in by one line: 倪琛善、王桂兰代表：. Persons share the word for what they are.
// What the register says of the proposer holds for the first of them.
func Addressees(body assembly.Body, proposer assembly.ProposerKind, names []string) string {
	person := "代表"
	if body == assembly.CPPCC {
		person = "委员"
	}
	var line strings.Builder
	open := "" // the word still due to the persons named last
	for i, name := range names {
		collective := proposer != "" && proposer != assembly.MemberProposer || proposer == "" && collectiveName.MatchString(name)
		proposer = ""
		if collective || addressed.MatchString(name) {
			line.WriteString(open)
			open = ""
		} else {
			open = person
		}
		if i > 0 {
			line.WriteString("、")
		}
		line.WriteString(name)
	}
	return line.String() + open + "："
}

var (
	addressed      = regexp.MustCompile(`(?:代表|委员)$`)
	collectiveName = regexp.MustCompile(
		`^.{2,}(?:委员会|工委|市委|省委|区委|县委|州委|支部|总支|界别?|小组|联组|代表团|协会|商会|学会|总工会|红十字会)$|` +
			`(?:民革|民盟|民建|民进|农工党|致公党|九三学社|台盟|工商联|妇联|侨联|台联|青联|科协|文联|残联|共青团|团委)(?:.{0,8}(?:委员会|[省市区县州]委))?$`)
)
