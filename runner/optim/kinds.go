package optim

// Kinds lists every optimizer, in the order of the reference table.
func Kinds() []Kind {
	return []Kind{
		{Name: "sgd", Doc: "Stochastic gradient descent, with momentum or Nesterov's momentum if asked.", New: newSGD},
		{Name: "rmsprop", Doc: "Divides the gradient by a running root mean square of it.", New: newRMSprop},
		{Name: "adam", New: newAdam,
			Doc: "Running means of the gradient and its square; weight decay is added to the gradient."},
		{Name: "adamw", Doc: "Adam whose weight decay shrinks the parameters directly.", New: newAdamW},
	}
}
