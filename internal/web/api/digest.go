package api

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// Briefing puts the digest of somebody who supervises into words.
type Briefing func(ctx context.Context, w *locale.Words, who *store.Person, of store.Brief) (casefile.Brief, error)

// DigestQuery chooses a digest.
type DigestQuery struct {
	Weekly bool `json:"weekly,omitempty"` // else the daily one
}

// Digest is the digest that the caller is mailed, as things stand now.
type Digest struct {
	Title string       `json:"title"`
	Parts []DigestPart `json:"parts"`
}

// DigestPart is a few sentences and figures.
type DigestPart struct {
	Title string       `json:"title"`
	Says  []string     `json:"says"`
	Lines []DigestLine `json:"lines"`
}

// DigestLine is a figure, a case of the figure before it, or a page to read.
type DigestLine struct {
	Words string `json:"words"`
	Note  string `json:"note,omitempty"`
	Count *int   `json:"count,omitempty"` // absent if it is no figure
	List  string `json:"list,omitempty"`  // the query of GET /tasks that lists the cases which count counts
	Path  string `json:"path"`            // of the page
}

func (s *Room) digestShow(call *Call, q DigestQuery) (Digest, error) {
	if err := mayOverview(call); err != nil {
		return Digest{}, err
	}
	of, err := s.store.BriefOf(call.Context(), call.who.ID, calendar.DateOf(s.Now()), q.Weekly)
	if err != nil {
		return Digest{}, err
	}
	brief, err := s.brief(call.Context(), call.words, call.who, of)
	a := Digest{Title: brief.Title, Parts: []DigestPart{}}
	for _, part := range brief.Parts {
		said := DigestPart{Title: part.Title, Says: append([]string{}, part.Says...), Lines: []DigestLine{}}
		for _, line := range part.Lines {
			one := DigestLine{Words: line.Words, Note: line.Note, Path: line.Path}
			if line.N != "" {
				one.Count, one.List = &line.Count, casefile.AnyListQuery(line.List).Encode()
			}
			said.Lines = append(said.Lines, one)
		}
		a.Parts = append(a.Parts, said)
	}
	return a, err
}
