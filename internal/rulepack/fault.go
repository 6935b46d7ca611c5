package rulepack

// Fault is one way in which the file of a rule pack can be wrong.
type Fault struct {
	Code    string // by which a reader's catalogue has words for it
	english string // the words of the command line, with a place for each argument
}

// faults are all of them.
var faults []Fault

func fault(code, english string) Fault {
	f := Fault{code, english}
	faults = append(faults, f)
	return f
}

// Faults are the codes of every fault that there is.
func Faults() []string {
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	return codes
}

var (
	// Of the file itself
	emptyFile      = fault("empty_file", "the rule pack is empty")
	severalParts   = fault("several_parts", "more than one document, or none that can be read")
	notYAML        = fault("not_yaml", "%s")
	wantText       = fault("want_text", "the text itself, not an alias, is wanted")
	wantDay        = fault("want_day", "a day, as 2026-01-01, is wanted")
	wantList       = fault("want_list", "a list is wanted")
	wantKeys       = fault("want_keys", "keys with values are wanted")
	wantValue      = fault("want_value", "a value is wanted")
	wantNumber     = fault("want_number", "a whole number is wanted")
	wantTruth      = fault("want_truth", "true or false is wanted")
	standsTwice    = fault("stands_twice", "stands here twice")
	unknownField   = fault("unknown_field", "unknown field; known: %s")
	unknownValue   = fault("unknown_value", "unknown value %q; known: %s")
	missing        = fault("missing", "required")
	fromTo         = fault("from_to", "from %d to %d is wanted")
	perCent        = fault("per_cent", "from 1 to 99 per cent is wanted, or 0 for no warning")
	codeTaken      = fault("code_taken", "%q is taken")
	plainForm      = fault("plain_form", "stands in the plain form alone")
	neverCounts    = fault("never_counts", "never counts: one before it fits every such case")
	unknownBase    = fault("unknown_base", "there is no rule pack %q")
	baseWrong      = fault("base_wrong", "%q cannot be had: %s is wrong")
	circle         = fault("circle", "goes in a circle: %s extends %s")
	idTaken        = fault("id_taken", "there is another rule pack %q already; cases are pinned to ids")
	idWithdrawn    = fault("id_withdrawn", "%q was withdrawn; an id is not used again")
	sameDay        = fault("same_day", "%q of the same profile is valid from that day too")
	noRulesToday   = fault("no_rules_today", "no rule pack of profile %q would be valid today")
	notYours       = fault("not_yours", "the rules of profile %q come with the program: give yours a profile of their own")
	casesUnder     = fault("cases_under", "cases assigned on %s are under %q already; from the day after at the earliest")
	numberless     = fault("numberless", "replies without a number have none")
	lacksSeries    = fault("lacks_series", "no reply to a case of body %s, handled as %s, has a series")
	forEveryCase   = fault("for_every_case", "a body, a level, a proposer or intersession is wanted: it would count for every case")
	newestFirst    = fault("newest_first", "the newest source comes first")
	whichCase      = fault("which_case", "{title} or {number} is wanted: nobody could tell which case it answers")
	unknownPart    = fault("unknown_part", "there is no %s; there are %s")
	wholeWeight    = fault("whole_weight", "the weights are 100 together, not %d")
	wholeWidth     = fault("whole_width", "the columns are 100 together, each 1 at least")
	cellsInRow     = fault("cells_in_row", "from 1 to %d cells are wanted, as many as there are columns at most")
	countedBack    = fault("counted_back", "is counted back from the reply limit: workdays_before and nothing else")
	onlyInternal   = fault("only_internal", "only the internal limit is counted back")
	twoCounts      = fault("two_counts", "has two counts: months, days or workdays")
	noCount        = fault("no_count", "has no count: months, days, workdays or fixed_day")
	everyYear      = fault("every_year", "a day of every year, as 08-31, is wanted")
	remindersFall  = fault("reminders_fall", "reminders fall: the earliest, with the most days, comes first")
	escalationRise = fault("escalations_rise", "escalations rise: each comes later than the one before")
	nothingRepeats = fault("nothing_repeats", "there is no escalation to repeat")
	noReview       = fault("no_review", "%q is no review; known: %s")
	outOfOrder     = fault("out_of_order", "out of order: %s")
	everyDraft     = fault("every_draft", "every draft passes this review")
	chainBegins    = fault("chain_begins", "the chain begins with %s")
	chainEnds      = fault("chain_ends", "the chain ends with %s: nothing is published without it")
	extendedTo     = fault("extended_to", "from %d to %d is wanted: no reply may take longer")
	tooLong        = fault("too_long", "at most %d: no reply may take longer")
	cannotSign     = fault("cannot_sign", "%q cannot sign; %s can")
)
