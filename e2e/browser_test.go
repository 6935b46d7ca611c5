package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// oldestNode is what playwright-core asks for. Debian 12 has an older one; npm then brings the one pinned here, for the tests
// alone.
const (
	oldestNode = 20
	pinnedNode = "node@22.23.3"
)

// runScript runs one of the browser scripts with its settings in the variable, and returns what it said.
func runScript(t *testing.T, script, variable string, settings any) (said string, err error) {
	t.Helper()
	installPackages(t)
	encoded, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	command := []string{"node", script}
	if version, err := exec.CommandContext(t.Context(), "node", "--version").Output(); err != nil || major(string(version)) < oldestNode {
		command = append([]string{"npm", "exec", "--yes", "--package=" + pinnedNode, "--"}, command...)
	}
	node := exec.CommandContext(t.Context(), command[0], command[1:]...)
	node.Env = append(os.Environ(), variable+"="+string(encoded))
	out, err := node.CombinedOutput()
	return string(out), err
}

// axe is what all browser scripts together had checked.
var axe struct{ states, findings int }

var takePictures = flag.Bool("pictures", false, "leave a picture of every page that axe checks in out/")

// pictures is the folder where a script leaves its pictures; "" if none are wanted.
func pictures(t *testing.T, name string) string {
	t.Helper()
	if !*takePictures {
		return ""
	}
	out, err := filepath.Abs(filepath.Join("out", name))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// witnessed runs a script that has a witness, which ends with what axe found.
func witnessed(t *testing.T, script, variable string, settings any) {
	t.Helper()
	said, err := runScript(t, script, variable, settings)
	t.Log(said)
	if at := strings.LastIndex(said, "axe: "); at >= 0 {
		var states, findings int
		if _, err := fmt.Sscanf(said[at:], "axe: %d page states, %d findings", &states, &findings); err == nil {
			axe.states, axe.findings = axe.states+states, axe.findings+findings
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// major is the first number of v20.1.2; 0 if there is none.
func major(version string) (number int) {
	_, _ = fmt.Sscanf(version, "v%d", &number)
	return number
}

// installPackages brings the browser scripts' packages if they are not there.
func installPackages(t *testing.T) {
	t.Helper()
	_, driver := os.Stat("node_modules/playwright-core")
	_, oldest := os.Stat("node_modules/chrome-aws-lambda")
	if driver == nil && oldest == nil {
		return
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
}
