package web

import (
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
)

// apiPublicQuery chooses a page of the published replies. Nothing said does not filter.
type apiPublicQuery struct {
	Year  int    `json:"year,omitempty"` // of publication
	Text  string `json:"q,omitempty"`    // part of the title or a deputy's name
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"` // at most 500
}

// apiPublicItem is a published reply in a list.
type apiPublicItem struct {
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

// apiPublicItems is a page of published replies.
type apiPublicItems struct {
	Items []apiPublicItem `json:"items"`
	Next  string          `json:"next,omitempty"`
}

func (s *Server) apiPublicList(call *apiCall, q apiPublicQuery) (apiPublicItems, error) {
	page, err := s.Store.PublicList(call.Context(), store.PublicFilter{Year: q.Year, Query: q.Text, After: q.After, Limit: q.Limit})
	list := apiPublicItems{Items: []apiPublicItem{}, Next: page.Next}
	for _, item := range page.Items {
		list.Items = append(list.Items, apiPublicItem{
			ID: item.CaseID, Title: item.Title, Subject: item.Subject, SessionName: item.SessionName, NumberName: item.NumberName,
			LeadDeputy: item.LeadDeputy, CoSigners: append([]string{}, item.CoSigners...), Division: item.Division,
			SignedOn: item.SignedOn, PublishedOn: item.PublishedOn,
		})
	}
	return list, err
}
