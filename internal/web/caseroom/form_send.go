package caseroom

import (
	"net/http"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// fileForms are those that lie in the file of a case.
var fileForms = []proposal.FormKind{proposal.CoverForm, proposal.ContentsForm}

// formsOf are the forms that the reader may print; they hold everything, the names of the deputies too (R16).
func formsOf(f *casefile.File) (links []PaperLink) {
	if !f.Whole || f.Masked || f.Past != nil {
		return nil
	}
	for _, kind := range fileForms {
		if form, ok := f.Pack.Form(kind, formFacts(f)); ok {
			links = append(links, PaperLink{Name: form.Title, Path: "/cases/" + f.CaseID + "/forms/" + string(kind)})
		}
	}
	return links
}

// FormSend sends a form of the file as .docx.
func (s *Room) FormSend(w http.ResponseWriter, r *http.Request) error {
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), kit.OfficerOf(r))
	if err != nil {
		return err
	}
	kind := proposal.FormKind(r.PathValue("kind"))
	if !slices.Contains(fileForms, kind) || !f.Whole || f.Masked {
		return kit.ErrNotFound
	}
	facts := formFacts(f)
	if kind == proposal.ContentsForm {
		facts.Files = filed(s.PaperWords(), f)
	}
	form, ok := f.Pack.Form(kind, facts)
	if !ok {
		return kit.ErrNotFound
	}
	data, err := gongwen.FormDocx(onPaper(form))
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: kit.FileName(f.Key.NumberName()+" "+form.Title, ".docx"), MediaType: gongwen.MediaType}, data)
}

// onPaper is the form as paper takes it.
func onPaper(form proposal.Form) paper.Form {
	p := paper.Form{Over: form.Over, Title: form.Title, Widths: form.Widths}
	for _, row := range form.Rows {
		var cells []paper.Cell
		for _, cell := range row {
			cells = append(cells, paper.Cell(cell))
		}
		p.Rows = append(p.Rows, cells)
	}
	for line := range strings.Lines(form.Text) {
		p.Notes = append(p.Notes, strings.TrimSpace(line))
	}
	return p
}

// formFacts are what every form may say of the case.
func formFacts(f *casefile.File) proposal.FormFacts {
	facts := proposal.FormFacts{
		PaperFacts: paperFacts(f), Document: f.State.Number.String(), Proposers: strings.Join(f.Proposers(), "、"), Delegation: f.Delegation,
		Category: f.Category, Handler: f.HandlerName.ZH,
	}
	var units []string
	for _, id := range f.State.CoHandling {
		units = append(units, f.Divisions[id].ZH)
	}
	facts.CoHandling = strings.Join(units, "、")
	for _, e := range f.Events {
		switch in := casefile.EventInput(e).(type) {
		case *proposal.RoutingOpinion:
			facts.Opinion = in.Opinion
		case *proposal.Instruction:
			facts.Instruction = in.Text
		}
	}
	return facts
}

// filed lists what the file of the case holds, in the order in which files have it: what came, what was asked and answered on the way, the
// reply to each, what was said of it, and the papers that were scanned.
func filed(w *locale.Words, f *casefile.File) []proposal.FiledPaper {
	agency := f.Pack.Agency
	list := []proposal.FiledPaper{{Author: strings.Join(f.Proposers(), "、"), Name: f.Title, On: f.State.AssignedOn}}
	if cover, ok := f.Pack.Form(proposal.CoverForm, formFacts(f)); ok {
		list = append(list, proposal.FiledPaper{Author: agency, Name: cover.Title, On: f.State.AssignedOn})
	}
	for _, e := range f.Events {
		if p, ok := paperOf(f, e); ok {
			list = append(list, proposal.FiledPaper{Author: agency, Name: p.Title, On: calendar.DateOf(e.At)})
		}
	}
	for _, o := range f.Opinions {
		if last := len(o.Steps) - 1; o.Text != "" && last >= 0 {
			list = append(list, proposal.FiledPaper{
				Author: f.RefName(w, proposal.OpinionStrand, o.Ref), Name: w.T("strand.opinion"), On: calendar.DateOf(o.Steps[last].At),
			})
		}
	}
	if f.State.Signer != "" {
		for _, to := range f.Addressees() {
			list = append(list, proposal.FiledPaper{
				Document: f.State.Number.String(), Author: agency, On: f.State.SignedOn,
				Name: f.Pack.ReplyTitle(f.Key, f.HandlingType, f.Title) + "（" + strings.TrimSuffix(to, "：") + "）",
			})
		}
	}
	if form, ok := f.Pack.Form(proposal.OpinionForm, formFacts(f)); ok {
		for _, r := range slices.Concat(f.Feedback, f.CoSignerRatings) {
			name := r.CoSigner
			if name == "" {
				name = f.LeadDeputy
			}
			list = append(list, proposal.FiledPaper{Author: strings.TrimSuffix(replytext.Addressee(f.Key.Body, "", name), "："), Name: form.Title, On: calendar.DateOf(r.At)})
		}
	}
	for _, a := range f.Attachments {
		list = append(list, proposal.FiledPaper{Name: a.Name, On: calendar.DateOf(a.At)})
	}
	return list
}
