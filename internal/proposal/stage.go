package proposal

import "slices"

// Stage says what a case is waiting for on its main way. It is the state of the transition table; what runs beside the main
// way is a [Strand].
type Stage string

const (
	Unregistered   Stage = ""                // before intake
	Registered     Stage = "registered"      // 登记: the liaison's routing opinion (拟办意见)
	ReturnReview   Stage = "return_review"   // 退件: the leader in charge looks at the liaison's request
	ReturnDecision Stage = "return_decision" // 退件: the assigning body decides
	Assigning      Stage = "assignment"      // 分办: the leader in charge's instruction (批示)
	Accepting      Stage = "acceptance"      // 分办: the division head accepts or refuses
	Consulting     Stage = "consultation"    // 沟通: the handler reaches the deputy
	Drafting       Stage = "drafting"        // 拟稿
	DivisionReview Stage = "division_review" // 审核: 处室
	OfficeReview   Stage = "office_review"   // 审核: 核稿
	LegalReview    Stage = "legal_review"    // 审核: 法规
	OpennessReview Stage = "openness_review" // 审核: 公开审查
	SignOff        Stage = "sign_off"        // 签发
	Numbering      Stage = "numbering"       // 编号用印
	Dispatching    Stage = "dispatch"        // 送达
	Answered       Stage = "answered"        // 已答复: 公开 ∥ 征询意见
	ReportingUp    Stage = "report_up"       // 上报: dissatisfied in the last round that the pack allows
	Closing        Stage = "closure"         // 办结归档
	Closed         Stage = "closed"          // the end; commitments outlive it
	Returned       Stage = "returned"        // 已退件: the assigning body took it back
	Withdrawn      Stage = "withdrawn"       // 已撤案: the proposers took it back
)

// Stages lists every stage of a registered case, in the order of the process.
var Stages = []Stage{
	Registered, ReturnReview, ReturnDecision, Assigning, Accepting, Consulting, Drafting, DivisionReview, OfficeReview, LegalReview,
	OpennessReview, SignOff, Numbering, Dispatching, Answered, ReportingUp, Closing, Closed, Returned, Withdrawn,
}

// Ended reports whether nothing more is to be done on the main way.
func (s Stage) Ended() bool { return s == Closed || s == Returned || s == Withdrawn }

// Step is a station of the stage line that people see; several stages may share one.
type Step string

const (
	StepRegistration Step = "registration" // 登记
	StepAssignment   Step = "assignment"   // 分办
	StepConsultation Step = "consultation" // 沟通
	StepCoHandling   Step = "co_handling"  // 会办: runs beside; no stage stands at it
	StepDrafting     Step = "drafting"     // 拟稿
	StepReview       Step = "review"       // 审核
	StepSignOff      Step = "sign_off"     // 签发
	StepNumbering    Step = "numbering"    // 编号用印
	StepDispatch     Step = "dispatch"     // 送达
	StepFollowUp     Step = "follow_up"    // 公开、征询意见
	StepClosure      Step = "closure"      // 办结
)

// Steps lists the stations in order.
var Steps = []Step{
	StepRegistration, StepAssignment, StepConsultation, StepCoHandling, StepDrafting, StepReview,
	StepSignOff, StepNumbering, StepDispatch, StepFollowUp, StepClosure,
}

var stepOf = map[Stage]Step{
	Registered: StepAssignment, ReturnReview: StepAssignment, ReturnDecision: StepAssignment,
	Assigning: StepAssignment, Accepting: StepAssignment,
	Consulting: StepConsultation, Drafting: StepDrafting,
	DivisionReview: StepReview, OfficeReview: StepReview, LegalReview: StepReview, OpennessReview: StepReview,
	SignOff: StepSignOff, Numbering: StepNumbering, Dispatching: StepDispatch,
	Answered: StepFollowUp, ReportingUp: StepFollowUp,
	Closing: StepClosure, Closed: StepClosure, Returned: StepClosure, Withdrawn: StepClosure,
}

// Step is the station at which a case in this stage stands. Registration is done the moment a case exists, so a
// registered case stands at assignment; an unregistered one at registration.
func (s Stage) Step() Step {
	if step, ok := stepOf[s]; ok {
		return step
	}
	return StepRegistration
}

// Before reports whether s comes earlier in the process than other.
func (s Stage) Before(other Stage) bool { return slices.Index(Stages, s) < slices.Index(Stages, other) }
