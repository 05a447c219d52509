package casework

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shifan/internal/archive"
	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	archiving "shifan/internal/lifecycle/archive"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/sheet"
	"shifan/internal/store"
)

var errFormerTied = fault.Define(fault.Refused, "programme.archive.tied",
	"您和持有这些称号的单位有利害关系，不能下载归档包。由另一位负责人下载，或者由管理员在服务器上用命令行生成。", "制度:利害关系人不接触材料")

// formerTitle is a title of no round, with how many orders and proceedings followed it.
type formerTitle struct {
	designation.Designation
	orders, proceedings int
}

// ArchiveFormer puts the titles of a programme that were given outside the system, which
// the package of no round has, into an archive package of their own (S76): the register of
// them, and the orders, withdrawals and appeals that followed, with the proofs of the
// record. The record gets a line about the programme with the digest of the manifest.
func (d *Desk) ArchiveFormer(ctx context.Context, by stage.Actor, name id.Programme, to archive.Target) (done Archived, err error) {
	defer fault.Wrap(&err, "casework.ArchiveFormer(%s)", name)
	if err := d.Store.Sequence(ctx); err != nil { // so that everything can be proved
		return done, err
	}
	p, err := d.packFormer(ctx, by, name)
	if err != nil {
		return done, err
	}
	return d.archived(ctx, p, to, string(name), archive.ActFormer, func(done Archived) error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			s, _, m, err := formerOf(tx, by, name)
			if err != nil {
				return record.Entry{}, err
			}
			e := d.programmeEntry(by, &s, m, d.Now())
			e.Facts = done.facts()
			return e, nil
		})
	})
}

// MayArchiveFormer refuses what ArchiveFormer would refuse, before anything is written.
func (d *Desk) MayArchiveFormer(ctx context.Context, by stage.Actor, name id.Programme) (err error) {
	defer fault.Wrap(&err, "casework.MayArchiveFormer(%s)", name)
	return d.Store.View(ctx, func(tx *store.Tx) error {
		_, _, _, err := formerOf(tx, by, name)
		return err
	})
}

// formerOf returns a programme's titles of no round for somebody who may archive them.
// Who has a tie to one of their holders may not, whatever the role.
func formerOf(tx *store.Tx, by stage.Actor, name id.Programme) (s programme.Standing, all []designation.Designation, m stage.Move, err error) {
	if by.Programme != "" && by.Programme != name {
		return s, nil, m, fault.Missing()
	}
	if s, err = tx.Programme(name); err != nil {
		return s, nil, m, err
	}
	rules, _, err := tx.ProgrammeNow(name)
	if err != nil {
		return s, nil, m, err
	}
	if all, err = tx.TitlesWithoutRound(name); err != nil {
		return s, nil, m, err
	}
	if m, err = archiving.PackFormer(by, &s, rules.Title, len(all)); err != nil || by.Account == Console.Account {
		return s, all, m, err
	}
	tied, err := tx.TiesOf(by.Account)
	for _, t := range all {
		if slices.Contains(tied, t.Organisation) {
			return s, nil, m, errFormerTied.New()
		}
	}
	return s, all, m, err
}

// packFormer reads everything that goes into a package of titles without a round.
func (d *Desk) packFormer(ctx context.Context, by stage.Actor, name id.Programme) (p *packing, err error) {
	p = d.newPacking()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p.tx = tx
		s, titles, _, err := formerOf(tx, by, name)
		if err != nil {
			return err
		}
		if p.rules, _, err = tx.ProgrammeNow(name); err != nil {
			return err
		}
		for _, t := range titles {
			p.former = append(p.former, formerTitle{t, 0, 0})
		}
		p.manifest = archive.Manifest{Title: p.rules.Title + " 系统外命名的称号", Programme: string(name), Year: calendar.DateOf(d.Now()).Year, State: string(s.State)}
		return p.gather(func() error { return p.programme(name, s.Current) }, p.register, p.formerAfterwards, p.head)
	})
	p.tx = nil
	return p, err
}

// register is the list of the titles of no round, with what happened to each.
func (p *packing) register() error {
	for _, t := range p.former {
		if err := p.prove("称号", t.Number, string(t.ID)); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	head := []string{"编号", "单位", "统一社会信用代码", "类别", "命名文号", "命名日期", "有效期自", "有效期至", "归档时的状态", "终止日期", "终止原因", "经过"}
	err := sheet.WriteCSV(&b, head, func(yield func([]string, error) bool) {
		for _, t := range p.former {
			o, err := p.tx.Organisation(t.Organisation)
			var told []string
			for _, c := range t.History {
				told = append(told, c.On.String()+" "+designation.Kind.Word(c.Act))
			}
			if !yield([]string{
				t.Number, t.Name, o.Code, p.category(t.Category), t.Basis, t.NamedOn.String(), t.ValidFrom.String(), t.ValidTo.String(),
				designation.Kind.Word(string(t.State)), t.EndedOn.String(), t.Reason, strings.Join(told, "；"),
			}, err) {
				return
			}
		}
	})
	p.bytes(namingFolder, "系统外命名的称号名册.csv", p.file("naming", "系统外命名的称号名册", ""), archive.About{Author: p.rules.Office.Name}, b.Bytes())
	return err
}

// afterwards is what became of the round's titles: the orders to put things right, and the
// proceedings to withdraw them.
func (p *packing) afterwards() error {
	titles, err := p.tx.DesignationsIn(p.round.ID)
	if err != nil {
		return err
	}
	for i := range titles {
		if _, _, err := p.after(&titles[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) formerAfterwards() (err error) {
	for i := range p.former {
		t := &p.former[i]
		if t.orders, t.proceedings, err = p.after(&t.Designation); err != nil {
			return err
		}
	}
	return nil
}

// after is what followed one title, and how many orders and proceedings that is.
func (p *packing) after(t *designation.Designation) (orders, proceedings int, err error) {
	if orders, err = p.orders(t); err != nil {
		return orders, 0, err
	}
	all, err := p.tx.RevocationsOf(t.ID)
	if err != nil {
		return orders, 0, err
	}
	slices.SortFunc(all, func(a, b revocation.Revocation) int {
		return cmp.Or(a.ProposedAt.Compare(b.ProposedAt), cmp.Compare(a.ID, b.ID))
	})
	for n := range all {
		if err := p.proceeding(t, &all[n], n+1); err != nil {
			return orders, n, err
		}
	}
	return orders, len(all), nil
}

// proceeding is one proceeding to withdraw a title, in a folder of its own: what it rested
// on, what the holder said, how it was decided, and the appeal.
func (p *packing) proceeding(t *designation.Designation, r *revocation.Revocation, n int) error {
	folder := p.names.In(revokedFolder, fmt.Sprintf("%s %s 第%d次", t.Number, t.Name, n))
	thing := string(r.ID)
	if err := p.prove("撤销", t.Number, thing); err != nil {
		return err
	}
	title := "撤销办理情况：" + t.Name
	p.bytes(folder, "办理情况.txt", p.file("revocation", title, thing), archive.About{Author: p.rules.Office.Name, Date: cmp.Or(day(r.ClosedAt), day(r.ProposedAt))}, proceedingText(title, t, r))
	for _, one := range []struct{ sort, name string }{{HearingPaper, "拟撤销告知书"}, {"revocation", "撤销决定"}} {
		if err := p.asSigned(folder, one.name, p.file("revocation", one.name+"："+t.Name, thing), one.sort); err != nil {
			return err
		}
	}
	if err := p.decision(folder, "撤销审议", "revocation", r.Decision); err != nil {
		return err
	}
	return p.decision(folder, "申诉审议", "revocation", r.AppealItem)
}

func proceedingText(title string, t *designation.Designation, r *revocation.Revocation) []byte {
	var l lines
	l.say("称号", t.Number+" "+t.Name)
	l.say("状态", revocation.Kind.Word(string(r.State)))
	l.say("理由", revocation.Grounds[r.Ground])
	l.say("查实的情况", r.Facts)
	l.say("提出时间", second(r.ProposedAt))
	if !r.NotifiedOn.IsZero() {
		l.head("告知和陈述申辩")
		l.say("告知日期", r.NotifiedOn.Chinese())
		l.say("陈述申辩期限", r.HearingLast.Chinese()+" 24:00")
	}
	if !r.HeardAt.IsZero() {
		l.say("陈述申辩", cmp.Or(r.Statement, "期满没有提出"))
		l.say("时间", second(r.HeardAt))
	}
	if !r.DecidedOn.IsZero() {
		l.head("决定")
		l.say("决定", map[bool]string{true: "不撤销", false: "撤销称号"}[r.State == revocation.Kept])
		l.say("理由", r.Reason)
		l.say("日期", r.DecidedOn.Chinese())
		if !r.AppealLast.IsZero() {
			l.say("申诉期限", r.AppealLast.Chinese()+" 24:00")
		}
		if !r.BarredUntil.IsZero() {
			l.say("不得再申报至", r.BarredUntil.Chinese())
		}
	}
	if !r.AppealedAt.IsZero() {
		l.head("申诉")
		l.say("申诉理由", r.Appeal)
		l.say("提出时间", second(r.AppealedAt))
		if r.AppealItem != "" {
			l.say("结论", map[bool]string{true: "申诉成立，恢复称号", false: "申诉不成立"}[r.State == revocation.Reinstated])
			l.say("理由", r.AppealReason)
		}
	}
	l.say("办结时间", second(r.ClosedAt))
	return l.bytes(title)
}

// decision is what the minutes of the committee say of one matter, and nothing of the
// others, which may concern others.
func (p *packing) decision(folder, name, kind string, key id.Item) error {
	if key == "" {
		return nil
	}
	i, err := p.tx.Item(key)
	if err != nil {
		return err
	}
	m, err := p.tx.Meeting(i.Meeting)
	if err != nil {
		return err
	}
	votes, err := p.tx.VotesFor(reading, i)
	if err != nil {
		return err
	}
	if err := p.prove("审议事项", i.Title, string(i.ID)); err != nil {
		return err
	}
	p.bytes(folder, name+"（会议纪要摘录）.txt", p.file(kind, name+"，会议纪要摘录："+i.Title, string(i.ID)),
		archive.About{Author: p.rules.Issuer.Name, Date: day(m.At)}, minutesText(minutes.Write(&m, []item.Item{i}, votes)))
	return nil
}

// formerPage is the first page of a package of titles without a round.
func (p *packing) formerPage(files []archive.File) archive.Page {
	of := archive.Page{
		Title: p.manifest.Title + " 归档包",
		Facts: []archive.Cell{
			{Word: "方案", Text: p.rules.Title},
			{Word: "归档年度", Text: fmt.Sprint(p.manifest.Year)},
			{Word: "方案状态", Text: programme.Kind.Word(p.manifest.State)},
			{Word: "称号", Text: fmt.Sprintf("共%d个", len(p.former))},
			{Word: "存证日志", Text: fmt.Sprintf("归档时共%d条", p.manifest.Entries)},
			{Word: "验证公钥", Text: p.manifest.Verifier},
			{Word: "说明", Text: archive.ReadmeFile, Link: archive.ReadmeFile},
		},
		Notes: p.notes(),
	}
	list := archive.Section{Title: "称号和后来的情况", Head: []string{"编号", "单位", "命名文号", "命名日期", "归档时的状态", "责令整改", "撤销程序"}}
	for _, t := range p.former {
		list.Rows = append(list.Rows, []archive.Cell{
			{Text: t.Number},
			{Text: t.Name},
			{Text: t.Basis},
			{Text: t.NamedOn.Chinese()},
			{Text: designation.Kind.Word(string(t.State))},
			{Text: fmt.Sprintf("%d次", t.orders)},
			{Text: fmt.Sprintf("%d次", t.proceedings)},
		})
	}
	of.Sections = append([]archive.Section{list}, p.shelves(files, callFolder, namingFolder, orderFolder, revokedFolder)...)
	return of
}
