package credential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/piprate/json-gold/ld"
)

// exampleContext stands for the vectors' own context: every term is of its vocabulary.
const exampleContext = `{"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}`

// atHand loads the contexts that are compiled in and no others: nothing is fetched.
type atHand struct{}

// LoadDocument implements ld.DocumentLoader.
func (atHand) LoadDocument(u string) (*ld.RemoteDocument, error) {
	b, ok := Contexts()[u]
	if u == "https://www.w3.org/ns/credentials/examples/v2" {
		b, ok = []byte(exampleContext), true
	}
	if !ok {
		return nil, fmt.Errorf("%s is not at hand", u)
	}
	var v any
	err := json.Unmarshal(b, &v)
	return &ld.RemoteDocument{DocumentURL: u, Document: v}, err
}

// normalised is a document in canonical N-Quads, by a full JSON-LD processor.
func normalised(t *testing.T, doc map[string]any) string {
	t.Helper()
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&v); err != nil {
		t.Fatal(err)
	}
	o := ld.NewJsonLdOptions("")
	o.Format, o.Algorithm, o.DocumentLoader, o.SafeMode = "application/n-quads", ld.AlgorithmURDNA2015, atHand{}, true
	out, err := ld.NewJsonLdProcessor().Normalize(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return out.(string)
}

// TestStatements: the statements that are written by hand are those that a full
// JSON-LD processor reads out of the JSON, whatever the texts hold. It runs in safe
// mode: a term that no context defines, and no signature would cover, is an error.
func TestStatements(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]shape{
		"a title":                  sample(),
		"without end":              forever(),
		"quotes, rare signs, bidi": odd(),
		"a list":                   must(NewList("https://base.example/status/1", "did:web:base.example", []int{0, 7, 131071}, sample().From)),
	} {
		got, err := s.graph().canonical()
		if err != nil {
			t.Fatal(name, err)
		}
		if want := normalised(t, s.document()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}
