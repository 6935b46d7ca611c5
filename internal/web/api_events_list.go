package web

func (s *Server) apiEventsList(call *apiCall, _ nothing) (apiEventList, error) {
	f, err := s.openCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return apiEventList{}, err
	}
	list := apiEventList{Items: []apiEvent{}}
	for _, e := range f.Events {
		list.Items = append(list.Items, apiEvent{
			No: e.No, Kind: e.Kind, By: apiPersonOf(call.words, e.By, f.People[e.By]), For: e.For, At: e.At, On: e.On,
			From: e.From, To: e.To, Input: e.Input, Hash: e.Hash,
		})
	}
	return list, nil
}
