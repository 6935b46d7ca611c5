package inbox

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// noticesPage is what the officer was told of (提醒), the newest first.
type noticesPage struct {
	kit.Frame
	Unread    int
	UpTo      int64 // the newest on the page: what comes later has not been seen
	Query     noticeQuery
	AllPath   string
	NewPath   string
	Kinds     []kit.Choice
	Days      []NoticeDay
	Elsewhere bool   // there are notices that the filter hides
	First     string // address of the first page, unless this is it
	Next      string
}

func (*noticesPage) Template() string { return "notices.html" }

// NoticeDay is what a day brought.
type NoticeDay struct {
	Day  string
	Rows []NoticeRow
}

// noticeQuery is what a list of notices was asked for.
type noticeQuery struct {
	Unread bool
	Kind   proposal.NoticeKind // "": every kind
	After  string
}

func readNoticeQuery(v url.Values) noticeQuery {
	q := noticeQuery{Unread: v.Get("show") == "unread", Kind: proposal.NoticeKind(v.Get("kind")), After: v.Get("after")}
	if !slices.Contains(proposal.NoticeKinds, q.Kind) {
		q.Kind = ""
	}
	return q
}

// path is the address of the list.
func (q noticeQuery) path() string {
	v := url.Values{}
	if q.Unread {
		v.Set("show", "unread")
	}
	if q.Kind != "" {
		v.Set("kind", string(q.Kind))
	}
	if q.After != "" {
		v.Set("after", q.After)
	}
	if len(v) == 0 {
		return "/notices"
	}
	return "/notices?" + v.Encode()
}

const noticesPerPage = 50

// NoticesList draws the page.
func (s *Room) NoticesList(w http.ResponseWriter, r *http.Request) error {
	who, words, q := kit.OfficerOf(r), s.Words(r), readNoticeQuery(r.URL.Query())
	list, err := s.store.Notices(r.Context(), who.ID, store.NoticeFilter{Unread: q.Unread, Kind: q.Kind, After: q.After, Limit: noticesPerPage})
	if err != nil {
		return err
	}
	p := &noticesPage{Frame: kit.Frame{Title: words.T("notice.title"), Section: "notices"}, Query: q}
	if p.Unread, err = s.store.UnreadNotices(r.Context(), who.ID); err != nil {
		return err
	}
	p.AllPath, p.NewPath = noticeQuery{Kind: q.Kind}.path(), noticeQuery{Kind: q.Kind, Unread: true}.path()
	for _, kind := range proposal.NoticeKinds {
		p.Kinds = append(p.Kinds, kit.Choice{Value: string(kind), Name: words.T("notice.kind." + string(kind))})
	}
	p.Days = noticeDays(words, list.Items, s.Days(r.Context()), calendar.DateOf(s.Now()))
	p.Elsewhere = q.Unread || q.Kind != ""
	if len(list.Items) > 0 {
		p.UpTo = list.Items[0].ID
	}
	first := noticeQuery{Unread: q.Unread, Kind: q.Kind}
	if q.After != "" {
		p.First = first.path()
	}
	if first.After = list.Next; list.Next != "" {
		p.Next = first.path()
	}
	return s.Render(w, r, http.StatusOK, p)
}

// noticeDays groups notices by the day they came on. What one event made of one case is one line.
func noticeDays(w *locale.Words, notices []store.Notice, days *calendar.Calendar, today calendar.Date) []NoticeDay {
	var all []NoticeDay
	for on := (calendar.Date{}); len(notices) > 0; {
		on = calendar.DateOf(notices[0].At)
		end := slices.IndexFunc(notices, func(n store.Notice) bool { return calendar.DateOf(n.At) != on })
		if end < 0 {
			end = len(notices)
		}
		day := NoticeDay{Day: w.Date(on)}
		if on == today {
			day.Day = w.T("notice.today", "Date", w.Date(on))
		}
		for i, n := range notices[:end] {
			row := noticeRow(w, n, days, today)
			if last := len(day.Rows) - 1; i > 0 && n.CaseID != "" && n.CaseID == notices[i-1].CaseID && n.At.Equal(notices[i-1].At) {
				day.Rows[last] = day.Rows[last].and(row)
			} else {
				day.Rows = append(day.Rows, row)
			}
		}
		all, notices = append(all, day), notices[end:]
	}
	return all
}
