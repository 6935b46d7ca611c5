package store

import (
	"context"
	"slices"

	"github.com/banli/banli/internal/proposal"
)

// Channel is how somebody wants to hear of a kind of notice.
type Channel string

const (
	ByInbox  Channel = "inbox"  // 站内
	ByMail   Channel = "mail"   // 站内，并马上发邮件
	ByDigest Channel = "digest" // 站内，并入每日汇总
	Muted    Channel = "off"    // 不要
)

// Channels lists those that a kind of notice may have: what asks for something is never hidden.
func Channels(kind proposal.NoticeKind) []Channel {
	if kind.Asks() {
		return []Channel{ByInbox, ByMail, ByDigest}
	}
	return []Channel{ByInbox, ByMail, ByDigest, Muted}
}

// usual is the channel of who has chosen none: at once what cannot wait for the next morning.
var usual = map[proposal.NoticeKind]Channel{
	proposal.NoticeAssigned: ByMail, proposal.NoticeReturned: ByMail, proposal.NoticeUrge: ByMail,
	proposal.NoticeRemind: ByDigest, proposal.NoticeRanOut: ByMail, proposal.NoticeEscalate: ByMail,
	proposal.NoticeVacant: ByMail, proposal.NoticeCover: ByMail, proposal.NoticeMoved: ByDigest, proposal.NoticeTakeDown: ByMail, proposal.NoticeMention: ByMail,
	proposal.NoticeRated: ByMail, proposal.NoticeOpinion: ByDigest, proposal.NoticeProgress: ByInbox,
	proposal.NoticeWatched: ByInbox, proposal.NoticeBulk: ByInbox, proposal.NoticeAccount: ByMail,
}

// Settings are what a person has chosen to hear of, and how.
type Settings struct {
	Channels map[proposal.NoticeKind]Channel
	Digest   bool
	DigestAt int               // minutes of the day in Shanghai, by quarters of an hour; of the digests of who supervises too
	Brief    proposal.Briefing // "": as the rule pack says
	Language string            // of mails: zh, en
	Quiet    bool              // mails wait for working hours
}

// DigestAt is when a digest comes unless its reader says otherwise: 08:30.
const DigestAt = 8*60 + 30

// Channel is how the person hears of the kind.
func (c Settings) Channel(kind proposal.NoticeKind) Channel {
	if chosen := c.Channels[kind]; slices.Contains(Channels(kind), chosen) {
		return chosen
	}
	return usual[kind]
}

// kinds are those that come by the channel.
func (c Settings) kinds(by Channel) []proposal.NoticeKind {
	kinds := []proposal.NoticeKind{}
	for _, kind := range proposal.NoticeKinds {
		if c.Channel(kind) == by {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func (c Settings) muted() []proposal.NoticeKind { return c.kinds(Muted) }

// Settings reads what the person chose, or what holds for somebody who never did.
func (s *Store) Settings(ctx context.Context, person proposal.PersonID) (Settings, error) {
	c := Settings{Digest: true, DigestAt: DigestAt, Language: "zh"}
	err := s.pool.QueryRow(ctx, `select channels, digest, digest_at, brief, language, quiet from people_settings where person = $1`, person).
		Scan(&c.Channels, &c.Digest, &c.DigestAt, &c.Brief, &c.Language, &c.Quiet)
	return c, edge(optional(err))
}

// SaveSettings keeps what the person chose. Refusals: InvalidInput, with the field.
func (s *Store) SaveSettings(ctx context.Context, person proposal.PersonID, c Settings) error {
	for kind, channel := range c.Channels {
		if !slices.Contains(proposal.NoticeKinds, kind) || !slices.Contains(Channels(kind), channel) {
			return invalid(string(kind), proposal.UnknownValue)
		}
	}
	switch {
	case c.DigestAt < 0 || c.DigestAt >= 24*60 || c.DigestAt%15 != 0:
		return invalid("digest_at", proposal.FieldMalformed)
	case c.Brief != "" && !slices.Contains(proposal.Briefings, c.Brief):
		return invalid("brief", proposal.UnknownValue)
	case c.Language != "zh" && c.Language != "en":
		return invalid("language", proposal.UnknownValue)
	}
	if c.Channels == nil {
		c.Channels = map[proposal.NoticeKind]Channel{}
	}
	_, err := s.pool.Exec(ctx, `
		insert into people_settings (person, channels, digest, digest_at, brief, language, quiet) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (person) do update set channels = excluded.channels, digest = excluded.digest, digest_at = excluded.digest_at,
			brief = excluded.brief, language = excluded.language, quiet = excluded.quiet`,
		person, c.Channels, c.Digest, c.DigestAt, c.Brief, c.Language, c.Quiet)
	return edge(err)
}

// SaveDisplay keeps how the person wants pages drawn.
func (s *Store) SaveDisplay(ctx context.Context, person proposal.PersonID, d Display) error {
	_, err := s.pool.Exec(ctx, `
		insert into people_settings (person, display) values ($1, $2) on conflict (person) do update set display = excluded.display`,
		person, d)
	return edge(err)
}

// Display is how a reader wants pages drawn; empty fields follow the system.
type Display struct {
	Text     string `json:"text,omitempty"`     // small, large, larger
	Contrast string `json:"contrast,omitempty"` // high
	Theme    string `json:"theme,omitempty"`    // light, dark
	Keys     string `json:"keys,omitempty"`     // off: single letters do nothing
}
