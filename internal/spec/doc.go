// Package spec reads experiment files.
//
// [Load] takes one YAML file to the experiments it describes, in these steps, one file of
// this package for each:
//
//	guard     bytes   -> bytes        refuse what would cost the parser too much
//	parse     bytes   -> Node         YAML's syntax tree to our own positioned tree
//	extends   Node    -> Node         merge the files that this one builds upon
//	override  Node    -> Node         --set, and the points of a sweep's grid
//	experiment Node   -> Experiment   check the keys, fill in the defaults
//
// What is wrong with a file is a value, [Faults]: all of it, each with the line and column
// where a person has to look. The arguments of a layer, an optimizer or an initialiser are
// unknown to this package. They stay a [Node] inside an [Item] until the packages that own
// the kinds hand their argument structs to [Decode], which reports in the same words; the
// same structs describe the kinds to an editor through [Schema]. The keys of a file are one
// table, the fields of [Experiment]: to add one, add a field and its default.
//
// [Item.Resolve] puts decoded arguments, with their defaults, back into the experiment. A
// resolved experiment can be stored ([Experiment.Text]) and recognised ([Experiment.Hash]).
package spec
