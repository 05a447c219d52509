package tabulation_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/tabulation"
)

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		role  stage.Role
		shown []string
		code  string
	}{
		"what a clerk may see":          {stage.Clerk, []string{"number", "reviewer", "legal_head"}, ""},
		"no column":                     {stage.Clerk, nil, "tabulation.columns.none"},
		"a column that does not exist":  {stage.Clerk, []string{"password"}, "tabulation.column"},
		"whose review, for an auditor":  {stage.Auditor, []string{"reviewer"}, ""},
		"the legal head, for the chair": {stage.Chair, []string{"number", "legal_head"}, "tabulation.column"},
		"the legal head, for others":    {stage.Auditor, []string{"legal_head"}, "tabulation.column"},
		"anything, for an applicant":    {stage.Applicant, []string{"number"}, "tabulation.column"},
	} {
		if _, err := tabulation.Check(tt.role, tt.shown); codeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kept, err := tabulation.Check(stage.Clerk, []string{"number", "code", "number"}); err != nil || len(kept) != 2 {
		t.Errorf("one column twice: %v %v", kept, err)
	}
	for _, role := range []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor} {
		if _, err := tabulation.Check(role, tabulation.Usual); err != nil {
			t.Errorf("the usual columns, for %s: %v", role, err)
		}
	}
}

func TestArrange(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ step, code, want string }{
		"up":              {"up", "b", "b a c"},
		"the first up":    {"up", "a", "a b c"},
		"down":            {"down", "b", "a c b"},
		"the last down":   {"down", "c", "a b c"},
		"drop":            {"drop", "a", "b c"},
		"add":             {"add", "d", "a b c d"},
		"add what is in":  {"add", "b", "a b c"},
		"add nothing":     {"add", "", "a b c"},
		"move a stranger": {"up", "x", "a b c"},
	} {
		if got := strings.Join(tabulation.Arrange([]string{"a", "b", "c"}, tt.step, tt.code), " "); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := tabulation.Arrange([]string{"a"}, "drop", "a"); len(got) != 1 {
		t.Error("the last column goes")
	}
}

func TestSave(t *testing.T) {
	t.Parallel()
	by, now := stage.Actor{Account: "acc_a", Role: stage.Clerk}, time.Unix(1, 0)
	others := []tabulation.View{{ID: "tab_1", Name: "上会名单"}}
	for name, tt := range map[string]struct {
		name   string
		shown  []string
		others []tabulation.View
		code   string
	}{
		"a view":               {" 命名 名单 ", tabulation.Usual, others, ""},
		"without a name":       {" ", tabulation.Usual, others, "tabulation.name"},
		"the longest name":     {strings.Repeat("长", 30), tabulation.Usual, others, ""},
		"a name too long":      {strings.Repeat("长", 31), tabulation.Usual, others, "tabulation.name"},
		"the name of another":  {"上会名单", tabulation.Usual, others, "tabulation.name.taken"},
		"a column not for it":  {"甲", []string{"x"}, others, "tabulation.column"},
		"one view too many":    {"甲", tabulation.Usual, make([]tabulation.View, 30), "tabulation.many"},
		"the last that may be": {"甲", tabulation.Usual, make([]tabulation.View, 29), ""},
	} {
		v, err := tabulation.Save(by, tabulation.View{Name: tt.name, Shown: tt.shown}, tt.others, now)
		if codeOf(err) != tt.code || err == nil && (v.Account != "acc_a" || !v.MadeAt.Equal(now)) {
			t.Errorf("%s: %+v %v", name, v, err)
		}
	}
	if name, err := tabulation.Name("上会名单", others, "tab_1"); err != nil || name != "上会名单" {
		t.Errorf("its own name once more: %v", err)
	}
}
