/*
 * scenes [-l] DIR [NAME...]: play the scenes, all or those, and write to DIR
 *
 *	NAME.a.pcap NAME.b.pcap		what was seen at either end
 *	expected	a line a scene and end: NAME CAUSES-OF-A CAUSES-OF-B
 *	reasons		a line a RST that the kernel sent, where it tells: port
 *			of A or of B, its RST's other port, reason, state
 *
 * -l lists the names. It wants to be root, if only of a user namespace: then
 * the kernel tells no reasons.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/reason.h"
#include "scenes.h"

#define AT_ONCE 12
#define PORTS	16 /* for each scene */
/* below what connect() chooses, and not those of another such test */
#define FIRST_PORT(pid) (16000 + (pid) % 6 * 2700)
#define SCENE_S		40

#define NALL (sizeof(all) / sizeof(all[0]))

static const struct scene *const all[] = { scenes_open, scenes_close,
	scenes_lost, scenes_timer, scenes_path, scenes_forged };

/* Let all learn their neighbours, so that no first SYN is lost to that. */
static void
warm_up(struct world *w)
{
	int fd;

	do {
		fd = socket_at(w, A, 0);
		connect_at(w, fd, B, 1);
		close(fd);
	} while (errno != ECONNREFUSED);
	forget(w);
}

static void
play(const struct scene *s, uint16_t port, const char *dir)
{
	struct world w;
	struct raw f;

	alarm(SCENE_S);
	world_make(&w, s->flags, port);
	warm_up(&w);
	s->play(&w);
	find_last(&w, A, A, 0, &f); /* settles */
	world_write(&w, dir, s->name);
	/* what the end of this process makes of its sockets is not heard */
	world_run(&w, R, "ip link set to-a down; ip link set to-b down");
	_exit(0);
}

static void
write_reasons(struct reasons *r, FILE *out)
{
	struct trace_reset t;
	const char *name;

	while (r != NULL && reasons_next(r, &t, &name))
		fprintf(out, "%lld %u %u %s %u\n", (long long)t.time,
		    t.tuple.src.port, t.tuple.dst.port, name, t.state);
}

static bool
chosen(const char *name, char **names)
{
	bool any = *names == NULL;

	for (; *names != NULL; names++)
		any |= strcmp(*names, name) == 0;
	return any;
}

/* Wait for one, and keep the ring of reasons from running over. */
static int
reap(int *running, struct reasons *r, FILE *reasons)
{
	int status;

	while (waitpid(-1, &status, WNOHANG) <= 0) {
		write_reasons(r, reasons);
		usleep(5000);
	}
	write_reasons(r, reasons);
	(*running)--;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return 0;
	return status != 0;
}

static void
expect(FILE *out, const struct scene *s)
{
	fprintf(out, "%s\t%s\t%s\n", s->name, s->from_a ? s->from_a : "-",
	    s->from_b ? s->from_b : "-");
}

static FILE *
create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (f == NULL)
		err(1, "%s", path);
	return f;
}

static int
play_all(const char *dir, char **names)
{
	FILE *expected = create(dir, "expected"),
	     *reasons = create(dir, "reasons");
	struct reasons *r = NULL;
	uint16_t port = FIRST_PORT(getpid());
	const struct scene *s;
	struct err e;
	int running = 0, bad = 0;
	size_t i;

	reasons_open_all(&r, &e);
	for (i = 0; i < NALL; i++)
		for (s = all[i]; s->name != NULL; s++, port += PORTS) {
			if (!chosen(s->name, names))
				continue;
			if (running == AT_ONCE)
				bad |= reap(&running, r, reasons);
			expect(expected, s);
			fflush(expected);
			fflush(reasons);
			if (fork() == 0)
				play(s, port, dir);
			running++;
		}
	while (running > 0)
		bad |= reap(&running, r, reasons);
	reasons_close(r);
	fclose(expected);
	fclose(reasons);
	return bad;
}

int
main(int argc, char **argv)
{
	const struct scene *s;
	size_t i;

	if (argc < 2)
		errx(2, "usage: scenes [-l] DIR [NAME...]");
	if (strcmp(argv[1], "-l") != 0)
		return play_all(argv[1], argv + 2);
	for (i = 0; i < NALL; i++)
		for (s = all[i]; s->name != NULL; s++)
			puts(s->name);
	return 0;
}
