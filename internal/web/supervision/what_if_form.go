package supervision

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// supposition is what was asked for.
type supposition struct {
	store.Supposition
	people      map[proposal.PersonID]store.Person // of those who may be chosen
	off, worked calendar.Date
	handlers    proposal.DivisionID // the division that would have one more
	roles       []proposal.Role
}

// moreRoles are those of whom there may be one more, with the gates that they open.
var moreRoles = []struct {
	role  proposal.Role
	gates []store.Gate
}{
	{proposal.OfficeReviewer, []store.Gate{store.Gate(proposal.OfficeReview)}},
	{proposal.LegalReviewer, []store.Gate{store.Gate(proposal.LegalReview)}},
	{proposal.OpennessReviewer, []store.Gate{store.Gate(proposal.OpennessReview)}},
	{proposal.LeaderInCharge, []store.Gate{store.Gate(proposal.SignOff)}},
	{proposal.Liaison, []store.Gate{store.Gate(proposal.Numbering), store.Gate(proposal.Dispatching)}},
	{proposal.Publisher, []store.Gate{store.PublicationGate}},
}

const longestAbsence = 366 // days

// readWhatIf reads what is tried out into the form.
func (s *Room) readWhatIf(r *http.Request, p *whatIfPage, divisions []store.Division) (asked supposition, err error) {
	who, words, typed := kit.OfficerOf(r), s.Words(r), r.URL.Query()
	days, today := s.Days(r.Context()), calendar.DateOf(s.Now())
	f := &kit.Form{Kind: "what_if", Words: words, Values: typed, Choices: map[string][]kit.Choice{}}
	p.Form = f
	if len(typed) == 0 { // a fortnight, from the next working day on
		next := days.AddWorkdays(today, 1).End
		f.Values = url.Values{"from": {next.String()}, "to": {next.AddDays(11).String()}}
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return asked, err
	}
	asked.people = map[proposal.PersonID]store.Person{}
	for _, person := range people {
		if !person.Active || !kit.OfBureau(person) || !seesWhole(who) && !slices.Contains(who.AnswersFor(), person.Division) {
			continue
		}
		asked.people[person.ID] = person
		name := words.Name(person.DivisionName)
		if len(p.People) == 0 || p.People[len(p.People)-1].Name != name {
			p.People = append(p.People, WhatIfDivision{Name: name})
		}
		list := &p.People[len(p.People)-1].Choices
		*list = append(*list, kit.Choice{Value: string(person.ID), Name: words.Name(person.Name), Ticked: f.Has("away", string(person.ID))})
	}
	if seesWhole(who) {
		for _, more := range moreRoles {
			f.Choices["more"] = append(f.Choices["more"], kit.Choice{Value: string(more.role), Name: locale.Capital(words.T("role." + string(more.role)))})
			if f.Has("more", string(more.role)) {
				asked.roles = append(asked.roles, more.role)
			}
		}
	}
	for _, d := range store.AtWork(divisions) {
		if seesWhole(who) || slices.Contains(who.AnswersFor(), d.Code) {
			f.Choices["handlers"] = append(f.Choices["handlers"], kit.Choice{Value: string(d.Code), Name: words.Name(d.Name)})
		}
	}
	asked.read(f, days, today)
	p.Asked = len(f.Wrong) == 0 && (len(asked.Away)+len(asked.More) > 0 || asked.Days != nil)
	return asked, nil
}

// read reads the fields, and says what is wrong with them beside each.
func (asked *supposition) read(f *kit.Form, days *calendar.Calendar, today calendar.Date) {
	wrong := func(e proposal.FieldError) {
		f.Wrong = append(f.Wrong, kit.FieldWords(f.Words, []proposal.FieldError{e})...)
	}
	day := func(name string) (d calendar.Date) {
		if text := f.Value(name); text != "" && d.UnmarshalText([]byte(text)) != nil {
			wrong(proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
		}
		return d
	}
	for _, id := range f.Values["away"] {
		if _, known := asked.people[proposal.PersonID(id)]; !known {
			wrong(proposal.FieldError{Field: "away", Code: proposal.NotInBureau})
		} else if !slices.Contains(asked.Away, proposal.PersonID(id)) {
			asked.Away = append(asked.Away, proposal.PersonID(id))
		}
	}
	if from, to := day("from"), day("to"); len(asked.Away) > 0 && f.Error("from") == "" && f.Error("to") == "" {
		switch latest := from.AddDays(longestAbsence - 1); {
		case from.IsZero():
			wrong(proposal.FieldError{Field: "from", Code: proposal.FieldRequired})
		case from.Before(today):
			wrong(proposal.FieldError{Field: "from", Code: proposal.DayInPast})
		case to.IsZero():
			wrong(proposal.FieldError{Field: "to", Code: proposal.FieldRequired})
		case to.Before(from):
			wrong(proposal.FieldError{Field: "to", Code: proposal.DayBeforeStart, Date: from})
		case to.After(latest):
			wrong(proposal.FieldError{Field: "to", Code: proposal.DayAfterCap, Date: latest})
		}
		asked.From, asked.To = from, to
	}
	if code := f.Value("handlers"); slices.ContainsFunc(f.Choices["handlers"], func(c kit.Choice) bool { return c.Value == code }) {
		asked.handlers = proposal.DivisionID(code)
		asked.More = append(asked.More, proposal.Person{ID: "more handler", Roles: []proposal.Role{proposal.Handler}, Division: asked.handlers})
	} else if code != "" {
		wrong(proposal.FieldError{Field: "handlers", Code: proposal.NotInBureau})
	}
	var field []proposal.DivisionID
	for _, c := range f.Choices["handlers"] {
		field = append(field, proposal.DivisionID(c.Value))
	}
	for _, role := range asked.roles {
		asked.More = append(asked.More, proposal.Person{ID: proposal.PersonID("more " + role), Roles: []proposal.Role{role}, Field: field})
	}
	asked.off, asked.worked = day("off"), day("worked")
	for name, d := range map[string]calendar.Date{"off": asked.off, "worked": asked.worked} {
		switch {
		case d.IsZero():
		case !d.After(today):
			f.Wrong = append(f.Wrong, kit.FieldMessage{Field: name, Text: f.Words.T("what_if.not_ahead")})
		case days.IsWorkday(d) != (name == "off"):
			f.Wrong = append(f.Wrong, kit.FieldMessage{Field: name, Text: f.Words.T("what_if.as_it_is." + name)})
		}
	}
	var off, worked []calendar.Date
	if !asked.off.IsZero() {
		off = append(off, asked.off)
	}
	if !asked.worked.IsZero() {
		worked = append(worked, asked.worked)
	}
	if len(off)+len(worked) > 0 {
		asked.Days = days.Supposing(off, worked)
	}
}

// away reports whether those who are away are away on the day.
func (asked supposition) away(day calendar.Date) bool {
	return len(asked.Away) > 0 && !day.Before(asked.From) && !day.After(asked.To)
}

// said is what is tried out, in words.
func (asked supposition) said(w *locale.Words, divisions []store.Division) (says []string) {
	if len(asked.Away) > 0 {
		var names []string
		for _, id := range asked.Away {
			names = append(names, w.Name(asked.people[id].Name))
		}
		says = append(says, w.T("what_if.says.away", "Names", w.List(names), "From", w.Date(asked.From), "To", w.Date(asked.To)))
	}
	for _, role := range asked.roles {
		says = append(says, w.T("what_if.says.more", "Role", w.T("role."+string(role))))
	}
	if asked.handlers != "" {
		says = append(says, w.T("what_if.says.handler", "Division", divisionName(w, divisions, asked.handlers)))
	}
	if !asked.off.IsZero() {
		says = append(says, w.T("what_if.says.off", "Date", w.Date(asked.off)))
	}
	if !asked.worked.IsZero() {
		says = append(says, w.T("what_if.says.worked", "Date", w.Date(asked.worked)))
	}
	return says
}
