/* Reads a calendar with libical and prints its occurrences as read.py does: read FILE FROM TO. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void said(time_t at, int whole_days)
{
    char text[32];
    struct tm parts;
    gmtime_r(&at, &parts);
    strftime(text, sizeof text, whole_days ? "%Y%m%d" : "%Y%m%dT%H%M%SZ", &parts);
    printf("\t%s", text);
}

static time_t instant(struct icaltimetype time)
{
    return icaltime_as_timet_with_zone(time, time.is_date ? icaltimezone_get_utc_timezone() : time.zone);
}

/* Returns 1 if another VEVENT overrides the occurrence at this start. */
static int told_elsewhere(icalcomponent *event, time_t start)
{
    icalcomponent *root = icalcomponent_get_parent(event);
    icalcompiter at = icalcomponent_begin_component(root, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *other; (other = icalcompiter_deref(&at)); icalcompiter_next(&at)) {
        icalproperty *id = icalcomponent_get_first_property(other, ICAL_RECURRENCEID_PROPERTY);
        if (id && instant(icalproperty_get_datetime_with_component(id, other)) == start &&
            strcmp(icalcomponent_get_uid(other), icalcomponent_get_uid(event)) == 0) {
            return 1;
        }
    }
    return 0;
}

static void show(icalcomponent *event, struct icaltime_span *span, void *data)
{
    struct icaltimetype start = icalcomponent_get_dtstart(event);
    int bare = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY) == NULL &&
               icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY) == NULL;
    (void)data;
    if (icaltime_is_null_time(icalcomponent_get_recurrenceid(event)) && told_elsewhere(event, span->start)) {
        return;
    }
    printf("%s", icalcomponent_get_uid(event));
    said(span->start, start.is_date);
    time_t end = span->end;
    /* libical adds DURATION in local time to get the end; only the duration itself is exact. */
    if (icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY)) {
        end = span->start + icaldurationtype_as_int(icalcomponent_get_duration(event));
    }
    said(bare ? span->start : end, start.is_date);
    printf("\t%s\n", icalcomponent_get_summary(event));
}

/* libical ignores the TZID of RDATE and takes the time as UTC, so it is converted to UTC. */
static void resolve_rdates(icalcomponent *event)
{
    icalproperty *at = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
    for (; at; at = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
        struct icaldatetimeperiodtype value = icalproperty_get_rdate(at);
        if (value.time.is_date) {
            continue;
        }
        const char *id = icalproperty_get_parameter_as_string(at, "TZID");
        icaltimezone *zone = icalcomponent_get_timezone(icalcomponent_get_parent(event), id);
        value.time = icaltime_from_timet_with_zone(
            icaltime_as_timet_with_zone(value.time, zone), 0, icaltimezone_get_utc_timezone());
        icalproperty_set_rdate(at, value);
    }
}

static void complain(icalcomponent *root)
{
    if (icalcomponent_count_errors(root) != 0) {
        fprintf(stderr, "libical complains:\n%s", icalcomponent_as_ical_string(root));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    if (!file) {
        return 2;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    if (fread(text, 1, (size_t)size, file) != (size_t)size) {
        return 2;
    }
    fclose(file);
    icalcomponent *root = icalparser_parse_string(text);
    if (!root) {
        fprintf(stderr, "libical reads nothing\n");
        return 1;
    }
    complain(root);
    struct icaltimetype from = icaltime_from_string(argv[2]);
    struct icaltimetype to = icaltime_from_string(argv[3]);
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        resolve_rdates(event);
        icalcomponent_foreach_recurrence(event, from, to, show, NULL);
    }
    icalcomponent_free(root);
    free(text);
    return 0;
}
