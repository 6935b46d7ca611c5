package kit

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// How large a file of a case may be: forms and messages say it in megabytes, the code counts bytes.
const (
	MaxAttachmentMB = store.MaxAttachment >> 20
	maxAttachment   = store.MaxAttachment
)

// maxUpload is how much of a request with a file is read. It is several times what a case takes: a browser shows the answer
// only when it could send the whole file, so a file that is somewhat too large is read to its end and refused in words.
const maxUpload = 4 * maxAttachment

// uploadTime is how long sending or fetching a file may take; the server's own limits are made for pages.
const uploadTime = 5 * time.Minute

const maxFileName = proposal.MaxLine // characters

var uploadPath = regexp.MustCompile(`^((/api/v1)?/cases/[^/]+/attachments|/cases/[^/]+/draft/file|/cases|/people/import|/bureau/seal)$`)

// bodyLimit is how much of the request's body is read.
func bodyLimit(r *http.Request) int64 {
	if r.Method == http.MethodPost && uploadPath.MatchString(r.URL.Path) && !isForm(r) {
		return maxUpload
	}
	return maxBody
}

// patient gives a request with a file in it more time than a page.
func patient(w http.ResponseWriter) {
	c := http.NewResponseController(w)
	until := time.Now().Add(uploadTime)
	// A writer that has no deadline to move keeps the server's.
	_ = errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until))
}

// Upload is a form with a file in it.
type Upload struct {
	Fields url.Values
	Name   string // of the file, without folders
	Media  string // what its content is, one of mediaTypes
	Data   []byte
}

// ReadUpload reads a form with a file. The file is held in memory: it goes to the record in one piece. The error is a refusal that
// names what is wrong with the file, if anything is; the fields are read all the same.
func ReadUpload(w http.ResponseWriter, r *http.Request) (Upload, error) {
	patient(w)
	u := Upload{Fields: url.Values{}}
	parts, err := r.MultipartReader()
	if err != nil {
		return u, invalidFile("file", proposal.FieldRequired, 0)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			if who := OfficerOf(r); who != nil {
				if err := drawnFor(who, u.Fields); err != nil {
					return u, err
				}
			}
			return u, u.check()
		}
		if err == nil {
			err = u.take(part)
		}
		if err != nil {
			return u, unreadable(err)
		}
	}
}

// unreadable: a form that breaks off or was never one is not readable text; that it is too large, or not text, stands.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) || errors.Is(err, ErrNotText) {
		return err
	}
	return errors.Join(ErrNotText, err)
}

func (u *Upload) take(part *multipart.Part) error {
	if part.FormName() != "file" {
		value, err := io.ReadAll(io.LimitReader(part, maxBody))
		if !IsText(part.FormName()) || !IsText(string(value)) {
			return ErrNotText
		}
		u.Fields.Add(part.FormName(), string(value))
		return err
	}
	u.Name = part.FileName()
	u.Name = strings.TrimSpace(u.Name[strings.LastIndex(u.Name, `\`)+1:])
	if !utf8.ValidString(u.Name) || strings.ContainsFunc(u.Name, unicode.IsControl) {
		return ErrNotText
	}
	data, err := io.ReadAll(io.LimitReader(part, maxAttachment+1))
	if err != nil {
		return err
	}
	u.Data = data
	_, err = io.Copy(io.Discard, part)
	return err
}

// check says what is wrong with the file, and finds out what it is.
func (u *Upload) check() error {
	switch {
	case u.Name == "" || len(u.Data) == 0:
		return invalidFile("file", proposal.FieldRequired, 0)
	case len(u.Data) > maxAttachment:
		return invalidFile("file", proposal.FieldTooLong, MaxAttachmentMB)
	case utf8.RuneCountInString(u.Name) > maxFileName:
		return invalidFile("file_name", proposal.FieldTooLong, maxFileName)
	}
	ending := strings.ToLower(path.Ext(u.Name))
	media := mediaOf(u.Data)
	endings, taken := mediaTypes[media]
	switch {
	case !taken, !slices.Contains(UploadEndings(), ending):
		return invalidFile("file", proposal.UnknownValue, 0)
	case !slices.Contains(endings, ending):
		// A name that says other than the content opens in the wrong program, or runs.
		return invalidFile("file", proposal.FieldMalformed, 0)
	}
	u.Media = media
	return nil
}

func invalidFile(field string, code proposal.FieldCode, limit int) error {
	return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: code, Max: limit}}}
}

// What offices write and scan: PDF, Word, Excel, OFD (GB/T 33190), pictures and plain text.
const (
	mediaWord  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mediaExcel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaDoc   = "application/msword"
	mediaXLS   = "application/vnd.ms-excel"
	mediaOFD   = "application/ofd"
	mediaText  = "text/plain"
)

// mediaTypes are what a case takes, each with the endings of file names that go with it.
var mediaTypes = map[string][]string{
	"application/pdf": {".pdf"},
	mediaWord:         {".docx"},
	mediaExcel:        {".xlsx"},
	mediaDoc:          {".doc", ".wps"},
	mediaXLS:          {".xls"},
	mediaOFD:          {".ofd"},
	mediaText:         {".txt", ".csv"},
	"image/png":       {".png"},
	"image/jpeg":      {".jpg", ".jpeg"},
	"image/gif":       {".gif"},
	"image/bmp":       {".bmp"},
	"image/tiff":      {".tif", ".tiff"},
	"image/webp":      {".webp"},
	"image/heic":      {".heic"},
}

// UploadEndings are the endings of all names under which a file may come.
func UploadEndings() []string {
	all := slices.Concat(slices.Collect(maps.Values(mediaTypes))...)
	slices.Sort(all)
	return all
}

// mediaOf is what the content is, whatever the file's name says. What lies in a container is found by the parts that its
// format demands: their order, by which the library goes, differs between programs.
func mediaOf(data []byte) string {
	found := mimetype.Detect(data)
	for m := found; m != nil; m = m.Parent() {
		switch {
		case m.Is("application/zip"):
			return mediaInZip(data)
		case m.Is("application/x-ole-storage"):
			return mediaInOLE(data)
		case m.Is(mediaText):
			return mediaText // HTML and scripts too: they are kept, and given back, as plain text under a name that says so
		}
	}
	media, _, _ := strings.Cut(found.String(), ";")
	return media
}

func mediaInZip(data []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ""
	}
	for _, file := range archive.File {
		switch strings.ToLower(file.Name) {
		case "word/document.xml":
			return mediaWord
		case "xl/workbook.xml":
			return mediaExcel
		case "ofd.xml":
			return mediaOFD
		}
	}
	return ""
}

func mediaInOLE(data []byte) string {
	holds := func(stream string) bool {
		var name []byte
		for _, unit := range utf16.Encode([]rune(stream)) {
			name = append(name, byte(unit), byte(unit>>8))
		}
		return bytes.Contains(data, name)
	}
	switch {
	case holds("WordDocument"):
		return mediaDoc
	case holds("Workbook"), holds("Book"):
		return mediaXLS
	}
	return ""
}

// SendFile sends a file so that a browser saves it and never opens it as part of the site: somebody else made it.
func SendFile(w http.ResponseWriter, a store.AttachmentInfo, data []byte) error {
	patient(w)
	h := w.Header()
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(data)
	return err
}

// FileSize is a size as people read it, in the largest unit that says something. Its MB is that of the limit.
func FileSize(bytes int) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", (bytes+512)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// NotStored says that a file was not kept, since the record takes nothing until an administrator has acted; "" for any other error.
func (s *Kit) NotStored(r *http.Request, err error) string {
	var refusal *proposal.Refusal
	if !TakesNothing(err) || !errors.As(err, &refusal) {
		return ""
	}
	s.Log.ErrorContext(r.Context(), "file not kept", "path", r.URL.Path, "err", err)
	words := s.Words(r)
	return words.T("attachment.not_stored", "Why", words.T(refusal.Key()+".title"))
}

// UploadWords puts a refusal into words beside the fields of the upload form; ok is false for one that has no place there.
func UploadWords(w *locale.Words, err error) (messages []FieldMessage, ok bool) {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput {
		return nil, false
	}
	for _, m := range FieldWords(w, refusal.Fields) {
		if m.Field != "kind" {
			m.Field = "file"
		}
		messages = append(messages, m)
	}
	return messages, true
}
