#include <signal.h>
#include <time.h>

#include "cmd/interrupt.h"

static sigset_t
both(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return set;
}

void
interrupt_hold(void)
{
	sigset_t set = both();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool
interrupt_came(void)
{
	const struct timespec now = { 0 };
	sigset_t set = both();

	return sigtimedwait(&set, NULL, &now) != -1;
}
