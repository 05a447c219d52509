package api

import (
	"io"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
)

// ledgerReport is the figures of a year beside those of the year before.
type ledgerReport struct {
	ledgerRow
	Before map[string]int `json:"before,omitempty" doc:"of the year before; left out where there are none"`
	Today  calendar.Date  `json:"today"`
}

// ledgerSheet is what a file says, before it is set.
type ledgerSheet struct {
	Figures map[string]int `json:"figures" doc:"by name, as editLedger takes them"`
	Unread  []string       `json:"unread" doc:"lines that name no figure"`
}

// ledgerOf reads the ledger of the address.
func ledgerOf(c *call) (casework.LedgerView, error) {
	year, err := ledgerYear(c)
	if err != nil {
		return casework.LedgerView{}, err
	}
	return c.desk.LedgerFor(c.Context(), c.Actor, id.Organisation(c.PathValue("id")), year)
}

// readLedger reads the figures of a file. Nothing is saved.
func readLedger(c *call, _ *none) (out ledgerSheet, err error) {
	if _, err := ledgerOf(c); err != nil {
		return out, err // before the file is read
	}
	content, err := io.ReadAll(io.TeeReader(io.LimitReader(c.Body, sheet.BytesMost+1), c.asked))
	if err != nil {
		return out, err
	}
	values, unread, err := c.desk.ReadLedger(content)
	if err != nil {
		return out, err
	}
	out = ledgerSheet{map[string]int{}, acts(unread)}
	for name, v := range values {
		n, err := strconv.Atoi(v)
		if err != nil {
			return out, errType.At("figures."+name, name, "整数")
		}
		out.Figures[name] = n
	}
	return out, nil
}

// ledgerFileRoutes give the figures of a year as a file, and read one.
func ledgerFileRoutes() []route {
	edit := []stage.Role{stage.Applicant, stage.Clerk}
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	const page = "/organisations/{id}/ledgers/{year}"
	return []route{
		bytesOf("/ledgers/{id}/{year}/template", "getLedgerTemplate", "Read the table of a year's figures, with what is known of them, to be filled in.", "GET "+page+"/template", edit, []string{mediaXLSX}, func(c *call, _ *none) (raw, error) {
			v, err := ledgerOf(c)
			if err != nil {
				return raw{}, err
			}
			return written(mediaXLSX, strconv.Itoa(v.Year)+"年工作台账.xlsx", func(out io.Writer) error { return c.desk.WriteLedger(out, v) })
		}),
		consulting("/ledgers/{id}/{year}/read", "readLedger", "Read the figures of a file, XLSX or CSV as the template has it; the body is its bytes. Nothing is saved.", "POST "+page+"/file", edit, readLedger),
		one("/ledgers/{id}/{year}/report", "getLedgerReport", "Read the figures of a year beside those of the year before.", "GET "+page+"/report", see, func(c *call, _ string) (ledgerReport, int64, error) {
			v, err := ledgerOf(c)
			if err == nil && !v.There {
				err = fault.Missing()
			}
			if err != nil {
				return ledgerReport{}, 0, err
			}
			r := ledgerReport{ledgerRow: ledgerRowOf(v.Organisation, v.Ledger, v.There, v.Year), Today: v.Today}
			if v.Compared {
				r.Before = ledgerRowOf(v.Organisation, v.Before, true, v.Year-1).Figures
			}
			return r, 0, nil
		}),
	}
}
