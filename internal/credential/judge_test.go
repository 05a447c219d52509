package credential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// judged is how many credentials of each kind the judge is given: a fortieth of what
// `make credentials` gives it, so that it fits into every run.
const judged = 25

// TestJudged: @digitalbazaar/vc with its suites accepts ours, rejects each that was
// altered or has expired, and reads the status of those that are revoked. How many of
// each kind SHIFAN_TEST_CREDENTIALS says.
func TestJudged(t *testing.T) {
	t.Parallel()
	n := judged
	if s := os.Getenv("SHIFAN_TEST_CREDENTIALS"); s != "" {
		n = must(strconv.Atoi(s))
	}
	judge := must(filepath.Abs("../../test/credential"))
	if _, err := os.Stat(filepath.Join(judge, "node_modules")); err != nil {
		t.Fatal("the judge is not installed: make tools")
	}
	dir, now := t.TempDir(), begins.AddDate(1, 0, 0)
	keep := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	type verdict struct {
		File     string `json:"file"`
		Verified bool   `json:"verified"`
		Revoked  bool   `json:"revoked"`
	}
	var cases []verdict
	var revoked []int
	for i := range n {
		revoked = append(revoked, 2*n+i)
	}
	o := newOffice(revoked...)
	add := func(kind string, i int, text []byte, verified, revoked bool) {
		name := fmt.Sprintf("%s-%d.json", kind, i)
		keep(name, text)
		cases = append(cases, verdict{name, verified, revoked})
	}
	for i := range n {
		c := []*Claims{sample(), odd(), forever()}[i%3]
		c.ID, c.Number, c.Index = fmt.Sprintf("%s%d", c.ID, i), fmt.Sprintf("2026-%03d", i), i
		good := o.issue(c)
		add("good", i, good, true, false)
		add("bad", i, alter(t, good, i), false, false)
		c.Index = 2*n + i
		add("revoked", i, o.issue(c), true, true)
	}
	keep("did.json", o.document)
	keep("status-1.json", o.listed)
	documents := map[string]string{sample().List: "status-1.json"}
	for address, text := range Contexts() {
		name := fmt.Sprintf("context-%d.json", len(documents))
		documents[address] = name
		keep(name, text)
	}
	keep("cases.json", must(json.Marshal(map[string]any{"now": stamp(now), "documents": documents, "cases": cases})))
	out, err := exec.Command("node", filepath.Join(judge, "judge.mjs"), dir).CombinedOutput()
	want := fmt.Sprintf(`{"accepted":%d,"rejected":%d,"revoked":%d}`, n, n, n)
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), want) {
		t.Errorf("want %s: %v\n%s", want, err, out)
	}
}

// alter changes one thing of a credential, another one each time, or lets it expire a
// day before it is judged: the library forgives five minutes.
func alter(t *testing.T, good []byte, i int) []byte {
	t.Helper()
	if i%8 == 7 {
		c := sample()
		c.From, c.Until = begins.AddDate(-3, 0, 0), begins.AddDate(1, 0, -1)
		return newOffice().issue(c)
	}
	change := [][2]string{
		{`"licenseNumber":"2026-`, `"licenseNumber":"2025-`},
		{`"name":"社会组织党建工作示范基地"`, `"name":"社会组织党建工作示范单位"`},
		{`"identityHash":"5122`, `"identityHash":"5222`},
		{`"statusListIndex":"`, `"statusListIndex":"9`},
		{`"validFrom":"2026-06-30`, `"validFrom":"2026-06-29`},
		{`"proofValue":"z`, `"proofValue":"z2`},
		{"/programmes/base", "/programmes/basf"},
	}[i%8]
	bad := bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1)
	if bytes.Equal(bad, good) {
		t.Fatalf("nothing to alter: %s", change[0])
	}
	return bad
}
