package ballot_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"shifan/internal/ballot"
)

func lines(b []byte) (all [][]byte) {
	for l := range bytes.Lines(b) {
		all = append(all, bytes.TrimSpace(l))
	}
	return all
}

// TestCeremonyVector takes a ceremony that the program belenios-tool made: every
// message holds, our server makes the same inputs and the same trustees of it, and
// each trustee's seed opens its share.
func TestCeremonyVector(t *testing.T) {
	t.Parallel()
	at := []string{"b-threshold", "private", "ceremony"}
	file := func(name string) []byte { return vector(t, append(at, name)...) }
	c := ballot.Ceremony{Group: ballot.Belenios2048, Threshold: 2, Certificates: lines(file("certs.jsons")), Dealings: lines(file("polynomials.jsons"))}
	for who, cert := range c.Certificates {
		if _, err := c.Group.CheckCertificate(cert); err != nil {
			t.Fatal(err)
		}
		check(t, c.CheckDealing(who, c.Dealings[who]))
		var m struct{ Message string }
		check(t, json.Unmarshal(cert, &m))
		name := fmt.Sprintf("%x", sha256.Sum256([]byte(m.Message)))
		got, err := c.SharesFor(who)
		check(t, err)
		if want := bytes.TrimSpace(file(name + ".vinput")); !bytes.Equal(got, want) {
			t.Errorf("trustee %d gets\n%.200s, the program gives\n%.200s", who, got, want)
		}
		accepted := bytes.TrimSpace(file(name + ".voutput"))
		check(t, c.CheckAcceptance(who, accepted))
		c.Acceptances = append(c.Acceptances, accepted)
		seed := strings.TrimSpace(string(file(name + ".key")))
		private, err := ballot.PrivateKey(accepted)
		check(t, err)
		share, err := ballot.ShareOf(c.Group, seed, private)
		check(t, err)
		var a struct {
			Key struct {
				Key string `json:"public_key"`
			} `json:"public_key"`
		}
		check(t, json.Unmarshal(accepted, &a))
		if ballot.PublicOf(share, c.Group).String() != a.Key.Key {
			t.Errorf("trustee %d: the share is not that of its key", who)
		}
		again, err := c.Accept(who, seed, got, ballot.Uniform(rand.NewChaCha8([32]byte{3})))
		check(t, err)
		check(t, c.CheckAcceptance(who, again))
	}
	object, _, err := c.Trustees()
	check(t, err)
	if want := bytes.TrimSpace(file("threshold.json")); !bytes.Contains(object, want) {
		t.Errorf("got %.200s\nwant within %.200s", object, want)
	}
}

// ceremony lives a ceremony of our own and returns it with the seeds.
func ceremony(t testing.TB, n, threshold int) (ballot.Ceremony, []string) {
	t.Helper()
	c := ballot.Ceremony{Group: ballot.Belenios2048, Threshold: threshold}
	source := rand.NewChaCha8([32]byte{4})
	random := ballot.Uniform(source)
	var seeds []string
	for range n {
		seed, err := ballot.NewSeed(source)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := ballot.Certify(c.Group, seed, random)
		if err != nil {
			t.Fatal(err)
		}
		seeds, c.Certificates = append(seeds, seed), append(c.Certificates, cert)
	}
	for who, seed := range seeds {
		d, err := c.Deal(who, seed, random)
		if err = errors.Join(err, c.CheckDealing(who, d)); err != nil {
			t.Fatal(err)
		}
		c.Dealings = append(c.Dealings, d)
	}
	for who, seed := range seeds {
		in, err := c.SharesFor(who)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Accept(who, seed, in, random)
		if err = errors.Join(err, c.CheckAcceptance(who, a)); err != nil {
			t.Fatal(err)
		}
		c.Acceptances = append(c.Acceptances, a)
	}
	return c, seeds
}

// TestCeremony: messages of one trustee pass for no other's, and a share that was
// changed on its way is found by its receiver.
func TestCeremony(t *testing.T) {
	t.Parallel()
	c, seeds := ceremony(t, 3, 2)
	if c.CheckDealing(1, c.Dealings[0]) == nil || c.CheckAcceptance(1, c.Acceptances[0]) == nil {
		t.Error("the message of one trustee passes for another's")
	}
	if _, _, err := c.Trustees(); err != nil {
		t.Error(err)
	}
	private, err := ballot.PrivateKey(c.Acceptances[0])
	check(t, err)
	if _, err := ballot.ShareOf(c.Group, seeds[1], private); err == nil {
		t.Error("another trustee's seed opens a share")
	}
	in, err := c.SharesFor(0)
	check(t, err)
	other, err := c.SharesFor(1)
	check(t, err)
	random := ballot.Uniform(rand.NewChaCha8([32]byte{5}))
	if _, err := c.Accept(0, seeds[0], other, random); err == nil {
		t.Error("a trustee accepts what was dealt to another")
	}
	changed := bytes.Replace(in, []byte(`\"data\":\"`), []byte(`\"data\":\"00`), 2) // the first is to itself, and not read
	if _, err := c.Accept(0, seeds[0], changed, random); err == nil {
		t.Error("a changed message is accepted")
	}
	swapped := c
	swapped.Dealings = [][]byte{c.Dealings[1], c.Dealings[0], c.Dealings[2]}
	in, err = swapped.SharesFor(0)
	check(t, err)
	if _, err := c.Accept(0, seeds[0], in, random); err == nil || !strings.Contains(err.Error(), "trustee 1") {
		t.Errorf("a share of another dealer: %v", err)
	}
}
