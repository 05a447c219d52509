// Package template holds the words of official documents and of messages (文书模板,
// 消息模板) as texts with fields. A programme may give texts of its own; where it gives
// none, those that stand here hold.
//
// A text has two things in braces and nothing else: {单位}, the field of that name, and
// {如有 理由}…{否则}…{完}, words for when a field is there and for when it is not ({否则} may
// be left out). There are no loops, functions or variables, so that a text costs no
// more than its length. The fields of a kind are all that its words may hold: nothing
// gets into a document or a message that its reader may not know.
//
// Each line is a paragraph, and a line in which nothing is left vanishes. A field that is
// a block, such as a list, stands alone in its line.
package template
