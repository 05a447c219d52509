// Package testkit builds worlds for tests: a fresh database, a desk on it, a
// clock that the test moves, and verbs that bring a round to where the test
// begins.
package testkit

import (
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// World is a desk on a fresh database with a clock of its own.
type World struct {
	testing.TB
	Desk *casework.Desk

	place string // of the database, for a second desk on it
	clock sync.Mutex
	now   time.Time

	people int      // how many accounts were added, for their login names
	named  []string // whose they are
	server *httptest.Server
	log    logged       // of the server
	kept   atomic.Int32 // pages that keep left
	office *Office

	titles    int           // how many TitleNamed gave
	committee []stage.Actor // see Committee

	organisations int // how many were registered, for their names and codes
	applicants    map[id.Organisation]stage.Actor
	team          []stage.Actor
	members       []stage.Actor
	broken        bool // the record need not hold when the test ends
}

// New returns an empty world at 9:00 on 1 June 2021.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{TB: t, now: calendar.MustDate("2021-06-01").Start().Add(9 * time.Hour)}
	w.place = Place(t)
	w.Desk = &casework.Desk{Store: storeAt(t, w.place), Now: w.Now, Rand: &chances{from: rand.NewChaCha8([32]byte{1})}, Files: casework.Files{Blobs: blob.Memory(w.Now), Parts: blob.Memory(w.Now)}}
	w.Desk.Store.Guard(store.Promises())
	w.Desk.Store.Follow(casework.Told)
	t.Cleanup(w.holds)
	return w
}

// On returns a world on a database that is there already, such as one that a killed
// process left behind.
func On(t testing.TB, place string, now time.Time) *World {
	t.Helper()
	w := &World{TB: t, now: now, place: place}
	w.Desk = &casework.Desk{Store: storeAt(t, place), Now: w.Now, Rand: &chances{from: rand.NewChaCha8([32]byte{2})}}
	w.Desk.Store.Guard(store.Promises())
	w.Desk.Store.Follow(casework.Told)
	t.Cleanup(w.holds)
	return w
}

// Where says where the world's database is.
func (w *World) Where() string { return w.place }

// Signs has the acts of the world sign the documents that they issue, as serve does. It is
// off in other worlds: a document takes as long to set as many acts.
func (w *World) Signs() {
	w.Helper()
	w.Fonts()
	w.Desk.Store.Follow(w.Desk.Followed)
}

// Node returns another desk on the world's database, with the same clock: what a
// second server is.
func (w *World) Node() *casework.Desk {
	w.Helper()
	s := storeAt(w, w.place)
	s.Follow(casework.Told)
	return &casework.Desk{Store: s, Now: w.Now, Rand: w.Desk.Rand, Files: w.Desk.Files}
}

// Jump moves the clock and does nothing that falls due: the test has it done.
func (w *World) Jump(to time.Time) {
	w.clock.Lock()
	defer w.clock.Unlock()
	w.now = to
}

// Now returns the world's time.
func (w *World) Now() time.Time {
	w.clock.Lock()
	defer w.clock.Unlock()
	return w.now
}

// chances is randomness that several may read at once.
type chances struct {
	one  sync.Mutex
	from io.Reader
}

// Read implements io.Reader.
func (c *chances) Read(p []byte) (int, error) {
	c.one.Lock()
	defer c.one.Unlock()
	return c.from.Read(p)
}

// At moves the clock to an instant, written "2021-07-10" (9:00 of that day) or
// "2021-07-10 23:59:59", and does what falls due on the way.
func (w *World) At(when string) {
	w.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04:05", when, calendar.Zone)
	if err != nil {
		t = calendar.MustDate(when).Start().Add(9 * time.Hour)
	}
	w.clock.Lock()
	w.now = t
	w.clock.Unlock()
	if _, err := w.Desk.Tick(w.Context()); err != nil {
		w.Fatal(err)
	}
}
