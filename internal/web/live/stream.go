package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/banli/banli/internal/store"
)

const (
	// liveBeat is how often a silent stream says that it is there. The session is looked at as often: whoever logged out, was
	// switched off or lost a right is told nothing from then on.
	liveBeat = 20 * time.Second
	// liveApart is the least time between two messages of one stream.
	liveApart = time.Second
	// liveWrite is how long a browser may take to receive a message.
	liveWrite = 10 * time.Second
)

// Stream tells an open page what others do, as server-sent events: hello at the start, news, and beats in between. It
// bypasses the middleware of sessions: an open page does not mean that somebody is at work, and must not keep a session alive.
func (s *Room) Stream(w http.ResponseWriter, r *http.Request) error {
	who, err := s.PersonInSession(r)
	if err != nil {
		return err
	}
	if who == nil {
		w.WriteHeader(http.StatusUnauthorized) // a browser does not ask again
		return nil
	}
	reader, mark := s.news.Read(who.ID)
	defer reader.Leave()
	stream := &liveWriter{ResponseController: http.NewResponseController(w), w: w}
	if err := stream.SetReadDeadline(time.Time{}); err != nil { // the server's own are for requests that end
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	stream.send("hello", mark, liveHello{Time: s.Words(r).Clock(s.Now()), Missed: since != mark})
	s.follow(r, who, reader, stream)
	return nil
}

// follow writes to the stream until either side ends it.
func (s *Room) follow(r *http.Request, who *store.Person, reader *store.NewsReader, stream *liveWriter) {
	words := s.Words(r)
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	next := time.NewTimer(0)
	<-next.C
	waiting, sent := liveNews{}, time.Time{}
	for stream.err == nil {
		select {
		case <-r.Context().Done():
			return
		case n, open := <-reader.News:
			if !open {
				if reader.Crowded() {
					stream.send("crowded", "", struct{}{})
				}
				return
			}
			told, ok := n.For(who.Person)
			if !ok {
				continue
			}
			if len(waiting.Items) == 0 {
				next.Reset(max(0, liveApart-time.Since(sent)))
			}
			waiting.add(s.newsItem(words, told, who), n.Mark())
		case <-next.C:
			waiting.Time = words.Clock(s.Now())
			stream.send("news", waiting.mark, waiting)
			waiting, sent = liveNews{}, time.Now()
		case <-beat.C:
			still, err := s.PersonInSession(r)
			if err != nil || still == nil || still.ID != who.ID {
				return // the browser asks again, and learns why
			}
			who = still
			stream.send("beat", "", liveHello{Time: words.Clock(s.Now())})
		}
	}
}

// liveHello opens a stream. Missed: something may have happened since the page was drawn.
type liveHello struct {
	Time   string `json:"time"` // of the bureau, on the clock that pages show
	Missed bool   `json:"missed,omitempty"`
}

// liveNews is what happened since the last message.
type liveNews struct {
	Time  string     `json:"time"`
	Items []newsItem `json:"items"`
	mark  string
}

// add keeps one item for each thing, the latest, with the last words that were said of it.
func (l *liveNews) add(item newsItem, mark string) {
	l.mark = mark
	for i, old := range l.Items {
		if old.Kind == item.Kind && old.ID == item.ID {
			if item.What == "" && item.Moved == "" {
				item.What, item.Moved, item.By = old.What, old.Moved, old.By
			}
			item.Own = item.Own && old.Own
			l.Items[i] = item
			return
		}
	}
	l.Items = append(l.Items, item)
}

// liveWriter writes server-sent events. After the first error it writes no more.
type liveWriter struct {
	*http.ResponseController
	w   http.ResponseWriter
	err error
}

func (l *liveWriter) send(event, id string, data any) {
	if l.err != nil {
		return
	}
	body, err := json.Marshal(data)
	if err == nil {
		err = l.SetWriteDeadline(time.Now().Add(liveWrite))
	}
	if err == nil && id != "" {
		_, err = fmt.Fprintf(l.w, "id: %s\n", id)
	}
	if err == nil {
		_, err = fmt.Fprintf(l.w, "event: %s\nretry: 2000\ndata: %s\n\n", event, body)
	}
	if err == nil {
		err = l.Flush()
	}
	l.err = err
}
