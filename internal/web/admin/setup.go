package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/setup"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// setupPage is one page of the first set-up. Nobody is logged in: the code in the address is what lets one in.
type setupPage struct {
	kit.Frame
	Steps []SetupStep
	Step  string // its name; "gone" if the address opens nothing
	Back  string // the page before; "" for the first
	Form  *kit.Form
	Facts []SetupFact // on the last page: what was said on the others
}

func (*setupPage) Template() string { return "setup.html" }

// SetupStep is a page of the set-up in the line of all.
type SetupStep struct {
	Name, Path string
	Here, Done bool
}

// SetupFact is something that was said on an earlier page.
type SetupFact struct{ Label, Value string }

// setupSteps are the pages in their order, each with its fields.
var setupSteps = []struct {
	name   string
	fields []string
}{
	{"bureau", []string{"name", "short", "level", "place", "phone", "name_en", "short_en"}},
	{"assemblies", []string{"npc", "cppcc"}},
	{"rules", []string{"profile", "series", "series_cppcc"}},
	{"administrator", []string{"person", "login", "password", "password_again"}},
}

// usualProfile is the profile of the rules that hold where a place has none of its own.
const usualProfile = "national"

// secretFields are never kept, nor shown again.
var secretFields = []string{"password", "password_again"}

func stepAt(name string) int {
	for i, step := range setupSteps {
		if step.name == name {
			return i
		}
	}
	return -1
}

// SetupStart goes to the first page on which something is missing.
func (s *Room) SetupStart(w http.ResponseWriter, r *http.Request) error {
	typed, err := s.openSetup(r)
	if err != nil {
		return s.refuseSetup(w, r, err)
	}
	next := setupSteps[len(setupSteps)-1].name
	for _, step := range setupSteps {
		if len(s.wrongWith(step.name, typed)) > 0 {
			next = step.name
			break
		}
	}
	http.Redirect(w, r, setupPath(r, next), http.StatusSeeOther)
	return nil
}

// SetupShow draws a page of the set-up with what was typed before.
func (s *Room) SetupShow(w http.ResponseWriter, r *http.Request) error {
	typed, err := s.openSetup(r)
	if err != nil {
		return s.refuseSetup(w, r, err)
	}
	return s.renderSetup(w, r, http.StatusOK, typed, nil)
}

// SetupSave keeps a page and goes on to the next; the last one makes the bureau.
func (s *Room) SetupSave(w http.ResponseWriter, r *http.Request) error {
	code, step := r.PathValue("code"), stepAt(r.PathValue("step"))
	if step < 0 {
		return kit.ErrNotFound
	}
	typed, err := s.openSetup(r)
	if err != nil {
		return s.refuseSetup(w, r, err)
	}
	said := url.Values{}
	for _, field := range setupSteps[step].fields {
		if typed.Set(field, r.PostForm.Get(field)); !slices.Contains(secretFields, field) {
			said.Set(field, strings.TrimSpace(r.PostForm.Get(field)))
			typed.Set(field, said.Get(field))
		}
	}
	// What is wrong is kept too: whoever is called away finds it as it was.
	if err := s.store.SaveSetupTyped(r.Context(), code, said); err != nil {
		return s.refuseSetup(w, r, err)
	}
	if wrong := s.wrongWith(setupSteps[step].name, typed); len(wrong) > 0 {
		return s.renderSetup(w, r, http.StatusUnprocessableEntity, typed, wrong)
	}
	if step+1 < len(setupSteps) {
		http.Redirect(w, r, setupPath(r, setupSteps[step+1].name), http.StatusSeeOther)
		return nil
	}
	return s.finishSetup(w, r, typed)
}

// finishSetup writes what a file would say that is given to banli setup.
func (s *Room) finishSetup(w http.ResponseWriter, r *http.Request, typed url.Values) error {
	for _, step := range setupSteps { // a page may have been left out
		if len(s.wrongWith(step.name, typed)) > 0 {
			http.Redirect(w, r, setupPath(r, step.name), http.StatusSeeOther)
			return nil
		}
	}
	file := setup.File{Bureau: bureauOf(typed), People: []setup.Person{{
		Login: typed.Get("login"), Name: typed.Get("person"), Roles: []proposal.Role{proposal.Admin}, Password: r.PostForm.Get("password"),
	}}}
	err := s.store.FinishSetup(r.Context(), r.PathValue("code"), func(e *store.Edit) error { return file.Apply(r.Context(), e) })
	if err != nil {
		return s.refuseSetup(w, r, err)
	}
	http.Redirect(w, r, "/login?back="+kit.EscapeQuery(kit.HomePath), http.StatusSeeOther)
	return nil
}

func setupPath(r *http.Request, step string) string {
	return "/setup/" + r.PathValue("code") + "/" + step
}

// openSetup is what was typed so far; before anything was, what the record says of the bureau.
func (s *Room) openSetup(r *http.Request) (url.Values, error) {
	typed, err := s.store.SetupTyped(r.Context(), r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return nil, err
	}
	known := typedOf(bureau)
	if known.Get("profile") == "" {
		known.Set("profile", usualProfile)
	}
	for field, values := range typed {
		known[field] = values
	}
	return known, nil
}

// refuseSetup tells whoever comes with an address that opens nothing what to do.
func (s *Room) refuseSetup(w http.ResponseWriter, r *http.Request, err error) error {
	if !kit.Refused(err, proposal.NotFound) {
		return err
	}
	return s.Render(w, r, http.StatusNotFound, &setupPage{Frame: kit.Frame{Title: s.Words(r).T("setup.title")}, Step: "gone"})
}

// wrongWith is what is wrong on a page.
func (s *Room) wrongWith(step string, typed url.Values) (wrong []proposal.FieldError) {
	if step == "administrator" {
		return wrongWithAdministrator(typed)
	}
	fields := setupSteps[stepAt(step)].fields
	for _, w := range bureauOf(typed).Check() {
		if slices.Contains(fields, w.Field) {
			wrong = append(wrong, w)
		}
	}
	if step == "rules" {
		wrong = append(wrong, s.wrongProfile(typed.Get("profile"))...)
	}
	return wrong
}

// wrongProfile refuses rules that are not in force; that there must be some, the bureau itself says.
func (s *Room) wrongProfile(profile string) []proposal.FieldError {
	if profile == "" || s.rulesName(profile) != "" {
		return nil
	}
	return []proposal.FieldError{{Field: "profile", Code: proposal.UnknownValue}}
}

// rulesName is what the rules of the profile are called today; "" if there are none.
func (s *Room) rulesName(profile string) string {
	packs := s.store.Packs().Profiles(calendar.DateOf(s.Now()))
	if i := slices.IndexFunc(packs, func(p *proposal.Pack) bool { return p.Profile == profile }); i >= 0 {
		return packs[i].Name
	}
	return ""
}

func wrongWithAdministrator(typed url.Values) (wrong []proposal.FieldError) {
	for _, field := range []string{"person", "login"} {
		switch value := typed.Get(field); {
		case value == "":
			wrong = append(wrong, proposal.FieldError{Field: field, Code: proposal.FieldRequired})
		case utf8.RuneCountInString(value) > proposal.MaxLine:
			wrong = append(wrong, proposal.FieldError{Field: field, Code: proposal.FieldTooLong, Max: proposal.MaxLine})
		}
	}
	return append(wrong, wrongWithPassword(typed, store.Person{Login: typed.Get("login"), Name: store.Name{ZH: typed.Get("person")}}, bureauOf(typed))...)
}

// wrongWithPassword looks at a password that somebody of the bureau chooses, typed twice.
func wrongWithPassword(typed url.Values, who store.Person, bureau proposal.Bureau) []proposal.FieldError {
	plain := typed.Get("password")
	switch wrong := store.WrongWithPassword(plain, who, bureau); {
	case wrong != "":
		return []proposal.FieldError{{Field: "password", Code: wrong, Max: store.MinPassword}}
	case plain != typed.Get("password_again"):
		return []proposal.FieldError{{Field: "password_again", Code: proposal.NotTheSame}}
	}
	return nil
}

func (s *Room) renderSetup(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []proposal.FieldError) error {
	words, at := s.Words(r), stepAt(r.PathValue("step"))
	if at < 0 {
		return kit.ErrNotFound
	}
	step := setupSteps[at]
	p := &setupPage{Frame: kit.Frame{Title: words.T("setup." + step.name)}, Step: step.name}
	for i, other := range setupSteps {
		p.Steps = append(p.Steps, SetupStep{other.name, setupPath(r, other.name), i == at, i != at && len(s.wrongWith(other.name, typed)) == 0})
	}
	if at > 0 {
		p.Back = setupPath(r, setupSteps[at-1].name)
	}
	shown := url.Values{}
	for _, field := range step.fields {
		if !slices.Contains(secretFields, field) {
			shown.Set(field, typed.Get(field))
		}
	}
	p.Form = &kit.Form{Kind: "setup", Path: setupPath(r, step.name), Words: words, Values: shown}
	p.Form.Wrong = kit.FieldWords(words, wrong)
	switch step.name {
	case "bureau":
		p.Form.Choices = map[string][]kit.Choice{"level": kit.Choices(words, "level.", assembly.Levels)}
	case "rules":
		p.Form.Choices = map[string][]kit.Choice{"profile": s.profileChoices(words, "")}
	case "administrator":
		p.Facts = s.setupFacts(words, typed)
	}
	return s.Render(w, r, status, p)
}

// profileChoices are the rules that a bureau may follow: those that are for everybody, and its own. Rules that come with the program and are another
// place's can be copied, not followed, unless the bureau does so now.
func (s *Room) profileChoices(w *locale.Words, now string) []kit.Choice {
	var choices []kit.Choice
	for _, pack := range s.store.Packs().Profiles(calendar.DateOf(s.Now())) {
		if _, builtIn := rulepack.BuiltIn()[pack.ID]; builtIn && !rulepack.General(pack.Profile) && pack.Profile != now {
			continue
		}
		choices = append(choices, kit.Choice{Value: pack.Profile, Name: pack.Name, Note: w.T("setup.valid_from", "Date", w.Day(pack.ValidFrom))})
	}
	return choices
}

// setupFacts are what was said on the pages before, for a last look.
func (s *Room) setupFacts(w *locale.Words, typed url.Values) []SetupFact {
	var facts []SetupFact
	for _, step := range setupSteps[:len(setupSteps)-1] {
		for _, field := range step.fields {
			value := typed.Get(field)
			switch {
			case value == "":
				continue
			case field == "level":
				value = w.T("level." + value)
			case field == "profile":
				value = s.rulesName(value)
			}
			facts = append(facts, SetupFact{w.T(kit.LabelKey(w, "setup", field)), value})
		}
	}
	return facts
}

// bureauOf is the bureau as the pages say it.
func bureauOf(typed url.Values) proposal.Bureau {
	b := proposal.Bureau{
		Name: typed.Get("name"), NameEN: typed.Get("name_en"), Short: typed.Get("short"), ShortEN: typed.Get("short_en"),
		Level: assembly.Level(typed.Get("level")), Place: typed.Get("place"), Phone: typed.Get("phone"), Profile: typed.Get("profile"),
		Assemblies: proposal.Assemblies{NPC: typed.Get("npc"), CPPCC: typed.Get("cppcc")},
		Site: proposal.Site{
			Title: typed.Get("site_title"), Contact: typed.Get("contact"), Identifier: typed.Get("identifier"), ICP: typed.Get("icp"), Police: typed.Get("police"),
			Links: linksOf(typed.Get("links")),
		},
	}
	given := proposal.NumberGiver(typed.Get("given"))
	switch given {
	case proposal.WithoutNumber:
		b.Series = []proposal.NumberSeries{{Given: given}}
		return b
	case proposal.OurNumber:
		given = "" // as it is written
	}
	if code := typed.Get("series_cppcc"); code != "" {
		b.Series = append(b.Series, proposal.NumberSeries{Body: assembly.CPPCC, Code: code, Given: given})
	}
	if code := typed.Get("series"); code != "" {
		b.Series = append(b.Series, proposal.NumberSeries{Code: code, Given: given})
	}
	return b
}

// typedOf is bureauOf the other way round; of series that the pages cannot say it gives what they can.
func typedOf(b proposal.Bureau) url.Values {
	typed := url.Values{}
	for field, value := range map[string]string{
		"name": b.Name, "name_en": b.NameEN, "short": b.Short, "short_en": b.ShortEN, "level": string(b.Level), "place": b.Place, "phone": b.Phone,
		"profile": b.Profile, "npc": b.Assemblies.NPC, "cppcc": b.Assemblies.CPPCC,
		"site_title": b.Site.Title, "contact": b.Site.Contact, "identifier": b.Site.Identifier, "icp": b.Site.ICP, "police": b.Site.Police,
		"links": linkLines(b.Site.Links),
	} {
		typed.Set(field, value)
	}
	for _, role := range b.SecondFactor {
		typed.Add("second_factor", string(role))
	}
	for _, series := range b.Series {
		typed.Set("given", string(cmp.Or(series.Given, proposal.OurNumber)))
		field := "series"
		if series.Body == assembly.CPPCC {
			field = "series_cppcc"
		}
		typed.Set(field, series.Code)
	}
	return typed
}

// linksOf reads links, one a line: its name, a blank, its address.
func linksOf(lines string) (links []proposal.Link) {
	for line := range strings.Lines(lines) {
		name, address := strings.TrimSpace(line), ""
		if name == "" {
			continue
		}
		if i := strings.LastIndexFunc(name, unicode.IsSpace); i >= 0 {
			name, address = strings.TrimSpace(name[:i]), strings.TrimSpace(name[i:])
		}
		links = append(links, proposal.Link{Name: name, URL: address})
	}
	return links
}

// linkLines is linksOf the other way round.
func linkLines(links []proposal.Link) string {
	var lines []string
	for _, l := range links {
		lines = append(lines, l.Name+" "+l.URL)
	}
	return strings.Join(lines, "\n")
}
