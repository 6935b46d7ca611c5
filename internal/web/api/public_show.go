package api

import (
	"time"

	"github.com/banli/banli/internal/replytext"
)

// PublicReply is a published reply. The hash is that of the signed version.
type PublicReply struct {
	PublicItem
	DocumentNumber string                `json:"document_number"`
	Body           string                `json:"body"`
	Paragraphs     []replytext.Paragraph `json:"paragraphs"` // the body in its heading structure
	Agency         string                `json:"agency"`
	ContactName    string                `json:"contact_name"`
	ContactPhone   string                `json:"contact_phone"`
	SHA256         string                `json:"sha256"`
	PublishedAt    time.Time             `json:"published_at"`
}

func (s *Room) publicShow(call *Call, _ nothing) (PublicReply, error) {
	r, err := s.store.PublicReply(call.Context(), call.PathValue("id"))
	return PublicReply{
		PublicItem: PublicItem{
			ID: r.CaseID, Title: r.Title, Subject: r.Subject, SessionName: r.SessionName, NumberName: r.NumberName,
			LeadDeputy: r.LeadDeputy, CoSigners: append([]string{}, r.CoSigners...), Division: r.Division, SignedOn: r.SignedOn, PublishedOn: r.PublishedOn,
		},
		DocumentNumber: r.DocumentNumber, Body: r.Body, Paragraphs: replytext.Paragraphs(r.Body), Agency: r.Agency,
		ContactName: r.ContactName, ContactPhone: r.ContactPhone, SHA256: r.SHA256, PublishedAt: r.PublishedAt,
	}, err
}
