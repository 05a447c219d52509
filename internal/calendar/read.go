package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"shifan/internal/fault"
)

var (
	errBig = fault.Define(fault.Invalid, "calendar.import.too_big",
		"文件有%d字节，太大了。一年的安排只有几千字节，核对是不是选错了文件。", "")
	errNotJSON = fault.Define(fault.Invalid, "calendar.import.not_json",
		"第%d行读不懂：%s。文件应是JSON，格式见说明。", "")
	errShape = fault.Define(fault.Invalid, "calendar.import.shape",
		"文件不是节假日安排。应有 year、title、published_on、off、work 各项，或是 holiday-cn 的 year、papers、days。", "")
)

// fileMax bounds a file of arrangements, in bytes.
const fileMax = 1 << 20

// Read reads a file of arrangements in one of two forms: our own (one
// arrangement, or a list of them; see data/arrangements.json), or the yearly
// file of NateScarlet/holiday-cn, {year, papers[], days:[{name,date,isOffDay}]}.
// The latter does not say when it was published; it counts as of the day on,
// and replaces what is known of its year.
func Read(file []byte, on Date) ([]Arrangement, error) {
	if len(file) > fileMax {
		return nil, errBig.At("file", len(file))
	}
	file = bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\ufeff")))
	var all []Arrangement
	if bytes.HasPrefix(file, []byte("[")) {
		if err := decode(file, &all); err != nil {
			return nil, err
		}
	} else {
		a, err := readOne(file, on)
		if err != nil {
			return nil, err
		}
		all = []Arrangement{a}
	}
	if len(all) == 0 {
		return nil, errShape.At("file")
	}
	for _, a := range all {
		if err := a.Check(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func readOne(file []byte, on Date) (a Arrangement, err error) {
	var parts map[string]json.RawMessage
	if err := decode(file, &parts); err != nil {
		return a, err
	}
	if _, ok := parts["days"]; ok {
		return readHolidayCN(file, on)
	}
	if _, ok := parts["off"]; !ok && parts["work"] == nil {
		return a, errShape.At("file")
	}
	return a, decode(file, &a)
}

// readHolidayCN reads a yearly file of NateScarlet/holiday-cn.
func readHolidayCN(file []byte, on Date) (Arrangement, error) {
	var in struct {
		Year   int
		Papers []string
		Days   []struct {
			Name     string
			Date     Date
			IsOffDay bool
		}
	}
	// The form is theirs and may grow: fields that we do not know are left out.
	if err := json.Unmarshal(file, &in); err != nil {
		return Arrangement{}, understand(file, err)
	}
	a := Arrangement{Year: in.Year, Title: strings.Join(in.Papers, "；"), PublishedOn: on, Names: map[Date]string{}}
	for _, d := range in.Days {
		if d.IsOffDay {
			a.Off = append(a.Off, d.Date)
			a.Names[d.Date] = d.Name
		} else {
			a.Work = append(a.Work, d.Date)
		}
	}
	return a, nil
}

func decode(file []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return understand(file, err)
	}
	if dec.More() {
		return errNotJSON.At("file", 1+bytes.Count(file[:dec.InputOffset()], []byte("\n")), "结尾之后还有内容")
	}
	return nil
}

// understand turns an error of the JSON decoder into a sentence with the line.
func understand(file []byte, err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	at, why := int64(len(file)), "没有写完"
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at, why = e.Offset, "不是JSON的写法"
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at, why = e.Offset, "“"+e.Field+"”的值类型不对"
	} else if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		at, why = int64(max(0, bytes.Index(file, []byte(name)))), "没有"+name+"这一项"
	}
	return errNotJSON.At("file", 1+bytes.Count(file[:min(at, int64(len(file)))], []byte("\n")), why)
}
