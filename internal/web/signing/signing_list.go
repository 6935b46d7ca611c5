package signing

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// signingPage lists every reply that waits for the officer; those that were read can be decided together.
type signingPage struct {
	kit.Frame
	Rows     []SigningRow
	Unread   int    // how many have not been read
	First    string // path of the first of these
	Ready    int    // how many can be decided with one press
	Error    string
	Done     int // outcomes of a press, if there was one
	Failed   int
	Finished bool
}

func (*signingPage) Template() string { return "signing.html" }

// SigningRow is one reply.
type SigningRow struct {
	Key, Path            string
	Number, Subject, Who string
	Due                  *locale.Due
	Does                 string // 签发第9稿
	Version, Seq         int
	SHA256, ActionID     string
	For                  proposal.PersonID
	ForWhom              string
	Read, Batch, Ticked  bool
	Outcome              string
	Done                 bool
}

// SigningList shows what waits for the officer's signature or review.
func (s *Room) SigningList(w http.ResponseWriter, r *http.Request) error {
	queue, err := s.ReplyQueue(r.Context(), kit.OfficerOf(r))
	if err != nil {
		return err
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, s.newSigningPage(r, queue, nil))
}

func (s *Room) newSigningPage(r *http.Request, queue []casefile.ReplyTask, typed url.Values) *signingPage {
	words, today := s.Words(r), calendar.DateOf(s.Now())
	cal := s.Days(r.Context())
	p := &signingPage{Frame: kit.Frame{Title: words.T("signing.title"), Section: "signing"}}
	for _, t := range queue {
		row := s.signingRow(words, t)
		row.Due = words.DueOn(t.Row.DueClock, t.Row.Task.Due, cal, today)
		row.Ticked = slices.Contains(typed["tick"], row.Key)
		switch {
		case !row.Batch:
		case row.Read:
			p.Ready++
		default:
			p.Unread++
		}
		if !row.Read && p.First == "" {
			p.First = row.Path
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func (s *Room) signingRow(w *locale.Words, t casefile.ReplyTask) SigningRow {
	row := SigningRow{
		Key: t.Key(), Path: t.Path(), Number: w.Number(t.Row.Key), Subject: t.Row.Subject, Who: w.RowDeputy(t.Row),
		Version: t.State.Draft, Seq: t.State.Seq, SHA256: t.State.DraftSHA256, ActionID: kit.NewActionID(), For: t.Offer.For,
		Read: t.Read, Batch: t.Batch,
	}
	row.Does = w.T("signing.does."+string(t.Offer.Kind), "Version", t.State.Draft, "Stage", w.T("stage."+string(t.State.Stage)))
	return row
}

// actionOn is the decision on one reply, of which the officer read the text with the hash.
func actionOn(t casefile.ReplyTask, who *store.Person, form url.Values) proposal.Action {
	key := t.Key()
	a := proposal.Action{
		ID: form.Get("action_id." + key), Kind: t.Offer.Kind, By: who.ID, For: proposal.PersonID(form.Get("for." + key)),
		Input: proposal.NewInput(t.Offer.Kind), Proof: who.Proof,
	}
	a.BaseSeq, _ = strconv.Atoi(form.Get("seq." + key)) // what is no number is refused by the rules as no state that was seen
	read, target := proposal.ReadText{SHA256: form.Get("sha256." + key)}, proposal.StrandTarget{Ref: t.Offer.Ref}
	switch in := a.Input.(type) {
	case *proposal.Signature:
		in.SHA256 = read.SHA256
	case *proposal.ReviewPass:
		in.ReadText = read
	case *proposal.Countersignature:
		in.ReadText, in.StrandTarget = read, target
	case *proposal.AddedPass:
		in.ReadText, in.StrandTarget = read, target
	}
	return a
}
