package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"golang.org/x/text/language"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// The JSON API does what the pages do, with the same rules and the same refusals. Each operation is one value whose
// types are decoded, encoded and described: the OpenAPI document is made from them, so it cannot say anything else.

// operation is one method on one path. Make one with operate.
type operation struct {
	Method, Path string
	ID           string // operationId
	Summary      string
	Open         bool // for anyone, without a token
	Status       int  // of the answer
	Input        reflect.Type
	Answer       reflect.Type
	Multipart    bool // the input is a form with a file in it
	serve        func(s *Server, w http.ResponseWriter, r *http.Request, status int) error
}

// nothing is the input of an operation that takes none.
type nothing struct{}

// apiCall is one request to the API: who makes it and in which language.
type apiCall struct {
	*http.Request
	who      *store.Person // nil if the operation is open
	words    *words
	location string // of what was made
}

// operate makes an operation. A GET reads its input from the query, any other method from a JSON body.
func operate[I, A any](pattern, id, summary string, handle func(*Server, *apiCall, I) (A, error)) operation {
	method, path, _ := strings.Cut(pattern, " ")
	op := operation{
		Method: method, Path: path, ID: id, Summary: summary, Status: http.StatusOK,
		Input: reflect.TypeFor[I](), Answer: reflect.TypeFor[A](),
	}
	op.serve = func(s *Server, w http.ResponseWriter, r *http.Request, status int) error {
		call := &apiCall{Request: r, who: officerOf(r), words: s.apiWords(r)}
		var input I
		var err error
		if method == http.MethodGet {
			err = decodeQuery(r.URL.Query(), &input)
		} else {
			err = decodeBody(r.Body, &input)
		}
		if err != nil {
			return err
		}
		answer, err := handle(s, call, input)
		if err != nil {
			return err
		}
		if call.location != "" {
			w.Header().Set("Location", call.location)
		}
		return writeJSON(w, status, answer)
	}
	return op
}

// open makes an operation for anyone.
func (op operation) open() operation { op.Open = true; return op }

// creates makes an operation answer with what it made.
func (op operation) creates() operation { op.Status = http.StatusCreated; return op }

// apiRoot is where the API begins.
const apiRoot = "/api/v1"

// operations is the whole API.
var operations = []operation{
	operate("GET /api/v1/me", "me", "Who the token belongs to", (*Server).apiMeShow),
	operate("GET /api/v1/tasks", "listTasks", "A box of my desk", (*Server).apiTasksList),
	operate("GET /api/v1/cases", "listCases", "The cases that I may see", (*Server).apiCasesList),
	operate("POST /api/v1/cases", "registerCase", "Register a proposal", (*Server).apiCaseRegister).creates(),
	operate("GET /api/v1/cases/{id}", "showCase", "One case", (*Server).apiCaseShow),
	operate("GET /api/v1/cases/{id}/events", "listEvents", "What happened to a case, in order", (*Server).apiEventsList),
	operate("POST /api/v1/cases/{id}/actions", "act", "Do something to a case", (*Server).apiCaseAct),
	operate("PUT /api/v1/cases/{id}/draft", "saveDraft", "Save a version of the reply", (*Server).apiDraftSave),
	operateUpload[apiNewAttachment]("POST /api/v1/cases/{id}/attachments", "addAttachment", "Add a file to a case", (*Server).apiAttachmentUpload),
	operate("GET /api/v1/cases/{id}/attachments", "listAttachments", "The files of a case", (*Server).apiAttachmentsList),
	operateDownload("GET /api/v1/cases/{id}/attachments/{att}", "showAttachment", "One file, as it was added", (*Server).apiAttachmentShow),
	operate("POST /api/v1/cases/{id}/claim", "claimTask", "Take the open task of a case", (*Server).apiTaskClaim),
	operate("POST /api/v1/cases/{id}/release", "releaseTask", "Put the open task of a case back", (*Server).apiTaskRelease),
	operate("GET /api/v1/public", "listPublic", "Published replies, newest first", (*Server).apiPublicList).open(),
	operate("GET /api/v1/public/{id}", "showPublic", "One published reply", (*Server).apiPublicShow).open(),
}

// apiRoutes adds the API to the site. Its paths answer every method, so that a wrong one is told which are right.
func (s *Server) apiRoutes(mux *http.ServeMux) {
	allowed := map[string][]string{}
	add := func(method, path string, h handler) {
		mux.Handle(method+" "+path, s.page(h))
		allowed[path] = append(allowed[path], method)
	}
	for _, op := range operations {
		serve := func(w http.ResponseWriter, r *http.Request) error { return op.serve(s, w, r, op.Status) }
		if !op.Open {
			serve = s.withToken(serve)
		}
		add(op.Method, op.Path, serve)
	}
	add(http.MethodGet, openAPIPath, s.openAPIShow)
	for path, methods := range allowed {
		mux.Handle(path, s.page(func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			return errNoMethod
		}))
	}
	mux.Handle("/api/", s.page(s.nowhereShow))
}

var (
	errNoToken  = &badRequest{http.StatusUnauthorized, "refusal.no_token", "no valid bearer token"}
	errNoMethod = &badRequest{http.StatusMethodNotAllowed, "refusal.no_method", "method not allowed"}
	errNotJSON  = &badRequest{http.StatusBadRequest, "refusal.not_json", "body is not JSON"}
)

// withToken lets only the bearer of a valid token through, with today's roles.
func (s *Server) withToken(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return errNoToken
		}
		who, err := s.Store.PersonByToken(r.Context(), strings.TrimSpace(secret))
		if refused(err, proposal.NotFound) {
			return errNoToken
		}
		if err != nil {
			return err
		}
		return h(w, r.WithContext(withOfficer(r.Context(), &who)))
	}
}

// apiLanguages are the languages of the pages, in the same order.
var apiLanguages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// apiWords speaks the language that the client asked for.
func (s *Server) apiWords(r *http.Request) *words {
	_, match := language.MatchStrings(apiLanguages, r.Header.Get("Accept-Language"))
	return s.wordsIn(languages[match])
}

func writeJSON(w http.ResponseWriter, status int, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
