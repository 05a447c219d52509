package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"shifan/internal/archive"
	"shifan/internal/ballot"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/sheet"
	"shifan/internal/store"

	voting "shifan/internal/lifecycle/ballot"
)

// draws are the published records of the draws of the round's teams.
func (p *packing) draws() error {
	all, err := p.tx.DrawsOf(p.round.ID)
	for n, w := range all {
		v, err := p.desk.drawView(p.tx, reading, w)
		if err != nil {
			return err
		}
		if err := p.prove("抽取", string(w.ID), string(w.ID)); err != nil {
			return err
		}
		a := archive.About{Author: p.rules.Office.Name, Date: day(w.EndedAt)}
		name := fmt.Sprintf("第%d次抽取", n+1)
		f, err := p.bound(p.file("draw", name+"的公开记录", string(w.ID)), "sha256", v.Document, "draw.conclude")
		if err != nil {
			return err
		}
		p.bytes(drawFolder, name+".json", f, a, v.Document)
		if w.State == draw.Concluded {
			doc, err := v.certificate()
			if err != nil {
				return err
			}
			p.paper(drawFolder, name+"证明", p.file("draw", name+"证明", string(w.ID)), doc)
		}
	}
	if len(all) > 0 {
		p.bytes(drawFolder, "重算程序.py", p.file("draw", "由公开记录重算抽取结果的程序", ""), archive.About{}, []byte(lot.Script))
	}
	return err
}

// meetings are the sittings that decided applications of the round.
func (p *packing) meetings() error {
	all, err := p.tx.Meetings(reading, store.MeetingFilter{Round: p.round.ID, States: []stage.State{meeting.Closed, meeting.Adjourned}, Limit: 10_000})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b meeting.Meeting) int { return a.At.Compare(b.At) })
	for _, m := range all {
		folder := p.names.In(meetingFolder, day(m.At)+" "+m.Title)
		if err := p.prove("会议", m.Title, string(m.ID)); err != nil {
			return err
		}
		if err := p.sitting(m, folder); err != nil {
			return err
		}
		if err := p.countSheets(m, folder); err != nil {
			return err
		}
		if err := p.elections(m, folder); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) sitting(m meeting.Meeting, folder string) error {
	v, err := p.desk.meetingView(p.tx, reading, m)
	if err != nil {
		return err
	}
	var votes []voting.Vote
	for _, i := range v.Items {
		more, err := p.tx.VotesFor(reading, i)
		if err != nil {
			return err
		}
		votes = append(votes, more...)
		if err := p.prove("审议事项", i.Title, string(i.ID)); err != nil {
			return err
		}
	}
	p.bytes(folder, "会议纪要.txt", p.file("minutes", m.Title+"会议纪要", string(m.ID)), archive.About{Author: p.rules.Issuer.Name, Date: day(m.At)}, minutesText(minutes.Write(&m, v.Items, votes)))
	return nil
}

// countSheets are the scans of how a meeting's paper ballots were counted, also those of
// ballots that were void or counted again.
func (p *packing) countSheets(m meeting.Meeting, folder string) error {
	all, err := p.tx.CountSheetsIn(m.ID)
	if err != nil || p.desk.Files.Blobs == nil {
		return err
	}
	for _, s := range all {
		name := fmt.Sprintf("第%d次差额表决 %s", s.Ranking, s.Name)
		f := p.file("minutes", fmt.Sprintf("“%s”第%d次差额表决的计票单扫描件", m.Title, s.Ranking), string(m.ID))
		if s.Item != "" {
			i, err := p.tx.Item(s.Item)
			if err != nil {
				return err
			}
			name = fmt.Sprintf("第%d项第%d次表决 %s", i.Position, s.Ballot, s.Name)
			f = p.file("minutes", fmt.Sprintf("“%s”第%d次表决的计票单扫描件", i.Title, s.Ballot), string(s.Item))
		}
		f.SHA256 = s.SHA256 // what its row and the record say
		p.add(folder+"/计票单", name, f, archive.About{Author: "监票人", Date: day(s.At)}, func(ctx context.Context) (io.ReadCloser, error) {
			return p.desk.Files.Blobs.Open(ctx, s.SHA256)
		})
	}
	return nil
}

// elections are the archives of a meeting's secret ballots.
func (p *packing) elections(m meeting.Meeting, folder string) error {
	all, err := p.tx.ElectionsOf(m.ID)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.State != election.Resolved || e.Rehearsal {
			continue
		}
		var o ballot.Election
		if err := json.Unmarshal([]byte(e.Object), &o); err != nil {
			return err
		}
		text, err := archiveOf(p.tx, &e)
		if err != nil {
			return err
		}
		if err := p.prove("无记名表决", m.Title, string(e.ID)); err != nil {
			return err
		}
		p.bytes(folder+"/无记名表决", o.UUID+".bel", p.file("ballot", "无记名表决存档，任何人可以重算结果", string(e.ID)), archive.About{Author: p.rules.Issuer.Name, Date: day(m.At)}, text)
	}
	return nil
}

// publicities are the lists that were public, with the objections to them.
func (p *packing) publicities() error {
	all, err := p.tx.Publicities(reading, store.PublicityFilter{Round: p.round.ID, Limit: 10_000})
	if err != nil {
		return err
	}
	slices.Reverse(all)
	for n := range all {
		v := &all[n]
		if !v.Published() {
			continue
		}
		folder := p.names.In(publicityFolder, day(v.PublishedAt)+" "+v.Title)
		if err := p.prove("公示", v.Title, string(v.ID)); err != nil {
			return err
		}
		a := archive.About{Author: p.rules.Issuer.Name, Date: day(v.PublishedAt)}
		f, err := p.bound(p.file("publicity", v.Title+"（与公示的内容逐字一致）", string(v.ID)), "digest", []byte(v.Snapshot), "publicity.serve", "publicity.correct", "publicity.post", "publicity.publish")
		if err != nil {
			return err
		}
		p.bytes(folder, "公示名单.txt", f, a, []byte(v.Snapshot))
		p.bytes(folder, "公示经过.txt", p.file("publicity", "公示经过", string(v.ID)), a, publicityText(v))
		objections, err := p.tx.Objections(reading, store.ObjectionFilter{Publicity: v.ID, Limit: 10_000})
		if err != nil {
			return err
		}
		slices.Reverse(objections)
		for i := range objections {
			o := &objections[i]
			if err := p.prove("异议", numeral(o.Number), string(o.ID)); err != nil {
				return err
			}
			text, err := p.objectionText(o)
			if err != nil {
				return err
			}
			p.bytes(objectionFolder, fmt.Sprintf("第%d件 %s.txt", o.Number, o.Name), p.file("objection", "异议办理情况："+o.Name, string(o.ID)), archive.About{Author: p.rules.Office.Name, Date: day(o.AnsweredAt)}, text)
		}
	}
	return nil
}

// namings are the documents by which titles were given, and the register of the titles.
func (p *packing) namings() error {
	all, err := p.tx.NamingsOf(p.round.ID)
	if err != nil {
		return err
	}
	for _, n := range all {
		if n.State != naming.Issued {
			continue
		}
		if err := p.prove("命名", n.DocNumber, string(n.ID)); err != nil {
			return err
		}
		v := NamingView{Naming: n, Round: p.round, Programme: p.rules}
		if v.Titles, err = p.tx.DesignationsBy(n.ID); err != nil {
			return err
		}
		doc, err := v.paper()
		if err != nil {
			return err
		}
		if err := p.signed(namingFolder, "命名通知 "+n.DocNumber, p.file("naming", n.Title, string(n.ID)), "naming", string(n.ID), doc); err != nil {
			return err
		}
	}
	titles, err := p.tx.DesignationsIn(p.round.ID)
	if err != nil || len(titles) == 0 {
		return err
	}
	for _, t := range titles {
		if err := p.prove("称号", t.Number, string(t.ID)); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	err = sheet.WriteCSV(&b, []string{"编号", "单位", "统一社会信用代码", "类别", "命名日期", "有效期自", "有效期至", "归档时的状态"}, func(yield func([]string, error) bool) {
		for _, t := range titles {
			o, err := p.tx.Organisation(t.Organisation)
			if !yield([]string{t.Number, t.Name, o.Code, p.category(t.Category), t.NamedOn.String(), t.ValidFrom.String(), t.ValidTo.String(), designation.Kind.Word(string(t.State))}, err) {
				return
			}
		}
	})
	p.bytes(namingFolder, "称号名册.csv", p.file("naming", "称号名册", ""), archive.About{Author: p.rules.Issuer.Name}, b.Bytes())
	return err
}

// head is the signed head of the record, and what verifies it.
func (p *packing) head() error {
	h, err := p.tx.Head()
	p.bytes(recordFolder, "检查点.txt", p.file("record", "存证日志的检查点（已签名）", ""), archive.About{}, []byte(h.Checkpoint))
	p.bytes(recordFolder, "验证公钥.txt", p.file("record", "验证存证日志签名的公钥", ""), archive.About{}, []byte(h.Verifier+"\n"))
	return err
}
