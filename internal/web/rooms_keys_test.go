package web

import (
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/inbox"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/office"
	"github.com/banli/banli/workflows"
)

// linkEnds are what a deputy's link may lead to besides the case.
var linkEnds = []string{"used", "expired", "over", "unknown", "resting"}

// roomKeys are the built keys of attachments, proxies, notices, the deputy's link and the calendar.
func roomKeys() []string {
	return slices.Concat(
		family("attachment.kind.", store.AttachmentKinds), family("notice.", proposal.NoticeKinds), family("notice.kind.", proposal.NoticeKinds),
		family("notice.over.", []store.Over{store.NoticeDone, store.NoticeReplaced}),
		family("settings.channel.", inbox.Channels), family("settings.", inbox.DisplayFields), displayKeys(),
		[]string{"notice.remind_today", "notice.returned_only", "notice.vacant_only", "notice.handed_over", "notice.gone", "mail.overdue", "mail.today", "mail.week", "mail.new", "mail.notices", "mail.waiting"},
		family("proxy.group.", office.ProxyGroups), family("nav.", []string{"notices", "proxies", "calendar"}),
		family("deputy_page.", linkEnds),
		suffixed(family("deputy_page.", linkEnds), "_text"),
		family("deputy_page.", proposal.Ratings),
		family("progress.", []string{"assigned", "rehandled", "accepted", "consulted", "signed", "dispatched", "published"}),
		family("decide.do.", []proposal.Kind{proposal.Urge, proposal.RequestReturn, proposal.EndorseExtension, proposal.DecideExtension}),
		family("rate.", store.EveryRate), suffixed(family("rate.", store.EveryRate), ".formula"), family("statistics.by.", store.Cuts),
		family("statistics.no.", []store.Cut{store.ByDivision, store.ByTopic, store.ByDelegation, store.ByClass, store.ByMode, store.ByMet}),
		family("filter.rate.", []store.Part{store.PartOf, store.PartCounted, store.PartMissed}),
		family("operation.why.", workflows.Whys), family("operation.schedule.", workflows.ScheduleIDs), []string{"nav.operation"},
		family("operation.run.", workflows.NoCase), family("operation.harm.", workflows.NoCase),
		family("table.", []string{
			"handled", "answered", "attitude", "result", "lead_unit", "co", "all", "share", "full", "basically", "dissatisfied", "unrated",
			"classes", "met_by", "mode", "forum", "visit", "distance", "no_contact", "replied", "portion",
			"co_signers", "co_signed", "to_each", "co_unanswered", "co_reached", "co_rated", "class_first", "class_now", "solved", "planned",
			"promises", "with_promise", "promises_due", "promises_kept", "promises_overdue", "promises_ahead", "kept_share",
		}), family("table.", []string{"title", "file"}), family("evaluation.", []string{"title", "file"}),
		family("what_if.as_it_is.", []string{"off", "worked"}),
		suffixed(family("what_if.", []string{"nobody", "later", "helped", "moved"}), ".head"), suffixed(family("what_if.", []string{"nobody", "later", "helped", "moved"}), ".note"),
		family("gate.", store.Gates), suffixed(family("filter.", []string{"untouched", "due_by", "answered_by", "here_since", "here_by"}), "_is"),
		family("summary.", []string{
			"basics", "handling", "ratings", "promises", "divisions", "done", "next", "done_gap", "next_gap", "bodies", "topics", "classes", "answered", "in_time",
			"co_in_time", "contacted", "met", "published", "rated", "attitude", "result", "first_round", "rehandled", "kept",
		}),
		family("ledger.", []string{
			"number", "session", "co_signers", "title", "category", "handling", "stage", "assigned_by", "lead", "co_handling", "marks", "assigned_on", "due",
			"answered_on", "document", "signer", "class", "mode", "met_by", "openness", "published_on", "attitude", "result", "opinion",
		}),
		family("outgoing.", []string{"number", "title_of", "to", "signer", "signed_on", "dispatched_on", "letters", "mode", "receipts"}),
		[]string{"event.attach", "event.deputy_link"},
	)
}

// displayKeys are the words of every way to draw pages.
func displayKeys() []string {
	var keys []string
	for _, name := range inbox.DisplayFields {
		keys = append(keys, family("settings."+name+".", append([]string{"usual"}, kit.DisplayChoices[name]...))...)
	}
	return keys
}
