package door

import (
	"sync"
	"time"
)

// Limiter slows an address down that fails too often, or a program that asks too often:
// Burst times are free, then one more is allowed every Every. It lives in memory: a restart forgives,
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
	return l.wait(address, l.Now())
}

// Fail counts a failure of an address.
func (l *Limiter) Fail(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count(address, l.Now())
}

// Take counts a request of a caller that may go on. left is how many it may still make
// at once; wait is how long it has to wait before the next, 0 when this one may go on;
// full is when it owes nothing any more.
func (l *Limiter) Take(caller string) (left int, wait, full time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	if wait = l.wait(caller, now); wait > 0 {
		return 0, wait, l.seen[caller].Sub(now)
	}
	l.count(caller, now)
	full = l.seen[caller].Sub(now)
	return int((time.Duration(l.Burst)*l.Every - full) / l.Every), 0, full
}

func (l *Limiter) wait(address string, now time.Time) time.Duration {
	paid := l.seen[address]
	if !paid.After(now) {
		return 0
	}
	return max(0, paid.Sub(now)-time.Duration(l.Burst-1)*l.Every)
}

func (l *Limiter) count(address string, now time.Time) {
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
