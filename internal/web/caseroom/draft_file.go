package caseroom

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// FileInView is where a reply that was written or changed outside is read in; Error is what is wrong with the file that was sent.
type FileInView struct {
	Path, ActionID, Error string
	MaxMB                 int
}

// Accept are the endings of the files that a reply is read from.
func (*FileInView) Accept() string { return ".docx,.doc,.wps,.txt" }

func newFileIn(f *casefile.File) *FileInView {
	return &FileInView{Path: "/cases/" + f.CaseID + "/draft/file", ActionID: kit.NewActionID(), MaxMB: kit.MaxAttachmentMB}
}

// What is wrong with a file that is no reply, besides what [gongwen.Text] finds.
var (
	errOtherFile = errors.New("caseroom: a file that no reply is read from")
	errNoText    = errors.New("caseroom: no text is left of the file")
)

// DraftFileRead makes the next version of a reply from a file. What was typed and is in no version becomes one first.
func (s *Room) DraftFileRead(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !f.MayDraft(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	u, err := kit.ReadUpload(w, r)
	var whole replytext.WholeReply
	lost := 0
	if err == nil {
		whole, lost, err = wholeReplyIn(u)
	}
	if err != nil {
		return s.refuseFile(w, r, f, err)
	}
	action := u.Fields.Get(kit.FieldActionID)
	if f.Work.Loose {
		typed := store.TypedDraft{Base: newest(f), Rev: f.Work.Rev, Draft: f.Work.Draft}
		if _, err := s.store.SaveTyped(r.Context(), f.CaseID, who.ID, before(action), typed); err != nil {
			return err
		}
	}
	return s.goOnFrom(w, r, action, whole, lost)
}

// DraftApart takes a whole reply apart that was pasted into the editor. As it was pasted it becomes a version too.
func (s *Room) DraftApart(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	action := r.PostForm.Get(kit.FieldActionID)
	typed, err := s.typedDraft(r.Context(), r.PostForm, f)
	if err == nil {
		_, err = s.store.SaveTyped(r.Context(), f.CaseID, who.ID, before(action), typed)
	}
	if err != nil {
		return s.refuseForm(w, r, f, proposal.Submit, err)
	}
	return s.goOnFrom(w, r, action, replytext.TakeApart(typed.Draft.Body), 0)
}

// goOnFrom makes a version of the body of a whole reply, on top of the newest, and shows what is different; lost is how many of its
// paragraphs have lost their number.
func (s *Room) goOnFrom(w http.ResponseWriter, r *http.Request, action string, whole replytext.WholeReply, lost int) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who) // with what has just become a version
	if err != nil {
		return err
	}
	base := proposal.Draft{}
	if f.Draft != nil {
		base = f.Draft.Draft
		base.Version = f.Draft.Version
	}
	saved, err := s.store.SaveTyped(r.Context(), f.CaseID, who.ID, action, store.TypedDraft{
		Base: base.Version, Rev: f.Work.Rev, Draft: reply.WithBodyOf(base, whole),
	})
	if err != nil {
		return err
	}
	words := s.Words(r)
	s.Flash(r, words.T("flash.reply_read", "Version", saved.Version, "Left", strings.Join(slices.Concat(whole.Head, whole.End), " "), "Lost", lost))
	next := "/cases/" + f.CaseID
	if base.Body != "" && saved.Version > base.Version {
		next += "/compare?" + url.Values{"a": {strconv.Itoa(base.Version)}, "b": {strconv.Itoa(saved.Version)}}.Encode()
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// before is the id of the version that holds what was typed before an action of the id.
func before(action string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("typed before "+action)).String()
}

// unknown is how many paragraphs have lost their number where the file does not tell.
const unknown = -1

// wholeReplyIn is the reply in a file, and how many of its paragraphs have lost their number.
func wholeReplyIn(u kit.Upload) (whole replytext.WholeReply, lost int, err error) {
	var text string
	switch u.Media {
	case gongwen.MediaType:
		text, lost, err = gongwen.Text(u.Data)
	case gongwen.OldMediaType:
		text, err = gongwen.DocText(u.Data)
		lost = unknown
	case "text/plain":
		text, err = plainText(u.Data)
	default:
		err = errOtherFile
	}
	if err != nil {
		return whole, 0, err
	}
	whole = replytext.TakeApart(text)
	if whole.Body == "" {
		return whole, 0, errNoText
	}
	return whole, lost, nil
}

// plainText is a text in UTF-8 or, as Windows writes it, in GB18030.
func plainText(data []byte) (string, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if utf8.ValidString(text) {
		return text, nil
	}
	return simplifiedchinese.GB18030.NewDecoder().String(text)
}

// refuseFile shows the editor again, with what is wrong beside the file.
func (s *Room) refuseFile(w http.ResponseWriter, r *http.Request, f *casefile.File, err error) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	says := ""
	for wrong, text := range map[error]string{
		gongwen.ErrTooLarge: words.T("draft.file_too_large"), gongwen.ErrUnreadable: words.T("draft.file_unreadable"),
		errOtherFile: words.T("draft.file_other"), errNoText: words.T("draft.file_no_text"),
	} {
		if errors.Is(err, wrong) {
			says = text
		}
	}
	if messages, ok := kit.UploadWords(words, err); ok {
		says = messages[0].Text
	}
	p := s.newCasePage(words, f, who)
	s.offerForm(words, p, f, who, wanted{kind: proposal.Submit})
	if says == "" || p.FileIn == nil {
		return err
	}
	p.FileIn.Error = says
	if err := s.addReply(r, p, f); err != nil {
		return err
	}
	if err := s.fillEditor(r, p, f, who); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusUnprocessableEntity, p)
}
