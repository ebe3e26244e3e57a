// Package term writes what a person reads in a terminal: tables, curves, confusion matrices, progress lines. Each
// function writes to an io.Writer in one of the formats it has, and keeps nothing between calls.
//
//	standing.Board   --Leaderboard--> table, json, csv, markdown
//	[]store.Run      --Runs---------> table, json
//	record.FullRun   --Show---------> facts, curves, confusion and a table, or json
//	Board, FullRuns  --ExportAll----> everything as json, csv, markdown
//	record.Replayed  --Replay-------> a table and a verdict, or json
//	Comparison       --Compare------> tables and curves, or json, markdown
//	one epoch        --EpochLine----> a line while training
//	[]record.Checked --Check--------> layers and faults, or json
//	data.Stats       --DatasetStats-> the statistics of a batch file, or json
//	pixels           --Picture------> a picture
//	[]Prediction     --Predictions--> bars
//
// Text is aligned, fits the terminal and is coloured only where [Style] says so. Formats for programs come from package
// record.
package term
