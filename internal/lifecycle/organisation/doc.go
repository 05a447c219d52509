// Package organisation (社会组织) is who applies: its code, its names, its
// registration, and who may write what is known of it.
//
// An organisation is known by its Unified Social Credit Code, which never
// changes; its name does, and every name is kept with its day. What is known of
// it stands in the packages fact and party; the rules that read it in
// eligibility.
//
// A fact is declared by the organisation itself or confirmed by the office.
// What the office confirmed, the organisation no longer changes.
//
//	registered ──▶ deregistered | struck_off | merged
package organisation
