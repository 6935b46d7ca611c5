package web

import "net/http"

// routes is every address of the site.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()

	// For anyone, without a session
	open := func(pattern string, h handler) { mux.Handle(pattern, s.page(h)) }
	open("GET /healthz", s.healthShow)
	open("GET /static/{file}", s.staticShow)
	open("GET /language", s.languageSet)
	open("GET /display", s.displaySet)

	// With a session, logged in or not
	visitor := func(pattern string, h handler) { mux.Handle(pattern, s.withSession(s.page(h))) }
	visitor("GET /login", s.loginShow)
	visitor("POST /login", s.loginSubmit)
	visitor("POST /logout", s.logoutSubmit)
	visitor("/", s.nowhereShow)

	return mux
}
