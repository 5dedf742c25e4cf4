// Names and values that end lines, clear terminals, write backwards, or are no names at all.
#include "hostile.h"

HOOK(post) {
    put("{\"capture\":{");
    put("\"line\\nend\":\"a\\nb\\r\\nc\",");
    put("\"\\u001b[2J\\u001b]0;title\\u0007\":\"\\u001b[31mred\\u009b1m\",");
    put("\"\\u202eback\\u2066wards\":\"\\u202etxt.exe\\u200b\",");
    put("\"../../etc/passwd\":\"path\",");
    put("\"before/kind\":\"another Pack's\",");
    put("\"\":\"no name\",\"/\":\"no name either\",");
    put("\"\\u2028\":\"\\u2029\",\"\\u0000zero\":\"\\u0000\",");
    put("\"object\":{},\"list\":[1],\"null\":null,");
    put("\"");
    for (int i = 0; i < 5000; i++) put("long");
    put("\":\"");
    for (int i = 0; i < 20000; i++) put("long");
    put("\"}}");
    return done();
}
