package api

import (
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/workflows"
)

// Room answers for the API.
type Room struct {
	*casefile.Files
	store Store
	cases *workflows.Client
	brief Briefing
}

// New makes the room.
func New(files *casefile.Files, store Store, cases *workflows.Client, brief Briefing) *Room {
	return &Room{Files: files, store: store, cases: cases, brief: brief}
}
