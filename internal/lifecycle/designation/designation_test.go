package designation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	chair     = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	clerk     = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director  = stage.Actor{Account: "acc_director", Role: stage.Director}
	applicant = stage.Actor{Account: "acc_holder", Role: stage.Applicant, Organisation: "org_1"}
	day       = calendar.MustDate
)

// prog is the programme of the notice: three years from the naming document, a
// recheck every three years that renews.
func prog() *programme.Programme {
	return &programme.Programme{
		Name: "base", Validity: programme.Validity{Years: 3, From: "naming", Policy: calendar.Anniversary},
		Recheck: programme.Recheck{EveryYears: 3, Effect: "renew", Anchor: "designation"}, Abolition: "keep_until_expiry",
	}
}

func award(on string) designation.Award {
	return designation.Award{
		ID: "dsg_1", Round: "rnd_1", Application: "app_1", Organisation: "org_1", Naming: "nam_1",
		Number: "2021-007", Name: "吉林省𠮷松协会", NamedOn: day(on),
	}
}

func named(t *testing.T, on string, p *programme.Programme) *designation.Designation {
	t.Helper()
	d, m, err := designation.New(director, award(on), p, day(on).Start().Add(10*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if m.Act != "name" || m.From != "" || m.To != designation.Valid || m.Basis == "" {
		t.Errorf("the move of a naming: %+v", m)
	}
	return d
}

// TestNewRunsAsTheProgrammeSays: the first and last valid day and the recheck's
// day for each setting, month ends and 29 February included (S15, facts.md §2.5).
func TestNewRunsAsTheProgrammeSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, on        string
		change          func(*programme.Programme)
		from, last, due string
	}{
		{"three years from the document", "2021-09-15", nil, "2021-09-15", "2024-09-15", "2024-09-14"},
		{"from 29 February", "2024-02-29", nil, "2024-02-29", "2027-02-28", "2027-02-27"},
		{"four years from 29 February", "2024-02-29", func(p *programme.Programme) { p.Validity.Years = 4 }, "2024-02-29", "2028-02-29", "2027-02-28"},
		{"from 28 February towards a leap year", "2025-02-28", nil, "2025-02-28", "2028-02-28", "2028-02-27"},
		{"from a month's end", "2021-08-31", nil, "2021-08-31", "2024-08-31", "2024-08-30"},
		{"by calendar years", "2021-09-15", func(p *programme.Programme) { p.Validity.Policy = calendar.CalendarYear }, "2022-01-01", "2024-12-31", "2024-12-30"},
		{"by calendar years, named on the last day", "2021-12-31", func(p *programme.Programme) { p.Validity.Policy = calendar.CalendarYear }, "2022-01-01", "2024-12-31", "2024-12-30"},
		{"by calendar years, named on the first day", "2022-01-01", func(p *programme.Programme) { p.Validity.Policy = calendar.CalendarYear }, "2023-01-01", "2025-12-31", "2025-12-30"},
		{"from 1 January after", "2021-09-15", func(p *programme.Programme) { p.Validity.From = "january" }, "2022-01-01", "2025-01-01", "2024-12-31"},
		{"from 1 January by calendar years counts it once", "2021-09-15", func(p *programme.Programme) { p.Validity.From, p.Validity.Policy = "january", calendar.CalendarYear }, "2022-01-01", "2024-12-31", "2024-12-30"},
		{"from the plaque: from the naming until it is handed over", "2021-09-15", func(p *programme.Programme) { p.Validity.From = "plaque" }, "2021-09-15", "2024-09-15", "2024-09-14"},
		{"without end", "2021-09-15", func(p *programme.Programme) { p.Validity.Years = 0 }, "2021-09-15", "", "2024-09-15"},
		{"no recheck", "2021-09-15", func(p *programme.Programme) { p.Recheck.EveryYears = 0 }, "2021-09-15", "2024-09-15", ""},
		{"a recheck every two years", "2021-09-15", func(p *programme.Programme) { p.Recheck.EveryYears = 2 }, "2021-09-15", "2024-09-15", "2023-09-15"},
		{"all titles at once", "2021-09-15", func(p *programme.Programme) { p.Recheck.EveryYears, p.Recheck.Anchor = 2, "programme" }, "2021-09-15", "2024-09-15", "2022-12-31"},
		{"all titles at once, too late for this one", "2021-09-15", func(p *programme.Programme) { p.Recheck.EveryYears, p.Recheck.Anchor = 5, "programme" }, "2021-09-15", "2024-09-15", "2024-09-14"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := prog()
			if tt.change != nil {
				tt.change(p)
			}
			d := named(t, tt.on, p)
			got := []string{d.ValidFrom.String(), d.ValidTo.String(), d.RecheckDue.String()}
			if diff := cmp.Diff([]string{tt.from, tt.last, tt.due}, got); diff != "" {
				t.Error(diff)
			}
			if d.State != designation.Valid || len(d.History) != 1 || d.History[0].Act != "name" {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestNewNeedsANamingDocument(t *testing.T) {
	t.Parallel()
	now := day("2021-09-15").Start()
	for name, change := range map[string]func(*designation.Award){
		"no date":   func(a *designation.Award) { a.NamedOn = calendar.Date{} },
		"tomorrow":  func(a *designation.Award) { a.NamedOn = day("2021-09-16") },
		"no name":   func(a *designation.Award) { a.Name = "" },
		"no number": func(a *designation.Award) { a.Number = "" },
	} {
		a := award("2021-09-15")
		change(&a)
		if _, _, err := designation.New(director, a, prog(), now); fault.CodeOf(err) != "designation.name.not_named" {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := prog()
	p.Validity.Policy = "forever"
	if _, _, err := designation.New(director, award("2021-09-15"), p, now); fault.CodeOf(err) != "calendar.validity.policy" {
		t.Errorf("an unknown policy: %v", err)
	}
}

// TestExpire: at 24:00 of the last valid day and not a moment before.
func TestExpire(t *testing.T) {
	t.Parallel()
	d := named(t, "2021-09-15", prog())
	end := day("2024-09-16").Start()
	if _, err := d.Expire(stage.TheClock, end.Add(-time.Nanosecond)); fault.CodeOf(err) != "designation.expire.early" || !d.Live() {
		t.Errorf("a moment early: %v", err)
	}
	if _, err := d.Expire(clerk, end); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("by a clerk: %v", err)
	}
	if m, err := d.Expire(stage.TheClock, end); err != nil || m.To != designation.Expired || d.EndedOn != day("2024-09-15") {
		t.Errorf("at 24:00: %+v %v", d, err)
	}
	if _, err := d.Expire(stage.TheClock, end); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("twice: %v", err)
	}
	p := prog()
	p.Validity.Years = 0
	if _, err := named(t, "2021-09-15", p).Expire(stage.TheClock, end); fault.CodeOf(err) != "designation.expire.endless" {
		t.Errorf("one without end: %v", err)
	}
}

// TestPass: what a passed recheck does under each setting (S68).
func TestPass(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		change    func(*programme.Programme)
		last, due string
		renewed   bool
		act       string
	}{
		{"renews", nil, "2027-09-15", "2027-09-14", true, "renew"},
		{"renews by default", func(p *programme.Programme) { p.Recheck.Effect = "" }, "2027-09-15", "2027-09-14", true, "renew"},
		{"keeps until expiry", func(p *programme.Programme) { p.Recheck.Effect = "keep" }, "2024-09-15", "", false, "keep"},
		{"expires and applies again", func(p *programme.Programme) { p.Recheck.Effect = "expire_and_reapply" }, "2024-09-15", "", false, "keep"},
		{"keeps, and looks again before the end", func(p *programme.Programme) { p.Recheck.Effect, p.Recheck.EveryYears = "keep", 1 }, "2024-09-15", "2023-09-15", false, "keep"},
		{"renews calendar years", func(p *programme.Programme) { p.Validity.Policy = calendar.CalendarYear }, "2027-12-31", "2027-12-30", true, "renew"},
		{"without end", func(p *programme.Programme) { p.Validity.Years = 0 }, "", "2027-09-15", false, "renew"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := prog()
			if tt.change != nil {
				tt.change(p)
			}
			d := named(t, "2021-09-15", p)
			m, err := d.Pass(chair, "rck_1", p, day("2022-09-10").Start())
			if err != nil || m.Act != tt.act || d.ValidTo.String() != tt.last || d.RecheckDue.String() != tt.due || (len(d.Renewals) == 1) != tt.renewed {
				t.Errorf("%v %+v", err, d)
			}
		})
	}
	t.Run("the renewal has no gap and no overlap", func(t *testing.T) {
		t.Parallel()
		d := named(t, "2021-09-15", prog())
		if _, err := d.Pass(chair, "rck_1", prog(), day("2024-09-15").End().Add(-1)); err != nil {
			t.Fatal(err)
		}
		want := []designation.Renewal{{On: day("2024-09-15"), From: day("2024-09-16"), To: day("2027-09-15"), Recheck: "rck_1"}}
		if diff := cmp.Diff(want, d.Renewals); diff != "" {
			t.Error(diff)
		}
		if first := d.NamedTo(); first != day("2024-09-15") {
			t.Errorf("named until %s", first)
		}
	})
	t.Run("not after the last day", func(t *testing.T) {
		t.Parallel()
		d := named(t, "2021-09-15", prog())
		if _, err := d.Pass(chair, "rck_1", prog(), day("2024-09-15").End()); fault.CodeOf(err) != "designation.pass.over" || len(d.Renewals) != 0 {
			t.Errorf("%v %+v", err, d)
		}
	})
	t.Run("not under an order", func(t *testing.T) {
		t.Parallel()
		d := named(t, "2021-09-15", prog())
		if _, err := d.OrderRectification(chair, day("2022-01-01").Start()); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Pass(chair, "rck_1", prog(), day("2022-01-02").Start()); fault.CodeOf(err) != "stage.not_allowed" {
			t.Error(err)
		}
	})
}

func TestStartFromThePlaque(t *testing.T) {
	t.Parallel()
	p := prog()
	d := named(t, "2021-09-15", p)
	now := day("2021-11-01").Start()
	if _, err := d.Start(clerk, day("2021-10-29"), p, now); fault.CodeOf(err) != "designation.start.policy" {
		t.Errorf("where the document counts: %v", err)
	}
	p.Validity.From = "plaque"
	if _, err := d.Start(clerk, day("2021-10-29"), p, now); err != nil || d.ValidFrom != day("2021-10-29") || d.ValidTo != day("2024-10-29") || d.NamedOn != day("2021-09-15") {
		t.Errorf("%v %+v", err, d)
	}
}

// TestEveryEnd: who may end a title, how, and what is written (S73).
func TestEveryEnd(t *testing.T) {
	t.Parallel()
	now := day("2022-03-09").Start().Add(9 * time.Hour)
	gone := designation.Holder{EndedOn: day("2022-03-01"), Word: "已注销"}
	merged := designation.Holder{EndedOn: day("2022-03-01"), Word: "已合并或者分立", Successor: "org_2"}
	abolished := prog()
	abolished.Abolition = "end_at_once"
	for _, tt := range []struct {
		name string
		do   func(*designation.Designation) (stage.Move, error)
		code string
		to   stage.State
		on   string
	}{
		{"revoked", func(d *designation.Designation) (stage.Move, error) {
			return d.Revoke(chair, "整改效果不明显", now)
		}, "", designation.Revoked, "2022-03-09"},
		{"revoked without a reason", func(d *designation.Designation) (stage.Move, error) { return d.Revoke(chair, "　", now) }, "designation.reason", "", ""},
		{"revoked by a clerk", func(d *designation.Designation) (stage.Move, error) {
			return d.Revoke(clerk, "整改效果不明显", now)
		}, "stage.not_allowed", "", ""},
		{"returned", func(d *designation.Designation) (stage.Move, error) { return d.Return(applicant, "不再开展", now) }, "", designation.Returned, "2022-03-09"},
		{"returned with 1000 signs", func(d *designation.Designation) (stage.Move, error) {
			return d.Return(applicant, strings.Repeat("𠮷", 1000), now)
		}, "", designation.Returned, "2022-03-09"},
		{"returned with 1001 signs", func(d *designation.Designation) (stage.Move, error) {
			return d.Return(applicant, strings.Repeat("𠮷", 1001), now)
		}, "designation.reason", "", ""},
		{"returned with a NUL", func(d *designation.Designation) (stage.Move, error) { return d.Return(applicant, "不\x00再", now) }, "designation.reason", "", ""},
		{"returned by another", func(d *designation.Designation) (stage.Move, error) {
			return d.Return(stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, "不再开展", now)
		}, "thing.not_found", "", ""},
		{"dissolved", func(d *designation.Designation) (stage.Move, error) { return d.Dissolve(clerk, gone, "", now) }, "", designation.Dissolved, "2022-03-01"},
		{"dissolved while registered", func(d *designation.Designation) (stage.Move, error) {
			return d.Dissolve(clerk, designation.Holder{Registered: true}, "", now)
		}, "designation.dissolve.registered", "", ""},
		{"dissolved while a successor waits", func(d *designation.Designation) (stage.Move, error) { return d.Dissolve(clerk, merged, "", now) }, "designation.dissolve.succession", "", ""},
		{"dissolved after the committee said no", func(d *designation.Designation) (stage.Move, error) { return d.Dissolve(chair, merged, "itm_1", now) }, "", designation.Dissolved, "2022-03-01"},
		{"abolished", func(d *designation.Designation) (stage.Move, error) {
			return d.Abolish(stage.TheClock, abolished, programme.Abolished, day("2022-03-08"), now)
		}, "", designation.Abolished, "2022-03-08"},
		{"abolished while the programme lives", func(d *designation.Designation) (stage.Move, error) {
			return d.Abolish(stage.TheClock, abolished, programme.Active, day("2022-03-08"), now)
		}, "designation.abolish.kept", "", ""},
		{"abolished where titles are kept", func(d *designation.Designation) (stage.Move, error) {
			return d.Abolish(stage.TheClock, prog(), programme.Abolished, day("2022-03-08"), now)
		}, "designation.abolish.kept", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := named(t, "2021-09-15", prog())
			before := *d
			m, err := tt.do(d)
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code {
					t.Errorf("got %v, want %s", err, tt.code)
				}
				if diff := cmp.Diff(before, *d); diff != "" {
					t.Errorf("a refused act changed the title: %s", diff)
				}
				return
			}
			if err != nil || m.From != designation.Valid || m.To != tt.to || d.State != tt.to || d.EndedOn != day(tt.on) || d.Reason == "" || !d.ChangedAt.Equal(now) || !d.Ended() {
				t.Errorf("%v %+v %+v", err, m, d)
			}
			last := d.History[len(d.History)-1]
			if len(d.History) != 2 || last.To != tt.to || last.On != d.EndedOn {
				t.Errorf("history %+v", d.History)
			}
			if _, err := d.Return(applicant, "不再开展", now); fault.CodeOf(err) != "stage.not_allowed" {
				t.Errorf("given back after the end: %v", err)
			}
		})
	}
}

// TestSucceed: a successor holds a title of its own for the time that remains,
// and only by a decision (S73).
func TestSucceed(t *testing.T) {
	t.Parallel()
	now := day("2022-03-09").Start().Add(9 * time.Hour)
	merged := designation.Holder{EndedOn: day("2022-03-01"), Word: "已合并或者分立", Successor: "org_2"}
	to := designation.Award{ID: "dsg_2", Number: "2021-012", Name: "吉林省雪松联合会"}
	for name, tt := range map[string]struct {
		h    designation.Holder
		item string
		code string
	}{
		"no decision":    {merged, "", "designation.succeed.undecided"},
		"still there":    {designation.Holder{Registered: true}, "itm_1", "designation.succeed.no_successor"},
		"gone for good":  {designation.Holder{EndedOn: day("2022-03-01")}, "itm_1", "designation.succeed.no_successor"},
		"by the chair's": {merged, "itm_1", ""},
	} {
		d := named(t, "2021-09-15", prog())
		next, _, err := d.Succeed(chair, tt.h, to, id.Item(tt.item), now)
		if tt.code != "" {
			if fault.CodeOf(err) != tt.code || d.State != designation.Valid {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || d.State != designation.Succeeded || d.Successor != "dsg_2" {
			t.Fatalf("%s: %v %+v", name, err, d)
		}
		if next.Organisation != "org_2" || next.Name != to.Name || next.ValidFrom != day("2022-03-09") || next.ValidTo != day("2024-09-15") ||
			next.RecheckDue != day("2024-09-14") || next.Predecessor != "dsg_1" || next.State != designation.Valid || next.Application != "" {
			t.Errorf("%s: %+v", name, next)
		}
	}
	d := named(t, "2021-09-15", prog())
	if _, err := d.OrderRectification(chair, now); err != nil {
		t.Fatal(err)
	}
	next, _, err := d.Succeed(chair, merged, to, "itm_1", now)
	if err != nil || next.RecheckDue != day("2022-03-09") {
		t.Errorf("an order is left behind by merging: %v %+v", err, next)
	}
}

func TestReinstate(t *testing.T) {
	t.Parallel()
	now := day("2022-03-09").Start()
	d := named(t, "2021-09-15", prog())
	if _, err := d.OrderRectification(chair, now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Revoke(chair, "整改效果不明显", now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Reinstate(chair, now.AddDate(0, 1, 0)); err != nil || d.State != designation.Valid || !d.EndedOn.IsZero() || d.Reason != "" || d.ValidTo != day("2024-09-15") {
		t.Errorf("%v %+v", err, d)
	}
	acts := []string{}
	for _, c := range d.History {
		acts = append(acts, c.Act)
	}
	if diff := cmp.Diff([]string{"name", "order_rectification", "revoke", "reinstate"}, acts); diff != "" {
		t.Error(diff)
	}
	if _, err := d.Restore(chair, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("restored without an order: %v", err)
	}
}

func TestAnnotate(t *testing.T) {
	t.Parallel()
	d := named(t, "2021-09-15", prog())
	if _, err := d.Annotate(clerk, "联系过"); err != nil || d.Note != "联系过" {
		t.Error(err)
	}
	if _, err := d.Annotate(clerk, ""); err != nil || d.Note != "" {
		t.Errorf("cleared: %v", err)
	}
	if _, err := d.Annotate(clerk, strings.Repeat("长", 1001)); fault.CodeOf(err) != "designation.note" {
		t.Error(err)
	}
	if _, err := d.Annotate(applicant, "我"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
}

func TestNextNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		taken []string
		want  string
	}{
		{nil, "2026-001"},
		{[]string{"2026-001", "2026-006", "2026-002"}, "2026-007"},
		{[]string{"2026-999"}, "2026-1000"},
		{[]string{"2026-1000", "2026-999"}, "2026-1001"},
		{[]string{"旧匾3号", "2026-"}, "2026-001"},
	} {
		if got := designation.NextNumber(2026, tt.taken); got != tt.want {
			t.Errorf("after %v: %s, want %s", tt.taken, got, tt.want)
		}
	}
}

// TestADivisionIsDecidedOneByOne: each successor once, while there is time left; an order
// goes with each; the last refusal ends a title that nobody holds.
func TestADivisionIsDecidedOneByOne(t *testing.T) {
	t.Parallel()
	now := day("2022-03-09").Start()
	split := func(about id.Organisation) designation.Holder {
		return designation.Holder{EndedOn: day("2022-03-01"), Word: "已合并或者分立", Successor: about, Heirs: []id.Organisation{"org_2", "org_3", "org_4"}}
	}
	to := func(key id.Designation) designation.Award {
		return designation.Award{ID: key, Number: "2021-00" + string(key[4:]), Name: "新协会"}
	}
	d := named(t, "2021-09-15", prog())
	d.State = designation.Rectifying
	d.History = append(d.History, designation.Change{On: day("2022-02-01"), Act: "order_rectification", To: designation.Rectifying})
	refused := func(err error, code string) {
		t.Helper()
		if fault.CodeOf(err) != code {
			t.Errorf("%v, not %s", err, code)
		}
	}
	if _, err := d.Refuse(chair, split("org_3"), "itm_1", now); err != nil || d.State != designation.Rectifying {
		t.Fatal(err, d.State)
	}
	_, _, err := d.Succeed(chair, split("org_3"), to("dsg_3"), "itm_2", now)
	refused(err, "designation.succeed.decided")
	_, _, err = d.Succeed(chair, split("org_9"), to("dsg_9"), "itm_2", now)
	refused(err, "designation.succeed.no_successor")
	_, err = d.Refuse(chair, split("org_2"), "", now)
	refused(err, "designation.succeed.undecided")
	_, err = d.Refuse(clerk, split("org_2"), "itm_2", now)
	refused(err, "stage.not_allowed")
	for n, o := range []id.Organisation{"org_4", "org_2"} {
		key := id.Designation("dsg_" + string(o[4:]))
		next, _, err := d.Succeed(chair, split(o), to(key), "itm_2", now.AddDate(0, 0, n))
		if err != nil || next.Organisation != o || next.RecheckDue != day("2022-03-09").AddDays(n) || next.ValidTo != d.ValidTo {
			t.Fatalf("%+v %v", next, err)
		}
	}
	if d.State != designation.Succeeded || d.Successor != "dsg_4" || len(d.Heirs) != 3 || len(d.Open(split("").Heirs)) != 0 || d.EndedOn != day("2022-03-09") {
		t.Errorf("%+v", d)
	}
	late := named(t, "2021-09-15", prog())
	if _, _, err := late.Succeed(chair, split("org_2"), to("dsg_2"), "itm_1", now); err != nil {
		t.Fatal(err)
	}
	_, _, err = late.Succeed(chair, split("org_3"), to("dsg_3"), "itm_2", late.ValidTo.End())
	refused(err, "designation.succeed.lapsed")
	nobody := named(t, "2021-09-15", prog())
	for _, o := range split("").Heirs {
		if _, err := nobody.Refuse(chair, split(o), "itm_1", now); err != nil {
			t.Fatal(err)
		}
	}
	if nobody.State != designation.Dissolved || nobody.EndedOn != day("2022-03-01") {
		t.Errorf("%+v", nobody)
	}
}
