// Made by generate.mjs from the description of the API. Do not edit.

export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describes this API.
         * @description The description is OpenAPI 3.1; `/api/docs` shows it as a page.
         */
        get: operations["show_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audiences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the audiences, in display order. */
        get: operations["list_audiences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the categories, in display order. */
        get: operations["list_categories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists changes of the published events, in the order of the changes.
         * @description Begin without `since` and store each event under its `id`; remove each that is `gone`. Repeat with `since` set to `next` until
         *     `items` is empty, and continue with it later. An event comes in its present state, and at least once per change. On 409
         *     the calendar was restored or set up again: begin anew, and remove what does not come.
         */
        get: operations["show_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists events, each once, in the order of the first date that matches. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows one event, by its id or by the slug of its page.
         * @description An event that was public and is no longer is gone (410); an unknown one is not found (404).
         */
        get: operations["show_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the dates of events, in order. */
        get: operations["list_occurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the organizers, by slug. */
        get: operations["list_organizers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizers/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one organizer. */
        get: operations["show_organizer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partner/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your events, by your own ids. */
        get: operations["list_partner_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partner/events/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reports what writing an event would do, without writing it.
         * @description Its id is the parameter `origin_id`, else the body's `uid`, else `validate`.
         */
        post: operations["validate_partner_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partner/events/{origin_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one of your events. */
        get: operations["show_partner_event"];
        /**
         * Creates or replaces one of your events.
         * @description Repeating the request changes nothing.
         */
        put: operations["put_partner_event"];
        post?: never;
        /**
         * Withdraws one of your events.
         * @description For an event that should never have existed. One that does not take place gets the status `cancelled`.
         */
        delete: operations["delete_partner_event"];
        options?: never;
        head?: never;
        /** Changes members of one of your events by a merge patch (RFC 7396). */
        patch: operations["patch_partner_event"];
        trace?: never;
    };
    "/api/v1/partners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the partners, by id. */
        get: operations["list_partners"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the places, by slug. */
        get: operations["list_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/places/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one place. */
        get: operations["show_place"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what waits for an editor. */
        get: operations["review_list_open"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/events/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes an event that waits. */
        post: operations["review_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/events/{id}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Merges an event with another. */
        post: operations["review_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/events/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rejects an event that waits. */
        post: operations["review_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/events/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Splits the event of a partner off. */
        post: operations["review_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/partners/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the exchange with a partner go on. */
        post: operations["review_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists runs of the exchange with partners. */
        get: operations["review_list_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/runs/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a run. */
        post: operations["review_roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/suggestions/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts a suggestion, or some fields of it. */
        post: operations["review_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/review/suggestions/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Dismisses a suggestion. */
        post: operations["review_dismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the series, in display order. */
        get: operations["list_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one series. */
        get: operations["show_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Fields of a suggestion to accept; all if empty. */
        AcceptInput: {
            /** @description The fields; all if empty. */
            fields?: components["schemas"]["Field"][];
        };
        /** @description An audience of events. */
        Audience: {
            /** @description One sentence on who belongs to it. */
            description: components["schemas"]["Text"];
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /** @description Its name. */
            name: components["schemas"]["Text"];
            /** @description Its name in `audiences` of events and in filters; never changes. */
            slug: string;
            /** @description The agenda of its events. */
            url: string;
        };
        /**
         * @description The availability of places (schema.org `ItemAvailability`).
         * @enum {string}
         */
        Availability: "available" | "few_left" | "sold_out";
        /** @description A category of events. */
        Category: {
            /** @description A CSS color name. */
            color: string | null;
            /** @description One sentence on what belongs here. */
            description: components["schemas"]["Text"];
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /** @description Its name. */
            name: components["schemas"]["Text"];
            /** @description Its name in `categories` of events and in filters; never changes. */
            slug: string;
            /** @description The agenda of its events. */
            url: string;
        };
        /** @description A certificate of sustainability. */
        Certificate: {
            /** @description The issuer: `Miljøfyrtårn`. */
            issuer?: string | null;
        };
        /** @description A change: an event as it is now, or one that is gone. */
        Change: components["schemas"]["ChangedEvent"] | components["schemas"]["GoneEvent"];
        /** @description A page of changes. */
        ChangePage: {
            /** @description The changes, in order. */
            items: components["schemas"]["Change"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next request, also on the last page. */
            next: string;
        };
        /** @description An event as it is now. */
        ChangedEvent: {
            /**
             * Format: date-time
             * @description Time of the change.
             */
            changed: string;
            /** @description The event. */
            event: components["schemas"]["Event"];
            /** @description Key of the event. */
            id: string;
            /** @description Slug of its page. */
            slug: string;
            /** @description `uid` of the event that it is part of, if that is published. */
            super_event_uid?: string | null;
            /**
             * @description Says that the event is as it is here.
             * @enum {string}
             */
            type: "event";
            /** @description RFC 5545 `UID`. */
            uid: string;
        };
        /** @description A decision that was carried out. */
        Decided: {
            /**
             * Format: int64
             * @description The commit of the decision.
             */
            commit: number;
        };
        /** @description An edition of a series. */
        Edition: {
            /** @description Its label, usually the year. */
            edition: string;
            /** @description End of its event: a date (the last day), or RFC 3339 with offset. */
            end: string | null;
            /** @description Id of its event, if it has one. */
            event: string | null;
            /** @description A note on how certain this is. */
            note: components["schemas"]["Text"];
            /** @description Start of its event: a date, or RFC 3339 with offset. */
            start: string | null;
            /** @description The status of its event, or `cancelled` or `not_held` without an event. */
            status: string;
            /** @description Page of its event. */
            url: string | null;
        };
        /** @description An event as JSON. */
        Event: {
            /** @description Accessibility features: `step_free`. */
            accessibility: string[];
            /**
             * @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known
             *     yet.
             */
            all_day: boolean;
            /** @description Its audiences. */
            audiences: string[];
            /** @description The availability of places: `available`, `few_left` or `sold_out`. */
            availability: components["schemas"]["Availability"] | null;
            /** @description Its categories. */
            categories: string[];
            /**
             * Format: date-time
             * @description Time of creation of the record, RFC 3339.
             */
            created: string;
            /** @description The credit to show with it. */
            credit: string | null;
            /** @description The full description: plain text, an empty line separates paragraphs. */
            description: components["schemas"]["Text"];
            /**
             * @description A date (the last day), or RFC 3339 with offset.
             * @example 2027-06-01T20:00:00+02:00
             */
            end: string | null;
            /** @description Whether it is free of charge; absent if unknown. */
            free: boolean | null;
            /** @description Directions to the place: buses, parking, the last stretch on foot. */
            getting_there: components["schemas"]["Text"];
            /** @description Key of the record. On input, the identifier at the source if `uid` is absent. */
            id: string;
            /** @description Images: kept here, or by address; never inline. */
            images: components["schemas"]["Image"][];
            /** @description Languages in which it is held, BCP 47: `nb`, `nsl` (Norwegian Sign Language), `nb-simple` (easy read). */
            languages: string[];
            /** @description The licence. */
            licence: string | null;
            /**
             * Format: date-time
             * @description Time of the last change, RFC 3339.
             */
            modified: string;
            /** @description Tickets. */
            offers: components["schemas"]["Offer"][];
            /**
             * Format: uri
             * @description Address to attend online.
             */
            online_url: string | null;
            organizer: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places?: components["schemas"]["EventPlace"][];
            /** @description With `include=parts`: the events that are parts of it. */
            parts?: components["schemas"]["EventSelection"][];
            place: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start: string | null;
            recurrence: components["schemas"]["Recurrence"] | null;
            /**
             * Format: int32
             * @description RFC 5545 `SEQUENCE`.
             */
            sequence: number;
            series: components["schemas"]["EventSeries"] | null;
            /** @description `indoor`, `outdoor` or both. */
            setting: components["schemas"]["EventSetting"][];
            /** @description Slug of its page. */
            slug: string;
            /** @description Its origins. */
            sources: components["schemas"]["Source"][];
            /**
             * @description A date, or RFC 3339 with offset.
             * @example 2027-06-01T18:00:00+02:00
             */
            start: string;
            status: components["schemas"]["EventStatus"];
            /** @description Why it was moved or cancelled. */
            status_note: components["schemas"]["Text"];
            /** @description The ids of its parts. */
            sub_events: string[];
            /** @description One or two sentences. */
            summary: components["schemas"]["Text"];
            /** @description The id of the event that it is a part of. */
            super_event: string | null;
            /** @description `public_transport` (it can be reached by public transport), `certified` or both. */
            sustainability: components["schemas"]["SustainabilityFact"][];
            /** @description The certificate of an event that is `certified`. */
            sustainability_certificate: components["schemas"]["Certificate"] | null;
            /**
             * @description IANA zone of the local times.
             * @example Europe/Oslo
             */
            time_zone: string;
            /** @description The title. */
            title: components["schemas"]["Text"];
            /** @description RFC 5545 `UID`. */
            uid: string;
            /**
             * Format: uri
             * @description Full address of its page.
             */
            url: string;
            /**
             * Format: uri
             * @description The event's own web page.
             */
            website: string | null;
        };
        /** @description An event as a partner sends it. `title.nb` and `start` are enough. */
        EventInput: {
            /** @description Accessibility features: `step_free`. */
            accessibility?: string[];
            /**
             * @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known
             *     yet.
             */
            all_day?: boolean | null;
            /** @description Its audiences. */
            audiences?: string[];
            /** @description The availability of places: `available`, `few_left` or `sold_out`. */
            availability?: components["schemas"]["Availability"] | null;
            /** @description Its categories. */
            categories?: string[];
            /**
             * Format: date-time
             * @description Time of creation of the record, RFC 3339.
             */
            created?: string | null;
            /** @description The credit to show with it. */
            credit?: string | null;
            /** @description The full description: plain text, an empty line separates paragraphs. */
            description?: components["schemas"]["Text"];
            /**
             * @description A date (the last day), or RFC 3339 with offset.
             * @example 2027-06-01T20:00:00+02:00
             */
            end?: string | null;
            /** @description Whether it is free of charge; absent if unknown. */
            free?: boolean | null;
            /** @description Directions to the place: buses, parking, the last stretch on foot. */
            getting_there?: components["schemas"]["Text"];
            /** @description Key of the record. On input, the identifier at the source if `uid` is absent. */
            id?: string | null;
            /** @description Images: kept here, or by address; never inline. */
            images?: components["schemas"]["Image"][];
            /** @description Languages in which it is held, BCP 47: `nb`, `nsl` (Norwegian Sign Language), `nb-simple` (easy read). */
            languages?: string[];
            /** @description The licence. */
            licence?: string | null;
            /**
             * Format: date-time
             * @description Time of the last change, RFC 3339.
             */
            modified?: string | null;
            /** @description Tickets. */
            offers?: components["schemas"]["Offer"][];
            /**
             * Format: uri
             * @description Address to attend online.
             */
            online_url?: string | null;
            organizer?: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places?: components["schemas"]["EventPlace"][];
            place?: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start?: string | null;
            recurrence?: components["schemas"]["Recurrence"] | null;
            /**
             * Format: int32
             * @description RFC 5545 `SEQUENCE`.
             */
            sequence?: number | null;
            series?: components["schemas"]["EventSeries"] | null;
            /** @description `indoor`, `outdoor` or both. */
            setting?: components["schemas"]["EventSetting"][];
            /** @description Slug of its page. */
            slug?: string | null;
            /** @description Its origins. */
            sources?: components["schemas"]["Source"][];
            /**
             * @description A date, or RFC 3339 with offset.
             * @example 2027-06-01T18:00:00+02:00
             */
            start: string | null;
            status?: components["schemas"]["EventStatus"] | null;
            /** @description Why it was moved or cancelled. */
            status_note?: components["schemas"]["Text"];
            /** @description The ids of its parts. */
            sub_events?: string[];
            /** @description One or two sentences. */
            summary?: components["schemas"]["Text"];
            /** @description The id of the event that it is a part of. */
            super_event?: string | null;
            /** @description `public_transport` (it can be reached by public transport), `certified` or both. */
            sustainability?: components["schemas"]["SustainabilityFact"][];
            /** @description The certificate of an event that is `certified`. */
            sustainability_certificate?: components["schemas"]["Certificate"] | null;
            /**
             * @description IANA zone of the local times.
             * @example Europe/Oslo
             */
            time_zone?: string | null;
            /** @description The title. */
            title: components["schemas"]["Text"];
            /** @description RFC 5545 `UID`. */
            uid?: string | null;
            /**
             * Format: uri
             * @description Full address of its page.
             */
            url?: string | null;
            /**
             * Format: uri
             * @description The event's own web page.
             */
            website?: string | null;
        };
        /** @description An organizer: one of the catalog by `slug`, or a description. */
        EventOrganizer: {
            /** @description The name. */
            name?: string | null;
            /** @description An organizer of the catalog. */
            slug?: string | null;
            /** @description The web page. */
            url?: string | null;
        };
        /** @description Members of an event to change, and `null` for those to remove (RFC 7396). */
        EventPatch: {
            /** @description Accessibility features: `step_free`. */
            accessibility?: string[];
            /**
             * @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known
             *     yet.
             */
            all_day?: boolean | null;
            /** @description Its audiences. */
            audiences?: string[];
            /** @description The availability of places: `available`, `few_left` or `sold_out`. */
            availability?: components["schemas"]["Availability"] | null;
            /** @description Its categories. */
            categories?: string[];
            /**
             * Format: date-time
             * @description Time of creation of the record, RFC 3339.
             */
            created?: string | null;
            /** @description The credit to show with it. */
            credit?: string | null;
            /** @description The full description: plain text, an empty line separates paragraphs. */
            description?: components["schemas"]["Text"];
            /**
             * @description A date (the last day), or RFC 3339 with offset.
             * @example 2027-06-01T20:00:00+02:00
             */
            end?: string | null;
            /** @description Whether it is free of charge; absent if unknown. */
            free?: boolean | null;
            /** @description Directions to the place: buses, parking, the last stretch on foot. */
            getting_there?: components["schemas"]["Text"];
            /** @description Key of the record. On input, the identifier at the source if `uid` is absent. */
            id?: string | null;
            /** @description Images: kept here, or by address; never inline. */
            images?: components["schemas"]["Image"][];
            /** @description Languages in which it is held, BCP 47: `nb`, `nsl` (Norwegian Sign Language), `nb-simple` (easy read). */
            languages?: string[];
            /** @description The licence. */
            licence?: string | null;
            /**
             * Format: date-time
             * @description Time of the last change, RFC 3339.
             */
            modified?: string | null;
            /** @description Tickets. */
            offers?: components["schemas"]["Offer"][];
            /**
             * Format: uri
             * @description Address to attend online.
             */
            online_url?: string | null;
            organizer?: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places?: components["schemas"]["EventPlace"][];
            place?: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start?: string | null;
            recurrence?: components["schemas"]["Recurrence"] | null;
            /**
             * Format: int32
             * @description RFC 5545 `SEQUENCE`.
             */
            sequence?: number | null;
            series?: components["schemas"]["EventSeries"] | null;
            /** @description `indoor`, `outdoor` or both. */
            setting?: components["schemas"]["EventSetting"][];
            /** @description Slug of its page. */
            slug?: string | null;
            /** @description Its origins. */
            sources?: components["schemas"]["Source"][];
            /**
             * @description A date, or RFC 3339 with offset.
             * @example 2027-06-01T18:00:00+02:00
             */
            start?: string | null;
            status?: components["schemas"]["EventStatus"] | null;
            /** @description Why it was moved or cancelled. */
            status_note?: components["schemas"]["Text"];
            /** @description The ids of its parts. */
            sub_events?: string[];
            /** @description One or two sentences. */
            summary?: components["schemas"]["Text"];
            /** @description The id of the event that it is a part of. */
            super_event?: string | null;
            /** @description `public_transport` (it can be reached by public transport), `certified` or both. */
            sustainability?: components["schemas"]["SustainabilityFact"][];
            /** @description The certificate of an event that is `certified`. */
            sustainability_certificate?: components["schemas"]["Certificate"] | null;
            /**
             * @description IANA zone of the local times.
             * @example Europe/Oslo
             */
            time_zone?: string | null;
            /** @description The title. */
            title?: components["schemas"]["Text"];
            /** @description RFC 5545 `UID`. */
            uid?: string | null;
            /**
             * Format: uri
             * @description Full address of its page.
             */
            url?: string | null;
            /**
             * Format: uri
             * @description The event's own web page.
             */
            website?: string | null;
        };
        /** @description A place: one of the catalog by `slug`, or a description. */
        EventPlace: {
            /** @description Street and number, post town. */
            address?: string | null;
            /**
             * Format: double
             * @description Degrees north, WGS 84.
             */
            latitude?: number | null;
            /**
             * Format: double
             * @description Degrees east, WGS 84.
             */
            longitude?: number | null;
            /**
             * @description Municipality number.
             * @example 3420
             */
            municipality?: string | null;
            /** @description The name. */
            name?: string | null;
            /** @description Postal code. */
            postal_code?: string | null;
            /** @description A place of the catalog. */
            slug?: string | null;
        };
        /** @description An event as JSON. */
        EventSelection: {
            /** @description Accessibility features: `step_free`. */
            accessibility?: string[];
            /**
             * @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known
             *     yet.
             */
            all_day?: boolean;
            /** @description Its audiences. */
            audiences?: string[];
            /** @description The availability of places: `available`, `few_left` or `sold_out`. */
            availability?: components["schemas"]["Availability"] | null;
            /** @description Its categories. */
            categories?: string[];
            /**
             * Format: date-time
             * @description Time of creation of the record, RFC 3339.
             */
            created?: string;
            /** @description The credit to show with it. */
            credit?: string | null;
            /** @description The full description: plain text, an empty line separates paragraphs. */
            description?: components["schemas"]["Text"];
            /**
             * @description A date (the last day), or RFC 3339 with offset.
             * @example 2027-06-01T20:00:00+02:00
             */
            end?: string | null;
            /** @description Whether it is free of charge; absent if unknown. */
            free?: boolean | null;
            /** @description Directions to the place: buses, parking, the last stretch on foot. */
            getting_there?: components["schemas"]["Text"];
            /** @description Key of the record. On input, the identifier at the source if `uid` is absent. */
            id: string;
            /** @description Images: kept here, or by address; never inline. */
            images?: components["schemas"]["Image"][];
            /** @description Languages in which it is held, BCP 47: `nb`, `nsl` (Norwegian Sign Language), `nb-simple` (easy read). */
            languages?: string[];
            /** @description The licence. */
            licence?: string | null;
            /**
             * Format: date-time
             * @description Time of the last change, RFC 3339.
             */
            modified?: string;
            /** @description Tickets. */
            offers?: components["schemas"]["Offer"][];
            /**
             * Format: uri
             * @description Address to attend online.
             */
            online_url?: string | null;
            organizer?: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places?: components["schemas"]["EventPlace"][];
            /** @description With `include=parts`: the events that are parts of it. */
            parts?: components["schemas"]["EventSelection"][];
            place?: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start?: string | null;
            recurrence?: components["schemas"]["Recurrence"] | null;
            /**
             * Format: int32
             * @description RFC 5545 `SEQUENCE`.
             */
            sequence?: number;
            series?: components["schemas"]["EventSeries"] | null;
            /** @description `indoor`, `outdoor` or both. */
            setting?: components["schemas"]["EventSetting"][];
            /** @description Slug of its page. */
            slug?: string;
            /** @description Its origins. */
            sources?: components["schemas"]["Source"][];
            /**
             * @description A date, or RFC 3339 with offset.
             * @example 2027-06-01T18:00:00+02:00
             */
            start?: string;
            status?: components["schemas"]["EventStatus"];
            /** @description Why it was moved or cancelled. */
            status_note?: components["schemas"]["Text"];
            /** @description The ids of its parts. */
            sub_events?: string[];
            /** @description One or two sentences. */
            summary?: components["schemas"]["Text"];
            /** @description The id of the event that it is a part of. */
            super_event?: string | null;
            /** @description `public_transport` (it can be reached by public transport), `certified` or both. */
            sustainability?: components["schemas"]["SustainabilityFact"][];
            /** @description The certificate of an event that is `certified`. */
            sustainability_certificate?: components["schemas"]["Certificate"] | null;
            /**
             * @description IANA zone of the local times.
             * @example Europe/Oslo
             */
            time_zone?: string;
            /** @description The title. */
            title?: components["schemas"]["Text"];
            /** @description RFC 5545 `UID`. */
            uid?: string;
            /**
             * Format: uri
             * @description Full address of its page.
             */
            url?: string;
            /**
             * Format: uri
             * @description The event's own web page.
             */
            website?: string | null;
        };
        /** @description An edition of a series. */
        EventSeries: {
            /** @description The label of the edition. */
            edition?: string;
            /** @description The series. */
            slug?: string;
        };
        /**
         * @description The setting of an event: indoors or outdoors.
         * @enum {string}
         */
        EventSetting: "indoor" | "outdoor";
        /**
         * @description The state of an event in the world (schema.org `EventStatusType`, and RFC 5545's `TENTATIVE`).
         * @enum {string}
         */
        EventStatus: "scheduled" | "tentative" | "cancelled" | "postponed" | "rescheduled" | "moved_online";
        /**
         * @description A field of an event that has an owner of its own.
         * @enum {string}
         */
        Field: "title" | "summary" | "description" | "schedule" | "status" | "venues" | "online_url" | "organizer" | "categories" | "audiences" | "accessibility" | "availability" | "setting" | "languages" | "sustainability" | "sustainability_certificate" | "getting_there" | "admission" | "images" | "website" | "super_event" | "publication";
        /** @description What is wrong with a parameter, or with a member of the body. */
        FieldProblem: {
            /** @description What is wrong and what is allowed. */
            detail: string;
            /** @description The name of the parameter, or the path of the member. */
            field: string;
        };
        /** @description An event that is no longer public. */
        GoneEvent: {
            /**
             * Format: date-time
             * @description Time of the change.
             */
            changed: string;
            /** @description Key of the event. */
            id: string;
            /** @description Slug of its page. */
            slug: string;
            /**
             * @description Says that the event is no longer public.
             * @enum {string}
             */
            type: "gone";
            /** @description RFC 5545 `UID`. */
            uid: string;
        };
        /** @description An image. */
        Image: {
            /** @description Alternative text. */
            alt?: components["schemas"]["Text"];
            /** @description The creator. */
            credit?: string | null;
            /** @description The licence. */
            licence?: string | null;
            /** @description The sizes that there are, the smallest first; none of an image that is elsewhere. Ignored on input. */
            sizes?: components["schemas"]["ImageSize"][];
            /** @description Address of the image, in its largest size. */
            url?: string;
        };
        /** @description A size of an image. */
        ImageSize: {
            /**
             * Format: int32
             * @description Height in pixels.
             */
            height?: number;
            /** @description Address of the image in this size. */
            url?: string;
            /**
             * Format: int32
             * @description Width in pixels.
             */
            width?: number;
        };
        JoinInput: {
            /** @description The event that is merged into the other. */
            with: string;
        };
        /** @description An event in a list. */
        ListedEvent: components["schemas"]["PartnerEvent"] & {
            /** @description Your own id of the event. */
            origin_id: string;
        };
        /** @description An occurrence as JSON: what a list shows, without a further request. Written only. */
        Occurrence: {
            /** @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known yet. */
            all_day: boolean;
            /** @description Its audiences. */
            audiences: string[];
            /** @description `available`, `few_left` or `sold_out`. */
            availability: components["schemas"]["Availability"];
            /** @description Its categories. */
            categories: string[];
            /** @description The credit to show with it. */
            credit: string | null;
            /** @description A date (the last day), or RFC 3339 with offset. */
            end: string | null;
            /** @description The event that it is an occurrence of. */
            event: components["schemas"]["OccurrenceEvent"];
            /** @description Whether it is free of charge; `null` if unknown. */
            free: boolean | null;
            image: components["schemas"]["Image"] | null;
            /** @description The licence. */
            licence: string | null;
            /** @description Address to attend online. */
            online_url: string | null;
            organizer: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places: components["schemas"]["EventPlace"][];
            place: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start: string | null;
            /** @description The original start, which identifies it among the occurrences of the event; `null` if the event does not recur. */
            recurrence_id: string | null;
            series: components["schemas"]["EventSeries"] | null;
            /** @description A date, or RFC 3339 with offset. */
            start: string;
            /** @description `scheduled`, `tentative`, `cancelled`, `postponed`, `rescheduled`, `moved_online`. */
            status: components["schemas"]["EventStatus"];
            /** @description Why it was moved or cancelled. */
            status_note: components["schemas"]["Text"];
            /** @description One or two sentences. */
            summary: components["schemas"]["Text"];
            /** @description The id of the event that the event is a part of. */
            super_event: string | null;
            /** @description IANA zone of the local times. */
            time_zone: string;
            /** @description The title. */
            title: components["schemas"]["Text"];
        };
        /** @description The event of an occurrence. */
        OccurrenceEvent: {
            /** @description Key of the record. */
            id: string;
            /** @description Slug of its page. */
            slug: string;
            /** @description RFC 5545 `UID`. */
            uid: string;
            /** @description Full address of its page. */
            url: string;
        };
        /** @description An occurrence as JSON: what a list shows, without a further request. Written only. */
        OccurrenceSelection: {
            /** @description Whether a `start` that is a date means the whole day. `false`: the time of day is not known yet. */
            all_day?: boolean;
            /** @description Its audiences. */
            audiences?: string[];
            /** @description `available`, `few_left` or `sold_out`. */
            availability?: components["schemas"]["Availability"];
            /** @description Its categories. */
            categories?: string[];
            /** @description The credit to show with it. */
            credit?: string | null;
            /** @description A date (the last day), or RFC 3339 with offset. */
            end?: string | null;
            /** @description The event that it is an occurrence of. */
            event: components["schemas"]["OccurrenceEvent"];
            /** @description Whether it is free of charge; `null` if unknown. */
            free?: boolean | null;
            image?: components["schemas"]["Image"] | null;
            /** @description The licence. */
            licence?: string | null;
            /** @description Address to attend online. */
            online_url?: string | null;
            organizer?: components["schemas"]["EventOrganizer"] | null;
            /** @description Additional places. */
            other_places?: components["schemas"]["EventPlace"][];
            place?: components["schemas"]["EventPlace"] | null;
            /** @description The start before it was moved. */
            previous_start?: string | null;
            /** @description The original start, which identifies it among the occurrences of the event; `null` if the event does not recur. */
            recurrence_id?: string | null;
            series?: components["schemas"]["EventSeries"] | null;
            /** @description A date, or RFC 3339 with offset. */
            start?: string;
            /** @description `scheduled`, `tentative`, `cancelled`, `postponed`, `rescheduled`, `moved_online`. */
            status?: components["schemas"]["EventStatus"];
            /** @description Why it was moved or cancelled. */
            status_note?: components["schemas"]["Text"];
            /** @description One or two sentences. */
            summary?: components["schemas"]["Text"];
            /** @description The id of the event that the event is a part of. */
            super_event?: string | null;
            /** @description IANA zone of the local times. */
            time_zone?: string;
            /** @description The title. */
            title?: components["schemas"]["Text"];
        };
        /** @description A ticket. */
        Offer: {
            /**
             * @description ISO 4217 code; `NOK` if absent.
             * @example NOK
             */
            currency?: string | null;
            /** @description The name of the ticket or the group it is for. */
            name?: components["schemas"]["Text"];
            /**
             * @description Decimal number with a point.
             * @example 250.00
             */
            price?: string | null;
            /** @description Address where the ticket is sold. */
            url?: string | null;
        };
        /** @description An organizer. */
        Organizer: {
            /** @description A short description. */
            description: components["schemas"]["Text"];
            /** @description A mail address that the organizer made public. */
            email: string | null;
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /** @description Its name, the same in every language. */
            name: string;
            /** @description Number in Enhetsregisteret, the register of organisations in Norway. */
            organisation_number: string | null;
            /** @description Its name in addresses; never changes. */
            slug: string;
            /** @description A telephone number that the organizer made public. */
            telephone: string | null;
            /** @description Its page in this calendar. */
            url: string;
            /** @description The organizer's own web page. */
            website: string | null;
        };
        /** @description A changed occurrence. */
        Override: {
            /** @description Whether a changed `start` that is a date means the whole day, as for the event. */
            all_day?: boolean | null;
            availability?: components["schemas"]["Availability"] | null;
            /** @description The changed description. */
            description?: components["schemas"]["Text"];
            /** @description The changed end. */
            end?: string | null;
            place?: components["schemas"]["EventPlace"] | null;
            /** @description The original start. */
            recurrence_id?: string;
            /** @description The changed start. */
            start?: string | null;
            status?: components["schemas"]["EventStatus"] | null;
            /** @description IANA zone of the changed times, if it is not the event's. */
            time_zone?: string | null;
            /** @description The changed title. */
            title?: components["schemas"]["Text"];
        };
        /** @description A page of a list. */
        Page_Audience: {
            /** @description The items, in order. */
            items: components["schemas"]["Audience"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Category: {
            /** @description The items, in order. */
            items: components["schemas"]["Category"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Event: {
            /** @description The items, in order. */
            items: components["schemas"]["EventSelection"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Occurrence: {
            /** @description The items, in order. */
            items: components["schemas"]["OccurrenceSelection"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Organizer: {
            /** @description The items, in order. */
            items: components["schemas"]["Organizer"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Partner: {
            /** @description The items, in order. */
            items: components["schemas"]["Partner"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Place: {
            /** @description The items, in order. */
            items: components["schemas"]["Place"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A page of a list. */
        Page_Series: {
            /** @description The items, in order. */
            items: components["schemas"]["Series"][];
            /** @description Address of the licence of the data, if it has one. */
            licence: string | null;
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A partner. */
        Partner: {
            /** @description What it is. */
            description: components["schemas"]["Text"];
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /** @description Its id, as in `sources` of events; never changes. */
            id: string;
            /** @description Its current name, the same in every language. */
            name: string;
            /** @description What may be done with its events. */
            policy: components["schemas"]["Policy"];
            /** @description Its page in this calendar. */
            url: string;
            /** @description The partner's own web page. */
            website: string | null;
        };
        /** @description An event as its partner sees it. */
        PartnerEvent: components["schemas"]["Event"] & {
            /** @description Whether it is public, or waits for an editor. */
            publication: components["schemas"]["Publication"];
        };
        /** @description A page of a partner's events. */
        PartnerEventPage: {
            /** @description The events. */
            items: components["schemas"]["ListedEvent"][];
            /** @description The cursor of the next page; `null` on the last one. */
            next: string | null;
        };
        /** @description A place. `slug` to `longitude` are named as in the `place` of an event. */
        Place: {
            /** @description Street and number, postal code and post town on one line. */
            address: string | null;
            /** @description A short description. */
            description: components["schemas"]["Text"];
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /**
             * Format: double
             * @description Degrees north, WGS 84.
             */
            latitude: number | null;
            /**
             * Format: double
             * @description Degrees east, WGS 84.
             */
            longitude: number | null;
            /** @description Number of its municipality. */
            municipality: string | null;
            /** @description Its name, the same in every language. */
            name: string;
            /** @description The postal code. */
            postal_code: string | null;
            /** @description Its name in addresses; never changes. */
            slug: string;
            /** @description Its page in this calendar. */
            url: string;
            /** @description The place's own web page. */
            website: string | null;
        };
        /** @description What a partner permits to be done with its events. */
        Policy: {
            /** @description The credit to show with each event. */
            credit: string | null;
            /** @description Address that the credit links to. */
            credit_url: string | null;
            /** @description Whether images of the events may be shown. If not, this API leaves them out. */
            images_allowed: boolean;
            /** @description Whether search engines may index pages with the events. */
            indexable: boolean;
            /** @description The licence of the events, by name or address. */
            licence: string | null;
            /** @description Whether the events may be republished. If not, feeds and this API leave them out. */
            may_be_passed_on: boolean;
        };
        /** @description Problem details (RFC 9457 3). */
        Problem: {
            /** @description What is wrong with this request. */
            detail?: string | null;
            /** @description The wrong parameters or members. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The path of the request. */
            instance: string;
            /** @description Identifies the request in the log of the server. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 400
             */
            status: number;
            /** @description The kind of problem, for people. */
            title: string;
            /**
             * @description The kind of problem, for programs.
             * @example /problems/invalid-parameters
             */
            type: string;
        };
        /**
         * @description The state of an event's record.
         * @enum {string}
         */
        Publication: "draft" | "submitted" | "published" | "rejected" | "withdrawn";
        /** @description The recurrence of an event. */
        Recurrence: {
            /** @description Excluded starts. */
            exdates?: string[];
            /** @description Changed occurrences. */
            overrides?: components["schemas"]["Override"][];
            /** @description Additional starts, local to `time_zone`, or dates. */
            rdates?: string[];
            /**
             * @description RFC 5545 `RRULE` value.
             * @example FREQ=WEEKLY;COUNT=5
             */
            rrule?: string | null;
        };
        RollbackInput: {
            /** @description Leave events unchanged that were changed since the run. */
            keep_changed?: boolean;
        };
        /** @description A run that was rolled back. */
        RolledBack: {
            /**
             * Format: int64
             * @description The commit of the rollback.
             */
            commit: number;
            /** @description Events changed since the run, which stay unchanged. */
            kept: string[];
            /** @description Number of events that are as before the run. */
            restored: number;
            /** @description Number of events that the run had created. */
            withdrawn: number;
        };
        RunList: {
            /** @description The runs that changed something or were refused, latest first. */
            runs: Record<string, never>[];
        };
        /** @description An event after a write. */
        SentEvent: components["schemas"]["PartnerEvent"] & {
            /** @description Fields that were set by a person here and are unchanged. */
            kept?: components["schemas"]["Field"][];
            /** @description With `merged`: the page of the event that already existed. */
            merged_into?: string | null;
            /** @description What became of it. */
            outcome: components["schemas"]["UpsertOutcome"];
            /** @description Values that were changed or ignored. */
            remarks?: Record<string, never>[];
        };
        /** @description A series. */
        Series: {
            /** @description Slugs of its audiences. */
            audiences: string[];
            /** @description Slugs of its categories. */
            categories: string[];
            /** @description The full description: plain text, an empty line separates paragraphs. */
            description: components["schemas"]["Text"];
            /** @description The known editions, oldest first. */
            editions: components["schemas"]["Edition"][];
            /** @description Its feed, an iCalendar file to subscribe to. */
            feed: string;
            /** @description Number of its municipality. */
            municipality: string | null;
            /** @description Slug of its organizer. */
            organizer: string | null;
            /** @description Slugs of its places, the main one first. */
            places: string[];
            /** @description The usual time as an RFC 5545 `RRULE` value; gives the first day of each edition. */
            rrule: string | null;
            /** @description Its name in addresses and in `series` of events; never changes. */
            slug: string;
            /** @description One or two sentences. */
            summary: components["schemas"]["Text"];
            /** @description Slug of the series that this one is part of. */
            super_series: string | null;
            /** @description The title. */
            title: components["schemas"]["Text"];
            /** @description Its page in this calendar. */
            url: string;
            /** @description The usual time of year, in words. */
            usual_time: components["schemas"]["Text"];
            /** @description The series' own web page. */
            website: string | null;
        };
        /** @description An origin. */
        Source: {
            /** @description Identifier at the partner. */
            origin_id?: string;
            /** @description The partner. */
            partner?: string;
            /** @description Address of the event there. */
            url?: string | null;
        };
        SplitInput: {
            /** @description The partner whose event is split off. */
            partner: string;
        };
        /**
         * @description A fact about the sustainability of an event.
         * @enum {string}
         */
        SustainabilityFact: "public_transport" | "certified";
        /**
         * @description A text by language; languages without a text are absent.
         * @example {
         *       "en": "Summer concert",
         *       "nb": "Sommerkonsert"
         *     }
         */
        Text: {
            en?: string;
            nb?: string;
            nn?: string;
        };
        /**
         * @description The outcome of an upsert.
         * @enum {string}
         */
        UpsertOutcome: "created" | "updated" | "unchanged" | "merged";
    };
    responses: {
        /** @description The request is malformed; `errors` names each wrong parameter and what is allowed. */
        BadRequest: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request does not fit the present state; `errors` or `detail` says what to do. */
        Conflict: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The event was public and is no longer. */
        Gone: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description An internal error. Quote `request_id` if you report it. */
        Internal: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The event cannot be taken; `errors` names each wrong member. */
        InvalidEvent: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no key, or it is not valid. */
        KeyNeeded: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key is valid, but not for this. */
        KeyRefused: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The path does not have this method; `Allow` names those it has. */
        MethodNotAllowed: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such record. */
        NotFound: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The event has changed since you read it. Read it again and repeat your change. */
        PreconditionFailed: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The disk is full. */
        StorageFull: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body or the event is too large. */
        TooLarge: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The quota is used up; `Retry-After` says for how many seconds. */
        TooManyRequests: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The store cannot be used at the moment. Try again later. */
        Unavailable: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not of the right media type. */
        UnsupportedMediaType: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description How long a copy may be used.
         * @example public, max-age=60, must-revalidate
         */
        "Cache-Control": string;
        /**
         * @description Entity tag, for If-None-Match.
         * @example "5d41402abc4b2a76"
         */
        ETag: string;
        /**
         * @description Time of the last change, for If-Modified-Since.
         * @example Sun, 22 Nov 2026 11:00:00 GMT
         */
        "Last-Modified": string;
        /**
         * @description Requests `r` that are left, and seconds `t` until the quota is full.
         * @example "client";r=599;t=1
         */
        RateLimit: string;
        /**
         * @description The quota `q` of requests in `w` seconds.
         * @example "client";q=600;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description Seconds to wait.
         * @example 20
         */
        "Retry-After": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The description. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_audiences: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Audience"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_categories: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Category"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    show_changes: {
        parameters: {
            query?: {
                /** @description `next` of the response before; from the beginning without it. */
                since?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangePage"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description The first day or time; today if absent. */
                from?: string;
                /** @description The last day or time; two years of dates, or ten of events, if absent. */
                to?: string;
                /** @description Slugs of categories, any of which match. */
                category?: string[];
                /** @description Slugs of audiences, any of which match. */
                audience?: string[];
                /** @description Slugs of places, any of which match. */
                place?: string[];
                /** @description Slugs or numbers of municipalities, any of which match. */
                municipality?: string[];
                /** @description Slugs of organizers, any of which match. */
                organizer?: string[];
                /** @description Slugs of series, any of which match. */
                series?: string[];
                /** @description Ids of partners, any of which match. */
                partner?: string[];
                /** @description Words that all occur in the event. */
                q?: string;
                /** @description What began before `from` and still goes on: `include`, `omit` it, or `only` that. */
                ongoing?: "include" | "omit" | "only";
                /** @description Days of the week on which it takes place. */
                weekday?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                /** @description When it begins; may go on after midnight. */
                time_of_day?: string;
                /** @description The shortest duration, in minutes, hours or days. */
                min_duration?: string;
                /** @description The longest duration, in minutes, hours or days. */
                max_duration?: string;
                /** @description A point: latitude and longitude. */
                near?: string;
                /** @description The distance from `near`, in m or km; 10 km if absent. */
                radius?: string;
                /** @description A box: west, south, east, north. */
                bbox?: string;
                /** @description Statuses, any of which match. */
                status?: ("scheduled" | "tentative" | "cancelled" | "postponed" | "rescheduled" | "moved_online")[];
                /** @description `omit` leaves cancelled events out. */
                cancelled?: "mark" | "status" | "omit";
                /** @description `omit` leaves events with an unconfirmed date out. */
                tentative?: "include" | "omit";
                /** @description The earliest time of the last change. */
                updated_since?: string;
                /** @description `1`: only what is free of charge. */
                free?: "0" | "1" | "false" | "true" | "no" | "yes" | "off" | "on";
                /** @description `1`: only what can be reached without steps; or names of features, all of which match. */
                accessible?: string;
                /** @description `omit` leaves parts of other events out. */
                parts?: "include" | "omit";
                /** @description `1`: only the first date of what recurs, and no parts of it. */
                hide_recurring_children?: "0" | "1" | "false" | "true";
                /** @description Members of the items; all if absent. The key is always there. */
                fields?: ("id" | "uid" | "slug" | "url" | "sequence" | "created" | "modified" | "title" | "summary" | "description" | "start" | "end" | "time_zone" | "all_day" | "recurrence" | "status" | "previous_start" | "status_note" | "place" | "other_places" | "online_url" | "organizer" | "categories" | "audiences" | "accessibility" | "availability" | "setting" | "languages" | "sustainability" | "sustainability_certificate" | "getting_there" | "offers" | "free" | "images" | "website" | "series" | "super_event" | "sub_events" | "sources" | "credit" | "licence" | "parts")[];
                /** @description The order; with `-`, the other way round. */
                sort?: "start" | "-start" | "modified" | "-modified";
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
                /** @description `parts` adds the events that are parts of an event, as its member `parts`. */
                include?: "parts"[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Event"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    show_event: {
        parameters: {
            query?: {
                /** @description Members of the items; all if absent. The key is always there. */
                fields?: ("id" | "uid" | "slug" | "url" | "sequence" | "created" | "modified" | "title" | "summary" | "description" | "start" | "end" | "time_zone" | "all_day" | "recurrence" | "status" | "previous_start" | "status_note" | "place" | "other_places" | "online_url" | "organizer" | "categories" | "audiences" | "accessibility" | "availability" | "setting" | "languages" | "sustainability" | "sustainability_certificate" | "getting_there" | "offers" | "free" | "images" | "website" | "series" | "super_event" | "sub_events" | "sources" | "credit" | "licence" | "parts")[];
                /** @description `parts` adds the events that are parts of an event, as its member `parts`. */
                include?: "parts"[];
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
            };
            header?: never;
            path: {
                /**
                 * @description Its `id`, or the `slug` of its page.
                 * @example 17-mai-2027
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventSelection"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            410: components["responses"]["Gone"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_occurrences: {
        parameters: {
            query?: {
                /** @description The first day or time; today if absent. */
                from?: string;
                /** @description The last day or time; two years of dates, or ten of events, if absent. */
                to?: string;
                /** @description Slugs of categories, any of which match. */
                category?: string[];
                /** @description Slugs of audiences, any of which match. */
                audience?: string[];
                /** @description Slugs of places, any of which match. */
                place?: string[];
                /** @description Slugs or numbers of municipalities, any of which match. */
                municipality?: string[];
                /** @description Slugs of organizers, any of which match. */
                organizer?: string[];
                /** @description Slugs of series, any of which match. */
                series?: string[];
                /** @description Ids of partners, any of which match. */
                partner?: string[];
                /** @description Words that all occur in the event. */
                q?: string;
                /** @description What began before `from` and still goes on: `include`, `omit` it, or `only` that. */
                ongoing?: "include" | "omit" | "only";
                /** @description Days of the week on which it takes place. */
                weekday?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                /** @description When it begins; may go on after midnight. */
                time_of_day?: string;
                /** @description The shortest duration, in minutes, hours or days. */
                min_duration?: string;
                /** @description The longest duration, in minutes, hours or days. */
                max_duration?: string;
                /** @description A point: latitude and longitude. */
                near?: string;
                /** @description The distance from `near`, in m or km; 10 km if absent. */
                radius?: string;
                /** @description A box: west, south, east, north. */
                bbox?: string;
                /** @description Statuses, any of which match. */
                status?: ("scheduled" | "tentative" | "cancelled" | "postponed" | "rescheduled" | "moved_online")[];
                /** @description `omit` leaves cancelled events out. */
                cancelled?: "mark" | "status" | "omit";
                /** @description `omit` leaves events with an unconfirmed date out. */
                tentative?: "include" | "omit";
                /** @description The earliest time of the last change. */
                updated_since?: string;
                /** @description `1`: only what is free of charge. */
                free?: "0" | "1" | "false" | "true" | "no" | "yes" | "off" | "on";
                /** @description `1`: only what can be reached without steps; or names of features, all of which match. */
                accessible?: string;
                /** @description `omit` leaves parts of other events out. */
                parts?: "include" | "omit";
                /** @description `1`: only the first date of what recurs, and no parts of it. */
                hide_recurring_children?: "0" | "1" | "false" | "true";
                /** @description Members of the items; all if absent. The key is always there. */
                fields?: ("event" | "recurrence_id" | "start" | "end" | "time_zone" | "all_day" | "status" | "previous_start" | "status_note" | "availability" | "title" | "summary" | "place" | "other_places" | "online_url" | "organizer" | "categories" | "audiences" | "free" | "image" | "series" | "super_event" | "credit" | "licence")[];
                /** @description The order; with `-`, the other way round. */
                sort?: "start" | "-start";
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of dates. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Occurrence"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_organizers: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Organizer"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    show_organizer: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
            };
            header?: never;
            path: {
                /**
                 * @description Its name in addresses.
                 * @example elverum-kommune
                 */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organizer"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_partner_events: {
        parameters: {
            query?: {
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
                /** @description Maximum number of items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of your events. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerEventPage"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    validate_partner_event: {
        parameters: {
            query?: {
                /** @description Your own id of the event; else the `uid` of the body. */
                origin_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "categories": [
                 *         "music"
                 *       ],
                 *       "end": "2027-04-10T21:00:00+02:00",
                 *       "place": {
                 *         "name": "Terningen Arena"
                 *       },
                 *       "start": "2027-04-10T19:00:00+02:00",
                 *       "title": {
                 *         "en": "Spring concert",
                 *         "nb": "Vårkonsert"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EventInput"];
            };
        };
        responses: {
            /** @description The event as it would be. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEvent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidEvent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    show_partner_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Your own id of the event, percent-encoded.
                 * @example konsert-42
                 */
                origin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerEvent"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    put_partner_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description Writes only if the event has this entity tag; otherwise 412. */
                "If-Match"?: string;
                /** @description `*` writes only if there is no such event; otherwise 412. */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description Your own id of the event, percent-encoded.
                 * @example konsert-42
                 */
                origin_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "categories": [
                 *         "music"
                 *       ],
                 *       "end": "2027-04-10T21:00:00+02:00",
                 *       "place": {
                 *         "name": "Terningen Arena"
                 *       },
                 *       "start": "2027-04-10T19:00:00+02:00",
                 *       "title": {
                 *         "en": "Spring concert",
                 *         "nb": "Vårkonsert"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EventInput"];
            };
        };
        responses: {
            /** @description The event was updated, unchanged or merged. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEvent"];
                };
            };
            /** @description The event was created. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEvent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidEvent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    delete_partner_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description Writes only if the event has this entity tag; otherwise 412. */
                "If-Match"?: string;
                /** @description `*` writes only if there is no such event; otherwise 412. */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description Your own id of the event, percent-encoded.
                 * @example konsert-42
                 */
                origin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is withdrawn. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidEvent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    patch_partner_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description Writes only if the event has this entity tag; otherwise 412. */
                "If-Match"?: string;
                /** @description `*` writes only if there is no such event; otherwise 412. */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description Your own id of the event, percent-encoded.
                 * @example konsert-42
                 */
                origin_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "cancelled",
                 *       "status_note": {
                 *         "nb": "Sykdom i koret"
                 *       }
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["EventPatch"];
            };
        };
        responses: {
            /** @description The event after the change. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentEvent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidEvent"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    list_partners: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Partner"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    list_places: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Place"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    show_place: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
            };
            header?: never;
            path: {
                /**
                 * @description Its name in addresses.
                 * @example terningen-arena
                 */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Place"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    review_list_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `suggestions`, `queued` events and `held` partners. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    review_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the event.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_join: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the event.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "with": "konsert-2027"
                 *     }
                 */
                "application/json": components["schemas"]["JoinInput"];
            };
        };
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the event.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_split: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the event.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partner": "kino"
                 *     }
                 */
                "application/json": components["schemas"]["SplitInput"];
            };
        };
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the partner.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_list_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The runs. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    review_roll_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the run.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "keep_changed": true
                 *     }
                 */
                "application/json": components["schemas"]["RollbackInput"];
            };
        };
        responses: {
            /** @description The run was rolled back. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolledBack"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the suggestion.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fields": [
                 *         "title"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AcceptInput"];
            };
        };
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    review_dismiss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the suggestion.
                 * @example none
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The decision was carried out. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["KeyRefused"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StorageFull"];
        };
    };
    list_series: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
                /** @description Maximum number of items. */
                limit?: number;
                /** @description `next` of the page before; the first page without it. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Series"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    show_series: {
        parameters: {
            query?: {
                /** @description Leaves one entry of each text: the one in this language, or else in the next best, which the key tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all languages. */
                lang?: "nb" | "nn" | "en" | "auto";
            };
            header?: never;
            path: {
                /**
                 * @description Its name in addresses.
                 * @example grundsetmartn
                 */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description Your copy, named by If-None-Match or If-Modified-Since, is current. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["KeyNeeded"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}
