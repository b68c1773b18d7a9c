#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench/driver.h"
#include "bench/program.h"

char *
program_path(const char *name)
{
	char *built = file_in_build_tree(name), path[4096];

	if (built != NULL)
		return built;
	snprintf(path, sizeof(path), "%s/%s", PKGLIBEXECDIR, name);
	return mem_strdup(path);
}

int
program_find(const char *name, const char *package, struct err *e)
{
	char *path = program_path(name);
	int rc = access(path, X_OK);

	free(path);
	return rc == 0
		   ? 0
		   : err_set(e, ERR_ENV,
			 "%s was not built: it takes %s (apt-get install %s), "
			 "and then configure and make once more",
			 name, package, package);
}

static void
say_failed(int fd, const char *name)
{
	struct drv_reply hello = { .error = errno };

	snprintf(hello.msg, sizeof(hello.msg), "cannot run %.64s: %s", name,
	    strerror(errno));
	send(fd, &hello, sizeof(hello), MSG_NOSIGNAL);
}

int
program_run(const char *name, int fd, const struct bench_net *net)
{
	char *path = program_path(name), socket[16], mac[18], port[8], small[8];
	struct buf ip4 = { 0 }, ip6 = { 0 };
	const uint8_t *m = net->stack_mac;

	snprintf(socket, sizeof(socket), "%d", fd);
	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1],
	    m[2], m[3], m[4], m[5]);
	snprintf(port, sizeof(port), "%u", net->listen_port);
	snprintf(small, sizeof(small), "%u", net->small_port);
	addr_add(&ip4, &net->stack4);
	addr_add(&ip6, &net->stack6);
	fcntl(fd, F_SETFD, 0);
	execl(path, name, socket, net->peer_if, mac, buf_str(&ip4),
	    buf_str(&ip6), port, small, (char *)NULL);
	say_failed(fd, name);
	buf_free(&ip4);
	buf_free(&ip6);
	free(path);
	return 1;
}
