//go:build !linux

package main

import "shifan/internal/casework"

// diskOf names a disk; how full it is nobody asks here.
func diskOf(word, dir string) casework.Disk { return casework.Disk{Word: word, Place: dir} }
