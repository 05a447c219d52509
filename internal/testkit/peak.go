package testkit

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// Peak does something and returns how many bytes of objects more than before were in
// memory at the worst moment. The garbage collector runs often meanwhile, so that
// little garbage counts; so do is slow and is not to be timed. It is the Go
// heap: what SQLite keeps lies beside it.
func Peak(do func()) (bytes uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	runtime.GC()
	live := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before, done := live(), make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				bytes = max(bytes, live())
			}
		}
	})
	do()
	close(done)
	watch.Wait()
	return max(bytes, before) - before
}
