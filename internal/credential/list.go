package credential

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"
)

// ListSize is how many entries a status list has: the least that Bitstring Status
// List v1.0 allows, so that an entry says little about whose it is.
const ListSize = 131072

var (
	errIndex = errors.New("credential: no such entry in a status list")
	errFull  = errors.New("credential: the status list is nearly full")
	errList  = errors.New("credential: not a status list")
)

// ListFull is how many entries of a list are given before the next list begins: a
// random free one is then still found at once.
const ListFull = ListSize / 2

// FreeIndex draws a free entry of a list with randomness from r: neither the order of
// naming nor the number of titles shows in it. taken says which are given already.
func FreeIndex(r io.Reader, taken func(int) (bool, error)) (int, error) {
	var b [4]byte
	for range 64 { // at half full each try succeeds by half
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, err
		}
		i := int(binary.LittleEndian.Uint32(b[:]) % ListSize)
		if is, err := taken(i); err != nil || !is {
			return i, err
		}
	}
	return 0, errFull
}

// List is a status list: which entries are revoked.
type List struct {
	URL    string
	Issuer string // did:web:…
	From   time.Time
	bits   string // encoded
}

// NewList returns the list at an address in which the given entries are revoked, as
// it is from an instant on.
func NewList(address, issuer string, revoked []int, from time.Time) (*List, error) {
	raw := make([]byte, ListSize/8)
	for _, i := range revoked {
		if i < 0 || i >= ListSize {
			return nil, errIndex
		}
		raw[i/8] |= 0x80 >> (i % 8) // entry 0 is the left-most bit
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b) // without a name or a time: the same entries, the same bytes
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	l := &List{URL: address, Issuer: issuer, From: from, bits: "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())}
	if !iri(address) || !iri(issuer) || from.IsZero() {
		return nil, errClaims
	}
	return l, nil
}

// Sign returns the list as a signed credential.
func (l *List) Sign(by Signer, method string) ([]byte, error) { return sign(l, by, method, l.From) }

// Revoked says whether an entry is revoked.
func (l *List) Revoked(index int) (bool, error) {
	if index < 0 || index >= ListSize {
		return false, errIndex
	}
	enc, ok := strings.CutPrefix(l.bits, "u")
	if !ok {
		return false, errList
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(enc)))
	if err != nil {
		return false, errList
	}
	raw := make([]byte, ListSize/8+1)
	n, err := io.ReadFull(z, raw)
	if n != ListSize/8 || !errors.Is(err, io.ErrUnexpectedEOF) { // exactly so many, and the checksum is right
		return false, errList
	}
	return raw[index/8]&(0x80>>(index%8)) != 0, nil
}

func (l *List) document() map[string]any {
	return map[string]any{
		"@context":  []any{ContextVC},
		"id":        l.URL,
		"type":      []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer":    l.Issuer,
		"validFrom": stamp(l.From),
		"credentialSubject": map[string]any{
			"id": l.URL + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": l.bits,
		},
	}
}

func (l *List) graph() *graph {
	g := &graph{}
	g.node(l.URL, rdfType, vcNS+"VerifiableCredential")
	g.node(l.URL, rdfType, statusNS+"BitstringStatusListCredential")
	g.node(l.URL, vcNS+"issuer", l.Issuer)
	g.text(l.URL, vcNS+"validFrom", stamp(l.From), xsd+"dateTime")
	s := l.URL + "#list"
	g.node(l.URL, vcNS+"credentialSubject", s)
	g.node(s, rdfType, statusNS+"BitstringStatusList")
	g.text(s, statusNS+"statusPurpose", "revocation", "")
	g.text(s, statusNS+"encodedList", l.bits, secNS+"multibase")
	return g
}

// listOf reads an unsigned document.
func listOf(doc map[string]any) (*List, error) {
	subject, _ := doc["credentialSubject"].(map[string]any)
	l := &List{URL: str(doc, "id"), Issuer: str(doc, "issuer"), bits: str(subject, "encodedList")}
	var err error
	if l.From, err = instant(str(doc, "validFrom")); err != nil || !iri(l.URL) || !iri(l.Issuer) || !plain(l.bits) || !same(l.document(), doc) {
		return nil, errForeign
	}
	return l, nil
}
