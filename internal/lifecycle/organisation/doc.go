// Package organisation (社会组织) is who applies, the facts about it, and the
// rules that read those facts.
//
// An organisation is known by its Unified Social Credit Code, which never
// changes; its name does, and every name is kept with its day. Around it stand
// the Party organisations that cover it (one may cover several organisations,
// and an organisation may have several), and facts with a source and a date:
// annual inspections, penalties, grades, lists of abnormal and untrustworthy
// organisations, the charter's clause, and the yearly ledger (工作台账), which
// holds counts and no person.
//
// A fact is declared by the organisation itself or confirmed by the office.
// What the office confirmed, the organisation no longer changes.
//
//	registered ──▶ deregistered | struck_off | merged
//
// A rule is one function. It answers 符合, 不符合, 存疑 or 暂无结论 with the
// inputs it looked at and the time it looked over, and it never decides what is
// a matter of judgement: a doubt is for a person. The programme says which rules
// bind; any organisation can check itself at any time, before any round (S61).
package organisation
