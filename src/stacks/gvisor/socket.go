package main

// #include "bench/driver.h"
import "C"

import (
	"bytes"
	"io"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/syserr"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

const acceptWait = time.Second

// As gVisor's system calls have it; nil when there is none.
func toErrno(err tcpip.Error) error {
	if err == nil {
		return nil
	}
	return unix.Errno(syserr.TranslateNetstackError(err).ToLinux())
}

func toProto(ip int) tcpip.NetworkProtocolNumber {
	if ip == 6 {
		return header.IPv6ProtocolNumber
	}
	return header.IPv4ProtocolNumber
}

func toAddress(e *C.struct_endpoint) tcpip.FullAddress {
	octets := C.GoBytes(unsafe.Pointer(&e.addr.octets), 16)
	if e.addr.ip != 6 {
		octets = octets[:4]
	}
	return tcpip.FullAddress{
		NIC: nic, Addr: tcpip.Address(octets), Port: uint16(e.port),
	}
}

func (d *driver) socket(ip int, small bool) (*socket, error) {
	s := &socket{queue: &waiter.Queue{}}
	ep, err := d.stack.NewEndpoint(tcp.ProtocolNumber, toProto(ip), s.queue)
	if err != nil {
		return nil, toErrno(err)
	}
	if small {
		ep.SocketOptions().SetReceiveBufferSize(1, true)
	}
	s.Endpoint = ep
	return s, nil
}

func (d *driver) listen(ip int, port uint16, queue int, small bool) (*socket,
	error) {
	s, err := d.socket(ip, small)
	if err != nil {
		return nil, err
	}
	at := tcpip.FullAddress{NIC: nic, Addr: d.addresses[ip], Port: port}
	if err := s.Bind(at); err != nil {
		return nil, toErrno(err)
	}
	return s, toErrno(s.Listen(queue))
}

func (d *driver) doListen(request *C.struct_drv_request,
	reply *C.struct_drv_reply, s *socket) error {
	if s != nil {
		return toErrno(s.Listen(int(request.arg)))
	}
	if request.option != 0 {
		return unix.EOPNOTSUPP
	}
	s, err := d.listen(int(request.ip), 0, int(request.arg), false)
	if err != nil {
		return err
	}
	at, _ := s.GetLocalAddress()
	reply.fd = d.keep(s)
	reply.value = C.uint32_t(at.Port)
	return nil
}

// What nobody took before, and is dead by now, stands before it.
func (d *driver) doAccept(request *C.struct_drv_request,
	reply *C.struct_drv_reply, l *socket) error {
	if l == nil {
		l = d.listeners[listenerKey{int(request.ip), uint16(request.arg)}]
	}
	entry, ready := waiter.NewChannelEntry(waiter.ReadableEvents)
	l.queue.EventRegister(&entry)
	defer l.queue.EventUnregister(&entry)
	end := time.After(acceptWait)
	for {
		var from tcpip.FullAddress
		ep, queue, err := l.Accept(&from)
		switch {
		case err == nil && from.Port == uint16(request.to.port):
			reply.fd = d.keep(&socket{ep, queue})
			return nil
		case err == nil:
			ep.Abort()
			continue
		}
		if _, wait := err.(*tcpip.ErrWouldBlock); !wait {
			return toErrno(err)
		}
		select {
		case <-ready:
		case <-end:
			return unix.ETIMEDOUT
		}
	}
}

// It may give up, and the socket is still there then.
func (d *driver) doConnect(request *C.struct_drv_request,
	reply *C.struct_drv_reply) error {
	s, err := d.socket(int(request.to.addr.ip), request.value == 1)
	if err != nil {
		return err
	}
	reply.fd = d.keep(s)
	entry, ready := waiter.NewChannelEntry(waiter.WritableEvents |
		waiter.EventErr | waiter.EventHUp)
	s.queue.EventRegister(&entry)
	defer s.queue.EventUnregister(&entry)
	failed := s.Connect(toAddress(&request.to))
	if _, started := failed.(*tcpip.ErrConnectStarted); !started {
		return toErrno(failed)
	}
	if request.arg > 0 {
		select {
		case <-ready:
		case <-time.After(time.Duration(request.arg) * time.Millisecond):
		}
	}
	return nil
}

func doSend(request *C.struct_drv_request, s *socket) error {
	text := make([]byte, request.arg)
	n, err := s.Write(bytes.NewReader(text), tcpip.WriteOptions{})
	if err == nil && int(n) != len(text) {
		return unix.EAGAIN
	}
	return toErrno(err)
}

func doShutdown(request *C.struct_drv_request, s *socket) error {
	flags := []tcpip.ShutdownFlags{
		tcpip.ShutdownRead, tcpip.ShutdownWrite,
		tcpip.ShutdownRead | tcpip.ShutdownWrite,
	}
	return toErrno(s.Shutdown(flags[request.arg%3]))
}

func doAbort(s *socket) {
	s.SocketOptions().SetLinger(tcpip.LingerOption{Enabled: true})
	s.Close()
}

func states(state tcp.EndpointState) C.enum_state {
	switch state {
	case tcp.StateEstablished:
		return C.ST_ESTABLISHED
	case tcp.StateSynSent, tcp.StateConnecting:
		return C.ST_SYN_SENT
	case tcp.StateSynRecv:
		return C.ST_SYN_RECEIVED
	case tcp.StateFinWait1:
		return C.ST_FIN_WAIT_1
	case tcp.StateFinWait2:
		return C.ST_FIN_WAIT_2
	case tcp.StateTimeWait:
		return C.ST_TIME_WAIT
	case tcp.StateCloseWait:
		return C.ST_CLOSE_WAIT
	case tcp.StateLastAck:
		return C.ST_LAST_ACK
	case tcp.StateListen:
		return C.ST_LISTEN
	case tcp.StateClosing:
		return C.ST_CLOSING
	}
	return C.ST_CLOSED
}

// The state of what a segment from that endpoint would meet.
func (d *driver) state(request *C.struct_drv_request) C.enum_state {
	local, to := toAddress(&request.local), toAddress(&request.to)
	ep := d.stack.FindTransportEndpoint(toProto(int(request.to.addr.ip)),
		tcp.ProtocolNumber, stack.TransportEndpointID{
			LocalPort:     local.Port,
			LocalAddress:  local.Addr,
			RemotePort:    to.Port,
			RemoteAddress: to.Addr,
		}, nic)
	if found, ok := ep.(tcpip.Endpoint); ok {
		return states(tcp.EndpointState(found.State()))
	}
	return C.ST_CLOSED
}

// Has the peer, or a reset, ended what can be read?
func (s *socket) eof() bool {
	switch tcp.EndpointState(s.State()) {
	case tcp.StateCloseWait, tcp.StateClosing, tcp.StateLastAck,
		tcp.StateTimeWait, tcp.StateClose, tcp.StateError:
		return true
	}
	_, err := s.Read(io.Discard, tcpip.ReadOptions{Peek: true})
	_, closed := err.(*tcpip.ErrClosedForReceive)
	return closed
}

func (d *driver) look(request *C.struct_drv_request,
	reply *C.struct_drv_reply, s *socket) {
	reply.has_user = s != nil
	reply.state = C.ST_CLOSED
	if s != nil {
		reply.state = states(tcp.EndpointState(s.State()))
	}
	if reply.state == C.ST_CLOSED {
		reply.state = d.state(request)
	}
	if s == nil {
		return
	}
	if errno, ok := toErrno(s.LastError()).(unix.Errno); ok {
		reply.so_error = C.int(errno)
	}
	reply.eof = C.bool(s.eof())
	n, err := s.GetSockOptInt(tcpip.ReceiveQueueSizeOption)
	if err == nil {
		reply.unread = C.uint32_t(n)
	}
}
