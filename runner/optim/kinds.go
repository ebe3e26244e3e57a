package optim

// Kinds lists every optimizer, in the order of the reference table.
func Kinds() []Kind {
	return []Kind{
		{"sgd", "Stochastic gradient descent, with momentum or Nesterov's momentum if asked.", newSGD},
		{"rmsprop", "Divides the gradient by a running root mean square of it.", newRMSprop},
		{"adam", "Running means of the gradient and its square; weight decay is added to the gradient.", newAdam},
		{"adamw", "Adam whose weight decay shrinks the parameters directly.", newAdamW},
	}
}
