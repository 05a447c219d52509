package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

// TestGoldenProgrammeShow reads as text what the shipped programmes say.
func TestGoldenProgrammeShow(t *testing.T) {
	for _, name := range programmes.Names() {
		var out, errs strings.Builder
		if status := run([]string{"programme", "show", "../../programmes/" + name + "/programme.yaml"}, &out, &errs); status != exitDone {
			t.Fatalf("status %d: %s", status, errs.String())
		}
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(out.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), out.String()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestProgrammeShowJSON(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	if status := run([]string{"programme", "show", "--json", "../../programmes/jilin-party-building-base/programme.yaml"}, &out, &errs); status != exitDone {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	var s shown
	if err := json.Unmarshal([]byte(out.String()), &s); err != nil {
		t.Fatal(err)
	}
	if s.Name != "jilin-party-building-base" || len(s.Procedure) != 4 || len(s.Criteria) != 5 || len(s.Settings) < 40 || len(s.Eligibility) == 0 {
		t.Errorf("%d stages, %d groups, %d settings", len(s.Procedure), len(s.Criteria), len(s.Settings))
	}
	// What it says under file is the whole programme, which reads as the file itself does.
	text, err := json.MarshalIndent(s.File, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	again, err := format.Kept(text)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := programmes.Text("jilin-party-building-base")
	want, err := format.Kept(own)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	for _, set := range s.Settings {
		if set.Path == "publicity.days" && (set.Value != "5个工作日" || set.Source != "办法(五)") {
			t.Errorf("%+v", set)
		}
		if set.Value == "" || set.Source == "" || set.Title == "" {
			t.Errorf("a setting says nothing: %+v", set)
		}
	}
}

func TestProgrammeCheck(t *testing.T) {
	t.Parallel()
	good := "../../programmes/jilin-party-building-base/programme.yaml"
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "坏.yaml")
	if err := os.WriteFile(bad, []byte(strings.Replace(string(text), "  days: 5\n  count", "  days: 0\n  count", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args   []string
		status int
		out    string
		errs   string
	}{
		"good":          {[]string{"check", good}, exitDone, "", "没有问题"},
		"bad":           {[]string{"check", bad}, exitNot, bad + ":", ""},
		"both":          {[]string{"check", good, bad}, exitNot, "（publicity.days）写的是0", "没有问题"},
		"the line":      {[]string{"check", bad}, exitNot, "\n      days: 0\n", ""},
		"in JSON":       {[]string{"check", bad, "--json"}, exitNot, `"path": "publicity.days"`, ""},
		"good in JSON":  {[]string{"check", "--json", good}, exitDone, `"problems": []`, ""},
		"not there":     {[]string{"check", "none.yaml"}, exitUsage, "", "没有找到文件“none.yaml”"},
		"one not there": {[]string{"check", "none.yaml", bad}, exitUsage, "（publicity.days）写的是0", "没有找到文件“none.yaml”"},
		"a folder":      {[]string{"check", "testdata"}, exitUsage, "", "“testdata”是文件夹"},
		"by its name":   {[]string{"check", "jilin-party-building-base"}, exitDone, "", "没有问题"},
		"no file":       {[]string{"check"}, exitUsage, "", "usage"},
		"another word":  {[]string{"mend", good}, exitUsage, "", "usage"},
		"shown bad":     {[]string{"show", bad}, exitNot, "", "publicity.days"},
		"shown nothing": {[]string{"show", "none.yaml"}, exitUsage, "", "没有找到文件“none.yaml”"},
		"show two":      {[]string{"show", good, good}, exitUsage, "", "usage"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errs strings.Builder
			status := run(append([]string{"programme"}, tt.args...), &out, &errs)
			if status != tt.status || !strings.Contains(out.String(), tt.out) || !strings.Contains(errs.String(), tt.errs) || tt.out == "" && out.String() != "" {
				t.Errorf("status %d, want %d\nout: %s\nerr: %s", status, tt.status, out.String(), errs.String())
			}
		})
	}
}
