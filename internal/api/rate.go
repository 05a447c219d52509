package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"shifan/internal/door"
)

// How many requests a minute a token may make, and an address without one. What was
// saved up may be spent at once. Each node counts for itself, and a restart forgives.
const (
	tokenRate = 600
	otherRate = 120
)

// perMinute lets each caller make so many requests a minute.
func perMinute(most int, now func() time.Time) *door.Limiter {
	return &door.Limiter{Burst: most, Every: time.Minute / time.Duration(most), Now: now}
}

// limited counts a request and says in the headers what is left
// (draft-ietf-httpapi-ratelimit-headers). It refuses when nothing is.
func limited(l *door.Limiter, w http.ResponseWriter, who string) error {
	left, wait, full := l.Take(who)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=60`, l.Burst))
	h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left, seconds(full)))
	if wait > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(wait)))
		return errRate.New(seconds(wait))
	}
	return nil
}

// seconds rounds up: who waits that long may go on.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
