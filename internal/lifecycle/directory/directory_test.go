package directory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/directory"
)

// TestRegions: by province and by register, in the order of the codes; what is in none
// comes last and is not lost.
func TestRegions(t *testing.T) {
	t.Parallel()
	got := directory.Regions([]directory.Count{
		{Division: "", Held: true, N: 1},
		{Division: "990000", Held: true, N: 1},
		{Division: "220102", Held: true, N: 2},
		{Division: "220000", Held: true, N: 3},
		{Division: "220000", Registrar: "吉林省民政厅", N: 4},
		{Division: "110000", Registrar: "北京市民政局", N: 5},
	})
	area := func(code string) creditcode.Area { p, _ := creditcode.AreaOf(code); return p }
	want := []directory.Region{
		{Area: area("11"), Ever: 5, Registers: []directory.Register{{"110000", "北京市民政局", 0, 5}}},
		{Area: area("22"), Held: 5, Ever: 9, Registers: []directory.Register{{"220000", "吉林省民政厅", 3, 7}, {"220102", "", 2, 2}}},
		{Area: creditcode.Area{Name: "没有代码"}, Held: 2, Ever: 2, Registers: []directory.Register{{"", "", 2, 2}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestYears: a year without anything is not left out, and each comes of the one before.
func TestYears(t *testing.T) {
	t.Parallel()
	got := directory.Years([]directory.Span{{2021, 0, 3}, {2021, 2024, 2}, {2023, 2023, 1}, {2024, 0, 4}}, 2025)
	want := []directory.Year{{2025, 0, 0, 7}, {2024, 4, 2, 7}, {2023, 1, 1, 5}, {2022, 0, 0, 5}, {2021, 5, 0, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none := directory.Years(nil, 2025); none != nil {
		t.Errorf("no title, %v", none)
	}
}
