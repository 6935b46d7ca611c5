package casefile

import (
	"context"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// Attach puts a file that was read into the record.
func (s *Files) Attach(ctx context.Context, f *File, who *store.Person, actionID string, u kit.Upload) (store.AttachmentInfo, error) {
	if uuid.Validate(actionID) != nil {
		return store.AttachmentInfo{}, kit.InvalidFields([]proposal.FieldError{{Field: kit.FieldActionID, Code: proposal.FieldMalformed}})
	}
	info := store.AttachmentInfo{Kind: store.AttachmentKind(u.Fields.Get("kind")), Name: u.Name, MediaType: u.Media}
	return s.store.SaveAttachment(ctx, who.ID, f.CaseID, actionID, info, u.Data)
}
