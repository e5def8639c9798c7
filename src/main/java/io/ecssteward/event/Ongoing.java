package io.ecssteward.event;

/**
 * Something that is reported again and again, as Security Hub does with a finding each day: it is news when its state
 * is another one than the last time.
 *
 * @param about what it is: a finding's id
 * @param state all of it that matters; two reports with the same state tell the same
 */
public record Ongoing(String about, String state) {}
