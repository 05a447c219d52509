package factproof

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

var (
	errProofMany = fault.Define(fault.Refused, "factproof.attach.many",
		"“%s”已经有%d个证明材料，一项最多%d个。先移除不需要的，或者把几个合成一个PDF。", "制度:上传的件数和大小有限")
	errProofFull = fault.Define(fault.Refused, "factproof.attach.full",
		"加上“%s”，本单位的证明材料共%s，最多%s。先移除不需要的，或者压缩图片后再上传。", "制度:上传的件数和大小有限")
	errProofTwice = fault.Define(fault.Refused, "factproof.attach.twice",
		"“%s”已经在“%s”里（内容相同），不用再传。", "制度:一份材料只交一次")
	errProofKept = fault.Define(fault.Refused, "factproof.detach.confirmed",
		"办公室已于%s核实“%s”，此前上传的证明材料不能移除。有出入的，请联系办公室。", "制度:核实过的内容由办公室改动")
)

// May refuses early what Attach would refuse of any file.
func May(o *organisation.Organisation, by stage.Actor, section string) (stage.Move, error) {
	return allows(o, "attach", by, section)
}

// Attach puts a file to one of fact.Sections of an organisation as what proves it (S20, S28,
// S39). kept are the proofs of the whole organisation. The same bytes go to a section once,
// whatever they are called.
func Attach(o *organisation.Organisation, by stage.Actor, section string, f file.File, kept []file.File, room file.Room) (file.File, stage.Move, error) {
	m, err := allows(o, "attach", by, section)
	if err != nil {
		return f, m, err
	}
	room = room.Filled()
	there, total := 0, f.Size
	for _, k := range kept {
		total += k.Size
		if k.Section != section {
			continue
		}
		if there++; k.SHA256 == f.SHA256 {
			return f, m, errProofTwice.At("file", chars.Cut(f.Name, 60), fact.WordOf(fact.Sections, section))
		}
	}
	switch {
	case there >= room.Files:
		return f, m, errProofMany.At("file", fact.WordOf(fact.Sections, section), there, room.Files)
	case total > room.Application:
		return f, m, errProofFull.At("file", chars.Cut(f.Name, 60), file.Size(total), file.Size(room.Application))
	}
	f.Organisation, f.Section = o.ID, section
	f.Programme, f.Round, f.Application = "", "", ""
	return f, m, nil
}

// Detach decides whether a proof goes. What was there when the office confirmed a fact of
// its section, the organisation does not take away.
func Detach(o *organisation.Organisation, by stage.Actor, f *file.File) (stage.Move, error) {
	m, err := allows(o, "detach", by, f.Section)
	if err != nil {
		return m, err
	}
	if f.Organisation != o.ID {
		return m, fault.Missing()
	}
	confirmed := o.Facts.ConfirmedOn(f.Section)
	if by.Role == stage.Applicant && !confirmed.IsZero() && !calendar.DateOf(f.UploadedAt).After(confirmed) {
		return m, errProofKept.New(confirmed.Chinese(), fact.WordOf(fact.Sections, f.Section))
	}
	return m, nil
}

// allows asks whether the proofs of a section may change now.
func allows(o *organisation.Organisation, act string, by stage.Actor, section string) (stage.Move, error) {
	m, err := organisation.Kind.Step(o.State, act, by.Role)
	if err == nil && !slices.ContainsFunc(fact.Sections, func(c fact.Choice) bool { return c.Value == section }) {
		err = fault.Missing()
	}
	return m, err
}
