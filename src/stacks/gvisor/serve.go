package main

// #include "bench/driver.h"
import "C"

import (
	"time"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

type optionKey struct{ level, option C.int }

// A duration in seconds, as the user has it.
func seconds(n int32) time.Duration {
	return time.Duration(n) * time.Second
}

func doOption(request *C.struct_drv_request, s *socket) error {
	n := int32(request.arg)
	switch (optionKey{request.level, request.option}) {
	case optionKey{unix.SOL_SOCKET, unix.SO_KEEPALIVE}:
		s.SocketOptions().SetKeepAlive(n != 0)
		return nil
	case optionKey{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE}:
		o := tcpip.KeepaliveIdleOption(seconds(n))
		return toErrno(s.SetSockOpt(&o))
	case optionKey{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}:
		o := tcpip.KeepaliveIntervalOption(seconds(n))
		return toErrno(s.SetSockOpt(&o))
	case optionKey{unix.IPPROTO_TCP, unix.TCP_KEEPCNT}:
		return toErrno(s.SetSockOptInt(tcpip.KeepaliveCountOption,
			int(n)))
	case optionKey{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT}:
		o := tcpip.TCPUserTimeoutOption(time.Duration(n) *
			time.Millisecond)
		return toErrno(s.SetSockOpt(&o))
	case optionKey{unix.IPPROTO_TCP, unix.TCP_LINGER2}:
		o := tcpip.TCPLingerTimeoutOption(seconds(n))
		return toErrno(s.SetSockOpt(&o))
	}
	return unix.EOPNOTSUPP
}

// What the stack has of Linux's sysctls: whether it always sends SYN cookies.
func (d *driver) doSysctl(request *C.struct_drv_request,
	reply *C.struct_drv_reply) error {
	if C.GoString(&request.name[0]) != "tcp_syncookies" {
		return unix.EOPNOTSUPP
	}
	var before tcpip.TCPAlwaysUseSynCookies
	after := tcpip.TCPAlwaysUseSynCookies(request.arg == 2)
	if err := d.stack.TransportProtocolOption(tcp.ProtocolNumber,
		&before); err != nil {
		return toErrno(err)
	}
	reply.value = 1
	if before {
		reply.value = 2
	}
	return toErrno(d.stack.SetTransportProtocolOption(tcp.ProtocolNumber,
		&after))
}

func (d *driver) do(request *C.struct_drv_request,
	reply *C.struct_drv_reply, s *socket) error {
	switch request.op {
	case C.DRV_LOOK:
		d.look(request, reply, s)
		return nil
	case C.DRV_LISTEN:
		return d.doListen(request, reply, s)
	case C.DRV_ACCEPT:
		return d.doAccept(request, reply, s)
	case C.DRV_CONNECT:
		return d.doConnect(request, reply)
	case C.DRV_SYSCTL:
		return d.doSysctl(request, reply)
	}
	if s == nil {
		return unix.EBADF
	}
	switch request.op {
	case C.DRV_SEND:
		return doSend(request, s)
	case C.DRV_SHUTDOWN:
		return doShutdown(request, s)
	case C.DRV_CLOSE:
		delete(d.sockets, int32(request.fd))
		s.Close()
		return nil
	case C.DRV_ABORT:
		delete(d.sockets, int32(request.fd))
		doAbort(s)
		return nil
	case C.DRV_DISCONNECT:
		return toErrno(s.Disconnect())
	case C.DRV_OPTION:
		return doOption(request, s)
	}
	return unix.EOPNOTSUPP
}

// The operation. Where the stack fails within it (a nil pointer) and takes a
// whole program with it, this one goes on: then the operation did nothing.
func (d *driver) try(request *C.struct_drv_request,
	reply *C.struct_drv_reply, s *socket) error {
	defer func() { _ = recover() }()
	return d.do(request, reply, s)
}

// The operation, with a look before or after it.
func (d *driver) serve(request *C.struct_drv_request) C.struct_drv_reply {
	reply := C.struct_drv_reply{fd: -1}
	s := d.sockets[int32(request.fd)]
	if request.look == C.DRV_LOOK_BEFORE {
		d.look(request, &reply, s)
	}
	if err := d.try(request, &reply, s); err != nil {
		reply.error = C.int(unix.EIO)
		if errno, ok := err.(unix.Errno); ok {
			reply.error = C.int(errno)
		}
		return reply
	}
	if request.look == C.DRV_LOOK_AFTER {
		if reply.fd != -1 {
			s = d.sockets[int32(reply.fd)]
		} else {
			s = d.sockets[int32(request.fd)]
		}
		d.look(request, &reply, s)
	}
	return reply
}
