package casework_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestOnceUnderItsKey: of acts asked for at once under one key one is done, on either
// engine; all are told the same; another request is refused, another token's key is its
// own, and after a day the key is free.
func TestOnceUnderItsKey(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	asked := func(token casework.Token, request string) casework.Asked {
		return casework.Asked{Token: token, Key: "k", Request: func() string { return request }}
	}
	made := 0
	add := func(ctx context.Context) error {
		made++
		_, err := w.Desk.AddAccount(ctx, testkit.TheOperator, casework.NewAccount{
			Login: fmt.Sprintf("once%d", made), Name: "测试账号", Grants: []casework.Grant{{Role: stage.Clerk}},
		})
		return err
	}
	var one sync.Mutex
	act := func(ctx context.Context) error {
		one.Lock()
		defer one.Unlock()
		return add(ctx)
	}
	accounts := func() int {
		all, err := w.Desk.Accounts(t.Context(), testkit.TheOperator, casework.AccountFilter{Words: "once"})
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	mine, other := casework.Token{ID: "tok_a"}, casework.Token{ID: "tok_b"}
	var said [6]string
	var group sync.WaitGroup
	fresh := make(chan bool, len(said))
	for i := range said {
		group.Go(func() {
			done, replayed, err := w.Desk.Once(t.Context(), asked(mine, "r"), act)
			if err != nil {
				t.Error(err)
			}
			said[i] = done
			fresh <- !replayed
		})
	}
	group.Wait()
	close(fresh)
	n := 0
	for f := range fresh {
		if f {
			n++
		}
	}
	for _, s := range said {
		if s == "" || s != said[0] {
			t.Errorf("told %q and %q", said[0], s)
		}
	}
	if n != 1 || accounts() != 1 {
		t.Errorf("%d were the first, %d accounts", n, accounts())
	}
	_, _, err := w.Desk.Once(t.Context(), asked(mine, "another"), act)
	w.Refused(err, "once.other")
	if _, replayed, err := w.Desk.Once(t.Context(), asked(other, "r"), act); err != nil || replayed || accounts() != 2 {
		t.Errorf("another token: %v %v, %d accounts", replayed, err, accounts())
	}
	refuse := func(ctx context.Context) error {
		_, err := w.Desk.AddAccount(ctx, testkit.TheOperator, casework.NewAccount{Login: "x"})
		return err
	}
	w.Jump(w.Now().Add(casework.AnswerKept))
	if _, _, err := w.Desk.Once(t.Context(), asked(mine, "r2"), refuse); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
	if _, replayed, err := w.Desk.Once(t.Context(), asked(mine, "r3"), act); err != nil || replayed || accounts() != 3 {
		t.Errorf("a day later: %v %v, %d accounts", replayed, err, accounts())
	}
	w.Jump(w.Now().Add(casework.AnswerKept + time.Second))
	if n, err := w.Desk.Tick(t.Context()); err != nil || n == 0 {
		t.Errorf("nothing is forgotten: %d %v", n, err)
	}
	if done, err := w.Desk.Answered(t.Context(), asked(mine, "r3")); done != "" || err != nil {
		t.Errorf("%q %v", done, err)
	}
}
