package numeral_test

import (
	"strings"
	"testing"

	"shifan/internal/numeral"
)

func TestWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		s, unit string
		want    int
		ok      bool
	}{
		{"12", "人", 12, true},
		{"１２", "人", 12, true},
		{" 12 ", "", 12, true},
		{"12人", "人", 12, true},
		{"12名", "人", 12, true},
		{"12次", "人", 0, false},
		{"1,200", "", 1200, true},
		{"1，200", "", 1200, true},
		{"1,20", "", 0, false},
		{"12,345,678", "元", 12345678, true},
		{"1234,567", "", 0, false},
		{",5", "", 0, false},
		{"十二", "人", 12, true},
		{"十", "", 10, true},
		{"二十", "", 20, true},
		{"一百零五", "", 105, true},
		{"一百二十", "", 120, true},
		{"两千三百万", "", 23000000, true},
		{"三万五千", "", 35000, true},
		{"一亿二千万", "", 120000000, true},
		{"壹佰贰拾叁", "", 123, true},
		{"二〇二一", "", 2021, true},
		{"零", "", 0, true},
		{"〇", "", 0, true},
		{"十二人", "人", 12, true},
		{"约十二", "", 0, false},
		{"若干", "", 0, false},
		{"2.5万", "元", 25000, true},
		{"2.5万元", "元", 25000, true},
		{"2.5万元", "人", 0, false},
		{"三万元", "元", 30000, true},
		{"3万", "", 30000, true},
		{"120㎡", "平方米", 120, true},
		{"120平方米", "平方米", 120, true},
		{"95%", "%", 95, true},
		{"12.0", "", 12, true},
		{"12.5", "", 0, false},
		{"1.2E+3", "", 1200, true},
		{"-3", "", -3, true},
		{"", "", 0, false},
		{"人", "人", 0, false},
		{"1e99", "", 0, false},
		{"NaN", "", 0, false},
		{"Inf", "", 0, false},
		{"0x10", "", 0, false},
		{"1000000000000000", "", 1e15, true},
		{"1000000000000001", "", 0, false},
		{strings.Repeat("九", 30), "", 0, false},
		{strings.Repeat("1", 1<<20), "", 0, false},
	} {
		if got, ok := numeral.Whole(tt.s, tt.unit); ok != tt.ok || ok && got != tt.want {
			t.Errorf("%.40q in %s: %d, %v; want %d, %v", tt.s, tt.unit, got, ok, tt.want, tt.ok)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "", "2010-03-01": "2010-03-01", "2010/3/1": "2010-03-01", "2010.3.1": "2010-03-01", "2010年3月1日": "2010-03-01", "２０１０年３月１日": "2010-03-01",
		"二〇一〇年三月一日": "2010-03-01", "二零一零年十二月三十一日": "2010-12-31", "2010 年 3 月 1 日": "2010-03-01", "20100301": "2010-03-01",
		"2010-03-01 00:00:00": "2010-03-01", "2010-03-01T00:00:00Z": "2010-03-01", "2010/3/1 0:00": "2010-03-01", "40238": "2010-03-01", "40238.0": "2010-03-01", "44197": "2021-01-01",
		"2020-02-29": "2020-02-29", "2021-02-29": numeral.NoDay, "2021-02-30": numeral.NoDay, "2021-13-01": numeral.NoDay, "2021-00-10": numeral.NoDay, "1899-12-31": numeral.NoDay, "20210230": numeral.NoDay,
		"2010": numeral.OnlyYear, "2010年": numeral.OnlyYear, "二〇一〇年": numeral.OnlyYear, "2010-03": numeral.OnlyMonth, "201003": numeral.OnlyMonth, "2010年3月": numeral.OnlyMonth,
		"不详": numeral.NoDay, "3": numeral.NoDay, "2010-3-1-5": numeral.NoDay, "10/3/1": numeral.NoDay, strings.Repeat("2", 99): numeral.NoDay, "2010-3--1": numeral.NoDay,
	} {
		d, why := numeral.Day(s)
		if got := d.String() + why; got != want && !(len(s) > 64 && got == "") {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
