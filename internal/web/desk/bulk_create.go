package desk

import (
	"net/http"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// BulkCreate saves a bulk and sets it going. Sending it twice is one bulk. A bulk that was saved is never lost: if the engine is
// away it begins when the engine is back.
func (s *Room) BulkCreate(w http.ResponseWriter, r *http.Request) error {
	kind := proposal.BulkKind(r.PostForm.Get("kind"))
	if !slices.Contains(proposal.BulkKinds, kind) {
		return kit.ErrNotFound
	}
	d, err := s.readBulk(r, kind)
	if err != nil {
		return err
	}
	var items []proposal.BulkItem
	for _, pick := range d.picks {
		if !pick.out {
			items = append(items, pick.item)
		}
	}
	if err := d.check(calendar.DateOf(s.Now()), kit.OfficerOf(r)); err == nil {
		err = s.store.CreateBulk(r.Context(), d.Bulk, items)
		if err != nil && refusalIn(err) == nil {
			return err
		}
		if err == nil {
			d.picks = slices.DeleteFunc(d.picks, func(p bulkPick) bool { return p.out })
			s.ForgetTyped(r, "", kit.FormBulk, string(kind))
			return s.beginBulk(w, r, d)
		}
		return s.renderBulkNew(w, r, http.StatusUnprocessableEntity, d, refusalIn(err))
	} else if refusal := refusalIn(err); refusal != nil {
		return s.renderBulkNew(w, r, http.StatusUnprocessableEntity, d, refusal)
	}
	return err
}

// check is everything that can be wrong with the form, at once.
func (d *bulkDraft) check(today calendar.Date, who *store.Person) error {
	wrong := slices.Clone(d.unread)
	if refusal := refusalIn(d.Check(today)); refusal != nil {
		for _, f := range refusal.Fields {
			if !slices.ContainsFunc(d.unread, func(u proposal.FieldError) bool { return u.Field == f.Field }) {
				wrong = append(wrong, f)
			}
		}
	}
	return kit.InvalidFields(wrong)
}

// soon is how long the officer waits for a bulk of one case, to see it done at once.
const soon = 3 * time.Second

// beginBulk goes to the page of the bulk; one case that is done at once needs none.
func (s *Room) beginBulk(w http.ResponseWriter, r *http.Request, d *bulkDraft) error {
	if err := s.cases.StartBulk(r.Context(), d.ID); err != nil {
		s.Log.WarnContext(r.Context(), "a bulk waits for the engine", "bulk", d.ID, "err", err)
	} else if v, done := s.doneSoon(r, d); done {
		words := s.Words(r)
		s.Flash(r, words.T("flash.bulk."+string(d.Kind), "Number", words.Number(d.picks[0].row.Key), "Name", words.Name(v.ToName)))
		http.Redirect(w, r, kit.LocalPath(d.typed.Get("back")), http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/bulk/"+d.ID, http.StatusSeeOther)
	return nil
}

// doneSoon waits until the one item is done; false if there are more, if it was refused, or takes longer.
func (s *Room) doneSoon(r *http.Request, d *bulkDraft) (store.BulkView, bool) {
	if len(d.picks) != 1 {
		return store.BulkView{}, false
	}
	for begun := time.Now(); time.Since(begun) < soon; {
		v, err := s.store.Bulk(r.Context(), d.By, d.ID)
		if err != nil || v.Status.Ended() {
			return v, err == nil && v.Counts[proposal.ItemDone] == 1
		}
		select {
		case <-r.Context().Done():
			return store.BulkView{}, false
		case <-time.After(30 * time.Millisecond):
		}
	}
	return store.BulkView{}, false
}
