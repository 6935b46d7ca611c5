package replytext

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
