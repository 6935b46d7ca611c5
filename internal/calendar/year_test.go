package calendar_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/banli/banli/internal/calendar"
)

// file2020 is the real file with one replacement, so that each refusal has one cause.
func file2020(t testing.TB, old, replacement string) []byte {
	t.Helper()
	data, err := os.ReadFile("data/2020.json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("data/2020.json has no %q", old)
	}
	return []byte(strings.Replace(string(data), old, replacement, 1))
}

func TestParseRefuses(t *testing.T) {
	for _, tc := range []struct{ name, old, replacement, want string }{
		{"not JSON", `{`, ``, "year file"},
		{"a comma too many", `"labour", `, `"labour",, `, "line 11: invalid character ','"},
		{"a number for a word", `"name": "劳动节"`, `"name": 5`, "line 11: json: cannot unmarshal number"},
		{"in GB 18030", `劳动节`, "\xc0\xcd\xb6\xaf\xbd\xda", "line 11: not UTF-8"},
		{"a second value", "]\n}\n", "]\n}\n{}", "follows the closing brace"},
		{"an unknown field", `"year"`, `"jahr"`, `unknown field "jahr"`},
		{"a day that does not exist", `"2020-04-26"`, `"2020-04-31"`, `"2020-04-31" is not a date`},
		{"another year's number", `"year": 2020`, `"year": 2021`, `year 2021: holiday "new_year": 2020-01-01 does not belong in the file of 2021`},
		{"no notice number", `国办发明电〔2019〕16号`, ``, "a source needs a title and a number"},
		{"no source", "    {\"title\": \"国务院办公厅关于2020年部分节假日安排的通知\", \"number\": \"国办发明电〔2019〕16号\"},\n    {\"title\": \"国务院办公厅关于延长2020年春节假期的通知\", \"number\": \"国办发明电〔2020〕1号\"}\n", "", "no source"},
		{"a key with capitals", `"labour"`, `"Labour Day"`, `holiday "Labour Day": the key must be`},
		{"no name", `"劳动节"`, `""`, `holiday "labour": no name`},
		{"backwards", `"last": "2020-05-05"`, `"last": "2020-04-30"`, "not a stretch of days"},
		{"no last day", `, "last": "2020-05-05"`, ``, "not a stretch of days"},
		{"too long", `"last": "2020-05-05"`, `"last": "2020-06-05"`, "36 days off, more than 15"},
		{"centuries long", `"last": "2020-05-05"`, `"last": "8999-05-05"`, "more than 15"},
		{"a weekday worked", `"2020-04-26"`, `"2020-04-27"`, "2020-04-27 is a Monday: only weekend days"},
		{"worked inside a holiday", `"2020-05-09"`, `"2020-05-02"`, "2020-05-02 is listed twice, as off and as worked"},
		{"worked twice", `"2020-05-09"`, `"2020-04-26"`, "2020-04-26 is listed twice"},
		{"worked in another year", `"2020-05-09"`, `"2021-05-08"`, "2021-05-08 does not belong"},
		{"worked too early", `"2020-01-19"`, `"2019-12-22"`, "2019-12-22 does not belong"},
		{"a statutory day missing", `"first": "2020-05-01"`, `"first": "2020-05-02"`, "2020-05-01 is not a day off, but the law makes it one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := calendar.Parse(file2020(t, tc.old, tc.replacement))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestLoadFile(t *testing.T) {
	good := &fstest.MapFile{Data: file2020(t, "", "")}
	if year, err := calendar.LoadFile(fstest.MapFS{"2020.json": good}, "2020.json"); err != nil || year.Year != 2020 {
		t.Errorf("got %d, %v", year.Year, err)
	}
	if _, err := calendar.LoadFile(fstest.MapFS{"2021.json": good}, "2021.json"); err == nil || !strings.Contains(err.Error(), "must be named 2020.json") {
		t.Errorf("2020's file named 2021.json: %v", err)
	}
	if _, err := calendar.LoadFile(fstest.MapFS{"2021.json": {Data: []byte("{}")}}, "2021.json"); err == nil || !strings.HasPrefix(err.Error(), "2021.json: ") {
		t.Errorf("an empty file: %v; want an error that names the file", err)
	}
}

func TestParseForgivesAByteOrderMark(t *testing.T) {
	if _, err := calendar.Parse(append([]byte("\ufeff"), file2020(t, "", "")...)); err != nil {
		t.Error(err)
	}
}

// A file that Parse accepts must make a calendar, say what the file says, and survive being written.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add(file2020(f, "", ""))
	f.Add(file2020(f, "2020-05-05", "2020-05-04"))
	f.Add(file2020(f, "2020-04-26", "2019-12-28"))
	f.Fuzz(func(t *testing.T, data []byte) {
		y, err := calendar.Parse(data)
		if err != nil {
			return
		}
		c, err := calendar.New(y)
		if err != nil {
			t.Fatalf("parsed, but New refuses it: %v", err)
		}
		for _, h := range y.Holidays {
			if c.IsWorkday(h.First) || c.IsWorkday(h.Last) {
				t.Errorf("%s is worked", h.Key)
			}
			for _, d := range h.Worked {
				if day := c.Day(d); day.Kind != calendar.MakeUpWorkday || day.Holiday != h.Key || day.Provisional {
					t.Errorf("%+v, though the file has it worked for %s", day, h.Key)
				}
			}
		}
		written, err := json.Marshal(y)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := calendar.Parse(written); err != nil {
			t.Errorf("written and read again: %v", err)
		}
	})
}
