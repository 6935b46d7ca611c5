package desk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// repliesPage is the signed replies of the ticked cases as they will stand on paper, printed in one run.
type repliesPage struct {
	kit.Frame
	Replies []reply.Sheets
	Pages   int
	Cases   []string // whose they are, as the form carries them on
	Without []string // the numbers of the ticked cases that have none
	Back    string
}

func (*repliesPage) Template() string { return "replies.html" }

// RepliesShow draws the page.
func (s *Room) RepliesShow(w http.ResponseWriter, r *http.Request) error {
	signed, without, err := s.signedReplies(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &repliesPage{
		Frame: kit.Frame{Title: words.T("replies.title", "N", len(signed)), Section: "tasks"}, Without: without, Back: kit.LocalPath(r.Form.Get("back")),
	}
	var all []paper.Reply
	for _, one := range signed {
		p.Cases = append(p.Cases, one.file.CaseID)
		all = append(all, one.replies...)
	}
	p.Replies, p.Pages = reply.Lay(all)
	return s.Render(w, r, http.StatusOK, p)
}

// RepliesSend sends them as .docx in one zip, a folder for each case.
func (s *Room) RepliesSend(w http.ResponseWriter, r *http.Request) error {
	signed, _, err := s.signedReplies(r)
	if err != nil {
		return err
	}
	var files []kit.File
	for _, one := range signed {
		for i, name := range reply.FileNames(one.file, one.replies) {
			data, err := gongwen.Docx(one.replies[i], nil)
			if err != nil {
				return err
			}
			folder := ""
			if len(one.replies) > 1 {
				folder = kit.FileName(reply.FileTitle(one.file, one.replies[i]), "") + "/"
			}
			files = append(files, kit.File{Name: folder + kit.FileName(name, ".docx"), Data: data})
		}
	}
	if len(files) == 0 {
		return kit.ErrNotFound
	}
	return kit.SendFiles(w, files, gongwen.MediaType, kit.FileName(s.Words(r).T("replies.title", "N", len(signed)), ".zip"))
}

// signedReply is the reply of a case, once for each addressee.
type signedReply struct {
	file    *casefile.File
	replies []paper.Reply
}

// signedReplies are those of the ticked cases that the officer may read, in the order of the list; without are the numbers of those that have none.
func (s *Room) signedReplies(r *http.Request) (signed []signedReply, without []string, err error) {
	if err := r.ParseForm(); err != nil {
		return nil, nil, err
	}
	who := kit.OfficerOf(r)
	ticked, err := s.ticked(r, who)
	if err != nil {
		return nil, nil, err
	}
	var seen []string
	for _, tick := range ticked {
		id, _, _ := strings.Cut(tick, "~")
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		f, err := s.OpenCase(r.Context(), id, who)
		if kit.Refused(err, proposal.NotFound) {
			continue
		} else if err != nil {
			return nil, nil, err
		}
		if f.State.Signer == "" || !f.As(who.Person).SeesAll(f.State) {
			without = append(without, s.Words(r).Number(f.Key))
			continue
		}
		d, err := s.store.Draft(r.Context(), id, f.State.Draft)
		if err != nil {
			return nil, nil, err
		}
		signed = append(signed, signedReply{f, reply.AllOnPaper(s.PaperWords(), f, d)})
	}
	return signed, without, nil
}
