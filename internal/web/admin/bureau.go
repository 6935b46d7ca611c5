package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// bureauPage is what the bureau says of itself, to be changed.
type bureauPage struct {
	kit.Frame
	Form     *kit.Form
	MaxLinks int
	Series   []string // in words, where the form cannot say them: they stay as the bureau's file has them
}

func (*bureauPage) Template() string { return "bureau.html" }

// bureauFields are the fields of the page in their order.
var bureauFields = []string{
	"name", "short", "level", "place", "phone", "name_en", "short_en", "npc", "cppcc", "profile", "series", "series_cppcc", "given", "site_title", "contact", "identifier", "icp", "police", "links", "second_factor",
}

// BureauShow draws the page.
func (s *Room) BureauShow(w http.ResponseWriter, r *http.Request) error {
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	return s.renderBureau(w, r, http.StatusOK, bureau, typedOf(bureau), nil)
}

// BureauSave keeps it. What is wrong is said beside the field.
func (s *Room) BureauSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	was, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	typed := url.Values{}
	for _, field := range bureauFields {
		typed.Set(field, strings.TrimSpace(r.PostForm.Get(field)))
	}
	bureau := bureauOf(typed)
	typed["second_factor"] = r.PostForm["second_factor"]
	for _, role := range typed["second_factor"] {
		bureau.SecondFactor = append(bureau.SecondFactor, proposal.Role(role))
	}
	bureau.Demonstration, bureau.Login = was.Demonstration, was.Login
	if !sayable(was) {
		bureau.Series = was.Series
	}
	wrong := bureau.Check()
	if bureau.Profile != was.Profile { // rules that ran out stay chosen until others are
		wrong = append(wrong, s.wrongProfile(bureau.Profile)...)
	}
	if len(bureau.SecondFactor) > 0 && !s.store.KeepsSecrets() {
		if _, err := s.Passkeys(r); err != nil { // nobody could come in any more
			wrong = append(wrong, proposal.FieldError{Field: "second_factor", Code: proposal.NoSecondFactor})
		}
	}
	if len(wrong) > 0 {
		return s.renderBureau(w, r, http.StatusUnprocessableEntity, was, typed, wrong)
	}
	if err := s.store.SaveBureau(r.Context(), who.ID, bureau); err != nil {
		return err
	}
	s.BureauChanged()
	s.Flash(r, s.Words(r).T("flash.bureau"))
	http.Redirect(w, r, "/bureau", http.StatusSeeOther)
	return nil
}

func (s *Room) renderBureau(w http.ResponseWriter, r *http.Request, status int, was proposal.Bureau, typed url.Values, wrong []proposal.FieldError) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	p := &bureauPage{Frame: kit.Frame{Title: words.T("bureau.title"), Section: "bureau"}, MaxLinks: proposal.MaxLinks}
	if !sayable(was) {
		for _, series := range was.Series {
			p.Series = append(p.Series, series.String())
		}
	}
	slices.SortStableFunc(wrong, func(a, b proposal.FieldError) int {
		return slices.Index(bureauFields, a.Field) - slices.Index(bureauFields, b.Field)
	})
	p.Form = &kit.Form{
		Kind: "setup", Path: "/bureau", Words: words, Values: typed, Wrong: kit.FieldWords(words, wrong),
		Choices: map[string][]kit.Choice{
			"level": kit.Choices(words, "level.", assembly.Levels), "profile": s.profileChoices(words, was.Profile), "given": kit.Choices(words, "given.", proposal.NumberGivers),
			"second_factor": kit.Choices(words, "role.", proposal.Roles),
		},
	}
	return s.Render(w, r, status, p)
}

// sayable reports whether the form can say the number series of a bureau. A file can say more: a series of each way of handling.
func sayable(b proposal.Bureau) bool { return slices.Equal(bureauOf(typedOf(b)).Series, b.Series) }
