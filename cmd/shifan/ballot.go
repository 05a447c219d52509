package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"shifan/internal/ballot"
)

const ballotUsage = "ballot verify DIR [--json]"

var errArchives = errors.New("想核对的文件夹里应当正好有一个 .bel 文件")

// runBallot recomputes the result of a ballot archive. It reads the folder and
// nothing else: no database, no network.
func runBallot(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ballot verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	if len(args) == 0 || args[0] != "verify" || flags.Parse(args[1:]) != nil || flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: shifan "+ballotUsage)
		return exitUsage
	}
	file, err := archiveIn(flags.Arg(0))
	if err != nil {
		fmt.Fprintln(stderr, "shifan ballot:", err)
		return exitUsage
	}
	report, err := ballot.Verify(file)
	if *asJSON {
		return ballotJSON(report, err, stdout)
	}
	if err != nil {
		fmt.Fprintln(stdout, "不成立：", err)
		return exitNot
	}
	fmt.Fprintf(stdout, "成立。选举 %s（%s），指纹 %s\n", report.UUID, report.Name, report.Fingerprint)
	fmt.Fprintf(stdout, "有资格投票%d人，收到选票%d张，计入%d张\n", report.Voters, len(report.Cast), len(report.Counted))
	if !report.Complete {
		fmt.Fprintln(stdout, "还没有结果：表决没有结束，或还没有解密")
		return exitDone
	}
	for i, q := range report.Questions {
		fmt.Fprintf(stdout, "%s\t%s\n", q.Text, tally(q, report.Result[i]))
	}
	return exitDone
}

func tally(q ballot.Question, counts []int) string {
	names := q.Answers
	if q.Blank {
		names = append([]string{"空白"}, names...)
	}
	parts := make([]string, len(counts))
	for i, n := range counts {
		parts[i] = fmt.Sprintf("%s %d", names[i], n)
	}
	return strings.Join(parts, "，")
}

func ballotJSON(report ballot.Report, err error, stdout io.Writer) int {
	out := struct {
		Holds  bool          `json:"holds"`
		Why    string        `json:"why,omitempty"`
		Report ballot.Report `json:"report"`
	}{Holds: err == nil, Report: report}
	if err != nil {
		out.Why = err.Error()
	}
	if json.NewEncoder(stdout).Encode(out) != nil || err != nil {
		return exitNot
	}
	return exitDone
}

// archiveIn reads the one archive in a folder.
func archiveIn(dir string) ([]byte, error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.bel"))
	if err != nil || len(all) != 1 {
		return nil, errArchives
	}
	return os.ReadFile(all[0])
}
