package api_test

import (
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/message"
	"shifan/internal/testkit"
)

// TestMessages: a program reads what its person was told, marks it, and cannot mark
// another's; it stops and removes a webhook and is never shown its secret.
func TestMessages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Submitted(w.OpenRound())
	p := w.Program(w.ApplicantOf(w.ApplicationOf(app).Organisation), "read", "write")
	var page struct {
		Items []struct{ ID, Kind, State, Thing string }
	}
	p.Get("/messages?unread=true").Want(200, &page)
	if len(page.Items) != 1 || page.Items[0].Kind != "received" || page.Items[0].State != "unread" || page.Items[0].Thing != string(app) {
		t.Fatalf("%+v", page)
	}
	at := "/messages/" + page.Items[0].ID + "/read"
	director := w.Program(w.Office().Director, "read", "write")
	director.Post(at, map[string]any{}).Want(404)
	p.Post(at, map[string]any{}).Want(200)
	page.Items = nil
	p.Get("/messages?unread=true").Want(200, &page)
	if len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
	key, secret, err := w.Desk.AddHook(t.Context(), w.Office().Director, casework.Hook{
		Programme: w.Programme().Name, Name: "汇总程序", Channel: message.Webhook, Address: "https://hooks.example.org/?token=abc", Kinds: []string{"accepted"},
	})
	if err != nil {
		t.Fatal(err)
	}
	hook := "/webhooks/" + string(key)
	if b := director.Get(hook).Want(200).Body; strings.Contains(b, secret) || strings.Contains(b, "token=abc") {
		t.Error(b)
	}
	director.Post(hook+"/stop", map[string]any{}).Want(200)
	director.Post(hook+"/test", map[string]any{}).Want(409)
	director.Post(hook+"/remove", map[string]any{}).Want(200)
	director.Get(hook).Want(404)
}
