package answer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/programme"
)

var (
	passFail = programme.Indicator{Code: "1-2", Judged: "pass_fail", Evidence: []string{"换届批复", "选举结果"}, Words: 10}
	scored   = programme.Indicator{Code: "4-1", Judged: "scored", Points: 10}
)

func codes(faults []*fault.Fault) (all []string) {
	for _, f := range faults {
		if f == nil {
			continue
		}
		all = append(all, f.Code+"@"+f.Fields[0].Path)
	}
	return all
}

// TestKeep: a draft keeps whatever can be kept; only what nobody could read or
// that has no end is refused (S43).
func TestKeep(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   answer.Answer
		of   programme.Indicator
		want answer.Answer
		code []string
	}{
		"nothing":                {answer.Answer{}, passFail, answer.Answer{}, nil},
		"half of it":             {answer.Answer{Statement: " 写了一半\r\n第二行 "}, passFail, answer.Answer{Statement: "写了一半\n第二行"}, nil},
		"too long for later":     {answer.Answer{Statement: strings.Repeat("长", 11)}, passFail, answer.Answer{Statement: strings.Repeat("长", 11)}, nil},
		"rare characters":        {answer.Answer{Statement: "𠮷林", Rating: answer.Meets}, passFail, answer.Answer{Statement: "𠮷林", Rating: answer.Meets}, nil},
		"an unknown rating":      {answer.Answer{Rating: "great"}, passFail, answer.Answer{Rating: "great"}, []string{"answer.keep.rating@1-2.rating"}},
		"NUL":                    {answer.Answer{Statement: "示范\x00基地"}, passFail, answer.Answer{Statement: "示范\x00基地"}, []string{"answer.keep.control@1-2.statement"}},
		"no UTF-8":               {answer.Answer{Statement: "\xff"}, passFail, answer.Answer{Statement: "\xff"}, []string{"answer.keep.control@1-2.statement"}},
		"20,000":                 {answer.Answer{Statement: strings.Repeat("长", 20000)}, passFail, answer.Answer{Statement: strings.Repeat("长", 20000)}, nil},
		"20,001":                 {answer.Answer{Statement: strings.Repeat("长", 20001)}, passFail, answer.Answer{Statement: strings.Repeat("长", 20001)}, []string{"answer.keep.long@1-2.statement"}},
		"one word without end":   {answer.Answer{Statement: strings.Repeat("a", 80001)}, passFail, answer.Answer{Statement: strings.Repeat("a", 80001)}, []string{"answer.keep.long@1-2.statement"}},
		"a gap in evidence":      {answer.Answer{Evidence: []string{"", " 结果 ", "", "照片"}}, passFail, answer.Answer{Evidence: []string{"", "结果", "照片"}}, nil},
		"blank evidence":         {answer.Answer{Evidence: []string{"", " ", ""}}, passFail, answer.Answer{}, nil},
		"evidence of two lines":  {answer.Answer{Evidence: []string{"一\n二"}}, passFail, answer.Answer{Evidence: []string{"一\n二"}}, []string{"fact.text.bad@1-2.evidence.0"}},
		"evidence in 201 字":      {answer.Answer{Evidence: []string{strings.Repeat("长", 201)}}, passFail, answer.Answer{Evidence: []string{strings.Repeat("长", 201)}}, []string{"fact.text.long@1-2.evidence.0"}},
		"a score where none is":  {answer.Answer{Rating: answer.Meets, Score: 5}, passFail, answer.Answer{Rating: answer.Meets}, nil},
		"no score yet":           {answer.Answer{Score: 7}, scored, answer.Answer{}, nil},
		"all points":             {answer.Answer{Rating: answer.Partly, Score: 10}, scored, answer.Answer{Rating: answer.Meets, Score: 10}, nil},
		"no points":              {answer.Answer{Rating: answer.Meets}, scored, answer.Answer{Rating: answer.Fails}, nil},
		"some points":            {answer.Answer{Rating: answer.Meets, Score: 9}, scored, answer.Answer{Rating: answer.Partly, Score: 9}, nil},
		"more points than exist": {answer.Answer{Rating: answer.Meets, Score: 11}, scored, answer.Answer{Rating: answer.Meets, Score: 11}, []string{"answer.keep.score@4-1.score"}},
		"fewer than none":        {answer.Answer{Rating: answer.Meets, Score: -1}, scored, answer.Answer{Rating: answer.Fails, Score: -1}, []string{"answer.keep.score@4-1.score"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := tt.in.Keep(tt.of)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.code, codes(faults)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, faults := (answer.Answer{Evidence: strings.Split(strings.Repeat("一 ", 20)+"二", " ")}).Keep(passFail); !slices.Equal(codes(faults), []string{"answer.keep.evidence@1-2.evidence.0"}) {
		t.Error(faults)
	}
}

// TestGaps: what is missing for the submission, each at its field.
func TestGaps(t *testing.T) {
	t.Parallel()
	full := func(change func(*answer.Answer)) answer.Answer {
		w := answer.Answer{Rating: answer.Meets, Statement: strings.Repeat("长", 10), Evidence: []string{"批复", "结果"}}
		change(&w)
		return w
	}
	for name, tt := range map[string]struct {
		in   answer.Answer
		of   programme.Indicator
		want []string
	}{
		"complete":                    {full(func(*answer.Answer) {}), passFail, nil},
		"everything open":             {answer.Answer{}, passFail, []string{"answer.complete.rating@1-2.rating", "answer.complete.statement@1-2.statement", "answer.complete.evidence@1-2.evidence.0", "answer.complete.evidence@1-2.evidence.1"}},
		"a 字 too many":                {full(func(w *answer.Answer) { w.Statement += "长" }), passFail, []string{"answer.complete.words@1-2.statement"}},
		"blanks do not count":         {full(func(w *answer.Answer) { w.Statement += " \n " }), passFail, nil},
		"a number is one 字":           {full(func(w *answer.Answer) { w.Statement = "本年开展12次活动人" }), passFail, nil},
		"the second evidence open":    {full(func(w *answer.Answer) { w.Evidence = w.Evidence[:1] }), passFail, []string{"answer.complete.evidence@1-2.evidence.1"}},
		"who fails need not prove it": {full(func(w *answer.Answer) { w.Rating, w.Evidence = answer.Fails, nil }), passFail, nil},
		"but has to say why":          {answer.Answer{Rating: answer.Fails}, passFail, []string{"answer.complete.statement@1-2.statement"}},
		"no score":                    {answer.Answer{Statement: "写了"}, scored, []string{"answer.complete.score@4-1.score"}},
		"800 where nothing is said":   {answer.Answer{Rating: answer.Partly, Score: 1, Statement: strings.Repeat("长", 800)}, scored, nil},
		"801":                         {answer.Answer{Rating: answer.Partly, Score: 1, Statement: strings.Repeat("长", 801)}, scored, []string{"answer.complete.words@4-1.statement"}},
	} {
		if diff := cmp.Diff(tt.want, codes(tt.in.Gaps(tt.of))); diff != "" {
			t.Error(name, diff)
		}
	}
}

// TestDigest: the digest covers everything that is submitted and does not depend
// on the order in which it was typed.
func TestDigest(t *testing.T) {
	t.Parallel()
	content := func(change func(*answer.Content)) answer.Content {
		c := answer.Content{
			Round: "rnd_1", Organisation: "org_1", Name: "吉林省<𠮷>协会", PartyBody: "党支部", Category: "a", Signatory: "书记甲", Committed: true,
			Answers: map[string]answer.Answer{"1-2": {Rating: answer.Meets, Statement: "是", Evidence: []string{"一"}}, "1-1": {Rating: answer.Fails}},
		}
		change(&c)
		return c
	}
	base := content(func(*answer.Content) {})
	const canonical = `{"round":"rnd_1","organisation":"org_1","name":"吉林省<𠮷>协会","party_body":"党支部","category":"a","answers":{"1-1":{"rating":"fails","score":0,"statement":"","evidence":null},"1-2":{"rating":"meets","score":0,"statement":"是","evidence":["一"]}},"signatory":"书记甲","committed":true}`
	if got := string(base.Canonical()); got != canonical {
		t.Error(got)
	}
	if got := base.Digest(); len(got) != 64 || got != content(func(*answer.Content) {}).Digest() {
		t.Error(got)
	}
	for name, change := range map[string]func(*answer.Content){
		"the round":        func(c *answer.Content) { c.Round = "rnd_2" },
		"the organisation": func(c *answer.Content) { c.Organisation = "org_2" },
		"the name":         func(c *answer.Content) { c.Name = "x" },
		"the Party body":   func(c *answer.Content) { c.PartyBody = "x" },
		"the category":     func(c *answer.Content) { c.Category = "b" },
		"a statement":      func(c *answer.Content) { c.Answers["1-2"] = answer.Answer{Rating: answer.Meets, Statement: "否"} },
		"who signs":        func(c *answer.Content) { c.Signatory = "x" },
		"the commitment":   func(c *answer.Content) { c.Committed = false },
	} {
		if content(change).Digest() == base.Digest() {
			t.Errorf("the digest does not cover %s", name)
		}
	}
}

// TestRepeated: one paper does not stand for several things (S12).
func TestRepeated(t *testing.T) {
	t.Parallel()
	c := answer.Content{Answers: map[string]answer.Answer{
		"0-4": {Evidence: []string{"会议 纪要", "文件", "会议纪要", ""}}, "1-1": {Evidence: []string{"会议纪要", "批复", "", ""}},
	}}
	want := []answer.Repeat{{Evidence: "会议纪要", Under: []string{"0-4", "0-4", "1-1"}}}
	if diff := cmp.Diff(want, c.Repeated()); diff != "" {
		t.Error(diff)
	}
}

// TestPersonal: numbers of persons are pointed out, other numbers are not
// (facts.md §8).
func TestPersonal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"联系13912345678":          true,
		"身份证22010419900101123X号": true,
		"代码51220000MJ0000018T":   false,
		"捐赠139123456789元":        false,
		"捐赠1391234567元":          false,
		"2021年12次":               false,
		"12345678901":            false,
	} {
		c := answer.Content{Answers: map[string]answer.Answer{"1-1": {Evidence: []string{text}}}}
		if got := len(c.Personal()) == 1; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
