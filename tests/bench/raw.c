#include <sys/socket.h>

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "raw.h"

bool
raw_parse(struct raw *f)
{
	const uint8_t *ip = f->octets + ETH;
	size_t hdr, total;

	f->tcp = NULL;
	if (f->len < ETH + IP6 || f->len > sizeof(f->octets))
		return false;
	f->six = f->octets[12] == 0x86 && f->octets[13] == 0xdd;
	if (!f->six && (f->octets[12] != 0x08 || f->octets[13] != 0))
		return false;
	hdr = f->six ? IP6 : (ip[0] & 15) * 4;
	total = f->six ? IP6 + (ip[4] << 8 | ip[5]) : ip[2] << 8 | ip[3];
	if (ip[f->six ? 6 : 9] != IPPROTO_TCP || total < hdr + TCP ||
	    ETH + total > f->len)
		return false;
	f->tcp = f->octets + ETH + hdr;
	f->tcp_len = total - hdr;
	return true;
}

void
raw_copy(struct raw *to, const struct raw *from)
{
	memcpy(to->octets, from->octets, from->len);
	to->len = from->len;
	raw_parse(to);
}

uint32_t
raw_occupies(const struct raw *f)
{
	size_t hdr = (f->tcp[12] >> 4) * 4;

	return (hdr <= f->tcp_len ? f->tcp_len - hdr : 0) +
	       !!(f->tcp[13] & SYN) + !!(f->tcp[13] & FIN);
}

void
raw_seal(struct raw *f, uint8_t ttl, uint16_t wrong)
{
	uint8_t *ip = f->octets + ETH;
	size_t from = f->six ? 8 : 12, n = f->six ? 32 : 8;
	uint16_t c;

	ip[f->six ? 7 : 8] = ttl;
	if (!f->six) {
		ip[10] = ip[11] = 0;
		c = sum(ip, (ip[0] & 15) * 4, 0);
		ip[10] = c >> 8, ip[11] = c;
	}
	f->tcp[16] = f->tcp[17] = 0;
	c = sum(ip + from, n, IPPROTO_TCP + f->tcp_len);
	c = sum(f->tcp, f->tcp_len, (uint16_t)~c);
	c ^= wrong;
	f->tcp[16] = c >> 8, f->tcp[17] = c;
}

void
raw_give(int sock, const struct raw *f)
{
	if (send(sock, f->octets, f->len, 0) != (ssize_t)f->len)
		_exit(1);
}

bool
raw_take(int sock, struct raw *f)
{
	ssize_t n = recv(sock, f->octets, sizeof(f->octets), MSG_DONTWAIT);

	if (n <= 0)
		return false;
	f->len = n;
	raw_parse(f);
	return true;
}

static void
swap(uint8_t *x, uint8_t *y, size_t n)
{
	uint8_t z[16];

	memcpy(z, x, n);
	memcpy(x, y, n);
	memcpy(y, z, n);
}

void
raw_answer(struct raw *to, const struct raw *from)
{
	size_t n = from->six ? 16 : 4;
	uint8_t *addr = to->octets + ETH + (from->six ? 8 : 12);
	uint32_t end = get32(from->tcp + 4) + raw_occupies(from);

	raw_copy(to, from);
	swap(to->octets, to->octets + 6, 6);
	swap(addr, addr + n, n);
	swap(to->tcp, to->tcp + 2, 2);
	memcpy(to->tcp + 4, from->tcp + 8, 4);
	put32(to->tcp + 8, end);
	to->tcp[13] = RST | ACK;
}
