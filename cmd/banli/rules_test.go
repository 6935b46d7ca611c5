package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

func TestRulesCheck(t *testing.T) {
	text := "id: d-1\nextends: national-1\nname: 规则\nprofile: dalian\nvalid_from: \"2027-01-01\"\n"
	file := filepath.Join(t.TempDir(), "d.yaml")
	for content, want := range map[string]string{
		text:                               "d-1: profile dalian, valid from 2027-01-01, extends national-1\n",
		text + "rehandling: {rounds: 0}\n": file + ":6: rehandling.rounds: ",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := checkRules(&out, []string{file})
		if !strings.HasPrefix(out.String(), want) || (err == nil) != (content == text) {
			t.Errorf("%s\n%v, want %s", out.String(), err, want)
		}
	}
}

func TestPackOfIdOrFile(t *testing.T) {
	if pack, err := packOf(proposal.Packs(), "shenyang-2"); err != nil || pack.ID != "shenyang-2" {
		t.Errorf("by id: %v", err)
	}
	if _, err := packOf(proposal.Packs(), "nowhere.yaml"); err == nil {
		t.Error("a file that does not exist was read")
	}
}
