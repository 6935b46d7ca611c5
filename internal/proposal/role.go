package proposal

import "slices"

// Role is what a person may be in the bureau (domain §3). One person may have several.
type Role string

const (
	Liaison          Role = "liaison"           // 联络员
	DivisionHead     Role = "division_head"     // 处室负责人
	Handler          Role = "handler"           // 经办人
	OfficeReviewer   Role = "office_reviewer"   // 核稿
	OpennessReviewer Role = "openness_reviewer" // 公开审查
	DeputyHead       Role = "deputy_head"       // 分管领导
	BureauHead       Role = "bureau_head"       // 主要领导
	Publisher        Role = "publisher"         // 网站管理员
	Supervisor       Role = "supervisor"        // 督查
	Auditor          Role = "auditor"           // 审计
	Admin            Role = "admin"             // 管理员
)

// Roles lists every role, in the order of domain §3.
var Roles = []Role{
	Liaison, DivisionHead, Handler, OfficeReviewer, OpennessReviewer, DeputyHead, BureauHead,
	Publisher, Supervisor, Auditor, Admin,
}

// Person is as much of a person as the rules need.
type Person struct {
	ID       PersonID     `json:"id"`
	Roles    []Role       `json:"roles"`
	Division DivisionID   `json:"division"` // where the person works
	Field    []DivisionID `json:"field"`    // 分管: the divisions a deputy head answers for
}

// Has reports whether the person holds the role.
func (p Person) Has(r Role) bool { return slices.Contains(p.Roles, r) }

// Sees reports whether the person may open the case at all. What a publisher sees of it is only what may be published.
func (p Person) Sees(s State) bool {
	return p.SeesAll(s) || p.Has(Publisher) && (s.Stage == Publishing || !s.PublishedOn.IsZero())
}

// SeesAll reports whether the person sees everything of the case, the deputy's words and contact data too: those who act for
// the whole bureau see every case, a division's people the cases it leads or co-handles, an auditor closed cases.
func (p Person) SeesAll(s State) bool {
	for _, r := range p.Roles {
		switch r {
		case Liaison, OfficeReviewer, OpennessReviewer, BureauHead, Supervisor:
			return true
		case DeputyHead:
			if slices.Contains(p.Field, s.Lead) {
				return true
			}
		case DivisionHead, Handler:
			if p.Division != "" && (p.Division == s.Lead || slices.Contains(s.CoHandling, p.Division)) {
				return true
			}
		case Auditor:
			if s.Stage == Closed {
				return true
			}
		}
	}
	return false
}
