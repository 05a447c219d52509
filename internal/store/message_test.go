package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// TestMessagesAreKeptWhole: a message, a delivery, a mailbox, a hook and a calendar come
// back as they were put down.
func TestMessagesAreKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	a := store.Account{ID: "acc_one", Login: "zhang", Name: "经办人", Grants: []store.Grant{{Role: stage.Clerk}}}
	m := message.Message{
		ID: "msg_a", Programme: "base", Kind: "accepted", Chapter: "application", Thing: "app_a", URL: "/applications/app_a", Account: "acc_one", Role: stage.Applicant, Organisation: "org_1",
		Subject: "申报已受理，𠮷", Text: "一行\n又一行", MadeAt: someInstant, ReadAt: someInstant, Letter: "dlv_a",
	}
	d := message.Delivery{
		ID: "dlv_a", Programme: "base", Channel: message.Mail, Account: "acc_one", Objection: "obj_a", Hook: "hok_a", Messages: []id.Message{"msg_a", "msg_b"}, Kind: "accepted", Chapter: "application",
		Thing: "app_a", URL: "/applications/app_a", MadeAt: someInstant, State: message.Failed, Tries: 3, Due: someInstant, Say: "连不上", EndedAt: someInstant,
	}
	b := message.Mailbox{
		Account: "acc_one", Address: "zhang@example.org", Wanted: "li@example.org", Code: "code", AskedAt: someInstant, Mode: message.Daily, Quiet: message.Night,
		RemindOn: calendar.DateOf(someInstant), ChangedAt: someInstant,
	}
	h := message.Hook{
		ID: "hok_a", Programme: "base", Name: "工作群", Channel: message.WeCom, Address: "https://example.org/?key=x", Secret: "SECx", Kinds: []string{"accepted", "visit"}, State: message.Off, MadeAt: someInstant, SecretAt: someInstant,
	}
	f := store.Feed{ID: "fed_a", Account: "acc_one", Hash: "abc", Grant: store.Grant{Role: stage.Clerk, Programme: "base"}, MadeAt: someInstant}
	for _, thing := range []any{m, d, b, h, f} {
		whole(t, thing)
	}
	put := func(do func(tx *store.Tx) error) {
		t.Helper()
		if err := written(t, s, do); err != nil {
			t.Fatal(err)
		}
	}
	put(func(tx *store.Tx) error { v := a; return tx.AddAccount(&v) })
	put(func(tx *store.Tx) error { v := m; return tx.AddMessage(&v) })
	put(func(tx *store.Tx) error { v := d; return tx.AddDelivery(&v) })
	put(func(tx *store.Tx) error { v := b; return tx.AddMailbox(&v) })
	put(func(tx *store.Tx) error { v := h; return tx.AddHook(&v) })
	put(func(tx *store.Tx) error { v := f; return tx.AddFeed(&v) })
	d.Version, b.Version, h.Version = 1, 1, 1
	same := func(what string, want any, read func(tx *store.Tx) (any, error)) {
		t.Helper()
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			got, err := read(tx)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
			return err
		}); err != nil {
			t.Error(what, err)
		}
	}
	same("message", m, func(tx *store.Tx) (any, error) { return tx.Message("msg_a") })
	same("delivery", d, func(tx *store.Tx) (any, error) { return tx.Delivery("dlv_a") })
	same("mailbox", b, func(tx *store.Tx) (any, error) { return tx.Mailbox("acc_one") })
	same("hook", h, func(tx *store.Tx) (any, error) { return tx.Hook("hok_a") })
	same("feed", f, func(tx *store.Tx) (any, error) { return tx.FeedByHash("abc") })
	same("feeds", []store.Feed{f}, func(tx *store.Tx) (any, error) { return tx.FeedsOf("acc_one") })
	same("due", []message.Delivery{d}, func(tx *store.Tx) (any, error) { return tx.DeliveriesDue(someInstant, 9) })
	same("not due", 0, func(tx *store.Tx) (any, error) {
		all, err := tx.DeliveriesDue(someInstant.Add(-time.Microsecond), 9)
		return len(all), err
	})
	same("read before", 0, func(tx *store.Tx) (any, error) {
		all, err := tx.MessagesReadBefore(someInstant, 9)
		return len(all), err
	})
	same("read since", []message.Message{m}, func(tx *store.Tx) (any, error) { return tx.MessagesReadBefore(someInstant.Add(time.Second), 9) })
	same("ended since", []message.Delivery{d}, func(tx *store.Tx) (any, error) { return tx.DeliveriesEndedBefore(someInstant.Add(time.Second), 9) })
	put(func(tx *store.Tx) error { return tx.RemoveFeed("fed_a") })
	put(func(tx *store.Tx) error { return tx.RemoveHook("hok_a") })
	put(func(tx *store.Tx) error { return tx.RemoveMessage("msg_a") })
	put(func(tx *store.Tx) error { return tx.RemoveDelivery("dlv_a") })
	same("gone", true, func(tx *store.Tx) (any, error) {
		_, err := tx.FeedByHash("abc")
		_, err2 := tx.Hook("hok_a")
		_, err3 := tx.Message("msg_a")
		_, err4 := tx.Delivery("dlv_a")
		return fault.KindOf(err) == fault.NotFound && fault.KindOf(err2) == fault.NotFound && fault.KindOf(err3) == fault.NotFound && fault.KindOf(err4) == fault.NotFound, nil
	})
}

// TestWhoSeesAHook: its programme's director and the operator; nobody else learns that it
// exists.
func TestWhoSeesAHook(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	h := message.Hook{ID: "hok_a", Programme: "base", Name: "工作群", Channel: message.Webhook, Address: "https://example.org/", Kinds: []string{"accepted"}, State: message.On, MadeAt: someInstant}
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddHook(&h) }); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		by   stage.Actor
		sees bool
	}{
		{stage.Actor{Role: stage.Director}, true},
		{stage.Actor{Role: stage.Director, Programme: "base"}, true},
		{stage.Actor{Role: stage.Director, Programme: "other"}, false},
		{stage.Actor{Role: stage.Operator}, true},
		{stage.Actor{Role: stage.Clerk, Programme: "base"}, false},
		{stage.Actor{Role: stage.Auditor}, false},
		{stage.Anyone, false},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.HookFor(tt.by, "hok_a")
			all, err2 := tx.Hooks(tt.by)
			if (err == nil) != tt.sees || (len(all) == 1) != tt.sees {
				t.Errorf("%+v: %v, %d", tt.by, err, len(all))
			}
			return err2
		}); err != nil {
			t.Error(err)
		}
	}
}
