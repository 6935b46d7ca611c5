package api

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// DirectoryEntry is somebody in a directory, or what is to be kept of them.
type DirectoryEntry struct {
	Kind    directory.Kind `json:"kind"`
	Level   assembly.Level `json:"level,omitempty"` // of people: of their assembly
	Term    int            `json:"term,omitempty"`  // of people
	Name    string         `json:"name"`
	Group   string         `json:"group,omitempty"` // of people: delegation or sector
	Post    string         `json:"post,omitempty"`  // of people: employer and post
	EndedOn calendar.Date  `json:"ended_on,omitzero"`
	EndNote string         `json:"end_note,omitempty"`
	Reach   *Reach         `json:"reach,omitempty"` // in a list it is left out; every look at it is recorded
}

// Reach is how somebody is reached.
type Reach struct {
	Contact  string `json:"contact,omitempty"` // at a unit: whom to ask for
	Phone    string `json:"phone,omitempty"`
	Second   string `json:"second,omitempty"`
	Address  string `json:"address,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	Email    string `json:"email,omitempty"`
}

// KeptEntry is an entry that is kept.
type KeptEntry struct {
	ID string `json:"id"`
	DirectoryEntry
	HasPhone bool `json:"has_phone"`
}

// DirectoryList is a part of a directory, the newest term first.
type DirectoryList struct {
	Items []KeptEntry `json:"items"`
	Total int         `json:"total"` // that fit, with those that are not among the items
}

// directoryQuery says which entries are listed.
type directoryQuery struct {
	Kind    directory.Kind `json:"kind"`
	Text    string         `json:"q,omitempty"`
	Level   assembly.Level `json:"level,omitempty"`
	Term    int            `json:"term,omitempty"`
	Offered bool           `json:"offered,omitempty"` // only who may be chosen today
	From    int            `json:"from,omitempty"`    // how many are passed over
	Limit   int            `json:"limit,omitempty"`   // at most 500; 100 if it is not said
}

const (
	directoryPage    = 100
	directoryPageMax = 500
)

// keepsDirectory refuses who does not keep the directories.
func keepsDirectory(call *Call) error {
	if !kit.KeepsDirectory(call.who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	return nil
}

func (s *Room) directoryList(call *Call, q directoryQuery) (DirectoryList, error) {
	list := DirectoryList{Items: []KeptEntry{}}
	if err := keepsDirectory(call); err != nil {
		return list, err
	}
	limit := directoryPage
	if q.Limit > 0 {
		limit = min(q.Limit, directoryPageMax)
	}
	items, total, err := s.store.Directory(call.Context(), store.DirectoryFilter{
		Kind: q.Kind, Query: strings.TrimSpace(q.Text), Level: q.Level, Term: q.Term, Offered: q.Offered, From: max(q.From, 0), Limit: limit,
	})
	list.Total = total
	for _, i := range items {
		list.Items = append(list.Items, keptEntry(i.Entry, i.HasPhone))
	}
	return list, err
}

func keptEntry(e directory.Entry, hasPhone bool) KeptEntry {
	return KeptEntry{ID: e.ID, DirectoryEntry: DirectoryEntry{Kind: e.Kind, Level: e.Level, Term: e.Term, Name: e.Name, Group: e.Group, Post: e.Post, EndedOn: e.EndedOn, EndNote: e.EndNote}, HasPhone: hasPhone}
}

func (s *Room) directoryShow(call *Call, _ nothing) (KeptEntry, error) {
	if err := keepsDirectory(call); err != nil {
		return KeptEntry{}, err
	}
	e, err := s.store.LookUp(call.Context(), call.who.ID, call.PathValue("id"))
	if err != nil {
		return KeptEntry{}, err
	}
	kept, reach := keptEntry(e, e.Phone+e.Second != ""), Reach(e.Reach)
	kept.Reach = &reach
	return kept, nil
}

// directorySave keeps an entry as it is said; what is not said of how somebody is reached is empty from now on.
func (s *Room) directorySave(call *Call, in DirectoryEntry) (KeptEntry, error) {
	if err := keepsDirectory(call); err != nil {
		return KeptEntry{}, err
	}
	e := directory.Entry{ID: call.PathValue("id"), Kind: in.Kind, Level: in.Level, Term: in.Term, EndedOn: in.EndedOn}
	said := map[string]string{"name": in.Name, "group": in.Group, "post": in.Post, "end_note": in.EndNote}
	if r := in.Reach; r != nil {
		said["contact"], said["phone"], said["second"], said["address"], said["postcode"], said["email"] = r.Contact, r.Phone, r.Second, r.Address, r.Postcode, r.Email
	}
	for field, value := range said {
		if slices.Contains(in.Kind.Fields(), field) {
			e.Set(field, value)
		} else if value != "" {
			return KeptEntry{}, &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: proposal.UnknownField}}}
		}
	}
	err := s.store.Edit(call.Context(), call.who.ID, func(edit *store.Edit) (err error) {
		e.ID, err = edit.SaveEntry(call.Context(), e)
		return err
	})
	if err != nil {
		return KeptEntry{}, err
	}
	call.location = root + "/directory/" + e.ID
	return keptEntry(e, e.Phone+e.Second != ""), nil
}
