// The kinds of action, what each says, and who may do it when: a new kind begins here.

package proposal

import "slices"

// Kind names an action that moves a case.
type Kind string

// Kinds of the main way.
const (
	Register          Kind = "register"           // 登记
	ProposeAssignment Kind = "propose_assignment" // 拟办
	CirculateReading  Kind = "circulate_reading"  // 参阅件传阅
	RequestReturn     Kind = "request_return"     // 申请退件
	EndorseReturn     Kind = "endorse_return"     // 同意申请退件
	DecideReturn      Kind = "decide_return"      // 交办机关的退件决定
	ApproveAssignment Kind = "approve_assignment" // 批示
	Accept            Kind = "accept"             // 处室接收并确定经办人
	Refuse            Kind = "refuse"             // 处室不接收
	Contact           Kind = "contact"            // 一次沟通
	Waive             Kind = "waive"              // 准予不经沟通起草
	Submit            Kind = "submit"             // 送审
	PassReview        Kind = "pass_review"        // 审核通过
	DecideOpenness    Kind = "decide_openness"    // 公开审查通过
	SendBack          Kind = "send_back"          // 退回
	Sign              Kind = "sign"               // 签发
	AssignNumber      Kind = "assign_number"      // 编号用印
	Dispatch          Kind = "dispatch"           // 送达
	ReportUp          Kind = "report_up"          // 上报
	Close             Kind = "close"              // 办结归档
)

// Kinds beside the main way.
const (
	Reroute            Kind = "reroute"             // 转办: another division
	Reassign           Kind = "reassign"            // 改派: another handler
	SignFor            Kind = "sign_for"            // 签收
	Recall             Kind = "recall"              // 撤回自己的上一步
	AskOpinion         Kind = "ask_opinion"         // 请会办
	WriteOpinion       Kind = "write_opinion"       // 写会办意见
	ApproveOpinion     Kind = "approve_opinion"     // 会办处室负责人同意
	SendBackOpinion    Kind = "send_back_opinion"   // 会办处室负责人退回
	RedoOpinion        Kind = "redo_opinion"        // 意见空泛，请重提
	WaiveOpinion       Kind = "waive_opinion"       // 逾期，不再等候
	CancelOpinion      Kind = "cancel_opinion"      // 不再需要
	ConsultOnDraft     Kind = "consult_on_draft"    // 征求意见
	CountersignDraft   Kind = "countersign"         // 会签
	ObjectToDraft      Kind = "object_to_draft"     // 会签不同意
	AddReviewer        Kind = "add_reviewer"        // 加签
	WithdrawReviewer   Kind = "withdraw_reviewer"   // 减签
	PassAddedReview    Kind = "pass_added_review"   // 加签同意
	ObjectAsAdded      Kind = "object_as_added"     // 加签不同意
	Tighten            Kind = "tighten"             // 改按重点件、涉及资金件审批
	AskExtension       Kind = "ask_extension"       // 申请延期
	EndorseExtension   Kind = "endorse_extension"   // 同意申请延期
	DeclineExtension   Kind = "decline_extension"   // 不同意申请延期
	DecideExtension    Kind = "decide_extension"    // 交办机关的延期决定
	TellExtension      Kind = "tell_extension"      // 告知代表
	Suspend            Kind = "suspend"             // 中止
	Resume             Kind = "resume"              // 恢复
	Publish            Kind = "publish"             // 公开
	CorrectPublication Kind = "correct_publication" // 更正
	TakeDown           Kind = "take_down"           // 撤下
	Reexamine          Kind = "reexamine"           // 不予公开的复核
	RecordReceipt      Kind = "record_receipt"      // 回执
	RecordFeedback     Kind = "record_feedback"     // 代表反馈
	RateAsCoSigner     Kind = "rate_as_co_signer"   // 附议人评价
	NoteSilence        Kind = "note_silence"        // 未反馈
	ReportMilestone    Kind = "report_milestone"    // 承诺进展
	ChangeCommitment   Kind = "change_commitment"   // 承诺调整
	FulfilCommitment   Kind = "fulfil_commitment"   // 承诺兑现
	ReplyAgain         Kind = "reply_again"         // 再次答复
	Urge               Kind = "urge"                // 催办
	AnswerUrge         Kind = "answer_urge"         // 答复催办
	Merge              Kind = "merge"               // 并案
	Unmerge            Kind = "unmerge"             // 取消并案
	AskSecrecy         Kind = "ask_secrecy"         // 要求保密
	Withdraw           Kind = "withdraw"            // 撤案
	Amend              Kind = "amend"               // 更正登记
	Reopen             Kind = "reopen"              // 恢复办理
	VoidNumber         Kind = "void_number"         // 作废文号
	CorrectReply       Kind = "correct_reply"       // 更正答复
	CorrectRating      Kind = "correct_rating"      // 更正评价
	CorrectContact     Kind = "correct_contact"     // 更正联系记录
)

// Kinds of the system.
const (
	Ring     Kind = "ring"      // a bell of a clock rang
	Recount  Kind = "recount"   // a year's calendar arrived or changed: provisional deadlines are counted again
	Vacate   Kind = "vacate"    // 人员变动: somebody has left, moved or lost a role, and what they had goes back to its pool
	HandOver Kind = "hand_over" // 交接: one thing that somebody has goes to a colleague, by order of an administrator
	Regroup  Kind = "regroup"   // 处室撤并: a division is closed, and what it had goes to the one that takes over
)

// inputs makes an empty input of each kind.
var inputs = map[Kind]func() Input{
	Register:          func() Input { return &Registration{} },
	ProposeAssignment: func() Input { return &RoutingOpinion{} },
	CirculateReading:  func() Input { return &ReadingNote{} },
	RequestReturn:     func() Input { return &ReturnRequest{} },
	EndorseReturn:     func() Input { return &Endorsement{} },
	DecideReturn:      func() Input { return &ReturnVerdict{} },
	ApproveAssignment: func() Input { return &Instruction{} },
	Accept:            func() Input { return &Acceptance{} },
	Refuse:            func() Input { return &DivisionRefusal{} },
	Contact:           func() Input { return &Consultation{} },
	Waive:             func() Input { return &ConsultationWaiver{} },
	Submit:            func() Input { return &Submission{} },
	PassReview:        func() Input { return &ReviewPass{} },
	DecideOpenness:    func() Input { return &OpennessDecision{} },
	SendBack:          func() Input { return &SendingBack{} },
	Sign:              func() Input { return &Signature{} },
	AssignNumber:      func() Input { return &NumberAssignment{} },
	Dispatch:          func() Input { return &DispatchNote{} },
	ReportUp:          func() Input { return &UpwardReport{} },
	Close:             func() Input { return &ClosureNote{} },

	Reroute:            func() Input { return &Rerouting{} },
	Reassign:           func() Input { return &Reassignment{} },
	SignFor:            func() Input { return &SigningFor{} },
	Recall:             func() Input { return &Recalling{} },
	AskOpinion:         func() Input { return &OpinionRequest{} },
	WriteOpinion:       func() Input { return &WrittenOpinion{} },
	ApproveOpinion:     func() Input { return &OpinionApproval{} },
	SendBackOpinion:    func() Input { return &OpinionReturn{} },
	RedoOpinion:        func() Input { return &OpinionRedo{} },
	WaiveOpinion:       func() Input { return &OpinionWaiver{} },
	CancelOpinion:      func() Input { return &OpinionCancellation{} },
	ConsultOnDraft:     func() Input { return &DraftConsultation{} },
	CountersignDraft:   func() Input { return &Countersignature{} },
	ObjectToDraft:      func() Input { return &CountersignObjection{} },
	AddReviewer:        func() Input { return &AddedReviewer{} },
	WithdrawReviewer:   func() Input { return &ReviewerWithdrawal{} },
	PassAddedReview:    func() Input { return &AddedPass{} },
	ObjectAsAdded:      func() Input { return &AddedObjection{} },
	Tighten:            func() Input { return &Tightening{} },
	AskExtension:       func() Input { return &ExtensionRequest{} },
	EndorseExtension:   func() Input { return &ExtensionEndorsement{} },
	DeclineExtension:   func() Input { return &ExtensionRefusal{} },
	DecideExtension:    func() Input { return &ExtensionVerdict{} },
	TellExtension:      func() Input { return &ExtensionNotice{} },
	Suspend:            func() Input { return &SuspensionOrder{} },
	Resume:             func() Input { return &Resumption{} },
	Publish:            func() Input { return &PublicationOrder{} },
	CorrectPublication: func() Input { return &Correction{} },
	TakeDown:           func() Input { return &Takedown{} },
	Reexamine:          func() Input { return &Reexamination{} },
	RecordReceipt:      func() Input { return &Receipt{} },
	RecordFeedback:     func() Input { return &Feedback{} },
	RateAsCoSigner:     func() Input { return &CoSignerRating{} },
	NoteSilence:        func() Input { return &SilenceNote{} },
	ReportMilestone:    func() Input { return &Milestone{} },
	ChangeCommitment:   func() Input { return &CommitmentChange{} },
	FulfilCommitment:   func() Input { return &Fulfilment{} },
	ReplyAgain:         func() Input { return &SecondReply{} },
	Urge:               func() Input { return &UrgeNote{} },
	AnswerUrge:         func() Input { return &UrgeAnswer{} },
	Merge:              func() Input { return &Merging{} },
	Unmerge:            func() Input { return &Unmerging{} },
	AskSecrecy:         func() Input { return &SecrecyRequest{} },
	Withdraw:           func() Input { return &Withdrawal{} },
	Amend:              func() Input { return &Amendment{} },
	Reopen:             func() Input { return &Reopening{} },
	VoidNumber:         func() Input { return &Voiding{} },
	CorrectReply:       func() Input { return &ReplyCorrection{} },
	CorrectRating:      func() Input { return &RatingCorrection{} },
	CorrectContact:     func() Input { return &ContactCorrection{} },

	Ring:     func() Input { return &RungClock{} },
	Recount:  func() Input { return &Recounting{} },
	Vacate:   func() Input { return &Vacancy{} },
	HandOver: func() Input { return &Handover{} },
	Regroup:  func() Input { return &Regrouping{} },
}

// Transition is one row of the table of the main way: who may do what in which stage, and where the case may go from there.
type Transition struct {
	Kind Kind
	From Stage
	To   []Stage // every stage the action may lead to; the input decides which
	Who  Actors
}

// SideStep is one row of the table of what happens beside the main way: an action on a [Strand], or one that belongs to no
// stage in particular.
type SideStep struct {
	Kind   Kind
	During []Stage        // where the main way may stand; nil: anywhere before the end
	Strand StrandKind     // "": it concerns the case itself
	From   []StrandStatus // nil: it begins a strand
	To     []StrandStatus
	Moves  []Stage // where it may take the main way; nil: it does not move it
	Who    Actors
}

// Actors says who may do an action. The zero value is the system.
type Actors struct {
	Roles []Role // any of these
	Scope Scope
}

// Scope narrows a role to the people of this case.
type Scope string

const (
	AnyHolder  Scope = ""            // whoever holds the role
	InCharge   Scope = "in_charge"   // a leader in charge whose field the lead division is in, a head of that division; any other role always
	OfDivision Scope = "of_division" // people of the lead division
	OfCase     Scope = "of_case"     // the handler of the case; a division head of the lead division may stand in
	InTurn     Scope = "in_turn"     // whoever the stage waits for; besides them, as OfCase
	HandlerOf  Scope = "handler_of"  // the handler of the case only
	SignerOf   Scope = "signer_of"   // whom the rule pack names (R7), in charge of the lead division
	OfUnit     Scope = "of_unit"     // people of the strand's division
	NamedOnly  Scope = "named_only"  // the person whom the strand names, whatever the role
	WasLast    Scope = "was_last"    // whoever acted last on the main way
)

var (
	byLiaison   = Actors{[]Role{Liaison}, AnyHolder}
	byLeaders   = Actors{[]Role{LeaderInCharge, BureauHead}, InCharge}
	byHead      = Actors{[]Role{DivisionHead}, OfDivision}
	byHandler   = Actors{[]Role{Handler, DivisionHead}, OfCase}
	bySigner    = Actors{[]Role{LeaderInCharge, BureauHead}, SignerOf}
	byUnit      = Actors{[]Role{Handler, DivisionHead}, OfUnit}
	byUnitHead  = Actors{[]Role{DivisionHead}, OfUnit}
	byAssigning = Actors{[]Role{Liaison, Assembly}, AnyHolder} // the assigning body itself, or the liaison who holds its letter
	byTurn      = Actors{[]Role{Liaison, Handler, DivisionHead, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, InTurn}
	byReviewers = Actors{[]Role{DivisionHead, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, InCharge}
	byPublisher = Actors{[]Role{Publisher}, AnyHolder}
	byWatchers  = Actors{[]Role{Supervisor, Liaison, LeaderInCharge, BureauHead}, InCharge}
)

// Table is the main way as data: what may follow what. The workflow says what happens at each step.
var Table = []Transition{
	{Register, Unregistered, []Stage{Registered, Closed}, byLiaison},

	{ProposeAssignment, Registered, []Stage{Assigning}, byLiaison},
	{CirculateReading, Registered, []Stage{Closing}, byLiaison},
	{RequestReturn, Registered, []Stage{ReturnReview}, byLiaison},
	{EndorseReturn, ReturnReview, []Stage{ReturnDecision}, byLeaders},
	{SendBack, ReturnReview, []Stage{Registered}, byLeaders},
	{DecideReturn, ReturnDecision, []Stage{Returned, Registered}, byAssigning},
	{ApproveAssignment, Assigning, []Stage{Accepting}, byLeaders},
	{SendBack, Assigning, []Stage{Registered}, byLeaders},
	{Accept, Accepting, []Stage{Consulting, Drafting}, byHead},
	{Refuse, Accepting, []Stage{Registered}, byHead},

	{Contact, Consulting, []Stage{Consulting, Drafting}, byHandler},
	{Waive, Consulting, []Stage{Drafting}, byHead},

	{Submit, Drafting, []Stage{DivisionReview}, Actors{[]Role{Handler}, HandlerOf}},

	{PassReview, DivisionReview, []Stage{OfficeReview, LegalReview, OpennessReview, SignOff}, byHead},
	{SendBack, DivisionReview, []Stage{Consulting, Drafting}, byHead},
	{PassReview, OfficeReview, []Stage{LegalReview, OpennessReview, SignOff}, Actors{[]Role{OfficeReviewer}, AnyHolder}},
	{SendBack, OfficeReview, []Stage{Consulting, Drafting, DivisionReview}, Actors{[]Role{OfficeReviewer}, AnyHolder}},
	{PassReview, LegalReview, []Stage{OpennessReview, SignOff}, Actors{[]Role{LegalReviewer}, AnyHolder}},
	{SendBack, LegalReview, []Stage{Consulting, Drafting, DivisionReview, OfficeReview}, Actors{[]Role{LegalReviewer}, AnyHolder}},
	{DecideOpenness, OpennessReview, []Stage{SignOff}, Actors{[]Role{OpennessReviewer}, AnyHolder}},
	{SendBack, OpennessReview, []Stage{Drafting, DivisionReview, OfficeReview, LegalReview}, Actors{[]Role{OpennessReviewer}, AnyHolder}},

	{Sign, SignOff, []Stage{Numbering}, bySigner},
	{SendBack, SignOff, []Stage{Consulting, Drafting, DivisionReview, OfficeReview, LegalReview, OpennessReview}, bySigner},

	{AssignNumber, Numbering, []Stage{Dispatching}, byLiaison},
	{SendBack, Numbering, []Stage{Drafting, SignOff}, byLiaison},
	{VoidNumber, Dispatching, []Stage{Drafting, SignOff, Numbering}, byLiaison},
	{Dispatch, Dispatching, []Stage{Answered, Closing}, byLiaison},
	{ReportUp, ReportingUp, []Stage{Closing}, byLiaison},
	{Close, Closing, []Stage{Closed}, byLiaison},
}

var (
	beforeReview  = []Stage{Accepting, Consulting, Drafting}
	underReview   = []Stage{DivisionReview, OfficeReview, LegalReview, OpennessReview, SignOff}
	beforeSending = append([]Stage{Registered, Assigning, Accepting, Consulting, Drafting}, append(slices.Clone(underReview), Numbering, Dispatching)...)
	handling      = append([]Stage{Consulting, Drafting}, underReview...)
	afterSending  = []Stage{Answered, ReportingUp, Closing, Closed}
	onceAnswered  = append(slices.Clone(beforeSending), afterSending...) // a rating may have opened another round
)

// SideTable is what may happen beside the main way.
var SideTable = []SideStep{
	// Hands: 转办, 改派, 撤回.
	{Kind: Reroute, During: beforeReview, Moves: []Stage{Accepting}, Who: byLeaders},
	{Kind: Reassign, During: handling, Who: byHead},
	{Kind: Recall, Who: Actors{[]Role{Liaison, DivisionHead, Handler, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead}, WasLast}, Moves: Stages},

	// 签收: what was assigned to the bureau is signed for, where the pack says by when.
	{Kind: SignFor, Strand: ReceiptStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandReceived}, Who: byLiaison},

	// 会办: asked, written by the unit's people, approved by its head, and given to the lead division; a weak one is redone.
	{Kind: AskOpinion, During: []Stage{Consulting, Drafting}, Strand: OpinionStrand, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: WriteOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandWritten, StrandGiven}, Who: byUnit},
	{Kind: ApproveOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandWritten}, To: []StrandStatus{StrandGiven}, Who: byUnitHead},
	{Kind: SendBackOpinion, Strand: OpinionStrand, From: []StrandStatus{StrandWritten}, To: []StrandStatus{StrandAsked}, Who: byUnitHead},
	{Kind: RedoOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandGiven}, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: WaiveOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandAsked, StrandWritten}, To: []StrandStatus{StrandWaived}, Who: byHead},
	{Kind: CancelOpinion, During: handling, Strand: OpinionStrand, From: []StrandStatus{StrandAsked, StrandWritten}, To: []StrandStatus{StrandCancelled}, Who: byHandler},

	// 征求意见: the deputy reads the draft.
	{Kind: ConsultOnDraft, During: []Stage{Drafting}, Who: byHandler},

	// 会签, 加签, and a stricter chain in the middle of a case.
	{Kind: CountersignDraft, During: underReview, Strand: CountersignStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandPassed}, Who: byUnitHead},
	{Kind: ObjectToDraft, During: underReview, Strand: CountersignStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandCancelled}, Moves: []Stage{Drafting}, Who: byUnitHead},
	{Kind: AddReviewer, During: underReview, Strand: AddedReviewStrand, To: []StrandStatus{StrandAsked}, Who: byReviewers},
	{Kind: WithdrawReviewer, During: underReview, Strand: AddedReviewStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandCancelled}, Who: byReviewers},
	{Kind: PassAddedReview, During: underReview, Strand: AddedReviewStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandPassed}, Who: Actors{Scope: NamedOnly}},
	{Kind: ObjectAsAdded, During: underReview, Strand: AddedReviewStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandCancelled}, Moves: []Stage{Drafting}, Who: Actors{Scope: NamedOnly}},
	{Kind: Tighten, During: beforeSending[:len(beforeSending)-1], Moves: append(slices.Clone(underReview), Numbering), Who: byWatchers},

	// 延期: asked by the division, supported by the leader in charge, granted by the assigning body, told to the deputy.
	{Kind: AskExtension, During: append(slices.Clone(handling), Accepting), Strand: ExtensionStrand, To: []StrandStatus{StrandAsked}, Who: byHandler},
	{Kind: EndorseExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandEndorsed}, Who: byLeaders},
	{Kind: DeclineExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandDeclined}, Who: byLeaders},
	{Kind: DecideExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandEndorsed}, To: []StrandStatus{StrandGranted, StrandDeclined}, Who: byAssigning},
	{Kind: TellExtension, Strand: ExtensionStrand, From: []StrandStatus{StrandGranted}, To: []StrandStatus{StrandTold}, Who: byHandler},

	// 中止, where the pack allows it.
	{Kind: Suspend, During: handling, Strand: SuspensionStrand, To: []StrandStatus{StrandRunning}, Who: byLeaders},
	{Kind: Resume, Strand: SuspensionStrand, From: []StrandStatus{StrandRunning}, To: []StrandStatus{StrandResumed}, Who: Actors{[]Role{Liaison, LeaderInCharge, BureauHead}, InCharge}},

	// 公开 and what may follow it.
	{Kind: Publish, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandUnpublished}, To: []StrandStatus{StrandPublished}, Moves: []Stage{Closing}, Who: byPublisher},
	{Kind: CorrectPublication, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandPublished, StrandTakenDown}, To: []StrandStatus{StrandPublished}, Who: byPublisher},
	{Kind: TakeDown, During: Stages, Strand: PublicationStrand, From: []StrandStatus{StrandPublished}, To: []StrandStatus{StrandTakenDown}, Who: byPublisher},
	{Kind: Reexamine, During: afterSending, Strand: PublicationStrand, From: []StrandStatus{StrandWithheld}, To: []StrandStatus{StrandUnpublished, StrandWithheld}, Who: Actors{[]Role{OpennessReviewer}, AnyHolder}},

	// 送达回执, 征询意见: the rating is the deputy's, brought by a one-time link or on a scan (R12).
	{Kind: RecordReceipt, During: afterSending, Who: byLiaison},
	{Kind: RecordFeedback, During: afterSending, Strand: FeedbackStrand, From: []StrandStatus{StrandAsked, StrandSilent}, To: []StrandStatus{StrandRated, StrandDissatisfied}, Moves: []Stage{Closing, Assigning, ReportingUp}, Who: Actors{[]Role{Deputy, Assembly, Liaison}, AnyHolder}},
	{Kind: RateAsCoSigner, During: afterSending, Who: Actors{[]Role{Deputy, Assembly, Liaison}, AnyHolder}},
	{Kind: NoteSilence, During: []Stage{Answered}, Strand: FeedbackStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandSilent}, Moves: []Stage{Closing}, Who: byLiaison},

	// 承诺: kept up for years, closed case or not (R14).
	{Kind: ReportMilestone, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandPromised}, Who: byHandler},
	{Kind: ChangeCommitment, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandPromised}, Who: byHead},
	{Kind: FulfilCommitment, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandPromised}, To: []StrandStatus{StrandFulfilled}, Who: byHandler},
	{Kind: ReplyAgain, During: nil, Strand: CommitmentStrand, From: []StrandStatus{StrandFulfilled}, To: []StrandStatus{StrandReplied}, Who: byHandler},

	// 催办, 督办.
	{Kind: Urge, Strand: UrgeStrand, To: []StrandStatus{StrandAsked}, Who: byWatchers},
	{Kind: AnswerUrge, Strand: UrgeStrand, From: []StrandStatus{StrandAsked}, To: []StrandStatus{StrandAnswered}, Who: byTurn},

	// 并案, 保密, 撤案.
	{Kind: Merge, During: beforeSending, Who: byLiaison},
	{Kind: Unmerge, During: beforeSending, Who: byLiaison},
	{Kind: AskSecrecy, Moves: []Stage{Closing}, Who: Actors{[]Role{Liaison, Handler, DivisionHead}, OfCase}},
	{Kind: Withdraw, Moves: []Stage{Withdrawn}, Who: byLiaison},

	// 更正, 恢复: what was recorded wrongly, and what had ended or gone out by mistake.
	{Kind: Amend, During: Stages, Moves: append([]Stage{Drafting, Closing}, underReview...), Who: Actors{[]Role{Liaison, Handler, DivisionHead}, OfCase}},
	{Kind: Reopen, During: []Stage{Closed, Returned, Withdrawn}, Moves: Stages, Who: Actors{[]Role{Liaison, LeaderInCharge, BureauHead}, InCharge}},
	{Kind: CorrectReply, During: afterSending, Moves: []Stage{Consulting, Drafting}, Who: Actors{[]Role{DivisionHead, LeaderInCharge, BureauHead}, InCharge}},
	{Kind: CorrectRating, During: onceAnswered, Strand: FeedbackStrand, From: []StrandStatus{StrandRated, StrandDissatisfied}, To: []StrandStatus{StrandRated, StrandDissatisfied}, Moves: []Stage{Answered, Closing, Assigning, ReportingUp}, Who: Actors{[]Role{Assembly, Liaison}, AnyHolder}},
	{Kind: CorrectContact, During: onceAnswered, Moves: []Stage{Consulting, Drafting}, Who: byHandler},
}

// bySystem are the actions of clocks, calendars and the lists of people and divisions: they may come in any stage of a registered case and leave
// it there.
var bySystem = []Kind{Ring, Recount, Vacate, HandOver, Regroup}
