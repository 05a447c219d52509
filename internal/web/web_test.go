package web_test

import (
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	visitor, clerk := w.Browser(stage.Anyone), w.Browser(w.Person("审核员02", stage.Clerk))
	visitor.Get("/").Want(200, "创建流程")
	visitor.Get("/nothing").Want(404, "没有找到")
	if p := visitor.Get("/work").Want(303); p.Location != "/login?next=%2Fwork" {
		t.Errorf("a visitor is sent to %q", p.Location)
	}
	visitor.Get("/login").Want(200, "密码")
	clerk.Get("/work").Want(200, "工作台", "审核员02")
	clerk.Get("/account").Want(200, "办公室经办人")
	for _, path := range []string{"/guide", "/accessibility", "/privacy"} {
		visitor.Get(path).Want(200)
	}
}
