#include "report/fold.h"
#include "report/svg.h"

const char svg_style[] =
    "<style>\n"
    "text { font: 14px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, "
    "'Liberation Mono', 'Noto Sans Mono CJK SC', monospace; fill: #1c2128; }\n"
    ".ground { fill: #ffffff; }\n"
    ".title { font-size: 17px; font-weight: bold; }\n"
    ".host { font-weight: bold; }\n"
    ".box { fill: #eef1f5; stroke: #57606a; }\n"
    ".line { stroke: #57606a; stroke-width: 1.5; fill: none; }\n"
    ".head { fill: #57606a; }\n"
    ".silence { stroke: #57606a; stroke-width: 2; stroke-dasharray: 2 8; "
    "fill: none; }\n"
    ".state { fill: #0b5cad; font-weight: bold; }\n"
    ".dim { fill: #57606a; }\n"
    ".call { fill: #6f42c1; }\n"
    ".joint { stroke: #6f42c1; stroke-width: 1.5; }\n"
    ".band { fill: #fff3cd; }\n"
    ".test { stroke: #9a5b00; stroke-width: 1.5; fill: none; }\n"
    ".testhead { fill: #9a5b00; }\n"
    ".marked { font-weight: bold; }\n"
    ".wrong { fill: #b3261e; font-weight: bold; }\n"
    ".due { fill: #1a7f37; font-weight: bold; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "text { fill: #e6edf3; }\n"
    ".ground { fill: #10141a; }\n"
    ".box { fill: #21262d; stroke: #9198a1; }\n"
    ".line { stroke: #9198a1; }\n"
    ".head { fill: #9198a1; }\n"
    ".silence { stroke: #9198a1; }\n"
    ".state { fill: #79c0ff; }\n"
    ".dim { fill: #9ba3ad; }\n"
    ".call { fill: #d2a8ff; }\n"
    ".joint { stroke: #d2a8ff; }\n"
    ".band { fill: #3a2d0c; }\n"
    ".test { stroke: #f0b429; }\n"
    ".testhead { fill: #f0b429; }\n"
    ".wrong { fill: #ff8a80; }\n"
    ".due { fill: #6fdd8b; }\n"
    "}\n"
    "</style>\n";

void
svg_escape(struct buf *b, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		switch (text[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		default:
			fold_add(b, text + i, 1);
		}
}

/* anchor: "start", "middle" or "end" of the text is at x. */
void
svg_text(struct svg *s, int x, int y, const char *anchor, const char *class,
    const char *text, size_t len)
{
	buf_addf(&s->body,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">", x, y,
	    anchor, class);
	svg_escape(&s->body, text, len);
	buf_adds(&s->body, "</text>\n");
}

/* Lines of text below each other, in so much room; y is then below them. */
void
svg_folded(struct svg *s, int x, int room, const char *anchor,
    const char *class, const char *text)
{
	size_t even = fold_even(text, room / SVG_COLUMN), len, columns;

	for (; fold_next(&text, even, &len, &columns); text += len) {
		svg_text(s, x, s->y + SVG_LINE - 6, anchor, class, text, len);
		s->y += SVG_LINE;
	}
}

void
svg_line(struct svg *s, const char *class, int x1, int y1, int x2, int y2)
{
	buf_addf(&s->body,
	    "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
	    class, x1, y1, x2, y2);
}

void
svg_head(struct svg *s, const char *class, int x, int way)
{
	int back = x - way * 10;

	buf_addf(&s->body,
	    "<polygon class=\"%s\" points=\"%d,%d %d,%d %d,%d\"/>\n", class, x,
	    s->y, back, s->y - 5, back, s->y + 5);
}

void
svg_box(struct svg *s, const char *class, int x, int y, int width, int height)
{
	buf_addf(&s->body,
	    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"%d\" rx=\"4\"/>\n",
	    class, x, y, width, height);
}
