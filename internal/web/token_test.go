package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestTokenOnPages: a person makes a token, sees it once, and revokes it; another
// person's token is missing; what was typed wrong comes back with what to mend.
func TestTokenOnPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk := w.Person("审核员02", stage.Clerk)
	b := w.Browser(clerk)
	b.Get("/account").Want(200, "接口令牌")
	b.Get("/account/tokens").Want(200, "没有令牌")
	b.Get("/account/tokens/new").Want(200, "以办公室经办人办理")
	b.Post("/account/tokens/new", "name", "", "days", "400").Want(422, "1至40个字", "1至365", "至少选一项")
	b.Post("/account/tokens/new", "name", "汇总程序", "days", "90", "scopes", "plaudits:read").Want(422, "没有范围")
	p := b.Post("/account/tokens/new", "name", "汇总程序", "days", "90", "scopes", "rounds:read").Want(200, "只显示这一次")
	token := regexp.MustCompile(`shf_[a-z2-7]{32}`).FindString(p.Body)
	program := w.Program(stage.Anyone)
	program.Token = token
	program.Get("/rounds").Want(http.StatusOK)
	program.Get("/reviews").Refused(http.StatusForbidden, "api.scope")
	program.Post("/rounds", nil).Refused(http.StatusForbidden, "api.scope")

	list := b.Get("/account/tokens").Want(200, "汇总程序", "年度批次只读")
	if token == "" || strings.Contains(list.Body, token) {
		t.Errorf("%q is shown again", token)
	}
	at := regexp.MustCompile(`/account/tokens/tok_[a-z0-9]+/revoke`).FindString(list.Body)
	other := w.Browser(w.Person("审核员03", stage.Clerk))
	other.Get(at).Want(404)
	other.Post(at).Want(404)
	b.Get(at).Want(200, "立即不能再办理")
	b.Follow(b.Post(at)).Want(200, "令牌已收回", "没有令牌")
	program.Get("/rounds").Refused(http.StatusUnauthorized, "token.unknown")
}

// TestTokenStops: at its end, with its role, and with its account.
func TestTokenStops(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk, second := w.Person("审核员02", stage.Clerk), w.Person("审核员03", stage.Clerk)
	p, q := w.Program(clerk, "read"), w.Program(second, "read")
	p.Get("/rounds").Want(http.StatusOK)
	if err := w.Desk.DisableAccount(t.Context(), testkit.TheOperator, clerk.Account); err != nil {
		t.Fatal(err)
	}
	p.Get("/rounds").Refused(http.StatusUnauthorized, "token.unknown")
	if err := w.Desk.EnableAccount(t.Context(), testkit.TheOperator, clerk.Account); err != nil {
		t.Fatal(err)
	}
	p.Get("/rounds").Refused(http.StatusUnauthorized, "token.unknown") // it does not come back
	w.Jump(w.Now().Add(30*24*time.Hour - time.Second))
	q.Get("/rounds").Want(http.StatusOK)
	w.Jump(w.Now().Add(time.Second))
	q.Get("/rounds").Refused(http.StatusUnauthorized, "token.unknown")
}
