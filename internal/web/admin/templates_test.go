package admin

import (
	"testing"

	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	kittest.Pages(t, &setupPage{}, &peoplePage{}, &importPage{}, &directoryPage{}, &entryPage{}, &personPage{}, &handOverPage{}, &passwordLinkPage{}, &passwordPage{}, &ownPasswordPage{}, &secondFactorPage{}, &appPage{}, &codesPage{}, &divisionsPage{}, &divisionClosePage{}, &bureauPage{}, &loginPage{}, &sealPage{}, &changesPage{}, &rulesPage{}, &rulesShowPage{}, &rulesPutPage{}, &wordingListPage{}, &wordingPage{})
}
