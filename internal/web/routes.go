package web

import "net/http"

// routes is every address of the site.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()

	// For anyone, without a session
	open := func(pattern string, h handler) { mux.Handle(pattern, s.page(h)) }
	open("GET /healthz", s.healthShow)
	open("GET /static/{version}/{file...}", s.staticShow)
	open("GET /language", s.languageSet)
	open("GET /public/{$}", cached(s.publicList))
	open("GET /public/{id}", cached(s.publicShow))
	open("GET /public/", s.nowhereShow)

	open("GET /live", s.liveStream)

	// Programs, with a token
	s.apiRoutes(mux)

	// With a session, logged in or not
	visitor := func(pattern string, h handler) { mux.Handle(pattern, s.withSession(s.page(h))) }
	visitor("GET /login", s.loginShow)
	visitor("POST /login", s.loginSubmit)
	visitor("POST /logout", s.logoutSubmit)
	visitor("GET /display", s.displaySet)
	visitor("/", s.nowhereShow)

	// Officers
	officer := func(pattern string, h handler) { visitor(pattern, s.signedIn(h)) }
	officer("GET /{$}", s.tasksList)
	officer("GET /next", s.nextShow)
	officer("POST /next", s.nextTake)
	officer("POST /desk", s.deskSettingsSave)
	officer("GET /keys", s.keysShow)
	officer("GET /views", s.viewsList)
	officer("POST /views", s.viewSave)
	officer("POST /views/{id}/remove", s.viewRemove)
	officer("GET /overview", s.overviewShow)
	officer("GET /cases", s.casesList)
	officer("GET /cases/new", s.registrationNew)
	officer("POST /cases", s.registrationCreate)
	officer("GET /cases/{id}", s.caseShow)
	officer("GET /cases/{id}/at", s.caseAt)
	officer("POST /cases/{id}/notes", s.noteCreate)
	officer("POST /cases/{id}/links", s.linkCreate)
	officer("POST /cases/{id}/links/{other}/end", s.linkEnd)
	officer("POST /typed", s.typedSave)
	officer("POST /typed/drop", s.typedDrop)
	officer("POST /typed/later", s.typedLater)
	officer("POST /cases/{id}/claim", s.taskClaim)
	officer("POST /cases/{id}/release", s.taskRelease)
	officer("POST /cases/{id}/watch", s.caseWatch)
	officer("POST /cases/{id}/unwatch", s.caseUnwatch)
	officer("POST /cases/{id}/deputy-contact", s.deputyContactView)
	officer("POST /cases/{id}/draft", s.draftSave)
	officer("POST /cases/{id}/draft/check", s.draftCheck)
	officer("POST /cases/{id}/draft/here", s.draftHere)
	officer("POST /cases/{id}/draft/take", s.draftTake)
	officer("POST /cases/{id}/act/{kind}", s.caseAct)
	officer("POST /cases/{id}/form/{kind}", s.caseForm)

	// Many cases at once
	officer("GET /bulk", s.bulksList)
	officer("POST /bulk", s.bulkCreate)
	officer("GET /bulk/new", s.bulkNew)
	officer("POST /bulk/new", s.bulkNew)
	officer("GET /bulk/{id}", s.bulkShow)
	officer("POST /bulk/{id}/{order}", s.bulkControl)

	// Files, cover, notices, the deputy's link, the calendar
	officer("POST /cases/{id}/attachments", s.attachmentUpload)
	officer("GET /cases/{id}/attachments/{att}", s.attachmentShow)
	officer("GET /proxies", s.proxiesList)
	officer("POST /proxies", s.proxyCreate)
	officer("POST /proxies/{id}/revoke", s.proxyRevoke)
	officer("GET /notices", s.noticesList)
	officer("POST /notices/read", s.noticesRead)
	officer("POST /notices/{id}/read", s.noticeRead)
	officer("GET /settings", s.settingsShow)
	officer("POST /settings", s.settingsSave)
	officer("GET /calendar", s.calendarShow)
	officer("POST /cases/{id}/deputy-link", s.deputyLinkCreate)
	open("GET /deputy/{secret}", deputyRoom(s.deputyShow))
	open("POST /deputy/{secret}", deputyRoom(s.deputyRate))
	open("/deputy/", deputyRoom(s.nowhereShow))

	// The reply before it goes out: versions, preview, comments, sources, edits, many decisions at once
	officer("GET /cases/{id}/compare", s.compareShow)
	officer("GET /cases/{id}/preview", s.previewShow)
	officer("POST /cases/{id}/read", s.replyRead)
	officer("POST /cases/{id}/comments", s.commentCreate)
	officer("POST /cases/{id}/comments/{comment}", s.commentAnswer)
	officer("POST /cases/{id}/figures", s.figureCreate)
	officer("GET /cases/{id}/edit", s.editShow)
	officer("POST /cases/{id}/edit", s.editCompare)
	officer("GET /signing", s.signingList)
	officer("POST /signing", s.signingSign)
	officer("GET /paragraphs", s.paragraphsList)
	officer("POST /paragraphs", s.paragraphSave)
	officer("GET /paragraphs/{paragraph}", s.paragraphEdit)
	officer("POST /paragraphs/{paragraph}", s.paragraphSave)
	officer("POST /paragraphs/{paragraph}/retire", s.paragraphRetire)
	officer("GET /cases/{id}/paragraphs", s.caseParagraphs)
	officer("POST /cases/{id}/paragraphs/{paragraph}", s.paragraphUse)

	return mux
}
