package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// deputyLinkPage shows the addresses of new one-time links: once, each with the feedback form (征询意见表) on which it is printed.
type deputyLinkPage struct {
	kit.Frame
	CaseID, Number, Official string
	Until                    string
	Sheets                   []deputySheet
	Paper                    opinionPaper
}

// deputySheet is the form of one who signed.
type deputySheet struct {
	Name    string
	Address string
	Code    QRCode
}

// opinionPaper is the feedback form. It is the deputy's to read, so it is in Chinese whatever the officer reads.
type opinionPaper struct {
	Words    *locale.Words
	Case     string // 第0392号
	Session  string
	Proposer string // 代表 or 提案者
	Document string // 发文字号; "" before the reply has one
	Ratings  []string
	Until    string
}

// T is a message of the paper.
func (p opinionPaper) T(key string, args ...any) string { return p.Words.T(key, args...) }

func (*deputyLinkPage) Template() string { return "deputy_link.html" }

// toRate are those to whom the liaison may send the feedback form, because their rating of this round can still come: the lead, and where the
// reply goes to each who signed, the others.
func toRate(f *casefile.File, who *store.Person) []string {
	r := f.State.Strand(proposal.FeedbackStrand, strconv.Itoa(max(1, f.State.Round)))
	if f.Past != nil || !who.Has(proposal.Liaison) || r == nil || r.Status == proposal.StrandCancelled {
		return nil
	}
	var names []string
	if casefile.AwaitsRating(r) {
		names = append(names, f.LeadDeputy)
	}
	if f.Pack.Reply[f.Key.Body].CoSigners == proposal.ReplyToEach && !f.State.DispatchedOn.IsZero() {
		names = append(names, f.AskedBeside()...)
	}
	return names
}

// DeputyLinkCreate makes a link for each who is named, for the lead if nobody is. They are not kept: who loses one makes another.
func (s *Room) DeputyLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &deputyLinkPage{
		Frame: kit.Frame{Title: words.T("link.title"), Section: "tasks"}, CaseID: f.CaseID, Number: words.Number(f.Key), Official: f.Title,
	}
	names := r.PostForm["for"]
	if len(names) == 0 {
		names = []string{f.LeadDeputy}
	}
	for _, name := range names {
		coSigner := name
		if name == f.LeadDeputy {
			coSigner = ""
		}
		secret, link, err := s.store.MakeDeputyLink(r.Context(), who.ID, f.CaseID, coSigner, kit.NewActionID())
		if err != nil {
			return err
		}
		sheet := deputySheet{Name: name, Address: s.Site(r) + "/deputy/" + secret}
		if sheet.Code, err = newQRCode(sheet.Address); err != nil {
			return err
		}
		p.Sheets, p.Until = append(p.Sheets, sheet), words.FullDay(calendar.DateOf(link.ExpiresAt))
		p.Paper = newOpinionPaper(s.PaperWords().About(f.Key.Body), f, calendar.DateOf(link.ExpiresAt))
	}
	return s.Render(w, r, http.StatusOK, p)
}

func newOpinionPaper(w *locale.Words, f *casefile.File, until calendar.Date) opinionPaper {
	p := opinionPaper{
		Words: w, Case: w.Number(f.Key), Session: w.Session(f.Key), Proposer: w.T("fact.deputy"),
		Document: f.State.Number.String(), Until: w.FullDay(until),
	}
	for _, rating := range proposal.Ratings {
		p.Ratings = append(p.Ratings, w.T("rating."+string(rating)))
	}
	return p
}
