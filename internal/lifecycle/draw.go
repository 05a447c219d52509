package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/lifecycle/stage"
)

// Diagram draws every machine, for docs/lifecycle.md.
func Diagram() string {
	var b strings.Builder
	b.WriteString("# The machines\n\nDrawn from the tables of `internal/lifecycle`; `make golden` rewrites it. What is not drawn is refused.\n")
	for _, k := range Kinds {
		fmt.Fprintf(&b, "\n## %s %s\n\n```mermaid\nstateDiagram-v2\n  [*] --> %s\n", k.Name, k.Label, k.Start)
		for _, m := range k.Moves {
			fmt.Fprintf(&b, "  %s --> %s: %s (%s)\n", m.From, m.To, m.Act, m.By)
		}
		for _, s := range k.States() {
			if _, ends := k.Ends[s]; ends {
				fmt.Fprintf(&b, "  %s --> [*]\n", s)
			}
		}
		b.WriteString("```\n\n| state | 状态 | ends | goes on |\n|---|---|---|---|\n")
		for _, s := range k.States() {
			on, ends := k.Ends[s]
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", s, k.Word(string(s)), yes(ends), yes(on))
		}
	}
	return b.String()
}

// Permissions lists who may do what, when and under which provision, for
// docs/permissions.md.
func Permissions() string {
	var b strings.Builder
	b.WriteString("# Who may do what, when\n\nDrawn from the tables of `internal/lifecycle`; `make golden` rewrites it. Conditions that need facts\n" +
		"(quorum, deadline, four eyes) stand in the chapters and are tested there.\n")
	for _, k := range Kinds {
		fmt.Fprintf(&b, "\n## %s %s\n\n| act | 行为 | by | 由谁 | from | to | provision |\n|---|---|---|---|---|---|---|\n", k.Name, k.Label)
		for _, m := range k.Moves {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", m.Act, k.Word(m.Act), m.By, m.By.Word(), m.From, m.To, m.Basis)
		}
	}
	b.WriteString("\n## By role\n\n")
	for _, r := range stage.Roles {
		var acts []string
		for _, k := range Kinds {
			for _, m := range k.Moves {
				if act := k.Name + "." + m.Act; m.By == r && !slices.Contains(acts, act) {
					acts = append(acts, act)
				}
			}
		}
		fmt.Fprintf(&b, "- **%s** %s: %s\n", r, r.Word(), orNone(strings.Join(acts, ", ")))
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "no act in any table"
	}
	return s
}
