package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Redactor;
import io.ecssteward.event.Event;
import io.ecssteward.time.Durations;
import java.io.IOException;

/** Explains the outcome of an event, as JSON. */
public final class Explanation {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Explanation() {}

    /** The event, the decisions about it, and its outcome. */
    public static JsonNode json(ReplaySession.Outcome each, DecisionRecorder.Trace seen) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        Event event = each.event();
        node.put("event", event == null ? null : event.type());
        if (event != null) {
            node.put("identity", Redactor.text(event.identity()))
                    .put("cluster", event.cluster())
                    .put("service", event.service());
            node.put("time", event.time() == null ? null : event.time().toString());
            node.put("region", event.region()).put("account", event.account());
        }
        each.routes().forEach(node.putArray("routes")::add);
        ArrayNode decisions = node.putArray("decisions");
        for (DecisionRecorder.Decision decision : seen.decisions()) {
            ObjectNode put =
                    decisions.addObject().put("route", decision.route()).put("where", decision.where());
            for (DecisionRecorder.Branch question : decision.branches()) {
                put(question, put.withArray("questions").addObject());
            }
        }
        ArrayNode claims = node.putArray("claims");
        seen.claims()
                .forEach(claim -> claims.addObject()
                        .put("key", Redactor.text(claim.key()))
                        .put("coolDown", Durations.write(claim.coolDown()))
                        .put("reason", claim.reason())
                        .put("answer", EnumWord.of(claim.answer()).replace('_', '-')));
        OutcomeText.put(each, node);
        return node;
    }

    private static void put(DecisionRecorder.Branch question, ObjectNode node) throws IOException {
        if (question.route() != null) {
            node.put("route", question.route());
        }
        node.put("description", question.description());
        node.set("pattern", question.pattern() == null ? null : JSON.readTree(question.pattern()));
        node.put("answer", question.yes() ? "yes" : "no");
        if (question.mismatch() != null) {
            node.set("clause", question.mismatch().clause());
            node.put("why", question.mismatch().describe());
        }
        question.leadsTo().forEach(node.withArray("goesTo")::add);
    }
}
