#ifndef RETORT_TR_H
#define RETORT_TR_H

#include <stdbool.h>

/*
 * The lessons speak the user's language, by LC_ALL, LC_MESSAGES or LANG (and
 * LANGUAGE) and the catalogues in data/locale, also on a machine that lacks
 * that locale. Everything else, and every name of the field, is English:
 * segments, states, calls, options, rules' ids. Numbers are as in C.
 */

/*
 * To be called first of all, once: dir has LANG/LC_MESSAGES/retort.mo below it.
 * Without a catalogue, or without UTF-8, texts stay as they are. No catalogue
 * is used when one of them is broken, or has a hash table (msgfmt --no-hash).
 */
void tr_open(const char *dir);

/* The text in the user's language. The key is the English text. */
const char *tr(const char *text) __attribute__((format_arg(1)));

/* Whether the user's locale is in UTF-8, also where it is not installed. */
bool tr_utf8(void);

/* Marks a text in a table, for the catalogue. */
#define TR_N(text) text

#endif
