package store

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// MaxAttachment is how many bytes a file may have: 20 MiB, a scan of a hundred pages.
const MaxAttachment = 20 << 20

// AttachmentKind is what a file of a case is.
type AttachmentKind string

const (
	OriginalFile AttachmentKind = "original" // 建议原件
	ScanFile     AttachmentKind = "scan"     // 征询意见表扫描件
	LetterFile   AttachmentKind = "letter"   // 来往函件
	OtherFile    AttachmentKind = "other"
)

// AttachmentKinds lists every kind.
var AttachmentKinds = []AttachmentKind{OriginalFile, ScanFile, LetterFile, OtherFile}

// AttachmentInfo is a file of a case without its bytes.
type AttachmentInfo struct {
	ID        string // of the action that brought it
	Kind      AttachmentKind
	Name      string
	MediaType string
	Bytes     int
	SHA256    string
	By        proposal.PersonID
	At        time.Time
}

const attachmentInfo = `id::text, kind, name, media_type, bytes, sha256, uploaded_by::text, uploaded_at`

func scanAttachment(row pgx.CollectableRow) (a AttachmentInfo, err error) {
	return a, row.Scan(&a.ID, &a.Kind, &a.Name, &a.MediaType, &a.Bytes, &a.SHA256, &a.By, instant{&a.At})
}

// attached is what an attach event says, and what a repeated one answers: never the bytes.
type attached struct {
	Kind      AttachmentKind `json:"kind"`
	Name      string         `json:"name"`
	MediaType string         `json:"media_type"`
	Bytes     int            `json:"bytes"`
	SHA256    string         `json:"sha256"`
}

// SaveAttachment keeps a file of a case, once for an action id. Kind, Name and MediaType come from the caller, the rest is found
// out. Refusals: InvalidInput; NotFound to those who may not see everything of the case, the assembly aside, which brings scans.
func (s *Store) SaveAttachment(ctx context.Context, by proposal.PersonID, caseID, actionID string, info AttachmentInfo, data []byte) (AttachmentInfo, error) {
	if err := checkAttachment(info, data); err != nil {
		return AttachmentInfo{}, err
	}
	file := attached{info.Kind, info.Name, info.MediaType, len(data), hashOf(data)}
	err := s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventAttach, &file); done || err != nil {
			return err
		}
		if !l.actor.SeesAll(l.state) && !(l.actor.Has(proposal.Assembly) && l.actor.Sees(l.state)) {
			return errNotFound
		}
		e, err := l.event(proposal.EventAttach, l.actor.ID, actionID, file, s.Now())
		if err != nil {
			return err
		}
		l.write.Queue(`
			insert into attachments (id, case_id, sha256, name, media_type, bytes, data, kind, uploaded_by, uploaded_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			actionID, l.id, file.SHA256, file.Name, file.MediaType, file.Bytes, data, file.Kind, e.By, e.At)
		return l.appendEvent(e, file)
	})
	if err != nil {
		return AttachmentInfo{}, err
	}
	rows, err := s.pool.Query(ctx, `select `+attachmentInfo+` from attachments where id = $1`, actionID)
	if err != nil {
		return AttachmentInfo{}, edge(err)
	}
	saved, err := pgx.CollectExactlyOneRow(rows, scanAttachment)
	return saved, edge(err)
}

func checkAttachment(info AttachmentInfo, data []byte) error {
	line := func(text string) bool {
		return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= proposal.MaxLine && !strings.ContainsRune(text, 0)
	}
	switch {
	case len(data) == 0:
		return invalid("file", proposal.FieldRequired)
	case len(data) > MaxAttachment:
		refusal := invalid("file", proposal.FieldTooLong)
		refusal.Fields[0].Max = MaxAttachment
		return refusal
	case !line(info.Name):
		return invalid("name", proposal.FieldMalformed)
	case !line(info.MediaType):
		return invalid("media_type", proposal.FieldMalformed)
	case !slices.Contains(AttachmentKinds, info.Kind):
		return invalid("kind", proposal.UnknownValue)
	}
	return nil
}

// Attachment reads a file. It is NotFound for who may not see everything of the case and the names of its deputies (R16): a
// picture cannot be masked.
func (s *Store) Attachment(ctx context.Context, caseID, id string, reader proposal.Person) (a AttachmentInfo, data []byte, err error) {
	if caseID, err = parseID(caseID); err != nil {
		return a, nil, err
	}
	if id, err = parseID(id); err != nil {
		return a, nil, err
	}
	var state proposal.State
	if err = s.pool.QueryRow(ctx, `select state from cases where id = $1`, caseID).Scan(&state); err != nil {
		return a, nil, edge(err)
	}
	if !reader.SeesAll(state) || !reader.SeesName(state) {
		return a, nil, errNotFound
	}
	err = s.pool.QueryRow(ctx, `select `+attachmentInfo+`, data from attachments where id = $1 and case_id = $2`, id, caseID).
		Scan(&a.ID, &a.Kind, &a.Name, &a.MediaType, &a.Bytes, &a.SHA256, &a.By, instant{&a.At}, &data)
	return a, data, edge(err)
}
