package io.lifeline.node.credential;

import java.net.URI;
import java.util.List;

/**
 * What was learnt while the worker was Ready and is believed in the crisis (threat T2).
 *
 * @param servers where the API server may be
 * @param caPem the cluster's authority
 * @param clientCaPem the authority of clients of the kubelet API
 * @param peers addresses of the other nodes, where the proxy's NodePort answers
 */
record Pins(List<URI> servers, String caPem, String clientCaPem, List<String> peers) {

  Pins {
    servers = List.copyOf(servers);
    peers = List.copyOf(peers);
  }
}
