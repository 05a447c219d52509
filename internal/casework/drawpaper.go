package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/paper"
)

// DrawPaper makes the certificate of a draw that has a result: what was fixed, what
// was revealed and what came out, with the program that recomputes it as its appendix.
// The record and the program are in the file too.
func (d *Desk) DrawPaper(ctx context.Context, by stage.Actor, key id.Draw) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.DrawPaper(%s)", key)
	v, err := d.Draw(ctx, by, key)
	if err != nil {
		return p, err
	}
	if v.Draw.State != draw.Concluded {
		return p, fault.Missing()
	}
	doc, err := v.certificate()
	if err != nil {
		return p, err
	}
	return issue("抽取证明 "+string(key), doc)
}

func (v DrawView) certificate() (*paper.Document, error) {
	w := v.Draw
	seed := v.seed()
	facts := paper.Facts{
		{Word: "抽取", Value: string(w.ID)},
		{Word: "批次", Value: v.Round.Title},
		{Word: "名单", Value: fmt.Sprintf("%d人，考核%d家", len(w.Pool.Members), len(w.Cases))},
		{Word: "名单摘要", Value: byEights(w.Pool.Digest()), Plain: true},
		{Word: "规则摘要", Value: byEights(w.Rule.Digest()), Plain: true},
		{Word: "种子", Value: byEights(seed), Plain: true},
		{Word: "记录摘要", Value: byEights(lot.DigestOf(v.Document)), Plain: true},
	}
	for _, q := range w.Rule.Quotas {
		facts = append(facts, paper.Fact{Word: v.Stratum(q.Stratum), Value: strconv.Itoa(q.Seats) + "人"})
	}
	for _, one := range w.Parties {
		facts = append(facts, paper.Fact{Word: lot.Sides[one.Side], Value: byEights(one.Commitment), Plain: true})
	}
	script := paper.Facts{}
	for line := range strings.Lines(lot.Script) {
		script = append(script, paper.Fact{Word: strconv.Itoa(len(script) + 1), Value: strings.TrimSpace(line), Plain: true})
	}
	return compose(&paper.Document{
		Annexes: []paper.Annex{{Title: "重算程序（Python）", Body: []paper.Block{script}}},
		Signers: []string{v.Programme.Office.Name}, Date: calendar.DateOf(w.EndedAt), Created: w.EndedAt.In(calendar.Zone), About: "抽取 " + string(w.ID),
		Files: []paper.File{
			{Name: string(w.ID) + ".json", Media: "application/json", About: "抽取记录", Content: v.Document},
			{Name: "recompute.py", Media: "text/x-python", About: "重算程序", Content: []byte(lot.Script)},
		},
	}, v.Programme, "draw", filling{words: map[string]string{"方案": v.Programme.Title, "年度": strconv.Itoa(v.Round.Year)}, blocks: map[string][]paper.Block{"抽取数据": {facts}}})
}

// seed is the one that a result came from.
func (v DrawView) seed() string {
	r, _ := lot.Verify(v.Document) //nolint:errcheck // what does not hold has no seed, and the certificate shows none
	return r.Seed
}
