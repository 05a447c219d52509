package ballot_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"shifan/internal/ballot"
)

// browser is the code that runs in browsers, run by node.
type browser struct {
	t   testing.TB
	in  io.Writer
	out *bufio.Reader
}

func newBrowser(t testing.TB) *browser {
	t.Helper()
	script, err := filepath.Abs("../web/static/ballot.js")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/browser.mjs", script)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait() //nolint:errcheck // it ends with its input
	})
	return &browser{t, in, bufio.NewReaderSize(out, 1<<20)}
}

// try runs one function of the browser's code.
func (b *browser) try(fixed bool, call string, args ...any) (json.RawMessage, error) {
	b.t.Helper()
	if args == nil {
		args = []any{}
	}
	line, err := json.Marshal(map[string]any{"call": call, "args": args, "fixed": fixed})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		b.t.Fatal(err)
	}
	answer, err := b.out.ReadBytes('\n')
	if err != nil {
		b.t.Fatalf("%s: %v", call, err)
	}
	var out struct {
		Value json.RawMessage
		Error string
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		b.t.Fatal(err)
	}
	if out.Error != "" {
		return nil, errors.New(out.Error)
	}
	return out.Value, nil
}

// text runs a function that returns a text.
func (b *browser) text(fixed bool, call string, args ...any) string {
	b.t.Helper()
	v, err := b.try(fixed, call, args...)
	var s string
	if err = errors.Join(err, json.Unmarshal(v, &s)); err != nil {
		b.t.Fatalf("%s: %v", call, err)
	}
	return s
}

// fixedRandom yields the random numbers of the vectors.
func fixedRandom() ballot.Random {
	i := 0
	return func(g *ballot.Group) (*big.Int, error) {
		sum := sha256.Sum256(fmt.Appendf(nil, "fixed-random|%d", i))
		i++
		return new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), g.Q), nil
	}
}

func texts(all [][]byte) (s []string) {
	for _, b := range all {
		s = append(s, string(b))
	}
	return s
}

// TestBrowserWritesTheSame: with the same random numbers the browser writes the same
// bytes as the vectors and as this package, message by message.
func TestBrowserWritesTheSame(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	var want struct {
		Credential string
		Vote       [][]int
		Ballot     string
	}
	check(t, json.Unmarshal(vector(t, "a-single", "fixed-random.json"), &want))
	election := electionIn(t, vector(t, "a-single", "*.bel"))
	if got := b.text(true, "vote", string(election), want.Credential, want.Vote); got != want.Ballot {
		t.Errorf("a ballot: got  %.300s\nwant %.300s", got, want.Ballot)
	}
	if got := b.text(false, "b64", string(election)); got != ballot.B64(election) {
		t.Errorf("fingerprint %s", got)
	}
	for _, typed := range []string{"Geq-vAr-oQ1-HRy-Dyk", "GeqvAroQ1HRyDyk", " Geq vAr oQ1 HRy Dyk\r\n", "Geq-vAr-oQ1-HRy-Dym", "geq-vAr-oQ1-HRy-Dyk", "Geq-vAr-oQ1-HRy", "", "Geq-vAr-oQ0-HRy-Dyk"} {
		normal, _ := ballot.NormalCredential(typed) //nolint:errcheck // "" says that it is mistyped, in both
		if got := b.text(false, "normal", typed); got != normal {
			t.Errorf("%q: %q, want %q", typed, got, normal)
		}
	}
	for range 20 {
		c := b.text(false, "newCredential")
		s, err := ballot.SecretOf(c, "rH6B57ZUCr4ubs", ballot.Belenios2048)
		check(t, err)
		if got := b.text(false, "publicOf", c, "rH6B57ZUCr4ubs"); got != ballot.PublicOf(s, ballot.Belenios2048).String() {
			t.Errorf("%s: public %s", c, got)
		}
	}

	c, seeds := ceremony(t, 3, 2)
	for who, seed := range seeds {
		cert, err := ballot.Certify(c.Group, seed, fixedRandom())
		check(t, err)
		dealt, err := c.Deal(who, seed, fixedRandom())
		check(t, err)
		in, err := c.SharesFor(who)
		check(t, err)
		accepted, err := c.Accept(who, seed, in, fixedRandom())
		check(t, err)
		for what, pair := range map[string][2]string{
			"certificate": {string(cert), b.text(true, "certify", seed)},
			"dealing":     {string(dealt), b.text(true, "deal", seed, texts(c.Certificates), who, 2)},
			"acceptance":  {string(accepted), b.text(true, "accept", seed, texts(c.Certificates), who, string(in))},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s of trustee %d: got  %.200s\nwant %.200s", what, who, pair[1], pair[0])
			}
		}
		if _, err := b.try(false, "accept", seeds[(who+1)%3], texts(c.Certificates), who, string(in)); err == nil {
			t.Error("the browser accepts shares with another's seed")
		}
	}
	locked := b.text(false, "lock", seeds[0], "松花江 2021 春汛")
	if b.text(false, "unlock", locked, "松花江 2021 春汛") != seeds[0] || b.text(false, "unlock", locked, "松花江 2021 秋汛") != "" {
		t.Error("a key file opens with another passphrase, or not with its own")
	}
}

// electionIn returns the election object of an archive.
func electionIn(t testing.TB, file []byte) []byte {
	t.Helper()
	a, err := ballot.ReadArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	var setup struct{ Election string }
	if err := json.Unmarshal(a.Data(a.Events()[0].Payload), &setup); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(a.Data(setup.Election))
}
