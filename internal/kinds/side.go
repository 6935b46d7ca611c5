package kinds

import (
	"slices"
	"strconv"

	"github.com/banli/banli/internal/proposal"
)

var coHandlingRows = []Row{
	{
		Kind: proposal.AskOpinion, Side: CoHandling, Past: AboutCoHandling,
		Fields: []Field{
			{Name: "division", Control: Select, Choices: from(OtherDivisions)},
			{Name: "unit", Control: Text, Hint: one("form.unit_hint"), Beside: true, From: FromUnits, Reach: true},
			{Name: "points", Control: Ticks, Choices: from(Points)},
			words("question"),
			{Name: "due_on", Control: Day, Hint: one("form.opinion_due_hint")},
		},
		Tells: toldAbout(func(t Teller, in *proposal.OpinionRequest) string {
			if in.Division != "" {
				return t.Division(in.Division)
			}
			return in.Unit
		}),
	},
	{
		Kind: proposal.WriteOpinion, Side: CoHandling, Past: AboutCoHandling, On: []proposal.Kind{proposal.AskOpinion},
		Does: []proposal.Ask{proposal.AskForOpinion, proposal.AskForOutsideOpinion},
		Fields: []Field{
			{Name: "text", Control: Long, Said: true},
			{Name: "figures", Control: Area, Full: true, Hint: one("form.optional")},
			{Name: "contact", Control: Text, Full: true, Hint: one("form.optional")},
			{Name: "publish", Control: Tick},
		},
	},
	{
		Kind: proposal.ApproveOpinion, Side: CoHandling, Past: AboutCoHandling, On: []proposal.Kind{proposal.AskOpinion, proposal.WriteOpinion},
		Does:   []proposal.Ask{proposal.AskToApproveOpinion},
		Fields: []Field{remark("comment")},
	},
	{
		Kind: proposal.SendBackOpinion, Side: CoHandling, Past: AboutCoHandling, On: []proposal.Kind{proposal.AskOpinion, proposal.WriteOpinion},
		Does:   []proposal.Ask{proposal.AskToApproveOpinion},
		Fields: []Field{reason},
	},
	{Kind: proposal.RedoOpinion, Side: CoHandling, Past: AboutCoHandling, On: []proposal.Kind{proposal.WriteOpinion}, Fields: []Field{reason}},
	{Kind: proposal.WaiveOpinion, Side: CoHandling, Past: AboutCoHandling, Fields: []Field{reason}},
	{Kind: proposal.CancelOpinion, Side: CoHandling, Past: AboutCoHandling, Fields: []Field{reason}},
}

var timeRows = []Row{
	{
		Kind: proposal.AskExtension, Side: Time, Past: AboutTime,
		Fields: []Field{until, reason},
		Tells: told(func(t Teller, in *proposal.ExtensionRequest) string {
			return t.T("event.asked_until", "Date", t.Date(in.Until))
		}),
	},
	{
		Kind: proposal.EndorseExtension, Side: Time, Past: AboutTime, On: []proposal.Kind{proposal.AskExtension},
		Does:   []proposal.Ask{proposal.AskToEndorseExtension},
		Fields: []Field{remark("text")},
	},
	{
		Kind: proposal.DeclineExtension, Side: Time, Past: AboutTime, On: []proposal.Kind{proposal.AskExtension},
		Does:   []proposal.Ask{proposal.AskToEndorseExtension},
		Fields: []Field{reason},
	},
	{
		Kind: proposal.DecideExtension, Side: Time, Past: AboutTime, On: []proposal.Kind{proposal.AskExtension, proposal.EndorseExtension},
		Does:   []proposal.Ask{proposal.AskForExtension},
		Fields: []Field{{Name: "granted", Control: Tick}, until, words("text")},
		Tells: told(func(t Teller, in *proposal.ExtensionVerdict) string {
			if in.Granted {
				return t.T("event.extension.yes", "Date", t.Date(in.Until))
			}
			return t.T("event.extension.no")
		}),
	},
	{
		Kind: proposal.TellExtension, Side: Time, Past: AboutContact, On: []proposal.Kind{proposal.DecideExtension},
		Does:   []proposal.Ask{proposal.AskToTellExtension},
		Fields: []Field{mode, remark("words")},
	},
	{
		Kind: proposal.SignFor, Side: Time, Past: AboutTime,
		Does:   []proposal.Ask{proposal.AskToSignFor},
		Fields: []Field{{Name: "signed_on", Control: Day, Opens: func(c Case) string { return c.Today.String() }}, remark("text")},
		Tells:  toldAbout(func(t Teller, in *proposal.SigningFor) string { return t.Date(in.SignedOn) }),
	},
	{Kind: proposal.Suspend, Side: Time, Past: AboutTime, Fields: []Field{reason}},
	{Kind: proposal.Resume, Side: Time, Past: AboutTime, Fields: []Field{reason}},
	{
		Kind: proposal.Urge, Side: Time, Past: AboutTime, Verb: true,
		Fields: []Field{{Name: "text", Control: Area, Said: true, Hint: func(w Words, c Case) string {
			return w.T("form.urge_hint", "N", c.Pack.Urge.DaysBetween)
		}}},
	},
	{
		Kind: proposal.AnswerUrge, Side: Time, Past: AboutTime, On: []proposal.Kind{proposal.Urge},
		Does:   []proposal.Ask{proposal.AskToAnswerUrge},
		Fields: []Field{words("text")},
	},
}

var reviewRows = []Row{
	{
		Kind: proposal.CountersignDraft, Side: Review, Page: ReviewPage, Read: true, Decide: Together, Past: AboutDraft,
		Does:   []proposal.Ask{proposal.AskToCountersign},
		Fields: []Field{readText, remark("comment")},
	},
	{
		Kind: proposal.ObjectToDraft, Side: Review, Page: ReviewPage, Past: AboutDraft, Back: true,
		Does:   []proposal.Ask{proposal.AskToCountersign},
		Fields: []Field{reason},
	},
	{
		Kind: proposal.AddReviewer, Side: Review, Past: AboutDraft,
		Fields: []Field{{Name: "person", Control: Select, Choices: from(Reviewers)}, reason},
		Tells:  toldAbout(func(t Teller, in *proposal.AddedReviewer) string { return t.Person(in.Person) }),
	},
	{Kind: proposal.WithdrawReviewer, Side: Review, Past: AboutDraft, Back: true, Does: []proposal.Ask{proposal.AskToReplaceReviewer}, Fields: []Field{reason}},
	{
		Kind: proposal.PassAddedReview, Side: Review, Page: ReviewPage, Read: true, Decide: Together, Past: AboutDraft,
		Does:   []proposal.Ask{proposal.AskForAddedReview},
		Fields: []Field{readText, remark("comment")},
	},
	{
		Kind: proposal.ObjectAsAdded, Side: Review, Page: ReviewPage, Past: AboutDraft, Back: true,
		Does:   []proposal.Ask{proposal.AskForAddedReview},
		Fields: []Field{reason},
	},
	{
		Kind: proposal.Tighten, Side: Review, Back: true,
		Fields: []Field{
			{Name: "key", Control: Tick},
			{Name: "money", Control: Tick},
			{Name: "leader", Control: Select, Choices: from(Leaders)},
			reason,
		},
	},
	{
		Kind: proposal.ConsultOnDraft, Side: Review, Past: AboutContact,
		Fields: []Field{
			{Name: "version", Control: Select, Choices: from(Versions), Opens: func(c Case) string {
				if c.Draft == nil {
					return ""
				}
				return strconv.Itoa(c.Draft.Version)
			}},
			mode,
			{Name: "reaction", Control: Radios, Choices: among("reaction.", proposal.Reactions)},
			words("words"),
		},
		Tells: told(func(t Teller, in *proposal.DraftConsultation) string {
			return t.T("event.consulted_on", "Version", in.Version, "Reaction", t.T("reaction."+string(in.Reaction)))
		}),
	},
}

var followUpRows = []Row{
	{
		Kind: proposal.Publish, Side: FollowUp, Read: true, Past: AboutDraft,
		Does:   []proposal.Ask{proposal.AskToPublish},
		Says:   one("form.publish_hint"),
		Fields: []Field{text},
	},
	{
		Kind: proposal.CorrectPublication, Side: FollowUp, Read: true, Past: AboutDraft,
		Fields: []Field{{Name: "redactions", Control: Area}, words("note")},
	},
	{Kind: proposal.TakeDown, Side: FollowUp, Past: AboutDraft, Fields: []Field{reason}},
	{
		Kind: proposal.Reexamine, Side: FollowUp, Read: true, Past: AboutDraft,
		Does: []proposal.Ask{proposal.AskToReexamine},
		Fields: []Field{
			{Name: "openness", Control: Radios, Choices: among("openness.", []proposal.Openness{proposal.OpenReply, proposal.ClosedReply})},
			{Name: "ground", Control: Select, Choices: from(Grounds)},
			reason,
		},
		Tells: told(func(t Teller, in *proposal.Reexamination) string {
			return t.T("event.reexamined", "Openness", t.T("openness."+string(in.Openness)))
		}),
	},
	{
		Kind: proposal.RecordReceipt, Side: FollowUp, Past: AboutContact,
		Fields: []Field{
			{Name: "recipient", Control: Select, Choices: from(Proposers)},
			{Name: "receipt", Control: Text, Said: true},
		},
		Tells: toldAbout(func(_ Teller, in *proposal.Receipt) string { return in.Recipient }),
	},
	{
		Kind: proposal.NoteSilence, Side: FollowUp, Past: AboutContact,
		Does:   []proposal.Ask{proposal.AskToNoteSilence},
		Fields: []Field{remark("note")},
	},
	{
		Kind: proposal.RecordFeedback, Side: FollowUp, Past: AboutContact,
		Does: []proposal.Ask{proposal.AskToNoteSilence},
		Fields: []Field{
			{Name: "source", Control: Segments, Choices: among("source.", proposal.FeedbackSources), Opens: ratedBy},
			{Name: "attitude", Control: Segments, Choices: among("rating.", proposal.Ratings)},
			{Name: "result", Control: Segments, Choices: among("rating.", proposal.Ratings)},
			remark("words"),
			{Name: "scan", Control: Select, Choices: from(Scans), Hint: one("form.scan_hint")},
		},
		Tells: told(func(t Teller, in *proposal.Feedback) string {
			return t.T("event.rated", "Attitude", t.T("rating."+string(in.Attitude)), "Result", t.T("rating."+string(in.Result)))
		}),
	},
	{
		Kind: proposal.RateAsCoSigner, Side: FollowUp, Past: AboutContact,
		Fields: []Field{
			{Name: "co_signer", Control: Select, Choices: from(CoSigners)},
			{Name: "round", Control: Carried, Opens: func(c Case) string { return strconv.Itoa(max(1, c.State.Round)) }},
			{Name: "source", Control: Segments, Choices: among("source.", proposal.FeedbackSources), Opens: ratedBy},
			{Name: "attitude", Control: Segments, Choices: among("rating.", proposal.Ratings)},
			{Name: "result", Control: Segments, Choices: among("rating.", proposal.Ratings)},
			remark("words"),
			{Name: "scan", Control: Select, Choices: from(Scans), Hint: one("form.scan_hint")},
			{Name: "reason", Control: Area, Hint: one("form.rate_as_co_signer.reason_hint"), Said: true},
		},
		Tells: told(func(t Teller, in *proposal.CoSignerRating) string {
			return t.T("event.rated_beside", "Name", in.CoSigner, "Attitude", t.T("rating."+string(in.Attitude)), "Result", t.T("rating."+string(in.Result)))
		}),
	},
	{
		Kind: proposal.CorrectRating, Side: FollowUp, Past: AboutContact,
		Fields: []Field{
			{Name: "source", Control: Segments, Choices: among("source.", proposal.FeedbackSources), Opens: rated(func(r proposal.Feedback) string { return string(r.Source) })},
			{Name: "attitude", Control: Segments, Choices: among("rating.", proposal.Ratings), Opens: rated(func(r proposal.Feedback) string { return string(r.Attitude) })},
			{Name: "result", Control: Segments, Choices: among("rating.", proposal.Ratings), Opens: rated(func(r proposal.Feedback) string { return string(r.Result) })},
			{Name: "words", Control: Area, Hint: one("form.optional"), Said: true, Opens: rated(func(r proposal.Feedback) string { return r.Words })},
			{Name: "scan", Control: Select, Choices: from(Scans), Hint: one("form.scan_hint"), Opens: rated(func(r proposal.Feedback) string { return r.Scan })},
			reason,
		},
		Tells: told(func(t Teller, in *proposal.RatingCorrection) string {
			return t.T("event.rating_corrected", "Attitude", t.T("rating."+string(in.Attitude)), "Result", t.T("rating."+string(in.Result)))
		}),
	},
	{Kind: proposal.CorrectReply, Side: FollowUp, Past: AboutDraft, Back: true, Fields: []Field{reason}},
}

var commitmentRows = []Row{
	{
		Kind: proposal.FulfilCommitment, Side: Commitment,
		Does:   []proposal.Ask{proposal.AskToKeepPromise},
		Fields: []Field{words("result")},
	},
	{
		Kind: proposal.ReportMilestone, Side: Commitment,
		Does:   []proposal.Ask{proposal.AskToKeepPromise},
		Fields: []Field{words("text")},
	},
	{
		Kind: proposal.ChangeCommitment, Side: Commitment, Past: AboutTime,
		Does:   []proposal.Ask{proposal.AskToKeepPromise},
		Fields: []Field{{Name: "due_on", Control: Day}, sure, words("explanation")},
		Tells:  toldAbout(func(t Teller, in *proposal.CommitmentChange) string { return t.Date(in.DueOn) }),
	},
	{
		Kind: proposal.ReplyAgain, Side: Commitment,
		Does: []proposal.Ask{proposal.AskToReplyAgain},
		Fields: []Field{
			{Name: "mode", Control: Segments, Choices: among("dispatch.", proposal.DispatchModes)},
			words("text"),
		},
	},
}

var otherRows = []Row{
	{
		Kind: proposal.Reroute, Side: Other, Verb: true, Back: true,
		Fields: []Field{{Name: "lead", Control: Select, Choices: from(OtherDivisions)}, reason},
		Tells: told(func(t Teller, in *proposal.Rerouting) string {
			return t.T("event.rerouted", "Division", t.Division(in.Lead))
		}),
	},
	{
		Kind: proposal.Reassign, Side: Other, Verb: true,
		Does:   []proposal.Ask{proposal.AskForHandler},
		Fields: []Field{{Name: "handler", Control: Select, Choices: from(OtherHandlers)}, reason},
		Tells: told(func(t Teller, in *proposal.Reassignment) string {
			return t.T("event.reassigned", "Name", t.Person(in.Handler))
		}),
	},
	{Kind: proposal.Recall, Side: Other, Verb: true, Back: true, Fields: []Field{remark("reason")}},
	{
		Kind: proposal.Merge, Side: Other,
		Fields: []Field{{Name: "with", Control: CaseNo, Hint: one("form.with_hint")}, reason},
	},
	{Kind: proposal.Unmerge, Side: Other, Fields: []Field{reason}},
	{
		Kind: proposal.AskSecrecy, Side: Other, Past: AboutContact,
		Fields: []Field{reason, {Name: "cleared", Control: Ticks, Choices: from(Colleagues)}},
	},
	{
		Kind: proposal.Withdraw, Side: Other, Back: true,
		Fields: []Field{words("letter"), {Name: "agreed", Control: Ticks, Choices: from(Proposers)}},
	},
	{
		Kind: proposal.Amend, Side: Other, Form: AmendForm, Back: true,
		Fields: []Field{
			{Name: "fact", Control: Select, Choices: among("amend.", proposal.RegisterFacts)},
			{Name: "value", Control: Area},
			sure, reason, words("source"),
		},
		Tells: toldAbout(func(t Teller, in *proposal.Amendment) string { return t.T("amend." + string(in.Fact)) }),
	},
	{
		Kind: proposal.CorrectContact, Side: Other, Past: AboutContact, Back: true,
		Fields: []Field{
			{Name: "talk", Control: Carried},
			{Name: "outcome", Control: Radios, Choices: among("outcome.", append(slices.Clone(proposal.ContactOutcomes), proposal.NoContact))},
			{Name: "call_back_at", Control: Moment, With: "outcome=" + string(proposal.ContactCallBack)},
			{Name: "mode", Control: Select, Choices: among("mode.", proposal.ContactModes)},
			{Name: "at", Control: Moment},
			{Name: "spoke_with", Control: Text, Beside: true},
			metBy,
			{Name: "words", Control: Area, Hint: one("form.optional")},
			sure, reason,
		},
		Tells: told(func(t Teller, in *proposal.ContactCorrection) string {
			if in.Outcome == proposal.NoContact {
				return t.T("event.no_contact")
			}
			return t.T("event.contact_corrected", "What", Consulted(t, &proposal.Consultation{Mode: in.Mode, Outcome: in.Outcome, CallBackAt: in.CallBackAt}), "Time", t.Moment(in.At))
		}),
	},
	{
		Kind: proposal.Reopen, Side: Other, Back: true,
		Fields: []Field{
			reason, words("source"),
			{Name: "assigned_on", Control: Day, Hint: one("form.reopen.assigned_on_hint"), When: returned},
			{Name: "due_on", Control: Day, Beside: true, Hint: one("form.optional"), When: returned},
			sure,
		},
	},
}

// returned reports whether the case went back to the assigning body, which may assign it again.
func returned(c Case) bool { return c.State.Stage == proposal.Returned }

// rated opens a field with what was entered of the rating that is corrected; a rating that names no round is of the only one.
func rated(of func(proposal.Feedback) string) func(Case) string {
	return func(c Case) string {
		var r proposal.Feedback
		if in, ok := c.Last(proposal.CorrectRating).(*proposal.RatingCorrection); ok {
			r = in.Feedback
		} else if in, ok := c.Last(proposal.RecordFeedback).(*proposal.Feedback); ok {
			r = *in
		}
		if r.Ref != "" && r.Ref != c.Offer.Ref {
			return ""
		}
		return of(r)
	}
}

// ratedBy opens the source of a rating with whoever brings it.
func ratedBy(c Case) string {
	if c.Actor.Has(proposal.Assembly) {
		return string(proposal.FeedbackFromAssembly)
	}
	return string(proposal.FeedbackFromDeputy)
}
