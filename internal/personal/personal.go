// Package personal finds what must not stand in this system's texts and files:
// the numbers of identity cards and of mobile telephones (facts.md §8; PIPL).
// The programme counts people and does not list them. What is found is a hint
// for a person, who mends the text or says that the number is another thing.
//
// A number of 18 signs counts as an identity card's only when its day of birth
// is a day and its check sign is right (GB 11643-1999), so that a credit code, an
// account or an amount of money is not called one.
package personal

import (
	"fmt"
	"strings"
	"unicode"

	"shifan/internal/chars"
	"shifan/internal/fault"
)

// Kind is a kind of number that says who somebody is.
type Kind string

// The kinds.
const (
	IDCard Kind = "id_card" // 居民身份证号码
	Mobile Kind = "mobile"  // 手机号码
)

// Word returns the kind as people read it.
func (k Kind) Word() string {
	return map[Kind]string{IDCard: "身份证号码", Mobile: "手机号码"}[k]
}

// Find is one number that stands in a text.
type Find struct {
	Kind     Kind   `json:"kind"`
	From, To int    `json:"-"`      // where it stands, in bytes of the text
	Place    int    `json:"place"`  // which sign of the text it begins with, from 1
	Masked   string `json:"masked"` // for showing: enough to find it again, and not the number
}

// text is what is looked at: the signs of a text made plain, each with where it
// stood.
type text struct {
	signs []rune
	at    []int // byte offset of each sign
	end   int
}

// plain makes full-width digits and letters plain, every kind of dash a hyphen
// and every blank a space, and leaves out signs that nobody sees.
func plain(s string) text {
	t := text{end: len(s)}
	for i, r := range s {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case unicode.Is(unicode.Cf, r):
			continue
		}
		switch {
		case unicode.Is(unicode.Dash, r):
			r = '-'
		case unicode.IsSpace(r):
			r = ' '
		}
		t.signs, t.at = append(t.signs, r), append(t.at, i)
	}
	return t
}

// Scan finds every identity card and mobile number of a text, in order. Numbers
// may be written in groups, with blanks or hyphens, in full-width digits and with
// +86 before them. Its cost grows with the length of the text and nothing else.
func Scan(s string) (all []Find) {
	t := plain(s)
	for i := 0; i < len(t.signs); i++ {
		if !digit(t.signs[i]) || i > 0 && digit(t.signs[i-1]) {
			continue
		}
		kind, m := IDCard, t.idCard(i)
		if m.to == 0 {
			kind, m = Mobile, t.mobile(i)
		}
		if m.to > 0 {
			all = append(all, t.find(kind, m.number, i, m.to))
			i = m.to - 1
		}
	}
	return all
}

// Mask returns a text with every number that Scan finds made unreadable.
func Mask(s string) string {
	var b strings.Builder
	done := 0
	for _, f := range Scan(s) {
		b.WriteString(s[done:f.From])
		b.WriteString(f.Masked)
		done = f.To
	}
	b.WriteString(s[done:])
	return b.String()
}

// match is a number that was read, and the sign after it; to is 0 for none.
type match struct {
	number string
	to     int
}

func (t text) find(kind Kind, number string, from, to int) Find {
	f := Find{Kind: kind, From: t.at[from], To: t.end, Place: from + 1}
	if to < len(t.at) {
		f.To = t.at[to]
	}
	keep := 2
	if kind == Mobile {
		keep = 4
	}
	f.Masked = number[:3] + strings.Repeat("*", len(number)-3-keep) + number[len(number)-keep:]
	return f
}

// groups reads as many digits as the groups have, from sign i on. Between groups
// one blank or hyphen may stand. The last sign of all may be X when x is true.
func (t text) groups(i int, x bool, groups ...int) match {
	var b strings.Builder
	for g, n := range groups {
		if g > 0 && i < len(t.signs) && (t.signs[i] == ' ' || t.signs[i] == '-') {
			i++
		}
		for k := range n {
			if i >= len(t.signs) {
				return match{}
			}
			r := t.signs[i]
			if x && g == len(groups)-1 && k == n-1 && (r == 'x' || r == 'X') {
				r = 'X'
			} else if !digit(r) {
				return match{}
			}
			b.WriteRune(r)
			i++
		}
	}
	if i < len(t.signs) && (digit(t.signs[i]) || letter(t.signs[i])) {
		return match{} // a longer number, or a digest
	}
	return match{b.String(), i}
}

func (t text) idCard(i int) match {
	if m := t.groups(i, true, 6, 4, 4, 4); m.to > 0 && validID(m.number) {
		return m
	}
	return match{}
}

// validID reports whether 18 signs are an identity card's number: a region, a
// day of birth from 1900 on, and the check sign (GB 11643-1999).
func validID(n string) bool {
	num := func(s string) (v int) {
		for _, r := range s {
			v = v*10 + int(r-'0')
		}
		return v
	}
	year, month, day := num(n[6:10]), num(n[10:12]), num(n[12:14])
	if n[0] == '0' || n[0] == '9' || year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) {
		return false
	}
	sum, weight := 0, 1
	for i := len(n) - 2; i >= 0; i-- { // the weight of the sign in place i is 2^(18-i) mod 11
		weight = weight * 2 % 11
		sum += int(n[i]-'0') * weight
	}
	return n[17] == "10X98765432"[sum%11]
}

func daysOf(year, month int) int {
	switch {
	case month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// mobile reads a mobile number, with or without the country's 86. An amount of
// money of eleven digits is none.
func (t text) mobile(i int) match {
	from := i
	for _, country := range []string{"0086", "86"} {
		if n := i + len(country); n < len(t.signs) && string(t.signs[i:n]) == country {
			if from = n; t.signs[n] == ' ' || t.signs[n] == '-' {
				from++
			}
			break
		}
	}
	m := t.groups(from, false, 3, 4, 4)
	if m.to == 0 || m.number[0] != '1' || m.number[1] < '3' {
		return match{}
	}
	if m.to < len(t.signs) && strings.ContainsRune("元万亿", t.signs[m.to]) {
		return match{}
	}
	return m
}

func digit(r rune) bool  { return r >= '0' && r <= '9' }
func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// mostShown is how many finds a sentence names.
const mostShown = 3

// Confirmation is what somebody says who looked at a find, and at whose side the
// box stands.
const Confirmation = "已核对，不是个人信息"

var errFound = fault.Define(fault.Invalid, "personal.found",
	"%s里有%s。本系统只统计数量，不收集个人信息：请删去，或者改写为概括的说法。确实不是个人号码的，勾选“"+Confirmation+"”再保存。",
	"个人信息保护法；制度:只统计数量不收集个人信息")

// Check refuses a text with personal numbers in it, unless somebody looked at it
// and says that they are none. path and label name the field. It is for a warning
// before something is stored; what was let pass is the writer's own word.
func Check(path, label, s string, confirmed bool) *fault.Fault {
	found := Scan(s)
	if confirmed || len(found) == 0 {
		return nil
	}
	return errFound.At(path, label, Say(found))
}

// IsFound reports whether an error is one of Check's, so that a form can offer
// the confirmation.
func IsFound(err error) bool { return errFound.Is(err) }

// Say tells what was found, and where, without telling the numbers:
// "疑似手机号码“138****5678”（第12字起）".
func Say(found []Find) string {
	var parts []string
	for i, f := range found {
		if i == mostShown {
			parts = append(parts, fmt.Sprintf("等%d处", len(found)))
			break
		}
		parts = append(parts, fmt.Sprintf("疑似%s“%s”（第%d字起）", f.Kind.Word(), chars.Cut(f.Masked, 20), f.Place))
	}
	return strings.Join(parts, "、")
}
