// Package eligibility (资格) is the rules that read an organisation's facts.
//
// A rule is one function with its clause. It answers 符合, 不符合, 存疑 or
// 暂无结论 with the inputs it looked at, the time it looked over and what to do,
// and it never decides what is a matter of judgement: a doubt is for a person,
// and a norm that holds "as a rule" (一般) makes a gap a doubt.
//
// Which rules bind, over which time and with which message, is the programme's.
// An organisation can check itself at any time, before any round (S61); the
// office sees the same.
package eligibility
