package casework

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// The documents of one case.
const (
	ObjectionAnswer = "objection_answer" // 异议答复
	PlaqueReceipt   = "plaque_receipt"   // 牌匾签收单
	RecheckNotice   = "recheck_notice"   // 复查通知
	RecheckResult   = "recheck"          // 复查结果通报
)

// Papers lists the documents that an objection has: its answer, for those who see it.
func (v ObjectionView) Papers() []PaperLink {
	if v.Objection.AnsweredAt.IsZero() || v.Objection.Answer == "" {
		return nil
	}
	return []PaperLink{{ObjectionAnswer, "异议答复"}}
}

// ObjectionPaper makes the letter that answers an objector. It bears the objector's name
// only for those who may know it.
func (d *Desk) ObjectionPaper(ctx context.Context, by stage.Actor, key id.Objection) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.ObjectionPaper(%s)", key)
	v, err := d.Objection(ctx, by, key)
	if err != nil {
		return p, err
	}
	if len(v.Papers()) == 0 {
		return p, fault.Missing()
	}
	rules := v.Publicity.Programme
	var doc *paper.Document
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		of, err := tx.ProgrammeOf(v.Publicity.Round)
		if err != nil {
			if of, _, err = tx.ProgrammeNow(rules); err != nil {
				return err
			}
		}
		to := "异议人"
		if v.Objector != nil && v.Objector.Name != "" {
			to = v.Objector.Name
		}
		o := v.Objection
		outcome := "异议不成立"
		if o.Outcome == objection.Upheld || o.State == objection.Upheld {
			outcome = "异议成立"
		}
		doc, err = compose(letter(of, to, o.AnsweredAt), of, ObjectionAnswer, filling{words: map[string]string{
			"异议": o.Label(), "公示": v.Publicity.Title, "单位": o.Name, "收到日期": calendar.DateOf(o.ArrivedAt).Chinese(), "核查结果": outcome, "答复": o.Answer,
		}})
		return err
	})
	if err != nil {
		return p, err
	}
	return issue("异议答复 "+v.Objection.Label(), doc)
}

// Papers lists the documents of a plaque: the sheet that whoever fetches it signs.
func (v PlaqueView) Papers() []PaperLink {
	if v.Plaque.State == plaque.Cancelled {
		return nil
	}
	return []PaperLink{{PlaqueReceipt, "牌匾签收单"}}
}

// PlaquePaper makes the sheet that is signed when a plaque is handed over.
func (d *Desk) PlaquePaper(ctx context.Context, by stage.Actor, key id.Plaque) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.PlaquePaper(%s)", key)
	v, err := d.Plaque(ctx, by, key)
	if err != nil {
		return p, err
	}
	if len(v.Papers()) == 0 {
		return p, fault.Missing()
	}
	q, t, of := v.Plaque, v.Title.Designation, v.Title.Programme
	said := map[string]string{"方案": of.Title, "称号": of.Base, "单位": t.Name, "编号": t.Number, "牌匾编号": q.Number, "签收日期": q.HandedOn.Chinese(), "签收人职务": q.Receiver}
	facts := paper.Facts{
		{Word: "单位", Value: t.Name},
		{Word: "称号编号", Value: t.Number},
		{Word: "牌匾编号", Value: q.Number},
		{Word: "核验码", Value: plaque.Grouped(q.Code)},
		{Word: "牌匾文字", Value: q.Text},
		{Word: "规格", Value: q.Size},
		{Word: "材质", Value: cmp.Or(q.Material, "没有规定")},
	}
	rows := [][]string{{"领取人（签字、职务）", cmp.Or(q.Receiver, "　\n　")}, {"领取单位（盖章）", "　\n　"}, {"领取日期", cmp.Or(q.HandedOn.Chinese(), "　　年　月　日")}, {"经办人（签字）", "　\n　"}}
	signs := paper.Table{Columns: []paper.Column{{Head: "项目", Width: 4}, {Head: "签收", Width: 7}}, Rows: rows}
	on := q.HandedOn
	if on.IsZero() {
		on = q.OrderedOn
	}
	doc, err := compose(&paper.Document{Created: on.Start().In(calendar.Zone), About: "牌匾签收单 " + q.Number}, of, PlaqueReceipt,
		filling{words: said, blocks: map[string][]paper.Block{"牌匾情况": {facts}, "签收栏": {signs}}})
	if err != nil {
		return p, err
	}
	return issue("牌匾签收单 "+q.Number, doc)
}

// Papers lists the documents that a recheck has by now, for the viewer.
func (v RecheckView) Papers() (all []PaperLink) {
	if v.Recheck.State != recheck.Ended {
		all = append(all, PaperLink{RecheckNotice, "复查通知"})
	}
	if v.Recheck.State == recheck.Passed || v.Recheck.State == recheck.Slipped {
		all = append(all, PaperLink{RecheckResult, "复查结果通报"})
	}
	return all
}

// RecheckPaper makes one of the documents of a recheck.
func (d *Desk) RecheckPaper(ctx context.Context, by stage.Actor, key id.Recheck, kind string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.RecheckPaper(%s, %s)", key, kind)
	v, err := d.Recheck(ctx, by, key)
	if err != nil {
		return p, err
	}
	all := v.Papers()
	i := slices.IndexFunc(all, func(l PaperLink) bool { return l.Kind == kind })
	if i < 0 {
		return p, fault.Missing()
	}
	name := all[i].Word + " " + v.Title.Number + " " + v.Recheck.DueOn.String()
	if kind == RecheckResult {
		return d.paperOf(ctx, RecheckResult, string(key), name, func() (*paper.Document, error) { return v.result("") })
	}
	doc, err := v.notice()
	if err != nil {
		return p, err
	}
	return issue(name, doc)
}

func (d *Desk) recheckManuscript(tx *store.Tx, by stage.Actor, subject, number string) (m manuscript, err error) {
	v, err := d.recheckView(tx, by, id.Recheck(subject))
	if err != nil {
		return m, err
	}
	r := v.Recheck
	m = manuscript{rules: v.Rules, of: r.Programme, on: calendar.DateOf(r.ConcludedAt), name: "复查结果通报 " + v.Title.Number + " " + r.DueOn.String()}
	if slices.ContainsFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == RecheckResult }) {
		m.doc, err = v.result(number)
	}
	return m, err
}

func (v RecheckView) notice() (*paper.Document, error) {
	r := v.Recheck
	said := v.words()
	said["命名日期"], said["复查期限"], said["指标数"] = v.Title.NamedOn.Chinese(), r.DueOn.Chinese(), strconv.Itoa(len(v.Standard.Indicators(r.DueOn.Year)))
	said["有效期至"] = r.ExpiresOn.Chinese()
	var causes []paper.Block
	for _, c := range v.Causes {
		causes = append(causes, paper.Paragraph{Text: "复查事由：" + sentence(c.Say)})
	}
	return compose(letter(v.Rules, v.Title.Name, r.OpenedAt), v.Rules, RecheckNotice, filling{words: said, blocks: map[string][]paper.Block{"复查事由": causes}})
}

// outcomes says what a recheck concludes.
var outcomes = map[stage.State]string{recheck.Passed: "复查合格，保留称号", recheck.Slipped: "工作退步、标准下降，责令限期整改"}

// result tells what came of a recheck, as a document of the issuer to the holder.
func (v RecheckView) result(number string) (*paper.Document, error) {
	r := v.Recheck
	said := v.words()
	count, slipped := map[string]int{}, 0
	t := paper.Table{Columns: []paper.Column{{Head: "指标", Width: 4}, {Head: "命名时", Width: 1.8, Centre: true}, {Head: "现在", Width: 1.8, Centre: true}, {Head: "说明", Width: 5}}}
	for _, i := range v.Standard.Indicators(r.DueOn.Year) {
		f, some := r.Findings[i.Code]
		if !some || f.Now == "" {
			continue
		}
		count[f.Now]++
		if f.Slipped() {
			slipped++
		}
		t.Rows = append(t.Rows, []string{i.Code + "　" + i.Title, cmp.Or(assessment.Ratings[f.Then], "没有评价"), assessment.Ratings[f.Now], f.Note})
	}
	said["达到项数"], said["部分达到项数"], said["未达到项数"], said["退步项数"] = strconv.Itoa(count["meets"]), strconv.Itoa(count["partly"]), strconv.Itoa(count["fails"]), strconv.Itoa(slipped)
	said["复查结论"], said["复查日期"], said["理由"] = outcomes[r.State], calendar.DateOf(r.ConcludedAt).Chinese(), unstopped(r.Reason)
	if r.Decision != "" {
		said["会议"] = cmp.Or(v.Rules.Meeting.Body, "会议")
	}
	blocks := map[string][]paper.Block{}
	if len(t.Rows) > 0 {
		blocks["逐项对比"] = []paper.Block{t}
	}
	on := calendar.DateOf(r.ConcludedAt)
	return compose(&paper.Document{
		Form: paper.Red, Issuer: v.Rules.Issuer.Name + "文件", Number: number, To: v.Title.Name,
		Signers: []string{v.Rules.Issuer.Name}, Date: on, Seal: true, Imprint: &paper.Imprint{PrintedBy: v.Rules.Office.Name, PrintedOn: on},
		Created: r.ConcludedAt.In(calendar.Zone),
	}, v.Rules, RecheckResult, filling{words: said, blocks: blocks})
}
