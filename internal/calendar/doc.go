// Package calendar knows which days are worked, counts periods in working days,
// and says what it cannot know yet.
//
// Monday to Friday are worked, unless an arrangement of the State Council says
// otherwise; weekend days are not, unless an arrangement makes them up (调休).
// Arrangements are dated documents, one or more a year, and later ones override
// earlier ones. A year with no arrangement is a visible state: whatever is
// computed from it is provisional (暂算) and says so.
package calendar
