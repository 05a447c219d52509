package web_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/testkit"
)

// TestTheRecordIsPublic: everybody reads what was done and checks it; only the
// auditor reads who did it.
func TestTheRecordIsPublic(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := string(w.OpenRound())
	visitor := w.Browser(stage.Anyone)
	visitor.Get("/record").Want(http.StatusOK, "存证日志", "届次", "待编号", "还没有签名的检查点")
	visitor.Get("/record/checkpoint").Want(http.StatusNotFound)
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	visitor.Get("/record?thing="+key).Want(http.StatusOK, key+" 的记录", "起草中→正在申报", "办公室负责人", "下载存证证明")
	if p := visitor.Get("/record?thing=" + key); strings.Contains(p.Body, "经办人甲") {
		t.Error("a visitor reads who acted")
	}
	visitor.Get("/record?thing=rnd_nothing").Want(http.StatusOK, "没有这个编号的记录")
	visitor.Get("/record?before=x").Want(http.StatusNotFound)
	auditor := w.Browser(w.Person("审计员01", stage.Auditor))
	if p := auditor.Get("/record?thing="+key).Want(http.StatusOK, "经办人甲"); !strings.Contains(p.Body, "topbar-work") {
		t.Error("an auditor loses the menu on the way to the record")
	}

	// A program fetches the proof and the checkpoint, and needs nothing else.
	p, err := record.ParseProof(visitor.Get("/record/proofs/" + key).Want(http.StatusOK).Body)
	if err != nil {
		t.Fatal(err)
	}
	verifier := strings.TrimSpace(visitor.Get("/record/verifier").Body)
	if l, _, err := p.Verify(verifier); err != nil || l.Thing != key || l.Act != "round.publish" {
		t.Errorf("%+v %v", l, err)
	}
	c, err := record.OpenCheckpoint(visitor.Get("/record/checkpoint").Body, verifier)
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := record.Unbundle([]byte(visitor.Get("/record/" + record.TilePath(-1, 0, int(c.Size))).Want(http.StatusOK).Body))
	if err != nil || int64(len(leaves)) != c.Size {
		t.Fatalf("%d leaves of %d, %v", len(leaves), c.Size, err)
	}
	tile := visitor.Get("/record/" + record.TilePath(0, 0, int(c.Size))).Want(http.StatusOK)
	for i, l := range leaves {
		if h := tlog.RecordHash([]byte(l)); string(h[:]) != tile.Body[i*tlog.HashSize:(i+1)*tlog.HashSize] {
			t.Errorf("entry %d has another hash", i)
		}
	}
	if got := tile.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	visitor.Get("/record/tile/0/001").Want(http.StatusNotFound)
}

// TestTheRecordPages: a page ends, and the next begins after it.
func TestTheRecordPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for range 40 {
		w.Person("经办人", stage.Clerk)
	}
	b := w.Browser(w.Person("审计员01", stage.Auditor))
	first := b.Get("/record").Want(http.StatusOK, "本页30条", "下一页")
	_, rest, _ := strings.Cut(first.Body, `href="/record?before=`)
	before, _, _ := strings.Cut(rest, `&`)
	b.Get("/record?before="+before).Want(http.StatusOK, "本页12条")
}
