// Package check tells whether the settings of a programme make sense together:
// what no schema can say, such as a recheck that comes after the title has
// ended. Each rule is a function; Programme applies them all.
package check
