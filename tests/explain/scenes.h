#ifndef RETORT_SCENES_H
#define RETORT_SCENES_H

#include "world.h"

/*
 * A scene: what happens, and why. from_a and from_b say for the RSTs with A's
 * and B's address, in the order in which they are seen, the cause; "x|y" where
 * it may be either from what the capture can show, ~x where it need only
 * stand among those that it may be as well, and the last one is that of
 * all others. NULL: that host sends none.
 */
struct scene {
	const char *name;
	void (*play)(struct world *);
	unsigned flags;
	const char *from_a, *from_b;
};

/* Each ends with a scene without a name. */
extern const struct scene scenes_open[], scenes_close[], scenes_lost[],
    scenes_timer[], scenes_path[], scenes_forged[];

#endif
