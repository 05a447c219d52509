package ballot_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/ballot"
)

func vector(t testing.TB, parts ...string) []byte {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(append([]string{"testdata"}, parts...)...))
	if err != nil || len(all) != 1 {
		t.Fatalf("%v: %d files, %v", parts, len(all), err)
	}
	b, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVerifyVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a-single", "b-threshold", "c-approval", "d-blank"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want struct {
				UUID, Group, Fingerprint string
				Result                   [][]int
				Cast, Counted            []string
			}
			if err := json.Unmarshal(vector(t, name, "expected.json"), &want); err != nil {
				t.Fatal(err)
			}
			got, err := ballot.Verify(vector(t, name, "*.bel"))
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got.Counted)
			slices.Sort(want.Counted)
			if got.UUID != want.UUID || got.Group != want.Group || got.Fingerprint != want.Fingerprint || !got.Complete {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(want.Result, got.Result) + cmp.Diff(want.Cast, got.Cast) + cmp.Diff(want.Counted, got.Counted); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob("testdata/*/*/*.bel")
	if err != nil || len(all) != 7 {
		t.Fatalf("%d archives, %v", len(all), err)
	}
	for _, file := range all {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ballot.Verify(b); err == nil {
			t.Errorf("%s passes", file)
		} else {
			t.Logf("%s: %v", file, err)
		}
	}
}

// TestFixedRandom makes a ballot of the vector's own random numbers: the same
// bytes must come out.
func TestFixedRandom(t *testing.T) {
	t.Parallel()
	var want struct {
		Voter, Credential string
		Vote              [][]int
		Ballot            string
	}
	raw := vector(t, "a-single", "fixed-random.json")
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	a, err := ballot.ReadArchive(vector(t, "a-single", "*.bel"))
	if err != nil {
		t.Fatal(err)
	}
	var setup struct{ Election string }
	if err := json.Unmarshal(a.Data(a.Events()[0].Payload), &setup); err != nil {
		t.Fatal(err)
	}
	i := 0
	random := func(g *ballot.Group) (*big.Int, error) {
		sum := sha256.Sum256(fmt.Appendf(nil, "fixed-random|%d", i))
		i++
		return new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), g.Q), nil
	}
	got, err := ballot.Vote(a.Data(setup.Election), want.Credential, want.Vote, random)
	if err != nil {
		t.Fatalf("%v in %.200s", err, raw)
	}
	if string(got) != want.Ballot {
		t.Errorf("got  %.300s\nwant %.300s", got, want.Ballot)
	}
}

// TestWholeElection lives a whole election of our own making, and then changes it
// in every way that a single byte allows.
func TestWholeElection(t *testing.T) {
	t.Parallel()
	a, secret := election(t, ballot.Belenios2048, [][][]int{{{1, 0, 0}}, {{0, 1, 0}}, {{1, 0, 0}}})
	file := a.Bytes()
	got, err := ballot.Verify(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.Voters != 3 || len(got.Cast) != 3 || got.Complete {
		t.Errorf("%+v", got)
	}
	for at := 0; at < len(file); at += 997 {
		changed := slices.Clone(file)
		changed[at] ^= 1
		if _, err := ballot.Verify(changed); err == nil {
			t.Errorf("a changed byte at %d of %d passes", at, len(file))
		}
	}
	for _, cut := range []int{512, len(file) / 2 / 512 * 512} {
		if _, err := ballot.Verify(file[:cut]); err == nil {
			t.Errorf("cut off at %d it passes", cut)
		}
	}
	closeElection(t, a, secret)
	got, err = ballot.Verify(a.Bytes())
	if err != nil || !got.Complete || !cmp.Equal(got.Result, [][]int{{2, 1, 0}}) {
		t.Errorf("closed: %+v %v", got, err)
	}
}

// closeElection ends the voting, tallies, decrypts and publishes the result.
func closeElection(t *testing.T, a *ballot.Archive, secret *big.Int) {
	t.Helper()
	if _, _, err := ballot.TallyOf(a.Bytes()); err == nil {
		t.Error("tallied while the voting runs")
	}
	check(t, a.Append(ballot.EndBallots))
	tally, size, err := ballot.TallyOf(a.Bytes())
	check(t, err)
	check(t, a.Append(ballot.EncryptedTally, tally, size))
	random := ballot.Uniform(rand.NewChaCha8([32]byte{11}))
	if _, _, err := ballot.Decrypt(a.Bytes(), 1, new(big.Int).Add(secret, big.NewInt(1)), random); err == nil {
		t.Error("decrypted with a wrong secret")
	}
	part, whose, err := ballot.Decrypt(a.Bytes(), 1, secret, random)
	check(t, err)
	check(t, a.Append(ballot.PartialDecryption, part, whose))
	result, err := ballot.ResultOf(a.Bytes())
	check(t, err)
	check(t, a.Append(ballot.Outcome, result))
}

// election makes an archive with one mandatory trustee and one voter a vote; it
// is not closed.
func election(t *testing.T, g *ballot.Group, votes [][][]int) (*ballot.Archive, *big.Int) {
	t.Helper()
	random := ballot.Uniform(rand.NewChaCha8([32]byte{7}))
	secret, key, err := ballot.NewTrusteeKey(g, "监票人甲", random)
	check(t, err)
	trustees, public, err := ballot.WriteTrustees(g, []ballot.TrusteeKey{key})
	check(t, err)
	uuid, err := ballot.NewToken(rand.NewChaCha8([32]byte{8}))
	check(t, err)
	body, err := ballot.Election{
		Version: 1, Name: "拟授牌对象表决", Group: g.Name, PublicKey: public, UUID: uuid,
		Questions: []ballot.Question{{Answers: []string{"赞成", "反对", "弃权"}, Min: 1, Max: 1, Text: "吉林省云杉物流行业协会"}},
	}.Write()
	check(t, err)
	source := rand.NewChaCha8([32]byte{9})
	var credentials []string
	var publics []*big.Int
	for range votes {
		c, err := ballot.NewCredential(source)
		check(t, err)
		s, err := ballot.SecretOf(c, uuid, g)
		check(t, err)
		credentials, publics = append(credentials, c), append(publics, ballot.PublicOf(s, g))
	}
	creds, err := ballot.WriteCredentials(publics)
	check(t, err)
	a := ballot.NewArchive(1795461786)
	setup := fmt.Sprintf(`{"election":"%x","trustees":"%x","credentials":"%x"}`, sha256.Sum256(body), sha256.Sum256(trustees), sha256.Sum256(creds))
	check(t, a.Append(ballot.Setup, body, trustees, creds, []byte(setup)))
	for i, v := range votes {
		b, err := ballot.Vote(body, credentials[i], v, random)
		check(t, err)
		check(t, a.Append(ballot.Cast, b))
	}
	return a, secret
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCredential(t *testing.T) {
	t.Parallel()
	const right = "Geq-vAr-oQ1-HRy-Dyk"
	for typed, want := range map[string]string{
		right: right, "GeqvAroQ1HRyDyk": right, " Geq vAr oQ1 HRy Dyk\r\n": right,
		"Geq-vAr-oQ1-HRy-Dym": "", "geq-vAr-oQ1-HRy-Dyk": "", "Geq-vAr-oQ1-HRy": "", "": "", "Geq-vAr-oQ0-HRy-Dyk": "",
	} {
		if got, err := ballot.NormalCredential(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	file := vector(b, "b-threshold", "*.bel")
	for b.Loop() {
		if _, err := ballot.Verify(file); err != nil {
			b.Fatal(err)
		}
	}
}
