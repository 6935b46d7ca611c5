package proposal

// Stage says what a case is waiting for. It is the state of the transition table.
type Stage string

const (
	Unregistered   Stage = ""                // before intake
	Registered     Stage = "registered"      // 登记: the liaison's routing opinion (拟办意见)
	Assigning      Stage = "assignment"      // 分办: the deputy head's instruction (批示)
	Accepting      Stage = "acceptance"      // 分办: the division head accepts or refuses
	Consulting     Stage = "consultation"    // 沟通: the handler reaches the deputy
	Drafting       Stage = "drafting"        // 拟稿
	DivisionReview Stage = "division_review" // 审核: 处室
	OfficeReview   Stage = "office_review"   // 审核: 核稿
	OpennessReview Stage = "openness_review" // 审核: 公开审查
	SignOff        Stage = "sign_off"        // 签发
	Numbering      Stage = "numbering"       // 编号用印
	Dispatching    Stage = "dispatch"        // 送达
	Publishing     Stage = "publication"     // 公开
	Closing        Stage = "closure"         // 办结归档
	Closed         Stage = "closed"          // the end
)

// Stages lists every stage of a registered case, in the order of the process.
var Stages = []Stage{
	Registered, Assigning, Accepting, Consulting, Drafting, DivisionReview, OfficeReview, OpennessReview,
	SignOff, Numbering, Dispatching, Publishing, Closing, Closed,
}

// Step is a station of the stage line that people see; several stages may share one.
type Step string

const (
	StepRegistration Step = "registration" // 登记
	StepAssignment   Step = "assignment"   // 分办
	StepConsultation Step = "consultation" // 沟通
	StepDrafting     Step = "drafting"     // 拟稿
	StepReview       Step = "review"       // 审核
	StepSignOff      Step = "sign_off"     // 签发
	StepNumbering    Step = "numbering"    // 编号用印
	StepDispatch     Step = "dispatch"     // 送达
	StepPublication  Step = "publication"  // 公开
	StepClosure      Step = "closure"      // 办结
)

// Steps lists the stations in order.
var Steps = []Step{
	StepRegistration, StepAssignment, StepConsultation, StepDrafting, StepReview,
	StepSignOff, StepNumbering, StepDispatch, StepPublication, StepClosure,
}

var stepOf = map[Stage]Step{
	Registered: StepAssignment, Assigning: StepAssignment, Accepting: StepAssignment,
	Consulting: StepConsultation, Drafting: StepDrafting,
	DivisionReview: StepReview, OfficeReview: StepReview, OpennessReview: StepReview,
	SignOff: StepSignOff, Numbering: StepNumbering, Dispatching: StepDispatch,
	Publishing: StepPublication, Closing: StepClosure, Closed: StepClosure,
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
func (s Stage) Before(other Stage) bool { return s.index() < other.index() }

func (s Stage) index() int {
	for i, stage := range Stages {
		if stage == s {
			return i
		}
	}
	return -1
}
