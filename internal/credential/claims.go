package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The contexts of a designation's credential, in their order.
const (
	ContextVC = "https://www.w3.org/ns/credentials/v2"
	ContextOB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

// Claims is what the credential of a designation says. Its fields are all that the
// credential holds, so that a document with anything else in it is of another shape.
type Claims struct {
	ID         string    // its address
	Issuer     string    // did:web:…
	IssuerName string    // 命名单位
	From       time.Time // the first instant of its validity
	Until      time.Time // the last second; zero: without end

	Subject string // the designation's address, as the holder's identifier
	Holder  string // the holder's name
	Code    string // its Unified Social Credit Code
	Number  string // of the designation, 2026-007

	Title     string // 示范基地
	About     string // in a sentence, what the title is given for
	Criteria  string // address of the programme's criteria
	Narrative string // and what they are, in a sentence

	List  string // address of the status list
	Index int    // its place there
}

// obBoolean is the datatype as the context of Open Badges spells it, with https.
const obBoolean = "https://www.w3.org/2001/XMLSchema#boolean"

// IdentityCode is the kind of identifier that a Unified Social Credit Code is, in the
// notation that Open Badges has for kinds of one's own.
const IdentityCode = "ext:unified-social-credit-code"

var errClaims = errors.New("credential: a claim is missing or not plain")

// plain reports whether a text may stand in a credential: there, and without control
// signs, which the canonical forms would have to escape each in its own way.
func plain(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// iri reports whether a text may stand as an identifier.
func iri(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"{}|^`\\", r) })
}

// check refuses what no credential can say.
func (c *Claims) check() error {
	for _, s := range []string{c.IssuerName, c.Holder, c.Code, c.Number, c.Title, c.About, c.Narrative} {
		if !plain(s) {
			return fmt.Errorf("%w: %q", errClaims, s)
		}
	}
	for _, s := range []string{c.ID, c.Issuer, c.Subject, c.Criteria, c.List} {
		if !iri(s) {
			return fmt.Errorf("%w: %q", errClaims, s)
		}
	}
	if c.Index < 0 || c.Index >= ListSize || c.From.IsZero() || !c.Until.IsZero() && c.Until.Before(c.From) {
		return errClaims
	}
	return nil
}

// achievement is the address of the title itself.
func (c *Claims) achievement() string { return c.Criteria + "#achievement" }

// entry is the identifier of its entry in the status list.
func (c *Claims) entry() string { return c.List + "#" + strconv.Itoa(c.Index) }

func (c *Claims) document() map[string]any {
	identity := func(kind, value string) map[string]any {
		return map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": value, "identityType": kind}
	}
	doc := map[string]any{
		"@context":  []any{ContextVC, ContextOB},
		"id":        c.ID,
		"type":      []any{"VerifiableCredential", "AchievementCredential"},
		"name":      c.Title,
		"issuer":    map[string]any{"id": c.Issuer, "type": []any{"Profile"}, "name": c.IssuerName},
		"validFrom": stamp(c.From),
		"credentialSubject": map[string]any{
			"id": c.Subject, "type": []any{"AchievementSubject"},
			"identifier":    []any{identity("name", c.Holder), identity(IdentityCode, c.Code)},
			"licenseNumber": c.Number,
			"achievement": map[string]any{
				"id": c.achievement(), "type": []any{"Achievement"}, "achievementType": "Award", "name": c.Title, "description": c.About,
				"criteria": map[string]any{"id": c.Criteria, "narrative": c.Narrative},
			},
		},
		"credentialStatus": map[string]any{
			"id": c.entry(), "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": strconv.Itoa(c.Index), "statusListCredential": c.List,
		},
	}
	if !c.Until.IsZero() {
		doc["validUntil"] = stamp(c.Until)
	}
	return doc
}

func (c *Claims) graph() *graph {
	g := &graph{}
	g.node(c.ID, rdfType, vcNS+"VerifiableCredential")
	g.node(c.ID, rdfType, obNS+"OpenBadgeCredential")
	g.text(c.ID, schemaNS+"name", c.Title, "")
	g.node(c.ID, vcNS+"issuer", c.Issuer)
	g.node(c.Issuer, rdfType, obNS+"Profile")
	g.text(c.Issuer, schemaNS+"name", c.IssuerName, "")
	g.text(c.ID, vcNS+"validFrom", stamp(c.From), xsd+"dateTime")
	if !c.Until.IsZero() {
		g.text(c.ID, vcNS+"validUntil", stamp(c.Until), xsd+"dateTime")
	}
	g.node(c.ID, vcNS+"credentialSubject", c.Subject)
	g.node(c.Subject, rdfType, obNS+"AchievementSubject")
	for blank, identity := range map[string][2]string{"_:name": {"name", c.Holder}, "_:code": {IdentityCode, c.Code}} {
		g.node(c.Subject, obNS+"identifier", blank)
		g.node(blank, rdfType, obNS+"IdentityObject")
		g.text(blank, obNS+"hashed", "false", obBoolean)
		g.text(blank, obNS+"identityHash", identity[1], "")
		g.text(blank, obNS+"identityType", identity[0], "")
	}
	g.text(c.Subject, obNS+"licenseNumber", c.Number, "")
	a := c.achievement()
	g.node(c.Subject, obNS+"achievement", a)
	g.node(a, rdfType, obNS+"Achievement")
	g.text(a, obNS+"achievementType", "Award", "")
	g.text(a, schemaNS+"name", c.Title, "")
	g.text(a, schemaNS+"description", c.About, "")
	g.node(a, obNS+"Criteria", c.Criteria)
	g.text(c.Criteria, obNS+"narrative", c.Narrative, "")
	g.node(c.ID, vcNS+"credentialStatus", c.entry())
	g.node(c.entry(), rdfType, statusNS+"BitstringStatusListEntry")
	g.text(c.entry(), statusNS+"statusPurpose", "revocation", "")
	g.text(c.entry(), statusNS+"statusListIndex", strconv.Itoa(c.Index), "")
	g.node(c.entry(), statusNS+"statusListCredential", c.List)
	return g
}

// Intent returns the unsigned credential in canonical JSON, which is kept and whose
// digest goes into the record before anything is signed.
func (c *Claims) Intent() (text []byte, digest string, err error) {
	if err := c.check(); err != nil {
		return nil, "", err
	}
	if text, err = canonical(c.document()); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:]), nil
}

// Issue signs an intent with a key of the issuer's, by its full identifier. The same
// intent, key and instant give the same bytes.
func Issue(intent []byte, by Signer, method string, created time.Time) ([]byte, error) {
	v, err := parse(intent)
	if err != nil {
		return nil, err
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, errForeign
	}
	c, err := claimsOf(doc)
	if err != nil {
		return nil, err
	}
	return sign(c, by, method, created)
}

// claimsOf reads an unsigned document. One that says anything else than Claims can, or
// says it otherwise, is refused.
func claimsOf(doc map[string]any) (*Claims, error) {
	sub := func(m map[string]any, key string) map[string]any {
		s, _ := m[key].(map[string]any)
		return s
	}
	issuer, subject, status := sub(doc, "issuer"), sub(doc, "credentialSubject"), sub(doc, "credentialStatus")
	achievement := sub(subject, "achievement")
	criteria := sub(achievement, "criteria")
	c := &Claims{
		ID: str(doc, "id"), Issuer: str(issuer, "id"), IssuerName: str(issuer, "name"), Subject: str(subject, "id"), Number: str(subject, "licenseNumber"),
		Title: str(doc, "name"), About: str(achievement, "description"), Criteria: str(criteria, "id"), Narrative: str(criteria, "narrative"), List: str(status, "statusListCredential"),
	}
	identities, _ := subject["identifier"].([]any)
	for _, e := range identities {
		m, _ := e.(map[string]any)
		switch str(m, "identityType") {
		case "name":
			c.Holder = str(m, "identityHash")
		case IdentityCode:
			c.Code = str(m, "identityHash")
		}
	}
	var err error
	if c.Index, err = strconv.Atoi(str(status, "statusListIndex")); err != nil {
		return nil, errForeign
	}
	if c.From, err = instant(str(doc, "validFrom")); err != nil {
		return nil, errForeign
	}
	if until, ok := doc["validUntil"].(string); ok {
		if c.Until, err = instant(until); err != nil {
			return nil, errForeign
		}
	}
	if c.check() != nil || !same(c.document(), doc) {
		return nil, errForeign
	}
	return c, nil
}
