// Package backup writes everything that an installation keeps into one encrypted file,
// and makes an installation of it again, on the same engine or the other one.
//
// The file is an age file (https://age-encryption.org/v1) that a passphrase opens,
// so it can be read without this program: age -d FILE | tar x. In it is a tar:
//
//	backup.json                 what it is of: format, schema, tables and their columns
//	tables/NAME/000001.jsonl.gz rows, one JSON list a line, in the order of the columns
//	folder/…                    the data folder: the keys and the rest
//	files/SHA-256               uploaded files, by their bytes
//	parts/SHA-256               pieces of files on their way in
//	manifest.json               counts, the SHA-256 of each table and of each file of the
//	                            folder, and the record's checkpoint
//
// All rows are of one instant. Bytes are there before the row that names them, so they
// are copied afterwards. age says when a byte was changed or the end is missing; the
// manifest, which comes last, says that everything was written. Nothing is held in
// memory but one piece of a table and 32 bytes for each uploaded file.
package backup

import (
	"archive/tar"
	"time"

	"filippo.io/age"

	"shifan/internal/blob"
	"shifan/internal/fault"
	"shifan/internal/store"
)

// Format is the number of the layout above.
const Format = 1

// The names in the tar.
const (
	openingName  = "backup.json"
	manifestName = "manifest.json"
	tablesDir    = "tables/"
	folderDir    = "folder/"
	filesDir     = "files/"
	partsDir     = "parts/"
)

// CheckpointFile is the file of the data folder that holds the last checkpoint seen.
// The backup's is that of its own instant and not the one of the folder, which may have
// gone on meanwhile.
const CheckpointFile = "record.checkpoint"

// Opening says what a backup is of, before anything else.
type Opening struct {
	Format int          `json:"format"`
	Schema int64        `json:"schema"` // the newest migration of the database
	MadeAt time.Time    `json:"made_at"`
	Engine string       `json:"engine"` // "sqlite" or "postgres"; it is read by either
	Tables []store.Form `json:"tables"`
}

// Manifest says what a backup holds, after everything else.
type Manifest struct {
	Format     int        `json:"format"`
	Schema     int64      `json:"schema"`
	MadeAt     time.Time  `json:"made_at"`
	Rows       int64      `json:"rows"`
	Tables     []TableSum `json:"tables"`
	Folder     []FileSum  `json:"folder"`
	Files      int64      `json:"files"` // uploaded files with all that was made of them
	Bytes      int64      `json:"bytes"` // of those
	Entries    int64      `json:"entries"`
	Checkpoint string     `json:"checkpoint"` // signed; "" while the record had none
	Verifier   string     `json:"verifier"`
	Missing    []string   `json:"missing"` // SHA-256 of files that rows name and that were not there, or were other bytes
}

// TableSum is one table: its rows, and the SHA-256 of its lines.
type TableSum struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// FileSum is one file of the data folder.
type FileSum struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

var (
	errPassphrase = fault.Define(fault.Refused, "backup.passphrase",
		"口令不对，打不开这个备份。核对是不是做备份时用的口令，以及是不是这个文件。什么都没有写入。", "")
	errForeign = fault.Define(fault.Refused, "backup.foreign",
		"这不是 shifan backup 做的备份文件，或者开头已经损坏。核对文件，或者用另一份备份。什么都没有恢复。", "")
	errDamaged = fault.Define(fault.Refused, "backup.damaged",
		"备份文件不完整，或者内容被改动过（%s）。用另一份备份，或者重新复制这个文件。什么都没有恢复。", "")
	errNewer = fault.Define(fault.Refused, "backup.newer",
		"这个备份是用更新的版本做的（格式%d、库结构%d，本程序到格式%d、库结构%d）。先升级程序再恢复。什么都没有写入。", "")
	errOccupied = fault.Define(fault.Refused, "backup.occupied",
		"数据库里已有内容，不能恢复到上面（%s）。换一个新建的空数据库。什么都没有写入。", "")
	errRecord = fault.Define(fault.Refused, "backup.record",
		"备份读完了，但恢复出来的数据和存证日志不符（%d处，第一处：%s %s %s）。用更早的一份备份；确实只有这一份的，加上 --unverified 再恢复，然后运行 shifan record verify 查看。", "")
)

// scrypt is the recipient that a passphrase makes; work is the logarithm of what trying
// one costs, and of the memory: 18 takes a second and 256 MB.
func scrypt(passphrase string, work int) (*age.ScryptRecipient, error) {
	r, err := age.NewScryptRecipient(passphrase)
	if err == nil && work > 0 {
		r.SetWorkFactor(work)
	}
	return r, err
}

// Work is what trying a passphrase costs: what age itself takes.
const Work = 18

// Blobs is where uploaded files are.
type Blobs struct {
	Files blob.Store
	Parts blob.Store // of those on their way in; nil: none are
}

// header is the head of a file in the tar.
func header(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at, Format: tar.FormatPAX}
}
