package casework_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/sheet"
	"shifan/internal/testkit"
)

// scattered is a round with applications at many steps: a draft, one withdrawn, one that
// waits for the office, one in review, one at the meeting, one named and one that the
// committee's yes brought to the publicity.
func scattered(w *testkit.World) (key id.Round, all map[string]id.Application) {
	w.Helper()
	key, all = w.OpenRound(), map[string]id.Application{}
	all["draft"] = w.Drafted(key)
	all["withdrawn"] = w.Submitted(key)
	all["submitted"] = w.Submitted(key)
	for _, name := range []string{"review", "meeting", "publicity", "named"} {
		all[name] = w.Accepted(key)
	}
	if err := w.Desk.WithdrawApplication(w.Context(), w.ApplicantOf(w.ApplicationOf(all["withdrawn"]).Organisation), all["withdrawn"]); err != nil {
		w.Fatal(err)
	}
	w.At("2021-07-12")
	for _, name := range []string{"meeting", "publicity", "named"} {
		w.Reviewed(all[name])
		w.Visited(all[name])
	}
	w.Decided(key, all["named"])
	w.Cleared(all["named"])
	w.Named(all["named"])
	w.Decided(key, all["publicity"])
	return key, all
}

func TestRoundStatistics(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key, all := scattered(w)
	office := w.Office()
	v, err := w.Desk.RoundStatistics(t.Context(), office.Clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ In, Out, Ended, Waiting int }
	got := map[string]row{}
	for _, s := range v.Steps {
		got[s.Code] = row{s.In, s.Out, s.Ends(), s.Waiting}
	}
	want := map[string]row{
		"draft": {7, 6, 1, 0}, "intake": {6, 4, 1, 1}, "review": {4, 3, 0, 1}, "visit": {3, 3, 0, 0}, "meeting": {3, 2, 0, 1}, "publicity": {2, 1, 0, 1}, "naming": {1, 1, 0, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(v.Wrong) > 0 {
		t.Errorf("%v %s", v.Wrong, diff)
	}
	of, err := w.Desk.Round(t.Context(), office.Clerk, key)
	if f := of.Funnel; err != nil || f.Started != v.Total.Started || f.Received != v.Total.Received || f.Accepted != v.Total.Accepted || f.Named != v.Total.Named {
		t.Errorf("the round's own funnel differs: %+v, %+v, %v", of.Funnel, v.Total, err)
	}
	for name, lines := range map[string][]statistic.Line{"categories": v.Categories, "regions": v.Regions, "levels": v.Levels} {
		sum := statistic.Total(lines)
		sum.Word = v.Total.Word
		if diff := cmp.Diff(v.Total, sum); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if len(v.Regions) != 1 || v.Regions[0].Code != "220000" || v.Levels[0].Word != "省级" {
		t.Errorf("regions %v, levels %v", v.Regions, v.Levels)
	}
	spans := map[string]statistic.Span{}
	for _, s := range v.Spans {
		spans[s.Stage] = s
	}
	if s := spans["review"]; s.Done != 3 || s.Waiting != 1 || s.Limited != 3 {
		t.Errorf("review: %+v", s)
	}
	if s := spans["meeting"]; s.Done != 2 || s.Waiting != 1 {
		t.Errorf("meeting: %+v", s)
	}
	if spans["publicity"].Done != 1 || spans["publicity"].Waiting != 1 || spans["naming"].Done != 1 || spans["visit"].Done != 3 || spans["intake"].Waiting != 1 || spans["intake"].Done != 4 {
		t.Errorf("got %+v", spans)
	}
	if n := len(v.Criteria); n == 0 || v.Criteria[0].Judged != 3 {
		t.Errorf("%d criteria", n)
	}
	reckonsAsShown(w, office.Clerk, key, v)
	whoSeesStatistics(w, key, all)
}

// reckonsAsShown holds each figure of a view that its viewer may follow against its list.
func reckonsAsShown(w *testkit.World, by stage.Actor, key id.Round, v casework.StatisticsView) {
	w.Helper()
	n := 0
	for _, c := range testkit.Figures(v) {
		if !c.Listed(by.Role) {
			continue
		}
		n++
		if l, err := w.Desk.Reckoned(w.Context(), by, key, c.Figure, 0, 1000); err != nil || l.Total != c.N || len(l.Rows) != c.N {
			w.Errorf("%+v counts %d and lists %d: %v", c.Figure, c.N, len(l.Rows), err)
		}
	}
	if n < 40 {
		w.Errorf("only %d figures", n)
	}
}

// whoSeesStatistics looks at the same round as others: who has an interest counts without
// what it is in, and the numbers still come out.
func whoSeesStatistics(w *testkit.World, key id.Round, all map[string]id.Application) {
	w.Helper()
	tied := w.Person("有关系的经办人", stage.Clerk)
	if err := declare(w, tied, casework.NewTie{Organisation: w.ApplicationOf(all["meeting"]).Name, Kind: "kin", Reason: "配偶任副会长"}); err != nil {
		w.Fatal(err)
	}
	v, err := w.Desk.RoundStatistics(w.Context(), tied, key)
	if err != nil || v.Hidden != 1 || v.Total.Started != 6 || len(v.Wrong) > 0 {
		w.Errorf("with an interest: %+v %v %v", v.Total, v.Wrong, err)
	}
	reckonsAsShown(w, tied, key, v)
	o, err := w.Desk.Statistics(w.Context(), tied, "", "")
	if err != nil || o.Hidden != 1 || len(o.Years) != 1 || o.Years[0].Started != 6 || len(o.Years[0].Wrong) > 0 {
		w.Errorf("over the years: %+v %v", o.Years, err)
	}
	if o, err = w.Desk.Statistics(w.Context(), w.Person("审计", stage.Auditor), "", ""); err != nil {
		w.Fatal(err)
	}
	var b bytes.Buffer
	if err := o.WriteXLSX(&b); err != nil {
		w.Fatal(err)
	}
	book, err := sheet.Open(b.Bytes())
	if err != nil {
		w.Fatal(err)
	}
	lines := map[string][]string{}
	for _, one := range book.Sheets {
		for r, err := range one.Rows() {
			if err != nil {
				w.Fatal(err)
			}
			lines[one.Name] = append(lines[one.Name], strings.Join(r.Cells, "|"))
		}
	}
	if years := lines["历年"]; len(years) != 2 || years[1] != "2021年度|7|6|4|1|4|1|16.6%" {
		w.Errorf("the workbook has the years %q", years)
	}
	if ahead := lines["有效期到期"]; !slices.Contains(ahead, "合计|1") || !slices.Contains(ahead, "2024年第3季度|1") {
		w.Errorf("the workbook has what runs out %q", ahead)
	}
	if err != nil || o.Hidden != 0 || o.Years[0].Named != 1 || o.Ahead.All() != 1 || len(o.Years[0].Wrong) > 0 {
		w.Errorf("an auditor: %+v %+v %v", o.Years, o.Ahead, err)
	}
	for name, by := range map[string]stage.Actor{
		"another programme's clerk": {Role: stage.Clerk, Programme: "other", Account: "acc_x"}, "an applicant": w.ApplicantOf(w.ApplicationOf(all["named"]).Organisation),
		"an assessor": w.Team()[0], "nobody": stage.Anyone,
	} {
		if _, err := w.Desk.RoundStatistics(w.Context(), by, key); fault.KindOf(err) != fault.NotFound {
			w.Errorf("%s: %v", name, err)
		}
		if o, err := w.Desk.Statistics(w.Context(), by, "", ""); fault.KindOf(err) != fault.NotFound && len(o.Years) > 0 {
			w.Errorf("%s over the years: %v", name, err)
		}
	}
}
