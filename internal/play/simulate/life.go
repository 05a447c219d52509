package simulate

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

// promises is how many sentences must hold after every act.
var promises = len(invariant.All()) + len(together.All())

// life is some years of one programme.
type life struct {
	*rand.Rand
	now       time.Time
	ticked    time.Time // when the clock last did its work
	programme *programme.Programme
	calendar  *calendar.Calendar
	people
	orgs      []*org
	editions  []*edition
	titles    []*title
	yearly    *yearly // of the latest year; nil: none yet
	meetings  []*sitting
	numbers   numbers
	spare     []play.Invented // that are founded when a holder is split up
	draws     bool            // teams are drawn by lot
	state     stage.State     // of the programme
	abolished calendar.Date

	serial     int                           // for identifiers
	indicators map[int][]programme.Indicator // those of a year, once asked
	before     map[reflect.Type]any          // where attempt keeps what a thing was
	line       []byte                        // of the digest
	opts       []option
	out        result
	sum        hash.Hash
}

// spares is how many organisations may be founded in a life.
const spares = 4

// option is something that somebody might do now.
type option struct {
	weight int
	do     func()
}

func newLife(o Options, invented []play.Invented, r *rand.Rand) *life {
	l := &life{
		Rand: r, programme: o.Programme, calendar: calendar.Embedded(), state: programme.Active, sum: sha256.New(),
		indicators: map[int][]programme.Indicator{}, before: map[reflect.Type]any{},
	}
	l.out.kinds, l.out.guards = map[string]int{}, map[string]int{}
	l.now = calendar.On(2021, time.January, 4).Start().Add(9 * time.Hour)
	l.programme = l.sampled(o.Programme)
	l.draws = l.chance(15)
	l.cast()
	l.found(invented[:len(invented)-spares])
	l.spare = invented[len(invented)-spares:]
	return l
}

// live lives some years and returns what came of them.
func (l *life) live(years int) result {
	end := l.now.AddDate(years, 0, 0)
	for l.now.Before(end) && len(l.out.violations) == 0 {
		if l.IntN(10) > 0 || l.now.After(l.ticked.AddDate(0, 0, 1)) { // now and then the clock's work is left for a while
			l.tick()
		}
		l.step()
		l.pass()
	}
	l.tick()
	l.out.digest = [sha256.Size]byte(l.sum.Sum(nil))
	return l.out
}

// step lets somebody do something.
func (l *life) step() {
	l.opts = l.opts[:0]
	l.mayRound()
	l.mayOrganisation()
	l.mayPlan()
	for _, e := range l.editions {
		if !e.over() {
			l.mayEdition(e)
		}
	}
	for _, s := range l.meetings {
		if pending(s.Meeting) {
			l.mayMeet(s)
		}
	}
	for _, t := range l.titles {
		l.mayTitle(t)
	}
	l.mayEnd()
	total := 0
	for _, o := range l.opts {
		total += o.weight
	}
	if total < 3 { // nobody has anything to do: wait for what falls due
		if due := l.nextDue(); !due.IsZero() && l.chance(50) {
			l.now = due.Add(time.Duration(l.IntN(3)-1) * time.Second)
			return
		}
		if total == 0 {
			return
		}
	}
	n := l.IntN(total)
	for _, o := range l.opts {
		if n -= o.weight; n < 0 {
			o.do()
			return
		}
	}
}

// asked lists the indicators of a year.
func (l *life) asked(year int) []programme.Indicator {
	all, ok := l.indicators[year]
	if !ok {
		all = l.programme.Indicators(year)
		l.indicators[year] = all
	}
	return all
}

// may offers an option.
func (l *life) may(weight int, do func()) { l.opts = append(l.opts, option{weight, do}) }

// pass lets time pass: hours, some days, or up to the edge of what falls due next.
func (l *life) pass() {
	was := l.now
	switch n := l.IntN(100); {
	case n < 50:
		l.now = l.now.Add(time.Duration(1+l.IntN(6*3600)) * time.Second)
	case n < 80:
		l.now = l.now.Add(time.Duration(1+l.IntN(86400)) * time.Second)
	case n < 92:
		l.now = l.now.Add(time.Duration(1+l.IntN(6*86400)) * time.Second)
	default:
		if due := l.nextDue(); !due.IsZero() {
			l.now = due.Add(time.Duration(l.IntN(3)-1) * time.Second)
		}
	}
	if !l.now.After(was) {
		l.now = was.Add(time.Second)
	}
	l.publishArrangements()
}

// publishArrangements lets the State Council publish next year's days off in
// November, or, now and then, only in January.
func (l *life) publishArrangements() {
	for year := l.today().Year; year <= l.today().Year+1; year++ {
		on := calendar.On(year-1, time.November, 4+year%20)
		if year%5 == 0 {
			on = calendar.On(year, time.January, 9)
		}
		if l.calendar.Knows(year) || l.now.Before(on.Start()) {
			continue
		}
		c, err := arranged(l.calendar, year, on)
		if err != nil {
			l.violate("the calendar takes an arrangement", err.Error())
			return
		}
		l.calendar = c
	}
}

// calendars are those that a life comes by, which are the same in all lives.
var calendars sync.Map

// arranged returns the calendar with an invented arrangement for a year.
func arranged(c *calendar.Calendar, year int, on calendar.Date) (*calendar.Calendar, error) {
	type key struct {
		from *calendar.Calendar
		year int
	}
	if known, ok := calendars.Load(key{c, year}); ok {
		return known.(*calendar.Calendar), nil
	}
	next, err := c.With(invented(year, on))
	if err != nil {
		return nil, err
	}
	first, _ := calendars.LoadOrStore(key{c, year}, next)
	return first.(*calendar.Calendar), nil
}

// invented is an arrangement for a year that has none yet.
func invented(year int, on calendar.Date) calendar.Arrangement {
	a := calendar.Arrangement{Year: year, Title: strconv.Itoa(year) + "年部分节假日安排（虚构）", PublishedOn: on}
	for _, b := range []struct {
		month       time.Month
		day, length int
	}{{time.January, 1, 3}, {time.February, 4 + year%14, 8}, {time.April, 4, 3}, {time.May, 1, 5}, {time.June, 8 + year%12, 3}, {time.October, 1, 7}} {
		for n := range b.length {
			a.Off = append(a.Off, calendar.On(year, b.month, b.day).AddDays(n))
		}
		for d, n := a.Off[len(a.Off)-1].AddDays(1), 0; n < 1 && b.length > 3; d = d.AddDays(1) {
			if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
				a.Work = append(a.Work, d)
				n++
			}
		}
	}
	return a
}

// nextDue is the nearest instant ahead at which something falls due.
func (l *life) nextDue() (next time.Time) {
	note := func(t time.Time) {
		if t.After(l.now.Add(time.Second)) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, e := range l.editions {
		e.due(note)
	}
	for _, s := range l.meetings {
		note(s.At)
	}
	for _, t := range l.titles {
		t.due(l, note)
	}
	return next
}

func (l *life) violate(promise, what string) {
	l.out.violations = append(l.out.violations, fmt.Sprintf("%s at %s: %s", promise, l.now.In(calendar.Zone).Format(time.DateTime), what))
}

// attempt tries one act on one thing. A refusal must leave the thing as it was; an
// act must be a row of the thing's table; and afterwards every promise about the
// case must hold.
func attempt[T any](l *life, kind stage.Kind, thing *T, key string, c *invariant.Case, by stage.Actor, do func() (stage.Move, error)) bool {
	t := reflect.TypeFor[T]()
	before, ok := l.before[t].(*T)
	if !ok {
		before = new(T)
		l.before[t] = before
	}
	*before = *thing
	m, err := do()
	if errors.Is(err, errNothing) {
		return false
	}
	if err != nil {
		l.refused(kind, err)
		if !reflect.DeepEqual(before, thing) {
			l.violate("a refused act changes nothing", fmt.Sprintf("%s %s: %v", kind.Name, key, err))
		}
		return false
	}
	if m.From != "" && !slices.Contains(kind.Moves, m) {
		l.violate("every act is a row of its table", fmt.Sprintf("%s.%s by %s", kind.Name, m.Act, by.Role))
	}
	l.did(kind, key, m, c)
	return true
}

// errNothing says that there was nothing to do.
var errNothing = errors.New("simulate: nothing to do")

// did notes an act and checks what it left.
func (l *life) did(kind stage.Kind, key string, m stage.Move, c *invariant.Case) {
	l.out.acts++
	l.out.kinds[kind.Name+"."+m.Act]++
	l.line = strconv.AppendInt(l.line[:0], l.now.Unix(), 10)
	for _, s := range [...]string{kind.Name, m.Act, key, string(m.From), string(m.To)} {
		l.line = append(append(l.line, ' '), s...)
	}
	l.sum.Write(append(l.line, '\n'))
	if c == nil {
		return
	}
	c.Now, c.Programme = l.now, l.programme
	if err := invariant.Check(c); err != nil {
		l.violate("after "+kind.Name+"."+m.Act, err.Error())
	}
}

// together looks at several things at once after an act.
func (l *life) together(act string, c *together.Case) {
	c.Now = l.now
	if err := together.Check(c); err != nil {
		l.violate("after "+act, err.Error())
	}
}

// refused counts a refusal. An error that is none is a violation.
func (l *life) refused(kind stage.Kind, err error) {
	l.out.refusals++
	l.out.guards[fault.CodeOf(err)]++
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind == fault.Internal {
		l.violate("an act is done or refused", fmt.Sprintf("%s: %v", kind.Name, err))
	}
}

// chance is true n times in a hundred.
func (l *life) chance(n int) bool { return l.IntN(100) < n }

// rarely is true once in a thousand times.
func (l *life) rarely() bool { return l.IntN(1000) == 0 }

// key is a fresh identifier.
func (l *life) key(prefix string) string {
	l.serial++
	return prefix + "_" + strconv.Itoa(l.serial)
}

func pick[T any](l interface{ IntN(n int) int }, all []T) T { return all[l.IntN(len(all))] }

func (l *life) today() calendar.Date { return calendar.DateOf(l.now) }
