package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
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
	Paper                    *locale.Words // in which a form is read, whatever the officer reads
}

// deputySheet is the form of one who signed.
type deputySheet struct {
	Name    string
	Address string
	Form    proposal.Form // without rows where the place has none
	Code    kit.QRCode
}

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

// DeputyLinkCreate makes a link for each who is named, for the lead if nobody is, and shows them or sends their forms as .docx. They are not
// kept: who loses one makes another.
func (s *Room) DeputyLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &deputyLinkPage{
		Frame: kit.Frame{Title: words.T("link.title"), Section: "tasks"}, CaseID: f.CaseID, Number: words.Number(f.Key), Official: f.Title,
		Paper: s.PaperWords(),
	}
	names := r.PostForm["for"]
	if len(names) == 0 {
		names = []string{f.LeadDeputy}
	}
	for _, name := range names {
		sheet := deputySheet{Name: name}
		coSigner := name
		if name == f.LeadDeputy {
			coSigner = ""
		}
		secret, link, err := s.store.MakeDeputyLink(r.Context(), who.ID, f.CaseID, coSigner, kit.NewActionID())
		if err != nil {
			return err
		}
		sheet.Address = s.Site(r) + "/deputy/" + secret
		if sheet.Code, err = kit.NewQRCode(sheet.Address); err != nil {
			return err
		}
		facts := formFacts(f)
		facts.Name, facts.Until = name, calendar.DateOf(link.ExpiresAt)
		sheet.Form, _ = f.Pack.Form(proposal.OpinionForm, facts)
		p.Sheets, p.Until = append(p.Sheets, sheet), words.FullDay(facts.Until)
	}
	if r.PostForm.Get("as") == "docx" {
		return sendSheets(w, f, p.Sheets)
	}
	return s.Render(w, r, http.StatusOK, p)
}

// sendSheets sends the forms, each as a file.
func sendSheets(w http.ResponseWriter, f *casefile.File, sheets []deputySheet) error {
	var all []kit.File
	for i, sheet := range sheets {
		form := onPaper(sheet.Form)
		form.Code = sheet.Code.Dots
		data, err := gongwen.FormDocx(form)
		if err != nil {
			return err
		}
		name := f.Key.NumberName() + " " + form.Title
		if len(sheets) > 1 {
			name = strconv.Itoa(i+1) + " " + sheet.Name + " " + form.Title
		}
		all = append(all, kit.File{Name: kit.FileName(name, ".docx"), Data: data})
	}
	return kit.SendFiles(w, all, gongwen.MediaType, kit.FileName(f.Key.NumberName()+" "+sheets[0].Form.Title, ".zip"))
}
