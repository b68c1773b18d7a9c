#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/table.h"
#include "run/shell.h"
#include "run/shell_words.h"

#define FILES_DEEP    4	   /* files that name files */
#define NAME_MAX_LEN  95   /* see struct caller_request */
#define VALUE_MAX_LEN 4095 /* more than any is */

/* Where a command stands. */
struct place {
	struct shell *shell;
	const char *dir;
	int depth;     /* of files in files */
	bool optional; /* nobody asks whether it works */
	struct err *e;
};

static int read_text(const struct place *, const char *text);

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
ends(const char *s, const char *with)
{
	size_t n = strlen(s), k = strlen(with);

	return n >= k && strcmp(s + n - k, with) == 0;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* ---- settings ---- */

/*
 * The name below /proc/sys of "net.ipv4.tcp_ecn" or "net/ipv4/tcp_ecn". Only
 * what belongs to a network namespace is ours to set.
 */
static int
settle_name(const struct place *at, char *name)
{
	char first = name[strcspn(name, "./")], *p;

	if (starts(name, "net.inet") || starts(name, "kern.") ||
	    starts(name, "hw.") || starts(name, "security."))
		return err_about(at->e, ERR_USAGE, "it needs FreeBSD: sysctl ",
		    name, " is not of this system");
	/* whichever comes first stands between the parts, as in sysctl(8) */
	for (p = name; *p != '\0'; p++) {
		if (*p == '.' && first == '.')
			*p = '/';
		else if (*p == '/' && first == '.')
			*p = '.';
	}
	if (!starts(name, "net/"))
		return err_about(at->e, ERR_USAGE, "sysctl ", name,
		    " is the whole machine's: only net.* is set in the "
		    "private namespace");
	if (strlen(name) > NAME_MAX_LEN || strstr(name, "..") != NULL ||
	    strstr(name, "//") != NULL ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_-./") != strlen(name))
		return err_about(at->e, ERR_USAGE, "'", name,
		    "' is no name of a sysctl");
	return 0;
}

/* "name=value"; prefix: "/proc/sys/" where that is written before the name */
static int
set(const struct place *at, const char *word, const char *prefix)
{
	const char *eq = strchr(word, '=');
	struct arena *arena = &at->shell->arena;
	struct shell_setting *s;
	char *name;

	if (eq == NULL || !starts(word, prefix))
		return err_about(at->e, ERR_USAGE, "'", word,
		    "' sets nothing: settings are written name=value");
	if (strlen(eq + 1) > VALUE_MAX_LEN)
		return err_set(at->e, ERR_USAGE,
		    "the value of a sysctl is longer than %d octets",
		    VALUE_MAX_LEN);
	word += strlen(prefix);
	name = arena_strndup(arena, word, eq > word ? eq - word : 0);
	if (settle_name(at, name) == -1)
		return -1;
	s = arena_alloc(arena, sizeof(*s));
	*s = (struct shell_setting){ .name = name,
		.value = arena_strndup(arena, eq + 1, strlen(eq + 1)),
		.optional = at->optional };
	STAILQ_INSERT_TAIL(&at->shell->settings, s, next);
	at->shell->n++;
	return 0;
}

/* ---- commands ---- */

static int
run_sysctl(const struct place *at, const struct shell_command *c)
{
	struct place here = *at;
	size_t i;

	for (i = 1; i < c->n && c->words[i][0] == '-'; i++) {
		if (strspn(c->words[i] + 1, "qwen") != strlen(c->words[i] + 1))
			return err_about(at->e, ERR_USAGE, "sysctl ",
			    c->words[i], " is left to a shell");
		here.optional |= strchr(c->words[i], 'e') != NULL;
	}
	if (i == c->n)
		return err_set(at->e, ERR_USAGE, "sysctl sets nothing");
	for (; i < c->n; i++)
		if (set(&here, c->words[i], "") == -1)
			return -1;
	return 0;
}

static int
run_set_sysctls(const struct place *at, const struct shell_command *c)
{
	size_t i;

	for (i = 1; i < c->n; i++)
		if (set(at, c->words[i], "/proc/sys/") == -1)
			return -1;
	return 0;
}

/* A file of commands. As a shell does, it goes on after what fails in it. */
static int
run_file(const struct place *at, const char *name)
{
	struct place inside = *at;
	struct buf path = { 0 };
	size_t len;
	char *text;
	int rc;

	if (at->depth == FILES_DEEP)
		return err_about(at->e, ERR_USAGE, "", name,
		    ": too many files name one another");
	if (name[0] != '/')
		buf_addf(&path, "%s/", at->dir);
	buf_adds(&path, name);
	inside.depth++;
	inside.optional = true;
	text = file_read(buf_str(&path), &len, at->e);
	buf_free(&path);
	if (text == NULL)
		return at->e->kind = ERR_USAGE, -1;
	rc = read_text(&inside, text);
	free(text);
	return rc == -1 ? err_prefix(at->e, "%.64s", base_name(name)) : 0;
}

/* Does the command have these words, and no others? */
static bool
is(const struct shell_command *c, const char *const *words)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (words[i] == NULL || strcmp(c->words[i], words[i]) != 0)
			return false;
	return words[i] == NULL;
}

/* What would change nothing in a namespace that is new and ends soon. */
static bool
changes_nothing(const struct shell_command *c)
{
	/* the interface has no queue, and so nothing that would delay */
	static const char *const lines[][9] = {
		{ "nstat" },
		{ "true" },
		{ ":" },
		{ "tc", "qdisc", "add", "dev", "tun0", "root", "pfifo" },
		{ "tc", "qdisc", "replace", "dev", "tun0", "root", "pfifo" },
		{ "tc", "qdisc", "delete", "dev", "tun0", "root" },
		{ "tc", "qdisc", "del", "dev", "tun0", "root" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (is(c, lines[i]))
			return true;
	return c->n == 1 && starts(c->words[0], "/tmp/sysctl_restore_");
}

static int
run_command(const struct place *at, const struct shell_command *c)
{
	static const char *const flush[] = { "ip", "tcp_metrics", "flush",
		"all", NULL };
	static const char *const foreign[] = { "kldload", "kldstat", "setkey",
		"sockstat", "tcpdrop", "ifconfig", "tcpsso" };
	const char *name = base_name(c->words[0]);
	size_t i;

	if (changes_nothing(c))
		return 0;
	if (is(c, flush)) {
		at->shell->forgets = true;
		return 0;
	}
	if (strcmp(name, "sysctl") == 0)
		return run_sysctl(at, c);
	if (strcmp(name, "set_sysctls.py") == 0)
		return run_set_sysctls(at, c);
	if (ends(name, ".sh") && name != c->words[0] && c->n == 1)
		return run_file(at, c->words[0]);
	for (i = 0; i < ARRAY_SIZE(foreign); i++)
		if (strcmp(name, foreign[i]) == 0)
			return err_set(at->e, ERR_USAGE,
			    "it needs FreeBSD: %s is not of this system", name);
	return err_about(at->e, ERR_USAGE, "no command is run for a script: '",
	    c->words[0],
	    "'; what can be set in the private namespace is net.* with sysctl");
}

/* "a || b": b only if a fails, which is not known before. */
static int
run_either(const struct place *at, const struct shell_command *c)
{
	size_t before = at->shell->n;

	if (run_command(at, c) == -1)
		return -1;
	return at->shell->n == before
		   ? 0
		   : err_set(at->e, ERR_USAGE,
			 "what || makes depend on a failure is left to a "
			 "shell");
}

static int
read_text(const struct place *at, const char *text)
{
	struct shell_command c;
	struct place here = *at;
	bool otherwise = false;

	do {
		if (shell_next(&c, &text, &at->shell->arena, at->e) == -1)
			return -1;
		here.optional = at->optional || c.then == SHELL_ELSE;
		if (c.n > 0 && (otherwise ? run_either(&here, &c)
					  : run_command(&here, &c)) == -1)
			return -1;
		if (c.n > 0 || c.then != SHELL_NEXT)
			otherwise = c.then == SHELL_ELSE;
	} while (c.then != SHELL_END);
	return 0;
}

int
shell_read(struct shell *s, const char *text, const char *dir, struct err *e)
{
	const struct place at = {
		.shell = s, .dir = dir != NULL ? dir : ".", .e = e
	};

	memset(s, 0, sizeof(*s));
	STAILQ_INIT(&s->settings);
	return read_text(&at, text);
}

void
shell_free(struct shell *s)
{
	arena_free(&s->arena);
}
