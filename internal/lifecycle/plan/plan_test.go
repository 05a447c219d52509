package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lot"
)

var (
	noon       = calendar.MustDate("2022-02-01").Start().Add(12 * time.Hour)
	clerk      = stage.Actor{Account: "clerk", Role: stage.Clerk}
	director   = stage.Actor{Account: "director", Role: stage.Director}
	chair      = stage.Actor{Account: "chair", Role: stage.Chair}
	scrutineer = stage.Actor{Account: "scrutineer", Role: stage.Scrutineer}
	found      = map[string]recheck.Finding{"1-1": {Then: "meets"}}
)

func title(key string, named, due, to string) plan.Known {
	date := func(s string) calendar.Date {
		if s == "" {
			return calendar.Date{}
		}
		return calendar.MustDate(s)
	}
	return plan.Known{
		Title: designation.Designation{ID: id.Designation(key), State: designation.Valid, Number: key, Name: "单位" + key, NamedOn: date(named), RecheckDue: date(due), ValidTo: date(to)},
		Rules: programme.Recheck{EveryYears: 3, LeadDays: 90}, AtNaming: found,
	}
}

func settings(r programme.Recheck) *programme.Programme {
	return &programme.Programme{Name: "base", Recheck: r}
}

// titles are n that may be drawn in 2022.
func titles(n int) (all []plan.Known) {
	for i := range n {
		all = append(all, title(fmt.Sprintf("dsg_%02d", i), "2021-09-15", "2024-09-14", "2024-09-14"))
	}
	return all
}

// TestDrafted lists what is due in the year, by its day, for this year and the next only.
func TestDrafted(t *testing.T) {
	t.Parallel()
	p := settings(programme.Recheck{EveryYears: 3})
	gone := title("gone", "2019-05-01", "2022-04-30", "2022-04-30")
	gone.Title.State = designation.Revoked
	all := []plan.Known{title("b", "2019-12-31", "2022-12-31", "2022-12-31"), title("a", "2019-01-02", "2022-01-01", "2022-01-01"), title("c", "2020-01-02", "2023-01-01", "2023-01-01"), gone}
	w, m, err := plan.Drafted(clerk, "pln_1", p, 2022, all, noon)
	if err != nil || m.To != plan.Draft || len(w.Due) != 2 || w.Due[0].Designation != "a" || w.Due[1].Designation != "b" {
		t.Fatalf("%v %+v", err, w.Due)
	}
	if w.Due[0].Depth != recheck.Desk || len(w.Due[0].Reasons) != 2 {
		t.Errorf("a recheck of the term is at least at the desk: %+v", w.Due[0])
	}
	for year, code := range map[int]string{2021: "plan.draft.year", 2022: "", 2023: "", 2024: "plan.draft.year"} {
		if _, _, err := plan.Drafted(clerk, "pln_1", p, year, all, noon); fault.CodeOf(err) != code && (code != "" || err != nil) {
			t.Errorf("%d: %v", year, err)
		}
	}
	if _, _, err := plan.Drafted(clerk, "pln_1", settings(programme.Recheck{}), 2022, all, noon); fault.CodeOf(err) != "plan.draft.nothing" {
		t.Errorf("a programme without rechecks and without a sample: %v", err)
	}
	if _, _, err := plan.Drafted(director, "pln_1", p, 2022, all, noon); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.Refused {
		t.Errorf("a director drafts: %v", err)
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    plan.Sample
		n    int
		want int
	}{
		{plan.Sample{}, 10, 0},
		{plan.Sample{Share: 10}, 0, 0},
		{plan.Sample{Share: 10}, 1, 1},
		{plan.Sample{Share: 10}, 10, 1},
		{plan.Sample{Share: 10}, 11, 2},
		{plan.Sample{Share: 100}, 7, 7},
		{plan.Sample{Number: 3}, 2, 2},
		{plan.Sample{Number: 3}, 3, 3},
		{plan.Sample{Number: 3}, 9, 3},
	} {
		if got := c.s.Size(c.n); got != c.want {
			t.Errorf("%+v of %d: %d, want %d", c.s, c.n, got, c.want)
		}
	}
}

func TestDrawable(t *testing.T) {
	t.Parallel()
	mending, late := title("a", "2021-09-15", "2024-09-14", "2024-09-14"), title("a", "2021-12-31", "2024-12-30", "2024-12-30")
	mending.Title.State = designation.Rectifying
	for name, c := range map[string]struct {
		k    plan.Known
		want bool
	}{
		"in force":                      {title("a", "2021-09-15", "2024-09-14", "2024-09-14"), true},
		"named on the last day before":  {late, true},
		"named on the first day of it":  {title("a", "2022-01-01", "2024-12-31", "2024-12-31"), false},
		"due on the last day of it":     {title("a", "2019-12-31", "2022-12-31", "2022-12-31"), false},
		"due on the first day after":    {title("a", "2020-01-01", "2023-01-01", "2023-01-01"), true},
		"ends before its last day":      {title("a", "2021-01-01", "", "2022-12-30"), false},
		"lasts to its last day":         {title("a", "2021-01-01", "", "2022-12-31"), true},
		"without an end":                {title("a", "2021-01-01", "", ""), true},
		"being put right":               {mending, false},
		"whose recheck is long overdue": {title("a", "2018-01-01", "2021-01-01", ""), false},
	} {
		if got := c.k.Drawable(2022); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestRisk: the deepest look that any fact asks for, with every reason stated.
func TestRisk(t *testing.T) {
	t.Parallel()
	on := func(day string) time.Time { return calendar.MustDate(day).Start() }
	event := func(day string, s stage.State) []trigger.Trigger {
		return []trigger.Trigger{{State: s, RaisedAt: on(day), Say: "年检不合格"}}
	}
	then := func(ratings ...string) map[string]recheck.Finding {
		all := map[string]recheck.Finding{}
		for n, r := range ratings {
			all[fmt.Sprint(n)] = recheck.Finding{Then: r}
		}
		return all
	}
	checked := []recheck.Recheck{{State: recheck.Passed, ConcludedAt: on("2021-06-01"), Findings: map[string]recheck.Finding{"1": {Then: "fails", Now: "meets"}}}}
	for name, c := range map[string]struct {
		k       plan.Known
		depth   string
		reasons int
		says    string
	}{
		"nothing":                             {plan.Known{AtNaming: then("meets")}, recheck.Light, 1, "没有复查事由"},
		"nothing was ever found":              {plan.Known{}, recheck.Desk, 1, "没有可以比较"},
		"met in part":                         {plan.Known{AtNaming: then("partly", "meets")}, recheck.Desk, 1, "命名时有1项指标部分达到"},
		"not met":                             {plan.Known{AtNaming: then("fails", "partly")}, recheck.Site, 2, "未达到"},
		"not met then, met since":             {plan.Known{AtNaming: then("fails"), Rechecks: checked}, recheck.Light, 1, "没有复查事由"},
		"an event on the first day before":    {plan.Known{AtNaming: then("meets"), Triggers: event("2021-01-01", trigger.Answered)}, recheck.Site, 1, "年检不合格"},
		"an event on the last day too early":  {plan.Known{AtNaming: then("meets"), Triggers: event("2020-12-31", trigger.Answered)}, recheck.Light, 1, ""},
		"an event that was taken back":        {plan.Known{AtNaming: then("meets"), Triggers: event("2022-01-02", trigger.Lapsed)}, recheck.Light, 1, ""},
		"put right before":                    {plan.Known{AtNaming: then("partly"), Orders: []rectification.Rectification{{State: rectification.Passed, OrderedAt: on("2020-03-04")}}}, recheck.Site, 2, "2020年3月4日曾责令限期整改"},
		"an order that ended with its ground": {plan.Known{AtNaming: then("meets"), Orders: []rectification.Rectification{{State: rectification.Ended}}}, recheck.Light, 1, ""},
	} {
		depth, reasons := c.k.Risk(2022)
		if depth != c.depth || len(reasons) != c.reasons || !strings.Contains(strings.Join(reasons, "；"), c.says) {
			t.Errorf("%s: %s %q", name, depth, reasons)
		}
	}
}

func reveal(side string) lot.Reveal {
	return lot.Reveal{Secret: "今天的秘密 " + side, Nonce: strings.Repeat("0f", 16)}
}

// drawn takes a plan with a sample of n titles through its draw.
func drawn(t *testing.T, s programme.Recheck, n int) plan.Plan {
	t.Helper()
	all := titles(n)
	w, _, err := plan.Drafted(clerk, "pln_1", settings(s), 2022, all, noon)
	do := func(_ stage.Move, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(stage.Move{}, err)
	do(w.Freeze(clerk, all, noon.Add(time.Hour), noon))
	for _, by := range []stage.Actor{clerk, chair, scrutineer} {
		do(w.Commit(by, "某人", draw.Commitment{Digest: reveal(string(by.Role)).Commitment()}, noon))
	}
	for _, by := range []stage.Actor{clerk, chair, scrutineer} {
		do(w.Reveal(by, reveal(string(by.Role)), noon))
	}
	do(w.Draw(clerk, noon))
	return w
}

// TestDrawnByLot: what is drawn is what anyone recomputes from what is published.
func TestDrawnByLot(t *testing.T) {
	t.Parallel()
	w := drawn(t, programme.Recheck{EveryYears: 3, SampleShare: 30}, 10)
	if w.State != plan.Drawn || len(w.Drawn) != 3 {
		t.Fatalf("%s, %d", w.State, len(w.Drawn))
	}
	report, err := lot.Verify(w.Published("基地").Bytes())
	if err != nil || len(report.Teams) != 1 || len(report.Teams[0].Members) != 3 {
		t.Fatalf("%v %+v", err, report.Teams)
	}
	for n, member := range report.Teams[0].Members {
		if member != lot.Key("member", w.Lot.Pool.ID, string(w.Drawn[n].Designation)) {
			t.Errorf("%d: the plan and the published draw differ", n)
		}
	}
}

// TestThreeSides: nobody reveals before all three committed, one a side, and the result
// waits for all.
func TestThreeSides(t *testing.T) {
	t.Parallel()
	all, s := titles(4), programme.Recheck{SampleNumber: 1}
	w, _, err := plan.Drafted(clerk, "pln_1", settings(s), 2022, all, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]time.Time{"now": noon, "after the year": calendar.MustDate("2023-01-01").Start()} {
		if _, err := w.Freeze(clerk, all, by, noon); fault.CodeOf(err) != "plan.freeze.reveal_by" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.Freeze(clerk, nil, noon.Add(time.Hour), noon); fault.CodeOf(err) != "plan.freeze.none" {
		t.Errorf("nothing to draw from: %v", err)
	}
	if _, err := w.Approve(director, len(all), noon); fault.CodeOf(err) != "plan.approve.sample" {
		t.Errorf("approved without the sample: %v", err)
	}
	if _, err := w.Freeze(clerk, all, noon.Add(time.Hour), noon); err != nil {
		t.Fatal(err)
	}
	commit := func(by stage.Actor) error {
		_, err := w.Commit(by, "某人", draw.Commitment{Digest: reveal(string(by.Role)).Commitment()}, noon)
		return err
	}
	if err := commit(clerk); err != nil {
		t.Fatal(err)
	}
	if err := commit(director); fault.CodeOf(err) != "draw.commit.side" {
		t.Errorf("the office twice: %v", err)
	}
	if err := commit(chair); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Reveal(clerk, reveal("clerk"), noon); fault.CodeOf(err) != "plan.reveal.few" {
		t.Errorf("revealed before the third: %v", err)
	}
	if err := commit(scrutineer); err != nil {
		t.Fatal(err)
	}
	if err := commit(scrutineer); fault.CodeOf(err) != "plan.commit.closed" {
		t.Errorf("after the third: %v", err)
	}
	if _, err := w.Draw(clerk, noon); fault.CodeOf(err) != "plan.draw.secret" {
		t.Errorf("drawn before the reveals: %v", err)
	}
	if _, err := w.Reveal(chair, reveal("clerk"), noon); fault.CodeOf(err) != "draw.reveal.differs" {
		t.Errorf("another secret: %v", err)
	}
	if _, err := w.Fail(director, "监督方没有到。", noon.Add(time.Hour-time.Second)); fault.CodeOf(err) != "draw.fail.early" {
		t.Errorf("failed too early: %v", err)
	}
	if _, err := w.Fail(director, "监督方没有到。", noon.Add(time.Hour)); err != nil || w.State != plan.Draft {
		t.Fatalf("%v %s", err, w.State)
	}
	first := w.Lot.Pool
	later := noon.Add(2 * time.Hour)
	if _, err := w.Freeze(clerk, all, later.Add(time.Hour), later); err != nil || w.Lot.Earlier == nil || len(w.Lot.Earlier.Missing) != 3 || w.Lot.Pool.ID == first.ID {
		t.Errorf("the second pool says which draw failed: %v %+v", err, w.Lot.Earlier)
	}
}

// TestApprove: somebody else approves; the sample is laid over the rest of the year.
func TestApprove(t *testing.T) {
	t.Parallel()
	w := drawn(t, programme.Recheck{SampleNumber: 3}, 9)
	if _, err := w.Approve(stage.Actor{Account: clerk.Account, Role: stage.Director}, 9, noon); fault.CodeOf(err) != "plan.approve.same_person" {
		t.Errorf("who drafted approves: %v", err)
	}
	if _, err := w.Approve(director, 9, noon); err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, c := range w.Drawn {
		days = append(days, c.OpensOn.String())
	}
	if got := strings.Join(days, " "); got != "2022-02-02 2022-05-13 2022-08-21" || w.NextOn.String() != days[0] {
		t.Errorf("%s, next %s", got, w.NextOn)
	}
	late := drawn(t, programme.Recheck{SampleNumber: 3}, 9)
	if _, err := late.Approve(director, 9, calendar.MustDate("2022-12-31").Start()); err != nil || late.Drawn[2].OpensOn.String() != "2022-12-31" {
		t.Errorf("approved on the last day: %v %s", err, late.Drawn[2].OpensOn)
	}
}

// TestStart: announced checks are the clock's, unannounced ones wait for somebody; each
// once, and not before its day.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		w := drawn(t, programme.Recheck{SampleNumber: 2, SampleSilent: silent}, 9)
		if _, err := w.Approve(director, 9, noon); err != nil {
			t.Fatal(err)
		}
		act, by, other, otherBy := "open", stage.TheClock, "begin", clerk
		if silent {
			act, by, other, otherBy = other, otherBy, act, by
		}
		first, second := w.Drawn[0], w.Drawn[1]
		today := first.OpensOn
		if got := len(w.DueNow(today)); got != map[bool]int{false: 1, true: 0}[silent] {
			t.Errorf("silent %v: the clock opens %d", silent, got)
		}
		if got := len(w.Waiting(today)); got != map[bool]int{false: 0, true: 1}[silent] {
			t.Errorf("silent %v: %d wait", silent, got)
		}
		if w.Public() == silent {
			t.Errorf("silent %v: public %v before it began", silent, w.Public())
		}
		if _, err := w.Start(otherBy, other, first.Designation, "rck_1", "", today.Start()); fault.CodeOf(err) != "plan.check.unknown" {
			t.Errorf("silent %v: started by the other: %v", silent, err)
		}
		if _, err := w.Start(by, act, second.Designation, "rck_2", "", second.OpensOn.Start().Add(-time.Second)); fault.CodeOf(err) != "plan.begin.early" {
			t.Errorf("silent %v: a second too early: %v", silent, err)
		}
		if _, err := w.Start(by, act, first.Designation, "rck_1", "", today.Start()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Start(by, act, first.Designation, "rck_3", "", today.Start()); fault.CodeOf(err) != "plan.check.unknown" {
			t.Errorf("silent %v: twice: %v", silent, err)
		}
		if _, err := w.Start(by, act, second.Designation, "", "称号已终止", second.OpensOn.Start()); err != nil || !w.Public() {
			t.Errorf("silent %v: %v, public %v when all began", silent, err, w.Public())
		}
	}
}

// TestDeepen: with a reason, for a check that is in the plan; never less than at the desk
// for a recheck of the term.
func TestDeepen(t *testing.T) {
	t.Parallel()
	w, _, err := plan.Drafted(clerk, "pln_1", settings(programme.Recheck{EveryYears: 3}), 2022, []plan.Known{title("a", "2019-09-15", "2022-09-14", "2022-09-14")}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key    id.Designation
		depth  string
		reason string
		code   string
	}{
		"not in it":   {"b", recheck.Site, "有举报。", "plan.check.unknown"},
		"too light":   {"a", recheck.Light, "有举报。", "plan.check.depth"},
		"no depth":    {"a", "deep", "有举报。", "plan.check.depth"},
		"no reason":   {"a", recheck.Site, " ", "review.text"},
		"as it ought": {"a", recheck.Site, "有举报。", ""},
	} {
		_, err := w.Deepen(clerk, c.key, c.depth, c.reason)
		if got := fault.CodeOf(err); c.code == "" && err != nil || c.code != "" && got != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, due := w.Find("a"); !due || c.Depth != recheck.Site || !c.Set || c.Reasons[0] != "有举报。" {
		t.Errorf("%+v", c)
	}
}

// TestEnd: a plan ends when its year is over, not a second before; one that nobody
// approved lapses.
func TestEnd(t *testing.T) {
	t.Parallel()
	w := drawn(t, programme.Recheck{SampleNumber: 1, SampleSilent: true}, 3)
	over := calendar.MustDate("2023-01-01").Start()
	waiting := w
	if _, err := w.Approve(director, 3, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := w.End(stage.TheClock, over.Add(-time.Second)); fault.CodeOf(err) != "plan.close.early" {
		t.Errorf("a second early: %v", err)
	}
	if _, err := w.End(stage.TheClock, over); err != nil || w.State != plan.Closed || w.Drawn[0].Missed == "" || !w.NextOn.IsZero() {
		t.Errorf("%v %+v", err, w.Drawn[0])
	}
	if _, err := waiting.End(stage.TheClock, over); err != nil || waiting.State != plan.Lapsed || waiting.Public() {
		t.Errorf("%v %s", err, waiting.State)
	}
}

// TestCovered: who has a recheck already needs none of its own; who is gone or is being
// put right has none.
func TestCovered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		title stage.State
		check stage.State
		open  id.Recheck
		says  bool
	}{
		"none":          {title: designation.Valid},
		"one is due":    {title: designation.Valid, check: recheck.Due, open: "rck_1"},
		"one waits":     {title: designation.Valid, check: recheck.Reported, open: "rck_1"},
		"one is over":   {title: designation.Valid, check: recheck.Passed},
		"put right now": {title: designation.Rectifying, check: recheck.Slipped, says: true},
		"gone":          {title: designation.Expired, says: true},
	} {
		var all []recheck.Recheck
		if c.check != "" {
			all = append(all, recheck.Recheck{ID: "rck_1", State: c.check})
		}
		open, missed := plan.Covered(designation.Designation{State: c.title}, all)
		if open != c.open || (missed != "") != c.says {
			t.Errorf("%s: %q %q", name, open, missed)
		}
	}
}
