package runner

import (
	"fmt"
	"strings"

	"runner/arch/kernel"
	"runner/store"
)

// Resumable says why this program and processor cannot resume a recorded run to the same bits, or returns nil.
func Resumable(run store.Run, j Job) error {
	if identity, _, err := j.Plan.Identity(j.Dataset.Fingerprint, run.InitFrom); err != nil {
		return err
	} else if identity != run.Identity {
		return fmt.Errorf("run %s was begun with other arithmetic or another dataset than this program and the data "+
			"folder have, and would give other numbers: train it anew with --again", run.ID)
	}
	then, _, _ := strings.Cut(run.Features, ": ")
	if now := kernel.ISA(); !sameBits(then, now) {
		return fmt.Errorf("run %s was begun with %s arithmetic, which rounds otherwise than %s: "+
			"resume it with RUNNER_ISA=%s where the processor has it, or train it anew with --again", run.ID, then, now, then)
	}
	return nil
}

// sameBits tells whether two instruction sets give the same bits. A run of an older version names none.
func sameBits(a, b string) bool {
	vector := func(isa string) bool { return isa == "avx512" || isa == "avx2" }
	return a == "" || a == b || vector(a) && vector(b)
}

// ChangedError says that an epoch came out otherwise than it is on record.
type ChangedError struct {
	Run           string
	Before, After store.Epoch
}

func (e *ChangedError) Error() string {
	d := differences(e.Before, e.After)[0]
	return fmt.Sprintf("epoch %d of run %s does not come out as it is on record: %s %s, recorded %s: "+
		"the processor, the program or the data changed; train it anew with --again",
		e.Before.Epoch, e.Run, strings.ReplaceAll(d.Field, "_", " "), d.Now, d.Recorded)
}
