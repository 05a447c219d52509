// Package numeral reads numbers and days as people write them in lists: plain
// and full-width digits, Chinese numerals, thousands, units behind the number,
// days in several forms and as spreadsheets store them. It guesses nothing: what
// may mean two things is refused.
package numeral

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/calendar"
)

// longest bounds, in bytes, what is looked at.
const longest = 64

// Most is the largest number that is read, and -Most the smallest.
const Most = 1_000_000_000_000_000

// plain makes a text comparable: NFKC, no blanks and no signs that nobody sees.
func plain(s string) string {
	if len(s) > longest {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// units are what may stand behind a number in a list.
var units = []string{"平方米", "个月", "人次", "学时", "万元", "㎡", "m2", "元", "人", "名", "次", "个", "场", "处", "家", "项", "年", "%"}

// Whole reads a whole number: 12, １２, 1,200, 12人, 十二, 一百零五, 1.2万, 12.0, 1.2E+3.
// Unit is the unit of the field; a 万元 where 元 are asked is turned into them, and
// every other foreign unit is refused. It returns false for what is no whole
// number.
func Whole(s, unit string) (int, bool) {
	s = plain(s)
	times := 1.0
	for _, u := range units {
		rest, ok := strings.CutSuffix(s, u)
		if !ok || rest == "" {
			continue
		}
		switch u = plain(u); {
		case u == plain(unit), unit == "", unit == "平方米" && (u == "m2"), unit == "人" && u == "名", unit == "次" && u == "场":
		case unit == "元" && u == "万元":
			times = 1e4
		default:
			return 0, false
		}
		s = rest
		break
	}
	if n, ok := chinese(s); ok {
		return within(float64(n) * times)
	}
	for sign, by := range map[string]float64{"万": 1e4, "亿": 1e8} {
		if rest, ok := strings.CutSuffix(s, sign); ok {
			s, times = rest, times*by
		}
	}
	if !arabic(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil {
		return 0, false
	}
	return within(f * times)
}

// within wants a whole number of a size that can be meant.
func within(f float64) (int, bool) {
	if n := math.Round(f); math.Abs(f-n) < 1e-6 && math.Abs(n) <= Most {
		return int(n), true
	}
	return 0, false
}

// arabic reports whether a text is a number in digits. A comma parts thousands
// and nothing else.
func arabic(s string) bool {
	if s == "" || strings.Trim(s, "0123456789.,eE+-") != "" || s[0] == ',' || s[0] == 'e' || s[0] == 'E' {
		return false
	}
	if parts := strings.Split(strings.TrimLeft(s, "+-"), ","); len(parts) > 1 {
		for i, p := range parts {
			whole, _, _ := strings.Cut(p, ".")
			if i == 0 && (len(whole) == 0 || len(whole) > 3) || i > 0 && len(whole) != 3 || i < len(parts)-1 && strings.Contains(p, ".") {
				return false
			}
		}
	}
	return true
}

var digits = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

var places = map[rune]int{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 10000, '亿': 100000000}

// chinese reads a Chinese numeral: 十二, 一百零五, 两千三百万, and digits in a row,
// 二〇二一.
func chinese(s string) (int, bool) {
	total, section, digit := 0, 0, -1
	row, plainDigits := 0, true
	if s == "" {
		return 0, false
	}
	for _, r := range s {
		d, isDigit := digits[r]
		p, isPlace := places[r]
		switch {
		case isDigit:
			row, digit = row*10+d, d
		case isPlace && p < 10000:
			plainDigits = false
			if digit < 0 {
				digit = 1 // 十二
			}
			section, digit = section+digit*p, -1
		case isPlace:
			plainDigits = false
			if digit > 0 {
				section += digit
			}
			if p == places['亿'] {
				total, section = total+section, 0
				total *= p
			} else {
				total += section * p
			}
			section, digit = 0, -1
		default:
			return 0, false
		}
		if row > Most || total > Most {
			return 0, false
		}
	}
	if plainDigits {
		return row, true
	}
	if digit > 0 {
		section += digit
	}
	return total + section, true
}

// The reasons why a text is no day.
const (
	OnlyYear  = "只有年份"
	OnlyMonth = "只有年月，没有日"
	NoDay     = "不是有效日期"
)

// hyphened writes the parts of a day with hyphens between them.
var hyphened = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", ".", "-", "/", "-", "—", "-", "–", "-")

// Day reads a day: 2010-03-01, 2010/3/1, 2010.3.1, 2010年3月1日, 二〇一〇年三月一日,
// 20100301, 2010-03-01 00:00:00, and the number under which a spreadsheet keeps a
// day. An empty text is the zero Date. why is empty when it is a day.
func Day(s string) (d calendar.Date, why string) {
	if len(s) > longest {
		return d, NoDay
	}
	if f := strings.FieldsFunc(norm.NFKC.String(s), func(r rune) bool { return unicode.IsSpace(r) || r == 'T' }); len(f) == 2 && strings.Contains(f[1], ":") {
		s = f[0] // a time of day behind it says nothing
	}
	s = plain(s)
	if s == "" {
		return d, ""
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(s, ".0")); err == nil {
		return dayOf(n)
	}
	s = strings.TrimSuffix(hyphened.Replace(s), "-")
	parts := strings.Split(s, "-")
	var n [3]int
	for i, p := range parts {
		v, ok := Whole(p, "")
		if i > 2 || !ok || v < 0 {
			return d, NoDay
		}
		n[i] = v
	}
	switch len(parts) {
	case 1:
		return d, OnlyYear
	case 2:
		return d, OnlyMonth
	}
	return valid(n[0], n[1], n[2])
}

// dayOf reads a day written as one number.
func dayOf(n int) (calendar.Date, string) {
	switch {
	case n >= 1900 && n <= 2100:
		return calendar.Date{}, OnlyYear
	case n >= 190001 && n <= 210012:
		return calendar.Date{}, OnlyMonth
	case n >= 19000101 && n <= 21001231:
		return valid(n/10000, n/100%100, n%100)
	case n >= 10000 && n <= 80000: // 1927 to 2119, counted from the day before 1899-12-31
		return calendar.DateOf(time.Date(1899, 12, 30, 12, 0, 0, 0, time.UTC).AddDate(0, 0, n)), ""
	}
	return calendar.Date{}, NoDay
}

func valid(y, m, d int) (calendar.Date, string) {
	t := time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC)
	if y < 1900 || y > 2100 || m < 1 || m > 12 || t.Day() != d || t.Month() != time.Month(m) {
		return calendar.Date{}, NoDay
	}
	return calendar.On(y, time.Month(m), d), ""
}
