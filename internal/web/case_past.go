package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// PastEvent is one line of what has happened: when, who, what, and the words that were written then.
type PastEvent struct {
	No                     int
	When, Who, What, Words string
	By                     proposal.PersonID
	Group                  string // the message past.<Group>
	Then                   string // where the case stands as it stood right after it
}

// pastEvent puts an event into words.
func pastEvent(w *words, f *caseFile, e store.Event) PastEvent {
	p := PastEvent{
		No: e.No, When: w.Moment(e.At), Who: w.Name(f.People[e.By]), What: w.T("event." + e.Kind), By: e.By, Group: pastGroup(e.Kind),
		Then: fmt.Sprintf("/cases/%s/at?event=%d", f.CaseID, e.No),
	}
	if about := eventAbout(w, f, e); about != "" {
		p.What = w.T("event.about", "What", p.What, "About", about)
	}
	if !e.On.IsZero() {
		p.When = w.T("event.late", "Date", w.Date(e.On), "Entered", w.Moment(e.At))
	}
	if e.By == "" {
		p.Who = w.T("event.system")
	}
	if version := savedVersion(e); version > 0 {
		p.What = w.T("event.saved", "Version", version)
	}
	for _, text := range []string{attachedName(e), noteOf(e), linkWords(w, f, e)} {
		if text != "" {
			p.Words = text
		}
	}
	switch in := eventInput(e).(type) {
	case nil: // an event that moves nothing
	default:
		p.Words = saidIn(in)
	case *proposal.RoutingOpinion:
		p.What = w.T("event.proposed", "Lead", w.Name(f.Divisions[in.Lead]))
		if co := f.divisionNames(w, in.CoHandling); len(co) > 0 {
			p.What = w.T("event.proposed_with", "Lead", w.Name(f.Divisions[in.Lead]), "Co", w.list(co))
		}
		p.Words = in.Opinion
	case *proposal.Instruction:
		p.Words = in.Text
	case *proposal.Acceptance:
		p.What = w.T("event.accepted", "Name", w.Name(f.People[in.Handler]))
	case *proposal.DivisionRefusal:
		p.What, p.Words = w.T("event.refused", "Division", w.Name(f.Divisions[in.Suggested])), in.Reason
	case *proposal.Consultation:
		p.What, p.Words = consulted(w, in), strings.TrimSpace(in.Words+"\n"+pointChanges(w, in))
	case *proposal.ConsultationWaiver:
		p.Words = in.Reason
	case *proposal.Submission:
		p.What = w.T("event.submitted", "Version", in.Version)
	case *proposal.ReviewPass:
		p.What, p.Words = w.T("event.passed."+string(e.From)), in.Comment
	case *proposal.OpennessDecision:
		p.What, p.Words = w.T("event.openness."+string(in.Openness)), in.Reason
	case *proposal.SendingBack:
		p.What, p.Words = w.T("event.returned", "Stage", w.T("stage."+string(in.To))), in.Reason
	case *proposal.Signature:
		p.Words = in.Opinion
	case *proposal.NumberAssignment:
		if last := f.lastEvent(proposal.AssignNumber); last.No == e.No && f.State.Number.Serial > 0 {
			p.What = w.T("event.numbered", "Number", f.State.Number.String())
		}
	case *proposal.DispatchNote:
		p.What, p.Words = w.T("event.dispatched", "Mode", w.T("dispatch."+string(in.Mode))), in.Receipt
	case *proposal.ClosureNote:
		p.Words = in.Note
	case *proposal.RungClock:
		p.What = w.T("event.rung", "Clock", w.T("clock."+string(in.Clock)))
	case *proposal.ReturnVerdict:
		p.What, p.Words = w.T("event.return."+yesNo(in.Granted)), in.Text
	case *proposal.ReturnRequest:
		p.Words = strings.Join([]string{in.Reason, in.LegalDuty, in.Suggested}, "\n")
	case *proposal.Rerouting:
		p.What, p.Words = w.T("event.rerouted", "Division", w.Name(f.Divisions[in.Lead])), in.Reason
	case *proposal.Reassignment:
		p.What, p.Words = w.T("event.reassigned", "Name", f.personName(w, in.Handler)), in.Reason
	case *proposal.OpinionRequest:
		unit := in.Unit
		if in.Division != "" {
			unit = w.Name(f.Divisions[in.Division])
		}
		p.What, p.Words = w.T("event.about", "What", p.What, "About", unit), in.Question
	case *proposal.AddedReviewer:
		p.What, p.Words = w.T("event.about", "What", p.What, "About", f.personName(w, in.Person)), in.Reason
	case *proposal.DraftConsultation:
		p.What = w.T("event.consulted_on", "Version", in.Version, "Reaction", w.T("reaction."+string(in.Reaction)))
		p.Words = in.Words
	case *proposal.ExtensionRequest:
		p.What, p.Words = w.T("event.asked_until", "Date", w.Date(in.Until)), in.Reason
	case *proposal.ExtensionVerdict:
		p.What, p.Words = w.T("event.extension."+yesNo(in.Granted), "Date", w.Date(in.Until)), in.Text
	case *proposal.CommitmentChange:
		p.What, p.Words = w.T("event.about", "What", p.What, "About", w.Date(in.DueOn)), in.Explanation
	case *proposal.Receipt:
		p.What, p.Words = w.T("event.about", "What", p.What, "About", in.Recipient), in.Receipt
	case *proposal.Feedback:
		p.What = w.T("event.rated", "Attitude", w.T("rating."+string(in.Attitude)), "Result", w.T("rating."+string(in.Result)))
		p.Words = in.Words
	case *proposal.Reexamination:
		p.What, p.Words = w.T("event.reexamined", "Openness", w.T("openness."+string(in.Openness))), in.Reason
	}
	if e.For != "" {
		p.Who = w.T("event.for", "Who", p.Who, "For", f.personName(w, e.For))
	}
	return p
}

// savedVersion is the version that a save of the draft made; 0 for other events.
func savedVersion(e store.Event) int {
	var saved struct {
		Version int `json:"version"`
	}
	if e.Kind != proposal.EventSaveDraft || json.Unmarshal(e.Input, &saved) != nil {
		return 0
	}
	return saved.Version
}

func consulted(w *words, in *proposal.Consultation) string {
	what := w.T("contact.done", "Mode", w.T("mode."+string(in.Mode)), "Outcome", w.T("outcome."+string(in.Outcome)))
	switch {
	case in.Outcome == proposal.ContactCallBack:
		what = w.T("contact.done_call_back", "Mode", w.T("mode."+string(in.Mode)), "Time", w.Moment(in.CallBackAt))
	case !in.CallBackAt.IsZero():
		what = w.T("contact.done_again", "What", what, "Time", w.Moment(in.CallBackAt))
	}
	if in.Seconds >= 60 {
		what = w.T("contact.done_minutes", "What", what, "N", in.Seconds/60)
	}
	return what
}

// attempts are the contacts with the deputy, oldest first.
func attempts(w *words, f *caseFile) []PastEvent {
	var list []PastEvent
	for i, c := range f.Consultations {
		list = append(list, PastEvent{
			No: i + 1, When: w.Moment(c.At), Who: w.Name(f.People[c.By]), What: consulted(w, &c.Consultation), Words: c.Words,
		})
	}
	return list
}

// sentBack tells who sent the case back to where it is, and why; nil if nobody did.
func sentBack(w *words, f *caseFile) *SentBack {
	if f.State.ReturnedFrom == "" {
		return nil
	}
	e := f.lastEvent(proposal.SendBack, proposal.Refuse, proposal.ObjectToDraft, proposal.ObjectAsAdded)
	if e == nil {
		return nil
	}
	past := pastEvent(w, f, *e)
	return &SentBack{Who: past.Who, From: w.T("stage." + string(e.From)), When: past.When, Reason: past.Words}
}

func urged(w *words, f *caseFile) *UrgedView {
	e := f.lastEvent(proposal.Urge)
	if e == nil || !f.Urged() {
		return nil
	}
	past := pastEvent(w, f, *e)
	return &UrgedView{Who: past.Who, When: past.When, Words: past.Words}
}

// number is how people call the case: 第0392号, No. 0392.
func (w *words) number(k proposal.RegisterKey) string {
	if w.lang == english {
		return w.T("case.number", "Number", k.Number)
	}
	return k.NumberName()
}

func (w *words) session(k proposal.RegisterKey) string {
	if w.lang == english {
		return w.T("case.session", "Body", w.T("body."+string(k.Body)), "Level", w.T("level."+string(k.Level)), "Term", k.Term, "Session", k.Session)
	}
	return k.SessionName()
}

// list joins names as a sentence does.
func (w *words) list(names []string) string {
	text := ""
	for i, name := range slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }) {
		if i > 0 {
			text += w.T("list.join")
		}
		text += name
	}
	return text
}

// deputyName is who handed it in, with how many signed beside.
func deputyName(w *words, lead string, coSigners int) string {
	if coSigners > 0 {
		return w.T("deputy.with", "Name", lead, "N", coSigners+1)
	}
	return lead
}

func wishKey(wish proposal.OpennessWish) string {
	if wish == proposal.NoOpennessWish {
		return "none"
	}
	return string(wish)
}

// eventAbout is the strand that an event names, in words; "" if it names none.
func eventAbout(w *words, f *caseFile, e store.Event) string {
	ref, named := refOf(e)
	if !named || ref == "" {
		return ""
	}
	return f.strandName(w, proposal.Kind(e.Kind), ref)
}

// saidIn are the words of an action that says nothing else.
func saidIn(in proposal.Input) string {
	switch in := in.(type) {
	case *proposal.ReadingNote:
		return in.Note
	case *proposal.Endorsement:
		return in.Text
	case *proposal.UpwardReport:
		return in.Text
	case *proposal.Recalling:
		return in.Reason
	case *proposal.WrittenOpinion:
		return in.Text
	case *proposal.OpinionApproval:
		return in.Comment
	case *proposal.OpinionReturn:
		return in.Reason
	case *proposal.OpinionRedo:
		return in.Reason
	case *proposal.OpinionWaiver:
		return in.Reason
	case *proposal.OpinionCancellation:
		return in.Reason
	case *proposal.Countersignature:
		return in.Comment
	case *proposal.CountersignObjection:
		return in.Reason
	case *proposal.AddedPass:
		return in.Comment
	case *proposal.AddedObjection:
		return in.Reason
	case *proposal.Tightening:
		return in.Reason
	}
	return saidBeside(in)
}

func saidBeside(in proposal.Input) string {
	switch in := in.(type) {
	case *proposal.ExtensionEndorsement:
		return in.Text
	case *proposal.ExtensionRefusal:
		return in.Reason
	case *proposal.ExtensionNotice:
		return in.Words
	case *proposal.SuspensionOrder:
		return in.Reason
	case *proposal.Resumption:
		return in.Reason
	case *proposal.Correction:
		return in.Note
	case *proposal.Takedown:
		return in.Reason
	case *proposal.SilenceNote:
		return in.Note
	case *proposal.Milestone:
		return in.Text
	case *proposal.Fulfilment:
		return in.Result
	case *proposal.SecondReply:
		return in.Text
	case *proposal.UrgeNote:
		return in.Text
	case *proposal.UrgeAnswer:
		return in.Text
	case *proposal.Merging:
		return in.Reason
	case *proposal.Unmerging:
		return in.Reason
	case *proposal.SecrecyRequest:
		return in.Reason
	case *proposal.Withdrawal:
		return in.Letter
	}
	return ""
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
