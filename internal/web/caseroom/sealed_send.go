package caseroom

import (
	"context"
	"net/http"

	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// SealView offers to print a signed and numbered reply under the seal.
type SealView struct {
	Path string
	Name string // of the picture; "" where a service seals
}

// sealView is nil for who may not seal the version, and where the bureau has no seal.
func (s *Room) sealView(r *http.Request, f *casefile.File, version int) (*SealView, error) {
	if _, refusal := f.As(kit.OfficerOf(r).Person).Seals(f.State); refusal != nil || version != f.State.Draft {
		return nil, nil
	}
	seal, how, err := s.sealing(r.Context())
	if err != nil || how == printing.Unsealed {
		return nil, err
	}
	return &SealView{"/cases/" + f.CaseID + "/sealed", seal.Name}, nil
}

// sealing is how the bureau seals its replies.
func (s *Room) sealing(ctx context.Context) (store.Seal, printing.Sealing, error) {
	if s.sealService {
		return store.Seal{}, printing.ByService, nil
	}
	seal, ok, err := s.store.Seal(ctx)
	if err != nil || !ok {
		return seal, printing.Unsealed, err
	}
	return seal, printing.ByPicture, nil
}

// SealedSend prints the replies under the seal, one for each addressee, and sends them as PDF: nothing that bears a seal can be changed. It is a POST,
// because each use of the seal leaves a line in the record.
func (s *Room) SealedSend(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	if _, refusal := f.As(who.Person).Seals(f.State); refusal != nil {
		return refusal
	}
	_, how, err := s.sealing(r.Context())
	if err != nil {
		return err
	}
	if how == printing.Unsealed {
		return kit.ErrNotFound
	}
	d, err := s.version(r, f, f.State.Draft)
	if err != nil {
		return err
	}
	all := replies(s.PaperWords(), f, d, 0)
	order, err := s.store.OrderSealed(r.Context(), who.ID, f.CaseID, store.SealUse{
		Version: d.Version, Seal: how, About: s.sealAbout(f, all[0], who),
		Files: func(seal store.Seal, picture []byte) ([][]byte, error) { return underSeal(all, seal, picture) },
	})
	if err != nil {
		return err
	}
	if files := finished(order); files == nil {
		order, err = s.print(r, order)
	}
	if files := finished(order); err == nil && files != nil {
		return sendReplies(w, f, all, files, ".pdf", pdfType)
	}
	s.Log.ErrorContext(r.Context(), "a reply is not printed under the seal", "case", f.CaseID, "err", err)
	s.Flash(r, s.notSealed(r, order))
	http.Redirect(w, r, "/cases/"+f.CaseID+"/preview", http.StatusSeeOther)
	return nil
}

// finished are the files of an order as they go out; nil while they are not ready.
func finished(o printing.Order) [][]byte {
	if o.Seal == printing.ByService {
		return o.Sealed
	}
	return o.PDF
}

// notSealed says why there is no file: what the service said, or that one may ask again.
func (s *Room) notSealed(r *http.Request, o printing.Order) string {
	words := s.Words(r)
	if now, err := s.store.PrintOrder(r.Context(), o.ID); err == nil && now.Refused != "" {
		return words.T("preview.seal_refused", "Words", now.Refused)
	}
	return words.T("preview.seal_later")
}

func underSeal(all []paper.Reply, seal store.Seal, picture []byte) ([][]byte, error) {
	var stamp *gongwen.Seal
	if picture != nil {
		stamp = &gongwen.Seal{PNG: picture, Diameter: seal.Diameter}
	}
	var files [][]byte
	for _, one := range all {
		file, err := gongwen.Docx(one, stamp)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// sealAbout is what a service is told of the reply.
func (s *Room) sealAbout(f *casefile.File, one paper.Reply, who *store.Person) printing.About {
	return printing.About{
		CaseNumber: f.Key.NumberName(), Number: one.Number, Title: one.Title, Agency: one.Agency, SignedOn: f.State.SignedOn,
		Signer: f.People[f.State.Signer].ZH, OrderedBy: who.Name.ZH,
	}
}
