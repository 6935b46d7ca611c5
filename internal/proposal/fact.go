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
	FactHandling      Fact = "handling_type"  //
	FactLeadUnit      Fact = "lead_unit"      //
	FactKey           Fact = "key_supervised" // yes, no
	FactMoney         Fact = "money"          // yes, no
	FactSecrecy       Fact = "secrecy"        // no: the deputy asked for none, or asks no more
	FactWish          Fact = "wish"           //
	FactMotionNo      Fact = "motion_no"      //
	FactSourceID      Fact = "source_id"      //
)

// RegisterFacts lists every fact: in the order of the form of a registration, then what Described has besides.
var RegisterFacts = withDescribed(
	FactNumber, FactBody, FactLevel, FactTerm, FactSession, FactTitle, FactCategory, FactLeadDeputy, FactProposer, FactCoSigners,
	FactDelegation, FactContact, FactSecondContact, FactContactTime, FactText, FactPoints, FactAssignedOn, FactDueOn, FactInternalDue,
	FactHandling, FactLeadUnit, FactKey, FactMoney, FactSecrecy, FactWish, FactMotionNo, FactSourceID,
)

// withDescribed adds the fields of Described: one that is new there can be corrected without being named here.
func withDescribed(facts ...Fact) []Fact {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Described]()) {
		if fact := factOf(field); fact != "" && !slices.Contains(facts, fact) {
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
func (f Fact) Confided() bool {
	return slices.ContainsFunc(reflect.VisibleFields(reflect.TypeFor[Confidences]()), func(field reflect.StructField) bool { return factOf(field) == f })
}

// restarts reports whether deadlines are counted from it.
func (f Fact) restarts() bool {
	return slices.Contains([]Fact{FactNumber, FactBody, FactLevel, FactProposer, FactAssignedOn, FactDueOn, FactHandling}, f)
}

// RegisterRow is what the register says of a case now.
type RegisterRow struct {
	Registration
	InternalDue calendar.Date // 内部期限, once there is one
}

const yes, no = "yes", "no"

// text is the field of a fact that is a line of text; nil for the others.
func (r *RegisterRow) text(f Fact) *string {
	if text := r.described(f); text != nil {
		return text
	}
	return map[Fact]*string{
		FactTitle: &r.Title, FactLeadDeputy: &r.LeadDeputy, FactContact: &r.DeputyContact, FactSecondContact: &r.SecondContact, FactText: &r.Text,
		FactBody: (*string)(&r.Body), FactLevel: (*string)(&r.Level), FactHandling: (*string)(&r.HandlingType), FactWish: (*string)(&r.Wish),
	}[f]
}

// described is the field of a fact of Described; nil for the others.
func (r *RegisterRow) described(f Fact) *string {
	described := reflect.ValueOf(&r.Described).Elem()
	for _, field := range reflect.VisibleFields(described.Type()) {
		if factOf(field) == f && field.Type.Kind() == reflect.String {
			return described.FieldByIndex(field.Index).Addr().Convert(reflect.TypeFor[*string]()).Interface().(*string)
		}
	}
	return nil
}

func (r *RegisterRow) flag(f Fact) *bool {
	return map[Fact]*bool{FactKey: &r.KeySupervised, FactMoney: &r.Money, FactSecrecy: &r.Secrecy}[f]
}

func (r *RegisterRow) list(f Fact) *[]string {
	return map[Fact]*[]string{FactCoSigners: &r.CoSigners, FactPoints: &r.Points}[f]
}

func (r *RegisterRow) date(f Fact) *calendar.Date {
	return map[Fact]*calendar.Date{FactAssignedOn: &r.AssignedOn, FactDueOn: &r.DueOn, FactInternalDue: &r.InternalDue}[f]
}

func (r *RegisterRow) count(f Fact) *int {
	return map[Fact]*int{FactTerm: &r.Term, FactSession: &r.Session}[f]
}

// Says is the fact as a form shows it.
func (r RegisterRow) Says(f Fact) string {
	switch {
	case f == FactNumber:
		key := r.RegisterKey.Canonical()
		if key.Intersession {
			return key.NumberName()
		}
		return key.Number
	case r.text(f) != nil:
		return *r.text(f)
	case r.flag(f) != nil:
		if *r.flag(f) {
			return yes
		}
		return no
	case r.list(f) != nil:
		return strings.Join(*r.list(f), "\n")
	case r.count(f) != nil:
		return strconv.Itoa(*r.count(f))
	case r.date(f) != nil:
		return r.date(f).String()
	}
	return ""
}

// Correct takes the fact over as it was typed; false if it cannot be read.
func (r *RegisterRow) Correct(f Fact, value string) bool {
	value = strings.TrimSpace(value)
	switch {
	case f == FactNumber:
		r.Intersession = false
		r.Number = value
		r.RegisterKey = r.RegisterKey.Canonical()
	case f == FactLeadDeputy:
		r.LeadDeputy = chinese.FoldName(value)
	case r.text(f) != nil:
		*r.text(f) = value
	case r.flag(f) != nil:
		*r.flag(f) = value == yes
		return value == yes || value == no
	case r.list(f) != nil:
		*r.list(f) = nil
		for _, line := range chinese.Lines(value) {
			if f == FactCoSigners {
				line = chinese.FoldName(line)
			}
			if line = strings.TrimSpace(line); line != "" {
				*r.list(f) = append(*r.list(f), line)
			}
		}
	case r.count(f) != nil:
		n, err := strconv.Atoi(value)
		*r.count(f) = n
		return err == nil
	case r.date(f) != nil:
		*r.date(f) = calendar.Date{}
		return value == "" || r.date(f).UnmarshalText([]byte(value)) == nil
	default:
		return false
	}
	return true
}
