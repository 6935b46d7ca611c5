package proposal

import (
	"fmt"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/google/uuid"
)

// BulkKind is what is done to many tasks at once (批量). Each item is what the officer could do to the case by itself.
type BulkKind string

const (
	BulkPropose  BulkKind = "propose"  // 拟办: ProposeAssignment, to one lead division
	BulkAssign   BulkKind = "assign"   // 接收并定经办人: Accept
	BulkTransfer BulkKind = "transfer" // 转办: Reassign
	BulkDelegate BulkKind = "delegate" // 委派: a dated proxy for the case alone
	BulkUrge     BulkKind = "urge"     // 催办: Urge
	BulkClaim    BulkKind = "claim"    // 认领
	BulkRelease  BulkKind = "release"  // 放回

	BulkHandOver BulkKind = "hand_over" // 交接: all that somebody has in hand goes to somebody else; from the page of the person
	BulkRegroup  BulkKind = "regroup"   // 处室撤并: all that a closed division has goes to another; from the page of the divisions
)

// BulkKinds lists every kind, in the order a bar shows them.
var BulkKinds = []BulkKind{BulkPropose, BulkAssign, BulkTransfer, BulkDelegate, BulkUrge, BulkClaim, BulkRelease, BulkHandOver, BulkRegroup}

// MaxBulk is how many tasks one bulk takes: a year of a large bureau.
const MaxBulk = 5_000

// PerCase reports whether the kind concerns a case as a whole: two tasks of one case are then one item.
func (k BulkKind) PerCase() bool { return k != BulkClaim && k != BulkRelease && k != BulkHandOver }

// Undoable reports whether what the kind does can be taken back at all. What was urged has been read.
func (k BulkKind) Undoable() bool { return k != BulkUrge }

// BulkKindsFor are the kinds that make sense for a person, for themselves or for those whom they cover for.
func BulkKindsFor(p Person) []BulkKind {
	may := func(w Actors) bool {
		held := func(p Person) bool { return slices.ContainsFunc(w.Roles, p.Has) }
		return held(p) || slices.ContainsFunc(p.Covers, func(principal Principal) bool { return held(principal.Person()) })
	}
	var kinds []BulkKind
	for _, k := range BulkKinds {
		switch k {
		case BulkPropose:
			if !may(byLiaison) {
				continue
			}
		case BulkAssign, BulkTransfer:
			if !may(byHead) {
				continue
			}
		case BulkUrge:
			if !may(byWatchers) {
				continue
			}
		case BulkHandOver, BulkRegroup: // nobody's in a list of cases: an administrator orders it of a person, or of a division
			continue
		default:
			if p.outside() {
				continue
			}
		}
		kinds = append(kinds, k)
	}
	return kinds
}

// BulkStatus is where a bulk stands.
type BulkStatus string

const (
	BulkRunning   BulkStatus = "running"
	BulkPaused    BulkStatus = "paused"
	BulkCancelled BulkStatus = "cancelled" // what had not been done is not done
	BulkDone      BulkStatus = "done"
	BulkUndoing   BulkStatus = "undoing"
	BulkUndone    BulkStatus = "undone"
)

// BulkStatuses lists every status.
var BulkStatuses = []BulkStatus{BulkRunning, BulkPaused, BulkCancelled, BulkDone, BulkUndoing, BulkUndone}

// Ended reports that nothing more happens to the bulk by itself.
func (s BulkStatus) Ended() bool { return s == BulkCancelled || s == BulkDone || s == BulkUndone }

// ItemStatus is what became of one item.
type ItemStatus string

const (
	ItemQueued      ItemStatus = "queued"
	ItemRunning     ItemStatus = "running"
	ItemDone        ItemStatus = "done"
	ItemRefused     ItemStatus = "refused"
	ItemCancelled   ItemStatus = "cancelled"
	ItemUndone      ItemStatus = "undone"
	ItemUndoRefused ItemStatus = "undo_refused" // it stays done
)

// BulkOrder is what the maker of a bulk may ask of it while it runs and afterwards.
type BulkOrder string

const (
	PauseBulk  BulkOrder = "pause"
	ResumeBulk BulkOrder = "resume"
	CancelBulk BulkOrder = "cancel" // what has not been done
	UndoBulk   BulkOrder = "undo"   // what has been done; what has not is cancelled
)

// BulkOrders lists every order.
var BulkOrders = []BulkOrder{PauseBulk, ResumeBulk, CancelBulk, UndoBulk}

// After is the status that an order brings about; false if it cannot be given where the bulk stands. An order given twice
// changes nothing.
func (o BulkOrder) After(kind BulkKind, now BulkStatus) (BulkStatus, bool) {
	switch {
	case o == PauseBulk && (now == BulkRunning || now == BulkPaused):
		return BulkPaused, true
	case o == ResumeBulk && (now == BulkRunning || now == BulkPaused):
		return BulkRunning, true
	case o == CancelBulk && (now == BulkRunning || now == BulkPaused || now == BulkCancelled):
		return BulkCancelled, true
	case o == UndoBulk && now == BulkUndone:
		return BulkUndone, true
	case o == UndoBulk && kind.Undoable():
		return BulkUndoing, true
	}
	return now, false
}

// BulkParams is what a bulk says once for all its items.
type BulkParams struct {
	To     PersonID      `json:"to,omitempty"`     // the new handler; the delegate
	Of     PersonID      `json:"of,omitempty"`     // of handing over: whose it is
	Lead   DivisionID    `json:"lead,omitempty"`   // of proposing; of regrouping: which takes over
	Reason string        `json:"reason,omitempty"` // of transferring and delegating; what is said in urging
	From   calendar.Date `json:"from,omitzero"`    // of delegating, both days included
	Until  calendar.Date `json:"until,omitzero"`

	// Of regrouping: the closed division, who moved with it, and the leaders who got the other into their field.
	Division DivisionID `json:"division,omitempty"`
	Moved    []PersonID `json:"moved,omitempty"`
	InCharge []PersonID `json:"in_charge,omitempty"`
}

// Bulk is one order that many tasks be handled alike.
type Bulk struct {
	ID     string     `json:"id"` // UUID, given by the browser: sending it twice is one bulk
	Kind   BulkKind   `json:"kind"`
	By     PersonID   `json:"by"`
	Params BulkParams `json:"params"`
}

// BulkItem is one task of a bulk.
type BulkItem struct {
	No      int      `json:"no"` // from 1
	CaseID  string   `json:"case_id"`
	Key     TaskKey  `json:"key"`
	BaseSeq int      `json:"base_seq"`        // the state that the officer saw
	For     PersonID `json:"for,omitempty"`   // whom the officer acts for
	Prior   PersonID `json:"prior,omitempty"` // whose it was before
	DoneSeq int      `json:"done_seq"`        // the state that the item made; 0 for kinds that move no case
}

// Takes is what each kind must be told besides the tasks.
func (k BulkKind) takes() (to, reason, days bool) {
	switch k {
	case BulkAssign, BulkHandOver:
		return true, false, false
	case BulkTransfer:
		return true, true, false
	case BulkDelegate:
		return true, true, true
	case BulkUrge:
		return false, true, false
	}
	return false, false, false
}

// Check looks at what can be said of a bulk without its cases. It returns nil or a *Refusal.
func (b Bulk) Check(today calendar.Date) error {
	var c checker
	oneOf(&c, "kind", b.Kind, BulkKinds)
	if uuid.Validate(b.ID) != nil {
		c.add("action_id", FieldMalformed)
	}
	c.text("lead", string(b.Params.Lead), b.Kind == BulkPropose || b.Kind == BulkRegroup, MaxLine)
	c.text("division", string(b.Params.Division), b.Kind == BulkRegroup, MaxLine)
	c.text("of", string(b.Params.Of), b.Kind == BulkHandOver, MaxLine)
	to, reason, days := b.Kind.takes()
	if to {
		c.text("to", string(b.Params.To), true, MaxLine)
		if b.Kind == BulkDelegate && b.Params.To == b.By {
			c.add("to", PersonItself)
		}
	}
	c.text("reason", b.Params.Reason, reason, MaxNote)
	if days {
		switch from, until := b.Params.From, b.Params.Until; {
		case from.IsZero():
			c.add("from", FieldRequired)
		case until.IsZero():
			c.add("until", FieldRequired)
		case until.Before(from):
			c = append(c, FieldError{Field: "until", Code: DayBeforeStart, Date: from})
		case until.Before(today):
			c.add("until", DayInPast)
		}
	}
	if len(c) > 0 {
		return &Refusal{Code: InvalidInput, Fields: c}
	}
	return nil
}

// bulkNamespace makes the ids of what a bulk does a function of its own id: whatever is retried, an item is applied once.
var bulkNamespace = uuid.MustParse("c1f3a9d4-7c2e-5a55-8f0e-1d6b7a90e4b2")

func (b Bulk) id(item BulkItem, undo string) string {
	return uuid.NewSHA1(bulkNamespace, fmt.Appendf(nil, "%s/%d%s", b.ID, item.No, undo)).String()
}

// ActionID is the id under which the item is done.
func (b Bulk) ActionID(item BulkItem) string { return b.id(item, "") }

// UndoID is the id under which it is taken back.
func (b Bulk) UndoID(item BulkItem) string { return b.id(item, "/undo") }

// Action is what the item does to its case; false for kinds that move no case.
func (b Bulk) Action(item BulkItem) (Action, bool) {
	a := Action{ID: b.ActionID(item), By: b.By, For: item.For, BaseSeq: item.BaseSeq}
	switch b.Kind {
	case BulkPropose:
		a.Kind, a.Input = ProposeAssignment, &RoutingOpinion{Lead: b.Params.Lead}
	case BulkAssign:
		a.Kind, a.Input = Accept, &Acceptance{Handler: b.Params.To}
	case BulkTransfer:
		a.Kind, a.Input = Reassign, &Reassignment{Handler: b.Params.To, Reason: b.Params.Reason}
	case BulkUrge:
		a.Kind, a.Input = Urge, &UrgeNote{Text: b.Params.Reason}
	case BulkHandOver:
		return b.handOver(b.ActionID(item), item, b.Params.Of, b.Params.To), true
	case BulkRegroup:
		return b.regroup(b.ActionID(item), b.Params.Division, b.Params.Lead, false), true
	default:
		return Action{}, false
	}
	return a, true
}

// handOver is the system's: an administrator orders who takes over from whom, and decides nothing in a case.
func (b Bulk) handOver(id string, item BulkItem, from, to PersonID) Action {
	return Action{ID: id, Kind: HandOver, Input: &Handover{From: from, To: to, Task: item.Key, By: b.By}}
}

func (b Bulk) regroup(id string, from, to DivisionID, back bool) Action {
	return Action{ID: id, Kind: Regroup, Input: &Regrouping{From: from, To: to, By: b.By, Back: back}}
}

// Undo is what takes the item back from its case; false for kinds that move no case.
func (b Bulk) Undo(item BulkItem, reason string) (Action, bool) {
	a := Action{ID: b.UndoID(item), By: b.By, For: item.For, BaseSeq: item.DoneSeq}
	switch b.Kind {
	case BulkPropose, BulkAssign:
		a.For = "" // one's own step is taken back in one's own name
		a.Kind, a.Input = Recall, &Recalling{Reason: reason}
	case BulkTransfer:
		a.Kind, a.Input = Reassign, &Reassignment{Handler: item.Prior, Reason: reason}
	case BulkHandOver:
		return b.handOver(a.ID, item, b.Params.To, b.Params.Of), true
	case BulkRegroup:
		return b.regroup(a.ID, b.Params.Lead, b.Params.Division, true), true
	default:
		return Action{}, false
	}
	return a, true
}

// Examine tells before anything happens whether the item can be done to the case as it stands, and for whom the officer would
// act. f has the actor, the claims, the pack, the calendar and the time; Named too if the bulk says to whom. What has not been
// said yet is not held against it.
func (b Bulk) Examine(s State, item BulkItem, f Facts) (actingFor PersonID, refusal *Refusal) {
	switch b.Kind {
	case BulkClaim:
		return "", mayTake(s, item.Key, f)
	case BulkRelease:
		return "", mayPutBack(s, item.Key, f)
	case BulkDelegate:
		return "", mayDelegate(s, f)
	case BulkTransfer:
		if !s.Stage.Ended() && !slices.Contains(handling, s.Stage) {
			return "", &Refusal{Code: NobodysByName, Stage: s.Stage}
		}
	case BulkUrge:
		if b.Params.Reason == "" {
			b.Params.Reason = "?"
		}
	}
	a, _ := b.Action(item)
	for _, o := range Offers(s, f.Actor, f.Pack) {
		if o.Kind == a.Kind {
			actingFor = o.For
		}
	}
	a.For = actingFor
	to, refusal := s.way(a)
	if refusal == nil {
		refusal = to.permit(s, a, f)
	}
	if refusal == nil && a.Check() == nil {
		_, err := Apply(s, a, f)
		refusal, _ = err.(*Refusal)
	}
	return actingFor, refusal
}

func findTask(s State, key TaskKey, pack *Pack) (Task, bool) {
	tasks := TasksOf(s, pack)
	i := slices.IndexFunc(tasks, func(t Task) bool { return t.Key() == key })
	if i < 0 {
		return Task{}, false
	}
	return tasks[i], true
}

func mayTake(s State, key TaskKey, f Facts) *Refusal {
	t, open := findTask(s, key, f.Pack)
	claimant := f.Claims[key]
	switch {
	case !open:
		return s.acted(NotInStage)
	case t.Person == f.Actor.ID, claimant == f.Actor.ID:
		return refuse(TaskAlreadyYours)
	case claimant != "":
		return &Refusal{Code: ClaimedByOther, By: claimant}
	case t.Person != "":
		return &Refusal{Code: ClaimedByOther, By: t.Person}
	case !f.Actor.MayTake(t):
		return &Refusal{Code: Forbidden, Role: t.Role}
	}
	return nil
}

func mayPutBack(s State, key TaskKey, f Facts) *Refusal {
	_, open := findTask(s, key, f.Pack)
	claimant := f.Claims[key]
	switch {
	case !open:
		return s.acted(NotInStage)
	case claimant == "":
		return refuse(TaskNotClaimed)
	case !MayRelease(f.Actor, claimant):
		return &Refusal{Code: ClaimedByOther, By: claimant}
	}
	return nil
}

// mayDelegate: somebody can stand in only where one is asked for something oneself.
func mayDelegate(s State, f Facts) *Refusal {
	if s.Finished() {
		return s.acted(NotInStage)
	}
	me := f.Actor
	me.Covers = nil // rights do not go over twice
	for _, t := range TasksOf(s, f.Pack) {
		if t.Person == me.ID || f.Claims[t.Key()] == me.ID || f.Claims[t.Key()] == "" && t.MayClaim(me) {
			return nil
		}
	}
	return refuse(NotYourTask)
}
