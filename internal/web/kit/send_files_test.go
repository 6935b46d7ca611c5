package kit

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileName(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"沈民函〔2020〕12号 关于缓解社工压力的建议（第0392号）的答复", "沈民函〔2020〕12号 关于缓解社工压力的建议（第0392号）的答复.docx"},
		{`L54/2 关于"A<B"的提案: 答复?`, "L54／2 关于＂A＜B＂的提案： 答复？.docx"},
	} {
		if got := FileName(c.words, ".docx"); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	long := FileName(strings.Repeat("社", 90)+"/"+strings.Repeat("/", 300), ".docx")
	if len(long) > 255 || len(long) < 250 || !utf8.ValidString(long) || !strings.HasSuffix(long, "社.docx") {
		t.Errorf("%d bytes: %s", len(long), long)
	}
}
