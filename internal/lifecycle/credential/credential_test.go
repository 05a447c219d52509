package credential_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
)

var day = calendar.MustDate

// TestFollow: a title asks for a credential while it is held, for another when what
// the last one says changed, and for its end when it ends.
func TestFollow(t *testing.T) {
	t.Parallel()
	h := credential.Holder{Name: "甲协会", Code: "51220000MJ0000000A"}
	title := designation.Designation{State: designation.Valid, ValidFrom: day("2021-09-15"), ValidTo: day("2024-09-15")}
	last := credential.Credential{State: credential.Issued, Holder: h.Name, Code: h.Code, ValidFrom: title.ValidFrom, ValidTo: title.ValidTo}
	for name, c := range map[string]struct {
		change func(*designation.Designation, *credential.Holder)
		none   bool
		act    string
		issue  bool
	}{
		"named":                {none: true, issue: true},
		"nothing new":          {},
		"being put right":      {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Rectifying }},
		"renewed":              {change: func(d *designation.Designation, _ *credential.Holder) { d.ValidTo = day("2027-09-15") }, act: "replace", issue: true},
		"begins with a plaque": {change: func(d *designation.Designation, _ *credential.Holder) { d.ValidFrom = day("2021-10-01") }, act: "replace", issue: true},
		"a new name":           {change: func(_ *designation.Designation, h *credential.Holder) { h.Name = "乙协会" }, act: "replace", issue: true},
		"a code entered":       {change: func(_ *designation.Designation, h *credential.Holder) { h.Code = "51220000MJ0000001B" }, act: "replace", issue: true},
		"expired":              {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Expired }, act: "expire"},
		"revoked":              {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Revoked }, act: "revoke"},
		"given back":           {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Returned }, act: "revoke"},
		"dissolved":            {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Dissolved }, act: "revoke"},
		"ended without one":    {none: true, change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Revoked }},
		"abolished":            {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Abolished }, act: "revoke"},
		"a successor holds it": {change: func(d *designation.Designation, _ *credential.Holder) { d.State = designation.Succeeded }, act: "revoke"},
	} {
		d, who, l := title, h, &last
		if c.change != nil {
			c.change(&d, &who)
		}
		if c.none {
			l = nil
		}
		if act, issue := credential.Follow(&d, l, who); act != c.act || issue != c.issue {
			t.Errorf("%s: %q, %v; want %q, %v", name, act, issue, c.act, c.issue)
		}
	}
}

// TestEnd: the bit is set by what ends a credential before its time, and for good.
func TestEnd(t *testing.T) {
	t.Parallel()
	now := day("2022-01-01").Start()
	for act, bears := range map[string]bool{"replace": true, "revoke": true, "expire": false} {
		c := credential.Credential{State: credential.Issued}
		if c.Bears() {
			t.Error("the bit is set while it stands")
		}
		if _, err := c.End(stage.TheClock, act, now); err != nil || c.Bears() != bears || c.EndedAt != now {
			t.Errorf("%s: %+v, %v", act, c, err)
		}
		if _, err := c.End(stage.TheClock, "revoke", now); fault.KindOf(err) != fault.Refused {
			t.Errorf("ended twice: %v", err)
		}
	}
}

// TestTerm: from 0:00 of the first day to the last second of the last one (S15).
func TestTerm(t *testing.T) {
	t.Parallel()
	d := designation.Designation{ValidFrom: day("2021-09-15"), ValidTo: day("2024-09-15")}
	from, until := credential.Term(&d)
	if want := time.Date(2024, 9, 15, 23, 59, 59, 0, calendar.Zone); !from.Equal(d.ValidFrom.Start()) || !until.Equal(want) {
		t.Error(from, until)
	}
	d.ValidTo = calendar.Date{}
	if _, until = credential.Term(&d); !until.IsZero() {
		t.Error("a title without end ends")
	}
}

// TestKeys: only the operator's hand adds a key and retires it, once.
func TestKeys(t *testing.T) {
	t.Parallel()
	now := day("2022-01-01").Start()
	operator := stage.Actor{Role: stage.Operator}
	if _, _, err := credential.Add(stage.Actor{Role: stage.Clerk}, credential.Key{}, now); fault.CodeOf(err) != "credential.key.actor" {
		t.Error(err)
	}
	k, _, err := credential.Add(operator, credential.Key{ID: "did:web:a.example#1"}, now)
	if err != nil || k.State != credential.Signing || k.Since != now {
		t.Fatal(k, err)
	}
	if _, err := k.Retire(stage.Actor{Role: stage.Clerk}, now); fault.KindOf(err) != fault.Refused {
		t.Error(err)
	}
	if _, err := k.Retire(operator, now); err != nil || k.State != credential.Retired || k.RetiredAt != now {
		t.Error(k, err)
	}
	if _, err := k.Retire(operator, now); fault.KindOf(err) != fault.Refused {
		t.Error(err)
	}
}
