#include "utf8.h"

size_t rw_utf8_decode(const char *bytes, size_t size, uint32_t *ret_code)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t head = (uint8_t)bytes[0];
    if (head < 0x80) {
        *ret_code = head;
        return 1;
    }
    size_t length = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
    if (head < 0xC2 || head > 0xF4 || size < length) {
        return 0;
    }
    uint32_t code = head & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        uint8_t byte = (uint8_t)bytes[i];
        if ((byte & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (byte & 0x3F);
    }
    if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return 0;
    }
    *ret_code = code;
    return length;
}

bool rw_utf8_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

size_t rw_utf8_whole(const char *bytes, size_t size)
{
    size_t head = size;
    while (head > 0 && ((uint8_t)bytes[head - 1] & 0xC0) == 0x80) {
        head--;
    }
    uint32_t code;
    bool is_cut = head > 0 && rw_utf8_decode(bytes + head - 1, size - head + 1, &code) == 0;
    return is_cut ? head - 1 : size;
}
