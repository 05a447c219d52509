package api

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// How many requests a minute a token may make, and an address without one. What was
// saved up may be spent at once. Each node counts for itself, and a restart forgives.
const (
	tokenRate = 600
	otherRate = 120
	rateSeen  = 100_000 // callers that are remembered; about 100 bytes each
)

// rate lets each caller make so many requests in a while (a token bucket).
type rate struct {
	most  int
	every time.Duration
	now   func() time.Time

	mu   sync.Mutex
	seen map[string]time.Time // when the caller's bucket is full again
}

// take counts a request of a caller. left is how many it may still make at once; wait is
// how long it has to wait before the next, 0 when this one may go on; full is when its
// bucket is full again.
func (l *rate) take(who string) (left int, wait, full time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, one := l.now(), l.every/time.Duration(l.most)
	if l.seen == nil {
		l.seen = map[string]time.Time{}
	}
	if len(l.seen) >= rateSeen {
		for k, t := range l.seen {
			if !t.After(now) || len(l.seen) >= rateSeen {
				delete(l.seen, k)
			}
		}
	}
	at := l.seen[who]
	if at.Before(now) {
		at = now
	}
	if over := at.Add(one).Sub(now) - l.every; over > 0 {
		return 0, over, at.Sub(now)
	}
	at = at.Add(one)
	l.seen[who] = at
	return int((l.every - at.Sub(now)) / one), 0, at.Sub(now)
}

// limited counts a request and says in the headers what is left
// (draft-ietf-httpapi-ratelimit-headers). It refuses when nothing is.
func (l *rate) limited(w http.ResponseWriter, who string) error {
	left, wait, full := l.take(who)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=%d`, l.most, int(l.every.Seconds())))
	h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left, seconds(full)))
	if wait > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(wait)))
		return errRate.New(seconds(wait))
	}
	return nil
}

// seconds rounds up: who waits that long may go on.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
