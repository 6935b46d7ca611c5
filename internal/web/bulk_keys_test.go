package web

import "github.com/banli/banli/internal/proposal"

// bulkKeys are the messages of bulk work that are put together from kind and status.
func bulkKeys() []string {
	var keys []string
	for _, kind := range proposal.BulkKinds {
		k := string(kind)
		keys = append(keys, suffixed([]string{
			"bulk.new.", "do.bulk.", "after.bulk.", "bulk.column.", "bulk.item.done.", "bulk.item.refused.",
			"bulk.item.running.", "bulk.count.done.", "bulk.count.refused.", "bulk.count.running.",
		}, k)...)
		if kind != proposal.BulkHandOver && kind != proposal.BulkRegroup { // which is not begun in a list
			keys = append(keys, "flash.bulk."+k, "bulk.item.cannot."+k, "desk.do."+k)
		}
		for _, status := range proposal.BulkStatuses {
			if kind.Undoable() || status != proposal.BulkUndoing && status != proposal.BulkUndone {
				keys = append(keys, "bulk.is."+string(status)+"."+k)
			}
		}
		if kind.Undoable() {
			keys = append(keys, "do.bulk.undo."+k, "bulk.item.undone."+k, "bulk.item.undo_refused."+k)
		}
	}
	keys = append(keys, family("form.bulk_", []string{
		"propose.whom", "assign.whom", "transfer.whom", "transfer.reason", "delegate.whom", "delegate.from", "delegate.until", "delegate.reason", "urge.reason",
	})...)
	keys = append(keys, family("bulk.wrong.", []string{
		"to.required", "to.not_in_bureau", "to.its_you", "lead.required", "lead.not_in_bureau", "reason.required", "reason.required.urge", "from.required", "until.required",
		"until.before_start", "until.in_past", "task.required", "task.too_long",
	})...)
	keys = append(keys, family("bulk.count.", []proposal.ItemStatus{
		proposal.ItemQueued, proposal.ItemCancelled, proposal.ItemUndone, proposal.ItemUndoRefused,
	})...)
	keys = append(keys, "bulk.item.queued", "bulk.item.cancelled", "bulk.item.to_undo", "bulk.hidden", "bulk.hidden.hand_over", "bulk.hidden.regroup")
	return append(keys, family("bulk.why.", []proposal.RefusalCode{
		proposal.UrgedRecently, proposal.NobodysByName, proposal.EngineUnavailable, proposal.NotFound, proposal.StepNotYours,
	})...)
}
