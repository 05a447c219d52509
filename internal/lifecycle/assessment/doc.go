// Package assessment (考核情况) is what a team writes about a visit: what each way
// of looking found, how many people said what, a rating of each indicator, and
// an opinion (办法(三), S22, S23, S41, S50). People are counted and never named.
package assessment
