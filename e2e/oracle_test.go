package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"golang.org/x/net/html"
)

// original is a reply as its bureau published it in 2020.
type original struct {
	title, addressee                 string
	body                             []string // from the opening to the thanks
	points                           []string
	division, contact, phone, agency string
	signedOn                         string
}

// TestShenyangOracle enters the real case 0392 late, with the facts and the text of the page that 沈阳市民政局 published, and
// carries it through the whole process over the JSON API. The page that comes out must say the same, element by element.
// The body is compared character by character; blanks are folded, and in the title and the address, which are not typed but
// follow from the case, the page's half-width punctuation counts as the full-width one of a reply.
func TestShenyangOracle(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "shared", "cases", "shenyang-0392.txt"))
	if err != nil {
		t.Skip("the published page is not here:", err)
	}
	want := readOriginal(t, string(page))
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t), "--no-demo")
	l := newLedgerEntry(t, run, want)
	l.carry()
	l.compareRecord()
	l.comparePage()
	if report := run.banli(t, "", "verify"); !strings.Contains(report, "every hash holds") {
		t.Error(report)
	}
}

// readOriginal takes the page apart.
func readOriginal(t *testing.T, page string) original {
	t.Helper()
	var o original
	after := func(line, label string) (string, bool) { return strings.CutPrefix(fold(line), label) }
	for line := range strings.Lines(page) {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
		case o.title == "":
			if strings.HasSuffix(text, "的答复") {
				o.title = text
			}
		case o.addressee == "":
			if strings.HasSuffix(text, "代表:") {
				o.addressee = text
			}
		case len(o.body) == 0 || !strings.HasPrefix(o.body[len(o.body)-1], "感谢您"):
			o.body = append(o.body, text)
		default:
			for label, into := range map[string]*string{"承办处室:": &o.division, "联系人:": &o.contact, "联系电话:": &o.phone} {
				if rest, ok := after(text, label); ok && *into == "" {
					*into = rest
				}
			}
			if o.phone != "" && o.agency == "" && strings.HasSuffix(text, "局") {
				o.agency = text
			} else if o.agency != "" && o.signedOn == "" {
				o.signedOn = text
			}
		}
	}
	_, list, _ := strings.Cut(fold(o.body[1]), "1.")
	list = strings.TrimSuffix(strings.NewReplacer("2.", "", "3.", "").Replace(list), "。")
	o.points = strings.Split(list, ";")
	if len(o.body) != 12 || len(o.points) != 3 || o.signedOn == "" {
		t.Fatalf("the page was not understood: %+v", o)
	}
	return o
}

// fold drops blanks.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// fullWidth is how a reply's own parts are punctuated.
func fullWidth(s string) string {
	return strings.NewReplacer("(", "（", ")", "）", ":", "：", ",", "，").Replace(fold(s))
}

// ledgerEntry is the old case on its way into the new system.
type ledgerEntry struct {
	t       *testing.T
	run     *program
	want    original
	id      string
	people  map[proposal.Role]caller
	handler proposal.PersonID
	sha256  string
}

// newLedgerEntry makes the people that the case needs, with the banli command.
func newLedgerEntry(t *testing.T, run *program, want original) *ledgerEntry {
	t.Helper()
	l := &ledgerEntry{t: t, run: run, want: want, people: map[proposal.Role]caller{}}
	record := run.store(t)
	if err := record.SaveBureau(t.Context(), "", fixture.Body); err != nil {
		t.Fatal(err)
	}
	for i, d := range []store.Division{
		{Code: "office", Name: store.Name{ZH: "办公室"}},
		{Code: "jiceng", Name: store.Name{ZH: want.division}},
	} {
		d.Sort = i
		if err := record.UpsertDivision(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range []proposal.Role{
		proposal.Liaison, proposal.LeaderInCharge, proposal.DivisionHead, proposal.Handler, proposal.OfficeReviewer,
		proposal.OpennessReviewer, proposal.Publisher,
	} {
		flags := []string{"--name", "某" + string(role), "--roles", string(role), "--division", "office"}
		switch role {
		case proposal.DivisionHead:
			flags[5] = "jiceng"
		case proposal.Handler:
			flags[1], flags[5] = want.contact, "jiceng"
		case proposal.LeaderInCharge:
			flags = append(flags, "--field", "jiceng")
		}
		who, id := run.caller(t, strings.ReplaceAll(string(role), "_", "."), flags...)
		l.people[role] = who
		if role == proposal.Handler {
			l.handler = id
		}
	}
	return l
}

// act does one thing to the case, in the role, with its official date of 2020.
func (l *ledgerEntry) act(role proposal.Role, month time.Month, day int, kind proposal.Kind, input proposal.Input) {
	l.t.Helper()
	path := "/api/v1/cases"
	action := map[string]any{"id": uuid.NewString(), "on": calendar.NewDate(2020, month, day), "input": input}
	if kind != proposal.Register {
		path += "/" + l.id + "/actions"
		action["kind"] = kind
	}
	var position struct {
		Case string `json:"case"`
	}
	l.people[role].ask(l.t, http.MethodPost, path, action, &position)
	l.id = position.Case
}

func (l *ledgerEntry) carry() {
	l.t.Helper()
	deputy := strings.TrimSuffix(l.want.addressee, "代表:")
	core := l.want.title[strings.Index(l.want.title, "关于"):strings.Index(l.want.title, "(第")]
	l.act(proposal.Liaison, time.February, 3, proposal.Register, &proposal.Registration{
		RegisterKey: assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"},
		Title:       core, LeadDeputy: deputy, Text: strings.Join(l.want.points, "；"), Points: l.want.points,
		AssignedOn: calendar.NewDate(2020, time.February, 3), HandlingType: proposal.SoleHandling, Late: true,
	})
	l.act(proposal.Liaison, time.February, 3, proposal.ProposeAssignment, &proposal.RoutingOpinion{Lead: "jiceng"})
	l.act(proposal.LeaderInCharge, time.February, 4, proposal.ApproveAssignment, &proposal.Instruction{})
	l.act(proposal.DivisionHead, time.February, 4, proposal.Accept, &proposal.Acceptance{Handler: l.handler})
	l.act(proposal.Handler, time.April, 16, proposal.Contact, &proposal.Consultation{
		Mode: proposal.PhoneContact, At: time.Date(2020, time.April, 16, 10, 22, 0, 0, calendar.Shanghai), Outcome: proposal.ContactReached,
		SpokeWith: deputy, Words: "同意答复的三点。", Points: l.want.points, Wish: proposal.WishesOpen,
	})
	version := l.draft()
	l.act(proposal.Handler, time.April, 20, proposal.Submit, &proposal.Submission{Version: version, SHA256: l.sha256})
	l.act(proposal.DivisionHead, time.April, 20, proposal.PassReview, &proposal.ReviewPass{})
	l.act(proposal.OfficeReviewer, time.April, 21, proposal.PassReview, &proposal.ReviewPass{})
	l.act(proposal.OpennessReviewer, time.April, 21, proposal.DecideOpenness, &proposal.OpennessDecision{Openness: proposal.OpenReply})
	l.act(proposal.LeaderInCharge, time.April, 22, proposal.Sign, &proposal.Signature{SHA256: l.sha256})
	l.act(proposal.Liaison, time.April, 22, proposal.AssignNumber, &proposal.NumberAssignment{Serial: 12})
	l.act(proposal.Liaison, time.April, 22, proposal.Dispatch, &proposal.DispatchNote{Mode: proposal.DispatchByPost})
	l.act(proposal.Publisher, time.April, 22, proposal.Publish, &proposal.PublicationOrder{SHA256: l.sha256})
	// No rating is known: the limit of fifteen working days passed on 15 May.
	l.act(proposal.Liaison, time.May, 18, proposal.NoteSilence, &proposal.SilenceNote{})
	l.act(proposal.Liaison, time.May, 18, proposal.Close, &proposal.ClosureNote{})
}

// draft saves the text of the page, blanks and all, with the links that a person would set: section 一 answers the first
// point, 二 and 三 the second, 三 the third, by explanation only.
func (l *ledgerEntry) draft() (version int) {
	l.t.Helper()
	heading := func(start string) int {
		return slices.IndexFunc(l.want.body, func(line string) bool { return strings.HasPrefix(line, start) })
	}
	between := func(from, to int) (sections []int) {
		for i := from; i < to; i++ {
			sections = append(sections, i)
		}
		return sections
	}
	one, two, three, thanks := heading("一、"), heading("二、"), heading("三、"), len(l.want.body)-1
	d := map[string]any{
		"body":         "    " + strings.Join(l.want.body, "  \n\n    ") + "\n",
		"contact_name": l.want.contact, "contact_phone": l.want.phone, "class": "B", "openness": proposal.OpenReply,
		"commitments": []replytext.Promise{{Text: "社区便民服务事项全部实现“全市通办”", DueOn: calendar.NewDate(2020, time.May, 31)}},
		"answers": []proposal.PointAnswer{
			{Point: 1, Status: proposal.PointUnderWay, Sections: between(one, two)},
			{Point: 2, Status: proposal.PointSolved, Sections: between(two, thanks)},
			{Point: 3, Status: proposal.PointNotOurs, Sections: between(three, thanks)},
		},
	}
	var saved struct {
		Version  int                `json:"version"`
		SHA256   string             `json:"sha256"`
		Findings []proposal.Finding `json:"findings"`
	}
	l.people[proposal.Handler].ask(l.t, http.MethodPut, "/api/v1/cases/"+l.id+"/draft",
		map[string]any{"id": uuid.NewString(), "draft": d}, &saved)
	l.compareFindings(saved.Findings)
	l.sha256 = saved.SHA256
	return saved.Version
}

// compareFindings: the real reply, dated 22 April, says that something has been so 自今年5月起. The checks must flag that slip
// and nothing else.
func (l *ledgerEntry) compareFindings(found []proposal.Finding) {
	l.t.Helper()
	slips := 0
	for _, f := range found {
		if f.Mark == nil || f.Mark.Code != replytext.FutureAsPast {
			l.t.Errorf("the real reply is found wanting: %+v %+v", f, f.Mark)
			continue
		}
		slips++
	}
	if slips != 1 {
		l.t.Errorf("%d slips found in the real reply, want one: it tells in April of what holds from May on", slips)
	}
}

// compareRecord looks at the case behind the page: official dates as given, times true, clocks shown and not rung.
func (l *ledgerEntry) compareRecord() {
	l.t.Helper()
	var c struct {
		Stage          proposal.Stage `json:"stage"`
		State          proposal.State `json:"state"`
		DocumentNumber string         `json:"document_number"`
		Points         []struct {
			Text      string `json:"text"`
			Confirmed bool   `json:"confirmed"`
		} `json:"points"`
	}
	l.people[proposal.Liaison].ask(l.t, http.MethodGet, "/api/v1/cases/"+l.id, nil, &c)
	if l.id != workflows.CaseID(assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 16, Session: 3, Number: "0392"}) {
		l.t.Error("the case's id does not follow from its key")
	}
	signed := calendar.NewDate(2020, time.April, 22)
	if c.Stage != proposal.Closed || c.DocumentNumber != "沈民函〔2020〕12号" ||
		c.State.SignedOn != signed || c.State.DispatchedOn != signed || c.State.PublishedOn != signed {
		l.t.Errorf("stage %s, number %s, signed %s, dispatched %s, published %s", c.Stage, c.DocumentNumber, c.State.SignedOn,
			c.State.DispatchedOn, c.State.PublishedOn)
	}
	for i, p := range c.Points {
		if p.Text != l.want.points[i] || !p.Confirmed {
			l.t.Errorf("point %d is %+v, want %s, confirmed", i+1, p, l.want.points[i])
		}
	}
	for _, kind := range []proposal.ClockKind{
		proposal.ReplyClock, proposal.InternalClock, proposal.FirstContactClock, proposal.PublicationClock, proposal.FeedbackClock,
		proposal.CommitmentClock,
	} {
		if c.State.Clock(kind) == nil {
			l.t.Errorf("the clock %s is not shown", kind)
		}
	}
	for _, clock := range c.State.Clocks {
		if !clock.Silent || !clock.Rung.IsZero() {
			l.t.Errorf("the clock %s of a case entered late is %+v", clock.Kind, clock)
		}
	}
	var events struct {
		Items []struct {
			At time.Time     `json:"at"`
			On calendar.Date `json:"on"`
		} `json:"items"`
	}
	l.people[proposal.Liaison].ask(l.t, http.MethodGet, "/api/v1/cases/"+l.id+"/events", nil, &events)
	for _, e := range events.Items {
		if time.Since(e.At) > 10*time.Minute || e.On.Year != 2020 && !e.On.IsZero() {
			l.t.Errorf("an event at %s, officially %s", e.At, e.On)
		}
	}
}

// comparePage reads the public page as anybody may.
func (l *ledgerEntry) comparePage() {
	l.t.Helper()
	status, page := caller{site: l.run.site}.send(l.t, http.MethodGet, "/public/"+l.id, nil)
	if status != http.StatusOK {
		l.t.Fatalf("the public page answers %d", status)
	}
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		l.t.Fatal(err)
	}
	reply := first(doc, "article", "")
	if reply == nil {
		l.t.Fatalf("the public page has no reply:\n%s", page)
	}
	same := func(what, got, want string) {
		l.t.Helper()
		if got != want {
			l.t.Errorf("%s\n got %s\nwant %s", what, got, want)
		}
	}
	same("title", textOf(first(doc, "h1", "")), fullWidth(l.want.title))
	same("addressee", textOf(first(reply, "p", "addressee")), fullWidth(l.want.addressee))
	same("signature", textOf(first(reply, "p", "signature")), l.want.agency)
	same("date", textOf(first(reply, "p", "signed-on")), l.want.signedOn)
	for label, want := range map[string]string{"承办处室": l.want.division, "联系人": l.want.contact, "联系电话": l.want.phone} {
		same(label, definitions(first(reply, "dl", "contact"))[label], want)
	}
	l.compareBody(reply)
	about := textOf(first(doc, "aside", ""))
	for _, fact := range []string{"沈民函〔2020〕12号", "2020年4月22日"} {
		if !strings.Contains(about, fact) {
			l.t.Errorf("what the page says of itself lacks %s: %s", fact, about)
		}
	}
	for _, absent := range []string{"抄送", "结果类别", "承诺"} {
		if strings.Contains(textOf(first(doc, "main", "")), absent) {
			l.t.Errorf("the page shows %s, which the reply did not have", absent)
		}
	}
}

// compareBody holds the reply against the original paragraph by paragraph, headings as headings.
func (l *ledgerEntry) compareBody(reply *html.Node) {
	l.t.Helper()
	var got []*html.Node
	for n := range reply.ChildNodes() {
		if n.Type == html.ElementNode && n.Data != "dl" && !hasClass(n, "addressee") && !hasClass(n, "signature") && !hasClass(n, "signed-on") {
			got = append(got, n)
		}
	}
	if len(got) != len(l.want.body) {
		l.t.Fatalf("the reply has %d paragraphs, want %d: %s", len(got), len(l.want.body), textOf(reply))
	}
	for i, want := range l.want.body {
		if text := textOf(got[i]); text != fold(want) {
			l.t.Errorf("paragraph %d\n got %s\nwant %s", i+1, text, fold(want))
		}
		switch lead, _, _ := strings.Cut(want, "。"); {
		case strings.HasPrefix(want, "("):
			if h := first(got[i], "h3", ""); h == nil || textOf(h) != lead+"。" {
				l.t.Errorf("paragraph %d does not open with the heading %s。", i+1, lead)
			}
		case strings.Contains("一二三", string([]rune(want)[:1])):
			if got[i].Data != "h2" {
				l.t.Errorf("paragraph %d is a %s, want a heading", i+1, got[i].Data)
			}
		case got[i].Data != "p":
			l.t.Errorf("paragraph %d is a %s, want a plain one", i+1, got[i].Data)
		}
	}
}

// first finds the first element with the name, and with the class unless it is "".
func first(n *html.Node, name, class string) *html.Node {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name && (class == "" || hasClass(d, class)) {
			return d
		}
	}
	return nil
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) {
			return true
		}
	}
	return false
}

// textOf is the text of an element without blanks.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
	}
	return fold(text.String())
}

// definitions are the terms of a list and what they stand for.
func definitions(list *html.Node) map[string]string {
	found := map[string]string{}
	if list == nil {
		return found
	}
	term := ""
	for d := range list.Descendants() {
		if d.Type == html.ElementNode && d.Data == "dt" {
			term = strings.TrimRight(textOf(d), "：:")
		} else if d.Type == html.ElementNode && d.Data == "dd" {
			found[term] = textOf(d)
		}
	}
	return found
}
