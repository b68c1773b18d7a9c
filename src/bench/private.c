#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/private.h"

static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
	close(fd);
	return rc;
}

/* Keep our own user and group in the new user namespace. */
static int
map_ids(uid_t uid, gid_t gid)
{
	char map[64];

	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (write_file("/proc/self/uid_map", map) == -1 ||
	    write_file("/proc/self/setgroups", "deny") == -1)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return write_file("/proc/self/gid_map", map);
}

/* Say what a system forbids to users, and the way out. Always -1. */
int
private_forbidden(struct err *e, const char *what)
{
	return err_set(e, ERR_ENV,
	    "cannot %s: %s; run as root, or allow private namespaces: sysctl "
	    "user.max_user_namespaces, user.max_net_namespaces, "
	    "kernel.unprivileged_userns_clone, "
	    "kernel.apparmor_restrict_unprivileged_userns",
	    what,
	    errno == ENOSPC ? "the limit on namespaces is reached"
			    : strerror(errno));
}

/* With the privilege, a network namespace; else inside a user namespace. */
int
private_enter(struct err *e)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (errno != EPERM)
		return private_forbidden(e, "make a network namespace");
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return private_forbidden(e, "make a user namespace");
	if (map_ids(uid, gid) == -1)
		return private_forbidden(e, "map the user into its namespace");
	return 0;
}

/* One processor for all that follows, so that the order is certain. */
int
private_pin(struct err *e)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) == -1)
		return err_set(e, ERR_ENV, "cannot pin to a processor: %s",
		    strerror(errno));
	return 0;
}
