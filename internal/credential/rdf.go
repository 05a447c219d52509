package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The vocabularies that a credential speaks.
const (
	rdfType  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	xsd      = "http://www.w3.org/2001/XMLSchema#"
	schemaNS = "https://schema.org/"
	vcNS     = "https://www.w3.org/2018/credentials#"
	obNS     = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
	statusNS = "https://www.w3.org/ns/credentials/status#"
	secNS    = "https://w3id.org/security#"
)

// graph collects N-Quads of the default graph.
type graph struct{ quads []quad }

// quad is one statement: a node (an IRI, or a blank one as "_:x"), a predicate, and an
// object as N-Quads writes it, or a blank node.
type quad struct{ subject, predicate, object string }

func term(node string) string {
	if strings.HasPrefix(node, "_:") {
		return node
	}
	return "<" + node + ">"
}

// node states that a node has a property that is another node.
func (g *graph) node(subject, predicate, object string) {
	g.quads = append(g.quads, quad{term(subject), predicate, term(object)})
}

// text states that a node has a property that is a text, of a datatype when one is
// given. Texts have no control signs (see plain), so two signs are escaped.
func (g *graph) text(subject, predicate, value, datatype string) {
	object := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	if datatype != "" {
		object += "^^<" + datatype + ">"
	}
	g.quads = append(g.quads, quad{term(subject), predicate, object})
}

// line writes a quad with its blank nodes named by name.
func (q quad) line(name func(string) string) string {
	blank := func(s string) string {
		if strings.HasPrefix(s, "_:") {
			return name(s)
		}
		return s
	}
	return blank(q.subject) + " <" + q.predicate + "> " + blank(q.object) + " .\n"
}

var errAlike = errors.New("credential: two blank nodes are alike")

// canonical writes the graph as RDFC-1.0 does. Blank nodes are named by their
// first-degree hashes alone: the shapes of this package never hold two nodes that
// those would not tell apart, and one that did is refused.
func (g *graph) canonical() (string, error) {
	names, err := g.names()
	if err != nil {
		return "", err
	}
	var lines []string
	for _, q := range g.quads {
		lines = append(lines, q.line(func(s string) string { return names[s] }))
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), ""), nil
}

// names gives the blank nodes their canonical names (RDFC-1.0, 4.6.3).
func (g *graph) names() (map[string]string, error) {
	about := map[string][]string{} // the lines that mention a node, as it sees them
	for _, q := range g.quads {
		for _, n := range []string{q.subject, q.object} {
			if strings.HasPrefix(n, "_:") {
				about[n] = append(about[n], q.line(func(s string) string {
					if s == n {
						return "_:a"
					}
					return "_:z"
				}))
			}
		}
	}
	byHash := map[string]string{}
	var hashes []string
	for n, lines := range about {
		slices.Sort(lines)
		sum := sha256.Sum256([]byte(strings.Join(lines, "")))
		h := hex.EncodeToString(sum[:])
		if byHash[h] != "" {
			return nil, errAlike
		}
		byHash[h], hashes = n, append(hashes, h)
	}
	slices.Sort(hashes)
	names := map[string]string{}
	for i, h := range hashes {
		names[byHash[h]] = fmt.Sprintf("_:c14n%d", i)
	}
	return names, nil
}
