// The driver of gVisor's network stack: it holds that stack's endpoints and
// moves them as bench/driver.h asks for.
//
//	retort-gvisor FD IFNAME MAC ADDRESS4 ADDRESS6 PORT SMALL-PORT
//
// FD is the socket of the messages; the stack has the MAC and the addresses at
// the TAP device IFNAME, and listens at the ports.
package main

// #include "bench/driver.h"
import "C"

import (
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/waiter"
)

// Set by the linker, from the version of the package.
var version = "gvisor"

const (
	backlog = 128
	// requests from one garbage collection to the next
	collectEvery = 256
	requestN     = int(unsafe.Sizeof(C.struct_drv_request{}))
	replyN       = int(unsafe.Sizeof(C.struct_drv_reply{}))
)

// A socket, as its user has it.
type socket struct {
	tcpip.Endpoint
	queue *waiter.Queue
}

type listenerKey struct {
	ip   int
	port uint16
}

type driver struct {
	stack     *stack.Stack
	addresses map[int]tcpip.Address
	listeners map[listenerKey]*socket
	sockets   map[int32]*socket
	last      int32
}

func (d *driver) keep(s *socket) C.int {
	d.last++
	d.sockets[d.last] = s
	return C.int(d.last)
}

// The standing listeners of both families.
func (d *driver) standing(port uint16, small bool) error {
	for ip := range d.addresses {
		s, err := d.listen(ip, port, backlog, small)
		if err != nil {
			return err
		}
		d.listeners[listenerKey{ip, port}] = s
	}
	return nil
}

func parsePort(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err
}

func open(args []string) (*driver, error) {
	d := &driver{
		addresses: map[int]tcpip.Address{
			4: tcpip.Address(net.ParseIP(args[3]).To4()),
			6: tcpip.Address(net.ParseIP(args[4]).To16()),
		},
		listeners: map[listenerKey]*socket{},
		sockets:   map[int32]*socket{},
	}
	var err error
	if d.stack, err = openStack(args, d.addresses); err != nil {
		return nil, err
	}
	for i, small := range []bool{false, true} {
		port, err := parsePort(args[5+i])
		if err != nil {
			return nil, err
		}
		if err := d.standing(port, small); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Text as C has it; what does not fit is left out.
func copyText(to []C.char, text string) {
	for i := 0; i < len(text) && i < len(to)-1; i++ {
		to[i] = C.char(text[i])
	}
}

// Serve requests until the other end is closed.
func (d *driver) run(fd int, reply C.struct_drv_reply) {
	var request C.struct_drv_request
	served := 0
	for {
		out := (*[replyN]byte)(unsafe.Pointer(&reply))[:]
		if unix.Send(fd, out, unix.MSG_NOSIGNAL) != nil {
			return
		}
		in := (*[requestN]byte)(unsafe.Pointer(&request))[:]
		n, _, err := unix.Recvfrom(fd, in, 0)
		if err != nil || n != requestN {
			return
		}
		reply = d.serve(&request)
		// while no frame is on its way
		if served++; served%collectEvery == 0 {
			runtime.GC()
		}
	}
}

func main() {
	args := os.Args[1:]
	if len(args) != 7 {
		os.Exit(2)
	}
	// one goroutine after the other: see orderly; none is made to help
	// with the garbage
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	fd, err := strconv.Atoi(args[0])
	if err != nil {
		os.Exit(2)
	}
	d, err := open(args)
	reply := C.struct_drv_reply{has_ip6: true, looks: true}
	copyText(reply.stack[:], version)
	if err != nil {
		reply.error = C.int(unix.EIO)
		copyText(reply.msg[:], "gvisor: "+err.Error())
	}
	d.run(fd, reply)
}
