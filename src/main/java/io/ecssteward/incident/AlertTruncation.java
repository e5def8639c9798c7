package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Field;
import io.ecssteward.alert.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Truncates the alerts that an incident stores, so that its document stays below {@link IncidentJson#MAX_BYTES}. */
final class AlertTruncation {
    /** The longest line of a story, in characters. */
    static final int LINE = 300;

    /**
     * The limit for all alerts together, in bytes of JSON; the rest of an incident, with its keys, is smaller than
     * that.
     */
    private static final int ALL = 150_000;

    /** How much of each part is stored: in characters, and in bytes of JSON. */
    private record Limits(int title, int text, int fields, int fieldsBytes, int links, int linksBytes, int other) {}

    private static final Limits LIMITS = new Limits(300, 3_000, 20, 20_000, 10, 10_000, 300);
    private static final Limits LEAST = new Limits(100, 100, 5, 500, 2, 500, 50);

    private AlertTruncation() {}

    /** The alert as an incident stores it; the same object when no part is too long, which is the usual case. */
    static Alert cut(Alert alert) {
        return isShort(alert) ? alert : cut(alert, LIMITS);
    }

    private static boolean isShort(Alert alert) {
        return bytes(alert) <= LIMITS.text()
                && alert.fields().size() <= LIMITS.fields()
                && alert.links().size() <= LIMITS.links()
                && Stream.of(alert.occurrence(), alert.mention(), alert.origin())
                        .allMatch(other -> other == null || other.length() <= LIMITS.other())
                && Stream.concat(
                                Stream.of(alert.title()),
                                alert.fields().stream().map(Field::name))
                        .allMatch(name -> name.length() <= LIMITS.title());
    }

    /**
     * Truncates some alerts further when all together are too large: those that ended first, and the worst ones last.
     */
    static List<IncidentAlert> fit(List<IncidentAlert> alerts) {
        List<IncidentAlert> fit = new ArrayList<>(alerts);
        int bytes = fit.stream().mapToInt(alert -> bytes(alert.latest())).sum();
        List<Integer> first = IntStream.range(0, fit.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> fit.get(i).firing())
                        .thenComparing(i -> fit.get(i).latest().severity(), Comparator.reverseOrder())
                        .thenComparing(i -> fit.get(i).last()))
                .toList();
        for (int i = 0; i < first.size() && bytes > ALL; i++) {
            IncidentAlert alert = fit.get(first.get(i));
            Alert least = cut(alert.latest(), LEAST);
            bytes -= bytes(alert.latest()) - bytes(least);
            fit.set(first.get(i), alert.latest(least));
        }
        return List.copyOf(fit);
    }

    static String cut(String text, int max) {
        return text == null || text.length() <= max ? text : text.substring(0, max - 1) + "…";
    }

    private static Alert cut(Alert alert, Limits limits) {
        Alert.Builder builder = alert.change()
                .occurrence(cut(alert.occurrence(), limits.other()))
                .title(cut(alert.title(), limits.title()))
                .text(cut(alert.text(), limits.text()))
                .mention(cut(alert.mention(), limits.other()))
                .origin(cut(alert.origin(), limits.other()))
                .noFields()
                .noLinks();
        int bytes = 0;
        for (Field field : alert.fields()
                .subList(0, Math.min(limits.fields(), alert.fields().size()))) {
            Field cut = new Field(cut(field.name(), limits.title()), cut(field.value(), limits.text()));
            bytes += bytes(cut.name()) + bytes(cut.value());
            if (bytes <= limits.fieldsBytes()) {
                builder.field(cut.name(), cut.value());
            }
        }
        bytes = 0;
        for (Link link :
                alert.links().subList(0, Math.min(limits.links(), alert.links().size()))) {
            // A truncated URL would not work.
            bytes += bytes(link.label()) + bytes(link.url());
            if (bytes <= limits.linksBytes()) {
                builder.link(link.label(), link.url());
            }
        }
        return builder.build();
    }

    private static int bytes(Alert alert) {
        int fields = alert.fields().stream()
                .mapToInt(field -> bytes(field.name()) + bytes(field.value()))
                .sum();
        int links = alert.links().stream()
                .mapToInt(link -> bytes(link.label()) + bytes(link.url()))
                .sum();
        int others = 0;
        for (String other : new String[] {alert.incident(), alert.occurrence(), alert.mention(), alert.origin()}) {
            others += other == null ? 0 : bytes(other);
        }
        return bytes(alert.key()) + bytes(alert.title()) + bytes(alert.text()) + fields + links + others;
    }

    /** The size in ASCII-only JSON, where each non-ASCII character takes six bytes. */
    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += bytes(text.charAt(i));
        }
        return bytes;
    }

    private static int bytes(int character) {
        return character < ' ' || character > '~' ? 6 : character == '"' || character == '\\' ? 2 : 1;
    }
}
