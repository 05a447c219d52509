package casework_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// behind writes what no act writes.
func behind(t *testing.T, w *testkit.World, do func(*store.Tx) error) {
	t.Helper()
	ok(t, w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: w.Now(), By: "acc_x", Role: "clock", Act: "test.behind", Thing: "test"}, do(tx)
	}))
}

// TestSecretsOfHooksAreShut: neither the secret of a hook nor the key in a robot's address
// can be read in the database, and both are sent with; what an older version left open is
// shut by the clock; another secret takes the place of the old one.
func TestSecretsOfHooksAreShut(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, director := t.Context(), w.Office().Director
	w.OpenRound()
	kept := func(key id.Hook) message.Hook {
		t.Helper()
		return read(t, w, func(tx *store.Tx) (message.Hook, error) { return tx.Hook(key) })
	}
	add := func(channel, address, secret string) (id.Hook, string) {
		t.Helper()
		key, made, err := w.Desk.AddHook(ctx, director, casework.Hook{Programme: w.Programme().Name, Name: "群" + channel, Channel: channel, Address: address, Secret: secret, Kinds: []string{"accepted"}})
		ok(t, err)
		return key, made
	}
	sent := func(key id.Hook) *casework.Outgoing {
		t.Helper()
		ok(t, w.Desk.ActOnHook(ctx, director, key, "test"))
		due, err := w.Desk.DeliveriesDue(ctx)
		ok(t, err)
		for _, d := range due {
			if d.Hook == key {
				out, err := w.Desk.TakeDelivery(ctx, d.ID, "https://example.org")
				ok(t, err)
				return out
			}
		}
		t.Fatalf("nothing is due for %s", key)
		return nil
	}
	program, secret := add(message.Webhook, "https://hooks.example.org/a?token=abc", "")
	robot, _ := add(message.WeCom, message.Robots[message.WeCom]+"wecomkey", "")
	ding, _ := add(message.DingTalk, message.Robots[message.DingTalk]+"dingtoken", "SECold")
	for key, hidden := range map[id.Hook][]string{program: {secret, "abc"}, robot: {"wecomkey"}, ding: {"SECold", "dingtoken"}} {
		h := kept(key)
		for _, s := range hidden {
			if strings.Contains(h.Secret+h.Address, s) {
				t.Errorf("the database says %s: %s %s", s, h.Address, h.Secret)
			}
		}
	}
	if out := sent(program); out.Secret != secret || out.To != "https://hooks.example.org/a?token=abc" {
		t.Errorf("%+v", out)
	}
	if out := sent(robot); out.To != message.Robots[message.WeCom]+"wecomkey" {
		t.Errorf("%+v", out)
	}

	_, fresh, err := w.Desk.RotateHook(ctx, director, program, "")
	if err != nil || fresh == secret || !strings.HasPrefix(fresh, "shw_") || !kept(program).SecretAt.Equal(w.Now()) {
		t.Errorf("%q, since %s: %v", fresh, kept(program).SecretAt, err)
	}
	if out := sent(program); out.Secret != fresh || out.To != "https://hooks.example.org/a?token=abc" {
		t.Errorf("%+v", out)
	}
	_, _, err = w.Desk.RotateHook(ctx, director, robot, "")
	w.Refused(err, "webhook.rotate.none")
	_, _, err = w.Desk.RotateHook(ctx, director, ding, "other")
	w.Refused(err, "webhook.secret")
	_, made, err := w.Desk.RotateHook(ctx, director, ding, "SECnew")
	if out := sent(ding); err != nil || made != "" || out.Secret != "SECnew" || out.To != message.Robots[message.DingTalk]+"dingtoken" {
		t.Errorf("%q %+v %v", made, out, err)
	}
	_, _, err = w.Desk.RotateHook(ctx, w.Office().Clerk, program, "")
	w.Refused(err, "thing.not_found")

	// As an older version left it.
	old := kept(program)
	old.Secret, old.Address = "shw_plain", "https://hooks.example.org/a?token=abc"
	behind(t, w, func(tx *store.Tx) error { return tx.PutHook(&old) })
	if out := sent(program); out.Secret != "shw_plain" {
		t.Errorf("%+v", out)
	}
	if _, err := w.Desk.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	if h := kept(program); !store.IsShut(h.Secret) || strings.Contains(h.Address, "abc") {
		t.Errorf("%s %s", h.Address, h.Secret)
	}
	if out := sent(program); out.Secret != "shw_plain" || out.To != "https://hooks.example.org/a?token=abc" {
		t.Errorf("%+v", out)
	}
	tells(t, w, program, "webhook.add →on director", "webhook.test on→on director", "webhook.rotate on→on director", "webhook.test on→on director",
		"webhook.test on→on director", "webhook.shut on→on clock", "webhook.test on→on director")

	// A secret that does not open any more is said so in the log, and a new one mends it.
	lost := kept(program)
	lost.Secret, lost.Address = store.ShutMark+"AAAA", "https://hooks.example.org/a"
	behind(t, w, func(tx *store.Tx) error { return tx.PutHook(&lost) })
	if out := sent(program); out != nil {
		t.Errorf("%+v", out)
	}
	if v, err := w.Desk.Hook(ctx, director, program); err != nil || !slices.ContainsFunc(v.Lines, func(l casework.DeliveryLine) bool { return strings.Contains(l.Delivery.Say, "密钥打不开") }) {
		t.Errorf("%+v %v", v.Lines, err)
	}
	_, fresh, err = w.Desk.RotateHook(ctx, director, program, "")
	if out := sent(program); err != nil || out.Secret != fresh {
		t.Errorf("%+v %v", out, err)
	}
}
