package supervision

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// SummaryFile sends the summary of a period (办理工作情况报告) as a .docx file in the plain form: the figures of the statistics in sentences, the
// table of the divisions, and the heads under which somebody writes what no figure says.
func (s *Room) SummaryFile(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	l := paper.Reply{Plain: true, Agency: bureau.Name, Date: words.FullDay(calendar.DateOf(s.Now()))}
	period := []any{"From", words.FullDay(asked.From), "To", words.FullDay(asked.To), "Year", asked.To.Year, "Whole", asked.wholeYear(), "Bureau", bureau.Name}
	l.Title = words.T("summary.title", period...)
	if l.Paragraphs, err = s.summary(r.Context(), words, who, asked, period); err != nil {
		return err
	}
	data, err := gongwen.Docx(l, nil)
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: l.Title + ".docx", MediaType: gongwen.MediaType}, data)
}

// wholeYear reports whether the period is the year of its last day.
func (a statistics) wholeYear() bool {
	return a.From == calendar.NewDate(a.To.Year, 1, 1) && a.To == calendar.NewDate(a.To.Year, 12, 31)
}

// summary are the paragraphs. A sentence for which there is nothing to reckon over is left out.
func (s *Room) summary(ctx context.Context, w *locale.Words, who *store.Person, asked statistics, period []any) (text []paper.Paragraph, err error) {
	rows, err := s.store.Statistics(ctx, who.Person, asked.Period, store.ByDivision, store.EveryRate)
	if err != nil {
		return nil, err
	}
	of := func(row store.RateRow, r store.Rate) store.RateCount {
		return row.Counts[slices.Index(store.EveryRate, r)]
	}
	all := rows[len(rows)-1]
	head := func(key string) { // a heading of the first rank
		words := w.T("summary." + key)
		text = append(text, paper.Paragraph{Rank: 1, Lead: len(words), Text: words})
	}
	var sentences string
	end := func() {
		if sentences != "" {
			text = append(text, paper.Paragraph{Text: sentences})
		}
		sentences = ""
	}
	say := func(key string, r store.Rate, more ...any) {
		if n := of(all, r); n.Of > 0 {
			sentences += w.T("summary."+key, append([]any{"N", n.Counted, "Of", n.Of, "Share", percent(n)}, more...)...)
		}
	}
	// shares tells what there is most of first.
	shares := func(key string, by store.Cut, r store.Rate) error {
		most, err := s.store.Statistics(ctx, who.Person, asked.Period, by, []store.Rate{r})
		if err != nil {
			return err
		}
		var parts []string
		total := of(all, r).Of
		slices.SortStableFunc(most, func(a, b store.RateRow) int { return b.Counts[0].Of - a.Counts[0].Of })
		for _, row := range most {
			if n := row.Counts[0].Of; row.Key != "" && row.Key != store.NoKey && n > 0 {
				parts = append(parts, w.T("summary.share", "Name", casefile.CutName(w, by, row.Key, nil), "N", n, "Share", percent(store.RateCount{Counted: n, Of: total})))
			}
		}
		if len(parts) > 0 {
			sentences += w.T("summary."+key, "List", w.List(parts))
		}
		return nil
	}

	head("basics")
	sentences = w.T("summary.handled", append(period, "N", of(all, store.HandledRate).Of, "Lead", of(all, store.AnsweredRate).Of, "Co", of(all, store.CoAnsweredRate).Of)...)
	if err := errors.Join(shares("bodies", store.ByBody, store.HandledRate), shares("topics", store.ByTopic, store.HandledRate)); err != nil {
		return nil, err
	}
	end()
	head("handling")
	say("answered", store.HandledRate)
	say("in_time", store.InTimeRate)
	say("co_in_time", store.CoInTimeRate)
	say("contacted", store.ContactedRate)
	say("met", store.MetRate)
	end()
	if err := shares("classes", store.ByClass, store.RatedRate); err != nil {
		return nil, err
	}
	say("published", store.PublishedRate)
	end()
	head("ratings")
	say("rated", store.RatedRate)
	say("attitude", store.AttitudeRate)
	say("result", store.SatisfiedRate, "Full", of(all, store.FullySatisfiedRate).Counted, "Basically", of(all, store.BasicallySatisfiedRate).Counted, "Dissatisfied", of(all, store.DissatisfiedRate).Counted)
	say("first_round", store.FirstRoundRate)
	if n := of(all, store.RehandledRate); n.Counted > 0 {
		say("rehandled", store.RehandledRate)
	}
	end()
	head("promises")
	if say("kept", store.KeptRate); sentences == "" {
		sentences = w.T("summary.no_promises")
	}
	end()
	head("divisions")
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	heads := []string{w.T("summary.division"), w.T("table.lead_unit"), w.T("table.co"), w.T("summary.replied"), w.T("table.share"), w.T("rate.in_time"), w.T("rate.satisfied"), w.T("rate.solved")}
	text = append(text, paper.Paragraph{Cells: heads, Head: true})
	for _, row := range rows {
		handled := of(row, store.HandledRate)
		text = append(text, paper.Paragraph{Cells: []string{
			casefile.CutName(w, store.ByDivision, row.Key, divisions),
			strconv.Itoa(of(row, store.AnsweredRate).Of), strconv.Itoa(of(row, store.CoAnsweredRate).Of), strconv.Itoa(handled.Counted),
			sign(percent(handled)), sign(percent(of(row, store.InTimeRate))), sign(percent(of(row, store.SatisfiedRate))), sign(percent(of(row, store.SolvedRate))),
		}})
	}
	for _, key := range []string{"done", "next"} { // what no figure says
		head(key)
		text = append(text, paper.Paragraph{Text: w.T("summary." + key + "_gap")})
	}
	return text, nil
}
