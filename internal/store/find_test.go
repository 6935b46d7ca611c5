package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// A case is found by whatever somebody would paste of it: from a letter, from a page, from the register, from a chat.
func TestCasesAreFoundAsPasted(t *testing.T) {
	w := newWorld(t)
	first, r := w.registration()
	r.Title, r.Number = "关于加强“一老一小”服务（试点）的建议", "0392"
	w.do(t, first, w.Register(r))
	answered := w.at(t, proposal.Closed)
	c, err := w.Case(t.Context(), answered)
	check(t, err)
	if c.Number == "" {
		t.Fatal("the answered case has no document number")
	}
	between, r := w.registration()
	r.Title, r.Number, r.Intersession = "关于社区食堂的建议", "134", true
	w.do(t, between, w.Register(r))
	table, r := w.registration()
	r.Title, r.Number = "关于殡葬服务的建议", "台40"
	w.do(t, table, w.Register(r))

	liaison := w.Bureau[proposal.Liaison].Person
	handler, err := w.Person(t.Context(), w.ID(proposal.Handler))
	check(t, err)
	for query, want := range map[string]string{
		"0392":     first,
		"０３９２":     first,
		"第0392号":   first,
		"第 0392 号": first,
		"　第０３９２号　": first,
		"（第0392号）": first,
		"市人大十六届三次会议第0392号":           first,
		"沈阳市第十六届人大三次会议第0392号建议":      first,
		"服务 一老一小":                    first,
		"服务　试点":                      first,
		"关于加强\"一老一小\"服务(试点)的建议":      first,
		"关于加强「一老一小」服务（试点）的建议":        first,
		"第0392号 关于加强“一老一小”服务（试点）的建议": first,
		c.Number:    answered,
		"闭会期间第134号": between,
		"台40号":      table,
		"殡葬 倪琛善":    table,
		"市人大十六届四次会议第0392号":               "",
		"市政协十六届三次会议第0392号":               "",
		"闭会期间第0392号":                     "",
		"殡葬 一老一小":                        "",
		"“”":                             "*",
		handler.Name.ZH + " " + c.Number: answered,
		handler.Name.ZH + " 殡葬":          "",
	} {
		page, err := w.SearchCases(t.Context(), liaison, store.CaseFilter{Query: query})
		check(t, err)
		tasks, err := w.Tasks(t.Context(), liaison.ID, store.TaskFilter{Box: store.Every, Query: query})
		check(t, err)
		if len(tasks.Items) != len(page.Items) {
			t.Errorf("%q: %d cases in the list of the desk, %d in that of the API", query, len(tasks.Items), len(page.Items))
		}
		switch {
		case want == "*" && len(page.Items) == 4:
		case want == "" && len(page.Items) == 0:
		case len(page.Items) == 1 && page.Items[0].CaseID == want:
		default:
			t.Errorf("%q finds %d cases", query, len(page.Items))
		}
	}
}

// However the brackets, the digits and the dashes of a document number were typed, it is the one.
func TestFold(t *testing.T) {
	w := newWorld(t)
	for _, same := range [][]string{
		{"沈民函〔2026〕12号", "沈民函[2026]12号", "沈民函［２０２６］１２号", "沈民函【2026】12号", "沈民函(2026) 12号", "沈民函（2026）12 号"},
		{"A-12", "Ａ－１２", "a—12", "a – 12"},
		{"“一老一小”", "一老一小", "「一老一小」", "'一老一小'"},
	} {
		for _, words := range same[1:] {
			var equal bool
			check(t, w.sql.QueryRow(t.Context(), `select fold($1) = fold($2)`, same[0], words).Scan(&equal))
			if !equal {
				t.Errorf("%q is not %q", words, same[0])
			}
		}
	}
}
