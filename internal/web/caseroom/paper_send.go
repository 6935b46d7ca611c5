package caseroom

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// PaperLink is a paper of the case besides the reply, and where it is fetched.
type PaperLink struct{ Name, Path, When string }

// papersOf are those that go out with what was done on the case, newest first.
func papersOf(w *locale.Words, f *casefile.File) (links []PaperLink) {
	for _, e := range f.Events {
		if p, ok := paperOf(f, e); ok {
			links = append([]PaperLink{{p.Title, "/cases/" + f.CaseID + "/papers/" + strconv.Itoa(e.No), w.Moment(e.At)}}, links...)
		}
	}
	return links
}

// paperOf is the paper of what was done. It is worded anew each time, by the rules that the case follows.
func paperOf(f *casefile.File, e store.Event) (proposal.Paper, bool) {
	in := proposal.NewInput(proposal.Kind(e.Kind))
	if !f.Whole || in == nil || json.Unmarshal(e.Input, in) != nil {
		return proposal.Paper{}, false
	}
	return f.Pack.Paper(in, paperFacts(f))
}

func paperFacts(f *casefile.File) proposal.PaperFacts {
	facts := proposal.PaperFacts{Key: f.Key, Title: f.Title, Lead: f.LeadName.ZH, AssignedOn: f.State.AssignedOn, AssignedBy: f.AssignedBy}
	if due := f.State.ReplyDue(); due != nil {
		facts.DueOn = due.Span.End // as it was before it was put off
	}
	return facts
}

// PaperSend sends the paper of an event as .docx.
func (s *Room) PaperSend(w http.ResponseWriter, r *http.Request) error {
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), kit.OfficerOf(r))
	if err != nil {
		return err
	}
	for _, e := range f.Events {
		if strconv.Itoa(e.No) != r.PathValue("event") {
			continue
		}
		p, ok := paperOf(f, e)
		if !ok {
			break
		}
		l := paper.Reply{Title: p.Title, Addressee: p.To + "：", Agency: f.Pack.Agency, Date: s.PaperWords().FullDay(calendar.DateOf(e.At))}
		l.Paragraphs = reply.ParagraphsOnPaper(replytext.Paragraphs(p.Text))
		data, err := gongwen.Docx(l, nil)
		if err != nil {
			return err
		}
		return kit.SendFile(w, store.AttachmentInfo{Name: kit.FileName(p.Title, ".docx"), MediaType: gongwen.MediaType}, data)
	}
	return kit.ErrNotFound
}
