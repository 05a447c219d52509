// Package archive (归档) says who puts a round into an archive package and when, and how
// long what is in it is kept.
package archive

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// The terms for which documents are kept.
const (
	Forever    = "永久"
	ThirtyYear = "30年"
	TenYear    = "10年"
)

// retention says how long each kind of document of a round is kept: what decides and
// what proves it for ever, what led there thirty years, and what only told somebody
// something ten (facts.md §8, Archive).
var retention = map[string]string{
	"call": Forever, "naming": Forever, "publicity": Forever, "minutes": Forever, "ballot": Forever, "draw": Forever, "record": Forever,
	"named": Forever, "application": ThirtyYear, "review": ThirtyYear, "visit": ThirtyYear, "objection": ThirtyYear, "rectification": ThirtyYear,
	"revocation": Forever,
	"notice":     TenYear,
}

// Retention returns the term of a kind of document; "" for what only serves a package.
func Retention(kind string) string { return retention[kind] }

var (
	errArchiver = fault.Define(fault.Forbidden, "round.archive.role", "归档包由办公室负责人下载，或者由管理员在服务器上用命令行生成，%s不能归档。", "制度:未列明的行为一律不许")
	errNoCall   = fault.Define(fault.Refused, "round.archive.drafted", "这一届还没有发布通知，没有可以归档的内容。", "制度:办结后归档")
	errRunning  = fault.Define(fault.Refused, "round.archive.running", "这一届还没有办结，材料还会变化。办结以后再下载归档包；确需中途留存的，由管理员在服务器上用命令行生成，包内注明未办结。", "制度:办结后归档")
	errNoFormer = fault.Define(fault.Refused, "programme.archive.none", "方案“%s”没有系统外命名、不属于任何一届的称号，没有可以归档的内容。各届的称号在各届的归档包里。", "制度:系统外命名的称号单独归档")
)

// Pack puts a round into an archive package (S76). Nothing moves. The director does
// once it is concluded; who runs the machine has everything anyway and may earlier.
func Pack(by stage.Actor, r *round.Round) (stage.Move, error) {
	m := stage.Move{From: r.State, Act: "archive", By: by.Role, To: r.State, Basis: "制度:办结后归档"}
	switch {
	case !slices.Contains([]stage.Role{stage.Director, stage.Operator}, by.Role):
		return m, errArchiver.New(by.Role.Word())
	case !r.Published():
		return m, errNoCall.New()
	case by.Role == stage.Director && r.State != round.Concluded:
		return m, errRunning.New()
	}
	return m, nil
}

// PackFormer puts the titles of a programme that were given outside the system, and so are
// of no round, into a package of their own, with what became of them (S71, S72, S76).
// Nothing moves. They live on, so a package may be made at any time and is of that time.
func PackFormer(by stage.Actor, s *programme.Standing, title string, titles int) (stage.Move, error) {
	m := stage.Move{From: s.State, Act: "archive", By: by.Role, To: s.State, Basis: "制度:系统外命名的称号单独归档"}
	switch {
	case !slices.Contains([]stage.Role{stage.Director, stage.Operator}, by.Role):
		return m, errArchiver.New(by.Role.Word())
	case titles == 0:
		return m, errNoFormer.New(title)
	}
	return m, nil
}
