package rulepack

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"testing"
)

// knownFiles are the files of the rule packs that have come with the program, by what they hold.
var knownFiles = map[string]string{
	"rules/national.yaml":   "714223182dc8e70b476beee4ba34c609d947a4f0754b704cf8311d3852413884",
	"rules/shenyang-2.yaml": "9672d86abac46b5564fedac34ab4e7867c3d091de2adb33192765aaf72cccd51",
	"rules/shenyang.yaml":   "983c2b78f23e8dc5cfaa4c59abfbff37b815a578d8d7ae67975da7a674226688",
}

// A case keeps its pack for years, by its id: rules that come with the program are never altered once a release has had them, only followed.
func TestBuiltInPacksStayAsTheyAre(t *testing.T) {
	files, err := fs.Glob(packFiles, "rules/*.yaml")
	if err != nil || len(files) < len(knownFiles) {
		t.Errorf("%d files, %v: a pack under which cases may be has been taken away", len(files), err)
	}
	for _, file := range files {
		data, err := packFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		switch got := hex.EncodeToString(sum[:]); {
		case knownFiles[file] == "":
			t.Errorf("%s is new: add it to this test, with %s", file, got)
		case knownFiles[file] != got:
			t.Errorf("%s was altered, and open cases are under it. Take the change back, and write a pack that extends this one, with an id of its own and the day from which it holds (docs/change.md)", file)
		}
	}
}
