package replytext

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/google/go-cmp/cmp"
)

// TestTakeApart: what the printed page adds by itself is found at the head and end of a reply; all else is the body.
func TestTakeApart(t *testing.T) {
	const body = "您提出的《关于缓解社工压力的建议》（第0392号）收悉，现答复如下：\n一、关于减负\n2020年4月22日前清单已公布。\n感谢您对民政工作的关心。"
	for _, c := range []struct {
		name, head, body, end string
		contact, phone        string
	}{
		{"a whole letter", "办理结果：B\n沈阳市民政局\n沈民函〔2020〕12号\n市人大十六届三次会议关于缓解社工压力\n的建议（第0392号）的答复\n倪琛善代表：", body, "承办处室：社会救助处\n联系人：金可\n联系电话：024-00000000\n沈阳市民政局\n2020年4月22日\n抄送：市人大常委会人事代表选举委员会，市政府督查室。", "金可", "024-00000000"},
		{"a body alone", "", body, "", "", ""},
		{"no salutation", "沈民函[2020]12号\n市人大十六届三次会议关于缓解社工压力的建议（第0392号）的答复", body, "沈阳市民政局\n二〇二〇年四月二十二日", "", ""},
		{"contact in one line", "倪琛善代表：", body, "（联系人：金可，联系电话：024-23468813）", "金可", "024-23468813"},
		{"a party", "民盟沈阳市委员会：", body, "（此页无正文）\n沈阳市民政局\n2020年4月22日", "", ""},
		{"a signature without a date", "倪琛善代表：", body, "沈阳市民政局", "", ""},
		{"the agency inside the text", "倪琛善代表：", "沈阳市民政局\n" + body, "", "", ""},
		{"a heading that ends like a salutation", "", "您提出的建议收悉，现答复如下：\n一、走访人大代表：\n已走访三次。", "", "", ""},
		{"a pasted table", "倪琛善代表：", "情况如下：\n|区县|社区数|\n|和平区|12|\n以上。", "|沈阳市民政局|2020年4月22日|", "", ""},
		{"a signature in rows", "倪琛善代表：", body, "|沈阳市民政局||\n||2020年4月22日|", "", ""},
		{"a table of agencies stays", "倪琛善代表：", body + "\n|牵头单位|配合单位|\n|沈阳市民政局|沈阳市财政局|\n|沈阳市教育局||\n|||", "沈阳市民政局\n2020年4月22日", "", ""},
		{"an annex stays", "倪琛善代表：", body + "\n附件：清单", "沈阳市民政局\n2020年4月22日", "", ""},
	} {
		var parts []string
		for _, part := range []string{c.head, c.body, c.end} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		got := TakeApart("　　" + strings.Join(parts, "\r\n\n　　"))
		want := WholeReply{Head: split(c.head), Body: c.body, End: split(c.end), ContactName: c.contact, ContactPhone: c.phone}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// What the checks must find repeated is taken out wherever it stands, and nothing else is.
func TestTakeApartMendsWhatMustBeMended(t *testing.T) {
	const body = "您提出的建议收悉，现答复如下：\n一、走访人大代表：\n已走访三次。\n附件：清单"
	for _, text := range []string{
		"您好！\n倪琛善代表：\n" + body,
		strings.Replace(body, "附件", "联系人：金可\n附件", 1) + "\n沈阳市民政局\n2020年4月22日\n抄送：市政府督查室。\n（此页无正文）",
	} {
		got := TakeApart(text).Body
		for _, m := range Check(Reply{Body: got}, RegisterEntry{}, calendar.NewDate(2020, 4, 22)) {
			if m.Code == Repeated {
				t.Errorf("%q still stands in the body", m.Text)
			}
		}
		if got = strings.TrimPrefix(got, "您好！\n"); got != body {
			t.Errorf("the body is %q", got)
		}
	}
}

func split(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, "\n")
}
