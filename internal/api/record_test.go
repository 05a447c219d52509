package api_test

import (
	"testing"

	"shifan/internal/testkit"
)

// TestRecord: the record tells programs what stands in it, and the words beside.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	var page struct {
		Items []struct {
			Act      string
			ActWord  string `json:"act_word"`
			Role     string
			RoleWord string `json:"role_word"`
			From, To string
			ToWord   string `json:"to_word"`
			Who      string
		}
	}
	w.Program(w.Office().Clerk, "read").Get("/record?thing="+string(key)).Want(200, &page)
	if len(page.Items) != 2 {
		t.Fatalf("%+v", page)
	}
	if l := page.Items[0]; l.Act != "round.publish" || l.ActWord != "届次 发布通知" || l.Role != "director" || l.RoleWord != "办公室负责人" || l.From != "drafted" || l.To != "open" || l.ToWord == "" || l.Who != "" {
		t.Errorf("%+v", l)
	}
}
