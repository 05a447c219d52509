package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"shifan/internal/archive"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
)

const archiveUsage = "archive ROUND --out DIR [--data DIR] | archive former PROGRAMME --out DIR [--data DIR] | archive verify DIR [--verifier KEY] [--manifest SHA256] [--json]"

// runArchive puts a round, or the titles of a programme that are of none, into a package,
// or verifies one, which needs no data.
func runArchive(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("archive", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	flags.StringVar(&d.blobs, "blob-url", "", "s3://… or file://… where uploaded files are; a folder in --data when left out")
	out := flags.String("out", "", "`folder` for the package; it must be empty or absent")
	asJSON := flags.Bool("json", false, "print one JSON document")
	verifier := flags.String("verifier", "", "the `key` that the record is known to be signed with")
	manifest := flags.String("manifest", "", "the `SHA-256` that the manifest is known to have")
	words, err := interspersed(flags, args)
	if err != nil {
		return exitUsage
	}
	switch {
	case len(words) == 2 && words[0] == "verify":
		return verifyArchive(words[1], *verifier, *manifest, *asJSON, stdout, stderr)
	case len(words) == 2 && words[0] == "former" && *out != "":
		return archiveFormer(d, id.Programme(words[1]), *out, *asJSON, stdout, stderr)
	case len(words) == 1 && words[0] != "verify" && words[0] != "former" && *out != "":
		return archiveRound(d, id.Round(words[0]), *out, *asJSON, stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+archiveUsage)
	return exitUsage
}

// archiveRound writes a package and prints what the record now names: the digest of its
// manifest, the key and the folder.
func archiveRound(d data, key id.Round, out string, asJSON bool, stdout, stderr io.Writer) int {
	return packed(d, out, asJSON, stdout, stderr, func(ctx context.Context, desk *casework.Desk) error {
		_, err := desk.MayArchive(ctx, casework.Console, key)
		if fault.KindOf(err) == fault.NotFound {
			listRounds(ctx, desk, key, stderr)
		}
		return err
	}, func(ctx context.Context, desk *casework.Desk, to archive.Target) (casework.Archived, error) {
		return desk.ArchiveRound(ctx, casework.Console, key, to)
	})
}

// archiveFormer does so with the titles of a programme that are of no round.
func archiveFormer(d data, name id.Programme, out string, asJSON bool, stdout, stderr io.Writer) int {
	return packed(d, out, asJSON, stdout, stderr, func(ctx context.Context, desk *casework.Desk) error {
		err := desk.MayArchiveFormer(ctx, casework.Console, name)
		if fault.KindOf(err) == fault.NotFound {
			listProgrammes(ctx, desk, name, stderr)
		}
		return err
	}, func(ctx context.Context, desk *casework.Desk, to archive.Target) (casework.Archived, error) {
		return desk.ArchiveFormer(ctx, casework.Console, name, to)
	})
}

// packed writes a package where it may be, and prints what the record now names. A thing
// that is not there was told by may.
func packed(d data, out string, asJSON bool, stdout, stderr io.Writer, may func(context.Context, *casework.Desk) error, pack func(context.Context, *casework.Desk, archive.Target) (casework.Archived, error)) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	desk, err := d.packing(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // what was written is committed
	if err := may(ctx, desk); fault.KindOf(err) == fault.NotFound {
		return exitUsage
	} else if err != nil {
		return wrong(stderr, err)
	}
	done, err := packInto(out, func(to archive.Target) (casework.Archived, error) { return pack(ctx, desk, to) })
	if errors.Is(err, archive.ErrNotEmpty) {
		fmt.Fprintln(stderr, "shifan archive:", errNotEmpty)
		return exitUsage
	}
	if err != nil {
		return wrong(stderr, err)
	}
	if asJSON {
		return printJSON(map[string]any{"out": out, "manifest": done.Digest, "verifier": done.Manifest.Verifier, "files": len(done.Manifest.Files), "bytes": done.Bytes}, exitDone, stdout, stderr)
	}
	fmt.Fprintf(stdout, "%s\t%d个文件\t%d字节\n清单摘要\t%s\n验证公钥\t%s\n", out, len(done.Manifest.Files), done.Bytes, done.Digest, done.Manifest.Verifier)
	return exitDone
}

// packing opens data, real or of a demonstration: packing moves nothing, and its line in
// the record is due in both.
func (d *data) packing(ctx context.Context) (*casework.Desk, error) {
	if err := d.there(); err != nil {
		return nil, err
	}
	desk, err := d.openFor(ctx, realData)
	if errors.Is(err, errDemoHere) {
		desk, err = d.openFor(ctx, demoData)
	}
	return desk, err
}

// packInto writes a package into a folder, whole or not at all.
func packInto(out string, pack func(archive.Target) (casework.Archived, error)) (casework.Archived, error) {
	f, err := archive.NewFolder(out)
	if err != nil {
		return casework.Archived{}, err
	}
	done, err := pack(f)
	if err != nil {
		return done, errors.Join(err, f.Drop())
	}
	return done, f.Done()
}

// listProgrammes says which programmes there are, to whoever named one that is not.
func listProgrammes(ctx context.Context, desk *casework.Desk, name id.Programme, stderr io.Writer) {
	fmt.Fprintf(stderr, "没有名称为%s的方案。有：\n", name)
	all, err := desk.Programmes(ctx, casework.Console)
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	for _, v := range all {
		fmt.Fprintf(stderr, "%s\t%s\n", v.Programme.Name, v.Programme.Title)
	}
}

// listRounds says which rounds there are, to whoever named one that is not.
func listRounds(ctx context.Context, desk *casework.Desk, key id.Round, stderr io.Writer) {
	fmt.Fprintf(stderr, "没有编号为%s的一届。有：\n", key)
	all, err := desk.Rounds(ctx, casework.ConsoleOffice, casework.RoundFilter{Limit: 200})
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	for _, v := range all {
		fmt.Fprintf(stderr, "%s\t%d\t%s\n", v.Round.ID, v.Round.Year, v.Round.Title)
	}
}

// verifyArchive looks at a package and prints one line a problem: PATH<TAB>what. A
// package that holds says what it was made from, to compare.
func verifyArchive(dir, verifier, manifest string, asJSON bool, stdout, stderr io.Writer) int {
	if i, err := os.Stat(dir); err != nil || !i.IsDir() {
		fmt.Fprintf(stderr, "shifan archive: 没有文件夹 %s。\n", dir)
		return exitUsage
	}
	r, err := archive.Verify(dir)
	if err != nil {
		fmt.Fprintln(stderr, "shifan archive:", err)
		return exitNot
	}
	if verifier != "" && r.Manifest.Verifier != verifier {
		r.Problems = append(r.Problems, archive.Problem{Path: archive.ProofFile, Say: "是用另一把公钥签名的：" + r.Manifest.Verifier})
	}
	if manifest != "" && r.Digest != manifest {
		r.Problems = append(r.Problems, archive.Problem{Path: archive.ManifestFile, Say: "摘要与给出的不同，是" + r.Digest})
	}
	status := exitDone
	if !r.Holds() {
		status = exitNot
	}
	if asJSON {
		return printJSON(jsonReport(r), status, stdout, stderr)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(stdout, "%s\t%s\n", p.Path, p.Say)
	}
	if status == exitDone {
		fmt.Fprintf(stdout, "%s\n%d个文件、%d字节、%d份存证证明，全部相符。\n", r.Manifest.Title, len(r.Manifest.Files), r.Bytes, r.Proofs)
		fmt.Fprintf(stdout, "存证日志%s记下清单，当时共%d条。\n", r.At.In(calendar.Zone).Format("2006-01-02 15:04:05"), r.Head.Size)
		fmt.Fprintf(stdout, "清单摘要\t%s\n验证公钥\t%s\n", r.Digest, r.Manifest.Verifier)
		if verifier == "" {
			fmt.Fprintln(stderr, "包没有变化。公钥是不是归档单位的，请与该单位公布的对照（--verifier）。")
		}
	}
	return status
}

func jsonReport(r *archive.Report) map[string]any {
	problems := r.Problems
	if problems == nil {
		problems = []archive.Problem{}
	}
	return map[string]any{
		"holds": r.Holds(), "round": r.Manifest.Round, "title": r.Manifest.Title, "files": len(r.Manifest.Files), "bytes": r.Bytes, "proofs": r.Proofs,
		"manifest": r.Digest, "verifier": r.Manifest.Verifier, "recorded_at": r.At.UTC().Format(time.RFC3339), "entries": r.Head.Size, "problems": problems,
	}
}
