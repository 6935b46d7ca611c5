package kit

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// From is the address that a request came from, "" if it is not known. Of IPv6 it is the network: whoever has one address there has
// as many as they like.
func From(r *http.Request) string {
	port, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := port.Addr().Unmap().WithZone("")
	if addr.Is6() && !addr.IsLoopback() {
		network, _ := addr.Prefix(64) // fails for no IPv6 address
		return network.String()
	}
	return addr.String()
}

// throughProxies puts the reader's address into the place of a trusted proxy's: the last in X-Forwarded-For that is no such proxy
// itself. What stands before it the reader may have written.
func (s *Kit) throughProxies(next http.Handler) http.Handler {
	trusted := func(addr netip.Addr) bool {
		return slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !trusted(from.Addr().Unmap()) {
			next.ServeHTTP(w, r)
			return
		}
		passed := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, hop := range slices.Backward(passed) {
			addr, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil {
				break
			}
			from = netip.AddrPortFrom(addr.Unmap(), 0)
			if !trusted(addr.Unmap()) {
				break
			}
		}
		r.RemoteAddr = from.String()
		next.ServeHTTP(w, r)
	})
}
