package casework

import (
	"context"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Machine is what the machine that serves knows of itself, for whoever runs it. No
// secret stands in it.
type Machine struct {
	Disks  []Disk
	Keys   []KeyFile
	Clock  Pulse
	Backup Backup
}

// Disk is where something is kept.
type Disk struct {
	Word        string // 数据文件夹, what it is to people
	Place       string
	Free, Total int64 // bytes; Total 0: not known here
}

// Low reports whether a disk is nearly full: less than a tenth or than 1 GB is free.
func (k Disk) Low() bool { return k.Total > 0 && (k.Free < k.Total/10 || k.Free < 1<<30) }

// KeyFile is a file of keys in the data folder.
type KeyFile struct {
	Word   string
	File   string
	Since  time.Time // when it was last written; zero: it is not there
	Shared bool      // others on the machine may read it
}

// Pulse is the clock's work as this process has seen it.
type Pulse struct {
	At     time.Time // when it was last done; zero: not yet
	Acts   int       // how many acts that were
	Failed bool      // not all of it could be done; why is in the log
}

// Late reports whether the clock's work is overdue: it is done once a minute.
func (p Pulse) Late(now time.Time) bool { return now.Sub(p.At) > 2*time.Minute }

// Backup is the last backup made from this machine.
type Backup struct {
	At      time.Time // zero: none is known
	File    string
	Bytes   int64
	Missing int // files that it could not find
}

// backupLate is after how long a backup is old: a day and some.
const backupLate = 26 * time.Hour

// Old reports whether there should be a newer backup by now.
func (b Backup) Old(now time.Time) bool { return now.Sub(b.At) > backupLate }

// Operation is how an installation is, for whoever runs it.
type Operation struct {
	store.Backlog
	Machine
	Engine  string
	Newest  int64 // the schema of this program
	Missing []int // years, this one and the next, whose arrangement of days off is not there
	Now     time.Time
}

// Operation says how the installation is. Only an operator sees it.
func (d *Desk) Operation(ctx context.Context, by stage.Actor) (o Operation, err error) {
	defer fault.Wrap(&err, "casework.Operation")
	o = Operation{Engine: d.Store.Engine(), Newest: store.Newest(), Now: d.wall()}
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		if o.Backlog, err = tx.Backlog(by); err != nil {
			return err
		}
		c, err := tx.Calendar()
		if err != nil {
			return err
		}
		this := calendar.DateOf(d.Now()).Year
		for _, year := range []int{this, this + 1} {
			if !c.Knows(year) {
				o.Missing = append(o.Missing, year)
			}
		}
		return nil
	}); err != nil {
		return o, err
	}
	if d.Machine != nil {
		o.Machine = d.Machine()
	}
	return o, nil
}
