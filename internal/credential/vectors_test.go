package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector reads a file of the W3C's test vectors for vc-di-eddsa.
func vector(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func hexOf(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:]) }

// vectorKey is the vectors' key pair: a multicodec prefix of two bytes and the seed.
func vectorKey(t *testing.T) key {
	t.Helper()
	v, err := parse([]byte(vector(t, "keyPair.json")))
	if err != nil {
		t.Fatal(err)
	}
	pair := v.(map[string]any)
	b, err := unbase58(str(pair, "privateKeyMultibase"))
	if err != nil || len(b) != 2+ed25519.SeedSize {
		t.Fatal(len(b), err)
	}
	k := key{ed25519.NewKeyFromSeed(b[2:])}
	if got, want := Multikey(k.Public()), str(pair, "publicKeyMultibase"); got != want {
		t.Fatalf("Multikey %s, want %s", got, want)
	}
	return k
}

// signedVector takes the proof out of a signed document of the vectors.
func signedVector(t *testing.T, name string) (map[string]any, proof) {
	t.Helper()
	v, err := parse([]byte(vector(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	doc := v.(map[string]any)
	m := doc["proof"].(map[string]any)
	delete(doc, "proof")
	p := proof{suite: str(m, "cryptosuite"), created: str(m, "created"), method: str(m, "verificationMethod"), value: str(m, "proofValue")}
	p.context, _ = m["@context"].([]any)
	return doc, p
}

// compare holds every step of a signature against the vectors, to the byte.
func compare(t *testing.T, dir, options, document string, p proof) {
	t.Helper()
	want := func(name, got string) {
		t.Helper()
		if w := vector(t, filepath.Join(dir, name+".txt")); got != w {
			t.Errorf("%s/%s:\n got %q\nwant %q", dir, name, got, w)
		}
	}
	k := vectorKey(t)
	message := signed([]byte(options), []byte(document))
	sig, err := k.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	want("canonDoc", document)
	want("proofCanon", options)
	want("docHash", hexOf([]byte(document)))
	want("proofHash", hexOf([]byte(options)))
	want("combinedHash", hex.EncodeToString(message))
	want("sigHex", hex.EncodeToString(sig))
	want("sigBTC58", base58(sig))
	if p.value != base58(sig) || p.verify(k.Public(), message) != nil {
		t.Errorf("%s: the signed document's own proof does not verify", dir)
	}
}

// TestVectorsJCS is eddsa-jcs-2022 of the W3C's vectors, from the document to the
// signature.
func TestVectorsJCS(t *testing.T) {
	t.Parallel()
	doc, p := signedVector(t, "jcs/signed.json")
	options, err := canonical(p.options())
	if err != nil {
		t.Fatal(err)
	}
	document, err := canonical(doc)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "jcs", string(options), string(document), p)
}

// TestVectorsRDFC is eddsa-rdfc-2022 of the vectors. Their documents are of other
// shapes than ours: their statements come from a JSON-LD processor or, where the
// context is not at hand, from the vector itself with its blank nodes renamed.
func TestVectorsRDFC(t *testing.T) {
	t.Parallel()
	doc, p := signedVector(t, "rdfc/signed.json")
	options, err := p.statements().canonical()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "rdfc", options, normalised(t, doc), p)

	_, p = signedVector(t, "employ/signed.json")
	if options, err = p.statements().canonical(); err != nil {
		t.Fatal(err)
	}
	g := &graph{}
	shuffled := strings.NewReplacer("_:c14n0", "_:zebra", "_:c14n1", "_:ape", "_:c14n2", "_:mole").Replace(vector(t, "employ/canonDoc.txt"))
	for line := range strings.Lines(shuffled) {
		s, rest, _ := strings.Cut(strings.TrimSuffix(line, " .\n"), " ")
		pred, object, _ := strings.Cut(rest, " ")
		g.quads = append([]quad{{s, strings.Trim(pred, "<>"), object}}, g.quads...)
	}
	document, err := g.canonical()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "employ", options, document, p)
}
