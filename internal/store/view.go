package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
)

// ShowTo makes of the case what the person may see of it, and reports whether that is anything. A publisher and the assembly are
// given what may be published and what was done when, not what was said. Whoever may not know the deputies reads no name of
// theirs, wherever it stands (R16). Pages and the API are drawn from what is left here, and from nothing else.
func (c *Case) ShowTo(p proposal.Person) bool {
	p = c.As(p)
	if !p.Sees(c.State) {
		return false
	}
	c.showTo(p)
	c.Group = slices.DeleteFunc(c.Group, func(m GroupMember) bool { return !p.Sees(m.state) })
	c.Links = slices.DeleteFunc(c.Links, func(l CaseLink) bool { return !p.Sees(l.state) })
	if !p.SeesAll(c.State) {
		*c = c.outside(p)
	}
	if !p.SeesName(c.State) {
		c.mask()
	}
	return true
}

// outside is the case for a publisher or the assembly: a list of what they see. What is not named here stays in the bureau.
func (c *Case) outside(p proposal.Person) Case {
	seen := Case{
		CaseRow: c.CaseRow, State: c.outsideState(p), Described: proposal.Described{Particulars: c.Particulars},
		KeySupervised: c.KeySupervised, Money: c.Money, RegisteredAt: c.RegisteredAt, Published: c.Published, Covers: c.Covers,
		People: c.People, Divisions: c.Divisions, named: c.named, sent: c.sent,
	}
	all := c.blackedOut(everyVersion)
	seen.Title, seen.Subject = blackOut(c.Title, all), blackOut(c.Subject, all)
	if d := c.lastSent; d != nil && c.open(d.Version) {
		words := c.blackedOut(d.Version)
		seen.Draft = &SavedDraft{DraftInfo: d.DraftInfo, Draft: proposal.Draft{
			Version: d.Version, Body: blackOut(d.Draft.Body, words),
			ContactName: blackOut(d.Draft.ContactName, words), ContactPhone: blackOut(d.Draft.ContactPhone, words),
		}}
	}
	for _, promise := range c.Commitments {
		round, _, _ := strings.Cut(promise.Ref, ".")
		n, err := strconv.Atoi(round)
		if err != nil || n < 1 || n > len(c.sent) || !c.open(c.sent[n-1].Version) {
			continue
		}
		seen.Commitments = append(seen.Commitments, Commitment{
			Ref: promise.Ref, Text: blackOut(promise.Text, c.blackedOut(c.sent[n-1].Version)), DueOn: promise.DueOn,
		})
	}
	if p.Has(proposal.Assembly) {
		for _, r := range c.Feedback {
			r.Words = blackOut(r.Words, all)
			seen.Feedback = append(seen.Feedback, r)
		}
		for _, r := range c.CoSignerRatings {
			r.Words = blackOut(r.Words, all)
			seen.CoSignerRatings = append(seen.CoSignerRatings, r)
		}
	}
	for _, e := range c.Publications {
		words := c.blackedOut(e.Version)
		if c.State.Secrecy {
			e.Reason = "" // it may be the deputy's own
		}
		seen.Publications = append(seen.Publications, PublicationInfo{
			Edition: e.Edition, Round: e.Round, Version: e.Version, PublishedOn: e.PublishedOn, PublishedAt: e.PublishedAt,
			Note: blackOut(e.Note, words), TakenDownAt: e.TakenDownAt, Reason: blackOut(e.Reason, words),
		})
	}
	for _, e := range c.Events {
		if !seesEvent(p, e) {
			continue
		}
		if p.Has(proposal.Assembly) && slices.Contains(toAssembly, proposal.Kind(e.Kind)) {
			e.Input = proposal.ChangeJSON(e.Input, func(text string) string { return blackOut(text, all) })
		} else {
			e.Input, e.Was = nil, ""
		}
		seen.Events = append(seen.Events, e)
	}
	return seen
}

// outsideState is where the case stands: its main way, its dates, and the strands and clocks of which those outside are told.
func (c *Case) outsideState(p proposal.Person) proposal.State {
	s := c.State
	seen := proposal.State{
		Stage: s.Stage, Seq: s.Seq, Round: s.Round, Pack: s.Pack, Body: s.Body, Level: s.Level, Proposer: s.Proposer,
		Intersession: s.Intersession, Handling: s.Handling, Late: s.Late, AssignedOn: s.AssignedOn, KeySupervised: s.KeySupervised,
		Money: s.Money, Secrecy: s.Secrecy, Lead: s.Lead, CoHandling: s.CoHandling, Handler: s.Handler, Signer: s.Signer,
		SignedOn: s.SignedOn, Number: s.Number, DispatchedOn: s.DispatchedOn, PublishedOn: s.PublishedOn, ClosedOn: s.ClosedOn,
		Last: s.Last,
	}
	if n := len(c.sent); n > 0 && c.sent[n-1].Version == s.Draft {
		seen.Openness = s.Openness
		if c.open(s.Draft) {
			seen.Draft, seen.DraftSHA256 = s.Draft, s.DraftSHA256
		}
	}
	for _, r := range s.Strands {
		if seesStrand(p, r.Kind) {
			seen.Strands = append(seen.Strands, r)
		}
	}
	for _, clock := range s.Clocks {
		if slices.Contains(outsideClocks, clock.Kind) {
			seen.Clocks = append(seen.Clocks, clock)
		}
	}
	return seen
}

var (
	// outsideClocks are those of which others than the bureau wait for the end.
	outsideClocks = []proposal.ClockKind{
		proposal.ReplyClock, proposal.RehandlingClock, proposal.PublicationClock, proposal.ReexamineClock, proposal.FeedbackClock,
		proposal.CommitmentClock, proposal.ReceiptClock,
	}
	// toAssembly are said to the assembly.
	toAssembly = []proposal.Kind{
		proposal.RequestReturn, proposal.EndorseReturn, proposal.AskExtension, proposal.EndorseExtension, proposal.RecordFeedback, proposal.RateAsCoSigner,
		proposal.CorrectRating,
	}
)

// seesStrand: everybody who sees the case is told of what came of the reply, the assembly of what it is asked.
func seesStrand(p proposal.Person, kind proposal.StrandKind) bool {
	switch kind {
	case proposal.PublicationStrand, proposal.FeedbackStrand, proposal.CommitmentStrand:
		return true
	case proposal.ExtensionStrand, proposal.SuspensionStrand, proposal.ReceiptStrand:
		return p.Has(proposal.Assembly)
	}
	return false
}

// seesEvent: those outside are told of what moved the case, of registration, and of the strands that they see; the assembly of all that is
// said to it.
func seesEvent(p proposal.Person, e Event) bool {
	if e.From != e.To || p.Has(proposal.Assembly) && slices.Contains(toAssembly, proposal.Kind(e.Kind)) {
		return true
	}
	i := slices.IndexFunc(proposal.SideTable, func(row proposal.SideStep) bool { return row.Kind == proposal.Kind(e.Kind) })
	return i >= 0 && seesStrand(p, proposal.SideTable[i].Strand)
}

// open reports whether a version may be published: it was decided so of that version, and nobody asked since that the name be kept.
func (c *Case) open(version int) bool {
	if c.State.Secrecy {
		return false
	}
	for _, d := range slices.Backward(c.Decisions) {
		if d.Version == version {
			return d.Openness == proposal.OpenReply || d.Openness == proposal.PartlyOpenReply
		}
	}
	return false
}

// everyVersion asks blackedOut for the words of all of them.
const everyVersion = 0

// blackedOut are the words that the public version of a draft leaves out: those of its latest openness review, and of every
// correction.
func (c *Case) blackedOut(version int) (words []string) {
	for _, d := range slices.Backward(c.Decisions) {
		if version == everyVersion {
			words = append(words, d.Redactions...)
		} else if d.Version == version {
			words = append(words, d.Redactions...)
			break
		}
	}
	for _, p := range c.Publications {
		if version == everyVersion || p.Version == version {
			words = append(words, p.Redactions...)
		}
	}
	return words
}

// blackOut is the database's black_out: the longest words go first.
func blackOut(body string, words []string) string {
	words = slices.SortedFunc(slices.Values(words), func(a, b string) int {
		return cmp.Or(utf8.RuneCountInString(b)-utf8.RuneCountInString(a), cmp.Compare(a, b))
	})
	for _, word := range words {
		if word != "" {
			body = strings.ReplaceAll(body, word, MaskedName)
		}
	}
	return body
}
