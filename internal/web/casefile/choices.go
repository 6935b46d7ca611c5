package casefile

import (
	"strconv"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// Choices are what a field is chosen from.
func (f *File) Choices(w *locale.Words, c kinds.Choices, o proposal.Offer) []kit.Choice {
	switch c.Source {
	case kinds.Divisions:
		return f.divisionChoices(w, "")
	case kinds.OtherDivisions:
		return f.divisionChoices(w, f.State.Lead)
	case kinds.Handlers:
		return f.handlerChoices(w, "")
	case kinds.OtherHandlers:
		return f.handlerChoices(w, f.State.Handler)
	case kinds.Reviewers:
		return f.reviewerChoices(w)
	case kinds.Leaders:
		return f.leaderChoices(w)
	case kinds.Colleagues:
		return f.peopleChoices(w)
	case kinds.Points:
		return f.pointChoices()
	case kinds.Proposers:
		return plainChoices(f.Proposers())
	case kinds.CoSigners:
		return plainChoices(f.CoSigners)
	case kinds.Grounds:
		return GroundChoices(f.Pack)
	case kinds.Versions:
		return f.versionChoices(w)
	case kinds.Scans:
		return f.scanChoices()
	case kinds.StagesTo:
		return kit.Choices(w, "stage.", o.To)
	}
	var options []kit.Choice
	for _, value := range c.Values {
		options = append(options, kit.Choice{Value: value, Name: locale.Capital(w.T(c.Key(value)))})
	}
	return options
}

func (f *File) divisionChoices(w *locale.Words, without proposal.DivisionID) []kit.Choice {
	var list []kit.Choice
	for _, d := range store.AtWork(f.Units) {
		if d.Code != without {
			list = append(list, kit.Choice{Value: string(d.Code), Name: w.Name(d.Name)})
		}
	}
	return list
}

// Choose lists the people who fit.
func (f *File) Choose(w *locale.Words, fits func(store.Person) bool) []kit.Choice {
	var list []kit.Choice
	for _, p := range f.Staff {
		if p.Active && fits(p) {
			list = append(list, kit.Choice{Value: string(p.ID), Name: w.Name(p.Name), Note: w.Name(p.DivisionName)})
		}
	}
	return list
}

func (f *File) handlerChoices(w *locale.Words, without proposal.PersonID) []kit.Choice {
	return f.Choose(w, func(p store.Person) bool {
		return p.Division == f.State.Lead && p.Has(proposal.Handler) && p.ID != without
	})
}

func (f *File) reviewerChoices(w *locale.Words) []kit.Choice {
	return f.Choose(w, func(p store.Person) bool {
		return kit.OfBureau(p) && p.ID != f.State.Handler && p.ID != f.State.Drafter
	})
}

func (f *File) leaderChoices(w *locale.Words) []kit.Choice {
	return f.Choose(w, func(p store.Person) bool { return p.Has(proposal.LeaderInCharge) || p.Has(proposal.BureauHead) })
}

func (f *File) peopleChoices(w *locale.Words) []kit.Choice { return f.Choose(w, kit.OfBureau) }

func (f *File) pointChoices() []kit.Choice {
	var list []kit.Choice
	for _, p := range f.Points {
		list = append(list, kit.Choice{Value: strconv.Itoa(p.No), Name: strconv.Itoa(p.No) + " " + p.Text})
	}
	return list
}

// Proposers are the lead deputy and the co-signers.
func (f *File) Proposers() []string {
	if f.Masked {
		return nil
	}
	return append([]string{f.LeadDeputy}, f.CoSigners...)
}

func (f *File) versionChoices(w *locale.Words) []kit.Choice {
	var list []kit.Choice
	for _, d := range f.Drafts {
		list = append(list, kit.Choice{Value: strconv.Itoa(d.Version), Name: w.T("case.version", "Version", d.Version)})
	}
	return list
}

func (f *File) scanChoices() []kit.Choice {
	var list []kit.Choice
	for _, a := range f.Attachments {
		list = append(list, kit.Choice{Value: a.SHA256, Name: a.Name})
	}
	return list
}

func plainChoices(values []string) []kit.Choice {
	var list []kit.Choice
	for _, v := range values {
		list = append(list, kit.Choice{Value: v, Name: v})
	}
	return list
}

// GroundChoices are the grounds on which a reply may stay unpublished.
func GroundChoices(pack *proposal.Pack) []kit.Choice {
	var list []kit.Choice
	for _, g := range pack.Grounds {
		list = append(list, kit.Choice{Value: g.Code, Name: g.Name})
	}
	return list
}
