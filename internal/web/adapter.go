package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// handler answers a request or says why it cannot. It must not have written anything when it returns an error.
type handler func(http.ResponseWriter, *http.Request) error

// page is the one place where a handler's error becomes an answer.
func (s *Server) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// refused reports whether the error is a refusal with the code.
func refused(err error, code proposal.Code) bool {
	var refusal *proposal.Refusal
	return errors.As(err, &refusal) && refusal.Code == code
}

var errNotFound error = &proposal.Refusal{Code: proposal.NotFound}

// statusOf maps each code to the status of its page; the API uses the same.
var statusOf = map[proposal.Code]int{
	proposal.Invalid:           http.StatusUnprocessableEntity,
	proposal.NotFound:          http.StatusNotFound,
	proposal.Forbidden:         http.StatusForbidden,
	proposal.NotInStage:        http.StatusConflict,
	proposal.Stale:             http.StatusConflict,
	proposal.AlreadyRegistered: http.StatusConflict,
	proposal.ClaimedByOther:    http.StatusConflict,
	proposal.OwnDraft:          http.StatusForbidden,
	proposal.OwnReview:         http.StatusForbidden,
	proposal.OwnSignature:      http.StatusForbidden,
	proposal.WrongSigner:       http.StatusForbidden,
	proposal.OutsideField:      http.StatusForbidden,
	proposal.TooFewAttempts:    http.StatusUnprocessableEntity,
	proposal.DraftIncomplete:   http.StatusUnprocessableEntity,
	proposal.TextChanged:       http.StatusConflict,
	proposal.NotDue:            http.StatusConflict,
	proposal.Unavailable:       http.StatusServiceUnavailable,
}

// errNotText is a request whose text is not UTF-8, or holds characters that no keyboard types.
var errNotText = errors.New("web: request is not readable text")

// errCrossOrigin is a form that did not come from one of our own pages.
var errCrossOrigin = errors.New("web: form from another origin, or with no origin named")

// fail draws the page of an error. What nobody foresaw gets a number that an officer can read out and that is in the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *proposal.Refusal
	var tooLarge *http.MaxBytesError
	p := &errorPage{}
	switch {
	case errors.As(err, &refusal):
		p.Status = statusOf[refusal.Code]
		p.Key = "refusal." + string(refusal.Code)
	case errors.As(err, &tooLarge):
		p.Status, p.Key = http.StatusRequestEntityTooLarge, "refusal.too_large"
	case errors.Is(err, errNotText):
		p.Status, p.Key = http.StatusBadRequest, "refusal.not_text"
	case errors.Is(err, errCrossOrigin):
		p.Status, p.Key = http.StatusForbidden, "refusal.cross_origin"
	case errors.Is(err, context.Canceled):
		return // the reader has gone
	case errors.Is(err, context.DeadlineExceeded):
		p.Status, p.Key = http.StatusServiceUnavailable, "refusal.unavailable"
	default:
		p.Status, p.Key = http.StatusInternalServerError, "error.unforeseen"
		p.Number = rand.Text()[:8]
	}
	if p.Status == http.StatusServiceUnavailable {
		p.Kept = s.keep(r)
		w.Header().Set("Retry-After", "10")
	}
	if p.Status >= 500 {
		s.Log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "number", p.Number, "err", err)
	}
	p.Title = s.words(r).T(p.Key + ".title")
	if err := s.render(w, r, p.Status, p); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "path", r.URL.Path, "err", err)
		http.Error(w, "500", http.StatusInternalServerError)
	}
}

// errorPage says what failed, what did not change, what to do, and who can help.
type errorPage struct {
	Frame
	Status int
	Key    string // the messages are <key>.title and <key>.text
	Number string // to read out; only for what nobody foresaw
	Kept   *Kept  // what was typed, when it can be sent again
}

func (*errorPage) template() string { return "error.html" }

func (s *Server) nowhereShow(http.ResponseWriter, *http.Request) error { return errNotFound }

// observe logs each request with its status and time, and turns a panic into the page for what nobody foresaw.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.ErrorContext(r.Context(), "panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				s.fail(seen, r, errors.New("panic"))
			}
			s.Log.DebugContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "status", seen.status,
				"ms", s.Now().Sub(start)/time.Millisecond)
		}()
		next.ServeHTTP(seen, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
