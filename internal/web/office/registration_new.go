package office

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// registrationPage takes a proposal in (登记).
type registrationPage struct {
	kit.Frame
	Form     *kit.Form
	Existing *ExistingCase // the number is on the register already
	Again    bool          // one after another is registered: the next one is what the primary button brings
	Accept   string        // endings of the files that are taken
	MaxMB    int
}

func (*registrationPage) Template() string { return "registration.html" }

// ExistingCase is the case that bears the number. Path is empty if it is not for this officer's eyes.
type ExistingCase struct{ Path, Number, Official string }

// RegistrationNew draws the empty form.
func (s *Room) RegistrationNew(w http.ResponseWriter, r *http.Request) error {
	if !kit.OfficerOf(r).Has(proposal.Liaison) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	p, err := s.newRegistrationPage(r, nil)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) newRegistrationPage(r *http.Request, typed url.Values) (*registrationPage, error) {
	w := s.Words(r)
	people, err := s.store.People(r.Context())
	if err != nil {
		return nil, err
	}
	form := &kit.Form{
		Kind: proposal.Register, Path: "/cases", ActionID: kit.NewActionID(), Late: typed.Get("late") != "",
		Do: w.T("do.register"), After: w.T("after.register"),
		Words: w, Values: typed, Choices: map[string][]kit.Choice{},
	}
	bureau := &casefile.File{Case: &store.Case{}, Staff: people}
	for _, field := range form.Row().Fields {
		form.Choices[field.Name] = bureau.Choices(w, field.Choices, proposal.Offer{})
	}
	form.Keep = kit.NewKeeping(kit.FormRegister, "", "", typed)
	if typed == nil {
		form.Values = url.Values{}
		for _, field := range form.Row().Fields {
			if field.Opens != nil {
				form.Values.Set(field.Name, field.Opens(form.Case))
			}
		}
		here, err := s.store.Bureau(r.Context(), calendar.Date{})
		if err != nil {
			return nil, err
		}
		form.Values.Set("level", string(here.Level)) // most of what a bureau answers comes from the assemblies of its own place
		for name, values := range s.LastSitting(r) {
			form.Values[name] = values
		}
	}
	all, err := s.store.Typed(r.Context(), kit.OfficerOf(r).ID, "")
	if err != nil {
		return nil, err
	}
	if kept := form.Keep.Find(w, all); kept != nil {
		form.Values = maps.Clone(url.Values(kept.Fields))
		form.Late = form.Values.Get("late") != ""
	}
	return &registrationPage{
		Frame: kit.Frame{Title: w.T("register.title"), Section: "register"}, Form: form, Again: r.URL.Query().Get(fieldThen) == thenNext,
		Accept: strings.Join(kit.UploadEndings(), ","), MaxMB: kit.MaxAttachmentMB,
	}, nil
}

// fieldThen says where a registration leads: to the next one, or into the case.
const (
	fieldThen = "then"
	thenNext  = "next"
)

// existingCase tells which case bears a number, as far as this officer may see it.
func (s *Room) existingCase(r *http.Request, id string, who *store.Person) *ExistingCase {
	c, err := s.store.Case(r.Context(), id)
	if err != nil || !c.ShowTo(who.Person) {
		return &ExistingCase{}
	}
	return &ExistingCase{"/cases/" + id, s.Words(r).Number(c.Key), c.Title}
}
