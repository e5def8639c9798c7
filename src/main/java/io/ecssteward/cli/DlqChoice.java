package io.ecssteward.cli;

import io.ecssteward.dlq.DeadLetter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;

/** The options that select dead letters: by id, or by words of the reason. */
final class DlqChoice {

    @CommandLine.Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Ids or their prefixes, as dlq list shows them.")
    final List<String> ids = new ArrayList<>();

    @CommandLine.Option(
            names = "--reason",
            paramLabel = "WORDS",
            description = "All dead letters with these words in the reason.")
    String reason;

    /** The selected dead letters; adds a problem for each id that is the beginning of none or of several. */
    List<DeadLetter> of(Collection<DeadLetter> letters, List<String> problems) {
        if (reason != null) {
            return letters.stream().filter(letter -> letter.because(reason)).toList();
        }
        List<DeadLetter> found = new ArrayList<>();
        for (String id : ids) {
            List<DeadLetter> matches =
                    letters.stream().filter(l -> l.id().startsWith(id)).toList();
            if (matches.isEmpty()) {
                problems.add("no dead letter with id " + id + " was received");
            } else if (matches.size() > 1) {
                problems.add(id + " is the beginning of " + matches.size() + " ids; write more of it");
            } else if (!found.contains(matches.get(0))) {
                found.add(matches.get(0));
            }
        }
        return found;
    }

    /** Whether all of the ids were received in full, so that no other can match them. */
    Predicate<Collection<DeadLetter>> seen() {
        return letters ->
                !ids.isEmpty() && ids.stream().allMatch(id -> letters.stream().anyMatch(l -> l.id().equals(id)));
    }

    /** The message if no dead letter has the words. */
    String none(int seen) {
        return "none of " + Dlq.count(seen) + " has '" + Dlq.line(reason) + "' in its reason";
    }
}
