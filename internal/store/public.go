package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// PublicReply is a published reply as it was on the day it was published: later changes to the case do not touch it.
type PublicReply struct {
	CaseID         string // also the last part of its address
	Title          string // 市人大十六届三次会议关于…的建议（第0392号）的答复
	Subject        string
	SessionName    string
	NumberName     string
	Noun           string // 建议 or 提案
	DocumentNumber string // 发文字号
	LeadDeputy     string
	CoSigners      []string
	Body           string // read with proposal.Paragraphs
	Agency         string // 机关全称, the signature
	Division       string // 承办处室
	ContactName    string
	ContactPhone   string
	SignedOn       calendar.Date
	PublishedOn    calendar.Date
	SHA256         string    // of the signed version
	PublishedAt    time.Time // true time, UTC
}

// PublicItem is a line of the public list.
type PublicItem struct {
	CaseID      string
	Title       string
	Subject     string
	SessionName string
	NumberName  string
	Division    string
	SignedOn    calendar.Date
	PublishedOn calendar.Date
}

// PublicFilter chooses a page of the public list. Empty fields do not filter.
type PublicFilter struct {
	Year  int    // of publication
	Query string // part of the title or a deputy's name
	After string
	Limit int // at most 500
}

// PublicList lists published replies, newest first.
func (s *Store) PublicList(ctx context.Context, f PublicFilter) (Page[PublicItem], error) {
	return Page[PublicItem]{}, errNotYet
}

// PublicYears lists the years that have published replies, newest first.
func (s *Store) PublicYears(ctx context.Context) ([]int, error) { return nil, errNotYet }

// PublicReply reads one published reply.
func (s *Store) PublicReply(ctx context.Context, id string) (PublicReply, error) {
	return PublicReply{}, errNotYet
}
