package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Eleven who handed it in are written to, each in a letter of their own, and each receipt is theirs.
func TestElevenAreWrittenTo(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0398", calendar.DateOf(time.Now()).AddDays(-20))
	r.CoSigners = strings.Fields("王桂兰 李文君 赵雪梅 钱永福 孙立新 周海燕 吴国栋 郑秀英 冯建军 陈玉珍")
	names := append([]string{r.LeadDeputy}, r.CoSigners...)
	id := s.carry(t, r, proposal.Answered, draftText)
	b, path := s.as(t, proposal.Liaison), "/cases/"+id

	letters := unzip(t, []byte(b.get(path+"/reply.docx").body))
	if len(letters) != len(names) {
		t.Fatalf("%d letters", len(letters))
	}
	for i, name := range names {
		found := 0
		for file, letter := range letters {
			text, _, err := gongwen.Text([]byte(letter))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(file, fmt.Sprintf("%d %s代表 ", i+1, name)) {
				continue
			}
			found++
			for _, other := range names {
				if strings.Contains(text, other) != (other == name) {
					t.Errorf("%s: whether it names %s", file, other)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d letters to %s", found, name)
		}
	}

	for i, name := range names {
		to, form := b.get(path + "?do=record_receipt").form(t)
		b.post(to, with(form, url.Values{"recipient": {name}, "receipt": {fmt.Sprintf("挂号%02d", i)}})).says(t, http.StatusOK)
	}
	page := b.get(path)
	for i, name := range names {
		page.says(t, http.StatusOK, name, fmt.Sprintf("挂号%02d", i))
	}
	to, form := b.get(path + "?do=record_receipt").form(t)
	if p := b.post(to, with(form, url.Values{"recipient": {"高天佑"}, "receipt": {"挂号99"}})); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a receipt of a stranger: %d", p.status)
	}
}
