/*
 * draw NAME: write a ladder of tests/unit/ladders.h as a picture to standard
 * output.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/ladders.h"

int
main(int argc, char **argv)
{
	struct buf b = { 0 };

	if (argc != 2)
		errx(2, "usage: draw ladder | far");
	ladder_add_svg(&b, strcmp(argv[1], "far") == 0 ? &far : &ladder);
	fputs(buf_str(&b), stdout);
	buf_free(&b);
	return 0;
}
