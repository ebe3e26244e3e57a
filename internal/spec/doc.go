// Package spec reads experiment files.
//
// [Load] takes one YAML file to the experiments it describes, in these steps, each a file of
// this package:
//
//	guard      bytes -> bytes        refuse what would cost the parser too much
//	parse      bytes -> Node         YAML's syntax tree to our own tree, with positions
//	extends    Node  -> Node         merge the files that this one extends
//	override   Node  -> Node         --set, and the points of a sweep's grid
//	experiment Node  -> Experiment   check the keys, fill in the defaults
//
// What is wrong with a file is a value, [Faults]: all of it, each fault with its line and column.
// This package does not know the arguments of a layer, an optimizer or an initialiser. They stay
// a [Node] in an [Item] until the packages that own the kinds hand their argument structs to
// [Decode], which reports in the same words; [Schema] describes the same structs to an editor.
// The keys of a file are one table, the fields of [Experiment].
//
// [Item.Resolve] puts decoded arguments, with their defaults, back into the experiment. A
// resolved experiment can be stored ([Experiment.Text]) and recognised ([Experiment.Hash]).
package spec
