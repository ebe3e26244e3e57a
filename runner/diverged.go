package runner

import (
	"fmt"
	"math"

	"runner/arch"
)

// DivergedError says that a loss was no longer a finite number, and where that began: in a parameter, after the update
// before the step, or in the output of a layer, or, if both are empty, in the loss itself.
type DivergedError struct {
	Epoch, Step int // counted from 1; Step 0: in the evaluation after the epoch
	Loss        float64
	Param       string // such as layers.0.conv2d.kernel
	Layer       string // such as layers.0.conv2d
}

func (e *DivergedError) Error() string {
	where := fmt.Sprintf("epoch %d, step %d", e.Epoch, e.Step)
	if e.Step == 0 {
		where = fmt.Sprintf("the evaluation after epoch %d", e.Epoch)
	}
	began := ""
	switch {
	case e.Param != "":
		began = fmt.Sprintf(" (%s was no longer finite after the update before)", e.Param)
	case e.Layer != "":
		began = fmt.Sprintf(" (it began in the output of %s)", e.Layer)
	}
	return fmt.Sprintf("the loss became %v in %s%s: try a smaller learning rate", e.Loss, where, began)
}

// diverged finds where the loss of the last step stopped being finite.
func (t *training) diverged(batch *arch.MiniBatch, loss float64) error {
	e := &DivergedError{Epoch: t.at.Epoch, Step: t.at.StepInEpoch + 1, Loss: loss, Param: t.model.NonFiniteTensor()}
	var err error
	if e.Param == "" {
		e.Layer, err = t.model.NonFiniteLayer(batch, t.at.TotalSteps+1)
	}
	if err != nil {
		return err
	}
	return e
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
