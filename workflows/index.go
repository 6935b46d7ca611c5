package workflows

import (
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// What a case's workflow is found by in the engine's list of workflows.
var (
	numberKey = temporal.NewSearchAttributeKeyKeyword("CaseNumber")
	stageKey  = temporal.NewSearchAttributeKeyKeyword("CaseStage")
	dueKey    = temporal.NewSearchAttributeKeyTime("CaseDue")
)

// SearchAttributes are those that the namespace needs; the engine refuses a workflow that sets one it does not know.
var SearchAttributes = map[string]enumspb.IndexedValueType{
	numberKey.GetName(): numberKey.GetValueType(), stageKey.GetName(): stageKey.GetValueType(), dueKey.GetName(): dueKey.GetValueType(),
}

// shown is what the list shows of a case.
type shown struct {
	ledger.Index
	stage proposal.Stage
}

// show brings the list up to date. A position that was recorded without an index changes nothing, so that older histories replay.
func (p *process) show(ctx workflow.Context) error {
	if p.at.Index == nil {
		return nil
	}
	was, is := p.shown, shown{*p.at.Index, p.at.Stage}
	p.shown = is
	var changes []temporal.SearchAttributeUpdate
	if is.Number != was.Number {
		changes = append(changes, numberKey.ValueSet(is.Number))
	}
	if is.stage != was.stage {
		changes = append(changes, stageKey.ValueSet(string(is.stage)))
	}
	switch {
	case is.Due == was.Due:
	case is.Due.IsZero():
		changes = append(changes, dueKey.ValueUnset())
	default:
		changes = append(changes, dueKey.ValueSet(is.Due.Start()))
	}
	if len(changes) == 0 {
		return nil
	}
	return workflow.UpsertTypedSearchAttributes(ctx, changes...)
}
