package record

// Dataset is one dataset that can be trained on. Where only its arguments decide them,
// shape and classes are zero.
type Dataset struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Shape       [3]int `json:"shape"` // height, width, channels
	Classes     int    `json:"classes"`
	Ready       bool   `json:"ready"` // prepared on this machine
}
