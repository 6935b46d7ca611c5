package reply

import (
	"net/url"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// FiguresView lists where the figures of the reply come from, and those of which nobody has said it.
type FiguresView struct {
	Path     string
	Sourced  []FigureView
	Missing  []MissingFigure // each once, in the order of the reply
	May      bool
	ActionID string
	typed    url.Values
	errors   []kit.FieldMessage
}

// FigureView is a figure and its source.
type FigureView struct{ Words, Source, URL, Who, When string }

// MissingFigure is a figure without a source.
type MissingFigure struct {
	Text, Where string
	Paragraph   int
}

// NewFiguresView draws the figures of a draft; nil for who may not read it.
func NewFiguresView(w *locale.Words, f *casefile.File, who *store.Person, d proposal.Draft) *FiguresView {
	me := f.As(who.Person)
	if !me.SeesAll(f.State) {
		return nil
	}
	v := &FiguresView{Path: "/cases/" + f.CaseID + "/figures", May: me.MayComment(f.State), ActionID: kit.NewActionID()}
	for _, figure := range f.Figures {
		v.Sourced = append(v.Sourced, FigureView{figure.Words, figure.Source, figure.URL, w.Name(f.People[figure.By]), w.Moment(figure.At)})
	}
	listed := map[string]bool{}
	for _, m := range replytext.Unsourced(d.Body, f.Sourced()) {
		if !listed[m.Text] {
			v.Missing = append(v.Missing, MissingFigure{m.Text, w.T("finding.paragraph", "No", m.Paragraph+1), m.Paragraph})
		}
		listed[m.Text] = true
	}
	return v
}

// Refuse puts what was typed back, with what is wrong with it.
func (v *FiguresView) Refuse(typed url.Values, errors []kit.FieldMessage) {
	v.typed, v.errors = typed, errors
}

// Typed is what was typed into the form; the first figure without a source is what it opens with.
func (v *FiguresView) Typed(name string) string {
	if v.typed == nil && name == "words" && len(v.Missing) > 0 {
		return v.Missing[0].Text
	}
	return v.typed.Get(name)
}

// Error is what is wrong with a field.
func (v *FiguresView) Error(name string) string {
	for _, e := range v.errors {
		if e.Field == name {
			return e.Text
		}
	}
	return ""
}

// FigureOf reads the form of a source.
func FigureOf(form url.Values) store.Figure {
	return store.Figure{
		Words: strings.TrimSpace(form.Get("words")), Source: strings.TrimSpace(form.Get("source")), URL: strings.TrimSpace(form.Get("url")),
	}
}
