// Package report turns records into what a person looks at, and into the
// machine-readable twins of it.
//
//	[]store.Standing --Leaderboard--> table, json, csv, markdown
//	[]store.Run      --Runs---------> table, json, csv, markdown
//	FullRun          --Show---------> facts, curves, confusion and a table, or json
//	FullRun          --ContactSheet-> a page of its mistakes, in a file
//	Board, FullRuns  --ExportAll----> everything as json, csv, markdown
//	run and replay   --Replay-------> a table and a verdict, or json
//	Comparison       --Compare------> tables and curves, or json, markdown
//	Comparison       --CompareFigure-> curves and heat maps in a file
//	one epoch        --EpochLine----> a line while training
//	[]Checked        --Check--------> layers and faults, or json
//	data.Stats       --DatasetStats-> the statistics of a batch file, or json
//	pixels           --Picture, PNG-> a picture in the terminal or in a file
//	[]Prediction     --Predictions, Figure-> bars in the terminal or in a file
//
// Every function writes to the io.Writer (or the file) it is given and keeps
// nothing between calls. Text for people is aligned, fits the terminal and is
// coloured only when Style says so; json and csv carry every digit. Fractions
// (accuracies, probabilities) become percentages here and nowhere else.
package report
