package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// The register is corrected from the page of the case: what it says now stands beside each fact, and what would follow is told
// before the press.
func TestCorrectingTheRegister(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0611")
	liaison := s.as(t, proposal.Liaison)

	p := liaison.get(path + "?do=amend")
	p.says(t, http.StatusOK, "领衔代表", "倪琛善", "不在这里显示", "?do=amend&amp;fact=lead_deputy#act")
	if strings.Contains(p.body, "139") {
		t.Error("a telephone number is shown without a logged look")
	}

	p = liaison.get(path + "?do=amend&fact=assigned_on")
	p.says(t, http.StatusOK, "登记的是", `type="date" class="short" id="value" name="value" value="2026-03-02"`)
	if strings.Contains(p.body, `name="sure"`) || strings.Contains(p.body, "更正后") {
		t.Error("something is asked for, or foreseen, before anything is typed")
	}
	_, form := p.form(t)
	form.Set("value", "2026-02-20")
	p = liaison.post(path+"/form/amend", form)
	if says := p.part("follows"); !strings.Contains(says, "更正后") || !strings.Contains(says, "法定期限从") {
		t.Errorf("what follows: %s", says)
	}

	// Far from today is asked about, and only then.
	form.Set("value", "1026-02-20")
	p = liaison.post(path+"/form/amend", form)
	if !strings.Contains(p.part("follows"), "离得太远") || !strings.Contains(p.body, `name="sure"`) {
		t.Errorf("1026: %s", p.part("follows"))
	}
	_, again := p.form(t)
	again.Set("reason", "交办单看错了")
	again.Set("source", "交办单原件")
	p = liaison.post(path+"/act/amend", again)
	p.says(t, http.StatusUnprocessableEntity, "离得太远", `name="sure"`, "交办单看错了")

	p = liaison.get(path + "?do=amend&fact=lead_deputy")
	action, form := p.form(t)
	form.Set("value", "倪琛缮")
	form.Set("reason", "名字录错")
	form.Set("source", "原件")
	liaison.post(action, form).says(t, http.StatusOK, "更正登记", "倪琛缮")
	liaison.get(path+"?do=amend&fact=lead_deputy").says(t, http.StatusOK, `value="倪琛缮"`)
	liaison.get(path+"?do=amend&fact=key_supervised").says(t, http.StatusOK, `name="value" value="yes"`, `name="value" value="no"`)
}

// Officers merge by number: that which a case bears now. The one that it bore before is nobody's.
func TestMergingByACorrectedNumber(t *testing.T) {
	s := newSite(t)
	leads, joins := s.register(t, "0621"), s.register(t, "0622")
	liaison := s.as(t, proposal.Liaison)
	action, form := liaison.get(leads + "?do=amend&fact=number").form(t)
	form.Set("value", "0629")
	form.Set("reason", "编号录错")
	form.Set("source", "交办单")
	liaison.post(action, form).says(t, http.StatusOK, "0629")

	action, form = liaison.get(joins + "?do=merge").form(t)
	form.Set("reason", "同一问题")
	form.Set("with", "0621")
	p := liaison.post(action, form)
	p.says(t, http.StatusUnprocessableEntity, `value="0621"`)
	_, form = p.form(t)
	form.Set("with", "0629")
	liaison.post(action, form).says(t, http.StatusOK)
	state, err := s.Store.State(t.Context(), strings.TrimPrefix(joins, "/cases/"))
	if err != nil || "/cases/"+state.Merged != leads {
		t.Errorf("merged with %q, want %s: %v", state.Merged, leads, err)
	}
}
