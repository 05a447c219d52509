package calendar_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

const holidayCN = `{
  "$schema": "https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json",
  "year": 2027,
  "papers": ["关于2027年部分节假日安排的通知"],
  "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-02", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-03", "isOffDay": true},
    {"name": "元旦", "date": "2026-12-27", "isOffDay": false}
  ]
}`

func TestReadHolidayCN(t *testing.T) {
	t.Parallel()
	all, err := calendar.Read([]byte("\ufeff"+holidayCN), calendar.MustDate("2026-11-20"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	c := with(t, calendar.Embedded(), all[0])
	p, err := c.AddWorkingDays(calendar.MustDate("2026-12-26"), 1, false)
	if err != nil || p.Last.String() != "2026-12-27" || p.Provisional {
		t.Errorf("%+v %v", p, err)
	}
	if d := c.Day(calendar.MustDate("2027-01-02")); d.Why != "元旦" || !d.Known {
		t.Errorf("%+v", d)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	ours := func(s string) string { return `{"year":2027,"title":"通知","published_on":"2026-11-04",` + s + `}` }
	for name, tt := range map[string]struct{ file, code, say string }{
		"a day that does not exist": {ours(`"off":["2027-02-30"]`), "calendar.date.malformed", "2027-02-30"},
		"another year's day":        {ours(`"off":["2028-05-01"]`), "calendar.import.wrong_year", "2028-05-01不属于2027年"},
		"two years earlier":         {ours(`"off":["2025-12-31"]`), "calendar.import.wrong_year", "2025-12-31"},
		"November before":           {ours(`"off":["2026-11-30"]`), "calendar.import.wrong_year", "2026-11-30"},
		"both off and worked":       {ours(`"off":["2027-02-06"],"work":["2027-02-06"]`), "calendar.import.overlap", "2027-02-06"},
		"written twice":             {ours(`"off":["2027-02-06","2027-02-06"]`), "calendar.import.twice", "2027-02-06"},
		"a worked weekday":          {ours(`"off":["2027-02-06"],"work":["2027-02-02"]`), "calendar.import.worked_weekday", "星期二"},
		"nothing off":               {ours(`"off":[]`), "calendar.import.nothing", "2027"},
		"no year":                   {`{"title":"通知","published_on":"2026-11-04","off":["2027-01-01"]}`, "calendar.import.year", "“0”"},
		"a year of five digits":     {`{"year":20277,"title":"通知","off":["2027-01-01"]}`, "calendar.import.year", "20277"},
		"no title":                  {`{"year":2027,"published_on":"2026-11-04","off":["2027-01-01"]}`, "calendar.import.untitled", "2027"},
		"an absurd title":           {`{"year":2027,"title":"` + strings.Repeat("长", 300) + `","published_on":"2026-11-04","off":["2027-01-01"]}`, "calendar.import.untitled", "2027"},
		"no date":                   {`{"year":2027,"title":"通知","off":["2027-01-01"]}`, "calendar.import.undated", "2027"},
		"not JSON":                  {"节假日\n安排", "calendar.import.not_json", "第1行"},
		"cut off":                   {"{\n\"year\": 2027,\n", "calendar.import.not_json", "第2行"},
		"a wrong type":              {ours("\n\n" + `"off":"2027-01-01"`), "calendar.import.not_json", "第3行"},
		"an unknown part":           {ours(`"off":["2027-01-01"],` + "\n" + `"offf":[]`), "calendar.import.not_json", "第2行读不懂：没有\"offf\"这一项"},
		"more after the end":        {ours(`"off":["2027-01-01"]`) + "\n{}", "calendar.import.not_json", "结尾"},
		"another thing":             {`{"name":"shifan"}`, "calendar.import.shape", "holiday-cn"},
		"an empty list":             {`[]`, "calendar.import.shape", ""},
		"empty":                     {``, "calendar.import.not_json", "第1行"},
		"NUL bytes":                 {"\x00\x00", "calendar.import.not_json", "第1行"},
		"10 MB":                     {strings.Repeat(" ", 10<<20), "calendar.import.too_big", "10485760"},
		"holiday-cn: bad date":      {strings.Replace(holidayCN, "2027-01-03", "2027-1-3", 1), "calendar.date.malformed", "2027-1-3"},
		"holiday-cn: no source":     {strings.Replace(holidayCN, `"关于2027年部分节假日安排的通知"`, "", 1), "calendar.import.untitled", "papers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := calendar.Read([]byte(tt.file), calendar.MustDate("2026-11-20"))
			if fault.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("got %v, want %s with %q", err, tt.code, tt.say)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(holidayCN))
	f.Add([]byte(`{"year":2027,"title":"t","published_on":"2026-11-04","amends":true,"off":["2027-01-01"],"work":["2027-01-04"]}`))
	f.Add([]byte(`[{"year":2027}]`))
	f.Fuzz(func(t *testing.T, file []byte) {
		all, err := calendar.Read(file, calendar.MustDate("2026-11-20"))
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("not a sentence for a person: %v", err)
		}
		for _, a := range all {
			if _, err := calendar.Embedded().With(a); err != nil && fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
		}
	})
}
