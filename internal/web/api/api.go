// Package api is the site for programs: JSON with the same rules and the same refusals as the pages, and the document that
// describes it, made from the types that it reads and writes.
//
// Only internal/web imports it; it must never import another room.
package api

import (
	"net/http"
	"reflect"
	"strings"

	"golang.org/x/text/language"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
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
	serve        func(s *Room, w http.ResponseWriter, r *http.Request, status int) error
}

// nothing is the input of an operation that takes none.
type nothing struct{}

// Call is one request to the API: who makes it and in which language.
type Call struct {
	*http.Request
	who      *store.Person // nil if the operation is open
	words    *locale.Words
	location string // of what was made
}

// operate makes an operation. A GET reads its input from the query, any other method from a JSON body.
func operate[I, A any](pattern, id, summary string, handle func(*Room, *Call, I) (A, error)) operation {
	method, path, _ := strings.Cut(pattern, " ")
	op := operation{
		Method: method, Path: path, ID: id, Summary: summary, Status: http.StatusOK,
		Input: reflect.TypeFor[I](), Answer: reflect.TypeFor[A](),
	}
	op.serve = func(s *Room, w http.ResponseWriter, r *http.Request, status int) error {
		call := &Call{Request: r, who: kit.OfficerOf(r), words: s.words(r)}
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
		return kit.WriteJSON(w, status, answer)
	}
	return op
}

// open makes an operation for anyone.
func (op operation) open() operation { op.Open = true; return op }

// creates makes an operation answer with what it made.
func (op operation) creates() operation { op.Status = http.StatusCreated; return op }

// root is where the API begins.
const root = "/api/v1"

// operations is the whole API.
var operations = []operation{
	operate("GET /api/v1/me", "me", "Who the token belongs to", (*Room).meShow),
	operate("GET /api/v1/tasks", "listTasks", "A box of my desk, or the bureau's cases, with the filters of the pages", (*Room).tasksList),
	operate("GET /api/v1/cases", "listCases", "The cases that I may see", (*Room).casesList),
	operate("POST /api/v1/cases", "registerCase", "Register a proposal", (*Room).caseRegister).creates(),
	operate("GET /api/v1/cases/{id}", "showCase", "One case", (*Room).caseShow),
	operate("GET /api/v1/cases/{id}/events", "listEvents", "What happened to a case, in order", (*Room).eventsList),
	operate("POST /api/v1/cases/{id}/actions", "act", "Do something to a case", (*Room).caseAct),
	operate("PUT /api/v1/cases/{id}/draft", "saveDraft", "Save a version of the reply", (*Room).draftSave),
	operateUpload[NewAttachment]("POST /api/v1/cases/{id}/attachments", "addAttachment", "Add a file to a case", (*Room).attachmentUpload),
	operate("GET /api/v1/cases/{id}/attachments", "listAttachments", "The files of a case", (*Room).attachmentsList),
	operateDownload("GET /api/v1/cases/{id}/attachments/{att}", "showAttachment", "One file, as it was added", (*Room).attachmentShow),
	operate("POST /api/v1/cases/{id}/claim", "claimTask", "Take the open task of a case", (*Room).taskClaim),
	operate("POST /api/v1/cases/{id}/release", "releaseTask", "Put the open task of a case back", (*Room).taskRelease),
	operate("GET /api/v1/statistics", "showStatistics", "The figures of a period, beside those of the year before", (*Room).statisticsShow),
	operate("GET /api/v1/scores", "showScores", "What each division has by the items of the rules", (*Room).scoresShow),
	operate("GET /api/v1/digest", "showDigest", "The digest of who supervises, as things stand now", (*Room).digestShow),
	operate("GET /api/v1/rules", "listRules", "The rule packs", (*Room).rulesList),
	operate("GET /api/v1/rules/{id}", "showRules", "One rule pack, with its file", (*Room).rulesShow),
	operate("POST /api/v1/rule-checks", "checkRules", "What is wrong with the file of a rule pack, or what it would change", (*Room).rulesCheck),
	operate("POST /api/v1/rules", "putRules", "Put a rule pack in force", (*Room).rulesPut).creates(),
	operate("POST /api/v1/rules/{id}/withdraw", "withdrawRules", "Take back a rule pack before its first day", (*Room).rulesWithdraw),
	operate("GET /api/v1/divisions", "listDivisions", "The divisions", (*Room).divisionsList),
	operate("POST /api/v1/divisions", "saveDivision", "Add or change a division", (*Room).divisionSave),
	operate("POST /api/v1/divisions/{id}/close", "closeDivision", "Close a division; another takes over its people and open cases", (*Room).divisionClose),
	operate("POST /api/v1/divisions/{id}/reopen", "reopenDivision", "Take a closed division to work again", (*Room).divisionReopen),
	operate("GET /api/v1/people", "listPeople", "Everybody with an account", (*Room).peopleList),
	operate("POST /api/v1/people", "savePerson", "Add or change an account", (*Room).personSave),
	operate("POST /api/v1/people/{id}/password-link", "createPasswordLink", "An address behind which somebody chooses a password", (*Room).passwordLinkCreate),
	operate("GET /api/v1/words", "listWords", "The words of notices and mails", (*Room).wordsList),
	operate("POST /api/v1/words", "setWords", "Put a text of notices and mails in the bureau's own words", (*Room).wordsSet),
	operate("GET /api/v1/directory", "listDirectory", "A directory, without how anybody is reached", (*Room).directoryList),
	operate("POST /api/v1/directory", "addEntry", "Add an entry to a directory", (*Room).directorySave).creates(),
	operate("GET /api/v1/directory/{id}", "showEntry", "One entry with how it is reached; the look is recorded", (*Room).directoryShow),
	operate("PUT /api/v1/directory/{id}", "saveEntry", "Change an entry", (*Room).directorySave),
	operate("GET /api/v1/public", "listPublic", "Published replies, newest first", (*Room).publicList).open(),
	operate("GET /api/v1/public/{id}", "showPublic", "One published reply", (*Room).publicShow).open(),
}

// Routes adds the API to the site. Its paths answer every method, so that a wrong one is told which are right.
func (s *Room) Routes(mux *http.ServeMux) {
	allowed := map[string][]string{}
	add := func(method, path string, h kit.Handler) {
		mux.Handle(method+" "+path, s.Serve(h))
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
		mux.Handle(path, s.Serve(func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			return errNoMethod
		}))
	}
	mux.Handle("/api/", s.Serve(s.NowhereShow))
}

var (
	errNoToken  = &kit.BadRequest{Status: http.StatusUnauthorized, Key: "refusal.no_token", Problem: "no valid bearer token"}
	errNoMethod = &kit.BadRequest{Status: http.StatusMethodNotAllowed, Key: "refusal.no_method", Problem: "method not allowed"}
	errNotJSON  = &kit.BadRequest{Status: http.StatusBadRequest, Key: "refusal.not_json", Problem: "body is not JSON"}
)

// withToken lets only the bearer of a valid token through, with today's roles.
func (s *Room) withToken(h kit.Handler) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return errNoToken
		}
		who, err := s.store.PersonByToken(r.Context(), strings.TrimSpace(secret))
		if kit.Refused(err, proposal.NotFound) {
			return errNoToken
		}
		if err != nil {
			return err
		}
		return h(w, r.WithContext(kit.WithOfficer(r.Context(), &who)))
	}
}

// languages are the languages of the pages, in the same order.
var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// words speaks the language that the client asked for.
func (s *Room) words(r *http.Request) *locale.Words {
	_, match := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
	return s.WordsIn(locale.Languages[match])
}
