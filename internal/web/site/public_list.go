package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// publicListPage is the public site's contents page: the published replies of one year, or those that a search found.
type publicListPage struct {
	kit.Frame
	Lead  string // what the list holds
	Query string
	All   *YearLink // every year; only for a search
	Years []YearLink
	Items []PublicLine
	First string // address of the first page, unless this is it
	Next  string
}

func (*publicListPage) Template() string { return "public_list.html" }

// YearLink is one year of the list.
type YearLink struct {
	Year int
	Path string
	Here bool
}

// PublicLine is one reply in the list.
type PublicLine struct {
	Path, Number, Heading, By string
	Published                 calendar.Date
}

const publicPerPage = 20

// PublicList draws the newest year, the year asked for by ?year=, or what ?q= finds in all years.
func (s *Room) PublicList(w http.ResponseWriter, r *http.Request) error {
	words, query := s.Words(r), r.URL.Query()
	p := &publicListPage{Frame: kit.Frame{Title: words.T("public.title")}, Query: strings.TrimSpace(query.Get("q"))}
	years, err := s.store.PublicYears(r.Context())
	if err != nil {
		return err
	}
	filter := store.PublicFilter{Query: p.Query, After: query.Get("after"), Limit: publicPerPage}
	if asked := query.Get("year"); asked != "" {
		if filter.Year, err = strconv.Atoi(asked); err != nil {
			return kit.ErrNotFound
		}
	} else if p.Query == "" && len(years) > 0 {
		filter.Year = years[0].Year
	}
	if p.Query != "" {
		p.All = &YearLink{Path: publicPath(p.Query, 0, ""), Here: filter.Year == 0}
	}
	for _, y := range years {
		p.Years = append(p.Years, YearLink{y.Year, publicPath(p.Query, y.Year, ""), y.Year == filter.Year})
		if p.Query == "" && y.Year == filter.Year {
			p.Lead = words.T("public.lead_year", "Year", y.Year, "N", y.Replies)
		}
	}
	list, err := s.store.PublicList(r.Context(), filter)
	if err != nil {
		return err
	}
	for _, item := range list.Items {
		p.Items = append(p.Items, PublicLine{
			Path: "/public/" + item.CaseID, Number: item.NumberName,
			Heading: strings.Replace(replyHeading(item.Title, item.SessionName), "\uff08"+item.NumberName+"\uff09", "", 1),
			By: words.T("public.by", "Session", item.SessionName, "Division", item.Division,
				"Deputy", words.DeputyName(item.LeadDeputy, len(item.CoSigners))),
			Published: item.PublishedOn,
		})
	}
	if filter.After != "" {
		p.First = publicPath(p.Query, filter.Year, "")
	}
	if list.Next != "" {
		p.Next = publicPath(p.Query, filter.Year, list.Next)
	}
	return s.Render(w, r, http.StatusOK, p)
}

// replyHeading is a reply's title without the sitting that opens it.
func replyHeading(title, session string) string { return strings.TrimPrefix(title, session) }

func publicPath(query string, year int, after string) string {
	values := url.Values{}
	if query != "" {
		values.Set("q", query)
	}
	if year != 0 {
		values.Set("year", strconv.Itoa(year))
	}
	if after != "" {
		values.Set("after", after)
	}
	if len(values) == 0 {
		return "/public/"
	}
	return "/public/?" + values.Encode()
}
