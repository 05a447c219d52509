package application

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// Facts is what starting and submitting depend on beside the application.
type Facts struct {
	Programme    *programme.Programme // the version that the round froze
	Round        *round.Round
	Organisation *organisation.Organisation
	Bodies       []party.Body             // the Party organisations that cover it
	Others       []Application            // of the same round those of the same organisation and of Bodies, if not more; the application itself may be among them
	Filed        int                      // how many of the round were ever filed
	Files        map[string][]answer.File // what was uploaded for the application, by indicator
}

var (
	errRole         = fault.Define(fault.Forbidden, "application.start.role", "申报由申报单位的经办人办理，%s不能申报。", "办法(一)")
	errNotOpen      = fault.Define(fault.Refused, "application.start.not_open", "%s现在不受理申报。可以申报的届次列在“我要申报”里。", "办法(一)")
	errLate         = fault.Define(fault.Refused, "application.submit.late", "申报已于%s截止，逾期申报的视为放弃。填写的内容仍在本页，可以保存备查。", "办法(一) 逾期申报的视为放弃")
	errTwice        = fault.Define(fault.Refused, "application.start.twice", "本单位在这一届已经有一件申报（%s），一届只申报一件。请继续办理那一件。", "办法(一)")
	errRegistered   = fault.Define(fault.Refused, "application.start.registration", "单位的登记状态是“%s”，只有正常登记的单位可以申报。登记状态有误的，联系办公室更正。", "三 符合条件的省级社会组织")
	errCode         = fault.Define(fault.Refused, "application.start.code", "单位还没有统一社会信用代码。换发证书后，请办公室补录代码再申报。", "三 符合条件的省级社会组织；GB 32100-2015")
	errNoParty      = fault.Define(fault.Refused, "application.start.party", "申报主体是党组织，单位信息里还没有党组织。先在单位信息里填写党组织。", "办法(一)；四(一) 成立社会组织党组织")
	errWhichParty   = fault.Define(fault.Invalid, "application.party.choose", "单位有%d个党组织，选择由哪一个申报。", "办法(一)")
	errForeignParty = fault.Define(fault.Invalid, "application.party.unknown", "选的党组织不在本单位的党组织之内。重新选择。", "办法(一)")
	errSameParty    = fault.Define(fault.Refused, "application.party.twice", "%s已经代表%s申报本届。同一个党组织一届只申报一件，联合党组织写明代表哪个单位。", "办法(一)")
)

// Start begins an application of an organisation in a round that is open. What
// eligibility finds is shown and forbids nothing: the office and the committee
// judge (S46). body says which Party organisation applies; it may be empty when
// there is one only.
func Start(by stage.Actor, f Facts, body id.PartyBody, now time.Time) (*Application, stage.Move, error) {
	if !Kind.Takes("submit", by.Role) {
		return nil, stage.Move{}, errRole.New(by.Role.Word())
	}
	a := &Application{
		Programme: f.Programme.Name, Round: f.Round.ID, Organisation: f.Organisation.ID, State: Draft,
		Name: f.Organisation.Name(), Answers: map[string]answer.Answer{}, StartedAt: now, SavedAt: now,
	}
	for _, rule := range []*fault.Fault{
		acting(by, f.Organisation), filing(f.Round, now), registered(f.Organisation), a.once(f.Others), a.choose(f, body),
	} {
		if rule != nil {
			return nil, stage.Move{}, rule
		}
	}
	a.Category = CategoryOf(f.Programme, f.Organisation)
	a.History = []Event{{At: now, Act: "start"}}
	return a, stage.Move{Act: "start", By: by.Role, To: Draft, Basis: "办法(一)"}, nil
}

// acting: an applicant acts for its own organisation.
func acting(by stage.Actor, o *organisation.Organisation) *fault.Fault {
	if by.Organisation != o.ID {
		return fault.Missing()
	}
	return nil
}

// filing: the round takes applications now (S45).
func filing(r *round.Round, now time.Time) *fault.Fault {
	switch {
	case r.FilingOpen(now):
		return nil
	case r.Published() && !now.Before(r.Deadline):
		return errLate.New(round.Instant(r.Deadline))
	}
	return errNotOpen.New(r.Title)
}

// forfeited: who comes after the clock forfeited the draft hears the same rule as
// who comes before it did (S45).
func (a *Application) forfeited(by stage.Actor, r *round.Round) *fault.Fault {
	if a.State == Forfeited && by.Role == stage.Applicant {
		return errLate.New(round.Instant(r.Deadline))
	}
	return nil
}

// registered: only an organisation that is registered and has its code applies
// (S14; facts.md §1.3: a legacy number is not enough).
func registered(o *organisation.Organisation) *fault.Fault {
	if o.State != organisation.Registered {
		return errRegistered.New(organisation.Kind.Word(string(o.State)))
	}
	if o.Code == "" {
		return errCode.New()
	}
	return nil
}

// once: one application an organisation and round; a withdrawn one does not
// count (S44).
func (a *Application) once(others []Application) *fault.Fault {
	for _, o := range others {
		if o.ID != a.ID && o.Live() && o.Organisation == a.Organisation {
			return errTwice.New(Kind.Word(string(o.State)))
		}
	}
	return nil
}

// choose settles which Party organisation applies. A joint branch applies once a
// round, and says for which of the organisations that it covers (S44).
func (a *Application) choose(f Facts, body id.PartyBody) *fault.Fault {
	if !f.Programme.Applicants.Party {
		a.Body, a.PartyBody = "", ""
		return nil
	}
	if body == "" && len(f.Bodies) == 1 {
		body = f.Bodies[0].ID
	}
	i := slices.IndexFunc(f.Bodies, func(b party.Body) bool { return b.ID == body })
	switch {
	case len(f.Bodies) == 0:
		return errNoParty.New()
	case body == "":
		return errWhichParty.At("party_body", len(f.Bodies))
	case i < 0:
		return errForeignParty.At("party_body")
	}
	for _, o := range f.Others {
		if o.ID != a.ID && o.Live() && o.Body == body && o.Organisation != a.Organisation {
			return errSameParty.New(f.Bodies[i].Name, o.Name)
		}
	}
	a.Body, a.PartyBody = body, f.Bodies[i].Name
	return nil
}

// CategoryOf returns the category of an organisation in a programme, by its
// kind; "" when the programme has none, or none that fits (S8).
func CategoryOf(p *programme.Programme, o *organisation.Organisation) string {
	for _, c := range p.Applicants.Categories {
		if len(c.Kinds) == 0 || slices.Contains(c.Kinds, o.Kind) {
			return c.Code
		}
	}
	return ""
}

// Save keeps a part of a draft. A draft is never validated: only what cannot be
// kept at all is refused, such as text without end or characters that nobody
// can read. It belongs to the time of filing, like submitting.
func (a *Application) Save(by stage.Actor, f Facts, in answer.Part, now time.Time) (stage.Move, error) {
	if f := a.forfeited(by, f.Round); f != nil {
		return stage.Move{}, f
	}
	m, err := Kind.Step(a.State, "save", by.Role)
	if err != nil {
		return m, err
	}
	if f := filing(f.Round, now); f != nil {
		return m, f
	}
	next := a.Content()
	if err := next.Take(f.Programme, f.Round.Year, in); err != nil {
		return m, err
	}
	if in, err = next.Meet(a.Content(), a.Body, in); err != nil {
		return m, err
	}
	if in.Chooses(a.Body) { // only then are Facts.Bodies and Facts.Others asked for
		if f := a.choose(f, *in.Party); f != nil {
			return m, f
		}
	}
	for _, code := range in.Sure {
		delete(a.Carried, code)
	}
	a.Answers, a.Signatory, a.Committed, a.SavedAt = next.Answers, next.Signatory, next.Committed, now
	a.Name, a.Category = f.Organisation.Name(), CategoryOf(f.Programme, f.Organisation)
	return m, nil
}

// SealSigned is the seal of what stands beside the answers.
func (a *Application) SealSigned() string {
	return answer.SealSigned(a.Body, a.Signatory, a.Committed)
}
