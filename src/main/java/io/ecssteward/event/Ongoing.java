package io.ecssteward.event;

/**
 * Something that is reported again and again, such as a Security Hub finding every day: it is new if its state differs
 * from the last time.
 *
 * @param about what it is: a finding's id
 * @param state all of it that matters; two reports with the same state tell the same
 */
public record Ongoing(String about, String state) {}
