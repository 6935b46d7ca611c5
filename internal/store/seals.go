package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Seal is the picture of the bureau's seal, as replies are printed with it.
type Seal struct {
	Name     string // what stands on it
	Diameter int    // in millimetres
	SHA256   string
	By       Name // who set it
	At       time.Time
}

// What a picture of a seal may be.
const (
	MaxSealBytes   = 2 << 20
	minSealPixels  = 300 // less is blurred in print: 42 mm at 180 dots an inch
	maxSealPixels  = 3000
	MinSealMM      = 30
	MaxSealMM      = 60 // 国务院's; a city's 45, a county's 42 (国发〔1999〕25号)
	UsualSealMM    = 42
	sealOutOfRound = 10 // so many hundredths may a picture be wider than high, or higher than wide
)

// Seal is the one in use; false if there is none.
func (s *Store) Seal(ctx context.Context) (seal Seal, ok bool, err error) {
	seal, _, err = sealInUse(ctx, s.pool)
	return seal, err == nil, edge(optional(err))
}

// sealInUse is the seal with its picture; pgx.ErrNoRows if there is none.
func sealInUse(ctx context.Context, in interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) (seal Seal, picture []byte, err error) {
	err = in.QueryRow(ctx, `
		select s.name, s.diameter, s.sha256, p.name, p.name_en, s.at, s.picture
		from seals s join people p on p.id = s.by where s.no = (select max(no) from seals) and s.picture is not null`).
		Scan(&seal.Name, &seal.Diameter, &seal.SHA256, &seal.By.ZH, &seal.By.EN, instant{&seal.At}, &picture)
	return seal, picture, err
}

// LookAtSeal returns the picture to an administrator and tells of the look in the chain of what was changed of the bureau.
func (s *Store) LookAtSeal(ctx context.Context, by proposal.PersonID) (seal Seal, picture []byte, err error) {
	err = s.Edit(ctx, by, func(e *Edit) (err error) {
		if seal, picture, err = sealInUse(ctx, e.tx); err != nil {
			return err
		}
		return e.tellSeal(ctx, sealTold{Name: seal.Name, Diameter: seal.Diameter, SHA256: seal.SHA256, Looked: true})
	})
	if err != nil {
		return Seal{}, nil, err // nobody sees what could not be written down
	}
	return seal, picture, nil
}

// sealTold is what the chain tells of a seal, or of a look at it.
type sealTold struct {
	Name     string `json:"name"`
	Diameter int    `json:"diameter"`
	SHA256   string `json:"sha256"`
	Looked   bool   `json:"looked,omitempty"`
	Ended    bool   `json:"ended,omitempty"`
}

func (e *Edit) tellSeal(ctx context.Context, told sealTold) error {
	_, err := e.tx.Exec(ctx, `select tell_staff('seal', '', null, $1, $2)`, told, orNull(e.by))
	return err
}

// SetSeal puts another picture in the place of the one in use. It is kept as its dots alone, without what a camera wrote beside them. Refusals:
// InvalidInput for picture, name and diameter.
func (e *Edit) SetSeal(ctx context.Context, name string, diameter int, picture []byte) error {
	name = strings.TrimSpace(name)
	clean, wrong := cleanPicture(picture)
	switch {
	case name == "":
		wrong = append(wrong, proposal.FieldError{Field: "name", Code: proposal.FieldRequired})
	case utf8.RuneCountInString(name) > proposal.MaxLine:
		wrong = append(wrong, proposal.FieldError{Field: "name", Code: proposal.FieldTooLong, Max: proposal.MaxLine})
	}
	if diameter < MinSealMM || diameter > MaxSealMM {
		wrong = append(wrong, proposal.FieldError{Field: "diameter", Code: proposal.UnknownValue})
	}
	if len(wrong) > 0 {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return e.keepSeal(ctx, sealTold{Name: name, Diameter: diameter, SHA256: hashOf(clean)}, clean)
}

// EndSeal takes the seal in use away: replies are printed without one from now on.
func (e *Edit) EndSeal(ctx context.Context) error {
	seal, _, err := sealInUse(ctx, e.tx)
	if err != nil {
		return err
	}
	return e.keepSeal(ctx, sealTold{Name: seal.Name, Diameter: seal.Diameter, SHA256: seal.SHA256, Ended: true}, nil)
}

func (e *Edit) keepSeal(ctx context.Context, told sealTold, picture []byte) error {
	_, err := e.tx.Exec(ctx, `insert into seals (at, by, name, diameter, sha256, picture) values ($1, $2, $3, $4, $5, $6)`,
		e.now, e.by, told.Name, told.Diameter, told.SHA256, picture)
	if err != nil {
		return err
	}
	return e.tellSeal(ctx, told)
}

// cleanPicture draws a PNG anew, or says what is wrong with it.
func cleanPicture(data []byte) ([]byte, []proposal.FieldError) {
	refuse := func(code proposal.FieldCode) ([]byte, []proposal.FieldError) {
		return nil, []proposal.FieldError{{Field: "picture", Code: code}}
	}
	size, err := png.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil, len(data) > MaxSealBytes:
		return refuse(proposal.FieldMalformed)
	case min(size.Width, size.Height) < minSealPixels, max(size.Width, size.Height) > maxSealPixels,
		100*max(size.Width, size.Height) > (100+sealOutOfRound)*min(size.Width, size.Height):
		return refuse(proposal.UnknownValue)
	}
	var drawn image.Image
	if drawn, err = png.Decode(bytes.NewReader(data)); err != nil {
		return refuse(proposal.FieldMalformed)
	}
	var clean bytes.Buffer
	if err := png.Encode(&clean, drawn); err != nil {
		return refuse(proposal.FieldMalformed)
	}
	return clean.Bytes(), nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
