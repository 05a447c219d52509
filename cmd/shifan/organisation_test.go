package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestOrganisationCheckCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args   string
		status int
		out    string
	}{
		{"check-code 51220000MJ0000018T", exitDone, "51220000MJ0000018T\tok\t\n"},
		{"check-code 51220000MJ00002450 53220000MJ0000034A", exitDone, "51220000MJ00002450\tok\t\n53220000MJ0000034A\tok\t\n"},
		{"check-code 51220000MJ0000081T", exitNot, "51220000MJ0000081T\tmismatch\t第18位校验码应为"},
		{"check-code 51220000MJ0000018", exitNot, "51220000MJ0000018\tinvalid\t统一社会信用代码是18位，现在是17位"},
		{"check-code ５１２２００００mj0000018t", exitDone, "51220000MJ0000018T\tok\t已按标准格式改写。\n"},
		{"check-code", exitUsage, ""},
		{"check-code --nothing", exitUsage, ""},
		{"", exitUsage, ""},
		{"conjure", exitUsage, ""},
	} {
		var out, problems bytes.Buffer
		if got := runOrganisation(strings.Fields(tt.args), &out, &problems); got != tt.status || !strings.HasPrefix(out.String(), tt.out) {
			t.Errorf("%s: got %d %q, want %d %q", tt.args, got, out.String(), tt.status, tt.out)
		}
		if tt.status == exitUsage && problems.Len() == 0 {
			t.Errorf("%s: says nothing about how to use it", tt.args)
		}
	}
}

func TestOrganisationCheckCodeJSON(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"check-code", "--json", "51220000MJ0000018T", "52220000MJ0000018T"},
		{"check-code", "51220000MJ0000018T", "52220000MJ0000018T", "--json"},
	} {
		var out, problems bytes.Buffer
		if got := runOrganisation(args, &out, &problems); got != exitNot {
			t.Errorf("%v: got %d, want 1", args, got)
		}
		var all []map[string]string
		if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) != 2 || all[0]["result"] != "ok" || all[1]["result"] != "mismatch" {
			t.Errorf("%v: got %s (%v)", args, out.String(), err)
		}
	}
}
