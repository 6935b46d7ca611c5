package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// What is written into the cases of this test. Each says what it is, so that a leak names itself.
const (
	wordText    = "暗语原文" // of the proposal
	wordPoint   = "暗语要点"
	wordOpinion = "暗语会办" // question, text and figures of a co-opinion
	wordNote    = "暗语便笺"
	wordReview  = "暗语意见" // comments of reviewers and leaders
	wordGround  = "暗语依据" // why words are blacked out
	wordDraft   = "暗语未定" // of a version that was not sent
	wordSent    = "明语正文" // of the version that was sent
	wordPromise = "明语承诺" // likewise
	wordBlack   = "暗语涂去" // blacked out of it
	wordAsked   = "明语申请" // to the assembly
	wordSecrecy = "暗语保密" // why the deputy asked for it
)

// viewedTitle names the deputy, as titles do.
const viewedTitle = "关于倪琛善反映的社工压力问题的建议"

// viewed is a case that is looked at, and what of it may leave the bureau.
type viewed struct {
	name   string
	id     string
	secret bool // the name is kept
	open   bool // its last letter may be published
	asks   bool // the assembly is asked to decide
	closed bool // no publisher and nobody of the assembly sees it
}

// viewing makes the cases, on the record alone.
type viewing struct {
	*testing.T
	*site
	cases *activities.Cases
	n     int
}

func (v *viewing) do(id string, a proposal.Action) {
	v.Helper()
	if err := v.Store.SaveAction(v.Context(), id, a); err != nil {
		v.Fatal(err)
	}
	out, err := v.cases.Record(v.Context(), ledger.Command{CaseID: id, ActionID: a.ID, Kind: a.Kind})
	if err != nil || out.Refusal != nil {
		findings, _ := v.Store.Findings(v.Context(), a.ID)
		v.Fatalf("%s: %v, %v %s", a.Kind, err, out.Refusal, encode(v.T, findings))
	}
}

func (v *viewing) state(id string) proposal.State {
	v.Helper()
	s, err := v.Store.State(v.Context(), id)
	if err != nil {
		v.Fatal(err)
	}
	return s
}

func (v *viewing) register(secret bool) string {
	v.Helper()
	v.n++
	r := fixture.Registration(fmt.Sprintf("%04d", 7000+v.n), calendar.DateOf(time.Now()).AddDays(-2))
	r.Title, r.Text = viewedTitle, "倪　琛善："+wordText
	r.Points, r.Secrecy = []string{wordPoint + "倪·琛善", "增加社工待遇"}, secret
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String()
	v.do(id, v.bureau.Register(r))
	return id
}

// asked is the unit whose opinion is being waited for.
func (v *viewing) asked(id string) string {
	v.Helper()
	s := v.state(id)
	unit := s.OpenStrand(proposal.OpinionStrand)
	if unit == nil {
		v.Fatal("no unit was asked")
	}
	return unit.Ref
}

// version saves a version of the reply.
func (v *viewing) version(id, words string) store.SavedDraft {
	v.Helper()
	d := fixture.Draft(2)
	d.Body = strings.Replace(d.Body, fixture.Registration("", calendar.Date{}).Title, viewedTitle, 1)
	d.Body = strings.Replace(d.Body, "感谢您对", words+wordBlack+"。经会商市人社局，已列入计划。感谢您对", 1)
	d.Class, d.Answers[1].Status, d.Reason = "B", proposal.PointPlanned, wordGround
	d.Commitments = []replytext.Promise{{Text: wordPromise + wordBlack, DueOn: calendar.DateOf(time.Now()).AddDays(400)}}
	saved, err := v.Store.SaveDraft(v.Context(), id, v.bureau.ID(proposal.Handler), newID(), 0, d)
	if err != nil {
		v.Fatal(err)
	}
	return saved
}

// to carries a case on, with words of the bureau's own wherever some can be written.
func (v *viewing) to(id string, stage proposal.Stage, openness proposal.Openness) string {
	v.Helper()
	for {
		s := v.state(id)
		if s.Stage == stage {
			return id
		}
		switch s.Stage {
		case proposal.Registered:
			v.do(id, v.bureau.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{Lead: fixture.Leading, Opinion: wordReview}))
		case proposal.Assigning:
			v.do(id, v.bureau.Action(proposal.ApproveAssignment, proposal.LeaderInCharge, &proposal.Instruction{Text: wordReview + "倪 琛善"}))
		case proposal.Consulting:
			v.do(id, v.bureau.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{
				Mode: proposal.PhoneContact, Outcome: proposal.ContactReached, SpokeWith: "倪琛善", Words: wordText + "王\u200b桂兰",
				Points: []string{wordPoint, "增加社工待遇"}, Wish: proposal.WishesOpen,
			}))
			v.do(id, v.bureau.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Unit: "市人社局", Question: "倪琛善所在单位" + wordOpinion}))
			v.do(id, v.bureau.Action(proposal.WriteOpinion, proposal.Liaison, &proposal.WrittenOpinion{
				StrandTarget: proposal.StrandTarget{Ref: v.asked(id)}, Text: wordOpinion, Figures: wordOpinion, Contact: wordOpinion,
			}))
			_, err := v.Store.AddNote(v.Context(), v.bureau.ID(proposal.Handler), id, newID(), wordNote+"倪琛善", nil)
			if err != nil {
				v.Fatal(err)
			}
		case proposal.Drafting:
			if o := s.OpenStrand(proposal.OpinionStrand); o != nil {
				v.do(id, v.bureau.Next(v.T, v.Store, id))
				continue
			}
			saved := v.version(id, wordSent)
			v.do(id, v.bureau.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
		case proposal.DivisionReview:
			v.do(id, v.bureau.Action(proposal.PassReview, proposal.DivisionHead, &proposal.ReviewPass{Comment: wordReview}))
		case proposal.OpennessReview:
			d := &proposal.OpennessDecision{Openness: openness}
			if openness != proposal.OpenReply {
				d.Ground, d.Reason = "third_party", wordGround
			}
			if openness == proposal.PartlyOpenReply {
				d.Redactions = []string{wordBlack}
			}
			v.do(id, v.bureau.Action(proposal.DecideOpenness, proposal.OpennessReviewer, d))
		default:
			v.do(id, v.bureau.Next(v.T, v.Store, id))
		}
	}
}

// all makes one case of every kind.
func (v *viewing) all() (list []viewed) {
	v.Helper()
	add := func(c viewed) { list = append(list, c) }
	const partly, open, closed = proposal.PartlyOpenReply, proposal.OpenReply, proposal.ClosedReply
	for _, secret := range []bool{false, true} {
		for _, stage := range []proposal.Stage{proposal.Registered, proposal.Consulting, proposal.Drafting, proposal.OfficeReview, proposal.Numbering} {
			add(viewed{name: string(stage), id: v.to(v.register(secret), stage, closed), secret: secret, closed: true})
		}
		for _, stage := range []proposal.Stage{proposal.Answered, proposal.Closed} {
			add(viewed{name: string(stage) + ", not open", id: v.to(v.register(secret), stage, closed), secret: secret})
		}
		id := v.to(v.register(secret), proposal.Drafting, closed)
		v.version(id, wordDraft)
		state := v.state(id)
		v.do(id, v.bureau.Action(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{
			Until: state.ReplyDue().Due().AddDays(10), Reason: wordAsked + "倪琛善",
		}))
		v.do(id, v.bureau.Action(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{}))
		add(viewed{name: "extension endorsed", id: id, secret: secret, asks: true})
		id = v.register(secret)
		v.do(id, v.bureau.Action(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{
			Reason: wordAsked + "倪琛善", LegalDuty: "《社会保险法》第七条", Suggested: "市人社局",
		}))
		add(viewed{name: "return to be decided", id: v.to(id, proposal.ReturnDecision, closed), secret: secret, asks: true})
		id = v.to(v.register(secret), proposal.OfficeReview, closed)
		v.do(id, v.bureau.Action(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: wordReview, Agreed: []string{"倪琛善", "王桂兰"}}))
		add(viewed{name: "withdrawn in review", id: id, secret: secret})
	}
	add(viewed{name: "answered, partly open", id: v.to(v.register(false), proposal.Answered, partly), open: true})
	add(viewed{name: "closed, partly open", id: v.to(v.register(false), proposal.Closed, partly), open: true})
	add(viewed{name: "answered, open", id: v.to(v.register(false), proposal.Answered, open), open: true})
	again := func(openness proposal.Openness) string {
		id := v.to(v.register(false), proposal.Answered, openness)
		if openness != closed {
			v.do(id, v.bureau.Next(v.T, v.Store, id)) // published
		}
		v.do(id, v.bureau.Rate(proposal.NotSatisfied))
		v.to(id, proposal.Drafting, openness)
		v.version(id, wordDraft)
		return id
	}
	add(viewed{name: "second round, first partly open", id: again(partly), open: true})
	add(viewed{name: "second round, first not open", id: again(closed)})
	id := v.to(v.register(false), proposal.Answered, partly)
	v.do(id, v.bureau.Next(v.T, v.Store, id))
	v.do(id, v.bureau.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: wordSecrecy + "倪琛善"}))
	add(viewed{name: "secrecy asked after publication", id: id, secret: true})
	return list
}

// forbidden are the words that the person may not read of the case.
func (c viewed) forbidden(role proposal.Role) (words []string) {
	if c.secret {
		switch role {
		case proposal.Liaison, proposal.BureauHead, proposal.LeaderInCharge, proposal.DivisionHead, proposal.Handler:
		default:
			words = append(words, "倪琛善", "王桂兰")
		}
	}
	if role != proposal.Publisher && role != proposal.Assembly && role != "" {
		return words
	}
	words = append(words, wordText, wordPoint, wordOpinion, wordNote, wordReview, wordGround, wordDraft, wordSecrecy)
	if !c.open {
		words = append(words, wordSent, wordPromise)
	}
	if c.name != "answered, open" { // there it is read by everybody
		words = append(words, wordBlack)
	}
	if role != proposal.Assembly {
		words = append(words, wordAsked)
	}
	return words
}

// bareText is what a reader makes of an answer: names may be spaced, and letters hidden between theirs.
var bareText = strings.NewReplacer(" ", "", "　", "", "·", "", "\u200b", "", `\u200b`, "")

// fields are the texts of an answer: the values of JSON with their names, or a page as a whole.
func fields(body []byte) map[string]string {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return map[string]string{"page": string(body)}
	}
	found := map[string]string{}
	var read func(string, any)
	read = func(name string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for key, of := range v {
				read(name+"."+key, of)
			}
		case []any:
			for i, of := range v {
				read(fmt.Sprintf("%s.%d", name, i), of)
			}
		default:
			found[name] = fmt.Sprint(v)
		}
	}
	read("", value)
	return found
}

// Every page and every call that reads, as everybody, of a case of every kind, field by field: nothing is shown that its reader
// may not know (domain §3, R16).
func TestEveryViewOfEveryRole(t *testing.T) {
	s := newSite(t)
	v := &viewing{T: t, site: s, cases: &activities.Cases{
		Ledger: s.Store, Calendar: calendar.National, Packs: builtInPacks{}, Now: time.Now,
	}}
	cases := v.all()
	p := s.program(t)
	cells, answers := 0, 0
	look := func(role proposal.Role, c viewed, path string, status int, body []byte) {
		answers++
		for name, text := range fields(body) {
			cells++
			text = bareText.Replace(text)
			for _, word := range c.forbidden(role) {
				if strings.Contains(text, word) {
					at := strings.Index(text, word)
					t.Errorf("%s reads %s at %s (%d), %s of %q (secret %v): …%s…", role, word, path, status, name, c.name, c.secret,
						strings.ToValidUTF8(text[max(0, at-90):min(len(text), at+len(word)+30)], ""))
				}
			}
		}
	}
	call := func(role proposal.Role, path string) (int, []byte) {
		r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		by := http.DefaultClient
		switch {
		case strings.HasPrefix(path, "/api/"):
			r.Header.Set("Authorization", "Bearer "+p.tokens[role])
		case role != "":
			by = s.as(t, role).Client
		}
		resp, err := by.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, body
	}
	roles := append(slices.Clone(proposal.Roles), "")
	everywhere := []string{ // what shows many cases at once; a reader is held to the strictest of them
		"/", "/?box=active", "/?box=done", "/?box=watched", "/?box=whole", "/cases", "/overview", "/what-if", "/statistics", "/statistics/scores", "/statistics/evaluation", "/statistics/back", "/digest", "/outgoing", "/notices", "/signing", "/bulk", "/calendar", "/public/",
		"/api/v1/cases", "/api/v1/tasks?box=active", "/api/v1/tasks?box=todo", "/api/v1/tasks?box=every", "/api/v1/statistics", "/api/v1/scores", "/api/v1/digest", "/api/v1/public",
	}
	strict := viewed{name: "every case"}
	engine := s.decoding(t, wordText)
	events := map[string]int{}
	for _, c := range cases {
		stored, err := s.Store.Case(t.Context(), c.id)
		if err != nil {
			t.Fatal(err)
		}
		events[c.id] = len(stored.Events)
		if status, _ := call("", "/public/"+c.id); c.secret && status == http.StatusOK {
			t.Errorf("the public reads %q", c.name)
		}
	}
	for _, role := range roles {
		by := engine.browser(t)
		if role != "" {
			by = engine.as(t, role)
		}
		p, told := engine.ask(t, by, http.MethodPost, engine.url)
		look(role, strict, p.path, p.status, []byte(told))
		for _, path := range everywhere {
			status, body := call(role, path)
			if role == proposal.Publisher || role == proposal.Assembly || role == "" {
				look(role, strict, path, status, body)
			}
		}
		for _, c := range cases {
			paths := []string{
				"/cases/" + c.id, fmt.Sprintf("/cases/%s/at?event=%d", c.id, events[c.id]),
				fmt.Sprintf("/cases/%s/at?event=%d", c.id, max(1, events[c.id]-3)), "/cases/" + c.id + "/compare", "/cases/" + c.id + "/preview",
				"/cases/" + c.id + "/edit", "/cases/" + c.id + "/paragraphs", "/public/" + c.id,
				"/api/v1/cases/" + c.id, "/api/v1/cases/" + c.id + "/events", "/api/v1/cases/" + c.id + "/attachments", "/api/v1/public/" + c.id,
			}
			for _, path := range paths {
				status, body := call(role, path)
				look(role, c, path, status, body)
				outside := role == proposal.Publisher || role == proposal.Assembly
				if outside && c.closed && status == http.StatusOK && path != "/public/"+c.id {
					t.Errorf("%s opens %s of %q", role, path, c.name)
				}
				if role == proposal.Publisher && c.open && path == "/api/v1/cases/"+c.id && !strings.Contains(string(body), wordSent) {
					t.Errorf("the publisher does not read what went out of %q", c.name)
				}
			}
		}
	}
	t.Logf("%d roles, %d cases, %d answers, %d cells", len(roles), len(cases), answers, cells)
	if cells < 10000 {
		t.Errorf("%d cells: too few to tell", cells)
	}
}
