package io.ecssteward.event;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One kind of event.
 *
 * @param name in kebab-case, as logs and metrics name it
 * @param record the record that holds it
 * @param recognizes whether a payload is one; must not throw
 * @param read makes the record; may throw {@link MalformedEventException} and nothing else
 */
record EventType(
        String name, Class<? extends Event> record, Predicate<Payload> recognizes, Function<Payload, Event> read) {

    /** A kind that anything about the payload can tell. */
    static EventType of(
            String name, Class<? extends Event> record, Predicate<Payload> recognizes, Function<Payload, Event> read) {
        return new EventType(name, record, recognizes, read);
    }

    /** A kind that EventBridge names by its source and detail-type. */
    static EventType of(
            String name,
            Class<? extends Event> record,
            String source,
            String detailType,
            Function<Payload, Event> read) {
        return of(name, record, p -> source.equals(p.source()) && detailType.equals(p.detailType()), read);
    }
}
