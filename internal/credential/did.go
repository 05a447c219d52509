package credential

import (
	"crypto/ed25519"
	"errors"
	"net/url"
	"strings"
)

var (
	errBase = errors.New("credential: not the address of a site: https://HOST, without a path")
	errDID  = errors.New("credential: not a did:web document with Multikeys")
)

// DID returns the issuer's identifier for a site's address.
func DID(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errBase
	}
	return "did:web:" + strings.ReplaceAll(strings.ToLower(u.Host), ":", "%3A"), nil
}

// DocumentURL says where the document of a did:web is. A port on this machine is
// spoken to without TLS, as a trial does.
func DocumentURL(did string) (string, error) {
	host, ok := strings.CutPrefix(did, "did:web:")
	host, err := url.PathUnescape(host)
	if !ok || err != nil || host == "" || strings.ContainsAny(host, "/?#@\\") || strings.Count(host, ":") > 1 {
		return "", errDID
	}
	scheme := "https"
	if name, _, port := strings.Cut(host, ":"); port && (name == "127.0.0.1" || name == "localhost") {
		scheme = "http"
	}
	return scheme + "://" + host + "/.well-known/did.json", nil
}

// Method is a key of an issuer. A retired one stays listed, so that what it signed
// still verifies.
type Method struct {
	ID  string // did:web:…#…
	Key string // publicKeyMultibase
}

// Document returns the issuer's DID document.
func Document(did string, keys []Method) ([]byte, error) {
	methods, may := []any{}, []any{}
	for _, k := range keys {
		if _, err := ParseMultikey(k.Key); err != nil {
			return nil, err
		}
		methods = append(methods, map[string]any{"id": k.ID, "type": "Multikey", "controller": did, "publicKeyMultibase": k.Key})
		may = append(may, k.ID)
	}
	return canonical(map[string]any{
		"@context": []any{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
		"id":       did, "verificationMethod": methods, "assertionMethod": may,
	})
}

// keyIn finds a key in an issuer's document, among those that may sign credentials.
func keyIn(document []byte, did, method string) (ed25519.PublicKey, error) {
	v, err := parse(document)
	doc, ok := v.(map[string]any)
	if err != nil || !ok || str(doc, "id") != did {
		return nil, errDID
	}
	may, _ := doc["assertionMethod"].([]any)
	for _, m := range may {
		if m != method {
			continue
		}
		all, _ := doc["verificationMethod"].([]any)
		for _, e := range all {
			if k, ok := e.(map[string]any); ok && str(k, "id") == method && str(k, "type") == "Multikey" && str(k, "controller") == did {
				return ParseMultikey(str(k, "publicKeyMultibase"))
			}
		}
	}
	return nil, errNoKey
}

var errNoKey = errors.New("credential: the issuer's document does not list the key")
