package io.ecssteward.event;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One event type.
 *
 * @param name in kebab-case, as logs and metrics name it
 * @param record the record that holds it
 * @param recognizes whether a payload is of this type; must not throw
 * @param read creates the record; may throw only {@link MalformedEventException}
 */
record EventType(
        String name, Class<? extends Event> record, Predicate<Payload> recognizes, Function<Payload, Event> read) {

    /** A type that is recognized by anything in the payload. */
    static EventType of(
            String name, Class<? extends Event> record, Predicate<Payload> recognizes, Function<Payload, Event> read) {
        return new EventType(name, record, recognizes, read);
    }

    /** A type that is recognized by EventBridge's source and detail-type. */
    static EventType of(
            String name,
            Class<? extends Event> record,
            String source,
            String detailType,
            Function<Payload, Event> read) {
        return of(name, record, p -> source.equals(p.source()) && detailType.equals(p.detailType()), read);
    }
}
