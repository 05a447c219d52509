package together

import (
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/visit"
)

// Sample is a sample of a round with everybody's marks of it.
type Sample struct {
	*calibration.Calibration
	Marks      []calibration.Marking
	Indicators []programme.Indicator // of the round, once they are fixed; nil before

	// Scored are visits of the round that rest on the exercise: those of a programme that
	// requires it; nil where nothing does.
	Scored []*visit.Visit
}

const apart = "制度:先各自独立评分，再看他人的 (S51)"

// ofSamples are the promises of the exercise before live visits.
var ofSamples = []Promise{
	{"calibration.open.whole", "a sample that is given out says something of every indicator, and what the office holds right", "方案设定的评分校准 (S51)", sampled(func(s *Sample) bool {
		return s.State != calibration.Open || !slices.ContainsFunc(calibration.Asked(s.Indicators), func(i programme.Indicator) bool {
			return s.Answers[i.Code] == "" || s.Reference[i.Code].Rating == ""
		})
	})},
	{"calibration.marked.once", "everybody marks a sample once", apart, marked(func(s *Sample, n int, k calibration.Marking) bool {
		return !slices.ContainsFunc(s.Marks[:n], func(o calibration.Marking) bool { return o.Account == k.Account })
	})},
	{"calibration.marked.by_others", "who wrote a sample does not mark it", apart, marked(func(s *Sample, _ int, k calibration.Marking) bool { return k.Account != s.PreparedBy })},
	{"calibration.marked.while_open", "a sample is marked while it is given out, and not before or after", apart, marked(func(s *Sample, _ int, k calibration.Marking) bool {
		return !s.OpenedAt.IsZero() && !k.At.Before(s.OpenedAt) && (s.EndedAt.IsZero() || !k.At.After(s.EndedAt))
	})},
	{"calibration.marked.whole", "a marking has a mark of every indicator that a visit looks at, and of no other", "方案设定的评分校准 (S51)", marked(func(s *Sample, _ int, k calibration.Marking) bool {
		asked := calibration.Asked(s.Indicators)
		return s.Indicators == nil || len(k.Findings) == len(asked) && !slices.ContainsFunc(asked, func(i programme.Indicator) bool { return k.Findings[i.Code].Rating == "" })
	})},
	{"calibration.withdrawn.reasoned", "a sample that was taken back says why", "制度:有误的样本撤回，写明原因 (S51)", sampled(func(s *Sample) bool {
		return (s.State == calibration.Withdrawn) == (s.Reason != "") && (s.State == calibration.Withdrawn) == !s.EndedAt.IsZero()
	})},
	{"visit.signed.after_exercise", "where the exercise is required nobody signs a visit who left a sample unmarked that was given out by then", "方案设定的评分校准 (S51)", sampled(func(s *Sample) bool {
		for _, v := range s.Scored {
			if slices.ContainsFunc(v.Signatures, func(n visit.Signature) bool { return s.asked(n.At) && !s.done(n.Account, n.At) }) {
				return false
			}
		}
		return true
	})},
}

// asked reports whether the sample asked for marks at an instant.
func (s *Sample) asked(at time.Time) bool {
	return !s.OpenedAt.IsZero() && s.OpenedAt.Before(at) && (s.EndedAt.IsZero() || s.EndedAt.After(at))
}

// done reports whether somebody had nothing left to do with the sample at an instant.
func (s *Sample) done(who id.Account, at time.Time) bool {
	return who == s.PreparedBy || slices.ContainsFunc(s.Marks, func(k calibration.Marking) bool { return k.Account == who && !k.At.After(at) })
}

func sampled(holds func(*Sample) bool) func(*Case) string {
	return one(func(c *Case) *Sample { return c.Sample }, func(s *Sample) string { return string(s.ID) }, func(_ *Case, s *Sample) bool { return holds(s) })
}

func marked(holds func(s *Sample, n int, k calibration.Marking) bool) func(*Case) string {
	return sampled(func(s *Sample) bool {
		for n, k := range s.Marks {
			if !holds(s, n, k) {
				return false
			}
		}
		return true
	})
}
