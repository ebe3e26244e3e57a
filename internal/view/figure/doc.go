// Package figure draws pictures into files, PNG or SVG by the name's ending, whole or not at all.
//
//	[]Prediction            --Predictions---> pictures with their most probable classes
//	FullRun, []Prediction   --ContactSheet--> its worst mistakes, confusion matrix and curves
//	Comparison              --CompareFigure-> curves and heat maps
//	pixels                  --PNG-----------> one picture
package figure
