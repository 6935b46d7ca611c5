package replytext

import "testing"

func TestNames(t *testing.T) {
	checkAll(t, case0392, []textCase{
		{"倪深善代表：您好！", "wrong_name 倪深善 → 倪琛善"}, // 深 is shēn
		{"赵小明代表：", "wrong_name 赵小明 → 倪琛善"},
		{"尊敬的倪琛善、李伟、王建军代表：", "wrong_name 王建军 → 王建国"},
		{"倪琛善、李伟和王建军代表：", "wrong_name 王建军 → 王建国"},
		{"李伟和王健国代表：", "homophone 王健国 → 王建国"},
		{"感谢倪琛山代表的意见。", "homophone 倪琛山 → 倪琛善"},
		{"倪琛珊代表：", "homophone 倪琛珊 → 倪琛善"}, // another tone
		{"泥晨善代表：", "homophone 泥晨善 → 倪琛善"},
		{"李玮代表：", "homophone 李玮 → 李伟"},
		{"我局邀请李玮代表座谈。", "homophone 李玮 → 李伟 ?"}, // may be somebody else
		{"我局已向市人大代表倪琛缮当面汇报。", "homophone 倪琛缮 → 倪琛善 ?"},
		{"根据王建刚代表提出的意见，", "wrong_name 王建刚 → 王建国 ?"},
		{"与周大勇代表进行了面商。", "wrong_name 周大勇 → 倪琛善 ?"},
		{"倪琛善委员：", "wrong_noun 委员 → 代表"},

		{"倪琛善代表：", ""},
		{"倪 琛 善代表：", ""},
		{"倪琛善等3名代表：", ""},
		{"尊敬的倪琛善代表、李伟代表、王建国代表：", ""},
		{"各位代表：", ""},
		{"尊敬的人大代表：", ""},
		{"领衔代表：", ""},
		{"三位代表：", ""},
		{"我局与倪琛善代表通了电话。", ""},
		{"我局邀请居民代表、社区代表和企业代表座谈，农民工代表提出了意见。", ""},
		{"根据和平代表团的意见，", ""},
		{"根据单位代表提出的意见，与项目方代表座谈。", ""},
		{"党代表、人大代表、政协委员和高校生代表参加了座谈。", ""},
		{"市人大代表、提案委员会、社区居民委员会参加。", ""},
		{"办法经居民代表会议通过，由李为民同志负责。", ""},
		{"与金融办代表进行了座谈，请马家村代表参加。", ""},
		{"以往建国家级示范站，管网建国标要求。", ""},
		{"建设国家级示范社区，社区建国路站已建成。", ""},
	})
}

func TestDotsOfTranscribedNames(t *testing.T) {
	e := RegisterEntry{Key: case0392.Key, Deputies: []string{"阿不都·买买提"}}
	checkAll(t, e, []textCase{
		{"阿不都·买买提代表：", ""},
		{"阿不都•买买提代表：", ""},
		{"我局与阿不都•买买提代表通了电话。", ""},
		{"感谢阿不都・买买提。", ""},
		{"阿布都•买买提代表：", "homophone 阿布都•买买提 → 阿不都·买买提"},
	})
}

func TestNameOfTheContactIsNoSlip(t *testing.T) {
	d := Reply{Body: "具体事宜请与王健国联系。", ContactName: "王健国"}
	if got := marksOf(d, case0392, replyDate); got != nil {
		t.Errorf("the bureau's own contact gives %q", got)
	}
}

func TestSoundsOfHeteronyms(t *testing.T) {
	for _, c := range []struct {
		name, other string
		alike       bool
	}{
		{"单晓楠", "善晓南", true}, // 单 is shàn as a surname, dān elsewhere
		{"单晓楠", "丹晓南", true},
		{"曾乐", "增月", true},
		{"倪琛善", "倪深善", false},
		{"吕梁", "吕良", true},
		{"A1", "B2", false}, // no sounds, nothing alike
	} {
		if _, alike := spoken(c.name).differs([]rune(c.other)); alike != c.alike {
			t.Errorf("%s and %s sound alike: %v", c.name, c.other, alike)
		}
	}
}
