package io.lifeline.security.api;

/**
 * What somebody wants to do with the backup node: the attributes of a SubjectAccessReview.
 *
 * <p>Exec, attach, run and portForward are {@code create} on {@code nodes/proxy} whatever the HTTP
 * verb, because a GET that is upgraded to a WebSocket is an exec all the same.
 *
 * @param verb {@code get} or {@code create}
 * @param subresource the subresource of {@code nodes}: {@code proxy}, {@code log}, {@code stats},
 *     {@code metrics}, {@code pods}, {@code healthz}, …
 */
public record Access(String verb, String subresource) {}
