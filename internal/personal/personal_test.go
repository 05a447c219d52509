package personal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/personal"
)

// Numbers of nobody: the regions and days are made up, the check signs computed.
const (
	card   = "220100190001010013"
	cardX  = "22010019000101003X"
	mobile = "13800000000"
)

func TestScan(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"":                           "",
		"党员大会12次，会员138人":             "",
		"联系人" + card:                 "id_card 4 220*************13",
		"号码：" + cardX:                "id_card 4 220*************3X",
		strings.ToLower(cardX) + "。": "id_card 1 220*************3X",
		"220100 19000101 0013":       "id_card 1 220*************13",
		"220100-1900-0101-0013":      "id_card 1 220*************13",
		"２２０１００１９０００１０１００１３": "id_card 1 220*************13",
		"220100190001010018":          "", // another check sign
		"220100190013010010":          "", // a thirteenth month
		"220100190002300012":          "", // 30 February
		"220100180001010014":          "", // 1800
		card + "0":                    "", // nineteen digits
		"0" + card:                    "",
		card + "a":                    "",
		"51220000MJ0000018T":          "", // credit codes
		"53100000500021676K":          "",
		"11370100004188768U":          "",
		"914403001922038216":          "",
		"办公电话0431-12345678":           "",
		"手机" + mobile:                 "mobile 3 138****0000",
		"138-0000-0000，139 0000 0000": "mobile 1 138****0000; mobile 15 139****0000",
		"+86 " + mobile:               "mobile 2 138****0000",
		"0086" + mobile:               "mobile 1 138****0000",
		"86-" + mobile:                "mobile 1 138****0000",
		"１３８００００００００":                 "mobile 1 138****0000",
		"138\u200b0000\u200b0000":     "mobile 1 138****0000",
		"138–0000–0000":               "mobile 1 138****0000",
		"12800000000":                 "",
		"1380000000":                  "", // ten digits
		mobile + "1":                  "", // twelve digits
		"9" + mobile:                  "",
		mobile + "元":                  "", // an amount
		mobile + "f":                  "", // a digest
		"13800000000x":                "",
		"tel:" + mobile:               "mobile 5 138****0000",
		"2021-" + mobile:              "mobile 6 138****0000",
		"𠮷" + mobile:                  "mobile 2 138****0000",
		mobile + mobile:               "",
		mobile + "、" + card:           "mobile 1 138****0000; id_card 13 220*************13",
	} {
		var got []string
		for _, f := range personal.Scan(s) {
			got = append(got, strings.Join([]string{string(f.Kind), number(f.Place), f.Masked}, " "))
		}
		if diff := cmp.Diff(want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%q:\n%s", s, diff)
		}
	}
}

func number(n int) string {
	if n >= 10 {
		return string(rune('0'+n/10)) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

func TestMask(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"无": "无",
		"电话" + mobile + "，证" + card + "止": "电话138****0000，证220*************13止",
		"（138 0000 0000）":                 "（138****0000）",
	} {
		if got := personal.Mask(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// TestMegabytes: a text of megabytes of digits costs no more than reading it.
func TestMegabytes(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"1", "1 ", "13800000000", "13800000000 ", "２", "\xff"} {
		s := strings.Repeat(unit, 1<<19/len(unit))
		if got := personal.Mask(s); unit != "13800000000 " && got != s {
			t.Errorf("%q: found something", unit)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if f := personal.Check("summary", "“概况”", "党员12名", false); f != nil {
		t.Errorf("nothing is there: %v", f)
	}
	text := "联系" + strings.Repeat(mobile+"，", 4)
	f := personal.Check("summary", "“概况”", text, false)
	if f == nil || !personal.IsFound(f) || f.Fields[0].Path != "summary" {
		t.Fatalf("got %v", f)
	}
	if strings.Contains(f.Say, mobile) || !strings.Contains(f.Say, "138****0000”（第3字起）") || !strings.Contains(f.Say, "等4处") {
		t.Errorf("got %s", f.Say)
	}
	if f := personal.Check("summary", "“概况”", text, true); f != nil {
		t.Errorf("it was confirmed: %v", f)
	}
}
