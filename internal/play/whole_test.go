package play_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/programmes"
)

// lived is a life of the programme that comes first, which several tests look at: none of
// them changes anything of it.
var lived = sync.OnceValue(func() (l struct {
	w      *play.Theatre
	lines  []play.Line
	counts play.Counts
	err    error
},
) {
	dir, err := os.MkdirTemp("", "shifan-play-test-")
	if l.err = err; err != nil {
		return l
	}
	folder = dir
	s, err := store.Open(context.Background(), filepath.Join(dir, "shifan.db"))
	if l.err = err; err != nil {
		return l
	}
	b, _ := programmes.Text(first)
	if l.err = keyed(context.Background(), s); l.err == nil {
		l.w, l.lines, l.counts, l.err = play.Play(context.Background(), s, b)
	}
	return l
})

// first is the programme of lived, and folder where its database is.
const first = "jilin-party-building-base"

var folder string

// TestMain removes the folder of the life that the tests share.
func TestMain(m *testing.M) {
	status := m.Run()
	if folder != "" {
		os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	}
	os.Exit(status)
}

// TestTheWholeLife lives each programme that the program is shipped with, from the
// call to its abolition nine years later: every stage in order, nothing refused that the
// script needs, and the counts reconcile.
func TestTheWholeLife(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w *play.Theatre
			var lines []play.Line
			var counts play.Counts
			var err error
			if l := lived; name == first {
				w, lines, counts, err = l().w, l().lines, l().counts, l().err
			} else {
				w, lines, counts, err = play.Play(t.Context(), fresh(t), text(t, name))
			}
			if err != nil {
				t.Fatal(err)
			}
			whole(t, name, w, lines, counts)
		})
	}
}

// inOrder wants acts to have happened one after the other.
func inOrder(t *testing.T, lines []play.Line, acts ...string) {
	t.Helper()
	at := 0
	for _, act := range acts {
		n := slices.IndexFunc(lines[at:], func(l play.Line) bool { return l.Act == act })
		if n < 0 {
			t.Fatalf("no %s after entry %d", act, at)
		}
		at += n
	}
}

// whole looks at a life of a shipped programme.
func whole(t *testing.T, name string, w *play.Theatre, lines []play.Line, counts play.Counts) {
	t.Helper()
	decidedOddly(t, w, lines)
	for n, l := range lines {
		if n > 0 && l.At.Before(lines[n-1].At) {
			t.Errorf("entry %d is earlier than the one before", l.Entry)
		}
	}
	inOrder(t, lines,
		"programme.load", "round.publish", "application.submit", "application.withdraw", "application.forfeit", "application.accept", "review.confirm",
		"item.carry", "publicity.publish", "objection.file", "publicity.serve", "application.select", "naming.issue", "designation.name", "plaque.hand_over", "round.conclude", "story.draft", "story.offer", "story.pass", "story.publish",
		"recheck.open", "recheck.pass", "recheck.slip", "rectification.order", "rectification.report", "rectification.verify", "rectification.pass",
		"rectification.miss", "revocation.notify", "revocation.state", "designation.revoke", "plaque.recall", "revocation.finalise")
	between := []string{"plan.list", "plan.approve"}
	if name == first { // whose triggers name a penalty
		between = append(between, "trigger.raise", "trigger.answer", "recheck.pass")
	}
	inOrder(t, lines, between...)
	divided(t, lines, counts)
	ends := []string{"designation.expire"} // its titles are kept until they run out
	if w.Programme.Abolition == "end_at_once" {
		ends = []string{"designation.abolish"}
	}
	nineYears(t, lines, counts, ends...)
	reconcile(t, w, lines, counts)
	want := []play.RoundCounts{
		{Year: 2021, Started: 10, Named: 5, States: map[string]int{"forfeited": 1, "named": 5, "not_chosen": 3, "withdrawn": 1}},
		{Started: 2, Named: 2, States: map[string]int{"named": 2}},
	}
	for n := range want {
		want[n].Round = counts.Rounds[n].Round
		if n > 0 {
			want[n].Year = counts.Rounds[n].Year
		}
	}
	if diff := cmp.Diff(want, counts.Rounds) + cmp.Diff(map[string]int{"unfounded": 1, "upheld": 1}, counts.Objections); diff != "" {
		t.Error(diff)
	}
}

// divided looks for a holder that was split up: about each of the two the committee
// decided by itself, one holds the title and the other does not, and the summary counts as
// many titles as the timeline says were given.
func divided(t *testing.T, lines []play.Line, counts play.Counts) {
	t.Helper()
	acts, things := map[string]int{}, map[string][]string{}
	for _, l := range lines {
		acts[l.Act]++
		things[l.Act] = append(things[l.Act], l.Thing)
	}
	for act, n := range map[string]int{"organisation.merge": 2, "designation.succeed": 2, "designation.inherit": 2, "designation.refuse": 1} { // one is split up, one merged
		if acts[act] != n {
			t.Errorf("%s %d times, not %d", act, acts[act], n)
		}
	}
	if !slices.Equal(things["designation.succeed"][:1], things["designation.refuse"]) || counts.Titles[string(designation.Succeeded)] != 2 {
		t.Errorf("one title passed on, and another was refused: %v %v %v", things["designation.succeed"], things["designation.refuse"], counts.Titles)
	}
	held := 0
	for _, n := range counts.Titles {
		held += n
	}
	if given := acts["designation.name"] + acts["designation.inherit"]; given != held {
		t.Errorf("%d titles were given, and the summary counts %d: %v", given, held, counts.Titles)
	}
}

// decidedOddly looks for what a committee meets with: a recusal that changes the
// denominator, a tie that the programme's rule settles, a quorum that is lost in the
// sitting, and a secret ballot.
func decidedOddly(t *testing.T, w *play.Theatre, lines []play.Line) {
	t.Helper()
	thing := func(act string) string {
		n := slices.IndexFunc(lines, func(l play.Line) bool { return l.Act == act })
		if n < 0 {
			t.Fatal("no", act)
		}
		return lines[n].Thing
	}
	if put, back := thing("item.defer"), thing("item.relist"); put != back || thing("meeting.depart") == "" || thing("election.open") == "" {
		t.Errorf("%s was put off and %s came back", put, back)
	}
	var all []item.Item
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		rounds, err := tx.Rounds(stage.Actor{Role: stage.Auditor}, store.RoundFilter{})
		for _, r := range rounds {
			some, wrong := tx.ItemsOfRound(r.ID)
			all, err = append(all, some...), errors.Join(err, wrong)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	whole := 0
	for _, i := range all {
		whole = max(whole, i.Base.Entitled)
	}
	some := func(what string, is func(item.Item) bool) {
		if !slices.ContainsFunc(all, is) {
			t.Error("no", what)
		}
	}
	some("recusal that changes the denominator", func(i item.Item) bool {
		return len(i.Recusals) == 2 && i.Base.Recused == 2 && i.Base.Entitled == whole-2
	})
	some("secret ballot on what was put off", func(i item.Item) bool {
		return i.Tally.Secret && i.State == item.Carried && string(i.ID) == thing("item.defer")
	})
	if w.Programme.Meeting.Tie == "again" {
		some("tie that was voted on again", func(i item.Item) bool { return string(i.ID) == thing("item.vote_again") && i.Ballot == 2 })
	} else {
		some("tie", func(i item.Item) bool {
			return i.State == item.Lost && i.Tally.Ayes > 0 && i.Tally.Ayes == i.Tally.Noes
		})
	}
}
