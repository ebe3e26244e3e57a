// Package where reads and applies the leaderboard's filter, such as
//
//	parameters < 1M and optimizer = adam and not optimizer.adam.learning_rate < 0.01
//
//	or         = and { "or" and }
//	and        = term { "and" term }
//	term       = "not" term | "(" or ")" | comparison
//	comparison = key operator value
//	operator   = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
//
// "and", "or" and "not" may be in capitals. A key is a path as overrides write it:
// val_accuracy, layers[3].conv2d.filters. A value is a number, a word, or a text in ' or ", which has
// no escapes: a text with one of the quotes stands in the other. Quotes are needed around a text with
// spaces or operators, around "and", "or" and "not", and around a text with * or ? that is no pattern.
//
// A number is decimal, or written as the leaderboard prints it, except for memory in MB:
// 1e6, .5, -3, 1_000_000, 545k, 1.13M, 2.5T, 62.34% (which is 0.6234). Numbers are compared with
// numbers as float64, so that 1e-3 = 0.001, and with everything else as text. Numbers in quotes are
// texts, which distinguishes large seeds. "<", "<=", ">" and ">=" take only numbers; a setting that is
// no number is neither less nor greater.
//
// The value of "~" is a shell pattern for the whole text: * stands for any characters, ? for one, and
// everything else for itself. Texts and patterns are case-sensitive.
//
// A setting that an experiment does not have is never equal, less, greater or like anything. "!=" and
// "!~" are "not =" and "not ~", and so are true of it: layers[0].conv2d.stride != 2 also picks the
// networks that begin with a dense layer.
package where
