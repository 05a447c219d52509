package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"shifan/internal/casework"
	"shifan/internal/jobs"
)

// pulse remembers when the clock's work was last done.
type pulse struct {
	one  sync.Mutex
	last casework.Pulse
}

// watch notes the clock's work, and tells another watch, which may be nil.
func (p *pulse) watch(also jobs.Watch) jobs.Watch {
	return func() func(int, error) {
		told := func(int, error) {}
		if also != nil {
			told = also()
		}
		return func(acts int, err error) {
			told(acts, err)
			p.one.Lock()
			defer p.one.Unlock()
			p.last = casework.Pulse{At: time.Now(), Acts: acts, Failed: err != nil}
		}
	}
}

func (p *pulse) seen() casework.Pulse {
	p.one.Lock()
	defer p.one.Unlock()
	return p.last
}

// machine says what this machine knows of itself.
func (d *data) machine(p *pulse) casework.Machine {
	m := casework.Machine{Clock: p.seen(), Disks: []casework.Disk{diskOf("数据文件夹", absolute(d.dir))}}
	if dir, local := strings.CutPrefix(d.blobs, "file://"); local {
		m.Disks = append(m.Disks, diskOf("上传的文件", dir))
	}
	for _, k := range []struct{ word, name string }{
		{"存证日志的签名密钥", keyFile}, {"电子凭证的签名密钥", signingFile},
	} {
		f := casework.KeyFile{Word: k.word, File: k.name}
		if i, err := os.Stat(filepath.Join(d.dir, k.name)); err == nil {
			f.Since, f.Shared = i.ModTime(), i.Mode().Perm()&0o077 != 0
		}
		m.Keys = append(m.Keys, f)
	}
	if text, err := os.ReadFile(filepath.Join(d.dir, backupFile)); err == nil {
		var b lastBackup
		if json.Unmarshal(text, &b) == nil {
			m.Backup = casework.Backup{At: b.At, File: b.File, Bytes: b.Bytes, Missing: b.Missing}
		}
	}
	return m
}
