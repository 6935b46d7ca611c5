package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// AttachmentsView is the files of a case and, for those who may add one, the form for it.
type AttachmentsView struct {
	Files []AttachmentRow
	Form  *AttachmentForm // nil for those who only read
}

// AttachmentRow is one file.
type AttachmentRow struct {
	Path, Name, Kind, Size, Who, When string
	Print                             string // the beginning of its SHA-256
}

// AttachmentForm adds a file.
type AttachmentForm struct {
	Path     string
	ActionID string
	Kind     string
	Kinds    []Choice
	Accept   string // file name endings, for the chooser
	MaxMB    int
	errors   []fieldMessage
}

// Error is what is wrong with the field, in words.
func (f *AttachmentForm) Error(name string) string {
	for _, e := range f.errors {
		if e.field == name {
			return e.text
		}
	}
	return ""
}

// Open reports whether the form shows itself: something has to be mended in it.
func (f *AttachmentForm) Open() bool { return len(f.errors) > 0 }

// attachers work on cases. Those who watch, publish or administer add nothing to them.
var attachers = []proposal.Role{
	proposal.Liaison, proposal.DivisionHead, proposal.Handler, proposal.OfficeReviewer, proposal.LegalReviewer, proposal.OpennessReviewer,
	proposal.LeaderInCharge, proposal.BureauHead,
}

// readsAttachments: files hold what a publisher must not see (domain §3), and the name of a deputy who asked for secrecy (R16).
func readsAttachments(f *caseFile, who *store.Person) bool {
	p := f.As(who.Person)
	return p.SeesAll(f.rights) && p.SeesName(f.rights)
}

func mayAttach(f *caseFile, who *store.Person) bool {
	works := func(p proposal.Person) bool { return slices.ContainsFunc(attachers, p.Has) }
	p := f.As(who.Person)
	return readsAttachments(f, who) &&
		(works(p) || slices.ContainsFunc(p.Covers, func(away proposal.Principal) bool { return works(away.Person()) }))
}

// newAttachmentsView puts the files of a case into words; nil for who may not read them.
func newAttachmentsView(w *words, f *caseFile, who *store.Person) *AttachmentsView {
	if !readsAttachments(f, who) {
		return nil
	}
	v := &AttachmentsView{}
	for _, a := range f.Attachments {
		v.Files = append(v.Files, AttachmentRow{
			Path: "/cases/" + f.CaseID + "/attachments/" + a.ID, Name: a.Name, Kind: w.T("attachment.kind." + string(a.Kind)),
			Size: fileSize(a.Bytes), Who: w.Name(f.People[a.By]), When: w.Moment(a.At), Print: a.SHA256[:12],
		})
	}
	if f.past == nil && mayAttach(f, who) {
		v.Form = &AttachmentForm{
			Path: "/cases/" + f.CaseID + "/attachments", ActionID: newActionID(), Kind: string(store.OtherFile),
			Kinds: choices(w, "attachment.kind.", store.AttachmentKinds), Accept: strings.Join(uploadEndings(), ","), MaxMB: maxAttachmentMB,
		}
	}
	return v
}

// attachedName is the name of the file that an event brought; "" for other events.
func attachedName(e store.Event) string {
	var file struct {
		Name string `json:"name"`
	}
	if e.Kind != proposal.EventAttach || json.Unmarshal(e.Input, &file) != nil {
		return ""
	}
	return file.Name
}

// fileSize is a size as people read it, in the largest unit that says something. Its MB is that of the limit.
func fileSize(bytes int) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", (bytes+512)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// attachmentWords puts a refusal into words beside the fields of the upload form; ok is false for one that has no place there.
func attachmentWords(w *words, err error) (messages []fieldMessage, ok bool) {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput {
		return nil, false
	}
	for _, m := range fieldWords(w, refusal.Fields) {
		if m.field != "kind" {
			m.field = "file"
		}
		messages = append(messages, m)
	}
	return messages, true
}
