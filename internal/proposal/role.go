package proposal

import "slices"

// Role is what a person may be in the bureau (domain §3). One person may have several.
type Role string

const (
	Liaison          Role = "liaison"           // 联络员
	DivisionHead     Role = "division_head"     // 处室负责人
	Handler          Role = "handler"           // 经办人
	OfficeReviewer   Role = "office_reviewer"   // 核稿
	LegalReviewer    Role = "legal_reviewer"    // 法规审核
	OpennessReviewer Role = "openness_reviewer" // 公开审查
	LeaderInCharge   Role = "leader_in_charge"  // 分管领导
	BureauHead       Role = "bureau_head"       // 主要领导
	Publisher        Role = "publisher"         // 网站管理员
	Supervisor       Role = "supervisor"        // 督查
	Auditor          Role = "auditor"           // 审计
	Admin            Role = "admin"             // 管理员
	Assembly         Role = "assembly"          // 人大、政协工作人员: decides on returns and extensions, brings ratings
	Deputy           Role = "deputy"            // 代表: by one-time link, on one case; nobody logs in with it
)

// Roles lists every role that a person with an account may hold, in the order of domain §3.
var Roles = []Role{
	Liaison, DivisionHead, Handler, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead,
	Publisher, Supervisor, Auditor, Admin, Assembly,
}

// formerLeaderInCharge is how the role was written until November 2026: in outcomes that are stored with events, which nobody may
// rewrite, in histories of the engine, and in rule packs that a bureau wrote itself.
const formerLeaderInCharge = "deputy_head"

// UnmarshalText implements encoding.TextUnmarshaler: it reads the former word for a leader in charge as the present one.
func (r *Role) UnmarshalText(text []byte) error {
	*r = Role(text)
	if *r == formerLeaderInCharge {
		*r = LeaderInCharge
	}
	return nil
}

// Person is as much of a person as the rules need.
type Person struct {
	ID       PersonID     `json:"id"`
	Roles    []Role       `json:"roles"`
	Division DivisionID   `json:"division"`         // where the person works
	Field    []DivisionID `json:"field"`            // 分管: the divisions a leader in charge answers for
	Took     []DivisionID `json:"took,omitempty"`   // the closed divisions whose work, and files, this one's has taken over (处室撤并)
	Covers   []Principal  `json:"covers,omitempty"` // 代理: whom the person may act for today
}

// Principal is somebody who is away and whom another covers for, with the rights that go over. Rights do not go over twice:
// a principal has no principals.
type Principal struct {
	ID       PersonID     `json:"id"`
	Roles    []Role       `json:"roles"`
	Division DivisionID   `json:"division"`
	Field    []DivisionID `json:"field"`
	Took     []DivisionID `json:"took,omitempty"`
}

// Person is the principal as the rules look at anybody.
func (p Principal) Person() Person {
	return Person{ID: p.ID, Roles: p.Roles, Division: p.Division, Field: p.Field, Took: p.Took}
}

// As is the person whose rights count when this one acts for another; false if this one does not cover for them.
func (p Person) As(other PersonID) (Person, bool) {
	for _, principal := range p.Covers {
		if principal.ID == other {
			return principal.Person(), true
		}
	}
	return Person{}, false
}

// Has reports whether the person holds the role.
func (p Person) Has(r Role) bool { return slices.Contains(p.Roles, r) }

// AnswersFor are the divisions whose work the person answers for: the one that they head, and those of their field.
func (p Person) AnswersFor() []DivisionID {
	divisions := slices.Clone(p.Field)
	if p.Has(DivisionHead) && p.Division != "" && !slices.Contains(divisions, p.Division) {
		divisions = append(divisions, p.Division)
	}
	return divisions
}

// outside reports whether the person is the deputy, or of the assembly, and holds no role in the bureau.
func (p Person) outside() bool {
	return !slices.ContainsFunc(p.Roles, func(r Role) bool { return r != Assembly && r != Deputy })
}

// Sees reports whether the person may open the case at all. What a publisher or somebody of the assembly sees of it is only
// what may be published; the assembly opens a case before it is answered while it is to decide on it.
func (p Person) Sees(s State) bool {
	answered := !s.Stage.Before(Answered) || s.Round > 1 || s.Corrects != (DocumentNumber{})
	asked := s.Stage == ReturnDecision || slices.ContainsFunc(s.Strands, func(r Strand) bool {
		return r.Kind == ExtensionStrand && r.Status == StrandEndorsed || r.Kind == ReceiptStrand && r.Status == StrandAsked
	})
	return p.SeesAll(s) || (p.Has(Publisher) || p.Has(Assembly)) && answered || p.Has(Assembly) && asked
}

// SeesAll reports whether the person sees everything of the case, the deputy's words and contact data too: those who act for
// the whole bureau see every case, a division's people the cases that it, or one that it has taken over, leads or co-handles, an added reviewer the case, an
// auditor closed cases, and whoever covers for one of them the same.
func (p Person) SeesAll(s State) bool {
	for _, r := range p.Roles {
		switch r {
		case Liaison, OfficeReviewer, LegalReviewer, OpennessReviewer, BureauHead, Supervisor:
			return true
		case LeaderInCharge:
			if slices.Contains(p.Field, s.Lead) || s.Lead == "" || s.Stage == ReturnReview {
				return true
			}
		case DivisionHead, Handler:
			if p.ofTheirs(s.Lead) || slices.ContainsFunc(s.CoHandling, p.ofTheirs) {
				return true
			}
		case Auditor:
			if s.Stage.Ended() {
				return true
			}
		}
	}
	for _, strand := range s.Strands {
		if strand.Person != "" && strand.Person == p.ID || strand.Division != "" && strand.Division == p.Division {
			return true
		}
	}
	return slices.ContainsFunc(p.Covers, func(principal Principal) bool { return principal.Person().SeesAll(s) })
}

// Theirs are the person's division and those that it has taken over; none for who works in none.
func (p Person) Theirs() []DivisionID {
	if p.Division == "" {
		return nil
	}
	return append([]DivisionID{p.Division}, p.Took...)
}

func (p Person) ofTheirs(d DivisionID) bool { return slices.Contains(p.Theirs(), d) }

// SeesName reports whether the person may read the name of a deputy who asked for secrecy (R16): the liaison, the head of
// the lead division, the handler, the leaders in charge, and those whom the request names.
func (p Person) SeesName(s State) bool {
	if !s.Secrecy || p.ID == s.Handler || slices.Contains(s.Cleared, p.ID) || p.Has(Liaison) || p.Has(BureauHead) {
		return true
	}
	return p.Has(DivisionHead) && p.ofTheirs(s.Lead) || p.Has(LeaderInCharge) && slices.Contains(p.Field, s.Lead) ||
		slices.ContainsFunc(p.Covers, func(principal Principal) bool { return principal.Person().SeesName(s) })
}
