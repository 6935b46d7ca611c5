package web

import (
	"net/http"
	"strconv"
)

// noticeRead marks one notice read.
func (s *Server) noticeRead(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errNotFound
	}
	if err := s.Store.ReadNotice(r.Context(), officerOf(r).ID, id); err != nil {
		return err
	}
	return backToNotices(w, r)
}

// noticesRead marks those read that the officer had before them, and what is older.
func (s *Server) noticesRead(w http.ResponseWriter, r *http.Request) error {
	upTo, err := strconv.ParseInt(r.PostForm.Get("up_to"), 10, 64)
	if err != nil {
		return errNotFound
	}
	if err := s.Store.ReadNotices(r.Context(), officerOf(r).ID, upTo); err != nil {
		return err
	}
	return backToNotices(w, r)
}

// backToNotices returns to the list as it was filtered.
func backToNotices(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, readNoticeQuery(r.PostForm).path(), http.StatusSeeOther)
	return nil
}
