package proposal

import (
	"slices"
	"testing"
)

func TestFigures(t *testing.T) {
	body := "您提出的第0392号建议收悉，现答复如下：\n一、减负\n台账274项减至22项，覆盖4个社区。2018年，依据沈民〔2018〕65号文件，划分三类12级，人均5450元/月，占98.5%，服务1.2万人次。5月12日，电话23468813。"
	var said []string
	for _, f := range Figures(body) {
		said = append(said, f.Text)
		if got := string([]rune(Paragraphs(body)[f.Paragraph].Text)[f.From:f.To]); got != f.Text {
			t.Errorf("%q stands at the place of %q", got, f.Text)
		}
	}
	if want := []string{"274项", "22项", "4个", "12级", "5450元/月", "98.5%", "1.2万人次"}; !slices.Equal(said, want) {
		t.Errorf("figures %q, want %q", said, want)
	}
	var left []string
	for _, m := range Unsourced(body, []string{"274项减至22项", "5450元/月", ""}) {
		left = append(left, m.Text)
		if m.Level != ReminderMark || m.Key() == "" {
			t.Errorf("mark %+v", m)
		}
	}
	if want := []string{"4个", "12级", "98.5%", "1.2万人次"}; !slices.Equal(left, want) {
		t.Errorf("without a source %q, want %q", left, want)
	}
}

func TestMayComment(t *testing.T) {
	s := State{Stage: OfficeReview, Lead: "jiceng", Handler: "h", CoHandling: []DivisionID{"yanglao"}}
	for _, c := range []struct {
		p    Person
		want bool
	}{
		{Person{ID: "h", Roles: []Role{Handler}, Division: "jiceng"}, true},
		{Person{ID: "x", Roles: []Role{Handler}, Division: "ertong"}, false},
		{Person{ID: "y", Roles: []Role{DivisionHead}, Division: "yanglao"}, true},
		{Person{ID: "o", Roles: []Role{OfficeReviewer}}, true},
		{Person{ID: "s", Roles: []Role{Supervisor}}, false},
		{Person{ID: "p", Roles: []Role{Publisher}}, false},
		{Person{ID: "d", Roles: []Role{LeaderInCharge}, Field: []DivisionID{"jiceng"}}, true},
		{Person{ID: "c", Roles: []Role{Supervisor}, Covers: []Principal{{ID: "o", Roles: []Role{OfficeReviewer}}}}, true},
	} {
		if got := c.p.MayComment(s); got != c.want {
			t.Errorf("%s may comment: %v", c.p.ID, got)
		}
		signed := s
		signed.Stage = Numbering
		if c.p.MayComment(signed) {
			t.Errorf("%s may comment on a signed reply", c.p.ID)
		}
	}
	if p := (Person{ID: "o"}); !p.MaySettle(s, "o") || p.MaySettle(s, "z") || !(Person{ID: "h"}).MaySettle(s, "z") {
		t.Error("a comment is settled by who made it or who writes the reply")
	}
}
