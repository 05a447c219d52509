package invariant

import (
	"slices"
	"time"

	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
)

// ofList are the promises of a publicity and of what is raised against it.
var ofList = []Invariant{
	{"publicity.served.days", "a publicity was public for all its working days before it ended", "办法(五) 公示5个工作日 (S56)", one(thePublicity, func(_ *Case, p *publicity.Publicity) bool {
		return p.State != publicity.Served || !p.ServedAt.Before(p.Ends) && !p.Last.Before(p.First) && (!p.Elsewhere() || !p.Posting.At.IsZero())
	})},
	{"publicity.days.after_publication", "no day before the real publication counts", "民法典 第二百零一条 (S55, S56)", one(thePublicity, func(_ *Case, p *publicity.Publicity) bool {
		return !p.Published() || !p.First.Start().Before(p.PublishedAt) || p.CountFirst && p.First.End().After(p.PublishedAt)
	})},
	{"publicity.published.digest", "what was published is kept word for word with its digest", "制度:公示不得悄悄改动 (S55)", one(thePublicity, func(_ *Case, p *publicity.Publicity) bool {
		return !p.Published() || len(p.Digest) == 64 && p.Snapshot != ""
	})},
	{"candidate.cleared.unopposed", "a candidate is cleared after the full days and with no objection open", "办法(六) 公示无异议的 (S58)", one(theCandidate, func(c *Case, k *publicity.Candidate) bool {
		p := c.Publicity
		return k.State != publicity.Cleared || p == nil || k.Publicity != p.ID || p.State == publicity.Served && !k.ChangedAt.Before(p.ServedAt) && !slices.ContainsFunc(c.Objections, func(o *objection.Objection) bool { return o.Candidate == k.ID && o.Open() && stood(o, p, k.ChangedAt) })
	})},
	{"candidate.upheld.out", "who is out by an objection is not named", "办法(六) (S58)", one(theCandidate, func(c *Case, k *publicity.Candidate) bool {
		return k.State != publicity.Upheld || c.Application == nil || k.Application != c.Application.ID || c.Application.State != application.Selected && c.Application.State != application.Named
	})},
	{"candidate.name.as_decided", "a list says the name that the committee decided on", "S59", one(theCandidate, func(c *Case, k *publicity.Candidate) bool { return k.Name != "" })},
	{"objection.admitted.in_time", "what is handled as an objection arrived before the publicity ended", "办法(五)(六) (S57)", each(theObjections, func(c *Case, o *objection.Objection) bool {
		p := c.Publicity
		return o.AdmittedAt.IsZero() || p == nil || o.Publicity != p.ID || p.State != publicity.Served || o.ArrivedAt.Before(p.ServedAt)
	})},
	{"objection.founded.heard", "an objection is found to hold only after the organisation was asked", "制度:听取被反映单位说明 (S57)", each(theObjections, func(_ *Case, o *objection.Objection) bool {
		return o.State != objection.Founded && o.State != objection.Upheld || !o.AskedAt.IsZero()
	})},
	{"objection.upheld.by_committee", "only the committee upholds or overrules", "办法(四) (S58)", each(theObjections, func(_ *Case, o *objection.Objection) bool {
		return o.Outcome != objection.Upheld && o.Outcome != objection.Overruled || o.Decision != ""
	})},
}

// stood reports whether an objection was there when its candidate was cleared. A
// letter counts by its postmark and may be entered later.
func stood(o *objection.Objection, p *publicity.Publicity, cleared time.Time) bool {
	return o.ArrivedAt.Before(p.ServedAt) && (o.Channel == objection.Web || !o.AdmittedAt.IsZero() && o.AdmittedAt.Before(cleared))
}
