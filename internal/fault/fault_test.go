package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"shifan/internal/fault"
)

var errA = fault.Define(fault.Invalid, "test.a", "甲不能为空。", "")

func TestAllGathersEveryField(t *testing.T) {
	err := fault.All(errA.At("a"), nil, errA.At("b"))
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || len(f.Fields) != 2 || f.Say != "有2处需要修改。" {
		t.Errorf("got %+v, want both fields in one fault", err)
	}
	if err := fault.All(nil, nil); err != nil {
		t.Errorf("nothing wrong: got %v", err)
	}
	if err := fault.All(errA.At("a"), fault.Stale()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a conflict outranks input faults: got %v", err)
	}
}

func TestWrapKeepsTheKind(t *testing.T) {
	err := error(fault.Missing())
	fault.Wrap(&err, "casework.Visit(%s)", "v1")
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("wrapping changed the kind to %s", fault.KindOf(err))
	}
	if fault.KindOf(fmt.Errorf("disk")) != fault.Internal {
		t.Error("a foreign error is internal")
	}
}

func TestCodesAreTakenOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second definition of one code must panic")
		}
	}()
	fault.Define(fault.Invalid, "test.a", "x", "")
}
