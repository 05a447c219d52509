package store

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/probe"
)

var probes = table[probe.Probe]{
	name:    "probes",
	columns: []string{"id", "publicity", "url", "at", "reached", "status", "digest", "took", "say"},
	fields: func(v *probe.Probe) []any {
		return []any{&v.ID, &v.Publicity, &v.URL, asTime(&v.At), &v.Reached, &v.Status, &v.Digest, &v.Took, &v.Say}
	},
}

// AddProbe adds a visit.
func (tx *Tx) AddProbe(v *probe.Probe) error { return probes.insert(tx, v) }

// probesMost is how many visits a page tells of: ten days and nights.
const probesMost = 500

// ProbesOf lists the latest visits to a publicity, the first first.
func (tx *Tx) ProbesOf(key id.Publicity) ([]probe.Probe, error) {
	all, err := probes.list(tx, "WHERE publicity = $1 ORDER BY at DESC, id DESC LIMIT $2", string(key), probesMost)
	slices.Reverse(all)
	return all, err
}

// LastProbes lists the last two visits to a publicity, the first first.
func (tx *Tx) LastProbes(key id.Publicity) ([]probe.Probe, error) {
	all, err := probes.list(tx, "WHERE publicity = $1 ORDER BY at DESC, id DESC LIMIT 2", string(key))
	slices.Reverse(all)
	return all, err
}
