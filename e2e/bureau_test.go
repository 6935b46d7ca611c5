package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/sheet"
)

// TestABureauOfItsOwn sets up 和平区民政局 in Chromium from nothing but the printed address: six divisions, twenty people of a list with three wrong rows,
// a number series of its own. A suggestion and a proposal of the CPPCC come to their public pages under its name; in the middle of the second, whoever
// handles it leaves, and in the end their division is merged into another. What the engine keeps of them is encrypted; its page shows it to the administrator.
func TestABureauOfItsOwn(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "engine.key")
	if out, err := exec.CommandContext(t.Context(), binary("banli"), "keys", keys).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t), "--no-demo", "--engine-key", keys)
	address := ""
	for begun := time.Now(); address == ""; time.Sleep(20 * time.Millisecond) {
		for line := range strings.Lines(run.said.String()) {
			if strings.Contains(line, "/setup/") {
				address = strings.TrimSpace(line)
			}
		}
		if time.Since(begun) > patience {
			t.Fatalf("no address is printed:\n%s", run.said)
		}
	}
	witnessed(t, "bureau.mjs", "BUREAU", map[string]any{
		"address": address, "site": run.site, "out": pictures(t, "bureau"), "day": calendar.DateOf(time.Now()).String(),
		"lists": []string{people(t, "财务部", "科长", ""), people(t, "规划财务科", "经办人", "经办人")},
	})
}

// people writes a list of twenty, of whom three are as said.
func people(t *testing.T, division, role, otherRole string) string {
	t.Helper()
	rows := [][]string{
		{"工号", "姓名", "处室", "角色", "分管的处室", "办公电话"},
		{"lianluo", "赵联", "办公室", "联络员、核稿人"},
		{"fagui", "钱法", "办公室", "法规审核人"},
		{"gongkai", "孙开", "办公室", "公开审查人"},
		{"wangzhan", "李网", "办公室", "网站管理员"},
		{"fenguan", "周分", "", "分管领导", "养老服务科、社会救助科、基层政权科、社会事务科、规划财务科、办公室"},
		{"juzhang", "吴局", "", "主要领导"},
	}
	for i, name := range []string{"养老服务科", "社会救助科", "基层政权科", "社会事务科"} {
		rows = append(rows,
			[]string{fmt.Sprintf("kezhang%d", i), fmt.Sprintf("科长%d", i), name, "处室负责人"},
			[]string{fmt.Sprintf("jingban%d", i), fmt.Sprintf("经办%d", i), name, "经办人", "", fmt.Sprintf("024-0000000%d", i)})
	}
	rows = append(rows,
		[]string{"bangongshi", "郑办", "办公室", "处室负责人"}, []string{"caiwu", "冯财", "规划财务科", "处室负责人"},
		[]string{"ducha", "陈督", "", "督查"},
		[]string{"jingban7", "经办七", division, "经办人"}, []string{"jingban8", "经办八", "养老服务科", role}, []string{"jingban9", "经办九", "社会救助科", otherRole},
	)
	data, err := sheet.Write(sheet.Table{Name: "人员", Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "people.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
