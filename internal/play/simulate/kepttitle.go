package simulate

import (
	"bytes"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// living lists the titles that live, and those withdrawn, about which there may be
// an appeal.
func (k *kept) living() []designation.Designation {
	return read(k, func(tx *store.Tx) ([]designation.Designation, error) {
		return tx.Designations(reader, store.DesignationFilter{
			Programme: k.programme.Name, States: []stage.State{designation.Valid, designation.Rectifying, designation.Revoked}, Limit: 100,
		})
	})
}

// mayTitle hands plaques over, loses and finds them, and ends titles in the other
// ways: given back, or because their holder is gone.
func (k *kept) mayTitle() {
	for _, d := range k.living() {
		q := read(k, func(tx *store.Tx) (plaque.Plaque, error) { return tx.PlaqueOf(d.ID) })
		if q.State == plaque.Ordered || q.ID != "" && k.chance(4) {
			k.may(4, func() { k.movePlaque(q) })
		}
		if !d.Live() {
			continue
		}
		o := read(k, func(tx *store.Tx) (organisation.Organisation, error) { return tx.Organisation(d.Organisation) })
		switch {
		case o.State != organisation.Registered:
			k.may(3, func() {
				k.try("designation.dissolve", k.desk.DissolveDesignation(k.ctx, k.anyone(k.clerks), d.ID, k.seen(d.Version)))
			})
		case k.chance(6):
			k.may(1, func() { k.unsettle(d, o) })
		}
	}
}

// unsettle changes what a title rests on: its holder ends, merges or is renamed, or
// gives it back.
func (k *kept) unsettle(d designation.Designation, o organisation.Organisation) {
	by := k.anyone(k.clerks)
	switch k.IntN(10) {
	case 7:
		k.divide(o)
	case 8, 9:
		k.penalise(d, o)
	case 0:
		k.try("designation.return", k.desk.ReturnDesignation(k.ctx, k.applicant(d.Organisation), d.ID, k.seen(d.Version), "自愿交回"))
	case 1:
		k.try("organisation.deregister", k.desk.EndOrganisation(k.ctx, by, o.ID, k.seen(o.Version), casework.Ending{Act: "deregister", On: k.today().AddDays(-k.IntN(3))}))
	case 2, 3:
		k.try("organisation.merge", k.desk.EndOrganisation(k.ctx, by, o.ID, k.seen(o.Version), casework.Ending{Act: "merge", On: k.today(), Successor: pick(k, k.houses).Code}))
	case 4:
		k.try("organisation.rename", k.desk.RenameOrganisation(k.ctx, by, o.ID, k.seen(o.Version), o.Name()+"（更名）", k.today()))
	case 5:
		k.try("organisation.restore", k.desk.RestoreOrganisation(k.ctx, by, o.ID, k.seen(o.Version)))
	default:
		k.try("rectification.order", k.order(casework.RectificationOrder{Designation: d.ID, Items: []string{"补齐会议记录"}}))
	}
}

// divide has an organisation split up: into new ones, or one that is there already, or now
// and then twice into the same.
func (k *kept) divide(o organisation.Organisation) {
	in := casework.Ending{Act: "merge", On: k.today()}
	into := slices.Clone(k.spare)
	if k.chance(40) {
		into = append(into, pick(k, k.houses))
	}
	for _, n := range k.Perm(len(into)) {
		in.Others = append(in.Others, into[n].Code)
	}
	in.Successor = in.Others[0]
	if !k.chance(10) {
		in.Others = in.Others[1:]
	}
	if k.try("organisation.merge", k.desk.EndOrganisation(k.ctx, k.anyone(k.clerks), o.ID, k.seen(o.Version), in)) {
		k.houses, k.spare = append(slices.Clone(k.houses), k.spare...), nil
	}
}

func (k *kept) movePlaque(q plaque.Plaque) {
	by := k.anyone(k.clerks)
	switch n := k.IntN(8); {
	case q.State == plaque.Ordered || n == 0:
		k.try("plaque.hand_over", k.desk.HandOverPlaque(k.ctx, by, q.ID, k.seen(q.Version), "秘书长", k.today().AddDays(-k.IntN(2))))
	case n == 1:
		k.try("plaque.find", k.desk.FindPlaque(k.ctx, by, q.ID, k.seen(q.Version)))
	case n == 2:
		k.try("plaque.return", k.desk.ReturnPlaque(k.ctx, by, q.ID, k.seen(q.Version), k.today()))
	case n == 3:
		_, err := k.desk.ReissuePlaque(k.ctx, by, q.ID, k.seen(q.Version), "补制")
		k.try("plaque.reissue", err)
	case n < 6:
		k.photograph(q)
	default:
		k.try("plaque.report_lost", k.desk.ReportPlaqueLost(k.ctx, by, q.ID, k.seen(q.Version), "搬迁时遗失", k.today()))
	}
}

// photograph brings a photograph of a plaque, or lets the office look at one that the holder
// brought.
func (k *kept) photograph(q plaque.Plaque) {
	clerk, holder := k.anyone(k.clerks), k.applicant(q.Organisation)
	for _, p := range read(k, func(tx *store.Tx) ([]photograph.Photograph, error) { return tx.PhotographsOf(q.ID) }) {
		switch {
		case p.State == photograph.Offered && k.chance(3):
			k.try("photograph.decline", k.desk.DeclinePhotograph(k.ctx, clerk, q.ID, p.ID, "文字看不清"))
		case p.State == photograph.Offered && k.chance(3):
			k.try("photograph.take_back", k.desk.TakeBackPhotograph(k.ctx, holder, q.ID, p.ID))
		case p.State == photograph.Offered:
			k.try("photograph.show", k.desk.ShowPhotograph(k.ctx, clerk, q.ID, p.ID))
		case p.State == photograph.Shown && k.chance(3):
			k.try("photograph.remove", k.desk.RemovePhotograph(k.ctx, pick(k, []stage.Actor{clerk, holder}), q.ID, p.ID, "有人入镜"))
		}
	}
	k.try("photograph.add", k.desk.AddPhotograph(k.ctx, pick(k, []stage.Actor{clerk, holder}), q.ID, "牌匾.png", "牌匾挂在大门右侧", bytes.NewReader(countSheet)))
}

// mayRecheck looks whether titles are still deserved.
func (k *kept) mayRecheck() {
	for _, d := range k.living() {
		for _, r := range read(k, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(d.ID) }) {
			switch r.State {
			case recheck.Due:
				k.may(5, func() {
					k.try("recheck.begin", k.desk.BeginRecheck(k.ctx, k.anyone(k.clerks), r.ID, []id.Account{pick(k, k.assessors).Account}, k.seen(r.Version)))
				})
			case recheck.Underway:
				k.may(1, func() {
					k.try("recheck.report_self", k.desk.ReportSelf(k.ctx, k.applicant(r.Organisation), r.ID, "三年来工作正常", 0))
				})
				k.may(5, func() { k.reportRecheck(r) })
			case recheck.Reported:
				k.may(5, func() { k.concludeRecheck(r) })
			case recheck.Slipped:
				if d.State == designation.Valid && k.chance(90) {
					k.may(5, func() {
						k.try("rectification.order", k.order(casework.RectificationOrder{Recheck: r.ID, Items: []string{"恢复教育培训", "补齐会议记录"}}))
					})
				}
			}
		}
	}
}

func (k *kept) order(o casework.RectificationOrder) error {
	_, err := k.desk.OrderRectification(k.ctx, k.anyone(k.chairs), o)
	return err
}

func (k *kept) reportRecheck(r recheck.Recheck) {
	by := k.anyone(k.assessors)
	if len(r.Assessors) > 0 && k.chance(90) {
		by = as(r.Assessors[0], stage.Assessor)
	}
	findings, slips := map[string]recheck.Finding{}, k.chance(60)
	for n, i := range k.programme.Indicators(k.today().Year) {
		f := recheck.Finding{Then: r.Findings[i.Code].Then, Now: "meets"}
		if slips && n == 0 {
			f.Now, f.Note = "fails", "两年未开展"
		}
		findings[i.Code] = f
	}
	k.try("recheck.report", k.desk.ReportRecheck(k.ctx, by, r.ID, findings, "总体情况", k.seen(r.Version)))
}

func (k *kept) concludeRecheck(r recheck.Recheck) {
	by := k.anyone(k.chairs)
	if r.Failing() != k.chance(10) {
		k.try("recheck.slip", k.desk.SlipRecheck(k.ctx, by, r.ID, "教育培训中断", k.seen(r.Version)))
		return
	}
	k.try("recheck.pass", k.desk.PassRecheck(k.ctx, by, r.ID, "", k.seen(r.Version)))
}

// mayOrder serves, extends, answers and verifies orders.
func (k *kept) mayOrder() {
	for _, d := range k.living() {
		for _, r := range read(k, func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsOf(d.ID) }) {
			switch r.State {
			case rectification.Ordered:
				k.may(6, func() {
					k.try("rectification.serve", k.desk.ServeRectification(k.ctx, k.anyone(k.clerks), r.ID, k.today().AddDays(-k.IntN(2)), k.seen(r.Version)))
				})
			case rectification.Running:
				k.mayPutRight(r)
			case rectification.Reported:
				k.may(6, func() { k.verify(r) })
			}
		}
	}
}

func (k *kept) mayPutRight(r rectification.Rectification) {
	if len(r.Assessors) == 0 || k.chance(3) {
		k.may(2, func() {
			k.try("rectification.assign", k.desk.AssignRectification(k.ctx, k.anyone(k.clerks), r.ID, []id.Account{pick(k, k.assessors).Account}, k.seen(r.Version)))
		})
	}
	if k.chance(10) {
		k.may(1, func() {
			k.try("rectification.extend", k.desk.ExtendRectification(k.ctx, k.anyone(k.directors), r.ID, r.DueOn.AddDays(k.IntN(40)), "场地装修", k.seen(r.Version)))
		})
	}
	if k.chance(35) { // the others miss it
		k.may(2, func() {
			by := k.applicant(r.Organisation)
			for n := range r.Items {
				k.try("rectification.answer", k.desk.AnswerRectification(k.ctx, by, r.ID, n+1, "已整改", "照片", 0))
			}
			k.try("rectification.report", k.desk.ReportRectification(k.ctx, by, r.ID, 0))
		})
	}
}

func (k *kept) verify(r rectification.Rectification) {
	by := k.anyone(k.assessors)
	if len(r.Assessors) > 0 && k.chance(90) {
		by = as(r.Assessors[0], stage.Assessor)
	} else if len(r.Assessors) == 0 {
		k.try("rectification.assign", k.desk.AssignRectification(k.ctx, k.anyone(k.clerks), r.ID, []id.Account{by.Account}, k.seen(r.Version)))
		return
	}
	var marks []rectification.Item
	for range r.Items {
		marks = append(marks, rectification.Item{Evident: k.chance(75), Note: "现场核查"})
	}
	k.try("rectification.verify", k.desk.VerifyRectification(k.ctx, by, r.ID, pick(k, []string{"site", "desk"}), marks, "验收意见", k.seen(r.Version)))
}

// mayRevoke proposes, notifies, hears and appeals.
func (k *kept) mayRevoke() {
	for _, d := range k.living() {
		all := read(k, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOf(d.ID) })
		for _, r := range all {
			switch r.State {
			case revocation.Proposed:
				k.may(6, func() {
					k.try("revocation.notify", k.desk.NotifyRevocation(k.ctx, k.anyone(k.clerks), r.ID, k.today().AddDays(-k.IntN(2)), k.seen(r.Version)))
				})
			case revocation.Notified:
				k.may(2, func() {
					k.try("revocation.state", k.desk.StateAgainstRevocation(k.ctx, k.applicant(r.Organisation), r.ID, "我们认为不应撤销", k.seen(r.Version)))
				})
			case revocation.Revoked:
				k.may(2, func() {
					k.try("revocation.appeal", k.desk.AppealRevocation(k.ctx, k.applicant(r.Organisation), r.ID, "事实有误", k.seen(r.Version)))
				})
			}
		}
		open := slices.ContainsFunc(all, func(r revocation.Revocation) bool { return r.Open() })
		if d.Live() && !open && k.chance(4) {
			k.may(1, func() {
				ground := pick(k, []string{revocation.Untrue, revocation.Ineligible, revocation.Rectification, "whim"})
				_, err := k.desk.ProposeRevocation(k.ctx, k.anyone(k.clerks), d.ID, ground, "查实情况")
				k.try("revocation.propose", err)
			})
		}
	}
}
