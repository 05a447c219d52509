package main

import (
	"syscall"

	"shifan/internal/casework"
)

// diskOf says how full the disk is that a folder is on.
func diskOf(word, dir string) casework.Disk {
	k := casework.Disk{Word: word, Place: dir}
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) == nil {
		k.Free, k.Total = int64(s.Bavail)*s.Bsize, int64(s.Blocks)*s.Bsize
	}
	return k
}
