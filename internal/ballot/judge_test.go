package ballot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/ballot"
)

// elections is how many are made each way: SHIFAN_TEST_BALLOTS, or 20, which take 35 s of CPU.
func elections(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("SHIFAN_TEST_BALLOTS"))
	if err != nil {
		return 20
	}
	return n
}

// tool runs Debian's belenios-tool in a folder and returns what it says.
func tool(t testing.TB, dir, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "belenios-tool", args...)
	var out, said bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(stdin), &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%v: %w: %s", args, err, said.String())
	}
	if strings.Contains(said.String(), "W:") {
		return "", fmt.Errorf("%v: %s", args, said.String())
	}
	return out.String(), nil
}

func must(t *testing.T, out string, err error) string {
	t.Helper()
	check(t, err)
	return out
}

// judge asks the tool and this package whether an archive holds.
func judge(t *testing.T, name string, file []byte) (tooled, ours error) {
	t.Helper()
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, name+".bel"), file, 0o600))
	_, tooled = tool(t, dir, "", "election", "verify")
	_, ours = ballot.Verify(file)
	return tooled, ours
}

// TestToolVerifiesOurs: elections whose trustees, credentials, ballots and decryptions
// are the browser's and whose archive is ours hold for belenios-tool; with a byte
// changed they hold for neither.
func TestToolVerifiesOurs(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	c, seeds := ceremonyIn(t, b)
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // which elections are tried, nothing secret
	for n := range elections(t) {
		file, want := electionOf(t, b, c, seeds, dice)
		report, err := ballot.Verify(file)
		check(t, err)
		if diff := cmp.Diff(want, report.Result); diff != "" {
			t.Error(diff)
		}
		if tooled, _ := judge(t, report.UUID, file); tooled != nil {
			t.Errorf("election %d: %v", n, tooled)
		}
		changed := bytes.Clone(file)
		for at := dice.IntN(len(file)); ; at = dice.IntN(len(file)) {
			if d := changed[at]; '0' <= d && d <= '9' {
				changed[at] = '0' + (d-'0'+1+byte(dice.IntN(9)))%10
				break
			}
		}
		if tooled, ours := judge(t, report.UUID, changed); tooled == nil || ours == nil {
			t.Errorf("election %d with a digit changed: the tool %v, we %v", n, tooled, ours)
		}
	}
}

// ceremonyIn lives a ceremony of three trustees in the browser, any two of whom
// decrypt.
func ceremonyIn(t *testing.T, b *browser) (ballot.Ceremony, []string) {
	t.Helper()
	c := ballot.Ceremony{Group: ballot.Belenios2048, Threshold: 2}
	var seeds []string
	for range 3 {
		seeds = append(seeds, b.text(false, "newSeed"))
		c.Certificates = append(c.Certificates, []byte(b.text(false, "certify", seeds[len(seeds)-1])))
	}
	for who, seed := range seeds {
		c.Dealings = append(c.Dealings, []byte(b.text(false, "deal", seed, texts(c.Certificates), who, 2)))
		check(t, c.CheckDealing(who, c.Dealings[who]))
	}
	for who, seed := range seeds {
		in, err := c.SharesFor(who)
		check(t, err)
		c.Acceptances = append(c.Acceptances, []byte(b.text(false, "accept", seed, texts(c.Certificates), who, string(in))))
		check(t, c.CheckAcceptance(who, c.Acceptances[who]))
	}
	return c, seeds
}

// electionOf holds one election of a random shape and returns its archive and the
// counts of the votes as they were meant.
func electionOf(t *testing.T, b *browser, c ballot.Ceremony, seeds []string, dice *rand.Rand) (file []byte, counts [][]int) {
	t.Helper()
	trustees, key, err := c.Trustees()
	check(t, err)
	uuid, err := ballot.NewToken(chance{dice})
	check(t, err)
	e := ballot.Election{Version: 1, Name: "无记名表决", Group: c.Group.Name, PublicKey: key, UUID: uuid}
	for i := range 1 + dice.IntN(2) {
		q := ballot.Question{Answers: []string{"赞成", "反对", "弃权"}, Min: 1, Max: 1, Text: fmt.Sprintf("“议题”%d <甲&乙>", i+1)}
		if dice.IntN(4) == 0 {
			q.Min, q.Max = 0, 1+dice.IntN(3)
		}
		e.Questions, counts = append(e.Questions, q), append(counts, make([]int, 3))
	}
	election, err := e.Write()
	check(t, err)
	voters := 1 + dice.IntN(3)
	var private, public []string
	for range voters {
		private = append(private, b.text(false, "newCredential"))
		public = append(public, b.text(false, "publicOf", private[len(private)-1], uuid))
	}
	credentials := []byte(b.text(false, "credentials", public))
	n, err := ballot.CheckCredentials(election, credentials)
	check(t, err)
	if n != voters {
		t.Errorf("%d credentials", n)
	}
	a, err := ballot.Begin(1630000000, election, trustees, credentials)
	check(t, err)
	for _, credential := range private {
		casts := 1 + dice.IntN(2)
		for n := range casts {
			var votes [][]int
			for j, q := range e.Questions {
				votes = append(votes, voteOn(q, dice))
				for k, m := range votes[j] {
					if n == casts-1 { // voted again, the last counts
						counts[j][k] += m
					}
				}
			}
			body := []byte(b.text(false, "vote", string(election), credential, votes))
			_, _, err := ballot.CheckBallot(election, credentials, body)
			check(t, err)
			check(t, a.Append(ballot.Cast, body))
		}
	}
	check(t, a.Append(ballot.EndBallots))
	tally, size, err := ballot.TallyOf(a.Bytes())
	check(t, err)
	check(t, a.Append(ballot.EncryptedTally, tally, size))
	for _, who := range dice.Perm(3)[:2] {
		sealed, err := ballot.PrivateKey(c.Acceptances[who])
		check(t, err)
		part := []byte(b.text(false, "decrypt", seeds[who], sealed, string(election), string(tally)))
		whose, err := ballot.CheckDecryption(election, trustees, tally, who+1, part)
		check(t, err)
		if _, err := ballot.CheckDecryption(election, trustees, tally, (who+1)%3+1, part); err == nil {
			t.Error("one trustee's part passes for another's")
		}
		check(t, a.Append(ballot.PartialDecryption, part, whose))
	}
	result, err := ballot.ResultOf(a.Bytes())
	check(t, err)
	check(t, a.Append(ballot.Outcome, result))
	return a.Bytes(), counts
}

func voteOn(q ballot.Question, dice *rand.Rand) []int {
	v := make([]int, len(q.Answers))
	for _, at := range dice.Perm(len(v))[:q.Min+dice.IntN(q.Max-q.Min+1)] {
		v[at] = 1
	}
	return v
}

type chance struct{ *rand.Rand }

func (c chance) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c.Uint32())
	}
	return len(p), nil
}

// TestWeVerifyTheTools: elections that belenios-tool makes alone hold for us, with the
// result that it says.
func TestWeVerifyTheTools(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // as above
	for range elections(t) {
		dir := t.TempDir()
		run := func(stdin string, args ...string) string {
			t.Helper()
			out, err := tool(t, dir, stdin, args...)
			return must(t, out, err)
		}
		save := func(name, text string) { check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) }
		group := []string{"--group", "BELENIOS-2048"}
		uuid := strings.TrimSpace(run("", "setup", "generate-token"))
		run("", append([]string{"setup", "generate-credentials", "--uuid", uuid, "--count", "2"}, group...)...)
		credentials := renamed(t, dir, "*.pubcreds", "public_creds.json", "*.privcreds")
		run("", append([]string{"setup", "generate-trustee-key"}, group...)...)
		key := renamed(t, dir, "*.pubkey", "public_keys.jsons", "*.privkey")
		save("key", key)
		questions := 1 + dice.IntN(2)
		q := ballot.Question{Answers: []string{"赞成", "反对", "弃权"}, Min: 1, Max: 1, Text: "议题"}
		template, err := json.Marshal(map[string]any{"description": "", "name": "表决", "questions": []ballot.Question{q, q}[:questions]})
		check(t, err)
		save("template.json", string(template))
		run("", "setup", "make-trustees")
		run("", append([]string{"setup", "make-election", "--uuid", uuid, "--template", "template.json"}, group...)...)
		run("", "archive", "init")
		counts := make([][]int, questions)
		for i := range counts {
			counts[i] = make([]int, 3)
		}
		for _, line := range strings.Split(strings.TrimSpace(credentials), "\n") {
			save("credential", line[strings.LastIndex(line, " ")+1:])
			votes := make([][]int, questions)
			for i := range votes {
				votes[i] = voteOn(q, dice)
				for k, m := range votes[i] {
					counts[i][k] += m
				}
			}
			text, err := json.Marshal(votes)
			check(t, err)
			save("votes", string(text))
			run(run("", "election", "generate-ballot", "--privcred", "credential", "--ballot", "votes"), "archive", "add-event", "--type=Ballot")
		}
		run("", "archive", "add-event", "--type=EndBallots")
		run(run("", "election", "compute-encrypted-tally"), "archive", "add-event", "--type=EncryptedTally")
		run(run("", "election", "decrypt", "--privkey", "key", "--trustee-id", "1"), "archive", "add-event", "--type=PartialDecryption")
		run(run("", "election", "compute-result"), "archive", "add-event", "--type=Result")
		file, err := os.ReadFile(filepath.Join(dir, uuid+".bel"))
		check(t, err)
		got, err := ballot.Verify(file)
		check(t, err)
		if diff := cmp.Diff(counts, got.Result); diff != "" {
			t.Error(diff)
		}
	}
}

// renamed gives the one file of a pattern another name, and returns what another holds.
func renamed(t *testing.T, dir, pattern, name, other string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %v, %v", pattern, all, err)
	}
	check(t, os.Rename(all[0], filepath.Join(dir, name)))
	if all, err = filepath.Glob(filepath.Join(dir, other)); err != nil || len(all) != 1 {
		t.Fatalf("%s: %v, %v", other, all, err)
	}
	b, err := os.ReadFile(all[0])
	check(t, err)
	return string(b)
}
