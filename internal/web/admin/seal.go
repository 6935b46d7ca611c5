package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// sealPage is the picture of the seal that replies are printed with.
type sealPage struct {
	kit.Frame
	Service bool // a service seals replies: the picture is not used
	InUse   *SealInUse
	Form    *kit.Form
	MaxMB   int
}

func (*sealPage) Template() string { return "seal.html" }

// SealInUse is the one with which replies are printed now, in words.
type SealInUse struct {
	Name, Set string
	Diameter  int
}

// SealShow draws the page. It does not show the picture: each look at that is told.
func (s *Room) SealShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderSeal(w, r, http.StatusOK, nil, nil)
}

// SealSet puts another picture in the place of the one in use.
func (s *Room) SealSet(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	u, err := kit.ReadUpload(w, r)
	if wrong, ok := kit.UploadWords(words, err); err != nil && ok {
		for i := range wrong {
			wrong[i].Field = "picture"
		}
		return s.renderSeal(w, r, http.StatusUnprocessableEntity, u.Fields, wrong)
	} else if err != nil {
		return err
	}
	diameter, _ := strconv.Atoi(strings.TrimSpace(strings.Map(chinese.HalfWidth, u.Fields.Get("diameter")))) // 0 for what is no number, which is refused
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error {
		return e.SetSeal(r.Context(), u.Fields.Get("name"), diameter, u.Data)
	})
	if wrong, ok := wrongFields(err); ok {
		return s.renderSeal(w, r, http.StatusUnprocessableEntity, u.Fields, kit.FieldWords(words, wrong))
	}
	if err != nil {
		return err
	}
	return s.sealChanged(w, r, words.T("flash.seal_set"))
}

// SealEnd takes it away.
func (s *Room) SealEnd(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	if err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.EndSeal(r.Context()) }); err != nil {
		return err
	}
	return s.sealChanged(w, r, s.Words(r).T("flash.seal_ended"))
}

func (s *Room) sealChanged(w http.ResponseWriter, r *http.Request, said string) error {
	s.Flash(r, said)
	http.Redirect(w, r, "/bureau/seal", http.StatusSeeOther)
	return nil
}

// SealLook sends the picture. It is a POST, because each look leaves a line among what was changed.
func (s *Room) SealLook(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	seal, picture, err := s.store.LookAtSeal(r.Context(), who.ID)
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: seal.Name + ".png", MediaType: "image/png"}, picture)
}

// renderSeal draws the page with what was typed; nil for nothing, then with what another picture of the same seal would bear.
func (s *Room) renderSeal(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []kit.FieldMessage) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	seal, ok, err := s.store.Seal(r.Context())
	if err != nil {
		return err
	}
	if typed == nil {
		typed = url.Values{"name": {seal.Name}, "diameter": {strconv.Itoa(cmp.Or(seal.Diameter, store.UsualSealMM))}}
	}
	words := s.Words(r)
	p := &sealPage{
		Frame: kit.Frame{Title: words.T("seal.title"), Section: "bureau"}, Service: s.sealService, MaxMB: store.MaxSealBytes >> 20,
		Form: &kit.Form{Kind: proposal.Kind("seal"), Path: "/bureau/seal", Words: words, Values: typed, Wrong: wrong},
	}
	if ok {
		p.InUse = &SealInUse{seal.Name, words.T("seal.set", "Who", words.Name(seal.By), "When", words.Moment(seal.At)), seal.Diameter}
	}
	return s.Render(w, r, status, p)
}
