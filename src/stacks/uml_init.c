/*
 * The first and only process of a User Mode Linux: the driver, on the first
 * serial line. It asks for struct bench_net by an empty message, for what comes
 * before it has the line is lost. Its root is the host's own,
 * read only; it is built without sanitizers, whose shadow memory has no room
 * here.
 */
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "bench/driver.h"
#include "bench/stream.h"

#define LINE "/dev/ttyS0"

/* Octets as they are, both ways. -1: no line. */
static int
open_line(void)
{
	struct termios raw;
	int fd;

	if (access(LINE, F_OK) == -1)
		mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	fd = open(LINE, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 || tcgetattr(fd, &raw) == -1)
		return -1;
	cfmakeraw(&raw);
	return tcsetattr(fd, TCSANOW, &raw) == -1 ? -1 : fd;
}

/* Where it is no module, or part of the kernel, there is nothing to do. */
static void
load(const char *release, const char *module)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/usr/lib/uml/modules/%s/kernel/%s.ko",
	    release, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return;
	syscall(SYS_finit_module, fd, "", 0);
	close(fd);
}

int
main(void)
{
	struct drv_line line = { -1, stream_send, stream_receive };
	struct bench_net net;
	struct utsname kernel;
	char stack[64];

	mount("proc", "/proc", "proc", 0, NULL);
	line.fd = open_line();
	if (line.fd != -1 && uname(&kernel) == 0 &&
	    stream_send(line.fd, "", 0) == 0 &&
	    stream_receive(line.fd, &net, sizeof(net)) == sizeof(net)) {
		load(kernel.release, "lib/crc-ccitt"); /* IPv6 needs it */
		load(kernel.release, "net/ipv6/ipv6");
		snprintf(stack, sizeof(stack), "linux %.57s", kernel.release);
		net.stack_if = "eth0";
		net.stage = NULL;
		driver_serve(&line, &net, stack);
	}
	reboot(RB_POWER_OFF);
	return 1;
}
