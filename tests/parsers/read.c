/* Reads calendar files with libical and prints their content in the form of read.py. Complaints are the
 * X-LIC-ERROR properties with which libical marks invalid values. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text(const char *s)
{
    putchar('"');
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') {
            printf("\\%c", c);
        } else if (c < 0x20) {
            printf("\\u%04x", c);
        } else {
            putchar(c);
        }
    }
    putchar('"');
}

/* libical looks up the TZID in the property's component; its offset gives the instant. */
static void moment(const char *name, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *p = icalcomponent_get_first_property(event, kind);
    printf(",\"%s\":", name);
    if (!p) {
        printf("null");
        return;
    }
    struct icaltimetype t = icalproperty_get_datetime_with_component(p, event);
    if (t.is_date) {
        printf("\"%04d%02d%02d\"", t.year, t.month, t.day);
        return;
    }
    const char *z = "";
    if (t.zone) {
        t = icaltime_convert_to_zone(t, icaltimezone_get_utc_timezone());
        z = "Z";
    }
    printf("\"%04d%02d%02dT%02d%02d%02d%s\"", t.year, t.month, t.day, t.hour, t.minute, t.second, z);
}

static int errors(icalcomponent *c, int count)
{
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY);
    for (; p; p = icalcomponent_get_next_property(c, ICAL_XLICERROR_PROPERTY)) {
        printf("%s", count++ ? "," : "");
        text(icalproperty_get_xlicerror(p));
    }
    icalcomponent *inner = icalcomponent_get_first_component(c, ICAL_ANY_COMPONENT);
    for (; inner; inner = icalcomponent_get_next_component(c, ICAL_ANY_COMPONENT)) {
        count = errors(inner, count);
    }
    return count;
}

static const char *status(icalcomponent *event)
{
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    return p ? icalproperty_get_value_as_string(p) : "";
}

/* Returns the file's text, which the caller frees. */
static char *contents(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    size_t size = 0, room = 1 << 16;
    char *data = malloc(room);
    while (data) {
        size_t got = fread(data + size, 1, room - size - 1, file);
        if (!got) {
            data[size] = 0;
            break;
        }
        size += got;
        if (room - size < 2) {
            char *larger = realloc(data, room *= 2);
            if (!larger) {
                free(data);
            }
            data = larger;
        }
    }
    fclose(file);
    return data;
}

static void show(icalcomponent *root)
{
    printf("{\"complaints\":[");
    errors(root, 0);
    printf("],\"zones\":[");
    int count = 0;
    icalcomponent *z = icalcomponent_get_first_component(root, ICAL_VTIMEZONE_COMPONENT);
    for (; z; z = icalcomponent_get_next_component(root, ICAL_VTIMEZONE_COMPONENT)) {
        icalproperty *id = icalcomponent_get_first_property(z, ICAL_TZID_PROPERTY);
        printf("%s", count++ ? "," : "");
        text(id ? icalproperty_get_tzid(id) : "");
    }
    printf("],\"events\":[");
    count = 0;
    icalcomponent *e = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    for (; e; e = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        printf("%s{\"uid\":", count++ ? "," : "");
        text(icalcomponent_get_uid(e));
        moment("recurrence_id", e, ICAL_RECURRENCEID_PROPERTY);
        moment("start", e, ICAL_DTSTART_PROPERTY);
        moment("end", e, ICAL_DTEND_PROPERTY);
        printf(",\"summary\":");
        text(icalcomponent_get_summary(e));
        printf(",\"status\":");
        text(status(e));
        printf(",\"sequence\":%d}", icalcomponent_get_sequence(e));
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    for (int at = 1; at < argc; at++) {
        char *data = contents(argv[at]);
        icalcomponent *root = data ? icalparser_parse_string(data) : NULL;
        if (!root) {
            fprintf(stderr, "libical reads no component in %s\n", argv[at]);
            return 1;
        }
        show(root);
        icalcomponent_free(root);
        free(data);
    }
    return 0;
}
