package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// Attachment is a file of a case.
type Attachment struct {
	ID        string               `json:"id"`
	Kind      store.AttachmentKind `json:"kind"`
	Name      string               `json:"name"`
	MediaType string               `json:"media_type"`
	Size      int                  `json:"size"` // in bytes
	SHA256    string               `json:"sha256"`
	By        Person               `json:"by"`
	At        time.Time            `json:"at"`
}

// AttachmentList is all files of a case, in the order they came.
type AttachmentList struct {
	Items []Attachment `json:"items"`
}

// NewAttachment is the multipart form that adds a file. It is described, never decoded: the file would not fit into JSON.
type NewAttachment struct {
	ID   string               `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	Kind store.AttachmentKind `json:"kind"`
	File File                 `json:"file"`
}

// File is the bytes of a file.
type File struct{}

func (s *Room) attachmentsList(call *Call, _ nothing) (AttachmentList, error) {
	f, err := s.attachmentsOf(call)
	if err != nil {
		return AttachmentList{}, err
	}
	list := AttachmentList{Items: []Attachment{}}
	for _, a := range f.Attachments {
		list.Items = append(list.Items, attachmentOf(call, f, a))
	}
	return list, nil
}

// attachmentsOf is the case whose files the caller may read.
func (s *Room) attachmentsOf(call *Call) (*casefile.File, error) {
	f, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return nil, err
	}
	if !casefile.ReadsAttachments(f, call.who) {
		return nil, kit.ErrNotFound
	}
	return f, nil
}

func attachmentOf(call *Call, f *casefile.File, a store.AttachmentInfo) Attachment {
	by := personOf(call.words, a.By, f.People[a.By])
	if a.By == call.who.ID { // may not have acted on the case before
		by = personOf(call.words, a.By, call.who.Name)
	}
	return Attachment{a.ID, a.Kind, a.Name, a.MediaType, a.Bytes, a.SHA256, *by, a.At}
}

func (s *Room) attachmentUpload(w http.ResponseWriter, call *Call) (Attachment, error) {
	f, err := s.attachmentsOf(call)
	if err != nil {
		return Attachment{}, err
	}
	if !casefile.MayAttach(f, call.who) {
		return Attachment{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	u, err := kit.ReadUpload(w, call.Request)
	if err != nil {
		return Attachment{}, err
	}
	a, err := s.Attach(call.Context(), f, call.who, u.Fields.Get("id"), u)
	if err != nil {
		return Attachment{}, named(err, "file", reflect.TypeFor[nothing]())
	}
	call.location = root + "/cases/" + f.CaseID + "/attachments/" + a.ID
	return attachmentOf(call, f, a), nil
}

func (s *Room) attachmentShow(w http.ResponseWriter, call *Call) error {
	f, err := s.attachmentsOf(call)
	if err != nil {
		return err
	}
	a, data, err := s.store.Attachment(call.Context(), f.CaseID, call.PathValue("att"), f.As(call.who.Person))
	if err != nil {
		return err
	}
	return kit.SendFile(w, a, data)
}

// operateUpload makes an operation whose input is a multipart form with a file.
func operateUpload[I, A any](pattern, id, summary string, handle func(*Room, http.ResponseWriter, *Call) (A, error)) operation {
	op := operate(pattern, id, summary, func(*Room, *Call, I) (a A, err error) { return a, err }).creates()
	op.Multipart = true
	op.serve = func(s *Room, w http.ResponseWriter, r *http.Request, status int) error {
		call := &Call{Request: r, who: kit.OfficerOf(r), words: s.words(r)}
		answer, err := handle(s, w, call)
		if err != nil {
			return err
		}
		w.Header().Set("Location", call.location)
		return kit.WriteJSON(w, status, answer)
	}
	return op
}

// operateDownload makes an operation that answers with a file.
func operateDownload(pattern, id, summary string, handle func(*Room, http.ResponseWriter, *Call) error) operation {
	op := operate(pattern, id, summary, func(*Room, *Call, nothing) (File, error) { return File{}, nil })
	op.serve = func(s *Room, w http.ResponseWriter, r *http.Request, _ int) error {
		return handle(s, w, &Call{Request: r, who: kit.OfficerOf(r), words: s.words(r)})
	}
	return op
}

// content is what an operation answers with.
func (d *describer) content(op operation) object {
	if op.Answer == reflect.TypeFor[File]() {
		return object{"application/octet-stream": object{"schema": d.schema(op.Answer)}}
	}
	return asJSON(d.schema(op.Answer))
}

// requestContent is what an operation reads.
func (d *describer) requestContent(op operation) object {
	if op.Multipart {
		return object{"multipart/form-data": object{"schema": d.request(op.Input)}}
	}
	return asJSON(d.request(op.Input))
}
