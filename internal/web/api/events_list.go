package api

func (s *Room) eventsList(call *Call, _ nothing) (EventList, error) {
	f, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return EventList{}, err
	}
	list := EventList{Items: []Event{}}
	for _, e := range f.Events {
		list.Items = append(list.Items, Event{
			No: e.No, Kind: e.Kind, By: personOf(call.words, e.By, f.People[e.By]), For: e.For, At: e.At, On: e.On,
			From: e.From, To: e.To, Input: e.Input, Hash: e.Hash,
		})
	}
	return list, nil
}
