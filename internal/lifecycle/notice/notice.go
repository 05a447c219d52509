// Package notice (补正通知) is what the one notice of defects says: everything that
// is missing at once, each thing at its field (一次性告知).
package notice

import (
	"strings"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/programme"
)

// Defect is one thing to mend, anchored to an indicator or a part of the form.
type Defect struct {
	Field string `json:"field"` // indicator code, or "signatory"
	Say   string `json:"say"`   // what is missing and how to mend it
}

// sayMax bounds what is said of a defect, in 字.
const sayMax = 300

var (
	errNoDefect = fault.Define(fault.Invalid, "application.request_correction.empty", "写明需要补正的内容，至少一项。全部问题一次写完。", "制度:一次性告知")
	errField    = fault.Define(fault.Invalid, "application.request_correction.field", "申报表里没有“%s”这一项。补正要落在一个指标或者签署人上。", "制度:一次性告知")
	errSay      = fault.Define(fault.Invalid, "application.request_correction.say", "写明缺什么、怎么补，1到%d字。", "制度:一次性告知")
	errDouble   = fault.Define(fault.Invalid, "application.request_correction.twice", "%s写了两条，请合成一条。", "制度:一次性告知")
)

// Check says what is wrong with a notice before it goes out, and cuts the
// blanks around what it says.
func Check(p *programme.Programme, year int, defects []Defect) error {
	if len(defects) == 0 {
		return errNoDefect.At("defects")
	}
	var faults []*fault.Fault
	seen := map[string]bool{}
	for n := range defects {
		d := &defects[n]
		d.Say = strings.TrimSpace(d.Say)
		i, known := p.Indicator(d.Field)
		switch {
		case d.Field != "signatory" && !(known && i.CountsIn(year)):
			faults = append(faults, errField.At("defects", chars.Cut(strings.ToValidUTF8(d.Field, ""), 20)))
			continue
		case seen[d.Field]:
			faults = append(faults, errDouble.At(d.Field+".defect", d.Field))
		case d.Say == "" || answer.Text("", "", d.Say, sayMax) != nil:
			faults = append(faults, errSay.At(d.Field+".defect", sayMax))
		}
		seen[d.Field] = true
	}
	return fault.All(faults...)
}
