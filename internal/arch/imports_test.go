package arch_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const root = "shifan/internal/"

// floors lists the packages from the ground up. A package may import only
// packages on lower floors; those on one floor do not know one another. The
// chapters stand one on top of another, in the order in which the life is told.
var floors = []string{
	"chars fault", "id", "ballot calendar credential record creditcode likeness",
	"ics lot personal",
	"numeral sheet",
	"lifecycle/stage", "lifecycle/words",
	"lifecycle/expression", "lifecycle/programme/facts lifecycle/template", "lifecycle/programme", "lifecycle/programme/plate lifecycle/score lifecycle/raters", "lifecycle/programme/wording", "lifecycle/programme/check lifecycle/programme/schema", "lifecycle/programme/cite lifecycle/programme/format lifecycle/programme/words", "lifecycle/programme/reword",
	"lifecycle/holding", "lifecycle/round", "lifecycle/archive lifecycle/fact", "lifecycle/ledger", "lifecycle/party", "lifecycle/organisation", "lifecycle/eligibility", "lifecycle/ruling", "lifecycle/heading lifecycle/outcome", "lifecycle/cell", "lifecycle/roster",
	"lifecycle/stamped", "lifecycle/answer", "lifecycle/notice", "lifecycle/application", "lifecycle/file", "lifecycle/upload lifecycle/factproof", "lifecycle/review", "lifecycle/interest", "lifecycle/assessment", "lifecycle/draw", "lifecycle/team", "lifecycle/visit lifecycle/calibration", "lifecycle/checklist",
	"lifecycle/ballot", "lifecycle/meeting", "lifecycle/item", "lifecycle/places lifecycle/ranking lifecycle/ceremony lifecycle/countsheet", "lifecycle/election", "lifecycle/minutes", "lifecycle/publicity", "lifecycle/inquiry", "lifecycle/objection lifecycle/probe",
	"lifecycle/designation", "lifecycle/credential lifecycle/document", "lifecycle/naming", "lifecycle/plaque", "lifecycle/photograph lifecycle/trigger", "lifecycle/misuse", "lifecycle/recheck lifecycle/figure", "lifecycle/rectification", "lifecycle/plan", "lifecycle/revocation", "lifecycle/story", "lifecycle/message", "lifecycle/directory lifecycle/horizon lifecycle/statistic lifecycle/tabulation",
	"lifecycle/invariant", "lifecycle/invariant/together",
	"lifecycle",
	"archive blob evidence hook mail store paper/font paper/scan paper/docx", "backup paper/pdf paper/check", "paper", "paper/artwork",
	"casework",
	"door",
	"web/page",
	"web api jobs",
	"play", "play/simulate",
	"testkit/htmlcheck",
	"testkit",
}

// deeds names what the ground and the lifecycle may not touch: they decide,
// they do not act.
var deeds = []string{
	"context", "database/sql", "github.com/a-h/templ", "html/template", "log", "log/slog",
	"net", "net/http", "os", "os/exec", "text/template", "crypto/rand", "math/rand", "math/rand/v2",
}

// packages lists every package below internal/ with what it imports.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, root+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		all[strings.TrimPrefix(f[0], root)] = f[1:]
	}
	return all
}

func floorOf(pkg string) int {
	return slices.IndexFunc(floors, func(f string) bool { return slices.Contains(strings.Fields(f), pkg) })
}

// TestImportsPointDown is rule 1 of ARCHITECTURE.md.
func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for from, imports := range packages(t) {
		if from == "arch" {
			continue
		}
		if floorOf(from) < 0 {
			t.Errorf("%s is on no floor; give it one in the list above", from)
			continue
		}
		for _, imp := range imports {
			if to, ours := strings.CutPrefix(imp, root); ours && floorOf(to) >= floorOf(from) {
				t.Errorf("%s imports %s, which is not below it", from, to)
			}
		}
	}
}

// TestLifecycleDecidesAndDoesNotAct is rule 2.
func TestLifecycleDecidesAndDoesNotAct(t *testing.T) {
	t.Parallel()
	for from, imports := range packages(t) {
		if floorOf(from) >= floorOf("store") || from == "arch" {
			continue
		}
		for _, imp := range imports {
			if slices.Contains(deeds, imp) {
				t.Errorf("%s imports %s: this floor decides, it does not act", from, imp)
			}
		}
	}
}

// TestOnlyTheStoreKnowsSQL is the first half of rule 3; the second is that the
// store writes through its tables (TestWritesGoThroughTables).
func TestOnlyTheStoreKnowsSQL(t *testing.T) {
	t.Parallel()
	for from, imports := range packages(t) {
		if from == "store" || from == "testkit" {
			continue
		}
		for _, imp := range imports {
			if imp == "database/sql" || strings.HasPrefix(imp, "modernc.org/sqlite") || strings.HasPrefix(imp, "github.com/jackc/pgx") {
				t.Errorf("%s imports %s: only the store knows SQL", from, imp)
			}
		}
	}
}

// TestDoorsCallCaseworkOnly is rule 4.
func TestDoorsCallCaseworkOnly(t *testing.T) {
	t.Parallel()
	for from, imports := range packages(t) {
		switch from {
		case "door", "web", "web/page", "api", "jobs":
		default:
			continue
		}
		for _, imp := range imports {
			if imp == root+"store" {
				t.Errorf("%s imports the store: a door calls casework and nothing below it except for types", path.Base(from))
			}
		}
	}
}
