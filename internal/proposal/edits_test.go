package proposal

import (
	"strings"
	"testing"
)

// edited is the reply in review with other words, as its reader would have it.
func (c *file) edited(from, to string) *Draft {
	d := c.facts.Draft
	d.Version = c.Draft
	d.Body = strings.ReplaceAll(d.Body, from, to)
	return &d
}

// A reviewer mends words and passes exactly what came of it: the version and the hash change together, the drafter stays the
// drafter, the earlier reviews stand.
func TestPassWithEdits(t *testing.T) {
	c := at(t, OfficeReview)
	c.facts.Versions = 3
	before, text := c.State, c.edited("现答复如下", "现作如下答复")
	c.do(reviewer, &ReviewPass{Comment: "改了文字。", Edited: text})
	want := *text
	if c.Draft != 4 || c.DraftSHA256 != want.SHA256() || c.Drafter != before.Drafter || len(c.Passed) != len(before.Passed)+1 {
		t.Errorf("version %d of %s by %s, passed %v", c.Draft, c.DraftSHA256, c.Drafter, c.Passed)
	}
	c.facts.Draft = want
	c.do(openness, &OpennessDecision{Openness: OpenReply})
	c.refused(TextChanged, leaderInCharge, &Signature{SHA256: before.DraftSHA256}) // R6: the text of before is not the text
	c.do(leaderInCharge, &Signature{SHA256: c.DraftSHA256})
}

func TestPassWithEditsRefuses(t *testing.T) {
	c := at(t, OfficeReview)
	stale := c.edited("现答复如下", "现作如下答复")
	stale.Version++
	c.refused(TextChanged, reviewer, &ReviewPass{Edited: stale})
	empty := c.edited("", "")
	empty.Body = ""
	if r := c.refused(DraftIncomplete, reviewer, &ReviewPass{Edited: empty}); len(r.Findings) == 0 {
		t.Error("nothing tells what is missing")
	}
	wrong := c.edited("现答复如下", "根据沈民发[2018]65号文件现答复如下")
	c.refused(DraftIncomplete, reviewer, &ReviewPass{Edited: wrong}) // R18
	c.refused(OwnDraft, handler.with(OfficeReviewer), &ReviewPass{Edited: c.edited("现答复如下", "现作如下答复")})
	broken := c.edited("现答复如下", "\xff")
	c.wrong("body", FieldMalformed, reviewer, &ReviewPass{Edited: broken})

	same := c.edited("", "")
	before := c.Draft
	c.do(reviewer, &ReviewPass{Edited: same})
	if c.Draft != before {
		t.Errorf("nothing was changed, and version %d came of it", c.Draft)
	}
}

// Who read another text than the one in review is told, whatever the review.
func TestReviewOfAnotherText(t *testing.T) {
	c := at(t, OfficeReview)
	stale := ReadText{SHA256: strings.Repeat("a", 64)}
	c.refused(TextChanged, reviewer, &ReviewPass{ReadText: stale})
	c.do(reviewer, &ReviewPass{ReadText: ReadText{SHA256: c.DraftSHA256}})
	c.refused(TextChanged, openness, &OpennessDecision{ReadText: stale, Openness: OpenReply})
	c.do(leaderInCharge, &AddedReviewer{Person: legal.ID, Reason: "请看引用的文件"})
	c.refused(TextChanged, legal, &AddedPass{ReadText: stale})
	c.do(legal, &AddedPass{ReadText: ReadText{SHA256: c.DraftSHA256}})
}

// R10: a signer's words were in no openness review. They go there, and come back to be signed as they are: by another (R22).
func TestR10SignersEditsGoThroughTheOpennessReview(t *testing.T) {
	c := at(t, SignOff)
	c.facts.Versions = 1
	text := c.edited("现答复如下", "现作如下答复")
	c.wrong("edited", StageNotEarlier, leaderInCharge, &SendingBack{To: Drafting, Reason: "改", Edited: text})
	c.do(leaderInCharge, &SendingBack{To: OpennessReview, Reason: "改了文字，请再审公开。", Edited: text})
	if c.Stage != OpennessReview || c.Openness != "" || c.Draft != 2 || c.Signer != "" {
		t.Fatalf("%s, openness %q, version %d, signed by %q", c.Stage, c.Openness, c.Draft, c.Signer)
	}
	c.facts.Draft = *text
	c.do(openness, &OpennessDecision{Openness: OpenReply})
	c.refused(OwnDraft, leaderInCharge, &Signature{SHA256: text.SHA256()})
	c.do(secondLeader, &Signature{SHA256: text.SHA256()})
	if c.Stage != Numbering {
		t.Errorf("stage %s", c.Stage)
	}
}

// A recalled edit is as if it had not been: the text of before is in review again.
func TestRecallOfAnEdit(t *testing.T) {
	c := at(t, OfficeReview)
	c.facts.Versions = 1
	before := c.State
	c.do(reviewer, &ReviewPass{Edited: c.edited("现答复如下", "现作如下答复")})
	c.do(reviewer, &Recalling{})
	if c.Draft != before.Draft || c.DraftSHA256 != before.DraftSHA256 || c.Stage != OfficeReview {
		t.Errorf("%s, version %d", c.Stage, c.Draft)
	}
}
