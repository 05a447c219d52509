package simulate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/record"
	"shifan/internal/store"
)

// keptSpan is how many years a life on a database has: enough for a title to be
// named, rechecked, put right and withdrawn.
const keptSpan = 5

// mostSteps bounds how often somebody does something in such a life.
const mostSteps = 3000

// kept is a life on a real database: people act through casework, the promises are
// the store's own guard, and now and then the machine stops.
type kept struct {
	*rand.Rand
	ctx       context.Context
	stage     *premises
	programme *programme.Programme
	troupe

	draws     bool                  // teams are drawn by lot
	practises bool                  // assessors mark samples first
	secrets   map[string]lot.Reveal // what the sides of a draw committed to

	desk  *casework.Desk
	dir   string
	moves int // how often the database has moved, for its folder's name
	now   time.Time

	ticked time.Time // when the clock last did its work

	last int64 // the ticket of the last entry that was looked at
	opts []option
	out  result
	sum  hash.Hash
}

// premises is what all lives begin with: a database in which everybody has an
// account and the organisations are registered.
type premises struct {
	dir       string
	programme *programme.Programme
	file      []byte // the database
	key       record.Key
	last      int64
	troupe
}

// RunKept lives the years on SQLite in a temporary folder, through casework.
// text is the programme's file.
func RunKept(ctx context.Context, o Options, text []byte) (Report, error) {
	dir, err := os.MkdirTemp("", "shifan-simulate-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	at, err := stages(ctx, dir, o, text)
	if err != nil {
		return Report{}, err
	}
	lives := make([]result, (o.Years+keptSpan-1)/keptSpan)
	errs := make([]error, len(lives))
	todo := make(chan int)
	var workers sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) { // one waits for the disk while another decides
		workers.Go(func() {
			for n := range todo {
				r := rand.New(rand.NewPCG(o.Seed, uint64(n)))
				lives[n], errs[n] = pick(r, at).live(ctx, r, o, n)
			}
		})
	}
	for n := range lives {
		todo <- n
	}
	close(todo)
	workers.Wait()
	return gather(o, lives), errors.Join(errs...)
}

// live lives one life in a folder of its own.
func (at *premises) live(ctx context.Context, r *rand.Rand, o Options, n int) (result, error) {
	k := &kept{
		Rand: r, ctx: ctx, stage: at, programme: at.programme, troupe: at.troupe, last: at.last,
		dir: filepath.Join(at.dir, fmt.Sprint(n)), now: begins, sum: sha256.New(), secrets: map[string]lot.Reveal{},
	}
	k.out.kinds, k.out.guards = map[string]int{}, map[string]int{}
	k.draws = k.chance(40)
	k.practises = at.programme.Visit.Calibration == "required" || k.chance(20)
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(k.Uint32())
	}
	k.desk = &casework.Desk{Now: func() time.Time { return k.now }, Rand: rand.NewChaCha8(seed), Files: casework.Files{Blobs: blob.Memory(func() time.Time { return k.now })}}
	if err := os.MkdirAll(k.place(), 0o700); err != nil {
		return k.out, err
	}
	defer os.RemoveAll(k.dir) //nolint:errcheck // a temporary folder
	if err := os.WriteFile(filepath.Join(k.place(), database), at.file, 0o600); err != nil {
		return k.out, err
	}
	if err := k.open(); err != nil {
		return k.out, err
	}
	k.years(min(keptSpan, o.Years-n*keptSpan))
	k.holds()
	k.out.digest = [sha256.Size]byte(k.sum.Sum(nil))
	return k.out, k.desk.Store.Close()
}

// database is the name of its file; the log of what is not in it yet stands beside.
const database = "shifan.db"

// place is the folder in which the database is now.
func (k *kept) place() string { return filepath.Join(k.dir, fmt.Sprint(k.moves)) }

// open opens the database where it is, as serve does.
func (k *kept) open() error {
	s, err := store.Open(k.ctx, filepath.Join(k.place(), database))
	if err != nil {
		return err
	}
	s.Guard(store.Promises())
	s.Follow(casework.Told)
	k.desk.Store = s
	return s.UseKey(k.ctx, k.stage.key)
}

// years lives some years.
func (k *kept) years(n int) {
	end := k.now.AddDate(n, 0, 0)
	for step := 0; step < mostSteps && k.now.Before(end) && len(k.out.violations) == 0; step++ {
		if k.chance(70) || k.now.After(k.ticked.AddDate(0, 0, 1)) { // now and then the clock's work is left for a while
			k.tick()
		}
		if k.chance(1) {
			k.crash()
		}
		idle := !k.step()
		k.pass(idle, end)
	}
	k.tick()
}

// pass lets time pass: hours, days, or up to the edge of what falls due next, which
// comes at once when nobody has anything to do.
func (k *kept) pass(idle bool, end time.Time) {
	was := k.now
	switch n := k.IntN(100); {
	case idle || n < 6:
		if next := k.nextDue(); !next.IsZero() {
			k.now = next.Add(time.Duration(k.IntN(3)-1) * time.Second)
		} else {
			k.now = was.AddDate(0, 0, 30)
		}
	case n < 60:
		k.now = was.Add(time.Duration(1+k.IntN(6*3600)) * time.Second)
	case n < 85:
		k.now = was.Add(time.Duration(1+k.IntN(86400)) * time.Second)
	default:
		k.now = was.Add(time.Duration(1+k.IntN(5*86400)) * time.Second)
	}
	if k.now.After(end) {
		k.now = end
	}
	if !k.now.After(was) {
		k.now = was.Add(time.Second)
	}
}

// nextDue is the nearest instant ahead at which something falls due or a meeting is
// to be held.
func (k *kept) nextDue() (next time.Time) {
	ahead, err := k.desk.Milestones(k.ctx)
	if err != nil {
		k.violate("what is ahead can be told", err.Error())
	}
	for _, m := range read(k, func(tx *store.Tx) ([]meeting.Meeting, error) { return tx.MeetingsFrom(reader) }) {
		ahead = append(ahead, casework.Milestone{At: m.At})
	}

	for _, m := range ahead {
		if m.At.After(k.now.Add(time.Second)) && (next.IsZero() || m.At.Before(next)) {
			next = m.At
		}
	}
	return next
}

// tick does what falls due. A second time there is nothing to do.
func (k *kept) tick() {
	k.ticked = k.now
	if _, err := k.desk.Tick(k.ctx); err != nil {
		k.violate("the clock's work is done", err.Error())
	}
	k.told()
	if !k.chance(4) {
		return
	}
	n, err := k.desk.Tick(k.ctx)
	if told := k.told(); n != 0 || told != 0 || err != nil {
		k.violate("the clock's work is done once", fmt.Sprintf("a second tick acted %d times, left %d lines: %v", n, told, err))
	}
}

// try counts one act that somebody tried. One that succeeds leaves a line in the
// record; a refusal leaves none, and says why.
func (k *kept) try(act string, err error) bool {
	told := k.told()
	switch {
	case err == nil && told == 0:
		k.violate("an act leaves a line in the record", act)
	case err != nil && told > 0:
		k.violate("a refused act changes nothing", fmt.Sprintf("%s: %v", act, err))
	}
	if err == nil {
		return true
	}
	k.out.refusals++
	k.out.guards[fault.CodeOf(err)]++
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind == fault.Internal {
		k.violate("an act is done or refused", fmt.Sprintf("%s: %v", act, err))
	}
	return false
}

// told counts the lines that the record has had since it was looked at last, and
// takes their acts into the digest.
func (k *kept) told() int {
	var since []store.Recorded
	const page = 6
	for before := int64(0); ; before = since[len(since)-1].Ticket {
		all := read(k, func(tx *store.Tx) ([]store.Recorded, error) {
			return tx.Entries(stage.Actor{Role: stage.Auditor}, store.EntryFilter{Before: before, Limit: page})
		})
		n := slices.IndexFunc(all, func(e store.Recorded) bool { return e.Ticket <= k.last })
		if n >= 0 {
			since = append(since, all[:n]...)
			break
		}
		if since = append(since, all...); len(all) < page {
			break
		}
	}
	slices.Reverse(since)
	for _, e := range since {
		k.last = e.Ticket
		k.out.acts++
		k.out.kinds[e.Act]++
		fmt.Fprintf(k.sum, "%d %s %s %s %s\n", e.At.UnixMicro(), e.Act, e.Thing, e.From, e.To)
		k.delivered(e)
	}
	return len(since)
}

// holds sequences the record and verifies the whole database against it.
func (k *kept) holds() {
	if err := k.desk.Store.Sequence(k.ctx); err != nil {
		k.violate("the record is sequenced", err.Error())
		return
	}
	v, err := k.desk.Store.Verify(k.ctx, k.stage.key.Verifier)
	if err != nil || !v.Holds() || v.Waiting > 0 {
		k.violate("the database is what the record says", fmt.Sprintf("%+v %v", v, err))
	}
}

var errPower = errors.New("simulate: the power fails")

// crash stops the machine, between acts or in the midst of one, and starts it again
// from what is on the disk: nothing that was done is lost, and nothing is half done.
func (k *kept) crash() {
	from := k.place()
	k.moves++
	err := os.MkdirAll(k.place(), 0o700)
	if err == nil && k.chance(50) {
		err = k.desk.Store.Change(k.ctx, func(tx *store.Tx) (record.Entry, error) {
			o, err := tx.Organisation(pick(k, k.houses).ID)
			o.Contact = "写了一半"
			return record.Entry{}, errors.Join(err, tx.PutOrganisation(&o), copyFiles(from, k.place()), errPower)
		})
		if errors.Is(err, errPower) {
			err = nil
		}
	} else if err == nil {
		err = copyFiles(from, k.place())
	}
	was := k.last
	err = errors.Join(err, k.desk.Store.Close(), os.RemoveAll(from), k.open())
	if err != nil {
		k.violate("a killed process starts again", err.Error())
		return
	}
	if lost := read(k, func(tx *store.Tx) ([]store.Recorded, error) {
		return tx.Entries(stage.Actor{Role: stage.Auditor}, store.EntryFilter{Limit: 1})
	}); len(lost) != 1 || lost[0].Ticket != was {
		k.violate("what was done is there after a crash", fmt.Sprintf("the record ended with %d, and now with %+v", was, lost))
	}
	k.out.kinds["crash"]++
}

// copyFiles copies a database as it is on the disk, with the log beside it.
func copyFiles(from, to string) error {
	for _, name := range []string{database, database + "-wal"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (k *kept) violate(promise, what string) {
	if k.ctx.Err() == nil { // who stops a simulation has found nothing
		k.out.violations = append(k.out.violations, fmt.Sprintf("%s at %s: %s", promise, k.now.In(calendar.Zone).Format(time.DateTime), what))
	}
}

// read looks at the database beyond what people may see.
func read[T any](k *kept, look func(*store.Tx) (T, error)) (v T) {
	if err := k.desk.Store.View(k.ctx, func(tx *store.Tx) (err error) { v, err = look(tx); return err }); err != nil && fault.KindOf(err) != fault.NotFound {
		k.violate("what is there can be read", err.Error())
	}
	return v
}

// chance is true n times in a hundred.
func (k *kept) chance(n int) bool { return k.IntN(100) < n }

func (k *kept) may(weight int, do func()) { k.opts = append(k.opts, option{weight, do}) }

func (k *kept) today() calendar.Date { return calendar.DateOf(k.now) }

// step lets somebody do something in one of the chapters, and reports whether
// anybody did.
func (k *kept) step() bool {
	chapters := []func(){k.mayRound, k.mayFile, k.mayReview, k.mayVisit, k.mayMeet, k.mayPublicise, k.mayObject, k.mayName, k.mayTitle, k.mayRecheck, k.mayOrder, k.mayRevoke, k.mayDraw, k.mayPractise, k.mayTell, k.mayPlan, k.maySend}
	for _, n := range k.Perm(len(chapters)) {
		k.opts = k.opts[:0]
		chapters[n]()
		total := 0
		for _, o := range k.opts {
			total += o.weight
		}
		if total == 0 {
			continue
		}
		at := k.IntN(total)
		for _, o := range k.opts {
			if at -= o.weight; at < 0 {
				o.do()
				return true
			}
		}
	}
	return false
}

// seeded reads the same bytes for the same seed.
func seeded(seed uint64) *bytes.Reader {
	b := make([]byte, 256)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return bytes.NewReader(b)
}
