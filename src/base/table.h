#ifndef RETORT_TABLE_H
#define RETORT_TABLE_H

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
