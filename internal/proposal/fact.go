package proposal

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
)

// Fact names one thing that the register says of a case. Each can be corrected (R20): by whom and until when, the rule pack says.
type Fact string

const (
	FactNumber        Fact = "number"         // 编号, as it is written: 0392, 台40, 闭会期间第134号
	FactBody          Fact = "body"           //
	FactLevel         Fact = "level"          //
	FactTerm          Fact = "term"           //
	FactSession       Fact = "session"        //
	FactTitle         Fact = "title"          // 案由
	FactCategory      Fact = "category"       //
	FactLeadDeputy    Fact = "lead_deputy"    // 领衔代表
	FactProposer      Fact = "proposer"       //
	FactCoSigners     Fact = "co_signers"     // 附议代表, a line each: one who leaves is left out
	FactDelegation    Fact = "delegation"     //
	FactContact       Fact = "deputy_contact" //
	FactSecondContact Fact = "second_contact" //
	FactContactTime   Fact = "contact_time"   //
	FactText          Fact = "text"           // the original
	FactPoints        Fact = "points"         // a line each
	FactAssignedOn    Fact = "assigned_on"    // 交办日期: the deadlines follow
	FactDueOn         Fact = "due_on"         // 交办单载明的期限; "": as the rules say
	FactInternalDue   Fact = "internal_due"   // 内部期限
	FactDispatchedOn  Fact = "dispatched_on"  // 送达日期 of the reply of this round: whether it was in time follows
	FactHandling      Fact = "handling_type"  //
	FactLeadUnit      Fact = "lead_unit"      //
	FactKey           Fact = "key_supervised" // yes, no
	FactMoney         Fact = "money"          // yes, no
	FactSecrecy       Fact = "secrecy"        // no: the deputy asked for none, or asks no more
	FactWish          Fact = "wish"           //
	FactMotionNo      Fact = "motion_no"      //
	FactSourceID      Fact = "source_id"      //
	FactOurs          Fact = "ours"           // of a split case: the numbers of the points that are ours, until the text is in review
	FactLead          Fact = "lead"           // of a case that was over when it was entered, as all that follow: 主办处室
	FactRepliedOn     Fact = "replied_on"     //
	FactReplyNumber   Fact = "reply_number"   //
	FactClosedOn      Fact = "closed_on"      //
)

// RegisterFacts lists every fact: in the order of the form of a registration, then what has no place of its own there.
var RegisterFacts = withFields(
	FactNumber, FactBody, FactLevel, FactTerm, FactSession, FactTitle, FactCategory, FactLeadDeputy, FactProposer, FactCoSigners,
	FactDelegation, FactContact, FactSecondContact, FactContactTime, FactText, FactPoints, FactOurs, FactAssignedOn, FactDueOn, FactInternalDue, FactDispatchedOn,
	FactHandling, FactLeadUnit, FactKey, FactMoney, FactSecrecy, FactWish, FactMotionNo, FactSourceID,
)

// notFacts are the fields of a registration that are not corrected by themselves.
var notFacts = []Fact{
	"intersession", // the number says it: 闭会期间第134号
	"cleared",      // AskSecrecy names others
	"finished",     // Reopen says that it was not over
	"late",         // what was done rests on the days that were given: the case is withdrawn and registered anew
	"sure",         // an answer to a question of the form
}

// withFields adds the other fields of a registration: one that is new there can be corrected without being named here.
func withFields(facts ...Fact) []Fact {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Registration]()) {
		if fact := factOf(field); fact != "" && !slices.Contains(notFacts, fact) && !slices.Contains(facts, fact) {
			facts = append(facts, fact)
		}
	}
	return facts
}

// factOf is the fact that a field of a registration holds, by its JSON name.
func factOf(field reflect.StructField) Fact {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return Fact(name)
}

// OfArchive reports whether it is a fact of a case that was over when it was entered, and of no other.
func (f Fact) OfArchive() bool { return f.within(reflect.TypeFor[Archive]()) }

func (f Fact) within(part reflect.Type) bool {
	return slices.ContainsFunc(reflect.VisibleFields(part), func(field reflect.StructField) bool { return factOf(field) == f })
}

// OnReply reports whether the reply says it, above its text: who corrects it corrects what was, or is to be, signed. An opinion goes to
// the unit that leads.
func (f Fact) OnReply(h HandlingType) bool {
	return f == FactLeadUnit && h == CoHandling || slices.Contains([]Fact{
		FactNumber, FactBody, FactLevel, FactTerm, FactSession, FactTitle, FactLeadDeputy, FactProposer, FactCoSigners,
	}, f)
}

// Confidential reports whether it is shown to nobody without a logged look.
func (f Fact) Confidential() bool { return f == FactContact || f == FactSecondContact }

// Confided reports whether it says something of the deputy besides the name, which goes with the name (R16).
func (f Fact) Confided() bool { return f.within(reflect.TypeFor[Confidences]()) }

// restarts reports whether deadlines are counted from it.
func (f Fact) restarts() bool {
	return slices.Contains([]Fact{FactNumber, FactBody, FactLevel, FactProposer, FactAssignedOn, FactDueOn, FactHandling}, f)
}

// RegisterRow is what the register says of a case now.
type RegisterRow struct {
	Registration
	InternalDue  calendar.Date `json:"internal_due"`  // 内部期限, once there is one
	DispatchedOn calendar.Date `json:"dispatched_on"` // 送达日期, once the reply is out
}

const yes, no = "yes", "no"

// fieldOf is where in a RegisterRow each fact stands.
var fieldOf = func() map[Fact][]int {
	at := map[Fact][]int{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[RegisterRow]()) {
		if fact := factOf(field); fact != "" {
			at[fact] = field.Index
		}
	}
	return at
}()

// field points to what holds the fact: a *string, *bool, *int, *calendar.Date, *[]string or *[]int; nil if nothing does.
func (r *RegisterRow) field(f Fact) any {
	index, known := fieldOf[f]
	if !known {
		return nil
	}
	at := reflect.ValueOf(r).Elem().FieldByIndex(index).Addr()
	if at.Elem().Kind() == reflect.String { // a named one too
		at = at.Convert(reflect.TypeFor[*string]())
	}
	return at.Interface()
}

// Says is the fact as a form shows it.
func (r RegisterRow) Says(f Fact) string {
	if f == FactNumber {
		key := r.RegisterKey.Canonical()
		if key.Intersession {
			return key.NumberName()
		}
		return key.Number
	}
	switch at := r.field(f).(type) {
	case *string:
		return *at
	case *bool:
		if *at {
			return yes
		}
		return no
	case *[]string:
		return strings.Join(*at, "\n")
	case *[]int:
		return joinNumbers(*at)
	case *int:
		return strconv.Itoa(*at)
	case *calendar.Date:
		return at.String()
	}
	return ""
}

// Correct takes the fact over as it was typed; false if it cannot be read.
func (r *RegisterRow) Correct(f Fact, value string) bool {
	value = strings.TrimSpace(value)
	switch f {
	case FactNumber:
		r.Intersession = false
		r.Number = value
		r.RegisterKey = r.RegisterKey.Canonical()
		return true
	case FactLeadDeputy:
		value = chinese.FoldName(value)
	}
	switch at := r.field(f).(type) {
	case *string:
		*at = value
	case *bool:
		*at = value == yes
		return value == yes || value == no
	case *[]string:
		*at = nil
		for _, line := range chinese.Lines(value) {
			if f == FactCoSigners {
				line = chinese.FoldName(line)
			}
			if line = strings.TrimSpace(line); line != "" {
				*at = append(*at, line)
			}
		}
	case *[]int:
		numbers, err := readNumbers(value)
		*at = numbers
		return err == nil
	case *int:
		n, err := strconv.Atoi(value)
		*at = n
		return err == nil
	case *calendar.Date:
		*at = calendar.Date{}
		return value == "" || at.UnmarshalText([]byte(value)) == nil
	default:
		return false
	}
	return true
}

// joinNumbers and readNumbers write and read the numbers of points: 1, 3.
func joinNumbers(numbers []int) string {
	var items []string
	for _, n := range numbers {
		items = append(items, strconv.Itoa(n))
	}
	return strings.Join(items, ", ")
}

func readNumbers(text string) (numbers []int, err error) {
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、\r\n", r) }) {
		n, err := strconv.Atoi(item)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
