// Command pause generates the pause between two looks at a signal of package kernel: the
// processor does less, which leaves more to another thread of the same core.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64,!purego")
	TEXT("pause", attr.NOSPLIT, "func()")
	Doc("pause lets the processor rest for a moment.")
	PAUSE()
	RET()
	Generate()
}
