package play_test

import (
	"os"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

// TestAStrangersProgramme lives a programme that was written from the schema and the docs
// alone, by its own dates. What is made of it says nothing that it does not say: its
// applicants are no social organisations, none of them has a Party organisation, and
// nothing is of Jilin.
func TestAStrangersProgramme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/elderly-friendly-community.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w, lines, counts, err := play.Play(t.Context(), fresh(t), text)
	if err != nil {
		t.Fatal(err)
	}
	foreign := func(where, s string) {
		t.Helper()
		for _, word := range []string{"社会组织", "党", "吉林"} {
			if at := strings.Index(s, word); at >= 0 {
				t.Errorf("%s says %s: %q", where, word, s[max(0, at-30):min(len(s), at+30)])
			}
		}
	}
	days := map[string]string{}
	for _, l := range lines {
		if days[l.Act] == "" {
			days[l.Act] = calendar.DateOf(l.At).String()
		}
		foreign("the timeline", l.By+" "+l.Basis)
	}
	// Seven working days after the day of publication, titles of five years.
	for act, want := range map[string]string{
		"round.publish": "2021-03-01", "application.forfeit": "2021-03-31", "publicity.publish": "2021-04-18", "publicity.serve": "2021-04-27", "recheck.open": "2025-12-28",
	} {
		if days[act] != want {
			t.Errorf("%s on %s, want %s", act, days[act], want)
		}
	}
	nineYears(t, lines, counts, "designation.expire")
	reconcile(t, w, lines, counts)
	if len(counts.Rounds) != 2 || counts.Rounds[0].Named == 0 || counts.Rounds[0].Named > 6 {
		t.Errorf("%+v", counts.Rounds)
	}
	all, err := w.Desk.Publicities(t.Context(), stage.Anyone, casework.PublicityFilter{Limit: 10})
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	for _, v := range all {
		files, err := w.Desk.Handover(t.Context(), stage.Anyone, v.Publicity.ID, "https://portal.example")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name, ".pdf") && !strings.HasSuffix(f.Name, ".docx") { // these say what the others say
				foreign(f.Name, string(f.Text))
			}
			if f.Name == "list.txt" && !strings.Contains(string(f.Text), "家社区居民委员会") {
				t.Errorf("the list does not say who applied: %s", f.Text)
			}
		}
	}
}

// TestATeamOfTwo: a team of two is drawn, and cooperatives apply; a script that looked for
// three in a team of two looked forever.
func TestATeamOfTwo(t *testing.T) {
	t.Parallel()
	w, _, counts, err := play.Play(t.Context(), fresh(t), []byte(smallest+"version: 1\nvisit: {team_min: 2}\nrecheck: {every_years: 0}\napplicants: {kinds: [cooperative]}\nnaming: {numbers: 示创委}\n"))
	if err != nil || counts.Rounds[0].Named == 0 {
		t.Fatal(err)
	}
	if h := w.Houses[0]; h.Kind != "cooperative" || h.Name != "云杉农民专业合作社" || h.Code[:2] != "93" {
		t.Errorf("%+v is no cooperative", h.Invented)
	}
}
