package checklist_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

var (
	indicators = []programme.Indicator{{Code: "1-1", Judged: "pass_fail"}, {Code: "4-3", Judged: "scored", Points: 10, At: "visit"}}
	one, two   = stage.Actor{Account: "acc_1", Role: stage.Assessor}, stage.Actor{Account: "acc_2", Role: stage.Assessor}
	onDay      = calendar.MustDate("2021-07-23").Start().Add(10 * time.Hour)
)

func scheduled() *visit.Visit {
	return &visit.Visit{
		State: visit.Scheduled, On: calendar.MustDate("2021-07-23"),
		Team: []visit.Seat{{Account: "acc_1", Name: "甲", Leader: true}, {Account: "acc_2", Name: "乙"}, {Account: "acc_3", Name: "丙"}},
	}
}

// code is the code of a refusal, "" of none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// device is a telephone that somebody writes on: it knows what it saw when it was last
// in the network, and what it wrote since.
type device struct {
	name    string
	by      stage.Actor
	heads   map[string][]id.Edit // by field
	pending []checklist.Edit
	wrote   int
}

func (d *device) write(field, value string) checklist.Edit {
	d.wrote++
	e := checklist.Edit{ID: id.Edit(fmt.Sprintf("%s-edit-%04d", d.name, d.wrote)), Field: field, Value: value, Over: d.heads[field], Device: d.name}
	d.heads[field] = []id.Edit{e.ID}
	d.pending = append(d.pending, e)
	return e
}

// sync sends what is pending, and mostly loses the answer: then it is sent again.
func (d *device) sync(there []checklist.Edit, now time.Time, lost bool) []checklist.Edit {
	for _, e := range d.pending {
		taken, fresh, err := checklist.Take(e, there, d.by, indicators, now)
		if err != nil {
			panic(err)
		}
		if fresh {
			there = append(there, taken)
		}
	}
	if lost {
		return there
	}
	d.pending = nil
	for k, f := range checklist.Merge(there) {
		d.heads[k.Field] = f.IDs()
	}
	return there
}

// TestNothingIsLost lets devices write and come into the network in random order, with
// answers that are lost. Whatever the order: what was written is what the field says or
// was replaced by somebody who had it before their eyes, and the result is the same
// however the edits are given.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		devices := []*device{}
		for n := range 3 {
			devices = append(devices, &device{name: fmt.Sprintf("phone%d", n), by: []stage.Actor{one, two, one}[n], heads: map[string][]id.Edit{}})
		}
		fields := checklist.TeamFields()[:3]
		var there []checklist.Edit
		written := map[id.Edit]string{}
		for step := range 40 {
			d := devices[r.IntN(len(devices))]
			if r.IntN(3) > 0 {
				e := d.write(fields[r.IntN(len(fields))], fmt.Sprint("写的", step%7))
				written[e.ID] = e.Value
				continue
			}
			there = d.sync(there, onDay.Add(time.Duration(step)*time.Second), r.IntN(3) == 0)
		}
		for _, d := range devices {
			there = d.sync(there, onDay.Add(time.Hour), false)
			before := len(there)
			if there = d.sync(there, onDay.Add(2*time.Hour), false); len(there) != before {
				t.Fatalf("seed %d: the same edits twice are more than once", seed)
			}
		}
		whole := checklist.Merge(there)
		kept := 0
		for k, f := range whole {
			kept += len(f.Heads) + len(f.Past)
			if len(f.Heads) == 0 {
				t.Fatalf("seed %d: %v says nothing, although somebody wrote it", seed, k)
			}
			for _, past := range f.Past {
				if !slices.ContainsFunc(slices.Concat(f.Heads, f.Past), func(e checklist.Edit) bool { return slices.Contains(e.Over, past.ID) }) {
					t.Fatalf("seed %d: %s went without anybody replacing it", seed, past.ID)
				}
			}
		}
		if kept != len(written) {
			t.Fatalf("seed %d: %d of %d edits are there", seed, kept, len(written))
		}
		for range 3 {
			some := append(slices.Clone(there), there[r.IntN(len(there))])
			r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			if diff := cmp.Diff(whole, checklist.Merge(some)); diff != "" {
				t.Fatalf("seed %d: another order, another outcome: %s", seed, diff)
			}
		}
		settle(t, seed, there, whole)
	}
}

// settle ends every conflict, by one who sees it.
func settle(t *testing.T, seed uint64, there []checklist.Edit, whole checklist.Fields) {
	t.Helper()
	for n, k := range whole.Conflicts() {
		f := whole[k]
		e, fresh, err := checklist.Take(checklist.Edit{ID: id.Edit(fmt.Sprintf("settled-%02d", n)), Field: k.Field, Value: f.Heads[1].Value, Over: f.IDs()}, there, two, indicators, onDay)
		if err != nil || !fresh {
			t.Fatal(err)
		}
		there = append(there, e)
	}
	if open := checklist.Merge(there).Conflicts(); len(open) > 0 {
		t.Fatalf("seed %d: %v is chosen and still a conflict", seed, open)
	}
}

func TestDifferentFieldsMergeAndTheSameFieldIsAConflict(t *testing.T) {
	t.Parallel()
	a, b := &device{name: "phone-a", by: one, heads: map[string][]id.Edit{}}, &device{name: "phone-b", by: two, heads: map[string][]id.Edit{}}
	a.write("records.papers.text", "会议记录齐全")
	b.write("records.premises.text", "标识规范")
	there := b.sync(a.sync(nil, onDay, false), onDay.Add(time.Minute), false)
	if c := checklist.Merge(there).Conflicts(); len(c) > 0 {
		t.Errorf("different fields: %v", c)
	}
	a.write("records.papers.text", "缺两次记录")
	b.write("records.papers.text", "会议记录齐全，有照片")
	there = b.sync(a.sync(there, onDay, false), onDay.Add(time.Hour), false)
	f := checklist.Merge(there)[checklist.Key{Field: "records.papers.text"}]
	// b saw nothing of a's first edit of this field before its own: it came into b's sight with the sync.
	if !f.Conflict() || f.Value() != "缺两次记录" || len(f.Heads) != 2 || f.Heads[1].By != two.Account {
		t.Errorf("%+v", f)
	}
	if err := checklist.Merge(there).Settled(); fault.CodeOf(err) != "checklist.report.unsettled" {
		t.Error(err)
	}
	a.sync(there, onDay, false)
	a.write("records.papers.text", "缺两次记录，其余有照片")
	if err := checklist.Merge(a.sync(there, onDay.Add(2*time.Hour), false)).Settled(); err != nil {
		t.Error(err)
	}
	// the same words are no conflict
	c, d := &device{name: "phone-c", by: one, heads: map[string][]id.Edit{}}, &device{name: "phone-d", by: two, heads: map[string][]id.Edit{}}
	c.write("records.interviews.people", "１２")
	d.write("records.interviews.people", " 12")
	if got := checklist.Merge(d.sync(c.sync(nil, onDay, false), onDay, false)); len(got.Conflicts()) > 0 || got[checklist.Key{Field: "records.interviews.people"}].Value() != "12" {
		t.Errorf("%+v", got)
	}
}

func TestTake(t *testing.T) {
	t.Parallel()
	first, _, err := checklist.Take(checklist.Edit{ID: "edit-0001", Field: "records.papers.text", Value: "有"}, nil, one, indicators, onDay)
	if err != nil {
		t.Fatal(err)
	}
	there := []checklist.Edit{first}
	for name, tt := range map[string]struct {
		e     checklist.Edit
		by    stage.Actor
		code  string
		fresh bool
	}{
		"again":                       {first, one, "", false},
		"its name, something else":    {checklist.Edit{ID: "edit-0001", Field: "records.papers.text", Value: "无"}, one, "checklist.edit.taken", false},
		"its name, somebody else":     {first, two, "checklist.edit.taken", false},
		"no name":                     {checklist.Edit{Field: "records.papers.text"}, one, "checklist.edit.name", false},
		"a name that is none":         {checklist.Edit{ID: "<script>alert", Field: "records.papers.text"}, one, "checklist.edit.name", false},
		"no such field":               {checklist.Edit{ID: "edit-0002", Field: "opinion", Value: "meets"}, one, "checklist.edit.field", false},
		"no such method":              {checklist.Edit{ID: "edit-0002", Field: "records.rumours.text"}, one, "checklist.edit.field", false},
		"people of papers":            {checklist.Edit{ID: "edit-0002", Field: "records.papers.people", Value: "3"}, one, "checklist.edit.field", false},
		"no such indicator":           {checklist.Edit{ID: "edit-0002", Field: "marks.9-9.rating", Value: "meets"}, one, "checklist.edit.field", false},
		"a score of what has none":    {checklist.Edit{ID: "edit-0002", Field: "marks.1-1.score", Value: "3"}, one, "checklist.edit.field", false},
		"a rating that is none":       {checklist.Edit{ID: "edit-0002", Field: "marks.1-1.rating", Value: "great"}, one, "visit.record.rating", false},
		"as many points as there are": {checklist.Edit{ID: "edit-0002", Field: "marks.4-3.score", Value: "10"}, one, "", true},
		"one point too many":          {checklist.Edit{ID: "edit-0002", Field: "marks.4-3.score", Value: "11"}, one, "visit.record.score", false},
		"no number":                   {checklist.Edit{ID: "edit-0002", Field: "records.interviews.people", Value: "很多"}, one, "checklist.edit.number", false},
		"too many people":             {checklist.Edit{ID: "edit-0002", Field: "records.interviews.tallies.members", Value: "100001"}, one, "checklist.edit.number", false},
		"content before asked":        {checklist.Edit{ID: "edit-0002", Field: "records.interviews.tallies.members.content", Value: "5"}, one, "", true},
		"a person's number":           {checklist.Edit{ID: "edit-0002", Field: "records.papers.text", Value: "电话13800138000"}, one, "review.text.personal", false},
		"too long":                    {checklist.Edit{ID: "edit-0002", Field: "records.papers.text", Value: strings.Repeat("长", 5001)}, one, "review.text", false},
		"they came":                   {checklist.Edit{ID: "edit-0002", Field: "arrival", Value: "here"}, two, "", true},
		"they came otherwise":         {checklist.Edit{ID: "edit-0002", Field: "arrival", Value: "soon"}, two, "checklist.edit.arrival", false},
		"nothing":                     {checklist.Edit{ID: "edit-0002", Field: "records.papers.text", Over: []id.Edit{"edit-0001", "edit-none"}}, two, "", true},
	} {
		e, fresh, err := checklist.Take(tt.e, there, tt.by, indicators, onDay)
		if code(err) != tt.code || fresh != tt.fresh {
			t.Errorf("%s: %v %v, want %q", name, fresh, err, tt.code)
		}
		if fresh && (e.By != tt.by.Account || !e.At.Equal(onDay) || slices.Contains(e.Over, "edit-none")) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	redone := scheduled()
	redone.Replaced = []visit.Replaced{{Account: "acc_9", Why: "应回避未回避"}}
	closed := scheduled()
	closed.State = visit.Reported
	for name, tt := range map[string]struct {
		v       *visit.Visit
		by      stage.Actor
		sitting int
		now     time.Time
		code    string
	}{
		"on the day":               {scheduled(), one, 0, onDay, ""},
		"at its first second":      {scheduled(), one, 0, calendar.MustDate("2021-07-23").Start(), ""},
		"the second before":        {scheduled(), one, 0, calendar.MustDate("2021-07-23").Start().Add(-time.Second), "checklist.write.early"},
		"not on the team":          {scheduled(), stage.Actor{Account: "acc_9", Role: stage.Assessor}, 0, onDay, "checklist.write.not_on_team"},
		"the opinion is handed in": {closed, one, 0, onDay, "checklist.write.closed"},
		"done again":               {redone, one, 0, onDay, "checklist.write.redone"},
		"the new one":              {redone, one, 1, onDay, ""},
		"the organisation":         {scheduled(), stage.Actor{Account: "acc_7", Role: stage.Applicant}, 0, onDay, "checklist.write.closed"},
	} {
		if _, err := checklist.Open(tt.v, tt.by, tt.sitting, tt.now); code(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
}

// TestMarksOfOthersAreSeenAfterOnesOwn: S51, each for themselves first.
func TestMarksOfOthersAreSeenAfterOnesOwn(t *testing.T) {
	t.Parallel()
	v := scheduled()
	all := []checklist.Edit{
		{ID: "a1", Field: "marks.4-3.rating", Owner: "acc_1", Value: "meets"},
		{ID: "a2", Field: "marks.4-3.score", Owner: "acc_1", Value: "9"},
		{ID: "b1", Field: "marks.4-3.rating", Owner: "acc_2", Value: "partly"},
		{ID: "b2", Field: "marks.4-3.score", Owner: "acc_2", Value: "4"},
		{ID: "b3", Field: "marks.1-1.rating", Owner: "acc_2", Value: "fails"},
		{ID: "c1", Field: "arrival", Owner: "acc_3", Value: "here"},
		{ID: "t1", Field: "records.papers.text", Value: "有"},
	}
	see := func(by stage.Actor) string {
		var ids []string
		for _, e := range checklist.Seen(all, v, by) {
			ids = append(ids, string(e.ID))
		}
		return strings.Join(ids, " ")
	}
	clerk, auditor := stage.Actor{Account: "acc_k", Role: stage.Clerk}, stage.Actor{Account: "acc_u", Role: stage.Auditor}
	for _, tt := range []struct {
		by   stage.Actor
		want string
	}{
		{one, "a1 a2 b1 b2 c1 t1"}, // gave their own on 4-3 and not on 1-1
		{two, "a1 a2 b1 b2 b3 c1 t1"},
		{stage.Actor{Account: "acc_3", Role: stage.Assessor}, "c1 t1"},
		{clerk, "c1 t1"},
		{auditor, "a1 a2 b1 b2 b3 c1 t1"},
	} {
		if got := see(tt.by); got != tt.want {
			t.Errorf("%s sees %q, want %q", tt.by.Account, got, tt.want)
		}
	}
	v.State = visit.Reported
	if got := see(clerk); got != "a1 a2 b1 b2 b3 c1 t1" {
		t.Errorf("after the report the office sees %q", got)
	}
	fields := checklist.Merge(checklist.Seen(all, v, one))
	g := checklist.GapOf(fields.Marks(v, "4-3"))
	if g != (checklist.Gap{Given: 2, Differ: true, Score: 5}) {
		t.Errorf("%+v", g)
	}
	if m := fields.Marks(v, "1-1"); m[1].Given || m[1].Rating != "" {
		t.Errorf("the mark of another before one's own: %+v", m[1])
	}
	if fields.ArrivedAt("acc_3").ID != "c1" || fields.ArrivedAt("acc_1").ID != "" {
		t.Error("who came")
	}
}

func TestFieldsAndTheAccountSayTheSame(t *testing.T) {
	t.Parallel()
	a := assessment.Account{Records: map[string]assessment.Record{
		"papers": {Text: "齐全"}, "premises": {Skipped: "停电"},
		"interviews": {Text: "座谈", People: 12, Tallies: map[string]assessment.Tally{"members": {Sample: 20, Content: 19}}},
	}}
	var all []checklist.Edit
	for n, field := range checklist.Changed(assessment.Account{}, a) {
		all = append(all, checklist.Edit{ID: id.Edit(fmt.Sprint("edit", n)), Field: field, Value: checklist.Read(a, field)})
	}
	v := scheduled()
	checklist.Merge(all).Write(v)
	if diff := cmp.Diff(a.Records, v.Records); diff != "" || len(all) != 6 {
		t.Errorf("%d %s", len(all), diff)
	}
	if left := checklist.Changed(a, v.Account()); len(left) > 0 {
		t.Error(left)
	}
	for _, field := range append(checklist.TeamFields(), checklist.OwnFields(indicators)...) {
		if f := checklist.Check(field, "", indicators); f != nil {
			t.Errorf("%s cannot be empty: %v", field, f)
		}
	}
}

func TestSendBack(t *testing.T) {
	t.Parallel()
	clerk := stage.Actor{Account: "acc_k", Role: stage.Clerk}
	v := scheduled()
	v.State, v.Edition, v.Signatures = visit.Reported, 1, []visit.Signature{{Account: "acc_2", Edition: 1}}
	if _, err := checklist.SendBack(v, one, "写清", nil); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
	if _, err := checklist.SendBack(v, clerk, " ", nil); fault.CodeOf(err) != "review.text" {
		t.Error(err)
	}
	if _, err := checklist.SendBack(v, clerk, "写清", review.Interests{"acc_k": "曾任职"}); fault.CodeOf(err) != "review.interest" {
		t.Error(err)
	}
	if m, err := checklist.SendBack(v, clerk, "指标4-3写清依据", nil); err != nil || m.Act != "send_back" || v.State != visit.Scheduled || len(v.Signatures) > 0 || v.Reason == "" || v.Edition != 1 {
		t.Errorf("%+v %v", v, err)
	}
	v.State = visit.Signed
	if _, err := checklist.SendBack(v, clerk, "写清", nil); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	there := []checklist.Photo{{ID: "photo-01", By: "acc_1", SHA256: "aa"}}
	for name, tt := range map[string]struct {
		p     checklist.Photo
		there []checklist.Photo
		code  string
		fresh bool
	}{
		"one of an indicator": {checklist.Photo{ID: "photo-02", By: "acc_1", Field: "4-3"}, there, "", true},
		"one of the place":    {checklist.Photo{ID: "photo-02", By: "acc_1"}, there, "", true},
		"again":               {checklist.Photo{ID: "photo-01", By: "acc_1", SHA256: "aa"}, there, "", false},
		"its name, another":   {checklist.Photo{ID: "photo-01", By: "acc_1", SHA256: "bb"}, there, "checklist.edit.taken", false},
		"no indicator":        {checklist.Photo{ID: "photo-02", By: "acc_1", Field: "9-9"}, there, "checklist.photo.indicator", false},
		"no name":             {checklist.Photo{By: "acc_1"}, there, "checklist.edit.name", false},
		"one too many":        {checklist.Photo{ID: "photo-02", By: "acc_1"}, make([]checklist.Photo, checklist.PhotosMost), "checklist.photo.many", false},
		"the last":            {checklist.Photo{ID: "photo-02", By: "acc_1"}, make([]checklist.Photo, checklist.PhotosMost-1), "", true},
	} {
		if fresh, err := checklist.Welcome(tt.p, tt.there, indicators); code(err) != tt.code || fresh != tt.fresh {
			t.Errorf("%s: %v %v, want %q", name, fresh, err, tt.code)
		}
	}
	for _, tt := range [][4]string{{"jpg", "aa", "aa", ""}, {"png", "", "aa", ""}, {"jpg", "bb", "aa", "checklist.photo.digest"}, {"pdf", "aa", "aa", "checklist.photo.kind"}} {
		if err := checklist.Whole("a.jpg", tt[0], tt[1], tt[2]); code(err) != tt[3] {
			t.Errorf("%v: %v", tt, err)
		}
	}
	if !checklist.Strips(programme.Visit{}) || checklist.Strips(programme.Visit{PhotoPosition: "keep"}) {
		t.Error("the position")
	}
	if checklist.Off(2*time.Hour) || checklist.Off(-2*time.Hour) || !checklist.Off(2*time.Hour+1) || !checklist.Off(-24*time.Hour) {
		t.Error("the clock")
	}
}
