package inbox

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// What one event tells of one case is one line; what is read keeps its place among the unread.
func TestNoticesOfOneEventAreOneLine(t *testing.T) {
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	locales, err := locale.Load(func() time.Time { return at }, nil)
	if err != nil {
		t.Fatal(err)
	}
	told := func(id int64, caseID string, minute int, kind proposal.NoticeKind, read bool) store.Notice {
		return store.Notice{ID: id, CaseID: caseID, At: at.Add(time.Duration(minute) * time.Minute), Read: read, Notice: proposal.Notice{Kind: kind}}
	}
	days := noticeDays(locales[locale.Chinese], []store.Notice{
		told(5, "b", 9, proposal.NoticeTakeDown, true), told(4, "a", 9, proposal.NoticeUrge, true), told(3, "a", 9, proposal.NoticeTakeDown, false),
		told(2, "a", 8, proposal.NoticeUrge, false), told(1, "", 8, proposal.NoticeUrge, false),
	}, calendar.National(), calendar.DateOf(at))
	if len(days) != 1 || len(days[0].Rows) != 4 {
		t.Fatalf("%+v", days)
	}
	rows := days[0].Rows
	if rows[0].Unread || !rows[1].Unread || len(rows[1].Also) != 1 || rows[1].Read != "/notices/3/read" || !rows[2].Unread || len(rows[2].Also) != 0 {
		t.Errorf("%+v", rows)
	}
}
