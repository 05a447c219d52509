package web_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestOperation: whoever runs the installation sees how it is and what to do about it,
// and nobody else does.
func TestOperation(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	operator := w.Browser(w.Person("管理员01", stage.Operator))
	operator.Get("/operation").Want(200, "没有记录", "运行 shifan backup", "本进程还没有做过", "今年和明年都有", "运行情况")
	now := w.Now()
	w.Desk.Machine = func() casework.Machine {
		return casework.Machine{
			Disks:  []casework.Disk{{Word: "数据文件夹", Place: "/var/lib/shifan", Free: 2 << 30, Total: 100 << 30}, {Word: "上传的文件", Place: "/srv", Free: 50 << 30, Total: 100 << 30}},
			Keys:   []casework.KeyFile{{Word: "存证日志的签名密钥", File: "record.key", Since: now}, {Word: "电子凭证的签名密钥", File: "signing.keys"}},
			Clock:  casework.Pulse{At: now.Add(-time.Minute), Acts: 3},
			Backup: casework.Backup{At: now.Add(-time.Hour), File: "/srv/a.age", Bytes: 3 << 20},
		}
	}
	p := operator.Get("/operation").Want(200, "/srv/a.age", "3 MB", "腾出空间", "办了3件", "record.key", "不在这台机器上")
	if strings.Contains(p.Body, "运行 shifan backup") {
		t.Error("a fresh backup is said to be old")
	}
	if n := strings.Count(p.Body, "需要处理"); n != 2 {
		t.Errorf("%d lines want something, of two", n)
	}
	w.At("2026-12-15")
	operator = w.Browser(w.Person("管理员02", stage.Operator))
	operator.Get("/operation").Want(200, "还没有2027年", "运行 shifan backup", "看服务器日志里 tick")
	w.Browser(w.Person("经办人01", stage.Clerk)).Get("/operation").Want(403)
}
