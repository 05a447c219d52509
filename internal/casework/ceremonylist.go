package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
)

// CeremonyView is the list by which plaques are handed over (领牌名单): those that are being
// made, the lowest number first, with room for the receiver's post and signature.
type CeremonyView struct {
	Plaques []PlaqueView
	Today   calendar.Date
}

var errNoCeremony = fault.Define(fault.Refused, "plaque.ceremony.empty",
	"没有制作中的牌匾，领牌名单是空的，不用打印。命名通知印发后，牌匾自动列入制作。", "三 授牌确认")

// Ceremony lists the plaques that wait to be handed over, of those that the viewer sees.
func (d *Desk) Ceremony(ctx context.Context, by stage.Actor) (v CeremonyView, err error) {
	defer fault.Wrap(&err, "casework.Ceremony")
	v.Today = calendar.DateOf(d.Now())
	f := PlaqueFilter{States: []stage.State{plaque.Ordered}, Limit: 200}
	for {
		all, err := d.Plaques(ctx, by, f)
		if err != nil {
			return v, err
		}
		v.Plaques = append(v.Plaques, all...)
		if len(all) < f.Limit {
			break
		}
		f.After = all[len(all)-1].Plaque.ID
	}
	slices.Reverse(v.Plaques)
	return v, nil
}

// CeremonyList is the list as a CSV file that spreadsheets take for what it is.
func (d *Desk) CeremonyList(ctx context.Context, by stage.Actor) (b []byte, err error) {
	defer fault.Wrap(&err, "casework.CeremonyList")
	v, err := d.Ceremony(ctx, by)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"牌匾编号", "单位", "称号", "核验码", "尺寸", "材质", "领取人职务", "领取日期", "签收"}}
	for _, one := range v.Plaques {
		q := one.Plaque
		rows = append(rows, []string{q.Number, one.Title.Designation.Name, one.Title.Programme.Base, plaque.Grouped(q.Code), q.Size, q.Material, "", "", ""})
	}
	return spreadsheet(rows)
}

// CeremonyPaper is the list to print: whoever fetches a plaque signs in its line. An empty
// one is refused.
func (d *Desk) CeremonyPaper(ctx context.Context, by stage.Actor) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.CeremonyPaper")
	v, err := d.Ceremony(ctx, by)
	if err != nil {
		return p, err
	}
	if len(v.Plaques) == 0 {
		return p, errNoCeremony.New()
	}
	doc := &paper.Document{
		Title: "领牌名单", About: "领牌名单", Created: d.Now().In(calendar.Zone),
		Body: []paper.Block{paper.Paragraph{Text: fmt.Sprintf("截至%s，制作中的牌匾%d块。领取人核对牌匾上的文字和编号，无误后填写职务、日期并签字。", v.Today.Chinese(), len(v.Plaques)), Hold: true}},
	}
	for i := 0; i < len(v.Plaques); {
		t := paper.Table{
			Title: v.Plaques[i].Title.Programme.Base,
			Columns: []paper.Column{
				{Head: "序号", Width: 1, Centre: true},
				{Head: "单位", Width: 4},
				{Head: "牌匾编号", Width: 2, Centre: true},
				{Head: "领取人职务", Width: 2},
				{Head: "日期", Width: 1.6},
				{Head: "签字", Width: 2},
			},
		}
		for ; i < len(v.Plaques) && v.Plaques[i].Title.Programme.Base == t.Title; i++ {
			one := v.Plaques[i]
			t.Rows = append(t.Rows, []string{strconv.Itoa(len(t.Rows) + 1), one.Title.Designation.Name, one.Plaque.Number, "　\n　", "", ""})
		}
		doc.Body = append(doc.Body, t)
	}
	return issue("领牌名单 "+v.Today.String(), doc)
}
