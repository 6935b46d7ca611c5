package caseroom

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
	"github.com/banli/banli/workflows"
)

// DocxSend sends what the preview shows as .docx: one file for each addressee, several of them in one zip.
func (s *Room) DocxSend(w http.ResponseWriter, r *http.Request) error {
	f, all, files, err := s.docxOf(r)
	if err != nil {
		return err
	}
	return sendReplies(w, f, all, files, ".docx", gongwen.MediaType)
}

// PDFSend sends the same as PDF. What LibreOffice does not do is told on the preview, where the .docx and the browser's printing are.
func (s *Room) PDFSend(w http.ResponseWriter, r *http.Request) error {
	f, all, files, err := s.docxOf(r)
	if err != nil {
		return err
	}
	if !s.cases.Prints(r.Context()) {
		return kit.ErrNotFound
	}
	order, err := s.store.OrderPrint(r.Context(), f.CaseID, files)
	if err == nil && order.PDF == nil {
		order, err = s.print(r, order)
	}
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a reply is not printed as PDF", "case", f.CaseID, "err", err)
		s.Flash(r, s.Words(r).T("preview.pdf_failed"))
		http.Redirect(w, r, "/cases/"+f.CaseID+"/preview?"+r.URL.RawQuery, http.StatusSeeOther)
		return nil
	}
	return sendReplies(w, f, all, order.PDF, ".pdf", pdfType)
}

const pdfType = "application/pdf"

// print has an order printed, and returns it with what was made.
func (s *Room) print(r *http.Request, o printing.Order) (printing.Order, error) {
	if err := s.cases.Print(r.Context(), workflows.PrintInput{ID: o.ID, Seal: o.Seal == printing.ByService}); err != nil {
		return o, err
	}
	return s.store.PrintOrder(r.Context(), o.ID)
}

// docxOf are the replies that are asked for, and their files.
func (s *Room) docxOf(r *http.Request) (f *casefile.File, all []paper.Reply, files [][]byte, err error) {
	if f, err = s.openReply(r); err != nil {
		return nil, nil, nil, err
	}
	d, err := s.version(r, f, asked(r.URL.Query(), "version", f.Draft.Version))
	if err != nil {
		return nil, nil, nil, err
	}
	all = replies(s.PaperWords(), f, d, asked(r.URL.Query(), "to", 0))
	for _, one := range all {
		file, err := gongwen.Docx(one, nil)
		if err != nil {
			return nil, nil, nil, err
		}
		files = append(files, file)
	}
	return f, all, files, nil
}

// sendReplies sends a file, or several of them in one zip.
func sendReplies(w http.ResponseWriter, f *casefile.File, all []paper.Reply, files [][]byte, ending, media string) error {
	var sent []kit.File
	for i, name := range reply.FileNames(f, all) {
		sent = append(sent, kit.File{Name: kit.FileName(name, ending), Data: files[i]})
	}
	return kit.SendFiles(w, sent, media, kit.FileName(reply.FileTitle(f, all[0]), ".zip"))
}

// replies are the printed replies of a version, one for each addressee, or the one to the addressee asked for, counted from 1.
func replies(words *locale.Words, f *casefile.File, d store.SavedDraft, to int) []paper.Reply {
	all := reply.AllOnPaper(words, f, d)
	if 0 < to && to <= len(all) {
		return all[to-1 : to]
	}
	return all
}

// filesPath is where the replies of a version are fetched, by the ending of their files; to is 0 for all of them.
func filesPath(caseID, ending string, version, to int) string {
	q := url.Values{"version": {strconv.Itoa(version)}}
	if to > 0 {
		q.Set("to", strconv.Itoa(to))
	}
	return "/cases/" + caseID + "/reply" + ending + "?" + q.Encode()
}
