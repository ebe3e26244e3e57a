// Package plot holds curves and matrices ready to be drawn: which values, under which names, with which ticks and
// colours. The terminal, figures and pages each draw a [Plot] and a [Heat] in their own medium.
package plot
