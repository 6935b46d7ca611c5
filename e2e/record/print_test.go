package record

import (
	"bytes"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/eseal"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/printing"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/testkit/sealservice"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
)

// LibreOffice prints on a worker of its own, a service seals what it printed, and the history holds ids alone.
func TestPrintsAreRecorded(t *testing.T) {
	press := gongwen.FindPrinter()
	if press == nil {
		t.Skip("LibreOffice is not on this machine")
	}
	b := newBureau(t)
	service := sealservice.New(t)
	sealer, err := eseal.New(service.URL, []byte(sealservice.Key), time.Now)
	must(t, err)
	printer := worker.NewPrinting(b.cases.Temporal, &activities.Prints{Record: b.store, Press: press, Sealer: sealer})
	must(t, printer.Start())
	t.Cleanup(printer.Stop)

	r := fixture.Registration("0981", calendar.DateOf(time.Now()).AddDays(-3))
	w := &walk{bureau: b, t: t, registration: r, id: workflows.CaseID(r.RegisterKey)}
	w.register()
	w.to(proposal.Dispatching)
	files := func(store.Seal, []byte) ([][]byte, error) {
		file, err := gongwen.Docx(paper.Reply{Title: r.Title, Agency: "沈阳市民政局", Date: "2026年4月22日"}, nil)
		return [][]byte{file}, err
	}
	plain, err := files(store.Seal{}, nil)
	must(t, err)
	order, err := b.store.OrderPrint(t.Context(), w.id, plain)
	must(t, err)
	sealed, err := b.store.OrderSealed(t.Context(), b.ID(proposal.Liaison), w.id, store.SealUse{
		Version: w.state().Draft, Seal: printing.ByService, About: printing.About{Title: r.Title, Agency: "沈阳市民政局"}, Files: files,
	})
	must(t, err)
	must(t, b.cases.Print(t.Context(), workflows.PrintInput{ID: order.ID}))
	must(t, b.cases.Print(t.Context(), workflows.PrintInput{ID: sealed.ID, Seal: true}))
	b.keep(t, "print-"+order.ID, "printed.json")
	b.keep(t, "print-"+sealed.ID, "printed_and_sealed.json")
	if order, err = b.store.PrintOrder(t.Context(), order.ID); err != nil || !bytes.HasPrefix(order.PDF[0], []byte("%PDF-")) || order.Sealed != nil {
		t.Errorf("printed: %d files, %v", len(order.PDF), err)
	}
	if sealed, err = b.store.PrintOrder(t.Context(), sealed.ID); err != nil || !bytes.HasSuffix(sealed.Sealed[0], []byte(sealservice.Mark)) || service.Seals() != 1 {
		t.Errorf("sealed: %d times, %v", service.Seals(), err)
	}
}
