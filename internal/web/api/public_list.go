package api

import (
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
)

// PublicQuery chooses a page of the published replies. Nothing said does not filter.
type PublicQuery struct {
	Year  int    `json:"year,omitempty"` // of publication
	Text  string `json:"q,omitempty"`    // part of the title or a deputy's name
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"` // at most 500
}

// PublicItem is a published reply in a list.
type PublicItem struct {
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Subject     string        `json:"subject"`
	SessionName string        `json:"session_name"`
	NumberName  string        `json:"number_name"`
	LeadDeputy  string        `json:"lead_deputy"`
	CoSigners   []string      `json:"co_signers"`
	Division    string        `json:"division"`
	SignedOn    calendar.Date `json:"signed_on"`
	PublishedOn calendar.Date `json:"published_on"`
}

// PublicItems is a page of published replies.
type PublicItems struct {
	Items []PublicItem `json:"items"`
	Next  string       `json:"next,omitempty"`
}

func (s *Room) publicList(call *Call, q PublicQuery) (PublicItems, error) {
	page, err := s.store.PublicList(call.Context(), store.PublicFilter{Year: q.Year, Query: q.Text, After: q.After, Limit: q.Limit})
	list := PublicItems{Items: []PublicItem{}, Next: page.Next}
	for _, item := range page.Items {
		list.Items = append(list.Items, PublicItem{
			ID: item.CaseID, Title: item.Title, Subject: item.Subject, SessionName: item.SessionName, NumberName: item.NumberName,
			LeadDeputy: item.LeadDeputy, CoSigners: append([]string{}, item.CoSigners...), Division: item.Division,
			SignedOn: item.SignedOn, PublishedOn: item.PublishedOn,
		})
	}
	return list, err
}
