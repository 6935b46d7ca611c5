package api

import (
	"errors"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/wording"
)

// Words is a text of notices or mails in one language.
type Words struct {
	Language string   `json:"language"` // zh, en
	Key      string   `json:"key"`
	Text     string   `json:"text"` // the bureau's own; "": it says what is built in
	BuiltIn  string   `json:"built_in"`
	Places   []string `json:"places"` // what the program fills in, as it stands in a text
	Needed   []string `json:"needed"` // of them, those that a text must have
}

// WordsList is every text that a bureau may put in its own words.
type WordsList struct {
	Items []Words `json:"items"`
}

// NewWords puts a text in the bureau's own words; "" goes back to those that are built in.
type NewWords struct {
	Language string `json:"language"`
	Key      string `json:"key"`
	Text     string `json:"text"`
}

func (s *Room) wordsList(call *Call, _ nothing) (WordsList, error) {
	list := WordsList{Items: []Words{}}
	if err := administers(call); err != nil {
		return list, err
	}
	own, err := s.store.OwnWords(call.Context())
	if err != nil {
		return list, err
	}
	for _, g := range wording.Groups {
		for _, text := range g.Texts {
			for _, lang := range text.Languages() {
				list.Items = append(list.Items, s.wordsOf(text, lang, own[lang][text.Key]))
			}
		}
	}
	return list, nil
}

func (s *Room) wordsOf(text wording.Text, lang, own string) Words {
	words := Words{Language: lang, Key: text.Key, Text: own, BuiltIn: s.WordsIn(lang).BuiltIn(text), Places: []string{}, Needed: []string{}}
	for _, name := range text.Places {
		words.Places = append(words.Places, wording.Place(lang, name))
		if text.Needs(name) {
			words.Needed = append(words.Needed, wording.Place(lang, name))
		}
	}
	return words
}

func (s *Room) wordsSet(call *Call, in NewWords) (Words, error) {
	if err := administers(call); err != nil {
		return Words{}, err
	}
	err := s.store.SetWords(call.Context(), call.who.ID, store.Wording{in.Language: {in.Key: in.Text}})
	if wrong := wording.Faults(nil); errors.As(err, &wrong) { // which places a text has, the list tells
		field := "text"
		if wrong[0].Code == wording.UnknownText {
			field = "key"
		}
		return Words{}, &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: proposal.FieldMalformed}}}
	} else if err != nil {
		return Words{}, err
	}
	text, _ := wording.Of(in.Key)
	return s.wordsOf(text, in.Language, in.Text), nil
}
