package calendar

import "shifan/internal/fault"

var errDate = fault.Define(fault.Invalid, "calendar.date.malformed",
	"“%s”不是有效日期。写成 2021-09-14 的样子，并核对该月有没有这一天。", "")
