package web

import (
	"net/http"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/site"
)

// routes is every address of the site.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()

	// For anyone, without a session
	open := func(pattern string, h kit.Handler) { mux.Handle(pattern, s.Serve(h)) }
	open("GET /healthz", s.HealthShow)
	open("GET /readyz", s.ReadableShow)
	open("GET /static/{version}/{file...}", s.StaticShow)
	open("GET /language", s.LanguageSet)
	open("GET /public/{$}", site.Cached(s.site.PublicList))
	open("GET /public/{id}", site.Cached(s.site.PublicShow))
	open("GET /public/", s.NowhereShow)

	open("GET /live", s.live.Stream)

	// Programs, with a token
	s.api.Routes(mux)

	// With a session, logged in or not
	visitor := func(pattern string, h kit.Handler) { mux.Handle(pattern, s.WithSession(s.Serve(h))) }
	visitor("GET /login", s.LoginShow)
	visitor("POST /login", s.LoginSubmit)
	visitor("POST /login/second", s.LoginSecond)
	visitor("POST /logout", s.LogoutSubmit)
	visitor("GET /display", s.DisplaySet)
	visitor("/", s.NowhereShow)

	// Officers
	officer := func(pattern string, h kit.Handler) {
		if strings.Contains(pattern, " /cases/{id}") {
			h = s.OfCase(h)
		}
		visitor(pattern, s.SignedIn(h))
	}
	officer("GET /{$}", s.desk.TasksList)
	officer("GET /next", s.desk.NextShow)
	officer("POST /next", s.desk.NextTake)
	officer("POST /desk", s.desk.DeskSettingsSave)
	officer("GET /keys", s.desk.KeysShow)
	officer("GET /views", s.desk.ViewsList)
	officer("POST /views", s.desk.ViewSave)
	officer("POST /views/{id}/remove", s.desk.ViewRemove)
	officer("GET /home", s.supervision.HomeShow)
	officer("GET /home/cases", s.supervision.HomeCases)
	officer("GET /overview", s.supervision.OverviewShow)
	officer("GET /digest", s.supervision.BriefShow)
	officer("GET /statistics", s.supervision.StatisticsShow)
	officer("GET /statistics.xlsx", s.supervision.StatisticsFile)
	officer("GET /statistics/table", s.supervision.TableShow)
	officer("GET /statistics/summary.docx", s.supervision.SummaryFile)
	officer("GET /statistics/table.xlsx", s.supervision.TableFile)
	officer("GET /operation", s.supervision.OperationShow)
	officer("GET /outgoing", s.supervision.OutgoingShow)
	officer("GET /outgoing.xlsx", s.supervision.OutgoingFile)
	officer("GET /cases", s.desk.CasesList)
	officer("GET /cases.xlsx", s.supervision.LedgerFile)
	officer(EnginePath+"/", s.supervision.EngineShow)
	for _, asked := range []string{"/api/", "/_app/"} { // what its page asks for
		mux.Handle(EnginePath+asked, kit.ByItself(s.WithSession(s.Serve(s.SignedIn(s.supervision.EngineShow)))))
	}
	officer("GET /cases/new", s.office.RegistrationNew)
	officer("POST /cases", s.office.RegistrationCreate)
	officer("GET /cases/{id}", s.caseroom.CaseShow)
	officer("GET /cases/{id}/brief", s.caseroom.BriefShow)
	officer("GET /cases/{id}/at", s.caseroom.CaseAt)
	officer("GET /cases/{id}/process", s.caseroom.ProcessShow)
	officer("POST /cases/{id}/notes", s.caseroom.NoteCreate)
	officer("POST /cases/{id}/links", s.caseroom.LinkCreate)
	officer("POST /cases/{id}/links/{other}/end", s.caseroom.LinkEnd)
	officer("POST /typed", s.caseroom.TypedSave)
	officer("POST /typed/drop", s.caseroom.TypedDrop)
	officer("POST /typed/later", s.caseroom.TypedLater)
	officer("POST /cases/{id}/claim", s.caseroom.TaskClaim)
	officer("POST /cases/{id}/release", s.caseroom.TaskRelease)
	officer("POST /cases/{id}/watch", s.caseroom.CaseWatch)
	officer("POST /cases/{id}/unwatch", s.caseroom.CaseUnwatch)
	officer("POST /cases/{id}/deputy-contact", s.caseroom.DeputyContactView)
	officer("POST /cases/{id}/draft", s.caseroom.DraftSave)
	officer("POST /cases/{id}/draft/file", s.caseroom.DraftFileRead)
	officer("POST /cases/{id}/draft/apart", s.caseroom.DraftApart)
	officer("POST /cases/{id}/draft/check", s.caseroom.DraftCheck)
	officer("POST /cases/{id}/draft/here", s.caseroom.DraftHere)
	officer("POST /cases/{id}/draft/take", s.caseroom.DraftTake)
	officer("POST /cases/{id}/act/{kind}", s.Proved(func(r *http.Request) bool { return proposal.Kind(r.PathValue("kind")).Signs() }, s.caseroom.CaseAct))
	officer("POST /cases/{id}/form/{kind}", s.caseroom.CaseForm)

	// Many cases at once
	officer("POST /replies", s.desk.RepliesShow)
	officer("POST /replies.zip", s.desk.RepliesSend)
	officer("GET /bulk", s.desk.BulksList)
	officer("POST /bulk", s.desk.BulkCreate)
	officer("GET /bulk/new", s.desk.BulkNew)
	officer("POST /bulk/new", s.desk.BulkNew)
	officer("GET /bulk/{id}", s.desk.BulkShow)
	officer("POST /bulk/{id}/{order}", s.desk.BulkControl)

	// Files, cover, notices, the deputy's link, the calendar
	officer("POST /cases/{id}/attachments", s.caseroom.AttachmentUpload)
	officer("GET /cases/{id}/attachments/{att}", s.caseroom.AttachmentShow)
	officer("GET /proxies", s.office.ProxiesList)
	officer("POST /proxies", s.office.ProxyCreate)
	officer("POST /proxies/{id}/confirm", s.office.ProxyConfirm)
	officer("POST /proxies/{id}/revoke", s.office.ProxyRevoke)
	officer("GET /notices", s.inbox.NoticesList)
	officer("POST /notices/read", s.inbox.NoticesRead)
	officer("POST /notices/{id}/read", s.inbox.NoticeRead)
	officer("GET /settings", s.inbox.SettingsShow)
	officer("POST /settings", s.inbox.SettingsSave)
	officer("GET /calendar", s.office.CalendarShow)
	officer("POST /cases/{id}/deputy-link", s.caseroom.DeputyLinkCreate)
	open("GET /deputy/{secret}", kit.Untraced(s.site.DeputyShow))
	open("POST /deputy/{secret}", kit.Untraced(s.site.DeputyRate))
	open("/deputy/", kit.Untraced(s.NowhereShow))

	// The bureau itself: its people and divisions, and what was changed
	officer("GET /people", s.admin.PeopleList)
	officer("GET /people/new", s.admin.PersonShow)
	officer("POST /people/new", s.admin.PersonSave)
	officer("GET /people/template.xlsx", s.admin.PeopleTemplate)
	officer("GET /people/import", s.admin.ImportShow)
	officer("POST /people/import", s.admin.ImportRead)
	officer("POST /people/import/rows", s.admin.ImportSave)
	officer("GET /people/{person}", s.admin.PersonShow)
	officer("POST /people/{person}", s.admin.PersonSave)
	officer("POST /people/{person}/link", s.admin.PasswordLinkCreate)
	officer("POST /people/{person}/tokens/{token}/revoke", s.admin.TokenRevoke)
	officer("GET /people/{person}/hand-over", s.admin.HandOverShow)
	officer("POST /people/{person}/hand-over", s.admin.HandOver)
	officer("GET /password", s.admin.OwnPasswordShow)
	officer("POST /password", s.admin.OwnPasswordSet)
	open("GET /password/{secret}", kit.Untraced(s.admin.PasswordShow))
	open("POST /password/{secret}", kit.Untraced(s.admin.PasswordSet))
	open("/password/", kit.Untraced(s.NowhereShow))
	sure := func(h kit.Handler) kit.Handler { return s.Sure(kit.SecondFactorPath, h) }
	officer("GET "+kit.SecondFactorPath, sure(s.admin.SecondFactorShow))
	officer("POST "+kit.SecondFactorPath, s.ProveSubmit)
	officer("POST "+kit.SecondFactorPath+"/app", sure(s.admin.AppNew))
	officer("POST "+kit.SecondFactorPath+"/app/confirm", sure(s.admin.AppConfirm))
	officer("POST "+kit.SecondFactorPath+"/passkeys", sure(s.admin.PasskeyCreate))
	officer("POST "+kit.SecondFactorPath+"/codes", sure(s.admin.CodesRenew))
	officer("POST "+kit.SecondFactorPath+"/{factor}/remove", sure(s.admin.FactorRemove))
	officer("POST /people/{person}/second-factor", s.admin.FactorsReset)
	officer("GET /divisions", s.admin.DivisionsList)
	officer("POST /divisions", s.admin.DivisionSave)
	officer("GET /divisions/{division}/close", s.admin.DivisionCloseShow)
	officer("POST /divisions/{division}/close", s.admin.DivisionClose)
	officer("POST /divisions/{division}/reopen", s.admin.DivisionReopen)
	officer("GET /bureau", s.admin.BureauShow)
	officer("POST /bureau", s.admin.BureauSave)
	officer("GET /bureau/seal", s.admin.SealShow)
	officer("POST /bureau/seal", s.admin.SealSet)
	officer("POST /bureau/seal/look", s.admin.SealLook)
	officer("POST /bureau/seal/end", s.admin.SealEnd)
	officer("GET /bureau/wording", s.admin.WordingList)
	officer("GET /bureau/wording/{key}", s.admin.WordingShow)
	officer("POST /bureau/wording/{key}", s.admin.WordingSave)
	officer("GET /rules", s.admin.RulesList)
	officer("GET /rules/new", s.admin.RulesNew)
	officer("POST /rules/new", s.admin.RulesPut)
	officer("GET /rules/{pack}", s.admin.RulesShow)
	officer("GET /changes", s.admin.ChangesList)
	officer("GET /directory/{kind}", s.admin.DirectoryList)
	officer("GET /directory/{kind}/new", s.admin.EntryShow)
	officer("POST /directory/{kind}/new", s.admin.EntrySave)
	officer("GET /directory/{kind}/template.xlsx", s.admin.DirectoryTemplate)
	officer("POST /directory/{kind}/list.xlsx", s.admin.DirectoryExport)
	officer("GET /directory/{kind}/import", s.admin.DirectoryImportShow)
	officer("POST /directory/{kind}/import", s.admin.DirectoryImportRead)
	officer("POST /directory/{kind}/import/rows", s.admin.DirectoryImportSave)
	officer("GET /directory/{kind}/choices", s.admin.DirectoryChoices)
	officer("GET /directory/{kind}/{entry}", s.admin.EntryShow)
	officer("POST /directory/{kind}/{entry}", s.admin.EntrySave)
	officer("POST /directory/{kind}/{entry}/look", s.admin.EntryLook)
	officer("POST /directory/{kind}/{entry}/choose", s.admin.DirectoryChoose)

	// The first set-up, by whoever has the address that was printed
	open("GET /setup/{code}", kit.Untraced(s.admin.SetupStart))
	open("GET /setup/{code}/{step}", kit.Untraced(s.admin.SetupShow))
	open("POST /setup/{code}/{step}", kit.Untraced(s.admin.SetupSave))
	open("/setup/", kit.Untraced(s.NowhereShow))

	// The reply before it goes out: versions, preview, comments, sources, edits, many decisions at once
	officer("GET /cases/{id}/compare", s.caseroom.CompareShow)
	officer("GET /cases/{id}/preview", s.caseroom.PreviewShow)
	officer("GET /cases/{id}/reply.docx", s.caseroom.DocxSend)
	officer("GET /cases/{id}/papers/{event}", s.caseroom.PaperSend)
	officer("GET /cases/{id}/forms/{kind}", s.caseroom.FormSend)
	officer("GET /cases/{id}/reply.pdf", s.caseroom.PDFSend)
	officer("POST /cases/{id}/sealed", s.caseroom.SealedSend)
	officer("POST /cases/{id}/read", s.caseroom.ReplyRead)
	officer("POST /cases/{id}/comments", s.caseroom.CommentCreate)
	officer("POST /cases/{id}/comments/{comment}", s.caseroom.CommentAnswer)
	officer("POST /cases/{id}/figures", s.caseroom.FigureCreate)
	officer("GET /cases/{id}/edit", s.caseroom.EditShow)
	officer("POST /cases/{id}/edit", s.caseroom.EditCompare)
	officer("GET /signing", s.signing.SigningList)
	officer("POST /signing", s.Proved(func(*http.Request) bool { return true }, s.signing.SigningSign))
	officer("GET /paragraphs", s.office.ParagraphsList)
	officer("POST /paragraphs", s.office.ParagraphSave)
	officer("GET /paragraphs/{paragraph}", s.office.ParagraphEdit)
	officer("POST /paragraphs/{paragraph}", s.office.ParagraphSave)
	officer("POST /paragraphs/{paragraph}/retire", s.office.ParagraphRetire)
	officer("GET /cases/{id}/paragraphs", s.office.CaseParagraphs)
	officer("POST /cases/{id}/paragraphs/{paragraph}", s.office.ParagraphUse)

	return mux
}
