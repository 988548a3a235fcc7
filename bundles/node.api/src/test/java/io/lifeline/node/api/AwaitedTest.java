package io.lifeline.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AwaitedTest {

  private final Awaited<String> service = new Awaited<>();

  @Test
  void nobodyWaitsForWhatHasNeverBeenThere() {
    assertThat(service.awaited()).isEmpty();
  }

  @Test
  void whoWantsWhatHasJustGoneGetsTheNextOne() throws Exception {
    service.bind("old");
    service.unbind("old");
    assertThat(service.get()).isEmpty();
    var waiting = CompletableFuture.supplyAsync(service::awaited);
    service.bind("new");
    assertThat(waiting.get(10, TimeUnit.SECONDS)).contains("new");
  }

  @Test
  void theNextOneIsNotForgottenWithTheLast() {
    service.bind("old");
    service.bind("new");
    service.unbind("old");
    assertThat(service.get()).contains("new");
  }

  @Test
  void whatIsKeptStaysWhenItsBundleStops() {
    service.bind("old");
    service.keep();
    service.unbind("old");
    assertThat(service.get()).contains("old");
  }
}
