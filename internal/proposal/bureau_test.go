package proposal_test

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
)

// Rules that many bureaus follow name the assembly in the copies as it is called there; the pack itself stays as it is.
func TestCopiesNameTheAssemblyOfThePlace(t *testing.T) {
	pack := rulepack.BuiltIn()["national-1"]
	own := pack.Of(proposal.Bureau{Assemblies: proposal.Assemblies{CPPCC: "政协和平区委员会"}})
	for body, want := range map[assembly.Body]string{assembly.NPC: "人大常委会代表工作机构", assembly.CPPCC: "政协和平区委员会提案委员会"} {
		if got := own.Reply[body].Copies; !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
	if got := pack.Reply[assembly.NPC].Copies[0]; got != proposal.AssemblyPart+"常委会代表工作机构" {
		t.Errorf("the pack of everybody says %s now", got)
	}
}
