package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
)

const calendarUsage = "calendar add DATE N [--count-first-day] | calendar import FILE"

// runCalendar counts working days, and imports a year's arrangement.
func runCalendar(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("calendar", flag.ContinueOnError)
	flags.SetOutput(stderr)
	countFirst := flags.Bool("count-first-day", false, "the day DATE counts when it is worked")
	var from data
	from.flags(flags)
	rest, err := interspersed(flags, args)
	switch {
	case err == nil && len(rest) == 3 && rest[0] == "add":
		return addWorkingDays(rest[1], rest[2], *countFirst, from, stdout, stderr)
	case err == nil && len(rest) == 2 && rest[0] == "import":
		return importCalendar(rest[1], from, stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+calendarUsage)
	return exitUsage
}

// addWorkingDays prints the last of n working days from a date. When a year in
// between has no published arrangement it prints nothing, and says why.
func addWorkingDays(date, n string, countFirst bool, in data, stdout, stderr io.Writer) int {
	from, err := calendar.ParseDate(date)
	if err != nil {
		return wrong(stderr, err)
	}
	days, err := strconv.Atoi(n)
	if err != nil {
		fmt.Fprintf(stderr, "“%s”不是整数。写成 5 的样子。\n", n)
		return exitUsage
	}
	c, err := calendarIn(in)
	if err != nil {
		return wrong(stderr, err)
	}
	p, err := c.AddWorkingDays(from, days, countFirst)
	if err != nil {
		return wrong(stderr, err)
	}
	if p.Provisional {
		fmt.Fprintf(stderr, "还没有%v年的放假安排，结果现在不能确定；按周末和法定节日暂算为%s。安排公布后用 shifan calendar import 导入。\n", years(p.MissingYears), p.Last)
		return exitUnknown
	}
	fmt.Fprintln(stdout, p.Last)
	return exitDone
}

// calendarIn returns the calendar of the data, or the one that the program is
// shipped with when there is no data.
func calendarIn(in data) (*calendar.Calendar, error) {
	if _, err := os.Stat(in.file()); in.url == "" && err != nil {
		return calendar.Embedded(), nil
	}
	desk, err := in.open(context.Background())
	if err != nil {
		return nil, err
	}
	defer desk.Store.Close() //nolint:errcheck // nothing was written
	return desk.Calendar(context.Background())
}

// years lists years as people read them.
func years(all []int) (s string) {
	for i, y := range all {
		if i > 0 {
			s += "、"
		}
		s += strconv.Itoa(y)
	}
	return s
}

// importCalendar loads a year's arrangement into the data folder and reports
// the published dates that would end on another day by it. It moves none.
func importCalendar(file string, into data, stdout, stderr io.Writer) int {
	text, err := readFile(file)
	if err != nil {
		fmt.Fprintf(stderr, "%v。\n", err)
		return exitUsage
	}
	desk, err := into.open(context.Background())
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // what was written is committed
	rep, err := desk.ImportCalendar(context.Background(), casework.Console, text)
	if err != nil {
		return wrong(stderr, err)
	}
	for _, a := range rep.Arrangements {
		fmt.Fprintf(stdout, "%d\t%s\t放假%d天\t调休上班%d天\n", a.Year, a.Title, len(a.Off), len(a.Work))
	}
	for _, e := range rep.Effects {
		fmt.Fprintf(stderr, "%s（%s）公布的最后一天是%s，按新安排计算是%s。已公布的日期不变，请办公室决定。\n", e.Label, e.Thing, e.Last, e.Would)
	}
	return exitDone
}

// wrong prints what went wrong: a sentence when there is one for people. Wrong
// input is wrong usage.
func wrong(stderr io.Writer, err error) int {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		fmt.Fprintln(stderr, f.Say)
		if f.Kind == fault.Invalid {
			return exitUsage
		}
		return exitNot
	}
	fmt.Fprintln(stderr, err)
	return exitNot
}
