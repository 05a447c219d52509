package naming_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
	chair    = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	day      = calendar.MustDate
	now      = day("2021-09-15").Start().Add(10 * time.Hour)
)

func ready(n int) naming.Candidate {
	return naming.Candidate{
		Application: id.Application(fmt.Sprintf("app_%d", n)), Organisation: id.Organisation(fmt.Sprintf("org_%d", n)),
		Name: fmt.Sprintf("吉林省第%d协会", n), Present: fmt.Sprintf("吉林省第%d协会", n), Selected: true,
		Decision: "itm_1", DecidedOn: day("2021-08-30"), Required: 5, Served: 5, Known: true, ServedTo: day("2021-09-08"), Registered: true,
	}
}

func facts(all ...naming.Candidate) naming.Facts {
	return naming.Facts{Programme: &programme.Programme{
		Name: "base", Naming: programme.Naming{Split: true, Releases: 2, Numbers: "吉社联党发"},
	}, Candidates: all, Year: 2021}
}

func plan(list ...id.Application) naming.Plan {
	return naming.Plan{Title: "关于命名2021年度党建创新示范基地的通知", Addressees: "各社会组织党组织", List: list}
}

func drafted(t *testing.T, f naming.Facts, list ...id.Application) *naming.Naming {
	t.Helper()
	n, m, err := naming.Draft(clerk, "rnd_1", plan(list...), f, now)
	if err != nil || m.Act != "draft" || m.Basis == "" {
		t.Fatal(m, err)
	}
	n.ID = "nam_1"
	return n
}

// TestGate: each condition alone keeps a candidate from being named (S58).
func TestGate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*naming.Candidate)
		code   string // of the check that fails; "" when it is ready
	}{
		{"all days served, nobody objects", func(*naming.Candidate) {}, ""},
		{"more days than needed", func(c *naming.Candidate) { c.Served = 9 }, ""},
		{"a day short", func(c *naming.Candidate) { c.Served = 4 }, "days"},
		{"never publicised", func(c *naming.Candidate) { c.Required, c.Served = 0, 0 }, "days"},
		{"in a year without an arrangement", func(c *naming.Candidate) { c.Known = false }, "days"},
		{"an open objection", func(c *naming.Candidate) { c.Open = 1 }, "objections"},
		{"a founded objection", func(c *naming.Candidate) { c.Upheld = true }, "objections"},
		{"no decision", func(c *naming.Candidate) { c.Decision = "" }, "decision"},
		{"no longer registered", func(c *naming.Candidate) { c.Registered = false }, "registration"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := ready(1)
			tt.change(&c)
			failed := ""
			for _, k := range c.Checks() {
				if k.Word == "" || k.Say == "" {
					t.Errorf("%s says nothing", k.Code)
				}
				if !k.Passed {
					failed = k.Code
				}
			}
			if failed != tt.code || c.Ready() != (tt.code == "") {
				t.Errorf("fails at %q, ready %v", failed, c.Ready())
			}
			_, _, err := naming.Draft(clerk, "rnd_1", plan("app_1"), facts(c), now)
			if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != "naming.gate" {
				t.Error(err)
			}
		})
	}
	c := ready(1)
	c.Selected = false
	if _, _, err := naming.Draft(clerk, "rnd_1", plan("app_1"), facts(c), now); fault.CodeOf(err) != "naming.gate" {
		t.Errorf("one that the clock has not cleared: %v", err)
	}
}

// TestSplit: those without an objection go first, or all wait, as the programme
// says (S58).
func TestSplit(t *testing.T) {
	t.Parallel()
	held := ready(2)
	held.Open, held.Selected = 1, false
	for name, tt := range map[string]struct {
		split bool
		all   []naming.Candidate
		code  string
	}{
		"others may go first":  {true, []naming.Candidate{ready(1), held}, ""},
		"all wait":             {false, []naming.Candidate{ready(1), held}, "naming.gate.split"},
		"nobody left to wait":  {false, []naming.Candidate{ready(1)}, ""},
		"one ready is missing": {false, []naming.Candidate{ready(1), ready(3)}, "naming.gate.left_out"},
		"one ready may follow": {true, []naming.Candidate{ready(1), ready(3)}, ""},
	} {
		f := facts(tt.all...)
		f.Programme.Naming.Split = tt.split
		_, _, err := naming.Draft(clerk, "rnd_1", plan("app_1"), f, now)
		if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDraftRefusesBadInput(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*naming.Plan)
		code   string
	}{
		"no title":            {func(p *naming.Plan) { p.Title = " " }, "naming.title"},
		"200 signs":           {func(p *naming.Plan) { p.Title = strings.Repeat("𠮷", 200) }, ""},
		"201 signs":           {func(p *naming.Plan) { p.Title = strings.Repeat("𠮷", 201) }, "naming.title"},
		"a title on 2 lines":  {func(p *naming.Plan) { p.Title = "关于\n命名" }, "naming.title"},
		"a NUL":               {func(p *naming.Plan) { p.Title = "关\x00于" }, "naming.title"},
		"no addressees":       {func(p *naming.Plan) { p.Addressees = "" }, "naming.addressees"},
		"a closing too long":  {func(p *naming.Plan) { p.Closing = strings.Repeat("长", 2001) }, "naming.text"},
		"nobody":              {func(p *naming.Plan) { p.List = nil }, "naming.list.empty"},
		"somebody else":       {func(p *naming.Plan) { p.List = []id.Application{"app_1", "app_9"} }, "naming.list.unknown"},
		"one twice":           {func(p *naming.Plan) { p.List = []id.Application{"app_1", "app_1"} }, "naming.list.unknown"},
		"dated tomorrow":      {func(p *naming.Plan) { p.DatedOn = day("2021-09-16") }, "naming.date.future"},
		"dated the last day":  {func(p *naming.Plan) { p.DatedOn = day("2021-09-08") }, "naming.date.early"},
		"dated the day after": {func(p *naming.Plan) { p.DatedOn = day("2021-09-09") }, ""},
		"two things":          {func(p *naming.Plan) { p.Title, p.List = "", nil }, "input.several"},
	} {
		p := plan("app_1")
		tt.change(&p)
		_, _, err := naming.Draft(clerk, "rnd_1", p, facts(ready(1)), now)
		if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := naming.Draft(director, "rnd_1", plan("app_1"), facts(ready(1)), now); fault.CodeOf(err) != "naming.draft.role" {
		t.Errorf("a director drafts: %v", err)
	}
}

// TestTwoRelease: two different persons, and neither the one who drafted it.
func TestTwoRelease(t *testing.T) {
	t.Parallel()
	f := facts(ready(1))
	n := drafted(t, f, "app_1")
	both := stage.Actor{Account: clerk.Account, Role: stage.Director}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		code string
	}{
		{"a clerk", clerk, "stage.not_allowed"},
		{"the drafter in another role", both, "naming.release.drafter"},
		{"the director", director, ""},
		{"the director again", director, "naming.release.twice"},
		{"the director as chair", stage.Actor{Account: director.Account, Role: stage.Chair}, "naming.release.twice"},
	} {
		_, err := n.Release(tt.by, f, now)
		if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, _, err := n.Issue(director, f, now); fault.CodeOf(err) != "naming.issue.releases" {
		t.Errorf("issued after one release: %v", err)
	}
	if _, err := n.Release(chair, f, now); err != nil || n.State != naming.Released || len(n.Releases) != 2 {
		t.Fatal(err)
	}
	if _, err := n.Release(stage.Actor{Account: "acc_third", Role: stage.Director}, f, now); fault.CodeOf(err) != "naming.release.enough" {
		t.Errorf("a third: %v", err)
	}
	if _, _, err := n.Issue(both, f, now); fault.CodeOf(err) != "naming.issue.drafter" {
		t.Errorf("issued by the drafter: %v", err)
	}
	if _, err := n.SendBack(director, ""); fault.CodeOf(err) != "naming.reason" {
		t.Errorf("sent back without a reason: %v", err)
	}
	if _, err := n.SendBack(director, "名称有误"); err != nil || n.State != naming.Drafted || n.Releases != nil {
		t.Errorf("sent back: %v %+v", err, n)
	}
	f.Programme.Naming.Releases = 1
	if _, err := n.Release(chair, f, now); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.Issue(director, f, now); err != nil {
		t.Errorf("where one release is enough: %v", err)
	}
	for set, want := range map[int]int{-1: 2, 0: 2, 1: 1, 2: 2, 3: 3} {
		if got := naming.Releases(&programme.Programme{Naming: programme.Naming{Releases: set}}); got != want {
			t.Errorf("%d set: %d", set, got)
		}
	}
}

func released(t *testing.T, f naming.Facts, list ...id.Application) *naming.Naming {
	t.Helper()
	n := drafted(t, f, list...)
	for _, by := range []stage.Actor{director, chair} {
		if _, err := n.Release(by, f, now); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// TestIssue: the number is taken, the names are those of the decision, the titles'
// numbers go on (S59).
func TestIssue(t *testing.T) {
	t.Parallel()
	renamed := ready(2)
	renamed.Present = "吉林省雪松联合会"
	f := facts(ready(1), renamed)
	n := released(t, f, "app_2", "app_1")
	f.Register = []document.Number{{Word: "吉社联党发", Year: 2021, Seq: 1}, {Word: "吉社联党发", Year: 2021, Seq: 2}, {Word: "吉社联党发", Year: 2021, Seq: 3}, {Word: "吉社联党发", Year: 2021, Seq: 4}, {Word: "吉社联党发", Year: 2020, Seq: 31}, {Word: "吉社联发", Year: 2021, Seq: 9}}
	f.Taken = []string{"2021-006"}
	number, m, err := n.Issue(director, f, now)
	if err != nil || m.To != naming.Issued {
		t.Fatal(err)
	}
	if number.String() != "吉社联党发〔2021〕5号" || number.Key != number.String() || number.Thing != "nam_1" || number.State != document.Taken || n.DocNumber != number.String() {
		t.Errorf("%+v", number)
	}
	want := []naming.Entry{
		{Application: "app_1", Organisation: "org_1", Name: "吉林省第1协会", Number: "2021-007"},
		{Application: "app_2", Organisation: "org_2", Name: "吉林省第2协会", Now: "吉林省雪松联合会", Number: "2021-008"},
	}
	if diff := cmp.Diff(want, n.List); diff != "" || n.DatedOn != day("2021-09-15") {
		t.Error(diff, n.DatedOn)
	}
	if _, err := n.Cancel(director, "不发了"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("cancelled after it was issued: %v", err)
	}
}

// TestIssueAsksAgain: what happened after the release still counts.
func TestIssueAsksAgain(t *testing.T) {
	t.Parallel()
	f := facts(ready(1))
	n := released(t, f, "app_1")
	late := f
	late.Candidates = []naming.Candidate{ready(1)}
	late.Candidates[0].Open = 1
	if _, _, err := n.Issue(director, late, now); fault.CodeOf(err) != "naming.gate" || n.State != naming.Released || n.DocNumber != "" {
		t.Errorf("an objection after the release: %v", err)
	}
	late.Candidates = nil
	if _, _, err := n.Issue(director, late, now); fault.CodeOf(err) != "naming.gate.gone" {
		t.Errorf("nobody left: %v", err)
	}
	wordless := facts(ready(1))
	wordless.Programme.Naming.Numbers = "JL"
	if _, _, err := n.Issue(director, wordless, now); fault.CodeOf(err) != "document.number.word" || n.State != naming.Released {
		t.Errorf("no agency's word: %v", err)
	}
	f.Register = []document.Number{{Word: "吉社联党发", Year: 2021, Seq: 99999}}
	if _, _, err := n.Issue(director, f, now); fault.CodeOf(err) != "document.number.full" {
		t.Errorf("a full register: %v", err)
	}
	if _, _, err := n.Issue(clerk, f, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("issued by a clerk: %v", err)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	f := facts(ready(1), ready(2))
	n := drafted(t, f, "app_1")
	second := stage.Actor{Account: "acc_clerk2", Role: stage.Clerk}
	if _, err := n.Edit(second, plan("app_1", "app_2"), f, now); err != nil || len(n.List) != 2 || n.PreparedBy != "acc_clerk2" {
		t.Error(err)
	}
	if diff := cmp.Diff(plan("app_1", "app_2"), n.Plan()); diff != "" {
		t.Error(diff)
	}
	if _, err := n.Release(director, f, now); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Edit(clerk, plan("app_1"), f, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("edited after a release: %v", err)
	}
	if _, err := n.Cancel(director, "改期"); err != nil || n.State != naming.Cancelled {
		t.Error(err)
	}
}
