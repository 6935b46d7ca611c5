package activities

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/printing"
	"go.temporal.io/sdk/temporal"
)

// Prints makes PDF files of replies and has them sealed. Its worker runs where LibreOffice is installed.
type Prints struct {
	Record printing.Record
	Press  printing.Press
	Sealer printing.Sealer // nil: the bureau has no service for electronic seals
}

// MakePDF prints what was ordered, once.
func (p *Prints) MakePDF(ctx context.Context, id string) error {
	order, err := p.Record.PrintOrder(ctx, id)
	if err != nil || order.PDF != nil {
		return err
	}
	files, err := p.Press.PDF(ctx, order.Docx)
	if err != nil {
		return err
	}
	return p.Record.KeepPDF(ctx, id, files)
}

// errNoSealer is a printing worker without the service, beside a web server that has one.
var errNoSealer = errors.New("this worker has no service for electronic seals: give all programs the same --seal-url")

// SealPDF has what was printed sealed by the service, each file under an order of its own: what is asked for twice is sealed once.
func (p *Prints) SealPDF(ctx context.Context, id string) error {
	order, err := p.Record.PrintOrder(ctx, id)
	if err != nil || order.Sealed != nil {
		return err
	}
	if p.Sealer == nil {
		return errNoSealer
	}
	var files [][]byte
	var stamps []printing.Stamp
	for i, file := range order.PDF {
		sealed, stamp, err := p.Sealer.Seal(ctx, printing.FileOrder(id, i), order.About, file)
		if refused := (*printing.Refused)(nil); errors.As(err, &refused) {
			if err := p.Record.KeepRefusal(ctx, id, refused.Words); err != nil {
				return err
			}
			return temporal.NewNonRetryableApplicationError("the service refused", "Refused", nil) // its words may name people
		}
		if err != nil {
			return err
		}
		files, stamps = append(files, sealed), append(stamps, stamp)
	}
	return p.Record.KeepSealed(ctx, id, files, stamps)
}
