package web_test

import (
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestMessages: an applicant reads that its application was accepted, and nobody else
// does; what is typed wrong stays typed.
func TestMessages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Accepted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b := w.Browser(by)
	b.Get("/messages").Want(200, "申报已受理", "申报已收到", "消息 2")
	other := w.Browser(w.Person("审计员", stage.Auditor))
	other.Get("/messages").Want(200, "没有消息")
	b.Follow(b.Post("/messages/read")).Want(200, "2条消息已标为已读", "已读")
	b.Post("/account/mail", "address", "zhang", "mode", "each", "from", "21", "to", "8").Want(422, "不是电子邮箱地址")
	b.Follow(b.Post("/account/mail", "address", "zhang@example.org", "mode", "each", "from", "21", "to", "8")).Want(200, "还没有验证")
	b.Post("/account/mail/wrong").Want(409, "这个链接已经用过")
	w.Browser(w.Person("系统管理员", stage.Operator)).Get("/deliveries").Want(200, "验证邮箱", "等待发送")
}
