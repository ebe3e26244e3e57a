package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Splits that answers are kept of.
const (
	Validation = "validation"
	Test       = "test"
)

// Prediction is what a network says about one example.
type Prediction struct {
	Index         int       // in its split
	Label         int       // the true class
	Logits        []float64 // one a class
	Probabilities []float64 // softmax of the logits
	Pixels        []byte    // (height, width, channels); only figures need them
}

// Answers are a network's answers to the examples of a split.
type Answers struct {
	Examples int
	Correct  []byte // a bit an example, in the split's order, the lowest bit first
	// Confusion counts the examples of each label (row) that were taken for each class (column):
	// (classes, classes).
	Confusion [][]int
}

// NewAnswers makes room for the answers to so many examples.
func NewAnswers(examples, classes int) Answers {
	a := Answers{Examples: examples, Correct: make([]byte, (examples+7)/8), Confusion: make([][]int, classes)}
	for i := range a.Confusion {
		a.Confusion[i] = make([]int, classes)
	}
	return a
}

// Set records that example i, of the class label, was taken for the class predicted.
func (a Answers) Set(i, label, predicted int) {
	a.Confusion[label][predicted]++
	if label == predicted {
		a.Correct[i/8] |= 1 << (i % 8)
	}
}

// Right tells whether the answer to example i is correct.
func (a Answers) Right(i int) bool { return a.Correct[i/8]>>(i%8)&1 == 1 }

// Accuracy is the fraction of correct answers, 0..1.
func (a Answers) Accuracy() float64 { return float64(a.right()) / float64(a.Examples) }

// right is the number of correct answers.
func (a Answers) right() int {
	n := 0
	for _, b := range a.Correct {
		n += bits.OnesCount8(b)
	}
	return n
}

// contradicts tells whether the answers come to another accuracy than one on record.
func (a Answers) contradicts(accuracy *float64) bool {
	return accuracy != nil && math.Abs(a.Accuracy()-*accuracy) > 0.5/float64(a.Examples)
}

// check refuses answers that contradict themselves.
func (a Answers) check() error {
	if a.Examples < 1 {
		return errors.New("there are no answers")
	}
	if len(a.Correct) != (a.Examples+7)/8 {
		return fmt.Errorf("%d bytes of answers to %d examples, expected %d", len(a.Correct), a.Examples, (a.Examples+7)/8)
	}
	all, right := 0, 0
	for i, row := range a.Confusion {
		if len(row) != len(a.Confusion) {
			return fmt.Errorf("a row of %d in a confusion matrix of %d classes", len(row), len(a.Confusion))
		}
		for _, n := range row {
			all += n
		}
		right += row[i]
	}
	if all != a.Examples {
		return fmt.Errorf("a confusion matrix of %d examples, expected %d", all, a.Examples)
	}
	if n := a.right(); n != right {
		return fmt.Errorf("%d correct answers, and %d in the confusion matrix", n, right)
	}
	return nil
}

// checkAnswers refuses answers to a split that contradict themselves.
func checkAnswers(split string, a Answers) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("answers to the %s split: %w", split, err)
	}
	return nil
}

// putAnswers records a run's answers to a split as of an epoch, in place of any before.
func putAnswers(ctx context.Context, tx *transaction, number int64, split string, epoch int, a Answers) error {
	if err := checkAnswers(split, a); err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT OR REPLACE INTO answers (run, split, epoch, examples, correct, confusion)
		VALUES (?, ?, ?, ?, ?, ?)`, number, split, epoch, a.Examples, a.Correct, a.confusionBytes())
}

// ErrDamagedAnswers is the error of answers on record that contradict themselves. The rest of the run is sound.
var ErrDamagedAnswers = errors.New("damaged, see 'runner store check'")

// Answers returns the answers to a split of a run's best epoch, and which epoch that is. found is
// false if they are not on record: the run has no epoch yet, was not evaluated on the split, or is of
// a version that did not keep answers. The error may be ErrDamagedAnswers.
func (r reader) Answers(ctx context.Context, id, split string) (a Answers, epoch int, found bool, err error) {
	a, epoch, found, err = readAnswers(ctx, r.q, id, split)
	return a, epoch, found, r.failed("read the answers of run "+id, err)
}

func readAnswers(ctx context.Context, q querier, id, split string) (a Answers, epoch int, found bool, err error) {
	var confusion []byte
	err = q.QueryRowContext(ctx, `SELECT examples, correct, confusion, epoch FROM answers
		WHERE run = (SELECT number FROM runs WHERE id = ?) AND split = ?`, id, split).
		Scan(&a.Examples, &a.Correct, &confusion, &epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return Answers{}, 0, false, nil
	}
	if err != nil {
		return Answers{}, 0, false, err
	}
	if err = a.complete(confusion); err != nil {
		err = fmt.Errorf("of the %s split: %w: %w", split, ErrDamagedAnswers, err)
	}
	return a, epoch, err == nil, err
}

// complete sets the confusion matrix of answers that were read, and checks them.
func (a *Answers) complete(confusion []byte) (err error) {
	if a.Confusion, err = confusionOf(confusion); err == nil {
		err = a.check()
	}
	return err
}

// confusionBytes is the confusion matrix, row by row.
func (a Answers) confusionBytes() []byte {
	var b []byte
	for _, row := range a.Confusion {
		for _, n := range row {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return b
}

// confusionOf reads a square matrix of counts.
func confusionOf(b []byte) ([][]int, error) {
	var counts []int
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			return nil, errors.New("the confusion matrix is damaged")
		}
		counts, b = append(counts, int(n)), b[size:]
	}
	classes := int(math.Sqrt(float64(len(counts))))
	if classes*classes != len(counts) {
		return nil, fmt.Errorf("a confusion matrix of %d counts, expected a square", len(counts))
	}
	var matrix [][]int
	for row := range slices.Chunk(counts, max(1, classes)) {
		matrix = append(matrix, row)
	}
	return matrix, nil
}
