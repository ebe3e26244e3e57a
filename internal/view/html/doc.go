// Package html makes one HTML file of a leaderboard and its runs, to send to somebody or to print.
//
//	standing.Board, []record.FullRun --newPage--> page --page.tmpl--> HTML
//
// The file is whole by itself: its policy (Content-Security-Policy) forbids every request and every
// script but its own, which only sorts the table. Charts are SVG that Go has drawn. It is the same
// bytes for the same store. What words say is package term's.
package html
