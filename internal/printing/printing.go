// Package printing holds the interfaces and messages about printing and sealing that are shared by internal/store, which keeps what was ordered and what
// was made of it, activities, which have it made, and internal/eseal, which takes it to a service for electronic seals. It decides nothing.
package printing

import (
	"context"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// Sealing says how an order is sealed.
type Sealing string

const (
	Unsealed  Sealing = "none"
	ByPicture Sealing = "picture" // the picture of the seal stands in the files that are printed
	ByService Sealing = "service" // a service seals what was printed
)

// Order is what is to be printed. Docx, PDF and Sealed are files for the same addressees in the same order.
type Order struct {
	ID      string // UUID, a function of Docx
	Seal    Sealing
	About   About
	Docx    [][]byte
	PDF     [][]byte // nil: not made yet
	Sealed  [][]byte // nil: not sealed by a service
	Refused string   // why the service did not seal it, in its words; "" for none
}

// About is what a service for electronic seals is told of a reply. Its JSON is part of the protocol (docs/e-seal.md).
type About struct {
	CaseNumber string        `json:"case_number"`               // 第0392号
	Number     string        `json:"document_number,omitempty"` // 发文字号; "" for a reply that bears none
	Title      string        `json:"title"`
	Agency     string        `json:"agency"`    // as it signs: the seal covers these words
	SignedOn   calendar.Date `json:"signed_on"` // and this date, both on the last page that bears text
	Signer     string        `json:"signer"`
	OrderedBy  string        `json:"ordered_by"` // who has it sealed
}

// Stamp is what a service says of a file that it sealed.
type Stamp struct {
	Seal        string    `json:"seal"`        // the name of the seal
	Certificate string    `json:"certificate"` // the number of the certificate it was made with
	At          time.Time `json:"sealed_at"`
}

// Record keeps orders.
type Record interface {
	PrintOrder(ctx context.Context, id string) (Order, error)
	KeepPDF(ctx context.Context, id string, files [][]byte) error
	KeepSealed(ctx context.Context, id string, files [][]byte, stamps []Stamp) error
	// KeepRefusal keeps why the service did not seal what was printed.
	KeepRefusal(ctx context.Context, id, words string) error
}

// Press makes PDF files of .docx files.
type Press interface {
	PDF(ctx context.Context, docx [][]byte) ([][]byte, error)
}

// Sealer puts an electronic seal to a PDF file. Whoever does not know what became of an order asks again under the same one, which must then be answered
// with what was made the first time. A *Refused says that asking again makes no sense.
type Sealer interface {
	Seal(ctx context.Context, order string, about About, pdf []byte) (sealed []byte, stamp Stamp, err error)
}

// Refused says that a service will not seal a file.
type Refused struct{ Words string } // the service's own

// Error implements error.
func (r *Refused) Error() string { return "not sealed: " + r.Words }

// FileOrder is the order under which the n-th file of a print is sealed, from 0.
func FileOrder(id string, n int) string { return fmt.Sprintf("%s-%d", id, n+1) }
