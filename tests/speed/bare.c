/*
 * bare FILE: a bare loop of pcap_next_ex() over a capture. It prints how many
 * frames there are: no reader that uses libpcap can be faster.
 */
#include <err.h>
#include <stdio.h>

#include <pcap/pcap.h>

int
main(int argc, char **argv)
{
	char msg[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	unsigned long n = 0;
	const u_char *p;
	pcap_t *pcap;

	if (argc != 2)
		errx(2, "usage: bare FILE");
	pcap = pcap_open_offline(argv[1], msg);
	if (pcap == NULL)
		errx(3, "%s", msg);
	while (pcap_next_ex(pcap, &h, &p) == 1)
		n++;
	printf("%lu\n", n);
	pcap_close(pcap);
	return 0;
}
