// Package draw (抽取) is how assessors are drawn by lot, so that anybody can
// check that nobody chose them (办法(三), S48).
//
//	frozen ── rule ──► ruled ── close ──► committed ── complete ──► revealed ── conclude ──► concluded
//	  │                  │                    │
//	cancel             fail ──► failed ◄──────┘ fail
//	                              ├── restart ──► restarted (a new draw begins)
//	                              └── manual  ──► manual
//
// First everything is published: who is in the pool, with their stratum and what
// they are recused from, and the rule. Then parties of opposing interest commit
// to secrets. Then the secrets are revealed. From pool, rule, secrets and, where
// the rule names one, a value from outside comes a seed, and from the seed the
// order of everybody in the pool. The whole order is published, so that it is
// settled beforehand who follows on somebody who has to stand aside.
//
// Nobody who is party to it can steer the result: whoever fixes the pool and the
// rule does so before there is any commitment, after which both stand; whoever
// commits knows digests of the other secrets only; whoever reveals last has seen no
// other secret, because nobody does before all are there. A party that does not
// reveal is recorded, and the draw restarts once, with a new pool. If that one
// fails too, lots are drawn by hand under supervision, which is shown as such.
//
// What is published, and the arithmetic, are those of internal/lot.
package draw
