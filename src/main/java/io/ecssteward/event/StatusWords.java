package io.ecssteward.event;

import io.ecssteward.alert.NameParts;
import io.ecssteward.alert.Severity;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Derives a severity from the words that AWS and people use for a status. It has no rules for individual AWS services:
 * a job is an ERROR because a field such as {@code state} or {@code jobStatus} says FAILED.
 */
final class StatusWords {
    private StatusWords() {}

    /** The last word or words in the name of a field that holds a status. */
    private static final Set<String> NAMES =
            words("state status result outcome severity conclusion compliancetype category"
                    + " categories statuscode resultcode priority level eventtype"
                    + " health consolelogin rating condition");

    private static final Set<String> SEVERITY_FIELDS = words("severity priority level rating");

    /** Names of a field within a status object: {@code state.value}. */
    private static final Set<String> INNER = words("value code name label description type new current");

    /** Words for a previous or desired status, which is not the current one. */
    private static final Set<String> NOT_NOW = words("previous old prior desired expected before original initial");

    static final Map<Severity, Set<String>> WORDS = Map.of(
            Severity.CRITICAL, words("fatal emergency"),
            Severity.ERROR,
                    words("fail failed fails failing failure failures error errors errored fault"
                            + " faulted timedout timeout aborted"
                            + " abort aborting exhausted rollback rolledback unsuccessful"
                            + " unhealthy impaired unreachable lost"
                            + " breached crashed broken denied rejected alarm unavailable"
                            + " inaccessible invalid corrupted severe"
                            + " retriesexhausted"),
            Severity.WARNING,
                    words("stop stopped stopping cancelled canceled cancelling cancel expired expiring"
                            + " expires warn warning noncompliant"
                            + " partial partially degraded paused suspended throttled"
                            + " interrupted interruption skipped failover"
                            + " insufficient retirement rebalance expiration deprecated abuse upcoming"),
            Severity.INFO,
                    words("succeeded succeed success successful successfully completed complete"
                            + " closed ok okay healthy passed"
                            + " compliant resolved recovered running started available"
                            + " active finished done enabled ready"));

    /** The severities for the values of {@code severity} or {@code priority} fields. */
    private static final Map<String, Severity> LEVELS = Map.of(
            "critical", Severity.CRITICAL,
            "high", Severity.ERROR,
            "major", Severity.ERROR,
            "medium", Severity.WARNING,
            "moderate", Severity.WARNING,
            "low", Severity.INFO,
            "informational", Severity.INFO,
            "info", Severity.INFO,
            "minor", Severity.INFO);

    /** "0 failed", "no errors", "failures: 0": failures that did not happen. */
    private static final Pattern ABSENT_FAILURES =
            Pattern.compile("(?i)\\b(?:0|no|not|zero|without|never|non|free of)[\\s_-]+"
                    + "(?:\\w+[\\s_-]+)?(?:fail\\w*|errors?|fault\\w*|alarms?|warnings?"
                    + "|timed[\\s_-]?out|timeouts?|cancel\\w*|expired"
                    + "|stopped|interrupt\\w*|aborted|unhealthy)\\b"
                    + "|\\b(?:fail\\w*|errors?|warnings?|alarms?)\\s*[:=]\\s*(?:0|none|no)\\b|\\berror[- ]free\\b");

    private static final Pattern NEGATED_HEALTH =
            Pattern.compile("(?i)\\bnot[\\s_-]?(?:available|ready|healthy|ok|successful|reachable)\\b");

    /** Words in an event type's name that name a thing rather than a status. */
    private static final Pattern OBJECTS = Pattern.compile("(?i)\\berror (?:budget|report|rate)s?\\b|\\balarms?\\b");

    /** Common beginnings of a subject: {@code [OK] ...}, {@code ALARM: "web" in EU (Ireland)}. */
    private static final Pattern BEGINNING =
            Pattern.compile("^[^A-Za-z]{0,10}([A-Za-z]{2,12})(?:\\s*[\\]):|-]|\\s+-).*", Pattern.DOTALL);

    /** In a sentence, only words for what happened count: an error report and a failover test are not failures. */
    private static final Pattern BAD_IN_PROSE =
            Pattern.compile("(?i:\\b(?:failed|fails|failing|has failed|timed out|aborted"
                    + "|could not be|unable to|is broken|timeout after"
                    + "|crashed|rolled back|unhealthy|unreachable|unsuccessful|is down|out of memory)\\b"
                    + "|\\bfail(?:ure|ures)\\b(?!\\s+(?:rate|report|budget|mode|test|drill|summary|threshold))"
                    + "|\\b(?:an?|with|fatal|critical|due to|internal|many|of)\\s+errors?\\b"
                    + "|\\berrors?:)|\\b(?:ALARM|ERROR|FATAL)\\b");

    private static final Pattern WARNING_IN_PROSE = Pattern.compile(
            "(?i)\\b(?:warning|expires|expired|expiring|expiration|cancell?ed|stopped|degraded|interrupted|throttled"
                    + "|non[- ]?compliant|exceeded|deprecated|suspended)\\b|\\babout to\\b");

    private static final Pattern OVER =
            Pattern.compile("(?i)\\b(?:is|are|was|been|has|have|now)\\s+(?:resolved|recovered|fixed|cleared)\\b"
                    + "|\\bback to normal\\b|(?<!\\bnot )\\b(?:resolved|recovered|fixed|cleared)\\W*$");

    /** In characters; anything longer is a sentence rather than a status. */
    private static final int LONGEST = 80;

    /** Whether the field at this path holds a status. */
    static boolean isStatus(String path) {
        List<String> names = Arrays.asList(path.split("\\."));
        String last = names.get(names.size() - 1);
        if (names.stream().anyMatch(name -> NameParts.of(name).stream().anyMatch(NOT_NOW::contains))) {
            return false;
        }
        return isName(last)
                || names.size() > 1
                        && INNER.contains(last.toLowerCase(Locale.ROOT))
                        && isName(names.get(names.size() - 2));
    }

    private static boolean isName(String name) {
        List<String> words = NameParts.of(name.replaceAll("\\[\\d+]$", ""));
        if (words.isEmpty()) {
            return false;
        }
        String last = words.get(words.size() - 1);
        return NAMES.contains(last) || words.size() > 1 && NAMES.contains(words.get(words.size() - 2) + last);
    }

    /** Whether the fact is a status with a known word. */
    static boolean says(Facts.Fact fact) {
        return isStatus(fact.path()) && of(fact) != null;
    }

    /**
     * The facts with the status of the whole: those nearest to the root, because the status of a part, such as one
     * attempt of a job, is not that of the whole.
     */
    static List<Facts.Fact> nearest(List<Facts.Fact> facts) {
        List<Facts.Fact> telling = facts.stream().filter(StatusWords::says).toList();
        int depth = telling.stream().mapToInt(Facts.Fact::depth).min().orElse(0);
        return telling.stream().filter(fact -> fact.depth() == depth).toList();
    }

    /** The worst severity that the facts indicate; null if they indicate none. */
    static Severity of(List<Facts.Fact> facts) {
        Stream<Severity> counts = facts.stream().map(StatusWords::count);
        Stream<Severity> refused = facts.stream().map(StatusWords::errorCode);
        return worst(Stream.of(nearest(facts).stream().map(StatusWords::of), counts, refused)
                .flatMap(s -> s));
    }

    static Severity worst(Stream<Severity> severities) {
        return severities
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Severity of(Facts.Fact fact) {
        String level = fact.value().toLowerCase(Locale.ROOT);
        return isGrade(fact) && LEVELS.containsKey(level) ? LEVELS.get(level) : ofWord(fact.value());
    }

    /** Whether the fact is a severity or priority rather than a status. */
    static boolean isGrade(Facts.Fact fact) {
        return NameParts.of(fact.path()).stream().anyMatch(SEVERITY_FIELDS::contains);
    }

    /** {@code "finding-severity-counts": {"CRITICAL": 2}}: null if it is not a count, or the count is zero. */
    private static Severity count(Facts.Fact fact) {
        boolean counted = fact.value().matches("[1-9]\\d{0,9}")
                && fact.depth() > 1
                && fact.path().toLowerCase(Locale.ROOT).contains("severit");
        return counted ? LEVELS.get(fact.name().toLowerCase(Locale.ROOT)) : null;
    }

    /** A refused API call, as CloudTrail reports it. */
    private static Severity errorCode(Facts.Fact fact) {
        boolean refused = fact.depth() == 1
                && fact.name().equals("errorCode")
                && !fact.value().matches("(?i)0|none|null|ok");
        return refused ? Severity.WARNING : null;
    }

    /**
     * The severity of a status such as {@code FAILED}, {@code ROLLBACK_COMPLETE} or {@code TIMED_OUT}; null if unknown.
     */
    static Severity ofWord(String status) {
        if (status == null || status.length() > LONGEST) {
            return null;
        }
        List<String> words = NameParts.of(ABSENT_FAILURES
                .matcher(NEGATED_HEALTH
                        .matcher(status)
                        .replaceAll("unavailable")
                        .replaceAll("(?i)\\bnon[_ -]?compliant\\b|\\bnot[_ -]compliant\\b", "noncompliant"))
                .replaceAll(" "));
        Set<String> all = new HashSet<>(words);
        for (int i = 1; i < words.size(); i++) {
            all.add(words.get(i - 1) + words.get(i));
        }
        return Arrays.stream(Severity.values())
                .filter(severity -> WORDS.get(severity).stream().anyMatch(all::contains))
                .findFirst()
                .orElse(null);
    }

    /**
     * The severity that an event type's name indicates: {@code EC2 Instance Launch Unsuccessful}; null if it indicates
     * none.
     */
    static Severity ofKind(String kind) {
        Severity severity = kind == null ? null : ofWord(OBJECTS.matcher(kind).replaceAll(" "));
        return severity == Severity.INFO ? null : severity;
    }

    /** The severity that a subject, or the first line of a text, indicates; null if it indicates none. */
    static Severity ofProse(String line) {
        if (line == null || line.isBlank()) {
            return null;
        }
        String happened = ABSENT_FAILURES.matcher(Notice.cut(line, 300)).replaceAll(" ");
        Matcher beginning = BEGINNING.matcher(happened);
        if (beginning.matches()) {
            String word = beginning.group(1).toLowerCase(Locale.ROOT);
            Severity said = Optional.ofNullable(word.equals("critical") ? Severity.CRITICAL : null)
                    .orElse(word.equals("info") ? Severity.INFO : ofWord(word));
            if (said != null) {
                return said;
            }
        }
        if (OVER.matcher(happened).find()) {
            return Severity.INFO;
        }
        return BAD_IN_PROSE.matcher(happened).find()
                ? Severity.ERROR
                : WARNING_IN_PROSE.matcher(happened).find() ? Severity.WARNING : null;
    }

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }
}
