package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelp: help is an answer and lists every command; no command is wrong
// usage and gets the same list as a message.
func TestHelp(t *testing.T) {
	t.Parallel()
	var out, msg bytes.Buffer
	if got := run([]string{"help"}, &out, &msg); got != exitDone || msg.Len() > 0 {
		t.Errorf("help: status %d, message %q", got, &msg)
	}
	for _, c := range commands() {
		if !strings.HasPrefix(c.usage, c.name+" ") && c.usage != c.name {
			t.Errorf("the usage of %s begins otherwise: %q", c.name, c.usage)
		}
		if !strings.Contains(out.String(), "\n  shifan "+c.usage+"\n") {
			t.Errorf("help does not list %q", c.usage)
		}
	}
	help := out.String()
	for _, c := range commands() {
		out.Reset()
		msg.Reset()
		if got := run([]string{c.name, "--help"}, &out, &msg); got != exitDone || msg.Len() > 0 || !strings.HasPrefix(out.String(), "usage: shifan "+c.usage+"\n") {
			t.Errorf("%s --help: status %d, answer %q, message %q", c.name, got, &out, &msg)
		}
	}
	for _, args := range [][]string{nil, {"no-such-command"}} {
		out.Reset()
		msg.Reset()
		if got := run(args, &out, &msg); got != exitUsage || out.Len() > 0 || !strings.HasSuffix(msg.String(), help) {
			t.Errorf("%q: status %d, answer %q, message %q", args, got, &out, &msg)
		}
	}
}

// TestWrongUsage: a command that does not understand its words says so, answers
// nothing and ends with 2.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"backup", "backup a b", "restore", "restore a b", "ballot", "ballot check .", "credential", "credential verify", "credential verify a b", "credential verify x --at 2021-02-30", "credential rotate x", "calendar", "calendar add", "calendar add 2021-09-14", "demo x", "demo --today 2021-02-30", "draw", "draw verify", "draw verify a b", "draw check a", "play x", "play --no-such",
		"paper", "paper check", "paper check no-such.pdf", "paper check a b", "paper check .", "paper measure x", "serve x", "serve --orphan-grace 1h", "programme", "programme check", "programme dry-run", "programme dry-run x", "programme dry-run x --round", "reader", "reader --cache x y", "organisation", "organisation check-code", "user", "user remove x", "user add x",
		"site", "site --out x", "site --out x --base-url y", "simulate --years 0", "simulate --storage paper", "record", "record prove", "record export", "version x",
	} {
		var out, msg bytes.Buffer
		if got := run(strings.Fields(line), &out, &msg); got != exitUsage || out.Len() > 0 || msg.Len() == 0 {
			t.Errorf("shifan %s: status %d, answer %q, message %q", line, got, &out, &msg)
		}
	}
}
