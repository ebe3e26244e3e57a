package arch

import "slices"

// NonFiniteTensor names a tensor that holds a NaN or an infinity after an update, "" if
// none does; of several, the one nearest to the loss, where the backward pass began.
func (m *Model) NonFiniteTensor() string {
	for _, t := range slices.Backward(m.Tensors) {
		if !allFinite(t.Value) {
			return t.Name
		}
	}
	return ""
}

// NonFiniteLayer repeats the latest step, with the same result, and names the first
// layer whose output holds a NaN or an infinity, such as layers.0.conv2d, "" if none
// does.
func (m *Model) NonFiniteLayer(b *MiniBatch, step int64) (layer string, err error) {
	m.batch.Watch = func(site string, y []float32) {
		if layer == "" && !allFinite(y) {
			layer = site
		}
	}
	defer func() { m.batch.Watch = nil }()
	_, err = m.Step(b, step)
	return layer, err
}

func allFinite(x []float32) bool {
	return !slices.ContainsFunc(x, func(v float32) bool { return v-v != 0 }) // NaN for NaN and both infinities
}
