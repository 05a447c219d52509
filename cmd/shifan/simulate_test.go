package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSimulate(t *testing.T) {
	t.Parallel()
	simulate := func(args ...string) (int, map[string]any, string) {
		var out, errs strings.Builder
		status := run(append([]string{"simulate", "--json"}, args...), &out, &errs)
		var r map[string]any
		if status != exitUsage {
			if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
				t.Fatalf("%v: %v in %s", args, err, &out)
			}
		}
		return status, r, errs.String()
	}
	status, a, _ := simulate("--years", "40", "--seed", "7")
	_, b, _ := simulate("--years", "40", "--seed", "7")
	if status != exitDone || a["digest"] != b["digest"] || a["programme_years"] != 40.0 || len(a["violations"].([]any)) != 0 {
		t.Errorf("%d %v %v", status, a, b)
	}
	for _, args := range [][]string{{"--years", "0"}, {"--storage", "paper"}, {"--organisations", "-1"}, {"more"}} {
		if status, _, _ := simulate(args...); status != exitUsage {
			t.Errorf("%v: %d", args, status)
		}
	}
}
