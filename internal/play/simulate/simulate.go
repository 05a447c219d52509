package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"sync"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/play"
)

// Options say what to live.
type Options struct {
	Programme     *programme.Programme
	Years         int    // programme-years in all
	Seed          uint64 // everything follows from it
	Organisations int    // of one life, 1 to 300; 0: 6
}

// Report says what happened.
type Report struct {
	Years      int            `json:"programme_years"`
	Acts       int            `json:"acts"`
	Refusals   int            `json:"refusals"`
	Violations []string       `json:"violations"`
	Seed       uint64         `json:"seed"`
	Digest     string         `json:"digest"` // of every act in order; the same for the same seed
	Kinds      map[string]int `json:"kinds"`  // how often each act was taken: meeting.open
	Guards     map[string]int `json:"guards"` // how often each rule refused: item.vote.twice
	Invariants int            `json:"invariants"`
}

// span is how many years one life has.
const span = 10

// mostViolations is how many violations a report keeps; one is enough to fail.
const mostViolations = 20

// Run lives the years in memory: the chapters decide, and nothing is kept
// anywhere else.
func Run(o Options) Report {
	lives := make([]result, (o.Years+span-1)/span)
	todo := make(chan int)
	var workers sync.WaitGroup
	n := o.Organisations
	if n <= 0 {
		n = 6
	}
	invented := play.Organisations(min(n, 300) + spares)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := range todo {
				l := newLife(o, invented, rand.New(rand.NewPCG(o.Seed, uint64(n))))
				lives[n] = l.live(min(span, o.Years-n*span))
			}
		})
	}
	for n := range lives {
		todo <- n
	}
	close(todo)
	workers.Wait()
	return gather(o, lives)
}

// result is what one life came to.
type result struct {
	acts, refusals int
	digest         [sha256.Size]byte
	violations     []string
	kinds, guards  map[string]int
}

func gather(o Options, lives []result) Report {
	r := Report{Years: o.Years, Seed: o.Seed, Violations: []string{}, Kinds: map[string]int{}, Guards: map[string]int{}, Invariants: promises}
	all := sha256.New()
	for _, l := range lives {
		r.Acts, r.Refusals = r.Acts+l.acts, r.Refusals+l.refusals
		all.Write(l.digest[:])
		add(r.Kinds, l.kinds)
		add(r.Guards, l.guards)
		if room := mostViolations - len(r.Violations); room > 0 {
			r.Violations = append(r.Violations, l.violations[:min(room, len(l.violations))]...)
		}
	}
	r.Digest = hex.EncodeToString(all.Sum(nil))
	return r
}

func add(to, from map[string]int) {
	for k, n := range from {
		to[k] += n
	}
}
