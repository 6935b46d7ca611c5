package web

import (
	"net/http"
	"reflect"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// apiAttachment is a file of a case.
type apiAttachment struct {
	ID        string               `json:"id"`
	Kind      store.AttachmentKind `json:"kind"`
	Name      string               `json:"name"`
	MediaType string               `json:"media_type"`
	Size      int                  `json:"size"` // in bytes
	SHA256    string               `json:"sha256"`
	By        apiPerson            `json:"by"`
	At        time.Time            `json:"at"`
}

// apiAttachmentList is all files of a case, in the order they came.
type apiAttachmentList struct {
	Items []apiAttachment `json:"items"`
}

// apiNewAttachment is the multipart form that adds a file. It is described, never decoded: the file would not fit into JSON.
type apiNewAttachment struct {
	ID   string               `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	Kind store.AttachmentKind `json:"kind"`
	File apiFile              `json:"file"`
}

// apiFile is the bytes of a file.
type apiFile struct{}

func (s *Server) apiAttachmentsList(call *apiCall, _ nothing) (apiAttachmentList, error) {
	f, err := s.apiAttachmentsOf(call)
	if err != nil {
		return apiAttachmentList{}, err
	}
	list := apiAttachmentList{Items: []apiAttachment{}}
	for _, a := range f.Attachments {
		list.Items = append(list.Items, apiAttachmentOf(call, f, a))
	}
	return list, nil
}

// apiAttachmentsOf is the case whose files the caller may read.
func (s *Server) apiAttachmentsOf(call *apiCall) (*caseFile, error) {
	f, err := s.openCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return nil, err
	}
	if !readsAttachments(f, call.who) {
		return nil, errNotFound
	}
	return f, nil
}

func apiAttachmentOf(call *apiCall, f *caseFile, a store.AttachmentInfo) apiAttachment {
	by := apiPersonOf(call.words, a.By, f.People[a.By])
	if a.By == call.who.ID { // may not have acted on the case before
		by = apiPersonOf(call.words, a.By, call.who.Name)
	}
	return apiAttachment{a.ID, a.Kind, a.Name, a.MediaType, a.Bytes, a.SHA256, *by, a.At}
}

func (s *Server) apiAttachmentUpload(w http.ResponseWriter, call *apiCall) (apiAttachment, error) {
	f, err := s.apiAttachmentsOf(call)
	if err != nil {
		return apiAttachment{}, err
	}
	if !mayAttach(f, call.who) {
		return apiAttachment{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	u, err := readUpload(w, call.Request)
	if err != nil {
		return apiAttachment{}, err
	}
	a, err := s.attach(call.Context(), f, call.who, u.fields.Get("id"), u)
	if err != nil {
		return apiAttachment{}, named(err, "file", reflect.TypeFor[nothing]())
	}
	call.location = apiRoot + "/cases/" + f.CaseID + "/attachments/" + a.ID
	return apiAttachmentOf(call, f, a), nil
}

func (s *Server) apiAttachmentShow(w http.ResponseWriter, call *apiCall) error {
	f, err := s.apiAttachmentsOf(call)
	if err != nil {
		return err
	}
	a, data, err := s.Store.Attachment(call.Context(), f.CaseID, call.PathValue("att"), f.As(call.who.Person))
	if err != nil {
		return err
	}
	return sendFile(w, a, data)
}

// operateUpload makes an operation whose input is a multipart form with a file.
func operateUpload[I, A any](pattern, id, summary string, handle func(*Server, http.ResponseWriter, *apiCall) (A, error)) operation {
	op := operate(pattern, id, summary, func(*Server, *apiCall, I) (a A, err error) { return a, err }).creates()
	op.Multipart = true
	op.serve = func(s *Server, w http.ResponseWriter, r *http.Request, status int) error {
		call := &apiCall{Request: r, who: officerOf(r), words: s.apiWords(r)}
		answer, err := handle(s, w, call)
		if err != nil {
			return err
		}
		w.Header().Set("Location", call.location)
		return writeJSON(w, status, answer)
	}
	return op
}

// operateDownload makes an operation that answers with a file.
func operateDownload(pattern, id, summary string, handle func(*Server, http.ResponseWriter, *apiCall) error) operation {
	op := operate(pattern, id, summary, func(*Server, *apiCall, nothing) (apiFile, error) { return apiFile{}, nil })
	op.serve = func(s *Server, w http.ResponseWriter, r *http.Request, _ int) error {
		return handle(s, w, &apiCall{Request: r, who: officerOf(r), words: s.apiWords(r)})
	}
	return op
}

// content is what an operation answers with.
func (d *describer) content(op operation) object {
	if op.Answer == reflect.TypeFor[apiFile]() {
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
