package proposal

import (
	"fmt"
	"slices"
)

// words checks one text field.
func words(field, value string, required bool, max int) []FieldError {
	var c checker
	c.text(field, value, required, max)
	return c
}

func (n *ReadingNote) check() []FieldError {
	var c checker
	if len(n.Divisions) == 0 || len(n.Divisions) > MaxList {
		c.add("divisions", FieldRequired)
	}
	c.text("note", n.Note, false, MaxNote)
	return c
}

func (r *ReturnRequest) check() []FieldError {
	var c checker
	c.text("reason", r.Reason, true, MaxNote)
	c.text("legal_duty", r.LegalDuty, true, MaxNote)
	c.text("suggested", r.Suggested, true, MaxLine)
	return c
}

func (e *Endorsement) check() []FieldError { return words("text", e.Text, false, MaxNote) }

func (v *ReturnVerdict) check() []FieldError { return words("text", v.Text, true, MaxNote) }

func (r *UpwardReport) check() []FieldError {
	var c checker
	c.text("to", r.To, true, MaxLine)
	c.text("text", r.Text, true, MaxNote)
	return c
}

func (r *Rerouting) check() []FieldError {
	var c checker
	c.text("lead", string(r.Lead), true, MaxLine)
	c.text("reason", r.Reason, true, MaxNote)
	return c
}

func (r *Reassignment) check() []FieldError {
	var c checker
	c.text("handler", string(r.Handler), true, MaxLine)
	c.text("reason", r.Reason, true, MaxNote)
	return c
}

func (r *Recalling) check() []FieldError { return words("reason", r.Reason, false, MaxNote) }

func (r *OpinionRequest) check() []FieldError {
	var c checker
	switch {
	case r.Division == "" && r.Unit == "":
		c.add("division", FieldRequired)
	case r.Division != "" && r.Unit != "":
		c.add("unit", FieldMalformed)
	}
	c.text("unit", r.Unit, false, MaxLine)
	c.text("question", r.Question, true, MaxNote)
	c.numbers("points", r.Points)
	return c
}

// numbers checks a list of point numbers: from 1, none twice.
func (c *checker) numbers(field string, values []int) {
	for i, n := range values {
		if n < 1 || n > MaxList || slices.Contains(values[:i], n) {
			c.add(field, FieldMalformed)
			return
		}
	}
}

func (o *WrittenOpinion) check() []FieldError {
	var c checker
	c.text("text", o.Text, true, MaxNote)
	c.text("figures", o.Figures, false, MaxNote)
	c.text("contact", o.Contact, false, MaxLine)
	return c
}

func (o *OpinionApproval) check() []FieldError { return words("comment", o.Comment, false, MaxNote) }

func (o *OpinionReturn) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (o *OpinionRedo) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (o *OpinionWaiver) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (o *OpinionCancellation) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (d *DraftConsultation) check() []FieldError {
	var c checker
	if d.Version < 1 {
		c.add("version", FieldRequired)
	}
	oneOf(&c, "mode", d.Mode, ContactModes)
	oneOf(&c, "reaction", d.Reaction, Reactions)
	c.text("words", d.Words, d.Reaction == DisagreesWithDraft, MaxNote)
	return c
}

func (s *Countersignature) check() []FieldError {
	return append(words("sha256", s.SHA256, false, 64), words("comment", s.Comment, false, MaxNote)...)
}

func (o *CountersignObjection) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (r *AddedReviewer) check() []FieldError {
	var c checker
	c.text("person", string(r.Person), true, MaxLine)
	c.text("reason", r.Reason, true, MaxNote)
	return c
}

func (w *ReviewerWithdrawal) check() []FieldError { return words("reason", w.Reason, true, MaxNote) }

func (p *AddedPass) check() []FieldError {
	return append(words("sha256", p.SHA256, false, 64), words("comment", p.Comment, false, MaxNote)...)
}

func (o *AddedObjection) check() []FieldError { return words("reason", o.Reason, true, MaxNote) }

func (t *Tightening) check() []FieldError {
	var c checker
	if !t.Key && !t.Money {
		c.add("key", FieldRequired)
	}
	c.text("reason", t.Reason, true, MaxNote)
	return c
}

func (e *ExtensionRequest) check() []FieldError {
	var c checker
	if e.Until.IsZero() {
		c.add("until", FieldRequired)
	}
	c.text("reason", e.Reason, true, MaxNote)
	return c
}

func (e *ExtensionEndorsement) check() []FieldError { return words("text", e.Text, false, MaxNote) }

func (e *ExtensionRefusal) check() []FieldError { return words("reason", e.Reason, true, MaxNote) }

func (v *ExtensionVerdict) check() []FieldError {
	var c checker
	if v.Granted && v.Until.IsZero() {
		c.add("until", FieldRequired)
	}
	c.text("text", v.Text, true, MaxNote)
	return c
}

func (n *ExtensionNotice) check() []FieldError {
	var c checker
	oneOf(&c, "mode", n.Mode, ContactModes)
	c.text("words", n.Words, false, MaxNote)
	return c
}

func (s *SuspensionOrder) check() []FieldError { return words("reason", s.Reason, true, MaxNote) }

func (r *Resumption) check() []FieldError { return words("reason", r.Reason, true, MaxNote) }

func (p *PublicationOrder) check() []FieldError { return words("sha256", p.SHA256, true, 64) }

func (n *Correction) check() []FieldError {
	var c checker
	if len(n.Redactions) == 0 {
		c.add("redactions", FieldRequired)
	}
	c.list("redactions", n.Redactions, MaxList, MaxNote)
	c.text("note", n.Note, true, MaxNote)
	return c
}

func (t *Takedown) check() []FieldError { return words("reason", t.Reason, true, MaxNote) }

func (r *Reexamination) check() []FieldError {
	var c checker
	oneOf(&c, "openness", r.Openness, []Openness{OpenReply, ClosedReply})
	c.text("ground", r.Ground, r.Openness == ClosedReply, MaxLine)
	c.text("reason", r.Reason, true, MaxNote)
	return c
}

func (r *Receipt) check() []FieldError {
	var c checker
	c.text("recipient", r.Recipient, true, MaxLine)
	c.text("receipt", r.Receipt, true, MaxLine)
	return c
}

func (b *Feedback) check() []FieldError {
	var c checker
	oneOf(&c, "source", b.Source, FeedbackSources)
	oneOf(&c, "attitude", b.Attitude, Ratings)
	oneOf(&c, "result", b.Result, Ratings)
	c.text("words", b.Words, false, MaxNote)
	c.text("scan", b.Scan, false, 64)
	return c
}

func (r *CoSignerRating) check() []FieldError {
	c := checker(r.feedback().check())
	c.text("co_signer", r.CoSigner, true, MaxLine)
	c.text("reason", r.Reason, false, MaxNote)
	return c
}

func (n *SilenceNote) check() []FieldError { return words("note", n.Note, false, MaxNote) }

func (m *Milestone) check() []FieldError { return words("text", m.Text, true, MaxNote) }

func (n *CommitmentChange) check() []FieldError {
	var c checker
	if n.DueOn.IsZero() {
		c.add("due_on", FieldRequired)
	}
	c.text("explanation", n.Explanation, true, MaxNote)
	return c
}

func (f *Fulfilment) check() []FieldError { return words("result", f.Result, true, MaxNote) }

func (r *SecondReply) check() []FieldError {
	var c checker
	oneOf(&c, "mode", r.Mode, DispatchModes)
	c.text("text", r.Text, true, MaxNote)
	return c
}

func (u *UrgeNote) check() []FieldError { return words("text", u.Text, true, MaxNote) }

func (n *SigningFor) check() []FieldError {
	var c checker
	if n.SignedOn.IsZero() {
		c.add("signed_on", FieldRequired)
	}
	c.text("text", n.Text, false, MaxNote)
	return c
}

func (a *UrgeAnswer) check() []FieldError { return words("text", a.Text, true, MaxNote) }

func (m *Merging) check() []FieldError {
	var c checker
	c.text("with", m.With, true, MaxLine)
	c.text("reason", m.Reason, true, MaxNote)
	return c
}

func (u *Unmerging) check() []FieldError { return words("reason", u.Reason, true, MaxNote) }

func (r *SecrecyRequest) check() []FieldError {
	var c checker
	c.text("reason", r.Reason, true, MaxNote)
	if len(r.Cleared) > MaxList {
		c = append(c, FieldError{Field: "cleared", Code: FieldTooLong, Max: MaxList})
	}
	return c
}

func (w *Withdrawal) check() []FieldError {
	var c checker
	c.text("letter", w.Letter, true, MaxNote)
	if len(w.Agreed) == 0 {
		c.add("agreed", FieldRequired)
	}
	c.list("agreed", w.Agreed, MaxProposers, MaxLine)
	return c
}

func (*Recounting) check() []FieldError { return nil }

func (v *Vacancy) check() []FieldError {
	var c checker
	c.text("person", string(v.Person), true, MaxLine)
	return c
}

func (h *Handover) check() []FieldError {
	var c checker
	c.text("from", string(h.From), true, MaxLine)
	c.text("to", string(h.To), true, MaxLine)
	c.text("by", string(h.By), true, MaxLine)
	return c
}

func (r *Regrouping) check() []FieldError {
	var c checker
	c.text("from", string(r.From), true, MaxLine)
	c.text("to", string(r.To), true, MaxLine)
	return c
}

// acks checks the reasons given for findings left as they are.
func (c *checker) acks(acks []Acknowledgement) {
	if len(acks) > MaxList {
		*c = append(*c, FieldError{Field: "acks", Code: FieldTooLong, Max: MaxList})
		return
	}
	for i, a := range acks {
		c.text(fmt.Sprintf("acks.%d", i), a.Reason, true, MaxNote)
		c.text(fmt.Sprintf("acks.%d", i), a.Finding, true, 64)
	}
}
