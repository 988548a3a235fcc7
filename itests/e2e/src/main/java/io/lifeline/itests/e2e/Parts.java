package io.lifeline.itests.e2e;

/** Where Lifeline's own parts are in a cluster, as container/manifests and the operator have it. */
public final class Parts {

  public static final String NAMESPACE = "lifeline-system";
  public static final String AGENT = "daemonset/lifeline-agent";
  public static final String OPERATOR = "deployment/lifeline-operator";
  public static final String PROXY = "deployment/lifeline-proxy";
  public static final String PROXY_SERVICE = "service/lifeline-proxy";

  /** What the tests' agents give people when the worker is Ready again: less than a minute. */
  public static final String GRACE = "3s";

  public static final int PROXY_PORT = 30843;
  public static final int KUBELET_PORT = 10350;

  private Parts() {}
}
