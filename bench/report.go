package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// measure runs both loads over all variants and prints what it found.
func (b *bench) measure(ctx context.Context, c config) error {
	if err := b.heading(ctx); err != nil {
		return err
	}
	process, postgres := b.meter.memory()
	if _, err := b.drive(ctx, "warming up, not counted", closedLoop(c.callers), 2*rounds, 20*time.Second); err != nil {
		return err
	}
	closed, err := b.drive(ctx, "closed loop", closedLoop(c.callers), c.proposals, 80*time.Second)
	if err != nil {
		return err
	}
	open, err := b.drive(ctx, "open loop", openLoop(c.rate), c.proposals/2, 130*time.Second)
	if err != nil {
		return err
	}
	fmt.Printf("\nClosed loop: %d callers, %d proposals of ten actions each\n", c.callers, len(closed[banli].lives))
	p50, cpu := b.table(closed)
	fmt.Printf("\nOpen loop: %g actions/s, %d proposals of ten actions each, latency from when an action was due\n", c.rate, len(open[banli].lives))
	openP50, openCPU := b.table(open)
	fmt.Println("\nHistories, per proposal")
	perAction, err := b.histories(ctx, closed, open)
	if err != nil {
		return err
	}
	processThen, postgresThen := b.meter.memory()
	fmt.Printf("\nMemory: this process (callers, worker, engine) %d → %d MB, Postgres %d → %d MB, with %d cases open at the end\n\n",
		process/1000, processThen/1000, postgres/1000, postgresThen/1000, b.born)
	fmt.Printf("bench: p50 %.2fx cpu %.2fx of the bare Update, %.1f events per action\n", max(p50, openP50), max(cpu, openCPU), perAction)
	return nil
}

// heading says on what all this was measured.
func (b *bench) heading(ctx context.Context) error {
	var version, fsync, commit string
	err := b.meter.conn.QueryRow(ctx, `
		select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')`).
		Scan(&version, &fsync, &commit)
	fmt.Printf("%d CPUs, %s, Postgres %s with fsync %s and synchronous_commit %s, Temporal in this process\n",
		runtime.NumCPU(), runtime.Version(), version, fsync, commit)
	return err
}

// table prints the results of one load and returns how Banli's p50 and CPU compare with the bare Update's.
func (b *bench) table(results []result) (p50, cpu float64) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tp50 ms\tp99 ms\tactions/s\tCPU ms/proposal\tprocess\tPostgres\tWAL KB/proposal\t")
	for i, r := range results {
		n := time.Duration(len(r.lives))
		fmt.Fprintf(out, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", b.variants[i].name,
			ms(r.quantile(0.50, total)), ms(r.quantile(0.99, total)), r.throughput(),
			ms(r.used.cpu()/n), ms(r.used.process/n), ms(r.used.postgres/n), r.wal())
	}
	ours, floor := results[banli], results[bare]
	p50 = ratio(ours.quantile(0.50, total), floor.quantile(0.50, total))
	cpu = ratio(ours.used.cpu(), floor.used.cpu())
	fmt.Fprintf(out, "Banli / bare Update\t%.2fx\t%.2fx\t%.2fx\t%.2fx\t%.2fx\t%.2fx\t%.2fx\t\n", p50,
		ratio(ours.quantile(0.99, total), floor.quantile(0.99, total)), ours.throughput()/floor.throughput(), cpu,
		ratio(ours.used.process, floor.used.process), ratio(ours.used.postgres, floor.used.postgres), ours.wal()/floor.wal())
	out.Flush()

	// Both floors saved their actions beforehand; together that is the better measure.
	saving := results[bare].saving
	saving.add(results[plain].saving)
	n := len(results[bare].lives) + len(results[plain].lives)
	saved := saving.cpu() / time.Duration(n)
	fmt.Printf("Only Banli saves its actions in the time measured: p50 %.1f ms an action, CPU %.1f ms and WAL %.1f KB a proposal.\n",
		ms(ours.quantile(0.50, whileSaving)), ms(saved), float64(saving.wal)/float64(n)/1000)
	fmt.Printf("Without that, p50 %.2fx and CPU %.2fx of the bare Update. ",
		ratio(ours.quantile(0.50, engineOnly), floor.quantile(0.50, total)),
		ratio(ours.used.cpu()-saved*time.Duration(len(ours.lives)), floor.used.cpu()))
	var all usage
	for _, r := range results {
		all.add(r.used)
	}
	others, stolen := ratio(max(0, all.machine-all.cpu()), all.elapsed), ratio(all.stolen, all.elapsed)
	fmt.Printf("Other programs had %.0f %% of the machine, its host kept %.0f %%.\n", 100*others, 100*stolen)
	if others+stolen > 0.2 {
		fmt.Println("That is too much: these latencies measure the other programs too. Run it again when the machine is quiet.")
	}
	return p50, cpu
}

// histories prints what the engine wrote down and returns Banli's events per action.
func (b *bench) histories(ctx context.Context, closed, open []result) (perAction float64, err error) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "\tevents\tof actions\tper action\tstart\tclocks\tKB\t")
	for i, v := range b.variants {
		if v.workflowID == nil {
			continue
		}
		h, err := b.read(ctx, v.workflowID, slices.Concat(closed[i].lives, open[i].lives))
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(out, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", v.name, h.all(), h.actions, h.perAction(), h.start, h.timers, h.kilobytes)
		if i == banli {
			perAction = h.perAction()
		}
	}
	return perAction, out.Flush()
}

func total(c call) time.Duration       { return c.total }
func whileSaving(c call) time.Duration { return c.saving }
func engineOnly(c call) time.Duration  { return c.total - c.saving }

// quantile of a measure over all actions.
func (r result) quantile(q float64, measure func(call) time.Duration) time.Duration {
	var all []time.Duration
	for _, l := range r.lives {
		for _, c := range l.calls {
			all = append(all, measure(c))
		}
	}
	slices.Sort(all)
	return all[int(q*float64(len(all)-1))]
}

// throughput is in actions per second, while any were sent.
func (r result) throughput() float64 {
	return float64(len(r.lives)*actions) / r.used.wall.Seconds()
}

// wal is in KB per proposal.
func (r result) wal() float64 { return float64(r.used.wal) / float64(len(r.lives)) / 1000 }

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
