package casework_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"shifan/internal/testkit"
)

// TestHandover: the package needs nothing from elsewhere, says names and days as they were
// published, and its digests are those of its files; a draft has none.
func TestHandover(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round, clerk := w.OpenRound(), w.Office().Clerk
	apps := w.Carried(round, 2)
	w.At("2021-09-01 10:00:00")
	draft := w.DraftedPublicity(round)
	if _, err := w.Desk.Handover(t.Context(), clerk, draft, "https://base.example"); err == nil {
		t.Error("a draft is handed over")
	}
	w.Refused(w.Desk.CancelPublicity(t.Context(), clerk, draft, ""), "words.empty")
	if err := w.Desk.CancelPublicity(t.Context(), clerk, draft, "重新起草"); err != nil {
		t.Fatal(err)
	}
	key := w.Publicised(apps...)
	v, err := w.Desk.Publicity(t.Context(), clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Desk.Handover(t.Context(), clerk, key, "https://base.example/")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range all {
		files[f.Name] = string(f.Text)
	}
	for name, text := range files {
		if name != "SHA256SUMS.txt" && !strings.Contains(files["SHA256SUMS.txt"], fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name)) {
			t.Errorf("the digest of %s is wrong", name)
		}
	}
	for _, c := range v.Candidates {
		for _, name := range []string{"publicity.html", "list.csv", "list.txt"} {
			if !strings.Contains(files[name], c.Name) || !strings.Contains(files[name], c.Code) {
				t.Errorf("%s is not in %s", c.Name, name)
			}
		}
	}
	page := files["publicity.html"]
	if found := regexp.MustCompile(`(?i)<script|<link|<img|src=|href=|url\(|@import`).FindString(page); found != "" {
		t.Errorf("the page needs %s", found)
	}
	for _, want := range []string{v.Publicity.Digest, v.Publicity.Last.Chinese(), "加盖单位公章"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if !strings.HasPrefix(files["list.csv"], "\ufeff序号,") || !strings.HasPrefix(files["publicity.pdf"], "%PDF") || !strings.Contains(files["说明.txt"], v.Publicity.Digest) {
		t.Errorf("%.40q %.8q", files["list.csv"], files["publicity.pdf"])
	}
}
