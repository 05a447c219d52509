package web_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/testkit"
)

// TestStatisticsByTheirPages: the figures of a furnished world, the workbook of them, and
// the table with its columns moved, saved, renamed, exported and removed.
func TestStatisticsByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	b := w.Browser(w.Office().Clerk)
	b.Get("/statistics").Want(200, "还没有发布过通知")
	b.Get("/tabulations").Want(200, "没有符合条件的申报")
	round := w.OpenRound()
	b = w.Browser(w.Office().Clerk) // time went by
	b.Get("/rounds/"+string(round)+"/statistics").Want(200, "还没有申报")
	for range 2 {
		w.Submitted(round)
	}
	first := w.Accepted(round)
	b.Get("/rounds/"+string(round)+"/statistics").Want(200, "各环节去向", "受理", "初审", "在此结束")
	list := "/rounds/" + string(round) + "/statistics/list"
	for query, row := range map[string]struct {
		n    int
		path string
	}{
		"code=intake&of=step&what=in":      {3, ""},
		"code=intake&of=step&what=waiting": {2, ""},
		"code=review&of=step&what=in":      {1, string(first)},
		"code=intake&of=span&what=done":    {1, string(first)},
	} {
		at := list + "?" + query
		if p := b.Get("/rounds/" + string(round) + "/statistics"); !strings.Contains(p.Body, `href="`+strings.ReplaceAll(at, "&", "&amp;")+`"`) {
			t.Errorf("nothing leads to %s", at)
		}
		if p := b.Get(at).Want(200, fmt.Sprintf("共%d件", row.n)); strings.Count(p.Body, `href="/applications/app_`) != row.n || !strings.Contains(p.Body, "/applications/"+row.path) {
			t.Errorf("%s lists other than %d: %s", query, row.n, p.Words())
		}
	}
	for _, query := range []string{"", "?of=step&code=intake", "?of=step&code=nothing&what=in", "?of=step&code=draft&what=in", "?of=step&code=intake&what=in&from=-1", "?of=criterion&code=9-9&what=met"} {
		b.Get(list + query).Want(404)
	}
	b.Get(list + "?of=step&code=intake&what=in&from=x").Want(422)
	w.Browser(w.Office().Chair).Get(list + "?of=span&code=objection&what=done").Want(404)
	w.Browser(w.ApplicantOf(w.ApplicationOf(first).Organisation)).Get(list + "?of=step&code=intake&what=in").Want(403)
	b.Get("/statistics").Want(200, "2021年度", "历年")
	x := b.Get("/rounds/" + string(round) + "/statistics.xlsx")
	book, err := sheet.Open([]byte(x.Body))
	if err != nil || len(book.Sheets) != 7 || book.Sheets[1].Name != "各环节去向" {
		t.Fatalf("the workbook: %v %v", book, err)
	}
	var lines []string
	for r, err := range book.Sheets[1].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Join(r.Cells, "|"))
	}
	if lines[2] != "受理|3|1|33.3%|2|0" {
		t.Errorf("got %q", lines)
	}
	table := "/tabulations?c=number&c=organisation&c=state"
	b.Get(table+"&at=intake").Want(200, "已提交", "本页2件")
	b.Get(table+"&level=city").Want(200, "没有符合条件的申报")
	b.Get(table+"&level=province&region=220000").Want(200, "本页3件")
	moved := b.Get(table + "&move=up:state")
	if moved.Status != 303 || !strings.Contains(moved.Location, "c=number&c=state&c=organisation") {
		t.Errorf("moved to %d %s", moved.Status, moved.Location)
	}
	b.Get("/tabulations?c=password").Want(422, "没有“password”这一列")
	w.Browser(w.Office().Chair).Get("/tabulations?c=legal_head").Want(422, "没有“legal_head”这一列")
	csv := b.Get("/tabulations.csv?c=number&c=state&c=stage")
	if !strings.HasPrefix(csv.Body, "\ufeff编号,状态,环节\r\n") || strings.Count(csv.Body, "\r\n") != 4 || !strings.Contains(csv.Body, w.ApplicationOf(first).Number+",办理中,初审\r\n") {
		t.Errorf("got %q", csv.Body)
	}
	if x := b.Get("/tabulations.xlsx?c=number"); !bytes.HasPrefix([]byte(x.Body), []byte("PK")) {
		t.Error("no workbook")
	}
	b.Post("/tabulations", "c", "state", "name", "").Want(422, "给这个视图起个名字")
	saved := b.Post("/tabulations", "c", "state", "round", string(round), "name", "上会名单")
	b.Follow(saved).Want(200, "视图已保存", "汇总表：上会名单", "本页3件")
	key, _, _ := strings.Cut(strings.TrimPrefix(saved.Location, "/tabulations?view="), "&")
	b.Post("/tabulations", "c", "state", "name", "上会名单").Want(422, "已经有叫“上会名单”的视图")
	b.Follow(b.Post("/tabulations/"+key+"/rename", "name", "名单")).Want(200, "汇总表：名单")
	other := w.Browser(w.Person("经办人乙", stage.Clerk))
	other.Get("/tabulations?view="+key).Want(404, "")
	other.Post("/tabulations/"+key+"/remove").Want(404, "")
	b.Follow(b.Post("/tabulations/"+key+"/remove")).Want(200, "视图已删去")
	b.Get("/tabulations?view="+key).Want(404, "")
}

// TestTheReportIsTheSameEverywhere: of a round that is over, the page, the document and
// the API tell the same figures to anybody, and before that there is none.
func TestTheReportIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	named, lost := w.Accepted(round), w.Submitted(round)
	w.Drafted(round)
	if err := w.Desk.WithdrawApplication(t.Context(), w.ApplicantOf(w.ApplicationOf(lost).Organisation), lost); err != nil {
		t.Fatal(err)
	}
	w.At("2021-07-12")
	w.Reviewed(named)
	w.Visited(named)
	w.Decided(round, named)
	w.Cleared(named)
	w.Named(named)
	public, program, at := w.Browser(stage.Anyone), w.Program(stage.Anyone), "/calls/"+string(round)+"/report"
	public.Get(at).Want(404)
	public.Get(at + "/paper").Want(404)
	program.Get(at).Want(404)
	if err := w.Desk.ConcludeRound(t.Context(), w.Office().Director, round); err != nil {
		t.Fatal(err)
	}
	var said struct {
		Steps []struct {
			Word           string
			In, Out, Ended int
		}
		Total struct{ Received, Accepted, Named int }
	}
	program.Get(at).Want(200, &said)
	if n := said.Total; n.Received != 2 || n.Accepted != 1 || n.Named != 1 || len(said.Steps) != 7 {
		t.Fatalf("the API says %+v", said)
	}
	page := public.Get(at).Want(200, "本届收到申报2件，受理1件，命名1家。", "各环节件数").Words()
	document := w.Read([]byte(public.Get(at + "/paper").Want(200).Body))
	if !strings.Contains(document, "本届收到申报2件，受理1件，命名1家。") {
		t.Errorf("the document says %s", document)
	}
	page, document = strings.Join(strings.Fields(page), ""), strings.Join(strings.Fields(document), "")
	for _, s := range said.Steps {
		row := fmt.Sprintf("%s%d%d%d", s.Word, s.In, s.Out, s.Ended)
		if !strings.Contains(page, row) || !strings.Contains(document, row) {
			t.Errorf("the API says %s, the page %s, the document %s", row, page, document)
		}
	}
}
