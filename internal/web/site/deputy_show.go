package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// deputyPage is what a deputy sees through the one-time link: the own case, how far it is, the reply, and the form on which to
// rate it. It names nobody of the bureau but whom the reply names.
type deputyPage struct {
	kit.Frame
	State    string // "", or why there is nothing to rate: used, expired, over, unknown, resting
	Number   string
	Official string
	Deputy   string
	CoSigner bool
	Progress []ProgressLine
	Reply    *reply.View
	Document string // 发文字号
	Form     *kit.Form
}

func (*deputyPage) Template() string { return "deputy.html" }

// ProgressLine is one step of a case as its deputy may know it; its words are the message progress.<Key>.
type ProgressLine struct{ Key, When string }

// DeputyShow draws the page.
func (s *Room) DeputyShow(w http.ResponseWriter, r *http.Request) error {
	link, err := s.openLink(r)
	if err != nil {
		return s.refuseLink(w, r, err)
	}
	return s.renderDeputy(w, r, link, http.StatusOK, nil)
}

// openLink finds the link that the address names.
func (s *Room) openLink(r *http.Request) (store.DeputyLink, error) {
	link, rests, err := s.store.OpenDeputyLink(r.Context(), r.PathValue("secret"), kit.From(r))
	if err == nil && rests.After(s.Now()) {
		err = errLinkRests
	}
	return link, err
}

// errLinkRests: too many unknown links came from the address.
var errLinkRests = errors.New("web: too many unknown links")

// refuseLink says in words why an address opens nothing.
func (s *Room) refuseLink(w http.ResponseWriter, r *http.Request, err error) error {
	p := &deputyPage{Frame: kit.Frame{Title: s.Words(r).T("deputy_page.title")}}
	switch {
	case errors.Is(err, errLinkRests):
		p.State = "resting"
		return s.Render(w, r, http.StatusTooManyRequests, p)
	case kit.Refused(err, proposal.NotFound):
		p.State = "unknown"
		return s.Render(w, r, http.StatusNotFound, p)
	}
	return err
}

// renderDeputy draws the page, with a new form or the one that was sent.
func (s *Room) renderDeputy(w http.ResponseWriter, r *http.Request, link store.DeputyLink, status int, form *kit.Form) error {
	p, err := s.newDeputyPage(r, link, form)
	if err != nil {
		return err
	}
	return s.Render(w, r, status, p)
}

func (s *Room) newDeputyPage(r *http.Request, link store.DeputyLink, form *kit.Form) (*deputyPage, error) {
	c, err := s.store.Case(r.Context(), link.CaseID)
	if err != nil {
		return nil, err
	}
	words := s.Words(r).About(c.Key.Body)
	p := &deputyPage{
		Frame: kit.Frame{Title: words.T("deputy_page.title")}, Number: words.Number(c.Key), Official: c.Title,
		Deputy: replytext.Addressee(c.Key.Body, c.Proposer, c.LeadDeputy), State: s.linkState(link, c), Form: form,
	}
	if link.CoSigner != "" {
		p.Deputy, p.CoSigner = replytext.Addressee(c.Key.Body, "", link.CoSigner), true
	}
	if p.State != "" {
		return p, nil // who has rated, or came too late, learns no more from an address that may have been passed on
	}
	p.Progress = progress(words, c)
	if err := s.addDeputyReply(r, p, c); err != nil {
		return nil, err
	}
	if p.Form == nil {
		p.Form = newRatingForm(words, r)
	}
	return p, nil
}

// linkState says why a link no longer rates: used, expired, or over with the case; "" if it does.
func (s *Room) linkState(link store.DeputyLink, c *store.Case) string {
	r := c.State.Strand(proposal.FeedbackStrand, linkRef(link))
	switch {
	case link.UsedAt.IsZero() && (r == nil || r.Status == proposal.StrandCancelled):
		return "over"
	case !link.UsedAt.IsZero():
		return "used"
	case link.CoSigner == "" && !casefile.AwaitsRating(r):
		return "used"
	case link.CoSigner != "" && (c.State.DispatchedOn.IsZero() || link.Round != max(1, c.State.Round) || !slices.Contains(c.AskedBeside(), link.CoSigner)):
		return "over"
	case !link.ExpiresAt.After(s.Now()):
		return "expired"
	}
	return ""
}

// addDeputyReply adds the signed text, once it was sent.
func (s *Room) addDeputyReply(r *http.Request, p *deputyPage, c *store.Case) error {
	if c.State.DispatchedOn.IsZero() || c.State.Draft == 0 {
		return nil
	}
	signed, err := s.store.Draft(r.Context(), c.CaseID, c.State.Draft)
	if err != nil {
		return err
	}
	pack, ok := s.store.Pack(c.State.Pack)
	if !ok {
		return fmt.Errorf("case %s: rule pack %q is not loaded", c.CaseID, c.State.Pack)
	}
	bureau, err := s.store.Bureau(r.Context(), c.State.SignedOn)
	if err != nil {
		return err
	}
	p.Reply = reply.Draw(s.Words(r).About(c.Key.Body), s.PaperWords(), &casefile.File{Case: c, Pack: pack.Of(bureau)}, signed)
	p.Document = c.State.Number.String()
	return nil
}

// progress is the course of the case without its inner steps: days, no names.
func progress(w *locale.Words, c *store.Case) []ProgressLine {
	var lines []ProgressLine
	add := func(key string, day calendar.Date) {
		if !day.IsZero() {
			lines = append(lines, ProgressLine{key, w.FullDay(day)})
		}
	}
	add("assigned", c.AssignedOn)
	if c.State.Round > 1 {
		add("rehandled", lastDay(c, proposal.RecordFeedback))
	}
	add("accepted", lastDay(c, proposal.Accept))
	for _, talk := range slices.Backward(c.Consultations) {
		if talk.Outcome == proposal.ContactReached {
			add("consulted", calendar.DateOf(talk.At))
			break
		}
	}
	add("signed", c.State.SignedOn)
	add("dispatched", c.State.DispatchedOn)
	if c.Published {
		add("published", c.State.PublishedOn)
	}
	return lines
}

// lastDay is the official day of the newest event of the kind.
func lastDay(c *store.Case, kind proposal.Kind) calendar.Date {
	for _, e := range slices.Backward(c.Events) {
		if e.Kind == string(kind) {
			return cmp.Or(e.On, calendar.DateOf(e.At))
		}
	}
	return calendar.Date{}
}
