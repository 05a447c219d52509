// Package door is what the doors for people (web) and for programs (api) share:
// which status a fault has, the headers of every answer, how fast an address
// may try, and the numbers under which our own errors are found in the log.
package door

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"shifan/internal/fault"
)

// statuses is the one table from kinds of faults to HTTP statuses. No domain
// state ever becomes a status.
var statuses = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Forbidden:   http.StatusForbidden,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Refused:     http.StatusConflict,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Internal:    http.StatusInternalServerError,
}

// Status returns the HTTP status of a kind of fault.
func Status(k fault.Kind) int { return statuses[k] }

// The content security policy: nothing but our own files, no inline script or
// style, in nobody's frame.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Headers sets the security headers of every answer, errors and files
// included. secure says that the site is reached by https.
func Headers(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// secrets are the parts of an address that give access to who knows them.
var secrets = []string{"token", "code"}

// Path is the address of a request as a log may keep it: without what gives access to
// who knows it, such as the token of an invitation, and without the query, which holds
// what people looked for.
func Path(r *http.Request) string {
	path := r.URL.Path
	for _, part := range secrets {
		if v := r.PathValue(part); v != "" {
			path = strings.ReplaceAll(path, v, "{"+part+"}")
		}
	}
	return path
}

// Number returns four signs under which an error of ours is found in the log:
// short enough to say on the telephone.
func Number(rand io.Reader) string {
	const signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	var b [4]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "0000" // the page must still be shown
	}
	for i := range b {
		b[i] = signs[int(b[i])%len(signs)]
	}
	return string(b[:])
}

// Address returns where a request comes from. Forwarding headers are believed
// only from a trusted proxy: anybody can write them.
func Address(r *http.Request, trusted []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	for _, p := range trusted {
		if p.Contains(at.Unmap()) {
			chain := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
			if last, err := netip.ParseAddr(strings.TrimSpace(chain[len(chain)-1])); err == nil {
				return last.Unmap().String()
			}
		}
	}
	return at.Unmap().String()
}
