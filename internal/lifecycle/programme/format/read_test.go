package format_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/schema"
	"shifan/programmes"
)

func TestShipped(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		text, _ := programmes.Text(name)
		p, problems := format.Read(text)
		for _, w := range problems {
			t.Errorf("%s:%s", name, w)
		}
		if p != nil && string(p.Name) != name {
			t.Errorf("%s calls itself %s", name, p.Name)
		}
	}
}

// FuzzRead: no file makes the reader panic, and what it reads once it reads
// again.
func FuzzRead(f *testing.F) {
	for _, name := range programmes.Names() {
		text, _ := programmes.Text(name)
		f.Add(text)
	}
	for _, tt := range faults {
		f.Add([]byte(tt.new))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, problems := format.Read(text)
		if (p == nil) != (len(problems) > 0) {
			t.Errorf("a programme: %v, problems: %v", p != nil, problems)
		}
		if p != nil {
			if _, err := format.Kept(text); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestDefaults: a file that leaves everything open gets the defaults of
// facts.md §10.
func TestDefaults(t *testing.T) {
	t.Parallel()
	p, problems := format.Read([]byte(`
name: small
version: 1
title: 小方案
base: 示范单位
issuer: {name: 主办单位}
office: {name: 办公室}
approval: {override: 内部活动}
naming: {numbers: 示创委}
criteria:
  - {code: a, title: 甲, clause: 第一条, indicators: [{code: a-1, title: 一, text: 一, clause: 第一条}]}
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := programme.Programme{
		Name: "small", Version: 1, Title: "小方案", Base: "示范单位", Issuer: programme.Body{Name: "主办单位"}, Office: programme.Body{Name: "办公室"}, Approval: programme.Approval{Override: "内部活动"},
		Criteria: []programme.Group{{Code: "a", Title: "甲", Clause: "第一条", Indicators: []programme.Indicator{
			{Code: "a-1", Title: "一", Text: "一", Clause: "第一条", Judged: "pass_fail", Words: 800, At: "review"},
		}}},
		Applicants:    programme.Applicants{HolderMay: "last_year", BarMonths: 36},
		Procedure:     []string{"review", "visit", "meeting", "publicity"},
		Cycle:         programme.Cycle{EveryYears: 1},
		Filing:        programme.Filing{Deadline: "07-10", Time: "24:00", RestDay: "strict", MinDays: 20, AcceptIn: 5, Paper: "receipt"},
		Review:        programme.Review{Days: 20, CorrectionDays: 5, CorrectionFacts: "clarify_only", FourEyes: true},
		Visit:         programme.Visit{Scope: "all", TeamMin: 3, Methods: []string{"papers", "premises", "interviews"}, NoticeDays: 3, Calibration: "optional", PhotoPosition: "strip", Team: "appointment"},
		Meeting:       programme.Meeting{Body: "全体委员会议", Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true}, Of: "entitled", Ballot: "named", Tie: "lost", MaterialDays: 3, OverQuota: "ayes"},
		Publicity:     programme.Publicity{Days: 5, OnCorrection: "restart", AnswerDays: 10, AnsweredBy: "office"},
		Naming:        programme.Naming{Split: true, Releases: 2, Numbers: "示创委"},
		Validity:      programme.Validity{Years: 3, From: "naming", Policy: "anniversary"},
		Recheck:       programme.Recheck{EveryYears: 3, LeadDays: 90, Effect: "renew", Sample: 100, Unfiled: "fails", Standard: "current", Anchor: "designation"},
		Rectification: programme.Rectification{Days: 30, Extensions: 1, RollsOver: true},
		Revocation:    programme.Revocation{HearingDays: 5, AppealDays: 60},
		Abolition:     "keep_until_expiry", Plaque: programme.Plaque{Recall: true},
		Quota: programme.Quota{Kind: "none"}, Consultation: programme.Consultation{Silence: "no_objection"}, Scoring: programme.Scoring{Method: "pass_fail"},
		Sanctions: []string{"rectify", "revoke"}, Sources: map[string]string{}, Clauses: map[string]string{},
	}
	if diff := cmp.Diff(want, *p); diff != "" {
		t.Error(diff)
	}
}

// TestSchemaIsTheStruct: what the schema offers is what a programme holds, and
// the other way round.
func TestSchemaIsTheStruct(t *testing.T) {
	t.Parallel()
	compare(t, "", schema.Root(), reflect.TypeFor[programme.Programme]())
}

func compare(t *testing.T, path string, s schema.Schema, of reflect.Type) {
	t.Helper()
	for of.Kind() == reflect.Slice {
		s, of = s.Property(""), of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[calendar.Date]() {
		return
	}
	known, _ := s.Like("")
	var tags []string
	for i := range of.NumField() {
		tag := of.Field(i).Tag.Get("yaml")
		tags = append(tags, tag)
		if p := s.Property(tag); p == nil || p.Title() == "" {
			t.Errorf("%s.%s: the schema has no title for it", path, tag)
		} else {
			compare(t, path+"."+tag, p, of.Field(i).Type)
		}
	}
	slices.Sort(tags)
	if diff := cmp.Diff(tags, known); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

// TestSchemaWords: every value of an enum has its words, and every default that
// the engine must honour is honoured.
func TestSchemaWords(t *testing.T) {
	t.Parallel()
	var walk func(path string, s schema.Schema)
	walk = func(path string, s schema.Schema) {
		if len(s.List("enum")) != len(s.List("enumDescriptions")) {
			t.Errorf("%s: values without words", path)
		}
		if s.Text("type") == "boolean" && len(s.List("x-words")) != 2 {
			t.Errorf("%s: yes and no have no words", path)
		}
		known, _ := s.Like("")
		for _, k := range known {
			walk(path+"."+k, s.Property(k))
		}
		if items := s.Property(""); items != nil {
			walk(path+"[]", items)
		}
	}
	walk("", schema.Root())
}
