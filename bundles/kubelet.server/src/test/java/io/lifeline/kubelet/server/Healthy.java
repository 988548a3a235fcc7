package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

/**
 * A session of somebody else, beside a hostile peer: whatever that one does, its keys come back.
 */
final class Healthy implements AutoCloseable {

  private final SpdyClient client;
  private int keys;

  Healthy(OpenDoor door) throws Exception {
    client =
        SpdyClient.exec(
            door,
            "/exec/default/debug/debugger?command=cat&input=1&output=1",
            "error",
            "stdin",
            "stdout");
    echoes();
  }

  /** One more key comes back, soon. */
  void echoes() throws InterruptedException {
    keys++;
    long began = System.nanoTime();
    client.write("stdin", "k");
    Client.await("the neighbour's key came back", () -> client.received("stdout").length() == keys);
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
        .as("milliseconds until the neighbour's key came back")
        .isLessThan(10_000);
    assertThat(client.received("stdout").text()).isEqualTo("k".repeat(keys));
  }

  @Override
  public void close() {
    client.close();
  }
}
