package signing

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// Signs reports whether one of the ticked replies is signed, and not only reviewed.
func Signs(r *http.Request) bool {
	return slices.ContainsFunc(r.PostForm["tick"], func(key string) bool { return casefile.KindOf(key).Signs() })
}

// SigningSign decides the ticked replies with one press: each is an action of its own through its case, with an outcome of its
// own. One that the officer has not read to its end stops everything before anything is done, and says which.
func (s *Room) SigningSign(w http.ResponseWriter, r *http.Request) error {
	who, form, words := kit.OfficerOf(r), r.PostForm, s.Words(r)
	queue, err := s.ReplyQueue(r.Context(), who)
	if err != nil {
		return err
	}
	ticked := form["tick"]
	if unread := slices.IndexFunc(queue, func(t casefile.ReplyTask) bool {
		return slices.Contains(ticked, t.Key()) && t.Batch && !t.Read && form.Get("sha256."+t.Key()) == t.State.DraftSHA256
	}); unread >= 0 || len(ticked) == 0 {
		p := s.newSigningPage(r, queue, form)
		p.Error = words.T("signing.none")
		if unread >= 0 {
			p.Error, p.First = words.T("signing.unread", "Number", words.Number(queue[unread].Row.Key)), queue[unread].Path()
		}
		return s.Render(w, r, http.StatusUnprocessableEntity, p)
	}
	outcomes := map[string]string{}
	done := 0
	for _, key := range ticked {
		if outcomes[key], err = s.decideOne(r, queue, key); err != nil {
			return err
		}
		if outcomes[key] == "" {
			done++
		}
	}
	return s.showOutcomes(w, r, queue, outcomes, done)
}

// decideOne does one of the ticked replies; the text is why it was refused, "" if it was done.
func (s *Room) decideOne(r *http.Request, queue []casefile.ReplyTask, key string) (string, error) {
	who, form, words := kit.OfficerOf(r), r.PostForm, s.Words(r)
	i := slices.IndexFunc(queue, func(t casefile.ReplyTask) bool { return t.Key() == key })
	var refusal *proposal.Refusal
	if i < 0 {
		return s.notWaiting(r, form, key)
	}
	t := queue[i]
	if form.Get("sha256."+key) != t.State.DraftSHA256 {
		return words.T("signing.changed", "Version", t.State.Draft), nil
	}
	action := actionOn(t, who, form)
	if uuid.Validate(action.ID) != nil || !t.Batch {
		return words.T("signing.one_by_one"), nil
	}
	_, err := s.cases.Act(r.Context(), t.Row.CaseID, action)
	if !errors.As(err, &refusal) {
		return "", err
	}
	if refusal.Code == proposal.TextChanged {
		return words.T("signing.changed", "Version", t.State.Draft), nil
	}
	f, err := s.OpenCase(r.Context(), t.Row.CaseID, who)
	if err != nil {
		return words.T("signing.gone"), nil
	}
	return s.RefusalText(r, f, refusal), nil
}

// notWaiting answers for a reply that waits no more: it was decided by this very press, sent twice, or by somebody else.
func (s *Room) notWaiting(r *http.Request, form url.Values, key string) (string, error) {
	applied, err := s.store.Applied(r.Context(), validIDs(form.Get("action_id."+key)))
	if err != nil || len(applied) > 0 {
		return "", err
	}
	return s.Words(r).T("signing.gone"), nil
}

func validIDs(id string) []string {
	if uuid.Validate(id) != nil {
		return nil
	}
	return []string{id}
}

// showOutcomes shows the list as it was, each reply with what became of it.
func (s *Room) showOutcomes(w http.ResponseWriter, r *http.Request, before []casefile.ReplyTask, outcomes map[string]string, done int) error {
	words := s.Words(r)
	p := s.newSigningPage(r, before, nil)
	p.Finished, p.Done, p.Failed = true, done, len(outcomes)-done
	for i := range p.Rows {
		row := &p.Rows[i]
		refused, tried := outcomes[row.Key]
		switch {
		case tried && refused == "":
			row.Done, row.Outcome = true, words.T("signing.done", "What", row.Does)
		case tried:
			row.Outcome = refused
		}
	}
	return s.Render(w, r, http.StatusOK, p)
}
