package door

import (
	"sync"
	"time"
)

// Limiter slows an address down that fails too often: Burst failures are free,
// then one more is allowed every Every. It lives in memory: a restart forgives,
// and each node counts for itself; the lockout of an account is in the store.
type Limiter struct {
	Burst int
	Every time.Duration
	Now   func() time.Time

	mu   sync.Mutex
	seen map[string]time.Time // when the address's debt is paid off
}

// limiterMost bounds the memory that strangers can take: about 100 bytes each.
const limiterMost = 100_000

// Wait returns how long an address has to wait before it may try again; 0 when
// it may now.
func (l *Limiter) Wait(address string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	paid, now := l.seen[address], l.Now()
	if !paid.After(now) {
		return 0
	}
	return max(0, paid.Sub(now)-time.Duration(l.Burst-1)*l.Every)
}

// Fail counts a failure of an address.
func (l *Limiter) Fail(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	if l.seen == nil {
		l.seen = map[string]time.Time{}
	}
	if len(l.seen) >= limiterMost {
		for a, t := range l.seen {
			if !t.After(now) || len(l.seen) >= limiterMost {
				delete(l.seen, a)
			}
		}
	}
	paid := l.seen[address]
	if paid.Before(now) {
		paid = now
	}
	l.seen[address] = paid.Add(l.Every)
}
