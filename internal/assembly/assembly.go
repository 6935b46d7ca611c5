// Package assembly identifies a proposal as the assembly does that hands it over, a people's congress or a conference of the CPPCC: by level, term,
// session and number. It also knows the kinds of proposer, and how numbers, sessions and titles are written in a reply.
//
// The rules (internal/proposal) and the reading of replies (internal/replytext) share these words; it imports neither.
package assembly

// Body is the assembly a proposal was handed in to.
type Body string

const (
	NPC   Body = "npc"   // 人民代表大会: the case is a suggestion (建议)
	CPPCC Body = "cppcc" // 人民政协: the case is a proposal (提案)
)

// Level is the kind of place whose assembly it is. Places of one rank bear different names, and each prints its own: a county's
// congress is 县人大, never 区人大.
type Level string

const (
	NationalLevel         Level = "national"          // 全国
	ProvinceLevel         Level = "province"          // 省
	AutonomousRegionLevel Level = "autonomous_region" // 自治区
	CityLevel             Level = "city"              // 市: a municipality, a prefecture-level or a county-level city
	PrefectureLevel       Level = "prefecture"        // 州
	LeagueLevel           Level = "league"            // 盟
	DistrictLevel         Level = "district"          // 区
	CountyLevel           Level = "county"            // 县
	AutonomousCountyLevel Level = "autonomous_county" // 自治县
	BannerLevel           Level = "banner"            // 旗
	TownLevel             Level = "town"              // 镇
	TownshipLevel         Level = "township"          // 乡
)

// Bodies and Levels list every value, in the order a form shows them.
var (
	Bodies = []Body{NPC, CPPCC}
	Levels = []Level{
		NationalLevel, ProvinceLevel, AutonomousRegionLevel, CityLevel, PrefectureLevel, LeagueLevel, DistrictLevel, CountyLevel,
		AutonomousCountyLevel, BannerLevel, TownLevel, TownshipLevel,
	}
)

// ProposerKind is who handed the proposal in.
type ProposerKind string

const (
	MemberProposer    ProposerKind = "member"    // 代表、委员
	PartyProposer     ProposerKind = "party"     // 党派
	GroupProposer     ProposerKind = "group"     // 界别、小组、人民团体
	CommitteeProposer ProposerKind = "committee" // 专门委员会
)

// ProposerKinds lists every value.
var ProposerKinds = []ProposerKind{MemberProposer, PartyProposer, GroupProposer, CommitteeProposer}
