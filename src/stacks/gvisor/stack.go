package main

import (
	"errors"
	"net"
	"runtime"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/nested"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic = 1
	mtu = 1500
	// turns for the others, of whom none passes work on that often
	turns = 16
)

// The link, which hands over one frame after the other. The stack answers some
// at once and leaves others to its goroutines: an answer to the next frame, a
// fence, would overtake theirs. All run on one processor (see main), so that
// who gives way until they wait again has everything answered in order.
type orderly struct{ nested.Endpoint }

func (l *orderly) DeliverNetworkPacket(proto tcpip.NetworkProtocolNumber,
	pkt stack.PacketBufferPtr) {
	l.Endpoint.DeliverNetworkPacket(proto, pkt)
	for i := 0; i < turns; i++ {
		runtime.Gosched()
	}
}

func toError(err tcpip.Error) error {
	if err == nil {
		return nil
	}
	return errors.New(err.String())
}

// An address of the stack, and the network that it is of.
func addAddress(s *stack.Stack, proto tcpip.NetworkProtocolNumber,
	own tcpip.Address, prefix int) error {
	with := tcpip.AddressWithPrefix{Address: own, PrefixLen: prefix}
	s.AddRoute(tcpip.Route{Destination: with.Subnet(), NIC: nic})
	return toError(s.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol: proto, AddressWithPrefix: with,
	}, stack.AddressProperties{}))
}

// Challenge ACKs are not to be held back, as those of other stacks are not.
func setOptions(s *stack.Stack) error {
	sack := tcpip.TCPSACKEnabled(true)
	if err := s.SetTransportProtocolOption(tcp.ProtocolNumber,
		&sack); err != nil {
		return toError(err)
	}
	return toError(s.SetOption(stack.TCPInvalidRateLimitOption(0)))
}

func openStack(args []string, addresses map[int]tcpip.Address) (*stack.Stack,
	error) {
	mac, err := net.ParseMAC(args[2])
	if err != nil {
		return nil, err
	}
	fd, err := tun.OpenTAP(args[1])
	if err != nil {
		return nil, err
	}
	link, err := fdbased.New(&fdbased.Options{
		FDs:            []int{fd},
		MTU:            mtu,
		EthernetHeader: true,
		Address:        tcpip.LinkAddress(mac),
	})
	if err != nil {
		return nil, err
	}
	ordered := &orderly{}
	ordered.Init(link, ordered)
	s := stack.New(stack.Options{
		NetworkProtocols: []stack.NetworkProtocolFactory{
			arp.NewProtocol, ipv4.NewProtocol,
			// without duplicate address detection
			ipv6.NewProtocolWithOptions(ipv6.Options{}),
		},
		TransportProtocols: []stack.TransportProtocolFactory{
			tcp.NewProtocol,
		},
	})
	if err := s.CreateNIC(nic, ordered); err != nil {
		return nil, toError(err)
	}
	if err := setOptions(s); err != nil {
		return nil, err
	}
	if err := addAddress(s, header.IPv4ProtocolNumber, addresses[4],
		24); err != nil {
		return nil, err
	}
	return s, addAddress(s, header.IPv6ProtocolNumber, addresses[6], 64)
}
