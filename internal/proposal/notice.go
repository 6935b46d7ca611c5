package proposal

import (
	"slices"

	"github.com/banli/banli/internal/calendar"
)

// Notice tells somebody what is due, late, urged or moved (R9), what came to them, and what became of what they did. The record
// keeps it with the action that caused it.
type Notice struct {
	Kind     NoticeKind `json:"kind"`
	Clock    ClockKind  `json:"clock,omitempty"`
	Ask      Ask        `json:"ask,omitempty"`  // the task that it speaks of
	Ref      string     `json:"ref,omitempty"`  // of the clock's or the task's strand
	Days     int        `json:"days,omitempty"` // NoticeRemind: calendar days before the due day
	Role     Role       `json:"role"`
	Division DivisionID `json:"division,omitempty"` // whose people are told; empty: the whole bureau's with the role
	Person   PersonID   `json:"person,omitempty"`   // who is told by name
}

// NoticeKind says what a notice is about.
type NoticeKind string

const (
	NoticeAssigned NoticeKind = "assigned"  // 到你名下
	NoticeReturned NoticeKind = "returned"  // 退回给你
	NoticeVacant   NoticeKind = "vacant"    // 原来的人不在了，回到你这里
	NoticeUrge     NoticeKind = "urge"      // 催办
	NoticeRemind   NoticeKind = "remind"    // 提醒
	NoticeRanOut   NoticeKind = "ran_out"   // 逾期
	NoticeEscalate NoticeKind = "escalate"  // 逾期升级
	NoticeMoved    NoticeKind = "moved"     // 期限变了
	NoticeTakeDown NoticeKind = "take_down" // 要求保密：已公开的要撤下
	NoticeCover    NoticeKind = "cover"     // 代理：要你确认，或轮到你代理
	NoticeMention  NoticeKind = "mention"   // 备注里提到你
	NoticeRated    NoticeKind = "rated"     // 代表反馈了
	NoticeOpinion  NoticeKind = "opinion"   // 会办意见来了
	NoticeProgress NoticeKind = "progress"  // 你的稿子往前走了一步
	NoticeWatched  NoticeKind = "watched"   // 关注的件动了
	NoticeBulk     NoticeKind = "bulk"      // 批量做完了
	NoticeAccount  NoticeKind = "account"   // 账号安全：管理员清除了你的二次验证
)

// NoticeKinds lists every kind, those that ask for something first.
var NoticeKinds = []NoticeKind{
	NoticeAssigned, NoticeReturned, NoticeVacant, NoticeUrge, NoticeRemind, NoticeRanOut, NoticeEscalate, NoticeMoved, NoticeTakeDown,
	NoticeCover, NoticeAccount, NoticeMention, NoticeRated, NoticeOpinion, NoticeProgress, NoticeWatched, NoticeBulk,
}

// Asks reports whether a notice of the kind asks its reader to do something. Such a notice is over when that is done.
func (k NoticeKind) Asks() bool {
	return slices.Index(NoticeKinds, k) <= slices.Index(NoticeKinds, NoticeTakeDown)
}

// Notices are who must be told of an action that was applied, from the states before and after it: each once, and never who
// acted.
func Notices(before, next State, a Action, f Facts) []Notice {
	told := append(caused(before, next, a, f), named(before, next, f)...)
	var notices []Notice
	for _, n := range told {
		same := func(o Notice) bool { return o.to() == n.to() }
		if n.Person != "" && n.Person == a.By || slices.ContainsFunc(notices, same) {
			continue
		}
		notices = append(notices, n)
	}
	return notices
}

// addressee is whom a notice is for: somebody by name, or all with a role.
type addressee struct {
	role     Role
	division DivisionID
	person   PersonID
}

func (n Notice) to() addressee {
	if n.Person != "" {
		return addressee{person: n.Person}
	}
	return addressee{role: n.Role, division: n.Division}
}

// caused are the notices of what the action itself was.
func caused(before, next State, a Action, f Facts) []Notice {
	switch in := a.Input.(type) {
	case *RungClock:
		return rungNotices(before, next, in, f)
	case *Vacancy:
		return in.vacated(before, next, f)
	case *Handover:
		return in.told()
	case *UrgeNote:
		urging := next.StrandsOf(UrgeStrand)
		n := next.holder(Notice{Kind: NoticeUrge, Ask: AskToAnswerUrge, Ref: urging[len(urging)-1].Ref}, f.Pack)
		if n.Person == "" {
			n.Person = f.Claims[TaskKey{Ask: AskOf(next.Stage)}]
		}
		return []Notice{n}
	case *SecrecyRequest:
		if before.published() { // of any round: it was taken down with this, here; elsewhere it may stand still
			return []Notice{{Kind: NoticeTakeDown, Role: Publisher}}
		}
	case *SendingBack, *DivisionRefusal, *CountersignObjection, *AddedObjection:
		return []Notice{next.backTo(before, f.Pack)}
	case *OpinionReturn, *OpinionRedo:
		return []Notice{next.opinionBack(before, in.(aimed).aim(), f.Pack)}
	case *ExtensionRefusal:
		return next.toHandler(NoticeReturned)
	case *ExtensionVerdict:
		if !in.Granted {
			return next.toHandler(NoticeReturned)
		}
		return movedNotices(before, next, f)
	case *Recounting, *Resumption:
		return movedNotices(before, next, f)
	case *WrittenOpinion, *OpinionApproval:
		if arrived(before, next) {
			return next.toHandler(NoticeOpinion)
		}
	case *Feedback, *CoSignerRating:
		return before.toHandler(NoticeRated)
	case *ReviewPass, *OpennessDecision, *Signature, *DispatchNote:
		if !next.Late { // what was passed and sent long ago is no news
			return next.toHandler(NoticeProgress)
		}
	}
	return nil
}

func (s State) published() bool {
	return slices.ContainsFunc(s.StrandsOf(PublicationStrand), func(r Strand) bool { return r.Status == StrandPublished })
}

// toHandler addresses a notice to whoever has the case in hand; nobody, while nobody has.
func (s State) toHandler(kind NoticeKind) []Notice {
	if s.Handler == "" {
		return nil
	}
	return []Notice{{Kind: kind, Role: Handler, Division: s.Lead, Person: s.Handler}}
}

// backTo tells whoever gets the case back: the one who had passed it there, or else whose the stage is.
func (s State) backTo(before State, pack *Pack) Notice {
	n := s.holder(Notice{Kind: NoticeReturned, Ask: AskOf(s.Stage)}, pack)
	for _, p := range before.Passed {
		if p.Stage == s.Stage && n.Person == "" {
			n.Person = p.By
		}
	}
	return n
}

// opinionBack tells the author of an opinion that went back, or else the people of the division.
func (s State) opinionBack(before State, ref string, pack *Pack) Notice {
	if ref == "" {
		for _, r := range s.StrandsOf(OpinionStrand) { // the newest that was sent back
			if r.Last.Seq == s.Seq {
				ref = r.Ref
			}
		}
	}
	r := s.Strand(OpinionStrand, ref)
	n := Notice{Kind: NoticeReturned, Ref: ref}
	t, _ := taskOfStrand(*r, s, pack)
	n.Ask, n.Role, n.Division = t.Ask, t.Role, t.Division
	if old := before.Strand(OpinionStrand, ref); old != nil {
		n.Person = old.By
	}
	return n
}

// arrived reports whether a co-opinion has come to the lead division.
func arrived(before, next State) bool {
	return slices.ContainsFunc(next.StrandsOf(OpinionStrand), func(r Strand) bool {
		old := before.Strand(OpinionStrand, r.Ref)
		return r.Status == StrandGiven && (old == nil || old.Status != StrandGiven)
	})
}

// named tell who has a task by name that they had not before.
func named(before, next State, f Facts) []Notice {
	had := TasksOf(before, f.Pack)
	var notices []Notice
	for _, t := range TasksOf(next, f.Pack) {
		if t.Person == "" || slices.Contains(had, t) {
			continue
		}
		notices = append(notices, Notice{
			Kind: NoticeAssigned, Ask: t.Ask, Ref: t.Ref, Role: t.Role, Division: t.Division, Person: t.Person,
		})
	}
	return notices
}

// Over reports whether what the notice asks for is no longer to be done, or no longer by the one who was told.
func (n Notice) Over(s State, pack *Pack) bool {
	switch {
	case !n.Kind.Asks(), n.Kind == NoticeTakeDown:
		return false
	case n.Clock != "":
		c := s.ClockOf(n.Clock, n.Ref)
		return c == nil || !c.Open()
	case n.Ask == "":
		return false
	}
	return !slices.ContainsFunc(TasksOf(s, pack), func(t Task) bool {
		mine := t.Person == "" || n.Person == "" || t.Person == n.Person || n.Kind == NoticeUrge
		return t.Ask == n.Ask && t.Ref == n.Ref && mine
	})
}

// Replaces reports whether the notice makes an older one of the same case stale: a later reminder of the same clock, the next step
// of the same draft.
func (n Notice) Replaces(old Notice) bool {
	if n.to() != old.to() {
		return false
	}
	switch n.Kind {
	case NoticeRemind, NoticeRanOut:
		return (old.Kind == NoticeRemind || old.Kind == NoticeRanOut) && old.Clock == n.Clock && old.Ref == n.Ref
	case NoticeEscalate, NoticeMoved:
		return old.Kind == n.Kind && old.Clock == n.Clock && old.Ref == n.Ref
	case NoticeProgress, NoticeWatched:
		return old.Kind == n.Kind
	}
	return false
}

// movedNotices tell whoever waits for a deadline that it moved.
func movedNotices(before, next State, f Facts) []Notice {
	var notices []Notice
	for _, c := range next.Clocks {
		old := before.ClockOf(c.Kind, c.Ref)
		if old == nil || old.Due() == c.Due() || c.Kind == StageClock || slices.Contains(warns, c.Kind) {
			continue
		}
		notices = append(notices, next.holder(Notice{Kind: NoticeMoved, Clock: c.Kind, Ref: c.Ref}, f.Pack))
	}
	return notices
}

// rungNotices are those of the bells that rang. Of reminders that were missed together only the last is still true.
func rungNotices(before, next State, in *RungClock, f Facts) []Notice {
	was, is := before.ClockOf(in.Clock, in.Ref), next.ClockOf(in.Clock, in.Ref)
	var notices []Notice
	for i := was.Bells; i < is.Bells; i++ {
		bell, _ := f.Pack.bell(*was, i, f.Calendar)
		if bell.Kind != BellEscalate {
			notices = nil
		}
		notices = append(notices, next.bellNotice(*was, bell, f.Pack))
	}
	return notices
}

// bellNotice is what a bell of the clock tells, and whom.
func (s State) bellNotice(c Clock, bell Bell, pack *Pack) Notice {
	n := Notice{Clock: c.Kind, Ref: c.Ref, Days: bell.Days}
	switch bell.Kind {
	case BellRemind:
		n.Kind = NoticeRemind
		n = s.holder(n, pack)
	case BellRanOut:
		n.Kind = NoticeRanOut
		n = s.holder(n, pack)
	case BellEscalate:
		n.Kind, n.Role = NoticeEscalate, bell.To
		if bell.To == DivisionHead || bell.To == LeaderInCharge {
			n.Division = s.divisionOf(c.Kind, c.Ref)
		}
	}
	return n
}

// Foretold is a bell that is still to ring, and what it tells whom, as the case stands.
type Foretold struct {
	Bell
	Tells Notice
}

// Foretell lists the bells of a clock that are still to ring, in order; none if it is not armed.
func (s State) Foretell(c Clock, pack *Pack, cal *calendar.Calendar) (list []Foretold) {
	if !c.Armed() {
		return nil
	}
	for i := c.Bells; ; i++ {
		bell, ok := pack.bell(c, i, cal)
		if !ok {
			return list
		}
		if i == c.Bells {
			bell.At = c.RingsAt()
		}
		list = append(list, Foretold{bell, s.bellNotice(c, bell, pack)})
	}
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
		t, _ = taskOfStrand(*r, s, pack)
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
