// Package plan is the chapter of the yearly plan of checks (年度复查计划, S66, S68): which
// titles fall due for their recheck in a year, and which of the others are looked at as a
// sample.
//
// The office drafts it from the titles as they stand. Where the programme asks for a
// sample, the titles that may be drawn are frozen, three sides commit to secrets and
// reveal them, and the lot decides (package lot); anyone can recompute it. How deep each
// check goes follows from stated facts, and the reasons stand beside it. A second person
// approves the plan; the clock then opens the checks on their days.
//
// A sample may be unannounced: then neither its holder nor the public learns that a title
// was drawn before its check begins. Such a check is no recheck before that: only the plan
// knows of it, and the plan is read by the office (store.Tx.PlanFor).
package plan
