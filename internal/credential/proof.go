package credential

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Signer is a signing key, wherever it is kept: what a PKCS#11 token offers and no
// more. Ed25519 signs the same message with the same bytes each time.
type Signer interface {
	Public() ed25519.PublicKey
	Sign(message []byte) ([]byte, error)
}

// The cryptosuites, in the order of the proofs.
const (
	RDFC = "eddsa-rdfc-2022"
	JCS  = "eddsa-jcs-2022"
)

// shape is a document of this package: it knows its JSON and its statements.
type shape interface {
	document() map[string]any
	graph() *graph
}

// proof is one Data Integrity proof.
type proof struct {
	suite   string
	created string // 2026-11-30T01:02:03Z
	method  string // the key, by its full identifier
	context []any  // only under JCS, where it is signed
	value   string
}

// options is the proof as JSON, without its value.
func (p proof) options() map[string]any {
	m := map[string]any{
		"type": "DataIntegrityProof", "cryptosuite": p.suite, "created": p.created,
		"verificationMethod": p.method, "proofPurpose": "assertionMethod",
	}
	if p.context != nil {
		m["@context"] = p.context
	}
	return m
}

// statements is the proof as RDF, without its value.
func (p proof) statements() *graph {
	g, n := &graph{}, "_:proof"
	g.node(n, rdfType, secNS+"DataIntegrityProof")
	g.text(n, "http://purl.org/dc/terms/created", p.created, xsd+"dateTime")
	g.text(n, secNS+"cryptosuite", p.suite, secNS+"cryptosuiteString")
	g.node(n, secNS+"proofPurpose", secNS+"assertionMethod")
	g.node(n, secNS+"verificationMethod", p.method)
	return g
}

// signed is what a proof signs: the digest of its options, and that of the document.
func signed(options, document []byte) []byte {
	o, d := sha256.Sum256(options), sha256.Sum256(document)
	return append(o[:], d[:]...)
}

// message is what a proof over a document signs, in its suite.
func (p proof) message(s shape) ([]byte, error) {
	if p.suite == RDFC {
		options, err := p.statements().canonical()
		if err != nil {
			return nil, err
		}
		document, err := s.graph().canonical()
		return signed([]byte(options), []byte(document)), err
	}
	return p.messageJCS(s.document())
}

// messageJCS is what a proof under JCS signs; it needs no knowledge of the shape.
func (p proof) messageJCS(document map[string]any) ([]byte, error) {
	options, err := canonical(p.options())
	if err != nil {
		return nil, err
	}
	d, err := canonical(document)
	return signed(options, d), err
}

// sign returns the document with both proofs, in canonical JSON.
func sign(s shape, by Signer, method string, created time.Time) ([]byte, error) {
	doc := s.document()
	var proofs []any
	for _, suite := range []string{RDFC, JCS} {
		p := proof{suite: suite, created: stamp(created), method: method}
		if suite == JCS {
			p.context = doc["@context"].([]any)
		}
		m, err := p.message(s)
		if err != nil {
			return nil, err
		}
		sig, err := by.Sign(m)
		if err != nil {
			return nil, fmt.Errorf("credential: sign: %w", err)
		}
		o := p.options()
		o["proofValue"] = base58(sig)
		proofs = append(proofs, o)
	}
	doc["proof"] = proofs
	return canonical(doc)
}

// stamp writes an instant as xsd:dateTimeStamp, in UTC and whole seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// instant reads what stamp wrote, and nothing else.
func instant(s string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05Z", s)
	if err != nil || stamp(t) != s {
		return t, errors.New("credential: not an instant in UTC")
	}
	return t, nil
}

var (
	errProofs    = errors.New("credential: not one proof under each of the two suites")
	errProof     = errors.New("credential: a proof of another form")
	errSignature = errors.New("credential: a signature does not verify")
	errForeign   = errors.New("credential: a document of another shape")
)

// proofsOf takes the proofs out of a document.
func proofsOf(doc map[string]any) (all []proof, err error) {
	list, ok := doc["proof"].([]any)
	delete(doc, "proof")
	if !ok {
		return nil, errProofs
	}
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, errProof
		}
		p := proof{suite: str(m, "cryptosuite"), created: str(m, "created"), method: str(m, "verificationMethod"), value: str(m, "proofValue")}
		if c, ok := m["@context"].([]any); ok {
			p.context = c
		}
		// The proof is read whole: what is in it and not understood is refused.
		o := p.options()
		o["proofValue"] = p.value
		if !same(o, m) {
			return nil, errProof
		}
		if _, err := instant(p.created); err != nil || !iri(p.method) || strings.HasPrefix(p.method, "_:") {
			return nil, errProof
		}
		all = append(all, p)
	}
	if len(all) != 2 || all[0].suite != RDFC || all[1].suite != JCS || all[0].context != nil || !same(all[1].context, doc["@context"]) {
		return nil, errProofs
	}
	return all, nil
}

// same compares two JSON values.
func same(a, b any) bool {
	x, err := canonical(a)
	if err != nil {
		return false
	}
	y, err := canonical(b)
	return err == nil && slices.Equal(x, y)
}

// str returns a text of an object, or "".
func str(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// verify checks a signature over a message.
func (p proof) verify(key ed25519.PublicKey, message []byte) error {
	sig, err := unbase58(p.value)
	if err != nil || len(sig) != ed25519.SignatureSize || !ed25519.Verify(key, message, sig) {
		return errSignature
	}
	return nil
}
