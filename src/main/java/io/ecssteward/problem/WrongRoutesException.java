package io.ecssteward.problem;

import io.ecssteward.check.RouteCheck;
import io.ecssteward.settings.Settings;
import java.util.List;

/** The routes are why it does not start, and this is everything that is wrong with them. */
public final class WrongRoutesException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    private WrongRoutesException(List<Problem> problems, Exception cause) {
        super(problems.size() + " problems with the routes", cause);
        this.problems = problems;
    }

    /**
     * What to say of a start that failed. The routes are looked at only now: a start that succeeds must not wait for
     * it.
     *
     * @return the failure itself when the routes are not to blame
     */
    public static Exception of(Exception failure, Settings settings) {
        List<Problem> problems = RouteCheck.problems(settings);
        return problems.isEmpty() ? failure : new WrongRoutesException(problems, failure);
    }

    public List<Problem> problems() {
        return problems;
    }
}
