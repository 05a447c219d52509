package interest_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/interest"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "c1", Role: stage.Clerk}
	director = stage.Actor{Account: "d1", Role: stage.Director}
	now      = calendar.MustDate("2024-02-29").Start().Add(9 * time.Hour)
	today    = calendar.DateOf(now)
)

func former(left string) interest.Tied {
	return interest.Tied{Organisation: "org_1", Kind: interest.Former, Reason: "曾任办公室主任", Left: calendar.MustDate(left)}
}

func TestDeclare(t *testing.T) {
	t.Parallel()
	kin := interest.Tied{Organisation: "org_2", Kind: interest.Kin, Reason: "配偶任副会长"}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		in   interest.Declaration
		code string
		at   string
	}{
		{"nothing to declare", clerk, interest.Declaration{Whole: true}, "", ""},
		{"kin, and an empty row between", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{{}, kin, former("2022-03-01")}}, "", ""},
		{"not said to be whole", clerk, interest.Declaration{}, "interest.declare.whole", "whole"},
		{"an unknown organisation", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{{Kind: interest.Own, Reason: "理事"}}}, "interest.declare.unknown", "ties.0.organisation"},
		{"no kind", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{{Organisation: "org_2", Reason: "理事"}}}, "interest.declare.kind", "ties.0.kind"},
		{"no reason", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{{Organisation: "org_2", Kind: interest.Own}}}, "review.text", "ties.0.reason"},
		{"the same twice", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{kin, kin}}, "interest.declare.twice", "ties.1.organisation"},
		{"left two years ago yesterday", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{former("2022-02-28")}}, "interest.declare.long_ago", "ties.0.left"},
		{"left tomorrow", clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{former("2024-03-01")}}, "fact.date.later", "ties.0.left"},
		{"too many employers", clerk, interest.Declaration{Whole: true, Employers: make([]string, interest.Most+1)}, "interest.declare.most", "employers"},
		{"the public", stage.Anyone, interest.Declaration{Whole: true}, "interest.declare.role", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := interest.Of("int_1", tt.by.Account)
			ties, _, err := s.Declare(tt.by, tt.in, now)
			if tt.code == "" {
				if err != nil || !s.Holds(today) || s.Until.String() != "2025-02-27" || s.Holds(s.Until.AddDays(1)) {
					t.Errorf("%v, until %s", err, s.Until)
				}
				for _, i := range ties {
					if i.Account != tt.by.Account || i.Kind == interest.Former && i.Until.String() != "2024-02-29" {
						t.Errorf("%+v", i)
					}
				}
				return
			}
			f, ok := err.(*fault.Fault)
			if !ok || s.State != interest.Lapsed {
				t.Fatalf("%v, state %s", err, s.State)
			}
			if tt.at == "" {
				return // the table refuses
			}
			if len(f.Fields) == 0 || f.Fields[0].Path != tt.at {
				t.Errorf("%v at %v, want %s", err, f.Fields, tt.at)
			}
		})
	}
}

func TestTheClockEndsThem(t *testing.T) {
	t.Parallel()
	s := interest.Of("int_1", "c1")
	ties, _, err := s.Declare(clerk, interest.Declaration{Whole: true, Ties: []interest.Tied{former("2022-03-01")}}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Lapse(stage.TheClock, s.Until.End().Add(-time.Second)); err == nil {
		t.Error("lapsed a second early")
	}
	i := ties[0]
	if _, err := s.Outlive(stage.TheClock, &i, i.Until.End().Add(-time.Second)); err == nil || !i.EndedAt.IsZero() {
		t.Error("a former post ended a second early")
	}
	if _, err := s.Outlive(stage.TheClock, &i, i.Until.End()); err != nil || i.EndedAt.IsZero() {
		t.Errorf("a post left two years ago: %v", err)
	}
	if _, err := s.Lapse(stage.TheClock, s.Until.End()); err != nil || s.State != interest.Lapsed {
		t.Errorf("a year later: %v", err)
	}
}

func TestLift(t *testing.T) {
	t.Parallel()
	held := review.Tie("c1", "org_1", "曾有诉讼", now)
	for _, tt := range []struct {
		name string
		by   stage.Actor
		of   review.Interest
		why  string
		ok   bool
	}{
		{"the director lifts it", director, held, "诉讼已了结", true},
		{"without a reason", director, held, " ", false},
		{"the owner may not", clerk, held, "已了结", false},
		{"nor as a director", stage.Actor{Account: "c1", Role: stage.Director}, held, "已了结", false},
		{"one that ended", director, review.Interest{Account: "c1", EndedAt: now}, "已了结", false},
	} {
		s, i := interest.Of("int_1", "c1"), tt.of
		_, err := s.Lift(tt.by, &i, tt.why, now)
		if (err == nil) != tt.ok || tt.ok && (i.EndedAt.IsZero() || i.Lifted != tt.why) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !tt.ok && i != tt.of {
			t.Errorf("%s: refused and changed", tt.name)
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	o := interest.Known{ID: "org_1", Names: []string{"旧名协会", "新名协会"}, Heads: []string{"赵某", ""}}
	for _, tt := range []struct {
		name      string
		employers []string
		likely    bool
	}{
		{"赵某", nil, true},
		{"钱某", nil, false},
		{"", []string{""}, false},
		{"钱某", []string{"旧名协会秘书处"}, true},
		{"钱某", []string{"名协会"}, false},
	} {
		if got := interest.Suggest(tt.name, tt.employers, o) != ""; got != tt.likely {
			t.Errorf("%s %v: %v", tt.name, tt.employers, got)
		}
	}
}
