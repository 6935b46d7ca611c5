package api

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// DivisionRow is a division of the bureau with its place among them.
type DivisionRow struct {
	Code        proposal.DivisionID `json:"code"`
	Name        string              `json:"name"`
	NameEN      string              `json:"name_en,omitempty"`
	Sort        int                 `json:"sort"`               // its place in the order
	Phone       string              `json:"phone,omitempty"`    // that its replies name, for whoever has none of their own
	ClosedOn    calendar.Date       `json:"closed_on,omitzero"` // none: it is at work
	TakenOverBy proposal.DivisionID `json:"taken_over_by,omitempty"`
}

// DivisionsList is the divisions in their order, those that are closed last.
type DivisionsList struct {
	Items []DivisionRow `json:"items"`
}

// NewDivision adds a division, or changes the one with the code: what it does not say stays as it is, and "" empties.
type NewDivision struct {
	Code   proposal.DivisionID `json:"code,omitempty"`
	Name   string              `json:"name,omitempty"`
	NameEN *string             `json:"name_en,omitempty"`
	Sort   int                 `json:"sort,omitempty"`
	Phone  *string             `json:"phone,omitempty"`
}

// CloseDivision closes a division.
type CloseDivision struct {
	Into proposal.DivisionID `json:"into,omitempty"` // which takes over; one that has neither people nor open cases needs none
}

// ClosedDivision is what follows from closing one.
type ClosedDivision struct {
	Cases int    `json:"cases"`          // open cases that are moved, one by one
	Bulk  string `json:"bulk,omitempty"` // id of the bulk that moves them, which the administrator may take back
}

func (s *Room) divisionsList(call *Call, _ nothing) (DivisionsList, error) {
	list := DivisionsList{Items: []DivisionRow{}}
	all, err := s.store.Divisions(call.Context())
	for _, d := range all {
		list.Items = append(list.Items, DivisionRow{d.Code, d.Name.ZH, d.Name.EN, d.Sort, d.Phone, d.ClosedOn, d.TakenOverBy})
	}
	return list, err
}

func (s *Room) divisionSave(call *Call, in NewDivision) (DivisionsList, error) {
	if err := administers(call); err != nil {
		return DivisionsList{}, err
	}
	d := store.Division{Code: in.Code}
	if in.Code != "" {
		all, err := s.store.Divisions(call.Context())
		if err != nil {
			return DivisionsList{}, err
		}
		if i := slices.IndexFunc(all, func(was store.Division) bool { return was.Code == in.Code }); i >= 0 {
			d = all[i]
		}
	}
	d.Name = store.Name{ZH: cmp.Or(in.Name, d.Name.ZH), EN: saidOr(in.NameEN, d.Name.EN)}
	d.Sort, d.Phone = cmp.Or(in.Sort, d.Sort), saidOr(in.Phone, d.Phone)
	if err := s.store.Edit(call.Context(), call.who.ID, func(e *store.Edit) error { return e.SaveDivision(call.Context(), d) }); err != nil {
		return DivisionsList{}, err
	}
	return s.divisionsList(call, nothing{})
}

func (s *Room) divisionClose(call *Call, in CloseDivision) (closed ClosedDivision, err error) {
	if err := administers(call); err != nil {
		return closed, err
	}
	b := proposal.Bulk{
		ID: uuid.Must(uuid.NewV7()).String(), Kind: proposal.BulkRegroup, By: call.who.ID,
		Params: proposal.BulkParams{Division: proposal.DivisionID(call.PathValue("id")), Lead: in.Into},
	}
	err = s.store.Edit(call.Context(), call.who.ID, func(e *store.Edit) (err error) {
		closed.Cases, err = e.CloseDivision(call.Context(), b)
		return err
	})
	if err != nil || closed.Cases == 0 {
		return closed, err
	}
	closed.Bulk = b.ID
	if err := s.cases.StartBulk(call.Context(), b.ID); err != nil {
		s.Log.WarnContext(call.Context(), "a bulk waits for the engine", "bulk", b.ID, "err", err)
	}
	return closed, nil
}

func (s *Room) divisionReopen(call *Call, _ nothing) (DivisionsList, error) {
	if err := administers(call); err != nil {
		return DivisionsList{}, err
	}
	code := proposal.DivisionID(call.PathValue("id"))
	if err := s.store.Edit(call.Context(), call.who.ID, func(e *store.Edit) error { return e.ReopenDivision(call.Context(), code) }); err != nil {
		return DivisionsList{}, err
	}
	return s.divisionsList(call, nothing{})
}
