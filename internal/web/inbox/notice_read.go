package inbox

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/web/kit"
)

// NoticeRead marks one notice read.
func (s *Room) NoticeRead(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return kit.ErrNotFound
	}
	if err := s.store.ReadNotice(r.Context(), kit.OfficerOf(r).ID, id); err != nil {
		return err
	}
	return backToNotices(w, r)
}

// NoticesRead marks those read that the officer had before them, and what is older.
func (s *Room) NoticesRead(w http.ResponseWriter, r *http.Request) error {
	upTo, err := strconv.ParseInt(r.PostForm.Get("up_to"), 10, 64)
	if err != nil {
		return kit.ErrNotFound
	}
	if err := s.store.ReadNotices(r.Context(), kit.OfficerOf(r).ID, upTo); err != nil {
		return err
	}
	return backToNotices(w, r)
}

// backToNotices returns to the list as it was filtered.
func backToNotices(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, readNoticeQuery(r.PostForm).path(), http.StatusSeeOther)
	return nil
}
