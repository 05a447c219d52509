package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

// numbers is the register of document numbers.
type numbers struct{ all []document.Number }

// list is a publicity with its candidates.
type list struct {
	*publicity.Publicity
	files []*file
	c     invariant.Case
}

func (p *list) candidates() (all []publicity.Candidate) {
	for _, f := range p.files {
		if f.list == p && f.candidate != nil && f.candidate.State != publicity.Removed {
			all = append(all, *f.candidate)
		}
	}
	publicity.Order(all)
	return all
}

func (p *list) live() bool {
	return p.State == publicity.Drafted || p.State == publicity.Running || p.State == publicity.Served
}

func (l *life) publicityFacts(p *list) publicity.Facts {
	return publicity.Facts{Calendar: l.calendar, Candidates: p.candidates(), Acknowledged: l.chance(60)}
}

// mayPublicise draws up a list of what the committee carried, and publishes it.
func (l *life) mayPublicise(e *edition) {
	var ready []*file
	for _, f := range e.files {
		if f.State == application.Underway && f.Stage == "publicity" && (f.list == nil || !f.list.live() || f.candidate.State == publicity.Removed) {
			ready = append(ready, f)
		}
	}
	if len(ready) > 0 {
		l.may(4, func() { l.draftList(e, ready) })
	}
	for _, p := range e.publicities {
		l.mayList(p)
	}
	l.mayConvene(e, func() []*matter { return append(l.applicationsWaiting(e), l.objectionsWaiting(e)...) })
}

func (l *life) draftList(e *edition, ready []*file) {
	by := l.anyone(l.clerks)
	p, m, err := publicity.Draft(by, l.programme, e.ID, publicity.Naming, publicity.Plan{Title: fmt.Sprintf("%d年度拟命名名单公示", e.Year), Text: "现将名单予以公示。", Contact: "联合党委办公室"})
	if err != nil {
		l.refused(publicity.Kind, err)
		return
	}
	p.ID = id.Publicity(l.key("pub"))
	lst := &list{Publicity: p, files: ready}
	lst.c = invariant.Case{Round: e.Round, Publicity: p}
	e.publicities = append(e.publicities, lst)
	for n, f := range ready {
		f.list = lst
		f.candidate = &publicity.Candidate{
			ID: id.Candidate(l.key("cnd")), Publicity: p.ID, Programme: l.programme.Name, Round: e.ID, Application: f.ID, Organisation: f.Organisation,
			Position: n + 1, Name: f.Name, PartyBody: f.PartyBody, Code: f.org.Code, Category: "社会团体", State: publicity.Listed,
		}
		f.c.Publicity, f.c.Candidate = p, f.candidate
	}
	l.did(publicity.Kind, string(p.ID), m, &lst.c)
}

func (l *life) mayList(p *list) {
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, publicity.Kind, p.Publicity, string(p.ID), &p.c, by, do)
	}
	switch p.State {
	case publicity.Drafted:
		l.may(6, func() {
			by := l.anyone(l.directors)
			do(by, func() (stage.Move, error) {
				return p.Publish(by, l.today().AddDays(-pick(l, []int{0, 0, 0, 0, 1})), l.publicityFacts(p), l.now)
			})
		})
		l.may(1, func() {
			by := l.anyone(l.clerks)
			if l.chance(10) {
				do(by, func() (stage.Move, error) { return p.Cancel(by, "名单有误") })
			}
		})
	case publicity.Running:
		if p.Elsewhere() && p.Posting.At.IsZero() {
			l.may(8, func() {
				by := l.anyone(l.clerks)
				at := l.now.Add(-time.Duration(l.IntN(7200)) * time.Second)
				do(by, func() (stage.Move, error) {
					return p.Post(by, publicity.Posting{URL: "http://portal.example/list", At: at}, l.publicityFacts(p), l.now)
				})
			})
		}
		if l.chance(30) {
			l.may(1, func() { l.disturb(p, do) })
		}
	}
}

// disturb corrects, interrupts, recounts or withdraws what is running, or tries
// to end it early.
func (l *life) disturb(p *list, do doing) {
	by := l.anyone(l.directors)
	do(by, func() (stage.Move, error) {
		switch l.IntN(12) {
		case 0:
			return p.Correct(by, publicity.Plan{Title: p.Title + "（更正）", Text: p.Text, Contact: p.Contact}, "标题有误", l.publicityFacts(p), l.now)
		case 1:
			from := l.now.Add(-time.Duration(1+l.IntN(40)) * time.Hour)
			return p.Interrupt(by, from, l.now, "网站停机", l.publicityFacts(p), l.now)
		case 2:
			return p.Recount(by, l.calendar, l.now)
		case 3:
			return p.Withdraw(by, "名单有误")
		}
		return p.Serve(by, l.calendar, l.now)
	})
}

// serveLists is the clock's part of publicities, objections and candidates.
func (l *life) serveLists() {
	for _, e := range l.editions {
		if e.over() {
			continue
		}
		for _, p := range e.publicities {
			if p.State == publicity.Running && !l.now.Before(p.Ends) && p.Blocked(l.calendar) == nil {
				attempt(l, publicity.Kind, p.Publicity, string(p.ID), &p.c, clock, func() (stage.Move, error) { return p.Serve(clock, l.calendar, l.now) })
			}
		}
		for _, f := range e.files {
			l.transfer(f)
			l.clear(f)
		}
	}
}

func (l *life) transfer(f *file) {
	for _, o := range f.objections {
		if o.State == objection.Received && o.Report(f.list.Publicity, l.calendar) != "" {
			l.objection(f, o, clock, func() (stage.Move, error) { return o.Transfer(clock, f.list.Publicity, l.calendar) })
		}
	}
}

// clear lets a candidate go on to naming once its days were served and no
// objection is open.
func (l *life) clear(f *file) {
	if f.candidate == nil || f.candidate.State != publicity.Listed || f.list.State != publicity.Served || f.State != application.Underway {
		return
	}
	open := objection.OpenOf(f.against())
	if open > 0 {
		return
	}
	if l.candidate(f, clock, func() (stage.Move, error) { return f.candidate.Clear(clock, f.list.Publicity, open, l.now) }) {
		l.file(f, clock, func(by stage.Actor) (stage.Move, error) { return f.Select(by, l.now) })
	}
}

// against are the objections to the candidate that the file has now.
func (f *file) against() (all []objection.Objection) {
	for _, o := range f.objections {
		if f.candidate != nil && o.Candidate == f.candidate.ID {
			all = append(all, *o)
		}
	}
	return all
}

func (l *life) candidate(f *file, by stage.Actor, do func() (stage.Move, error)) bool {
	return attempt(l, publicity.CandidateKind, f.candidate, string(f.candidate.ID), &f.c, by, do)
}

func (l *life) objection(f *file, o *objection.Objection, by stage.Actor, do func() (stage.Move, error)) bool {
	return attempt(l, objection.Kind, o, string(o.ID), &f.c, by, do)
}

// mayObject lets anybody object, and the office look into it.
func (l *life) mayObject(f *file) {
	if f.candidate == nil || f.list.PublishedAt.IsZero() {
		return
	}
	if f.list.State == publicity.Running || l.chance(10) {
		l.may(1, func() { l.object(f) })
	}
	for _, o := range f.objections {
		l.mayInquire(f, o)
	}
}

func (l *life) object(f *file) {
	if !l.chance(60) {
		return
	}
	filing := objection.Filing{Channel: objection.Web, Name: "来信人", Contact: "来信地址", Text: fmt.Sprintf("第%d件：材料与事实不符", l.serial), Anonymous: l.chance(20)}
	o, m, err := objection.File(stage.Anyone, f.list.Publicity, *f.candidate, filing, l.now)
	if err != nil {
		l.refused(objection.Kind, err)
		return
	}
	o.ID = id.Objection(l.key("obj"))
	f.objections = append(f.objections, o)
	f.c.Objections = f.objections
	l.did(objection.Kind, string(o.ID), m, &f.c)
}

var nobody = objection.Objector{Source: inquiry.Source{Name: "来信人", Contact: "来信地址"}}

func (l *life) mayInquire(f *file, o *objection.Objection) {
	do := func(by stage.Actor, do func() (stage.Move, error)) bool { return l.objection(f, o, by, do) }
	switch o.State {
	case objection.Received:
		l.may(5, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) { return o.Admit(by, f.list.Publicity, l.calendar, l.now) })
		})
		l.may(1, func() {
			do(stage.Anyone, func() (stage.Move, error) { return o.Withdraw(stage.Anyone, l.now) })
		})
	case objection.Admitted:
		l.may(5, func() { l.assign(f, o, do) })
	case objection.Investigating:
		if f.ties[o.Handler] != "" { // an interest came up: the case goes to another
			l.may(5, func() { l.assign(f, o, do) })
		}
		l.mayConclude(f, o, do)
	case objection.Unfounded, objection.Upheld, objection.Overruled:
		l.may(5, func() {
			by := l.anyone(l.directors)
			do(by, func() (stage.Move, error) {
				if o.State == objection.Unfounded && l.chance(15) {
					return o.SendBack(by, "核查不清")
				}
				return o.GiveAnswer(by, "已核实，答复如下", l.now)
			})
		})
	}
}

// assign has a director give a case to some clerk.
func (l *life) assign(f *file, o *objection.Objection, do doing) {
	by, to := l.anyone(l.directors), pick(l, l.clerks)
	do(by, func() (stage.Move, error) { return o.Assign(by, f.handler(to.Account)) })
}

// handler is what is known of a clerk who might look into a case about a file.
func (f *file) handler(a id.Account) inquiry.Handler {
	return inquiry.Handler{Account: a, Name: string(a), Interest: f.ties[a]}
}

func (l *life) mayConclude(f *file, o *objection.Objection, do doing) {
	handler := stage.Actor{Account: o.Handler, Role: stage.Clerk}
	l.may(4, func() {
		by := handler
		if l.chance(15) {
			by = l.anyone(l.clerks)
		}
		do(by, func() (stage.Move, error) {
			return o.Conclude(by, f.handler(by.Account), nobody, objection.Conclusion{Founded: l.chance(40), Summary: "反映材料不实", Finding: "经核查"}, l.now)
		})
	})
	if o.AskedAt.IsZero() {
		l.may(3, func() {
			do(handler, func() (stage.Move, error) {
				return o.Ask(handler, f.handler(o.Handler), nobody, "请说明活动场所情况", 1+l.IntN(5), l.calendar, l.now)
			})
		})
		return
	}
	l.may(3, func() {
		do(f.org.by, func() (stage.Move, error) { return o.GiveReply(f.org.by, "情况说明", l.now) })
	})
}

// objectionsWaiting are the founded objections that go back to the committee.
func (l *life) objectionsWaiting(e *edition) (all []*matter) {
	for _, f := range e.files {
		for _, o := range f.objections {
			if o.State != objection.Founded {
				continue
			}
			w := l.matterOf(item.Subject{Kind: "objection", ID: string(o.ID)}, f.Name, f.Organisation, &f.c)
			if w == nil {
				continue
			}
			w.waiting = func() bool { return o.State == objection.Founded }
			w.decided = func(i *item.Item, carried bool) { l.reconsider(f, o, i, carried) }
			all = append(all, w)
		}
	}
	return all
}

// matterOf returns a matter about a thing, unless it stands on an agenda already.
func (l *life) matterOf(s item.Subject, title string, o id.Organisation, c *invariant.Case) *matter {
	w := &matter{c: c, facts: item.Facts{Subject: s, Programme: l.programme.Name, Organisation: o, Title: title, Reviewed: true, Visited: true}}
	for _, i := range c.Items {
		if i.Subject == s {
			w.item = i
		}
	}
	if w.item != nil && !w.item.Settled() {
		return nil
	}
	return w
}

// reconsider carries out what the committee decided on a founded objection.
func (l *life) reconsider(f *file, o *objection.Objection, i *item.Item, upheld bool) {
	chair := l.chairs[0]
	if !l.objection(f, o, chair, func() (stage.Move, error) { return o.Decide(chair, i.ID, upheld) }) || !upheld || o.Candidate != f.candidate.ID {
		return
	}
	if !l.candidate(f, chair, func() (stage.Move, error) { return f.candidate.Uphold(chair, i.ID, l.now) }) {
		return
	}
	l.file(f, chair, func(by stage.Actor) (stage.Move, error) {
		if f.State == application.Selected {
			return f.Disqualify(by, "异议成立："+strings.Repeat("查", 4), l.now)
		}
		return f.PassOver(by, "异议成立", l.now)
	})
}

// mayName drafts, releases and issues a naming.
func (l *life) mayName(e *edition) {
	open := slices.IndexFunc(e.namings, func(n *naming.Naming) bool { return n.State == naming.Drafted || n.State == naming.Released })
	if open >= 0 {
		l.mayRelease(e, e.namings[open])
		return
	}
	if !slices.ContainsFunc(e.files, func(f *file) bool { return f.State == application.Selected }) {
		return
	}
	l.may(4, func() {
		by := l.anyone(l.clerks)
		n, m, err := naming.Draft(by, e.ID, l.namingPlan(e), l.namingFacts(e), l.now)
		if err != nil {
			l.refused(naming.Kind, err)
			return
		}
		n.ID = id.Naming(l.key("nam"))
		e.namings = append(e.namings, n)
		e.c.Naming = n
		l.did(naming.Kind, string(n.ID), m, &e.c)
	})
}

func (l *life) namingPlan(e *edition) naming.Plan {
	p := naming.Plan{Title: fmt.Sprintf("关于命名%d年度示范基地的通知", e.Year), Addressees: "各社会组织党组织"}
	if l.chance(40) {
		p.DatedOn = l.today().AddDays(-l.IntN(8))
	}
	for _, f := range e.files {
		if f.State == application.Selected && l.chance(90) || l.chance(3) {
			p.List = append(p.List, f.ID)
		}
	}
	return p
}

func (l *life) namingFacts(e *edition) naming.Facts {
	f := naming.Facts{Programme: l.programme, Register: l.numbers.all, Year: e.Year}
	for _, file := range e.files {
		if file.title != nil {
			f.Taken = append(f.Taken, file.title.Number)
			continue
		}
		if file.State == application.Selected || file.State == application.Underway {
			f.Candidates = append(f.Candidates, l.named(file))
		}
	}
	return f
}

// named is what the gate knows about an application.
func (l *life) named(f *file) naming.Candidate {
	c := naming.Candidate{
		Application: f.ID, Organisation: f.Organisation, Name: f.Name, Present: f.org.Name(), Number: f.Number, Category: f.Category,
		Selected: f.State == application.Selected, Registered: f.org.State == organisation.Registered,
	}
	if i := f.matter(); i != nil && i.State == item.Carried {
		c.Decision, c.DecidedOn = i.ID, calendar.DateOf(i.DecidedAt)
	}
	if p := f.list; p != nil && f.candidate != nil && (p.State == publicity.Running || p.State == publicity.Served) {
		c.Required, c.ServedTo = p.Days, p.Last
		until := l.now
		if p.State == publicity.Served {
			until = p.ServedAt // its days are full: years later they need not be counted on
		}
		c.Served, c.Known = l.calendar.Served(p.StartedAt, p.CountFirst, until)
		c.Open = objection.OpenOf(f.against())
		c.Upheld = slices.ContainsFunc(f.against(), func(o objection.Objection) bool {
			return o.State == objection.Founded || o.Outcome == objection.Upheld
		})
	}
	return c
}

func (l *life) mayRelease(e *edition, n *naming.Naming) {
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		e.c.Naming = n
		return attempt(l, naming.Kind, n, string(n.ID), &e.c, by, do)
	}
	heads := append(append([]stage.Actor{}, l.directors...), l.chairs...)
	l.may(6, func() {
		by := l.anyone(heads)
		do(by, func() (stage.Move, error) { return n.Release(by, l.namingFacts(e), l.now) })
	})
	l.may(1, func() {
		by := l.anyone(heads)
		do(by, func() (stage.Move, error) {
			if l.chance(50) {
				return n.SendBack(by, "名单要核对")
			}
			return n.Cancel(by, "重新起草")
		})
	})
	if n.State == naming.Drafted {
		l.may(2, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) { return n.Edit(by, l.namingPlan(e), l.namingFacts(e), l.now) })
		})
	}
	l.may(5, func() { l.issue(e, n, do) })
}

// issue brings the document out and the titles into being, in one act.
func (l *life) issue(e *edition, n *naming.Naming, do doing) {
	by := l.anyone(l.directors)
	var number document.Number
	if !do(by, func() (m stage.Move, err error) {
		number, m, err = n.Issue(by, l.namingFacts(e), l.now)
		return m, err
	}) {
		return
	}
	l.numbers.all = append(l.numbers.all, number)
	for _, entry := range n.List {
		i := slices.IndexFunc(e.files, func(f *file) bool { return f.ID == entry.Application })
		l.award(e, n, e.files[i], entry, by)
	}
}

func (l *life) award(e *edition, n *naming.Naming, f *file, entry naming.Entry, by stage.Actor) {
	d, m, err := designation.New(by, designation.Award{
		ID: id.Designation(l.key("dsg")), Round: e.ID, Application: f.ID, Organisation: f.Organisation, Naming: n.ID,
		Number: entry.Number, Name: entry.Name, Category: entry.Category, NamedOn: n.DatedOn,
	}, l.programme, l.now)
	if err != nil {
		l.violate("an issued naming makes its titles", err.Error())
		return
	}
	t := &title{Designation: d, org: f.org, file: f}
	t.c = invariant.Case{Designation: d}
	f.title, f.c.Designation, f.c.Naming = t, d, n
	l.titles = append(l.titles, t)
	l.did(designation.Kind, string(d.ID), m, &t.c)
	l.file(f, by, func(by stage.Actor) (stage.Move, error) { return f.BeNamed(by, l.now) })
	q, m, err := plaque.Order(l.clerks[0], id.Plaque(l.key("plq")), d, l.programme, l.key("V"), l.now)
	if err != nil {
		l.violate("a title gets its plaque", err.Error())
		return
	}
	t.plaque = q
	t.c.Plaque = q
	l.did(plaque.Kind, string(q.ID), m, &t.c)
}
