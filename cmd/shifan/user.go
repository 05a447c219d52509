package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

const userUsage = "user list | user add LOGIN NAME ROLE[:ORGANISATION]… [--programme P] | user disable LOGIN   [--data DIR]"

// runUser manages accounts from the machine's own command line.
func runUser(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprintln(stderr, "usage: shifan "+userUsage)
		return exitUsage
	}
	flags := flag.NewFlagSet("user", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	programme := flags.String("programme", "", "the programme in which the roles hold; all when empty")
	base := flags.String("base-url", "http://127.0.0.1:8080", "the `URL` by which people reach the server, for the link")
	words, err := interspersed(flags, args[1:])
	if err != nil {
		return exitUsage
	}
	ctx := context.Background()
	var act func(*casework.Desk) error
	switch {
	case args[0] == "list" && len(words) == 0:
		act = func(desk *casework.Desk) error { return listUsers(ctx, desk, stdout) }
	case args[0] == "add" && len(words) >= 3:
		act = func(desk *casework.Desk) error {
			return addUser(ctx, desk, words, id.Programme(*programme), *base, stdout)
		}
	case args[0] == "disable" && len(words) == 1:
		act = func(desk *casework.Desk) error { return disableUser(ctx, desk, words[0]) }
	default:
		fmt.Fprintln(stderr, "usage: shifan "+userUsage)
		return exitUsage
	}
	desk, err := d.open(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "shifan user:", err)
		return exitNot
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	if err := act(desk); err != nil {
		fmt.Fprintln(stderr, "shifan user:", err)
		return exitNot
	}
	return exitDone
}

func listUsers(ctx context.Context, desk *casework.Desk, stdout io.Writer) error {
	for after := ""; ; {
		all, err := desk.Accounts(ctx, casework.Console, casework.AccountFilter{After: after, Limit: 500})
		if err != nil || len(all) == 0 {
			return err
		}
		for _, a := range all {
			var grants []string
			for _, g := range a.Grants {
				grants = append(grants, strings.TrimSuffix(string(g.Role)+":"+string(g.Organisation), ":"))
			}
			fmt.Fprintf(stdout, "%s\t%s\t%s\t%s\n", a.Login, a.Name, casework.AccountState(a), strings.Join(grants, ","))
			after = a.Login
		}
	}
}

// addUser adds an account and prints the one-time link by which its person sets
// a password. words are the login, the name and the roles.
func addUser(ctx context.Context, desk *casework.Desk, words []string, programme id.Programme, base string, stdout io.Writer) error {
	in := casework.NewAccount{Login: words[0], Name: words[1]}
	for _, w := range words[2:] {
		role, organisation, _ := strings.Cut(w, ":")
		g := casework.Grant{Role: stage.Role(role), Organisation: id.Organisation(organisation), Programme: programme}
		in.Grants = append(in.Grants, g)
	}
	account, err := desk.AddAccount(ctx, casework.Console, in)
	if err != nil {
		return err
	}
	token, err := desk.Invite(ctx, casework.Console, account)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s/invitations/%s\n", strings.TrimSuffix(base, "/"), token)
	return nil
}

func disableUser(ctx context.Context, desk *casework.Desk, login string) error {
	a, err := desk.AccountByLogin(ctx, casework.Console, login)
	if err != nil {
		return err
	}
	return desk.DisableAccount(ctx, casework.Console, a.ID)
}
