package expression_test

import (
	"slices"
	"testing"

	"shifan/internal/lifecycle/expression"
)

type facts struct {
	A bool     `expr:"甲"`
	N int      `expr:"数"`
	S string   `expr:"文"`
	L []string `expr:"列"`
	Y []int    `expr:"年"`
	X int      `expr:"-"`
}

type env struct {
	Org facts `expr:"org"`
}

// TestUnknown walks the truth tables of and, or and not with facts that are not
// known.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		source  string
		facts   facts
		unknown map[string]expression.Verdict
		want    expression.Verdict
	}{
		{"org.甲", facts{A: true}, nil, expression.Meets},
		{"not org.甲", facts{A: true}, nil, expression.Fails},
		{"!org.甲", facts{}, nil, expression.Meets},
		{"org.甲 && org.数 > 1", facts{A: true}, map[string]expression.Verdict{"数": expression.Pending}, expression.Pending},
		{"org.甲 && org.数 > 1", facts{}, map[string]expression.Verdict{"数": expression.Pending}, expression.Fails},
		{"org.甲 || org.数 > 1", facts{A: true}, map[string]expression.Verdict{"数": expression.Doubtful}, expression.Meets},
		{"org.甲 || org.数 > 1", facts{}, map[string]expression.Verdict{"数": expression.Doubtful}, expression.Doubtful},
		{"not (org.甲 or org.数 > 1)", facts{}, map[string]expression.Verdict{"数": expression.Doubtful}, expression.Doubtful},
		{"org.甲 and org.数 > 1", facts{}, map[string]expression.Verdict{"数": expression.Doubtful, "甲": expression.Pending}, expression.Doubtful},
		{`all(org.列, # == "一")`, facts{L: []string{"一", "一"}}, nil, expression.Meets},
		{`org.文 == "𠮷"`, facts{S: "𠮷"}, nil, expression.Meets},
	} {
		e, wrong := expression.Compile(tt.source, env{}, "org")
		if wrong != nil {
			t.Fatal(tt.source, wrong)
		}
		got, err := e.Decide(env{tt.facts}, func(n string) expression.Verdict { return tt.unknown[n] })
		if err != nil || got != tt.want {
			t.Errorf("%s with %v: got %s, %v; want %s", tt.source, tt.unknown, got, err, tt.want)
		}
	}
}

func TestFailsAtRunTime(t *testing.T) {
	t.Parallel()
	e, wrong := expression.Compile("org.列[3] == \"\"", env{}, "org")
	if wrong != nil {
		t.Fatal(wrong)
	}
	if _, err := e.Decide(env{}, func(string) expression.Verdict { return "" }); err == nil {
		t.Error("the fourth of nothing was found")
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	if got, want := expression.Names(facts{}), []string{"甲", "数", "文", "列", "年"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	f := facts{A: true, N: 3, L: []string{"一", "二"}, Y: []int{1, 2}}
	for name, want := range map[string]string{"甲": "是", "数": "3", "文": "无", "列": "一、二", "年": "1、2", "无此": ""} {
		if got := expression.Said(f, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
