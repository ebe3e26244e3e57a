// Package html makes one HTML file of a leaderboard and its runs, to send to somebody or to print.
//
//	standing.Board, []record.FullRun --newPage--> page --page.tmpl--> HTML
//
// The file is self-contained: its Content-Security-Policy forbids every request, and every script except its own, which
// only sorts the table. Charts are SVG drawn by Go. The same store gives the same bytes. The text of tables is package
// term's.
package html
