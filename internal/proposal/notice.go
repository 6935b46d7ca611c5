package proposal

import "slices"

// Notice tells somebody that something is due, late, urged or moved (R9). The record keeps it with the action that caused it.
type Notice struct {
	Kind     NoticeKind `json:"kind"`
	Clock    ClockKind  `json:"clock,omitempty"`
	Ref      string     `json:"ref,omitempty"`
	Days     int        `json:"days,omitempty"` // NoticeRemind: calendar days before the due day
	Role     Role       `json:"role"`
	Division DivisionID `json:"division,omitempty"` // whose people are told; empty: the whole bureau's with the role
	Person   PersonID   `json:"person,omitempty"`   // who is told by name
}

// NoticeKind says what a notice is about.
type NoticeKind string

const (
	NoticeRemind   NoticeKind = "remind"    // 提醒
	NoticeRanOut   NoticeKind = "ran_out"   // 逾期
	NoticeEscalate NoticeKind = "escalate"  // 逾期升级
	NoticeUrge     NoticeKind = "urge"      // 催办
	NoticeMoved    NoticeKind = "moved"     // 期限变了
	NoticeTakeDown NoticeKind = "take_down" // 要求保密：已公开的要撤下
)

// NoticeKinds lists every kind.
var NoticeKinds = []NoticeKind{NoticeRemind, NoticeRanOut, NoticeEscalate, NoticeUrge, NoticeMoved, NoticeTakeDown}

// Notices are who must be told of an action that was applied, from the states before and after it.
func Notices(before, next State, a Action, f Facts) []Notice {
	switch in := a.Input.(type) {
	case *RungClock:
		return rungNotices(before, next, in, f)
	case *UrgeNote:
		return []Notice{next.holder(Notice{Kind: NoticeUrge}, f.Pack)}
	case *SecrecyRequest:
		if slices.ContainsFunc(next.StrandsOf(Publication), func(r Strand) bool { return r.Status == Published }) { // of any round
			return []Notice{{Kind: NoticeTakeDown, Role: Publisher}}
		}
	case *Recounting, *ExtensionVerdict, *Resumption:
		return movedNotices(before, next, f)
	}
	return nil
}

// movedNotices tell whoever waits for a deadline that it moved: each once, of the first of theirs.
func movedNotices(before, next State, f Facts) []Notice {
	var notices []Notice
	for _, c := range next.Clocks {
		old := before.ClockOf(c.Kind, c.Ref)
		if old == nil || old.Due() == c.Due() || c.Kind == StageClock {
			continue
		}
		n := next.holder(Notice{Kind: NoticeMoved, Clock: c.Kind, Ref: c.Ref}, f.Pack)
		told := func(o Notice) bool { return o.Role == n.Role && o.Division == n.Division && o.Person == n.Person }
		if !slices.ContainsFunc(notices, told) {
			notices = append(notices, n)
		}
	}
	return notices
}

// rungNotices are those of the bells that rang. Of reminders that were missed together only the last is still true.
func rungNotices(before, next State, in *RungClock, f Facts) []Notice {
	was, is := before.ClockOf(in.Clock, in.Ref), next.ClockOf(in.Clock, in.Ref)
	var notices []Notice
	for i := was.Bells; i < is.Bells; i++ {
		bell, _ := f.Pack.bell(*was, i, f.Calendar)
		notice := Notice{Clock: in.Clock, Ref: in.Ref, Days: bell.Days}
		switch bell.Kind {
		case BellRemind:
			notice.Kind, notices = NoticeRemind, nil
			notice = next.holder(notice, f.Pack)
		case BellRanOut:
			notice.Kind, notices = NoticeRanOut, nil
			notice = next.holder(notice, f.Pack)
		case BellEscalate:
			notice.Kind, notice.Role = NoticeEscalate, bell.To
			if bell.To == DivisionHead || bell.To == DeputyHead {
				notice.Division = next.divisionOf(in.Clock, in.Ref)
			}
		}
		notices = append(notices, notice)
	}
	return notices
}

// divisionOf is the division that a clock's duty lies with.
func (s State) divisionOf(kind ClockKind, ref string) DivisionID {
	if r := s.Strand(strandOf[kind], ref); r != nil && r.Division != "" {
		return r.Division
	}
	return s.Lead
}

// holder addresses a notice to whoever has what its clock is about: the strand's task, be it due already or not, or else that
// of the stage.
func (s State) holder(n Notice, pack *Pack) Notice {
	t, ok := taskOfStage(s, pack)
	if r := s.Strand(strandOf[n.Clock], n.Ref); r != nil {
		t, _ = taskOfStrand(*r, s)
		ok = t.Role != ""
	}
	switch {
	case ok:
		n.Role, n.Division, n.Person = t.Role, t.Division, t.Person
	case s.Handler != "" && !s.Stage.Ended():
		n.Role, n.Division, n.Person = Handler, s.Lead, s.Handler
	default:
		n.Role = Liaison
	}
	return n
}
