// Package creditcode knows the Unified Social Credit Code (统一社会信用代码,
// GB 32100-2015): how people type it, its form and its check digit, and which
// kinds of social organisation its first signs tell. It says nothing about who
// may apply: that a code is a provincial one is a rule of a programme.
package creditcode

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How a code fared.
const (
	OK       = "ok"       // well-formed, and its check digit is right
	Invalid  = "invalid"  // not a code at all
	Mismatch = "mismatch" // well-formed, but the check digit is another one
)

// The signs of GB 32100-2015: no I, O, Z, S, V.
const codeSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY"

const codeLength = 18

// longestTyped bounds, in bytes, what is looked at as a code.
const longestTyped = 200

// Code is what was found out about a Unified Social Credit Code.
type Code struct {
	Code   string `json:"code"`   // normalised
	Result string `json:"result"` // OK, Invalid or Mismatch
	Reason string `json:"reason"` // why it is not ok, or what to note although it is; may be empty
}

// Normalise turns a code as people type it into the code: full-width signs
// become plain (NFKC), letters capital, blanks, hyphens and invisible signs go.
func Normalise(typed string) string {
	if len(typed) > longestTyped {
		typed = strings.ToValidUTF8(typed[:longestTyped], "")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || unicode.Is(unicode.Cf, r) || r == '\u2212' {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(typed))
}

// Check normalises a code and checks its form and check digit (GB 32100-2015;
// facts.md §1). A mismatch may be overridden with a reason, since some codes of
// early years legally fail; an invalid code may not. Who the code belongs to (a
// social organisation, a provincial one) is a rule, not a matter of form.
func Check(typed string) Code {
	c := Code{Code: Normalise(typed), Result: Invalid}
	if c.Reason = malformed(c.Code); c.Reason != "" {
		c.Code = clip(c.Code)
		return c
	}
	if want := checkDigit(c.Code[:codeLength-1]); c.Code[codeLength-1] != want {
		c.Result = Mismatch
		c.Reason = fmt.Sprintf("第18位校验码应为%c，现在是%c。请对照登记证书逐位核对。", want, c.Code[codeLength-1])
		return c
	}
	c.Result = OK
	c.Reason = strings.Join(notes(typed, c.Code), "")
	return c
}

// malformed says why a normalised text is no code, or nothing.
func malformed(code string) string {
	if n := utf8.RuneCountInString(code); n != codeLength {
		if n == 0 {
			return "统一社会信用代码是空的。请填写18位代码。"
		}
		return fmt.Sprintf("统一社会信用代码是18位，现在是%d位。请对照登记证书核对。", n)
	}
	for i, r := range []rune(code) {
		switch {
		case !strings.ContainsRune(codeSigns, r):
			hint := "请对照登记证书核对"
			if strings.ContainsRune("IOZSV", r) {
				hint = "代码不用I、O、Z、S、V，请看是不是数字1、0、2、5"
			}
			return fmt.Sprintf("第%d位“%s”不是代码用的字符，%s。", i+1, visible(r), hint)
		case i >= 2 && i < 8 && (r < '0' || r > '9'):
			return fmt.Sprintf("第%d位“%c”应为数字：第3至8位是登记管理机关的行政区划码。", i+1, r)
		}
	}
	return ""
}

// checkDigit computes the 18th sign from the first 17. A remainder of 0 gives
// 31, which is written 0.
func checkDigit(first string) byte {
	sum, weight := 0, 1
	for _, r := range first {
		sum += strings.IndexRune(codeSigns, r) * weight
		weight = weight * 3 % 31
	}
	return codeSigns[(31-sum%31)%31]
}

// notes says what to note about a code that is in order.
func notes(typed, code string) (all []string) {
	if typed != code {
		all = append(all, "已按标准格式改写。")
	}
	if want := organisationDigit(code[8:16]); code[16] != want {
		all = append(all, fmt.Sprintf("提示：第17位按组织机构代码应为%c，现在是%c。", want, code[16]))
	}
	if !Social(code) {
		all = append(all, "提示：这不是社会组织的代码。")
	}
	return all
}

// organisationDigit computes the check sign of the 9-sign organisation code
// (GB 11714) that stands in places 9 to 17. A difference is only a warning.
func organisationDigit(first string) byte {
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		if c := first[i]; c >= 'A' {
			sum += (int(c-'A') + 10) * weight
		} else {
			sum += int(c-'0') * weight
		}
	}
	return "0X987654321"[sum%11]
}

// The kinds of social organisation, as a programme names them.
const (
	Association = "association" // 社会团体
	Service     = "service"     // 社会服务机构（民办非企业单位）
	Foundation  = "foundation"  // 基金会
	Other       = "other"       // registered with civil affairs, and none of these

	// Kinds that no programme for social organisations is about; one that is about
	// them says so.
	Cooperative = "cooperative" // 农民专业合作社
	Enterprise  = "enterprise"  // 企业
	Household   = "household"   // 个体工商户
	Organ       = "organ"       // 机关
	Institution = "institution" // 事业单位
)

var kindWords = map[string]string{
	Association: "社会团体", Service: "社会服务机构", Foundation: "基金会", Other: "其他",
	Cooperative: "农民专业合作社", Enterprise: "企业", Household: "个体工商户", Organ: "机关", Institution: "事业单位",
}

// KindWord returns the Chinese word for a kind of social organisation.
func KindWord(kind string) string { return kindWords[kind] }

// KindOf returns the kind that a normalised code's first two signs tell, or ""
// for one that nothing here is about.
func KindOf(code string) string {
	if len(code) < 2 {
		return ""
	}
	return kinds[code[:2]]
}

var kinds = map[string]string{
	"51": Association, "52": Service, "53": Foundation, "59": Other,
	"93": Cooperative, "91": Enterprise, "92": Household, "11": Organ, "12": Institution,
}

// Social reports whether a code is one of the civil-affairs registers: 5 in
// the first place.
func Social(code string) bool { return strings.HasPrefix(code, "5") && KindOf(code) != "" }

// visible shows a sign that may have no shape of its own.
func visible(r rune) string {
	if unicode.IsGraphic(r) && r != utf8.RuneError {
		return string(r)
	}
	return fmt.Sprintf("U+%04X", r)
}

// clip keeps a foreign text short enough for a sentence or a list, and readable.
func clip(s string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '�'
		}
		return r
	}, s))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}

// Division returns the code of the administrative division in whose register a
// normalised code is (places 3 to 8, GB/T 2260), or "" for what is no code.
func Division(code string) string {
	if len(code) != codeLength {
		return ""
	}
	return code[2:8]
}

// The levels at which an organisation is registered, by its division.
const (
	National  = "national"
	Province  = "province"
	City      = "city"
	County    = "county"
	Levelless = "" // there is no code
)

var levelWords = map[string]string{National: "部级", Province: "省级", City: "市级", County: "县级", Levelless: "没有代码"}

// LevelOf tells at which level a division is: 100000 is the whole country, 220000 a
// province, 220100 a city and 220102 a county or a district of one.
func LevelOf(division string) string {
	switch {
	case len(division) != 6:
		return Levelless
	case division == "100000":
		return National
	case division[2:] == "0000":
		return Province
	case division[4:] == "00":
		return City
	}
	return County
}

// LevelWord returns the Chinese word for a level.
func LevelWord(level string) string { return levelWords[level] }
