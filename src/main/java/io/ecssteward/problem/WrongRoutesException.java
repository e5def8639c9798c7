package io.ecssteward.problem;

import java.util.List;

/** The start failed because of problems in the routes, all of which it lists. */
public final class WrongRoutesException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /** With all problems, and the failure that led to the check. */
    public WrongRoutesException(List<Problem> problems, Exception cause) {
        super(problems.size() + " problems with the routes", cause);
        this.problems = problems;
    }

    /** All problems of the routes, in the order of the files. */
    public List<Problem> problems() {
        return problems;
    }
}
