#include "judge/compare.h"
#include "judge/judge.h"

const struct rule *
judge_plainly(const struct rulebook *book, enum event event,
    const struct situation *s, const struct segment *reply)
{
	const struct rule *rule = rulebook_match(book, event, s);
	struct expected want;

	if (rule == NULL || reply->faults != 0)
		return NULL;
	want = form_expect(&STAILQ_FIRST(&rule->replies)->form, s);
	return compare_meets(&want, reply) ? rule : NULL;
}
