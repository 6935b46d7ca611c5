package proposal

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
)

// Archive is what the file of a case says that was finished before it was entered (补录). What the file does not say is empty, and
// stays so: nobody is made out to have done it, and no day is made up for it.
type Archive struct {
	Finished    bool          `json:"finished,omitempty"`     // the case is over: nothing is waited for
	Lead        DivisionID    `json:"lead,omitempty"`         // 主办处室, if there still is one
	RepliedOn   calendar.Date `json:"replied_on,omitzero"`    //
	ReplyNumber string        `json:"reply_number,omitempty"` // 发文字号, as it stands on the reply
	SignedBy    string        `json:"signed_by,omitempty"`    // names as the file has them: people of those days need no account
	HandledBy   string        `json:"handled_by,omitempty"`   //
	Result      string        `json:"result,omitempty"`       // 办理结果, in the words or letter of that time
	Rating      Rating        `json:"rating,omitempty"`       // "": the file has none
	ClosedOn    calendar.Date `json:"closed_on,omitzero"`     //
	FileNo      string        `json:"file_no,omitempty"`      // 档号
}

func (r *Registration) checkArchive(c *checker) {
	c.text("reply_number", r.ReplyNumber, false, MaxLine)
	c.text("signed_by", r.SignedBy, false, MaxLine)
	c.text("handled_by", r.HandledBy, false, MaxLine)
	c.text("result", r.Result, false, MaxLine)
	c.text("file_no", r.FileNo, false, MaxLine)
	oneOf(c, "rating", r.Rating, append(slices.Clone(Ratings), ""))
	switch {
	case r.Finished && !r.Late:
		c.add("finished", LateRegistrationOnly)
	case !r.Finished && r.Archive != Archive{}:
		c.add("finished", FieldRequired)
	}
}

// enter takes in a case that is over. It has no clock, so it is late in no list, and no task.
func (r *Registration) enter(s *State, f Facts) (Stage, *Refusal) {
	if wrong := r.wrongInFile(f); len(wrong) > 0 {
		return "", &Refusal{Code: InvalidInput, Fields: wrong}
	}
	s.take(r.Archive)
	return Closed, nil
}

// wrongInFile are the contradictions in what the file of a case that is over is said to say.
func (r *Registration) wrongInFile(f Facts) []FieldError {
	var c checker
	since := r.AssignedOn
	for _, day := range []struct {
		field Fact
		on    calendar.Date
	}{{FactRepliedOn, r.RepliedOn}, {FactClosedOn, r.ClosedOn}} {
		switch {
		case day.on.IsZero():
			continue
		case day.on.After(f.Today()):
			c.add(string(day.field), DayInFuture)
		case day.on.Before(since):
			c = append(c, FieldError{Field: string(day.field), Code: DayBeforeStart, Date: since})
		}
		since = day.on
	}
	if r.Lead != "" && !slices.Contains(f.Divisions, r.Lead) {
		c.add(string(FactLead), NotInBureau)
	}
	number, _ := ParseDocumentNumber(r.ReplyNumber)
	switch {
	case f.SerialUsed:
		c.add(string(FactReplyNumber), SerialTaken)
	case number.Year == f.Today().Year && number.Serial >= f.NextSerial+farSerial && !r.Sure:
		c = append(c, FieldError{Field: string(FactReplyNumber), Code: FarOff, Max: f.NextSerial})
	}
	return c
}

// take lets the case say what its file does.
func (s *State) take(file Archive) {
	s.Archive = &file
	s.Number, _ = ParseDocumentNumber(file.ReplyNumber)
	s.Lead, s.DispatchedOn, s.ClosedOn = file.Lead, file.RepliedOn, file.ClosedOn
}

// ParseDocumentNumber reads a 发文字号 as it stands on paper, whatever its brackets: 沈民函〔2020〕12号.
func ParseDocumentNumber(text string) (DocumentNumber, bool) {
	found := numberOnPaper.FindStringSubmatch(strings.Map(chinese.HalfWidth, chinese.WithoutBlanks(text)))
	if found == nil {
		return DocumentNumber{}, false
	}
	year, _ := strconv.Atoi(found[2]) // the pattern has digits there
	serial, _ := strconv.Atoi(found[3])
	return DocumentNumber{Series: found[1], Year: year, Serial: serial}, true
}

var numberOnPaper = regexp.MustCompile(`^(\p{Han}{1,20})[〔\[(【]((?:19|20)[0-9]{2})[〕\])】]第?0*([1-9][0-9]{0,5})号$`)
