package caseroom

import (
	"strings"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
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
	Kinds    []kit.Choice
	Accept   string // file name endings, for the chooser
	MaxMB    int
	errors   []kit.FieldMessage
}

// Error is what is wrong with the field, in words.
func (f *AttachmentForm) Error(name string) string {
	for _, e := range f.errors {
		if e.Field == name {
			return e.Text
		}
	}
	return ""
}

// Open reports whether the form shows itself: something has to be mended in it.
func (f *AttachmentForm) Open() bool { return len(f.errors) > 0 }

// newAttachmentsView puts the files of a case into words; nil for who may not read them.
func newAttachmentsView(w *locale.Words, f *casefile.File, who *store.Person) *AttachmentsView {
	if !casefile.ReadsAttachments(f, who) {
		return nil
	}
	v := &AttachmentsView{}
	for _, a := range f.Attachments {
		v.Files = append(v.Files, AttachmentRow{
			Path: "/cases/" + f.CaseID + "/attachments/" + a.ID, Name: a.Name, Kind: w.T("attachment.kind." + string(a.Kind)),
			Size: kit.FileSize(a.Bytes), Who: w.Name(f.People[a.By]), When: w.Moment(a.At), Print: a.SHA256[:12],
		})
	}
	if f.Past == nil && casefile.MayAttach(f, who) {
		v.Form = &AttachmentForm{
			Path: "/cases/" + f.CaseID + "/attachments", ActionID: kit.NewActionID(), Kind: string(store.OtherFile),
			Kinds: kit.Choices(w, "attachment.kind.", store.AttachmentKinds), Accept: strings.Join(kit.UploadEndings(), ","), MaxMB: kit.MaxAttachmentMB,
		}
	}
	return v
}
