package main

import (
	"strings"
	"testing"
)

func TestBallotVerify(t *testing.T) {
	t.Parallel()
	const vectors = "../../internal/ballot/testdata/"
	for dir, tt := range map[string]struct {
		status int
		says   string
	}{
		"a-single":                           {exitDone, "计入5张"},
		"c-approval":                         {exitDone, "收到选票5张"},
		"rejected/3-wrong-result":            {exitNot, "不成立"},
		"accepted-by-the-tool/2-false-tally": {exitNot, "不成立"},
		"nothing":                            {exitUsage, ""},
	} {
		var out, errs strings.Builder
		if got := run([]string{"ballot", "verify", vectors + dir}, &out, &errs); got != tt.status || !strings.Contains(out.String(), tt.says) {
			t.Errorf("%s: %d %s %s", dir, got, &out, &errs)
		}
		out.Reset()
		if got := run([]string{"ballot", "verify", "--json", vectors + dir}, &out, &errs); got != tt.status || got != exitUsage && !strings.Contains(out.String(), `"holds":`) {
			t.Errorf("%s --json: %d %s", dir, got, &out)
		}
	}
}
