package record

// Dataset is a dataset that can be trained on. Shape and classes are zero where they depend on its arguments.
type Dataset struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Shape       [3]int `json:"shape"` // height, width, channels
	Classes     int    `json:"classes"`
	Ready       bool   `json:"ready"` // prepared on this machine
}
