package api

import (
	"errors"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// Rules is a rule pack.
type Rules struct {
	ID        string        `json:"id"`
	Profile   string        `json:"profile"`
	Name      string        `json:"name"`
	Extends   string        `json:"extends,omitempty"`
	ValidFrom calendar.Date `json:"valid_from"`
	BuiltIn   bool          `json:"built_in,omitempty"`
	PutBy     string        `json:"put_by,omitempty"` // the name of who put it in force; none: the command line, or it is built in
	PutAt     time.Time     `json:"put_at,omitzero"`
	NewCases  bool          `json:"new_cases,omitempty"` // what is assigned today gets it
	OpenCases int           `json:"open_cases"`          // unfinished cases under it
	Source    string        `json:"source,omitempty"`    // its file; in the list of all it is left out
}

// RulesList is every rule pack, those of one profile together, the first to come into force first.
type RulesList struct {
	Items []Rules `json:"items"`
}

// NewRules is the file of a rule pack, in YAML.
type NewRules struct {
	Source string `json:"source"`
}

// RulesCheck is what is wrong with a file, or what it would change; nothing is changed.
type RulesCheck struct {
	ID        string            `json:"id,omitempty"`      // of a sound file
	Wrong     []RulesFault      `json:"wrong"`             // by line
	Against   string            `json:"against,omitempty"` // id of the pack that today's cases get, with which it is compared
	Changes   []RulesDifference `json:"changes"`
	NewCases  []RulesOfKind     `json:"new_cases"`  // kinds of case for which something would be different if one were assigned on its first day
	OpenCases int               `json:"open_cases"` // all that are unfinished
	Cases     []RulesEffects    `json:"cases"`      // those for which something would be different
}

// RulesFault is one thing that is wrong with a file.
type RulesFault struct {
	Line    int    `json:"line"`
	Field   string `json:"field,omitempty"` // limits.reply.months
	Code    string `json:"code"`
	Message string `json:"message"`
}

// RulesDifference is one thing that two packs say differently.
type RulesDifference struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"` // none: it does not say
	To    string `json:"to,omitempty"`
}

// RulesOfKind is what would be different for a new case of a kind.
type RulesOfKind struct {
	Body         assembly.Body `json:"body"`
	Intersession bool          `json:"intersession"`
	Effects      []RulesEffect `json:"effects"`
}

// RulesEffects is what would be different for a case.
type RulesEffects struct {
	Case    string        `json:"case,omitempty"` // its id; none: it is not yours to see
	Number  string        `json:"number"`
	Effects []RulesEffect `json:"effects"`
}

// RulesEffect is one thing that would be different.
type RulesEffect struct {
	What string        `json:"what"` // kind of a clock; or signer, review, series, reply_title, co_signers, class, ground
	Ref  string        `json:"ref,omitempty"`
	From string        `json:"from,omitempty"`
	To   string        `json:"to,omitempty"` // none: not to be had
	Due  calendar.Date `json:"due,omitzero"` // of a clock: the new day
}

func (s *Room) rulesList(call *Call, _ nothing) (RulesList, error) {
	list := RulesList{Items: []Rules{}}
	if !kit.ReadsRules(call.who) {
		return list, &proposal.Refusal{Code: proposal.NotFound}
	}
	packs := s.store.Packs()
	for _, profile := range packs.Profiles(calendar.DateOf(s.Now())) {
		for _, pack := range packs.Of(profile.Profile) {
			rules, err := s.rulesOf(call, pack)
			if err != nil {
				return list, err
			}
			rules.Source = ""
			list.Items = append(list.Items, rules)
		}
	}
	return list, nil
}

func (s *Room) rulesShow(call *Call, _ nothing) (Rules, error) {
	pack, ok := s.store.Pack(call.PathValue("id"))
	if !ok || !kit.ReadsRules(call.who) {
		return Rules{}, &proposal.Refusal{Code: proposal.NotFound}
	}
	return s.rulesOf(call, pack)
}

func (s *Room) rulesOf(call *Call, pack *proposal.Pack) (Rules, error) {
	rules := Rules{ID: pack.ID, Profile: pack.Profile, Name: pack.Name, Extends: pack.Extends, ValidFrom: pack.ValidFrom}
	bureau, err := s.store.Bureau(call.Context(), calendar.Date{})
	if err != nil {
		return rules, err
	}
	now, ok := s.store.Packs().For(bureau.Profile, calendar.DateOf(s.Now()))
	rules.NewCases = ok && now.ID == pack.ID
	open, err := s.store.OpenUnder(call.Context())
	if err != nil {
		return rules, err
	}
	rules.OpenCases = open[pack.ID]
	rules.Source, rules.BuiltIn = rulepack.BuiltInSource(pack.ID)
	kept, err := s.store.KeptRules(call.Context())
	if i := slices.IndexFunc(kept, func(k store.KeptRules) bool { return k.ID == pack.ID }); i >= 0 {
		rules.Source, rules.PutBy, rules.PutAt = kept[i].Source, call.words.Name(kept[i].By), kept[i].At
	}
	return rules, err
}

// administers refuses everybody but administrators.
func administers(call *Call) error {
	if !call.who.Has(proposal.Admin) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	return nil
}

func (s *Room) rulesCheck(call *Call, in NewRules) (RulesCheck, error) {
	check := RulesCheck{Wrong: []RulesFault{}, Changes: []RulesDifference{}, NewCases: []RulesOfKind{}, Cases: []RulesEffects{}}
	if err := administers(call); err != nil {
		return check, err
	}
	pack, err := s.store.TryRules(call.Context(), in.Source)
	if wrong := rulepack.Errors(nil); errors.As(err, &wrong) {
		for _, e := range wrong {
			check.Wrong = append(check.Wrong, RulesFault{e.Line, e.Path, e.Fault.Code, call.words.RulesFault(e)})
		}
		return check, nil
	} else if err != nil {
		return check, err
	}
	check.ID = pack.ID
	bureau, err := s.store.Bureau(call.Context(), calendar.Date{})
	if err != nil {
		return check, err
	}
	if now, ok := s.store.Packs().For(bureau.Profile, calendar.DateOf(s.Now())); ok {
		check.Against = now.ID
		for _, d := range rulepack.Diff(now, pack) {
			check.Changes = append(check.Changes, RulesDifference{d.Path, d.From, d.To})
		}
		kinds, err := s.store.WhatIfNew(call.Context(), now, pack)
		if err != nil {
			return check, err
		}
		for _, k := range kinds {
			check.NewCases = append(check.NewCases, RulesOfKind{k.Body, k.Intersession, effects(k.Effects)})
		}
	}
	cases, open, err := s.store.WhatIf(call.Context(), pack)
	check.OpenCases = open
	for _, c := range cases {
		of := RulesEffects{Number: c.Number}
		if call.who.Sees(c.State) {
			of.Case = c.CaseID
		}
		of.Effects = effects(c.Effects)
		check.Cases = append(check.Cases, of)
	}
	return check, err
}

func effects(of []proposal.PackEffect) (all []RulesEffect) {
	for _, e := range of {
		all = append(all, RulesEffect{e.What, e.Ref, e.From, e.To, e.Due})
	}
	return all
}

func (s *Room) rulesWithdraw(call *Call, _ nothing) (RulesList, error) {
	if err := administers(call); err != nil {
		return RulesList{}, err
	}
	if err := s.store.WithdrawRules(call.Context(), call.who.ID, call.PathValue("id")); err != nil {
		return RulesList{}, err
	}
	return s.rulesList(call, nothing{})
}

func (s *Room) rulesPut(call *Call, in NewRules) (Rules, error) {
	if err := administers(call); err != nil {
		return Rules{}, err
	}
	pack, err := s.store.PutRules(call.Context(), call.who.ID, in.Source)
	if wrong := rulepack.Errors(nil); errors.As(err, &wrong) { // which lines, the check tells
		return Rules{}, &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "source", Code: proposal.FieldMalformed}}}
	} else if err != nil {
		return Rules{}, err
	}
	call.location = root + "/rules/" + pack.ID
	return s.rulesOf(call, pack)
}
