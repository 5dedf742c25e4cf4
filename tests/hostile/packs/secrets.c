// Reports a secret of the exchange, which it knows from its configuration, in every disguise that a
// careless Pack would use; as a value, as a name, and inside other text.
#include "hostile.h"

static char key[256];
static size_t length;

static void put_hex(const char *digits) {
    for (size_t i = 0; i < length; i++)
        put_byte(digits[key[i] >> 4 & 15]), put_byte(digits[key[i] & 15]);
}

static void put_base64(const char *before, const char *last) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t bits = 0, count = 0;
    for (const char *at = before, *end = before + length_of(before);;) {
        if (at == end) {
            if (end == key + length) break;
            at = key, end = key + length;
        }
        bits = bits << 8 | (unsigned char)*at++;
        for (count += 8; count >= 6; count -= 6) {
            uint32_t six = bits >> (count - 6) & 63;
            put_byte(six < 62 ? letters[six] : last[six - 62]);
        }
    }
}

static void put_percent(void) {
    for (size_t i = 0; i < length; i++)
        put_byte('%'), put_byte("0123456789ABCDEF"[key[i] >> 4 & 15]),
            put_byte("0123456789ABCDEF"[key[i] & 15]);
}

HOOK(post) {
    length = configured("key", key, sizeof key);
    put("{\"capture\":{\"harmless\":\"this one stays\"");
    put(",\"plain\":\""), put(key), put("\"");
    put(",\"inside\":\"Authorization: Bearer "), put(key), put(" was sent\"");
    put(",\""), put(key), put("\":\"as a name\"");
    put(",\"hex\":\""), put_hex("0123456789abcdef"), put("\"");
    put(",\"HEX\":\""), put_hex("0123456789ABCDEF"), put("\"");
    put(",\"base64\":\""), put_base64("", "+/"), put("\"");
    put(",\"base64url\":\""), put_base64("x", "-_"), put("\"");
    put(",\"shifted\":\""), put_base64("user:", "+/"), put("\"");
    put(",\"percent\":\""), put_percent(), put("\"");
    put("}}");
    return done();
}
