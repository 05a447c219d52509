package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// accountsIn counts what note writes.
func accountsIn(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.CountAccounts()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// note adds an account with the given login in a change of its own.
func note(ctx context.Context, s *store.Store, login string, also func() error) error {
	return s.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a := store.Account{ID: id.Account("acc_" + login), Login: login, Name: "n"}
		if err := tx.AddAccount(&a); err != nil {
			return record.Entry{}, err
		}
		return record.Entry{Act: "account.add", Thing: string(a.ID)}, also()
	})
}

func fine() error { return nil }

// TestChangesShareACommitAndNothingElse: many at once, some refused, some that
// panic, some cancelled; each gets its own answer, and what was answered is there.
func TestChangesShareACommitAndNothingElse(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	refusal := errors.New("refused")
	var done atomic.Int64
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			for i := range 20 {
				login := fmt.Sprintf("%d-%d", n, i)
				switch i % 5 {
				case 1:
					if err := note(t.Context(), s, login, func() error { return refusal }); !errors.Is(err, refusal) {
						t.Errorf("%s: %v", login, err)
					}
				case 2:
					if p := panics(func() { note(t.Context(), s, login, func() error { panic("!") }) }); p != "!" { //nolint:errcheck // it panics
						t.Errorf("%s: the panic was %v", login, p)
					}
				case 3:
					ctx, cancel := context.WithCancel(t.Context())
					cancel()
					if err := note(ctx, s, login, fine); !errors.Is(err, context.Canceled) {
						t.Errorf("%s, cancelled: %v", login, err)
					}
				default:
					if err := note(t.Context(), s, login, fine); err != nil {
						t.Errorf("%s: %v", login, err)
					}
					done.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := accountsIn(t, s); int64(n) != done.Load() || n != 16*8 {
		t.Errorf("%d accounts, %d were answered", n, done.Load())
	}
	if err := s.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, s); !v.Holds() || v.Entries != 16*8 {
		t.Errorf("%+v", v)
	}
}

func panics(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}

// TestAnAnswerIsDurable kills a process that writes, at a random moment, and finds
// everything that it had acknowledged.
func TestAnAnswerIsDurable(t *testing.T) {
	if file := os.Getenv("SHIFAN_TEST_WRITER"); file != "" {
		writeUntilKilled(t, file)
		return
	}
	if testkit.Engine() != "sqlite" {
		return // PostgreSQL is another process anyway
	}
	t.Parallel()
	file := testkit.Place(t)
	acknowledged := map[string]bool{}
	for round := range 4 {
		child := exec.Command(os.Args[0], "-test.run", "^TestAnAnswerIsDurable$", "-test.count=1")
		child.Env = append(os.Environ(), "SHIFAN_TEST_WRITER="+file, fmt.Sprintf("SHIFAN_TEST_ROUND=%d", round))
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines, seen := bufio.NewScanner(out), 0
		for lines.Scan() {
			login, ok := strings.CutPrefix(lines.Text(), "ack ")
			if ok && seen == 0 { // it is at work: let it go on for a while
				time.AfterFunc(time.Duration(50+rand.IntN(250))*time.Millisecond, func() { child.Process.Kill() }) //nolint:errcheck // it may be gone
			}
			if ok {
				acknowledged[login] = true
				seen++
			}
		}
		child.Wait() //nolint:errcheck // it was killed
		s, err := store.Open(t.Context(), file)
		if err != nil {
			t.Fatalf("after the %d. kill: %v", round+1, err)
		}
		lost := 0
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			for login := range acknowledged {
				if _, err := tx.AccountByLogin(login); err != nil {
					lost++
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Verify(t.Context(), ""); err != nil || !v.Holds() || lost > 0 {
			t.Errorf("after the %d. kill: %d of %d lost; %+v, %v", round+1, lost, len(acknowledged), v.Differences, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acknowledged) < 20 {
		t.Errorf("only %d changes were acknowledged: the test tells nothing", len(acknowledged))
	}
}

// writeUntilKilled is the child.
func writeUntilKilled(t *testing.T, file string) {
	s, err := store.Open(t.Context(), filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	var one sync.Mutex
	for n := range 8 {
		go func() {
			for i := 0; ; i++ {
				login := fmt.Sprintf("%s-%d-%d", os.Getenv("SHIFAN_TEST_ROUND"), n, i)
				if err := note(t.Context(), s, login, fine); err != nil {
					return
				}
				one.Lock()
				fmt.Println("ack " + login)
				one.Unlock()
			}
		}()
	}
	time.Sleep(20 * time.Second)
}

// TestWhoeverWasAnsweredCanReadIt: of many that ask at once under one key, in one
// transaction, one acts; the others hear that it was done only when all can read what it
// was answered.
func TestWhoeverWasAnsweredCanReadIt(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	now := time.Date(2021, 6, 1, 9, 0, 0, 0, time.UTC)
	var acted, heard atomic.Int64
	var all sync.WaitGroup
	entered, waiting := make(chan struct{}), make(chan struct{})
	all.Go(func() { // the others gather behind it
		if err := note(t.Context(), s, "first", func() error { close(entered); <-waiting; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-entered
	for range 8 {
		all.Go(func() {
			o := &store.Once{
				Key: "key", Request: func() string { return "asked" }, Now: now, Expires: now.Add(time.Hour),
				Answer: func(record.Entry) string { return "done" },
			}
			err := note(store.WithOnce(t.Context(), o), s, "once", fine)
			switch {
			case err == nil && o.Kept == "done":
				acted.Add(1)
			case errors.Is(err, store.ErrAnswered):
				heard.Add(1)
				if err := s.View(t.Context(), func(tx *store.Tx) error {
					was, err := tx.Answer("key")
					if err == nil && was.Answer != "done" {
						t.Errorf("%+v", was)
					}
					return err
				}); err != nil {
					t.Errorf("it was answered, and nobody can read what: %v", err)
				}
			default:
				t.Errorf("%q %v", o.Kept, err)
			}
		})
	}
	gather := func() { time.Sleep(30 * time.Millisecond) } // if fewer have gathered by then, less is tried
	gather()
	all.Go(func() { // the last of their transaction puts its commit off
		if err := note(t.Context(), s, "last", func() error { time.Sleep(150 * time.Millisecond); return nil }); err != nil {
			t.Error(err)
		}
	})
	gather()
	close(waiting)
	all.Wait()
	if acted.Load() != 1 || heard.Load() != 7 {
		t.Errorf("%d acted, %d heard", acted.Load(), heard.Load())
	}
}
