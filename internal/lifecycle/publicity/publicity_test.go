package publicity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
	chair    = stage.Actor{Account: "acc_chair", Role: stage.Chair}
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func someProgramme() *programme.Programme {
	return &programme.Programme{Name: "base", Publicity: programme.Publicity{Days: 5, AnswerDays: 10}}
}

var somePlan = publicity.Plan{Title: "2021年度拟命名名单公示", Text: "现予公示。", Contact: "办公室"}

func list() []publicity.Candidate {
	return []publicity.Candidate{
		{ID: "cnd_a", Position: 1, Name: "甲协会", Code: "1", State: publicity.Listed},
		{ID: "cnd_b", Position: 2, Name: "乙𠮷商会", Code: "2", State: publicity.Listed},
	}
}

func drafted(t testing.TB, change func(*programme.Programme)) *publicity.Publicity {
	t.Helper()
	p := someProgramme()
	if change != nil {
		change(p)
	}
	v, _, err := publicity.Draft(clerk, p, "rnd_a", publicity.Naming, somePlan)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func facts() publicity.Facts {
	return publicity.Facts{Calendar: calendar.Embedded(), Candidates: list()}
}

// running publishes at an instant.
func running(t testing.TB, when string, change func(*programme.Programme)) *publicity.Publicity {
	t.Helper()
	p, now := drafted(t, change), at(t, when)
	if _, err := p.Publish(director, calendar.DateOf(now), facts(), now); err != nil {
		t.Fatal(err)
	}
	return p
}

// vectors are the test vectors of facts.md §2.4.
var vectors = []struct{ published, next, same string }{
	{"2021-09-01", "2021-09-08", "2021-09-07"},
	{"2021-09-14", "2021-09-22", "2021-09-18"},
	{"2021-09-17", "2021-09-26", "2021-09-24"},
	{"2021-09-18", "2021-09-27", "2021-09-26"},
	{"2021-09-27", "2021-10-09", "2021-10-08"},
	{"2021-09-30", "2021-10-13", "2021-10-12"},
	{"2022-10-31", "2022-11-07", "2022-11-04"},
	{"2023-09-26", "2023-10-09", "2023-10-08"},
	{"2024-02-07", "2024-02-20", "2024-02-19"},
	{"2025-01-24", "2025-02-07", "2025-02-06"},
	{"2025-04-14", "2025-04-21", "2025-04-18"},
	{"2025-07-17", "2025-07-24", "2025-07-23"},
	{"2026-02-13", "2026-02-27", "2026-02-26"},
	{"2026-04-30", "2026-05-11", "2026-05-09"},
}

// TestTheWholePeriod lives each vector: the last second is in time, and the
// clock ends it at 24:00 and not a microsecond before (S56).
func TestTheWholePeriod(t *testing.T) {
	t.Parallel()
	c := calendar.Embedded()
	for _, v := range vectors {
		for _, same := range []bool{false, true} {
			last := calendar.MustDate(v.next)
			if same {
				last = calendar.MustDate(v.same)
			}
			p := running(t, v.published+" 18:02:11", func(s *programme.Programme) { s.Publicity.CountFirstDay = same })
			if p.Last != last || !p.Ends.Equal(last.End()) || p.Provisional || p.CalendarVersion != c.Version() {
				t.Errorf("%s, day of publication counted %v: %+v", v.published, same, p)
			}
			end := last.End()
			if !p.InTime(c, end.Add(-time.Second)) || p.InTime(c, end) {
				t.Errorf("%s: the last second is in time, that of 24:00 is not", v.published)
			}
			if _, err := p.Serve(stage.TheClock, c, end.Add(-time.Microsecond)); fault.CodeOf(err) != "publicity.serve.early" {
				t.Errorf("%s: a moment early: %v", v.published, err)
			}
			if _, err := p.Serve(director, c, end); fault.CodeOf(err) != "stage.not_allowed" {
				t.Errorf("a person ends it: %v", err)
			}
			if _, err := p.Serve(stage.TheClock, c, end); err != nil || p.State != publicity.Served {
				t.Errorf("%s: at 24:00: %v", v.published, err)
			}
			if n, known := c.Served(p.StartedAt, same, end); n != 5 || !known {
				t.Errorf("%s: %d days served", v.published, n)
			}
		}
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by      stage.Actor
		change  func(*publicity.Publicity, *publicity.Facts)
		from    string
		now     string
		code    string
		release bool
	}{
		"the director":               {by: director},
		"a clerk":                    {by: clerk, code: "stage.not_allowed"},
		"who drafted it":             {by: stage.Actor{Account: "acc_clerk", Role: stage.Director}, code: "publicity.publish.same_person"},
		"nobody on the list":         {by: director, change: func(_ *publicity.Publicity, f *publicity.Facts) { f.Candidates = nil }, code: "publicity.publish.empty"},
		"without a text":             {by: director, change: func(p *publicity.Publicity, _ *publicity.Facts) { p.Text = "" }, code: "publicity.publish.incomplete"},
		"nowhere to object":          {by: director, change: func(p *publicity.Publicity, _ *publicity.Facts) { p.Contact = "" }, code: "publicity.publish.incomplete"},
		"checked for the day before": {by: director, from: "2021-08-31", code: "publicity.publish.before_real"},
		"checked for the day after":  {by: director, from: "2021-09-02", code: "publicity.publish.before_real"},
		"into a year unknown":        {by: director, now: "2026-12-28 10:00:00", code: "publicity.publish.provisional"},
		"into it, acknowledged":      {by: director, now: "2026-12-28 10:00:00", change: func(_ *publicity.Publicity, f *publicity.Facts) { f.Acknowledged = true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f := drafted(t, nil), facts()
			if tt.change != nil {
				tt.change(p, &f)
			}
			if tt.now == "" {
				tt.now = "2021-09-01 10:00:00"
			}
			if tt.from == "" {
				tt.from = tt.now[:10]
			}
			before := *p
			_, err := p.Publish(tt.by, calendar.MustDate(tt.from), f, at(t, tt.now))
			if tt.code == "" {
				if err != nil || p.State != publicity.Running || p.Digest == "" || !strings.Contains(p.Snapshot, "乙𠮷商会") {
					t.Errorf("%v %+v", err, p)
				}
				return
			}
			if fault.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
			if diff := cmp.Diff(before, *p); diff != "" {
				t.Error("a refusal changed it:", diff)
			}
		})
	}
}

// TestYearNotLoaded: the end is a guess, seen and acknowledged, and nothing ends
// until the arrangement is there (facts.md §2.4, the last vector).
func TestYearNotLoaded(t *testing.T) {
	t.Parallel()
	p, f := drafted(t, nil), facts()
	f.Acknowledged = true
	if _, err := p.Publish(director, calendar.MustDate("2026-12-28"), f, at(t, "2026-12-28 10:00:00")); err != nil {
		t.Fatal(err)
	}
	if !p.Provisional || p.Last.String() != "2027-01-05" || !p.Acknowledged {
		t.Errorf("%+v", p)
	}
	if _, err := p.Serve(stage.TheClock, f.Calendar, p.Ends); fault.CodeOf(err) != "publicity.serve.provisional" {
		t.Errorf("ends on a guess: %v", err)
	}
	if !p.InTime(f.Calendar, p.Ends.Add(time.Hour)) {
		t.Error("the time for objections closed on a guess")
	}
	// 2027 comes with 4 January off: the guess was a day short.
	c, err := f.Calendar.With(calendar.Arrangement{Year: 2027, Title: "安排", PublishedOn: calendar.MustDate("2026-12-30"), Off: []calendar.Date{
		calendar.MustDate("2027-01-01"), calendar.MustDate("2027-01-02"), calendar.MustDate("2027-01-03"), calendar.MustDate("2027-01-04"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Effects([]calendar.Commitment{p.Commitment()}); len(got) != 1 || got[0].Would.String() != "2027-01-06" {
		t.Errorf("the report: %+v", got)
	}
	if p.Last.String() != "2027-01-05" {
		t.Error("the published end moved by itself")
	}
	if _, err := p.Serve(stage.TheClock, c, p.Ends); fault.CodeOf(err) != "publicity.serve.short" {
		t.Errorf("ends a day short: %v", err)
	}
	if _, err := p.Recount(clerk, c, p.Ends); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a clerk recounts: %v", err)
	}
	if _, err := p.Recount(director, c, p.Ends); err != nil || p.Last.String() != "2027-01-06" || p.Provisional || len(p.Changes) != 1 {
		t.Errorf("recounted: %v %+v", err, p)
	}
	if _, err := p.Recount(director, c, p.Ends); fault.CodeOf(err) != "publicity.recount.same" {
		t.Errorf("again: %v", err)
	}
	if _, err := p.Serve(stage.TheClock, c, p.Ends); err != nil {
		t.Error(err)
	}
}

// TestPost: on another site's page the days count from the later of the two
// publications, and without knowing it nothing ends (S55).
func TestPost(t *testing.T) {
	t.Parallel()
	elsewhere := func(s *programme.Programme) { s.Publicity.Place = "省民政厅网站" }
	for name, tt := range map[string]struct{ when, url, last, code, sum string }{
		"an hour before":       {"2021-09-01 09:00:00", "https://example.org/a", "2021-09-08", "", strings.Repeat("aB ", 32)},
		"the same day":         {"2021-09-01 17:59:00", "http://example.org/a", "2021-09-08", "", ""},
		"a day late":           {"2021-09-02 08:00:00", "https://example.org/a", "2021-09-09", "", ""},
		"to come":              {"2021-09-02 12:00:01", "https://example.org/a", "", "publicity.post.time", ""},
		"no address":           {"2021-09-01 12:00:00", "example.org/a", "", "publicity.post.url", ""},
		"an address of script": {"2021-09-01 12:00:00", "javascript:alert(1)", "", "publicity.post.url", ""},
		"half a digest":        {"2021-09-01 12:00:00", "https://example.org/a", "", "words.sha256", strings.Repeat("ab", 16)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, c := running(t, "2021-09-01 10:00:00", elsewhere), calendar.Embedded()
			if _, err := p.Serve(stage.TheClock, c, p.Ends); fault.CodeOf(err) != "publicity.serve.unposted" {
				t.Errorf("ends without a posting: %v", err)
			}
			_, err := p.Post(clerk, publicity.Posting{URL: tt.url, At: at(t, tt.when), SHA256: tt.sum}, facts(), at(t, "2021-09-02 12:00:00"))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code || !p.Posting.At.IsZero() {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil || p.Last.String() != tt.last || p.Posting.URL != tt.url || p.Posting.SHA256 != strings.ToLower(strings.ReplaceAll(tt.sum, " ", "")) || len(p.Changes) != 1 {
				t.Errorf("%v %+v", err, p)
			}
			if _, err := p.Serve(stage.TheClock, c, p.Ends); err != nil {
				t.Error(err)
			}
		})
	}
	here := running(t, "2021-09-01 10:00:00", nil)
	if _, err := here.Post(clerk, publicity.Posting{URL: "https://example.org", At: at(t, "2021-09-01 10:00:00")}, facts(), at(t, "2021-09-01 12:00:00")); fault.CodeOf(err) != "publicity.post.here" {
		t.Error(err)
	}
}

// TestInterrupt: an outage starts the days anew or adds those that were not full.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		policy, from, to, now, last, code string
	}{
		"two days, added":           {"extend", "2021-09-02 20:00:00", "2021-09-03 08:00:00", "2021-09-03 09:00:00", "2021-09-10", ""},
		"until midnight, added":     {"extend", "2021-09-02 20:00:00", "2021-09-03 00:00:00", "2021-09-03 09:00:00", "2021-09-09", ""},
		"over a weekend, added":     {"extend", "2021-09-04 01:00:00", "2021-09-05 23:00:00", "2021-09-06 09:00:00", "2021-09-08", ""},
		"on the first day, nothing": {"extend", "2021-09-01 18:00:00", "2021-09-01 20:00:00", "2021-09-03 09:00:00", "2021-09-08", ""},
		"beyond the end, added":     {"extend", "2021-09-08 20:00:00", "2021-09-09 08:00:00", "2021-09-09 09:00:00", "2021-09-10", ""},
		"anew":                      {"restart", "2021-09-02 20:00:00", "2021-09-03 08:00:00", "2021-09-03 09:00:00", "2021-09-10", ""},
		"anew by default":           {"", "2021-09-06 20:00:00", "2021-09-07 08:00:00", "2021-09-07 09:00:00", "2021-09-14", ""},
		"before it was public":      {"extend", "2021-09-01 09:59:59", "2021-09-01 11:00:00", "2021-09-02 09:00:00", "", "publicity.interrupt.time"},
		"after the end":             {"extend", "2021-09-09 00:00:00", "2021-09-09 08:00:00", "2021-09-09 09:00:00", "", "publicity.interrupt.time"},
		"backwards":                 {"extend", "2021-09-02 08:00:00", "2021-09-02 08:00:00", "2021-09-03 09:00:00", "", "publicity.interrupt.time"},
		"not over yet":              {"extend", "2021-09-02 08:00:00", "2021-09-03 10:00:00", "2021-09-03 09:00:00", "", "publicity.interrupt.time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := running(t, "2021-09-01 10:00:00", func(s *programme.Programme) { s.Publicity.OnCorrection = tt.policy })
			before := *p
			_, err := p.Interrupt(clerk, at(t, tt.from), at(t, tt.to), "网站故障", facts(), at(t, tt.now))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff(before, *p); diff != "" {
					t.Error(diff)
				}
				return
			}
			if err != nil || p.Last.String() != tt.last || len(p.Changes) != 1 || p.Changes[0].Before != before.Last || p.Changes[0].After != p.Last {
				t.Errorf("%v %+v", err, p)
			}
			if got := calendar.Embedded().Effects([]calendar.Commitment{p.Commitment()}); len(got) != 0 {
				t.Errorf("the new end is not what its commitment says: %+v", got)
			}
		})
	}
}

// TestLostDaysAreDrawn: a day that was not full keeps no number, and the days
// after it move up.
func TestLostDaysAreDrawn(t *testing.T) {
	t.Parallel()
	p := running(t, "2021-09-01 10:00:00", func(s *programme.Programme) { s.Publicity.OnCorrection = "extend" })
	if _, err := p.Interrupt(clerk, at(t, "2021-09-03 01:00:00"), at(t, "2021-09-03 02:00:00"), "故障", facts(), at(t, "2021-09-03 09:00:00")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Interrupt(clerk, at(t, "2021-09-03 05:00:00"), at(t, "2021-09-03 06:00:00"), "又故障", facts(), at(t, "2021-09-03 09:00:00")); err != nil {
		t.Fatal(err)
	}
	v, err := p.Period(calendar.Embedded(), at(t, "2021-09-03 09:00:00"))
	if err != nil || v.Count() != 5 || v.Last.String() != "2021-09-09" || v.Days[1].Number != 0 || v.Days[1].Why == "" || v.Days[4].Number != 2 {
		t.Errorf("%v %+v", err, v)
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	plan := somePlan
	plan.Text = "现予公示，接受监督。"
	for policy, want := range map[string]string{"restart": "2021-09-10", "extend": "2021-09-09"} {
		p := running(t, "2021-09-01 10:00:00", func(s *programme.Programme) { s.Publicity.OnCorrection = policy })
		before, now := *p, at(t, "2021-09-03 10:00:00")
		if _, err := p.Correct(director, somePlan, "没有改", facts(), now); fault.CodeOf(err) != "publicity.correct.nothing" {
			t.Errorf("nothing changed: %v", err)
		}
		if _, err := p.Correct(director, plan, "", facts(), now); fault.CodeOf(err) != "words.empty" {
			t.Errorf("no reason: %v", err)
		}
		if _, err := p.Correct(clerk, plan, "漏字", facts(), now); fault.CodeOf(err) != "stage.not_allowed" {
			t.Errorf("a clerk: %v", err)
		}
		if diff := cmp.Diff(before, *p); diff != "" {
			t.Error(diff)
		}
		if _, err := p.Correct(director, plan, "漏字", facts(), now); err != nil {
			t.Fatal(err)
		}
		if p.Last.String() != want || p.Digest == before.Digest || p.Changes[0].Digest != before.Digest || p.Changes[0].Say != "漏字" {
			t.Errorf("%s: %+v", policy, p)
		}
	}
	p, f := running(t, "2021-09-01 10:00:00", nil), facts()
	if _, err := f.Candidates[0].Rename(director, "甲学会"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Correct(director, somePlan, "名称有误", f, at(t, "2021-09-03 10:00:00")); err != nil || !strings.Contains(p.Snapshot, "甲学会") {
		t.Errorf("a name: %v", err)
	}
}

func TestWithdrawAndTakeDown(t *testing.T) {
	t.Parallel()
	p := running(t, "2021-09-01 10:00:00", nil)
	if _, err := p.TakeDown(clerk, p.Ends, p.Ends); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("taken down while it runs: %v", err)
	}
	w := *p
	if _, err := w.Withdraw(director, "名单有误"); err != nil || w.State != publicity.Withdrawn || w.Reason == "" {
		t.Error(err)
	}
	if _, err := p.Serve(stage.TheClock, calendar.Embedded(), p.Ends); err != nil {
		t.Fatal(err)
	}
	if _, err := p.TakeDown(clerk, p.Ends.Add(-time.Second), p.Ends.Add(time.Hour)); fault.CodeOf(err) != "publicity.take_down.early" {
		t.Errorf("a second early: %v", err)
	}
	if _, err := p.TakeDown(clerk, p.Ends, p.Ends.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if _, err := p.TakeDown(clerk, p.Ends, p.Ends.Add(time.Hour)); fault.CodeOf(err) != "publicity.take_down.again" {
		t.Errorf("twice: %v", err)
	}
	d := drafted(t, nil)
	if _, err := d.Cancel(clerk, "暂缓"); err != nil || d.State != publicity.Cancelled {
		t.Error(err)
	}
}

func TestCandidate(t *testing.T) {
	t.Parallel()
	p, c := running(t, "2021-09-01 10:00:00", nil), list()[0]
	if _, err := c.Clear(stage.TheClock, p, 0, p.Ends); fault.CodeOf(err) != "candidate.clear.not_served" {
		t.Errorf("cleared while it runs: %v", err)
	}
	if _, err := p.Serve(stage.TheClock, calendar.Embedded(), p.Ends); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Clear(stage.TheClock, p, 1, p.Ends); fault.CodeOf(err) != "candidate.clear.objection" {
		t.Errorf("cleared with an objection open: %v", err)
	}
	if _, err := c.Clear(director, p, 0, p.Ends); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("by a person: %v", err)
	}
	u := c
	if _, err := u.Uphold(chair, "", p.Ends); fault.CodeOf(err) != "candidate.uphold.undecided" {
		t.Errorf("out without the committee: %v", err)
	}
	if _, err := u.Uphold(chair, "itm_a", p.Ends); err != nil || u.State != publicity.Upheld {
		t.Error(err)
	}
	if _, err := c.Clear(stage.TheClock, p, 0, p.Ends); err != nil || c.State != publicity.Cleared || !c.ChangedAt.Equal(p.Ends) {
		t.Error(err)
	}
	r := list()[1]
	if _, err := r.Remove(director, "", p.Ends); fault.CodeOf(err) != "words.empty" {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := r.Remove(director, "撤回申报", p.Ends); err != nil || r.State != publicity.Removed {
		t.Error(err)
	}
	if _, err := list()[0].Rename(director, "甲协会"); fault.CodeOf(err) != "candidate.rename.same" {
		t.Errorf("the same name: %v", err)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	if _, _, err := publicity.Draft(director, someProgramme(), "rnd_a", publicity.Naming, somePlan); fault.CodeOf(err) != "publicity.draft.role" {
		t.Errorf("the director drafts: %v", err)
	}
	if _, _, err := publicity.Draft(clerk, someProgramme(), "rnd_a", publicity.Naming, publicity.Plan{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no title: %v", err)
	}
}
