package caseroom

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	with := func(kind proposal.Kind) *CaseForm { return &CaseForm{Form: kit.Form{Kind: kind}} }
	kittest.Pages(t,
		&briefPage{}, &casePage{}, &briefPage{}, &casePage{Form: with(proposal.Contact)}, &briefPage{}, &casePage{Form: with(proposal.Submit)}, &briefPage{}, &casePage{Form: with(proposal.Sign), Review: &ReviewView{}},
		&draftLive{}, &caseAtPage{}, &processPage{}, &conflictPage{}, &comparePage{}, &editPage{}, &previewPage{}, &deputyLinkPage{},
	)
}
