package io.lifeline.operator;

import io.lifeline.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The operator's settings; {@code etc/io.lifeline.operator.cfg} explains each.
 *
 * @param namespace where the operator, the proxy and their Secrets are
 * @param node the Node that this operator is on; empty where that is not known
 * @param resync how long at most until everything is looked at again
 * @param leadership how long a leader that is not heard of stays the leader
 * @param bootstrap the bootstrap identities
 * @param certificates what certificates may be asked for, and for how long
 * @param ending when a rescue is ended from here
 * @param proxy the debug proxy
 * @param rollout how agents are upgraded
 */
public record OperatorSettings(
    String namespace,
    Optional<String> node,
    Duration resync,
    Duration leadership,
    Bootstrap bootstrap,
    Certificates certificates,
    Ending ending,
    Proxy proxy,
    Rollout rollout) {

  static final String PID = "io.lifeline.operator";

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][-a-zA-Z0-9._/:@]*");
  private static final String NAMESPACE_RULE =
      "it must be a namespace's name: lower-case letters, digits and '-', at most 63";

  /**
   * The bootstrap identities.
   *
   * @param namespace where each worker's service account is; nothing else may be in it
   * @param tokenLife how long a minted token is good; a new one is minted after half of it
   * @param server the API server as a broken worker reaches it; empty: the address that the
   *     Endpoints {@code default/kubernetes} show
   */
  public record Bootstrap(String namespace, Duration tokenLife, Optional<URI> server) {}

  /**
   * Certificates.
   *
   * @param enrolmentLife an agent's enrolment
   * @param backupLifeMost the most a backup node's request may ask for
   */
  public record Certificates(Duration enrolmentLife, Duration backupLifeMost) {}

  /**
   * When a rescue is ended from here.
   *
   * @param agentDeadline how long the backup node's Lease may stay as it is
   * @param withdrawWait how long an agent that is asked to end is given
   * @param readyWait how long a worker is Ready before a backup node that did not go by itself goes
   */
  public record Ending(Duration agentDeadline, Duration withdrawWait, Duration readyWait) {}

  /**
   * The debug proxy.
   *
   * @param manage whether its Deployment and Service are kept; false where it runs as a process
   * @param image its image
   * @param nodePort the port of every node that leads to it; 0 lets the API server choose
   */
  public record Proxy(boolean manage, String image, int nodePort) {}

  /**
   * Upgrades of the agents.
   *
   * @param deadline how long an agent that was asked may take
   * @param releases a folder with one folder for each version, beside what the distribution brings
   * @param releasesClaim the PersistentVolumeClaim that this folder is on; the proxy has it too
   */
  public record Rollout(
      Duration deadline, Optional<Path> releases, Optional<String> releasesClaim) {}

  static OperatorSettings of(Settings settings) {
    return new OperatorSettings(
        settings.text("namespace", "lifeline-system", NAMESPACE, NAMESPACE_RULE),
        node(settings),
        settings.duration("resync", "15s", "1s", "10m"),
        settings.duration("leadership.life", "15s", "5s", "5m"),
        new Bootstrap(
            settings.text("bootstrap.namespace", "lifeline-bootstrap", NAMESPACE, NAMESPACE_RULE),
            settings.duration("bootstrap.token.life", "1h", "10m", "1d"),
            server(settings)),
        new Certificates(
            settings.duration("certificate.enrolment.life", "30d", "1h", "365d"),
            settings.duration("certificate.backup.life.most", "1d", "10m", "7d")),
        new Ending(
            settings.duration("end.agent.deadline", "5m", "30s", "1h"),
            settings.duration("end.withdraw.wait", "20s", "0s", "5m"),
            settings.duration("end.ready.wait", "3m", "5s", "1h")),
        new Proxy(
            settings.flag("proxy.manage", true),
            settings.text(
                "proxy.image",
                "lifeline.local/lifeline:0.1.0",
                IMAGE,
                "it must be an image's name"),
            settings.number("proxy.nodeport", 30843, 0, 65535)),
        new Rollout(
            settings.duration("rollout.deadline", "10m", "30s", "1h"),
            settings.path("releases"),
            claim(settings)));
  }

  private static Optional<String> node(Settings settings) {
    String key = "node";
    return name(settings, key, "it must be a Node's name");
  }

  private static Optional<String> claim(Settings settings) {
    String key = "releases.claim";
    return name(settings, key, "it must be a PersistentVolumeClaim's name");
  }

  /** What the API server has as a name, where one is given. */
  private static Optional<String> name(Settings settings, String key, String rule) {
    Optional<String> given = settings.optional(key);
    given.ifPresent(
        name -> {
          if (!NAME.matcher(name).matches()) {
            throw settings.refused(key, name, rule);
          }
        });
    return given;
  }

  private static Optional<URI> server(Settings settings) {
    String key = "bootstrap.api.server";
    return settings
        .optional(key)
        .map(
            text -> {
              try {
                URI uri = new URI(text);
                if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                  return uri;
                }
              } catch (URISyntaxException e) {
                // Answered like every other text that is no such URL.
              }
              throw settings.refused(
                  key,
                  text,
                  "it must be a URL like https://10.0.0.10:6443, as a worker reaches it");
            });
  }
}
