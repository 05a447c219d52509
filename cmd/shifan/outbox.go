package main

import (
	"flag"
	"path/filepath"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/hook"
	"shifan/internal/jobs"
	"shifan/internal/mail"
)

// outbox says how messages leave the machine.
type outbox struct{ server, from, hosts string }

func (o *outbox) flags(f *flag.FlagSet) {
	f.StringVar(&o.server, "smtp-url", "", "smtp://USER:PASSWORD@HOST:PORT or smtps://… of the mail server; without it letters are put into the folder letters of --data")
	f.StringVar(&o.from, "mail-from", "", "the `address` that letters come from; without it they wait")
	f.StringVar(&o.hosts, "hook-allow", "", "`hosts` with their ports, separated by commas, within the network or not encrypted, to which messages may be pushed")
}

// post says how messages are sent: letters by the given server, or into a folder, or not
// at all without an address that they come from.
func (o *outbox) post(desk *casework.Desk, dir, base string) (p jobs.Post, err error) {
	if o.hosts != "" {
		desk.HookHosts = strings.Split(o.hosts, ",")
	}
	p.Base, p.Hook = base, hook.New(desk.HookHosts)
	switch {
	case o.server != "":
		p.Mail, err = mail.To(o.server, o.from)
	case o.from != "":
		p.Mail, err = mail.Into(filepath.Join(dir, "letters"), o.from)
	}
	return p, err
}
