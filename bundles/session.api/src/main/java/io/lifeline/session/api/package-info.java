/**
 * A debug session and the container it runs in.
 *
 * <p>Bytes flow through one interface in both rooms: a door gives {@link
 * io.lifeline.session.api.SessionStreams} for what the process says, and gets a {@link
 * io.lifeline.session.api.Session} for what the person types. Backpressure is a blocking call one
 * way (a slow client stops the reader of the process) and a refusal the other way (a process that
 * does not read stops the door).
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.0.0")
package io.lifeline.session.api;
