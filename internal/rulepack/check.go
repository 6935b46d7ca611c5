package rulepack

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"gopkg.in/yaml.v3"
)

// Error is one thing that is wrong with the file of a rule pack.
type Error struct {
	Line  int    // in the file, from 1
	Path  string // of the field: limits.reply.months; "" for the file itself
	Fault Fault
	Args  []any // of its words
}

func (e Error) Error() string {
	message := fmt.Sprintf(e.Fault.english, e.Args...)
	if e.Path == "" {
		return message
	}
	return e.Path + ": " + message
}

// Errors is everything that is wrong with one file, by line.
type Errors []Error

func (e Errors) Error() string {
	var lines []string
	for _, one := range e {
		lines = append(lines, fmt.Sprintf("line %d: %s", one.Line, one.Error()))
	}
	return strings.Join(lines, "\n")
}

// Parse reads a rule pack from YAML. One that extends another says only what differs: within a section (limits, signer
// …) each key replaces that of the base as a whole, a list replaces the list. Any error is an [Errors].
func Parse(data []byte, bases Set) (*proposal.Pack, error) {
	root, err := packNode(data)
	if err != nil {
		return nil, err
	}
	c := packCheck{root: root}
	c.shape(root, reflect.TypeFor[proposal.Pack](), "")
	p := proposal.Pack{}
	if base := c.base(bases); base != nil {
		p = heritage(base)
	}
	if !c.unreadable {
		if err := root.Decode(&p); err != nil && len(c.misshapen) == 0 {
			c.fail("", notYAML, err.Error())
		}
		c.meaning(&p)
	}
	if len(c.errs) > 0 {
		slices.SortStableFunc(c.errs, func(a, b Error) int { return cmp.Compare(a.Line, b.Line) })
		return nil, c.errs
	}
	return &p, nil
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// packNode reads the one document of a file.
func packNode(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, Errors{{Line: 1, Fault: emptyFile}}
	} else if err != nil {
		return nil, syntaxError(err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, Errors{{Line: doc.Line, Fault: severalParts}}
	}
	return renamed(doc.Content[0]), nil
}

// renamed gives the section that was called letter until November 2026 its name: a bureau's own pack goes on being read, for cases
// are pinned to it.
func renamed(root *yaml.Node) *yaml.Node {
	for i := 0; root.Kind == yaml.MappingNode && i < len(root.Content); i += 2 {
		if root.Content[i].Value == "letter" {
			root.Content[i].Value = "reply"
		}
	}
	return root
}

func syntaxError(err error) Errors {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if at := yamlLine.FindStringSubmatch(text); at != nil {
		line, _ = strconv.Atoi(at[1])
		text = strings.Replace(text, at[0], "", 1)
	}
	return Errors{{Line: line, Fault: notYAML, Args: []any{text}}}
}

// packCheck collects what is wrong with a file.
type packCheck struct {
	root       *yaml.Node
	errs       Errors
	misshapen  []string // paths of what has the wrong shape: what it means cannot be looked at
	unreadable bool     // so is the whole file: nothing can be said of what it means
}

// fail notes an error at the line of the field, or of the nearest part of the path that the file has; nothing about what has
// the wrong shape or holds such a thing, for the shape is to be mended first.
func (c *packCheck) fail(path string, fault Fault, args ...any) {
	if slices.ContainsFunc(c.misshapen, func(m string) bool { return within(path, m) || within(m, path) }) {
		return
	}
	c.errs = append(c.errs, Error{lineIn(c.root, path), path, fault, args})
}

// lineIn is the line of a field, or of the nearest part of its path that there is.
func lineIn(root *yaml.Node, path string) int {
	node, line := root, root.Line
	for _, part := range strings.Split(path, ".") {
		if node, line = child(node, part, line); node == nil {
			break
		}
	}
	return max(1, line)
}

// lineOf is lineIn of a file that could be read.
func lineOf(data []byte, path string) int {
	root, err := packNode(data)
	if err != nil {
		return 1
	}
	return lineIn(root, path)
}

// within reports whether a path is, or leads to, a part of another.
func within(path, of string) bool { return of == "" || path == of || strings.HasPrefix(path, of+".") }

// child is a part of a node and its line; no node and the line so far if there is none.
func child(node *yaml.Node, part string, line int) (*yaml.Node, int) {
	switch i, err := strconv.Atoi(part); {
	case node.Kind == yaml.MappingNode:
		for k := 0; k < len(node.Content); k += 2 {
			if node.Content[k].Value == part {
				return node.Content[k+1], node.Content[k].Line
			}
		}
	case node.Kind == yaml.SequenceNode && err == nil && i >= 0 && i < len(node.Content):
		return node.Content[i], node.Content[i].Line
	}
	return nil, line
}

// shapeless notes an error of a node's shape.
func (c *packCheck) shapeless(node *yaml.Node, path string, fault Fault, args ...any) {
	c.misshapen = append(c.misshapen, path)
	c.errs = append(c.errs, Error{max(1, node.Line), path, fault, args})
}

// packWords are the values that a field of the type may have.
var packWords = map[reflect.Type][]string{
	reflect.TypeFor[assembly.Body]():         texts(assembly.Bodies),
	reflect.TypeFor[assembly.Level]():        texts(assembly.Levels),
	reflect.TypeFor[assembly.ProposerKind](): texts(assembly.ProposerKinds),
	reflect.TypeFor[proposal.Stage]():        texts(proposal.Stages),
	reflect.TypeFor[proposal.Role]():         texts(bureauRoles),
	reflect.TypeFor[proposal.Condition]():    texts(proposal.Conditions),
	reflect.TypeFor[proposal.ContactMode]():  texts(proposal.ContactModes),
	reflect.TypeFor[proposal.PointStatus]():  texts(proposal.PointStatuses),
	reflect.TypeFor[proposal.HandlingType](): texts(proposal.HandlingTypes),
	reflect.TypeFor[proposal.NumberGiver]():  texts(proposal.NumberGivers),
	reflect.TypeFor[proposal.ScoredRate]():   texts(proposal.ScoredRates),
	reflect.TypeFor[proposal.Briefing]():     texts(proposal.Briefings),
	reflect.TypeFor[proposal.ReplyForm]():    texts([]proposal.ReplyForm{proposal.LetterForm, proposal.PlainForm}),
	reflect.TypeFor[proposal.ReplyReach]():   texts([]proposal.ReplyReach{proposal.ReplyToEach, proposal.ReplyThroughLead}),
	reflect.TypeFor[proposal.PaperKind]():    texts(proposal.PaperKinds),
	reflect.TypeFor[proposal.FormKind]():     texts(proposal.FormKinds),
	reflect.TypeFor[proposal.ClassNeed]():    texts([]proposal.ClassNeed{proposal.NeedsNothing, proposal.NeedsCommitment, proposal.NeedsReason}),
}

// bureauRoles are those that a pack may name: the bureau's rules bind nobody outside it.
var bureauRoles = slices.DeleteFunc(slices.Clone(proposal.Roles), func(r proposal.Role) bool { return r == proposal.Assembly })

// packKeys are the keys of the sections that are not known by their type.
var packKeys = map[string][]string{
	"corrections":  append([]string{"default"}, texts(proposal.RegisterFacts)...),
	"limits":       append(slices.Clone(proposal.LimitKeys), proposal.LimitReceipt),
	"stage_limits": texts(slices.DeleteFunc(slices.Clone(proposal.Stages), proposal.Stage.Ended)),
	"reminders":    append([]string{"default"}, texts(slices.DeleteFunc(slices.Clone(proposal.ClockKinds), func(k proposal.ClockKind) bool { return k == proposal.CallBackClock }))...),
}

func texts[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}

// shape compares a node with the type that it is read into.
func (c *packCheck) shape(node *yaml.Node, t reflect.Type, path string) {
	switch {
	case node.Kind == yaml.AliasNode:
		c.unreadable = true
		c.shapeless(node, path, wantText)
	case t == reflect.TypeFor[calendar.Date]():
		if _, err := calendar.ParseDate(node.Value); err != nil {
			c.unreadable = true // YAML's decoder stops at it
			c.shapeless(node, path, wantDay)
		}
	case t.Kind() == reflect.Pointer:
		c.shape(node, t.Elem(), path)
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		c.mapping(node, t, path)
	case t.Kind() == reflect.Slice && node.Kind != yaml.SequenceNode:
		c.shapeless(node, path, wantList)
	case t.Kind() == reflect.Slice:
		for i, item := range node.Content {
			c.shape(item, t.Elem(), join(path, strconv.Itoa(i)))
		}
	default:
		c.scalar(node, t, path)
	}
}

func (c *packCheck) mapping(node *yaml.Node, t reflect.Type, path string) {
	if node.Kind != yaml.MappingNode {
		c.shapeless(node, path, wantKeys)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		at := join(path, key.Value)
		if seen[key.Value] {
			c.shapeless(key, at, standsTwice)
			continue
		}
		seen[key.Value] = true
		keys := keysOf(t, path)
		if i := slices.IndexFunc(keys, func(k packKey) bool { return k.key == key.Value }); i >= 0 {
			c.shape(value, keys[i].of, at)
			continue
		}
		var known []string
		for _, k := range keys {
			known = append(known, k.key)
		}
		c.shapeless(key, at, unknownField, strings.Join(known, ", "))
	}
}

// packKey is a key that may stand in a section, and the type of what stands under it.
type packKey struct {
	key string
	of  reflect.Type
}

// keysOf lists the keys of a struct or a map of a pack.
func keysOf(t reflect.Type, path string) []packKey {
	var keys []packKey
	if t.Kind() == reflect.Struct {
		for _, f := range packFields(t) {
			keys = append(keys, packKey{f.key, f.Type})
		}
		return keys
	}
	words := packKeys[path]
	if words == nil {
		words = packWords[t.Key()]
	}
	for _, key := range words {
		keys = append(keys, packKey{key, t.Elem()})
	}
	return keys
}

// packField is a field of a pack and its key in the file.
type packField struct {
	reflect.StructField
	key string
}

// packFields lists the fields of a struct, those of embedded ones in their place.
func packFields(t reflect.Type) []packField {
	var fields []packField
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous {
			fields = append(fields, packField{f, f.Tag.Get("yaml")})
		}
	}
	return fields
}

func (c *packCheck) scalar(node *yaml.Node, t reflect.Type, path string) {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		c.shapeless(node, path, wantValue)
		return
	}
	value := reflect.New(t)
	if node.Decode(value.Interface()) != nil {
		c.shapeless(node, path, cmp.Or(map[reflect.Kind]Fault{reflect.Int: wantNumber, reflect.Bool: wantTruth}[t.Kind()], wantValue))
		return
	}
	if known, ok := packWords[t]; ok && !slices.Contains(known, value.Elem().String()) {
		c.shapeless(node, path, unknownValue, node.Value, strings.Trim(strings.Join(known, ", "), ", "))
	}
}

func join(path, part string) string {
	if path == "" {
		return part
	}
	return path + "." + part
}

// base is the pack that the file extends, nil if it extends none.
func (c *packCheck) base(bases Set) *proposal.Pack {
	node, _ := child(c.root, "extends", 0)
	if node == nil {
		return nil
	}
	base, ok := bases[node.Value]
	if !ok {
		c.unreadable = true
		c.fail("extends", unknownBase, node.Value)
	}
	return base
}

// heritage is what a pack leaves to one that extends it: all but what names it.
func heritage(p *proposal.Pack) proposal.Pack {
	heir := *p
	heir.ID, heir.Profile, heir.Extends, heir.Name, heir.ValidFrom = "", "", "", "", calendar.Date{}
	heir.Limits, heir.Stages, heir.Ladders, heir.Reply = maps.Clone(p.Limits), maps.Clone(p.Stages), maps.Clone(p.Ladders), maps.Clone(p.Reply)
	heir.Papers, heir.Forms = maps.Clone(p.Papers), maps.Clone(p.Forms)
	return heir
}

// meaning compares what the file says with what the rules can work with.
func (c *packCheck) meaning(p *proposal.Pack) {
	c.names(p)
	for _, key := range proposal.LimitKeys {
		if _, ok := p.Limits[key]; !ok {
			c.fail("limits."+key, missing)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.Limits)) {
		c.limit("limits."+key, key == proposal.LimitInternal, p.Limits[key])
	}
	for _, stage := range slices.Sorted(maps.Keys(p.Stages)) {
		c.count("stage_limits."+string(stage), p.Stages[stage])
	}
	for _, key := range slices.Sorted(maps.Keys(p.Ladders)) {
		c.ladder("reminders."+key, p.Ladders[key])
	}
	c.review(p)
	c.bounds(p)
	c.people(p)
	c.classes(p)
	c.scoring(p.Scoring)
	for _, kind := range slices.Sorted(maps.Keys(p.Papers)) {
		c.paper("papers."+string(kind), kind, p.Papers[kind])
	}
	for _, kind := range slices.Sorted(maps.Keys(p.Forms)) {
		c.form("forms."+string(kind), kind, p.Forms[kind])
	}
}

func (c *packCheck) required(path, text string) {
	if strings.TrimSpace(text) == "" {
		c.fail(path, missing)
	}
}

func (c *packCheck) names(p *proposal.Pack) {
	for _, field := range [][2]string{{"id", p.ID}, {"profile", p.Profile}, {"name", p.Name}} {
		c.required(field[0], field[1])
	}
	if p.ValidFrom.IsZero() {
		c.fail("valid_from", missing)
	}
	for i, s := range p.Series {
		at := fmt.Sprintf("series.%d", i)
		if s.Given != proposal.WithoutNumber {
			c.required(at+".code", s.Code)
		} else if s.Code != "" {
			c.fail(at+".code", numberless)
		}
		if slices.ContainsFunc(p.Series[:i], func(first proposal.NumberSeries) bool {
			return (first.Body == "" || first.Body == s.Body) && (first.Handling == "" || first.Handling == s.Handling)
		}) {
			c.fail(at, neverCounts)
		}
	}
	for _, body := range assembly.Bodies {
		if lacking, ok := proposal.WithoutSeries(p.Series, body); ok && len(p.Series) > 0 {
			c.fail("series", lacksSeries, body, lacking)
		}
		if reply, ok := p.Reply[body]; !ok {
			c.fail("reply."+string(body), missing)
		} else {
			c.required("reply."+string(body)+".co_signers", string(reply.CoSigners))
			c.titleForm("reply."+string(body)+".title", reply.Title)
			c.titleForm("reply."+string(body)+".opinion_title", reply.Opinion)
			if reply.Signer && reply.Form != proposal.PlainForm {
				c.fail("reply."+string(body)+".signer", plainForm)
			}
		}
	}
}

// covers reports whether a variant fits every case that the other fits.
func covers(v, other proposal.LimitVariant) bool {
	return (v.Body == "" || v.Body == other.Body) && (v.Level == "" || v.Level == other.Level) && (v.Proposer == "" || v.Proposer == other.Proposer) &&
		(v.Intersession == nil || other.Intersession != nil && *v.Intersession == *other.Intersession)
}

// maxCount bounds a limit, in months or working days.
const maxCount = 366

func (c *packCheck) count(path string, n int) {
	if n < 1 || n > maxCount {
		c.fail(path, fromTo, 1, maxCount)
	}
}

func (c *packCheck) limit(path string, internal bool, l proposal.Limit) {
	c.required(path+".name", l.Name)
	c.counts(path, internal, l.LimitCount)
	for i, v := range l.Variants {
		at := fmt.Sprintf("%s.variants.%d", path, i)
		c.counts(at, internal, v.LimitCount)
		if v.Body == "" && v.Level == "" && v.Proposer == "" && v.Intersession == nil {
			c.fail(at, forEveryCase)
		} else if slices.ContainsFunc(l.Variants[:i], func(first proposal.LimitVariant) bool { return covers(first, v) }) {
			c.fail(at, neverCounts)
		}
	}
	if len(l.Sources) == 0 {
		c.fail(path+".sources", missing)
	}
	for i, claim := range l.Sources {
		at := fmt.Sprintf("%s.sources.%d", path, i)
		c.required(at+".text", claim.Text)
		switch {
		case claim.From.IsZero():
			c.fail(at+".from", missing)
		case i > 0 && !l.Sources[i-1].From.IsZero() && !claim.From.Before(l.Sources[i-1].From):
			c.fail(at+".from", newestFirst)
		}
	}
}

// titleForm refuses a form of title that does not name the case, or that uses a part that does not exist.
func (c *packCheck) titleForm(path, form string) {
	if form == "" {
		return
	}
	if !strings.Contains(form, "{title}") && !strings.Contains(form, "{number}") {
		c.fail(path, whichCase)
	}
	c.parts(path, form, proposal.TitleParts)
}

// parts refuses a form that uses a part that does not exist.
func (c *packCheck) parts(path, form string, known []string) {
	for _, part := range formPart.FindAllString(form, -1) {
		if !slices.Contains(known, part) {
			c.fail(path, unknownPart, part, strings.Join(known, " "))
		}
	}
}

func (c *packCheck) paper(path string, kind proposal.PaperKind, form proposal.PaperForm) {
	known := proposal.PaperParts(kind)
	said := map[string]string{path + ".title": form.Title, path + ".text": form.Text}
	for _, body := range assembly.Bodies {
		said[path+".to."+string(body)] = form.To[body]
	}
	for _, at := range slices.Sorted(maps.Keys(said)) {
		c.required(at, said[at])
		c.parts(at, said[at], known)
	}
}

func (c *packCheck) form(path string, kind proposal.FormKind, form proposal.TableForm) {
	known := proposal.FormParts(kind)
	c.required(path+".title", form.Title)
	c.parts(path+".over", form.Over, known)
	c.parts(path+".title", form.Title, known)
	c.parts(path+".text", form.Text, known)
	sum, narrowest := 0, 1
	for _, width := range form.Widths {
		sum, narrowest = sum+width, min(narrowest, width)
	}
	if sum != 100 || narrowest < 1 {
		c.fail(path+".widths", wholeWidth)
	}
	if len(form.Rows) == 0 {
		c.fail(path+".rows", missing)
	}
	for i, row := range form.Rows {
		at := fmt.Sprintf("%s.rows.%d", path, i)
		if len(row) == 0 || len(row) > len(form.Widths) {
			c.fail(at, cellsInRow, len(form.Widths))
		}
		for j, cell := range row {
			c.parts(fmt.Sprintf("%s.%d", at, j), cell, known)
		}
	}
}

var formPart = regexp.MustCompile(`\{[^}]*\}?`)

func (c *packCheck) counts(path string, internal bool, n proposal.LimitCount) {
	set := 0
	for _, field := range []struct {
		key string
		n   int
	}{{"months", n.Months}, {"days", n.Days}, {"workdays", n.Workdays}, {"workdays_before", n.WorkdaysBefore}} {
		if field.n != 0 {
			set++
			c.count(path+"."+field.key, field.n)
		}
	}
	switch {
	case internal && (n.Months != 0 || n.Days != 0 || n.Workdays != 0 || n.FixedDay != "" || n.WorkdaysBefore == 0):
		c.fail(path, countedBack)
	case !internal && n.WorkdaysBefore != 0:
		c.fail(path+".workdays_before", onlyInternal)
	case set > 1:
		c.fail(path, twoCounts)
	case set == 0 && n.FixedDay == "":
		c.fail(path, noCount)
	}
	// 29 February does not come every year.
	if _, err := calendar.ParseDate("2023-" + n.FixedDay); n.FixedDay != "" && err != nil {
		c.fail(path+".fixed_day", everyYear)
	}
}

func (c *packCheck) ladder(path string, l proposal.Ladder) {
	for i, days := range l.Before {
		if at := fmt.Sprintf("%s.before.%d", path, i); days < 0 || days > maxCount {
			c.fail(at, fromTo, 0, maxCount)
		} else if i > 0 && days >= l.Before[i-1] {
			c.fail(at, remindersFall)
		}
	}
	for i, step := range l.Escalate {
		at := fmt.Sprintf("%s.escalate.%d", path, i)
		c.count(at+".after", step.After)
		c.required(at+".to", string(step.To))
		if i > 0 && step.After <= l.Escalate[i-1].After {
			c.fail(at+".after", escalationRise)
		}
	}
	if l.Repeat == (proposal.BellRepeat{}) {
		return
	}
	c.count(path+".repeat.every", l.Repeat.Every)
	c.count(path+".repeat.times", l.Repeat.Times)
	if len(l.Escalate) == 0 {
		c.fail(path+".repeat", nothingRepeats)
	}
}

var reviewStages = []proposal.Stage{proposal.DivisionReview, proposal.OfficeReview, proposal.LegalReview, proposal.OpennessReview}

func (c *packCheck) review(p *proposal.Pack) {
	if len(p.Review) == 0 {
		c.fail("review", missing)
		return
	}
	for i, step := range p.Review {
		at := fmt.Sprintf("review.%d", i)
		switch {
		case !slices.Contains(reviewStages, step.Stage):
			c.fail(at+".stage", noReview, step.Stage, strings.Join(texts(reviewStages), ", "))
		case i > 0 && slices.Contains(reviewStages, p.Review[i-1].Stage) && !p.Review[i-1].Stage.Before(step.Stage):
			c.fail(at+".stage", outOfOrder, strings.Join(texts(reviewStages), ", "))
		case len(step.When) > 0 && (step.Stage == proposal.DivisionReview || step.Stage == proposal.OpennessReview):
			c.fail(at+".when", everyDraft)
		}
	}
	if p.Review[0].Stage != proposal.DivisionReview {
		c.fail("review.0", chainBegins, proposal.DivisionReview)
	}
	if last := len(p.Review) - 1; p.Review[last].Stage != proposal.OpennessReview {
		c.fail(fmt.Sprintf("review.%d", last), chainEnds, proposal.OpennessReview)
	}
}

// Months that the law sets: 代表法 art. 51.
const replyMonths, longestReplyMonths, longestReplyDays = 3, 6, 181

func (c *packCheck) bounds(p *proposal.Pack) {
	if m := p.Extension.MaxMonths; m < replyMonths || m > longestReplyMonths {
		c.fail("extension.max_months", extendedTo, replyMonths, longestReplyMonths)
	}
	if n := p.Limits[proposal.LimitReply].Days; n > longestReplyDays {
		c.fail("limits.reply.days", tooLong, longestReplyDays)
	}
	if p.Limits[proposal.LimitReply].Months > longestReplyMonths {
		c.fail("limits.reply.months", tooLong, longestReplyMonths)
	}
	for _, least := range []struct {
		path string
		n    int
	}{
		{"rehandling.rounds", p.Rehandling.Rounds},
		{"contact.attempts_before_waive", p.Contact.AttemptsBeforeWaive},
		{"urge.days_between", p.Urge.DaysBetween},
	} {
		c.count(least.path, least.n)
	}
	for path, n := range map[string]int{"watch.still": p.Watch.Still, "watch.promise": p.Watch.Promise} {
		if n != 0 {
			c.count(path, n)
		}
	}
	if n := p.Watch.Draft; n < 0 || n > 99 {
		c.fail("watch.draft", perCent)
	}
}

func (c *packCheck) people(p *proposal.Pack) {
	if len(p.Contact.CountingModes) == 0 {
		c.fail("contact.counting_modes", missing)
	}
	// Whoever else the pack named, the table would let nobody sign.
	row := proposal.Table[slices.IndexFunc(proposal.Table, func(t proposal.Transition) bool { return t.Kind == proposal.Sign && t.From == proposal.SignOff })]
	for path, role := range map[string]proposal.Role{"signer.ordinary": p.Signer.Ordinary, "signer.strict": p.Signer.Strict} {
		if !slices.Contains(row.Who.Roles, role) {
			c.fail(path, cannotSign, role, strings.Join(texts(row.Who.Roles), ", "))
		}
	}
}

func (c *packCheck) classes(p *proposal.Pack) {
	codes := map[string]bool{}
	for i, class := range p.Classes {
		at := fmt.Sprintf("classes.%d", i)
		c.coded(at, class.Code, class.Name, codes)
		if len(class.Statuses) == 0 {
			c.fail(at+".statuses", missing)
		}
	}
	clear(codes)
	for i, ground := range p.Grounds {
		c.coded(fmt.Sprintf("grounds.%d", i), ground.Code, ground.Name, codes)
	}
	if len(p.Classes) == 0 {
		c.fail("classes", missing)
	}
	if len(p.Grounds) == 0 {
		c.fail("grounds", missing)
	}
}

func (c *packCheck) scoring(items []proposal.ScoringItem) {
	whole := 0
	for i, item := range items {
		at := fmt.Sprintf("scoring.%d", i)
		c.required(at+".rate", string(item.Rate))
		if slices.ContainsFunc(items[:i], func(before proposal.ScoringItem) bool { return before.Rate == item.Rate }) {
			c.fail(at+".rate", codeTaken, item.Rate)
		}
		if item.Weight < 1 || item.Weight > 100 {
			c.fail(at+".weight", fromTo, 1, 100)
		}
		if item.Each < 0 || item.Each > item.Weight {
			c.fail(at+".each", fromTo, 0, item.Weight)
		}
		whole += item.Weight
	}
	if len(items) > 0 && whole != 100 {
		c.fail("scoring", wholeWeight, whole)
	}
}

func (c *packCheck) coded(path, code, name string, taken map[string]bool) {
	c.required(path+".code", code)
	c.required(path+".name", name)
	if code != "" && taken[code] {
		c.fail(path+".code", codeTaken, code)
	}
	taken[code] = true
}
