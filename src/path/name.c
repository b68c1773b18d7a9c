#include <sys/socket.h>
#include <netinet/in.h>

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path/name.h"

#define MAX_NAME 255 /* RFC 1035 section 2.3.4 */

/* "192.0.2.1", and the short forms of inet_aton(3) */
static bool
is_numeric(const char *host)
{
	return host[strspn(host, "0123456789.")] == '\0';
}

/* What no name has is told at once, and not asked of name servers. */
static bool
is_name(const char *host)
{
	const unsigned char *p = (const unsigned char *)host;

	while (isalnum(*p) || *p >= 0x80 || *p == '-' || *p == '_' || *p == '.')
		p++;
	return *p == '\0';
}

static void
take_sockaddr(struct addr *a, const struct sockaddr *sa)
{
	memset(a, 0, sizeof(*a));
	a->ip = sa->sa_family == AF_INET6 ? 6 : 4;
	if (a->ip == 6)
		memcpy(a->octets, &((const struct sockaddr_in6 *)sa)->sin6_addr,
		    16);
	else
		memcpy(a->octets, &((const struct sockaddr_in *)sa)->sin_addr,
		    4);
}

static int
look_up(struct addr *a, const char *host, uint8_t ip, struct err *e)
{
	struct addrinfo *found, hints = { .ai_socktype = SOCK_STREAM };
	char why[128];
	int rc;

	if (is_numeric(host))
		hints.ai_flags = AI_NUMERICHOST;
	else if (ip != 0)
		hints.ai_family = ip == 6 ? AF_INET6 : AF_INET;
	setenv("RES_OPTIONS", "timeout:2 attempts:1", 0);
	rc = getaddrinfo(host, NULL, &hints, &found);
	if (rc == 0) {
		take_sockaddr(a, found->ai_addr);
		freeaddrinfo(found);
		return 0;
	}
	if (is_numeric(host))
		return err_about(e, ERR_USAGE, "", host, " is no address");
	snprintf(why, sizeof(why), ": %s; give its address instead",
	    rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
	return err_about(e, ERR_ENV, "cannot resolve ", host, why);
}

static int
copy_zone(char zone[IF_NAMESIZE], const char *host, const char *text,
    const struct addr *a, struct err *e)
{
	size_t len = strlen(text);

	if (a->ip != 6 || len == 0 || len >= IF_NAMESIZE)
		return err_about(e, ERR_USAGE, "", host,
		    " is no IPv6 address with %interface");
	if (zone == NULL)
		return err_about(e, ERR_USAGE, "", host,
		    ": an interface has no place here");
	memcpy(zone, text, len + 1);
	return 0;
}

int
name_resolve(struct addr *a, char zone[IF_NAMESIZE], const char *host,
    uint8_t ip, struct err *e)
{
	size_t len = strlen(host), n = strcspn(host, "%");
	char text[MAX_NAME + 1];

	if (zone != NULL)
		zone[0] = '\0';
	if (len == 0)
		return err_set(e, ERR_USAGE, "the name of the host is empty");
	if (len > MAX_NAME)
		return err_set(e, ERR_USAGE,
		    "no host has a name of %zu octets: %u are the most", len,
		    MAX_NAME);
	memcpy(text, host, n);
	text[n] = '\0';
	if (addr_parse(a, text) == 0) {
		if (host[n] == '%' &&
		    copy_zone(zone, host, host + n + 1, a, e) == -1)
			return -1;
	} else if (!is_name(host)) {
		return err_about(e, ERR_USAGE, "", host,
		    " is neither an address nor a name");
	} else if (look_up(a, host, ip, e) == -1) {
		return -1;
	}
	if (ip != 0 && a->ip != ip)
		return err_about(e, ERR_USAGE, "", host,
		    ip == 6 ? " is no IPv6 address" : " is no IPv4 address");
	return 0;
}
