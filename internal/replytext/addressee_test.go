package replytext

import (
	"testing"

	"github.com/banli/banli/internal/assembly"
)

func TestAddressee(t *testing.T) {
	for _, test := range []struct {
		body     assembly.Body
		proposer assembly.ProposerKind
		name     string
		want     string
	}{
		{assembly.NPC, "", "倪琛善", "倪琛善代表："},
		{assembly.NPC, "", "纪占斌等3名代表", "纪占斌等3名代表："},
		{assembly.NPC, "", "百善镇代表团", "百善镇代表团："},
		{assembly.NPC, "", "社会和法制委员会", "社会和法制委员会："},
		{assembly.NPC, "", "阿不都热合曼", "阿不都热合曼代表："},
		{assembly.CPPCC, "", "李明", "李明委员："},
		{assembly.CPPCC, "", "李俊、王芳委员", "李俊、王芳委员："},
		{assembly.CPPCC, "", "阿不都热合曼·买买提", "阿不都热合曼·买买提委员："},
		{assembly.CPPCC, "", "民盟沈阳市委员会", "民盟沈阳市委员会："},
		{assembly.CPPCC, "", "台盟沈阳市委", "台盟沈阳市委："},
		{assembly.CPPCC, "", "九三学社", "九三学社："},
		{assembly.CPPCC, "", "工商联界", "工商联界："},
		{assembly.CPPCC, assembly.GroupProposer, "第三小学联络站", "第三小学联络站："},
		{assembly.CPPCC, assembly.MemberProposer, "王团委", "王团委委员："}, // the register knows better than the name's end
	} {
		if got := Addressee(test.body, test.proposer, test.name); got != test.want {
			t.Errorf("%s %q %q: %q, want %q", test.body, test.proposer, test.name, got, test.want)
		}
	}
}

func TestAddressees(t *testing.T) {
	for _, test := range []struct {
		body     assembly.Body
		proposer assembly.ProposerKind
		names    []string
		want     string
	}{
		{assembly.NPC, "", []string{"倪琛善", "王桂兰", "李伟"}, "倪琛善、王桂兰、李伟代表："},
		{assembly.CPPCC, "", []string{"李明", "民盟沈阳市委员会", "王芳"}, "李明委员、民盟沈阳市委员会、王芳委员："},
		{assembly.CPPCC, assembly.PartyProposer, []string{"民建", "王芳"}, "民建、王芳委员："},
		{assembly.CPPCC, assembly.MemberProposer, []string{"李明", "工商联界"}, "李明委员、工商联界："},
	} {
		if got := Addressees(test.body, test.proposer, test.names); got != test.want {
			t.Errorf("%s %q %q: %q, want %q", test.body, test.proposer, test.names, got, test.want)
		}
	}
}
