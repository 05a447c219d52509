// Package docx writes files of word processors (WordprocessingML, ECMA-376): styles,
// paragraphs, tables, sections with their heads and feet, fields, and rules. It knows
// nothing of official documents, and sets nothing: a word processor breaks the lines.
//
// The same calls give the same bytes: parts stand in a fixed order, with a fixed time.
package docx
