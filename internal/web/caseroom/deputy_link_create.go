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

// deputyLinkPage shows the address of a new one-time link: once, with the feedback form (征询意见表) on which it is printed.
type deputyLinkPage struct {
	kit.Frame
	CaseID, Number, Official, Deputy string
	Address                          string
	Until                            string
	Code                             QRCode
	Paper                            opinionPaper
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

// mayLinkDeputy: the liaison sends the feedback form, as long as the rating of this round can still come.
func mayLinkDeputy(s proposal.State, who *store.Person) bool {
	r := s.Strand(proposal.FeedbackStrand, strconv.Itoa(max(1, s.Round)))
	return who.Has(proposal.Liaison) && r != nil && casefile.AwaitsRating(r)
}

// DeputyLinkCreate makes a link. It is not kept: who loses it makes another.
func (s *Room) DeputyLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	secret, link, err := s.store.MakeDeputyLink(r.Context(), who.ID, f.CaseID, kit.NewActionID())
	if err != nil {
		return err
	}
	address := s.Site(r) + "/deputy/" + secret
	code, err := newQRCode(address)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, &deputyLinkPage{
		Frame: kit.Frame{Title: words.T("link.title"), Section: "tasks"}, CaseID: f.CaseID, Number: words.Number(f.Key),
		Official: f.Title, Deputy: f.LeadDeputy, Address: address, Until: words.FullDay(calendar.DateOf(link.ExpiresAt)),
		Code: code, Paper: newOpinionPaper(s.PaperWords().About(f.Key.Body), f, calendar.DateOf(link.ExpiresAt)),
	})
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
