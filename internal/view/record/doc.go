// Package record holds what commands print for programs: JSON and CSV with every digit and stable names.
//
// A record is a plain value. Its JSON form is the contract; CSV takes its columns from it, so the
// two cannot drift apart. Packages term and html read the same records.
package record
