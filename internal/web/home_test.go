package web_test

import (
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestHome: a fresh installation says that there is nothing yet; an open call
// stands first with its deadline; a draft is nowhere; when the deadline passed
// the call is no longer offered.
func TestHome(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(stage.Anyone)
	b.Get("/").Want(200, "今天是2021年6月1日 星期二，工作日", "没有正在申报或者公示的事项", "还没有发布过通知", "还没有命名", "还没有公告")
	draft := w.DraftedRound()
	if strings.Contains(b.Get("/").Body, string(draft)) {
		t.Error("a draft is on the front page")
	}
	open := w.OpenRound()
	p := b.Get("/").Want(200, "正在申报", "逾期视为放弃", "可以申报", "还剩")
	if !strings.Contains(p.Body, "/calls/"+string(open)) {
		t.Error("the open call is not on the front page")
	}
	w.At("2021-12-01")
	b.Get("/").Want(200, "已截止", "没有正在申报或者公示的事项")
}

// TestWorkOfAnApplicant: who has nothing to do is told what is open to it, and how its own
// things stand.
func TestWorkOfAnApplicant(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	b := w.Browser(w.ApplicantOf(w.Organisation()))
	if p := b.Get("/work").Want(200, "现在没有要办理的事项", "可以申报"); !strings.Contains(p.Body, "/applications/new?round="+string(round)) {
		t.Error("no way to the call that is open")
	}
	a := w.ApplicationOf(w.Submitted(round))
	b = w.Browser(w.ApplicantOf(a.Organisation))
	if p := b.Get("/work").Want(200, a.Number, "已提交"); strings.Contains(p.Body, "可以申报") {
		t.Error("a round is offered to who applied in it")
	}
}

// TestReady: a process without its database is up, and takes no requests.
func TestReady(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(stage.Anyone)
	b.Get("/healthz").Want(200, "ok")
	b.Get("/readyz").Want(200, "ready")
	if err := testkit.Broken(w).Close(); err != nil {
		t.Fatal(err)
	}
	b.Get("/healthz").Want(200, "ok")
	b.Get("/readyz").Want(503, "not ready")
}

// TestTheWorkPageSaysWhatItLeavesOut: what is not listed is counted and leads to its list.
func TestTheWorkPageSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	w.ManyApplications(w.ApplicationOf(w.Submitted(key)), []id.Round{key}, 300)
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get("/work").Want(200, "列出151项", "没有全部列出的", "共61项，上面列出50项", "共60项，上面列出50项")
	clerk.Get("/applications?state=submitted").Want(200, "B-")
	clerk.Get("/reviews?state=open").Want(200, "B-")
	clerk.Get("/visits?state=planned").Want(200, "B-")
}
