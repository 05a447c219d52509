package invariant

import (
	"slices"

	"shifan/internal/lifecycle/document"
)

// ofDocuments are the promises of what was signed and of the register of numbers.
var ofDocuments = []Invariant{
	{"document.signed.whole", "a signed document names its bytes, in both formats, and who signed it when", "制度:文书由负责人签发，签发即定稿", each(theDocuments, func(_ *Case, d *document.Document) bool {
		return d.Whole() && !d.SignedAt.IsZero() && d.Role != "" && !d.On.IsZero()
	})},
	{"document.in_force.once", "of a thing one document of a sort is in force", "制度:一份文书只有一个签发的文本", each(theDocuments, func(c *Case, d *document.Document) bool {
		return !d.InForce() || !slices.ContainsFunc(c.Documents, func(o *document.Document) bool {
			return o.ID != d.ID && o.Sort == d.Sort && o.Subject == d.Subject && o.InForce()
		})
	})},
	{"document.superseded.by_its_like", "what a correction replaced says by which, and both bear one number", "制度:签发的文书不改动，有错的另行更正", each(theDocuments, func(c *Case, d *document.Document) bool {
		if d.State != document.Superseded {
			return d.SupersededBy == ""
		}
		return d.Reason != "" && slices.ContainsFunc(c.Documents, func(o *document.Document) bool {
			return o.ID == d.SupersededBy && o.Supersedes == d.ID && o.Number == d.Number && o.Sort == d.Sort && o.Subject == d.Subject
		})
	})},
	{"number.taken.without_gap", "a number that a document takes follows one that is in the register, and stands there once", "GB/T 9704-2012 7.2.5；制度:文号登记连续不重号", one(theNumber, func(c *Case, n *document.Number) bool {
		there := map[int]int{}
		for _, o := range c.Numbers {
			there[o.Seq]++
		}
		if n.Use == document.Outside || !n.At.Equal(c.Now) { // what was brought in may have a gap; nothing is taken after it
			return true
		}
		for s := 1; s < n.Seq; s++ {
			if there[s] == 0 {
				return false
			}
		}
		return there[n.Seq] == 1
	})},
}

func theDocuments(c *Case) []*document.Document { return c.Documents }

func theNumber(c *Case) *document.Number { return c.Number }
