package invariant

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/publicity"
)

// ofNaming are the promises of naming and of the plaque.
var ofNaming = []Invariant{
	{"naming.issued.released", "a list is issued after enough different persons released it, none of whom drafted it", "五(二) 从严从实审核把关；方案设定的放行人数 (S59, S65)", one(theNaming, func(c *Case, n *naming.Naming) bool {
		seen := map[id.Account]bool{n.PreparedBy: true}
		for _, r := range n.Releases {
			if seen[r.By] {
				return false
			}
			seen[r.By] = true
		}
		return n.State != naming.Issued || c.Programme == nil || len(n.Releases) >= naming.Releases(c.Programme) && n.IssuedBy != n.PreparedBy
	})},
	{"naming.issued.numbered", "an issued naming has its number and its list", "GB/T 9704 (S59)", one(theNaming, func(_ *Case, n *naming.Naming) bool {
		return n.State != naming.Issued || document.IsNumber(n.DocNumber) && len(n.List) > 0 && !n.DatedOn.IsZero()
	})},
	{"designation.named.after_publicity", "a title is named after the last day of its publicity", "办法(五)(六) (S56, S58)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return c.Publicity == nil || c.Candidate == nil || d.Application != c.Candidate.Application || c.Publicity.State != publicity.Served || d.NamedOn.After(c.Publicity.Last)
	})},
	{"designation.named.as_decided", "a title bears the name that was publicised", "S59", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return c.Candidate == nil || d.Application != c.Candidate.Application || d.Name == c.Candidate.Name
	})},
	{"application.named.has_title", "a named application has its title, and no other has one", "办法(六) 授牌 (S59)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		a := c.Application
		return a == nil || d.Application != a.ID || a.State == application.Named || a.State == application.Selected
	})},
	{"plaque.after_naming", "a plaque follows the naming", "三 授牌确认 (S16)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return c.Plaque == nil || c.Plaque.Designation != d.ID || !c.Plaque.OrderedOn.Before(d.NamedOn)
	})},
	{"plaque.ended_title.not_shown", "no new plaque is handed over for a title that ended", "五(二) 撤销称号 (S16, S72)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return c.Plaque == nil || c.Plaque.Designation != d.ID || d.Live() || c.Plaque.State != plaque.Ordered || d.ChangedAt.Equal(c.Now)
	})},
}
