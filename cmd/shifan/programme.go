package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/words"
)

const programmeUsage = "programme check FILE… [--json] | programme show FILE [--json] | programme dry-run FILE --round ROUND [--json]"

// runProgramme checks programme files, says one in words, and tries one on a past
// round. The first two need no data.
func runProgramme(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "dry-run" {
		return dryRunProgramme(args[1:], stdout, stderr)
	}
	flags := flag.NewFlagSet("programme", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	rest, err := interspersed(flags, args)
	switch {
	case err == nil && len(rest) >= 2 && rest[0] == "check":
		return checkProgrammes(rest[1:], *asJSON, stdout, stderr)
	case err == nil && len(rest) == 2 && rest[0] == "show":
		return showProgramme(rest[1], *asJSON, stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+programmeUsage)
	return exitUsage
}

// checked is what programme check says of one file.
type checked struct {
	File     string           `json:"file"`
	OK       bool             `json:"ok"`
	Problems []format.Problem `json:"problems"`
}

// checkProgrammes prints every problem as FILE:LINE:COL: message, and below it
// the line itself.
func checkProgrammes(files []string, asJSON bool, stdout, stderr io.Writer) int {
	status := exitDone
	all := []checked{}
	for _, file := range files {
		text, err := textOf(file)
		if err != nil {
			fmt.Fprintf(stderr, "%v。\n", err)
			status = exitUsage
			continue
		}
		_, problems := format.Read(text)
		if len(problems) > 0 && status == exitDone {
			status = exitNot
		}
		all = append(all, checked{file, len(problems) == 0, append([]format.Problem{}, problems...)})
	}
	if asJSON {
		return printJSON(all, status, stdout, stderr)
	}
	for _, c := range all {
		for _, p := range c.Problems {
			fmt.Fprintf(stdout, "%s:%s\n", c.File, p)
			if p.Text != "" {
				fmt.Fprintf(stdout, "    %s\n", p.Text)
			}
		}
		if c.OK {
			fmt.Fprintf(stderr, "%s：没有问题\n", c.File)
		}
	}
	return status
}

// shown is a programme in words, for programs.
type shown struct {
	Name        string          `json:"name"`
	Version     int             `json:"version"`
	Title       string          `json:"title"`
	Base        string          `json:"base"`
	Issuer      string          `json:"issuer"`
	Office      string          `json:"office"`
	Approval    string          `json:"approval"`
	Applicants  string          `json:"applicants"`
	Procedure   []shownStage    `json:"procedure"`
	Eligibility []shownRule     `json:"eligibility"`
	Criteria    []shownGroup    `json:"criteria"`
	Settings    []words.Setting `json:"settings"`
	File        map[string]any  `json:"file"` // everything that the file says, by its own names, with the defaults filled in
}

type shownStage struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type shownRule struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Clause  string `json:"clause"`
	Expr    string `json:"expr"`
	Doubt   string `json:"doubt,omitempty"`
	Wait    string `json:"wait,omitempty"`
	Window  string `json:"window"`
	Message string `json:"message"`
	RedLine bool   `json:"red_line"`
}

type shownGroup struct {
	Code       string           `json:"code"`
	Title      string           `json:"title"`
	Clause     string           `json:"clause"`
	Indicators []shownIndicator `json:"indicators"`
}

type shownIndicator struct {
	Code     string   `json:"code"`
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	Clause   string   `json:"clause"`
	Judged   string   `json:"judged"`
	At       string   `json:"at"`
	Years    []int    `json:"years,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
}

// showProgramme says a programme in words. A file with problems is shown to
// nobody: check says what they are.
func showProgramme(file string, asJSON bool, stdout, stderr io.Writer) int {
	p, status := programmeOf(file, stderr)
	if p == nil {
		return status
	}
	if asJSON {
		return printJSON(showOf(p), exitDone, stdout, stderr)
	}
	fmt.Fprint(stdout, words.Show(p))
	return exitDone
}

func showOf(p *programme.Programme) shown {
	s := shown{
		Name: string(p.Name), Version: p.Version, Title: p.Title, Base: p.Base, Issuer: p.Issuer.Name, Office: p.Office.Name,
		Approval: words.Approval(p.Approval), Applicants: words.Applicants(p), Settings: words.Settings(p), File: words.Tree(p),
		Eligibility: []shownRule{},
	}
	for _, st := range p.Procedure {
		s.Procedure = append(s.Procedure, shownStage{st, words.Stage(st)})
	}
	for _, r := range p.Eligibility {
		s.Eligibility = append(s.Eligibility, shownRule{r.Code, r.Title, r.Clause, r.Expr, r.Doubt, r.Wait, words.Window(r.Window), r.Message, r.RedLine})
	}
	for _, g := range p.Criteria {
		sg := shownGroup{Code: g.Code, Title: g.Title, Clause: g.Clause}
		for _, i := range g.Indicators {
			sg.Indicators = append(sg.Indicators, shownIndicator{i.Code, i.Title, i.Text, i.Clause, i.Judged, i.At, i.Years, i.Evidence})
		}
		s.Criteria = append(s.Criteria, sg)
	}
	return s
}

func printJSON(v any, status int, stdout, stderr io.Writer) int {
	out := json.NewEncoder(stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(v); err != nil {
		fmt.Fprintln(stderr, err)
		return exitNot
	}
	return status
}
