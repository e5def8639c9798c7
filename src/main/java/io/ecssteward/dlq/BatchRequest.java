package io.ecssteward.dlq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/** A batch request to SQS, which can succeed for some of its entries and fail for others. */
final class BatchRequest {

    private static final int MAX_TRIES = 3;
    private static final long FIRST_DELAY_MILLIS = 200;

    private BatchRequest() {}

    /**
     * Sends the entries, and retries those that failed temporarily.
     *
     * @param entries the number of entries; their ids are their indexes, from 0
     * @param call sends the entries with these indexes, and returns those that failed
     * @return why entries were refused, by index
     */
    static Map<Integer, String> send(int entries, Function<List<Integer>, List<BatchResultErrorEntry>> call) {
        Map<Integer, String> refused = new LinkedHashMap<>();
        List<Integer> open = IntStream.range(0, entries).boxed().toList();
        for (int tries = 1; !open.isEmpty(); tries++) {
            List<Integer> places = open;
            List<Integer> again = new ArrayList<>();
            List<BatchResultErrorEntry> failures;
            try {
                failures = call.apply(places);
            } catch (SdkException e) {
                if (tries == 1) {
                    throw e;
                }
                // Entries that earlier attempts sent remain sent.
                places.forEach(place -> refused.put(place, e.getMessage()));
                return refused;
            }
            for (BatchResultErrorEntry failed : failures) {
                int place = Integer.parseInt(failed.id());
                if (Boolean.TRUE.equals(failed.senderFault()) || tries == MAX_TRIES) {
                    refused.put(place, failed.code() + (failed.message() == null ? "" : ": " + failed.message()));
                } else {
                    again.add(place);
                }
            }
            open = again;
            if (!open.isEmpty()) {
                pause(FIRST_DELAY_MILLIS << tries - 1);
            }
        }
        return refused;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
