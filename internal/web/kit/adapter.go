package kit

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// Handler answers a request or says why it cannot. It must not have written anything when it returns an error.
type Handler func(http.ResponseWriter, *http.Request) error

// Serve is the one place where a handler's error becomes an answer.
func (s *Kit) Serve(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// Refused reports whether the error is a refusal with the code.
func Refused(err error, code proposal.RefusalCode) bool {
	var refusal *proposal.Refusal
	return errors.As(err, &refusal) && refusal.Code == code
}

// TakesNothing reports whether the record cannot be written until an administrator has acted. What only notes that somebody looked keeps nobody from looking.
func TakesNothing(err error) bool {
	var refusal *proposal.Refusal
	return errors.As(err, &refusal) && refusal.Cause != ""
}

// ErrNotFound is the answer for what does not exist, or not for this reader.
var ErrNotFound error = &proposal.Refusal{Code: proposal.NotFound}

// StatusOf maps each code to the status of its page; the API uses the same.
var StatusOf = map[proposal.RefusalCode]int{
	proposal.InvalidInput:      http.StatusUnprocessableEntity,
	proposal.NotFound:          http.StatusNotFound,
	proposal.Forbidden:         http.StatusForbidden,
	proposal.NotInStage:        http.StatusConflict,
	proposal.StaleForm:         http.StatusConflict,
	proposal.SentOtherwise:     http.StatusConflict,
	proposal.AlreadyRegistered: http.StatusConflict,
	proposal.ClaimedByOther:    http.StatusConflict,
	proposal.OwnDraft:          http.StatusForbidden,
	proposal.OwnReview:         http.StatusForbidden,
	proposal.OwnSignature:      http.StatusForbidden,
	proposal.NobodyLeft:        http.StatusConflict,
	proposal.SecondPerson:      http.StatusForbidden,
	proposal.ProofNeeded:       http.StatusForbidden,
	proposal.WrongSigner:       http.StatusForbidden,
	proposal.OutsideField:      http.StatusForbidden,
	proposal.TooFewAttempts:    http.StatusUnprocessableEntity,
	proposal.DraftIncomplete:   http.StatusUnprocessableEntity,
	proposal.TextChanged:       http.StatusConflict,
	proposal.ClockNotDue:       http.StatusConflict,
	proposal.StepNotYours:      http.StatusConflict,
	proposal.NotACover:         http.StatusForbidden,
	proposal.NotForThisKind:    http.StatusUnprocessableEntity,
	proposal.NotInPack:         http.StatusUnprocessableEntity,
	proposal.AlreadyUnderWay:   http.StatusConflict,
	proposal.NotUnderWay:       http.StatusConflict,
	proposal.ReturnDecided:     http.StatusUnprocessableEntity,
	proposal.WindowClosed:      http.StatusUnprocessableEntity,
	proposal.TooLateToExtend:   http.StatusUnprocessableEntity,
	proposal.OpinionsOpen:      http.StatusUnprocessableEntity,
	proposal.ReviewsOpen:       http.StatusUnprocessableEntity,
	proposal.NotOverdue:        http.StatusUnprocessableEntity,
	proposal.UrgedRecently:     http.StatusUnprocessableEntity,
	proposal.BureauRates:       http.StatusForbidden,
	proposal.NotAllAgree:       http.StatusUnprocessableEntity,
	proposal.NobodysByName:     http.StatusUnprocessableEntity,
	proposal.TaskAlreadyYours:  http.StatusConflict,
	proposal.TaskNotClaimed:    http.StatusConflict,
	proposal.NotYourTask:       http.StatusForbidden,
	proposal.NotUndoable:       http.StatusUnprocessableEntity,
	proposal.EngineUnavailable: http.StatusServiceUnavailable,
}

// BadRequest is a request that is refused before any rule is asked.
type BadRequest struct {
	Status  int
	Key     string // its messages are <Key>.title and <Key>.text
	Problem string // for the log
}

func (e *BadRequest) Error() string { return "web: " + e.Problem }

// ErrNotText is a request whose text is not UTF-8, or holds characters that no keyboard types.
var ErrNotText = &BadRequest{http.StatusBadRequest, "refusal.not_text", "request is not readable text"}

// errCrossOrigin is a form that did not come from one of our own pages.
var errCrossOrigin = &BadRequest{http.StatusForbidden, "refusal.cross_origin", "form from another origin, or with no origin named"}

// errOthersForm is a form that was drawn for another officer than the one who is logged in now.
var errOthersForm = &BadRequest{http.StatusConflict, "refusal.others_form", "form was drawn for another officer"}

// Failure is an error as a reader learns of it: the messages are <Key>.title and <Key>.text.
type Failure struct {
	Status  int
	Key     string
	Refusal *proposal.Refusal // nil unless the rules refused
	Number  string            // to read out; only for what nobody foresaw, and in the log with its cause
}

func failureOf(err error) Failure {
	var refusal *proposal.Refusal
	var tooLarge *http.MaxBytesError
	var bad *BadRequest
	switch {
	case errors.As(err, &refusal):
		return Failure{Status: StatusOf[refusal.Code], Key: refusal.Key(), Refusal: refusal}
	case errors.As(err, &tooLarge):
		return Failure{Status: http.StatusRequestEntityTooLarge, Key: "refusal.too_large"}
	case errors.As(err, &bad):
		return Failure{Status: bad.Status, Key: bad.Key}
	case errors.Is(err, context.DeadlineExceeded):
		return Failure{Status: http.StatusServiceUnavailable, Key: "refusal.unavailable"}
	}
	return Failure{Status: http.StatusInternalServerError, Key: "error.unforeseen", Number: rand.Text()[:8]}
}

// fail answers with an error, in the form of the room where it happened: a page for officers unless the room has its own way.
func (s *Kit) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) || errors.Is(r.Context().Err(), context.Canceled) {
		return // the reader has gone
	}
	f := failureOf(err)
	if f.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	if f.Status >= 500 {
		s.Log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", secretPath(r), "number", f.Number, "err", err)
	}
	if err := s.failurePage(r)(w, r, f); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "path", secretPath(r), "err", err)
		http.Error(w, "500", http.StatusInternalServerError)
	}
}

// FailurePage answers with a failure.
type FailurePage func(http.ResponseWriter, *http.Request, Failure) error

// FailUnder says who tells of failures at the addresses that begin so, where an officer's page would be the wrong answer.
func (s *Kit) FailUnder(prefix string, page FailurePage) { s.failures[prefix] = page }

func (s *Kit) failurePage(r *http.Request) FailurePage {
	for prefix, page := range s.failures {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return page
		}
	}
	return s.renderError
}

func (s *Kit) renderError(w http.ResponseWriter, r *http.Request, f Failure) error {
	p := &ErrorPage{Frame: Frame{Title: s.Words(r).T(f.Key + ".title")}, Failure: f}
	if f.Key != "refusal.cross_origin" {
		p.Kept = s.Keep(r)
		p.Again = f.Status == http.StatusServiceUnavailable
	}
	if f.Refusal != nil {
		p.Lasts = f.Refusal.Cause != ""
		p.Whose = s.Whose(r, f.Refusal) + s.Words(r).RefusalDetail(f.Refusal)
	}
	return s.Render(w, r, f.Status, p)
}

// ErrorPage says what failed, what did not change, what to do, and who can help.
type ErrorPage struct {
	Frame
	Failure
	Whose string // who acted first, or whose right it would be, if the refusal tells
	Kept  *Kept  // what was typed
	Again bool   // it makes sense to send it again as it is
	Lasts bool   // but only after an administrator has acted
}

// Whose says who acted first, or whose right it would be; "" if the refusal does not tell.
func (s *Kit) Whose(r *http.Request, refusal *proposal.Refusal) string {
	words := s.Words(r)
	switch {
	case refusal.By != "" && !refusal.At.IsZero():
		return words.T("refusal.by_person", "Who", s.PersonName(r, refusal.By), "When", words.Moment(refusal.At))
	case refusal.By != "":
		return words.T("refusal.with_person", "Who", s.PersonName(r, refusal.By))
	case refusal.Role != "":
		return words.T("refusal.by_role", "Role", words.T("role."+string(refusal.Role)))
	}
	return ""
}

func (*ErrorPage) Template() string { return "error.html" }

// NowhereShow answers for addresses that lead nowhere.
func (s *Kit) NowhereShow(http.ResponseWriter, *http.Request) error { return ErrNotFound }

// observe logs each request with its status and time, and turns a panic into the page for what nobody foresaw.
func (s *Kit) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.ErrorContext(r.Context(), "panic", "path", secretPath(r), "panic", p, "stack", string(debug.Stack()))
				s.fail(seen, r, errors.New("panic"))
			}
			s.Log.DebugContext(r.Context(), "request", "method", r.Method, "path", secretPath(r), "status", seen.status,
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

// Flush is what compression looks for when a stream is flushed through it; it does not unwrap.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Untraced keeps a page with a secret in its address from leaving any trace of it: no referrer, no copy in a cache, no entry
// in an index. Its forms therefore come with no origin named; what proves them is the secret itself, not a cookie.
func Untraced(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		return h(w, r)
	}
}

// secretPath is a path for the log: what it says behind these words opens something.
func secretPath(r *http.Request) string {
	for _, opening := range []string{"/deputy/", "/setup/", "/password/"} {
		if strings.HasPrefix(r.URL.Path, opening) {
			return opening + "…"
		}
	}
	return r.URL.Path
}

// InvalidFields refuses wrong fields, in the order of their names; nil if there are none.
func InvalidFields(wrong []proposal.FieldError) error {
	if len(wrong) == 0 {
		return nil
	}
	slices.SortFunc(wrong, func(a, b proposal.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
}
