package organisation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
)

var (
	date      = calendar.MustDate
	now       = date("2021-06-01").Start().Add(9 * time.Hour)
	clerk     = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	applicant = stage.Actor{Account: "acc_applicant", Role: stage.Applicant}
)

func entry() organisation.Registration {
	return organisation.Registration{
		Code: "51220000MJ0000018T", Name: "吉林省𠮷林行业协会", Registrar: "吉林省民政厅", RegisteredOn: date("2010-03-01"),
	}
}

func registered(t *testing.T) *organisation.Organisation {
	t.Helper()
	o, m, err := organisation.Register(clerk, entry(), now)
	if err != nil || m.Act != "register" || o.Kind != "association" || o.State != organisation.Registered || o.Name() != "吉林省𠮷林行业协会" {
		t.Fatalf("got %v %v %v", o, m, err)
	}
	return o
}

func TestRegister(t *testing.T) {
	t.Parallel()
	registered(t)
	for name, tt := range map[string]struct {
		with func(*organisation.Registration)
		path string
	}{
		"no code":                   {func(r *organisation.Registration) { r.Code = "" }, "code"},
		"17 signs":                  {func(r *organisation.Registration) { r.Code = "51220000MJ0000018" }, "code"},
		"a company":                 {func(r *organisation.Registration) { r.Code = "91350100M000100Y43" }, "code"},
		"a mismatch":                {func(r *organisation.Registration) { r.Code = "51220000MJ0000081T" }, "code"},
		"a mismatch, no evidence":   {func(r *organisation.Registration) { r.Code = "51220000MJ0000081T"; r.Override.Reason = "早年赋码" }, "override"},
		"no name":                   {func(r *organisation.Registration) { r.Name = "" }, "name"},
		"NUL in a name":             {func(r *organisation.Registration) { r.Name = "吉林\x00" }, "name"},
		"a name of megabytes":       {func(r *organisation.Registration) { r.Name = strings.Repeat("协", 10<<20) }, "name"},
		"registered tomorrow":       {func(r *organisation.Registration) { r.RegisteredOn = date("2021-06-02") }, "registered_on"},
		"no date of registration":   {func(r *organisation.Registration) { r.RegisteredOn = calendar.Date{} }, "registered_on"},
		"a telephone of megabytes":  {func(r *organisation.Registration) { r.Contact = strings.Repeat("1", 1<<20) }, "contact"},
		"not even an old number":    {func(r *organisation.Registration) { r.Code, r.LegacyNumber = " ", "" }, "code"},
		"a bell in the legal head":  {func(r *organisation.Registration) { r.LegalHead = "甲\a" }, "legal_head"},
		"no registration authority": {func(r *organisation.Registration) { r.Registrar = "" }, "registrar"},
	} {
		in := entry()
		tt.with(&in)
		_, _, err := organisation.Register(clerk, in, now)
		if f, ok := err.(*fault.Fault); !ok || !slices.ContainsFunc(f.Fields, func(w fault.Field) bool { return w.Path == tt.path }) { //nolint:errorlint // returned bare
			t.Errorf("%s: got %v, want %s", name, err, tt.path)
		}
	}
	if _, _, err := organisation.Register(applicant, entry(), now); fault.CodeOf(err) != "organisation.register.role" {
		t.Errorf("an applicant: %v", err)
	}
}

func TestRegisterOverride(t *testing.T) {
	t.Parallel()
	in := entry()
	in.Code, in.Override = "51220000MJ0000081T", organisation.Override{Reason: "早年赋码", Evidence: "登记证书原件"}
	o, _, err := organisation.Register(clerk, in, now)
	if err != nil || o.Override.By != clerk.Account || !o.Override.At.Equal(now) || o.Override.Evidence == "" {
		t.Errorf("got %v %v", o, err)
	}
	in.Code = "51220000MI0000018T"
	if _, _, err := organisation.Register(clerk, in, now); fault.CodeOf(err) != "organisation.register.code" {
		t.Errorf("what is no code cannot be overridden: %v", err)
	}
	in = entry()
	in.Code, in.LegacyNumber = "", "吉社证字第0123号"
	if o, _, err := organisation.Register(clerk, in, now); err != nil || o.Code != "" {
		t.Errorf("an old number alone is kept: %v", err)
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	o := registered(t)
	if _, err := o.Rename(clerk, "吉林省云杉行业协会", date("2020-05-01"), now); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{
		"2009-01-01": "吉林省𠮷林行业协会", "2020-04-30": "吉林省𠮷林行业协会", "2020-05-01": "吉林省云杉行业协会", "2021-01-01": "吉林省云杉行业协会",
	} {
		if got := o.NameOn(date(day)); got != want {
			t.Errorf("%s: got %s", day, got)
		}
	}
	if o.Code != "51220000MJ0000018T" {
		t.Error("a rename keeps the code")
	}
	for code, do := range map[string]func() error{
		"organisation.rename.same":    func() error { _, err := o.Rename(clerk, o.Name(), date("2021-05-01"), now); return err },
		"organisation.rename.earlier": func() error { _, err := o.Rename(clerk, "新名", date("2020-05-01"), now); return err },
		"fact.date.future":            func() error { _, err := o.Rename(clerk, "新名", date("2021-06-02"), now); return err },
		"fact.text.empty":             func() error { _, err := o.Rename(clerk, " ", date("2021-05-01"), now); return err },
		"stage.not_allowed":           func() error { _, err := o.Rename(applicant, "新名", date("2021-05-01"), now); return err },
	} {
		if err := do(); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	if len(o.Names) != 2 {
		t.Error("a refused rename changed the names")
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		act, successor, code string
		by                   stage.Actor
	}{
		{"deregister", "", "", clerk},
		{"strike_off", "", "", clerk},
		{"merge", "org_b", "", clerk},
		{"merge", "", "organisation.merge.successor", clerk},
		{"merge", "org_a", "organisation.merge.successor", clerk},
		{"deregister", "org_b", "organisation.merge.successor", clerk},
		{"deregister", "", "stage.not_allowed", applicant},
	} {
		o := registered(t)
		o.ID = "org_a"
		_, err := o.End(tt.by, tt.act, date("2021-06-01"), id.Organisation(tt.successor), now)
		if code := fault.CodeOf(err); err == nil && tt.code != "" || err != nil && code != tt.code {
			t.Errorf("%s: got %v, want %s", tt.act, err, tt.code)
		}
		if (err == nil) == (o.State == organisation.Registered) {
			t.Errorf("%s: state is %s", tt.act, o.State)
		}
	}
	o := registered(t)
	if _, err := o.End(clerk, "deregister", date("2021-06-02"), "", now); fault.CodeOf(err) != "fact.date.future" {
		t.Errorf("an end to come: %v", err)
	}
	if _, err := o.End(clerk, "strike_off", date("2021-05-02"), "", now); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Edit(clerk, fact.Facts{}, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a struck-off organisation's facts stay: %v", err)
	}
	if _, err := o.Restore(clerk); err != nil || o.State != organisation.Registered || !o.EndedOn.IsZero() {
		t.Errorf("restored: %v %v", o, err)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	o := registered(t)
	passed := fact.Facts{Inspections: []fact.Inspection{{Year: 2020, Conclusion: fact.Passed}}}
	if _, err := o.Edit(applicant, passed, now); err != nil || o.Facts.Inspections[0].Source.Confirmed {
		t.Fatalf("declared: %v %v", o.Facts, err)
	}
	if _, err := o.Confirm(applicant, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("an applicant confirms itself: %v", err)
	}
	if _, err := o.Confirm(clerk, now); err != nil || !o.Facts.Inspections[0].Source.Confirmed || o.Facts.Inspections[0].Source.By != clerk.Account {
		t.Fatalf("confirmed: %v %v", o.Facts, err)
	}
	if _, err := o.Edit(applicant, fact.Facts{}, now); fault.CodeOf(err) != "organisation.edit.confirmed" || len(o.Facts.Inspections) != 1 {
		t.Errorf("an applicant takes a confirmed fact away: %v", err)
	}
	if _, err := o.Edit(clerk, fact.Facts{Inspections: []fact.Inspection{{Year: 2020, Conclusion: fact.Failed}}}, now); err != nil || !o.Facts.Inspections[0].Source.Confirmed {
		t.Errorf("the office writes: %v %v", o.Facts, err)
	}
	if _, err := o.Edit(clerk, fact.Facts{Inspections: []fact.Inspection{{Year: 2050, Conclusion: fact.Failed}}}, now); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a year to come: %v", err)
	}
}

func TestEditParty(t *testing.T) {
	t.Parallel()
	o := registered(t)
	b := party.Body{Name: "支部委员会", Form: party.Branch, FoundedOn: date("2015-05-16"), Members: 11}
	was := party.Body{}
	if _, err := o.EditParty(applicant, &was, &b, now); err != nil || b.Source.Confirmed {
		t.Fatalf("declared: %v", err)
	}
	c := b
	if _, err := o.EditParty(clerk, &b, &c, now); err != nil || !c.Source.Confirmed {
		t.Fatalf("confirmed: %v", err)
	}
	if _, err := o.EditParty(applicant, &c, &b, now); fault.CodeOf(err) != "organisation.edit.confirmed" {
		t.Errorf("an applicant changes what is confirmed: %v", err)
	}
	c.Form = "club"
	if _, err := o.EditParty(clerk, &b, &c, now); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no form: %v", err)
	}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	o := registered(t)
	if _, err := o.Rename(clerk, "吉林省云杉行业协会", date("2020-05-01"), now); err != nil {
		t.Fatal(err)
	}
	in := o.Amendment()
	in.LegalHead, in.RegisteredOn = "负责人乙", date("2020-04-30")
	if _, err := o.Amend(clerk, in, now); err != nil || o.LegalHead != "负责人乙" || o.Names[0].From != in.RegisteredOn || o.Amendment() != in {
		t.Fatalf("got %+v %v", o, err)
	}
	for name, tt := range map[string]struct {
		by   stage.Actor
		with func(*organisation.Amendment)
		code string
	}{
		"an applicant":               {applicant, func(*organisation.Amendment) {}, "stage.not_allowed"},
		"registered at its renaming": {clerk, func(a *organisation.Amendment) { a.RegisteredOn = date("2020-05-01") }, "organisation.amend.registered_on"},
		"registered tomorrow":        {clerk, func(a *organisation.Amendment) { a.RegisteredOn = date("2021-06-02") }, "input.several"},
		"no registrar":               {clerk, func(a *organisation.Amendment) { a.Registrar = "　" }, "fact.text.empty"},
		"a bell in the telephone":    {clerk, func(a *organisation.Amendment) { a.Contact = "1\a" }, "fact.text.bad"},
	} {
		a := in
		tt.with(&a)
		if _, err := o.Amend(tt.by, a, now); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
}

func TestEnterCode(t *testing.T) {
	t.Parallel()
	in := entry()
	in.Code, in.LegacyNumber = "", "吉社证字第0123号"
	o, _, err := organisation.Register(clerk, in, now)
	if err != nil {
		t.Fatal(err)
	}
	var none organisation.Override
	for _, tt := range []struct {
		by         stage.Actor
		typed      string
		override   organisation.Override
		code, want string
	}{
		{applicant, "51220000MJ0000018T", none, "stage.not_allowed", ""},
		{clerk, " ", none, "organisation.enter_code.empty", ""},
		{clerk, "51220000MJ0000081T", none, "organisation.register.code", ""},
		{clerk, "91350100M000100Y43", none, "organisation.register.not_social", ""},
		{clerk, "５１２２００００mj0000018t", none, "", "51220000MJ0000018T"},
		{clerk, "52220000MJ0000026J", none, "organisation.enter_code.known", "51220000MJ0000018T"},
	} {
		if _, err := o.EnterCode(tt.by, tt.typed, tt.override, now); (err != nil || tt.code != "") && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", tt.typed, err, tt.code)
		}
		if o.Code != tt.want {
			t.Errorf("%s: the code is %q", tt.typed, o.Code)
		}
	}
	if o.Kind != "association" {
		t.Errorf("the code tells the kind: %s", o.Kind)
	}
}
