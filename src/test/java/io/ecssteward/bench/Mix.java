package io.ecssteward.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The messages: samples with other names and numbers in them, written in one line as EventBridge does. Of a hundred, 97
 * are chatter (a running task 58, a task placed on a container instance 19, a service in its steady state 20), one is a
 * Spot interruption, one an alarm and one a GuardDuty finding.
 */
final class Mix {

    /** What a message is made of, and whether the steward does nothing about it. */
    enum Kind {
        TASK("task-running", true),
        INSTANCE("container-instance-placed-task", true),
        STEADY("service-steady", true),
        SPOT("task-spot-interrupted", false),
        ALARM("alarm-eventbridge-metric-firing", false),
        NOTICE("guardduty-finding-high", false);

        final String sample;
        final boolean chatter;

        Kind(String sample, boolean chatter) {
            this.sample = sample;
            this.chatter = chatter;
        }
    }

    static final String SPOT_SERVICE = "spot-";

    /** The only kind of chatter; null for all. */
    private static final String CHATTER = System.getenv("BENCH_CHATTER");

    private static final Pattern SLOT = Pattern.compile("@(\\w+)@");

    /** A sample with slots: what stands between them, as it is and as it stands inside a JSON string. */
    private record Template(List<byte[]> plain, List<byte[]> escaped, List<String> slots) {}

    private final Map<Kind, Template> templates = new EnumMap<>(Kind.class);

    /** Reads the samples. */
    Mix(Path samples) throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (Kind kind : Kind.values()) {
            String text = json.readTree(samples.resolve(kind.sample + ".json").toFile())
                    .toString();
            templates.put(kind, template(withSlots(kind, text)));
        }
    }

    /** What the n-th message of the mix is. */
    static Kind kind(int n) {
        return switch (n % 100) {
            case 25 -> Kind.ALARM;
            case 50 -> Kind.SPOT;
            case 75 -> Kind.NOTICE;
            default -> CHATTER == null ? chatter(n % 5) : Kind.valueOf(CHATTER.toUpperCase(Locale.ROOT));
        };
    }

    private static Kind chatter(int n) {
        return n == 3 ? Kind.INSTANCE : n == 4 ? Kind.STEADY : Kind.TASK;
    }

    private static String withSlots(Kind kind, String text) {
        String slotted = replace(
                text, "\"id\":\"[^\"]*\"", "\"id\":\"" + (kind == Kind.NOTICE ? "notice-@key@" : "event-@n@") + "\"");
        return switch (kind) {
            case TASK -> replace(slotted, "767fc7387e4358a4f2bc57871e89b4d9", "@hex@");
            case INSTANCE ->
                replace(
                        replace(slotted, "9619d206c8dcc34d5a89b6ce532a824a", "@instance@"),
                        "\"version\":6",
                        "\"version\":@n@");
            case STEADY -> replace(slotted, "2026-11-16T20:00:22.725Z", "2026-11-16T@time@Z");
            case SPOT ->
                replace(
                        replace(slotted, "e2d5cda14f87e281ecc8f46b673288c7", "@hex@"),
                        "service:web",
                        "service:" + SPOT_SERVICE + "@key@");
            case ALARM -> replace(slotted, "web-cpu", "alarm-@key@");
            case NOTICE -> slotted;
        };
    }

    /** A sample that was edited must not turn the mix into one message fifteen thousand times. */
    private static String replace(String text, String what, String with) {
        String replaced = text.replaceAll(what, with);
        if (replaced.equals(text)) {
            throw new IllegalStateException("no " + what + " in the sample: " + text);
        }
        return replaced;
    }

    private static Template template(String text) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Template template = new Template(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Matcher slot = SLOT.matcher(text);
        int from = 0;
        while (true) {
            boolean found = slot.find();
            String part = text.substring(from, found ? slot.start() : text.length());
            template.plain().add(part.getBytes(StandardCharsets.UTF_8));
            String quoted = json.writeValueAsString(part);
            template.escaped().add(quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.UTF_8));
            if (!found) {
                return template;
            }
            template.slots().add(slot.group(1));
            from = slot.end();
        }
    }

    /**
     * Writes a message's body.
     *
     * @param n different in each message
     * @param key of the service, alarm or finding; chatter has none
     * @param escaped as inside a JSON string
     */
    void write(Kind kind, int n, int key, boolean escaped, Bytes into) {
        Template template = templates.get(kind);
        List<byte[]> parts = escaped ? template.escaped() : template.plain();
        for (int i = 0; i < parts.size(); i++) {
            into.add(parts.get(i));
            if (i < template.slots().size()) {
                switch (template.slots().get(i)) {
                    case "n" -> into.add(n);
                    case "key" -> into.add(key);
                    case "hex" -> into.add("767fc7387e4358a4f2bc5787").hex(n);
                    case "instance" -> into.add("9619d206c8dcc34d5a89b6ce").hex(n % 100);
                    default -> into.time(n);
                }
            }
        }
    }
}
