package document

import (
	"slices"
	"time"
)

// Promise is a sentence about what is kept that no act may break, whatever the rules above
// let through. The store asks all of them in every change that wrote a document or a number.
type Promise struct {
	Name string // stable: document.in_force.once
	Says string
	Base string // the rule it rests on

	document func(d *Document, all []*Document) bool
	number   func(n *Number, all []*Number, now time.Time) bool
}

// Promises lists them.
var Promises = []Promise{
	{
		Name: "document.signed.whole", Says: "a signed document names its bytes, in both formats, and who signed it when", Base: "制度:文书由负责人签发，签发即定稿",
		document: func(d *Document, _ []*Document) bool {
			return d.Whole() && !d.SignedAt.IsZero() && d.Role != "" && !d.On.IsZero()
		},
	},
	{
		Name: "document.in_force.once", Says: "of a thing one document of a sort is in force", Base: "制度:一份文书只有一个签发的文本",
		document: func(d *Document, all []*Document) bool {
			return !d.InForce() || !slices.ContainsFunc(all, func(o *Document) bool { return o.ID != d.ID && o.InForce() })
		},
	},
	{
		Name: "document.superseded.by_its_like", Says: "what a correction replaced says by which, and both bear one number", Base: "制度:签发的文书不改动，有错的另行更正",
		document: func(d *Document, all []*Document) bool {
			if d.State != Superseded {
				return d.SupersededBy == ""
			}
			return d.Reason != "" && slices.ContainsFunc(all, func(o *Document) bool {
				return o.ID == d.SupersededBy && o.Supersedes == d.ID && o.Number == d.Number
			})
		},
	},
	{
		Name: "number.taken.without_gap", Says: "a number that a document takes follows one that is in the register, and stands there once", Base: "GB/T 9704-2012 7.2.5；制度:文号登记连续不重号",
		number: func(n *Number, all []*Number, now time.Time) bool {
			if n.Use == Outside || !n.At.Equal(now) { // what was brought in may have a gap; nothing is taken after it
				return true
			}
			there := map[int]int{}
			for _, o := range all {
				there[o.Seq]++
			}
			for s := 1; s < n.Seq; s++ {
				if there[s] == 0 {
					return false
				}
			}
			return there[n.Seq] == 1
		},
	},
}

// Broken returns the first promise that the documents of one sort about one thing break.
func Broken(all []*Document) (Promise, bool) {
	for _, p := range Promises {
		for _, d := range all {
			if p.document != nil && !p.document(d, all) {
				return p, true
			}
		}
	}
	return Promise{}, false
}

// Broken returns the first promise that a number breaks, among all of its word and year, at
// the instant of an act.
func (n *Number) Broken(all []*Number, now time.Time) (Promise, bool) {
	for _, p := range Promises {
		if p.number != nil && !p.number(n, all, now) {
			return p, true
		}
	}
	return Promise{}, false
}
