package inquiry_test

import (
	"fmt"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
)

// TestHandler: a case goes to a clerk without an interest, and stays theirs while none
// comes up.
func TestHandler(t *testing.T) {
	t.Parallel()
	free := inquiry.Handler{Account: "acc_a", Name: "甲"}
	tied := inquiry.Handler{Account: "acc_a", Name: "甲", Interest: "兼任该单位经办人"}
	for what, tt := range map[string]struct {
		err  error
		code string
	}{
		"given":               {free.Take(""), ""},
		"given to another":    {free.Take("acc_b"), ""},
		"given twice":         {free.Take("acc_a"), "inquiry.assign.same"},
		"given to nobody":     {inquiry.Handler{}.Take(""), "inquiry.assign.nobody"},
		"given with a tie":    {tied.Take(""), "inquiry.assign.interest"},
		"its handler":         {free.Mine("acc_a", "acc_a"), ""},
		"another":             {inquiry.Handler{Account: "acc_b"}.Mine("acc_b", "acc_a"), "inquiry.handler"},
		"nobody's yet":        {free.Mine("acc_a", ""), "inquiry.handler"},
		"no clerk any more":   {inquiry.Handler{}.Mine("acc_a", "acc_a"), "inquiry.handler"},
		"a tie came up since": {tied.Mine("acc_a", "acc_a"), "inquiry.assign.interest"},
	} {
		if tt.err != nil && fault.CodeOf(tt.err) != tt.code || (tt.err == nil) != (tt.code == "") {
			t.Errorf("%s: %v", what, tt.err)
		}
	}
}

// TestSource: what others read tells neither the name nor the contact of who raised it.
func TestSource(t *testing.T) {
	t.Parallel()
	who := inquiry.Source{Name: "柳某 ", Contact: "0431-00000000"}
	for text, leaks := range map[string]bool{"柳某反映": true, "打0431-00000000": true, "有人反映": false, "": false} {
		if f := who.Secret("异议人", "finding", "核查结论", text); (f != nil) != leaks {
			t.Errorf("%q: %v", text, f)
		}
	}
	if (inquiry.Source{}).Tells("什么都没有") {
		t.Error("an unsigned source is told")
	}
	one := who.Fingerprint("cnd_a", "年报 没有公开")
	if one != who.Fingerprint("cnd_a", " 年报\n没有公开 ") || one == who.Fingerprint("cnd_b", "年报 没有公开") || one == (inquiry.Source{}).Fingerprint("cnd_a", "年报 没有公开") {
		t.Error("the same thing sent twice is not told from another")
	}
}

// TestAttach: ten files, fifty megabytes, each looked at, and the same bytes once.
func TestAttach(t *testing.T) {
	t.Parallel()
	several := func(n int, size int64) (all []inquiry.Attachment) {
		for i := range n {
			all = append(all, inquiry.Attachment{ID: id.Attachment(fmt.Sprint(i)), Size: size, SHA256: fmt.Sprint(i)})
		}
		return all
	}
	for what, tt := range map[string]struct {
		before  []inquiry.Attachment
		size    int64
		sum     string
		scanned bool
		fresh   bool
		code    string
	}{
		"the first":             {nil, 1, "x", true, true, ""},
		"the tenth":             {several(9, 1), 1, "x", true, true, ""},
		"the eleventh":          {several(10, 1), 1, "x", true, false, "inquiry.attach.many"},
		"the same once more":    {several(10, 1), 1, "3", false, false, ""},
		"to the last byte":      {several(4, 10<<20), 10 << 20, "x", true, true, ""},
		"a byte too many":       {several(4, 10<<20), 10<<20 + 1, "x", true, false, "inquiry.attach.full"},
		"the scanner is silent": {nil, 1, "x", false, false, "inquiry.attach.unscanned"},
	} {
		fresh, err := inquiry.Attach(tt.before, inquiry.Attachment{Name: "照片.jpg", Size: tt.size, SHA256: tt.sum}, tt.scanned)
		if fresh != tt.fresh || err != nil && fault.CodeOf(err) != tt.code || (err == nil) != (tt.code == "") {
			t.Errorf("%s: %v %v", what, fresh, err)
		}
	}
}
