package creditcode_test

import (
	"strings"
	"testing"

	"shifan/internal/creditcode"
)

// TestCheck runs all vectors of facts.md §1.2.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typed, result, reason string // reason: a part of it
	}{
		{"51220000MJ0000018T", "ok", ""},
		{"52220000MJ0000026J", "ok", ""},
		{"53220000MJ0000034A", "ok", ""},
		{"51100000500000015P", "ok", ""},
		{"52220100MJD12345X1", "ok", ""},
		{"59220000MJY000095T", "ok", ""},
		{"51220000MJ00002450", "ok", ""}, // remainder 0
		{"51220000MJ0000077X", "ok", ""},
		{"51220000MJ0000122Y", "ok", ""},
		{"51220000MJ0000157H", "ok", ""},
		{"51220000MJ0000202J", "ok", ""},
		{"51220000MJ0000229A", "ok", ""},
		{"51220000MJ0000081T", "mismatch", "第18位校验码应为"},
		{"52220000MJ0000018T", "mismatch", "现在是T"},
		{"51220000MJ000001BT", "mismatch", ""},
		{"51220000MI0000018T", "invalid", "第10位“I”"},
		{"51220000mj0000018t", "ok", "已按标准格式改写"},
		{"５１２２００００MJ0000018T", "ok", "已按标准格式改写"},
		{" 5122 0000-MJ000001-8T ", "ok", "已按标准格式改写"},
		{"51220000MJ0000018", "invalid", "现在是17位"},
		{"51220000MJ0000018TT", "invalid", "现在是19位"},
		{"", "invalid", "是空的"},
		{"5122000AMJ0000018T", "invalid", "第8位“A”应为数字"},
		{"51220000MJ000001𠮷T", "invalid", "第17位“𠮷”"},
		{"51220000MJ000001\x008T", "invalid", "19位"},
		{"51220000MJ00000\x0018T", "invalid", "19位"},
		{"51220000MJ000001\x00T", "invalid", "U+0000"},
		{strings.Repeat("5", 10<<20), "invalid", "18位"},
		{"91350100M000100Y43", "ok", "不是社会组织"},
		{"9144030071526726XG", "ok", "不是社会组织"},
		{"91330100799655058B", "ok", "不是社会组织"},
		{"91110000802100433B", "ok", "不是社会组织"},
		{"914403001922038216", "ok", "不是社会组织"},
		{"53100000500021676K", "ok", ""},
		{"11370100004188768U", "ok", "不是社会组织"},
		{"91350100M0001TGQXM", "mismatch", "应为1，现在是M"}, // legally exist, and fail
		{"91350211M0000XUF46", "mismatch", "应为R，现在是6"},
		{"91350203M0001FUE2P", "mismatch", "应为J，现在是P"},
	} {
		got := creditcode.Check(tt.typed)
		if got.Result != tt.result || !strings.Contains(got.Reason, tt.reason) || (tt.result != "ok" && got.Reason == "") {
			t.Errorf("%.40q: got %s %q, want %s %q", tt.typed, got.Result, got.Reason, tt.result, tt.reason)
		}
		if n := len([]rune(got.Code)); n > 31 {
			t.Errorf("%.40q: the code that is shown has %d signs", tt.typed, n)
		}
	}
}

// TestCheckFindsEverySlip changes each place of a good code to each other sign:
// the check digit finds every one.
func TestCheckFindsEverySlip(t *testing.T) {
	t.Parallel()
	const good = "51220000MJ0000018T"
	for i := range good {
		for _, r := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			bad := good[:i] + string(r) + good[i+1:]
			if got := creditcode.Check(bad).Result; (got == "ok") != (bad == good) {
				t.Errorf("%s: got %s", bad, got)
			}
		}
	}
}

func TestOrganisationDigitIsAWarning(t *testing.T) {
	t.Parallel()
	// MJ000001 asks for 8; 9 with a matching 18th sign is still a good code.
	for _, last := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		got := creditcode.Check("51220000MJ0000019" + string(last))
		if got.Result == "ok" {
			if !strings.Contains(got.Reason, "应为8，现在是9") {
				t.Errorf("no warning: %q", got.Reason)
			}
			return
		}
	}
	t.Error("no check digit fits")
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"51220000MJ0000018T": "association", "52220000MJ0000026J": "service", "53220000MJ0000034A": "foundation",
		"59220000MJY000095T": "other", "91350100M000100Y43": "enterprise", "93": "cooperative", "12": "institution", "54220000MJ0000018T": "", "A1": "", "": "", "5": "",
	} {
		if got := creditcode.KindOf(code); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
		if got := creditcode.Social(code); got != (want != "" && code[0] == '5') {
			t.Errorf("%s: social %v", code, got)
		}
	}
}
