package plaque_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk  = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	chair  = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	holder = stage.Actor{Account: "acc_holder", Role: stage.Applicant, Organisation: "org_1"}
	other  = stage.Actor{Account: "acc_other", Role: stage.Applicant, Organisation: "org_2"}
	day    = calendar.MustDate
	now    = day("2021-10-20").Start().Add(9 * time.Hour)
)

func title() *designation.Designation {
	return &designation.Designation{
		ID: "dsg_1", Programme: "base", Organisation: "org_1", State: designation.Valid, Number: "2021-007",
		Name: "吉林省𠮷松协会", NamedOn: day("2021-09-15"), ValidFrom: day("2021-09-15"), ValidTo: day("2024-09-15"),
	}
}

func prog() *programme.Programme {
	return &programme.Programme{Name: "base", Base: "党建创新示范基地", Issuer: programme.Body{Name: "省社会组织联合党委"}, Plaque: programme.Plaque{Size: "60×40 cm", Material: "不锈钢"}}
}

func ordered(t *testing.T) *plaque.Plaque {
	t.Helper()
	q, m, err := plaque.Order(clerk, "plq_1", title(), prog(), "0123456789", now)
	if err != nil || m.Act != "order" || m.Basis == "" {
		t.Fatal(m, err)
	}
	return q
}

func handed(t *testing.T) *plaque.Plaque {
	t.Helper()
	q := ordered(t)
	if _, err := q.HandOver(clerk, title(), "秘书长", day("2021-10-18"), now); err != nil {
		t.Fatal(err)
	}
	return q
}

// TestOrder: no plaque before the naming, none for a title that ended (S16).
func TestOrder(t *testing.T) {
	t.Parallel()
	q := ordered(t)
	if q.Text != "党建创新示范基地\n吉林省𠮷松协会\n省社会组织联合党委\n2021年9月" || q.Number != "2021-007" || q.Copy != 1 || q.State != plaque.Ordered || q.Size == "" {
		t.Errorf("%+v", q)
	}
	for name, tt := range map[string]struct {
		change func(*designation.Designation)
		code   string
	}{
		"named today":    {func(d *designation.Designation) { d.NamedOn = day("2021-10-20") }, ""},
		"named tomorrow": {func(d *designation.Designation) { d.NamedOn = day("2021-10-21") }, "plaque.order.before_naming"},
		"never named":    {func(d *designation.Designation) { d.NamedOn = calendar.Date{} }, "plaque.order.before_naming"},
		"revoked":        {func(d *designation.Designation) { d.State = designation.Revoked }, "plaque.title_ended"},
		"rectifying":     {func(d *designation.Designation) { d.State = designation.Rectifying }, ""},
	} {
		d := title()
		tt.change(d)
		_, _, err := plaque.Order(clerk, "plq_1", d, prog(), "0123456789", now)
		if got := codeOf(err); got != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by       stage.Actor
		receiver string
		on       string
		state    stage.State
		code     string
	}{
		"on the day of the naming": {clerk, "秘书长", "2021-09-15", "", ""},
		"a day before":             {clerk, "秘书长", "2021-09-14", "", "plaque.hand_over.date"},
		"today":                    {clerk, "秘书长", "2021-10-20", "", ""},
		"tomorrow":                 {clerk, "秘书长", "2021-10-21", "", "plaque.hand_over.date"},
		"no date":                  {clerk, "秘书长", "", "", "plaque.hand_over.date"},
		"nobody":                   {clerk, " ", "2021-10-18", "", "plaque.hand_over.receiver"},
		"a telephone":              {clerk, "秘书长13800000000", "2021-10-18", "", "plaque.hand_over.receiver"},
		"full-width digits":        {clerk, "秘书长１３８", "2021-10-18", "", "plaque.hand_over.receiver"},
		"40 signs":                 {clerk, strings.Repeat("𠮷", 40), "2021-10-18", "", ""},
		"41 signs":                 {clerk, strings.Repeat("𠮷", 41), "2021-10-18", "", "plaque.hand_over.receiver"},
		"a NUL":                    {clerk, "秘\x00书", "2021-10-18", "", "plaque.hand_over.receiver"},
		"both wrong":               {clerk, "", "", "", "input.several"},
		"by the holder":            {holder, "秘书长", "2021-10-18", "", "stage.not_allowed"},
		"a title that ended":       {clerk, "秘书长", "2021-10-18", designation.Returned, "plaque.title_ended"},
	} {
		q, d := ordered(t), title()
		if tt.state != "" {
			d.State = tt.state
		}
		var on calendar.Date
		if tt.on != "" {
			on = day(tt.on)
		}
		_, err := q.HandOver(tt.by, d, tt.receiver, on, now)
		if got := codeOf(err); got != tt.code {
			t.Errorf("%s: %v", name, err)
		}
		if want := map[bool]stage.State{true: plaque.HandedOver, false: plaque.Ordered}[tt.code == ""]; q.State != want {
			t.Errorf("%s: it is %s", name, q.State)
		}
	}
}

// TestLostAndReissued: the new plaque has a code of its own, the old one never
// passes for it.
func TestLostAndReissued(t *testing.T) {
	t.Parallel()
	q := handed(t)
	if _, err := q.ReportLost(other, "搬迁时遗失", day("2021-10-19"), now); fault.KindOf(err) != fault.NotFound {
		t.Errorf("by another organisation: %v", err)
	}
	if _, err := q.ReportLost(holder, "搬迁时遗失", day("2021-10-17"), now); fault.CodeOf(err) != "plaque.date" {
		t.Errorf("lost before it was handed over: %v", err)
	}
	if _, err := q.ReportLost(holder, "", day("2021-10-21"), now); fault.CodeOf(err) != "input.several" {
		t.Errorf("no reason and tomorrow: %v", err)
	}
	if _, err := q.ReportLost(holder, "搬迁时遗失", day("2021-10-18"), now); err != nil || q.State != plaque.Lost {
		t.Fatal(err)
	}
	found := *q
	if _, err := found.Find(clerk, title()); err != nil || found.State != plaque.HandedOver || !found.LostOn.IsZero() {
		t.Errorf("found again: %v %+v", err, found)
	}
	next, m, err := q.Reissue(clerk, "plq_2", title(), prog(), "9876543210", "遗失补发", now)
	if err != nil || m.To != plaque.Replaced || q.State != plaque.Replaced || q.Current() {
		t.Fatal(err, m)
	}
	if next.Number != "2021-007-2" || next.Code == q.Code || next.Replaces != "plq_1" || next.State != plaque.Ordered || next.Copy != 2 {
		t.Errorf("%+v", next)
	}
	if _, _, err := q.Reissue(clerk, "plq_3", title(), prog(), "1111111111", "再补", now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("twice: %v", err)
	}
	ended := title()
	ended.State = designation.Expired
	if _, _, err := handed(t).Reissue(clerk, "plq_2", ended, prog(), "9876543210", "损坏更换", now); fault.CodeOf(err) != "plaque.title_ended" || !strings.Contains(err.Error(), "补发牌匾") {
		t.Errorf("for a title that ended: %v", err)
	}
	if _, _, err := handed(t).Reissue(clerk, "plq_2", title(), prog(), "9876543210", "", now); fault.CodeOf(err) != "plaque.reason" {
		t.Errorf("without a reason: %v", err)
	}
	if _, _, err := handed(t).Reissue(clerk, "plq_2", title(), prog(), "9876543210", "损坏更换", now); err != nil {
		t.Errorf("a worn one: %v", err)
	}
}

// TestWithdraw: what becomes of a plaque when its title ends (S72).
func TestWithdraw(t *testing.T) {
	t.Parallel()
	ended := title()
	ended.State = designation.Revoked
	for name, tt := range map[string]struct {
		q      *plaque.Plaque
		recall bool
		to     stage.State
		done   bool
	}{
		"being made":                 {ordered(t), true, plaque.Cancelled, true},
		"being made, none is wanted": {ordered(t), false, plaque.Cancelled, true},
		"with the holder":            {handed(t), true, plaque.Recalled, true},
		"with the holder, may stay":  {handed(t), false, plaque.HandedOver, false},
		"lost":                       {&plaque.Plaque{State: plaque.Lost}, true, plaque.Lost, false},
		"replaced":                   {&plaque.Plaque{State: plaque.Replaced}, true, plaque.Replaced, false},
	} {
		_, done, err := tt.q.Withdraw(chair, ended, tt.recall, now)
		if err != nil || done != tt.done || tt.q.State != tt.to {
			t.Errorf("%s: %v %v %s", name, done, err, tt.q.State)
		}
	}
	q := handed(t)
	if _, _, err := q.Withdraw(clerk, title(), true, now); fault.CodeOf(err) != "plaque.recall.title_lives" {
		t.Errorf("while the title lives: %v", err)
	}
	if _, _, err := q.Withdraw(chair, ended, true, now); err != nil {
		t.Fatal(err)
	}
	if _, err := q.HandBack(clerk, day("2021-10-21"), now); fault.CodeOf(err) != "plaque.date" {
		t.Errorf("back tomorrow: %v", err)
	}
	back := *q
	if _, err := back.Restore(chair, ended); fault.CodeOf(err) != "plaque.title_ended" {
		t.Errorf("in use again without a title: %v", err)
	}
	if _, err := back.Restore(chair, title()); err != nil || back.State != plaque.HandedOver {
		t.Error(err)
	}
	if _, err := q.HandBack(clerk, day("2021-10-20"), now); err != nil || q.State != plaque.Returned {
		t.Error(err)
	}
}

// TestCode: codes are random, never bear a sign taken for another, and no slip of
// one sign or of two neighbours passes.
func TestCode(t *testing.T) {
	t.Parallel()
	r := rand.NewChaCha8([32]byte{7})
	seen := map[string]bool{}
	for range 2000 {
		code := plaque.NewCode(r)
		if len(code) != plaque.CodeLength || strings.ContainsAny(code, "ILOU") || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		if got, err := plaque.ParseCode(code); err != nil || got != code {
			t.Fatalf("%q: %q %v", code, got, err)
		}
	}
	code := plaque.NewCode(r)
	for i := range code {
		for _, s := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
			wrong := code[:i] + string(s) + code[i+1:]
			if _, err := plaque.ParseCode(wrong); (err == nil) != (wrong == code) {
				t.Errorf("%s passes for %s: %v", wrong, code, err)
			}
		}
		if i > 0 {
			wrong := code[:i-1] + code[i:i+1] + code[i-1:i] + code[i+1:]
			if _, err := plaque.ParseCode(wrong); (err == nil) != (wrong == code) {
				t.Errorf("%s passes for %s: %v", wrong, code, err)
			}
		}
	}
	g := plaque.Grouped(code)
	for name, typed := range map[string]string{
		"grouped": g, "small letters": strings.ToLower(g), "blanks": " " + code[:2] + "　" + code[2:] + "\n",
		"full width":         wide(code),
		"I, L and O for 1,0": strings.NewReplacer("1", "l", "0", "o").Replace(code),
	} {
		if got, err := plaque.ParseCode(typed); err != nil || got != code {
			t.Errorf("%s %q: %q %v", name, typed, got, err)
		}
	}
	for typed, want := range map[string]string{
		"": "plaque.code.shape", code[1:]: "plaque.code.shape", code + "1": "plaque.code.shape", strings.Repeat("A", 1<<20): "plaque.code.shape",
		"U" + code[1:]: "plaque.code.sign", "\x00": "plaque.code.sign", "核验": "plaque.code.sign", "\xff": "plaque.code.sign",
	} {
		if _, err := plaque.ParseCode(typed); fault.CodeOf(err) != want {
			t.Errorf("%.20q: %v", typed, err)
		}
	}
	if plaque.Grouped("ABC") != "ABC" {
		t.Error("a short one is grouped")
	}
}

func wide(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}
