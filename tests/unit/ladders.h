#ifndef RETORT_TEST_LADDERS_H
#define RETORT_TEST_LADDERS_H

/* A ladder with one of everything, and one with names and texts that are long.
 */

#include "base/table.h"
#include "report/ladder.h"

static const struct ladder_rung rungs[] = {
	{ .kind = RUNG_CALL,
	    .from = LADDER_LEFT,
	    .time = "0.000000",
	    .label = "connect(3, ..., ...) = 0",
	    .left_state = "SYN-SENT" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_LEFT,
	    .to = LADDER_RIGHT,
	    .time = "0.000031",
	    .label = "[S] seq 0, win 64240",
	    .left_state = "SYN-SENT", /* again: it is drawn once */
	    .right_state = "SYN-RECEIVED" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_RIGHT,
	    .to = LADDER_LEFT,
	    .time = "0.000052",
	    .label = "[S.] seq 0, ack 1, win 65160",
	    .left_state = "ESTABLISHED" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_LEFT,
	    .to = LADDER_WIRE,
	    .time = "0.000091",
	    .label = "[.] ack 1",
	    .remark = "lost" },
	{ .kind = RUNG_NOTE,
	    .label =
		"服务器没有收到确认，重传定时器到期，它把 SYN-ACK 再发一次。" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_WIRE,
	    .to = LADDER_LEFT,
	    .time = "1.000391",
	    .label = "[R] seq 1",
	    .remark = "forged & <sent>",
	    .left_state = "CLOSED" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_RIGHT,
	    .to = LADDER_WIRE,
	    .label = "[.] ack 1",
	    .remark = "held" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_WIRE,
	    .to = LADDER_RIGHT,
	    .label = "[P.] seq 1:6, ack 1",
	    .remark = "late" },
	{ .kind = RUNG_CALL,
	    .from = LADDER_RIGHT,
	    .time = "1.200400",
	    .label = "setsockopt(4, SOL_SOCKET, SO_LINGER, {1, 0}, 8) = 0" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_RIGHT,
	    .to = LADDER_LEFT,
	    .time = "1.200402",
	    .label = "[R] seq 1",
	    .expected = "[R.] seq 1, ack 6",
	    .marked = true,
	    .right_state = "CLOSED" },
	{ .kind = RUNG_SEGMENT, .from = LADDER_LEFT, .to = LADDER_RIGHT },
};

static const struct ladder ladder = { .title = "Early close <&>",
	.left = "client 192.0.2.1",
	.right = "server 198.51.100.2",
	.left_state = "CLOSED",
	.right_state = "LISTEN",
	.rungs = rungs,
	.n = ARRAY_SIZE(rungs) };

static const struct ladder_rung far_rungs[] = {
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_LEFT,
	    .to = LADDER_RIGHT,
	    .label = "[S] seq 0, win 64240",
	    .left_state = "SYN-SENT",
	    .right_state = "SYN-RECEIVED" },
	{ .kind = RUNG_SEGMENT,
	    .from = LADDER_RIGHT,
	    .to = LADDER_LEFT,
	    .label = "[S.] seq 0, ack 1, win 65160, options [mss 1440,sackOK,"
		     "TS val 4294967295 ecr 4294967295,nop,wscale 7], length 0",
	    .marked = true,
	    .remark = "一段很长的说明：这个报文段被测试，它的每一个字段都必须与"
		      "规则所要求的一致，否则测试失败。" },
};

static const struct ladder far = {
	.title = "一个很长的标题：两台主机之间的报文交换，地址很长，选项很多，"
		 "状态写在两边，时间却没有",
	.left = "2001:db8:85a3:8d3:1319:8a2e:370:7348.65535",
	.right = "2001:db8:85a3:8d3:1319:8a2e:370:7349.65534",
	.rungs = far_rungs,
	.n = ARRAY_SIZE(far_rungs)
};

#endif
