package api

import (
	"strconv"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

// recordLine is a line of the record.
type recordLine struct {
	Position int64             `json:"position" doc:"its place in the tree, from 0; -1: not yet"`
	At       time.Time         `json:"at"`
	Act      string            `json:"act" doc:"as the entry has it: round.publish"`
	ActWord  string            `json:"act_word"`
	Role     string            `json:"role" doc:"of who acted: director"`
	RoleWord string            `json:"role_word"`
	From     string            `json:"from,omitempty" doc:"the state before"`
	FromWord string            `json:"from_word,omitempty"`
	To       string            `json:"to,omitempty" doc:"the state after"`
	ToWord   string            `json:"to_word,omitempty"`
	Thing    string            `json:"thing,omitempty" doc:"the identifier; left out where the token's person may not know it"`
	Basis    string            `json:"basis,omitempty"`
	Facts    map[string]string `json:"facts,omitempty"`
	Who      string            `json:"who,omitempty" doc:"name of who acted, for auditors"`
}

// recordQuery narrows the record.
type recordQuery struct {
	paging
	Thing string `query:"thing" doc:"an identifier, whole"`
}

// checkpoint is the signed head of the record.
type checkpoint struct {
	Checkpoint string `json:"checkpoint" doc:"a signed note, as C2SP tlog-checkpoint has it; empty while there is none"`
}

// proof proves the last entry of a thing.
type proof struct {
	Thing string `json:"thing"`
	Proof string `json:"proof" doc:"C2SP tlog-proof; it verifies with no server"`
}

var errAfter = fault.Define(fault.Invalid, "api.record.after",
	"after 要写上一页 next 里的数。", "")

func recordRoutes() []route {
	all := append([]stage.Role{stage.Public}, signedIn...)
	return []route{
		list("/record", "listRecord", "Read the record, the latest first.", "GET /record", all, func(c *call, q *recordQuery, limit int) ([]recordLine, string, error) {
			before := int64(0)
			if q.After != "" {
				var err error
				if before, err = strconv.ParseInt(q.After, 10, 64); err != nil || before < 1 {
					return nil, "", errAfter.At("after")
				}
			}
			v, err := c.desk.Record(c.Context(), c.Actor, casework.RecordFilter{Thing: q.Thing, Before: before, Limit: limit})
			if err != nil {
				return nil, "", err
			}
			after := ""
			if v.Next > 0 {
				after = strconv.FormatInt(v.Next, 10)
			}
			return each(v.Lines, func(l casework.RecordLine) recordLine {
				e := l.Written
				return recordLine{l.Position, l.At, e.Act, l.Kind + " " + l.Act, e.Role, l.Role, e.From, l.From, e.To, l.To, l.Thing, l.Basis, l.Facts, l.Who}
			}), after, nil
		}),
		one("/record/checkpoint", "getCheckpoint", "Read the signed head of the record.", "GET /record/checkpoint", everyone, func(c *call, _ string) (checkpoint, int64, error) {
			text, err := c.desk.RecordCheckpoint(c.Context())
			return checkpoint{text}, 0, err
		}),
		one("/record/proofs/{id}", "getProof", "Prove the last entry of a thing.", "GET /record/proofs/{thing}", all, func(c *call, key string) (proof, int64, error) {
			p, err := c.desk.ProveRecord(c.Context(), c.Actor, key)
			if err != nil {
				return proof{}, 0, err
			}
			return proof{key, p.String()}, 0, nil
		}),
	}
}
