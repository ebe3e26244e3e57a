// Package files writes files whole or not at all, and makes them and their names durable: a power cut takes away
// nothing that a call has returned from.
package files
