package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
)

// A list of people is read, shown with what is wrong in which row, and imported; the same list again changes nothing.
func TestPeopleAreImported(t *testing.T) {
	s := newSite(t)
	admin := s.as(t, proposal.Admin)
	empty := admin.get("/people/template.xlsx")
	cells, err := sheet.Read([]byte(empty.body))
	if empty.status != http.StatusOK || err != nil || len(cells) != 1 {
		t.Fatalf("the empty list: %d, %v, %v", empty.status, err, cells)
	}
	list := func(rows ...[]string) []byte {
		t.Helper()
		data, err := sheet.Write(sheet.Table{Name: "人员", Rows: append([][]string{cells[0]}, rows...)})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	// 工号, 姓名, 处室, 角色, 分管的处室, 办公电话, 邮箱, 英文名
	handler := s.bureau[proposal.Handler]
	right := [][]string{
		{"sunli", "孙丽", "养老服务处", "经办人、处室负责人", "", "024-00000001", "sunli@bureau.example"},
		{"LINGDAO", "林道", "", "分管领导", "养老服务处、jiceng", "024-00000002"},
		{handler.Login, "改名了", "养老服务处", "经办人"},
	}
	wrong := [][]string{
		{"qian", "钱多", "财务处", "经办人"},
		{"sunli", "", "养老服务处", "经办人", "", "", "nobody"},
		{"zhou", "周围", "", "科长、处室负责人"},
		{"wu", "吴处", "", "经办人"},
	}
	admin.upload("/people/import", nil, "人员.pdf", []byte("%PDF-1.4\n")).says(t, http.StatusUnprocessableEntity, "不是能读的.xlsx")
	admin.upload("/people/import", nil, "", nil).says(t, http.StatusUnprocessableEntity, "下载空表")
	short, err := sheet.Write(sheet.Table{Name: "人员", Rows: [][]string{{"工号", "姓名"}, {"a", "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	admin.upload("/people/import", nil, "人员.xlsx", short).says(t, http.StatusUnprocessableEntity, "没有这些列：角色")

	p := admin.upload("/people/import", nil, "人员.xlsx", list(append(right, wrong...)...))
	p.says(t, http.StatusOK, "7行：能导入3行，要改4行", "财务处 ：没有这样的", "这个工号在表里还有一行", "nobody", "科长、处室负责人", "要写处室")
	before, err := s.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(admin.get("/people").text(), "孙丽") {
		t.Error("looking at a list imports it")
	}
	path, form := p.form(t)
	admin.post(path, form).says(t, http.StatusOK, "新增2人，更新1人", "孙丽", "林道", "改名了")
	after, err := s.Store.People(t.Context())
	if err != nil || len(after) != len(before)+2 {
		t.Errorf("%d people of %d, %v", len(after), len(before), err)
	}
	sun, err := s.Store.PersonByLogin(t.Context(), "sunli")
	if err != nil || !sun.Has(proposal.Handler) || !sun.Has(proposal.DivisionHead) || sun.Division != "yanglao" || sun.Email != "sunli@bureau.example" {
		t.Errorf("%+v, %v", sun, err)
	}
	leader, err := s.Store.PersonByLogin(t.Context(), "lingdao")
	if err != nil || len(leader.Field) != 2 || leader.Phone != "024-00000002" {
		t.Errorf("%+v, %v", leader, err)
	}
	changed, err := s.Store.Person(t.Context(), handler.ID)
	if err != nil || changed.Name.ZH != "改名了" {
		t.Errorf("%+v, %v", changed, err)
	}
	admin.upload("/people/import", nil, "人员.xlsx", list(right...)).says(t, http.StatusOK, "能导入0行，要改0行，没有变化3行", "没有可导入的行")

	// Nobody else, and not so that nobody is left: then nothing of the list is imported.
	s.as(t, proposal.Liaison).upload("/people/import", nil, "人员.xlsx", list(right...)).says(t, http.StatusForbidden)
	s.as(t, proposal.Liaison).get("/people/template.xlsx").says(t, http.StatusForbidden)
	s.as(t, proposal.Liaison).post(path, form).says(t, http.StatusConflict) // it was drawn for another
	form.Del("drawn_for")
	s.as(t, proposal.Liaison).post(path, form).says(t, http.StatusForbidden)
	last := []string{s.bureau[proposal.Admin].Login, "管理", "", "审计"}
	path, form = admin.upload("/people/import", nil, "人员.xlsx", list([]string{"he", "何人", "", "督查"}, last)).form(t)
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "就没有能登录的管理员了")
	if _, err := s.Store.PersonByLogin(t.Context(), "he"); err == nil {
		t.Error("half a list was imported")
	}
	admin.get("/people/import?lang=en").says(t, http.StatusOK)
}
