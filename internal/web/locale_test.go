package web

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/live"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/wording"
)

func catalogue(t *testing.T, lang string) map[string]any {
	t.Helper()
	files, err := filepath.Glob("locale/" + lang + "*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no catalogue: ", err)
	}
	messages := map[string]any{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		more := map[string]any{}
		if err := yaml.Unmarshal(data, &more); err != nil {
			t.Fatal(err)
		}
		for key, message := range more {
			if _, twice := messages[key]; twice {
				t.Errorf("%s: %s stands in another catalogue too", file, key)
			}
			messages[key] = message
		}
	}
	return messages
}

// family is every key that code builds from a prefix and a value of the domain.
func family[T ~string](prefix string, values []T) []string {
	var keys []string
	for _, v := range values {
		keys = append(keys, prefix+string(v))
	}
	return keys
}

// ownNotices are the clocks whose notices have words of their own.
var ownNotices = []proposal.ClockKind{proposal.DraftClock, proposal.PlanClock}

func builtKeys() []string {
	return slices.Concat(
		family("step.", proposal.Steps), family("stage.", proposal.Stages), family("task.", proposal.Asks()),
		family("weekday.", locale.Weekdays[:]), family("role.", proposal.Roles), family("clock.", proposal.ClockKinds),
		family("explain.clock.", proposal.ClockKinds), family("body.", assembly.Bodies), family("deputy.", assembly.Bodies), family("level.", assembly.Levels), family("given.", proposal.NumberGivers),
		family("handling.", proposal.HandlingTypes), family("mode.", proposal.ContactModes), family("outcome.", proposal.ContactOutcomes),
		family("status.", proposal.PointStatuses), family("openness.", proposal.Opennesses), family("dispatch.", proposal.DispatchModes),
		family("finding.", proposal.FindingCodes), family("field.", proposal.FieldCodes),
		withTexts(family("refusal.", proposal.RefusalCodes)), withTexts(family("refusal.unavailable.", proposal.Causes)),
		withTexts([]string{
			"refusal.too_large", "refusal.not_text", "refusal.cross_origin", "refusal.others_form", "refusal.no_token", "refusal.no_method", "refusal.not_json",
			"error.unforeseen",
		}),
		deskKeys(),
		suffixed(family("outcome.", proposal.ContactOutcomes), ".note"),
		family("nav.", []string{"tasks", "cases", "register", "overview", "statistics", "public", "engine", "home", "people", "divisions", "bureau", "rules", "changes", "directory"}), family("home.looks.", []string{"contact", "sealed", "corrected", "rated", "overridden"}),
		family("group.", []string{"overdue", "today", "week", "later"}),
		family("wish.", []string{"agrees", "disagree", "none"}),
		family("explain.", []string{"rule", "source", "start", "nominal", "shift", "left", "passed", "met", "provisional", "moved", "stopped", "bell"}),
		family("explain.rule.", []string{
			proposal.RuleNamedDay, proposal.RuleChosenDay, proposal.RulePromised, proposal.RuleRedo, string(proposal.StageClock), proposal.RuleHalfway, proposal.RulePlan,
		}),
		family("process.silent.", []string{"stopped", "late", "window", "done"}), family("process.bell.", []string{"remind", "remind_today", "ran_out", "escalate", "call_back"}),
		family("process.gate.", []proposal.Step{proposal.StepSignOff, proposal.StepClosure}), family("notice.light.", proposal.Lights),
		family("notice.remind.", ownNotices), family("notice.ran_out.", ownNotices), family("notice.escalate.", ownNotices),
		family("conflict.", []string{"comment", "turn", "reason"}),
		family("fact.", []string{
			"session", "deputy", "lead", "co_handling", "handler", "number",
			"leader", "watchers",
		}),
		family("flash.", []string{"claimed", "released", "watched", "unwatched"}),
		family("form.", []string{"class", "contact_name", "contact_phone", "on", "point"}), // fields that no input has by that name
		family("mark.", replytext.MarkCodes), family("draft.kind.", replytext.MarkCodes),
		family("draft.piece.", []string{"opening", "heading", "thanks"}), family("rating.", proposal.Ratings), family("reaction.", proposal.Reactions),
		family("source.", proposal.FeedbackSources), family("proposer.", assembly.ProposerKinds), []string{"proposer.of"}, family("proposer.of.", assembly.Bodies), family("route.", proposal.Conditions),
		family("explain.moved_text.", []proposal.ShiftReason{proposal.ShiftByExtension, proposal.ShiftBySuspension, proposal.ShiftByChange}),
		family("event.return.", []string{"yes", "no"}), family("event.extension.", []string{"yes", "no"}),
		suffixed(family("refusal.", []proposal.RefusalCode{
			proposal.WindowClosed, proposal.TooLateToExtend, proposal.NotOverdue, proposal.UrgedRecently,
		}), ".due"),
		family("live.did.", live.Verbs), family("live.lands.", []string{"overdue", "today", "week", "later"}),
		[]string{"role.deputy"}, strandKeys(), holidayKeys(), actionKeys(), formLabels(), roomKeys(), reviewKeys(), caseKeys(),
		bulkKeys(), adminKeys(), rulesKeys(), secondKeys(), providerKeys(), directoryKeys(),
	)
}

// changedParts are the columns of the record whose changes the administrators and the auditor read.
var changedParts = []string{
	"login", "name", "name_en", "phone", "email", "division", "roles", "field", "active",
	"sort", "closed_on", "taken_over_by", "short", "short_en", "level", "place", "series", "site", "assemblies", "profile", "demonstration",
	"from_date", "to_date", "reason", "made_at", "confirmed_at", "revoked_at", "expires_at", "sent_to",
	"set", "created_at", "diameter", "looked", "ended", "text",
	"term", "group_name", "post", "contact", "second", "address", "postcode", "ended_on", "end_note", "seen", "exported",
}

// adminKeys are the pages of the set-up and the labels of their fields.
func adminKeys() []string {
	steps := family("setup.", []string{"bureau", "assemblies", "rules", "administrator"})
	fields := []string{
		"name", "short", "level", "place", "phone", "name_en", "short_en", "npc", "cppcc", "profile", "series", "series_cppcc", "given", "site_title", "contact", "identifier", "icp", "police", "links", "person", "login",
	}
	return slices.Concat(steps, suffixed(steps, "_lead"), family("form.setup.", fields),
		family("form.person.", []string{"login", "name", "name_en", "division", "roles", "field", "phone", "email", "active"}),
		family("form.division.", []string{"name", "name_en", "sort", "phone"}), family("form.seal.", []string{"name", "diameter", "picture"}), family("changes.", []string{"person", "cover", "division", "bureau", "password", "token", "seal", "rules", "rules_withdrawn", "wording"}), family("changes.came.", []string{"in", "out", "ended", "wrong", "rests"}),
		family("form.wording.", wording.Languages), family("wording.fault.", wording.Codes), wordingKeys(),
		family("password.made.", []string{"handed", "waiting", "trying", "sent", "unsure", "failed", "dropped"}),
		family("form.", []string{"password", "password_again"}), family("form.own_password.", []string{"old", "password", "password_again"}), family("changes.", []string{"true", "false"}), family("changes.part.", changedParts))
}

// directoryKeys are the directories, and what their forms and lists say.
func directoryKeys() []string {
	return slices.Concat(
		family("directory.", directory.Kinds), family("directory.new.", directory.Kinds), family("form.directory.", directory.Deputies.Fields()), family("form.outside.", directory.CoUnits.Fields()),
		family("directory.file_hint.", []string{directory.Deputies.Words(), directory.CoUnits.Words()}), family("directory.", []string{"delegation", "sector"}), family("changes.", []string{"directory", "directory_look"}))
}

// wordingKeys are the labels of the texts that a bureau may put in its own words, and of their groups.
func wordingKeys() (keys []string) {
	for _, g := range wording.Groups {
		keys = append(keys, "wording.group."+g.Name)
		for _, text := range g.Texts {
			keys = append(keys, "wording.of."+text.Key)
			if text.Letter {
				keys = append(keys, text.Key)
			}
		}
	}
	return keys
}

// rulesKeys are the words for what a rule pack says, what is wrong with it and what it would change.
func rulesKeys() []string {
	var effects []string
	for _, what := range []string{"clock", "signer", "review", "series", "reply_title", "co_signers", "class", "ground"} {
		effects = append(effects, "rules.effect."+what)
	}
	return slices.Concat(
		family("rules.part.", []string{"limits", "route", "reminders", "stages", "numbers", "reply", "classes", "grounds", "contact", "other", "scoring", "corrections", "papers", "forms"}),
		family("rules.limit.", append(slices.Clone(proposal.LimitKeys), proposal.LimitReceipt)), family("rules.intersession.", []string{"true", "false"}),
		family("rules.kind.", append([]proposal.Condition{"npc", "co_handle"}, proposal.Conditions...)),
		family("rules.reach.", []proposal.ReplyReach{proposal.ReplyToEach, proposal.ReplyThroughLead}),
		family("rules.needs.", []proposal.ClassNeed{proposal.NeedsCommitment, proposal.NeedsReason}),
		family("rules.other.", []string{"extension", "suspension", "rounds", "countersign", "urge", "still", "promise", "draft", "plan", "brief", "cover"}),
		family("brief.", proposal.Briefings), family("brief.title.", []string{"daily", "weekly"}),
		family("rules.paper.", proposal.PaperKinds), family("rules.form.", proposal.FormKinds), family("amend.", proposal.RegisterFacts),
		family("rules.fault.", rulepack.Faults()), family("rules.counted.", []string{"earlier", "later", "gone"}), effects, family("rules.reply_form.", []string{"letter", "plain", "plain_signed"}), family("rules.unit.", []string{"months", "days", "workdays", "workdays_before"}),
		family("rules_put.", []string{"bad_day", "bad_number", "name_too"}), family("form.rules.", []string{"name", "valid_from", "before", "ordinary", "strict", "extension", "rounds", "urge", "attempts", "suspension", "countersign"}),
	)
}

// actionKeys are the words of every action: its heading, its button, what pressing it does, and how it is told afterwards.
func actionKeys() []string {
	var keys []string
	for _, k := range proposal.Kinds() {
		kind := string(k)
		keys = append(keys, "action."+kind, "event."+kind)
		row := kinds.Of(k)
		if row.Verb {
			keys = append(keys, "live.did."+kind)
		}
		if row.Names != "" {
			keys = append(keys, "do."+kind+"_named")
		}
		for _, t := range proposal.Table {
			if t.Kind == k && row.Stages {
				keys = append(keys, kinds.EventKey(kind, t.From))
			}
		}
		if k.BySystem() {
			continue
		}
		keys = append(keys, "do."+kind, "after."+kind)
		if k != proposal.Register {
			keys = append(keys, "other."+kind)
		}
	}
	for _, kind := range []string{
		proposal.EventClaim, proposal.EventRelease, proposal.EventSaveDraft, proposal.EventViewContact, proposal.EventSeal, proposal.EventInterrupted, proposal.EventStuck,
	} {
		keys = append(keys, "event."+kind)
	}
	return append(keys, family("event.openness.", proposal.Opennesses)...)
}

// strandKeys are the headings and states of what runs beside the main way, and of what may be done there.
func strandKeys() []string {
	keys := append(family("strand.", proposal.StrandKinds), "strand.merged")
	for _, kind := range proposal.StrandKinds {
		keys = append(keys, family("strand."+string(kind)+".", casefile.StrandStatuses(kind))...)
	}
	return append(keys, family("side.", kinds.Headings)...)
}

// formLabels are the labels of every field of every input.
func formLabels() []string {
	keys := []string{"form." + kit.FieldRef}
	for _, kind := range proposal.Kinds() {
		for _, f := range kinds.Of(kind).Fields {
			keys = append(keys, "form."+f.Name)
			if f.Part != "" {
				keys = append(keys, "register."+f.Part)
			}
			if f.With != "" && f.Control == kinds.Ticks {
				keys = append(keys, "register."+f.Name)
			}
			if f.Fact {
				keys = append(keys, "fact."+f.Name)
			}
			for _, value := range f.Choices.Values {
				keys = append(keys, f.Choices.Key(value))
			}
		}
	}
	return keys
}

// Every action beside the main way stands under one heading, and every task of a strand has an action that does it.
func TestEverySideActionHasItsPlace(t *testing.T) {
	for _, row := range proposal.SideTable {
		if !slices.Contains(kinds.Headings, kinds.Of(row.Kind).Side) {
			t.Errorf("%s stands under no heading", row.Kind)
		}
	}
	for _, ask := range proposal.Asks() {
		if len(kinds.Doing(ask)) == 0 && !slices.Contains(proposal.Stages, proposal.Stage(ask)) {
			t.Errorf("nothing does the task %s", ask)
		}
	}
}

func holidayKeys() []string {
	var keys []string
	for year := 2010; year < 2100; year++ {
		y, _ := calendar.National().Year(year)
		for _, h := range y.Holidays {
			keys = append(keys, "holiday."+h.Key)
		}
	}
	return keys
}

func suffixed(keys []string, suffix string) []string {
	var all []string
	for _, k := range keys {
		all = append(all, k+suffix)
	}
	return all
}

func withTexts(keys []string) []string {
	var both []string
	for _, k := range keys {
		both = append(both, k+".title", k+".text")
	}
	return both
}

// A key is written out in full as the first argument of T or t.
var keyUse = regexp.MustCompile(`(?:\.T[( ]|\bone\(|[{(| ]t )"([a-z0-9_.]+)"`)

func sources(t *testing.T, exts ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (path == "scripts_test" || path == "kittest") {
			return fs.SkipDir // only tests read these
		}
		if err != nil || d.IsDir() || !slices.Contains(exts, filepath.Ext(path)) || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		texts[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// special messages are looked up if they exist: a field's label or error in one form, or about one field.
var special = regexp.MustCompile(`^(form|field)\.[a-z_]+\.[a-z0-9_]+$`)

func TestCataloguesHaveTheSameKeysAndNoOthers(t *testing.T) {
	zh, en := catalogue(t, locale.Chinese), catalogue(t, locale.English)
	used := map[string]bool{}
	for _, k := range builtKeys() {
		used[k] = true
	}
	texts := sources(t, ".go", ".html")
	rows, err := filepath.Glob("../kinds/*.go")
	if err != nil || len(rows) == 0 {
		t.Fatalf("no rows of kinds: %v", err)
	}
	for _, path := range rows {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	for _, text := range texts {
		for _, m := range keyUse.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
	}
	for _, k := range slices.Sorted(maps.Keys(used)) {
		if strings.HasSuffix(k, ".") {
			continue // the prefix of a built key
		}
		if zh[k] == nil {
			t.Errorf("zh.yaml lacks %s", k)
		}
		if en[k] == nil {
			t.Errorf("en.yaml lacks %s", k)
		}
	}
	for lang, messages := range map[string]map[string]any{locale.Chinese: zh, locale.English: en} {
		for _, k := range slices.Sorted(maps.Keys(messages)) {
			if !used[k] && !special.MatchString(k) {
				t.Errorf("%s.yaml: nothing uses %s", lang, k)
			}
		}
	}
	for k := range zh {
		if en[k] == nil {
			t.Errorf("en.yaml lacks %s, which zh.yaml has", k)
		}
	}
}

func TestNoChineseOutsideCatalogues(t *testing.T) {
	for path, text := range sources(t, ".html", ".js") {
		for i, line := range strings.Split(text, "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s:%d: Chinese text belongs in the catalogue: %s", path, i+1, strings.TrimSpace(line))
			}
		}
	}
	literal := regexp.MustCompile("\"[^\"\n]*\\p{Han}[^\"\n]*\"|`[^`]*\\p{Han}[^`]*`")
	for path, text := range sources(t, ".go") {
		for i, line := range strings.Split(text, "\n") {
			code, _, _ := strings.Cut(line, "//")
			if m := literal.FindString(code); m != "" {
				t.Errorf("%s:%d: Chinese text belongs in the catalogue: %s", path, i+1, m)
			}
		}
	}
}

// Arguments named in one language and not in the other are a sign of a half-changed message.
func TestCataloguesNameTheSameArguments(t *testing.T) {
	arg := regexp.MustCompile(`\{\{\s*\.([A-Za-z]+)`)
	args := func(message any) []string {
		found := map[string]bool{}
		text, ok := message.(string)
		if !ok {
			text = message.(map[string]any)["other"].(string)
		}
		for _, m := range arg.FindAllStringSubmatch(text, -1) {
			found[strings.TrimSuffix(m[1], "Name")] = true // Month in Chinese is MonthName in English
		}
		delete(found, "Proposer") // every message has it, and a language may do without it
		return slices.Sorted(maps.Keys(found))
	}
	en := catalogue(t, locale.English)
	for k, zh := range catalogue(t, locale.Chinese) {
		if en[k] == nil {
			continue
		}
		if a, b := args(zh), args(en[k]); !slices.Equal(a, b) {
			t.Errorf("%s: zh names %v, en %v", k, a, b)
		}
	}
}
