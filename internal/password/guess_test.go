package password_test

import (
	"testing"

	"github.com/banli/banli/internal/password"
)

func TestGuessable(t *testing.T) {
	own := []string{"sunli", "孙丽", "Sun Li", "沈阳市民政局", "Shenyang Civil Affairs Bureau"}
	for plain, want := range map[string]bool{
		"12345678": true, "87654321": true, "11111111": true, "abababab": true, "qwertyui": true, "1qaz2wsx": true, "Asdf1234": true, "abcd1234": true, "poiuytre": true,
		"password": true, "P@ssw0rd": true, "Passw0rd!": true, "Admin@123": true, "banli2026": true, "Banli2026!": true, "Welcome123": true, "test1234": true,
		"sunli123": true, "SunLi2026": true, "孙丽19850312": true, "19850312": true, "1985-03-12": true, "2026年办理": true, "沈阳市民政局2026": true, "shenyang2026": true, "Shenyang@1": true,
		"aaaabbbbcccc": true, "!@#$%^&*": true, "woaini520": true, "": true,

		"correct horse": false, "ｍy own words": false, "一句只有本人知道的话": false, "correct horse 正确": false, "tr7!vkx9": false, "zhuzi-mafan-lan": false, "孙丽家的猫爱吃鱼": false,
		"Sunli&mao48kuai": false, "83920174": false, "b9Wq!2026": false,
	} {
		if got := password.Guessable(plain, own...); got != want {
			t.Errorf("%q: %v, want %v", plain, got, want)
		}
	}
}
