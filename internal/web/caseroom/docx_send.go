package caseroom

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
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
	if s.printer == nil {
		return kit.ErrNotFound
	}
	printed, err := s.printer.PDF(r.Context(), files)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a reply is not printed as PDF", "case", f.CaseID, "err", err)
		s.Flash(r, s.Words(r).T("preview.pdf_failed"))
		http.Redirect(w, r, "/cases/"+f.CaseID+"/preview?"+r.URL.RawQuery, http.StatusSeeOther)
		return nil
	}
	return sendReplies(w, f, all, printed, ".pdf", "application/pdf")
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
		file, err := gongwen.Docx(one)
		if err != nil {
			return nil, nil, nil, err
		}
		files = append(files, file)
	}
	return f, all, files, nil
}

// sendReplies sends a file, or several of them in one zip.
func sendReplies(w http.ResponseWriter, f *casefile.File, all []paper.Reply, files [][]byte, ending, media string) error {
	var sent []sentFile
	for i, one := range all {
		name := titled(f, one)
		if len(all) > 1 { // two addressees may be called the same: each has its place in the list before it
			name = strconv.Itoa(i+1) + " " + strings.TrimSuffix(one.Addressee, "：") + " " + name
		}
		sent = append(sent, sentFile{fileName(name, ending), files[i]})
	}
	return sendFiles(w, sent, media, fileName(titled(f, all[0]), ".zip"))
}

// sentFile is a file as it is sent.
type sentFile struct {
	name string
	data []byte
}

// sendFiles sends one file as it is, several of them in one zip.
func sendFiles(w http.ResponseWriter, files []sentFile, media, zipName string) error {
	if len(files) == 1 {
		return kit.SendFile(w, store.AttachmentInfo{Name: files[0].name, MediaType: media}, files[0].data)
	}
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	for _, file := range files {
		part, err := archive.Create(file.name)
		if err == nil {
			_, err = part.Write(file.data)
		}
		if err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: zipName, MediaType: "application/zip"}, data.Bytes())
}

// replies are the printed replies of a version, one for each addressee, or the one to the addressee asked for, counted from 1.
func replies(words *locale.Words, f *casefile.File, d store.SavedDraft, to int) []paper.Reply {
	var all []paper.Reply
	for _, addressee := range f.Addressees() {
		all = append(all, reply.OnPaper(words, f, d, addressee))
	}
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

// titled is a reply by its number, or the case's while it has none, and its title.
func titled(f *casefile.File, l paper.Reply) string {
	number := l.Number
	if number == "" {
		number = f.Key.NumberName()
	}
	return number + " " + l.Title
}

// fileName makes a name of words: cut to what file systems take, without what they refuse.
func fileName(words, ending string) string {
	words = notInNames.Replace(words)
	for len(words)+len(ending) > maxFileName {
		_, last := utf8.DecodeLastRuneInString(words)
		words = words[:len(words)-last]
	}
	return words + ending
}

// maxFileName is what file systems take, in bytes.
const maxFileName = 255

var notInNames = strings.NewReplacer("/", "／", `\`, "＼", ":", "：", "*", "＊", "?", "？", `"`, "＂", "<", "＜", ">", "＞", "|", "｜")
